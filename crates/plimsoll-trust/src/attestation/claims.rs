//! What a certificate of Fulcio says of the run that asked for it.

use sigstore_verify::crypto::CertificateInfo;

use super::source::SourceName;

/// Claims of the platform that ran the build, which the build cannot write itself.
///
/// Source: Fulcio, `docs/oid-info.md`, arc 1.3.6.1.4.1.57264.1.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertificateClaims {
    /// `github-hosted`, `self-hosted` and the like.
    pub runner: Option<String>,
    /// The repository that was built.
    pub repository: Option<SourceName>,
    /// The commit that was built.
    pub commit: Option<String>,
    /// The branch or tag.
    pub reference: Option<String>,
    /// The workflow file that ran.
    pub workflow: Option<String>,
    /// What made it run.
    pub trigger: Option<String>,
    /// The run, for looking it up.
    pub run: Option<String>,
}

impl CertificateClaims {
    pub(super) fn of(certificate: &CertificateInfo) -> Self {
        let claims = &certificate.ci_claims;
        let old = &claims.deprecated_github;
        // Before there were general names, GitHub's claims had names of their own.
        let repository = match (&claims.source_repository_uri, &old.workflow_repository) {
            (Some(uri), _) => SourceName::read(uri),
            (None, Some(name)) => SourceName::read(&format!("https://github.com/{name}")),
            (None, None) => None,
        };
        Self {
            runner: claims.runner_environment.clone(),
            repository,
            commit: claims.source_repository_digest.clone().or_else(|| old.workflow_sha.clone()),
            reference: claims.source_repository_ref.clone().or_else(|| old.workflow_ref.clone()),
            workflow: claims.build_config_uri.clone(),
            trigger: claims.build_trigger.clone().or_else(|| old.workflow_trigger.clone()),
            run: claims.run_invocation_uri.clone(),
        }
    }
}
