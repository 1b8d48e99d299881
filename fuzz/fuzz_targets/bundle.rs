//! Sigstore bundles, npm's and PyPI's lists of them: as they are, and good ones with parts exchanged.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    plimsoll_trust::fuzzing::bundle(bytes);
});
