//! The real command, with a scrubbed environment, a fixed moment and 80 columns.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::format_collect,
    reason = "a test that panics has failed"
)]

mod advice;
mod advisory_updates;
mod bad_input;
mod catalog;
mod ceilings;
mod claims;
mod common;
mod components;
mod corroborated;
mod coverage;
mod diff;
mod dispute;
mod exceptions;
mod exports;
mod forecast;
mod forge;
mod forge_keys;
mod frameworks;
mod hidden;
mod history;
mod hostile;
mod init;
mod kept;
mod kept_labels;
mod keys;
mod label;
mod labels;
mod never_run;
mod org_defaults;
mod osv;
mod package_licences;
mod packages;
mod pipelines;
mod plan;
mod provenance;
mod provenance_cases;
mod provenance_tables;
mod released;
mod report_forms;
mod reports;
mod responses;
mod results;
mod sboms;
mod schema;
mod secrets;
mod shipped;
mod signatures;
mod signed_reports;
mod source_view;
mod substance;
mod tiers;
mod tools;
mod trust;
mod withheld;
mod workflows;
