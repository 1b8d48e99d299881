//! Which commit of a history is a parent of which, by their places in it.

use std::collections::HashMap;

use git2::Oid;

use crate::CommitRecord;

/// Stands for a parent that is not in the history.
const ABSENT: u32 = u32::MAX;

/// The parents of the commits of a history, each commit named by its place in the list that this was made of: a number takes a
/// tenth of the memory of an object id and is found without hashing.
#[derive(Debug, Default)]
pub struct CommitGraph {
    places: HashMap<Oid, u32>,
    /// Where the parents of each commit begin, and at the end where the last one's end.
    starts: Vec<u32>,
    parents: Vec<u32>,
}

impl CommitGraph {
    /// Of commits that are each there once. Commits and parents beyond four thousand million are left out, as no repository
    /// that fits into memory has them.
    pub fn of(commits: &[CommitRecord]) -> Self {
        let places: HashMap<Oid, u32> =
            commits.iter().zip(0_u32..ABSENT).map(|(commit, place)| (commit.oid, place)).collect();
        let mut graph = Self { places, starts: Vec::with_capacity(commits.len() + 1), parents: Vec::new() };
        for commit in commits {
            graph.starts.push(graph.end());
            let parents = commit.parent_ids.iter().map(|parent| graph.places.get(parent).copied().unwrap_or(ABSENT));
            graph.parents.extend(parents);
        }
        graph.starts.push(graph.end());
        graph
    }

    fn end(&self) -> u32 {
        u32::try_from(self.parents.len()).unwrap_or(ABSENT)
    }

    /// How many commits there are.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The place of the commit with this object id in hexadecimal.
    pub fn place(&self, id: &str) -> Option<usize> {
        // Of a history with ids of the other length, none is found.
        let format = if id.len() > 40 { git2::ObjectFormat::Sha256 } else { git2::ObjectFormat::Sha1 };
        let oid = Oid::from_str_ext(id, format).ok().filter(|_| id.len() >= 40)?;
        self.places.get(&oid).map(|place| *place as usize)
    }

    /// The parents of the commit at a place, in their order; nothing for one that is not in the history.
    pub fn parents(&self, place: usize) -> impl Iterator<Item = Option<usize>> + '_ {
        let start = self.starts.get(place).copied().unwrap_or_default() as usize;
        let end = self.starts.get(place + 1).copied().unwrap_or_default() as usize;
        let parents = self.parents.get(start..end).unwrap_or_default();
        parents.iter().map(|parent| (*parent != ABSENT).then_some(*parent as usize))
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn oid(number: usize) -> Oid {
        Oid::from_str_ext(&format!("{number:040x}"), git2::ObjectFormat::Sha1).unwrap()
    }

    fn commits(parents: &[Vec<usize>]) -> Vec<CommitRecord> {
        let parse = |(number, parents): (usize, &Vec<usize>)| {
            let lines: Vec<String> = parents.iter().map(|parent| format!("parent {}\n", oid(*parent))).collect();
            crate::commit::parse(oid(number), lines.concat().as_bytes())
        };
        parents.iter().enumerate().map(parse).collect()
    }

    #[test]
    fn places_are_those_of_the_list() {
        let graph = CommitGraph::of(&commits(&[vec![1, 9], vec![2], vec![]]));
        assert_eq!(graph.len(), 3);
        assert_eq!(graph.parents(0).collect::<Vec<_>>(), [Some(1), None]);
        assert_eq!(graph.parents(2).count(), 0);
        assert_eq!(graph.parents(7).count(), 0);
        assert_eq!(graph.place(&oid(2).to_string()), Some(2));
        for absent in [oid(9).to_string(), String::new(), "2".to_owned(), "x".repeat(40), "0".repeat(64)] {
            assert_eq!(graph.place(&absent), None, "{absent}");
        }
        assert!(CommitGraph::of(&[]).is_empty());
    }

    proptest! {
        /// Against the same walk over sets of ids. A graph that was made to have circles ends as well.
        #[test]
        fn what_is_reached_is_what_a_walk_over_ids_reaches(
            parents in proptest::collection::vec(proptest::collection::vec(0_usize..30, 0..4), 1..30),
            start in 0_usize..30,
        ) {
            let graph = CommitGraph::of(&commits(&parents));
            let mut seen = graph.no_places();
            let mut found = Vec::new();
            graph.reach(vec![start], &mut seen, |place| found.push(place));
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
    }
}
