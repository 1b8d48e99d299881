//! Reports of other tools, and several of them in one file.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    plimsoll_collect::results::read_anything(bytes);
});
