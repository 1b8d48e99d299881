//! Tags on the commits of a history.

use std::collections::HashSet;

use git2::{ObjectType, Oid, Repository};

use crate::{
    SignatureScheme,
    commit::{self, Person},
    tree::escape,
};

/// Bytes of one tag object.
const LARGEST_TAG: usize = 16 * 1024 * 1024;
/// Tags that point at tags.
const LONGEST_CHAIN: usize = 16;
/// Tags that are read.
const MOST_TAGS: usize = 100_000;

/// A tag on a commit of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagRecord {
    /// Name without `refs/tags/`; bytes that are not plain text stand as `%XX`.
    pub name: String,
    /// The commit it stands on, in hexadecimal.
    pub target: String,
    /// True when it is an object of its own; false for a mere name.
    pub annotated: bool,
    /// Who made it and when; absent for a mere name.
    pub tagger: Option<Person>,
    /// How it says that it is signed.
    pub signature: SignatureScheme,
}

/// Gives the tags whose commit is in `commits`, by name, and the names of those that cannot be read.
pub(crate) fn read(
    repository: &Repository,
    commits: &HashSet<Oid>,
) -> Result<(Vec<TagRecord>, Vec<String>), git2::Error> {
    let odb = repository.odb()?;
    let (mut tags, mut unreadable) = (Vec::new(), Vec::new());
    for reference in repository.references_glob("refs/tags/*")?.take(MOST_TAGS) {
        let Ok(reference) = reference else {
            unreadable.push("a reference".to_owned());
            continue;
        };
        let raw = reference.name_bytes();
        let name = escape(raw.strip_prefix(b"refs/tags/").unwrap_or(raw));
        // A symbolic reference under refs/tags/ could name anything; git makes none.
        let Some(first) = reference.target() else {
            unreadable.push(name);
            continue;
        };
        let mut oid = first;
        let mut object = None;
        let mut readable = false;
        for _ in 0..LONGEST_CHAIN {
            match odb.read_header(oid) {
                // A tag on a tree or a blob marks no commit.
                Ok((_, ObjectType::Commit | ObjectType::Tree | ObjectType::Blob)) => {
                    readable = true;
                    break;
                }
                Ok((size, ObjectType::Tag)) if size <= LARGEST_TAG => {
                    let Ok(data) = odb.read(oid) else { break };
                    let Some(next) = target(data.data(), oid) else { break };
                    // The outermost object is the tag that the name stands for.
                    if object.is_none() {
                        object = Some(parse(data.data()));
                    }
                    oid = next;
                }
                _ => break,
            }
        }
        if !readable {
            unreadable.push(name);
        } else if commits.contains(&oid) {
            let annotated = object.is_some();
            let (tagger, signature) = object.unwrap_or((None, SignatureScheme::None));
            tags.push(TagRecord { name, target: oid.to_string(), annotated, tagger, signature });
        }
    }
    tags.sort_by(|one, other| one.name.cmp(&other.name));
    unreadable.sort();
    Ok((tags, unreadable))
}

fn target(data: &[u8], oid: Oid) -> Option<Oid> {
    let hex = data.strip_prefix(b"object ")?.split(|byte| *byte == b'\n').next()?;
    Oid::from_str_ext(std::str::from_utf8(hex).ok()?, oid.object_format()).ok()
}

// A tag carries its signature at the end of the message, in SHA-256 repositories also in a header
// (git's `Documentation/gitformat-signature`).
fn parse(data: &[u8]) -> (Option<Person>, SignatureScheme) {
    let mut tagger = None;
    let mut signature = SignatureScheme::None;
    let mut in_message = false;
    for line in data.split(|byte| *byte == b'\n') {
        if !in_message {
            if line == b"" {
                in_message = true;
            } else {
                if let Some(value) = line.strip_prefix(b"tagger ") {
                    tagger = Some(commit::person(value));
                }
                if let Some(armor) = line.strip_prefix(b"gpgsig-sha256 ").or_else(|| line.strip_prefix(b"gpgsig ")) {
                    signature = SignatureScheme::of_armor(armor);
                }
            }
            continue;
        }
        // The last armor in the message is the signature, as git takes it.
        match SignatureScheme::of_armor(line) {
            SignatureScheme::Unknown | SignatureScheme::None => {}
            scheme => signature = scheme,
        }
    }
    (tagger, signature)
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_anything(bytes: &[u8]) {
    let _ = (parse(bytes), target(bytes, Oid::ZERO_SHA1));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_in_the_message() {
        let head = "object 1111111111111111111111111111111111111111\ntype commit\ntag v1\ntagger T <t@x> 5 +0000\n\n";
        for (message, scheme) in [
            ("v1\n-----BEGIN PGP SIGNATURE-----\n\nx\n", SignatureScheme::OpenPgp),
            ("v1\n-----BEGIN SSH SIGNATURE-----\nx\n", SignatureScheme::Ssh),
            ("v1\n -----BEGIN SSH SIGNATURE-----\n", SignatureScheme::None),
            ("v1\n", SignatureScheme::None),
            ("", SignatureScheme::None),
        ] {
            let (tagger, found) = parse(format!("{head}{message}").as_bytes());
            assert_eq!(found, scheme, "{message}");
            assert_eq!(tagger.and_then(|tagger| tagger.seconds), Some(5));
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            read_anything(&bytes);
        }
    }
}
