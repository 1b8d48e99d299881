//! A zip archive of which directory and local headers say the same.
//!
//! Readers go by the directory alone, unpackers that stream by the local headers, and some search for either. Here the
//! entries have to fill the file without a gap, and both headers of each have to agree.

use std::ops::Range;

use flate2::Crc;
use rawzip::{CompressionMethod, ZipArchive, ZipFileHeaderRecord, ZipSliceArchive, extra_fields::ExtraFields};

use crate::{
    ArtifactError, Bound, Limits, PathFault, ZipFault,
    package::{
        Entry,
        compression::{inflate_exactly, is_impossible, too_much},
        paths::{Listed, checked, shown},
    },
};

/// Signature, numbers of volumes and entries, size and place of the directory, length of the comment.
const END: usize = 22;
const END_SIGNATURE: &[u8] = b"PK\x05\x06";
/// Of the zip64 record that stands before the end record.
const LOCATOR: usize = 20;
const LOCATOR_SIGNATURE: &[u8] = b"PK\x06\x07";
/// The fixed part of a record in the directory.
const RECORD: usize = 46;
/// Compression level, data descriptor, UTF-8.
const KNOWN_FLAGS: u16 = 0b1000_0000_1110;
const STORED: CompressionMethod = CompressionMethod::STORE;
const DEFLATED: CompressionMethod = CompressionMethod::DEFLATE;

/// An entry as the directory and its local header say, before it is inflated.
struct Planned<'a> {
    path: String,
    is_folder: bool,
    executable: bool,
    packed: &'a [u8],
    is_deflated: bool,
    size: usize,
    crc: u32,
    /// From its local header to the end of its data descriptor.
    taken: Range<usize>,
}

/// Gives the files and folders of a zip archive in the directory's order, as ranges of the buffer beside them.
///
/// Source: APPNOTE 6.3.10, sections 4.3 to 4.5.
pub(super) fn entries(archive: &[u8], limits: &Limits) -> Result<(Vec<u8>, Vec<Entry>), ArtifactError> {
    if archive.len() > limits.packed {
        return Err(ArtifactError::TooMuch { bound: Bound::Packed, limit: limits.packed });
    }
    let planned = plan(archive, limits)?;
    let mut total: usize = 0;
    for entry in &planned {
        total = total.saturating_add(entry.size);
        if total > limits.unpacked {
            return Err(too_much(limits));
        }
        if entry.is_deflated && is_impossible(entry.packed.len(), entry.size) {
            return Err(refused(&entry.path, ZipFault::Data));
        }
    }
    let mut buffer = vec![0; total];
    let mut found = Vec::with_capacity(planned.len());
    let mut start = 0;
    for entry in planned {
        // Within the buffer, whose length is the sum of the sizes.
        let end = start + entry.size;
        let output = buffer.get_mut(start..end).unwrap_or_default();
        if entry.is_deflated {
            if !inflate_exactly(entry.packed, output) {
                return Err(refused(&entry.path, ZipFault::Data));
            }
        } else if entry.packed.len() == output.len() {
            output.copy_from_slice(entry.packed);
        } else {
            return Err(refused(&entry.path, ZipFault::Data));
        }
        let mut crc = Crc::new();
        crc.update(output);
        if crc.sum() != entry.crc {
            return Err(refused(&entry.path, ZipFault::Checksum));
        }
        let Planned { path, is_folder, executable, .. } = entry;
        found.push(Entry { path, is_folder, executable, content: start..end });
        start = end;
    }
    Ok((buffer, found))
}

fn refused(place: &str, fault: ZipFault) -> ArtifactError {
    ArtifactError::Zip { place: shown(place), fault }
}

fn plan<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Vec<Planned<'a>>, ArtifactError> {
    let (count, directory) = end_record(bytes).map_err(|fault| refused("end record", fault))?;
    if count > limits.files {
        return Err(ArtifactError::TooMuch { bound: Bound::Files, limit: limits.files });
    }
    let in_directory = |fault| refused("directory", fault);
    let archive = ZipArchive::from_slice(bytes).map_err(|_| in_directory(ZipFault::Record))?;
    if archive.directory_offset() != directory.start as u64 || archive.eocd_offset() != directory.end as u64 {
        return Err(in_directory(ZipFault::Directory));
    }
    let mut planned = Vec::new();
    let mut listed = Listed::default();
    let mut records = archive.entries();
    let mut at = directory.start;
    while let Some(record) = records.next_entry().map_err(|_| in_directory(ZipFault::Record))? {
        if planned.len() >= count || record.central_directory_offset() != at as u64 {
            return Err(in_directory(ZipFault::Directory));
        }
        // The lengths are of slices of the file.
        at += RECORD
            + record.file_path().as_ref().len()
            + record.extra_fields().remaining_bytes().len()
            + record.comment().as_bytes().len();
        let entry = entry(bytes, &archive, &record, limits)?;
        listed.add(&entry.path, limits)?;
        planned.push(entry);
    }
    if planned.len() != count || at != directory.end {
        return Err(in_directory(ZipFault::Directory));
    }
    let mut taken: Vec<&Range<usize>> = planned.iter().map(|entry| &entry.taken).collect();
    taken.sort_unstable_by_key(|range| range.start);
    let mut filled = 0;
    for range in taken {
        if range.start != filled {
            return Err(in_directory(ZipFault::Layout));
        }
        filled = range.end;
    }
    if filled != directory.start {
        return Err(in_directory(ZipFault::Layout));
    }
    Ok(planned)
}

/// The number of entries and where the directory is: right before the end record, which is the last thing in the file.
fn end_record(bytes: &[u8]) -> Result<(usize, Range<usize>), ZipFault> {
    let end = bytes.len().checked_sub(END).ok_or(ZipFault::End)?;
    let record = bytes.get(end..).unwrap_or_default();
    let short = |at: usize| {
        record.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |number| u16::from_le_bytes(*number))
    };
    let long = |at: usize| {
        record.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |number| u32::from_le_bytes(*number))
    };
    if !record.starts_with(END_SIGNATURE) || short(20) != 0 {
        return Err(ZipFault::End);
    }
    let locator = end.checked_sub(LOCATOR).and_then(|at| bytes.get(at..));
    let (count, size, start) = (short(10), long(12), long(16));
    if locator.is_some_and(|bytes| bytes.starts_with(LOCATOR_SIGNATURE))
        || count == u16::MAX
        || size == u32::MAX
        || start == u32::MAX
    {
        return Err(ZipFault::Zip64);
    }
    if short(4) != 0 || short(6) != 0 || short(8) != count {
        return Err(ZipFault::Volumes);
    }
    let start = start as usize;
    if start.checked_add(size as usize) != Some(end) {
        return Err(ZipFault::Directory);
    }
    Ok((usize::from(count), start..end))
}

fn entry<'a>(
    bytes: &'a [u8],
    archive: &ZipSliceArchive<&'a [u8]>,
    record: &ZipFileHeaderRecord<'_>,
    limits: &Limits,
) -> Result<Planned<'a>, ArtifactError> {
    let raw = record.file_path();
    let raw: &[u8] = raw.as_ref();
    let refused = |fault| refused(&String::from_utf8_lossy(raw), fault);
    let path = checked(raw, limits)?;
    let flags = record.flags();
    if !raw.is_ascii() && !flags.is_utf8() {
        // Python reads such names as code page 437, others by the system's language.
        return Err(ArtifactError::Path { path: shown(path.path), fault: PathFault::NotUtf8 });
    }
    if flags.is_encrypted() || flags.has_strong_encryption() || flags.bits() & (1 << 13) != 0 {
        return Err(refused(ZipFault::Encrypted));
    }
    if flags.bits() & !KNOWN_FLAGS != 0 {
        return Err(refused(ZipFault::Flags));
    }
    let method = record.compression_method();
    if method != STORED && method != DEFLATED {
        return Err(refused(ZipFault::Method { method: method.as_u16() }));
    }
    extra(record.extra_fields()).map_err(refused)?;
    let (packed, size) = (record.compressed_size_hint(), record.uncompressed_size_hint());
    if [packed, size, record.local_header_offset()].contains(&u64::from(u32::MAX)) {
        return Err(refused(ZipFault::Zip64));
    }
    // The number of the volume, which the reader keeps to itself.
    let volume = usize::try_from(record.central_directory_offset()).ok().and_then(|at| bytes.get(at + 34..at + 36));
    if volume != Some(&[0, 0]) {
        return Err(refused(ZipFault::Volumes));
    }

    let local = archive.get_entry(record.wayfinder()).map_err(|_| refused(ZipFault::Record))?;
    let header = local.local_header();
    extra(header.extra_fields()).map_err(refused)?;
    let name = header.file_path();
    let disagree = |field| Err(refused(ZipFault::Disagree { field }));
    if AsRef::<[u8]>::as_ref(&name) != raw {
        return disagree("name");
    }
    if header.flags() != flags {
        return disagree("flags");
    }
    if header.compression_method() != method {
        return disagree("method");
    }
    let (start, end) = local.compressed_data_range();
    // All of these are places within the file, which is in memory.
    let (offset, start, mut end) = (record.local_header_offset() as usize, start as usize, end as usize);
    let content = bytes.get(start..end).unwrap_or_default();
    let said = (header.crc32(), header.compressed_size_hint(), header.uncompressed_size_hint());
    let right = (record.crc32(), packed, size);
    if flags.has_data_descriptor() {
        // Who reads it from the front cannot know where it ends.
        if method == STORED && size > 0 {
            return Err(refused(ZipFault::Endless));
        }
        if said != (0, 0, 0) && said != right {
            return disagree("checksum or sizes");
        }
        let descriptor = local.data_descriptor().map_err(|_| refused(ZipFault::Record))?;
        if descriptor.is_none_or(|it| (it.crc32(), it.compressed_size(), it.uncompressed_size()) != right) {
            return disagree("checksum or sizes");
        }
        let is_signed = bytes.get(end..).is_some_and(|rest| rest.starts_with(b"PK\x07\x08"));
        end += if is_signed { 16 } else { 12 };
    } else if said != right {
        return disagree("checksum or sizes");
    }
    if method == STORED && packed != size {
        return disagree("sizes");
    }
    let executable = mode(record, path.ends_in_slash, size).map_err(refused)?;
    Ok(Planned {
        path: path.path.to_owned(),
        is_folder: path.ends_in_slash,
        executable,
        packed: content,
        is_deflated: method == DEFLATED,
        // Less than `u32::MAX`.
        size: size as usize,
        crc: record.crc32(),
        taken: offset..end,
    })
}

/// Whether a file may be executed; refuses what is neither file nor folder by the mode, which pip reads whatever system
/// the archive says that it was made on.
fn mode(record: &ZipFileHeaderRecord<'_>, is_folder: bool, size: u64) -> Result<bool, ZipFault> {
    let attributes = record.external_attributes();
    let mode = attributes >> 16;
    let marked_as_folder = attributes & 0x10 != 0;
    match mode & 0o170_000 {
        0 | 0o100_000 if !is_folder && !marked_as_folder => Ok(mode & 0o111 != 0),
        0 | 0o040_000 if is_folder && size == 0 => Ok(false),
        0 | 0o100_000 | 0o040_000 => Err(ZipFault::Folder),
        _ => Err(ZipFault::Special),
    }
}

/// Refuses zip64, encryption, and the fields that give another name. Times, owners and padding are let through.
fn extra(mut fields: ExtraFields<'_>) -> Result<(), ZipFault> {
    for (id, _) in &mut fields {
        match id.as_u16() {
            0x0001 => return Err(ZipFault::Zip64),
            0x0014..=0x0019 | 0x9901 => return Err(ZipFault::Encrypted),
            id @ (0x0008 | 0x7075) => return Err(ZipFault::Extra { id }),
            _ => {}
        }
    }
    if fields.remaining_bytes().is_empty() { Ok(()) } else { Err(ZipFault::Record) }
}
