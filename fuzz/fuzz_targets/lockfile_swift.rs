//! Package.resolved and Package.swift.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_components::{Options, SourceFile, Survey, inventory};

fuzz_target!(|bytes: &[u8]| {
    let file = |path: &str| SourceFile {
        path: path.to_owned(),
        blob: "0".repeat(40),
        bytes: bytes.to_vec(),
        class: "shipped".to_owned(),
    };
    let given = |path: &str, text: &str| SourceFile { bytes: text.into(), ..file(path) };
    let program = given("Package.swift", "let package = Package(name: \"a\", dependencies: [.package(url: \"b\")])");
    let of = |files: &[SourceFile]| inventory(files, &Survey::default(), &Options::default());
    let _ = of(&[file("Package.swift"), file("Package.resolved")]);
    let _ = of(&[program, file("Package.resolved")]);
});
