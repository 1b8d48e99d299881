#!/usr/bin/env bash
# Makes the label and everything that is drawn from it, and gives the outputs. Whether the tier is enough is asked last, by gate.sh:
# also a label that is too low is shown, kept and signed.
#
#   PROGRAM REPOSITORY OUT     and, each where it is not empty: REV TRUST ADVISORIES ARTIFACTS ATTESTATIONS (lines) SIGN FAIL_BELOW
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
case "${ATTACH:-false}" in
    true | false) ;;
    *) fail "attach is \"$ATTACH\"; it is true or false" ;;
esac
if [ "${ATTACH:-false}" = true ] && [ "${SIGN:-none}" = none ]; then
    fail "attach needs a signed label; set sign to key or github"
fi
[ -n "${OUT:-}" ] || fail "out is empty; name a folder"

arguments=("--out=$OUT" --format=markdown)
if [ -n "${REV:-}" ]; then arguments+=("--rev=$REV"); fi
if [ -n "${TRUST:-}" ]; then arguments+=("--trust=$TRUST"); fi
if [ -n "${ADVISORIES:-}" ]; then arguments+=("--advisories=$ADVISORIES"); fi
while IFS= read -r line; do
    arguments+=("--artifact=$line")
done < <(lines "${ARTIFACTS:-}")
while IFS= read -r line; do
    arguments+=("--attestation=$line")
done < <(lines "${ATTESTATIONS:-}")

mkdir -p -- "$OUT"
# The bundle of an earlier run signs another label.
rm -f -- "$OUT/label.sigstore.json"
comment="$OUT/comment.md"
# The first line is how a step that posts the comment finds the one of the last run.
echo '<!-- plimsoll label -->' >"$comment"
"$PROGRAM" label "${arguments[@]}" -- "${REPOSITORY:-.}" >>"$comment"
label="$OUT/label.json"
"$PROGRAM" render --format=sarif --out="$OUT/plimsoll.sarif" -- "$label"
cat -- "$comment" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"

# NAME=VALUE, with values that are letters, digits and a few signs. Asked first: a loop does not see that its input failed.
facts="$("$PROGRAM" render --format=env -- "$label")"
while IFS='=' read -r name value; do
    case $name in
        PLIMSOLL_TIER) output tier "$value" ;;
        PLIMSOLL_TIER_NAME) output tier-name "$value" ;;
        PLIMSOLL_COMMIT) output commit "$value" ;;
        PLIMSOLL_EXPIRES) output expires "$value" ;;
    esac
done <<<"$facts"
output folder "$OUT"
output label "$label"
output sha256 "$(sha256 "$label")"
output sarif "$OUT/plimsoll.sarif"
output comment "$comment"
