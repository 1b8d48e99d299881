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
zizmor --offline --no-progress --quiet --persona=pedantic --strict-collection .github/workflows action.yml
pre-commit validate-manifest .pre-commit-hooks.yaml
echo "workflows, action, scripts and hooks: no findings"
