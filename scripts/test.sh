#!/usr/bin/env bash
# All tests. They start real servers themselves (PostgreSQL, Redis with sentinels and clusters), on free ports, from Debian's packages.
. "$(dirname "$0")/lib.sh"
need_build_tools

if ! have postgres && ! compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; then
    install postgresql
fi
have redis-server && have redis-cli || install redis-server redis-tools
have openssl || install openssl

# python-socketio, as the reference's processes speak it over Redis.
if [ -z "${KEELSON_PEER_PYTHON:-}" ]; then
    python_venv "$cache/peer" python-socketio==5.15.1 redis==8.1.0
    export KEELSON_PEER_PYTHON=$cache/peer/bin/python
fi
cargo test --workspace --locked --no-fail-fast "$@"
