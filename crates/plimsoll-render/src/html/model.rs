//! What the page shows, as plain text that the template escapes.

use super::{
    anchor::{Anchors, Places},
    findings::{gaps_of, hole},
    page::{
        Address, Catalog, Claim, Contradiction, Criterion, Entry, Fact, Group, Legend, Page, Part, Pinned, Row, Step,
        Support, Tier, Verdict,
    },
    source::source_of,
};
use crate::{
    frameworks, gaps, link,
    row::{self, Shown},
    view::{self, View},
    words,
};
use plimsoll_model::{
    Assurance, CatalogResult, CriterionResult, DigestSet, EntryResult, FrameworkResult, Missing, Outcome, Pointer,
    Rung, Sign, SourceRow,
};

/// What is stated of the product, and what is not.
fn facts(view: View<'_>) -> (Vec<Fact>, Vec<&'static str>) {
    let product = &view.body().product;
    let from = |file: &Option<String>| file.as_deref().map(words::clean).unwrap_or_default();
    let list = |texts: &[String]| cleaned(texts).join(", ");
    let plain = |text: String| Address { text, href: None };
    let all = [
        ("Who makes the claims", "who makes the claims", plain(words::clean(&product.claimant)), String::new()),
        ("Report a problem", "where to report a problem", address(&product.contact), from(&product.contact_from)),
        ("More", "a page with more", address(&product.url), String::new()),
        ("Platforms, delivery", "platforms and delivery", plain(words::clean(&product.platforms)), String::new()),
        ("Inside the scope", "what is inside the scope", plain(list(&product.scope_inside)), String::new()),
        ("Outside the scope", "what is outside the scope", plain(list(&product.scope_outside)), String::new()),
    ];
    let (mut stated, mut unstated) = (Vec::new(), Vec::new());
    for (lead, missing, value, from) in all {
        if value.text.is_empty() { unstated.push(missing) } else { stated.push(Fact { lead, value, from }) }
    }
    (stated, unstated)
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

fn seen_at(pointers: &[Pointer]) -> Vec<String> {
    pointers.iter().map(|pointer| words::clean(&pointer.display())).filter(|place| !place.is_empty()).collect()
}

fn digests(set: &DigestSet) -> Vec<String> {
    set.iter().map(|(name, digest)| format!("{}:{}", words::clean(name), words::clean(digest))).collect()
}

impl Page {
    pub(super) fn new(view: View<'_>) -> Self {
        let body = view.body();
        let product = &body.product;
        let anchors = Anchors::of(body);
        let mut places = Places::of(&anchors);
        let (facts, unstated) = facts(view);
        let next = view.next().filter(|rung| !rung.missing.is_empty());
        let next = next.map(|rung| {
            let steps = view.steps().into_iter().map(|step| missing(step, view, &anchors)).collect();
            (format!("tier {} {}", rung.level, view::names(rung.plain.as_deref(), &rung.name)), steps)
        });
        let tool = format!("{} {}", body.tool.name, body.tool.version);
        Self {
            name: view.name(),
            version: words::clean(&product.version),
            tier: view.tier(),
            level: body.tier.level,
            tier_name: view.tier_name(),
            tier_sentence: view.tier_sentence(),
            word_sentence: view.word_sentence().unwrap_or_default(),
            ended: view.ended(),
            cap: body.tier.cap.as_ref().map(|cap| (cap.level, words::sentence(&cap.reason))),
            checked: view.checked(),
            good_until: view.good_until(),
            lasts: view.lasts(),
            as_of: body.as_of.to_string(),
            expires: body.expires.to_string(),
            facts,
            unstated,
            commit: view.commit(),
            advisory_data: view.advisory_data().unwrap_or_default(),
            contradictions: body.contradictions.iter().map(|item| contradiction(item, &anchors)).collect(),
            rows: rows(view),
            next,
            source: view.source().map(|source| source_of(source, &anchors)),
            disagreement: words::sentence(product.disagreement.as_deref().unwrap_or_default()),
            worktree: body.worktree,
            other_practices: view.other_practices(),
            source_sentence: view.source_sentence().unwrap_or_default(),
            legend: Assurance::ALL.into_iter().map(|step| (words::bar(step), words::meaning(step))).collect(),
            signs: Sign::ALL.into_iter().map(legend).collect(),
            ladder: body.ladder.iter().map(|rung| tier(rung, view, &anchors)).collect(),
            catalogs: body.catalogs.iter().map(|found| catalog(found, view, &anchors, &mut places)).collect(),
            frameworks: body.frameworks.iter().map(framework).collect(),
            criteria: body.criteria.iter().map(|found| criterion(found, &mut places)).collect(),
            findings: body.findings.iter().map(hole).collect(),
            gaps: gaps_of(&body.limitations),
            gap_count: gaps::count(&body.limitations),
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

/// The class of a sign, for its colour.
pub(super) fn class(sign: Sign) -> &'static str {
    match sign {
        Sign::Good => "good",
        Sign::Weak => "part",
        Sign::Bad => "bad",
        Sign::Unknown => "none",
    }
}

fn legend(sign: Sign) -> Legend {
    Legend { class: class(sign), mark: row::mark(sign), word: row::word(sign), meaning: row::meaning(sign) }
}

/// The rows of the face, of a label or of what the source shows.
fn rows(view: View<'_>) -> Vec<Row> {
    if let Some(source) = view.source() {
        let row = |shown: &SourceRow| Row {
            class: class(shown.sign),
            mark: row::mark(shown.sign),
            word: row::word(shown.sign),
            title: words::clean(&shown.title),
            text: words::clean(&shown.text),
            contradicted: false,
            bar: String::new(),
            how: "",
        };
        return source.rows.iter().map(row).collect();
    }
    let row = |shown: Shown<'_>| Row {
        class: class(shown.sign),
        mark: row::mark(shown.sign),
        word: row::word(shown.sign),
        title: words::clean(shown.title),
        text: words::clean(shown.text),
        contradicted: shown.contradicted,
        bar: shown.known.map(words::bar).unwrap_or_default(),
        how: if shown.known.is_some() { shown.how() } else { "" },
    };
    view.rows().map(row).collect()
}

fn contradiction(item: &plimsoll_model::Contradiction, anchors: &Anchors) -> Contradiction {
    Contradiction {
        entry: words::clean(&item.entry),
        title: words::clean(&item.title),
        reason: words::sentence(&item.reason),
        criterion: anchors.reference(&item.criterion),
        cap: item.cap,
        places: seen_at(&item.pointers),
    }
}

fn tier(rung: &Rung, view: View<'_>, anchors: &Anchors) -> Tier {
    let level = view.body().tier.level;
    let state = match (rung.level <= level, rung.reached) {
        (true, _) => "reached",
        (false, true) => "met, but held down",
        (false, false) => "not reached",
    };
    Tier {
        level: rung.level,
        name: view::names(rung.plain.as_deref(), &rung.name),
        sentence: words::sentence(&rung.sentence),
        state,
        here: rung.level == level,
        missing: rung.missing.iter().map(|step| missing(step, view, anchors)).collect(),
    }
}

fn missing(step: &Missing, view: View<'_>, anchors: &Anchors) -> Step {
    Step {
        item: anchors.reference(&step.id),
        title: words::clean(&step.title),
        verdict: missing_verdict(step),
        asked: words::meaning(step.asked),
        reason: words::sentence(&step.reason),
        out_of_reach: step.out_of_reach,
        criteria: step.criteria.iter().map(|id| anchors.reference(id)).collect(),
        remedy: parts(view.remedy(step).unwrap_or_default()),
    }
}

fn catalog(catalog: &CatalogResult, view: View<'_>, anchors: &Anchors, places: &mut Places<'_>) -> Catalog {
    let settled = |entry: &&EntryResult| matches!(entry.outcome, Outcome::Met | Outcome::NotApplicable);
    let groups = catalog.entries.chunk_by(|one, other| one.group == other.group);
    Catalog {
        id: words::clean(&catalog.id),
        title: words::clean(&catalog.title),
        settled: catalog.entries.iter().filter(settled).count(),
        total: catalog.entries.len(),
        silent: catalog.entries.iter().filter(|entry| entry.claimable && entry.claimed.is_none()).count(),
        groups: groups
            .map(|entries| Group {
                name: group_name(entries),
                entries: entries.iter().map(|found| entry(&catalog.id, found, view, anchors, places)).collect(),
            })
            .collect(),
    }
}

// A group that only repeats how the ids of its entries begin tells nothing as a heading.
fn group_name(entries: &[EntryResult]) -> String {
    let name = entries.first().map_or("", |entry| entry.group.as_str());
    if entries.iter().all(|entry| entry.id.starts_with(name)) { String::new() } else { words::clean(name) }
}

fn entry(catalog: &str, entry: &EntryResult, view: View<'_>, anchors: &Anchors, places: &mut Places<'_>) -> Entry {
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
        anchor: places.take(&format!("{catalog}/{}", entry.id)),
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
        not_looked_at: words::clean(entry.not_looked_at.as_deref().unwrap_or_default()),
        places: seen_at(&view.body().places_of(entry)),
    }
}

fn criterion(criterion: &CriterionResult, places: &mut Places<'_>) -> Criterion {
    Criterion {
        id: words::clean(&criterion.id),
        anchor: places.take(&criterion.id),
        asks: parts(&criterion.asks),
        verdict: verdict(criterion.outcome, criterion.assurance),
        reason: words::sentence(&criterion.reason),
        why: parts(&criterion.why),
        fix: parts(&criterion.fix),
        effort: words::clean(&criterion.effort),
        refs: cleaned(&criterion.refs),
        places: seen_at(&criterion.pointers),
    }
}

fn pinned(name: &str, input: &plimsoll_model::Input) -> Pinned {
    let mut source = vec![words::clean(&input.source)];
    source.extend(input.revision.as_ref().map(|revision| format!("revision {}", words::clean(revision))));
    source.extend(input.date.map(|date| format!("of {}", words::day(date))));
    source.extend(input.count.map(|count| plimsoll_model::plural(count, "record", "records")));
    Pinned { name: words::clean(name), source: source.join(", "), digests: digests(&input.digest) }
}

/// A catalog that was asked for.
fn framework(found: &FrameworkResult) -> super::page::Framework {
    let entries = frameworks::by_outcome(found).into_iter();
    let entries = entries.map(|(outcome, ids)| (words::capital(words::outcome(outcome)), ids)).collect();
    (words::clean(&found.id), frameworks::tally(found), entries, frameworks::explained(found))
}
