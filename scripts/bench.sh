#!/usr/bin/env bash
# Measures the release build beside the reference (OWUI_VENV: a virtual environment with open-webui 0.6.43; left out
# when there is none) and nginx. --write records tests/load/RESULTS.md; --quick only tries the script.
. "$(dirname "$0")/lib.sh"
need_build_tools
have wrk && have python3 || install wrk python3
nginx=$(command -v nginx || command -v /usr/sbin/nginx || true)
if [ -z "$nginx" ]; then
    install nginx-light
    nginx=/usr/sbin/nginx
fi
flags=(--nginx "$nginx")
for flag; do
    case $flag in
        --write) flags+=(--write tests/load/RESULTS.md) ;;
        *) flags+=("$flag") ;;
    esac
done

[ -n "${KEELSON_BIN:-}" ] || cargo build --release --locked -p keelson
cargo build --release --locked -p keelson-load
venv=${OWUI_VENV:-/opt/owui/venv}
if [ -x "$venv/bin/open-webui" ]; then
    flags+=(--reference "$venv/bin/open-webui serve --host 127.0.0.1 --port \$PORT")
else
    say "No reference in $venv: measured without it."
fi
exec python3 tests/load/bench.py --keelson "${KEELSON_BIN:-$(target_dir)/release/keelson}" \
    --load "$(target_dir)/release/keelson-load" "${flags[@]}"
