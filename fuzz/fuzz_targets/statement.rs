//! In-toto statements, SLSA provenance, summaries, names of sources and packages.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    plimsoll_trust::fuzzing::statement(bytes);
});
