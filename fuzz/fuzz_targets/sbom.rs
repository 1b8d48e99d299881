//! SBOMs of every format and form: reading, every profile, and a comparison with itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_components::{ComponentSet, Document, PROFILES, PublishedSbom};

fuzz_target!(|bytes: &[u8]| {
    let _ = PublishedSbom::read(bytes);
    let Ok((document, faults)) = Document::read_with_faults(bytes) else { return };
    assert_eq!(Document::read(bytes).is_ok(), faults.is_empty());
    for profile in PROFILES {
        let report = profile.check(&document);
        assert_eq!(report.fields.len(), profile.rows.len());
    }
    let set = ComponentSet::of_document(&document);
    let same = set.difference(&set);
    assert!(same.missing.is_empty() && same.extra.is_empty() && same.other_version.is_empty() && same.other_hash.is_empty());
});
