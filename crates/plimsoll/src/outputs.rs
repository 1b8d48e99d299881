//! The files that hold everything.

use plimsoll_components::{DocumentInfo, Inventory};
use plimsoll_model::{Evidence, Statement, body::Product};
use plimsoll_render::{FORMS, TextOptions};

use crate::{Error, Labelled};

/// What a label is computed from, and the bills of materials.
const EVIDENCE_FILES: [&str; 3] = ["evidence.json", "sbom.cdx.json", "sbom.spdx.json"];

/// Their names, in the order in which they are written: the label comes after what it was computed from.
pub fn output_files() -> Vec<&'static str> {
    EVIDENCE_FILES.into_iter().chain(FORMS.iter().filter_map(|form| form.file)).collect()
}

/// Those of them that show the label, the label itself last: they speak of the others.
pub fn label_files() -> Vec<&'static str> {
    let mut files: Vec<&str> = FORMS.iter().filter_map(|form| form.file).collect();
    files.sort_by_key(|file| *file == "label.json");
    files
}

/// Gives name and bytes of each file that shows the label.
pub fn label_outputs(statement: &Statement) -> Result<Vec<(&'static str, Vec<u8>)>, Error> {
    let options = TextOptions::default();
    let files = FORMS.iter().filter_map(|form| form.file.map(|file| (form, file)));
    files.map(|(form, file)| Ok((file, (form.render)(statement, &options)?))).collect()
}

/// What the SBOM documents say of themselves: the product as the evidence names it, else as its one package that ships.
///
/// `evidence` has to hold the kind `product` for a product to be named; every command that writes such a document asks here.
pub fn document_info(evidence: &Evidence, inventory: &Inventory) -> DocumentInfo {
    // A product that cannot be read names none; no label is made of such evidence.
    let product: Product = evidence.bodies().next().and_then(Result::ok).unwrap_or_default();
    let stated = |text: Option<String>| text.filter(|text| !text.is_empty());
    let mut ships = inventory.components.iter().filter(|component| component.member && component.ships());
    let alone = ships.next().filter(|_| ships.next().is_none());
    DocumentInfo {
        name: stated(Some(product.name)).or_else(|| alone.map(|member| member.name.clone())).unwrap_or_default(),
        version: stated(product.version)
            .or(stated(product.manifest_version))
            .or_else(|| alone.map(|one| one.version.clone())),
        commit: evidence.subject.commit.clone(),
        as_of: evidence.as_of,
        changed: evidence.subject.worktree,
        claimant: stated(product.claimant),
        contact: stated(product.contact).or_else(|| stated(product.url)),
        identifiers: product.identifiers,
        tool_version: evidence.tool.version.clone(),
    }
}

/// Gives name and bytes of each file. Evidence and label are canonical JSON without a newline at the end: the digest of the
/// file is the digest that is referred to.
pub fn outputs(labelled: &Labelled) -> Result<Vec<(&'static str, Vec<u8>)>, Error> {
    let inventory = &labelled.collected.inventory;
    let info = document_info(&labelled.collected.evidence, inventory);
    let [evidence, cyclonedx, spdx] = EVIDENCE_FILES;
    let mut files = vec![
        (evidence, labelled.evidence.clone()),
        (cyclonedx, plimsoll_components::cyclonedx(inventory, &info)?),
        (spdx, plimsoll_components::spdx(inventory, &info)?),
    ];
    files.extend(label_outputs(&labelled.statement)?);
    Ok(files)
}
