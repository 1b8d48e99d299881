//! What is known of published actions.

/// When an action restores a cache.
pub(super) enum Cache {
    Always,
    /// Unless an input has this value.
    Unless(&'static str, &'static str),
    /// Where an input is set.
    If(&'static str),
}

/// Actions that restore what another run of the repository left.
///
/// Source: the `action.yml` of each.
pub(super) const CACHING: &[(&str, Cache)] = &[
    ("actions/cache", Cache::Unless("lookup-only", "true")),
    ("actions/cache/restore", Cache::Unless("lookup-only", "true")),
    ("actions/setup-dotnet", Cache::If("cache")),
    ("actions/setup-go", Cache::Unless("cache", "false")),
    ("actions/setup-java", Cache::If("cache")),
    ("actions/setup-node", Cache::Unless("package-manager-cache", "false")),
    ("actions/setup-python", Cache::If("cache")),
    ("actions-rust-lang/setup-rust-toolchain", Cache::Unless("cache", "false")),
    ("astral-sh/setup-uv", Cache::Unless("enable-cache", "false")),
    ("coursier/cache-action", Cache::Always),
    ("determinatesystems/magic-nix-cache-action", Cache::Always),
    ("gradle/actions/setup-gradle", Cache::Unless("cache-disabled", "true")),
    ("graalvm/setup-graalvm", Cache::If("cache")),
    ("jdx/mise-action", Cache::Unless("cache", "false")),
    ("mlugg/setup-zig", Cache::Unless("use-cache", "false")),
    ("mozilla-actions/sccache-action", Cache::Always),
    ("oven-sh/setup-bun", Cache::Unless("no-cache", "true")),
    ("pnpm/action-setup", Cache::If("cache")),
    ("pyo3/maturin-action", Cache::If("sccache")),
    ("ruby/setup-ruby", Cache::If("bundler-cache")),
    ("swatinem/rust-cache", Cache::Unless("lookup-only", "true")),
];

/// Actions that publish, and the input by which they do.
pub(super) const RELEASING: &[(&str, &str)] = &[
    ("actions/create-release", ""),
    ("actions/upload-release-asset", ""),
    ("cycjimmy/semantic-release-action", ""),
    ("docker/build-push-action", "push"),
    ("goreleaser/goreleaser-action", ""),
    ("katyo/publish-crates", ""),
    ("ncipollo/release-action", ""),
    ("pypa/gh-action-pypi-publish", ""),
    ("rubygems/release-gem", ""),
    ("rust-lang/crates-io-auth-action", ""),
    ("softprops/action-gh-release", ""),
    ("tauri-apps/tauri-action", "tagName"),
];

/// Actions whose repository is archived.
pub(super) const ABANDONED: &[&str] = &[
    "actions-rs/audit-check",
    "actions-rs/cargo",
    "actions-rs/clippy-check",
    "actions-rs/install",
    "actions-rs/toolchain",
    "actions/create-release",
    "actions/setup-elixir",
    "actions/setup-haskell",
    "actions/setup-ruby",
    "actions/upload-release-asset",
];

/// Actions that many use, whose names others take up with a letter changed.
pub(super) const KNOWN: &[&str] = &[
    "actions/cache",
    "actions/checkout",
    "actions/download-artifact",
    "actions/github-script",
    "actions/setup-go",
    "actions/setup-java",
    "actions/setup-node",
    "actions/setup-python",
    "actions/upload-artifact",
    "astral-sh/setup-uv",
    "aws-actions/configure-aws-credentials",
    "codecov/codecov-action",
    "docker/build-push-action",
    "docker/login-action",
    "docker/metadata-action",
    "docker/setup-buildx-action",
    "docker/setup-qemu-action",
    "dtolnay/rust-toolchain",
    "github/codeql-action",
    "golangci/golangci-lint-action",
    "goreleaser/goreleaser-action",
    "google-github-actions/auth",
    "hashicorp/setup-terraform",
    "peter-evans/create-pull-request",
    "pnpm/action-setup",
    "pypa/gh-action-pypi-publish",
    "ruby/setup-ruby",
    "sigstore/cosign-installer",
    "softprops/action-gh-release",
    "swatinem/rust-cache",
];

/// Contexts of `github` that are ids, numbers, or names that the repository itself has.
///
/// Source: GitHub, "Contexts reference".
pub(super) const PLAIN: &[&str] = &[
    "github.action",
    "github.action_path",
    "github.actor_id",
    "github.api_url",
    "github.event_name",
    "github.event_path",
    "github.event.after",
    "github.event.before",
    "github.event.issue.number",
    "github.event.number",
    "github.event.pull_request.base.sha",
    "github.event.pull_request.head.sha",
    "github.event.pull_request.number",
    "github.graphql_url",
    "github.job",
    "github.repository",
    "github.repository_id",
    "github.repository_owner",
    "github.repository_owner_id",
    "github.retention_days",
    "github.run_attempt",
    "github.run_id",
    "github.run_number",
    "github.server_url",
    "github.sha",
    "github.token",
    "github.workspace",
];
