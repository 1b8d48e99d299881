use super::{building::*, refusal, said};
use crate::{ArtifactError, Bound, Limits, Package, PathFault, ZipFault};

const WHL: &str = "a-1.0.0-py3-none-any.whl";

/// The entries of a right wheel, with a file of some length in front.
fn entries() -> Vec<ZipEntry> {
    wheel_files(&[("a.py", "import this\n")])
        .iter()
        .map(|(path, content)| ZipEntry::deflated(path, content.as_bytes()))
        .collect()
}

fn refuse(bytes: &[u8], expected: ZipFault) {
    match refusal(WHL, bytes) {
        ArtifactError::Zip { fault, .. } => assert_eq!(fault, expected),
        other => panic!("{other:?} instead of {expected:?}"),
    }
}

fn refuse_entry(expected: ZipFault, change: impl FnOnce(&mut ZipEntry)) {
    let mut all = entries();
    change(&mut all[0]);
    refuse(&zip(&all), expected);
}

#[test]
fn all_honest_ways_of_writing_are_read() {
    let expected = said(WHL, &zip(&entries())).unwrap();
    assert!(expected.contains(&"a.py=import this\n".to_owned()), "{expected:?}");
    for change in [
        (|entry| *entry = entry.clone().streamed(true)) as fn(&mut ZipEntry),
        |entry| *entry = entry.clone().streamed(false),
        |entry| *entry = ZipEntry::stored("a.py", b"import this\n"),
        |entry| entry.attributes = 0,
        |entry| entry.local_extra = b"UT\x05\0\x01\0\0\0\0".to_vec(),
        |entry| (entry.flags, entry.local_flags) = (1 << 11 | 2, 1 << 11 | 2),
    ] {
        let mut all = entries();
        change(&mut all[0]);
        assert_eq!(said(WHL, &zip(&all)).unwrap(), expected);
    }
    let mut with_folder = entries();
    let mut folder = ZipEntry::stored("pkg/", b"");
    folder.attributes = 0o040_755 << 16 | 0x10;
    with_folder.push(folder);
    assert_eq!(said(WHL, &zip(&with_folder)).unwrap(), expected);
    let mut executable = entries();
    executable[0].attributes = 0o100_755 << 16;
    assert!(said(WHL, &zip(&executable)).unwrap().contains(&"a.py*=import this\n".to_owned()));
}

#[test]
fn headers_that_disagree_are_refused() {
    let differ = |field| ZipFault::Disagree { field };
    refuse_entry(differ("name"), |entry| entry.local_name = b"b.py".to_vec());
    refuse_entry(differ("name"), |entry| entry.local_name = b"a.pyc".to_vec());
    refuse_entry(differ("method"), |entry| entry.local_method = 0);
    refuse_entry(differ("flags"), |entry| entry.local_flags = 1 << 11);
    refuse_entry(differ("checksum or sizes"), |entry| entry.local_crc ^= 1);
    refuse_entry(differ("checksum or sizes"), |entry| entry.local_size += 1);
    refuse_entry(differ("checksum or sizes"), |entry| entry.local_packed_size -= 1);
    refuse_entry(differ("checksum or sizes"), |entry| {
        *entry = entry.clone().streamed(true);
        entry.behind[5] ^= 1;
    });
    refuse_entry(differ("checksum or sizes"), |entry| {
        *entry = entry.clone().streamed(true);
        entry.local_size = 1;
    });
    refuse_entry(differ("sizes"), |entry| {
        *entry = ZipEntry::stored("a.py", b"import this\n");
        (entry.size, entry.local_size) = (11, 11);
    });
}

#[test]
fn content_that_is_not_as_stated_is_refused() {
    refuse_entry(ZipFault::Checksum, |entry| (entry.crc, entry.local_crc) = (1, 1));
    refuse_entry(ZipFault::Data, |entry| (entry.size, entry.local_size) = (11, 11));
    refuse_entry(ZipFault::Data, |entry| (entry.size, entry.local_size) = (13, 13));
    refuse_entry(ZipFault::Data, |entry| (entry.size, entry.local_size) = (0, 0));
    refuse_entry(ZipFault::Data, |entry| {
        entry.packed.push(0);
        entry.local_packed_size += 1;
    });
    refuse_entry(ZipFault::Data, |entry| {
        entry.packed.pop();
        entry.local_packed_size -= 1;
    });
    refuse_entry(ZipFault::Data, |entry| entry.packed[0] = 0xff);
    refuse_entry(ZipFault::Data, |entry| (entry.size, entry.local_size) = (1 << 28, 1 << 28));
    refuse_entry(ZipFault::Endless, |entry| *entry = ZipEntry::stored("a.py", b"import this\n").streamed(true));
    for method in [1, 9, 12, 14, 93, 99] {
        refuse_entry(ZipFault::Method { method }, |entry| (entry.method, entry.local_method) = (method, method));
    }
}

#[test]
fn encryption_zip64_and_other_names_are_refused() {
    for flag in [1, 1 << 6, 1 << 13] {
        refuse_entry(ZipFault::Encrypted, |entry| (entry.flags, entry.local_flags) = (flag, flag));
    }
    for flag in [1 << 4, 1 << 5, 1 << 7, 1 << 15] {
        refuse_entry(ZipFault::Flags, |entry| (entry.flags, entry.local_flags) = (flag, flag));
    }
    for (extra, expected) in [
        (&b"\x01\0\x08\0\0\0\0\0\0\0\0\0"[..], ZipFault::Zip64),
        (b"\x75\x70\x05\0\x01\0\0\0\0", ZipFault::Extra { id: 0x7075 }),
        (b"\x08\0\0\0", ZipFault::Extra { id: 8 }),
        (b"\x01\x99\0\0", ZipFault::Encrypted),
        (b"\x17\0\0\0", ZipFault::Encrypted),
        (b"UT\xff\0", ZipFault::Record),
        (b"U", ZipFault::Record),
    ] {
        refuse_entry(expected, |entry| entry.extra = extra.to_vec());
        refuse_entry(expected, |entry| entry.local_extra = extra.to_vec());
    }
    refuse_entry(ZipFault::Zip64, |entry| entry.size = u32::MAX);
    refuse_entry(ZipFault::Volumes, |entry| entry.volume = 1);
}

#[test]
fn links_and_half_folders_are_refused() {
    for mode in [0o120_777, 0o020_666, 0o060_666, 0o010_666, 0o140_666] {
        refuse_entry(ZipFault::Special, |entry| entry.attributes = mode << 16);
    }
    refuse_entry(ZipFault::Folder, |entry| entry.attributes = 0o040_755 << 16);
    refuse_entry(ZipFault::Folder, |entry| entry.attributes = 0x10);
    let as_folder = |entry: &mut ZipEntry| *entry = ZipEntry::stored("a.py/", b"x");
    refuse_entry(ZipFault::Folder, as_folder);
    let mut content = entries();
    as_folder(&mut content[0]);
    content[0].attributes = 0o040_755 << 16;
    refuse(&zip(&content), ZipFault::Folder);
}

#[test]
fn bytes_that_belong_to_no_entry_are_refused() {
    let whole = zip(&entries());
    refuse(&[b"#!/bin/sh\n", &whole[..]].concat(), ZipFault::Directory);
    refuse(&[&whole[..], b"\n"].concat(), ZipFault::End);
    refuse_entry(ZipFault::Layout, |entry| entry.behind = b"hidden".to_vec());
    // A comment, and an end record within it.
    let mut commented = whole.clone();
    let at = commented.len() - 2;
    commented[at] = 4;
    commented.extend(b"note");
    refuse(&commented, ZipFault::End);
    // The first entry again in place of the second.
    let mut twice = entries();
    twice.truncate(2);
    let mut bytes = zip(&twice);
    let second = bytes.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
    let first = bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    let length = second - first;
    let copied = bytes[first..second].to_vec();
    bytes.splice(second..bytes.len() - 22, copied);
    let end = bytes.len() - 22;
    bytes[end + 12..end + 16].copy_from_slice(&u32::try_from(length * 2).unwrap().to_le_bytes());
    refuse(&bytes, ZipFault::Layout);
    // A local header that the directory does not know.
    let mut hidden = entries();
    let alone = zip(&[ZipEntry::stored("evil.py", b"x")]);
    let local = alone.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    hidden[0].behind = alone[..local].to_vec();
    refuse(&zip(&hidden), ZipFault::Layout);
}

#[test]
fn end_records_that_do_not_fit_are_refused() {
    let change = |at: usize, bytes: &[u8], expected: ZipFault| {
        let mut whole = zip(&entries());
        let start = whole.len() - 22 + at;
        whole[start..start + bytes.len()].copy_from_slice(bytes);
        refuse(&whole, expected);
    };
    change(0, b"XX", ZipFault::End);
    change(4, &[1], ZipFault::Volumes);
    change(6, &[1], ZipFault::Volumes);
    change(8, &[1], ZipFault::Volumes);
    change(8, &[1, 0, 1, 0], ZipFault::Directory);
    change(8, &[9, 0, 9, 0], ZipFault::Directory);
    change(8, &[0xff; 4], ZipFault::Zip64);
    change(12, &[0], ZipFault::Directory);
    change(16, &[0], ZipFault::Directory);
    change(16, &[0xff; 4], ZipFault::Zip64);
    let mut located = zip(&entries());
    let at = located.len() - 42;
    located[at..at + 4].copy_from_slice(b"PK\x06\x07");
    refuse(&located, ZipFault::Zip64);
    let whole = zip(&entries());
    for end in 0..whole.len() {
        let refused = refusal(WHL, &whole[..end]);
        assert!(matches!(refused, ArtifactError::Zip { .. }), "{end}: {refused:?}");
    }
}

#[test]
fn names_and_bounds_are_those_of_every_package() {
    let named = |name: &str| {
        let mut all = entries();
        all.push(ZipEntry::stored(name, b""));
        refusal(WHL, &zip(&all))
    };
    let path = |name: &str, expected: PathFault| match named(name) {
        ArtifactError::Path { fault, .. } => assert_eq!(fault, expected),
        other => panic!("{other:?}"),
    };
    path("../a", PathFault::Dots);
    path("/a", PathFault::Absolute);
    path("a\\b", PathFault::Backslash);
    path("a.py", PathFault::Duplicate);
    path("A.py", PathFault::Collision { other: "A.py".into() });
    path("a.py/b", PathFault::FileAndFolder);
    path("a\0.py", PathFault::Control);
    let mut unmarked = entries();
    let mut entry = ZipEntry::stored("\u{e9}", b"");
    (entry.flags, entry.local_flags) = (0, 0);
    unmarked.push(entry);
    assert!(matches!(refusal(WHL, &zip(&unmarked)), ArtifactError::Path { fault: PathFault::NotUtf8, .. }));

    let bomb = zip(&[ZipEntry::deflated("a", &vec![0; 40 << 20])]);
    let read = |limits: &Limits| Package::read(WHL, &bomb, limits).unwrap_err();
    let small = read(&Limits { unpacked: 1 << 20, ..Limits::default() });
    assert_eq!(small, ArtifactError::TooMuch { bound: Bound::Unpacked, limit: 1 << 20 });
    let none = read(&Limits { files: 0, ..Limits::default() });
    assert_eq!(none, ArtifactError::TooMuch { bound: Bound::Files, limit: 0 });
    let short = read(&Limits { packed: 9, ..Limits::default() });
    assert_eq!(short, ArtifactError::TooMuch { bound: Bound::Packed, limit: 9 });
}
