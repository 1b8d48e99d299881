//! What the page shows, as plain text that the template escapes.

use std::collections::BTreeMap;

use plimsoll_model::{
    Assurance, CatalogResult, CriterionResult, DigestSet, EntryResult, FaceRow, Finding, KindStatus, Missing, Outcome,
    Pointer, Rung,
};
use serde::Serialize;

use super::source::{Source, source_of};
use crate::{link, view::View, words};

/// A run of text; code where the maker of the text set it between backticks.
#[derive(Serialize)]
pub(super) struct Part {
    code: bool,
    text: String,
}

/// A text and the address that it links to, if it may.
#[derive(Serialize)]
pub(super) struct Address {
    text: String,
    href: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Verdict {
    /// Class for its colour.
    class: &'static str,
    mark: &'static str,
    word: &'static str,
    /// How we know, or empty.
    how: &'static str,
}

#[derive(Serialize)]
pub(super) struct Row {
    title: String,
    text: String,
    failed: bool,
    contradicted: bool,
    dots: String,
    known: &'static str,
}

#[derive(Serialize)]
pub(super) struct Contradiction {
    entry: String,
    title: String,
    reason: String,
    criterion: Reference,
    cap: u8,
    places: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Step {
    id: String,
    title: String,
    verdict: Verdict,
    asked: &'static str,
    reason: String,
    out_of_reach: bool,
    criteria: Vec<Reference>,
    remedy: Vec<Part>,
}

#[derive(Serialize)]
pub(super) struct Tier {
    level: u8,
    name: String,
    sentence: String,
    state: &'static str,
    here: bool,
    next: bool,
    missing: Vec<Step>,
}

/// A criterion by name, and its place on the page where it has one.
#[derive(Serialize)]
pub(super) struct Reference {
    id: String,
    anchor: Option<usize>,
}

#[derive(Serialize)]
pub(super) struct Support {
    criterion: Reference,
    verdict: Verdict,
    asks: Vec<Part>,
    remedy: Vec<Part>,
}

#[derive(Serialize)]
pub(super) struct Claim {
    answer: String,
    note: String,
    date: String,
    review_by: String,
    current: bool,
}

#[derive(Serialize)]
pub(super) struct Entry {
    id: String,
    title: String,
    verdict: Verdict,
    contradicted: bool,
    reason: String,
    reach: &'static str,
    pending: String,
    ask: String,
    claim: Option<Claim>,
    support: Vec<Support>,
    places: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Group {
    name: String,
    entries: Vec<Entry>,
}

#[derive(Serialize)]
pub(super) struct Catalog {
    id: String,
    title: String,
    settled: usize,
    total: usize,
    groups: Vec<Group>,
}

#[derive(Serialize)]
pub(super) struct Criterion {
    id: String,
    asks: Vec<Part>,
    verdict: Verdict,
    reason: String,
    why: Vec<Part>,
    fix: Vec<Part>,
    effort: String,
    refs: Vec<String>,
    places: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Hole {
    advisory: String,
    kind: String,
    severity: String,
    package: String,
    reach: String,
    class: String,
    lockfile: String,
    exploitation: Option<String>,
    patched: Vec<String>,
    exceptions: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Gap {
    kind: String,
    collector: String,
    how: &'static str,
    reason: String,
}

#[derive(Serialize)]
pub(super) struct Pinned {
    name: String,
    source: String,
    digests: Vec<String>,
}

/// Everything on the page.
#[derive(Serialize)]
pub(super) struct Page {
    name: String,
    version: String,
    tier: String,
    level: u8,
    tier_name: String,
    tier_sentence: String,
    cap: Option<(u8, String)>,
    checked: String,
    good_until: String,
    as_of: String,
    expires: String,
    claimant: String,
    platforms: String,
    contact: Address,
    url: Address,
    inside: Vec<String>,
    outside: Vec<String>,
    commit: String,
    advisory_data: String,
    contradictions: Vec<Contradiction>,
    rows: Vec<Row>,
    /// Where the maker has not spoken.
    source: Option<Source>,
    source_sentence: String,
    disagreement: String,
    worktree: bool,
    legend: Vec<(String, &'static str)>,
    ladder: Vec<Tier>,
    catalogs: Vec<Catalog>,
    criteria: Vec<Criterion>,
    findings: Vec<Hole>,
    limitations: Vec<Gap>,
    inputs: Vec<Pinned>,
    subjects: Vec<Pinned>,
    evidence: Vec<String>,
    practices: Vec<Pinned>,
    tool: String,
}

fn parts(text: &str) -> Vec<Part> {
    words::parts(text).into_iter().map(|(code, text)| Part { code, text }).collect()
}

fn address(text: &str) -> Address {
    Address { text: words::clean(text), href: link::link(text) }
}

fn verdict(outcome: Outcome, assurance: Option<Assurance>) -> Verdict {
    let class = match outcome {
        Outcome::Met | Outcome::NotApplicable => "good",
        Outcome::Unmet => "bad",
        Outcome::Partial => "part",
        Outcome::Unknown => "none",
    };
    let how = assurance.map_or("", words::meaning);
    Verdict { class, mark: words::mark(outcome), word: words::outcome(outcome), how }
}

// What is met and still missing is not known well enough; a tick would say the opposite.
fn missing_verdict(step: &Missing) -> Verdict {
    let found = verdict(step.outcome, step.assurance);
    match found.class {
        "good" => Verdict { class: "part", mark: words::missing_mark(step.outcome), ..found },
        _ => found,
    }
}

pub(super) fn cleaned(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| words::clean(text)).collect()
}

fn places(pointers: &[Pointer]) -> Vec<String> {
    pointers.iter().map(|pointer| words::clean(&pointer.display())).filter(|place| !place.is_empty()).collect()
}

fn digests(set: &DigestSet) -> Vec<String> {
    set.iter().map(|(name, digest)| format!("{}:{}", words::clean(name), words::clean(digest))).collect()
}

/// Where each criterion stands on the page.
pub(super) struct Anchors<'a>(BTreeMap<&'a str, usize>);

impl Anchors<'_> {
    pub(super) fn reference(&self, id: &str) -> Reference {
        Reference { id: words::clean(id), anchor: self.0.get(id).copied() }
    }
}

impl Page {
    pub(super) fn new(view: View<'_>) -> Self {
        let body = view.body();
        let product = &body.product;
        let numbered = body.criteria.iter().enumerate();
        let anchors = Anchors(numbered.map(|(number, criterion)| (criterion.id.as_str(), number)).collect());
        let tool = format!("{} {}", body.tool.name, body.tool.version);
        Self {
            name: view.name(),
            version: words::clean(&product.version),
            tier: view.tier(),
            level: body.tier.level,
            tier_name: view.tier_name(),
            tier_sentence: view.tier_sentence(),
            cap: body.tier.cap.as_ref().map(|cap| (cap.level, words::sentence(&cap.reason))),
            checked: view.checked(),
            good_until: view.good_until(),
            as_of: body.as_of.to_string(),
            expires: body.expires.to_string(),
            claimant: words::clean(&product.claimant),
            platforms: words::clean(&product.platforms),
            contact: address(&product.contact),
            url: address(&product.url),
            inside: cleaned(&product.scope_inside),
            outside: cleaned(&product.scope_outside),
            commit: view.commit(),
            advisory_data: view.advisory_data().unwrap_or_default(),
            contradictions: body.contradictions.iter().map(|item| contradiction(item, &anchors)).collect(),
            rows: body.face.iter().map(row).collect(),
            source: view.source().map(|source| source_of(source, &anchors)),
            disagreement: words::sentence(product.disagreement.as_deref().unwrap_or_default()),
            worktree: body.worktree,
            source_sentence: view.source_sentence().unwrap_or_default(),
            legend: Assurance::ALL.into_iter().map(|step| (words::dots(Some(step)), words::meaning(step))).collect(),
            ladder: body.ladder.iter().map(|rung| tier(rung, view, &anchors)).collect(),
            catalogs: body.catalogs.iter().map(|found| catalog(found, view, &anchors)).collect(),
            criteria: body.criteria.iter().map(criterion).collect(),
            findings: body.findings.iter().map(hole).collect(),
            limitations: body.limitations.iter().map(gap).collect(),
            inputs: body.inputs.iter().map(|(name, input)| pinned(name, input)).collect(),
            subjects: view
                .statement
                .subject
                .iter()
                .map(|subject| Pinned {
                    name: words::clean(&subject.name),
                    source: String::new(),
                    digests: digests(&subject.digest),
                })
                .collect(),
            evidence: digests(&body.evidence),
            practices: body
                .practices
                .iter()
                .map(|(name, set)| Pinned { name: words::clean(name), source: String::new(), digests: digests(set) })
                .collect(),
            tool: words::clean(&tool),
        }
    }
}

fn row(row: &FaceRow) -> Row {
    Row {
        title: words::clean(&row.title),
        text: words::clean(&row.text),
        failed: row.contradicted || row.outcome == Outcome::Unmet,
        contradicted: row.contradicted,
        dots: words::dots(row.assurance),
        known: words::known(row.outcome, row.assurance),
    }
}

fn contradiction(item: &plimsoll_model::Contradiction, anchors: &Anchors<'_>) -> Contradiction {
    Contradiction {
        entry: words::clean(&item.entry),
        title: words::clean(&item.title),
        reason: words::sentence(&item.reason),
        criterion: anchors.reference(&item.criterion),
        cap: item.cap,
        places: places(&item.pointers),
    }
}

fn tier(rung: &Rung, view: View<'_>, anchors: &Anchors<'_>) -> Tier {
    let level = view.body().tier.level;
    let state = match (rung.level <= level, rung.reached) {
        (true, _) => "reached",
        (false, true) => "met, but held down",
        (false, false) => "not reached",
    };
    Tier {
        level: rung.level,
        name: words::clean(&rung.name),
        sentence: words::sentence(&rung.sentence),
        state,
        here: rung.level == level,
        next: view.next().is_some_and(|next| next.level == rung.level),
        missing: rung.missing.iter().map(|step| missing(step, view, anchors)).collect(),
    }
}

fn missing(step: &Missing, view: View<'_>, anchors: &Anchors<'_>) -> Step {
    Step {
        id: words::clean(&step.id),
        title: words::clean(&step.title),
        verdict: missing_verdict(step),
        asked: words::meaning(step.asked),
        reason: words::sentence(&step.reason),
        out_of_reach: step.out_of_reach,
        criteria: step.criteria.iter().map(|id| anchors.reference(id)).collect(),
        remedy: parts(view.remedy(step).unwrap_or_default()),
    }
}

fn catalog(catalog: &CatalogResult, view: View<'_>, anchors: &Anchors<'_>) -> Catalog {
    let settled = |entry: &&EntryResult| matches!(entry.outcome, Outcome::Met | Outcome::NotApplicable);
    let groups = catalog.entries.chunk_by(|one, other| one.group == other.group);
    Catalog {
        id: words::clean(&catalog.id),
        title: words::clean(&catalog.title),
        settled: catalog.entries.iter().filter(settled).count(),
        total: catalog.entries.len(),
        groups: groups
            .map(|entries| Group {
                name: group_name(entries),
                entries: entries.iter().map(|found| entry(found, view, anchors)).collect(),
            })
            .collect(),
    }
}

// A group that only repeats how the ids of its entries begin tells nothing as a heading.
fn group_name(entries: &[EntryResult]) -> String {
    let name = entries.first().map_or("", |entry| entry.group.as_str());
    if entries.iter().all(|entry| entry.id.starts_with(name)) { String::new() } else { words::clean(name) }
}

fn entry(entry: &EntryResult, view: View<'_>, anchors: &Anchors<'_>) -> Entry {
    let support = entry.supported_by.iter().map(|by| {
        let criterion = view.criterion(&by.criterion);
        let remedy = criterion.filter(|_| by.outcome != Outcome::Met).map_or("", |criterion| criterion.fix.as_str());
        Support {
            criterion: anchors.reference(&by.criterion),
            verdict: verdict(by.outcome, by.assurance),
            asks: parts(criterion.map_or("", |criterion| criterion.asks.as_str())),
            remedy: parts(remedy),
        }
    });
    Entry {
        id: words::clean(&entry.id),
        title: words::clean(&entry.title),
        verdict: verdict(entry.outcome, entry.assurance),
        contradicted: entry.contradicted,
        reason: words::sentence(&entry.reason),
        reach: words::meaning(entry.reach),
        pending: words::sentence(entry.pending.as_deref().unwrap_or_default()),
        ask: if entry.claimable { words::clean(&entry.ask) } else { String::new() },
        claim: entry.claimed.as_ref().map(|claim| Claim {
            answer: words::clean(&claim.answer),
            note: words::clean(&claim.note),
            date: words::day(claim.date),
            review_by: words::day(claim.review_by),
            current: claim.current,
        }),
        support: support.collect(),
        places: places(&entry.pointers),
    }
}

fn criterion(criterion: &CriterionResult) -> Criterion {
    Criterion {
        id: words::clean(&criterion.id),
        asks: parts(&criterion.asks),
        verdict: verdict(criterion.outcome, criterion.assurance),
        reason: words::sentence(&criterion.reason),
        why: parts(&criterion.why),
        fix: parts(&criterion.fix),
        effort: words::clean(&criterion.effort),
        refs: cleaned(&criterion.refs),
        places: places(&criterion.pointers),
    }
}

fn hole(item: &Finding) -> Hole {
    Hole {
        advisory: words::clean(&item.advisory),
        kind: words::clean(&item.kind),
        severity: words::clean(&item.severity),
        package: words::clean(&format!("{} {}", item.package, item.version)),
        reach: words::clean(&item.reach),
        class: words::clean(&item.class),
        lockfile: words::clean(&item.lockfile),
        exploitation: words::exploitation(item),
        patched: cleaned(&item.patched),
        exceptions: item.exceptions.iter().map(words::exception).collect(),
    }
}

fn gap(item: &plimsoll_model::Limitation) -> Gap {
    let how = match item.status {
        KindStatus::Unavailable => "not looked at",
        KindStatus::Partial => "looked at in part",
        KindStatus::Searched => "looked at; the rules do not see this",
    };
    Gap {
        kind: words::clean(&item.kind),
        collector: words::clean(&item.collector),
        how,
        reason: words::sentence(&item.reason),
    }
}

fn pinned(name: &str, input: &plimsoll_model::Input) -> Pinned {
    let mut source = vec![words::clean(&input.source)];
    source.extend(input.revision.as_ref().map(|revision| format!("revision {}", words::clean(revision))));
    source.extend(input.date.map(|date| format!("of {}", words::day(date))));
    source.extend(input.count.map(|count| plimsoll_model::plural(count, "record", "records")));
    Pinned { name: words::clean(name), source: source.join(", "), digests: digests(&input.digest) }
}
