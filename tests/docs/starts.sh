#!/usr/bin/env bash
# Follows the pages that lead word for word: the sh blocks of each page in order, as one shell session, in an empty folder next to
# a fresh clone of this repository.
#
#   tests/docs/starts.sh [PROGRAM [PAGE...]]     default: plimsoll of the debug build, docs/start-*.md and docs/climb.md
#
# Every command has to end with 0. A block with the line `# exits with N` has to end with N; what it changes in the shell is lost.
# What a page shows as the output of a block has to be its output (shown.py).
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
program="${1:-${CARGO_TARGET_DIR:-$root/target}/debug/plimsoll}"
[ -x "$program" ] || {
    echo "$program is missing; cargo build -p plimsoll-cli makes it" >&2
    exit 2
}
program="$(cd "$(dirname "$program")" && pwd)/$(basename "$program")"
if [ $# -gt 1 ]; then pages=("${@:2}"); else pages=("$root"/docs/start-*.md "$root/docs/climb.md"); fi

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/home"
ln -s "$program" "$work/bin/plimsoll"
git clone --quiet "$root" "$work/plimsoll"

# Writes the sh blocks of page $1 into folder $2, one file each, and prints how many there are.
blocks() {
    awk -v folder="$2" '
        !inside && /^```sh$/ { inside = 1; count++; file = sprintf("%s/%03d.sh", folder, count); printf "" > file; next }
        inside && /^```$/ { inside = 0; close(file); next }
        inside { print > file }
        END { if (inside) exit 1; print count + 0 }
    ' "$1"
}

follow() {
    local page="$1" name folder count
    name="$(basename "$page" .md)"
    folder="$work/blocks/$name"
    mkdir -p "$folder" "$work/$name"
    count="$(blocks "$page" "$folder")" || { echo "$page: a block does not end" >&2; return 1; }
    [ "$count" -gt 0 ] || { echo "$page: no sh block" >&2; return 1; }
    {
        # shellcheck disable=SC2016 # meant for the session
        printf '%s\n' 'set -euo pipefail' 'block=; trap '\''s=$?; [ "$s" = 0 ] || echo "block $block ended with $s" >&2'\'' EXIT'
        local file status
        for file in "$folder"/*.sh; do
            printf 'block=%q\n' "$name ${file##*/}"
            status="$(sed -n 's/^# exits with \([0-9][0-9]*\)$/\1/p' "$file")"
            if [ -z "$status" ]; then
                printf '. %q > %q 2>&1\n' "$file" "${file%.sh}.out"
            else
                # Not in a condition: there `set -e` would not hold in the block.
                printf 'set +e; (set -e; . %q > %q 2>&1); got=$?; set -e\n' "$file" "${file%.sh}.out"
                # shellcheck disable=SC2016 # meant for the session
                printf '[ "$got" = %q ] || { echo "it ended with $got, and %q is said" >&2; exit 1; }\n' "$status" "$status"
            fi
        done
    } > "$folder/session"
    # Nothing of the person who runs this: no git configuration, no caches, no passphrase. Their toolchain alone.
    if (
        cd "$work/$name" || exit 2
        env -i PATH="$work/bin:$PATH" HOME="$work/home" LC_ALL=C.UTF-8 GIT_CONFIG_NOSYSTEM=1 NO_COLOR=1 COLUMNS=80 \
            CARGO_HOME="${CARGO_HOME:-$HOME/.cargo}" RUSTUP_HOME="${RUSTUP_HOME:-$HOME/.rustup}" \
            bash "$folder/session" < /dev/null > "$folder/out" 2> "$folder/err"
    ); then
        echo "$name: $count blocks"
        python3 "$root/tests/docs/shown.py" "$page" "$folder"
    else
        echo "$name: failed" >&2
        tail -n 20 "$folder"/*.out "$folder/err" >&2
        return 1
    fi
}

failed=0
for page in "${pages[@]}"; do
    follow "$page" || failed=1
done
exit "$failed"
