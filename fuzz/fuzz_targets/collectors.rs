//! Every reader of a collector.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    plimsoll_collect::read_anything(bytes);
});
