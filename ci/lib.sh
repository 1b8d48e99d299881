# shellcheck shell=bash
# What the scripts of the action share. Sourced, never run.

# Says why it cannot go on, in one line, and ends with 2: the question could not be asked.
fail() {
    printf 'plimsoll: %s\n' "$(one_line "$*")" >&2
    exit 2
}

# A text without line breaks: a line of its own could be a command of the runner.
one_line() {
    printf '%s' "$1" | tr '\r\n' '  '
}

# Shows a message at the run. The text is data and ends no command. On standard error, as the output of a script may go to a file.
announce() { # notice|warning TEXT
    local text
    text="$(one_line "$2")"
    printf '::%s title=Software security label::%s\n' "$1" "${text//%/%25}" >&2
}

# Runs a program whose messages may hold names of files. Until it ends the runner takes no line as a command. What it prints
# goes to standard error or to a file: the order of two streams is not kept.
heard() {
    local token code=0
    token="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
    printf '::stop-commands::%s\n' "$token" >&2
    "$@" || code=$?
    printf '::%s::\n' "$token" >&2
    return "$code"
}

# SHA-256 of a file, in lower-case hexadecimal. macOS has no sha256sum.
sha256() {
    if command -v sha256sum >/dev/null; then
        sha256sum <"$1" | cut -d ' ' -f 1
    else
        shasum -a 256 <"$1" | cut -d ' ' -f 1
    fi
}

# Writes NAME=VALUE to the step's outputs. A line break in a value would begin an output of its own.
output() {
    case $2 in
        *$'\n'* | *$'\r'*) fail "the output $1 would hold a line break" ;;
    esac
    printf '%s=%s\n' "$1" "$2" >>"${GITHUB_OUTPUT:-/dev/null}"
}

# Prints the lines of $1 that are not blank, without carriage returns.
lines() {
    printf '%s\n' "$1" | tr -d '\r' | sed -e 's/^[[:space:]]*//' -e 's/[[:space:]]*$//' -e '/^$/d'
}

# Refuses what is neither true nor false: a misspelt switch must not leave a gate open.
switch() { # NAME VALUE
    case $2 in
        true | false) ;;
        *) fail "$1 is \"$2\"; it is true or false" ;;
    esac
}

# The Rust name of this machine, as archives are called; nothing where there is none.
target() {
    case "$(uname -s)/$(uname -m)" in
        Linux/x86_64) echo x86_64-unknown-linux-gnu ;;
        Linux/aarch64 | Linux/arm64) echo aarch64-unknown-linux-gnu ;;
        Darwin/x86_64) echo x86_64-apple-darwin ;;
        Darwin/arm64) echo aarch64-apple-darwin ;;
        MINGW*/x86_64 | MSYS*/x86_64) echo x86_64-pc-windows-msvc ;;
    esac
}

# The digest that ci/archives.txt has of an archive; nothing where it has none.
listed() { # LIST VERSION TARGET
    awk -v version="$2" -v target="$3" '$1 == version && $2 == target && $3 ~ /^[0-9a-f]+$/ && length($3) == 64 { print $3; exit }' "$1"
}

# The version in the Cargo.toml of a checkout of Plimsoll.
own_version() { # FOLDER
    sed -n '/^\[workspace\.package\]/,/^\[/s/^version *= *"\([^"]*\)".*/\1/p' "$1/Cargo.toml" | head -n 1
}

# What the action itself writes to its folder. A file of such a name that is there already is of no worth: it may come with the commit
# under examination, and be a link.
own_files() {
    printf '%s\n' label.json evidence.json label.html label.svg sbom.cdx.json sbom.spdx.json plimsoll.sarif label.sigstore.json \
        diff.json diff.md base.label.json head.label.json comment.md label.env diff.env
}

# Makes the folder to write to, without what an earlier run or the commit under examination left there. Refuses a folder that the commit
# decides about: a path through a link leads to any place, and files that git tracks are those of whoever proposes the change.
clear_folder() { # FOLDER
    local rest="$1" path='' name
    # What is above the folder that the run is in is the machine's own.
    case $rest in
        "$PWD"/*) path="$PWD/" rest="${rest#"$PWD"/}" ;;
        /*) path="$(dirname -- "$rest")/" rest="$(basename -- "$rest")" ;;
    esac
    while [ -n "$rest" ]; do
        name="${rest%%/*}"
        case $rest in
            */*) rest="${rest#*/}" ;;
            *) rest='' ;;
        esac
        path="$path$name"
        if [ -L "$path" ]; then fail "out is $1, and $path is a link; name a folder that the repository does not hold"; fi
        path="$path/"
    done
    mkdir -p -- "$1"
    command -v git >/dev/null || fail "git is needed, to see that nothing in $1 is part of the repository"
    if (cd -- "$1" && command git -c safe.directory='*' -c core.fsmonitor=false rev-parse --is-inside-work-tree) >/dev/null 2>&1; then
        local tracked
        tracked="$(cd -- "$1" && command git -c safe.directory='*' -c core.fsmonitor=false ls-files -- . | head -n 1)"
        if [ -n "$tracked" ]; then fail "out is $1, and git tracks $tracked there; name a folder that the repository does not hold"; fi
    fi
    while IFS= read -r name; do rm -f -- "${1%/}/$name"; done < <(own_files)
}

# Puts a file in place of what has that name: a link of the name is replaced and not followed.
put() { # FROM TO
    rm -f -- "$2"
    mv -f -- "$1" "$2"
}
