#!/usr/bin/env bash
# Takes the built front end out of the published Open WebUI package into DATA_DIR/frontend, unaltered.
# The package is pinned by its hash in frontend.txt; done once, and again only when that file changes.
. "$(dirname "$0")/lib.sh"

into=${DATA_DIR:-$root/data}
pin=$(sed -n 's/.*--hash=sha256://p' scripts/frontend.txt)
if [ "$(cat "$into/frontend.sha256" 2>/dev/null)" = "$pin" ] && [ -f "$into/frontend/index.html" ]; then
    exit 0
fi

# Debian's own Python where there is one: another first in PATH may come without pip.
python=
for candidate in python3 /usr/bin/python3; do
    if have "$candidate" && "$candidate" -m pip --version >/dev/null 2>&1; then python=$candidate && break; fi
done
if [ -z "$python" ]; then
    install ca-certificates python3 python3-pip
    python=/usr/bin/python3
fi

mkdir -p "$into"
work=$(mktemp -d "$into/.frontend.XXXXXX")
trap 'rm -rf "$work"' EXIT
say "Fetching the front end (130 MB, once)"
# The version asked of pip is the package's, not this machine's: nothing of it is run.
"$python" -m pip download --quiet --disable-pip-version-check --no-cache-dir --no-deps --only-binary :all: \
    --python-version 3.11 --require-hashes --dest "$work" -r scripts/frontend.txt >&2

"$python" - "$work" <<'PY'
import pathlib, sys, zipfile

work = pathlib.Path(sys.argv[1])
(wheel,) = work.glob("*.whl")
prefix = "open_webui/frontend/"
with zipfile.ZipFile(wheel) as package:
    for entry in package.infolist():
        name = entry.filename
        if not name.startswith(prefix) or name.endswith("/") or ".." in name.split("/"):
            continue
        target = work / "frontend" / name[len(prefix):]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(package.read(entry))
PY
[ -f "$work/frontend/index.html" ] || fail "The package holds no front end."
chmod 755 "$work/frontend"
rm -rf "$into/frontend"
mv "$work/frontend" "$into/frontend"
printf '%s\n' "$pin" >"$into/frontend.sha256"
say "Front end in $into/frontend"
