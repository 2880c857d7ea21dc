#!/usr/bin/env bash
# From a clean checkout to a page in the browser: builds, fetches the front end, serves.
. "$(dirname "$0")/lib.sh"
need_build_tools

export DATA_DIR=${DATA_DIR:-$root/data} HOST=${HOST:-127.0.0.1} PORT=${PORT:-8080}
mkdir -p "$DATA_DIR"
scripts/frontend.sh &
frontend=$!
say "Building Keelson (release; the first time takes some minutes)"
cargo build --release --locked -p keelson
wait "$frontend" || say "Without the front end: the API alone is served."

shown=$HOST
[ "$shown" != 0.0.0.0 ] || shown=localhost
(
    for _ in $(seq 300); do
        sleep 0.1
        kill -0 $$ 2>/dev/null || exit 0
        if is_ready "$shown" "$PORT"; then
            say "Keelson serves http://$shown:$PORT   (data in $DATA_DIR; Ctrl-C stops)"
            exit 0
        fi
    done
) &
exec "$(target_dir)/release/keelson" serve
