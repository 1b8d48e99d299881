//! Paths that mean the same to every unpacker and on every file system.

use unicode_normalization::UnicodeNormalization as _;

use crate::{ArtifactError, Bound, Limits, PathFault};

/// A path as it stands in an archive, and whether it ends as a folder's does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Checked<'a> {
    /// Without the slash at the end.
    pub(super) path: &'a str,
    pub(super) ends_in_slash: bool,
}

/// Gives the path where nothing in it could lead elsewhere.
///
/// Refused: what is not UTF-8, empty or absolute; parts that are empty or of dots alone; backslashes, colons and
/// control characters; more bytes or parts than `limits` allows. Names that Windows reserves for devices are let through.
pub(super) fn checked<'a>(raw: &'a [u8], limits: &Limits) -> Result<Checked<'a>, ArtifactError> {
    if raw.len() > limits.path {
        return Err(ArtifactError::TooMuch { bound: Bound::Path, limit: limits.path });
    }
    let refused = |fault| ArtifactError::Path { path: shown(&String::from_utf8_lossy(raw)), fault };
    let Ok(text) = std::str::from_utf8(raw) else { return Err(refused(PathFault::NotUtf8)) };
    if text.starts_with('/') {
        return Err(refused(PathFault::Absolute));
    }
    if text.contains('\\') {
        return Err(refused(PathFault::Backslash));
    }
    if text.chars().any(char::is_control) {
        return Err(refused(PathFault::Control));
    }
    let path = text.strip_suffix('/').unwrap_or(text);
    let mut depth = 0;
    for part in path.split('/') {
        depth += 1;
        if part.is_empty() {
            return Err(refused(PathFault::Empty));
        }
        // Windows drops dots and spaces at the end of a name, and nothing would be left of these.
        if part.bytes().all(|byte| matches!(byte, b'.' | b' ')) {
            return Err(refused(PathFault::Dots));
        }
        if let Some((before, _)) = part.split_once(':') {
            let is_drive = before.len() == 1 && before.bytes().all(|byte| byte.is_ascii_alphabetic());
            return Err(refused(if is_drive { PathFault::Drive } else { PathFault::Colon }));
        }
    }
    if depth > limits.depth {
        return Err(ArtifactError::TooMuch { bound: Bound::Depth, limit: limits.depth });
    }
    Ok(Checked { path, ends_in_slash: path.len() != text.len() })
}

/// Counts what an archive lists, so that it is refused before its names fill the memory.
#[derive(Default)]
pub(super) struct Listed {
    entries: usize,
    bytes: usize,
}

impl Listed {
    pub(super) fn add(&mut self, path: &str, limits: &Limits) -> Result<(), ArtifactError> {
        self.entries += 1;
        self.bytes += path.len();
        if self.entries > limits.files {
            return Err(ArtifactError::TooMuch { bound: Bound::Files, limit: limits.files });
        }
        if self.bytes > limits.names {
            return Err(ArtifactError::TooMuch { bound: Bound::Names, limit: limits.names });
        }
        Ok(())
    }
}

/// Refuses paths of which one file system or another would make one.
///
/// Takes checked paths, each with whether it is a folder. Refused: a file twice; a file that is also a folder; names
/// that differ only in case, in how letters are composed, or in dots and spaces at the end of a part. A folder twice is
/// nothing. Case is folded by Unicode's upper and lower case, composition by NFD (Unicode 3.13, D145, nearly). Not seen:
/// characters that HFS+ leaves out, the short names of FAT, the rules of the Turkish locale.
pub(super) fn distinct<'a>(paths: impl Iterator<Item = (&'a str, bool)>) -> Result<(), ArtifactError> {
    let mut sorted: Vec<(String, &str, bool)> =
        paths.map(|(path, is_folder)| (folded(path), path, is_folder)).collect();
    sorted.sort_unstable();
    // What is the same when folded, wholly or up to a slash, stands side by side.
    for pair in sorted.windows(2) {
        let [(one_folded, one, one_is_folder), (other_folded, other, other_is_folder)] = pair else { continue };
        let refused = |fault| Err(ArtifactError::Path { path: shown(other), fault });
        let mut parts = one_folded.split(SEPARATOR).zip(other_folded.split(SEPARATOR));
        let mut spelled = one.split('/').zip(other.split('/'));
        let mut same = 0;
        while let (Some((one_part, other_part)), Some((one_name, other_name))) = (parts.next(), spelled.next()) {
            if one_part != other_part {
                break;
            }
            if one_name != other_name {
                return refused(PathFault::Collision { other: shown(one) });
            }
            same += one_name.len() + 1;
        }
        if same <= one.len() {
            continue;
        }
        // All of the first is in the second.
        match (same <= other.len(), one_is_folder, other_is_folder) {
            (false, true, true) | (true, true, _) => {}
            (false, false, false) => return refused(PathFault::Duplicate),
            _ => return refused(PathFault::FileAndFolder),
        }
    }
    Ok(())
}

/// Sorts before everything that a path may have, so that a folder is followed by what is in it.
const SEPARATOR: char = '\0';

fn folded(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    for (position, part) in path.split('/').enumerate() {
        if position > 0 {
            text.push(SEPARATOR);
        }
        let part = part.trim_end_matches(['.', ' ']);
        if part.is_ascii() {
            text.extend(part.chars().map(|letter| letter.to_ascii_lowercase()));
        } else {
            // Down, up and down again: the capital sharp s has only a lower case, and the small one only an upper case.
            let folded = part.nfd().collect::<String>().to_lowercase().to_uppercase().to_lowercase();
            text.extend(folded.nfd());
        }
    }
    text
}

/// Escaped and short enough for one line.
pub(super) fn shown(path: &str) -> String {
    path.escape_debug().take(300).collect()
}
