#!/usr/bin/env bash
# Writes openapi/openapi.json from the code; with --check only compares, and fails when the committed file is another.
. "$(dirname "$0")/lib.sh"
need_build_tools
# --workspace: with the features of everything, as the tests are built.
cargo build --quiet --locked --workspace --example openapi
fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT
"$(target_dir)/debug/examples/openapi" >"$fresh"
if [ "${1:-}" = --check ]; then
    diff -u openapi/openapi.json "$fresh" | head -n 60 >&2 || fail "openapi/openapi.json is not what the code says: run make openapi."
    say "openapi/openapi.json is up to date"
else
    mkdir -p openapi
    cp "$fresh" openapi/openapi.json
    say "openapi/openapi.json: $(grep -c operationId openapi/openapi.json || true) operations"
fi
