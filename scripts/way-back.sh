#!/usr/bin/env bash
# Shows that the reference opens a database that Keelson made or changed, and the other way round, on SQLite and
# PostgreSQL. Needs the reference in a virtual environment (OWUI_VENV), which is made when it is missing: 7 GB, once.
# KEELSON_BIN: the binary (default: debug build). Arguments go to tests/reference/way_back.py.
. "$(dirname "$0")/lib.sh"
venv=${OWUI_VENV:-/opt/owui/venv}
if ! compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; then
    install postgresql
fi

if ! "$venv/bin/python" -c 'import importlib.metadata as it, psycopg2; exit(it.version("open-webui") != "0.6.43")' 2>/dev/null; then
    # The reference runs on these versions of Python only.
    python=
    for candidate in python3.12 python3.11 python3; do
        if have "$candidate" && "$candidate" -c 'import sys, venv, ensurepip; exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' 2>/dev/null
        then python=$candidate && break; fi
    done
    [ -n "$python" ] || fail "The reference needs Python 3.11 or 3.12 with venv: install it, or let OWUI_VENV name an environment that holds open-webui[postgres]==0.6.43."
    free=$(df --output=avail -BG "$(d=$venv; while [ ! -d "$d" ]; do d=$(dirname "$d"); done; echo "$d")" | tail -n 1 | tr -dc 0-9)
    [ "$free" -ge 10 ] || fail "The reference takes 7 GB in $venv, and only $free GB are free: let OWUI_VENV name another place."
    say "Installing the reference in $venv (about 7 GB and 15 minutes, once)"
    mkdir -p "$venv"
    "$python" -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check 'open-webui==0.6.43' 'psycopg2-binary==2.9.11' >&2
fi

need_binary
exec python3 tests/reference/way_back.py --keelson "$KEELSON_BIN" --reference "$venv/bin/open-webui" \
    --shared "${KEELSON_SHARED:-$root/../shared}" "$@"
