//! Which inputs of a collection are not at hand, and what rests on them.

use std::collections::BTreeSet;

use plimsoll_collect::Options;
use plimsoll_model::{Evidence, Input, one_line};

/// What was not at hand, and the collectors whose facts may differ for want of it.
#[derive(Default)]
pub struct Missing {
    /// Each in a sentence with its cure.
    pub told: Vec<String>,
    /// Names of collectors.
    pub collectors: BTreeSet<&'static str>,
    /// Names of inputs.
    pub inputs: BTreeSet<&'static str>,
}

/// An input by its name in evidence: what it is, how it is given, and the collectors that rest on it.
const INPUTS: &[(&str, &str, &str, &[&str])] = &[
    ("trust", "the trust policy", "--their-trust, or the keys as they were given then", RESTS_ON_TRUST),
    (
        "attestation-trust",
        "the built-in roots, builders and registry keys",
        "the version of plimsoll that collected",
        RESTS_ON_TRUST,
    ),
    ("advisories", "the advisory data", "--their-advisories", &["advisories"]),
    ("registry-index", "the registry's index", "--their-index", &["advisories"]),
    ("previous", "the earlier evidence", "--their-previous", &["signatures"]),
    ("resolver", "the resolver", "the version of cargo that resolved then", RESTS_ON_GRAPH),
    (
        "crate-sources",
        "what is downloaded of the locked crates",
        "`cargo fetch --locked` in the repository, or a CARGO_HOME without them where there were none",
        RESTS_ON_GRAPH,
    ),
    ("countersignatures", "the countersignatures", "--with", &["countersignatures"]),
    (
        "countersignature-trust",
        "the trust policy for countersignatures",
        "--their-countersignature-trust",
        &["countersignatures"],
    ),
];
const RESTS_ON_TRUST: &[&str] = &["history", "signatures", "provenance", "packages"];
const RESTS_ON_GRAPH: &[&str] = &["sbom", "advisories", "provenance", "packages"];
/// What rests on files that are given.
const RESTS_ON_FILES: &[&str] = &["provenance", "packages"];

/// Compares the inputs of the audited evidence with those that were at hand.
pub fn missing(audited: &Evidence, again: &Evidence, options: &Options) -> Missing {
    let mut missing = Missing::default();
    for (name, what, cure, collectors) in INPUTS {
        let (one, other) = (audited.inputs.get(*name), again.inputs.get(*name));
        if one == other {
            continue;
        }
        let told = match one {
            Some(input) => format!("{what} is not the one of then ({}); it takes {cure}", told(input)),
            None => format!("{what} was given now and not then: leave it out"),
        };
        missing.told.push(told);
        missing.collectors.extend(*collectors);
        missing.inputs.insert(name);
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
        missing.collectors.extend(RESTS_ON_FILES);
    }
    let beside = given_names(audited);
    let here: BTreeSet<String> = options.attestations.iter().map(|file| one_line(&file.name)).collect();
    let lacking: Vec<&str> = beside.difference(&here).map(String::as_str).collect();
    if !lacking.is_empty() {
        missing
            .told
            .push(format!("files given then are not at hand: {}; give them with --attestation", lacking.join(", ")));
        missing.collectors.extend(RESTS_ON_FILES);
    }
    missing
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
