//! A file of a vocabulary, of criteria, a catalog and tiers.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        for path in ["vocabulary/x.toml", "criteria/x.toml", "catalogs/x.toml", "tiers/plimsoll.toml"] {
            let mut files = plimsoll_practices::embedded_files();
            files.insert(path.to_owned(), text.to_owned());
            let _ = plimsoll_practices::Practices::load(&files, &plimsoll::kind_names());
        }
    }
});
