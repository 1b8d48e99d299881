use super::{CRATE, building::*, refusal, said};
use crate::{ArtifactError, PathFault};

fn refuse(parts: &[Vec<u8>], expected: &PathFault) {
    match refusal(CRATE, &crate_with(parts)) {
        ArtifactError::Path { fault, .. } => assert_eq!(fault, *expected),
        other => panic!("{other:?} instead of {expected:?}"),
    }
}

fn refuse_names(names: &[&str], expected: &PathFault) {
    for name in names {
        refuse(&[file(name, "x")], expected);
        refuse(&[pax(&[("path", name)]), file("a-1.0.0/x", "x")], expected);
    }
}

#[test]
fn ways_out_are_refused() {
    refuse_names(&["/etc/passwd", "//a-1.0.0/f"], &PathFault::Absolute);
    refuse_names(
        &[
            "../f",
            "a-1.0.0/../f",
            "a-1.0.0/..",
            "./a-1.0.0/f",
            "a-1.0.0/./f",
            "a-1.0.0/...",
            "a-1.0.0/.. /f",
            "a-1.0.0/ ",
        ],
        &PathFault::Dots,
    );
    refuse_names(&["a-1.0.0\\f", "a-1.0.0/..\\f", "\\\\host\\f"], &PathFault::Backslash);
    refuse_names(&["C:/f", "a-1.0.0/c:f", "z:"], &PathFault::Drive);
    refuse_names(&["a-1.0.0/lib.rs::$DATA", "a-1.0.0/ff:s", "a-1.0.0/:"], &PathFault::Colon);
    refuse_names(&["a-1.0.0//f"], &PathFault::Empty);
    refuse_names(&["a-1.0.0/a\u{7f}", "a-1.0.0/\u{1b}[2J", "a-1.0.0/\u{85}"], &PathFault::Control);
    refuse_names(&["a-1.0.0/f/"], &PathFault::FileAsFolder);
    refuse_names(&["b-1.0.0/f", "f", "A-1.0.1/f"], &PathFault::Outside { folder: "a-1.0.0".into() });
    let inner = file("a-1.0.0/hidden", "");
    refuse(&[pax(&[("path", "a-1.0.0/f")]), raw(b"a-1.0.0/f/", 0, &inner)], &PathFault::FileAsFolder);
    refuse(&[raw(b"a-1.0.0/\xff", b'0', b"")], &PathFault::NotUtf8);
    refuse(&[raw(b"", b'0', b"")], &PathFault::Empty);
    refuse(&[raw(b"././@LongLink", b'L', b"a-1.0.0/f\0g\0"), file("a-1.0.0/x", "")], &PathFault::Control);
    refuse(&[pax(&[("path", "a-1.0.0/f\0g")]), file("a-1.0.0/x", "")], &PathFault::Control);
    refuse(&[file("a-1.0.0", "the folder itself")], &PathFault::FileAndFolder);
}

#[test]
fn ordinary_names_are_let_through() {
    let names =
        ["NUL", "aux.txt", "a b", "naïve.rs", "日本語", ".hidden", "..a", "a..b", "it's (1) [x] {y} ~#%&$!@=+,;"];
    let parts: Vec<Vec<u8>> = names.iter().map(|name| file(&format!("a-1.0.0/{name}"), "x")).collect();
    let mut expected: Vec<String> = names.iter().map(|name| format!("{name}=x")).collect();
    expected.push(format!("Cargo.toml={}", String::from_utf8_lossy(MANIFEST)));
    expected.sort();
    assert_eq!(said(CRATE, &crate_with(&parts)).unwrap(), expected);
}

#[test]
fn names_that_are_one_elsewhere_are_refused() {
    let collide = |one: &str, other: &str| {
        let both = [file(&format!("a-1.0.0/{one}"), "1"), file(&format!("a-1.0.0/{other}"), "2")];
        for parts in [both.clone(), [both[1].clone(), both[0].clone()]] {
            match refusal(CRATE, &crate_with(&parts)) {
                ArtifactError::Path { fault: PathFault::Collision { .. }, .. } => {}
                unexpected => panic!("{one} {other}: {unexpected:?}"),
            }
        }
    };
    collide("src/Lib.rs", "src/lib.rs");
    collide("Src/a", "src/b");
    collide("x/Deep/er/a", "x/deep/er/b");
    collide("caf\u{e9}", "cafe\u{301}");
    collide("CAF\u{c9}", "cafe\u{301}");
    collide("stra\u{df}e", "STRASSE");
    collide("\u{1e9e}", "\u{df}");
    collide("\u{212a}elvin", "kelvin");
    collide("\u{3a3}\u{391}\u{3a3}", "\u{3c3}\u{3b1}\u{3c2}");
    collide("file.", "file");
    collide("file. .", "FILE");
    collide("CARGO.toml", "f");
    collide("a", "A/b");
}

#[test]
fn names_that_only_look_alike_are_two() {
    let names = ["a", "b/a", "b-a", "b/A1", "b/a2", "B1", "b.a", "b0"];
    let parts: Vec<Vec<u8>> = names.iter().map(|name| file(&format!("a-1.0.0/{name}"), "x")).collect();
    assert_eq!(said(CRATE, &crate_with(&parts)).unwrap().len(), names.len() + 1);
}

#[test]
fn doubles_are_refused() {
    refuse(&[file("a-1.0.0/f", "1"), file("a-1.0.0/f", "1")], &PathFault::Duplicate);
    refuse(&[file("a-1.0.0/f", "1"), file("a-1.0.0/e", ""), file("a-1.0.0/f", "2")], &PathFault::Duplicate);
    refuse(&[file("a-1.0.0/f", "1"), folder("a-1.0.0/f/")], &PathFault::FileAndFolder);
    refuse(&[file("a-1.0.0/f", "1"), file("a-1.0.0/f/g", "2")], &PathFault::FileAndFolder);
    refuse(&[file("a-1.0.0/f/g/h", "1"), file("a-1.0.0/f-", "3"), file("a-1.0.0/f/g", "2")], &PathFault::FileAndFolder);
    assert!(said(CRATE, &crate_with(&[folder("a-1.0.0/d/"), folder("a-1.0.0/d"), file("a-1.0.0/d/e", "")])).is_ok());
}
