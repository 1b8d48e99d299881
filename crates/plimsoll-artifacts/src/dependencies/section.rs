//! The section of a binary that a dependency list stands in.

use object::{
    Object as _, ObjectSection as _,
    read::macho::{FatArch, MachOFatFile32, MachOFatFile64},
};
use wasmparser::{Encoding, Parser, Payload};

use crate::{BinaryFault, BinaryFormat};

const NAME: &[u8] = b".dep-v0";
/// On Apple's systems, where a section is named by both.
const SEGMENT: &[u8] = b"__DATA";

/// Gives the content of the section for each architecture that the binary is for; `None` for one that has no such section.
///
/// Two sections of the name are refused: the readers of others take the first.
pub(super) fn find(format: BinaryFormat, bytes: &[u8]) -> Result<Vec<Option<&[u8]>>, BinaryFault> {
    match (format, bytes.first_chunk()) {
        (BinaryFormat::Wasm, _) => Ok(vec![in_module(bytes)?]),
        (BinaryFormat::MachO, Some([0xca, 0xfe, 0xba, 0xbe])) => {
            of_each(MachOFatFile32::parse(bytes).map_err(malformed)?.arches(), bytes)
        }
        (BinaryFormat::MachO, Some([0xca, 0xfe, 0xba, 0xbf])) => {
            of_each(MachOFatFile64::parse(bytes).map_err(malformed)?.arches(), bytes)
        }
        _ => Ok(vec![in_binary(bytes)?]),
    }
}

fn malformed(error: impl std::fmt::Display) -> BinaryFault {
    BinaryFault::Malformed { reason: error.to_string() }
}

fn of_each<'a>(architectures: &[impl FatArch], bytes: &'a [u8]) -> Result<Vec<Option<&'a [u8]>>, BinaryFault> {
    let mut left = bytes.len();
    architectures
        .iter()
        .map(|architecture| {
            let inner = architecture.data(bytes).map_err(malformed)?;
            left = left.checked_sub(inner.len()).ok_or_else(|| malformed("its architectures overlap"))?;
            // Only what the loader takes: no archive, and nothing universal again.
            match object::FileKind::parse(inner).map_err(malformed)? {
                object::FileKind::MachO32 | object::FileKind::MachO64 => in_binary(inner),
                _ => Err(malformed("an architecture is no Mach-O binary")),
            }
        })
        .collect()
}

/// The end of a section's name is searched for, at worst to the end of the file: so many bytes may that be for all of them.
/// A gigabyte can have 64 sections, and what is smaller more.
const MOST_WORK: usize = 1 << 36;

fn in_binary(bytes: &[u8]) -> Result<Option<&[u8]>, BinaryFault> {
    let file = object::File::parse(bytes).map_err(malformed)?;
    if file.sections().count().saturating_mul(bytes.len()) > MOST_WORK {
        return Err(malformed("it has too many sections"));
    }
    let is_macho = file.format() == object::BinaryFormat::MachO;
    let mut found = None;
    for section in file.sections() {
        if section.name_bytes().map_err(malformed)? != NAME {
            continue;
        }
        if is_macho && section.segment_name_bytes().map_err(malformed)? != Some(SEGMENT) {
            continue;
        }
        if found.replace(section.data().map_err(malformed)?).is_some() {
            return Err(BinaryFault::SeveralSections);
        }
    }
    Ok(found)
}

fn in_module(bytes: &[u8]) -> Result<Option<&[u8]>, BinaryFault> {
    let mut found = None;
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(|error| malformed(error.message()))? {
            Payload::Version { encoding: Encoding::Component, .. } => return Err(BinaryFault::Component),
            Payload::CustomSection(section)
                if section.name().as_bytes() == NAME && found.replace(section.data()).is_some() =>
            {
                return Err(BinaryFault::SeveralSections);
            }
            _ => {}
        }
    }
    Ok(found)
}
