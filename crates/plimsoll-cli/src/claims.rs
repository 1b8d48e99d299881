//! What is said once, on top, about a claims file that does not count: a mistake in it, or that it is not committed.

use std::{collections::BTreeSet, fs, path::Path};

use plimsoll_model::{
    Evidence,
    body::{Body as _, Claim, ClaimsFile},
    one_line,
};
use plimsoll_practices::{Practices, hint};

use crate::{args::At, output::Output};

const CLAIMS_FILE: &str = "plimsoll.toml";
/// Bytes of the file.
const LARGEST: u64 = 1024 * 1024;

/// Says it on standard error. Without practices it is not known which answers somebody asks for.
pub fn tell(repository: &Path, at: &At, evidence: &Evidence, practices: Option<&Practices>, output: &Output) {
    for line in mistakes(evidence, practices) {
        output.say(&line);
    }
    if !at.worktree && at.rev.is_none() && differs(repository, evidence) {
        output.say(&format!(
            "{CLAIMS_FILE} is not committed yet as it is in the working copy, so that it is not counted; commit it or add --worktree"
        ));
    }
}

/// Is there a file in the working copy that is not the one that was looked at? What is in the commit does not say so where it
/// is understood; only that there is none is asked here.
pub fn is_not_committed(repository: &Path, at: &At) -> bool {
    let is_file = fs::symlink_metadata(repository.join(CLAIMS_FILE)).is_ok_and(|about| about.is_file());
    is_file && !at.worktree && at.rev.is_none()
}

/// What is wrong with the file of the commit, also what answers a question that no catalog asks.
pub fn mistakes(evidence: &Evidence, practices: Option<&Practices>) -> Vec<String> {
    let problems = evidence.bodies().flat_map(|file: Result<ClaimsFile, _>| match file {
        Ok(file) => file.problems,
        Err(error) => vec![error.to_string()],
    });
    let mut lines: Vec<String> = problems.collect();
    if let Some(practices) = practices {
        let mut unasked = unasked(evidence, practices);
        unasked.sort();
        lines.extend(unasked.into_iter().map(|(_, line)| line));
    }
    lines
}

/// Answers that are lost because no catalog has their id, each with its line.
fn unasked(evidence: &Evidence, practices: &Practices) -> Vec<(u64, String)> {
    let catalogs = practices.all_catalogs();
    let mut found: Vec<(u64, String)> = Vec::new();
    let mut missing: BTreeSet<String> = BTreeSet::new();
    for fact in evidence.facts_of(Claim::KIND) {
        let Ok(Claim { catalog: id, entry, .. }) = fact.body_as() else { continue };
        let line = fact.pointers.iter().find_map(|pointer| pointer.line).unwrap_or_default();
        let Some(catalog) = catalogs.iter().find(|catalog| catalog.id == id) else {
            if missing.insert(id.clone()) {
                let near = hint(&id, catalogs.iter().map(|catalog| catalog.id.as_str()));
                let id = one_line(&id);
                found.push((
                    line,
                    format!("{CLAIMS_FILE}: line {line}: there is no catalog \"{id}\"{near}; what [claims.\"{id}\"] says counts for nothing"),
                ));
            }
            continue;
        };
        // An answer may be that of a practice (`PO.1`), which answers for its tasks, and not that of a whole group (`PO`).
        let above = |id: &str| id.rsplit_once('.').map(|(above, _)| above.to_owned()).filter(|id| id.contains('.'));
        let entries = catalog.entries.iter().map(|entry| entry.id.clone());
        let known: BTreeSet<String> = entries.clone().chain(entries.filter_map(|id| above(&id))).collect();
        if !known.contains(&entry) {
            let near = hint(&entry, known.iter().map(String::as_str));
            let (id, entry) = (one_line(&id), one_line(&entry));
            found.push((
                line,
                format!(
                    "{CLAIMS_FILE}: line {line}: {id} has no entry \"{entry}\"{near}; this answer counts for nothing"
                ),
            ));
        }
    }
    found
}

/// Is there a file in the working copy that is not the one of the commit?
fn differs(repository: &Path, evidence: &Evidence) -> bool {
    let path = repository.join(CLAIMS_FILE);
    let readable = fs::symlink_metadata(&path).is_ok_and(|about| about.is_file() && about.len() <= LARGEST);
    let Some(bytes) = readable.then(|| fs::read(&path).ok()).flatten() else { return false };
    let Some(counted) = evidence.inputs.values().find(|input| input.source == CLAIMS_FILE) else {
        // A file of the commit that was not understood is no input; its mistake is reported.
        return evidence.facts_of(ClaimsFile::KIND).next().is_none();
    };
    // What was changed by the ends of lines alone is the same file.
    let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
    let same =
        |bytes: &[u8]| counted.digest.get("sha256").is_some_and(|digest| *digest == plimsoll_model::sha256_hex(bytes));
    // A mark of the order of bytes at the beginning is no text of it.
    let plain = text.trim_start_matches('\u{feff}');
    ![&bytes, text.as_bytes(), plain.as_bytes()].into_iter().any(same)
}
