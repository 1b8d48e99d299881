//! Where two issuers differ about one commit: facts, inputs and rules, and what of the outcome follows from each.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::{
    DISPUTE_SCHEMA_VERSION, Difference, DigestSet, Dispute, DisputeKind, DisputePlace, DisputeSide, Disputed, Evidence,
    LabelBody, Statement, one_line, sha256_hex, to_canonical,
};
use plimsoll_practices::Practices;
use serde_json::Value;

use crate::{
    Differences, Error, audit::fact_name, diff_criteria, diff_entries, diff_evidence, diff_json, kinds_that_rest_on,
    tool,
};

/// Places of one member of a label that are listed.
const MOST_OF_MEMBER: usize = 20;
/// Places at which a fact was seen that are listed.
const MOST_SEEN: usize = 3;

/// What one issuer handed on: evidence, and the label where there is one.
pub struct Issued {
    /// The evidence.
    pub evidence: Evidence,
    /// The label.
    pub label: Option<Statement>,
}

/// Two that cannot be compared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DisputeError {
    /// They are about two commits.
    #[error("they are about two commits, {a} and {b}: give what two issuers say about one, or use `plimsoll diff`")]
    Commit {
        /// The commit of one.
        a: String,
        /// The commit of the other.
        b: String,
    },
    /// Other programs collected them, whose facts may mean other things.
    #[error(
        "{a} collected one and {b} the other, so that their facts cannot be compared: have both collected by one version"
    )]
    Tool {
        /// Program and version of one.
        a: String,
        /// Program and version of the other.
        b: String,
    },
    /// One of them gives no label.
    #[error(transparent)]
    Score(#[from] plimsoll_score::ScoreError),
    /// One of them cannot be written.
    #[error(transparent)]
    Canonical(#[from] plimsoll_model::CanonicalError),
}

impl From<DisputeError> for Error {
    fn from(error: DisputeError) -> Self {
        Self::Evidence { reason: error.to_string() }
    }
}

/// Names where `a` and `b` differ. Outcomes are those of the labels where both have one, else those that `practices` give for both.
pub fn dispute(a: &Issued, b: &Issued, practices: &Practices) -> Result<Dispute, DisputeError> {
    let (one, other) = (&a.evidence, &b.evidence);
    if one.subject.commit != other.subject.commit || one.subject.object_format != other.subject.object_format {
        let shown = |evidence: &Evidence| one_line(&evidence.subject.commit);
        return Err(DisputeError::Commit { a: shown(one), b: shown(other) });
    }
    if (&one.tool.name, &one.tool.version) != (&other.tool.name, &other.tool.version) {
        let shown = |evidence: &Evidence| one_line(&format!("{} {}", evidence.tool.name, evidence.tool.version));
        return Err(DisputeError::Tool { a: shown(one), b: shown(other) });
    }
    let scored = |evidence: &Evidence| plimsoll_score::score(evidence, practices, &tool());
    let (by_a, by_b) = (scored(one)?, scored(other)?);
    let labels = a.label.as_ref().zip(b.label.as_ref());
    let (body_a, body_b): (&LabelBody, &LabelBody) =
        labels.map_or((&by_a.predicate, &by_b.predicate), |(one, other)| (&one.predicate, &other.predicate));
    let (digest_a, digest_b) = (digest(one)?, digest(other)?);
    let found = differing(one, other, &read_by_changed(body_a, body_b, practices));
    let mut differences: Vec<DisputePlace> = Vec::new();
    if let Some((one, other)) = labels {
        rules(&one.predicate, &other.predicate, &mut differences);
    }
    for (name, issued, digest, again) in [("A", a, &digest_a, &by_a), ("B", b, &digest_b, &by_b)] {
        let Some(label) = &issued.label else { continue };
        differences.extend(of_other_evidence(name, label, digest));
        of_other_score(name, label, &issued.evidence, again, practices, &mut differences)?;
    }
    if let Some((one, other)) = a.label.as_ref().zip(b.label.as_ref()) {
        stated(one, other, &mut differences);
    }
    differences.extend(found.told.iter().map(|one| place(one, a, b)));
    differences.sort_by_key(|one| one.kind);
    let inputs = differing_inputs(&differences);
    let other_day = one.as_of != other.as_of;
    for one in &mut differences {
        explain(one, &inputs, other_day);
    }
    let outcomes = follow(body_a, body_b, practices, &mut differences);
    let entries = entries(body_a, body_b, practices, &outcomes, &mut differences);
    Ok(Dispute {
        schema_version: DISPUTE_SCHEMA_VERSION.to_owned(),
        commit: one.subject.commit.clone(),
        same: differences.is_empty() && outcomes.is_empty() && entries.is_empty() && found.more == 0,
        a: side(one, digest_a, body_a, a.label.is_some()),
        b: side(other, digest_b, body_b, b.label.is_some()),
        differences,
        more: found.more,
        outcomes,
        entries,
    })
}

/// The kinds of facts that criteria read which come out differently.
fn read_by_changed(body_a: &LabelBody, body_b: &LabelBody, practices: &Practices) -> BTreeSet<String> {
    let changed = diff_criteria(body_a, body_b).into_iter();
    let needs = changed.filter_map(|change| practices.criteria().get(&change.id).map(|known| known.needs.clone()));
    // The maker's answers decide entries without a criterion.
    needs.flatten().chain(["claim".to_owned()]).collect()
}

/// What differs between two evidences. A list is bounded: facts of the kinds `decisive` have one of their own, so that those that
/// decide nothing push none of them out.
fn differing(one: &Evidence, other: &Evidence, decisive: &BTreeSet<String>) -> Differences {
    let of = |evidence: &Evidence, wanted: bool| {
        let facts = evidence.facts.iter().filter(|fact| decisive.contains(&fact.kind) == wanted);
        Evidence { facts: facts.cloned().collect(), ..evidence.clone() }
    };
    let mut found = diff_evidence(&of(one, true), &of(other, true));
    let rest = diff_evidence(&of(one, false), &of(other, false));
    // All but the facts is in both.
    let known: BTreeSet<String> = found.told.iter().map(|one| one.place.clone()).collect();
    found.told.extend(rest.told.into_iter().filter(|one| !known.contains(&one.place)));
    found.more = found.more.saturating_add(rest.more);
    found
}

fn digest(evidence: &Evidence) -> Result<DigestSet, DisputeError> {
    let mut sorted = evidence.clone();
    sorted.sort();
    Ok(DigestSet::from([("sha256".to_owned(), sha256_hex(&to_canonical(&sorted)?))]))
}

fn side(evidence: &Evidence, digest: DigestSet, body: &LabelBody, labelled: bool) -> DisputeSide {
    DisputeSide {
        tool: evidence.tool.clone(),
        as_of: evidence.as_of,
        evidence: digest,
        tier: body.tier.level,
        labelled,
    }
}

/// Files of the practices, and programs, by which two labels were scored.
fn rules(one: &LabelBody, other: &LabelBody, differences: &mut Vec<DisputePlace>) {
    let hex = |digest: Option<&DigestSet>| digest.and_then(|digest| digest.get("sha256")).map(|hex| one_line(hex));
    let paths: BTreeSet<&String> = one.practices.keys().chain(other.practices.keys()).collect();
    for path in paths {
        let (left, right) = (one.practices.get(path), other.practices.get(path));
        if left != right {
            let place = format!("practices {}", one_line(path));
            differences.push(new(DisputeKind::Practices, place, hex(left), hex(right)));
        }
    }
    let program = |body: &LabelBody| Some(one_line(&format!("{} {}", body.tool.name, body.tool.version)));
    if one.tool != other.tool {
        differences.push(new(DisputeKind::Label, "label scored by".to_owned(), program(one), program(other)));
    }
}

/// A label that is not the one of the evidence next to it.
fn of_other_evidence(name: &str, label: &Statement, digest: &DigestSet) -> Option<DisputePlace> {
    let stated = &label.predicate.evidence;
    (stated != digest).then(|| {
        let hex = |digest: &DigestSet| digest.get("sha256").map(|hex| one_line(hex));
        let place = format!("label of {name}: the evidence that it names, and the evidence next to it");
        new(DisputeKind::Label, place, hex(stated), hex(digest))
    })
}

/// What of a label does not follow from the evidence next to it, by the same practices and the same program.
fn of_other_score(
    name: &str,
    label: &Statement,
    evidence: &Evidence,
    again: &Statement,
    practices: &Practices,
    differences: &mut Vec<DisputePlace>,
) -> Result<(), DisputeError> {
    let body = &label.predicate;
    // By other rules, or after other statements, it comes out otherwise: what it states is then on the word of who made it.
    let why = if body.practices != again.predicate.practices {
        Some("it names other practices than those at hand (--practices)")
    } else if body.tool != again.predicate.tool {
        Some("another version of the program scored it")
    } else if body.follows.is_some() {
        Some("it follows another label")
    } else {
        None
    };
    if let Some(why) = why {
        let place = format!("label of {name}: not computed again, since {why}");
        differences.push(new(DisputeKind::Label, place, None, None));
        return Ok(());
    }
    let ids: Vec<String> = body.frameworks.iter().map(|framework| framework.id.clone()).collect();
    let again = plimsoll_score::with_frameworks(again.clone(), evidence, practices, &ids)?;
    let (stated, computed) = (members(label)?, members(&again)?);
    let names: BTreeSet<&String> = stated.keys().chain(computed.keys()).collect();
    for member in names.into_iter().filter(|member| !["evidence", "countersigned"].contains(&member.as_str())) {
        let (left, right) = (stated.get(member), computed.get(member));
        match (left, right) {
            (left, right) if left == right => {}
            // Where in it: a whole catalog says nothing.
            (Some(left @ (Value::Object(_) | Value::Array(_))), Some(right)) => {
                let found = diff_json(left, right);
                for one in found.told.into_iter().take(MOST_OF_MEMBER) {
                    let at = format!("{}{}", one_line(member), one.place);
                    let place = format!("label of {name}: {at}, as it is stated and as its evidence gives it");
                    differences.push(new(DisputeKind::Label, place, one.audited, one.again));
                }
            }
            (left, right) => {
                let place =
                    format!("label of {name}: {}, as it is stated and as its evidence gives it", one_line(member));
                differences.push(new(DisputeKind::Label, place, left.map(short), right.map(short)));
            }
        }
    }
    Ok(())
}

/// The subject and the members of the predicate.
fn members(label: &Statement) -> Result<serde_json::Map<String, Value>, DisputeError> {
    let bytes = to_canonical(label)?;
    let mut whole: serde_json::Map<String, Value> = serde_json::from_slice(&bytes).unwrap_or_default();
    let subject = whole.remove("subject").unwrap_or_default();
    let mut members = match whole.remove("predicate") {
        Some(Value::Object(members)) => members,
        _ => serde_json::Map::new(),
    };
    members.insert("subject".to_owned(), subject);
    Ok(members)
}

/// A value in a few words.
fn short(value: &Value) -> String {
    plimsoll_model::excerpt(&value.to_string(), 80)
}

/// What two labels state of the same thing, where no difference of their evidence explains it to a reader: who, what and until when.
fn stated(one: &Statement, other: &Statement, differences: &mut Vec<DisputePlace>) {
    let (a, b) = (&one.predicate, &other.predicate);
    let text = |label: &Statement| {
        let all: Vec<String> =
            label.subject.iter().flat_map(|one| one.digest.iter().map(|(of, hex)| format!("{of} {hex}"))).collect();
        one_line(&all.join(", "))
    };
    for (what, left, right) in [
        ("subject", text(one), text(other)),
        ("product", one_line(&a.product.name), one_line(&b.product.name)),
        ("claimant", one_line(&a.product.claimant), one_line(&b.product.claimant)),
        ("catalogs", catalogs(a), catalogs(b)),
    ] {
        if left != right {
            differences.push(new(DisputeKind::Label, format!("labels: {what}"), Some(left), Some(right)));
        }
    }
}

/// The catalogs that a label holds.
fn catalogs(body: &LabelBody) -> String {
    let full = body.catalogs.iter().map(|catalog| &catalog.id);
    let all: Vec<String> = full.chain(body.frameworks.iter().map(|one| &one.id)).map(|id| one_line(id)).collect();
    all.join(", ")
}

fn new(kind: DisputeKind, place: String, a: Option<String>, b: Option<String>) -> DisputePlace {
    let (seen, explanation, rests_on, follows) = (Vec::new(), String::new(), Vec::new(), Vec::new());
    DisputePlace { kind, place, a, b, seen, explanation, rests_on, follows }
}

/// A difference of two evidences, with where its fact was seen.
fn place(difference: &Difference, a: &Issued, b: &Issued) -> DisputePlace {
    let of = &difference.place;
    let kind = match of.split([' ', ':']).next().unwrap_or_default() {
        "fact" => DisputeKind::Fact,
        "kind" => DisputeKind::Searched,
        "input" => DisputeKind::Input,
        "as-of" => DisputeKind::AsOf,
        "examined" => DisputeKind::Examined,
        _ => DisputeKind::Other,
    };
    let mut found = new(kind, of.clone(), difference.audited.clone(), difference.again.clone());
    if let Some((kind, rest)) = of.strip_prefix("fact ").and_then(|rest| rest.split_once(": ")) {
        let facts = a.evidence.facts_of(kind).chain(b.evidence.facts_of(kind));
        let same = facts.filter(|fact| {
            let name = fact_name(fact);
            rest == name || rest.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with(" /"))
        });
        for pointer in same.flat_map(|fact| &fact.pointers) {
            let blob = pointer.blob.as_ref().map(|blob| format!(" (blob {})", one_line(blob))).unwrap_or_default();
            let seen = format!("{}{blob}", one_line(&pointer.display()));
            if found.seen.len() < MOST_SEEN && !found.seen.contains(&seen) {
                found.seen.push(seen);
            }
        }
    }
    found
}

/// The kind of evidence that a difference is of.
fn kind_of(place: &DisputePlace) -> Option<&str> {
    let rest = place.place.strip_prefix("fact ").or_else(|| place.place.strip_prefix("kind "))?;
    rest.split([':', ' ']).next()
}

/// The inputs that differ, each with the kinds of which something rests on it.
fn differing_inputs(differences: &[DisputePlace]) -> BTreeMap<String, Vec<&'static str>> {
    let named = differences.iter().filter_map(|one| one.place.strip_prefix("input "));
    let names: BTreeSet<&str> = named.map(|rest| rest.split(' ').next().unwrap_or(rest)).collect();
    names.into_iter().map(|name| (name.to_owned(), kinds_that_rest_on(name))).collect()
}

fn explain(one: &mut DisputePlace, inputs: &BTreeMap<String, Vec<&'static str>>, other_day: bool) {
    let kind = kind_of(one).unwrap_or_default().to_owned();
    let resting = inputs.iter().filter(|(_, kinds)| kinds.contains(&kind.as_str()));
    one.rests_on = resting.map(|(name, _)| format!("input {name}")).collect();
    if other_day && matches!(one.kind, DisputeKind::Fact | DisputeKind::Searched) {
        // What has an age, or ends on a day, is another fact on another day.
        one.rests_on.push("as-of".to_owned());
    }
    let because = match one.rests_on.as_slice() {
        [] => String::new(),
        [one] => format!("; it may come from {one}, which differs as well"),
        names => format!("; it may come from {}, which differ as well", names.join(" and ")),
    };
    // A member that one of them lacks is no whole fact or input that it lacks.
    let is_whole = !one.place.contains(" /");
    let alone = match (&one.a, &one.b) {
        (Some(_), None) if is_whole => Some("A"),
        (None, Some(_)) if is_whole => Some("B"),
        _ => None,
    };
    one.explanation = match (one.kind, alone) {
        (DisputeKind::Practices, Some(name)) => format!("only {name} was scored by this file of practices"),
        (DisputeKind::Practices, None) => "they were scored by other rules".to_owned(),
        (DisputeKind::Label, _) if one.a.is_none() && one.b.is_none() => {
            "whether this label is that of its evidence is not known: do not rely on it before it was computed again"
                .to_owned()
        }
        (DisputeKind::Label, _) if one.place.starts_with("label of") => {
            "this label was not computed from the evidence that it came with: do not rely on it".to_owned()
        }
        (DisputeKind::Label, _) if one.place.starts_with("labels:") => "the labels state it differently".to_owned(),
        (DisputeKind::Label, _) => "another program scored the same kind of evidence".to_owned(),
        (DisputeKind::AsOf, _) => {
            "they are about two moments: what depends on the day may differ for that alone".to_owned()
        }
        (DisputeKind::Input, Some(name)) => format!("only {name} used this input"),
        (DisputeKind::Input, None) => "they used other data for this input".to_owned(),
        (DisputeKind::Examined, _) => {
            "they did not examine the same files, or one of them states this of the commit wrongly".to_owned()
        }
        (DisputeKind::Searched, _) => format!("they did not look through the same{because}"),
        (DisputeKind::Fact, Some(name)) if because.is_empty() => {
            let other = if name == "A" { "B" } else { "A" };
            format!(
                "only {name} states this fact, although both examined the same commit: {other} did not find it, or one of the two was \
                 changed after it was collected"
            )
        }
        (DisputeKind::Fact, Some(name)) => format!("only {name} states this fact{because}"),
        (DisputeKind::Fact, None) if because.is_empty() => {
            "both examined the same commit, and one of them states this wrongly, or was changed after it was collected"
                .to_owned()
        }
        (DisputeKind::Fact, None) => format!("they state it differently{because}"),
        (DisputeKind::Other, _) => "it is in the evidence and decides nothing by itself".to_owned(),
    };
}

/// The criteria that come out differently, each with the differences that it reads.
fn follow(
    body_a: &LabelBody,
    body_b: &LabelBody,
    practices: &Practices,
    differences: &mut [DisputePlace],
) -> Vec<Disputed> {
    let mut outcomes = Vec::new();
    for change in diff_criteria(body_a, body_b) {
        let needs = practices.criteria().get(&change.id).map(|known| known.needs.as_slice()).unwrap_or_default();
        let mut because = Vec::new();
        for one in differences.iter_mut() {
            let reads = kind_of(one).is_some_and(|kind| needs.iter().any(|need| need == kind));
            // What depends on the day, and other rules, may move any criterion where no fact of it differs.
            if reads {
                one.follows.push(change.id.clone());
                because.push(one.place.clone());
            }
        }
        if because.is_empty() {
            // A file of criteria or catalogs decides what is in it; a vocabulary or the tiers may decide anything.
            let own = practices.criteria().get(&change.id).map(|known| format!("practices {}", known.place.0));
            let anything = |one: &&mut DisputePlace| match one.kind {
                DisputeKind::AsOf => true,
                DisputeKind::Practices => {
                    own.as_ref() == Some(&one.place)
                        || ["practices vocabulary/", "practices tiers/"].iter().any(|part| one.place.starts_with(part))
                }
                _ => false,
            };
            for one in differences.iter_mut().filter(anything) {
                one.follows.push(change.id.clone());
                because.push(one.place.clone());
            }
        }
        outcomes.push(Disputed { change, because });
    }
    outcomes
}

/// The entries of catalogs that result differently, each with what it follows from: the maker's answers that differ, the criteria that
/// result differently, or other rules.
fn entries(
    body_a: &LabelBody,
    body_b: &LabelBody,
    practices: &Practices,
    outcomes: &[Disputed],
    differences: &mut [DisputePlace],
) -> Vec<Disputed> {
    let mut found = Vec::new();
    for change in diff_entries(body_a, body_b) {
        let (catalog, id) = change.id.split_once('/').unwrap_or_default();
        let rule = practices.entry(&change.id);
        let mut because = Vec::new();
        for one in differences.iter_mut() {
            let answered = one.place.strip_prefix("fact claim: ").and_then(|rest| rest.strip_prefix(catalog));
            let answered = answered.and_then(|rest| rest.strip_prefix('/')).and_then(|rest| rest.split(' ').next());
            // An answer about a practice answers for its tasks: `PO.1` for `PO.1.1`.
            let is_about = |of: &str| of == id || id.strip_prefix(of).is_some_and(|rest| rest.starts_with('.'));
            if answered.is_some_and(is_about) {
                one.follows.push(change.id.clone());
                because.push(one.place.clone());
            }
        }
        if let Some(rule) = rule {
            let decide = rule.supported_by.iter().chain(&rule.strengthened_by).chain(&rule.corroborated_by);
            let decide: BTreeSet<&String> = decide.chain(&rule.contradicted_by).chain(&rule.applies_where).collect();
            let changed = outcomes.iter().filter(|one| decide.contains(&one.change.id));
            because.extend(changed.map(|one| format!("criterion {}", one.change.id)));
        }
        if because.is_empty() {
            let rules = differences.iter_mut().filter(|one| one.kind == DisputeKind::Practices);
            for one in rules.filter(|one| ["catalogs/", "vocabulary/"].iter().any(|part| one.place.contains(part))) {
                one.follows.push(change.id.clone());
                because.push(one.place.clone());
            }
        }
        found.push(Disputed { change, because });
    }
    found
}
