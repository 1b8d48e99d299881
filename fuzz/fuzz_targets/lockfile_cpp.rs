//! conan.lock, conanfile.txt, conanfile.py and vcpkg.json.
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
    let text = given("conanfile.txt", "[requires]\na/1\nb/[>=1]\n[tool_requires]\nc/1@d/e#f\n");
    let of = |files: &[SourceFile]| inventory(files, &Survey::default(), &Options::default());
    let _ = of(&[file("conanfile.txt"), file("conanfile.py"), file("conan.lock"), file("vcpkg.json")]);
    let _ = of(&[text, file("conan.lock"), given("vcpkg.json", "{}"), file("vcpkg-configuration.json")]);
});
