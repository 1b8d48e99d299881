#!/usr/bin/env bash
# Packs built programs as a release has them, and gives the same bytes for the same input.
#
#   ci/package.sh FOLDER TARGET OUT [PAGES]
#
# FOLDER holds plimsoll and cargo-plimsoll (with .exe on Windows), TARGET is the Rust name of the machine that they are for, OUT is the
# folder for plimsoll-TARGET.tar.gz. PAGES holds man/ and completions/ as `plimsoll-dev man PAGES/man` and
# `plimsoll-dev completions PAGES/completions` write them. Where PLIMSOLL_REPOSITORY (OWNER/NAME) and PLIMSOLL_COMMIT are given, the archive
# has docs/pipelines.md and the templates with both filled in.
#
# Names are sorted, owners are 0, modes are fixed, and every time is SOURCE_DATE_EPOCH, else that of the last commit.
set -euo pipefail
[ "$#" -ge 3 ] || {
    echo 'usage: ci/package.sh FOLDER TARGET OUT [PAGES]' >&2
    exit 2
}
top="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# shellcheck source=ci/lib.sh
. "$top/ci/lib.sh"
programs=$1 target=$2 out=$3 pages=${4:-}
[[ $target =~ ^[a-z0-9_-]+$ ]] || fail "$target is no name of a target"
epoch="${SOURCE_DATE_EPOCH:-$(git -C "$top" log -1 --format=%ct)}"

# Only GNU tar sorts and sets owners in one go; macOS has it as gtar.
tar=tar
if command -v gtar >/dev/null; then tar=gtar; fi
"$tar" --version | grep -q 'GNU tar' || fail 'GNU tar is needed; on macOS it is gtar, from the package gnu-tar'

stage="$(mktemp -d)"
trap 'rm -rf -- "$stage"' EXIT
name="plimsoll-$target"
mkdir -p "$stage/$name" "$out"
suffix=
case $target in *windows*) suffix=.exe ;; esac
for program in plimsoll cargo-plimsoll; do
    [ -f "$programs/$program$suffix" ] || fail "$programs/$program$suffix is missing; build with cargo build --release --bins"
    cp -- "$programs/$program$suffix" "$stage/$name/"
done
cp -- "$top/README.md" "$top/CHANGELOG.md" "$top/LICENSE-APACHE" "$top/LICENSE-MIT" "$stage/$name/"
if [ -n "$pages" ]; then
    for folder in man completions; do
        [ -d "$pages/$folder" ] || fail "$pages/$folder is missing; plimsoll-dev $folder $pages/$folder writes it"
        cp -R -- "$pages/$folder" "$stage/$name/$folder"
    done
fi
if [ -n "${PLIMSOLL_REPOSITORY:-}" ]; then
    mkdir -p "$stage/$name/pipelines"
    for file in docs/pipelines.md templates/github/refresh.yml .github/workflows/label-and-sign.yml; do
        "$top/ci/fill.sh" "$PLIMSOLL_REPOSITORY" "${PLIMSOLL_COMMIT:?}" "$top/$file" >"$stage/$name/pipelines/$(basename "$file")"
    done
    cp -- "$top/templates/label/template.yml" "$stage/$name/pipelines/gitlab.yml"
fi
find "$stage/$name" -type d -exec chmod 0755 {} +
find "$stage/$name" -type f -exec chmod 0644 {} +
chmod 0755 "$stage/$name/plimsoll$suffix" "$stage/$name/cargo-plimsoll$suffix"

archive="$out/$name.tar.gz"
"$tar" --create --directory "$stage" --format=ustar --sort=name --mtime="@$epoch" --owner=0 --group=0 --numeric-owner "$name" |
    gzip --no-name --best >"$archive.part"
mv -- "$archive.part" "$archive"
printf '%s  %s\n' "$(sha256 "$archive")" "$name.tar.gz"
