//! Packages: gzip, tar, zip and what they say of themselves.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    plimsoll_artifacts::fuzzing::package(bytes);
});
