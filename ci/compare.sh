#!/usr/bin/env bash
# Labels the base with the same program and inputs, and says what the change made of the label.
#
#   PROGRAM REPOSITORY OUT COMMIT AS_OF     of the label that was made, and what arguments.sh reads
#   BASE                                    the base, as git names it; else GITHUB_BASE_REF, the branch that a pull request is for
#
# Outputs: changed (better, worse, both, nothing, not-comparable; empty where there is no base to ask for), base, diff (JSON).
# Whether worse is bad enough to fail is asked last, by gate.sh.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=ci/lib.sh
. "$here/lib.sh"

repository="${REPOSITORY:-.}"
scratch="$(mktemp -d "${RUNNER_TEMP:?}/plimsoll-compare.XXXXXX")"
trap 'rm -rf -- "$scratch"' EXIT
rm -f -- "$OUT/diff.json" "$OUT/diff.md" "$OUT/base.label.json" "$OUT/head.label.json"
# Nothing of this may end the run: the label is there, and is shown and signed.
not_compared() {
    announce warning "not compared: $1"
    # A text of ours without names: it is Markdown as it is.
    printf '### What this changes in the software security label\n\n**Not compared:** %s.\n' "$1" >"$scratch/diff.md"
    put "$scratch/diff.md" "$OUT/diff.md"
    output changed not-comparable
    exit 0
}
git() {
    command git -c safe.directory='*' -C "$repository" "$@"
}

if [ -n "${BASE:-}" ]; then
    name="$BASE"
elif [ -n "${GITHUB_BASE_REF:-}" ]; then
    name="refs/remotes/origin/$GITHUB_BASE_REF"
else
    announce notice 'this run is for no pull request and names no base: there is nothing to compare with'
    output changed ''
    exit 0
fi
[ -n "${COMMIT:-}" ] || not_compared 'the label names no commit'
tip="$(git rev-parse --verify --quiet --end-of-options "$name^{commit}")" ||
    not_compared 'the base is not in this clone; check out with fetch-depth: 0'
# What the other side did since is no part of this change.
base="$(git merge-base "$tip" "$COMMIT")" ||
    not_compared 'the base and the commit have no common history in this clone; check out with fetch-depth: 0'

# shellcheck source=ci/arguments.sh
. "$here/arguments.sh"
label() { # COMMIT FOLDER
    heard "$PROGRAM" label ${arguments[@]+"${arguments[@]}"} "--rev=$1" "--out=$2" --format=summary -- "$repository" >/dev/null
}
label "$base" "$scratch/base" || not_compared 'the base cannot be labelled; the reason is in the log'
head="$OUT/label.json"
if [ "${#files[@]}" -gt 0 ]; then
    label "$COMMIT" "$scratch/head" || not_compared 'the commit cannot be labelled without its files; the reason is in the log'
    head="$scratch/head/label.json"
fi
# One repository, so that another name is a change of its name. 1 says that they differ, 2 that they cannot be compared: both are in
# the files.
compared() { # FORMAT
    local code=0
    heard "$PROGRAM" ${PRACTICES:+"--practices=$PRACTICES"} diff --renamed "--format=$1" -- "$scratch/base/label.json" "$head" || code=$?
    [ "$code" -le 2 ]
}
# Written aside: where the shell opens a file of the folder itself, it follows a link.
compared json >"$scratch/diff.json"
compared markdown >"$scratch/diff.md"
put "$scratch/diff.json" "$OUT/diff.json"
put "$scratch/diff.md" "$OUT/diff.md"
compared annotations >"$scratch/annotations"
facts="$(compared env)"
if [ "${ANNOTATIONS:-false}" = true ]; then cat -- "$scratch/annotations"; fi
changed="$(sed -n 's/^PLIMSOLL_CHANGED=\([a-z-]*\)$/\1/p' <<<"$facts")"
# For the gate, which asks the program again.
put "$scratch/base/label.json" "$OUT/base.label.json"
if [ "$head" != "$OUT/label.json" ]; then put "$head" "$OUT/head.label.json"; fi
output changed "${changed:-not-comparable}"
output base "$base"
output diff "$OUT/diff.json"
