//! The commit that the reader pins as the base: what it contains is not asked for.

use plimsoll_snapshot::{History, Places};
use plimsoll_trust::TrustPolicy;

/// Digits of its id that are shown.
const SHOWN: usize = 12;

/// What the base contains, where the policy has one that is in the history. One that is not takes nothing away.
pub(crate) struct Base {
    /// Its id and its place.
    commit: Option<(String, usize)>,
    contained: Places,
}

impl Base {
    pub(crate) fn of(policy: &TrustPolicy, history: &History) -> Self {
        let mut contained = history.commits.no_places();
        let commit = policy.base().and_then(|id| Some((id.to_owned(), history.commits.place(id)?)));
        if let Some((_, place)) = &commit {
            history.commits.reach(vec![*place], &mut contained, |_| {});
        }
        Self { commit, contained }
    }

    pub(crate) fn contains(&self, place: usize) -> bool {
        self.commit.is_some() && self.contained.contains(place)
    }

    /// Says where the range begins: at the base, where that contains the commit of the tag, else at the tag.
    pub(crate) fn since(&self, tag: Option<&str>, history: &History) -> Option<String> {
        let target = tag.and_then(|name| history.tags.iter().find(|tag| tag.name == name));
        let place = target.and_then(|tag| history.commits.place(&tag.target));
        let covers = tag.is_none() || place.is_some_and(|place| self.contains(place));
        match &self.commit {
            Some((id, _)) if covers => Some(format!("commit {}", id.get(..SHOWN).unwrap_or(id))),
            _ => tag.map(ToOwned::to_owned),
        }
    }

    /// Says that the base is not in the history.
    pub(crate) fn gap(&self, policy: &TrustPolicy) -> Option<String> {
        let base = policy.base().filter(|_| self.commit.is_none())?;
        Some(format!("The base commit of the trust policy ({base}) is not in this history: all of it is asked for."))
    }
}
