#!/usr/bin/env bash
# Puts plimsoll in place and gives its path as the output `program`.
#
#   ARCHIVE + ARCHIVE_SHA256   an archive on this machine, taken if its digest is the one given
#   VERSION                    the archive of that release, fetched once, taken if ci/archives.txt has its digest; `source`: built from
#                              the checkout of the action, by cargo with the committed Cargo.lock
#   neither                    as choose.sh decides: the release of this commit, else built
#   ON_PATH                    true: later steps find it on the PATH
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=ci/lib.sh
. "$here/lib.sh"

place="${RUNNER_TEMP:?the runner names a folder for temporary files}/plimsoll"
mkdir -p "$place"

unpack() { # ARCHIVE SHA256
    local found
    found="$(sha256 "$1")"
    [ "$found" = "$2" ] || fail "$1 has the SHA-256 $found and not $2: it is not taken"
    rm -rf "$place/unpacked"
    mkdir -p "$place/unpacked"
    # Only now, and only what is called as the release calls it. The links of an archive are not followed: no member is one.
    tar -xzf "$1" -C "$place/unpacked"
    local program
    for program in "$place"/unpacked/plimsoll-*/plimsoll "$place"/unpacked/plimsoll-*/plimsoll.exe; do
        if [ -f "$program" ] && [ ! -L "$program" ]; then
            done_with "$program"
            return
        fi
    done
    fail "$1 holds no plimsoll-TARGET/plimsoll"
}

done_with() { # PROGRAM
    local version
    version="$("$1" --version)" || fail "$1 does not run on this machine"
    echo "$version"
    output program "$1"
    output version "${version##* }"
    output scripts "$here"
    if [ "${ON_PATH:-false}" = true ]; then
        local folder
        folder="$(dirname "$1")"
        case $folder in
            *$'\n'*) fail 'the folder for temporary files has a line break in its name' ;;
        esac
        printf '%s\n' "$folder" >>"${GITHUB_PATH:-/dev/null}"
    fi
}

build() {
    command -v cargo >/dev/null || fail "cargo is needed to build plimsoll; install Rust, or give \`version\` or \`archive\`"
    # From the action's folder: cargo and rustup read settings of the folder that they are started in, and those of the
    # repository under examination are not to be in force.
    (cd "$here/.." && cargo install --locked --quiet --path crates/plimsoll-cli --bin plimsoll --root "$place/built" \
        --target-dir "$place/target") || fail "plimsoll cannot be built; what cargo says is above"
    program="$place/built/bin/plimsoll"
    [ -f "$program" ] || program="$program.exe"
    done_with "$program"
}

if [ -n "${ARCHIVE:-}" ]; then
    [ -f "$ARCHIVE" ] || fail "$ARCHIVE: there is no such archive"
    [ -n "${ARCHIVE_SHA256:-}" ] || fail "\`archive\` needs \`archive-sha256\`: an archive that nobody knows is not taken"
    unpack "$ARCHIVE" "$ARCHIVE_SHA256"
elif [ -n "${VERSION:-}" ] && [ "$VERSION" != source ]; then
    target="$(target)"
    [ -n "$target" ] || fail "there is no archive for $(uname -s) on $(uname -m); set \`version\` to source to build it"
    digest="$(listed "$here/archives.txt" "$VERSION" "$target")"
    [ -n "$digest" ] || fail "ci/archives.txt has no digest for version $VERSION on $target; leave \`version\` empty"
    [ -n "${ACTION_REPOSITORY:-}" ] || fail "the action's repository is not known here; give \`archive\`, or set \`version\` to source"
    address="${SERVER_URL:?}/$ACTION_REPOSITORY/releases/download/v$VERSION/plimsoll-$target.tar.gz"
    echo "fetching $address"
    curl --proto '=https' --tlsv1.2 --fail --silent --show-error --location --retry 2 --max-time 300 --max-filesize 209715200 \
        --output "$place/archive.tar.gz" -- "$address" || fail "$address cannot be fetched; set \`version\` to source to build it"
    unpack "$place/archive.tar.gz" "$digest"
else
    build
fi
