//! A commit or tag taken apart as git does it before it verifies: what was signed, and the signature.

use git2::Oid;
use memchr::memchr;
use plimsoll_model::SignatureScheme;

use crate::{CommitRecord, commit};

/// What was signed, and the signature as git hands it to its programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedObject {
    /// The object without its signature.
    pub payload: Vec<u8>,
    /// The armored signature, all headers of its name one after the other.
    pub signature: Vec<u8>,
}

/// The header that carries the signature in a repository of this hash function.
///
/// Source: git's `commit.c`, `gpg_sig_headers`.
pub(crate) fn header(sha256: bool) -> &'static [u8] {
    if sha256 { b"gpgsig-sha256" } else { b"gpgsig" }
}

/// Takes the raw bytes of a commit apart; nothing where it is not signed.
///
/// Every line of a header that begins with `gpgsig` is left out of what was signed, also those for the other hash function;
/// the lines of a header that appears twice are put together. Source: git's `commit.c`, `parse_buffer_signed_by_header`.
pub fn split_commit(data: &[u8], sha256: bool) -> Option<SignedObject> {
    let own = header(sha256);
    let (mut payload, mut signature) = (Vec::with_capacity(data.len()), Vec::new());
    let (mut in_own, mut in_other) = (false, false);
    let mut rest = data;
    while !rest.is_empty() {
        let (line, after) = line(rest);
        let of_own = match line.strip_prefix(own) {
            Some(value) if !(in_own && line.starts_with(b" ")) => value.strip_prefix(b" "),
            _ => None,
        };
        let part = if in_own && line.starts_with(b" ") { line.get(1..) } else { of_own };
        if let Some(part) = part {
            in_other = in_other && of_own.is_none();
            signature.extend_from_slice(part);
            in_own = true;
        } else {
            if line.starts_with(b"gpgsig") {
                in_other = true;
            } else if in_other && !line.starts_with(b" ") {
                in_other = false;
            }
            in_own = false;
            if line.starts_with(b"\n") {
                payload.extend_from_slice(rest);
                break;
            }
            if !in_other {
                payload.extend_from_slice(line);
            }
        }
        rest = after;
    }
    (!signature.is_empty()).then_some(SignedObject { payload, signature })
}

/// A raw commit outside of a repository.
#[derive(Clone, Debug)]
pub struct LooseCommit {
    /// What stands in it.
    pub record: CommitRecord,
    /// What was signed, and the signature; nothing where it is not signed.
    pub signed: Option<SignedObject>,
}

/// Reads the raw bytes of the commit with this id. Refuses an id that is none, and bytes that are not those of the id.
pub fn loose_commit(id: &str, data: &[u8]) -> Result<LooseCommit, String> {
    let format = if id.len() == 64 { git2::ObjectFormat::Sha256 } else { git2::ObjectFormat::Sha1 };
    let oid = Oid::from_str_ext(id, format).ok().filter(|oid| oid.to_string() == id);
    let oid = oid.ok_or_else(|| "its name is no object id".to_owned())?;
    let own =
        Oid::hash_object_ext(git2::ObjectType::Commit, data, format).map_err(|error| error.message().to_owned())?;
    if own != oid {
        return Err(format!("it is the commit {own}"));
    }
    let signed = split_commit(data, format == git2::ObjectFormat::Sha256);
    Ok(LooseCommit { record: commit::parse(oid, data), signed })
}

/// Takes the raw bytes of a tag apart; nothing where it is not signed.
///
/// The signature begins at the last line that begins an armor, and headers of signatures are left out of what was signed.
/// Source: git's `gpg-interface.c`, `parse_signature`; `commit.c`, `remove_signature`.
pub fn split_tag(data: &[u8]) -> Option<SignedObject> {
    let mut at = 0;
    let mut found = None;
    while let Some(rest) = data.get(at..).filter(|rest| !rest.is_empty()) {
        if is_armor(rest) {
            found = Some(at);
        }
        at += line(rest).0.len();
    }
    let (before, signature) = data.split_at_checked(found?)?;
    Some(SignedObject { payload: without_headers(before), signature: signature.to_vec() })
}

/// Does an armor that git knows begin here?
pub(crate) fn is_armor(bytes: &[u8]) -> bool {
    !matches!(SignatureScheme::of_armor(bytes), SignatureScheme::None | SignatureScheme::Unknown)
}

fn without_headers(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    let mut inside = false;
    let mut rest = data;
    while !rest.is_empty() {
        let (line, after) = line(rest);
        if line.starts_with(b"\n") {
            out.extend_from_slice(rest);
            break;
        }
        inside = if line.starts_with(b" ") {
            inside
        } else {
            [false, true]
                .iter()
                .any(|sha256| line.strip_prefix(header(*sha256)).is_some_and(|rest| rest.starts_with(b" ")))
        };
        if !inside {
            out.extend_from_slice(line);
        }
        rest = after;
    }
    out
}

/// The first line with its end, and what follows.
fn line(data: &[u8]) -> (&[u8], &[u8]) {
    let end = memchr(b'\n', data).map_or(data.len(), |at| at + 1);
    data.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "tree t\nauthor a\ncommitter c\n";

    fn check(raw: &str, expected: Option<(&str, &str)>) {
        let found = split_commit(raw.as_bytes(), false)
            .map(|found| (String::from_utf8(found.payload).unwrap(), String::from_utf8(found.signature).unwrap()));
        let expected = expected.map(|(payload, signature)| (payload.to_owned(), signature.to_owned()));
        assert_eq!(found, expected, "{raw}");
    }

    #[test]
    fn commits_are_taken_apart_as_git_does() {
        let end = "\nmessage\n";
        check(&format!("{HEAD}{end}"), None);
        check(&format!("{HEAD}gpgsig one\n two\n{end}"), Some((&format!("{HEAD}{end}"), "one\ntwo\n")));
        check(
            &format!("{HEAD}gpgsig one\n two\nencoding x\n{end}"),
            Some((&format!("{HEAD}encoding x\n{end}"), "one\ntwo\n")),
        );
        // A header that appears twice is one signature.
        check(&format!("{HEAD}gpgsig one\nx y\ngpgsig two\n{end}"), Some((&format!("{HEAD}x y\n{end}"), "one\ntwo\n")));
        // The signature for the other hash function is not signed by this one.
        check(&format!("{HEAD}gpgsig-sha256 o\n p\ngpgsig one\n{end}"), Some((&format!("{HEAD}{end}"), "one\n")));
        check(&format!("{HEAD}gpgsig-sha256 o\n p\n{end}"), None);
        // Only a header, and only with a blank behind its name.
        check(&format!("{HEAD}\ngpgsig one\n"), None);
        check(&format!("{HEAD}gpgsig\n one\n{end}"), None);
        // What a merged tag was signed with is signed by the merge.
        let merged = "mergetag object o\n type commit\n \n -----BEGIN PGP SIGNATURE-----\n";
        check(&format!("{HEAD}{merged}gpgsig one\n{end}"), Some((&format!("{HEAD}{merged}{end}"), "one\n")));
    }

    #[test]
    fn tags_are_taken_apart_as_git_does() {
        let head = "object o\ntype commit\ntag v1\ntagger t\n";
        let armor = "-----BEGIN SSH SIGNATURE-----\nx\n";
        let found = split_tag(format!("{head}\nv1\n{armor}").as_bytes()).unwrap();
        assert_eq!(found.payload, format!("{head}\nv1\n").as_bytes());
        assert_eq!(found.signature, armor.as_bytes());
        // The last armor counts, and headers of signatures do not.
        let found = split_tag(format!("{head}gpgsig-sha256 a\n b\n\n{armor}{armor}").as_bytes()).unwrap();
        assert_eq!(found.payload, format!("{head}\n{armor}").as_bytes());
        assert_eq!(found.signature, armor.as_bytes());
        assert_eq!(split_tag(format!("{head}\nv1\n").as_bytes()), None);
        assert_eq!(split_tag(b""), None);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, text in "(gpgsig|gpgsig-sha256|tree| |\n|x)*") {
            for data in [bytes.as_slice(), text.as_bytes()] {
                let _ = (split_commit(data, false), split_commit(data, true), split_tag(data));
            }
        }
    }
}
