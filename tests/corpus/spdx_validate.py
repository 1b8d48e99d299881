#!/usr/bin/env python3
"""Checks SPDX documents with the SPDX project's own Python library (pip install spdx-tools).

usage: spdx_validate.py FILE...      exit status: 0 all valid, 1 some are not, 3 the library is missing
"""

import sys

try:
    from spdx_tools.spdx.parser.parse_anything import parse_file
    from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
except ImportError:
    print("the Python module spdx_tools is missing: pip install spdx-tools", file=sys.stderr)
    sys.exit(3)

failed = False
for name in sys.argv[1:]:
    document = parse_file(name)
    for message in validate_full_spdx_document(document, "SPDX-2.3"):
        failed = True
        print(f"{name}: {message.validation_message} ({message.context.spdx_id})", file=sys.stderr)
    print(f"{name}: {len(document.packages)} packages, {len(document.relationships)} relationships")
sys.exit(1 if failed else 0)
