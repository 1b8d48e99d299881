//! Commits as they are read, in the order in which they are found, until they can be ordered.

use git2::Oid;
use plimsoll_model::SignatureScheme;
use rayon::prelude::*;

use crate::{
    CommitRecord, Commits, Person,
    commits::{ABSENT, NO_TIME, Numbered},
};

/// Commits that were read by one worker, each with the number that its id has in the walk.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    found: Vec<Row>,
    /// The numbers of the parents of all rows, one row after the other.
    parents: Vec<u32>,
    trailers: Vec<u32>,
    /// Subjects of merges by the number of the commit.
    subjects: Vec<(u32, String)>,
    people: Numbered<Person>,
    lines: Numbered<(String, String)>,
}

#[derive(Debug)]
struct Row {
    number: u32,
    parents: u32,
    trailers: u32,
    author: u32,
    committer: u32,
    authored: i64,
    committed: i64,
    scheme: SignatureScheme,
    well_formed: bool,
}

impl Rows {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.found.len()
    }

    /// Adds a commit. The numbers of its parents follow one by one in [`Rows::parent`].
    pub(crate) fn push(&mut self, number: u32, record: CommitRecord) {
        let count = |length: usize| u32::try_from(length).unwrap_or(ABSENT);
        if record.parent_ids.len() > 1 {
            self.subjects.push((number, record.subject));
        }
        let row = Row {
            number,
            parents: count(record.parent_ids.len()),
            trailers: count(record.trailers.len()),
            author: self.people.number(record.author),
            committer: self.people.number(record.committer),
            authored: record.authored.unwrap_or(NO_TIME),
            committed: record.committed.unwrap_or(NO_TIME),
            scheme: record.signature,
            well_formed: record.well_formed,
        };
        self.trailers.extend(record.trailers.into_iter().map(|line| self.lines.number(line)));
        self.found.push(row);
    }

    /// Adds the next parent of the commits in the order in which they were added.
    pub(crate) fn parent(&mut self, number: u32) {
        self.parents.push(number);
    }

    /// Adds what another worker read.
    pub(crate) fn append(&mut self, other: Self) {
        if self.found.is_empty() {
            *self = other;
            return;
        }
        let people: Vec<u32> = other.people.into_values().into_iter().map(|one| self.people.number(one)).collect();
        let lines: Vec<u32> = other.lines.into_values().into_iter().map(|one| self.lines.number(one)).collect();
        let of = |numbers: &[u32], number: u32| numbers.get(number as usize).copied().unwrap_or(ABSENT);
        let renumbered =
            |row: Row| Row { author: of(&people, row.author), committer: of(&people, row.committer), ..row };
        self.found.extend(other.found.into_iter().map(renumbered));
        self.parents.extend(other.parents);
        self.trailers.extend(other.trailers.into_iter().map(|line| of(&lines, line)));
        self.subjects.extend(other.subjects);
    }

    /// Adds the commits of `kept` at `places`; `number` gives the number of an id.
    pub(crate) fn add_kept(&mut self, kept: &Commits, places: &[usize], mut number: impl FnMut(&[u8]) -> u32) {
        let mut own = Self::default();
        for commit in places.iter().filter_map(|place| kept.get(*place)) {
            let place = commit.place();
            let trailers: Vec<u32> = commit.trailers().map(|line| own.lines.number(line.clone())).collect();
            let row = Row {
                number: number(kept.id_of(place)),
                parents: u32::try_from(commit.parent_count()).unwrap_or(ABSENT),
                trailers: u32::try_from(trailers.len()).unwrap_or(ABSENT),
                author: own.people.number(commit.author().clone()),
                committer: own.people.number(commit.committer().clone()),
                authored: commit.authored().unwrap_or(NO_TIME),
                committed: commit.committed().unwrap_or(NO_TIME),
                scheme: commit.signature(),
                well_formed: kept.malformed.binary_search(&u32::try_from(place).unwrap_or(ABSENT)).is_err(),
            };
            if row.parents > 1 {
                own.subjects.push((row.number, commit.subject().to_owned()));
            }
            own.trailers.extend(trailers);
            for parent in kept.parents(place) {
                own.parents.push(parent.map_or(ABSENT, |parent| number(kept.id_of(parent))));
            }
            own.found.push(row);
        }
        self.append(own);
    }

    /// Orders the commits. `ids` are the ids by their numbers; a parent that was not read is in no place.
    pub(crate) fn into_commits(self, ids: &[Oid]) -> Commits {
        let id = |row: &Row| ids.get(row.number as usize).copied().unwrap_or(Oid::ZERO_SHA1);
        let starts = |count: fn(&Row) -> u32| {
            let start = |sum: &mut usize, row: &Row| Some(std::mem::replace(sum, *sum + count(row) as usize));
            self.found.iter().scan(0, start).collect::<Vec<usize>>()
        };
        let (parents, trailers) = (starts(|row| row.parents), starts(|row| row.trailers));
        let mut order: Vec<(&Row, usize, usize)> = self
            .found
            .iter()
            .zip(parents)
            .zip(trailers)
            .map(|((row, parents), trailers)| (row, parents, trailers))
            .collect();
        order.par_sort_unstable_by(|(one, ..), (other, ..)| {
            other.committed.cmp(&one.committed).then_with(|| id(one).cmp(&id(other)))
        });
        let mut places = vec![ABSENT; ids.len()];
        for (place, (row, ..)) in (0..ABSENT).zip(&order) {
            if let Some(one) = places.get_mut(row.number as usize) {
                *one = place;
            }
        }
        let place_of = |number: u32| places.get(number as usize).copied().unwrap_or(ABSENT);
        let mut commits = Commits { width: ids.first().map_or(0, |id| id.as_bytes().len()), ..Commits::default() };
        commits.reserve(order.len());
        let (people, lines) = (self.people.into_values(), self.lines.into_values());
        // Numbers of people and lines in the order of the commits, not in that in which the threads came to them.
        let (mut people, mut lines) = (Renumbered::of(people), Renumbered::of(lines));
        for (place, (row, parents, trailers)) in (0..ABSENT).zip(&order) {
            commits.ids.extend_from_slice(id(row).as_bytes());
            let list = |all: &[u32], start: usize, count: u32| {
                all.get(start..start + count as usize).unwrap_or_default().to_vec()
            };
            commits.parents.push(list(&self.parents, *parents, row.parents).into_iter().map(place_of));
            commits
                .trailers
                .push(list(&self.trailers, *trailers, row.trailers).into_iter().map(|line| lines.number(line)));
            commits.authors.push(people.number(row.author));
            commits.committers.push(people.number(row.committer));
            commits.authored.push(row.authored);
            commits.committed.push(row.committed);
            commits.schemes.push(row.scheme);
            if !row.well_formed {
                commits.malformed.push(place);
            }
        }
        commits.subjects = self.subjects.into_iter().map(|(number, subject)| (place_of(number), subject)).collect();
        commits.subjects.sort_unstable();
        (commits.people, commits.lines) = (people.into_values(), lines.into_values());
        let mut by_id: Vec<u32> = (0..ABSENT).take(order.len()).collect();
        by_id.par_sort_unstable_by(|one, other| commits.id_of(*one as usize).cmp(commits.id_of(*other as usize)));
        commits.by_id = by_id;
        commits
    }
}

/// Values whose numbers are given out again.
struct Renumbered<T> {
    old: Vec<Option<T>>,
    numbers: Vec<u32>,
    values: Vec<T>,
}

impl<T> Renumbered<T> {
    fn of(values: Vec<T>) -> Self {
        Self { numbers: vec![ABSENT; values.len()], old: values.into_iter().map(Some).collect(), values: Vec::new() }
    }

    fn number(&mut self, old: u32) -> u32 {
        let Some(number) = self.numbers.get_mut(old as usize) else { return ABSENT };
        if *number == ABSENT {
            *number = u32::try_from(self.values.len()).unwrap_or(ABSENT);
            self.values.extend(self.old.get_mut(old as usize).and_then(Option::take));
        }
        *number
    }

    fn into_values(self) -> Vec<T> {
        self.values
    }
}
