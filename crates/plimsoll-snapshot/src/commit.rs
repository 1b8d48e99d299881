//! One commit from its raw object: who, when, parents, signature scheme, trailers.

use git2::Oid;
use memchr::{memchr, memmem, memrchr};
use plimsoll_model::SignatureScheme;
use serde::{Deserialize, Serialize};

use crate::signed;

/// Bytes of a subject line or a trailer that are kept.
const LONGEST_LINE: usize = 512;
/// Trailers that are kept.
const MOST_TRAILERS: usize = 64;
/// Bytes at the end of a message in which trailers are looked for.
const TRAILER_WINDOW: usize = 64 * 1024;

/// Who, as a commit or tag says.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Person {
    /// Name; bytes that are not UTF-8 are replaced.
    pub name: String,
    /// Address between the angle brackets.
    pub email: String,
}

/// One commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitRecord {
    /// Object id.
    pub(crate) oid: Oid,
    /// Parents, in their order.
    pub(crate) parent_ids: Vec<Oid>,
    /// Who wrote the change.
    pub author: Person,
    /// When, in seconds since 1970 in UTC; absent when it is not a number.
    pub authored: Option<i64>,
    /// Who made the commit.
    pub committer: Person,
    /// When, in seconds since 1970 in UTC; absent when it is not a number.
    pub committed: Option<i64>,
    /// How it says that it is signed.
    pub signature: SignatureScheme,
    /// First line of the message.
    pub subject: String,
    /// `Key: value` lines of the last paragraph whose key ends with `by`: those that name people.
    pub trailers: Vec<(String, String)>,
    /// False when a header that every commit has is missing or broken.
    pub well_formed: bool,
}

impl CommitRecord {
    /// Object id in hexadecimal.
    pub fn id(&self) -> String {
        self.oid.to_string()
    }
}

/// Reads the raw bytes of commit `oid`. Total: what is broken is marked, never refused.
///
/// Source: git's `Documentation/gitformat-commit` and `signature-format`: header lines, a blank line, the
/// message; a header goes on in lines that begin with one space. Git itself takes the first `author`.
pub(crate) fn parse(oid: Oid, data: &[u8]) -> CommitRecord {
    let mut record = CommitRecord {
        oid,
        parent_ids: Vec::new(),
        author: Person::default(),
        authored: None,
        committer: Person::default(),
        committed: None,
        signature: SignatureScheme::None,
        subject: String::new(),
        trailers: Vec::new(),
        well_formed: true,
    };
    let hex_len = oid.as_bytes().len() * 2;
    let own = signed::header(oid.object_format() == git2::ObjectFormat::Sha256);
    let (mut tree, mut author, mut committer) = (false, false, false);
    let mut rest = data;
    let message = loop {
        let end = memchr(b'\n', rest).unwrap_or(rest.len());
        let (line, after) = (rest.get(..end).unwrap_or_default(), rest.get(end + 1..).unwrap_or_default());
        if line.is_empty() {
            break after;
        }
        rest = after;
        let (key, value) = split_at_space(line);
        match key {
            b"tree" => tree = value.len() == hex_len,
            b"parent" => match std::str::from_utf8(value).ok().filter(|hex| hex.len() == hex_len) {
                Some(hex) => match Oid::from_str_ext(hex, oid.object_format()) {
                    Ok(parent) => record.parent_ids.push(parent),
                    Err(_) => record.well_formed = false,
                },
                None => record.well_formed = false,
            },
            b"author" if !author => {
                author = true;
                (record.author, record.authored) = person(value);
            }
            b"committer" if !committer => {
                committer = true;
                (record.committer, record.committed) = person(value);
            }
            // The header for the other hash function says nothing here.
            _ if key == own && record.signature == SignatureScheme::None => {
                record.signature = SignatureScheme::of_armor(value);
            }
            _ => {}
        }
    };
    record.well_formed &= tree && author && committer && record.committed.is_some();
    let first = memchr(b'\n', message).unwrap_or(message.len());
    record.subject = bounded(message.get(..first).unwrap_or_default());
    record.trailers = trailers(message);
    record
}

fn split_at_space(line: &[u8]) -> (&[u8], &[u8]) {
    match memchr(b' ', line) {
        Some(at) => (line.get(..at).unwrap_or_default(), line.get(at + 1..).unwrap_or_default()),
        None => (line, &[]),
    }
}

fn bounded(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.get(..LONGEST_LINE).unwrap_or(bytes)).trim_end().to_owned()
}

/// `Name <email> seconds zone`. The last `>` ends the address, as git reads it from the right.
pub(crate) fn person(value: &[u8]) -> (Person, Option<i64>) {
    let close = memrchr(b'>', value);
    let open = close.and_then(|close| memrchr(b'<', value.get(..close)?));
    let (Some(open), Some(close)) = (open, close) else {
        return (Person { name: bounded(value), ..Person::default() }, None);
    };
    let seconds = value
        .get(close + 1..)
        .and_then(|rest| std::str::from_utf8(rest).ok())
        .and_then(|rest| rest.split_whitespace().next())
        .and_then(|number| number.parse().ok())
        // The least of all numbers stands for none where times are kept.
        .filter(|seconds| *seconds != i64::MIN);
    let name = bounded(value.get(..open).unwrap_or_default());
    let email = bounded(value.get(open + 1..close).unwrap_or_default());
    (Person { name, email }, seconds)
}

fn trailers(message: &[u8]) -> Vec<(String, String)> {
    let from = message.len().saturating_sub(TRAILER_WINDOW);
    let text = message.get(from..).unwrap_or_default().trim_ascii_end();
    // Only the last paragraph, and never the subject's own.
    let Some(start) = memmem::rfind(text, b"\n\n") else { return Vec::new() };
    text.get(start + 2..)
        .unwrap_or_default()
        .split(|byte| *byte == b'\n')
        .filter_map(|line| {
            let colon = line.iter().position(|byte| *byte == b':')?;
            let (key, value) = (line.get(..colon)?, line.get(colon + 1..)?);
            // `Reviewed By` (Phabricator) and `Reviewed by` (FreeBSD) are written with a blank.
            let spoken = key.len() <= 16 && key.to_ascii_lowercase().ends_with(b"ed by");
            let is_key = key.len() <= 64
                && key.to_ascii_lowercase().ends_with(b"by")
                && key.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-' || spoken && *byte == b' ')
                && value.first().is_some_and(|byte| matches!(byte, b' ' | b'\t'));
            is_key.then(|| (bounded(key).replace(' ', "-"), bounded(value.trim_ascii())))
        })
        .take(MOST_TRAILERS)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str) -> CommitRecord {
        parse(Oid::ZERO_SHA1, raw.as_bytes())
    }

    const TREE: &str = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n";
    const WHO: &str = "author A <a@x> 1 +0000\ncommitter C <c@x> 2 +0000\n";

    #[test]
    fn a_whole_commit_is_read() {
        let parent = "1111111111111111111111111111111111111111";
        let record = check(&format!(
            "{TREE}parent {parent}\n{WHO}gpgsig -----BEGIN SSH SIGNATURE-----\n abc\n -----END SSH SIGNATURE-----\n\n\
             Subject: not a trailer\n\nBody\nNo-trailer: here\n\nReviewed-by: R <r@x>\nnot one\nSigned-off-by: A <a@x>\n"
        ));
        assert!(record.well_formed);
        assert_eq!(record.parent_ids.iter().map(Oid::to_string).collect::<Vec<_>>(), [parent]);
        assert_eq!(record.signature, SignatureScheme::Ssh);
        assert_eq!(record.subject, "Subject: not a trailer");
        assert_eq!(record.author, Person { name: "A".into(), email: "a@x".into() });
        assert_eq!((record.authored, record.committed), (Some(1), Some(2)));
        let keys: Vec<_> = record.trailers.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["Reviewed-by", "Signed-off-by"]);
        for (line, key) in [
            ("Reviewed By: bob", Some("Reviewed-By")),
            ("Reviewed by:\tbob", Some("Reviewed-by")),
            ("it was reviewed by: bob", None),
            ("Follow up: bob", None),
            ("Change-Id: I1", None),
        ] {
            let record = check(&format!("{TREE}{WHO}\nSubject\n\n{line}\n"));
            assert_eq!(record.trailers.first().map(|(key, _)| key.as_str()), key, "{line}");
        }
    }

    #[test]
    fn a_signature_in_the_message_is_none() {
        let record = check(&format!("{TREE}{WHO}\ngpgsig -----BEGIN PGP SIGNATURE-----\n"));
        assert_eq!(record.signature, SignatureScheme::None);
    }

    #[test]
    fn what_is_broken_is_marked() {
        for raw in [
            String::new(),
            "\n\nmessage".to_owned(),
            TREE.to_owned(),
            WHO.to_owned(),
            format!("{TREE}parent zz\n{WHO}\n"),
            format!("{TREE}parent 11\n{WHO}\n"),
            format!("{TREE}author A\ncommitter C\n\n"),
            format!("{TREE}author A <a@x> 1 +0000\ncommitter C <c@x> soon +0000\n\n"),
            format!("tree 12\n{WHO}\n"),
        ] {
            assert!(!check(&raw).well_formed, "{raw:?}");
        }
    }

    #[test]
    fn armor_decides_the_scheme() {
        for (armor, scheme) in [
            ("-----BEGIN PGP SIGNATURE-----", SignatureScheme::OpenPgp),
            ("-----BEGIN PGP MESSAGE-----", SignatureScheme::OpenPgp),
            ("-----BEGIN SIGNED MESSAGE-----", SignatureScheme::X509),
            ("-----BEGIN SOMETHING-----", SignatureScheme::Unknown),
            ("", SignatureScheme::Unknown),
        ] {
            assert_eq!(check(&format!("{TREE}{WHO}gpgsig {armor}\n\nm")).signature, scheme, "{armor}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, head in "(tree |parent |author |gpgsig |\n| )*") {
            let _ = parse(Oid::ZERO_SHA1, &bytes);
            let _ = parse(Oid::ZERO_SHA1, &[head.as_bytes(), &bytes].concat());
        }
    }
}
