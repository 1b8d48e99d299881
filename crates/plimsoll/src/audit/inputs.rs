//! Which inputs of a collection are not at hand, and what rests on them.
//!
//! An input excuses a difference where evidence names it by its digest and it is not at hand; data that was given and is other
//! data is a difference. What evidence does not name is not given to the repetition, and excuses nothing.

use std::collections::BTreeSet;

use plimsoll_collect::{Inputs, Target, collectors::history::TAG};
use plimsoll_model::{Alone, Evidence, INPUTS, Input, InputId, Kind, Members, Rests, one_line};
use plimsoll_pipelines::Tools;
use plimsoll_trust::TrustPolicy;

use super::compare::{Place, diff_evidence};

/// What was not at hand, and what may differ for want of it.
#[derive(Default)]
pub struct Missing {
    /// Each in a sentence with its cure.
    pub told: Vec<String>,
    /// What may differ.
    rests: Vec<(&'static str, &'static Rests)>,
    /// Names of inputs that may.
    inputs: BTreeSet<&'static str>,
    /// Are files of the release, or what was given with them, others than then?
    pub files: bool,
}

impl Missing {
    /// May what differs at this place differ for want of an input?
    pub fn excuses(&self, place: &Place) -> bool {
        match place {
            Place::Input(name) => self.inputs.contains(name.as_str()),
            Place::Examined => self.files,
            Place::Other => false,
            place => self.rests.iter().any(|(kind, rests)| has(kind, rests, place)),
        }
    }
}

/// May what differs at this place differ for want of the input that `rests` is about?
fn has(kind: &str, rests: &Rests, place: &Place) -> bool {
    match place {
        Place::Report { kind: of, member: Some(member) } if of == kind => {
            matches!(rests.members, Members::Any) || OF_A_REPORT.contains(&member.as_str())
        }
        Place::Member { kind: of, member } if of == kind => match rests.members {
            Members::Any => true,
            Members::These(members) => members.contains(&member.as_str()),
        },
        Place::Fact { kind: of, what } if of == kind => match rests.alone {
            Alone::Any => true,
            Alone::None => false,
            Alone::Called(name) => what.as_deref() == Some(name),
        },
        _ => false,
    }
}

/// What the report of a kind says otherwise where its facts do.
const OF_A_REPORT: [&str; 4] = ["count", "limitations", "reason", "status"];

/// What rests on an input, and of which kind.
fn resting_on(input: InputId) -> Vec<(&'static str, &'static Rests)> {
    let of_kind = |kind: &'static Kind| kind.rests_on.iter().map(|rests| (kind.name, rests));
    plimsoll_collect::kinds()
        .into_iter()
        .flat_map(|(_, kind)| of_kind(kind))
        .filter(|(_, rests)| rests.on == input)
        .collect()
}

/// The kinds of which something rests on an input, by its name in evidence; `files` are those given with `--artifact` and
/// `--attestation`. An unknown name has none.
pub fn kinds_that_rest_on(input: &str) -> Vec<&'static str> {
    InputId::named(input).map(resting_on).unwrap_or_default().into_iter().map(|(kind, _)| kind).collect()
}

/// Gives where two evidences differ otherwise than for want of `input` alone.
pub fn differs_beyond(input: &str, one: &Evidence, other: &Evidence) -> Vec<String> {
    let id = InputId::named(input);
    let missing = Missing {
        rests: id.map(resting_on).unwrap_or_default(),
        inputs: id.map(InputId::row).filter(|row| row.is_in_evidence()).map(|row| row.name).into_iter().collect(),
        files: id == Some(InputId::Files),
        ..Missing::default()
    };
    diff_evidence(one, other)
        .places
        .into_iter()
        .filter(|(place, _)| !missing.excuses(place))
        .map(|(_, told)| told)
        .collect()
}

/// Takes out of `inputs` what evidence does not name, for it was collected without; gives what that was, in words.
pub fn leave_out(inputs: &mut Inputs, audited: &Evidence) -> Vec<String> {
    let mut left = Vec::new();
    // Built in, and given by nobody: where no signature rests on them, evidence does not name them.
    if !audited.inputs.contains_key(InputId::Forges.name()) {
        inputs.policy.leave_out_forges();
    }
    let mut unnamed = |id: InputId, given: bool| {
        let row = id.row();
        let out = given && !audited.inputs.contains_key(row.name);
        if out {
            left.push(format!("{} was given now, and the evidence names none: it was left out", row.what));
        }
        out
    };
    if unnamed(InputId::Trust, inputs.policy.file_count() > 0) {
        inputs.policy = TrustPolicy::new();
    }
    if unnamed(InputId::RegistryIndex, inputs.index.is_some()) {
        inputs.index = None;
    }
    for row in INPUTS {
        if unnamed(row.id, inputs.files.has(row.id)) {
            inputs.files.remove(row.id);
        }
    }
    left
}

/// Has whoever audits given this input as data, or is it built into this version? That it is another is a difference then.
///
/// A policy is a file of somebody's, which changes by a word; what rests on it is bounded by what is in the repository.
fn is_given(id: InputId, (one, other): Sides<'_>, here: bool, inputs: &Inputs) -> bool {
    match id {
        InputId::Advisories => {
            let same = one.map(|input| &input.source) == other.map(|input| &input.source);
            inputs.advisories.is_some() || (here && same)
        }
        InputId::AttestationTrust | InputId::Forges => here,
        InputId::Tools => inputs.tools.files() != Tools::built_in().files(),
        InputId::RegistryIndex => inputs.index.is_some(),
        // Some may have been given and others not.
        InputId::Countersignatures => other.and_then(|input| input.count) >= one.and_then(|input| input.count),
        _ => false,
    }
}

/// An input as the audited evidence names it, and as it is here.
type Sides<'a> = (Option<&'a Input>, Option<&'a Input>);

/// Is it named so that another can be told from it?
fn is_pinned(id: InputId, input: &Input) -> bool {
    let is_hex = |text: &String| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    // The one input without a digest: a version.
    if id == InputId::Resolver {
        return input.revision.as_deref().is_some_and(is_version);
    }
    input.digest.get("sha256").is_some_and(is_hex)
}

/// Is it a version as cargo says its own, as in `1.95.0` or `1.97.0-nightly`?
fn is_version(text: &str) -> bool {
    let numbers = text.split_once('-').map_or(text, |(numbers, _)| numbers);
    let is_number = |part: &str| (1..=5).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    numbers.split('.').count() == 3 && numbers.split('.').all(is_number)
}

/// Compares the inputs of the audited evidence with those that were at hand.
pub fn missing(audited: &Evidence, again: &Evidence, target: &Target, inputs: &Inputs) -> Missing {
    let mut missing = Missing::default();
    let here = audited.tool == crate::tool();
    for row in INPUTS.iter().filter(|row| row.is_in_evidence()) {
        let name = row.name;
        let (one, other) = (audited.inputs.get(name), again.inputs.get(name));
        if one == other {
            continue;
        }
        let (what, cure) = (row.what, row.cure());
        let given = is_given(row.id, (one, other), here, inputs);
        let excused = match one {
            Some(input) => is_pinned(row.id, input) && !given,
            // There may have been no cargo.
            None => row.id == InputId::Resolver,
        };
        missing.told.push(match one {
            Some(input) if !is_pinned(row.id, input) => {
                format!("{what} is named without its digest ({}): that excuses nothing", told(input))
            }
            Some(input) if other.is_none() => {
                format!("{what} that the evidence names was not given ({}); it takes {cure}", told(input))
            }
            Some(input) => format!("{what} is another than the evidence names ({}); it takes {cure}", told(input)),
            None if excused => format!("{what} was asked now and not then; it takes {cure}"),
            None => format!("{what} is not named in the evidence, and every collection here has it"),
        });
        if excused {
            missing.rests.extend(resting_on(row.id));
            missing.inputs.insert(name);
        }
    }
    let lacking: Vec<String> = audited
        .subject
        .artifacts
        .iter()
        .filter(|artifact| !again.subject.artifacts.contains(artifact))
        .map(|artifact| one_line(&artifact.name))
        .collect();
    let unasked = again.subject.artifacts.iter().any(|artifact| !audited.subject.artifacts.contains(artifact));
    if !lacking.is_empty() || unasked {
        let told = if lacking.is_empty() {
            "files of the release were given now and not then: leave them out".to_owned()
        } else {
            format!("files of the release are not at hand: {}; give them with --artifact", lacking.join(", "))
        };
        missing.told.push(told);
        missing.files = true;
    }
    let given = given_names(audited);
    let here: BTreeSet<String> = target.attestations.iter().map(|file| one_line(&file.name)).collect();
    let lacking: Vec<&str> = given.difference(&here).map(String::as_str).collect();
    if !lacking.is_empty() {
        missing
            .told
            .push(format!("files given then are not at hand: {}; give them with --attestation", lacking.join(", ")));
        missing.files = true;
    }
    if missing.files {
        missing.rests.extend(resting_on(InputId::Files));
    }
    missing
}

/// Says that evidence names another version of the program than this; nothing where it names this one.
pub fn other_version(audited: &Evidence) -> Option<String> {
    let own = crate::tool();
    (audited.tool != own).then(|| {
        format!(
            "it says that {} {} collected it, and this is {} {}",
            one_line(&audited.tool.name),
            one_line(&audited.tool.version),
            own.name,
            own.version
        )
    })
}

/// Tags that are there now and were not then: they change what is collected, and the repository is not the one of then.
pub fn later_tags(audited: &Evidence, again: &Evidence) -> Option<String> {
    let tags = |evidence: &Evidence| -> BTreeSet<String> {
        evidence.facts_of(TAG.name).map(|fact| one_line(&fact.subject.id)).collect()
    };
    let later: Vec<String> = tags(again).difference(&tags(audited)).cloned().collect();
    (!later.is_empty()).then(|| {
        format!(
            "tags are there now that were not there then: {}; collect from a clone without them (git tag --delete)",
            later.join(", ")
        )
    })
}

fn told(input: &Input) -> String {
    let digest = input.digest.get("sha256").map(|sha256| format!("SHA-256 {}", one_line(sha256)));
    let revision = input.revision.as_deref().map(one_line);
    let date = input.date.map(|date| date.to_string());
    let parts: Vec<String> =
        std::iter::once(one_line(&input.source)).chain([revision, date, digest].into_iter().flatten()).collect();
    parts.join(", ")
}

/// Names of files that were given beside the repository, as facts tell them.
fn given_names(evidence: &Evidence) -> BTreeSet<String> {
    let text =
        |fact: &plimsoll_model::Fact, name: &str| fact.body.get(name).and_then(serde_json::Value::as_str).map(one_line);
    let given = evidence.facts.iter().filter(|fact| text(fact, "source").as_deref() == Some("given"));
    given.filter_map(|fact| text(fact, "path")).collect()
}
