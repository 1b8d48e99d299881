//! composer.lock and composer.json.
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
    let json = given("composer.json", "{\"name\":\"a/b\",\"require\":{\"c/d\":\"1\"}}");
    let _ = inventory(&[file("composer.json"), file("composer.lock")], &Survey::default(), &Options::default());
    let _ = inventory(&[json, file("composer.lock"), file("x/composer.json")], &Survey::default(), &Options::default());
});
