//! `plimsoll inspect advisories --format`: what is known of a product as a VEX document.

use anyhow::{Context as _, Result};
use plimsoll_collect::vex::VexForm;
use plimsoll_model::{
    body::{AdvisoryFinding, Body as _},
    one_line,
};

use super::inspect::collect;
use crate::{
    args::{ADVISORIES, AdvisoriesArgs},
    exit::Exit,
    output::{Output, read_input},
};

/// Of a repository, or of an evidence file.
pub(super) fn run(args: &AdvisoriesArgs, form: &VexForm, output: &Output) -> Result<Exit> {
    let named = || format!("{}", args.target.display());
    let evidence = if args.target.is_file() {
        let read = plimsoll::read_evidence(&read_input(&args.target)?);
        read.with_context(|| format!("{}: a VEX document is made of a repository or of evidence", named()))?
    } else {
        // The document names the product and its packages, as an SBOM does.
        collect(&[ADVISORIES, "sbom", "claims"], (&args.target, &args.at), None, output)?.evidence
    };
    let document = plimsoll::vex_document(&evidence, form).with_context(named)?;
    let report = evidence.kinds.get(AdvisoryFinding::KIND);
    if let Some(reason) = report.and_then(|report| report.reason.as_ref()) {
        output.say(&format!("the document is not complete: {}", one_line(reason)));
    }
    output.print(document)?;
    Ok(Exit::Done)
}
