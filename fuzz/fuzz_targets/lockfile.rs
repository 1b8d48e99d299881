//! Cargo.lock and manifests, and the SBOMs of what they list.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_components::{Document, DocumentInfo, Options, Resolver, SBOM_FORMS, SourceFile, Survey, inventory};

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
        changed: false,
        claimant: None,
        contact: None,
        identifiers: Vec::new(),
        tool_version: "0".to_owned(),
    };
    for form in SBOM_FORMS {
        let bytes = form.write(&found, &info).expect("what is listed can be written");
        assert!(Document::read(&bytes).is_ok(), "what is written is valid");
    }
});
