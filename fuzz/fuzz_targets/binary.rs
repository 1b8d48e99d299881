//! Binaries and the dependency lists in them.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    plimsoll_artifacts::fuzzing::binary(bytes);
});
