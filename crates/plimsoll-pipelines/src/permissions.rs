//! What a workflow and its jobs say that their tokens may do.

use github_actions_models::{
    common::{BasePermission, Permissions},
    workflow::Job as GitHubJob,
};

use super::model::{Access, Permission};

pub(super) fn of(job: &GitHubJob) -> &Permissions {
    match job {
        GitHubJob::NormalJob(job) => &job.permissions,
        GitHubJob::ReusableWorkflowCallJob(job) => &job.permissions,
    }
}

/// What a statement gives. Writing for every job of a file is more than one of them needs; it is `confined` where one
/// job alone gets it.
pub(super) fn stated(permissions: &Permissions, job: Option<&String>, confined: bool) -> Vec<Permission> {
    let one = |scope: &str, access: Access, least_privilege: bool| Permission {
        job: job.cloned(),
        scope: scope.to_owned(),
        access,
        least_privilege,
    };
    match permissions {
        Permissions::Base(BasePermission::Default) => vec![one("all", Access::Default, false)],
        Permissions::Base(BasePermission::ReadAll) => vec![one("all", Access::Read, true)],
        Permissions::Base(BasePermission::WriteAll) => vec![one("all", Access::Write, false)],
        Permissions::Explicit(scopes) if scopes.is_empty() => vec![one("all", Access::None, true)],
        Permissions::Explicit(scopes) => scopes
            .iter()
            .map(|(scope, permission)| {
                use github_actions_models::common::Permission as Given;
                match permission {
                    Given::Read => one(scope, Access::Read, true),
                    Given::None => one(scope, Access::None, true),
                    Given::Write => one(scope, Access::Write, confined),
                }
            })
            .collect(),
    }
}
