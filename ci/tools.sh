# shellcheck shell=bash
# Sourced: puts the tools of tests/pipelines/requirements.txt in a folder of their own below the target folder, and sets `tools` to its
# programs.
tools_root="${CARGO_TARGET_DIR:-target}/ci-tools"
if ! cmp -s tests/pipelines/requirements.txt "$tools_root/installed.txt"; then
    rm -rf "$tools_root"
    python3 -m venv "$tools_root"
    "$tools_root/bin/pip" install --quiet --disable-pip-version-check -r tests/pipelines/requirements.txt
    cp tests/pipelines/requirements.txt "$tools_root/installed.txt"
fi
# shellcheck disable=SC2034 # whoever sources this uses it
tools="$(cd "$tools_root/bin" && pwd)"
