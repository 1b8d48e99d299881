#!/usr/bin/env python3
"""Reads exports of a label with the libraries of others (pip install -r requirements-exports.txt).

usage: export_peers.py FOLDER      files are named NAME.FORM

Prints a line for each file: name, `read` or `refused`, and what was counted or why.
exit status: 0 all were looked at, 3 a library is missing
"""

import json
import sys
from pathlib import Path

try:
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator
    from junitparser import JUnitXml
    from sarif_pydantic import Sarif
    from trestle.oscal.assessment_results import Model as Results
except ImportError as error:
    print(f"a Python module is missing: {error.name}", file=sys.stderr)
    sys.exit(3)


def oscal(text):
    results = Results.parse_raw(text).assessment_results.results
    found = sum(len(one.findings or []) for one in results)
    seen = sum(len(one.observations or []) for one in results)
    return f"{found} findings, {seen} observations"


def sarif(text):
    log = Sarif.model_validate_json(text)
    return f"{sum(len(run.results or []) for run in log.runs)} results"


def junit(text):
    suites = JUnitXml.fromstring(text)
    cases = [case for suite in suites for case in suite]
    return f"{len(cases)} cases, {sum(not case.is_passed for case in cases)} not passed"


def declarations(text):
    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if error is not None:
        raise ValueError(str(error)[:300])
    found = json.loads(text)["declarations"]
    return f"{len(found['claims'])} claims, {len(found['attestations'])} attestations"


READERS = {"oscal": oscal, "sarif": sarif, "junit": junit, "cyclonedx-declarations": declarations}

for path in sorted(Path(sys.argv[1]).iterdir()):
    read = READERS[path.suffix[1:]]
    try:
        print(f"{path.name} read {read(path.read_text(encoding='utf-8'))}")
    except Exception as error:  # Each library has errors of its own.
        reason = " ".join(str(error).split())[:200]
        print(f"{path.name} refused {type(error).__name__}: {reason}")
