#!/usr/bin/env bash
# The journey on the stock front end in headless Chromium. Arguments go to node's test runner.
# KEELSON_BIN: the binary (default: debug build); E2E_SERVER: any other server, as a shell command.
. "$(dirname "$0")/lib.sh"
scripts/frontend.sh

have node && have npm || install nodejs npm
if [ -z "${CHROMIUM:-}" ]; then
    CHROMIUM=$(command -v chromium || command -v google-chrome || true)
    if [ -z "$CHROMIUM" ]; then
        install chromium
        CHROMIUM=$(command -v chromium) || fail "No chromium: set CHROMIUM to the path of one."
    fi
fi
export CHROMIUM
[ -d tests/e2e/node_modules/playwright-core ] || (cd tests/e2e && npm ci --no-audit --no-fund >&2)

if [ -z "${E2E_SERVER:-}" ]; then
    if [ -z "${KEELSON_BIN:-}" ]; then
        need_build_tools
        cargo build --quiet --locked --workspace --bins
        KEELSON_BIN=$(target_dir)/debug/keelson
    fi
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
