//! The shortest way up: what is missing for a tier, cheapest first, with what each step unlocks.

pub(crate) mod effort;
mod groups;

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::{LabelBody, LabelForm, Missing, Outcome, SafeWrite, SourceLine};
use plimsoll_practices::{How, Practices};
use serde::Serialize;

pub use self::groups::Group;

/// The steps to a tier.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// The tier that was reached.
    pub from: u8,
    /// The tier that is planned for.
    pub to: u8,
    /// Its name.
    pub name: String,
    /// Has the maker spoken? Where not, there is no tier, and the first step is a plimsoll.toml.
    pub spoken: bool,
    /// How far the evidence alone carries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceLine>,
    /// What holds the tier down besides the demands.
    pub cap: Option<String>,
    /// How long all of it takes, in words.
    pub effort: String,
    /// What decides when all is done, where it is one or two steps among others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bottleneck: Option<String>,
    /// The steps by the file to edit.
    pub groups: Vec<Group>,
    /// Steps, the best first.
    pub steps: Vec<Step>,
    /// Demands that this version of Plimsoll cannot come to, with the reason.
    pub out_of_reach: Vec<(String, String)>,
}

/// One thing to do.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Id of the criterion, or of the entry that is to be answered.
    pub id: String,
    /// What it asks, in words.
    pub title: String,
    /// What to do.
    pub action: String,
    /// The same as exact lines, for each place where they differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub how: Vec<How>,
    /// What `plimsoll plan --write` can write of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub writes: Vec<SafeWrite>,
    /// What is the matter now.
    pub now: String,
    /// `minutes`, `hours`, `days`, `weeks`.
    pub effort: String,
    /// Demands that need it.
    pub unlocks: Vec<String>,
    /// Is one of them what the source line misses as well?
    pub source: bool,
    /// Is it about something that is known to be exploited, so that it comes before all else?
    pub urgent: bool,
    /// Files and other places that it concerns, the first ones.
    pub places: Vec<String>,
}

/// Places that are named for one step.
const MOST_PLACES: usize = 5;

/// Gives the steps from the label's tier to `to`, by default the next one; nothing when there is no higher one. The lines to
/// write come from `practices`.
pub fn plan(label: &LabelBody, to: Option<u8>, practices: &Practices) -> Option<Plan> {
    let to = to.unwrap_or(label.tier.level + 1);
    let rung = label.ladder.iter().find(|rung| rung.level == to)?;
    let missing: Vec<&Missing> =
        label.ladder.iter().filter(|rung| rung.level <= to).flat_map(|rung| &rung.missing).collect();
    let mut steps: BTreeMap<String, Step> = BTreeMap::new();
    let mut urgent: BTreeSet<String> = BTreeSet::new();
    for one in missing.iter().filter(|one| !one.out_of_reach) {
        let criteria = one.criteria.iter().filter_map(|id| label.criteria.iter().find(|criterion| criterion.id == *id));
        let mut any = false;
        for criterion in criteria.filter(|criterion| criterion.outcome != Outcome::Met) {
            any = true;
            let exploited = exploited(label, &criterion.pointers);
            if !exploited.is_empty() {
                urgent.insert(criterion.id.clone());
            }
            let step = steps.entry(criterion.id.clone()).or_insert_with(|| Step {
                id: criterion.id.clone(),
                title: criterion.asks.clone(),
                action: criterion.fix.clone(),
                how: practices.criteria().get(&criterion.id).map(|known| known.how.clone()).unwrap_or_default(),
                writes: practices.criteria().get(&criterion.id).map(|known| known.writes.clone()).unwrap_or_default(),
                now: with_exploited(&criterion.reason, &exploited),
                effort: criterion.effort.clone(),
                unlocks: Vec::new(),
                source: false,
                urgent: !exploited.is_empty(),
                places: places(&criterion.pointers, &exploited),
            });
            step.unlocks.push(one.id.clone());
        }
        if !any {
            // No criterion can fill it: only the producer's own answer.
            steps.entry(one.id.clone()).or_insert_with(|| Step {
                id: one.id.clone(),
                title: one.title.clone(),
                action: answer(&one.id),
                how: Vec::new(),
                writes: Vec::new(),
                now: one.reason.clone(),
                effort: "minutes".to_owned(),
                unlocks: vec![one.id.clone()],
                source: false,
                urgent: false,
                places: vec!["plimsoll.toml".to_owned()],
            });
        }
    }
    let rungs = label.source_line.iter().flat_map(|line| &line.rungs).filter(|rung| rung.level <= to);
    let lacks: BTreeSet<&str> = rungs.flat_map(|rung| &rung.missing).map(String::as_str).collect();
    let mut steps: Vec<Step> = steps.into_values().collect();
    for step in &mut steps {
        step.unlocks.sort();
        step.unlocks.dedup();
        step.source = step.unlocks.iter().any(|id| lacks.contains(id.as_str()));
    }
    steps.sort_by(|one, other| {
        // What is exploited is fixed first, whatever work it is.
        let waits = |step: &Step| !urgent.contains(&step.id);
        (waits(one), effort::rank(&one.effort), std::cmp::Reverse(one.unlocks.len()), &one.id).cmp(&(
            waits(other),
            effort::rank(&other.effort),
            std::cmp::Reverse(other.unlocks.len()),
            &other.id,
        ))
    });
    let out_of_reach =
        missing.iter().filter(|one| one.out_of_reach).map(|one| (one.id.clone(), one.reason.clone())).collect();
    let cap = label.tier.cap.as_ref().filter(|cap| cap.level < to).map(|cap| cap.reason.clone());
    let spoken = label.form() == LabelForm::Label;
    let groups = groups::of(&steps, spoken);
    Some(Plan {
        from: label.tier.level,
        to,
        name: rung.name.clone(),
        spoken,
        source: label.source_line.clone(),
        cap,
        effort: groups::total(&groups),
        bottleneck: groups::bottleneck(&steps),
        groups,
        steps,
        out_of_reach,
    })
}

pub(crate) fn answer(id: &str) -> String {
    match id.split_once('/') {
        Some((catalog, entry)) => format!("Answer \"{entry}\" under [claims.\"{catalog}\"] in plimsoll.toml."),
        None => format!("See `plimsoll explain {id}`."),
    }
}

/// The advisories among these places that are known to be exploited, in the order of the label.
fn exploited<'a>(label: &'a LabelBody, pointers: &[plimsoll_model::Pointer]) -> Vec<&'a str> {
    let named: BTreeSet<&String> = pointers.iter().filter_map(|pointer| pointer.advisory.as_ref()).collect();
    let known = label.findings.iter().filter(|finding| finding.known_exploited.is_some());
    let mut found: Vec<&str> = Vec::new();
    for finding in known.filter(|finding| named.contains(&finding.advisory)) {
        if !found.contains(&finding.advisory.as_str()) {
            found.push(&finding.advisory);
        }
    }
    found
}

fn with_exploited(reason: &str, exploited: &[&str]) -> String {
    if exploited.is_empty() {
        return reason.to_owned();
    }
    let shown = exploited.iter().take(MOST_PLACES).copied().collect::<Vec<_>>().join(", ");
    let more = if exploited.len() > MOST_PLACES { ", ..." } else { "" };
    format!("{reason}; known to be exploited: {shown}{more}")
}

/// The first places, and before them those advisories that are known to be exploited.
fn places(pointers: &[plimsoll_model::Pointer], exploited: &[&str]) -> Vec<String> {
    let mut places: Vec<String> = Vec::new();
    let all = exploited
        .iter()
        .map(|id| plimsoll_model::Pointer::advisory(*id).display())
        .chain(pointers.iter().map(plimsoll_model::Pointer::display));
    for place in all {
        if !place.is_empty() && !places.contains(&place) && places.len() < MOST_PLACES {
            places.push(place);
        }
    }
    places
}
