//! Tags on the commits of a history.

use git2::{ObjectType, Repository};
use plimsoll_model::SignatureScheme;

use crate::{
    Commits, SignedObject,
    commit::{self, Person},
    objects::{Budget, LARGEST_TAG, LONGEST_CHAIN, tagged},
    signed::split_tag,
    tree::escape,
};

/// Tags that are read.
const MOST_TAGS: usize = 100_000;
/// Bytes that all of them may hold beyond what ordinary ones do.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// A tag on a commit of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagRecord {
    /// Name without `refs/tags/`; bytes that are not plain text stand as `%XX`.
    pub name: String,
    /// The name that stands in the tag object, which is what was signed; in the same form. Absent for a mere name.
    pub own_name: Option<String>,
    /// The commit it stands on, in hexadecimal.
    pub target: String,
    /// True when it is an object of its own; false for a mere name.
    pub annotated: bool,
    /// Who made it; absent for a mere name.
    pub tagger: Option<Person>,
    /// When it says it was made, in seconds since 1970 in UTC.
    pub made: Option<i64>,
    /// How it says that it is signed.
    pub signature: SignatureScheme,
    /// Object id of the tag itself; absent for a mere name.
    pub id: Option<String>,
    /// What was signed, and the signature.
    pub signed: Option<SignedObject>,
}

/// What stands in a tag object.
#[derive(Default)]
struct Parsed {
    own_name: Option<String>,
    tagger: Option<Person>,
    made: Option<i64>,
    signature: SignatureScheme,
    signed: Option<SignedObject>,
}

/// Gives the tags whose commit is in `commits`, by name, and the names of those that cannot be read.
pub(crate) fn read(repository: &Repository, commits: &Commits) -> Result<(Vec<TagRecord>, Vec<String>), git2::Error> {
    let odb = repository.odb()?;
    let budget = Budget::of(MOST_BYTES);
    let (mut tags, mut unreadable) = (Vec::new(), Vec::new());
    for (number, reference) in repository.references_glob("refs/tags/*")?.enumerate() {
        if number >= MOST_TAGS {
            unreadable.push(format!("all after the first {MOST_TAGS}"));
            break;
        }
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
                    if budget.spend(size).is_err() {
                        break;
                    }
                    let Ok(data) = odb.read(oid) else { break };
                    let Some(next) = tagged(data.data(), oid) else { break };
                    // The outermost object is the tag that the name stands for.
                    if object.is_none() {
                        object = Some((oid, parse(data.data())));
                    }
                    oid = next;
                }
                _ => break,
            }
        }
        if budget.is_spent() {
            unreadable.push(format!("all from {name} on, which hold more than is read"));
            break;
        }
        if !readable {
            unreadable.push(name);
        } else if commits.place_of(oid.as_bytes()).is_some() {
            let annotated = object.is_some();
            let (id, parsed) = object.map_or((None, None), |(id, parsed)| (Some(id.to_string()), Some(parsed)));
            let Parsed { own_name, tagger, made, signature, signed } = parsed.unwrap_or_default();
            let target = oid.to_string();
            tags.push(TagRecord { name, own_name, target, annotated, tagger, made, signature, id, signed });
        }
    }
    tags.sort_by(|one, other| one.name.cmp(&other.name));
    unreadable.sort();
    Ok((tags, unreadable))
}

// A tag carries its signature at the end of the message (git's `Documentation/gitformat-signature`).
fn parse(data: &[u8]) -> Parsed {
    let headers = data.split(|byte| *byte == b'\n').take_while(|line| !line.is_empty());
    let own_name = headers.clone().find_map(|line| line.strip_prefix(b"tag ")).map(escape);
    let tagger = headers.filter_map(|line| line.strip_prefix(b"tagger ")).last().map(commit::person);
    let (tagger, made) = tagger.map_or((None, None), |(tagger, made)| (Some(tagger), made));
    let signed = split_tag(data);
    let signature =
        signed.as_ref().map_or(SignatureScheme::None, |signed| SignatureScheme::of_armor(&signed.signature));
    Parsed { own_name, tagger, made, signature, signed }
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_anything(bytes: &[u8]) {
    let _ = (parse(bytes), tagged(bytes, git2::Oid::ZERO_SHA1));
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
            let parsed = parse(format!("{head}{message}").as_bytes());
            assert_eq!(parsed.signature, scheme, "{message}");
            assert_eq!(parsed.made, Some(5));
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            read_anything(&bytes);
        }
    }
}
