//! Which tags are releases, which of them is the newest, and what came after it.

use std::collections::{BTreeMap, HashMap, HashSet};

use plimsoll_snapshot::{CommitRecord, History, Person, TagRecord};

use super::{
    families::{Choice, Product, TagName},
    people::{People, same_person},
};

/// The releases of a history, and who brought what into it.
pub(super) struct Releases<'a> {
    /// Release tags, whatever package they are of, and what their names say.
    pub(super) versions: BTreeMap<&'a str, TagName>,
    /// Pre-release tags.
    pub(super) others: BTreeMap<&'a str, TagName>,
    /// The newest release of the product, where it can be told which that is.
    pub(super) newest: Option<&'a str>,
    /// Why it cannot be told, where there are releases.
    pub(super) unknown: Option<String>,
    /// The newest release of the product before the commit that is examined: where the range begins that is judged.
    pub(super) before: Option<&'a str>,
    /// Commits in it.
    pub(super) contained: HashSet<String>,
    people: &'a People,
    /// Who brought a commit into the main line, where that was a merge.
    integrators: HashMap<String, &'a Person>,
    /// Each commit's author.
    authors: HashMap<String, &'a Person>,
}

impl<'a> Releases<'a> {
    /// Reads the tags of `history`, whose newest commit is `head`. With `whole` false something of it is hidden, and no
    /// release is the newest: hiding a later one must not lift an earlier one to its place.
    pub(super) fn of(history: &'a History, head: &str, whole: bool, product: &Product, people: &'a People) -> Self {
        Self::counting(history, head, whole, product, people, &|_| true)
    }

    /// The same, where only releases that `counts` may be the one before the commit that is examined.
    ///
    /// Where several families of tags may be the product's, the longest range counts: what came after the newest release of
    /// each of them.
    pub(super) fn counting(
        history: &'a History,
        head: &str,
        whole: bool,
        product: &Product,
        people: &'a People,
        counts: &dyn Fn(&TagRecord) -> bool,
    ) -> Self {
        let by_id: HashMap<String, &CommitRecord> =
            history.commits.iter().map(|commit| (commit.id(), commit)).collect();
        let (mut versions, mut others) = (BTreeMap::new(), BTreeMap::new());
        for tag in &history.tags {
            let Some(name) = TagName::read(&tag.name) else { continue };
            if name.is_release() { &mut versions } else { &mut others }.insert(tag.name.as_str(), name);
        }
        let Choice { families, unknown } = product.choose(&versions);
        let families: Vec<Vec<Release<'a>>> = families
            .iter()
            .map(|family| {
                let of_family = |tag: &&TagRecord| family.binary_search(&tag.name.as_str()).is_ok();
                let mut releases: Vec<Release<'a>> = history
                    .tags
                    .iter()
                    .filter(of_family)
                    .filter_map(|tag| {
                        let seconds = by_id.get(&tag.target).and_then(|commit| commit.committer.seconds);
                        Some((seconds, versions.get(tag.name.as_str())?.version.clone(), tag))
                    })
                    .collect();
                // The label speaks of a version that is released: what is lower does not come after it, wherever its tag lies.
                let stated =
                    releases.iter().find(|(_, version, tag)| product.is_version(version) && tag.target != head);
                if let Some(stated) = stated.map(|(_, version, _)| version.clone()) {
                    releases.retain(|(_, version, _)| *version >= stated);
                }
                releases.sort_by(|one, other| (one.0, &one.1, &one.2.name).cmp(&(other.0, &other.1, &other.2.name)));
                releases
            })
            .collect();
        let newest = match families.as_slice() {
            [only] if unknown.is_none() && whole => newest(&by_id, only, |_| true).map(|tag| tag.name.as_str()),
            _ => None,
        };
        let before = families.iter().map(|family| newest_before(&by_id, family, head, counts));
        let mut contained: Option<HashSet<String>> = None;
        let mut begins = None;
        for tag in before {
            let mut own = HashSet::new();
            reach(&by_id, tag.iter().map(|tag| tag.target.clone()).collect(), &mut own, |_| {});
            begins = if contained.is_none() { tag.map(|tag| tag.name.as_str()) } else { None };
            contained = Some(match contained {
                None => own,
                Some(known) => known.intersection(&own).cloned().collect(),
            });
        }
        Self {
            versions,
            others,
            newest,
            unknown,
            before: begins,
            contained: contained.unwrap_or_default(),
            people,
            integrators: integrators(&by_id, head, people),
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
        !self.people.is_nobody(&merge.author) && other.is_some_and(|author| !same_person(author, &merge.author))
    }
}

/// When its commit says that it was made, its version, and the tag.
type Release<'a> = (Option<i64>, semver::Version, &'a TagRecord);

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
    name.contains(' ') || TagName::read(name).is_some_and(|name| name.is_release())
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
fn integrators<'a>(
    by_id: &HashMap<String, &'a CommitRecord>,
    head: &str,
    people: &People,
) -> HashMap<String, &'a Person> {
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
        if !others.is_empty() && !people.is_nobody(&commit.author) {
            reach(by_id, others, &mut seen, |id| {
                integrators.insert(id.to_owned(), &commit.author);
            });
        }
    }
    integrators
}
