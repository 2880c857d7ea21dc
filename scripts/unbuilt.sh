#!/usr/bin/env bash
# Writes adapters/http/src/openapi/unbuilt.tsv: the operations of the contract that openapi/openapi.json does not hold.
# KEELSON_SHARED: the folder that holds contract/ (default ../shared).
. "$(dirname "$0")/lib.sh"
contract=${KEELSON_SHARED:-$root/../shared}/contract/operations.tsv
[ -f "$contract" ] || fail "No contract in $contract (KEELSON_SHARED says where it is)."
python3 - "$contract" "${1:-openapi/openapi.json}" >adapters/http/src/openapi/unbuilt.tsv <<'PY'
import csv, json, re, sys
bare = lambda path: re.sub(r"\{[^}]*\}", "{}", path).rstrip("/")
with open(sys.argv[2]) as text:
    paths = json.load(text)["paths"]
built = {(method.upper(), bare(path)) for path, item in paths.items() for method in item}
with open(sys.argv[1], newline="") as rows:
    for row in csv.DictReader(rows, delimiter="\t"):
        if (row["method"], bare(row["path"])) not in built:
            print(row["method"], row["path"], sep="\t")
PY
say "adapters/http/src/openapi/unbuilt.tsv: $(wc -l <adapters/http/src/openapi/unbuilt.tsv) operations"
