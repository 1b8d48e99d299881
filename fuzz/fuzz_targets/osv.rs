//! OSV records as JSON and as YAML, and what they say of the versions that they name.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_advisories::{Aliases, Record, Verdict, read_json, read_yaml};

fuzz_target!(|bytes: &[u8]| {
    let yaml = std::str::from_utf8(bytes).map_err(|error| error.to_string()).and_then(read_yaml);
    let records: Vec<Record> = read_json(bytes).into_iter().chain(yaml).collect();
    let today = jiff::civil::date(2026, 11, 1);
    for record in &records {
        let _ = record.is_withdrawn(today);
        for affected in &record.affected {
            let _ = record.severity(affected);
            for version in &affected.versions {
                assert_eq!(affected.verdict(version), Verdict::Affected);
            }
            for event in affected.ranges.iter().flat_map(|range| &range.events) {
                let _ = affected.verdict(event.version());
            }
        }
    }
    let _ = Aliases::of(&records);
});
