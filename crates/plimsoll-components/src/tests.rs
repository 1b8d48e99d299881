//! The whole of `inventory` on small trees, on this project and on real lockfiles.

mod asked;
mod corpus;
mod coverage;
mod documents;
mod fit;
mod hostile;
mod lockfiles;
mod own;
mod properties;
mod reach;
mod shapes;
