//! The six files that hold everything.

use plimsoll_components::{DocumentInfo, Inventory};
use plimsoll_model::{Evidence, to_canonical};
use serde_json::Value;

use crate::{Error, Labelled};

/// Their names, in the order in which they are written: the label comes after what it was computed from.
pub const OUTPUT_FILES: [&str; 6] =
    ["evidence.json", "sbom.cdx.json", "sbom.spdx.json", "label.json", "label.svg", "label.html"];

/// Those of them that show the label, the label itself last: they speak of the others.
pub const LABEL_FILES: [&str; 3] = ["label.svg", "label.html", "label.json"];

/// What the SBOM documents say of themselves: the product as the evidence names it, else as its one package that ships.
///
/// `evidence` has to hold the kind `product` for a product to be named; every command that writes such a document asks here.
pub fn document_info(evidence: &Evidence, inventory: &Inventory) -> DocumentInfo {
    let product = evidence.facts_of("product").next().map(|fact| &fact.body);
    let text = |name: &str| {
        let text = product.and_then(|body| body.get(name)).and_then(Value::as_str).unwrap_or_default();
        Some(text.to_owned()).filter(|text| !text.is_empty())
    };
    let mut ships = inventory.components.iter().filter(|component| component.member && component.ships());
    let alone = ships.next().filter(|_| ships.next().is_none());
    DocumentInfo {
        name: text("name").or_else(|| alone.map(|member| member.name.clone())).unwrap_or_default(),
        version: text("version").or_else(|| text("manifestVersion")).or_else(|| alone.map(|one| one.version.clone())),
        commit: evidence.subject.commit.clone(),
        as_of: evidence.as_of,
        claimant: text("claimant"),
        tool_version: evidence.tool.version.clone(),
    }
}

/// Gives name and bytes of each file. Evidence and label are canonical JSON without a newline at the end: the digest of the
/// file is the digest that is referred to.
pub fn outputs(labelled: &Labelled) -> Result<Vec<(&'static str, Vec<u8>)>, Error> {
    let inventory = &labelled.collected.inventory;
    let info = document_info(&labelled.collected.evidence, inventory);
    let [evidence, cyclonedx, spdx, label, svg, html] = OUTPUT_FILES;
    Ok(vec![
        (evidence, labelled.evidence.clone()),
        (cyclonedx, plimsoll_components::cyclonedx(inventory, &info)?),
        (spdx, plimsoll_components::spdx(inventory, &info)?),
        (label, to_canonical(&labelled.statement)?),
        (svg, plimsoll_render::svg(&labelled.statement).into_bytes()),
        (html, plimsoll_render::html(&labelled.statement).into_bytes()),
    ])
}
