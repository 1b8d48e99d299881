//! Which tags are releases, which of them is the newest, and what came after it.

use std::collections::BTreeMap;

use plimsoll_snapshot::{Commit, Commits, History, Places, TagRecord};

use super::{
    families::{Choice, Product, TagName},
    people::{Contributors, have_other_authors},
};

/// The releases of a history, and who brought what into it.
pub(crate) struct Releases<'a> {
    /// Release tags, whatever package they are of, and what their names say.
    pub(super) versions: BTreeMap<&'a str, TagName>,
    /// Pre-release tags.
    pub(super) others: BTreeMap<&'a str, TagName>,
    /// The newest release of the product, where it can be told which that is.
    pub(crate) newest: Option<&'a str>,
    /// Why it cannot be told, where there are releases.
    pub(crate) unknown: Option<String>,
    /// The newest release of the product before the commit that is examined: where the range begins that is judged.
    pub(crate) before: Option<&'a str>,
    /// The places of the commits in it.
    contained: Places,
    contributors: &'a Contributors,
    commits: &'a Commits,
    /// Who brought the commit at each place into the main line, where that was a merge: the place of that.
    integrators: Vec<Option<u32>>,
}

impl<'a> Releases<'a> {
    /// Reads the tags of `history`, whose newest commit is `head`. With `whole` false something of it is hidden, and no
    /// release is the newest: hiding a later one must not lift an earlier one to its place.
    pub(super) fn of(walked: Walked<'a>, whole: bool, product: &Product) -> Self {
        Self::counting(walked, whole, product, &|_| true)
    }

    /// The same, where only releases that `counts` may be the one before the commit that is examined.
    ///
    /// Where several families of tags may be the product's, the longest range counts: what came after the newest release of
    /// each of them.
    pub(super) fn counting(
        walked: Walked<'a>,
        whole: bool,
        product: &Product,
        counts: &dyn Fn(&TagRecord) -> bool,
    ) -> Self {
        let Walked { history, head, contributors } = walked;
        let commits = &history.commits;
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
                        let commit = commits.place(&tag.target).and_then(|place| commits.get(place));
                        let seconds = commit.and_then(Commit::committed);
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
            [only] if unknown.is_none() && whole => newest(commits, only, |_| true).map(|tag| tag.name.as_str()),
            _ => None,
        };
        let before = families.iter().map(|family| newest_before(commits, family, head, counts));
        let mut contained: Option<Places> = None;
        let mut begins = None;
        for tag in before {
            let mut own = commits.no_places();
            commits.reach(tag.iter().filter_map(|tag| commits.place(&tag.target)).collect(), &mut own, |_| {});
            begins = if contained.is_none() { tag.map(|tag| tag.name.as_str()) } else { None };
            contained = Some(match contained {
                None => own,
                Some(mut known) => {
                    known.retain_common(&own);
                    known
                }
            });
        }
        Self {
            versions,
            others,
            newest,
            unknown,
            before: begins,
            contained: contained.unwrap_or_default(),
            contributors,
            commits,
            integrators: integrators(walked),
        }
    }

    /// Does a tag of this name read as a release's?
    pub(crate) fn is_release(&self, tag: &str) -> bool {
        self.versions.contains_key(tag)
    }

    /// Is the commit at this place in the release before the commit that is examined?
    pub(crate) fn contains(&self, place: usize) -> bool {
        self.contained.contains(place)
    }

    /// A merge shows a second person for what it brings in where who merged is not who wrote it.
    pub(super) fn integrated_by_another(&self, commit: Commit<'_>) -> bool {
        let merge = self.integrators.get(commit.place()).copied().flatten();
        let merge = merge.and_then(|merge| self.commits.get(merge as usize));
        merge.is_some_and(|merge| have_other_authors(merge, commit))
    }

    /// The merge of what somebody else wrote has been through two hands: its own content is theirs.
    pub(super) fn merges_anothers(&self, merge: Commit<'_>) -> bool {
        let other = self.commits.parents(merge.place()).nth(1).flatten().and_then(|parent| self.commits.get(parent));
        other.is_some_and(|other| !self.contributors.has_no_author(merge) && have_other_authors(other, merge))
    }
}

/// A history, the id of the commit that is examined, and who is in the history.
#[derive(Clone, Copy)]
pub(super) struct Walked<'a> {
    pub(super) history: &'a History,
    pub(super) head: &'a str,
    pub(super) contributors: &'a Contributors,
}

/// When its commit says that it was made, its version, and the tag.
type Release<'a> = (Option<i64>, semver::Version, &'a TagRecord);

fn newest_before<'a>(
    commits: &Commits,
    releases: &[Release<'a>],
    head: &str,
    counts: &dyn Fn(&TagRecord) -> bool,
) -> Option<&'a TagRecord> {
    newest(commits, releases, |tag| tag.target != head && counts(tag))
}

/// The last of `releases`, which are in the order of their commits' dates and then of versions, that no other contains: a date
/// is what the commit says, and a release that came out of another is newer whatever its date.
fn newest<'a>(
    commits: &Commits,
    releases: &[Release<'a>],
    counts: impl Fn(&TagRecord) -> bool,
) -> Option<&'a TagRecord> {
    let counting = || releases.iter().map(|(_, _, tag)| *tag).filter(|tag| counts(tag));
    let mut surpassed = commits.no_places();
    let places = counting().filter_map(|tag| commits.place(&tag.target));
    commits.reach(places.flat_map(|place| commits.parents(place)).flatten().collect(), &mut surpassed, |_| {});
    counting().filter(|tag| commits.place(&tag.target).is_none_or(|place| !surpassed.contains(place))).last()
}

/// Could this be the name of a release? What stands in place of a name that could not be read (git allows no blank in
/// names) could be anything.
pub(super) fn could_be_release(name: &str) -> bool {
    name.contains(' ') || TagName::read(name).is_some_and(|name| name.is_release())
}

// Walks the line of first parents from its oldest commit on; what a merge on it reaches and no older one did was
// brought in by whoever made that merge. A program that merges is nobody.
fn integrators(walked: Walked<'_>) -> Vec<Option<u32>> {
    let Walked { history, head, contributors } = walked;
    let commits = &history.commits;
    let mut line = Vec::new();
    let mut next = commits.place(head);
    // A history has no cycle, as an id is a digest; the bound is for object databases that were made to have one.
    while let Some(place) = next {
        line.push(place);
        next = if line.len() < commits.len() { commits.parents(place).next().flatten() } else { None };
    }
    let mut integrators = vec![None; commits.len()];
    let mut seen = commits.no_places();
    for place in line.into_iter().rev() {
        seen.insert(place);
        let others: Vec<usize> = commits.parents(place).skip(1).flatten().collect();
        if !others.is_empty() && commits.get(place).is_some_and(|merge| !contributors.has_no_author(merge)) {
            commits.reach(others, &mut seen, |brought| {
                if let (Some(one), Ok(place)) = (integrators.get_mut(brought), u32::try_from(place)) {
                    *one = Some(place);
                }
            });
        }
    }
    integrators
}
