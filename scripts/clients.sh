#!/usr/bin/env bash
# Generates a TypeScript and a Python client from openapi/openapi.json, type-checks both, and lets each work with a
# running server. A warning of a generator, or an operation that it drops, is an error.
# KEELSON_BIN: the binary (default: debug build).
. "$(dirname "$0")/lib.sh"
npm_ci tests/clients
work=$cache/clients
tools=$root/tests/clients/node_modules/.bin
document=$root/openapi/openapi.json
typescript=$root/tests/clients/typescript
mkdir -p "$work"

# without_warnings COMMAND...: fails when the command does, or when it prints a warning.
without_warnings() {
    local log
    log=$("$@" 2>&1) || { printf '%s\n' "$log" >&2; fail "$1 failed."; }
    ! grep -qiE 'warn|⚠' <<<"$log" || { printf '%s\n' "$log" >&2; fail "$1 printed a warning."; }
}

say "TypeScript"
rm -rf "$typescript/generated"
without_warnings "$tools/openapi-typescript" "$document" --output "$typescript/generated/schema.d.ts"
"$tools/tsc" --project "$typescript"

say "Python"
venv=$work/venv
mapfile -t requirements < <(grep -v '^#' tests/clients/python/requirements.txt)
python_venv "$venv" "${requirements[@]}"
rm -rf "$work/keelson_client"
# The generator calls ruff by its name.
PATH=$venv/bin:$PATH without_warnings "$venv/bin/openapi-python-client" generate --path "$document" \
    --output-path "$work/keelson_client" --meta none --fail-on-warning
(cd "$work" && MYPYPATH=$work "$venv/bin/mypy" --strict --cache-dir "$work/mypy" -p keelson_client)
(cd "$work" && MYPYPATH=$work "$venv/bin/mypy" --strict --cache-dir "$work/mypy" "$root/tests/clients/python/client.py")

python3 tests/clients/check_complete.py "$document" "$typescript/generated/schema.d.ts" "$work/keelson_client"

need_binary
server=
stop() { [ -z "$server" ] || { kill "$server" && wait "$server"; } || true; }
trap 'stop; rm -rf "$work"/data.*' EXIT

# with_server COMMAND...: runs the command against a new server; its address is the last argument.
with_server() {
    local data port
    data=$(mktemp -d "$work/data.XXXXXX")
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    env -u DATABASE_URL -u REDIS_URL -u OPENAI_API_BASE_URLS HOST=127.0.0.1 PORT="$port" DATA_DIR="$data" \
        "$KEELSON_BIN" serve >"$data/log" 2>&1 &
    server=$!
    until is_ready 127.0.0.1 "$port"; do
        kill -0 "$server" 2>/dev/null || { cat "$data/log" >&2; server=; fail "The server ended."; }
        sleep 0.1
    done
    NO_PROXY=127.0.0.1 no_proxy=127.0.0.1 "$@" "http://127.0.0.1:$port" || { tail -n 20 "$data/log" >&2; fail "$* failed."; }
    stop
    server=
}
with_server node "$typescript/generated/build/client.js"
with_server env PYTHONPATH="$work" "$venv/bin/python" tests/clients/python/client.py
