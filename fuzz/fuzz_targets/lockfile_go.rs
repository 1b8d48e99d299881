//! go.mod, go.sum, go.work and vendor/modules.txt.
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
    let small = given("go.mod", "module a.dev/b\ngo 1.16\nrequire c.dev/d v1.0.0\n");
    let files = [file("go.mod"), file("go.sum"), file("go.work"), file("vendor/modules.txt"), file("x/go.mod")];
    let _ = inventory(&files, &Survey::default(), &Options::default());
    let _ = inventory(&[small, file("go.sum"), file("vendor/modules.txt")], &Survey::default(), &Options::default());
});
