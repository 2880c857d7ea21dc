#!/usr/bin/env python3
"""Compares the operations of a document with those of the clients generated from it; one that is missing fails.

  check_complete.py DOCUMENT TYPESCRIPT_SCHEMA PYTHON_PACKAGE
"""

import json
import pathlib
import re
import sys

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

document, schema, package = map(pathlib.Path, sys.argv[1:])
paths = json.loads(document.read_text())["paths"]
operations = [item[method]["operationId"] for item in paths.values() for method in METHODS if method in item]
typescript = re.findall(r'^        (?:%s): operations\["([^"]+)"\];' % "|".join(METHODS), schema.read_text(), re.M)
python = [module.stem for module in package.glob("api/*/*.py") if module.stem != "__init__"]

failed = False
for name, generated in (("TypeScript", typescript), ("Python", python)):
    missing, surplus = sorted(set(operations) - set(generated)), sorted(set(generated) - set(operations))
    print(f"{name}: {len(generated)} of {len(operations)} operations")
    if missing or surplus or len(generated) != len(operations):
        print(f"  missing: {', '.join(missing) or 'none'}; not in the document: {', '.join(surplus) or 'none'}")
        failed = True
sys.exit(failed)
