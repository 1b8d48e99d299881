//! Readers of the formats that people write by hand and tools write for them: YAML and JSON5.
//!
//! In: a text. Out: a value, or why there is none.
//!
//! One decision shaped this crate: every reader is bounded before and while it reads, by depth, by values and by bytes, with
//! what aliases repeat counted in. The cost is that a text beyond the bounds is refused although a parser could read it; what
//! is won is that no text of a repository takes minutes or gigabytes.

pub mod json5;
pub mod yaml;
