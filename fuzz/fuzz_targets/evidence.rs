//! Evidence, scored where it is evidence.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_practices::Practices;

static PRACTICES: std::sync::LazyLock<Practices> = std::sync::LazyLock::new(|| plimsoll::practices(None).unwrap());

fuzz_target!(|bytes: &[u8]| {
    if let Ok(evidence) = plimsoll::read_evidence(bytes) {
        let _ = plimsoll_score::score(&evidence, &PRACTICES, &plimsoll::tool());
    }
});
