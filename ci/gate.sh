#!/usr/bin/env bash
# Says no where the tier is below FAIL_BELOW. The last step: by now the label is kept and shown.
set -euo pipefail
# Scored anew from the evidence: the answer is the program's, and no text of a file is compared here.
"$PROGRAM" score --fail-below="$FAIL_BELOW" --format=env -- "$OUT/evidence.json"
