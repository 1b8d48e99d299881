//! VEX documents: OpenVEX, CycloneDX and CSAF.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = plimsoll_collect::vex::read_anything(text);
});
