//! Who changed what when, what traces of review there are, and what says that it is signed.

mod change_control;
mod families;
mod mailmap;
mod people;
mod product;
mod releases;
mod reviewers;
mod tracer;

use std::collections::HashSet;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use plimsoll_model::{Assurance, EveryCommit, Evidence, Fact, Kind, Pointer, SignatureScheme, Subject, plural};
use plimsoll_snapshot::{Commit, History, TagRecord};
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{Collector, Context, Gathered, Need, collector::day_in};
use people::{Contributors, People};
use releases::{Releases, Walked, could_be_release};
use reviewers::reviewers;
pub(crate) use tracer::Tracer;

/// Commits since the last release that become facts of their own. Of all others the sums and a digest are stated.
pub(super) const MOST_COMMITS: usize = 250;

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
    /// Commits with a signature of a scheme that is known. A header that only begins like one is none.
    signed: usize,
    /// Commits that do not.
    unsigned: usize,
    /// Commits by people (not bots).
    by_people: usize,
    /// Of these, how many show a second person.
    reviewed: usize,
    /// Committer's day of the oldest commit.
    first_commit: Option<Date>,
    /// Committer's day of the newest commit; a day after as-of is none.
    last_commit: Option<Date>,
    /// Days from the newest commit to as-of.
    #[schemars(range(min = 0))]
    days_since_last: Option<i64>,
    /// Commits that are dated after as-of, which says nothing of when they were made.
    dated_after: usize,
    /// Tags that name a release, of whatever package.
    releases: usize,
    /// The tag of the product's newest release before this commit (a tag on the commit itself is not before it), where the
    /// commits begin that are judged.
    release_before: Option<String>,
    /// The tag of the product's newest release.
    newest_release: Option<String>,
    /// Why it cannot be told which release is the product's newest, in one clause.
    release_not_known: Option<String>,
    /// Commits since the release before this commit; all when there is none.
    since_release: usize,
    /// Of these, how many say they are signed.
    signed_since_release: usize,
    /// Of these, how many say they are signed or show a second person.
    answered_since_release: usize,
    /// Was the clone cut off on purpose?
    shallow: bool,
    /// A digest over what each commit says: its id and the members of `commit` in the order in which they are described.
    #[serde(skip_serializing_if = "Option::is_none")]
    every_commit: Option<EveryCommit>,
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
    /// `none`, `openpgp`, `ssh`, `x509`; `unknown` for what no scheme writes, or what only begins like a signature.
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
    /// `none`, `openpgp`, `ssh`, `x509`; `unknown` for what only begins like a signature, or is one of another tag.
    signature: &'static str,
    /// Does its name read as a release's (a version that is no pre-release), of whatever package? That of an installer, a test
    /// or a draft is none.
    release: bool,
    /// The version in its name.
    version: Option<String>,
    /// The newest release of the product? None is where that cannot be told, or where a tag or commit that could be of a newer
    /// one cannot be read.
    newest: bool,
}

const HISTORY: Kind = Kind::of::<HistoryFact>("history", "The history of the commit in numbers.")
    .on_day(|body, today| {
        if let Some(last) = day_in(body, "lastCommit") {
            body.insert("daysSinceLast".to_owned(), (today - last).get_days().into());
        }
    })
    .of_first_day()
    .settled(later_commits)
    .once()
    .with_parts(&[
        ("commits", &["merges", "signed", "unsigned", "byPeople", "datedAfter", "sinceRelease"]),
        ("byPeople", &["reviewed"]),
        ("sinceRelease", &["signedSinceRelease", "answeredSinceRelease"]),
    ]);
const COMMIT: Kind = Kind::of::<CommitFact>(
    "commit",
    "One commit since the product's release before this commit: who, when, traces of review, how it says it is signed.",
);
/// The kind of a tag.
pub const TAG: Kind = Kind::of::<TagFact>("tag", "One tag on the history: release or not, how it says it is signed.");

/// Commits of days that are to come are not looked at when those days are.
fn later_commits(evidence: &Evidence) -> Option<&'static str> {
    let is_later = |fact: &Fact| fact.body.get("datedAfter").and_then(serde_json::Value::as_u64) != Some(0);
    evidence
        .facts_of(HISTORY.name)
        .any(is_later)
        .then_some("Commits that are dated after the day of the evidence: they count for no later day either.")
}

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
        const { &[HISTORY, COMMIT, TAG, change_control::CHANGE_CONTROL] }
    }

    fn needs(&self) -> &'static [Need] {
        // Whether a header is a signature is seen where it is taken apart.
        &[Need::History, Need::Signatures]
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
    let mut commits = Gathered::searched(&COMMIT, "commits", count);
    let mut tags = Gathered::searched(&TAG, "tags on the history", history.tags.len() as u64);
    let gaps = gaps(history);
    for gap in &gaps {
        summary.gap(gap.clone());
        commits.gap(gap.clone());
        tags.gap(gap.clone());
    }
    if let Some(gap) = hidden_releases(history) {
        // Which commits are judged depends on the releases as well.
        summary.gap(format!("{gap}, so what came after the last release is not known"));
        commits.gap(format!("{gap}, so what came after the last release is not known"));
        tags.gap(format!("{gap}, so which release is the newest is not known"));
    } else if let Some(gap) = unreadable_tags(&history.unreadable_tags.iter().map(String::as_str).collect::<Vec<_>>()) {
        tags.gap(gap);
    }
    if !gaps.is_empty() {
        tags.gap("tags on commits that are not here are not seen, so which release is the newest is not known");
    }
    commits.limitation(
        "A review that leaves no trace in the commit (a comment or approval kept at the forge) is not seen; trailers and \
         names are what the commit says and are not proven.",
    );
    commits.limitation(
        "One person under two names and addresses that have nothing in common looks like two; a sign-off alone counts as \
         no review.",
    );

    let id = cx.snapshot.commit();
    // Of the forges alone that are known: what is told here rests on no policy.
    let contributors = Contributors::of(&history.commits, People::default());
    let product = product::of(cx);
    let walked = Walked { history, head: &id, contributors: &contributors };
    let releases = Releases::of(walked, is_whole(history), &product);
    let is_signature = |commit: Commit<'_>| {
        !matches!(commit.signature(), SignatureScheme::None | SignatureScheme::Unknown)
            && cx.computed.of(commit.place()).says_signed()
    };
    let days = || history.commits.iter().filter_map(|commit| day(commit.committed()));
    let mut sums = HistoryFact {
        commits: history.commits.len(),
        authors: history.commits.iter().map(|commit| commit.author().email.as_str()).collect::<HashSet<_>>().len(),
        merges: 0,
        signed: 0,
        unsigned: 0,
        by_people: 0,
        reviewed: 0,
        first_commit: days().min(),
        last_commit: days().filter(|day| *day <= today).max(),
        days_since_last: None,
        dated_after: days().filter(|day| *day > today).count(),
        releases: releases.versions.len(),
        release_before: releases.before.map(ToOwned::to_owned),
        newest_release: releases.newest.map(ToOwned::to_owned),
        release_not_known: releases.unknown.clone(),
        since_release: 0,
        signed_since_release: 0,
        answered_since_release: 0,
        shallow: history.shallow,
        every_commit: None,
    };
    sums.days_since_last = sums.last_commit.map(|last| i64::from((today - last).get_days()));
    let fact_of = |commit: Commit<'_>| {
        // A header that no scheme writes says nothing.
        let signed = is_signature(commit);
        let mut fact = commit_fact(commit, &releases, &contributors);
        if !signed && commit.signature() != SignatureScheme::None {
            fact.signature = SignatureScheme::Unknown.as_str();
        }
        (signed, fact)
    };
    let seen: Vec<Seen> = history
        .commits
        .par_iter()
        .map(|commit| {
            let (signed, fact) = fact_of(commit);
            Seen::of(&commit.id(), signed, &fact)
        })
        .collect();
    for (commit, seen) in history.commits.iter().zip(&seen) {
        sums.merges += usize::from(seen.merge);
        sums.signed += usize::from(seen.signed);
        sums.unsigned += usize::from(!seen.signed);
        sums.by_people += usize::from(!seen.bot_author);
        sums.reviewed += usize::from(!seen.bot_author && seen.second_person);
        sums.since_release += usize::from(seen.since_release);
        sums.signed_since_release += usize::from(seen.since_release && seen.signed);
        sums.answered_since_release += usize::from(seen.since_release && (seen.signed || seen.second_person));
        if seen.since_release && sums.since_release <= MOST_COMMITS {
            let (id, (_, fact)) = (commit.id(), fact_of(commit));
            commits.push(Subject::commit(&id), Assurance::Observed, &fact, vec![Pointer::commit(&id)]);
        }
    }
    sums.every_commit = Some(EveryCommit::of(&seen.iter().map(|one| one.digest).collect::<Vec<_>>()));
    if let Some(gap) = only_counted(sums.since_release) {
        commits.gap(gap);
    }
    summary.push(Subject::commit(&id), Assurance::Observed, &sums, vec![Pointer::commit(&id)]);
    for tag in &history.tags {
        let version = releases.versions.get(tag.name.as_str()).or_else(|| releases.others.get(tag.name.as_str()));
        let fact = TagFact {
            name: tag.name.clone(),
            target: tag.target.clone(),
            annotated: tag.annotated,
            date: day(tag.made),
            signature: scheme_of(tag).as_str(),
            release: releases.versions.get(tag.name.as_str()).is_some_and(|name| !name.is_of_no_product(&product)),
            version: version.map(|name| name.version.to_string()),
            newest: releases.newest == Some(tag.name.as_str()),
        };
        tags.push(
            Subject::tag(&tag.name),
            Assurance::Observed,
            &fact,
            vec![Pointer::tag(&tag.name), Pointer::commit(&tag.target)],
        );
    }
    let changes = change_control::gather(history, cx, &releases, &contributors);
    vec![summary, commits, tags, changes]
}

/// Why not each commit since the release has a fact of its own; nothing where each has.
pub(super) fn only_counted(since_release: usize) -> Option<String> {
    let more = since_release.checked_sub(MOST_COMMITS).filter(|more| *more > 0)?;
    let are = if more == 1 { "is" } else { "are" };
    Some(format!("{} since the last release {are} only counted", plural(more, "older commit", "older commits")))
}

/// What the sums and the digest need of one commit.
struct Seen {
    signed: bool,
    merge: bool,
    bot_author: bool,
    second_person: bool,
    since_release: bool,
    digest: [u8; 32],
}

impl Seen {
    fn of(id: &str, signed: bool, fact: &CommitFact) -> Self {
        let digest = EveryCommit::digest_of(&(
            id,
            fact.authored,
            fact.committed,
            &fact.author_email,
            &fact.committer_email,
            fact.parents,
            fact.merge,
            fact.forge_merge,
            fact.reviewers,
            fact.second_person,
            fact.signature,
            fact.since_release,
            fact.bot_author,
        ));
        let CommitFact { merge, bot_author, second_person, since_release, .. } = *fact;
        Self { signed, merge, bot_author, second_person, since_release, digest }
    }
}

/// Why the history is not whole.
pub(crate) fn gaps(history: &History) -> Vec<String> {
    let mut gaps = Vec::new();
    if history.shallow {
        gaps.push("the clone is shallow: older commits are not here (`git fetch --unshallow` brings them)".to_owned());
    }
    if let Some(first) = history.missing.first() {
        gaps.push(format!(
            "{} missing from the object database, {first} among them",
            plural(history.missing.len(), "commit is", "commits are")
        ));
    }
    if history.malformed > 0 {
        gaps.push(format!("{} malformed", plural(history.malformed, "commit is", "commits are")));
    }
    gaps
}

/// How a tag says that it is signed; what only begins like a signature is of no scheme.
fn scheme_of(tag: &TagRecord) -> SignatureScheme {
    match &tag.signed {
        Some(signed) if !plimsoll_trust::is_signature(&signed.signature) => SignatureScheme::Unknown,
        // Signed as another tag.
        Some(_) if tag.own_name.as_ref().is_some_and(|own| *own != tag.name) => SignatureScheme::Unknown,
        _ => tag.signature,
    }
}

/// Why it is not known which release is the newest; nothing where all of them can be read.
pub(super) fn hidden_releases(history: &History) -> Option<String> {
    let unreadable: Vec<&str> =
        history.unreadable_tags.iter().map(String::as_str).filter(|name| could_be_release(name)).collect();
    unreadable_tags(&unreadable)
}

/// Is nothing hidden that could be a newer release?
fn is_whole(history: &History) -> bool {
    gaps(history).is_empty() && hidden_releases(history).is_none()
}

/// What of `names` cannot be read, in one clause: there can be very many.
fn unreadable_tags(names: &[&str]) -> Option<String> {
    match names {
        [] => None,
        // No name of a tag has a blank.
        [names] if names.contains(' ') => Some(format!("of the tags, {names}, cannot be read")),
        [name] => Some(format!("the tag {name} cannot be read")),
        [first, ..] => Some(format!("{} tags cannot be read, {first} among them", names.len())),
    }
}

fn commit_fact(commit: Commit<'_>, releases: &Releases<'_>, contributors: &Contributors) -> CommitFact {
    let reviewers = reviewers(commit, &contributors.people).len();
    let merge = commit.parent_count() > 1;
    let is_forges = || FORGE_MERGES.iter().any(|start| commit.subject().starts_with(start));
    let forge_merge = merge && (contributors.is_made_by_forge(commit) || is_forges());
    CommitFact {
        authored: day(commit.authored()),
        committed: day(commit.committed()),
        author_email: commit.author().email.clone(),
        committer_email: commit.committer().email.clone(),
        parents: commit.parent_count(),
        merge,
        forge_merge,
        reviewers,
        second_person: reviewers > 0 || contributors.has_other_committer(commit) || by_merges(commit, releases),
        signature: commit.signature().as_str(),
        since_release: !releases.contains(commit.place()),
        bot_author: contributors.has_bot_author(commit),
    }
}

/// Does a merge show a second person: one that brought the commit in, or that it is?
fn by_merges(commit: Commit<'_>, releases: &Releases<'_>) -> bool {
    releases.integrated_by_another(commit) || releases.merges_anothers(commit)
}

/// Subjects of merges that forges write.
const FORGE_MERGES: &[&str] =
    &["Merge pull request #", "Merge branch '", "Merged in ", "Merge PR #", "Auto merge of #"];

fn day(seconds: Option<i64>) -> Option<Date> {
    Timestamp::from_second(seconds?).ok().map(|time| time.to_zoned(TimeZone::UTC).date())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commits_that_have_no_fact_are_counted_in_words() {
        assert_eq!(only_counted(MOST_COMMITS), None);
        let reason = |more| only_counted(MOST_COMMITS + more).unwrap();
        assert_eq!(reason(1), "1 older commit since the last release is only counted");
        assert_eq!(reason(2), "2 older commits since the last release are only counted");
    }
}
