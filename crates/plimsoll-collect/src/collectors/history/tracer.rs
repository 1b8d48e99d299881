//! The traces that a commit shows, for those who judge its signature.

use plimsoll_snapshot::{Commit, History, TagRecord};

use super::{
    by_merges,
    families::Product,
    is_whole,
    people::{Contributors, People},
    product,
    releases::{Releases, Walked},
    reviewers::reviewers,
};
use crate::Context;

/// What a commit shows next to its signature.
pub(crate) struct Trace {
    /// Not contained in the newest release before the commit that is examined?
    pub(crate) since_release: bool,
    /// Is there a trace of a second person?
    pub(crate) second_person: bool,
    /// Is there a trace in who merged it?
    pub(crate) by_merges: bool,
    /// The addresses in its trailers that name a reviewer, lower case: text, which anybody may write.
    pub(crate) reviewers: Vec<String>,
}

/// What the signatures' collector needs to know of releases and people, once for a collection.
pub(crate) struct Tracer<'a> {
    history: &'a History,
    head: String,
    product: Product,
    contributors: Contributors,
}

impl<'a> Tracer<'a> {
    pub(crate) fn new(history: &'a History, cx: &Context<'_>) -> Self {
        let contributors = Contributors::of(&history.commits, People::new(cx.policy.forge_names()));
        Self { history, head: cx.snapshot.commit(), product: product::of(cx), contributors }
    }

    /// Gives the releases; the last one before the commit that is examined is one whose tag `counts`.
    pub(crate) fn releases(&self, counts: &dyn Fn(&TagRecord) -> bool) -> Releases<'_> {
        let walked = Walked { history: self.history, head: &self.head, contributors: &self.contributors };
        Releases::counting(walked, is_whole(self.history), &self.product, counts)
    }

    /// Gives the traces of a commit.
    pub(crate) fn trace(&self, commit: Commit<'_>, releases: &Releases<'_>) -> Trace {
        let reviewers = reviewers(commit, &self.contributors.people);
        let by_merges = by_merges(commit, releases);
        Trace {
            since_release: !releases.contains(commit.place()),
            second_person: !reviewers.is_empty() || self.contributors.has_other_committer(commit) || by_merges,
            by_merges,
            reviewers: reviewers.into_iter().map(|one| one.email.to_lowercase()).collect(),
        }
    }
}
