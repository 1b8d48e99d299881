//! The whole of `inventory` on small trees, on this project and on real lockfiles.

mod own;
