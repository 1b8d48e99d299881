//! What was not seen, grouped by what would change it.

use plimsoll_model::{KindStatus, Limitation};

/// Why something was not seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    /// It is in this repository, or should be, and could not be read.
    Unread,
    /// An option names what would show it.
    NotGiven,
    /// The rules of this version do not look for it, in any repository.
    NotLookedFor,
}

impl Gap {
    /// All groups, what is about this repository first.
    pub(crate) const ALL: [Self; 3] = [Self::Unread, Self::NotGiven, Self::NotLookedFor];

    /// A reason that names an option asks for an input. An option that is named for another purpose is not told apart.
    pub(crate) fn of(item: &Limitation) -> Self {
        let named = |word: &str| {
            word.trim_start_matches(['(', '`', '"', '['])
                .strip_prefix("--")
                .is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_lowercase()))
        };
        if item.reason.split_whitespace().any(named) {
            return Self::NotGiven;
        }
        match item.status {
            KindStatus::Searched => Self::NotLookedFor,
            KindStatus::Partial | KindStatus::Unavailable => Self::Unread,
        }
    }

    /// Its heading.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Unread => "Could not be read in this repository",
            Self::NotGiven => "No input was given for it",
            Self::NotLookedFor => "Known limits of this version",
        }
    }
}

/// Gives the groups that have something, each with what is in it in the label's own order.
pub(crate) fn grouped(all: &[Limitation]) -> Vec<(Gap, Vec<&Limitation>)> {
    let groups = Gap::ALL.map(|group| (group, all.iter().filter(|item| Gap::of(item) == group).collect::<Vec<_>>()));
    groups.into_iter().filter(|(_, items)| !items.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_gap_is_in_one_group() {
        for (status, reason, expected) in [
            (KindStatus::Unavailable, "no release file was given (--artifact)", Gap::NotGiven),
            (
                KindStatus::Searched,
                "what is kept at the forge is not seen; give it with `--attestation`",
                Gap::NotGiven,
            ),
            (KindStatus::Partial, "package.json cannot be read", Gap::Unread),
            (KindStatus::Partial, "a -- b and a--b are no options", Gap::Unread),
            (KindStatus::Searched, "weak algorithms are not recognised", Gap::NotLookedFor),
        ] {
            let item = Limitation { kind: "k".to_owned(), collector: String::new(), status, reason: reason.to_owned() };
            assert_eq!(Gap::of(&item), expected, "{reason}");
            assert_eq!(grouped(std::slice::from_ref(&item)).len(), 1);
        }
    }
}
