//! Every reader of CI files, and what is dangerous in them.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    plimsoll_pipelines::read_anything(text);
});
