//! A file of a vocabulary, of criteria, a catalog and tiers, alone and next to small files that are valid.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let kinds = plimsoll::kind_names();
        // The built-in files all together are compiled in other tests, and take most of the time of a run.
        let vocabulary = "[[define]]\nname = \"shipped\"\nof = [\"x\"]\nabout = \"x ships\"\nis = \"x['class'] == 'shipped'\"\n";
        for path in ["vocabulary/x.toml", "criteria/x.toml", "catalogs/x.toml", "tiers/x.toml"] {
            let files = [("vocabulary/a.toml", vocabulary), (path, text)];
            let files: BTreeMap<String, String> =
                files.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
            let _ = plimsoll_practices::Practices::load(&files, &kinds);
        }
    }
});
