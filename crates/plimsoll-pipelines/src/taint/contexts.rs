//! Which contexts, outputs and variables strangers choose, and which they do not.

/// Contexts whose text anybody can choose.
///
/// Source: GitHub, "Security hardening for GitHub Actions", on untrusted input; the fields of each event's payload.
pub(super) const UNTRUSTED: &[&str] = &[
    "github.event.issue.title",
    "github.event.issue.body",
    "github.event.pull_request.title",
    "github.event.pull_request.body",
    "github.event.pull_request.head.ref",
    "github.event.pull_request.head.label",
    "github.event.pull_request.head.repo.default_branch",
    "github.event.pull_request.head.repo.description",
    "github.event.pull_request.head.repo.homepage",
    "github.event.comment.body",
    "github.event.review.body",
    "github.event.review_comment.body",
    "github.event.discussion.title",
    "github.event.discussion.body",
    "github.event.answer.body",
    "github.event.changes",
    "github.event.pages",
    "github.event.commits",
    "github.event.head_commit.message",
    "github.event.head_commit.author",
    "github.event.head_commit.committer",
    "github.event.merge_group.head_commit",
    "github.event.forkee.description",
    "github.event.forkee.homepage",
    "github.event.check_suite.head_branch",
    "github.event.check_run.check_suite.head_branch",
    "github.event.workflow_run.head_branch",
    "github.event.workflow_run.head_commit",
    "github.event.workflow_run.display_title",
    "github.event.workflow_run.pull_requests",
    "github.event.workflow_run.head_repository.description",
    "github.head_ref",
];

/// Contexts that name what a stranger wrote.
pub(super) const FOREIGN: &[&str] = &[
    "github.event.pull_request.head",
    "github.event.pull_request.merge_commit_sha",
    "github.event.pull_request.diff_url",
    "github.event.pull_request.patch_url",
    "github.event.issue.pull_request.diff_url",
    "github.event.issue.pull_request.patch_url",
    "github.event.after",
    "github.event.forkee",
    "github.event.workflow_run.head_branch",
    "github.event.workflow_run.head_sha",
    "github.event.workflow_run.head_commit",
    "github.event.workflow_run.head_repository",
    "github.event.workflow_run.pull_requests",
    "github.event.check_suite.head_sha",
    "github.event.check_run.head_sha",
    "github.head_ref",
];

/// Texts of a change that GitLab hands to every job.
///
/// Source: GitLab, "Predefined CI/CD variables reference".
pub(super) const GITLAB_TEXTS: &[&str] = &[
    "CI_COMMIT_AUTHOR",
    "CI_COMMIT_BRANCH",
    "CI_COMMIT_DESCRIPTION",
    "CI_COMMIT_MESSAGE",
    "CI_COMMIT_REF_NAME",
    "CI_COMMIT_TAG_MESSAGE",
    "CI_COMMIT_TITLE",
    "CI_MERGE_REQUEST_DESCRIPTION",
    "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
    "CI_MERGE_REQUEST_TITLE",
];

/// Names of those who cause events.
pub(super) const OWNERS: &[&str] = &[
    "github.actor",
    "github.triggering_actor",
    "github.event.sender.login",
    "github.event.pull_request.user.login",
    "github.event.issue.user.login",
    "github.event.comment.user.login",
    "github.event.discussion.user.login",
    "github.event.review.user.login",
    "github.event.workflow_run.actor.login",
    "github.event.workflow_run.triggering_actor.login",
];

/// Numbers of changes.
pub(super) const NUMBERS: &[&str] =
    &["github.event.number", "github.event.pull_request.number", "github.event.issue.number"];

/// Actions whose outputs are no text of strangers; the start of the name.
pub(super) const PLAIN_OUTPUTS: &[&str] = &[
    "actions/cache",
    "actions/setup-",
    "actions/create-github-app-token",
    "actions/upload-artifact",
    "aws-actions/configure-aws-credentials",
    "azure/login",
    "dtolnay/rust-toolchain",
    "actions-rust-lang/setup-rust-toolchain",
    "google-github-actions/auth",
    "rust-lang/crates-io-auth-action",
    "tibdex/github-app-token",
];

/// Variables of a runner whose values no stranger chooses.
pub(super) const PLAIN_VARIABLES: &[&str] = &[
    "CI",
    "HOME",
    "PWD",
    "PATH",
    "USER",
    "RANDOM",
    "SECONDS",
    "LINENO",
    "HOSTNAME",
    "SHELL",
    "TMPDIR",
    "IFS",
    "OSTYPE",
    "GITHUB_ACTOR",
    "GITHUB_API_URL",
    "GITHUB_BASE_REF",
    "GITHUB_ENV",
    "GITHUB_EVENT_NAME",
    "GITHUB_GRAPHQL_URL",
    "GITHUB_JOB",
    "GITHUB_OUTPUT",
    "GITHUB_PATH",
    "GITHUB_REF",
    "GITHUB_REF_NAME",
    "GITHUB_REF_TYPE",
    "GITHUB_REPOSITORY",
    "GITHUB_REPOSITORY_OWNER",
    "GITHUB_RUN_ATTEMPT",
    "GITHUB_RUN_ID",
    "GITHUB_RUN_NUMBER",
    "GITHUB_SERVER_URL",
    "GITHUB_SHA",
    "GITHUB_STEP_SUMMARY",
    "GITHUB_TOKEN",
    "GH_TOKEN",
    "GITHUB_WORKFLOW",
    "GITHUB_WORKSPACE",
    "RUNNER_ARCH",
    "RUNNER_NAME",
    "RUNNER_OS",
    "RUNNER_TEMP",
    "RUNNER_TOOL_CACHE",
];
