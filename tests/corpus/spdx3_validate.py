#!/usr/bin/env python3
"""Reads SPDX 3.0.1 documents with the SPDX project's own model (pip install spdx-python-model), which checks types and cardinality.

usage: spdx3_validate.py FILE...      exit status: 0 all are read, 1 some are not, 3 the library is missing
"""

import sys

try:
    from spdx_python_model import v3_0_1 as model
except ImportError:
    print("the Python module spdx_python_model is missing: pip install spdx-python-model", file=sys.stderr)
    sys.exit(3)

failed = False
for name in sys.argv[1:]:
    objects = model.SHACLObjectSet()
    try:
        with open(name, "rb") as file:
            model.JSONLDDeserializer().read(file, objects)
        dangling = [one for one in objects.link() if "https://spdx.org/rdf/3.0.1/terms/" not in str(one)]
    except Exception as error:  # whatever it says against the document
        failed = True
        print(f"{name}: {error}", file=sys.stderr)
        continue
    packages = list(objects.foreach_type(model.software_Package))
    documents = list(objects.foreach_type(model.SpdxDocument))
    for problem in [f"refers to {one}, which is not in it" for one in dangling]:
        failed = True
        print(f"{name}: {problem}", file=sys.stderr)
    if len(documents) != 1 or not packages:
        failed = True
        print(f"{name}: {len(documents)} documents, {len(packages)} packages", file=sys.stderr)
    print(f"{name}: {len(packages)} packages")
sys.exit(1 if failed else 0)
