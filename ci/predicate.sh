#!/usr/bin/env bash
# Writes what actions/attest makes a statement from: the label's predicate, and the subjects as a checksum file.
#
# actions/attest knows files alone and no commits. The label itself is the first subject: whoever has label.json can tell that it is the
# one that was signed, and label.json names the commit.
#
#   PROGRAM OUT ARTIFACTS (lines)
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=ci/lib.sh
. "$here/lib.sh"

# The statement is made as one of the maker's label, and an outside view is another one.
"$PROGRAM" render --format=env -- "$OUT/label.json" | grep -qx 'PLIMSOLL_KIND=label' ||
    fail "the repository has no plimsoll.toml, so that there is no label to attest: \`plimsoll init\` starts one"
scratch="${RUNNER_TEMP:?}/plimsoll"
mkdir -p "$scratch"
"$PROGRAM" render --format=predicate --out="$scratch/predicate.json" -- "$OUT/label.json"
printf '%s  %s\n' "$(sha256 "$OUT/label.json")" label.json >"$scratch/subjects.txt"
while IFS= read -r file; do
    printf '%s  %s\n' "$(sha256 "$file")" "$(basename -- "$file")" >>"$scratch/subjects.txt"
done < <(lines "${ARTIFACTS:-}")
output predicate "$scratch/predicate.json"
output subjects "$scratch/subjects.txt"
