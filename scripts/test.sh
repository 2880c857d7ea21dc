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
    peer=$cache/peer
    if ! "$peer/bin/python" -c 'import redis, socketio' 2>/dev/null; then
        rm -rf "$peer"
        python3 -m venv "$peer" >/dev/null 2>&1 || { install python3 python3-venv && /usr/bin/python3 -m venv --clear "$peer"; }
        "$peer/bin/python" -m pip install --quiet --disable-pip-version-check python-socketio==5.15.1 redis==8.1.0
    fi
    export KEELSON_PEER_PYTHON=$peer/bin/python
fi
cargo test --workspace --locked --no-fail-fast "$@"
