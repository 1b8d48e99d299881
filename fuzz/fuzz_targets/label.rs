//! A label file, drawn where it is one.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(statement) = plimsoll::read_label(bytes) {
        let _ = plimsoll_render::svg(&statement);
        let _ = plimsoll_render::html(&statement);
        let _ = plimsoll_render::markdown(&statement);
    }
});
