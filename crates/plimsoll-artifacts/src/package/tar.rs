//! A walk over the headers of a tar archive that shows what unpackers differ on.
//!
//! The crate `tar` joins names and sizes from several headers before it shows an entry, and stops at the first empty block.
//! Here each header is seen, and refused where the unpackers of cargo, npm and pip would not agree on it.

use std::ops::Range;

use crate::{
    ArtifactError, Bound, Limits, PathFault, TarFault,
    package::{
        Entry,
        paths::{Checked, Listed, checked, shown},
        pax,
    },
};

const BLOCK: usize = 512;
const NAME: Range<usize> = 0..100;
const MODE: Range<usize> = 100..108;
const SIZE: Range<usize> = 124..136;
const CHECKSUM: Range<usize> = 148..156;
const KIND: usize = 156;
const MAGIC: Range<usize> = 257..265;
const PREFIX: Range<usize> = 345..500;

/// What extension headers said of the entry that follows them.
#[derive(Default)]
struct Extension<'a> {
    long_name: Option<&'a [u8]>,
    pax: Option<pax::Pax<'a>>,
}

/// Gives the files and folders of a tar archive in their order, as ranges of `archive`.
///
/// Read are the formats ustar, pax and GNU, and the oldest one. Source: POSIX.1-2017, pax, "ustar Interchange Format".
pub(super) fn entries(archive: &[u8], limits: &Limits) -> Result<Vec<Entry>, ArtifactError> {
    let mut found = Vec::new();
    let mut listed = Listed::default();
    let mut extension = Extension::default();
    let mut at = 0;
    loop {
        let refused = |fault| ArtifactError::Tar { at, fault };
        let rest = archive.get(at..).unwrap_or_default();
        let Some(header) = rest.first_chunk::<BLOCK>() else { return Err(refused(TarFault::Truncated)) };
        if header.iter().all(|byte| *byte == 0) {
            if extension.long_name.is_some() || extension.pax.is_some() {
                return Err(refused(TarFault::Extension));
            }
            end(rest).map_err(refused)?;
            return Ok(found);
        }
        check_sum(header).map_err(refused)?;
        let size = number(header, SIZE, "the size").map_err(refused)?;
        let start = at + BLOCK;
        // Neither can overflow: `start` is within the archive, and a size that is not is refused first.
        let content = start
            .checked_add(size)
            .and_then(|end| archive.get(start..end))
            .ok_or_else(|| refused(TarFault::Truncated))?;
        let end = start + size;
        let next = end.next_multiple_of(BLOCK);
        match header.get(KIND).copied().unwrap_or_default() {
            b'L' if extension.long_name.is_none() => {
                let name = content.strip_suffix(b"\0").unwrap_or(content);
                if name.len() > limits.path {
                    return Err(ArtifactError::TooMuch { bound: Bound::Path, limit: limits.path });
                }
                extension.long_name = Some(name);
            }
            b'x' if extension.pax.is_none() => {
                extension.pax = Some(pax::read(content, false).map_err(refused)?);
            }
            b'g' if extension.long_name.is_none() && extension.pax.is_none() => {
                pax::read(content, true).map_err(refused)?;
            }
            b'L' | b'x' | b'g' => return Err(refused(TarFault::Extension)),
            kind => {
                let extension = std::mem::take(&mut extension);
                let is_folder = is_folder(kind, size).map_err(refused)?;
                let joined;
                let name = match (&extension.long_name, &extension.pax) {
                    (Some(_), Some(pax::Pax { path: Some(_), .. })) => return Err(refused(TarFault::Extension)),
                    (Some(name), _) => *name,
                    (None, Some(pax::Pax { path: Some(path), .. })) => *path,
                    _ => {
                        joined = name_of(header).map_err(refused)?;
                        &joined
                    }
                };
                // Some unpackers take the one, some the other, and none of this size needs two.
                if extension.pax.and_then(|pax| pax.size).is_some_and(|said| said != size) {
                    return Err(refused(TarFault::SizeDisagrees));
                }
                // Read even where a long name replaces it: Python takes an old header for a folder's by its own name, and what
                // follows for the next header.
                let own = name_of(header).map_err(refused)?;
                if kind == 0 && own.ends_with(b"/") {
                    return Err(file_as_folder(&String::from_utf8_lossy(&own)));
                }
                let executable = number(header, MODE, "the mode").map_err(refused)? & 0o111 != 0;
                let name = checked(name, limits)?;
                listed.add(name.path, limits)?;
                found.push(entry(name, is_folder, start..end, executable)?);
            }
        }
        at = next;
    }
}

fn entry(name: Checked<'_>, is_folder: bool, content: Range<usize>, executable: bool) -> Result<Entry, ArtifactError> {
    if name.ends_in_slash && !is_folder {
        return Err(file_as_folder(name.path));
    }
    Ok(Entry { path: name.path.to_owned(), is_folder, content, executable: executable && !is_folder })
}

/// The oldest format marks folders in this way, and some unpackers still go by it.
fn file_as_folder(path: &str) -> ArtifactError {
    ArtifactError::Path { path: shown(path), fault: PathFault::FileAsFolder }
}

fn is_folder(kind: u8, size: usize) -> Result<bool, TarFault> {
    match kind {
        b'0' | 0 => Ok(false),
        b'5' if size == 0 => Ok(true),
        b'5' => Err(TarFault::FolderWithContent),
        b'1' | b'2' | b'K' => Err(TarFault::Link),
        b'3' | b'4' | b'6' => Err(TarFault::Device),
        b'S' => Err(TarFault::Sparse),
        other => Err(TarFault::Kind { kind: char::from(other) }),
    }
}

/// The end marker is two empty blocks, and nothing but zeros follows.
fn end(rest: &[u8]) -> Result<(), TarFault> {
    if rest.iter().any(|byte| *byte != 0) {
        return Err(TarFault::AfterEnd);
    }
    if rest.len() < 2 * BLOCK { Err(TarFault::Truncated) } else { Ok(()) }
}

fn check_sum(header: &[u8; BLOCK]) -> Result<(), TarFault> {
    let all: usize = header.iter().map(|byte| usize::from(*byte)).sum();
    let own: usize = field(header, CHECKSUM).iter().map(|byte| usize::from(*byte)).sum();
    // The field counts as if it were spaces.
    let counted = all - own + CHECKSUM.len() * usize::from(b' ');
    if number(header, CHECKSUM, "the checksum")? == counted { Ok(()) } else { Err(TarFault::Checksum) }
}

/// Spaces, octal digits, then spaces and zeros to the end; never empty, never in base 256.
fn number(header: &[u8; BLOCK], range: Range<usize>, name: &'static str) -> Result<usize, TarFault> {
    let refused = || TarFault::Number { field: name };
    let text = std::str::from_utf8(field(header, range)).map_err(|_| refused())?;
    let digits = text.trim_start_matches(' ').trim_end_matches([' ', '\0']);
    if digits.is_empty() || !digits.bytes().all(|byte| matches!(byte, b'0'..=b'7')) {
        return Err(refused());
    }
    usize::from_str_radix(digits, 8).map_err(|_| refused())
}

fn name_of(header: &[u8; BLOCK]) -> Result<Vec<u8>, TarFault> {
    let name = text(field(header, NAME));
    let prefix = text(field(header, PREFIX));
    match field(header, MAGIC) {
        b"ustar\x0000" if !prefix.is_empty() => Ok([prefix, b"/", name].concat()),
        // These have no prefix, or times in its place; Python reads one all the same.
        b"ustar  \0" | b"\0\0\0\0\0\0\0\0" if !prefix.is_empty() => Err(TarFault::Prefix),
        b"ustar\x0000" | b"ustar  \0" | b"\0\0\0\0\0\0\0\0" => Ok(name.to_vec()),
        _ => Err(TarFault::Magic),
    }
}

fn text(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}

fn field(header: &[u8; BLOCK], range: Range<usize>) -> &[u8] {
    // The ranges are the constants above, all within a block.
    header.get(range).unwrap_or_default()
}
