//! tar and zip by hand, right or wrong in one place.

use std::io::Write as _;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use flate2::{Compression, Crc, write::DeflateEncoder, write::GzEncoder};
use sha2::{Digest as _, Sha256};

pub const MANIFEST: &[u8] = b"[package]\nname = \"a\"\nversion = \"1.0.0\"\n";

/// A ustar header and content, padded.
pub fn raw(name: &[u8], kind: u8, content: &[u8]) -> Vec<u8> {
    changed(name, kind, content, |_| {})
}

/// The same with the header changed before its checksum is made.
pub fn changed(name: &[u8], kind: u8, content: &[u8], change: impl FnOnce(&mut [u8; 512])) -> Vec<u8> {
    let mut header = [0; 512];
    header[..name.len()].copy_from_slice(name);
    header[100..108].copy_from_slice(b"0000644\0");
    header[108..116].copy_from_slice(b"0000000\0");
    header[116..124].copy_from_slice(b"0000000\0");
    header[124..136].copy_from_slice(format!("{:011o}\0", content.len()).as_bytes());
    header[136..148].copy_from_slice(b"00000000000\0");
    header[156] = kind;
    header[257..265].copy_from_slice(b"ustar\x0000");
    change(&mut header);
    seal(&mut header);
    let mut all = header.to_vec();
    all.extend(content);
    all.resize(all.len().next_multiple_of(512), 0);
    all
}

pub fn seal(header: &mut [u8; 512]) {
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
}

pub fn file(name: &str, content: &str) -> Vec<u8> {
    raw(name.as_bytes(), b'0', content.as_bytes())
}

pub fn folder(name: &str) -> Vec<u8> {
    raw(name.as_bytes(), b'5', b"")
}

/// A record of a pax header, its length counted in.
pub fn record(key: &str, value: &str) -> Vec<u8> {
    let rest = key.len() + value.len() + 3;
    let mut length = rest;
    while length != rest + length.to_string().len() {
        length = rest + length.to_string().len();
    }
    format!("{length} {key}={value}\n").into_bytes()
}

pub fn pax(records: &[(&str, &str)]) -> Vec<u8> {
    let content: Vec<u8> = records.iter().flat_map(|(key, value)| record(key, value)).collect();
    raw(b"PaxHeaders/x", b'x', &content)
}

pub fn finished(parts: &[Vec<u8>]) -> Vec<u8> {
    [parts.concat(), vec![0; 1024]].concat()
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The tar of a right crate, with these parts behind its manifest.
pub fn tar_with(parts: &[Vec<u8>]) -> Vec<u8> {
    let manifest = raw(b"a-1.0.0/Cargo.toml", b'0', MANIFEST);
    finished(&[&[manifest], parts].concat())
}

pub fn crate_with(parts: &[Vec<u8>]) -> Vec<u8> {
    gzip(&tar_with(parts))
}

/// An entry of a zip archive, with what local header and directory say of it.
#[derive(Clone)]
pub struct ZipEntry {
    pub name: Vec<u8>,
    pub local_name: Vec<u8>,
    pub packed: Vec<u8>,
    pub method: u16,
    pub local_method: u16,
    pub flags: u16,
    pub local_flags: u16,
    pub crc: u32,
    pub local_crc: u32,
    pub size: u32,
    pub local_size: u32,
    pub local_packed_size: u32,
    pub extra: Vec<u8>,
    pub local_extra: Vec<u8>,
    pub attributes: u32,
    pub volume: u16,
    /// Between the content and the next entry.
    pub behind: Vec<u8>,
}

impl ZipEntry {
    pub fn deflated(name: &str, content: &[u8]) -> Self {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(content).unwrap();
        Self::new(name, content, 8, encoder.finish().unwrap())
    }

    pub fn stored(name: &str, content: &[u8]) -> Self {
        Self::new(name, content, 0, content.to_vec())
    }

    fn new(name: &str, content: &[u8], method: u16, packed: Vec<u8>) -> Self {
        let mut crc = Crc::new();
        crc.update(content);
        let size = u32::try_from(content.len()).unwrap();
        let flags = if name.is_ascii() { 0 } else { 1 << 11 };
        Self {
            name: name.into(),
            local_name: name.into(),
            method,
            local_method: method,
            flags,
            local_flags: flags,
            crc: crc.sum(),
            local_crc: crc.sum(),
            size,
            local_size: size,
            local_packed_size: u32::try_from(packed.len()).unwrap(),
            packed,
            extra: Vec::new(),
            local_extra: Vec::new(),
            attributes: 0o100_644 << 16,
            volume: 0,
            behind: Vec::new(),
        }
    }

    /// As it is written where the content is not known beforehand.
    pub fn streamed(mut self, signed: bool) -> Self {
        self.flags |= 8;
        self.local_flags |= 8;
        let signature: &[u8] = if signed { b"PK\x07\x08" } else { b"" };
        let numbers = [self.crc, self.local_packed_size, self.size].map(u32::to_le_bytes).concat();
        self.behind = [signature, &numbers].concat();
        (self.local_crc, self.local_size, self.local_packed_size) = (0, 0, 0);
        self
    }
}

fn short(number: usize) -> [u8; 2] {
    u16::try_from(number).unwrap().to_le_bytes()
}

pub fn zip(entries: &[ZipEntry]) -> Vec<u8> {
    let (mut all, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        let offset = u32::try_from(all.len()).unwrap();
        let packed = u32::try_from(entry.packed.len()).unwrap();
        let numbers = |crc: u32, packed: u32, size: u32| [crc, packed, size].map(u32::to_le_bytes).concat();
        all.extend(b"PK\x03\x04\x14\0");
        all.extend([entry.local_flags, entry.local_method, 0, 0x21].map(u16::to_le_bytes).concat());
        all.extend(numbers(entry.local_crc, entry.local_packed_size, entry.local_size));
        all.extend([short(entry.local_name.len()), short(entry.local_extra.len())].concat());
        for part in [&entry.local_name, &entry.local_extra, &entry.packed, &entry.behind] {
            all.extend(part);
        }
        directory.extend(b"PK\x01\x02\x14\x03\x14\0");
        directory.extend([entry.flags, entry.method, 0, 0x21].map(u16::to_le_bytes).concat());
        directory.extend(numbers(entry.crc, packed, entry.size));
        directory.extend([short(entry.name.len()), short(entry.extra.len()), [0, 0]].concat());
        directory.extend([entry.volume, 0].map(u16::to_le_bytes).concat());
        directory.extend([entry.attributes, offset].map(u32::to_le_bytes).concat());
        directory.extend(&entry.name);
        directory.extend(&entry.extra);
    }
    let (size, start) = (u32::try_from(directory.len()).unwrap(), u32::try_from(all.len()).unwrap());
    all.extend(directory);
    all.extend(b"PK\x05\x06\0\0\0\0");
    all.extend([short(entries.len()), short(entries.len())].concat());
    all.extend([size, start].map(u32::to_le_bytes).concat());
    all.extend([0, 0]);
    all
}

pub const WHEEL: &str = "Wheel-Version: 1.0\nGenerator: hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n";
pub const METADATA: &str = "Metadata-Version: 2.1\nName: a\nVersion: 1.0.0\n\nVersion: not a header\n";

pub fn row(path: &str, content: &[u8]) -> String {
    format!("{path},sha256={},{}\n", URL_SAFE_NO_PAD.encode(Sha256::digest(content)), content.len())
}

/// The files of a wheel with a right `RECORD` at the end.
pub fn wheel_files(files: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> =
        files.iter().map(|(path, content)| ((*path).to_owned(), (*content).to_owned())).collect();
    for (path, content) in [("a-1.0.0.dist-info/METADATA", METADATA), ("a-1.0.0.dist-info/WHEEL", WHEEL)] {
        if !all.iter().any(|(other, _)| other == path) {
            all.push((path.to_owned(), content.to_owned()));
        }
    }
    let rows: String = all.iter().map(|(path, content)| row(path, content.as_bytes())).collect();
    all.push(("a-1.0.0.dist-info/RECORD".to_owned(), rows + "a-1.0.0.dist-info/RECORD,,\n"));
    all
}

pub fn zip_of(files: &[(String, String)]) -> Vec<u8> {
    let entries: Vec<ZipEntry> =
        files.iter().map(|(path, content)| ZipEntry::deflated(path, content.as_bytes())).collect();
    zip(&entries)
}
