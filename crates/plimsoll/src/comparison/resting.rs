//! Which results may come from an input that differs, and not from the change.

use std::collections::BTreeSet;

use plimsoll_model::{Input, InputId, LabelBody};
use plimsoll_practices::{Criterion, Practices};

use crate::kinds_that_rest_on;

/// What the moment is called among inputs.
pub const MOMENT: &str = "as-of";

/// The inputs that differ between two labels.
pub struct Resting<'a> {
    differing: Vec<String>,
    practices: &'a Practices,
}

impl<'a> Resting<'a> {
    /// Finds them. The order is that of the names, the moment first.
    pub fn of(before: &LabelBody, after: &LabelBody, practices: &'a Practices) -> Self {
        let (one, other) = (&before.inputs, &after.inputs);
        let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
        let moment = (before.as_of != after.as_of).then(|| MOMENT.to_owned());
        let given = names.into_iter().filter(|name| is_other(name, one.get(*name), other.get(*name)));
        Self { differing: moment.into_iter().chain(given.cloned()).collect(), practices }
    }

    /// Their names.
    pub fn differing(&self) -> &[String] {
        &self.differing
    }

    /// Those on which a criterion rests: something of a kind that it needs does.
    pub fn criterion(&self, id: &str) -> Vec<String> {
        let Some(criterion) = self.one(id) else { return self.differing.clone() };
        let reads_today = criterion.expressions().any(|expression| expression.source().contains("today"));
        let rests = |input: &&String| {
            if input.as_str() == MOMENT {
                reads_today || of_the_day().iter().any(|kind| criterion.needs.iter().any(|need| need == kind))
            } else {
                kinds_that_rest_on(input).iter().any(|kind| criterion.needs.iter().any(|need| need == kind))
            }
        };
        self.differing.iter().filter(rests).cloned().collect()
    }

    /// A criterion by its id.
    pub fn one(&self, id: &str) -> Option<&Criterion> {
        self.practices.criteria().get(id)
    }

    /// Those on which findings rest.
    pub fn finding(&self) -> Vec<String> {
        let names = [InputId::Advisories, InputId::Resolver, InputId::RegistryIndex].map(InputId::name);
        self.differing.iter().filter(|input| names.contains(&input.as_str())).cloned().collect()
    }

    /// The moment, if it differs.
    pub fn moment(&self) -> Vec<String> {
        self.differing.iter().filter(|input| input.as_str() == MOMENT).cloned().collect()
    }
}

/// Is an input another one on both sides, for a reason that is not the change itself?
///
/// What is not in the table is the commit's own. Of the others some are named only as far as the commit makes use of them.
fn is_other(name: &str, one: Option<&Input>, other: Option<&Input>) -> bool {
    match InputId::named(name) {
        // Which forges signed, and which of the locked crates are on the machine, changes with the commits and with what they lock.
        None | Some(InputId::Forges | InputId::CrateSources) => false,
        // References move with every commit; whether the history was looked at is a choice.
        Some(InputId::References) => one.is_some() != other.is_some(),
        // It is asked where there is a package to resolve.
        Some(InputId::Resolver) => one.zip(other).is_some_and(|(one, other)| one != other),
        Some(InputId::Advisories) => match (one, other) {
            (Some(one), Some(other)) => is_other_data(one, other),
            (one, other) => one.is_some() != other.is_some(),
        },
        Some(_) => one != other,
    }
}

/// Evidence names the data of each ecosystem that is in use: a change that brings in another one brings its data along.
fn is_other_data(one: &Input, other: &Input) -> bool {
    let mut common = one.parts.iter().filter_map(|(name, part)| Some((part, other.parts.get(name)?))).peekable();
    if one.source != other.source {
        return true;
    }
    if common.peek().is_some() {
        return common.any(|(one, other)| one != other);
    }
    one.parts.is_empty() && other.parts.is_empty() && one.digest != other.digest
}

/// Kinds that say something else on another day.
fn of_the_day() -> Vec<&'static str> {
    let kinds = plimsoll_collect::kinds().into_iter().map(|(_, kind)| kind);
    kinds.filter(|kind| kind.on_day.is_some() || kind.of_first_day).map(|kind| kind.name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(source: &str, parts: &[(&str, &str)]) -> Input {
        let part = |revision: &str| Input { revision: Some(revision.to_owned()), ..Input::default() };
        Input {
            source: source.to_owned(),
            parts: parts.iter().map(|(name, revision)| ((*name).to_owned(), part(revision))).collect(),
            ..Input::default()
        }
    }

    #[test]
    fn what_the_commit_decides_is_no_other_input() {
        let (cargo, newer) = (data("embedded", &[("crates.io", "1")]), data("embedded", &[("crates.io", "2")]));
        let both = data("embedded", &[("crates.io", "1"), ("npm", "7")]);
        let npm = data("embedded", &[("npm", "7")]);
        let given = data("given", &[("crates.io", "1")]);
        for (name, one, other, expected) in [
            ("advisories", Some(&cargo), Some(&cargo), false),
            ("advisories", Some(&cargo), Some(&both), false),
            ("advisories", Some(&cargo), Some(&npm), false),
            ("advisories", Some(&cargo), Some(&newer), true),
            ("advisories", Some(&cargo), Some(&given), true),
            ("advisories", Some(&cargo), None, true),
            ("claims", Some(&cargo), Some(&newer), false),
            ("forges", None, Some(&cargo), false),
            ("crate-sources", Some(&cargo), Some(&newer), false),
            ("resolver", None, Some(&cargo), false),
            ("resolver", Some(&cargo), Some(&newer), true),
            ("trust", None, Some(&cargo), true),
            ("trust", Some(&cargo), Some(&newer), true),
            ("vex", Some(&cargo), None, true),
        ] {
            assert_eq!(is_other(name, one, other), expected, "{name} {one:?} {other:?}");
        }
    }
}
