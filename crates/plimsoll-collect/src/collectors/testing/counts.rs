//! How many tests of which type one file holds.

/// Tests of one file, those alone that are run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) tests: u64,
    pub(super) properties: u64,
    pub(super) doc_tests: u64,
    pub(super) benches: u64,
    pub(super) fuzz_targets: u64,
    pub(super) snapshots: u64,
    /// What looks like tests, and of which it is not known whether something is tested.
    pub(super) unclear: u64,
    /// Does it end a run of the tests of its folder before they begin?
    pub(super) stops: bool,
}
