# shellcheck shell=bash
# What the scripts of the action share. Sourced, never run.

# Says why it cannot go on, in one line, and ends with 2: the question could not be asked.
fail() {
    printf 'plimsoll: %s\n' "$*" >&2
    exit 2
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

# The Rust name of this machine, as archives are called.
target() {
    case "$(uname -s)/$(uname -m)" in
        Linux/x86_64) echo x86_64-unknown-linux-gnu ;;
        Linux/aarch64 | Linux/arm64) echo aarch64-unknown-linux-gnu ;;
        Darwin/x86_64) echo x86_64-apple-darwin ;;
        Darwin/arm64) echo aarch64-apple-darwin ;;
        MINGW*/x86_64 | MSYS*/x86_64) echo x86_64-pc-windows-msvc ;;
        *) fail "there is no archive for $(uname -s) on $(uname -m); leave \`version\` empty to build it" ;;
    esac
}
