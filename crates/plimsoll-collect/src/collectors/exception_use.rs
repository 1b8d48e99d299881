//! What the maker's exceptions answer: which finding each is about, which are idle, which answer more than one place.

use std::collections::BTreeSet;

use jiff::civil::Date;
use plimsoll_model::{
    Assurance, Evidence, InputId, Kind, KindName, Rests, Subject,
    body::{AdvisoryFinding, Body, BodyError, ClaimsFile},
    plural,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::exceptions::{Exceptions, Stated};
use crate::Gathered;

/// An exception that the maker states.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ExceptionFact {
    /// The file.
    file: String,
    /// The tool that the file is for.
    tool: String,
    /// The advisory, as written.
    advisory: String,
    /// The one package that it is about, where it says so.
    package: Option<String>,
    /// The one version of it, where it says so.
    version: Option<String>,
    /// The one lockfile, where it says so.
    lockfile: Option<String>,
    /// The reason given.
    reason: String,
    /// The last day on which it counts.
    until: Option<Date>,
    /// Does it count?
    valid: bool,
    /// What keeps it from counting.
    problem: Option<String>,
    /// Is there a finding that it is about?
    matches: bool,
}

impl Body for ExceptionFact {
    const KIND: KindName = "advisory-exception";
}

/// The kind of an exception.
pub const EXCEPTION: Kind = Kind::of_body::<ExceptionFact>("The maker's word that an advisory does not matter here.")
    .resting_on(&[
        Rests::all(InputId::Advisories),
        Rests::members(InputId::CrateSources, &[]),
        Rests::members(InputId::Resolver, &[]),
    ]);

/// States each exception, and what it answers among `found`.
pub fn exception_kind(exceptions: &Exceptions, found: &[&AdvisoryFinding], today: Date) -> Gathered {
    let mut gathered = Gathered::searched(&EXCEPTION, "ignore files", exceptions.files);
    exceptions.gaps.iter().for_each(|gap| gathered.gap(gap.clone()));
    exceptions.unread.iter().for_each(|unread| gathered.limitation(unread.clone()));
    for told in told_of_use(exceptions, found, today) {
        gathered.limitation(told);
    }
    for (stated, pointer) in &exceptions.stated {
        let problem = stated.problem(today);
        let fact = ExceptionFact {
            file: stated.file.clone(),
            tool: stated.tool.clone(),
            advisory: stated.advisory.clone(),
            package: stated.package.clone(),
            version: stated.version.clone(),
            lockfile: stated.lockfile.clone(),
            reason: stated.reason.clone(),
            until: stated.until,
            valid: problem.is_none(),
            problem,
            matches: found.iter().any(|finding| is_about(stated, finding)),
        };
        gathered.push(Subject::path(&stated.file), Assurance::Declared, &fact, vec![pointer.clone()]);
    }
    gathered
}

/// The exceptions that evidence states, as they were read when it was made.
pub fn exceptions_of(evidence: &Evidence) -> Result<Exceptions, BodyError> {
    let mut exceptions = Exceptions::default();
    let files = evidence.kinds.get(EXCEPTION.name).map_or(0, |report| report.searched_count);
    exceptions.files = files;
    let claims = evidence.bodies::<ClaimsFile>().next().transpose()?;
    let claims = claims.and_then(|file| Some((file.date?, file.review_by?)));
    for fact in evidence.facts_of(EXCEPTION.name) {
        let ExceptionFact { file, tool, advisory, package, version, lockfile, reason, until, .. } = fact.body_as()?;
        let file_counts = claims.filter(|_| tool == "plimsoll");
        let stated = Stated { file, tool, advisory, package, version, lockfile, reason, until, file_counts };
        exceptions.stated.push((stated, fact.pointers.first().cloned().unwrap_or_default()));
    }
    exceptions.stated.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(exceptions)
}

/// Is the exception about this finding: by the advisory, and by package, version and lockfile where it names them?
pub(crate) fn is_about(stated: &Stated, finding: &AdvisoryFinding) -> bool {
    let within = |named: Option<&String>, own: &str| named.is_none_or(|named| named == own);
    let mut ids = std::iter::once(&finding.advisory).chain(&finding.aliases);
    ids.any(|id| id.eq_ignore_ascii_case(&stated.advisory))
        && within(stated.package.as_ref(), &finding.package)
        && within(stated.version.as_ref(), &finding.version)
        && within(stated.lockfile.as_ref(), finding.lockfile.as_deref().unwrap_or_default())
}

const IDLE: &str = "no finding and can be removed";
const WIDE: &str = "name `lockfile` in it to narrow it";

/// Is it a sentence of [`told_of_use`]? Those are told anew for other data, what is said of files stays.
pub fn is_of_use(limitation: &str) -> bool {
    limitation.contains(IDLE) || limitation.contains(WIDE)
}

/// Which exceptions answer nothing, and which answer in several lockfiles at once, in words.
fn told_of_use(exceptions: &Exceptions, found: &[&AdvisoryFinding], today: Date) -> Vec<String> {
    /// Exceptions that are named.
    const NAMED: usize = 10;
    let one_line = plimsoll_model::one_line;
    let (mut idle, mut wide) = (BTreeSet::new(), Vec::new());
    for (stated, _) in &exceptions.stated {
        let about: Vec<&AdvisoryFinding> = found.iter().copied().filter(|finding| is_about(stated, finding)).collect();
        let lockfiles: BTreeSet<&str> = about.iter().filter_map(|finding| finding.lockfile.as_deref()).collect();
        if about.is_empty() {
            idle.insert(format!("{} ({})", one_line(&stated.advisory), one_line(&stated.file)));
        } else if lockfiles.len() > 1 && stated.lockfile.is_none() && stated.problem(today).is_none() {
            let first = lockfiles.iter().take(3).map(|path| one_line(path)).collect::<Vec<_>>().join(", ");
            wide.push(format!(
                "The exception for {} in {} answers in {} lockfiles ({first}{}); {WIDE}.",
                one_line(&stated.advisory),
                one_line(&stated.file),
                lockfiles.len(),
                if lockfiles.len() > 3 { ", ..." } else { "" }
            ));
        }
    }
    let mut told = Vec::new();
    if !idle.is_empty() {
        let shown = idle.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
        let more = if idle.len() > NAMED { ", ..." } else { "" };
        told.push(format!("{} {IDLE}: {shown}{more}.", plural(idle.len(), "exception answers", "exceptions answer")));
    }
    told.extend(wide.into_iter().take(NAMED));
    told
}
