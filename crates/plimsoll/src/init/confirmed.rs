//! What the maker has confirmed: nothing else is claimed.

use std::collections::BTreeMap;

use plimsoll_collect::profile::Field;
use plimsoll_model::body::Answer;

use super::Known;

/// What is done with one category of data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct DataUse {
    pub(super) collects: bool,
    pub(super) stores: bool,
    pub(super) shares: bool,
    pub(super) derives: bool,
    pub(super) why: String,
}

/// Values, answers and what is said of data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confirmed {
    /// Values by key.
    pub(super) values: BTreeMap<Field, Vec<String>>,
    /// Answers by catalog and entry, or practice, each with a note.
    pub(super) answers: BTreeMap<(String, String), (Answer, String)>,
    /// Categories of data.
    pub(super) data: BTreeMap<String, DataUse>,
    /// How data is protected.
    pub(super) protection: Option<String>,
}

impl Confirmed {
    /// What is active in a file that nobody was asked about: the name that the manifest gives, and the version that the
    /// manifest and the newest release agree on.
    pub fn without_asking(known: &Known) -> Self {
        let mut confirmed = Self::default();
        for field in [Field::Name, Field::Version] {
            if let Some(found) = known.suggestions.get(&field).filter(|found| found.sure) {
                confirmed.values.insert(field, found.values.clone());
            }
        }
        // A version of what has no name is about nothing.
        if !confirmed.values.contains_key(&Field::Name) {
            confirmed.values.clear();
        }
        confirmed
    }

    pub(super) fn set(&mut self, field: Field, value: &str) {
        if !value.is_empty() {
            self.values.insert(field, vec![value.to_owned()]);
        }
    }

    pub(super) fn answer(&mut self, catalog: &str, entry: &str, answer: Answer, note: &str) {
        self.answers.insert((catalog.to_owned(), entry.to_owned()), (answer, note.to_owned()));
    }
}
