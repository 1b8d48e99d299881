//! How changes came into the main line in the year up to the newest of them, who keeps it, and how often there is a release.
//!
//! The main line is what first parents lead to. Names, addresses and days are what commits say, which anybody may write. A branch
//! that was overwritten leaves no trace in a clone: earlier evidence shows it (`--previous`).

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use plimsoll_model::{Assurance, Kind, Pointer, Subject};
use plimsoll_snapshot::{Commit, History, Person};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    gaps,
    mailmap::Mailmap,
    people::{Contributors, is_bot, same_person},
    releases::Releases,
    reviewers::reviewers,
};
use crate::{Context, Gathered};

/// Days that are looked at.
const DAYS: i32 = 365;
/// Bytes of `.mailmap`.
const LARGEST_MAILMAP: u64 = 1024 * 1024;
/// People who are compared with each other, those with the most commits; of the others each address is a person.
const MOST_COMPARED: usize = 200;

/// The main line in the year up to its newest change.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangeControlFact {
    /// The first day that is looked at: a year before the newest change.
    from: Date,
    /// Commits on the main line since then by people, not by programs.
    changes: usize,
    /// Of these, how many show a second person: the four below.
    second_person: usize,
    /// Merges of what somebody else wrote.
    merged_by_another: usize,
    /// Single commits that somebody else than the author made.
    applied_by_another: usize,
    /// Others whose trailers name a reviewer who is not the author.
    reviewed_in_trailer: usize,
    /// Merges of the merger's own work, without a reviewer.
    self_merged: usize,
    /// Single commits that the code host made: a pull request, or an edit in the browser. A second person is not seen, and may
    /// have been there.
    through_host: usize,
    /// Single commits by their author alone, pushed as they are.
    direct: usize,
    /// Changes with a `Co-authored-by` that names another person.
    co_authored: usize,
    /// Commits on the main line since then by programs.
    by_programs: usize,
    /// People who put two changes or more into the main line.
    maintainers: usize,
    /// People who wrote commits that came in since then, by `.mailmap`.
    authors: usize,
    /// The smallest number of people who together wrote more than half of these commits; 0 where there are none.
    bus_factor: usize,
    /// Release tags of these days.
    releases: usize,
    /// The middle number of days between one of them and the next.
    days_between_releases: Option<i64>,
}

/// The kind of it.
pub(super) const CHANGE_CONTROL: Kind = Kind::of::<ChangeControlFact>(
    "change-control",
    "How changes came into the main line in the last year, who keeps it, how often there is a release.",
)
.of_first_day()
.once()
.with_parts(&[
    ("changes", &["secondPerson", "selfMerged", "throughHost", "direct", "coAuthored"]),
    ("secondPerson", &["mergedByAnother", "appliedByAnother", "reviewedInTrailer"]),
]);

/// Gives the fact of a history, with what could not be seen.
pub(super) fn gather(
    history: &History,
    cx: &Context<'_>,
    releases: &Releases<'_>,
    contributors: &Contributors,
) -> Gathered {
    let mut gathered = Gathered::searched(&CHANGE_CONTROL, "commits", history.commits.len() as u64);
    // Also what is not of the last year leads to what is: of a line that is cut off it is not known where it ends.
    for gap in gaps(history) {
        gathered.gap(gap);
    }
    gathered.limitation(
        "An approval that is kept at the code host alone is not seen; names in commits are not proven. A branch that was \
         overwritten leaves no trace in a clone.",
    );
    let mailmap = cx.snapshot.entry(".mailmap").map(|entry| cx.snapshot.read_text(entry, LARGEST_MAILMAP));
    let mailmap = match mailmap {
        None => Mailmap::default(),
        Some(Ok(text)) => Mailmap::read(&text),
        Some(Err(error)) => {
            gathered.gap(format!(".mailmap: {error}"));
            Mailmap::default()
        }
    };
    // The year ends with the newest change, so that what is seen is the same on each day on which it is looked at.
    let newest = history.commits.iter().filter_map(|commit| day(commit.committed())).filter(|day| *day <= cx.today());
    let newest = newest.max().unwrap_or_else(|| cx.today());
    let from = newest.checked_sub(DAYS.days()).unwrap_or(newest);
    let id = cx.snapshot.commit();
    let fact = fact(history, (&id, releases, contributors, &mailmap), (from, newest));
    gathered.push(Subject::commit(&id), Assurance::Observed, &fact, vec![Pointer::commit(&id)]);
    gathered
}

type Sides<'a> = (&'a str, &'a Releases<'a>, &'a Contributors, &'a Mailmap);

fn day(seconds: Option<i64>) -> Option<Date> {
    let time = Timestamp::from_second(seconds?).ok()?;
    Some(time.to_zoned(TimeZone::UTC).date())
}

fn fact(history: &History, sides: Sides<'_>, (from, newest): (Date, Date)) -> ChangeControlFact {
    let (head, releases, contributors, mailmap) = sides;
    let commits = &history.commits;
    let is_recent = |seconds: Option<i64>| day(seconds).is_some_and(|day| from <= day && day <= newest);
    let mut fact = ChangeControlFact {
        from,
        changes: 0,
        second_person: 0,
        merged_by_another: 0,
        applied_by_another: 0,
        reviewed_in_trailer: 0,
        self_merged: 0,
        through_host: 0,
        direct: 0,
        co_authored: 0,
        by_programs: 0,
        maintainers: 0,
        authors: 0,
        bus_factor: 0,
        releases: 0,
        days_between_releases: None,
    };
    let mut keepers: Vec<&Person> = Vec::new();
    let mut next = commits.place(head);
    let mut left = commits.len();
    // A history has no cycle; the bound is for object databases that were made to have one.
    while let Some(commit) = next.and_then(|place| commits.get(place)).filter(|_| left > 0) {
        left -= 1;
        next = commits.parents(commit.place()).next().flatten();
        if !is_recent(commit.committed()) {
            continue;
        }
        if contributors.has_no_author(commit) {
            fact.by_programs += 1;
            continue;
        }
        fact.changes += 1;
        keepers.push(if contributors.has_other_committer(commit) { commit.committer() } else { commit.author() });
        *way(&mut fact, commit, releases, contributors) += 1;
        fact.co_authored += usize::from(has_co_author(commit));
    }
    fact.second_person = fact.merged_by_another + fact.applied_by_another + fact.reviewed_in_trailer;
    let recent = commits.iter().filter(|commit| is_recent(commit.committed()) && !contributors.has_no_author(*commit));
    // Of a merge nobody wrote anything.
    let authors = counted(recent.filter(|commit| commit.parent_count() < 2).map(Commit::author), mailmap);
    fact.maintainers = counted(keepers.into_iter(), mailmap).into_iter().filter(|count| *count >= 2).count();
    fact.authors = authors.len();
    fact.bus_factor = bus_factor(&authors);
    let mut days: Vec<Date> = history
        .tags
        .iter()
        .filter(|tag| releases.is_release(&tag.name))
        .filter_map(|tag| {
            let of_commit = || commits.place(&tag.target).and_then(|place| commits.get(place)?.committed());
            day(tag.made.or_else(of_commit)).filter(|day| from <= *day && *day <= newest)
        })
        .collect();
    days.sort_unstable();
    fact.releases = days.len();
    let mut between: Vec<i64> =
        days.iter().zip(days.iter().skip(1)).map(|(one, other)| i64::from((*other - *one).get_days())).collect();
    between.sort_unstable();
    fact.days_between_releases = between.get(between.len() / 2).copied();
    fact
}

/// The count of the way in which a change came.
fn way<'f>(
    fact: &'f mut ChangeControlFact,
    commit: Commit<'_>,
    releases: &Releases<'_>,
    contributors: &Contributors,
) -> &'f mut usize {
    let is_merge = commit.parent_count() > 1;
    if is_merge && releases.merges_anothers(commit) {
        &mut fact.merged_by_another
    } else if !is_merge && contributors.has_other_committer(commit) {
        &mut fact.applied_by_another
    } else if !reviewers(commit, &contributors.people).is_empty() {
        &mut fact.reviewed_in_trailer
    } else if is_merge {
        &mut fact.self_merged
    } else if contributors.is_made_by_forge(commit) {
        &mut fact.through_host
    } else {
        &mut fact.direct
    }
}

/// Does a trailer name another person as an author?
fn has_co_author(commit: Commit<'_>) -> bool {
    commit.trailers().filter(|(key, _)| key.eq_ignore_ascii_case("co-authored-by")).any(|(_, value)| {
        let person = value.rsplit_once('<').and_then(|(name, rest)| Some((name, rest.split_once('>')?.0)));
        let person =
            person.map(|(name, email)| Person { name: name.trim().to_owned(), email: email.trim().to_owned() });
        person.is_some_and(|person| !is_bot(&person) && !same_person(&person, commit.author()))
    })
}

/// How often each person is there, the most first.
fn counted<'p>(all: impl Iterator<Item = &'p Person>, mailmap: &Mailmap) -> Vec<usize> {
    let mut by_name: BTreeMap<&Person, usize> = BTreeMap::new();
    for person in all {
        *by_name.entry(person).or_default() += 1;
    }
    let mut by_name: Vec<(&Person, usize)> = by_name.into_iter().collect();
    by_name.sort_by(|(one, of_one), (other, of_other)| of_other.cmp(of_one).then_with(|| one.cmp(other)));
    let mut people: Vec<(Person, usize)> = Vec::new();
    for (person, count) in by_name {
        let person = mailmap.person(person);
        let few = people.len() < MOST_COMPARED;
        let is_one = |known: &Person| {
            if few { same_person(known, &person) } else { known.email.eq_ignore_ascii_case(&person.email) }
        };
        match people.iter_mut().find(|(known, _)| is_one(known)) {
            Some((_, known)) => *known += count,
            None => people.push((person, count)),
        }
    }
    let mut counts: Vec<usize> = people.into_iter().map(|(_, count)| count).collect();
    counts.sort_unstable_by(|one, other| other.cmp(one));
    counts
}

/// How many of the first it takes to have more than half; the most first.
fn bus_factor(counts: &[usize]) -> usize {
    let all: usize = counts.iter().sum();
    let mut sum = 0;
    for (number, count) in counts.iter().enumerate() {
        sum += count;
        if sum * 2 > all {
            return number + 1;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bus_factor_is_the_fewest_who_wrote_more_than_half() {
        for (counts, expected) in
            [(vec![], 0), (vec![1], 1), (vec![1, 1], 2), (vec![2, 1], 1), (vec![2, 1, 1], 2), (vec![1, 1, 1, 1, 1], 3)]
        {
            assert_eq!(bus_factor(&counts), expected, "{counts:?}");
        }
    }

    #[test]
    fn one_person_under_several_addresses_is_counted_once() {
        let person = |name: &str, email: &str| Person { name: name.to_owned(), email: email.to_owned() };
        let (one, other, third) =
            (person("Jane Doe", "j@x.org"), person("jd", "old@y.org"), person("Ann", "ann@z.org"));
        let all = [&one, &other, &other, &third];
        assert_eq!(counted(all.into_iter(), &Mailmap::default()), [2, 1, 1]);
        let map = Mailmap::read("Jane Doe <j@x.org> <old@y.org>");
        assert_eq!(counted(all.into_iter(), &map), [3, 1]);
    }
}
