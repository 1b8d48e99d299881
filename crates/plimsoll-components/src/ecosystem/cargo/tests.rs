//! Cargo's trees through the whole of `inventory`: small ones, this project and real lockfiles.

mod cargo_metadata;
pub(crate) mod corpus;
mod hostile;
mod lock_check;
mod lockfiles;
mod own;
mod properties;
mod reach;
mod roles;
mod shapes;
