#!/usr/bin/env bash
# Runs the conformance kit against the built server and compares with .ci/conformance-floor, two numbers:
# the steps passed, and those passed outside the sweep files (which a stub could pass).
# --raise writes what the last run reached into the floor.
# KEELSON_SHARED: the folder that holds conformance/ (default ../shared). KEELSON_BIN: the binary (default: debug build).
. "$(dirname "$0")/lib.sh"
kit=${KEELSON_SHARED:-$root/../shared}/conformance
last=$(target_dir)/conformance.json
floor=.ci/conformance-floor

counts() { # all and outside-sweep, of the last run
    python3 - "$last" <<'PY'
import json, sys
run = json.load(open(sys.argv[1]))
files = [file for area in run["areas"].values() for file in area["files"]]
deep = [file for file in files if not file["name"].startswith("sweep")]
total = lambda of, key: sum(file[key] for file in of)
print(total(files, "passed"), total(deep, "passed"), total(files, "steps"), total(deep, "steps"))
PY
}

if [ "${1:-}" = --raise ]; then
    [ -f "$last" ] || fail "Run make conformance first."
    read -r all deep _ _ < <(counts)
    old_all=0 old_deep=0
    [ ! -f "$floor" ] || read -r old_all old_deep <"$floor"
    [ "$all" -ge "$old_all" ] && [ "$deep" -ge "$old_deep" ] || fail "$all $deep is below the floor $old_all $old_deep."
    printf '%s %s\n' "$all" "$deep" >"$floor"
    say "Floor is now $all steps, $deep of them outside the sweeps"
    exit 0
fi

[ -x "$kit/conform" ] || fail "No conformance kit in $kit (KEELSON_SHARED says where it is)."
need_binary
venv=$cache/conformance
python_venv "$venv" requests pyyaml 'python-socketio[client]'

mkdir -p "$(dirname "$last")"
rm -f "$last"
log=$(target_dir)/conformance.log
# The kit's own closing line has the form of a test runner's; a step that fails there is counted against the floor instead.
"$venv/bin/python" "$kit/conform" check --server "$KEELSON_BIN serve" --jobs "${JOBS:-2}" --timeout 30 -v \
    --json "$last" --no-fail "$@" >"$log" 2>&1 || { tail -n 20 "$log" >&2; fail "The conformance kit did not run."; }

read -r all deep steps deep_steps < <(counts)
say "conformance: $all of $steps steps; outside the sweeps $deep of $deep_steps (details: $log)"
if [ $# = 0 ] && [ -f "$floor" ]; then
    read -r floor_all floor_deep <"$floor"
    say "floor:       $floor_all steps; outside the sweeps $floor_deep"
    [ "$all" -ge "$floor_all" ] && [ "$deep" -ge "$floor_deep" ] || fail "Below the floor on record."
fi
