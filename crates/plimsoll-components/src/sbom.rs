//! SBOM documents: CycloneDX and SPDX of an inventory, and what a document that somebody else wrote lists.

pub(crate) mod cyclonedx;
mod cyclonedx_newer;
mod described;
pub(crate) mod difference;
pub(crate) mod document;
pub(crate) mod entries;
pub(crate) mod forms;
pub(crate) mod profile;
pub(crate) mod published;
pub(crate) mod spdx;
mod spdx3;
