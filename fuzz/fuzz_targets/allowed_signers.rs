//! `allowed_signers` files and revocation lists.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    plimsoll_trust::fuzzing::allowed_signers(bytes);
});
