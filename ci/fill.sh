#!/usr/bin/env bash
# Writes a text with the address and the commit of Plimsoll filled in: the one place that knows the placeholders. In a workflow of this
# repository, what it takes from here by `$/` is a placeholder too.
#
#   ci/fill.sh OWNER/NAME COMMIT [FILE]      default: standard input
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=ci/lib.sh
. "$here/lib.sh"

[[ ${1:-} =~ ^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$ ]] || fail 'the first argument is OWNER/NAME'
[[ ${2:-} =~ ^[0-9a-f]{40}$ ]] || fail 'the second argument is the id of a commit'
sed -e 's#uses: \$/setup#uses: OWNER/plimsoll/setup@COMMIT#' -e "s#OWNER/plimsoll\(/[a-z/.-]*\)\{0,1\}@COMMIT#$1\1@$2#g" -e "s#OWNER/plimsoll#$1#g" -e "s#rev: COMMIT#rev: $2#g" -- "${3:--}"
