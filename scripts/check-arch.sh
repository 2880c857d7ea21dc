#!/usr/bin/env bash
# The ring rule. tests/architecture.rs holds deny.toml's bans and the rings' lists; cargo-deny, where installed, reads deny.toml too.
. "$(dirname "$0")/lib.sh"
need_build_tools
cargo test --locked --workspace --test suite architecture::
if cargo deny --version >/dev/null 2>&1; then
    cargo deny --locked check bans sources licenses
fi
