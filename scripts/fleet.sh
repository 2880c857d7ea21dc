#!/usr/bin/env bash
# Many instances that act as one, against real PostgreSQL, Redis, Sentinel and Cluster. Arguments go to tests/fleet/processes/fleet.py.
# KEELSON_BIN, KEELSON_LOAD: the binaries (default: release builds). OWUI_VENV: a virtual environment with open-webui 0.6.43, for the mixed fleet.
. "$(dirname "$0")/lib.sh"
need_build_tools
have redis-server || install redis-server redis-sentinel
compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || install postgresql
have nginx || [ -x /usr/sbin/nginx ] || install nginx-light
if [ -z "${KEELSON_BIN:-}" ]; then
    cargo build --release --locked -p keelson
    cargo build --release --locked -p keelson-load
    KEELSON_BIN=$(target_dir)/release/keelson KEELSON_LOAD=$(target_dir)/release/keelson-load
fi
[ -x "${KEELSON_LOAD:-}" ] || { cargo build --locked --workspace --bins && KEELSON_LOAD=$(target_dir)/debug/keelson-load; }

venv=$cache/fleet
python_venv "$venv" aiohttp 'python-socketio[asyncio_client]'
reference=${OWUI_VENV:-/opt/owui/venv}/bin/open-webui
[ ! -x "$reference" ] || set -- --reference "$reference" "$@"
unset DATA_DIR HOST PORT DATABASE_URL REDIS_URL
exec "$venv/bin/python" tests/fleet/processes/fleet.py --keelson "$KEELSON_BIN" --load "$KEELSON_LOAD" "$@"
