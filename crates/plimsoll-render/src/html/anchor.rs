//! Where criteria and entries are on the page.

use std::collections::BTreeSet;

use plimsoll_model::LabelBody;
use serde::Serialize;

use crate::words;

// Longer ids than any of ours.
const LONGEST: usize = 120;

/// Gives the fragment of a criterion or of an entry (`CATALOG/ENTRY`) on the page of a label: `label.html#ci.tests-gate`. It is the
/// id itself. An id that is no such name has none.
///
/// The dot or the slash keeps these names apart from those that the page has for itself.
pub fn anchor(id: &str) -> Option<&str> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "._-/".contains(letter);
    (id.len() <= LONGEST && id.contains(['.', '/']) && id.chars().all(is_plain)).then_some(id)
}

/// A criterion or an entry by name, and its place on the page where it has one.
#[derive(Serialize)]
pub(super) struct Reference {
    id: String,
    anchor: Option<String>,
}

/// The places that there are.
pub(super) struct Anchors(BTreeSet<String>);

impl Anchors {
    pub(super) fn of(body: &LabelBody) -> Self {
        let criteria = body.criteria.iter().map(|criterion| criterion.id.clone());
        let entries = body.catalogs.iter();
        let entries =
            entries.flat_map(|catalog| catalog.entries.iter().map(|one| format!("{}/{}", catalog.id, one.id)));
        Self(criteria.chain(entries).filter(|id| anchor(id).is_some()).collect())
    }

    pub(super) fn reference(&self, id: &str) -> Reference {
        Reference { id: words::clean(id), anchor: self.0.get(id).cloned() }
    }
}

/// Hands out each place once: of two rows with one id the first has it.
pub(super) struct Places<'a>(BTreeSet<&'a str>);

impl<'a> Places<'a> {
    pub(super) fn of(anchors: &'a Anchors) -> Self {
        Self(anchors.0.iter().map(String::as_str).collect())
    }

    pub(super) fn take(&mut self, id: &str) -> Option<String> {
        self.0.take(id).map(ToOwned::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_are_places() {
        for id in ["ci.tests-gate", "ssdf-1.1/PW.8.2", "cswp-23/C.1"] {
            assert_eq!(anchor(id), Some(id));
        }
        for id in
            ["", "findings", "a b.c", "a.b\"x", "../a?b", "a.<b>", "a.\u{202e}b", &format!("a.{}", "b".repeat(200))]
        {
            assert_eq!(anchor(id), None, "{id:?}");
        }
    }
}
