//! What had its last day: by the ends of the tier file, with the facts that it is told by.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{ToSpan as _, civil::Date};
use plimsoll_model::{
    CriterionChange, Evidence, Fact, Lapse, LapseItem, Pointer,
    body::{AdvisoryFinding, Body as _},
};
use plimsoll_practices::Practices;
use plimsoll_score::{Days, End};
use serde_json::Value;

/// What is done about something that no criterion asks for.
const NEW_LABEL: &str = "Bring it up to date, and make a new label with `plimsoll label`.";

/// Two days that follow each other.
pub(super) struct Ends<'e> {
    pub(super) days: &'e Days<'e>,
    pub(super) practices: &'e Practices,
    /// The first of them.
    pub(super) last_day: Date,
    /// The evidence on it.
    pub(super) before: &'e Evidence,
    /// The evidence on the day after.
    pub(super) after: &'e Evidence,
}

impl Ends<'_> {
    /// Gives everything that had its last day, and the criteria among `changed` that nothing of it explains.
    pub(super) fn lapses(&self, changed: &[CriterionChange]) -> Vec<Lapse> {
        let ends = self.days.ends(self.before);
        let ended: Vec<&End<'_>> = ends.iter().filter(|end| end.days.contains(&self.last_day)).collect();
        let mut lapses: Vec<Lapse> = Vec::new();
        for end in &ended {
            let items = self.items(end);
            // One thing may end by several rows: the row that says most names it.
            if !items.is_empty() && lapses.iter().any(|one| one.items == items) {
                continue;
            }
            let by_criterion = || changed.iter().find(|change| self.explains(end, change)).map(|change| &change.fix);
            let fix = match end.fix {
                "" => by_criterion().map_or(NEW_LABEL, String::as_str),
                fix => fix,
            };
            let what = match items.len() {
                0 | 1 => end.what.to_owned(),
                _ if end.many.is_empty() => end.what.to_owned(),
                many => format!("{many} {}", end.many),
            };
            lapses.push(Lapse { what, count: (items.len() as u64).max(1), items, fix: fix.to_owned() });
        }
        let unexplained = changed.iter().filter(|change| !ended.iter().any(|end| self.explains(end, change)));
        lapses.extend(unexplained.map(|change| Lapse {
            what: format!("{}: {}", change.id, change.reason),
            count: 1,
            items: Vec::new(),
            fix: change.fix.clone(),
        }));
        lapses
    }

    /// May the criterion come out otherwise as this ended?
    fn explains(&self, end: &End<'_>, change: &CriterionChange) -> bool {
        if end.criteria.contains(&change.id) {
            return true;
        }
        let Some(criterion) = self.practices.criteria().get(&change.id) else { return false };
        let reads = criterion.reads();
        end.needs.iter().any(|kind| criterion.needs.contains(kind) || reads.contains(&kind.replace('-', "_")))
    }

    /// The facts that say that it had its last day: those that changed, else those that name a day which ends on it.
    fn items(&self, end: &End<'_>) -> Vec<LapseItem> {
        let fixed = self.days.fixed().iter().map(|fact| (fact, fact));
        let facts = self.before.facts.iter().zip(&self.after.facts).chain(fixed);
        let facts: Vec<(&Fact, &Fact)> = facts.filter(|(fact, _)| end.needs.contains(&fact.kind)).collect();
        let mut items: BTreeSet<LapseItem> = BTreeSet::new();
        for (before, after) in &facts {
            if before.kind == AdvisoryFinding::KIND {
                items.extend(exceptions(before, after));
            } else if turned(before, after) {
                items.insert(item(before));
            }
        }
        if items.is_empty() {
            let ends = facts.iter().filter(|(fact, _)| self.names_end(fact));
            items.extend(ends.map(|(fact, _)| item(fact)));
        }
        items.into_iter().collect()
    }

    /// Does the fact name a day that is the last one, by itself or with a limit added?
    fn names_end(&self, fact: &Fact) -> bool {
        let limits: &BTreeMap<String, i64> = &self.practices.tiers().limits;
        let days = fact.body.values().filter_map(|value| value.as_str()?.parse::<Date>().ok());
        days.flat_map(|day| limits.values().chain([&0]).map(move |limit| day.checked_add(limit.days())))
            .any(|day| day.is_ok_and(|day| day == self.last_day))
    }
}

/// Does one of the two say otherwise than the other, apart from numbers of days?
fn turned(before: &Fact, after: &Fact) -> bool {
    before.body.iter().any(|(name, value)| {
        matches!(value, Value::Bool(_) | Value::String(_)) && after.body.get(name).is_some_and(|other| other != value)
    })
}

/// The exceptions of a finding that count no more.
fn exceptions(before: &Fact, after: &Fact) -> Vec<LapseItem> {
    let (Ok(before), Ok(after)) = (before.body_as::<AdvisoryFinding>(), after.body_as::<AdvisoryFinding>()) else {
        return Vec::new();
    };
    let both = before.exceptions.iter().zip(&after.exceptions);
    let ended = both.filter(|(one, other)| one.valid && !other.valid);
    let name = format!("{} in {} {}", before.advisory, before.package, before.version);
    ended.map(|(one, _)| LapseItem { name: name.clone(), place: Some(one.file.clone()) }).collect()
}

fn item(fact: &Fact) -> LapseItem {
    let name = if fact.subject.id.is_empty() { fact.subject.kind.clone() } else { fact.subject.id.clone() };
    // What only repeats the name, as the revision of data does, says nothing.
    let repeats =
        |place: &String| place.rsplit(' ').next().is_none_or(|last| name.contains(last) || last.contains(&name));
    let place = fact.pointers.first().map(Pointer::display).filter(|place| !repeats(place));
    LapseItem { name, place }
}
