//! Do the ranges that are declared allow the version that fixes a flaw, and what holds it back?

use plimsoll_components::{Component, allows};
use plimsoll_model::body::{AdvisoryFinding, FixAllowed, HeldBy};

/// What holds back that is named.
const NAMED: usize = 10;

/// Is the version that fixes a finding within the ranges of all that take the package, among the components of its lockfile?
///
/// A range counts where it takes the version that is locked: another is about another package of the name. Without one that
/// holds back, all have to be known.
pub(super) fn of(finding: &AdvisoryFinding, components: &[Component]) -> (Option<FixAllowed>, Vec<HeldBy>) {
    let Some(fixed) = &finding.fixed_in else { return (None, Vec::new()) };
    let takes =
        |component: &&Component| component.lockfile == finding.lockfile && component.depends_on.contains(&finding.purl);
    let (mut held, mut any, mut open) = (Vec::new(), false, false);
    for component in components.iter().filter(takes) {
        any = true;
        let ranges = component.asks.get(&finding.package).map(Vec::as_slice).unwrap_or_default();
        open |= ranges.is_empty();
        for range in ranges {
            match (allows(&finding.purl, range, &finding.version), allows(&finding.purl, range, fixed)) {
                (Some(true), Some(true)) => {}
                (Some(true), Some(false)) => {
                    held.push(HeldBy { purl: component.purl.clone(), range: range.clone() });
                }
                _ => open = true,
            }
        }
    }
    held.sort();
    held.dedup();
    held.truncate(NAMED);
    let allowed = match (held.is_empty(), any && !open) {
        (false, _) => FixAllowed::No,
        (true, true) => FixAllowed::Yes,
        (true, false) => FixAllowed::NotKnown,
    };
    (Some(allowed), held)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::collectors::exceptions::tests::{components, finding};

    const TIME: &str = "pkg:cargo/time@0.1.43";

    fn check(asks: &[&[&str]], fixed: &str, expected: Option<FixAllowed>, held: usize) {
        let base = components();
        let of_time = |component: &&Component| component.depends_on.iter().any(|purl| purl == TIME);
        let taker = base.iter().find(of_time).unwrap();
        let takers = asks.iter().enumerate().map(|(number, ranges)| Component {
            purl: format!("pkg:cargo/taker-{number}@1.0.0"),
            depends_on: vec![TIME.to_owned()],
            asks: BTreeMap::from([("time".to_owned(), ranges.iter().map(|range| (*range).to_owned()).collect())]),
            ..taker.clone()
        });
        let components: Vec<Component> = takers.collect();
        let lockfile = taker.lockfile.clone().unwrap();
        let fixed_in = Some(fixed.to_owned()).filter(|fixed| !fixed.is_empty());
        let finding = AdvisoryFinding { fixed_in, ..finding(&lockfile, TIME, "RUSTSEC-1", &[]) };
        let found = of(&finding, &components);
        assert_eq!((found.0, found.1.len()), (expected, held), "{asks:?} {fixed}: {:?}", found.1);
    }

    #[test]
    fn a_fix_is_allowed_where_every_range_is_known_and_takes_it() {
        use FixAllowed::{No, NotKnown, Yes};
        for (asks, fixed, expected, held) in [
            (&[&["0.1"][..]][..], "0.1.45", Some(Yes), 0),
            (&[&["0.1"]], "0.2.23", Some(No), 1),
            (&[&["0.1"], &[">=0.1, <0.3"]], "0.2.23", Some(No), 1),
            (&[&["<0.3"], &["0.1.40", ">=0.1"]], "0.2.23", Some(No), 1),
            (&[&["0.1"], &[]], "0.1.45", Some(NotKnown), 0),
            (&[&["0.1"], &[]], "0.2.23", Some(No), 1),
            (&[&["0.1"], &["nonsense"]], "0.1.45", Some(NotKnown), 0),
            (&[&[""]], "0.1.45", Some(NotKnown), 0),
            // A range that does not take what is locked is about another of the name.
            (&[&["0.3"]], "0.3.1", Some(NotKnown), 0),
            (&[], "0.1.45", Some(NotKnown), 0),
            (&[&["0.1"]], "", None, 0),
        ] {
            check(asks, fixed, expected, held);
        }
    }
}
