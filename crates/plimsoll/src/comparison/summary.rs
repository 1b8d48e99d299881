//! The comparison in one sentence.

use plimsoll_model::{
    ChangeAbout, ChangeVerdict, Comparison, LabelBody, LabelChange, LabelForm, Missing, Pointer, excerpt, plural,
};

/// Characters of a reason in the sentence.
const REASON: usize = 160;

/// Gives the sentence: how much got worse or better, what became of the tier, and the first cause.
pub fn sentence(found: &Comparison, before: &LabelBody, after: &LabelBody) -> String {
    let things = |items: &[LabelChange]| plural(items.len(), "thing", "things");
    let count = match found.verdict {
        ChangeVerdict::NotComparable => {
            let reasons: Vec<&str> = found.obstacles.iter().map(|one| one.reason.as_str()).collect();
            return format!("Not comparable: {}.", reasons.join("; "));
        }
        ChangeVerdict::Nothing if found.same => return "Nothing changed: both are the same.".to_owned(),
        ChangeVerdict::Nothing => "Nothing got better or worse.".to_owned(),
        ChangeVerdict::Worse => format!("Worse: {}.", things(&found.worse)),
        ChangeVerdict::Better => format!("Better: {}.", things(&found.better)),
        ChangeVerdict::Both => format!("Worse: {}, better: {}.", things(&found.worse), things(&found.better)),
    };
    let mut parts = vec![count];
    let fell = after.tier.level < before.tier.level;
    let lost = if fell { lost(before, after) } else { Vec::new() };
    let explains = |item: &&LabelChange| lost.iter().any(|demand| is_about(item, demand));
    let cause = found.worse.iter().find(explains).or_else(|| found.worse.first());
    let by_inputs =
        fell && !found.worse.iter().any(|item| explains(&item)) && found.by_inputs.iter().any(|item| explains(&item));
    let tier = tier(before, after);
    let cause = cause.filter(|_| !by_inputs).or_else(|| found.better.first().filter(|_| !fell));
    parts.push(match cause.map(because).filter(|cause| !cause.is_empty()) {
        Some(cause) => format!("{tier}: {cause}"),
        None if by_inputs => format!("{tier}, which may come from other inputs"),
        None => tier,
    });
    if let (ChangeVerdict::Nothing, 1..) = (found.verdict, found.other.len()) {
        parts.push(format!("{} came out differently", things(&found.other)));
    }
    if !found.by_inputs.is_empty() {
        parts.push(format!("{} more may come from other inputs ({})", found.by_inputs.len(), found.inputs.join(", ")));
    }
    let mut text = parts.remove(0);
    for part in parts {
        text.push_str(&format!(" {}.", part.trim_end_matches('.')));
    }
    text
}

fn tier(before: &LabelBody, after: &LabelBody) -> String {
    let (was, is) = (before.form(), after.form());
    let named = |body: &LabelBody| match body.form() {
        LabelForm::Label => format!("tier {}", body.tier.level),
        LabelForm::SourceView => "no label".to_owned(),
    };
    let text = match (was == is, before.tier.level == after.tier.level) {
        (false, _) => format!("{} -> {}", named(before), named(after)),
        (true, true) if is == LabelForm::SourceView => "no label, as before".to_owned(),
        (true, true) => format!("tier {}, as before", after.tier.level),
        (true, false) => format!("tier {} -> {}", before.tier.level, after.tier.level),
    };
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The demands of the tiers that were lost which are not met now.
fn lost<'a>(before: &'a LabelBody, after: &'a LabelBody) -> Vec<&'a Missing> {
    let within = |level: u8| level > after.tier.level && level <= before.tier.level;
    let rungs = after.ladder.iter().filter(|rung| within(rung.level));
    rungs.flat_map(|rung| &rung.missing).collect()
}

fn is_about(item: &LabelChange, demand: &Missing) -> bool {
    item.about == ChangeAbout::Contradiction || item.id == demand.id || demand.criteria.contains(&item.id)
}

/// The reason of an item, with the place that it does not name itself.
fn because(item: &LabelChange) -> String {
    let reason = if item.reason_after.is_empty() && item.after.is_none() {
        format!("gone: {}", item.title)
    } else {
        item.reason_after.clone()
    };
    let reason = excerpt(&reason, REASON);
    let place = item.places.iter().find(|place| place.path.is_some());
    match place.map(Pointer::display).map(|place| excerpt(&place, REASON)) {
        Some(place) if !place.is_empty() && !names(&reason, item.places.first()) => format!("{place}: {reason}"),
        _ => reason,
    }
}

fn names(reason: &str, place: Option<&Pointer>) -> bool {
    place.and_then(|place| place.path.as_deref()).is_some_and(|path| reason.contains(path))
}
