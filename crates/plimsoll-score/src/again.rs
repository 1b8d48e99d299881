//! Criteria that are judged for one moment after the other: again only where something that they read is otherwise.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::{Fact, KindReport};
use plimsoll_practices::{Criterion, Environment, Expression, Lists};

use crate::{
    Judged,
    criteria::{self, ByKind},
};

/// A criterion with the kinds that it reads or needs, with underscores.
pub(crate) struct Reader<'p> {
    criterion: &'p Criterion,
    kinds: BTreeSet<String>,
    asks_day: bool,
}

impl<'p> Reader<'p> {
    pub(crate) fn of(criterion: &'p Criterion) -> Self {
        let needs = criterion.needs.iter().map(|need| need.replace('-', "_"));
        Self {
            criterion,
            kinds: criterion.reads().into_iter().chain(needs).collect(),
            asks_day: criterion.expressions().any(Expression::asks_day),
        }
    }
}

/// What the last moment had, and came to.
#[derive(Default)]
pub(crate) struct Last {
    facts: BTreeMap<String, Vec<Fact>>,
    lists: Lists,
    judged: Judged,
}

impl Last {
    /// Takes in the facts of a moment of the kinds `moving` (with underscores); gives the kinds of which they are others than at
    /// the last one.
    pub(crate) fn take(&mut self, facts: &ByKind<'_>, moving: &BTreeSet<String>) -> BTreeSet<String> {
        let mut changed = BTreeSet::new();
        let mut found: BTreeMap<String, &[&Fact]> = BTreeMap::new();
        for (kind, facts) in facts {
            found.insert(kind.replace('-', "_"), facts);
        }
        for kind in moving {
            let now = found.get(kind).copied().unwrap_or_default();
            let same =
                |last: &Vec<Fact>| last.len() == now.len() && last.iter().zip(now).all(|(one, other)| one == *other);
            if !self.facts.get(kind).is_some_and(same) {
                let now: Vec<Fact> = now.iter().map(|fact| (*fact).clone()).collect();
                self.lists = self.lists.with(Lists::of(now.iter(), &BTreeSet::from([kind.clone()])));
                self.facts.insert(kind.clone(), now);
                changed.insert(kind.clone());
            }
        }
        changed
    }

    /// The lists of the kinds that were taken in.
    pub(crate) fn lists(&self) -> &Lists {
        &self.lists
    }

    /// Judges those of `readers` that read one of the kinds `changed` or ask for the day, and those that were never judged.
    pub(crate) fn assess<'p>(
        &mut self,
        readers: impl Iterator<Item = &'p Reader<'p>>,
        changed: &BTreeSet<String>,
        (kinds, facts): (&BTreeMap<String, KindReport>, &ByKind<'_>),
        environment: &Environment<'_, '_>,
    ) -> Judged {
        let again = readers.filter(|reader| {
            reader.asks_day || !reader.kinds.is_disjoint(changed) || !self.judged.contains_key(&reader.criterion.id)
        });
        let again = again.map(|reader| reader.criterion);
        self.judged.extend(criteria::assess(kinds, facts, again, environment));
        self.judged.clone()
    }
}
