#!/usr/bin/env bash
# All tests. They start a real PostgreSQL themselves, on a free port, from Debian's package.
. "$(dirname "$0")/lib.sh"
need_build_tools

if ! have postgres && ! compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; then
    install postgresql
fi
cargo test --workspace --locked --no-fail-fast "$@"
