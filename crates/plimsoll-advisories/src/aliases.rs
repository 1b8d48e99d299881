//! Which ids name one flaw.

use std::collections::BTreeMap;

use crate::record::Record;

/// Ids that are joined by aliases, over any number of records: one flaw counts once, whichever id names it.
#[derive(Clone, Debug, Default)]
pub struct Aliases {
    /// The ids of each flaw, sorted.
    flaws: Vec<Vec<String>>,
    /// The flaw of each id, without regard to case.
    of_id: BTreeMap<String, usize>,
}

impl Aliases {
    /// Joins the ids of records, whatever their order. Those that are withdrawn are for the caller to leave out: their aliases may
    /// be what was wrong.
    pub fn of<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        Self::of_ids(records.into_iter().map(|record| (record.id.as_str(), record.aliases.as_slice())))
    }

    /// The same for ids, each with its aliases.
    pub fn of_ids<'a>(records: impl IntoIterator<Item = (&'a str, &'a [String])>) -> Self {
        let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
        let (mut ids, mut above): (Vec<&str>, Vec<usize>) = Default::default();
        for (id, aliases) in records {
            let mut first = None;
            for id in std::iter::once(id).chain(aliases.iter().map(String::as_str)) {
                let number = *numbers.entry(id.to_ascii_uppercase()).or_insert(ids.len());
                if number == ids.len() {
                    ids.push(id);
                    above.push(number);
                }
                let (one, other) = (root(&mut above, *first.get_or_insert(number)), root(&mut above, number));
                if let Some(place) = above.get_mut(one.max(other)) {
                    *place = one.min(other);
                }
            }
        }
        let mut by_root: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for (number, id) in ids.iter().enumerate() {
            by_root.entry(root(&mut above, number)).or_default().push((*id).to_owned());
        }
        let mut flaws: Vec<Vec<String>> = by_root.into_values().collect();
        for ids in &mut flaws {
            ids.sort_unstable();
        }
        let numbered = flaws.iter().enumerate();
        let of_id =
            numbered.flat_map(|(flaw, ids)| ids.iter().map(move |id| (id.to_ascii_uppercase(), flaw))).collect();
        Self { flaws, of_id }
    }

    /// Do two ids name one flaw?
    pub fn same(&self, one: &str, other: &str) -> bool {
        let flaw = |id: &str| self.of_id.get(&id.to_ascii_uppercase());
        one.eq_ignore_ascii_case(other) || flaw(one).is_some_and(|found| flaw(other) == Some(found))
    }

    /// The id that stands for the flaw that `id` names: the first of its ids in their order, itself where it is not known.
    pub fn flaw<'a>(&'a self, id: &'a str) -> &'a str {
        self.all(id).first().map_or(id, String::as_str)
    }

    /// Every id of the flaw that `id` names, sorted; none where it is not known.
    pub fn all(&self, id: &str) -> &[String] {
        let flaw = self.of_id.get(&id.to_ascii_uppercase()).and_then(|flaw| self.flaws.get(*flaw));
        flaw.map(Vec::as_slice).unwrap_or_default()
    }
}

/// The root of a number; the way to it is halved, so that long chains end.
fn root(above: &mut [usize], number: usize) -> usize {
    let mut at = number;
    while let Some(next) = above.get(at).copied().filter(|next| *next != at) {
        let beyond = above.get(next).copied().unwrap_or(next);
        if let Some(place) = above.get_mut(at) {
            *place = beyond;
        }
        at = beyond;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(id: &str, aliases: &[&str]) -> Record {
        let aliases = aliases.iter().map(|alias| (*alias).to_owned()).collect();
        Record { id: id.to_owned(), aliases, ..Record::default() }
    }

    #[test]
    fn one_flaw_counts_once_whichever_id_names_it() {
        let records = [
            record("PYSEC-1", &["CVE-2020-1"]),
            record("GHSA-b", &["cve-2020-1", "MAL-2020-7"]),
            record("GO-1", &["CVE-2020-2"]),
            // In the middle of a chain, and last.
            record("RUSTSEC-3", &["CVE-2020-3"]),
            record("GHSA-c", &["CVE-2020-3", "CVE-2020-4"]),
            record("alone", &[]),
        ];
        let flaws = |records: &[Record]| {
            let aliases = Aliases::of(records);
            records.iter().map(|record| aliases.flaw(&record.id).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(flaws(&records), ["CVE-2020-1", "CVE-2020-1", "CVE-2020-2", "CVE-2020-3", "CVE-2020-3", "alone"]);
        let aliases = Aliases::of(&records);
        for (one, other, same) in [
            ("PYSEC-1", "MAL-2020-7", true),
            ("pysec-1", "ghsa-B", true),
            ("CVE-2020-4", "RUSTSEC-3", true),
            ("CVE-2020-2", "CVE-2020-1", false),
            ("GO-1", "alone", false),
            ("unknown", "UNKNOWN", true),
            ("unknown", "alone", false),
        ] {
            assert_eq!((aliases.same(one, other), aliases.same(other, one)), (same, same), "{one} {other}");
        }
        assert_eq!(aliases.all("MAL-2020-7"), ["CVE-2020-1", "GHSA-b", "MAL-2020-7", "PYSEC-1"]);
        assert_eq!(aliases.all("unknown"), <&[String]>::default());
        assert_eq!(aliases.flaw("unknown"), "unknown");
    }

    #[test]
    fn the_order_of_records_says_nothing_and_a_long_chain_is_one_flaw() {
        let mut records: Vec<Record> = (0..2000)
            .map(|n| record(&format!("R-{n:04}"), &[&format!("C-{n:04}"), &format!("C-{:04}", n + 1)]))
            .collect();
        for _ in 0..2 {
            let aliases = Aliases::of(&records);
            assert_eq!(aliases.flaw("R-1999"), "C-0000");
            assert!(aliases.same("R-0000", "C-2000"));
            records.reverse();
        }
    }
}
