//! What the source shows by itself, without a word of the maker.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
};

use plimsoll_model::{
    Assurance, CatalogResult, Evidence, Extra, Fact, KindStatus, LabelBody, Limitation, Sign, SourceLine, SourceRow,
    SourceRung, SourceView,
    body::{ANSWERED_BY_THE_MAKER, AdvisoryFinding, Body as _, Claim, ClaimsFile, Product},
};
use plimsoll_practices::{By, Criterion, Demand, Environment, Practices, SourceRowRule};

use crate::{Judged, Known, again::Reader, criteria, entries, ladder, sign};

/// Members of a finding that hold the maker's word on it, and what they are without it.
const ON_FINDINGS: [(&str, serde_json::Value); 2] =
    [("exceptions", serde_json::Value::Array(Vec::new())), ("handled", serde_json::Value::Bool(false))];

/// Why findings are not wholly known without the maker's word on some of them.
const ANSWERED: &str = "what findings mean that the maker has answered is not known without the maker's word";

/// What criteria come to without a word of the maker.
pub(crate) struct Silent<'a> {
    judged: Cow<'a, Judged>,
}

impl<'a> Silent<'a> {
    /// Judges again what reads a word of the maker, where there is one; all else is as `judged` has it.
    pub(crate) fn of(known: &Known<'_>, practices: &Practices, judged: &'a Judged) -> Self {
        let evidence = known.evidence;
        let words: BTreeSet<&str> = practices.tiers().source.word_of_maker.iter().map(String::as_str).collect();
        let is_word = |fact: &Fact| words.contains(fact.kind.as_str());
        if !evidence.facts.iter().any(|fact| is_word(fact) || has_word(fact)) {
            return Self { judged: Cow::Borrowed(judged) };
        }
        let changed: BTreeSet<String> =
            words.iter().copied().chain([AdvisoryFinding::KIND]).map(|kind| kind.replace('-', "_")).collect();
        let is_changed = |criterion: &Criterion| {
            !criterion.reads().is_disjoint(&changed)
                || criterion.needs.iter().any(|need| changed.contains(&need.replace('-', "_")))
        };
        let again: Vec<Reader<'_>> =
            practices.criteria().values().filter(|one| is_changed(one)).map(Reader::of).collect();
        let findings: Vec<Fact> = evidence.facts_of(AdvisoryFinding::KIND).map(without_word).collect();
        let mut facts = known.facts.clone();
        facts.retain(|kind, _| !words.contains(kind));
        if !findings.is_empty() {
            facts.insert(AdvisoryFinding::KIND, findings.iter().collect());
        }
        let mut kinds = evidence.kinds.clone();
        kinds.iter_mut().filter(|(kind, _)| words.contains(kind.as_str())).for_each(|(_, report)| report.count = 0);
        // The answer of the maker may have closed a gap that nothing else closes.
        if closed_a_gap(evidence)
            && let Some(report) = kinds.get_mut(AdvisoryFinding::KIND)
            && report.status == KindStatus::Searched
        {
            (report.status, report.reason) = (KindStatus::Partial, Some(ANSWERED.to_owned()));
        }
        let silenced = Evidence {
            schema_version: evidence.schema_version.clone(),
            tool: evidence.tool.clone(),
            subject: evidence.subject.clone(),
            as_of: evidence.as_of,
            follows: None,
            inputs: BTreeMap::new(),
            kinds,
            facts: Vec::new(),
            extra: Extra::new(),
        };
        let of_once = Mutex::default();
        let (last, others) = known.last.unzip();
        let mut last = last.unwrap_or(&of_once).lock().unwrap_or_else(PoisonError::into_inner);
        let moving: BTreeSet<String> = others.into_iter().flatten().cloned().chain(changed).collect();
        let differs = last.take(&facts, &moving);
        let lists = known.lists.with(last.lists().clone());
        let environment = Environment::new(&lists, &silenced, &practices.tiers().limits);
        let mut all = judged.clone();
        all.extend(last.assess(again.iter(), &differs, (&silenced.kinds, &facts), &environment));
        Self { judged: Cow::Owned(all) }
    }
}

/// Is there a finding that would be a gap without the maker's answer: about a copy that may ship, or about a name alone?
fn closed_a_gap(evidence: &Evidence) -> bool {
    let of_a_name = evidence
        .kinds
        .get(AdvisoryFinding::KIND)
        .is_some_and(|report| report.limitations.iter().any(|limitation| limitation.ends_with(ANSWERED_BY_THE_MAKER)));
    let in_a_copy = |fact: &Fact| has_word(fact) && fact.body.get("class").is_none_or(|class| class == "vendored");
    of_a_name || evidence.facts.iter().any(in_a_copy)
}

/// Does a finding hold a word of the maker?
fn has_word(fact: &Fact) -> bool {
    fact.kind == AdvisoryFinding::KIND
        && ON_FINDINGS.iter().any(|(name, nothing)| fact.body.get(*name).is_some_and(|value| value != nothing))
}

fn without_word(fact: &Fact) -> Fact {
    let mut fact = fact.clone();
    if fact.kind == AdvisoryFinding::KIND {
        fact.body.extend(ON_FINDINGS.map(|(name, nothing)| (name.to_owned(), nothing)));
    }
    fact
}

/// Gives how far the evidence alone carries.
pub(crate) fn line(practices: &Practices, silent: &Silent<'_>) -> SourceLine {
    let by_evidence = |demand: &&Demand| demand.by == By::Evidence;
    let tiers = || practices.tiers().tiers.iter().filter(|tier| tier.level > 0);
    let asked: BTreeSet<&str> = tiers().flat_map(|tier| &tier.demands).filter_map(|one| catalog_of(&one.id)).collect();
    let catalogs: Vec<CatalogResult> = practices
        .catalogs()
        .iter()
        .filter(|catalog| asked.contains(catalog.id.as_str()))
        .map(|catalog| entries::assess_by(catalog, &|_| None, practices, &silent.judged))
        .collect();
    let mut rungs = Vec::new();
    let mut level = 0;
    let mut whole = true;
    for tier in tiers() {
        let (mut asked, mut missing) = (0, Vec::new());
        for demand in tier.demands.iter().filter(by_evidence) {
            asked += 1;
            if !ladder::is_met(demand, practices, &catalogs, &silent.judged) {
                missing.push(demand.id.clone());
            }
        }
        whole &= missing.is_empty();
        // What asks nothing of the evidence is not carried by it.
        if whole && asked > 0 {
            level = tier.level;
        }
        rungs.push(SourceRung { level: tier.level, met: asked - missing.len() as u64, asked, missing });
    }
    SourceLine { level, rungs, extra: Extra::new() }
}

fn catalog_of(id: &str) -> Option<&str> {
    id.split_once('/').map(|(catalog, _)| catalog)
}

/// Gives the outside view where nobody claims anything: where the commit has no claims file, and nothing is claimed.
///
/// A file that was not looked for, or is there and cannot be understood, is no silence of the maker.
pub(crate) fn view(
    evidence: &Evidence,
    practices: &Practices,
    silent: &Silent<'_>,
    environment: &Environment<'_, '_>,
) -> Option<SourceView> {
    let report = evidence.kinds.get(ClaimsFile::KIND)?;
    let claimed = |fact: &Fact| fact.kind == Product::KIND && fact.assurance == Assurance::Declared;
    let spoken = evidence
        .facts
        .iter()
        .any(|fact| [ClaimsFile::KIND, Claim::KIND].contains(&fact.kind.as_str()) || claimed(fact));
    if spoken || report.status != KindStatus::Searched {
        return None;
    }
    let rules = &practices.tiers().source;
    let rows = rules.rows.iter().map(|rule| row(rule, &silent.judged, environment)).collect();
    Some(SourceView { assessor: None, rows, only_maker: rules.only_maker.clone(), extra: Extra::new() })
}

fn row(rule: &SourceRowRule, judged: &Judged, environment: &Environment<'_, '_>) -> SourceRow {
    let (sign, criteria) = sign::by_criteria(&rule.signs, judged);
    let sign = sign::by_facts(&rule.signs, sign, environment);
    let words = match sign {
        Sign::Good => rule.text.as_ref(),
        Sign::Unknown => rule.missing.as_ref(),
        Sign::Weak | Sign::Bad => rule.found.as_ref(),
    };
    let words = words.and_then(|words| words.text(environment).ok()).filter(|words| !words.is_empty());
    let reasons = || {
        let reasons = criteria.iter().filter_map(|id| judged.get(*id)).map(|one| plain(&one.result.reason));
        reasons.collect::<Vec<_>>().join("; ")
    };
    SourceRow {
        id: rule.id.clone(),
        topic: rule.topic.clone(),
        sign,
        title: rule.signs.title(sign).to_owned(),
        text: words.unwrap_or_else(reasons),
        criteria: rule.signs.criteria().map(ToOwned::to_owned).collect(),
    }
}

/// A reason without the name of the kind that it begins with, which says nothing to a reader of the face.
fn plain(reason: &str) -> &str {
    let mut after = criteria::IN_PART.iter().filter_map(|words| reason.split_once(words));
    after.next().map_or(reason, |(_, rest)| rest)
}

/// Says where what a label says of its source does not follow from its criteria; nothing where it can.
///
/// What the maker's word does for a criterion is in no label, so that only the best that can come out is known: nothing is met
/// and nothing is good that is not with the maker's word.
pub(crate) fn inconsistency(body: &LabelBody, practices: &Practices, criteria: &Judged) -> Option<&'static str> {
    const LINE: &str = "how far its evidence carries does not follow from its criteria";
    let best = line(practices, &Silent { judged: Cow::Borrowed(criteria) });
    if let Some(own) = &body.source_line {
        let fits = |(best, own): (&SourceRung, &SourceRung)| {
            (best.level, best.asked) == (own.level, own.asked)
                && own.met.checked_add(own.missing.len() as u64) == Some(own.asked)
                && best.missing.iter().all(|id| own.missing.contains(id))
        };
        let whole = own.rungs.iter().take_while(|rung| rung.missing.is_empty()).filter(|rung| rung.asked > 0).last();
        let whole = whole.map_or(0, |rung| rung.level);
        if own.rungs.len() != best.rungs.len() || !best.rungs.iter().zip(&own.rungs).all(fits) || own.level != whole {
            return Some(LINE);
        }
    }
    let Some(view) = body.source_view.as_ref() else {
        // A label is there because the maker has spoken, or because it is not known whether.
        let unknown = |one: &Limitation| [ClaimsFile::KIND, Claim::KIND].contains(&one.kind.as_str());
        let claimed = body.catalogs.iter().flat_map(|catalog| &catalog.entries).any(|entry| entry.claimed.is_some());
        // Practices that know no word of a maker cannot miss one.
        let blind = practices.criteria().values().any(|criterion| {
            criterion.needs.iter().any(|need| need == Claim::KIND)
                && criteria.get(&criterion.id).is_some_and(|judged| judged.unavailable)
        });
        let spoken = claimed
            || blind
            || practices.tiers().source.word_of_maker.is_empty()
            || !body.product.claimant.is_empty()
            || body.inputs.contains_key(CLAIMS)
            || body.limitations.iter().any(unknown);
        return (!spoken).then_some("it says that it is a label, and holds no word of a maker");
    };
    let entries = body.catalogs.iter().flat_map(|catalog| &catalog.entries);
    if !body.product.claimant.is_empty() || entries.filter(|entry| entry.claimed.is_some()).count() > 0 {
        return Some("it says that the maker has not spoken, and holds the maker's word");
    }
    let rules = &practices.tiers().source;
    // The maker's word on a finding is all that a view has of it, and makes criteria better than they are without.
    let answered = body.findings.iter().any(|finding| !finding.exceptions.is_empty());
    let follows = |(rule, row): (&SourceRowRule, &SourceRow)| {
        let (sign, _) = sign::by_criteria(&rule.signs, criteria);
        let worse = match row.sign {
            Sign::Unknown => true,
            Sign::Weak => sign == Sign::Good,
            Sign::Bad => sign != Sign::Bad,
            Sign::Good => false,
        };
        let is_sign = sign::can_be(&rule.signs, sign, row.sign) || answered && worse;
        let title = rule.signs.title(row.sign);
        is_sign
            && !title.is_empty()
            && !row.text.is_empty()
            && (&row.id, &row.topic, row.title.as_str()) == (&rule.id, &rule.topic, title)
            && rule.signs.criteria().eq(row.criteria.iter().map(String::as_str))
    };
    let all = view.rows.len() == rules.rows.len() && view.only_maker == rules.only_maker;
    if !all || !rules.rows.iter().zip(&view.rows).all(follows) {
        return Some("what it says that the source shows does not follow from its criteria");
    }
    None
}

/// The input that pins the maker's claims.
const CLAIMS: &str = "claims";

/// The criteria that a view shows as they are: it ends with what these rest on.
pub(crate) fn shown(practices: &Practices) -> impl Iterator<Item = &str> {
    practices.tiers().source.rows.iter().flat_map(|row| row.signs.criteria())
}
