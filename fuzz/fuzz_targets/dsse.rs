//! DSSE envelopes around anything.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    plimsoll_trust::fuzzing::dsse(bytes);
});
