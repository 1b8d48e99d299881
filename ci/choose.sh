#!/usr/bin/env bash
# Decides where the program comes from, and gives it as the output `how`: archive, release or build. With `build` the output `key` names
# what was built before from the same dependencies.
#
#   VERSION ARCHIVE            as for install.sh
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=ci/lib.sh
. "$here/lib.sh"

version="${VERSION:-}"
target="$(target)"
if [ -n "${ARCHIVE:-}" ]; then
    output how archive
    exit 0
fi
# Where nothing else is asked for: the release of this very commit, if there is one for this machine.
if [ -z "$version" ]; then
    own="$(own_version "$here/..")"
    if [ -n "$target" ] && [ -n "${ACTION_REPOSITORY:-}" ] && [ -n "$(listed "$here/archives.txt" "$own" "$target")" ]; then
        version="$own"
    else
        version=source
    fi
fi
output version "$version"
if [ "$version" = source ]; then
    output how build
    rust="$(rustc --version 2>/dev/null | cut -d ' ' -f 2 || true)"
    output key "plimsoll-${target:-$(uname -s)}-${rust:-unknown}-$(sha256 "$here/../Cargo.lock")"
else
    output how release
fi
