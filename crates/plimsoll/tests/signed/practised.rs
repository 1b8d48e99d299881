//! Labels by other practices than those at hand.

use std::collections::BTreeMap;

use plimsoll_practices::Practices;

use crate::made::{BUILT_IN, Keys, TINY, asked, failed, good_evidence, label_of, tiny_evidence, tiny_files};

#[test]
fn a_label_by_other_practices_says_nothing_by_these() {
    let keys = Keys::new();
    let trust = keys.only(&["maker"]);
    let evidence = good_evidence();
    for part in ["criteria/claims.toml", "catalogs/cswp-23.toml", "tiers/plimsoll.toml"] {
        let mut files = plimsoll_practices::embedded_files();
        files.get_mut(part).unwrap().push_str("\n# softened\n");
        let softened = Practices::load(&files, &plimsoll::kind_names()).unwrap();
        let bundle = keys.sign("maker", &label_of(&evidence, &softened));
        let answer = plimsoll::verify(&bundle, &trust, &*BUILT_IN, &asked()).unwrap();
        let found = failed(&answer);
        assert!(matches!(found.as_slice(), [("practices", told)] if told.contains(part)), "{found:?}");
        assert!(plimsoll::verify(&bundle, &trust, &softened, &asked()).unwrap().verified);
    }
    // One file fewer, one more, and none of them.
    let mut files: BTreeMap<String, String> = tiny_files();
    let bundle = keys.sign("maker", &label_of(&tiny_evidence(1), &TINY));
    files.insert("README.md".to_owned(), "more".to_owned());
    let more = Practices::load(&files, &plimsoll::kind_names()).unwrap();
    for practices in [&more, &BUILT_IN] {
        let answer = plimsoll::verify(&bundle, &trust, practices, &asked()).unwrap();
        assert!(matches!(failed(&answer).as_slice(), [("practices", _)]), "{:?}", answer.checks);
    }
}
