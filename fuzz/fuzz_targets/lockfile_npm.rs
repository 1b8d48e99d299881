//! package.json, package-lock.json, yarn.lock of both kinds, pnpm-lock.yaml and bun.lock.
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
    let manifest = r#"{"name":"a","workspaces":["b"],"dependencies":{"c":"^1"},"devDependencies":{"d":"1"}}"#;
    let manifest = SourceFile { bytes: manifest.into(), ..file("package.json") };
    let of = |files: &[SourceFile]| inventory(files, &Survey::default(), &Options::default());
    let _ = of(&[file("package.json"), file("b/package.json"), file("pnpm-workspace.yaml")]);
    for lock in ["package-lock.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock"] {
        let _ = of(&[manifest.clone(), file(lock)]);
    }
});
