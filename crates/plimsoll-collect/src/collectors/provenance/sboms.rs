//! SBOMs that are published with the source, next to what the commit has.

use plimsoll_components::PublishedSbom;
use schemars::JsonSchema;
use serde::Serialize;

use super::File;
use crate::Context;

/// Packages that a fact names.
const NAMED: usize = 20;

/// One SBOM.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SbomFact {
    /// `repository` or `given`.
    source: &'static str,
    /// Its path or name.
    path: String,
    /// `CycloneDX` or `SPDX`.
    format: &'static str,
    /// Version of the format.
    version: String,
    /// How many components it lists.
    components: usize,
    /// Has it what its format asks for at the top, and at least one component?
    valid: bool,
    /// `equal`: it lists everything that ships and nothing that the commit does not have; `differs`; `unknown`.
    pub(super) verdict: &'static str,
    /// What ships and is not listed; at most twenty.
    missing: Vec<String>,
    /// How many those are.
    missing_count: usize,
    /// What is listed and the commit does not have; at most twenty.
    extra: Vec<String>,
    /// How many those are.
    extra_count: usize,
    /// Why it is unknown.
    reason: Option<String>,
}

/// Reads an SBOM; the forms are those of [`PublishedSbom::read`].
pub(super) fn read(bytes: &[u8]) -> Result<PublishedSbom, String> {
    PublishedSbom::read(bytes)
}

pub(super) fn fact(cx: &Context<'_>, file: &File) -> Result<SbomFact, String> {
    let sbom = read(&file.bytes)?;
    let compared = sbom.compare(cx.inventory);
    let few = |list: &[String]| list.iter().take(NAMED).cloned().collect();
    Ok(SbomFact {
        source: file.source,
        path: file.path.clone(),
        format: sbom.format,
        valid: sbom.components > 0 && !sbom.version.is_empty(),
        version: sbom.version,
        components: sbom.components,
        verdict: compared.verdict,
        missing: few(&compared.missing),
        missing_count: compared.missing.len(),
        extra: few(&compared.extra),
        extra_count: compared.extra.len(),
        reason: compared.reason,
    })
}
