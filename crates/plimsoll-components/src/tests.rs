//! What is written of an inventory, whatever ecosystem its components are of.

mod build_files;
mod coverage;
mod documents;
mod listing;
mod own_profiles;
mod peers;
mod round_trip;
pub(crate) mod syft;
