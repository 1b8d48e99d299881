use super::{CRATE, building::*, refusal, said};
use crate::{ArtifactError, Bound, GzipFault, Limits, Package, TarFault};

fn check(parts: &[Vec<u8>], expected: &[&str]) {
    let mut files = said(CRATE, &crate_with(parts)).unwrap();
    files.retain(|file| !file.starts_with("Cargo.toml="));
    assert_eq!(files, expected);
}

fn refuse(parts: &[Vec<u8>], expected: &TarFault) {
    match refusal(CRATE, &crate_with(parts)) {
        ArtifactError::Tar { fault, .. } => assert_eq!(fault, *expected),
        other => panic!("{other:?} instead of {expected:?}"),
    }
}

fn refuse_gzip(bytes: &[u8], expected: GzipFault) {
    assert_eq!(refusal(CRATE, bytes), ArtifactError::Gzip { fault: expected });
}

#[test]
fn files_come_sorted_and_without_their_top_folder() {
    let tool = changed(b"a-1.0.0/tool", b'0', b"run", |header| header[100..108].copy_from_slice(b"0000755\0"));
    check(
        &[file("a-1.0.0/src/lib.rs", "two"), tool, folder("a-1.0.0/src/"), file("a-1.0.0/empty", "")],
        &["empty=", "src/lib.rs=two", "tool*=run"],
    );
}

#[test]
fn long_names_of_both_kinds_are_read() {
    let long = format!("a-1.0.0/{}/f", "d".repeat(150));
    let gnu = [raw(b"././@LongLink", b'L', format!("{long}1\0").as_bytes()), file("a-1.0.0/cut", "gnu")];
    let posix = [pax(&[("mtime", "1.5"), ("path", &format!("{long}2")), ("size", "3")]), file("a-1.0.0/cut", "pax")];
    let prefixed = changed(b"f3", b'0', b"old", |header| header[345..352].copy_from_slice(b"a-1.0.0"));
    let inner = long.strip_prefix("a-1.0.0/").unwrap();
    check(&[gnu.concat(), posix.concat(), prefixed], &[&format!("{inner}1=gnu"), &format!("{inner}2=pax"), "f3=old"]);
}

#[test]
fn a_long_name_may_be_cut_behind_a_slash() {
    let long = format!("a-1.0.0/{}/f", "d".repeat(91));
    check(
        &[raw(b"././@LongLink", b'L', long.as_bytes()), file(&long[..100], "x")],
        &[&format!("{}/f=x", "d".repeat(91))],
    );
}

#[test]
fn a_name_of_a_hundred_bytes_needs_no_end() {
    let name = format!("a-1.0.0/{}", "n".repeat(92));
    check(&[file(&name, "x")], &[&format!("{}=x", "n".repeat(92))]);
}

#[test]
fn what_git_and_the_oldest_tar_write_is_read() {
    let comment = raw(b"pax_global_header", b'g', &record("comment", "0123456789012345678901234567890123456789"));
    let oldest = changed(b"a-1.0.0/f", 0, b"x", |header| header[257..265].fill(0));
    let gnu = changed(b"a-1.0.0/g", b'0', b"y", |header| header[257..265].copy_from_slice(b"ustar  \0"));
    let parts = [comment, raw(b"a-1.0.0/Cargo.toml", b'0', MANIFEST), oldest, gnu];
    assert_eq!(said(CRATE, &gzip(&finished(&parts))).unwrap()[1..], ["f=x", "g=y"]);
}

#[test]
fn links_devices_and_strange_entries_are_refused() {
    refuse(&[changed(b"a-1.0.0/l", b'2', b"", |header| header[157..161].copy_from_slice(b"/etc"))], &TarFault::Link);
    refuse(&[changed(b"a-1.0.0/l", b'1', b"", |header| header[157..164].copy_from_slice(b"a-1.0.0"))], &TarFault::Link);
    refuse(&[raw(b"././@LongLink", b'K', b"target\0")], &TarFault::Link);
    for kind in *b"346" {
        refuse(&[raw(b"a-1.0.0/d", kind, b"")], &TarFault::Device);
    }
    refuse(&[raw(b"a-1.0.0/s", b'S', b"x")], &TarFault::Sparse);
    for kind in *b"7DMNVXAZ!" {
        refuse(&[raw(b"a-1.0.0/s", kind, b"")], &TarFault::Kind { kind: char::from(kind) });
    }
    refuse(&[raw(b"a-1.0.0/d/", b'5', b"hidden")], &TarFault::FolderWithContent);
}

#[test]
fn pax_headers_that_unpackers_read_differently_are_refused() {
    let with = |records: &[(&str, &str)]| [pax(records), file("a-1.0.0/f", "123")];
    let key = |key: &str| TarFault::PaxKey { key: key.to_owned() };
    refuse(&with(&[("size", "0")]), &TarFault::SizeDisagrees);
    refuse(&with(&[("size", "1024")]), &TarFault::SizeDisagrees);
    refuse(&with(&[("size", "+3")]), &key("size"));
    refuse(&with(&[("size", "")]), &key("size"));
    refuse(&with(&[("path", "")]), &key("path"));
    refuse(&with(&[("path", "a-1.0.0/1"), ("path", "a-1.0.0/2")]), &key("path"));
    refuse(&with(&[("linkpath", "/etc/passwd")]), &key("linkpath"));
    refuse(&with(&[("hdrcharset", "BINARY")]), &key("hdrcharset"));
    refuse(&with(&[("GNU.sparse.major", "1")]), &key("GNU.sparse.major"));
    refuse(&with(&[("SCHILY.realsize", "1")]), &key("SCHILY.realsize"));
    refuse(&with(&[("comment", "x\n20 path=a-1.0.0/evil")]), &TarFault::Pax);
    for broken in ["5 a=b", "99 a=b\n", "06 a=b\n", "x a=b\n", "6 ab=\nn", "4 a\n", "5 =b\n", "-6 a=b\n"] {
        refuse(&[raw(b"x", b'x', broken.as_bytes()), file("a-1.0.0/f", "")], &TarFault::Pax);
    }
    for name in ["path", "size", "linkpath", "GNU.sparse.name"] {
        refuse(&[raw(b"g", b'g', &record(name, "1"))], &key(name));
    }
}

#[test]
fn doubled_and_lost_extension_headers_are_refused() {
    let long = || raw(b"././@LongLink", b'L', b"a-1.0.0/long\0");
    let named = || pax(&[("path", "a-1.0.0/pax")]);
    let plain = || file("a-1.0.0/f", "x");
    let global = || raw(b"g", b'g', &record("comment", "x"));
    for parts in [
        vec![long(), long(), plain()],
        vec![named(), named(), plain()],
        vec![long(), named(), plain()],
        vec![named(), long(), plain()],
        vec![named(), global(), plain()],
        vec![long()],
        vec![named()],
    ] {
        refuse(&parts, &TarFault::Extension);
    }
    check(&[pax(&[("mtime", "1")]), long(), plain()], &["long=x"]);
}

#[test]
fn headers_that_are_not_plain_are_refused() {
    let with = |at: usize, bytes: &'static [u8]| {
        [changed(b"a-1.0.0/f", b'0', b"x", |header| header[at..at + bytes.len()].copy_from_slice(bytes))]
    };
    let size = || TarFault::Number { field: "the size" };
    refuse(&with(124, b"\x80\0\0\0\0\0\0\0\0\0\0\x01"), &size());
    refuse(&with(124, b"00000000009\0"), &size());
    refuse(&with(124, b"-0000000001\0"), &size());
    refuse(&with(124, b"0000001\x000001"), &size());
    refuse(&with(124, &[0; 12]), &size());
    refuse(&with(100, b"rw-r--r-"), &TarFault::Number { field: "the mode" });
    refuse(&with(257, b"ustar\x0099"), &TarFault::Magic);
    refuse(&with(257, b"rust"), &TarFault::Magic);
    let in_gnu = changed(b"a-1.0.0/f", b'0', b"x", |header| {
        header[257..265].copy_from_slice(b"ustar  \0");
        header[345] = b'p';
    });
    refuse(&[in_gnu], &TarFault::Prefix);
    let mut sum = file("a-1.0.0/f", "x");
    sum[0] ^= 1;
    refuse(&[sum], &TarFault::Checksum);
    let mut none = file("a-1.0.0/f", "x");
    none[148..156].fill(0);
    refuse(&[none], &TarFault::Number { field: "the checksum" });
}

#[test]
fn what_ends_too_early_or_too_late_is_refused() {
    let whole = tar_with(&[file("a-1.0.0/f", "x")]);
    for end in 0..whole.len() {
        let refused = refusal(CRATE, &gzip(&whole[..end]));
        assert!(matches!(refused, ArtifactError::Tar { fault: TarFault::Truncated, .. }), "{end}: {refused:?}");
    }
    let after = |bytes: &[u8]| refusal(CRATE, &gzip(&[&whole, bytes].concat()));
    for more in [&b"x"[..], &file("a-1.0.0/g", "hidden"), &[0; 512 * 20 + 1].map(|_: u8| b'\n')] {
        assert!(matches!(after(more), ArtifactError::Tar { fault: TarFault::AfterEnd, .. }));
    }
    assert!(said(CRATE, &gzip(&[&whole[..], &[0; 9_216]].concat())).is_ok());
    // One empty block and another entry: npm goes on, cargo and pip stop.
    let hole = [raw(b"a-1.0.0/Cargo.toml", b'0', MANIFEST), vec![0; 512], file("a-1.0.0/g", "hidden")];
    let refused = refusal(CRATE, &gzip(&finished(&hole)));
    assert!(matches!(refused, ArtifactError::Tar { fault: TarFault::AfterEnd, .. }));
}

#[test]
fn gzip_is_one_whole_member() {
    let whole = crate_with(&[file("a-1.0.0/f", "x")]);
    for end in 0..whole.len() {
        let refused = refusal(CRATE, &whole[..end]);
        assert!(matches!(refused, ArtifactError::Gzip { fault: GzipFault::Truncated | GzipFault::Header }), "{end}");
    }
    refuse_gzip(&[&whole[..], &gzip(b"")].concat(), GzipFault::Members);
    let halves = tar_with(&[]);
    refuse_gzip(&[gzip(&halves[..512]), gzip(&halves[512..])].concat(), GzipFault::Members);
    refuse_gzip(&[&whole[..], b"x"].concat(), GzipFault::Trailing);
    refuse_gzip(&[&whole[..], &[0; 512]].concat(), GzipFault::Trailing);
    for from_end in [1, 5] {
        let mut wrong = whole.clone();
        let at = wrong.len() - from_end;
        wrong[at] ^= 1;
        refuse_gzip(&wrong, GzipFault::Checksum);
    }
    refuse_gzip(&[b"\x1f\x8b\x08\xe0", &whole[4..]].concat(), GzipFault::Header);
    refuse_gzip(&tar_with(&[]), GzipFault::Header);
}

#[test]
fn bounds_hold() {
    let bomb = gzip(&vec![0; 40 << 20]);
    let read = |bytes: &[u8], limits: &Limits| Package::read(CRATE, bytes, limits).unwrap_err();
    let small = Limits { unpacked: 1 << 20, ..Limits::default() };
    let passed = |bound, limit| ArtifactError::TooMuch { bound, limit };
    assert_eq!(read(&bomb, &small), passed(Bound::Unpacked, 1 << 20));
    let few = Limits { files: 2, ..Limits::default() };
    let three = crate_with(&[file("a-1.0.0/1", ""), folder("a-1.0.0/2")]);
    assert_eq!(read(&three, &few), passed(Bound::Files, 2));
    assert_eq!(read(&three, &Limits { names: 30, ..Limits::default() }), passed(Bound::Names, 30));
    assert_eq!(read(&three, &Limits { packed: 64, ..Limits::default() }), passed(Bound::Packed, 64));
    assert_eq!(read(&three, &Limits { metadata: 8, ..Limits::default() }), passed(Bound::Metadata, 8));
    let deep = format!("a-1.0.0/{}f", "d/".repeat(60));
    let deep = crate_with(&[pax(&[("path", &deep)]), file("a-1.0.0/x", "")]);
    assert_eq!(read(&deep, &Limits { depth: 60, ..Limits::default() }), passed(Bound::Depth, 60));
    assert_eq!(read(&deep, &Limits { path: 100, ..Limits::default() }), passed(Bound::Path, 100));
    assert!(said(CRATE, &deep).is_ok());
    let long = crate_with(&[raw(b"L", b'L', &[b'a'; 5000]), file("a-1.0.0/x", "")]);
    assert_eq!(refusal(CRATE, &long), passed(Bound::Path, 4096));
    let exact = Limits { unpacked: tar_with(&[]).len(), ..Limits::default() };
    assert!(Package::read(CRATE, &crate_with(&[]), &exact).is_ok());
}
