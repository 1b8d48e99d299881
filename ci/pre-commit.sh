#!/usr/bin/env bash
# Runs plimsoll for pre-commit, which has this repository at the revision that its user pinned. The program is that of the revision: one on
# the PATH of the same version, else the release that ci/archives.txt lists, else built from here. It is installed once.
#
# `language: rust` of pre-commit runs `cargo install --path .`, which no workspace of several crates can answer.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=ci/lib.sh
. "$here/lib.sh"

# A hook runs with git's own variables, and they name the repository that is committed to.
own_git() {
    env -u GIT_DIR -u GIT_WORK_TREE -u GIT_INDEX_FILE git -C "$here/.." "$@"
}
version="$(own_version "$here/..")"
if command -v plimsoll >/dev/null && [ "$(plimsoll --version 2>/dev/null)" = "plimsoll $version" ]; then
    exec plimsoll "$@"
fi

revision="$(own_git rev-parse HEAD)" || fail 'pre-commit.sh runs from a clone of plimsoll'
cache="${XDG_CACHE_HOME:-${HOME:?}/.cache}/plimsoll/pre-commit/$revision"
program="$cache/plimsoll"
if [ ! -x "$program" ]; then
    mkdir -p -- "$cache"
    work="$(mktemp -d "$cache/install.XXXXXX")"
    trap 'rm -rf -- "$work"' EXIT
    origin="$(own_git config --get remote.origin.url || true)"
    source=() name=
    if [[ $origin =~ ^(https://[A-Za-z0-9.:-]+)/([A-Za-z0-9._/-]+)$ ]]; then
        name="${BASH_REMATCH[2]%.git}"
        source=("SERVER_URL=${BASH_REMATCH[1]}")
    fi
    settings=("RUNNER_TEMP=$work" "ACTION_REPOSITORY=$name" ${source[@]+"${source[@]}"})
    env "${settings[@]}" "GITHUB_OUTPUT=$work/chosen" bash "$here/choose.sh" >&2
    chosen="$(sed -n 's/^version=//p' "$work/chosen")"
    [ "$chosen" != source ] || echo "plimsoll: building plimsoll $version once; it takes some minutes" >&2
    env "${settings[@]}" "VERSION=$chosen" "GITHUB_OUTPUT=$work/installed" bash "$here/install.sh" >&2
    # Whole or not at all: two hooks may run at once.
    mv -f -- "$(sed -n 's/^program=//p' "$work/installed")" "$program"
    rm -rf -- "$work"
fi
exec "$program" "$@"
