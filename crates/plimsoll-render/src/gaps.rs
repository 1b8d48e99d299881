//! What was not seen, grouped by what would change it.

use plimsoll_model::{KindStatus, Limitation};

use crate::words;

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

    /// A reason that names an option asks for an input; an option of another program's command is none of ours. An option of ours
    /// that is named for another purpose looks the same.
    pub(crate) fn of(item: &Limitation) -> Self {
        let option = |word: &str| {
            let name = word.trim_start_matches(['(', '"', '[']).strip_prefix("--");
            name.is_some_and(|name| name.starts_with(|first: char| first.is_ascii_lowercase()))
        };
        let asks = |(code, text): &(bool, String)| {
            let is_ours = !code || text.starts_with("--") || text.starts_with("plimsoll ");
            is_ours && text.split_whitespace().any(option)
        };
        if words::parts(&item.reason).iter().any(asks) {
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

/// One reason, and the kinds of evidence that it left unseen.
pub(crate) struct Reason<'a> {
    pub(crate) text: &'a str,
    pub(crate) kinds: Vec<&'a str>,
}

/// Gives the groups that have something, each with its reasons in the label's own order; a reason of several kinds once.
pub(crate) fn grouped(all: &[Limitation]) -> Vec<(Gap, Vec<Reason<'_>>)> {
    let mut groups: Vec<(Gap, Vec<Reason<'_>>)> = Gap::ALL.map(|group| (group, Vec::new())).into();
    for item in all {
        let group = Gap::of(item);
        let Some((_, reasons)) = groups.iter_mut().find(|(own, _)| *own == group) else { continue };
        match reasons.iter_mut().find(|reason| reason.text == item.reason) {
            Some(reason) if reason.kinds.contains(&item.kind.as_str()) => {}
            Some(reason) => reason.kinds.push(&item.kind),
            None => reasons.push(Reason { text: &item.reason, kinds: vec![&item.kind] }),
        }
    }
    groups.retain(|(_, reasons)| !reasons.is_empty());
    groups
}

/// How many reasons there are.
pub(crate) fn count(all: &[Limitation]) -> usize {
    grouped(all).iter().map(|(_, reasons)| reasons.len()).sum()
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
            (KindStatus::Searched, "run `plimsoll label --artifact FILE`", Gap::NotGiven),
            (KindStatus::Partial, "package.json cannot be read", Gap::Unread),
            (KindStatus::Partial, "cargo refused (`cargo metadata --locked` says why)", Gap::Unread),
            (KindStatus::Partial, "a -- b and a--b are no options", Gap::Unread),
            (KindStatus::Searched, "weak algorithms are not recognised", Gap::NotLookedFor),
        ] {
            let item = Limitation { kind: "k".to_owned(), collector: String::new(), status, reason: reason.to_owned() };
            assert_eq!(Gap::of(&item), expected, "{reason}");
            assert_eq!(grouped(std::slice::from_ref(&item)).len(), 1);
        }
    }

    #[test]
    fn a_reason_of_several_kinds_is_given_once() {
        let item = |kind: &str, status, reason: &str| Limitation {
            kind: kind.to_owned(),
            collector: String::new(),
            status,
            reason: reason.to_owned(),
        };
        let all = [
            item("b", KindStatus::Partial, "cut"),
            item("a", KindStatus::Searched, "limit"),
            item("c", KindStatus::Partial, "cut"),
            item("c", KindStatus::Partial, "cut"),
            // The same words of something that is not read at all are another gap.
            item("d", KindStatus::Searched, "cut"),
        ];
        let shown: Vec<String> = grouped(&all)
            .iter()
            .flat_map(|(group, reasons)| {
                reasons.iter().map(move |one| format!("{group:?} {} {:?}", one.text, one.kinds))
            })
            .collect();
        assert_eq!(shown, ["Unread cut [\"b\", \"c\"]", "NotLookedFor limit [\"a\"]", "NotLookedFor cut [\"d\"]"]);
        assert_eq!(count(&all), 3);
    }
}
