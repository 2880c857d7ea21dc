#!/usr/bin/env bash
# Measures what hostile requests cost the release build, and a bystander; HOSTILE_FLAGS such as "--only search".
. "$(dirname "$0")/lib.sh"
need_build_tools
have python3 || install python3
[ -n "${KEELSON_BIN:-}" ] || cargo build --release --locked -p keelson
exec python3 tests/load/hostile.py --keelson "${KEELSON_BIN:-$(target_dir)/release/keelson}" "$@"
