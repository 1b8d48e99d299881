//! Ratios of two benchmarks of one run.

use std::path::{Path, PathBuf};

/// Prints how many times faster `ours` was than `theirs`, by the medians that criterion has just written for
/// the two benchmarks of `group`. Says so where one of them did not run.
pub fn print_ratio(group: &str, ours: &str, theirs: &str) {
    match (median(group, ours), median(group, theirs)) {
        (Some(one), Some(other)) => eprintln!(
            "RATIO  {group}: {ours} {}, {theirs} {}: {:.2} times as fast",
            shown(one),
            shown(other),
            other / one
        ),
        (Some(one), None) => eprintln!("RATIO  {group}: {ours} {}; {theirs} did not run", shown(one)),
        _ => eprintln!("RATIO  {group}: {ours} did not run"),
    }
}

/// The same where the other was timed by hand.
pub fn print_ratio_to(group: &str, ours: &str, theirs: &str, took: std::time::Duration) {
    match median(group, ours) {
        Some(one) => eprintln!(
            "RATIO  {group}: {ours} {}, {theirs} {}: {:.1} times as fast",
            shown(one),
            shown(took.as_secs_f64() * 1e9),
            took.as_secs_f64() * 1e9 / one
        ),
        None => eprintln!("RATIO  {group}: {ours} did not run"),
    }
}

fn shown(nanoseconds: f64) -> String {
    if nanoseconds < 1e5 { format!("{:.1} µs", nanoseconds / 1e3) } else { format!("{:.1} ms", nanoseconds / 1e6) }
}

// In nanoseconds.
fn median(group: &str, name: &str) -> Option<f64> {
    let home = std::env::var_os("CRITERION_HOME").map_or_else(|| target().join("criterion"), PathBuf::from);
    let text = std::fs::read_to_string(home.join(group).join(name).join("new/estimates.json")).ok()?;
    let estimates: serde_json::Value = serde_json::from_str(&text).ok()?;
    estimates["median"]["point_estimate"].as_f64()
}

fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| crate::corpus::workspace().join("target"), PathBuf::from)
}

/// The most memory that the process `id` has used so far, in bytes; Linux only.
pub fn peak_memory(id: u32) -> Option<u64> {
    let status = std::fs::read_to_string(Path::new("/proc").join(id.to_string()).join("status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? * 1024)
}
