//! Signatures, key files, allowed signers and revocation lists.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    plimsoll_trust::fuzzing::openpgp(bytes);
    plimsoll_trust::fuzzing::ssh(bytes);
    plimsoll_trust::fuzzing::x509(bytes);
});
