//! The forms in which an SBOM is written.

use super::{cyclonedx, cyclonedx_newer, entries::DocumentInfo, spdx, spdx3};
use crate::{error::ComponentsError, inventory::Inventory};

/// One form: a format in one version.
#[derive(Debug)]
pub struct SbomForm {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is, for a help text.
    pub about: &'static str,
    /// What a file of it is called.
    pub file: &'static str,
    write: fn(&Inventory, &DocumentInfo) -> Result<Vec<u8>, ComponentsError>,
}

impl SbomForm {
    /// Writes the components as a document of this form. The same inventory and info give the same bytes.
    pub fn write(&self, inventory: &Inventory, info: &DocumentInfo) -> Result<Vec<u8>, ComponentsError> {
        (self.write)(inventory, info)
    }

    /// The form of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        SBOM_FORMS.iter().find(|form| form.name == name)
    }
}

/// All of them. The first of each format is what its name alone means.
pub const SBOM_FORMS: &[SbomForm] = &[
    SbomForm { name: "cyclonedx", about: "CycloneDX 1.5 JSON", file: "sbom.cdx.json", write: cyclonedx::cyclonedx },
    SbomForm {
        name: "cyclonedx-1.6",
        about: "CycloneDX 1.6 JSON, with what CISA (2026) and BSI TR-03183-2 ask for",
        file: "sbom.cdx.json",
        write: cyclonedx_newer::cyclonedx_1_6,
    },
    SbomForm {
        name: "cyclonedx-1.7",
        about: "CycloneDX 1.7 JSON, with the same",
        file: "sbom.cdx.json",
        write: cyclonedx_newer::cyclonedx_1_7,
    },
    SbomForm { name: "spdx", about: "SPDX 2.3 JSON", file: "sbom.spdx.json", write: spdx::spdx },
    SbomForm {
        name: "spdx-3.0.1",
        about: "SPDX 3.0.1 JSON-LD, with what CISA (2026) and BSI TR-03183-2 ask for",
        file: "sbom.spdx3.json",
        write: spdx3::spdx3,
    },
];
