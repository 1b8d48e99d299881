use super::*;

fn counted(text: &str) -> Counts {
    read(text).counts(&Features::default())
}

#[test]
fn code_is_told_from_words() {
    let text = "#![forbid(unsafe_code)]\n//! ```\n//! run();\n//! ```\n/// ```text\n/// no\n/// ```\n/// ```ignore\n/// ```\n\
             // #[test] unsafe\nconst TEXT: &str = \"#[test] unsafe { }\";\n#[test]\nfn a() { unsafe { b() } }\n\
             #[tokio::test(flavor = \"x\")]\nasync fn b() { c() }\n#[cfg(test)]\nmod tests {}\nproptest! { fn p(x in 0..1) { c(x) } }\nfn d() { assert_snapshot!(x); }\n";
    let file = read(text);
    assert!(file.forbids_unsafe && !file.denies_unsafe && file.unsafe_uses == 1);
    let expected = Counts { tests: 2, properties: 1, doc_tests: 1, snapshots: 1, ..Counts::default() };
    assert_eq!(counted(text), expected);
    assert_eq!(counted("fuzz_target!(|data: &[u8]| {});").fuzz_targets, 1);
    assert!(read("#![deny(unsafe_code)]").denies_unsafe && !read("#[forbid(unsafe_code)] mod a {}").forbids_unsafe);
    assert!(!read("mod x { #![forbid(unsafe_code)] }").forbids_unsafe);
    assert_eq!(read("").items, []);
    let named = read(
            "include!(\"a.in\"); #[path = r\"b.rs\"] mod b; include!(concat!(env!(\"OUT_DIR\"), \"/c\")); include!(concat!(\"d\", \".rs\"));",
        )
        .named;
    assert_eq!(named, ["a.in", "b.rs", "d.rs"]);
    assert!(read("// a long comment\nfn a() {}").code < 10);
}

#[test]
fn what_tests_nothing_is_no_test() {
    for text in [
        "#[test]",
        "#[test(fn a() { b() })]",
        "#[test fn a() { b() }",
        "#[test]\n#[ignore]\nfn a() { b() }",
        "#[ignore = \"slow\"] #[test] fn a() { b() }",
        "#[test] fn a() {}",
        "#[test] fn a() { ; }",
        "#[test] fn a() -> R { Ok(()) }",
        "#[test] fn a() { /* later */ }",
        "#[test] struct A; fn a() { b() }",
        "#[cfg(any())] #[test] fn a() { b() }",
        "#[cfg(any())] mod tests { #[test] fn a() { b() } }",
        "#![cfg(any())] #[test] fn a() { b() }",
        "mod a { #![cfg(any())] #[test] fn a() { b() } }",
        "#[cfg(not(test))] #[test] fn a() { b() }",
        "#[cfg(feature = \"none\")] #[test] fn a() { b() }",
        "#[test] #[cfg_attr(all(), ignore)] fn a() { b() }",
        "macro_rules! m { () => { #[test] fn a() { b() } } }",
        "fn a() { #[test] fn b() { c() } }",
        "proptest! { }",
        "proptest! { #[test] fn a(b in 0..1) {} }",
        "const A: &str = r#\"#[test] fn a() { b() }\"#;",
        "#[test] fn a() { assert!(true); }",
        "#[test] fn a() { assert!(true, \"x\"); assert_eq!(1 + 1, 2); }",
        "#[test] fn a() { let _ = 1; }",
        "#[test] fn a() { let _x = 1; }",
        "#[test] fn a() { let mut x: i32 = 1; x += 1; assert_eq!(x, 2); }",
        "#[test] fn a() { println!(\"hi\"); }",
        "#[test] fn a() { return; assert_eq!(c(), 2); }",
        "#[test] fn a() { let x = 1; return; assert_eq!(c(), x); }",
        "#[test] fn a() { if false { assert_eq!(c(), 2); } }",
        "#[tokio::test] async fn a() { assert_eq!(true, true) }",
        "/// ```\n/// ```\nfn a() {}",
        "/// ```\n///\n/// ```\nfn a() {}",
        "/// ```\n/// never_ended();\nfn a() {}",
    ] {
        assert_eq!(counted(text), Counts::default(), "{text}");
    }
    for (text, tests) in [
        ("#[test_case(1)] #[test_case(2)] fn a(b: u8) {}", 2),
        ("#[test_case([1], 2 ; \"both\")] fn a(b: u8) { c() }", 1),
        ("#[rstest] #[case(1)] pub async fn a(#[case] b: u8) { c() }", 1),
        ("#[ignore] fn a() {} #[test] fn b() -> u8 { c() }", 1),
        ("#[test] fn b() -> [u8; 3] { c() }", 1),
        ("#[test] fn b() { assert!(c); }", 1),
        ("#[test] fn b() { let x = 1; assert_eq!(c(), x); }", 1),
        ("#[test] fn b() { println!(\"{}\", c()); }", 1),
        ("#[test] fn b() { if d() { return; } assert_eq!(c(), 2); }", 1),
        ("#[test] fn b() { if false { c() } else { d() } }", 1),
        ("#[test] fn b() { assert_eq!(c(), 2); }", 1),
        ("#[test] #[cfg_attr(miri, ignore)] fn a() { b() }", 1),
        ("#[cfg(all(test, not(loom), target_os = \"linux\"))] mod t { #[test] fn a() { b() } }", 1),
        ("#[cfg(test)] mod a { mod b { #[test] fn a() { b() } } #[test] fn c() { d() } }", 2),
        ("macro_rules! m { ($n:ident) => { #[test] fn $n() { b() } } } m!(a); m! { b }", 2),
        ("impl A { fn b(&self) { if c { d() } } } #[test] fn a() { b() }", 1),
    ] {
        assert_eq!(counted(text).tests, tests, "{text}");
    }
    for text in [
        "#[cfg(never)] #[test] fn a() { b() }",
        "#[cfg(target_os = \"plan10\")] #[test] fn a() { b() }",
        "whatever! { #[test] fn a() { b() } }",
        "#[cfg(loom)] #[test] fn a() { b() }",
    ] {
        assert_eq!((counted(text).tests, counted(text).unclear), (0, 1), "{text}");
    }
}

#[test]
fn modules_of_other_files_are_named() {
    let file = read(
        "mod a; mod b { mod c; #[path = \"x.rs\"] mod d; } #[cfg(any())] mod e; x! { mod f; } macro_rules! m { () => { mod g; } }",
    );
    let shown: Vec<String> = file
        .modules
        .iter()
        .map(|one| {
            format!(
                "{}/{}={}:{:?}",
                one.inside.join("/"),
                one.name,
                one.path.as_deref().unwrap_or(""),
                one.holds(&Features::default())
            )
        })
        .collect();
    assert_eq!(shown, ["/a=:Yes", "b/c=:Yes", "b/d=x.rs:Yes", "/e=:No", "/f=:Unknown"]);
}

#[test]
fn deep_files_are_read_in_time() {
    for text in [
        "{".repeat(200_000),
        "#[cfg(all(".repeat(50_000),
        "mod a { #[cfg(x)] ".repeat(20_000),
        "a!{".repeat(50_000),
        "fn a(){".repeat(20_000),
    ] {
        let _ = read(&text);
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text: String) {
        crate::read_anything(&text);
    }
}
