#!/usr/bin/env bash
# Fails unless each signed label holds for a consumer: signer, files, age, tier.
#
#   PROGRAM BUNDLES (lines) MIN_TIER        and, where not empty: ARTIFACTS KEYS WITH (lines) IDENTITY IDENTITY_REGEX ISSUER SOURCE TRUST
#                                           EVIDENCE MAX_AGE PRACTICES AS_OF
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=ci/lib.sh
. "$here/lib.sh"

case "${MIN_TIER:-}" in
    [0-4]) ;;
    *) fail "min-tier is \"${MIN_TIER:-}\"; it is a tier from 0 to 4" ;;
esac
# A label by nobody in particular proves nothing, and a gate that accepts it is open.
if [ -z "$(lines "${KEYS:-}")" ] && [ -z "${IDENTITY:-}${IDENTITY_REGEX:-}${TRUST:-}" ]; then
    fail 'whose signature counts? Give key, identity (or identity-regex) with issuer, or trust'
fi
arguments=("--min-tier=$MIN_TIER")
if [ -n "${PRACTICES:-}" ]; then arguments+=("--practices=$PRACTICES"); fi
if [ -n "${IDENTITY:-}" ]; then arguments+=("--identity=$IDENTITY"); fi
if [ -n "${IDENTITY_REGEX:-}" ]; then arguments+=("--identity-regex=$IDENTITY_REGEX"); fi
if [ -n "${ISSUER:-}" ]; then arguments+=("--issuer=$ISSUER"); fi
if [ -n "${SOURCE:-}" ]; then arguments+=("--source=$SOURCE"); fi
if [ -n "${TRUST:-}" ]; then arguments+=("--trust=$TRUST"); fi
if [ -n "${EVIDENCE:-}" ]; then arguments+=("--evidence=$EVIDENCE"); fi
if [ -n "${MAX_AGE:-}" ]; then arguments+=("--max-age=$MAX_AGE"); fi
if [ -n "${AS_OF:-}" ]; then arguments+=("--as-of=$AS_OF"); fi
while IFS= read -r line; do arguments+=("--artifact=$line"); done < <(lines "${ARTIFACTS:-}")
while IFS= read -r line; do arguments+=("--key=$line"); done < <(lines "${KEYS:-}")
while IFS= read -r line; do arguments+=("--with=$line"); done < <(lines "${WITH:-}")
bundles=()
while IFS= read -r line; do bundles+=("$line"); done < <(lines "${BUNDLES:-}")
[ "${#bundles[@]}" -gt 0 ] || fail 'bundle is empty; name a signed label'

place="${RUNNER_TEMP:?}/plimsoll"
mkdir -p -- "$place"
code=0
heard "$PROGRAM" verify "${arguments[@]}" --format=json -- "${bundles[@]}" >"$place/verification.json" || code=$?
if [ "$code" -le 1 ]; then
    heard "$PROGRAM" verify "${arguments[@]}" -- "${bundles[@]}" >&2 || true
    output report "$place/verification.json"
fi
if [ "$code" -eq 0 ]; then output verified true; else output verified false; fi
exit "$code"
