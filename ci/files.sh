#!/usr/bin/env bash
# Lists the files of a release that were downloaded, as outputs of several lines: artifacts (without bundles) and attestations.
#
#   RUNNER_TEMP/release/files and RUNNER_TEMP/release/attestations
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=ci/lib.sh
. "$here/lib.sh"

place="${RUNNER_TEMP:?}/release"
# A name with a line break would be two.
if [ -n "$(find "$place" -name '*
*' -print -quit)" ]; then fail 'a file of the release has a line break in its name'; fi
# The end of a value that no name can know.
end="END_$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
{
    printf 'artifacts<<%s\n' "$end"
    find "$place/files" -type f ! -name '*.sigstore.json' | LC_ALL=C sort
    printf '%s\n' "$end"
    printf 'attestations<<%s\n' "$end"
    if [ -d "$place/attestations" ]; then find "$place/attestations" -type f | LC_ALL=C sort; fi
    printf '%s\n' "$end"
} >>"${GITHUB_OUTPUT:?}"
