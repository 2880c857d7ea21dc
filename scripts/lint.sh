#!/usr/bin/env bash
# Formatting and clippy over everything; a warning is an error.
. "$(dirname "$0")/lib.sh"
need_build_tools
cargo fmt --all --check
cargo clippy --workspace --all-targets --locked -- -D warnings
