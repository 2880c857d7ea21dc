#!/usr/bin/env bash
# Formatting and clippy over everything; a warning is an error.
. "$(dirname "$0")/lib.sh"
need_build_tools
cargo fmt --all --check
cargo clippy --version >/dev/null 2>&1 || fail "Needed first: rustup component add clippy"
# Clippy compiled what is built already (scripts/lib.sh), and cargo repeats what it said.
log=$(cargo build --workspace --all-targets --locked 2>&1) || { printf '%s\n' "$log" >&2; fail "The workspace does not build."; }
printf '%s\n' "$log" >&2
! grep -qE '^warning: .* generated [0-9]+ warning' <<<"$log" || fail "A warning is an error."
