//! Package ecosystems: those that are read, and the names of the files of the others.

pub(crate) mod cargo;
pub(crate) mod unresolved;
