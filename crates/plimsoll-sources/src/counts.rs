//! How many tests of which type one file holds.

/// Tests of one file, those alone that are run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Tests of single cases.
    pub tests: u64,
    /// Properties, each tried on many made cases.
    pub properties: u64,
    /// Examples in documentation.
    pub doc_tests: u64,
    /// Benchmarks.
    pub benches: u64,
    /// Targets of a fuzzer.
    pub fuzz_targets: u64,
    /// Comparisons with a kept output.
    pub snapshots: u64,
    /// What looks like tests, and of which it is not known whether something is tested.
    pub unclear: u64,
    /// Does it end a run of the tests of its folder before they begin?
    pub stops: bool,
}
