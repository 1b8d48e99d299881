//! RustSec advisories from disk or the embedded snapshot; component against advisory.
