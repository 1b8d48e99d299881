//! The commit's tree as a flat list of paths.

use std::collections::HashSet;

use git2::{ObjectType, Odb, Oid};
use plimsoll_model::Pointer;

/// More files and folders than any real tree has; a listing stops there and says so.
const MOST_ENTRIES: usize = 1_000_000;
/// Folders that are read although one with the same content was read before. A few small trees that name each other twice
/// stand for more folders than can ever be read; that every other tree is an object of its own bounds the rest.
const MOST_REPEATED: usize = 10_000;
/// More folders inside each other than git itself can check out on common systems.
pub(crate) const DEEPEST: usize = 128;
/// Bytes of one path.
pub(crate) const LONGEST_PATH: usize = 4096;
/// Bytes of one tree object: a million names of sixty bytes.
pub(crate) const LARGEST_TREE: usize = 64 * 1024 * 1024;

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A regular file that may be executed.
    Executable,
    /// A symbolic link; never followed.
    Symlink,
    /// A submodule; another repository, never entered.
    Submodule,
}

/// One path of the tree that is not a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The path from the root with `/` between its parts. Bytes that are not UTF-8, control characters and
    /// `%` stand as `%XX`, so that two paths never look the same.
    pub path: String,
    /// Object id in hexadecimal; empty for a file of the working copy that differs from the commit.
    pub blob: String,
    /// What it is.
    pub kind: EntryKind,
    /// The object id, where the bytes come from the object database.
    pub(crate) oid: Option<Oid>,
}

impl Entry {
    /// Is it a regular file?
    pub fn is_file(&self) -> bool {
        matches!(self.kind, EntryKind::File | EntryKind::Executable)
    }

    /// The last part of the path.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// The path without its last part; empty at the root.
    pub fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Where it is, for a fact.
    pub fn pointer(&self) -> Pointer {
        if self.blob.is_empty() { Pointer::path(&self.path) } else { Pointer::blob(&self.path, &self.blob) }
    }
}

/// Gives a path as [`Entry::path`] spells it.
pub fn entry_path(path: &str) -> String {
    escape(path.as_bytes())
}

/// A listing, and why it is not whole.
pub(crate) struct Listing {
    pub(crate) entries: Vec<Entry>,
    pub(crate) gap: Option<String>,
}

/// Lists the tree `root`, sorted by path. A folder that cannot be read is named in the gap; its files are missing.
pub(crate) fn list(odb: &Odb<'_>, root: Oid, raw_id_len: usize) -> Listing {
    let mut entries = Vec::new();
    let mut gaps: Vec<String> = Vec::new();
    let mut stack = vec![(String::new(), root, 0_usize)];
    let (mut folders, mut seen, mut repeated) = (0, HashSet::new(), 0);
    'folders: while let Some((folder, oid, depth)) = stack.pop() {
        let here = if folder.is_empty() { "the root folder" } else { &folder };
        if depth > DEEPEST {
            gaps.push(format!("{}: more than {DEEPEST} folders deep", shorten(here)));
            continue;
        }
        if !seen.insert(oid) {
            repeated += 1;
            if repeated > MOST_REPEATED {
                continue;
            }
        }
        let data = match read_tree(odb, oid) {
            Ok(data) => data,
            Err(reason) => {
                gaps.push(format!("{}: the tree object {oid} {reason}", shorten(here)));
                continue;
            }
        };
        let mut rest = data.data();
        while !rest.is_empty() {
            let Some((mode, name, raw_id, after)) = next_entry(rest, raw_id_len) else {
                gaps.push(format!("{}: the tree object {oid} is malformed", shorten(here)));
                break;
            };
            rest = after;
            let Ok(id) = Oid::from_bytes(raw_id) else {
                gaps.push(format!("{}: the tree object {oid} is malformed", shorten(here)));
                break;
            };
            let path = if folder.is_empty() { escape(name) } else { format!("{folder}/{}", escape(name)) };
            if path.len() > LONGEST_PATH || matches!(name, b"" | b"." | b"..") || name.contains(&b'/') {
                gaps.push(format!("{}: a name that no file can have", shorten(&path)));
                continue;
            }
            if entries.len() + folders >= MOST_ENTRIES {
                gaps.push(format!("more than {MOST_ENTRIES} files and folders"));
                break 'folders;
            }
            let kind = match mode & 0o170_000 {
                0o040_000 => {
                    folders += 1;
                    stack.push((path, id, depth + 1));
                    continue;
                }
                0o120_000 => EntryKind::Symlink,
                0o160_000 => EntryKind::Submodule,
                _ if mode & 0o111 != 0 => EntryKind::Executable,
                _ => EntryKind::File,
            };
            entries.push(Entry { path, blob: id.to_string(), kind, oid: Some(id) });
        }
    }
    if repeated > MOST_REPEATED {
        gaps.push(format!(
            "{} folders were not read: more than {MOST_REPEATED} have the content of another",
            repeated - MOST_REPEATED
        ));
    }
    entries.sort_by(|one, other| one.path.cmp(&other.path));
    // git's own checks refuse such a tree; a reader that takes either of the two can be shown the harmless one.
    if let Some([twice, ..]) = entries.windows(2).find(|pair| matches!(pair, [one, other] if one.path == other.path)) {
        gaps.push(format!("{}: a name that appears twice", shorten(&twice.path)));
    }
    gaps.sort();
    let count = gaps.len();
    let gap = (count > 0).then(|| {
        let mut told = gaps.into_iter().take(3).collect::<Vec<_>>().join("; ");
        if count > 3 {
            told.push_str(&format!("; and {} more", count - 3));
        }
        told
    });
    Listing { entries, gap }
}

fn read_tree<'a>(odb: &'a Odb<'_>, oid: Oid) -> Result<git2::OdbObject<'a>, &'static str> {
    let (size, kind) = odb.read_header(oid).map_err(|_| "is missing from the object database")?;
    if kind != ObjectType::Tree {
        return Err("is not a tree");
    }
    if size > LARGEST_TREE {
        return Err("is larger than a tree may be");
    }
    odb.read(oid).map_err(|_| "cannot be read")
}

// Mode, name, raw id, and the bytes behind the entry.
type RawEntry<'a> = (u32, &'a [u8], &'a [u8], &'a [u8]);

// One entry of a raw tree object: octal mode, space, name, NUL, raw id (gitformat-tree: `<mode> <name>\0<id>`).
pub(crate) fn next_entry(data: &[u8], raw_id_len: usize) -> Option<RawEntry<'_>> {
    let space = data.iter().take(8).position(|byte| *byte == b' ')?;
    let (mode, rest) = (data.get(..space)?, data.get(space + 1..)?);
    let mode = mode.iter().try_fold(0_u32, |mode, digit| match digit {
        b'0'..=b'7' => Some(mode * 8 + u32::from(digit - b'0')),
        _ => None,
    })?;
    let nul = rest.iter().position(|byte| *byte == 0)?;
    Some((mode, rest.get(..nul)?, rest.get(nul + 1..nul + 1 + raw_id_len)?, rest.get(nul + 1 + raw_id_len..)?))
}

/// Gives the ids of the folders that a raw tree object lists, as far as it is well-formed.
pub(crate) fn folders(data: &[u8], raw_id_len: usize) -> Vec<Oid> {
    let mut folders = Vec::new();
    let mut rest = data;
    while let Some((mode, _, raw_id, after)) = next_entry(rest, raw_id_len) {
        rest = after;
        if mode & 0o170_000 == 0o040_000 {
            folders.extend(Oid::from_bytes(raw_id));
        }
    }
    folders
}

/// Gives `name` as text in which every byte that is not plain UTF-8 text stands as `%XX`.
pub(crate) fn escape(name: &[u8]) -> String {
    let mut out = String::with_capacity(name.len());
    for chunk in name.utf8_chunks() {
        for character in chunk.valid().chars() {
            if character == '%' || character.is_control() {
                let mut buffer = [0; 4];
                character.encode_utf8(&mut buffer).bytes().for_each(|byte| push_hex(&mut out, byte));
            } else {
                out.push(character);
            }
        }
        chunk.invalid().iter().for_each(|byte| push_hex(&mut out, *byte));
    }
    out
}

fn push_hex(out: &mut String, byte: u8) {
    out.push_str(&format!("%{byte:02X}"));
}

fn shorten(path: &str) -> String {
    if path.chars().count() <= 80 { path.to_owned() } else { path.chars().take(77).chain("...".chars()).collect() }
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_anything(bytes: &[u8]) {
    let mut rest = bytes;
    while let Some((_, name, _, after)) = next_entry(rest, 20) {
        let _ = escape(name);
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_not_text_stay_apart() {
        for (name, expected) in [
            (&b"plain.rs"[..], "plain.rs"),
            (b"a%41", "a%2541"),
            (b"\xff\xfe", "%FF%FE"),
            (b"a\x1b[0m\n", "a%1B[0m%0A"),
        ] {
            assert_eq!(escape(name), expected);
        }
        assert_eq!(escape("Größe".as_bytes()), "Größe");
    }

    #[test]
    fn a_malformed_entry_is_refused() {
        let id = [7_u8; 20];
        let good = [b"100644 name\0".as_slice(), &id].concat();
        assert!(next_entry(&good, 20).is_some());
        for bad in
            [&good[..good.len() - 1], b"100644name\0", b"", b"\0", b"10x644 name\0aaaaaaaaaaaaaaaaaaaa", b"100644 name"]
        {
            assert!(next_entry(bad, 20).is_none(), "{bad:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            read_anything(&bytes);
        }
    }
}
