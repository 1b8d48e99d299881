//! Binaries made in code, with lists as cargo auditable writes them and with others.

use std::{io::Write as _, str::FromStr as _};

use auditable_serde::VersionInfo;
use flate2::{Compression, write::ZlibEncoder};
use object::{Architecture, Endianness, SectionKind, write::Object};
use proptest::prelude::*;

use super::{BinaryFormat, DependencyList, ListedKind, ListedSource};
use crate::{ArtifactError, BinaryFault, Bound, Limits};

const LIST: &str = r#"{"packages":[
    {"name":"adler","version":"1.0.2","source":"crates.io"},
    {"name":"cc","version":"1.2.3+x","source":"registry","kind":"build"},
    {"name":"tool","version":"0.1.0","source":"local","dependencies":[1,0,0],"root":true},
    {"name":"forked","version":"2.0.0-rc.1","source":"git","kind":"runtime","dependencies":[0]},
    {"name":"odd","version":"2.0.0","source":"other\u0020one"}
],"format":1,"later":{"x":[1]}}"#;

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn object(format: object::BinaryFormat, architecture: Architecture, sections: &[(&str, &str, &[u8])]) -> Vec<u8> {
    let mut object = Object::new(format, architecture, Endianness::Little);
    for (segment, name, content) in [("__TEXT", "other", &b"code"[..])].iter().chain(sections) {
        let section = object.add_section((*segment).into(), (*name).into(), SectionKind::ReadOnlyData);
        object.append_section_data(section, content, 8);
    }
    object.write().unwrap()
}

fn elf(contents: &[&[u8]]) -> Vec<u8> {
    let sections: Vec<(&str, &str, &[u8])> = contents.iter().map(|content| ("", ".dep-v0", *content)).collect();
    object(object::BinaryFormat::Elf, Architecture::X86_64, &sections)
}

fn macho(contents: &[&[u8]]) -> Vec<u8> {
    let sections: Vec<(&str, &str, &[u8])> = contents.iter().map(|content| ("__DATA", ".dep-v0", *content)).collect();
    object(object::BinaryFormat::MachO, Architecture::Aarch64, &sections)
}

/// One header, the sections' contents at multiples of 512 as the format asks.
fn pe(contents: &[&[u8]]) -> Vec<u8> {
    let mut all = vec![0; 64];
    all[..2].copy_from_slice(b"MZ");
    all[60] = 64;
    all.extend(b"PE\0\0\x64\x86");
    all.extend(u16::try_from(contents.len()).unwrap().to_le_bytes());
    all.extend([0; 12]);
    all.extend([240, 0, 0x22, 0]);
    let optional = all.len();
    all.resize(optional + 240, 0);
    all[optional..optional + 2].copy_from_slice(&0x20b_u16.to_le_bytes());
    all[optional + 108] = 16;
    let mut data = Vec::new();
    for content in contents {
        let offset = u32::try_from(1024 + data.len()).unwrap();
        let length = u32::try_from(content.len()).unwrap();
        all.extend(b".dep-v0\0");
        all.extend([length, 0x1000 + offset, length.next_multiple_of(512), offset].map(u32::to_le_bytes).concat());
        all.extend([0; 16]);
        data.extend(*content);
        data.resize(data.len().next_multiple_of(512), 0);
    }
    all.resize(1024, 0);
    all.extend(data);
    all
}

fn wasm(contents: &[&[u8]]) -> Vec<u8> {
    let mut all = b"\0asm\x01\0\0\0".to_vec();
    for content in contents {
        let body = [b"\x07.dep-v0", *content].concat();
        // Two bytes of LEB128 carry 14 bits.
        let length = u16::try_from(body.len()).unwrap();
        assert!(length < 1 << 14);
        all.extend([0, (length & 0x7f) as u8 | 0x80, (length >> 7) as u8]);
        all.extend(body);
    }
    all
}

/// A universal binary of these.
fn fat(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut header = b"\xca\xfe\xba\xbe".to_vec();
    header.extend(u32::try_from(parts.len()).unwrap().to_be_bytes());
    let mut data = Vec::new();
    for (position, part) in parts.iter().enumerate() {
        let (offset, length) = (u32::try_from(4096 + data.len()).unwrap(), u32::try_from(part.len()).unwrap());
        let kind = 0x0100_000c_u32 + u32::try_from(position).unwrap();
        header.extend([kind, 0, offset, length, 3].map(u32::to_be_bytes).concat());
        data.extend(part);
        data.resize(data.len().next_multiple_of(8), 0);
    }
    header.resize(4096, 0);
    header.extend(data);
    header
}

type Maker = fn(&[&[u8]]) -> Vec<u8>;
const MAKERS: [(BinaryFormat, Maker); 5] = [
    (BinaryFormat::Elf, elf),
    (BinaryFormat::Pe, pe),
    (BinaryFormat::MachO, macho),
    (BinaryFormat::MachO, |contents| fat(&[macho(contents), macho(contents)])),
    (BinaryFormat::Wasm, wasm),
];

fn read(bytes: &[u8]) -> Result<Option<DependencyList>, ArtifactError> {
    DependencyList::read(bytes, &Limits::default())
}

fn fault(bytes: &[u8]) -> BinaryFault {
    match read(bytes).unwrap_err() {
        ArtifactError::Binary { fault, .. } => fault,
        other => panic!("{other:?}"),
    }
}

fn list_fault(json: &str) -> BinaryFault {
    fault(&elf(&[&zlib(json.as_bytes())]))
}

#[test]
fn lists_are_read_from_every_format() {
    for (format, make) in MAKERS {
        let bytes = make(&[&zlib(LIST.as_bytes())]);
        assert_eq!(BinaryFormat::of(&bytes), Some(format));
        let list = read(&bytes).unwrap().unwrap();
        assert_eq!((list.binary(), list.revision(), list.packages().len()), (format, 1, 5));
        let root = list.root().unwrap();
        assert_eq!((&*root.name, &*root.version, &root.source), ("tool", "0.1.0", &ListedSource::Local));
        assert_eq!(root.dependencies, [0, 1]);
        let names: Vec<&str> = list.dependencies_of(root).map(|package| &*package.name).collect();
        assert_eq!(names, ["adler", "cc"]);
        assert_eq!(list.packages()[1].kind, ListedKind::Build);
        assert_eq!(list.packages()[0].kind, ListedKind::Runtime);
        assert_eq!(list.packages()[4].source, ListedSource::Other("other one".into()));
        assert_eq!(read(&make(&[])).unwrap(), None, "{format}");
    }
}

#[test]
fn what_is_no_binary_has_no_list() {
    for bytes in [&b""[..], b"#!/bin/sh\n", b"\x7fELF", b"MZ", b"\xca\xfe\xba\xbe\0\0\0\x34 class", b"PK\x03\x04"] {
        let format = BinaryFormat::of(bytes);
        assert!(format.is_none(), "{bytes:?} {format:?}");
        assert_eq!(read(bytes).unwrap(), None);
    }
}

#[test]
fn doubled_sections_and_lists_are_refused() {
    let list = zlib(LIST.as_bytes());
    for (_, make) in MAKERS {
        assert_eq!(fault(&make(&[&list, &list])), BinaryFault::SeveralSections);
        assert_eq!(fault(&make(&[&[&list[..], &list].concat()])), BinaryFault::Trailing);
        assert!(read(&make(&[&[&list[..], &[0; 24]].concat()])).unwrap().is_some());
    }
    let elsewhere = object(
        object::BinaryFormat::MachO,
        Architecture::X86_64,
        &[("__TEXT", ".dep-v0", &b"not this one"[..]), ("__DATA", ".dep-v0", &list)],
    );
    assert!(read(&elsewhere).unwrap().is_some());
}

#[test]
fn universal_binaries_have_one_list() {
    let other = LIST.replace("1.0.2", "1.0.3");
    let [list, other] = [LIST, &other].map(|json| macho(&[&zlib(json.as_bytes())]));
    assert_eq!(fault(&fat(&[list.clone(), other])), BinaryFault::ArchitecturesDiffer);
    assert_eq!(fault(&fat(&[list.clone(), macho(&[])])), BinaryFault::ArchitecturesDiffer);
    assert_eq!(fault(&fat(&[macho(&[]), list.clone()])), BinaryFault::ArchitecturesDiffer);
    assert!(matches!(fault(&fat(&[elf(&[])])), BinaryFault::Malformed { .. }));
    // Both architectures are the first one's bytes.
    let long = macho(&[&[&zlib(LIST.as_bytes())[..], &[0; 8192]].concat()]);
    let mut overlapping = fat(&[long.clone(), long.clone()]);
    overlapping.copy_within(16..24, 36);
    overlapping.truncate(4096 + long.len());
    assert_eq!(fault(&overlapping), BinaryFault::Malformed { reason: "its architectures overlap".into() });
    let whole = fat(&[list.clone(), list]);
    assert!(matches!(fault(&whole[..whole.len() / 2]), BinaryFault::Malformed { .. }));
}

#[test]
fn broken_streams_and_bombs_are_refused() {
    let list = zlib(LIST.as_bytes());
    for end in 0..list.len() {
        assert_eq!(fault(&elf(&[&list[..end]])), BinaryFault::Data, "{end}");
    }
    let mut wrong = list.clone();
    *wrong.last_mut().unwrap() ^= 1;
    assert_eq!(fault(&elf(&[&wrong])), BinaryFault::Data);
    assert_eq!(fault(&elf(&[LIST.as_bytes()])), BinaryFault::Data);
    let bomb = elf(&[&zlib(&vec![b' '; 20 << 20])]);
    assert_eq!(read(&bomb), Err(ArtifactError::TooMuch { bound: Bound::List, limit: 8 << 20 }));
    let bytes = elf(&[&list]);
    let with = |limits: Limits| DependencyList::read(&bytes, &limits);
    assert!(with(Limits { list: LIST.len(), ..Limits::default() }).unwrap().is_some());
    let short = LIST.len() - 1;
    let passed = |bound, limit| Err(ArtifactError::TooMuch { bound, limit });
    assert_eq!(with(Limits { list: short, ..Limits::default() }), passed(Bound::List, short));
    assert_eq!(with(Limits { list: 0, ..Limits::default() }), passed(Bound::List, 0));
    assert_eq!(with(Limits { binary: 64, ..Limits::default() }), passed(Bound::Binary, 64));
}

#[test]
fn lists_of_another_form_are_refused() {
    let package = r#"{"name":"a","version":"1.0.0","source":"git"}"#;
    let deep = format!(r#"{{"packages":[],"x":{}"#, "[".repeat(100_000));
    for json in [
        "",
        "[]",
        "{}",
        r#"{"packages":{}}"#,
        r#"{"packages":[{}]}"#,
        &format!(r#"{{"packages":[{package}]}} x"#),
        &format!(r#"{{"packages":[{package}],"packages":[]}}"#),
        &format!(r#"{{"packages":[{}]}}"#, package.replace('}', r#","kind":"dev"}"#)),
        &format!(r#"{{"packages":[{}]}}"#, package.replace('}', r#","dependencies":[-1]}"#)),
        &deep,
    ] {
        assert!(matches!(list_fault(json), BinaryFault::Json { .. }), "{}", &json[..json.len().min(80)]);
    }
    assert!(matches!(fault(&elf(&[&zlib(b"{\"packages\":[\"\xff\"]}")])), BinaryFault::Json { .. }));
    let with = |from: &str, to: &str| list_fault(&LIST.replace(from, to));
    assert!(matches!(with(r#""1.0.2""#, r#""1.0""#), BinaryFault::Package { .. }));
    assert!(matches!(with(r#""adler""#, r#""""#), BinaryFault::Package { .. }));
    assert!(matches!(with(r#""adler""#, r#""a\u001bb""#), BinaryFault::Package { .. }));
    assert!(matches!(with(r#""adler""#, r#""a/../b""#), BinaryFault::Package { .. }));
    assert_eq!(with("[1,0,0]", "[1,5]"), BinaryFault::Edge { index: 5 });
    assert_eq!(with("[1,0,0]", "[2]"), BinaryFault::Cycle);
    assert_eq!(with(r#""crates.io""#, r#""crates.io","dependencies":[3]"#), BinaryFault::Cycle);
    assert_eq!(with(r#""crates.io""#, r#""crates.io","root":true"#), BinaryFault::SeveralRoots);
}

#[test]
fn broken_binaries_are_refused() {
    let list = zlib(LIST.as_bytes());
    for (format, make) in MAKERS {
        let whole = make(&[&list]);
        for end in (0..whole.len()).step_by(7) {
            // A list is whole or it is none.
            if let Ok(Some(read)) = read(&whole[..end]) {
                assert_eq!(read.packages().len(), 5, "{format} {end}");
            }
        }
    }
    let mut sections = pe(&[]);
    sections.truncate(64 + 24 + 240);
    sections[70..72].fill(0xff);
    sections.resize(sections.len() + 0xffff * 40, 0);
    assert_eq!(fault(&sections), BinaryFault::Malformed { reason: "it has too many sections".into() });
    assert!(matches!(fault(&wasm(&[&list])[..40]), BinaryFault::Malformed { .. }));
    assert_eq!(fault(b"\0asm\x0d\0\x01\0"), BinaryFault::Component);
    assert!(matches!(fault(b"\0asm\x02\0\0\0"), BinaryFault::Malformed { .. }));
}

fn lists() -> impl Strategy<Value = String> {
    let package = ("[a-z][a-z0-9_-]{0,8}", 0_u64..9, prop::sample::select(vec!["git", "local", "crates.io"]));
    (prop::collection::vec((package, prop::collection::vec(0_usize..8, 0..3), any::<bool>()), 0..8), 0_u32..9).prop_map(
        |(packages, format)| {
            let packages: Vec<serde_json::Value> = packages
                .into_iter()
                .map(|((name, minor, source), dependencies, root)| {
                    let version = format!("1.{minor}.0");
                    serde_json::json!({"name": name, "version": version, "source": source, "root": root,
                        "dependencies": dependencies})
                })
                .collect();
            serde_json::json!({"packages": packages, "format": format}).to_string()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_same_as_cargo_audit_reads(json in lists()) {
        let ours = read(&elf(&[&zlib(json.as_bytes())]));
        match (ours, VersionInfo::from_str(&json)) {
            (Ok(Some(ours)), Ok(theirs)) => {
                prop_assert_eq!(ours.revision(), theirs.format);
                prop_assert_eq!(ours.packages().len(), theirs.packages.len());
                for (our, their) in ours.packages().iter().zip(&theirs.packages) {
                    prop_assert_eq!(&our.name, &their.name);
                    prop_assert_eq!(&our.version, &their.version.to_string());
                    prop_assert_eq!(our.root, their.root);
                    prop_assert!(their.dependencies.iter().all(|index| our.dependencies.contains(index)));
                }
            }
            (Err(_), Err(_)) | (Err(ArtifactError::Binary { fault: BinaryFault::Edge { .. }, .. }), Ok(_)) => {}
            (ours, theirs) => prop_assert!(false, "{:?} {:?}", ours, theirs),
        }
    }

    #[test]
    fn nothing_makes_it_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..600), which in 0_usize..5) {
        let _ = read(&bytes);
        let start = MAKERS[which].1(&[]);
        let kept = start.len().min(bytes.len()).min(8);
        bytes[..kept].copy_from_slice(&start[..kept]);
        let _ = read(&bytes);
    }

    #[test]
    fn a_damaged_binary_gives_no_other_list(at in any::<prop::sample::Index>(), byte in any::<u8>(), which in 0_usize..5) {
        let whole = MAKERS[which].1(&[&zlib(LIST.as_bytes())]);
        let mut damaged = whole.clone();
        *at.get_mut(&mut damaged) = byte;
        if let Ok(Some(list)) = read(&damaged) {
            let right = read(&whole).unwrap().unwrap();
            prop_assert_eq!(list.packages(), right.packages());
        }
    }
}
