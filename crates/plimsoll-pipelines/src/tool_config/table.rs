//! Words of settings that change nothing about what a check looks at.

/// Options of pytest that change nothing about which tests run and whether it fails.
pub(super) const ADDOPTS: &str = "-q -qq -v -vv -vvv -x -s -l -ra -rA -rs -rf -rfE -rfEX -rxXs -rxXs -r --verbose --quiet \
    --exitfirst --strict --strict-markers --strict-config --showlocals --no-header --no-summary --cov --cov-branch \
    --cov-append --doctest-modules --full-trace --no-cov-on-fail --durations-min --disable-socket --random-order";
pub(super) const ADDOPTS_WITH_VALUE: &str = "--tb --durations --color --cov --cov-report --cov-config --cov-fail-under \
    --junitxml --junit-xml --import-mode --maxfail -n --numprocesses --dist --timeout --capture --doctest-glob \
    --doctest-continue-on-failure -W --asyncio-mode --log-level --log-cli-level --verbosity --show-capture --basetemp";

/// Keys of `.npmrc` that change nothing about which program a script is. With `ignore-scripts` a script that is asked for runs,
/// and what is before and behind it does not.
pub(super) const NPMRC: &str = "registry save-exact save-prefix save engine-strict fund audit audit-level loglevel progress \
    package-lock lockfile auto-install-peers strict-peer-dependencies strict-peer-deps legacy-peer-deps always-auth \
    provenance access shamefully-hoist hoist hoist-pattern public-hoist-pattern link-workspace-packages \
    prefer-workspace-packages save-workspace-protocol shared-workspace-lockfile node-linker resolution-mode \
    dedupe-peer-dependents minimum-release-age prefer-frozen-lockfile color update-notifier sign-git-tag message \
    tag-version-prefix install-links workspaces-update strict-ssl fetch-retries fetch-timeout git-checks \
    ignore-workspace-root-check include-workspace-root side-effects-cache email maxsockets min-release-age allow-git \
    ignore-scripts";
