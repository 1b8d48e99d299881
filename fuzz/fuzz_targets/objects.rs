//! Commits, tags and trees.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    plimsoll_snapshot::fuzzing::objects(bytes);
});
