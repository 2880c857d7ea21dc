#!/usr/bin/env bash
# Formatting and clippy over everything; a warning is an error.
. "$(dirname "$0")/lib.sh"
need_build_tools
cargo fmt --all --check
if [ -n "${RUSTC_WORKSPACE_WRAPPER:-}" ]; then
    # As in .ci/run: clippy compiled what is built already, and cargo repeats what it said.
    log=$(cargo build --workspace --all-targets --locked 2>&1) || { printf '%s\n' "$log" >&2; fail "The workspace does not build."; }
    printf '%s\n' "$log" >&2
    ! grep -qE '^warning: .* generated [0-9]+ warning' <<<"$log" || fail "A warning is an error."
else
    cargo clippy --workspace --all-targets --locked -- -D warnings
fi
