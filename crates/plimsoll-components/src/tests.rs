//! The whole of `inventory` on small trees, on this project and on real lockfiles.

mod cargo_metadata;
mod corpus;
mod coverage;
mod documents;
mod hostile;
mod lock_check;
mod lockfiles;
mod own;
mod properties;
mod reach;
mod shapes;
