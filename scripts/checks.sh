#!/usr/bin/env bash
# What reads the sources and openapi/openapi.json without compiling: the checks of the kit beside the checkout, redocly's
# lint, and declared dependencies that nothing uses.
# KEELSON_SHARED: the folder that holds checks/ (default ../shared); `none` leaves out what needs it.
# .ci/checks-floor: counts that may not rise, `count<TAB>title` a line; a count that is not there is 0.
. "$(dirname "$0")/lib.sh"
kit=${KEELSON_SHARED:-$root/../shared}

# counted NAME COMMAND...: runs a check of the kit and compares its counts with the floor.
counted() {
    local name=$1 log
    shift
    log=$("$@")
    printf '%s\n' "$log"
    awk -F '\t' -v name="$name" '
        FILENAME == ARGV[1] { floor[$2] = $1; next }
        match($0, /^ *[0-9]+  /) {
            count = substr($0, 1, RLENGTH) + 0; title = substr($0, RLENGTH + 1); sub(/: .*/, "", title)
            if (title ~ /^operations (in the document|of the contract)/) next
            seen++
            if (count > floor[title] + 0) { printf "%s: %d %s, at most %d allowed\n", name, count, title, floor[title]; over = 1 }
        }
        END { if (!seen) print name ": no counts"; exit over || !seen }
    ' <(cat .ci/checks-floor 2>/dev/null) <(printf '%s\n' "$log") || fail "$name found more than .ci/checks-floor allows."
}

if [ "${KEELSON_SHARED:-}" = none ]; then
    say "Left out, with KEELSON_SHARED=none: the kit's checks"
else
    [ -d "$kit/checks" ] || fail "No checks in $kit (KEELSON_SHARED says where they are; none leaves them out)."
    counted pattern.py python3 "$kit/checks/pattern.py"
    counted openapi.py python3 "$kit/checks/openapi.py" openapi/openapi.json
fi

say "redocly lint"
npm_ci tests/clients
REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true tests/clients/node_modules/.bin/redocly lint \
    --config tests/clients/redocly.yaml --format stylish openapi/openapi.json

say "Dependencies that nothing uses"
need_build_tools
machete=$cache/tools/bin/cargo-machete
if [ "$("$machete" --version 2>/dev/null)" != 0.9.2 ]; then
    env -u CARGO_BUILD_BUILD_DIR CARGO_TARGET_DIR="$cache/tools/build" cargo install --quiet --debug --locked --root "$cache/tools" cargo-machete@0.9.2
    rm -rf "$cache/tools/build"
fi
"$machete" --skip-target-dir .
