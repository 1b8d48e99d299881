//! Cargo: from Cargo.toml and Cargo.lock to components.

pub(crate) mod configuration;
pub(crate) mod crate_sources;
mod features;
mod licence;
mod linked_manifest;
pub(crate) mod lock_check;
pub(crate) mod lockfile;
pub(crate) mod manifest;
mod member_globs;
pub(crate) mod metadata;
mod program;
mod purl;
mod reach;
pub(crate) mod repack;
mod scratch;
pub(crate) mod ships;
mod target_triples;
pub(crate) mod uncompared;
pub(crate) mod workspace_resolution;
pub(crate) mod workspaces;

#[cfg(test)]
pub(crate) mod tests;
