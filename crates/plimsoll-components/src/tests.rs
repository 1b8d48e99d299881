//! What is written of an inventory, whatever ecosystem its components are of.

mod build_files;
mod coverage;
mod documents;
mod listing;
mod peers;
pub(crate) mod syft;
