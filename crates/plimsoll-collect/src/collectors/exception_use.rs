//! What the maker's exceptions answer: which finding each is about, which are idle, which answer more than one place.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date};
use plimsoll_components::Component;
use plimsoll_model::{
    Assurance, Evidence, InputId, Kind, KindName, Rests, Subject,
    body::{AdvisoryFinding, Body, BodyError, ClaimsFile},
    plural,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::exceptions::{Exceptions, Read, Stated, Use};
use crate::{Gathered, collector::day_in, vex::Status};

/// An exception that the maker states.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ExceptionFact {
    /// The file.
    file: String,
    /// The tool that the file is for, or the format of a VEX document.
    tool: String,
    /// The advisory, as written.
    advisory: String,
    /// Other names of the vulnerability, as written.
    aliases: Vec<String>,
    /// The one package that it is about, where it says so.
    package: Option<String>,
    /// The one version of it, where it says so.
    version: Option<String>,
    /// The one lockfile, where it says so.
    lockfile: Option<String>,
    /// Package URLs of the members that it is limited to; none where it is about the product as a whole.
    products: Vec<String>,
    /// Package URL of the component that it is about, where it says so; all versions where that has none.
    purl: Option<String>,
    /// What a VEX statement says: `not-affected`, `fixed`, `affected`, `under-investigation`; `null` for what is no VEX.
    status: Option<String>,
    /// The reason given.
    reason: String,
    /// The person who answers for it, where that is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    who: Option<String>,
    /// When it was said, where that is known.
    said: Option<Timestamp>,
    /// The last day on which it counts: that of a VEX statement is one year after it was said.
    until: Option<Date>,
    /// What keeps it from counting on any day.
    fault: Option<String>,
    /// Why it is about nothing here, as a statement about another product.
    elsewhere: Option<String>,
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
        Rests::all(InputId::Vex),
        Rests::members(InputId::CrateSources, &[]),
        Rests::members(InputId::Resolver, &[]),
    ])
    .on_day(|body, today| {
        if let Some(end) = day_in(body, "until").filter(|end| *end < today)
            && body.get("valid").and_then(Value::as_bool) == Some(true)
        {
            body.insert("valid".to_owned(), json!(false));
            body.insert("problem".to_owned(), json!(format!("it ended on {end}")));
        }
    });

/// States each exception, and what it answers among `found`.
pub fn exception_kind(exceptions: &Exceptions, found: &[&AdvisoryFinding], today: Date) -> Gathered {
    let mut gathered = Gathered::searched(&EXCEPTION, "ignore files", exceptions.files);
    exceptions.gaps.iter().for_each(|gap| gathered.gap(gap.clone()));
    exceptions.unread.iter().for_each(|unread| gathered.limitation(unread.clone()));
    let used = exceptions.used(found, today);
    for told in told_of_use(exceptions, &used, today) {
        gathered.limitation(told);
    }
    for ((stated, pointer), uses) in exceptions.iter().zip(&used) {
        // It counts where it is about a finding; without one, it would.
        let counts = uses.iter().any(|(_, problem)| problem.is_none());
        let problem = match uses.first() {
            None => stated.problem(today),
            Some((_, problem)) => problem.clone().filter(|_| !counts),
        };
        let fact = ExceptionFact {
            file: stated.file.clone(),
            tool: stated.tool.clone(),
            advisory: stated.advisory.clone(),
            aliases: stated.aliases.clone(),
            package: stated.package.clone(),
            version: stated.version.clone(),
            lockfile: stated.lockfile.clone(),
            products: stated.products.clone(),
            purl: stated.purl.clone(),
            status: stated.status.map(|status| status.as_str().to_owned()),
            reason: stated.reason.clone(),
            who: stated.who.clone(),
            said: stated.said,
            until: stated.until,
            fault: stated.fault.clone(),
            elsewhere: stated.elsewhere.clone(),
            valid: problem.is_none(),
            problem,
            matches: !uses.is_empty(),
        };
        gathered.push(Subject::path(&stated.file), Assurance::Declared, &fact, vec![pointer.clone()]);
    }
    gathered
}

/// The exceptions that evidence states about a product of `components`, as they were read when it was made.
pub fn exceptions_of(evidence: &Evidence, components: &[Component]) -> Result<Exceptions, BodyError> {
    let files = evidence.kinds.get(EXCEPTION.name).map_or(0, |report| report.searched_count);
    let mut read = Read { files, ..Read::default() };
    let claims = evidence.bodies::<ClaimsFile>().next().transpose()?;
    let claims = claims.and_then(|file| Some((file.date?, file.review_by?)));
    for fact in evidence.facts_of(EXCEPTION.name) {
        let body: ExceptionFact = fact.body_as()?;
        let status = body.status.as_deref().map(|word| Status::named(word).unwrap_or(Status::UnderInvestigation));
        let stated = Stated {
            file_counts: claims.filter(|_| body.tool == "plimsoll"),
            file: body.file,
            tool: body.tool,
            advisory: body.advisory,
            aliases: body.aliases,
            package: body.package,
            version: body.version,
            lockfile: body.lockfile,
            products: body.products,
            purl: body.purl,
            status,
            reason: body.reason,
            who: body.who,
            said: body.said,
            until: body.until,
            fault: body.fault,
            elsewhere: body.elsewhere,
        };
        read.stated.push((stated, fact.pointers.first().cloned().unwrap_or_default()));
    }
    Ok(Exceptions::new(read, components))
}

const IDLE: &str = "no finding and can be removed";
const WIDE: &str = "name `lockfile` in it to narrow it";
const ABSENT: &str = "a component that is not here";
const ENDED: &str = "no longer: the time that it was given has passed";
const REFUSED: &str = "no reason or no end that counts, and so nothing is answered";
const FIXABLE: &str = "what a newer version fixes";
const ALIKE: &str = "look at each of them by itself";
const ELSEWHERE: &str = "about another product or version, without effect here";
const UNMATCHED: &str = "without a finding by this advisory data";

/// Is it a sentence of [`told_of_use`]? Those are written again for other data, what is said of files stays.
pub fn is_of_use(limitation: &str) -> bool {
    let own = [IDLE, WIDE, ABSENT, ENDED, REFUSED, FIXABLE, ALIKE, ELSEWHERE, UNMATCHED];
    own.iter().any(|part| limitation.contains(part))
}

/// Exceptions that a sentence names, and sentences of a kind.
const NAMED: usize = 10;
/// Exceptions with one end that look as if nobody had looked at them.
const RUBBER_STAMP: usize = 3;

/// What is to be done about exceptions, in words: which answer nothing, ended, are refused, could be a fix instead, end all
/// on one day, or answer in several lockfiles at once.
fn told_of_use(exceptions: &Exceptions, used: &[Vec<Use<'_>>], today: Date) -> Vec<String> {
    let one_line = plimsoll_model::one_line;
    let named = |stated: &Stated| format!("{} ({})", one_line(&stated.advisory), one_line(&stated.file));
    let mut lists: [BTreeSet<String>; 7] = Default::default();
    let [idle, absent, ended, refused, fixable, elsewhere, unmatched] = &mut lists;
    let mut ends: BTreeMap<Date, BTreeSet<String>> = BTreeMap::new();
    let mut wide = Vec::new();
    for ((stated, _), uses) in exceptions.iter().zip(used) {
        if stated.elsewhere.is_some() {
            elsewhere.insert(named(stated));
            continue;
        }
        if stated.status.is_some_and(|status| !status.answers()) {
            if uses.is_empty() && stated.status == Some(Status::Affected) {
                unmatched.insert(named(stated));
            }
            continue;
        }
        if uses.is_empty() {
            idle.insert(named(stated));
            if !exceptions.has_component(stated) {
                absent.insert(named(stated));
            }
        }
        if stated.is_refused() {
            refused.insert(named(stated));
        } else if let Some(until) = stated.until.filter(|until| *until < today) {
            ended.insert(format!("{} on {until}", named(stated)));
        } else if let Some(until) = stated.until.filter(|_| stated.problem(today).is_none()) {
            ends.entry(until).or_default().insert(named(stated));
        }
        let valid: Vec<&AdvisoryFinding> =
            uses.iter().filter(|(_, problem)| problem.is_none()).map(|(finding, _)| *finding).collect();
        for finding in valid.iter().filter(|finding| !finding.patched.is_empty()) {
            let fixed = finding.patched.iter().map(|range| one_line(range)).collect::<Vec<_>>().join(" or ");
            fixable.insert(format!("{}: {} {}", named(stated), one_line(&finding.package), fixed));
        }
        let lockfiles: BTreeSet<&str> = valid.iter().filter_map(|finding| finding.lockfile.as_deref()).collect();
        if lockfiles.len() > 1 && stated.lockfile.is_none() && stated.status.is_none() {
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
    let exceptions =
        |count: usize, one: &str, more: &str| plural(count, &format!("exception {one}"), &format!("exceptions {more}"));
    let listed = |list: &BTreeSet<String>, start: &dyn Fn(usize) -> String, end: &str| {
        (!list.is_empty()).then(|| {
            let shown = list.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
            let more = if list.len() > NAMED { ", ..." } else { "" };
            format!("{} {end}: {shown}{more}.", start(list.len()))
        })
    };
    let sentences = [
        listed(idle, &|count| exceptions(count, "answers", "answer"), IDLE),
        listed(absent, &|count| exceptions(count, "is about", "are about"), ABSENT),
        listed(ended, &|count| exceptions(count, "counts", "count"), ENDED),
        listed(refused, &|count| exceptions(count, "has", "have"), REFUSED),
        listed(fixable, &|count| exceptions(count, "answers", "answer"), FIXABLE),
        listed(elsewhere, &|count| plural(count, "VEX statement", "VEX statements"), ELSEWHERE),
        listed(
            unmatched,
            &|count| plural(count, "VEX statement says affected", "VEX statements say affected"),
            UNMATCHED,
        ),
    ];
    let mut told: Vec<String> = sentences.into_iter().flatten().collect();
    for (day, list) in ends.iter().filter(|(_, list)| list.len() >= RUBBER_STAMP).take(NAMED) {
        let end = format!("on one day, {day}; {ALIKE}");
        told.extend(listed(list, &|count| exceptions(count, "ends", "end"), &end));
    }
    told.extend(wide.into_iter().take(NAMED));
    told
}

#[cfg(test)]
mod tests;
