//! The commits of a history in columns: a million of them take about a hundred megabytes.

use std::hash::Hash;

use plimsoll_model::SignatureScheme;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Person;

/// Stands for a parent that is not in the history.
pub(crate) const ABSENT: u32 = u32::MAX;
/// Stands for a time that is not a number.
pub(crate) const NO_TIME: i64 = i64::MIN;

/// The commits of a history. Each is named by its place: newest first by committer time, then by id, whatever the number of
/// threads that read them.
///
/// People and trailers that stand in many commits are kept once. Whatever the columns hold, also what was read from a file,
/// nothing here panics: what a column lacks is as if it were empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commits {
    /// Bytes of an id.
    pub(crate) width: usize,
    /// The ids, one after the other.
    pub(crate) ids: Vec<u8>,
    /// The places in the order of their ids.
    pub(crate) by_id: Vec<u32>,
    pub(crate) parents: Lists,
    pub(crate) authored: Vec<i64>,
    pub(crate) committed: Vec<i64>,
    pub(crate) people: Vec<Person>,
    pub(crate) authors: Vec<u32>,
    pub(crate) committers: Vec<u32>,
    pub(crate) schemes: Vec<SignatureScheme>,
    /// Places of commits that lack a header that every commit has, sorted.
    pub(crate) malformed: Vec<u32>,
    /// Subjects of merges by place, sorted.
    pub(crate) subjects: Vec<(u32, String)>,
    pub(crate) trailers: Lists,
    pub(crate) lines: Vec<(String, String)>,
}

/// A list of numbers for each commit, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lists {
    /// Where the list of each commit ends.
    ends: Vec<u32>,
    numbers: Vec<u32>,
}

impl Lists {
    /// Adds the list of the next commit. Numbers beyond four thousand million are left out, as no memory holds as many.
    pub(crate) fn push(&mut self, numbers: impl Iterator<Item = u32>) {
        self.numbers.extend(numbers);
        self.ends.push(u32::try_from(self.numbers.len()).unwrap_or(u32::MAX));
    }

    pub(crate) fn of(&self, place: usize) -> &[u32] {
        let start = place.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        let range = start.zip(self.ends.get(place).copied()).map(|(start, end)| start as usize..end as usize);
        range.and_then(|range| self.numbers.get(range)).unwrap_or_default()
    }
}

impl Commits {
    /// Makes room for the columns of so many commits, as a column that grows takes up to three times its size.
    pub(crate) fn reserve(&mut self, count: usize) {
        self.ids.reserve_exact(count * self.width);
        self.authored.reserve_exact(count);
        self.committed.reserve_exact(count);
        self.authors.reserve_exact(count);
        self.committers.reserve_exact(count);
        self.schemes.reserve_exact(count);
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// The commit at a place.
    pub fn get(&self, place: usize) -> Option<Commit<'_>> {
        (place < self.len()).then_some(Commit { commits: self, place })
    }

    /// All of them, newest first.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Commit<'_>> + DoubleEndedIterator {
        (0..self.len()).map(|place| Commit { commits: self, place })
    }

    /// All of them for the threads of rayon, newest first.
    pub fn par_iter(&self) -> impl IndexedParallelIterator<Item = Commit<'_>> {
        (0..self.len()).into_par_iter().map(|place| Commit { commits: self, place })
    }

    /// Everybody who wrote or committed one of them. A person is named by a number in this list.
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// How many commits lack a header that every commit has.
    pub fn malformed(&self) -> usize {
        self.malformed.len()
    }

    /// The place of the commit with this object id in hexadecimal.
    pub fn place(&self, id: &str) -> Option<usize> {
        let mut bytes = [0; 32];
        let bytes = bytes.get_mut(..id.len() / 2)?;
        for (byte, digits) in bytes.iter_mut().zip(id.as_bytes().chunks_exact(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
        }
        // Signs and odd digits make another text of the same bytes.
        self.place_of(bytes).filter(|place| self.get(*place).is_some_and(|commit| commit.id() == id))
    }

    /// The place of the commit with this object id, as bytes.
    pub fn place_of(&self, id: &[u8]) -> Option<usize> {
        let at = self.by_id.binary_search_by(|place| self.id_of(*place as usize).cmp(id)).ok()?;
        self.by_id.get(at).map(|place| *place as usize)
    }

    /// The object id of the commit at a place, as bytes; nothing where there is none.
    pub fn id_of(&self, place: usize) -> &[u8] {
        let start = place.checked_mul(self.width);
        start.and_then(|start| self.ids.get(start..start.checked_add(self.width)?)).unwrap_or_default()
    }

    /// The parents of the commit at a place, in their order; nothing for one that is not in the history.
    pub fn parents(&self, place: usize) -> impl ExactSizeIterator<Item = Option<usize>> + '_ {
        self.parents.of(place).iter().map(|parent| (*parent != ABSENT).then_some(*parent as usize))
    }

    /// Marks in `seen` what can be reached from `stack`, and calls `found` with each commit that was not marked before.
    pub fn reach(&self, mut stack: Vec<usize>, seen: &mut Places, mut found: impl FnMut(usize)) {
        while let Some(place) = stack.pop() {
            if seen.insert(place) {
                found(place);
                stack.extend(self.parents(place).flatten());
            }
        }
    }

    /// A set of places that holds none.
    pub fn no_places(&self) -> Places {
        Places(vec![false; self.len()])
    }
}

/// One commit of a history.
#[derive(Clone, Copy, Debug)]
pub struct Commit<'a> {
    commits: &'a Commits,
    place: usize,
}

impl<'a> Commit<'a> {
    /// Its place in the history.
    pub fn place(self) -> usize {
        self.place
    }

    /// Object id in hexadecimal.
    pub fn id(self) -> String {
        plimsoll_model::hex(self.commits.id_of(self.place))
    }

    /// How many parents it names.
    pub fn parent_count(self) -> usize {
        self.commits.parents(self.place).len()
    }

    /// The number of who wrote the change. Those with equal numbers have the same name and address.
    pub fn author_number(self) -> usize {
        of(&self.commits.authors, self.place) as usize
    }

    /// The number of who made the commit.
    pub fn committer_number(self) -> usize {
        of(&self.commits.committers, self.place) as usize
    }

    /// Who wrote the change.
    pub fn author(self) -> &'a Person {
        self.commits.people.get(self.author_number()).unwrap_or(&NOBODY)
    }

    /// Who made the commit.
    pub fn committer(self) -> &'a Person {
        self.commits.people.get(self.committer_number()).unwrap_or(&NOBODY)
    }

    /// When it was written, in seconds since 1970 in UTC; absent when it is not a number.
    pub fn authored(self) -> Option<i64> {
        self.commits.authored.get(self.place).copied().filter(|seconds| *seconds != NO_TIME)
    }

    /// When it was made, in seconds since 1970 in UTC; absent when it is not a number.
    pub fn committed(self) -> Option<i64> {
        self.commits.committed.get(self.place).copied().filter(|seconds| *seconds != NO_TIME)
    }

    /// How it says that it is signed.
    pub fn signature(self) -> SignatureScheme {
        self.commits.schemes.get(self.place).copied().unwrap_or_default()
    }

    /// First line of the message, of merges alone; of others it is empty.
    pub fn subject(self) -> &'a str {
        let found = self.commits.subjects.binary_search_by_key(&self.place, |(place, _)| *place as usize);
        found.ok().and_then(|at| self.commits.subjects.get(at)).map_or("", |(_, subject)| subject.as_str())
    }

    /// `Key: value` lines of the last paragraph that name people.
    pub fn trailers(self) -> impl Iterator<Item = &'a (String, String)> {
        self.commits.trailers.of(self.place).iter().filter_map(|line| self.commits.lines.get(*line as usize))
    }
}

static NOBODY: Person = Person { name: String::new(), email: String::new() };

fn of(numbers: &[u32], place: usize) -> u32 {
    numbers.get(place).copied().unwrap_or(ABSENT)
}

/// A set of commits of one history.
#[derive(Clone, Debug, Default)]
pub struct Places(Vec<bool>);

impl Places {
    /// Is the commit at this place in it?
    pub fn contains(&self, place: usize) -> bool {
        self.0.get(place).copied().unwrap_or_default()
    }

    /// Puts it in; false where it was in, or where the history has no such place.
    pub fn insert(&mut self, place: usize) -> bool {
        self.0.get_mut(place).is_some_and(|one| !std::mem::replace(one, true))
    }

    /// Leaves what is in both.
    pub fn retain_common(&mut self, other: &Self) {
        for (place, one) in self.0.iter_mut().enumerate() {
            *one &= other.contains(place);
        }
    }
}

/// Numbers for values, in the order in which they were first given.
#[derive(Debug)]
pub(crate) struct Numbered<T>(std::collections::HashMap<T, u32>);

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self(std::collections::HashMap::new())
    }
}

impl<T: Hash + Eq> Numbered<T> {
    /// The number of a value, a new one where it has none.
    pub(crate) fn number(&mut self, value: T) -> u32 {
        let next = u32::try_from(self.0.len()).unwrap_or(ABSENT);
        *self.0.entry(value).or_insert(next)
    }

    /// The values in the order of their numbers.
    pub(crate) fn into_values(self) -> Vec<T> {
        let mut values: Vec<(u32, T)> = self.0.into_iter().map(|(value, number)| (number, value)).collect();
        values.sort_unstable_by_key(|(number, _)| *number);
        values.into_iter().map(|(_, value)| value).collect()
    }
}

#[cfg(test)]
mod tests {
    use git2::Oid;
    use proptest::prelude::*;

    use super::*;
    use crate::rows::Rows;

    fn oid(number: usize) -> Oid {
        Oid::from_str_ext(&format!("{number:040x}"), git2::ObjectFormat::Sha1).unwrap()
    }

    /// Commits whose ids are their numbers, and whose times let them come in that order.
    fn commits(parents: &[Vec<usize>], most: usize) -> Commits {
        let mut rows = Rows::default();
        for (number, parents) in (0_u32..).zip(parents) {
            let lines: Vec<String> = parents.iter().map(|parent| format!("parent {}\n", oid(*parent))).collect();
            let who = format!("author A{0} <a@x> 1 +0000\ncommitter C <c@x> {1} +0000\n", number % 3, 1000 - number);
            rows.push(number, crate::commit::parse(oid(number as usize), (lines.concat() + &who).as_bytes()));
            for parent in parents {
                rows.parent(u32::try_from(*parent).unwrap());
            }
        }
        rows.into_commits(&(0..most).map(oid).collect::<Vec<_>>())
    }

    #[test]
    fn places_are_those_of_the_list() {
        let commits = commits(&[vec![1, 9], vec![2], vec![]], 10);
        assert_eq!(commits.len(), 3);
        assert_eq!(commits.parents(0).collect::<Vec<_>>(), [Some(1), None]);
        assert_eq!((commits.parents(2).len(), commits.parents(7).len()), (0, 0));
        assert_eq!(commits.place(&oid(2).to_string()), Some(2));
        let author = |place| commits.get(place).unwrap().author().name.clone();
        assert_eq!([author(0), author(1), author(2)], ["A0", "A1", "A2"]);
        assert_eq!(commits.get(0).unwrap().committed(), Some(1000));
        for absent in
            [oid(9).to_string(), String::new(), "2".to_owned(), "x".repeat(40), "0".repeat(64), "é".repeat(20)]
        {
            assert_eq!(commits.place(&absent), None, "{absent}");
        }
        assert_eq!(commits.place(&oid(2).to_string().replacen("00", "+0", 1)), None);
        assert!(Commits::default().is_empty() && Commits::default().get(0).is_none());
    }

    proptest! {
        /// Against the same walk over sets of ids. A graph that was made to have circles ends as well.
        #[test]
        fn what_is_reached_is_what_a_walk_over_ids_reaches(
            parents in proptest::collection::vec(proptest::collection::vec(0_usize..30, 0..4), 1..30),
            start in 0_usize..30,
        ) {
            let commits = commits(&parents, 30);
            let mut seen = commits.no_places();
            let mut found = Vec::new();
            commits.reach(vec![start], &mut seen, |place| found.push(place));
            let mut stack = vec![start];
            let mut expected = std::collections::BTreeSet::new();
            while let Some(one) = stack.pop() {
                if one < parents.len() && expected.insert(one) {
                    stack.extend(&parents[one]);
                }
            }
            found.sort_unstable();
            prop_assert_eq!(&found, &expected.iter().copied().collect::<Vec<_>>());
            prop_assert!((0..parents.len()).all(|place| seen.contains(place) == expected.contains(&place)));
        }

        /// Kept commits may be any of them: what is added again is in no other order and under no other name.
        #[test]
        fn commits_that_are_added_again_are_the_same(
            parents in proptest::collection::vec(proptest::collection::vec(0_usize..30, 0..4), 1..30),
        ) {
            let whole = commits(&parents, 30);
            let mut rows = Rows::default();
            let number = |id: &[u8]| u32::from(*id.last().unwrap());
            rows.add_kept(&whole, &(0..whole.len()).rev().collect::<Vec<_>>(), number);
            prop_assert_eq!(rows.into_commits(&(0..30).map(oid).collect::<Vec<_>>()), whole);
        }
    }
}
