"""Runs the pipelines of this repository as scripts; ci/test-action.sh says how and why."""

import pathlib
import sys
import tempfile

import action
import elsewhere
import pull_requests
import written
from machine import packed

CASES = [*action.CASES, *pull_requests.CASES, *elsewhere.CASES, *written.CASES]


def main():
    failed = 0
    asked = sys.argv[2:]
    cases = [case for case in CASES if not asked or any(word in case.__name__ for word in asked)]
    with tempfile.TemporaryDirectory(prefix="plimsoll-archive-") as folder:
        archive = packed(pathlib.Path(folder))
        for case in cases:
            try:
                case(archive)
                print(f"ok {case.__name__}", flush=True)
            except AssertionError as error:
                failed += 1
                print(f"FAILED {case.__name__}: {error}", flush=True)
    print("skipped, since they are somebody else's: keyless signing, uploads, the cache")
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed or not cases else 0


sys.exit(main())
