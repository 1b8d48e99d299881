//! What a change made of a label: better, worse, both or nothing, and what cannot be laid on the change.
//!
//! Two labels are compared where the same program computed both by the same practices; where not, that is the answer. What rests
//! on an input that differs, or on the day, is kept apart: a change did not make advisory data older.

mod faults;
mod findings;
mod items;
mod obstacles;
mod resting;
mod statement;
mod summary;

use plimsoll_model::{
    COMPARISON_SCHEMA_VERSION, ChangeAbout, ChangeVerdict, Comparison, Direction, Evidence, LabelBody, LabelChange,
    LabelForm, Sides, Statement,
};
use plimsoll_practices::Practices;

use self::resting::Resting;
use crate::{Error, diff_criteria, diff_evidence, tool};

/// How two labels are compared.
pub struct Compare<'a> {
    /// Say which kinds a criterion rests on.
    pub practices: &'a Practices,
    /// Both are of one software, although their names differ.
    pub renamed: bool,
}

/// Compares a label with the one of a base.
pub fn compare_labels(base: &Statement, head: &Statement, how: &Compare<'_>) -> Comparison {
    let (before, after) = (&base.predicate, &head.predicate);
    let mut found = empty(before, after);
    found.same = base == head;
    found.obstacles = obstacles::of_labels(before, after, how.renamed);
    finish(&mut found, before, after, how);
    found
}

/// Compares evidence with that of a base, by the labels that `practices` give for both.
pub fn compare_evidence(base: &Evidence, head: &Evidence, how: &Compare<'_>) -> Result<Comparison, Error> {
    let label = |evidence: &Evidence| plimsoll_score::score(evidence, how.practices, &tool());
    let (one, other) = (label(base)?, label(head)?);
    let (before, after) = (&one.predicate, &other.predicate);
    let differences = diff_evidence(base, head);
    let mut found = empty(before, after);
    found.same = differences.is_empty();
    found.differences = differences.told;
    found.more = differences.more;
    found.obstacles = obstacles::of_evidences(base, head);
    found.obstacles.extend(obstacles::of_labels(before, after, how.renamed));
    finish(&mut found, before, after, how);
    Ok(found)
}

fn empty(before: &LabelBody, after: &LabelBody) -> Comparison {
    fn sides<T>(before: &LabelBody, after: &LabelBody, of: impl Fn(&LabelBody) -> T) -> Sides<T> {
        Sides { before: of(before), after: of(after) }
    }
    Comparison {
        schema_version: COMPARISON_SCHEMA_VERSION.to_owned(),
        same: false,
        verdict: ChangeVerdict::Nothing,
        summary: String::new(),
        obstacles: Vec::new(),
        product: sides(before, after, |body| plimsoll_model::one_line(&body.product.name)),
        tier: sides(before, after, |body| body.tier.level),
        source_tier: sides(before, after, |body| body.source_line.as_ref().map(|line| line.level)),
        form: sides(before, after, |body| body.form().predicate_type().to_owned()),
        as_of: sides(before, after, |body| body.as_of),
        inputs: Vec::new(),
        worse: Vec::new(),
        better: Vec::new(),
        other: Vec::new(),
        by_inputs: Vec::new(),
        criteria: Vec::new(),
        differences: Vec::new(),
        more: 0,
    }
}

fn finish(found: &mut Comparison, before: &LabelBody, after: &LabelBody, how: &Compare<'_>) {
    if found.obstacles.is_empty() {
        let resting = Resting::of(before, after, how.practices);
        found.inputs = resting.differing().to_vec();
        found.criteria = diff_criteria(before, after);
        sort(found, items::all(before, after, &resting));
        whole(found, before, after);
        found.verdict = match (found.worse.is_empty(), found.better.is_empty()) {
            (true, true) => ChangeVerdict::Nothing,
            (true, false) => ChangeVerdict::Better,
            (false, true) => ChangeVerdict::Worse,
            (false, false) => ChangeVerdict::Both,
        };
    } else {
        found.verdict = ChangeVerdict::NotComparable;
    }
    found.summary = summary::sentence(found, before, after);
}

/// Puts each item where it belongs.
fn sort(found: &mut Comparison, items: Vec<LabelChange>) {
    for item in items {
        let list = match item.direction {
            _ if !item.inputs.is_empty() => &mut found.by_inputs,
            Direction::Worse => &mut found.worse,
            Direction::Better => &mut found.better,
            Direction::Other => &mut found.other,
        };
        list.push(item);
    }
}

/// The tier and what is like it are the sum of the items. Where no item went the same way, each is one itself: nothing that moves
/// the label goes unsaid.
fn whole(found: &mut Comparison, before: &LabelBody, after: &LabelBody) {
    let is_view = |body: &LabelBody| body.form() == LabelForm::SourceView;
    let spoken = |body: &LabelBody| if is_view(body) { "an outside view" } else { "a maker's label" }.to_owned();
    let form = (!is_view(before)).cmp(&!is_view(after));
    let tier = before.tier.level.cmp(&after.tier.level);
    let level = |body: &LabelBody| body.source_line.as_ref().map_or(0, |line| line.level);
    let source = level(before).cmp(&level(after));
    let word = |body: &LabelBody| format!("tier {}", body.tier.level);
    let by_source = |body: &LabelBody| format!("tier {}", level(body));
    for (about, title, order, before, after) in [
        (ChangeAbout::Form, "Which document it is", form, spoken(before), spoken(after)),
        (ChangeAbout::Tier, "The tier", tier, word(before), word(after)),
        (ChangeAbout::SourceTier, "The tier by the source alone", source, by_source(before), by_source(after)),
    ] {
        let direction = match order {
            std::cmp::Ordering::Equal => continue,
            std::cmp::Ordering::Less => Direction::Better,
            std::cmp::Ordering::Greater => Direction::Worse,
        };
        let same_way = |item: &&LabelChange| item.direction == direction;
        let by_inputs = found.by_inputs.iter().find(same_way).map(|item| item.inputs.clone());
        let list = if direction == Direction::Better { &mut found.better } else { &mut found.worse };
        // A label instead of an outside view is an item in any case: no criterion is about it.
        if about != ChangeAbout::Form && !list.is_empty() {
            continue;
        }
        let inputs = by_inputs.filter(|_| about != ChangeAbout::Form).unwrap_or_default();
        let item = LabelChange {
            about,
            id: String::new(),
            title: title.to_owned(),
            direction,
            before: Some(before),
            after: Some(after),
            reason_before: String::new(),
            reason_after: String::new(),
            places: Vec::new(),
            inputs,
        };
        if item.inputs.is_empty() { list.insert(0, item) } else { found.by_inputs.insert(0, item) }
    }
}
