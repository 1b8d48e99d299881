//! Who changed what when, what traces of review there are, and what says that it is signed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use plimsoll_model::{Assurance, Kind, Pointer, Subject};
use plimsoll_snapshot::{CommitRecord, History, SignatureScheme, TagRecord};
use schemars::JsonSchema;
use semver::Version;
use serde::Serialize;

use super::signatures::ReleaseTags;
use crate::{Collector, Context, Gathered, Need};

/// Commits that become facts of their own; of older ones only the sums are told.
const MOST_COMMITS: usize = 100_000;

/// The history in numbers.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct HistoryFact {
    /// The commit and its ancestors.
    commits: usize,
    /// Different addresses of authors.
    authors: usize,
    /// Commits with two parents or more.
    merges: usize,
    /// Commits that say they are signed.
    signed: usize,
    /// Commits that do not.
    unsigned: usize,
    /// Commits by people (not bots).
    by_people: usize,
    /// Of these, how many show a second person.
    reviewed: usize,
    /// Committer's day of the oldest commit.
    first_commit: Option<Date>,
    /// Committer's day of the newest commit.
    last_commit: Option<Date>,
    /// Days from the newest commit to as-of; negative when it lies after.
    days_since_last: Option<i64>,
    /// Tags that name a release.
    releases: usize,
    /// Commits since the release before this commit (a tag on the commit itself is not before it); all when there is none.
    since_release: usize,
    /// Of these, how many say they are signed.
    signed_since_release: usize,
    /// Of these, how many say they are signed or show a second person.
    answered_since_release: usize,
    /// Was the clone cut off on purpose?
    shallow: bool,
}

/// One commit.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct CommitFact {
    /// Author's day.
    authored: Option<Date>,
    /// Committer's day.
    committed: Option<Date>,
    /// Author's address.
    author_email: String,
    /// Committer's address.
    committer_email: String,
    /// How many parents.
    parents: usize,
    /// Two parents or more?
    merge: bool,
    /// Made by a forge's merge button?
    forge_merge: bool,
    /// Different people whom its trailers name as reviewers, the author not counted.
    reviewers: usize,
    /// Is there a trace of a second person: a reviewer, another committer, somebody else who merged it?
    second_person: bool,
    /// `none`, `openpgp`, `ssh`, `x509`, `unknown`.
    signature: &'static str,
    /// Not contained in the newest release before the commit that is examined?
    since_release: bool,
    /// Is the author a program?
    bot_author: bool,
}

/// One tag.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct TagFact {
    /// Its name.
    name: String,
    /// The commit.
    target: String,
    /// An object of its own?
    annotated: bool,
    /// Tagger's day.
    date: Option<Date>,
    /// `none`, `openpgp`, `ssh`, `x509`, `unknown`.
    signature: &'static str,
    /// Does its name read as a release's (a version that is no pre-release)?
    release: bool,
    /// The version in its name.
    version: Option<String>,
    /// The newest release?
    newest: bool,
}

const HISTORY: Kind = Kind::of::<HistoryFact>("history", "The history of the commit in numbers.");
const COMMIT: Kind =
    Kind::of::<CommitFact>("commit", "One commit: who, when, traces of review, how it says it is signed.");
const TAG: Kind = Kind::of::<TagFact>("tag", "One tag on the history: release or not, how it says it is signed.");

/// Commits and tags.
pub struct HistoryCollector;

impl Collector for HistoryCollector {
    fn name(&self) -> &'static str {
        "history"
    }

    fn about(&self) -> &'static str {
        "Commits, authors, merges and tags, traces of review, and which of them say they are signed."
    }

    fn states(&self) -> &'static [Kind] {
        &[HISTORY, COMMIT, TAG]
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::History]
    }

    fn collect(&self, cx: &Context<'_>) -> Vec<Gathered> {
        match cx.history {
            Ok(history) => gather(history, cx),
            Err(reason) => {
                self.states().iter().map(|kind| Gathered::unavailable(kind, "commits", reason.clone())).collect()
            }
        }
    }
}

fn gather(history: &History, cx: &Context<'_>) -> Vec<Gathered> {
    let today = cx.today();
    let count = history.commits.len() as u64;
    let mut summary = Gathered::searched(&HISTORY, "commits", count);
    let mut commits = Gathered::searched(&COMMIT, "commits", count.min(MOST_COMMITS as u64));
    let mut tags = Gathered::searched(&TAG, "tags on the history", history.tags.len() as u64);
    for gap in gaps(history) {
        summary.gap(gap.clone());
        commits.gap(gap.clone());
        tags.gap(gap);
    }
    for name in &history.unreadable_tags {
        tags.gap(format!("the tag {name} cannot be read"));
    }
    commits.limitation(
        "A review that leaves no trace in the commit (a comment or approval kept at the forge) is not seen; trailers and \
         names are what the commit says and are not proven.",
    );
    commits.limitation("Signatures are told apart by their form and were not verified.");
    tags.limitation("Signatures are told apart by their form and were not verified.");

    let id = cx.snapshot.commit();
    let releases = Releases::of(history, &id);
    let mut sums = HistoryFact {
        commits: history.commits.len(),
        authors: history.commits.iter().map(|commit| commit.author.email.as_str()).collect::<BTreeSet<_>>().len(),
        merges: 0,
        signed: 0,
        unsigned: 0,
        by_people: 0,
        reviewed: 0,
        first_commit: history.commits.iter().filter_map(|commit| day(commit.committer.seconds)).min(),
        last_commit: history.commits.iter().filter_map(|commit| day(commit.committer.seconds)).max(),
        days_since_last: None,
        releases: releases.versions.len(),
        since_release: 0,
        signed_since_release: 0,
        answered_since_release: 0,
        shallow: history.shallow,
    };
    sums.days_since_last = sums.last_commit.map(|last| i64::from((today - last).get_days()));
    for (number, commit) in history.commits.iter().enumerate() {
        let fact = commit_fact(commit, &releases);
        let signed = commit.signature != SignatureScheme::None;
        sums.merges += usize::from(fact.merge);
        sums.signed += usize::from(signed);
        sums.unsigned += usize::from(!signed);
        sums.by_people += usize::from(!fact.bot_author);
        sums.reviewed += usize::from(!fact.bot_author && fact.second_person);
        sums.since_release += usize::from(fact.since_release);
        sums.signed_since_release += usize::from(fact.since_release && signed);
        sums.answered_since_release += usize::from(fact.since_release && (signed || fact.second_person));
        if number < MOST_COMMITS {
            let id = commit.id();
            commits.push(Subject::commit(&id), Assurance::Observed, &fact, vec![Pointer::commit(&id)]);
        }
    }
    if history.commits.len() > MOST_COMMITS {
        commits.gap(format!("{} older commits are only counted", history.commits.len() - MOST_COMMITS));
    }
    summary.push(Subject::commit(&id), Assurance::Observed, &sums, vec![Pointer::commit(&id)]);
    for tag in &history.tags {
        let version = releases.versions.get(&tag.name).or_else(|| releases.others.get(&tag.name));
        let fact = TagFact {
            name: tag.name.clone(),
            target: tag.target.clone(),
            annotated: tag.annotated,
            date: day(tag.tagger.as_ref().and_then(|tagger| tagger.seconds)),
            signature: tag.signature.as_str(),
            release: releases.versions.contains_key(&tag.name),
            version: version.map(ToString::to_string),
            newest: releases.newest.as_ref() == Some(&tag.name),
        };
        tags.push(
            Subject::tag(&tag.name),
            Assurance::Observed,
            &fact,
            vec![Pointer::tag(&tag.name), Pointer::commit(&tag.target)],
        );
    }
    vec![summary, commits, tags]
}

/// Why the history is not whole.
pub(super) fn gaps(history: &History) -> Vec<String> {
    let mut gaps = Vec::new();
    if history.shallow {
        gaps.push("the clone is shallow: older commits are not here (`git fetch --unshallow` brings them)".to_owned());
    }
    if let Some(first) = history.missing.first() {
        gaps.push(format!(
            "{} commits are missing from the object database, {first} among them",
            history.missing.len()
        ));
    }
    if history.malformed > 0 {
        gaps.push(format!("{} commits are malformed", history.malformed));
    }
    gaps
}

/// What a commit shows beside its signature.
pub(super) struct Trace {
    /// Not contained in the newest release before the commit that is examined?
    pub(super) since_release: bool,
    /// Is there a trace of a second person?
    pub(super) second_person: bool,
}

/// Gives the traces of each commit, in the order of the history.
pub(super) fn traces(history: &History, head: &str) -> Vec<Trace> {
    let releases = Releases::of(history, head);
    let trace = |commit| {
        let fact = commit_fact(commit, &releases);
        Trace { since_release: fact.since_release, second_person: fact.second_person }
    };
    history.commits.iter().map(trace).collect()
}

/// Gives the tags that name a release, and whether each is the newest.
pub(super) fn release_tags(history: &History, head: &str) -> ReleaseTags {
    let releases = Releases::of(history, head);
    releases.versions.keys().map(|name| (name.clone(), releases.newest.as_ref() == Some(name))).collect()
}

fn commit_fact(commit: &CommitRecord, releases: &Releases) -> CommitFact {
    let reviewers = reviewers(commit);
    let merge = commit.parents().len() > 1;
    let by_forge = is_forge(&commit.committer.email);
    let forge_merge = merge && (by_forge || FORGE_MERGES.iter().any(|start| commit.subject.starts_with(start)));
    let other_committer = !by_forge && !same_person(&commit.author.email, &commit.committer.email);
    CommitFact {
        authored: day(commit.author.seconds),
        committed: day(commit.committer.seconds),
        author_email: commit.author.email.clone(),
        committer_email: commit.committer.email.clone(),
        parents: commit.parents().len(),
        merge,
        forge_merge,
        reviewers,
        second_person: reviewers > 0
            || other_committer
            || releases.integrated_by_another(commit)
            || releases.merges_anothers(commit),
        signature: commit.signature.as_str(),
        since_release: !releases.contained.contains(&commit.id()),
        bot_author: is_bot(&commit.author.name, &commit.author.email),
    }
}

/// Subjects of merges that forges write.
const FORGE_MERGES: &[&str] =
    &["Merge pull request #", "Merge branch '", "Merged in ", "Merge PR #", "Auto merge of #"];
/// Addresses under which forges commit.
const FORGES: &[&str] = &["noreply@github.com", "noreply@gitlab.com", "noreply@codeberg.org", "noreply@bitbucket.org"];
/// Trailers that name somebody who looked at the change.
const REVIEW_TRAILERS: &[&str] =
    &["reviewed-by", "acked-by", "approved-by", "tested-by", "reviewed-and-tested-by", "signed-off-by"];

fn is_forge(email: &str) -> bool {
    FORGES.iter().any(|forge| email.eq_ignore_ascii_case(forge))
}

fn is_bot(name: &str, email: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with("[bot]")
        || email.to_ascii_lowercase().contains("[bot]@")
        || name == "dependabot"
        || name == "renovate"
}

fn same_person(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

// Different addresses in review trailers that are neither the author's nor the committer's own: a sign-off of
// somebody else shows that it passed through other hands.
fn reviewers(commit: &CommitRecord) -> usize {
    let mut people = BTreeSet::new();
    for (key, value) in &commit.trailers {
        if !REVIEW_TRAILERS.iter().any(|trailer| key.eq_ignore_ascii_case(trailer)) {
            continue;
        }
        let address =
            value.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or(value.as_str(), |(mail, _)| mail);
        let address = address.trim().to_ascii_lowercase();
        if !address.is_empty() && !same_person(&address, &commit.author.email) && !is_bot("", &address) {
            people.insert(address);
        }
    }
    people.len()
}

struct Releases {
    /// Release tags and their versions.
    versions: BTreeMap<String, Version>,
    /// Pre-release tags and their versions.
    others: BTreeMap<String, Version>,
    newest: Option<String>,
    /// Commits in the newest release before the commit that is examined.
    contained: HashSet<String>,
    /// Who brought a commit into the main line, where that was a merge; lower-case address.
    integrators: HashMap<String, String>,
    /// Lower-case address of each commit's author.
    authors: HashMap<String, String>,
}

impl Releases {
    fn of(history: &History, head: &str) -> Self {
        let by_id: HashMap<String, &CommitRecord> =
            history.commits.iter().map(|commit| (commit.id(), commit)).collect();
        let (mut versions, mut others) = (BTreeMap::new(), BTreeMap::new());
        let (mut newest, mut before): (Newest<'_>, Newest<'_>) = (None, None);
        for tag in &history.tags {
            let Some(version) = version_in(&tag.name) else { continue };
            if !version.pre.is_empty() {
                others.insert(tag.name.clone(), version);
                continue;
            }
            let seconds = by_id.get(&tag.target).and_then(|commit| commit.committer.seconds);
            let later =
                |best: &Newest<'_>| best.as_ref().is_none_or(|(time, best, _)| (*time, best) < (seconds, &version));
            if later(&newest) {
                newest = Some((seconds, version.clone(), tag));
            }
            if tag.target != head && later(&before) {
                before = Some((seconds, version.clone(), tag));
            }
            versions.insert(tag.name.clone(), version);
        }
        let mut contained = HashSet::new();
        reach(&by_id, before.iter().map(|(_, _, tag)| tag.target.clone()).collect(), &mut contained, |_| {});
        Self {
            versions,
            others,
            newest: newest.map(|(_, _, tag)| tag.name.clone()),
            contained,
            integrators: integrators(&by_id, head),
            authors: history
                .commits
                .iter()
                .map(|commit| (commit.id(), commit.author.email.to_ascii_lowercase()))
                .collect(),
        }
    }

    // A merge shows a second person for what it brings in where who merged is not who wrote it.
    fn integrated_by_another(&self, commit: &CommitRecord) -> bool {
        self.integrators.get(&commit.id()).is_some_and(|merger| !same_person(merger, &commit.author.email))
    }

    // The merge of what somebody else wrote has been through two hands: its own content is theirs.
    fn merges_anothers(&self, merge: &CommitRecord) -> bool {
        let other = merge.parents().nth(1).and_then(|parent| self.authors.get(&parent).cloned());
        !is_bot(&merge.author.name, &merge.author.email)
            && other.is_some_and(|author| !same_person(&author, &merge.author.email))
    }
}

/// Time, version and tag of the newest release so far.
type Newest<'a> = Option<(Option<i64>, Version, &'a TagRecord)>;

// Adds everything that can be reached from `stack` and is not yet in `seen`, and tells `found` each.
fn reach(
    by_id: &HashMap<String, &CommitRecord>,
    mut stack: Vec<String>,
    seen: &mut HashSet<String>,
    mut found: impl FnMut(&str),
) {
    while let Some(id) = stack.pop() {
        if let Some(commit) = by_id.get(&id)
            && !seen.contains(&id)
        {
            found(&id);
            seen.insert(id);
            stack.extend(commit.parents());
        }
    }
}

// Walks the line of first parents from its oldest commit on; what a merge on it reaches and no older one did was
// brought in by whoever made that merge. A program that merges is nobody.
fn integrators(by_id: &HashMap<String, &CommitRecord>, head: &str) -> HashMap<String, String> {
    let mut line = Vec::new();
    let mut next = Some(head.to_owned());
    // A history has no cycle, as an id is a digest; the bound is for object databases that were made to have one.
    while let Some(commit) = next.and_then(|id| by_id.get(&id)) {
        line.push(*commit);
        next = if line.len() < by_id.len() { commit.parents().next() } else { None };
    }
    let mut integrators = HashMap::new();
    let mut seen = HashSet::new();
    for commit in line.into_iter().rev() {
        seen.insert(commit.id());
        let others: Vec<String> = commit.parents().skip(1).collect();
        if !others.is_empty() && !is_bot(&commit.author.name, &commit.author.email) {
            let merger = commit.author.email.to_ascii_lowercase();
            reach(by_id, others, &mut seen, |id| {
                integrators.insert(id.to_owned(), merger.clone());
            });
        }
    }
    integrators
}

/// The version in a tag's name: `1.2.3`, `v1.2`, `name-1.2.3`, `name/v1.2.3-rc.1`.
fn version_in(name: &str) -> Option<Version> {
    let last = name.rsplit('/').next()?;
    let starts = std::iter::once(0)
        .chain(last.char_indices().filter(|(_, c)| matches!(c, '-' | '_' | '@')).map(|(at, _)| at + 1));
    starts.take(16).find_map(|start| {
        let text = last.get(start..)?;
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        if let Ok(version) = Version::parse(text) {
            return Some(version);
        }
        // Two numbers alone, as many projects write them.
        let mut parts = text.split('.');
        let (major, minor) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        parts.next().is_none().then(|| Version::new(major, minor, 0))
    })
}

fn day(seconds: Option<i64>) -> Option<Date> {
    Timestamp::from_second(seconds?).ok().map(|time| time.to_zoned(TimeZone::UTC).date())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_names() {
        for (name, expected) in [
            ("v1.2.3", Some("1.2.3")),
            ("1.2", Some("1.2.0")),
            ("grep-cli-0.1.10", Some("0.1.10")),
            ("crates/a/v2.0.0-rc.1", Some("2.0.0-rc.1")),
            ("pkg@3.1.0", Some("3.1.0")),
            ("nightly", None),
            ("v1", None),
            ("2024-01", None),
            ("", None),
        ] {
            assert_eq!(version_in(name).map(|version| version.to_string()).as_deref(), expected, "{name}");
        }
    }
}
