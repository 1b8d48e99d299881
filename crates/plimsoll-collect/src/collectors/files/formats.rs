//! What a file is, by its bytes: programs, objects and archives, and what no person reads.

/// What kind of a thing a format is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    /// A machine or a virtual machine runs it.
    Executable,
    /// Compiled code that is linked or loaded.
    Object,
    /// Files packed into one.
    Archive,
    /// Pictures, sound, fonts and documents.
    Media,
}

/// A format and its group.
pub(super) type Format = (&'static str, Group);

use Group::{Archive, Executable, Media, Object};

/// Formats that their first bytes name.
///
/// Sources: the format's own specification (ELF gABI, PE/COFF of Microsoft, Mach-O `loader.h`, JVM specification chapter 4, `WebAssembly`
/// core specification 5.5, Dalvik executable format, PKWARE APPNOTE 4.3, RFC 1952, RFC 8878, RFC 2083, RFC 8081).
const STARTS: &[(&[u8], Format)] = &[
    (b"\0asm\x01\0\0\0", ("webassembly", Executable)),
    (b"\0asm\x0d\0\x01\0", ("webassembly", Executable)),
    (b"dex\n0", ("dalvik", Executable)),
    (b"BC\xc0\xde", ("llvm-bitcode", Object)),
    (b"\x1bLua", ("lua-bytecode", Object)),
    (b"!<thin>\n", ("static-library", Object)),
    (b"L\0\0\0\x01\x14\x02\0", ("windows-shortcut", Executable)),
    (b"ITSF\x03\0\0\0", ("compiled-help", Executable)),
    (b"\x1f\x8b\x08", ("gzip", Archive)),
    (b"\xfd7zXZ\0", ("xz", Archive)),
    (b"\x28\xb5\x2f\xfd", ("zstandard", Archive)),
    (b"7z\xbc\xaf\x27\x1c", ("7-zip", Archive)),
    (b"Rar!\x1a\x07", ("rar", Archive)),
    (b"\x04\x22\x4d\x18", ("lz4", Archive)),
    (b"LZIP\x01", ("lzip", Archive)),
    (b"MSCF\0\0\0\0", ("cabinet", Archive)),
    (b"\xed\xab\xee\xdb", ("rpm", Archive)),
    (b"070701", ("cpio", Archive)),
    (b"070707", ("cpio", Archive)),
    (b"hsqs", ("squashfs", Archive)),
    (b"Cr24\x03\0\0\0", ("browser-extension", Archive)),
    (b"\x89PNG\r\n\x1a\n", ("png", Media)),
    (b"\xff\xd8\xff", ("jpeg", Media)),
    (b"GIF8", ("gif", Media)),
    (b"%PDF-", ("pdf", Media)),
    (b"BM", ("bitmap", Media)),
    (b"\0\0\x01\0", ("icon", Media)),
    (b"\0\0\x02\0", ("cursor", Media)),
    (b"icns", ("apple-icon", Media)),
    (b"wOFF", ("woff", Media)),
    (b"wOF2", ("woff2", Media)),
    (b"OTTO", ("opentype", Media)),
    (b"\0\x01\0\0\0", ("truetype", Media)),
    (b"ttcf", ("truetype", Media)),
    (b"ID3", ("mp3", Media)),
    (b"OggS", ("ogg", Media)),
    (b"fLaC", ("flac", Media)),
    (b"II*\0", ("tiff", Media)),
    (b"MM\0*", ("tiff", Media)),
    (b"8BPS", ("photoshop", Media)),
    (b"gimp xcf", ("gimp", Media)),
    (b"\x1aE\xdf\xa3", ("matroska", Media)),
    (b"RIFF", ("riff", Media)),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ("office", Media)),
];

/// Names of files that are packed and that a zip's first bytes do not tell from each other.
const PACKED_PROGRAMS: &[&str] = &["jar", "war", "ear", "apk", "aab", "aar", "xap", "ipa"];
const PACKED_DOCUMENTS: &[&str] = &[
    "docx", "xlsx", "pptx", "odt", "ods", "odp", "odg", "epub", "fcstd", "kra", "sketch", "fig", "ora", "drawio",
    "vsdx", "3mf",
];

/// The format of a file, by its bytes and, where these leave it open, by its name.
pub(super) fn of(bytes: &[u8], name: &str) -> Option<Format> {
    let ending = ending(name);
    elf(bytes)
        .or_else(|| windows(bytes))
        .or_else(|| apple_or_java(bytes))
        .or_else(|| zip(bytes, &ending))
        .or_else(|| library(bytes))
        .or_else(|| bzip2(bytes))
        .or_else(|| python(bytes, &ending))
        .or_else(|| coff(bytes, &ending))
        .or_else(|| erlang(bytes))
        .or_else(|| compressed_flash(bytes))
        .or_else(|| bytes.starts_with(b"\x1f\x8b\x08").then(|| gzip(&ending)))
        .or_else(|| STARTS.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, format)| *format))
        .or_else(|| (bytes.get(257..262) == Some(b"ustar")).then_some(("tar", Archive)))
        .or_else(|| (bytes.get(4..8) == Some(b"ftyp")).then_some(("mp4", Media)))
}

/// The end of a name behind its last dot, in lower case; empty where there is none.
pub(super) fn ending(name: &str) -> String {
    name.rsplit_once('.')
        .filter(|(stem, _)| !stem.is_empty())
        .map(|(_, end)| end.to_ascii_lowercase())
        .unwrap_or_default()
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

/// Source: System V gABI, "ELF Header": `e_type` in the byte order that byte 5 names.
fn elf(bytes: &[u8]) -> Option<Format> {
    let order = bytes.strip_prefix(b"\x7fELF")?.get(1)?;
    let kind = number(bytes, 16)?;
    let kind = if *order == 2 { u16::from_be_bytes(kind) } else { u16::from_le_bytes(kind) };
    Some(match kind {
        1 => ("elf-object", Object),
        3 => ("elf-shared", Executable),
        4 => ("elf-core", Object),
        _ => ("elf-program", Executable),
    })
}

/// Source: Microsoft, "PE Format": the offset at 0x3c, the signature, `IMAGE_FILE_DLL`.
fn windows(bytes: &[u8]) -> Option<Format> {
    if !bytes.starts_with(b"MZ") {
        return None;
    }
    let at = usize::try_from(u32::from_le_bytes(number(bytes, 0x3c)?)).ok()?;
    if number::<4>(bytes, at) == Some(*b"PE\0\0") {
        let traits = u16::from_le_bytes(number(bytes, at.checked_add(22)?)?);
        return Some(if traits & 0x2000 == 0 { ("pe-program", Executable) } else { ("pe-library", Executable) });
    }
    // A program of DOS has bytes that no text has.
    bytes.iter().take(64).any(|byte| *byte == 0).then_some(("dos-program", Executable))
}

/// Source: Apple, `mach-o/loader.h` and `fat.h`; JVM specification 4.1 (the major version, 45 at least, where a fat file counts its parts).
fn apple_or_java(bytes: &[u8]) -> Option<Format> {
    let kind = match number::<4>(bytes, 0)? {
        [0xfe, 0xed, 0xfa, 0xce | 0xcf] => u32::from_be_bytes(number(bytes, 12)?),
        [0xce | 0xcf, 0xfa, 0xed, 0xfe] => u32::from_le_bytes(number(bytes, 12)?),
        [0xca, 0xfe, 0xba, 0xbe] => {
            let parts = u32::from_be_bytes(number(bytes, 4)?);
            return match parts {
                1..=20 => Some(("mach-o-universal", Executable)),
                _ => (u16::from_be_bytes(number(bytes, 6)?) >= 45).then_some(("java-class", Object)),
            };
        }
        _ => return None,
    };
    (1..=12).contains(&kind).then_some(if kind == 1 {
        ("mach-o-object", Object)
    } else {
        ("mach-o-program", Executable)
    })
}

fn zip(bytes: &[u8], ending: &str) -> Option<Format> {
    if !bytes.starts_with(b"PK\x03\x04") && !bytes.starts_with(b"PK\x05\x06") {
        return None;
    }
    Some(match ending {
        ending if PACKED_DOCUMENTS.contains(&ending) => ("packed-document", Media),
        ending if PACKED_PROGRAMS.contains(&ending) => ("jar", Executable),
        _ => ("zip", Archive),
    })
}

/// Source: the `ar` format; a Debian package is one that begins with `debian-binary`.
fn library(bytes: &[u8]) -> Option<Format> {
    let rest = bytes.strip_prefix(b"!<arch>\n")?;
    Some(if rest.starts_with(b"debian-binary") { ("debian-package", Archive) } else { ("static-library", Object) })
}

/// `BZh`, the size of blocks, and the first block or the end of an empty file.
fn bzip2(bytes: &[u8]) -> Option<Format> {
    let rest = bytes.strip_prefix(b"BZh")?;
    let block = matches!(rest, [b'1'..=b'9', b'1', b'A', b'Y', ..] | [b'1'..=b'9', 0x17, 0x72, 0x45, ..]);
    block.then_some(("bzip2", Archive))
}

/// Source: `CPython`, `importlib/_bootstrap_external`: a number that rises with versions, CR, LF, and flags below 4 since PEP 552.
fn python(bytes: &[u8], ending: &str) -> Option<Format> {
    let number_of_version = u16::from_le_bytes(number(bytes, 0)?);
    let marked = bytes.get(2..4) == Some(b"\r\n") && bytes.len() > 16;
    let flags = u32::from_le_bytes(number(bytes, 4)?);
    let plain = (3390..4000).contains(&number_of_version) && flags < 4;
    (marked && (plain || matches!(ending, "pyc" | "pyo"))).then_some(("python-bytecode", Object))
}

/// An object of Windows says nothing but its machine first; its name has to agree.
fn coff(bytes: &[u8], ending: &str) -> Option<Format> {
    let machine = u16::from_le_bytes(number(bytes, 0)?);
    (matches!(ending, "obj" | "o") && matches!(machine, 0x014c | 0x8664 | 0x01c4 | 0xaa64))
        .then_some(("coff-object", Object))
}

fn erlang(bytes: &[u8]) -> Option<Format> {
    (bytes.starts_with(b"FOR1") && bytes.get(8..12) == Some(b"BEAM")).then_some(("beam", Object))
}

fn compressed_flash(bytes: &[u8]) -> Option<Format> {
    matches!(bytes, [b'F' | b'C' | b'Z', b'W', b'S', 1..=50, ..]).then_some(("flash", Executable))
}

/// A picture of vectors may be packed.
fn gzip(ending: &str) -> Format {
    if ending == "svgz" { ("svg", Media) } else { ("gzip", Archive) }
}

/// Ends of names that promise a picture, sound, a font, a document or plain text: no program and no archive.
const NO_PROGRAM: &[&str] = &[
    "png",
    "jpg",
    "jpeg",
    "gif",
    "bmp",
    "ico",
    "svg",
    "webp",
    "avif",
    "tif",
    "tiff",
    "pdf",
    "mp3",
    "ogg",
    "wav",
    "flac",
    "mp4",
    "webm",
    "woff",
    "woff2",
    "ttf",
    "otf",
    "txt",
    "md",
    "rst",
    "adoc",
    "csv",
    "json",
    "yaml",
    "yml",
    "toml",
    "xml",
    "html",
    "htm",
    "css",
    "ini",
    "log",
    "c",
    "h",
    "cc",
    "cpp",
    "hpp",
    "rs",
    "go",
    "py",
    "js",
    "mjs",
    "ts",
    "tsx",
    "jsx",
    "java",
    "kt",
    "cs",
    "rb",
    "php",
    "swift",
    "lua",
    "tex",
    "cfg",
    "conf",
    "properties",
    "lock",
];

/// What the name says that the file is, where the bytes show a program, an object, an archive or a script.
pub(super) fn claims<'a>(bytes: &[u8], format: Option<Format>, ending: &'a str) -> Option<&'a str> {
    // Pictures, sound and fonts are never scripts, whatever comes behind the first line.
    const NO_SCRIPT: &[&str] = &[
        "png", "jpg", "jpeg", "gif", "bmp", "ico", "webp", "avif", "tiff", "pdf", "mp3", "ogg", "wav", "mp4", "woff",
        "woff2", "ttf", "otf",
    ];
    let is_other = match format {
        Some((_, group)) => group != Media && NO_PROGRAM.contains(&ending),
        None => bytes.starts_with(b"#!") && NO_SCRIPT.contains(&ending),
    };
    is_other.then_some(ending)
}

/// Does it have bytes that no text has? UTF-16 and UTF-32 with their marks are text.
pub(super) fn is_data(bytes: &[u8]) -> bool {
    let marked = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || bytes.starts_with(b"\0\0\xfe\xff");
    !marked && memchr::memchr(0, bytes.get(..bytes.len().min(8000)).unwrap_or_default()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elf_of(kind: u8, order: u8) -> Vec<u8> {
        let mut bytes = vec![0; 64];
        bytes[..6].copy_from_slice(&[0x7f, b'E', b'L', b'F', 2, order]);
        bytes[if order == 2 { 17 } else { 16 }] = kind;
        bytes
    }

    fn pe(library: bool) -> Vec<u8> {
        let mut bytes = vec![0; 200];
        bytes[..2].copy_from_slice(b"MZ");
        bytes[0x3c] = 0x80;
        bytes[0x80..0x84].copy_from_slice(b"PE\0\0");
        bytes[0x80 + 23] = if library { 0x20 } else { 0 };
        bytes
    }

    #[test]
    fn formats_are_known_by_their_bytes() {
        for (bytes, name, expected) in [
            (elf_of(2, 1), "a", Some("elf-program")),
            (elf_of(3, 1), "liba.so", Some("elf-shared")),
            (elf_of(1, 2), "a.o", Some("elf-object")),
            (pe(false), "a.exe", Some("pe-program")),
            (pe(true), "a.dll", Some("pe-library")),
            (b"\xcf\xfa\xed\xfe\x07\0\0\x01\x03\0\0\0\x02\0\0\0".to_vec(), "a", Some("mach-o-program")),
            (b"\xfe\xed\xfa\xce\0\0\0\x12\0\0\0\0\0\0\0\x01".to_vec(), "a.o", Some("mach-o-object")),
            (b"\xca\xfe\xba\xbe\0\0\0\x02\x01\0\0\x07".to_vec(), "a", Some("mach-o-universal")),
            (b"\xca\xfe\xba\xbe\0\0\0\x34\0\x10".to_vec(), "A.class", Some("java-class")),
            (b"\0asm\x01\0\0\0".to_vec(), "a.wasm", Some("webassembly")),
            (b"PK\x03\x04\x14\0".to_vec(), "a.jar", Some("jar")),
            (b"PK\x03\x04\x14\0".to_vec(), "a.docx", Some("packed-document")),
            (b"PK\x03\x04\x14\0".to_vec(), "a.whl", Some("zip")),
            (b"!<arch>\ndebian-binary   ".to_vec(), "a.deb", Some("debian-package")),
            (b"!<arch>\nfoo.o/          ".to_vec(), "liba.a", Some("static-library")),
            (b"BZh91AY&SY".to_vec(), "a.bz2", Some("bzip2")),
            ([&[0xa7, 0x0d, b'\r', b'\n', 0, 0, 0, 0][..], &[1; 20]].concat(), "a.pyc", Some("python-bytecode")),
            (b"\x1f\x8b\x08\0".to_vec(), "a.gz", Some("gzip")),
            (b"\x1f\x8b\x08\0".to_vec(), "a.svgz", Some("svg")),
            (b"\x89PNG\r\n\x1a\n".to_vec(), "a.png", Some("png")),
            ([&[0; 257][..], b"ustar\x0000"].concat(), "a.tar", Some("tar")),
            // What only looks like one.
            (
                b"MZ is how this text begins, and it goes on for more than sixty-four letters of plain prose".to_vec(),
                "a.txt",
                None,
            ),
            (b"\x7fELF".to_vec(), "a", None),
            (b"BZhello".to_vec(), "a", None),
            (b"\xca\xfe\xba\xbe".to_vec(), "a", None),
            (b"\xca\xfe\xba\xbe\0\0\0\x21\0\0".to_vec(), "a", None),
            (b"PKG = 1\n".to_vec(), "a.zip", None),
            (b"".to_vec(), "a.exe", None),
            (b"#!/bin/sh\n".to_vec(), "a.sh", None),
        ] {
            assert_eq!(of(&bytes, name).map(|(format, _)| format), expected, "{name} {bytes:?}");
        }
    }

    #[test]
    fn a_name_that_promises_another_thing_is_seen() {
        for (bytes, name, expected) in [
            (elf_of(2, 1), "logo.png", Some("png")),
            (b"PK\x03\x04\x14\0".to_vec(), "notes.TXT", Some("txt")),
            (b"#!/bin/sh\n".to_vec(), "logo.jpg", Some("jpg")),
            (pe(false), "lib.rs", Some("rs")),
            (b"#!/bin/sh\n".to_vec(), "readme.txt", None),
            (b"\xff\xd8\xff\xe0".to_vec(), "photo.png", None),
            (elf_of(2, 1), "tool", None),
            (elf_of(2, 1), "tool.bin", None),
            (b"\x1f\x8b\x08\0".to_vec(), "a.svgz", None),
            (b"".to_vec(), "a.png", None),
        ] {
            let ending = ending(name);
            assert_eq!(claims(&bytes, of(&bytes, name), &ending), expected, "{name}");
        }
        assert_eq!((ending(".png"), ending("a.b.GZ"), ending("a")), (String::new(), "gz".to_owned(), String::new()));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>, start in 0..STARTS.len(), name: String) {
            let _ = of(&bytes, &name);
            let begun = [STARTS[start].0, &bytes].concat();
            let _ = claims(&begun, of(&begun, &name), &ending(&name));
            let _ = (elf(&[b"\x7fELF", &bytes[..]].concat()), windows(&[b"MZ", &bytes[..]].concat()), is_data(&bytes));
        }
    }
}
