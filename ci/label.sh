#!/usr/bin/env bash
# Makes the label and gives the outputs. Whether the tier is enough is asked last, by gate.sh: also a label that is too low is shown,
# kept and signed.
#
#   PROGRAM REPOSITORY OUT     and, each where it is not empty: REV, what arguments.sh reads, SIGN FAIL_BELOW ATTACH
#                              COMPARE FAIL_WORSE and the other switches
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=ci/lib.sh
. "$here/lib.sh"

# Asked before anything is done: a misspelt `sign` must not leave a label unsigned, nor a misspelt `fail-below` a gate open.
case "${SIGN:-none}" in
    none | key | github) ;;
    *) fail "sign is \"$SIGN\"; it is none, key or github" ;;
esac
case "${FAIL_BELOW:-}" in
    '' | [0-4]) ;;
    *) fail "fail-below is \"$FAIL_BELOW\"; it is a tier from 0 to 4" ;;
esac
switch attach "${ATTACH:-false}"
switch compare "${COMPARE:-false}"
switch fail-worse "${FAIL_WORSE:-false}"
switch comment "${COMMENT:-false}"
switch annotations "${ANNOTATIONS:-false}"
switch upload-sarif "${UPLOAD_SARIF:-false}"
switch upload-artifact "${UPLOAD_ARTIFACT:-false}"
if [ "${ATTACH:-false}" = true ] && [ "${SIGN:-none}" = none ]; then
    fail "attach needs a signed label; set sign to key or github"
fi
if [ "${FAIL_WORSE:-false}" = true ] && [ "${COMPARE:-false}" = false ]; then
    fail "fail-worse needs a base; set compare to true"
fi
[ -n "${OUT:-}" ] || fail "out is empty; name a folder"

# shellcheck source=ci/arguments.sh
. "$here/arguments.sh"
if [ -n "${REV:-}" ]; then arguments+=("--rev=$REV"); fi

clear_folder "$OUT"
heard "$PROGRAM" label ${arguments[@]+"${arguments[@]}"} ${files[@]+"${files[@]}"} "--out=$OUT" --format=summary -- "${REPOSITORY:-.}" >/dev/null
label="$OUT/label.json"
"$PROGRAM" render --format=sarif --out="$OUT/plimsoll.sarif" -- "$label"

# NAME=VALUE, with values that are letters, digits and a few signs. Asked first: a loop does not see that its input failed.
facts="$("$PROGRAM" render --format=env -- "$label")"
while IFS='=' read -r name value; do
    case $name in
        PLIMSOLL_TIER) output tier "$value" ;;
        PLIMSOLL_TIER_NAME) output tier-name "$value" ;;
        PLIMSOLL_COMMIT) output commit "$value" ;;
        PLIMSOLL_AS_OF) output as-of "$value" ;;
        PLIMSOLL_EXPIRES) output expires "$value" ;;
        PLIMSOLL_CONTRADICTED) output contradicted "$value" ;;
    esac
done <<<"$facts"
output folder "$OUT"
output label "$label"
output sha256 "$(sha256 "$label")"
output sarif "$OUT/plimsoll.sarif"
output evidence "$OUT/evidence.json"
output html "$OUT/label.html"
output svg "$OUT/label.svg"
output sbom-cyclonedx "$OUT/sbom.cdx.json"
output sbom-spdx "$OUT/sbom.spdx.json"
