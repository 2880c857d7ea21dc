#!/usr/bin/env bash
# The journey on the stock front end in headless Chromium. Arguments go to node's test runner.
# KEELSON_BIN: the binary (default: debug build); E2E_SERVER: any other server, as a shell command.
. "$(dirname "$0")/lib.sh"
scripts/frontend.sh

npm_ci tests/e2e
if [ -z "${CHROMIUM:-}" ]; then
    CHROMIUM=$(command -v chromium || command -v google-chrome || true)
    if [ -z "$CHROMIUM" ]; then
        install chromium
        CHROMIUM=$(command -v chromium) || fail "No chromium: set CHROMIUM to the path of one."
    fi
fi
export CHROMIUM

if [ -z "${E2E_SERVER:-}" ]; then
    need_binary
    E2E_SERVER="$KEELSON_BIN serve"
fi
export E2E_SERVER
export FRONTEND_BUILD_DIR=${FRONTEND_BUILD_DIR:-${DATA_DIR:-$root/data}/frontend}
# Settings of this shell must not steer the server under test.
unset DATA_DIR HOST PORT DATABASE_URL REDIS_URL
export NO_PROXY=127.0.0.1,localhost no_proxy=127.0.0.1,localhost
cd tests/e2e
[ $# -gt 0 ] || set -- *.test.mjs
exec node --test --test-concurrency=1 "$@"
