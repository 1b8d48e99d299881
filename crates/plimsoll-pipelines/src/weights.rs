//! What the purposes of a job come to.

use std::collections::{BTreeMap, BTreeSet};

/// A purpose of a job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// Does it run for every change, and does the change fail with it?
    pub gates: bool,
    /// Does it run by the clock, and does the run fail with it?
    pub scheduled: bool,
    /// It is named, whatever its failure comes to; where it makes something, it surely does.
    pub named: bool,
    /// It is not known whether it gates.
    pub may_gate: bool,
    /// The same by the clock.
    pub may_be_scheduled: bool,
    /// It is not known whether it is served at all.
    pub may_be: bool,
}

/// What was found in a job.
#[derive(Debug, Default)]
pub struct Purposes {
    /// Each purpose with what its failure means, by its name.
    pub weights: BTreeMap<&'static str, Weight>,
    /// By a purpose that gates the languages of the tools that serve it, as far as the product is written in them.
    pub languages: BTreeMap<&'static str, BTreeSet<&'static str>>,
    /// Why something is not known.
    pub unclear: Option<String>,
    /// The line of the step that is not known.
    pub unclear_line: Option<u64>,
}

impl Purposes {
    /// A test of signing attests to nothing that is released: where a job for changes tests, or is named so, whether it
    /// leaves a provenance behind is not known.
    pub(super) fn doubt_provenance(&mut self, names: &[&str]) {
        let by_name = names.iter().any(|name| {
            let mut words = name.split(|c: char| !c.is_ascii_alphanumeric());
            words.any(|word| {
                ["test", "tests", "e2e", "integration", "conformance"].iter().any(|one| word.eq_ignore_ascii_case(one))
            })
        });
        let tests = self.weights.contains_key("test");
        if let Some(weight) = self.weights.get_mut("provenance").filter(|_| tests || by_name) {
            weight.named = false;
            weight.may_be = true;
            self.unclear.get_or_insert_with(|| "what it attests to is a test, or a release".to_owned());
        }
    }
}
