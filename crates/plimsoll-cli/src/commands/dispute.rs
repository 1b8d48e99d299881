//! `plimsoll dispute`: where two issuers differ about one commit.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use plimsoll::Issued;
use plimsoll_render::dispute_text;

use super::report::{EVIDENCE_FILE, read};
use crate::{
    args::{DataFormat, DisputeArgs},
    exit::Exit,
    output::{Output, read_input},
};

pub fn run(args: &DisputeArgs, practices: Option<&Path>, output: &Output) -> Result<Exit> {
    let practices = plimsoll::practices(practices)?;
    let (a, b) = (issued(&args.a)?, issued(&args.b)?);
    let dispute = plimsoll::dispute(&a, &b, &practices)?;
    match args.format {
        DataFormat::Text => output.print(dispute_text(&dispute, &output.text_options()))?,
        DataFormat::Json => output.print(serde_json::to_string_pretty(&dispute)? + "\n")?,
    }
    Ok(if dispute.same { Exit::Done } else { Exit::Failed })
}

/// The evidence, and the label where it is in the same folder.
fn issued(path: &Path) -> Result<Issued> {
    if !path.is_dir() {
        return Ok(Issued { evidence: read(path)?, label: None });
    }
    let evidence = path.join(EVIDENCE_FILE);
    if !evidence.is_file() {
        bail!(
            "{}: there is no {EVIDENCE_FILE}; give evidence, or a folder that `plimsoll label --out` wrote",
            path.display()
        );
    }
    let label = path.join("label.json");
    let label = if label.is_file() {
        let named = || label.display().to_string();
        Some(plimsoll::read_any_label(&read_input(&label)?).with_context(named)?)
    } else {
        None
    };
    Ok(Issued { evidence: read(&evidence)?, label })
}
