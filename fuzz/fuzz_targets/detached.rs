//! Signatures over files, checksums, public keys and trusted roots.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    plimsoll_trust::fuzzing::detached(bytes);
});
