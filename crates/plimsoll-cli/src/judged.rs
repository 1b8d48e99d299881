//! The label that a command is about: read from a file, or made of a repository.

use std::path::Path;

use anyhow::{Context as _, Result};
use plimsoll_model::Statement;
use plimsoll_practices::Practices;

use crate::{
    args::At,
    claims, options,
    output::{Output, read_input},
};

/// Gives the label in the file `target`, or that of the repository there, by practices that were loaded from `folder`.
///
/// # Errors
///
/// Where it is no label, or the repository cannot be examined.
pub fn statement(
    target: &Path,
    at: &At,
    (practices, folder): (&Practices, Option<&Path>),
    output: &Output,
) -> Result<Statement> {
    if !target.is_dir() {
        return plimsoll::read_label(&read_input(target)?).with_context(|| format!("{}", target.display()));
    }
    let progress = output.progress();
    let (repository, inputs) = options::collection(target, at, None, folder)?;
    let labelled = plimsoll::label_repository(&repository, &inputs, practices, &|what| progress.tell(what))?;
    drop(progress);
    claims::tell(target, at, &labelled.collected.evidence, Some(practices), output);
    Ok(labelled.statement)
}
