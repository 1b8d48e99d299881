//! Gemfile.lock, Gemfile and gemspecs.
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
    let lock = given("Gemfile.lock", "PATH\n  remote: x\n  specs:\n    a (1)\n      b\n\nDEPENDENCIES\n  a!\n");
    let _ =
        inventory(&[file("Gemfile"), file("Gemfile.lock"), file("a.gemspec")], &Survey::default(), &Options::default());
    let _ = inventory(&[file("Gemfile"), lock, file("x/a.gemspec")], &Survey::default(), &Options::default());
});
