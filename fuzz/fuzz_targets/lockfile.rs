//! Cargo.lock and manifests.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_components::{DocumentInfo, Options, Resolver, SourceFile, Survey, cyclonedx, inventory, spdx};

fuzz_target!(|bytes: &[u8]| {
    let file = |path: &str| SourceFile {
        path: path.to_owned(),
        blob: "0".repeat(40),
        bytes: bytes.to_vec(),
        class: "shipped".to_owned(),
    };
    let options = Options { resolver: Resolver::Lockfile, ..Options::default() };
    let found = inventory(&[file("Cargo.lock"), file("Cargo.toml"), file("a/Cargo.toml")], &Survey::default(), &options);
    let info = DocumentInfo {
        name: "a".to_owned(),
        version: None,
        commit: String::new(),
        as_of: jiff::Timestamp::UNIX_EPOCH,
        claimant: None,
        tool_version: "0".to_owned(),
    };
    let _ = (cyclonedx(&found, &info), spdx(&found, &info));
});
