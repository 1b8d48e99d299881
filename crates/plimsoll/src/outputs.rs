//! The six files that hold everything.

use plimsoll_components::DocumentInfo;
use plimsoll_model::{Statement, to_canonical};

use crate::{Error, Labelled};

/// Their names, in the order in which they are written: the label comes after what it was computed from.
pub const OUTPUT_FILES: [&str; 6] =
    ["evidence.json", "sbom.cdx.json", "sbom.spdx.json", "label.json", "label.svg", "label.html"];

/// What the SBOM documents say of themselves.
pub fn document_info(statement: &Statement) -> DocumentInfo {
    let body = &statement.predicate;
    let commit =
        statement.subject.first().and_then(|subject| subject.digest.get("gitCommit")).cloned().unwrap_or_default();
    DocumentInfo {
        name: if body.product.name.is_empty() { "source".to_owned() } else { body.product.name.clone() },
        version: Some(body.product.version.clone()).filter(|version| !version.is_empty()),
        commit,
        as_of: body.as_of,
        claimant: Some(body.product.claimant.clone()).filter(|claimant| !claimant.is_empty()),
        tool_version: body.tool.version.clone(),
    }
}

/// Gives name and bytes of each file. Evidence and label are canonical JSON without a newline at the end: the digest of the
/// file is the digest that is referred to.
pub fn outputs(labelled: &Labelled) -> Result<Vec<(&'static str, Vec<u8>)>, Error> {
    let info = document_info(&labelled.statement);
    let inventory = &labelled.collected.inventory;
    let [evidence, cyclonedx, spdx, label, svg, html] = OUTPUT_FILES;
    Ok(vec![
        (evidence, to_canonical(&labelled.collected.evidence)?),
        (cyclonedx, plimsoll_components::cyclonedx(inventory, &info)?),
        (spdx, plimsoll_components::spdx(inventory, &info)?),
        (label, to_canonical(&labelled.statement)?),
        (svg, plimsoll_render::svg(&labelled.statement).into_bytes()),
        (html, plimsoll_render::html(&labelled.statement).into_bytes()),
    ])
}
