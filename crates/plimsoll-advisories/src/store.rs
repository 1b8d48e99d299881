//! The packed snapshot: advisories of any number of ecosystems in one file, opened without reading the most of it.
//!
//! A header line, an index, then blocks. A block is some lines `ECOSYSTEM<TAB>NAME<TAB>[advisories]`, sorted; the index has a line
//! for each block: ecosystem and name of its first line, its place, its length and its SHA-256. The header has the SHA-256 of the
//! index and of what it says of ecosystems, so that the digest of header and index is that of all of it, and each block is checked when it is read.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    fmt::Write as _,
    fs::File,
    io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom},
    sync::{Arc, Mutex},
};

use jiff::civil::Date;
use plimsoll_model::sha256_hex;
use serde::{Deserialize, Serialize};

use crate::{AdvisoryError, advisory::Advisory};

/// The ending of files that `db update` writes into one folder.
pub const ENDING: &str = "advisories";
/// The version of the format that is written and read.
const FORMAT: u32 = 2;
const WHAT: &str = "plimsoll advisory snapshot";
/// What every snapshot begins with, of any format.
pub(crate) const BEGINNING: &[u8] = b"{\"what\":\"plimsoll advisory snapshot\"";
/// Bytes of the header line.
const LONGEST_HEADER: u64 = 64 * 1024;
/// Bytes of the index.
const LARGEST_INDEX: u64 = 64 * 1024 * 1024;
/// Bytes from which on a block is full. Small ones are read soon, and large ones need less of an index.
const FULL: usize = 8 * 1024;
/// Bytes of a block: those of the package with the most advisories.
const LARGEST_BLOCK: u64 = 64 * 1024 * 1024;

/// Advisories by ecosystem, as OSV calls it, and normal name.
pub(crate) type Packages = BTreeMap<(String, String), Vec<Advisory>>;

/// What there is of one ecosystem.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EcosystemData {
    /// Where it is from.
    pub source: String,
    /// The revision of the source, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// The day of which it is, as its source says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// The last day on which one of its advisories was published, changed or withdrawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<Date>,
    /// Advisories; one that names several packages counts once.
    pub advisories: u64,
    /// Of those, how many say how much there is ([`Advisory::is_counted`]).
    pub counted: u64,
    /// Packages that they are about.
    pub packages: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Header {
    what: String,
    format: u32,
    ecosystems: BTreeMap<String, EcosystemData>,
    index: IndexHeader,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct IndexHeader {
    bytes: u64,
    blocks: u64,
    sha256: String,
}

/// An opened snapshot.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    ecosystems: BTreeMap<String, EcosystemData>,
    digest: String,
    index: Cow<'static, str>,
    /// Where each line of the index begins.
    lines: Vec<usize>,
    blocks: Blocks,
    /// Where the first block begins.
    start: u64,
}

#[derive(Clone, Debug)]
enum Blocks {
    BuiltIn(&'static [u8]),
    InFile(Arc<Mutex<File>>),
}

/// A line of the index.
struct Line<'a> {
    key: (&'a str, &'a str),
    place: u64,
    bytes: u64,
    sha256: &'a str,
}

fn refused(problem: impl Into<String>) -> AdvisoryError {
    AdvisoryError::snapshot(problem)
}

/// Writes advisories as a snapshot; `ecosystems` says where those of each are from, and is completed with what is counted here.
pub(crate) fn write(
    packages: &Packages,
    ecosystems: &BTreeMap<String, EcosystemData>,
) -> Result<Vec<u8>, AdvisoryError> {
    let mut all: BTreeMap<String, EcosystemData> = BTreeMap::new();
    let (mut blocks, mut index) = (String::new(), String::new());
    let mut block = String::new();
    let mut first: Option<(&str, &str)> = None;
    let mut count = 0_u64;
    let mut close = |first: &mut Option<(&str, &str)>, block: &mut String| {
        if let Some((ecosystem, name)) = first.take() {
            let (place, bytes, sha256) = (blocks.len(), block.len(), sha256_hex(block.as_bytes()));
            // Writing to a text cannot fail.
            let _ = writeln!(index, "{ecosystem}\t{name}\t{place}\t{bytes}\t{sha256}");
            blocks.push_str(block);
            block.clear();
            count += 1;
        }
    };
    let mut at_hand = packages.iter().peekable();
    let mut ids = std::collections::BTreeSet::new();
    let mut counted = std::collections::BTreeSet::new();
    let mut named = 0_u64;
    while let Some(((ecosystem, name), advisories)) = at_hand.next() {
        if [ecosystem, name].iter().any(|text| text.is_empty() || text.contains(['\t', '\n'])) {
            return Err(refused(format!("\"{}\" is no name of a package", plimsoll_model::one_line(name))));
        }
        let advisories_text = serde_json::to_string(advisories).map_err(|error| refused(error.to_string()))?;
        let line = format!("{ecosystem}\t{name}\t{advisories_text}\n");
        first.get_or_insert((ecosystem, name));
        block.push_str(&line);
        ids.extend(advisories.iter().map(|one| one.id.as_str()));
        counted.extend(advisories.iter().filter(|one| one.is_counted()).map(|one| one.id.as_str()));
        named += 1;
        if block.len() >= FULL {
            close(&mut first, &mut block);
        }
        if at_hand.peek().is_none_or(|((next, _), _)| next != ecosystem) {
            let data = EcosystemData {
                advisories: ids.len() as u64,
                counted: counted.len() as u64,
                packages: named,
                ..ecosystems.get(ecosystem).cloned().unwrap_or_default()
            };
            all.insert(ecosystem.clone(), data);
            (ids, counted, named) = Default::default();
        }
    }
    close(&mut first, &mut block);
    let header = Header {
        what: WHAT.to_owned(),
        format: FORMAT,
        ecosystems: all,
        index: IndexHeader { bytes: index.len() as u64, blocks: count, sha256: String::new() },
    };
    let header =
        Header { index: IndexHeader { sha256: digest_of(&header, &index)?, ..header.index.clone() }, ..header };
    let header = serde_json::to_string(&header).map_err(|error| refused(error.to_string()))?;
    Ok(format!("{header}\n{index}{blocks}").into_bytes())
}

impl Store {
    /// Opens a snapshot that is built into the program.
    pub(crate) fn built_in(bytes: &'static [u8]) -> Result<Self, AdvisoryError> {
        let end = bytes.iter().position(|byte| *byte == b'\n').ok_or_else(|| refused("it has no header line"))?;
        let (header, rest) = bytes.split_at_checked(end + 1).unwrap_or_default();
        let read = header_of(header)?;
        let length = usize::try_from(read.index.bytes).unwrap_or(usize::MAX);
        let (index, blocks) = rest.split_at_checked(length).ok_or_else(|| refused("it was cut off"))?;
        let index = std::str::from_utf8(index).map_err(|_| refused("its index is not UTF-8"))?;
        Self::new(read, header, Cow::Borrowed(index), Blocks::BuiltIn(blocks), 0, blocks.len() as u64)
    }

    /// Opens the snapshot in a file; of its blocks none is read.
    pub(crate) fn open(file: File) -> Result<Self, AdvisoryError> {
        let unreadable = |error: std::io::Error| refused(format!("it cannot be read: {error}"));
        let length = file.metadata().map_err(unreadable)?.len();
        let mut reader = BufReader::new(file);
        let mut header = Vec::new();
        reader.by_ref().take(LONGEST_HEADER).read_until(b'\n', &mut header).map_err(unreadable)?;
        let read = header_of(&header)?;
        if read.index.bytes > LARGEST_INDEX {
            return Err(refused(format!("its index is larger than {LARGEST_INDEX} bytes")));
        }
        let mut index = String::new();
        let taken = reader.by_ref().take(read.index.bytes).read_to_string(&mut index).map_err(unreadable)?;
        if taken as u64 != read.index.bytes {
            return Err(refused("it was cut off"));
        }
        let start = header.len() as u64 + read.index.bytes;
        let blocks = Blocks::InFile(Arc::new(Mutex::new(reader.into_inner())));
        Self::new(read, &header, Cow::Owned(index), blocks, start, length.saturating_sub(start))
    }

    /// Refuses an index that is not as it was written, and one that speaks of other bytes than there are.
    fn new(
        read: Header,
        header: &[u8],
        index: Cow<'static, str>,
        blocks: Blocks,
        start: u64,
        length: u64,
    ) -> Result<Self, AdvisoryError> {
        if digest_of(&read, &index)? != read.index.sha256 {
            return Err(refused("the digest of its index is not the one in its header: it was changed or cut off"));
        }
        let mut lines = Vec::new();
        let (mut at, mut end) = (0, 0_u64);
        let mut last: Option<(&str, &str)> = None;
        for text in index.split_inclusive('\n') {
            let line = line_of(text).ok_or_else(|| refused("a line of its index cannot be read"))?;
            if last.is_some_and(|last| last >= line.key) || line.place != end || line.bytes > LARGEST_BLOCK {
                return Err(refused(format!("\"{}\" is out of order", plimsoll_model::one_line(line.key.1))));
            }
            (last, end) = (Some(line.key), end.saturating_add(line.bytes));
            lines.push(at);
            at += text.len();
        }
        if lines.len() as u64 != read.index.blocks || end != length {
            return Err(refused(format!(
                "it has {length} bytes of advisories, and its index speaks of {end}: it was changed or cut off"
            )));
        }
        let digest = sha256_hex(&[header, index.as_bytes()].concat());
        Ok(Self { ecosystems: read.ecosystems, digest, index, lines, blocks, start })
    }

    /// What there is of each ecosystem.
    pub(crate) fn ecosystems(&self) -> &BTreeMap<String, EcosystemData> {
        &self.ecosystems
    }

    /// SHA-256 of header and index, and with them of everything.
    pub(crate) fn digest(&self) -> &str {
        &self.digest
    }

    fn line(&self, number: usize) -> Option<Line<'_>> {
        let at = *self.lines.get(number)?;
        let end = self.lines.get(number + 1).copied().unwrap_or(self.index.len());
        line_of(self.index.get(at..end)?)
    }

    /// The advisories about a package, by id; none where it has none.
    pub(crate) fn advisories(&self, ecosystem: &str, name: &str) -> Result<Vec<Advisory>, AdvisoryError> {
        let key = (ecosystem, name);
        // The last block that does not begin behind it.
        let behind = self.lines.partition_point(|at| {
            self.index
                .get(*at..)
                .and_then(|rest| line_of(rest.split_inclusive('\n').next()?))
                .is_some_and(|line| line.key <= key)
        });
        let Some(line) = behind.checked_sub(1).and_then(|number| self.line(number)) else { return Ok(Vec::new()) };
        let block = self.block(&line)?;
        for text in block.lines() {
            let (own, advisories) = entry_of(text)?;
            if own == key {
                return read(own, advisories);
            }
        }
        Ok(Vec::new())
    }

    /// Every package with its advisories.
    pub(crate) fn all(&self) -> Result<Packages, AdvisoryError> {
        let mut all = Packages::new();
        for number in 0..self.lines.len() {
            let line = self.line(number).ok_or_else(|| refused("a line of its index cannot be read"))?;
            let block = self.block(&line)?;
            for text in block.lines() {
                let (own, advisories) = entry_of(text)?;
                all.insert((own.0.to_owned(), own.1.to_owned()), read(own, advisories)?);
            }
        }
        Ok(all)
    }

    fn block(&self, line: &Line<'_>) -> Result<Cow<'static, str>, AdvisoryError> {
        let wrong =
            || refused(format!("what it has of \"{}\" was changed or cut off", plimsoll_model::one_line(line.key.1)));
        let bytes: Cow<'static, [u8]> = match &self.blocks {
            Blocks::BuiltIn(all) => {
                let place = usize::try_from(line.place).map_err(|_| wrong())?;
                let end = place.saturating_add(usize::try_from(line.bytes).map_err(|_| wrong())?);
                Cow::Borrowed(all.get(place..end).ok_or_else(wrong)?)
            }
            Blocks::InFile(file) => {
                let mut bytes = Vec::new();
                // A thread that died while it read has left a file that can be read.
                let mut file = file.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                let sought = file.seek(SeekFrom::Start(self.start.saturating_add(line.place)));
                sought.and_then(|_| file.by_ref().take(line.bytes).read_to_end(&mut bytes)).map_err(|_| wrong())?;
                Cow::Owned(bytes)
            }
        };
        if bytes.len() as u64 != line.bytes || sha256_hex(&bytes) != line.sha256 {
            return Err(wrong());
        }
        match bytes {
            Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|_| wrong()),
            Cow::Owned(bytes) => String::from_utf8(bytes).map(Cow::Owned).map_err(|_| wrong()),
        }
    }
}

/// The digest of an index, and of what the header says of ecosystems.
fn digest_of(header: &Header, index: &str) -> Result<String, AdvisoryError> {
    let ecosystems = serde_json::to_string(&header.ecosystems).map_err(|error| refused(error.to_string()))?;
    Ok(sha256_hex(format!("{ecosystems}\n{index}").as_bytes()))
}

/// What every format has.
#[derive(Deserialize)]
struct Any {
    what: String,
    format: u32,
}

fn header_of(line: &[u8]) -> Result<Header, AdvisoryError> {
    if !line.ends_with(b"\n") {
        return Err(refused("it has no header line"));
    }
    let any: Any = serde_json::from_slice(line).map_err(|error| refused(format!("its header: {error}")))?;
    if any.what != WHAT || any.format != FORMAT {
        return Err(refused(format!("it has format {}, this version reads {FORMAT}", any.format)));
    }
    serde_json::from_slice(line).map_err(|error| refused(format!("its header: {error}")))
}

fn line_of(text: &str) -> Option<Line<'_>> {
    let mut parts = text.strip_suffix('\n')?.split('\t');
    let key = (parts.next()?, parts.next()?);
    let (place, bytes, sha256) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?);
    parts.next().is_none().then_some(Line { key, place, bytes, sha256 })
}

fn entry_of(text: &str) -> Result<((&str, &str), &str), AdvisoryError> {
    let mut parts = text.splitn(3, '\t');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(ecosystem), Some(name), Some(advisories)) => Ok(((ecosystem, name), advisories)),
        _ => Err(refused("a line of it has no package")),
    }
}

fn read((_, name): (&str, &str), advisories: &str) -> Result<Vec<Advisory>, AdvisoryError> {
    serde_json::from_str(advisories)
        .map_err(|error| refused(format!("the line of \"{}\": {error}", plimsoll_model::one_line(name))))
}

#[cfg(test)]
mod tests;
