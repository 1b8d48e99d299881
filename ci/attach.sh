#!/usr/bin/env bash
# Puts the signed label next to the other files, and next to each artifact where that is asked for.
#
#   PROGRAM OUT BUNDLE ATTACH (true or false) ARTIFACTS (lines)
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=ci/lib.sh
. "$here/lib.sh"

[ -f "${BUNDLE:-}" ] || fail "the label was to be signed, and there is no bundle"
bundle="$OUT/label.sigstore.json"
if [ ! "$BUNDLE" -ef "$bundle" ] || [ -L "$bundle" ]; then
    rm -f -- "$bundle"
    cp -- "$BUNDLE" "$bundle"
fi
output bundle "$bundle"
[ "${ATTACH:-false}" = true ] || exit 0
count=0
while IFS= read -r file; do
    # A path from the root is a file and never the name of an image, for which a connection would be opened.
    heard "$PROGRAM" attach -- "$bundle" "$(cd "$(dirname -- "$file")" && pwd)/$(basename -- "$file")"
    count=$((count + 1))
done < <(lines "${ARTIFACTS:-}")
[ "$count" -gt 0 ] || fail "attach is true, and there are no artifacts to attach the label to"
