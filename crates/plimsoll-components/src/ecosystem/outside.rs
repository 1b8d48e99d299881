//! What is taken from elsewhere and is no package whose parts anybody lists: another repository, a step of a build, an image.

use std::collections::BTreeMap;

use plimsoll_model::body::Reach;

use super::Resolution;
use crate::{
    component::{Component, Origin, Scope, Source},
    gap::{Cause, Gap},
    path_class::{self, PathClass},
    tree_file::SourceFile,
};

/// Characters of a name or a version.
const LONGEST: usize = 512;
/// How many faults are reported one by one.
const SHOWN: usize = 5;

/// One of them, as a file of the tree names it.
#[derive(Clone, Debug)]
pub(crate) struct Outside {
    pub name: String,
    pub version: String,
    pub purl: String,
    pub origin: Origin,
}

impl Outside {
    /// The component of what a file names. It is no part of a lockfile, and asked for by name.
    pub fn component(self, file: &SourceFile, class: &str, reach: Reach) -> Component {
        let (source, source_url) = match &self.origin {
            Origin::Git { url, .. } => (Source::Git, Some(url.clone()).filter(|url| !url.is_empty())),
            Origin::Registry(url) => (Source::Registry, Some(url.clone())),
            Origin::Folder | Origin::Public(_) => (Source::Registry, None),
        };
        Component {
            name: self.name,
            version: self.version,
            release: None,
            purl: self.purl,
            source,
            source_url,
            hashes: Vec::new(),
            licence: None,
            open_licence: None,
            member: false,
            direct: true,
            scopes: match reach {
                Reach::Build => vec![Scope::Build],
                Reach::Dev => vec![Scope::Dev],
                Reach::Shipped | Reach::NotInGraph | Reach::Unknown => Vec::new(),
            },
            in_default: None,
            in_all_features: None,
            targets: Vec::new(),
            reach,
            class: class.to_owned(),
            lockfile: None,
            depends_on: Vec::new(),
            asks: BTreeMap::new(),
            place: file.path.clone(),
            blob: file.blob.clone(),
            origin: self.origin,
            own: false,
            opaque: true,
            edges_known: false,
        }
    }
}
/// Each component once, as that one of them that is nearest to the user.
pub(crate) fn once(mut components: Vec<Component>) -> Vec<Component> {
    components.sort_by(|one, other| {
        let key = |component: &Component| (!component.ships(), path_class::rank(&component.class));
        one.purl.cmp(&other.purl).then_with(|| key(one).cmp(&key(other))).then_with(|| one.place.cmp(&other.place))
    });
    components.dedup_by(|later, first| later.purl == first.purl);
    components
}

/// How far what a file takes in for building reaches, by the class of the file.
pub(crate) fn reach(class: &str) -> Reach {
    if path_class::may_ship(class) {
        Reach::Unknown
    } else if class == PathClass::Tool.as_str() {
        Reach::Build
    } else {
        Reach::Dev
    }
}

/// What could not be listed of the files of one ecosystem.
#[derive(Debug, Default)]
pub(crate) struct Faults<'a> {
    /// Path, and what is wrong.
    ships: Vec<(&'a str, String)>,
    aside: Vec<(&'a str, String)>,
}

impl<'a> Faults<'a> {
    /// Takes one in, by the class of its file.
    pub fn add(&mut self, path: &'a str, class: &str, reason: String) {
        let list = if path_class::may_ship(class) { &mut self.ships } else { &mut self.aside };
        list.push((path, reason));
    }

    /// Says what they are: a gap for each of what may ships, as far as that can be read, and one sentence for the others.
    pub fn tell(self, what: &str, all: &mut Resolution) {
        let named = |(path, reason): &(&str, String)| format!("{}: {reason}", plimsoll_model::one_line(path));
        let count = self.ships.len();
        for (number, fault) in self.ships.iter().take(SHOWN).enumerate() {
            let more = count.saturating_sub(SHOWN);
            let more =
                if number + 1 == SHOWN && more > 0 { format!(" (and {more} more like it)") } else { String::new() };
            let (path, reason) = (fault.0.to_owned(), named(fault) + &more);
            all.gaps.push(Gap { cause: Cause::NotListed, path, reason });
        }
        if let Some(first) = self.aside.first() {
            let more = match self.aside.len() {
                0 | 1 => String::new(),
                many => format!(", and {} more", many - 1),
            };
            all.limitations.push(format!("{what} is not all listed ({}{more}).", named(first)));
        }
    }
}

/// Could it be a part of a name or a version: is it short, printable and without blanks?
pub(crate) fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= LONGEST
        && text.chars().all(|character| !character.is_whitespace() && !character.is_control())
}

/// The full id of a commit: a shorter one may come to mean another, and so may the name of a branch or a tag.
pub(crate) fn is_revision(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
