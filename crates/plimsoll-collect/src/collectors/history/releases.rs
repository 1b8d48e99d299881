//! Which tags are releases, which of them is the newest, and what came after it.

use std::collections::{BTreeMap, HashMap, HashSet};

use plimsoll_snapshot::{CommitRecord, History, Person, TagRecord};
use semver::Version;

use super::people::{is_nobody, same_person};

/// The releases of a history, and who brought what into it.
pub(super) struct Releases<'a> {
    /// Release tags and their versions.
    pub(super) versions: BTreeMap<&'a str, Version>,
    /// Pre-release tags and their versions.
    pub(super) others: BTreeMap<&'a str, Version>,
    /// The newest release, where it can be told which that is.
    pub(super) newest: Option<&'a str>,
    /// Commits in the newest release before the commit that is examined.
    pub(super) contained: HashSet<String>,
    /// Who brought a commit into the main line, where that was a merge.
    integrators: HashMap<String, &'a Person>,
    /// Each commit's author.
    authors: HashMap<String, &'a Person>,
}

impl<'a> Releases<'a> {
    /// Reads the tags of `history`, whose newest commit is `head`. With `whole` false something of it is hidden, and no
    /// release is the newest: hiding a later one must not lift an earlier one to its place.
    pub(super) fn of(history: &'a History, head: &str, whole: bool) -> Self {
        Self::counting(history, head, whole, &|_| true)
    }

    /// The same, where only releases that `counts` may be the one before the commit that is examined.
    pub(super) fn counting(history: &'a History, head: &str, whole: bool, counts: &dyn Fn(&TagRecord) -> bool) -> Self {
        let by_id: HashMap<String, &CommitRecord> =
            history.commits.iter().map(|commit| (commit.id(), commit)).collect();
        let (mut versions, mut others) = (BTreeMap::new(), BTreeMap::new());
        let mut releases: Vec<(Option<i64>, Version, &TagRecord)> = Vec::new();
        for tag in &history.tags {
            let Some(version) = version_in(&tag.name) else { continue };
            if version.pre.is_empty() {
                let seconds = by_id.get(&tag.target).and_then(|commit| commit.committer.seconds);
                releases.push((seconds, version.clone(), tag));
                versions.insert(tag.name.as_str(), version);
            } else {
                others.insert(tag.name.as_str(), version);
            }
        }
        releases.sort_by(|one, other| (one.0, &one.1, &one.2.name).cmp(&(other.0, &other.1, &other.2.name)));
        let newest = newest(&by_id, &releases, |_| true).filter(|_| whole);
        let before = newest_before(&by_id, &releases, head, counts);
        let mut contained = HashSet::new();
        reach(&by_id, before.iter().map(|tag| tag.target.clone()).collect(), &mut contained, |_| {});
        Self {
            versions,
            others,
            newest: newest.map(|tag| tag.name.as_str()),
            contained,
            integrators: integrators(&by_id, head),
            authors: history.commits.iter().map(|commit| (commit.id(), &commit.author)).collect(),
        }
    }

    /// A merge shows a second person for what it brings in where who merged is not who wrote it.
    pub(super) fn integrated_by_another(&self, commit: &CommitRecord) -> bool {
        self.integrators.get(&commit.id()).is_some_and(|merger| !same_person(merger, &commit.author))
    }

    /// The merge of what somebody else wrote has been through two hands: its own content is theirs.
    pub(super) fn merges_anothers(&self, merge: &CommitRecord) -> bool {
        let other = merge.parents().nth(1).and_then(|parent| self.authors.get(&parent).copied());
        !is_nobody(&merge.author) && other.is_some_and(|author| !same_person(author, &merge.author))
    }
}

type Release<'a> = (Option<i64>, Version, &'a TagRecord);

fn newest_before<'a>(
    by_id: &HashMap<String, &CommitRecord>,
    releases: &[Release<'a>],
    head: &str,
    counts: &dyn Fn(&TagRecord) -> bool,
) -> Option<&'a TagRecord> {
    newest(by_id, releases, |tag| tag.target != head && counts(tag))
}

/// The last of `releases`, which are in the order of their commits' dates and then of versions, that no other contains: a date
/// is what the commit says, and a release that came out of another is newer whatever its date.
fn newest<'a>(
    by_id: &HashMap<String, &CommitRecord>,
    releases: &[Release<'a>],
    counts: impl Fn(&TagRecord) -> bool,
) -> Option<&'a TagRecord> {
    let counting = || releases.iter().map(|(_, _, tag)| *tag).filter(|tag| counts(tag));
    let mut surpassed = HashSet::new();
    let parents = counting().filter_map(|tag| by_id.get(&tag.target)).flat_map(|commit| commit.parents()).collect();
    reach(by_id, parents, &mut surpassed, |_| {});
    counting().filter(|tag| !surpassed.contains(&tag.target)).last()
}

/// Could this be the name of a release? What stands in place of a name that could not be read (git allows no blank in
/// names) could be anything.
pub(super) fn could_be_release(name: &str) -> bool {
    name.contains(' ') || version_in(name).is_some_and(|version| version.pre.is_empty())
}

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
fn integrators<'a>(by_id: &HashMap<String, &'a CommitRecord>, head: &str) -> HashMap<String, &'a Person> {
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
        if !others.is_empty() && !is_nobody(&commit.author) {
            reach(by_id, others, &mut seen, |id| {
                integrators.insert(id.to_owned(), &commit.author);
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
