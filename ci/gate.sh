#!/usr/bin/env bash
# Fails if the tier is below FAIL_BELOW, or if the change made something worse and FAIL_WORSE is true. The last step: by now the label is
# kept and shown.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=ci/lib.sh
. "$here/lib.sh"

code=0
practices=()
if [ -n "${PRACTICES:-}" ]; then practices=("--practices=$PRACTICES"); fi
# Scored again from the evidence, compared again: the answers are the program's, and no text of a file is compared here.
if [ -n "${FAIL_BELOW:-}" ]; then
    heard "$PROGRAM" ${practices[@]+"${practices[@]}"} score --fail-below="$FAIL_BELOW" --format=env -- "$OUT/evidence.json" >&2 || code=$?
fi
if [ "${FAIL_WORSE:-false}" = true ]; then
    worse=0
    head="$OUT/label.json"
    if [ -f "$OUT/head.label.json" ]; then head="$OUT/head.label.json"; fi
    case ${CHANGED:-} in
        '') announce notice 'there was no base, so that nothing was asked of the change' ;;
        not-comparable)
            printf 'plimsoll: the change could not be compared with its base; the reason is above\n' >&2
            worse=2
            ;;
        *)
            heard "$PROGRAM" ${practices[@]+"${practices[@]}"} diff --renamed --fail-worse -- "$OUT/base.label.json" "$head" >&2 || worse=$?
            ;;
    esac
    if [ "$worse" -gt "$code" ]; then code=$worse; fi
fi
exit "$code"
