//! What is said once, on top, about a claims file that does not count: a mistake in it, or that it is not committed.

use std::{fs, path::Path};

use plimsoll_model::Evidence;

use crate::{args::At, output::Output};

const CLAIMS_FILE: &str = "plimsoll.toml";
/// Bytes of the file.
const LARGEST: u64 = 1024 * 1024;

/// Says it on standard error.
pub fn tell(repository: &Path, at: &At, evidence: &Evidence, output: &Output) {
    for line in mistakes(evidence) {
        output.say(&line);
    }
    if !at.worktree && at.rev.is_none() && differs(repository, evidence) {
        output.say(&format!(
            "{CLAIMS_FILE} is not committed yet as it is in the working copy, so that it is not counted; commit it or add --worktree"
        ));
    }
}

/// What is wrong with the file of the commit.
pub fn mistakes(evidence: &Evidence) -> Vec<String> {
    let files = evidence.facts_of("claims-file");
    let problems = files.filter_map(|fact| fact.body.get("problems")?.as_array());
    problems.flatten().filter_map(|problem| Some(problem.as_str()?.to_owned())).collect()
}

/// Is there a file in the working copy that is not the one of the commit?
fn differs(repository: &Path, evidence: &Evidence) -> bool {
    let path = repository.join(CLAIMS_FILE);
    let readable = fs::symlink_metadata(&path).is_ok_and(|about| about.is_file() && about.len() <= LARGEST);
    let Some(bytes) = readable.then(|| fs::read(&path).ok()).flatten() else { return false };
    let Some(counted) = evidence.inputs.values().find(|input| input.source == CLAIMS_FILE) else {
        // A file of the commit that was not understood is no input; its mistake is reported.
        return evidence.facts_of("claims-file").next().is_none();
    };
    // What was changed by the ends of lines alone is the same file.
    let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
    let same =
        |bytes: &[u8]| counted.digest.get("sha256").is_some_and(|digest| *digest == plimsoll_model::sha256_hex(bytes));
    !same(&bytes) && !same(text.as_bytes())
}
