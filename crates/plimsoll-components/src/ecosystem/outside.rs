//! What is taken from elsewhere and is no package whose parts anybody lists: another repository, a step of a build, an image.

use plimsoll_model::body::Reach;

use crate::{
    component::{Component, Origin, Scope, Source},
    tree_file::SourceFile,
};

/// Characters of a name or a version.
const LONGEST: usize = 512;

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
            purl: self.purl,
            source,
            source_url,
            hashes: Vec::new(),
            licence: None,
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
            place: file.path.clone(),
            blob: file.blob.clone(),
            origin: self.origin,
            own: false,
            opaque: true,
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
