#!/usr/bin/env bash
# Lists the archives of a release in ci/archives.txt, so that the action of a later commit fetches them instead of building. Commit the
# result, and name that commit to those who use the action.
#
#   ci/list-release.sh VERSION SHA256SUMS
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=ci/lib.sh
. "$here/lib.sh"

version="${1:-}" sums="${2:-}"
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail 'the first argument is a version, as in 1.2.3'
[ -f "$sums" ] || fail 'the second argument is the file SHA256SUMS of the release'
[ "$version" = "$(own_version "$here/..")" ] || fail "Cargo.toml has another version than $version: list a release before the next change of the program"
list="$here/archives.txt"
! grep -q "^$version " "$list" || fail "$list lists $version already"
found="$(sed -n 's/^\([0-9a-f]\{64\}\)  plimsoll-\([a-z0-9_-]*\)\.tar\.gz$/\2 \1/p' "$sums")"
[ -n "$found" ] || fail "$sums names no archive"
while read -r target digest; do printf '%s %s %s\n' "$version" "$target" "$digest" >>"$list"; done <<<"$found"
