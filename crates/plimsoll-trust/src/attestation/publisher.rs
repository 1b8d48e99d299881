//! The publisher that an index of Python packages names beside attestations.

use serde_json::Value;

use super::{json::text, signer::Signer, source::SourceName};

/// Who tells a Sigstore instance about runs of GitHub's workflows.
const GITHUB: &str = "https://token.actions.githubusercontent.com";

/// A publisher as an index names it: what it told the index, and what the certificate has to say as well.
///
/// Source: PEP 740, provenance objects, and the index's trusted publishers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Publisher {
    /// A workflow of a repository of GitHub.
    GitHub { repository: String, workflow: String },
    /// A pipeline of a project of GitLab.
    GitLab { repository: String, workflow: String },
    /// An account of Google.
    Google { email: String },
    /// Anything else.
    Other,
}

impl Publisher {
    pub fn read(value: &Value) -> Self {
        let own = |name: &str| text(value, name).map(ToOwned::to_owned);
        let found = match text(value, "kind") {
            Some("GitHub") => own("repository")
                .zip(own("workflow"))
                .map(|(repository, workflow)| Self::GitHub { repository, workflow }),
            Some("GitLab") => own("repository")
                .zip(own("workflow_filepath"))
                .map(|(repository, workflow)| Self::GitLab { repository, workflow }),
            Some("Google") => own("email").map(|email| Self::Google { email }),
            _ => None,
        };
        found.unwrap_or(Self::Other)
    }

    /// Is the one who signed this publisher?
    pub fn is(&self, signer: &Signer) -> Result<(), String> {
        let Signer::Certificate { identity, issuer, claims, .. } = signer else {
            return Err("a key signed it, and the index names a publisher".to_owned());
        };
        let file = |repository: &SourceName, path: &str| {
            let start = format!("https://{repository}/{path}@");
            claims.repository.as_ref() == Some(repository)
                && (identity.starts_with(&start)
                    || claims.workflow.as_ref().is_some_and(|workflow| workflow.starts_with(&start)))
        };
        let by = |expected: &str| issuer.as_deref() == Some(expected);
        let fits = match self {
            Self::GitHub { repository, workflow } => {
                let name = SourceName::read(&format!("github.com/{repository}"));
                // A company's own address begins with GitHub's.
                let issuer = issuer.as_deref().and_then(|issuer| issuer.strip_prefix(GITHUB));
                issuer.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                    && name.is_some_and(|name| file(&name, &format!(".github/workflows/{workflow}")))
            }
            Self::GitLab { repository, workflow } => {
                let name = SourceName::read(&format!("gitlab.com/{repository}"));
                by("https://gitlab.com") && name.is_some_and(|name| file(&name, &format!("/{workflow}")))
            }
            Self::Google { email } => by("https://accounts.google.com") && email == identity,
            Self::Other => return Err("the index names a publisher of a kind that is not known".to_owned()),
        };
        if fits { Ok(()) } else { Err("the publisher that the index names is not who signed it".to_owned()) }
    }
}
