#!/usr/bin/env bash
# Lints what runs in pipelines: zizmor and actionlint on the action and the workflows, shellcheck on the scripts, and the manifest of the
# pre-commit hooks. Offline once the tools are there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=ci/tools.sh
. ci/tools.sh

# Tools that look for others find these first: actionlint asks shellcheck about the scripts in workflows.
PATH="$tools:$PATH"
shellcheck --external-sources --severity=style ci/*.sh .ci/run
actionlint -color=false
zizmor --offline --no-progress --quiet --persona=pedantic --strict-collection .github/workflows action.yml setup verify

# What others copy: the template and the workflows in the documentation, with the placeholders filled in.
copied="$(mktemp -d)"
trap 'rm -rf -- "$copied"' EXIT
mkdir -p "$copied/.github/workflows"
fill() { ci/fill.sh acme/plimsoll 0123456789abcdef0123456789abcdef01234567 "$@"; }
fill templates/github/refresh.yml >"$copied/.github/workflows/refresh.yml"
fill .github/workflows/label-and-sign.yml >"$copied/.github/workflows/label-and-sign.yml"
fill docs/pipelines.md | python3 tests/pipelines/blocks.py "$copied/.github/workflows"
for file in "$copied"/.github/workflows/*.yml; do actionlint -color=false "$file"; done
zizmor --offline --no-progress --quiet --persona=pedantic --strict-collection "$copied/.github/workflows"
pre-commit validate-manifest .pre-commit-hooks.yaml
echo "workflows, action, scripts and hooks: no findings"
