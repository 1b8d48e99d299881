//! Which inputs of a collection are not at hand, and what rests on them.
//!
//! An input excuses a difference where evidence names it by its digest and it is not at hand; data that was given and is other
//! data is a difference. What evidence does not name is not given to the repetition, and excuses nothing.

use std::collections::BTreeSet;

use plimsoll_collect::{Options, Trust};
use plimsoll_model::{Evidence, Input, one_line};

use super::compare::{Place, diff_evidence};

/// What was not at hand, and what may differ for want of it.
#[derive(Default)]
pub struct Missing {
    /// Each in a sentence with its cure.
    pub told: Vec<String>,
    /// What may differ.
    rests: Vec<&'static Rests>,
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
            place => self.rests.iter().any(|rests| rests.has(place)),
        }
    }
}

/// What of a kind rests on an input.
#[derive(Debug)]
struct Rests {
    kind: &'static str,
    /// Members of its facts, as in `body/reach`.
    members: Members,
    /// Facts that may be on one side alone.
    alone: Alone,
}

#[derive(Debug)]
enum Members {
    Any,
    These(&'static [&'static str]),
}

#[derive(Debug)]
enum Alone {
    Any,
    None,
    /// Those whose body calls itself so.
    Called(&'static str),
}

impl Rests {
    const fn all(kind: &'static str) -> Self {
        Self { kind, members: Members::Any, alone: Alone::Any }
    }

    /// Each fact is there in any case, and says something else.
    const fn same(kind: &'static str) -> Self {
        Self { kind, members: Members::Any, alone: Alone::None }
    }

    const fn members(kind: &'static str, members: &'static [&'static str]) -> Self {
        Self { kind, members: Members::These(members), alone: Alone::None }
    }

    fn has(&self, place: &Place) -> bool {
        match place {
            Place::Report { kind, member: Some(member) } if kind == self.kind => {
                matches!((&self.members, &self.alone), (Members::Any, _)) || OF_A_REPORT.contains(&member.as_str())
            }
            Place::Member { kind, member } if kind == self.kind => match self.members {
                Members::Any => true,
                Members::These(members) => members.contains(&member.as_str()),
            },
            Place::Fact { kind, what } if kind == self.kind => match self.alone {
                Alone::Any => true,
                Alone::None => false,
                Alone::Called(name) => what.as_deref() == Some(name),
            },
            _ => false,
        }
    }
}

/// What the report of a kind says otherwise where its facts do.
const OF_A_REPORT: [&str; 4] = ["count", "limitations", "reason", "status"];

/// One input of a collection.
struct Row {
    /// Its name in evidence.
    name: &'static str,
    /// What it is.
    what: &'static str,
    /// How it is given.
    cure: &'static str,
    /// What rests on it. Everything else comes out the same without it, and is a difference where it does not.
    rests: &'static [Rests],
}

/// Every input that is not the commit's own. What is excused for want of an input is decided here and nowhere else.
const INPUTS: &[Row] = &[
    Row {
        name: "trust",
        what: "the trust policy",
        cure: "--their-trust, or the keys as they were given then",
        rests: ON_TRUST,
    },
    Row {
        name: "attestation-trust",
        what: "the built-in roots, builders and registry keys",
        cure: "the version of plimsoll that collected",
        rests: ON_TRUST,
    },
    Row { name: "advisories", what: "the advisory data", cure: "--their-advisories", rests: ON_ADVISORIES },
    Row { name: "registry-index", what: "the registry's index", cure: "--their-index", rests: ON_INDEX },
    Row {
        name: "previous",
        what: "the earlier evidence",
        cure: "--their-previous",
        rests: &[Rests::all("continuity")],
    },
    Row {
        name: "crate-sources",
        what: "what is downloaded of the locked crates",
        cure: "`cargo fetch --locked` in the repository, or a CARGO_HOME without them where there were none",
        rests: ON_GRAPH,
    },
    Row {
        name: RESOLVER,
        what: "the resolver",
        cure: "the version of cargo that resolved then, or a PATH without cargo where there was none",
        rests: ON_GRAPH,
    },
    Row {
        name: "countersignatures",
        what: "the countersignatures",
        cure: "--with",
        rests: &[Rests::all("countersignature")],
    },
    Row {
        name: "countersignature-trust",
        what: "the trust policy for countersignatures",
        cure: "--their-countersignature-trust",
        rests: &[Rests::all("countersignature")],
    },
];
/// The one input without a digest: a version.
const RESOLVER: &str = "resolver";
/// Verdicts about signatures. The commits, tags and packages themselves are what they are, whoever is trusted.
const ON_TRUST: &[Rests] = &[
    Rests::same("commit-signature"),
    Rests::same("tag-signature"),
    Rests::same("signature-totals"),
    Rests::same("attestation"),
    Rests::same("signature-file"),
    Rests::same("checksum-file"),
];
const ON_ADVISORIES: &[Rests] =
    &[Rests::all("advisory-database"), Rests::all("advisory-finding"), Rests::all("advisory-exception")];
/// Nothing but what was taken back.
const ON_INDEX: &[Rests] = &[
    Rests::members("advisory-database", &["body/yanked"]),
    Rests { kind: "advisory-finding", members: Members::These(&[]), alone: Alone::Called("yanked") },
];
/// What is locked, and what is known of it, is in the repository; how it is reached is what is resolved.
const ON_GRAPH: &[Rests] = &[
    Rests::members("advisory-database", &[]),
    Rests::members("advisory-exception", &[]),
    Rests::members("ecosystem", &["body/checked", "body/reason"]),
    Rests::members("workspace", &["body/dependencies", "body/difference", "body/resolver"]),
    Rests::members("lockfile", &["body/whole", "body/wholeReason"]),
    Rests::members(
        "component",
        &["body/inAllFeatures", "body/inDefault", "body/licence", "body/reach", "body/scopes", "body/targets"],
    ),
    Rests::members("advisory-finding", &["body/path", "body/reach"]),
    Rests::same("published-sbom"),
    Rests::same("binary-dependencies"),
];
/// What rests on files that are given.
const ON_FILES: &[Rests] = &[
    Rests::all("artifact"),
    Rests::all("attestation"),
    Rests::all("signature-file"),
    Rests::all("checksum-file"),
    Rests::all("published-sbom"),
    Rests::all("package-comparison"),
    Rests::all("binary-dependencies"),
];

fn resting_on(input: &str) -> &'static [Rests] {
    if input == "files" {
        return ON_FILES;
    }
    INPUTS.iter().find(|row| row.name == input).map_or(&[], |row| row.rests)
}

/// The kinds of which something rests on an input, by its name in evidence; `files` are those given with `--artifact` and
/// `--attestation`. An unknown name has none.
pub fn kinds_that_rest_on(input: &str) -> Vec<&'static str> {
    resting_on(input).iter().map(|rests| rests.kind).collect()
}

/// Gives where two evidences differ otherwise than for want of `input` alone.
pub fn differs_beyond(input: &str, one: &Evidence, other: &Evidence) -> Vec<String> {
    let missing = Missing {
        rests: resting_on(input).iter().collect(),
        inputs: INPUTS.iter().map(|row| row.name).filter(|name| *name == input).collect(),
        files: input == "files",
        ..Missing::default()
    };
    diff_evidence(one, other)
        .places
        .into_iter()
        .filter(|(place, _)| !missing.excuses(place))
        .map(|(_, told)| told)
        .collect()
}

/// Takes out of `options` what evidence does not name, for it was collected without; gives what that was, in words.
pub fn leave_out(options: &mut Options, audited: &Evidence) -> Vec<String> {
    let mut left = Vec::new();
    let mut unnamed = |name: &'static str, given: bool| {
        let out = given && !audited.inputs.contains_key(name);
        if out && let Some(row) = INPUTS.iter().find(|row| row.name == name) {
            left.push(format!("{} was given now, and the evidence names none: it was left out", row.what));
        }
        out
    };
    if unnamed("trust", options.trust.policy.file_count() > 0) {
        options.trust = Trust::default();
    }
    if unnamed("registry-index", options.index.is_some()) {
        options.index = None;
    }
    if unnamed("previous", options.previous.is_some()) {
        options.previous = None;
    }
    left
}

/// Has whoever audits given this input as data, or is it built into this version? That it is another is a difference then.
///
/// A policy is a file of somebody's, which changes by a word; what rests on it is bounded by what is in the repository.
fn is_given(row: &Row, audited: &Evidence, again: &Evidence, options: &Options) -> bool {
    let here = audited.tool == crate::tool();
    let [one, other] = [audited, again].map(|evidence| evidence.inputs.get(row.name));
    match row.name {
        "advisories" => {
            let same = one.map(|input| &input.source) == other.map(|input| &input.source);
            options.advisories.is_some() || (here && same)
        }
        "attestation-trust" => here,
        "registry-index" => options.index.is_some(),
        // Some may have been given and others not.
        "countersignatures" => other.and_then(|input| input.count) >= one.and_then(|input| input.count),
        _ => false,
    }
}

/// Is it named so that another can be told from it?
fn is_pinned(row: &Row, input: &Input) -> bool {
    let is_hex = |text: &String| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if row.name == RESOLVER {
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
pub fn missing(audited: &Evidence, again: &Evidence, options: &Options) -> Missing {
    let mut missing = Missing::default();
    for row in INPUTS {
        let (one, other) = (audited.inputs.get(row.name), again.inputs.get(row.name));
        if one == other {
            continue;
        }
        let (what, cure) = (row.what, row.cure);
        let given = is_given(row, audited, again, options);
        let excused = match one {
            Some(input) => is_pinned(row, input) && !given,
            // There may have been no cargo.
            None => row.name == RESOLVER,
        };
        missing.told.push(match one {
            Some(input) if !is_pinned(row, input) => {
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
            missing.rests.extend(row.rests);
            missing.inputs.insert(row.name);
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
    let here: BTreeSet<String> = options.attestations.iter().map(|file| one_line(&file.name)).collect();
    let lacking: Vec<&str> = given.difference(&here).map(String::as_str).collect();
    if !lacking.is_empty() {
        missing
            .told
            .push(format!("files given then are not at hand: {}; give them with --attestation", lacking.join(", ")));
        missing.files = true;
    }
    if missing.files {
        missing.rests.extend(ON_FILES);
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
        evidence.facts_of("tag").map(|fact| one_line(&fact.subject.id)).collect()
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
