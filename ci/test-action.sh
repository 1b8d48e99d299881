#!/usr/bin/env bash
# Runs the steps of action.yml, and the job of the GitLab component, as scripts: on small repositories that are made here, with the
# environment of a runner and nothing else. From checkout to a signed label beside its artifact, and the ways in which it must fail.
#
#   ci/test-action.sh [PROGRAM [WORD...]]     only the cases with a word in their name; default: plimsoll and cargo-plimsoll of the debug build
#
# Steps that are somebody else's action cannot run here and are said to be skipped.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
program="${1:-${CARGO_TARGET_DIR:-target}/debug/plimsoll}"
[ -x "$program" ] || {
    echo "$program is missing; cargo build -p plimsoll-cli makes it" >&2
    exit 2
}
# shellcheck source=ci/tools.sh
. ci/tools.sh
exec "$tools/python" tests/pipelines/run.py "$program" "${@:2}"
