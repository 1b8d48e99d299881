//! Files of keys that sign, private and public.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    plimsoll_attest::fuzzing::key(bytes);
});
