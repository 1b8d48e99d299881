#!/usr/bin/env bash
# Shows the label: a comment in a file, the summary of the job, and marks on the files of a pull request.
#
#   PROGRAM OUT ANNOTATIONS CHANGED
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=ci/lib.sh
. "$here/lib.sh"

label="$OUT/label.json" comment="$OUT/comment.md"
scratch="$(mktemp -d "${RUNNER_TEMP:?}/plimsoll-present.XXXXXX")"
trap 'rm -rf -- "$scratch"' EXIT
# Only what this run compared is shown: a file of that name alone may be anybody's.
difference=''
if [ -n "${CHANGED:-}" ] && [ ! -L "$OUT/diff.md" ]; then difference="$OUT/diff.md"; fi
{
    # The first line is how comment.sh finds the comment of the last run.
    echo '<!-- plimsoll label -->'
    "$PROGRAM" render --format=summary -- "$label"
    echo
    if [ -n "$difference" ]; then
        cat -- "$difference"
        printf '\n<details><summary>The whole label</summary>\n\n'
    fi
    "$PROGRAM" render --format=markdown -- "$label"
    if [ -n "$difference" ]; then printf '\n</details>\n'; fi
} >"$scratch/comment.md"
put "$scratch/comment.md" "$comment"
cat -- "$comment" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
# What a pull request made worse is marked by compare.sh; where there is no base, what is wrong is.
if [ "${ANNOTATIONS:-false}" = true ] && [ -z "${CHANGED:-}" ]; then
    "$PROGRAM" render --format=annotations -- "$label"
fi
output comment "$comment"
