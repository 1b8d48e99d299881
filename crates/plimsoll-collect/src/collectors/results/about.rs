//! Whether a report is about the repository and the commit that are examined.

use plimsoll_model::is_hex;
use plimsoll_snapshot::History;
use plimsoll_trust::SourceName;

use crate::{Context, claims::ClaimsFile, collectors::history, manifest::Manifests, results::Report};

/// What is examined.
pub(super) struct Place<'a> {
    commit: String,
    /// Is the working copy examined as well, which no report is about?
    worktree: bool,
    /// Addresses of the repository: those of the trust policy, else what the maker says.
    addresses: Vec<String>,
    history: &'a Result<History, String>,
}

/// What a report is about.
pub(super) struct About {
    /// `this`, `another` or `unknown`.
    pub(super) about: &'static str,
    /// Why it is not this.
    pub(super) reason: Option<String>,
}

impl About {
    const THIS: Self = Self { about: "this", reason: None };

    fn unknown(reason: impl Into<String>) -> Self {
        Self { about: "unknown", reason: Some(reason.into()) }
    }

    fn another(reason: impl Into<String>) -> Self {
        Self { about: "another", reason: Some(reason.into()) }
    }
}

/// An address as it is compared. Code hosts take no notice of case in it.
fn address(text: &str) -> Option<String> {
    SourceName::read(text).map(|name| name.to_string().to_lowercase())
}

impl<'a> Place<'a> {
    pub(super) fn of(cx: &Context<'a>) -> Self {
        let mut addresses: Vec<String> =
            cx.policy.attestations().repositories().iter().map(|name| name.to_string().to_lowercase()).collect();
        // Only where the one who runs this has not said it, the maker's word counts.
        if addresses.is_empty() {
            if let ClaimsFile::Present { claims, .. } = cx.claims {
                addresses.extend(claims.product.url.as_deref().and_then(address));
            }
            let manifests = Manifests::read(cx.snapshot, cx.classes);
            addresses.extend(manifests.repositories().filter_map(address));
        }
        Self { commit: cx.snapshot.commit(), worktree: cx.snapshot.worktree(), addresses, history: cx.history }
    }

    /// Does the history hold a commit? Nothing where not all of it is here.
    fn has(&self, commit: &str) -> Option<bool> {
        let history = self.history.as_ref().ok()?;
        let has = history.commits.place(commit).is_some();
        (has || history::gaps(history).is_empty()).then_some(has)
    }

    /// Says whether a report is about what is examined.
    ///
    /// What is about files has to name the commit in full. What is about the code host has to name the repository, and a commit
    /// of it where it names one.
    pub(super) fn about(&self, report: &Report) -> About {
        let of_host = report.purposes.iter().any(|purpose| purpose.is_of_host());
        if self.worktree && !of_host {
            return About::unknown("the working copy is examined, and no report is about that");
        }
        let named = report.repository.as_deref().map(address);
        match &named {
            Some(Some(named)) if self.addresses.contains(named) => {}
            Some(Some(named)) if !self.addresses.is_empty() => {
                return About::another(format!("it is about {named}, and this is {}", self.addresses.join(" or ")));
            }
            Some(Some(_)) if of_host => {
                return About::unknown(
                    "which repository this is is not known: name it in `repositories` of the trust policy, or in `url` of \
                     [product] in plimsoll.toml",
                );
            }
            Some(None) => return About::unknown("it names a repository by what is no address"),
            None if of_host => return About::unknown("it does not say about which repository it is"),
            Some(Some(_)) | None => {}
        }
        let Some(commit) = report.commit.as_deref() else {
            if of_host {
                return About::THIS;
            }
            return About::unknown("it does not say about which commit it is");
        };
        if !is_hex(commit, 40) && !is_hex(commit, 64) {
            return About::unknown("it names a commit by what is no full id");
        }
        if commit == self.commit {
            return About::THIS;
        }
        if !of_host || report.settings.is_none() {
            return About::another(format!("it is about commit {commit}"));
        }
        // Settings are of a branch that goes on: its last commit then may be an older one, or a newer.
        match self.has(commit) {
            Some(true) => About::THIS,
            Some(false) => About::another(format!("commit {commit}, at which it was made, is not in this history")),
            None => About::unknown("not all of the history is here, so whether it is about this one is not known"),
        }
    }
}
