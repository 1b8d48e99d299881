//! pubspec.lock and pubspec.yaml.
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
    let spec = given("pubspec.yaml", "name: a\ndependencies: {b: ^1.0.0, c: {path: x}, d: {git: 'https://e.example/d'}}\n");
    let of = |files: &[SourceFile]| inventory(files, &Survey::default(), &Options::default());
    let _ = of(&[file("pubspec.yaml"), file("pubspec_overrides.yaml"), file("pubspec.lock"), file("x/pubspec.yaml")]);
    let _ = of(&[spec, file("pubspec.lock"), file("x/pubspec.yaml")]);
});
