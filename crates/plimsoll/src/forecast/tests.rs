//! A forecast is what labels of later days are: day by day, for dates of any kind.

use std::{collections::BTreeMap, fs, path::Path, sync::LazyLock};

use jiff::{SignedDuration, Timestamp};
use plimsoll_model::{Assurance, Fact, LabelBody, Outcome};
use proptest::{prelude::*, sample::Index};
use serde_json::{Value, json};

use super::*;
use crate::evidence_on;

static PRACTICES: LazyLock<Practices> = LazyLock::new(|| crate::practices(None).unwrap());

/// Evidence of every tier, and such of which a part is bad.
static STORED: LazyLock<Vec<Evidence>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let tiers = (0..5).map(|tier| format!("evidence/tier-{tier}.json"));
    let others = ["exemplary", "neglected", "contradicted", "expired", "stale-data", "no-history", "unreadable"];
    let names = tiers.chain(others.map(|name| format!("criteria/{name}.json")));
    names.map(|name| crate::read_evidence(&fs::read(folder.join(name)).unwrap()).unwrap()).collect()
});

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn at(day: Date) -> Timestamp {
    day.to_zoned(TimeZone::UTC).unwrap().timestamp()
}

fn forecast_of(evidence: &Evidence, until: Option<Date>) -> Forecast {
    forecast(evidence, DigestSet::new(), &PRACTICES, &Horizon { as_of: None, until }).unwrap()
}

/// The label of the same evidence on a later day.
fn label(evidence: &Evidence, day: Date) -> LabelBody {
    let later = evidence_on(evidence, at(day).max(evidence.as_of)).unwrap();
    plimsoll_score::score(&later, &PRACTICES, &tool()).unwrap().predicate
}

type Came = BTreeMap<String, (Outcome, Option<Assurance>)>;

fn came(label: &LabelBody) -> (u8, u8, Came) {
    let criteria = label.criteria.iter().map(|one| (one.id.clone(), (one.outcome, one.assurance)));
    (label.tier.level, label.source_line.as_ref().unwrap().level, criteria.collect())
}

/// What a forecast says of a day: what was on the first, with every change until then.
fn said(first: &LabelBody, forecast: &Forecast, day: Date) -> (u8, u8, Came) {
    let (mut tier, mut source, mut criteria) = came(first);
    assert_eq!((tier, source), (forecast.tier.level, forecast.source_tier));
    for change in forecast.changes.iter().filter(|change| change.date <= day) {
        assert_eq!((tier, source), (change.from.level, change.source_from), "{}", change.date);
        (tier, source) = (change.to.level, change.source_to);
        for one in &change.criteria {
            let before = criteria.insert(one.id.clone(), (one.after.outcome, one.after.assurance));
            assert_eq!(before, Some((one.before.outcome, one.before.assurance)), "{} {}", change.date, one.id);
        }
    }
    (tier, source, criteria)
}

/// Sets a member of all facts of a kind.
fn set(evidence: &mut Evidence, kind: &str, name: &str, value: &Value) {
    for fact in evidence.facts.iter_mut().filter(|fact| fact.kind == kind) {
        fact.body.insert(name.to_owned(), value.clone());
    }
}

/// Members that name a day on which something ends or begins.
const DATED: [(&str, &str); 12] = [
    ("product", "reviewBy"),
    ("product", "supportUntil"),
    ("claim", "reviewBy"),
    ("data-category", "reviewBy"),
    ("claims-file", "reviewBy"),
    ("history", "lastCommit"),
    ("advisory-database", "date"),
    ("attestation", "until"),
    ("signature-file", "until"),
    ("countersignature", "until"),
    ("policy", "expires"),
    ("policy", "until"),
];

/// A finding that the maker answers until a day.
fn answered(number: usize, until: Date) -> Fact {
    let body = json!({
        "advisory": format!("RUSTSEC-2026-{number:04}"), "aliases": [], "vulnerability": format!("V-{number}"),
        "package": "notes-core", "version": "1.0.0", "purl": format!("pkg:cargo/notes-core{number}@1.0.0"),
        "kind": "vulnerability", "severity": "critical", "cvss": null, "patched": [], "fixedIn": null, "through": null,
        "affectedFunctions": [], "arch": [], "os": [], "published": "2026-01-01", "reach": "shipped", "class": "shipped",
        "lockfile": "Cargo.lock", "path": [], "handled": true,
        "exceptions": [{"file": "plimsoll.toml", "reason": "not reachable", "status": null, "said": null,
            "until": until, "valid": true}],
    });
    let subject = plimsoll_model::Subject::component(format!("pkg:cargo/notes-core{number}@1.0.0"));
    Fact::new("advisory-finding", subject, Assurance::Verified, &body, Vec::new()).unwrap()
}

/// Good evidence with findings that are answered until these days.
fn with_answers(tier: usize, ends: &[Date]) -> Evidence {
    let mut evidence = STORED[tier].clone();
    evidence.facts.extend(ends.iter().enumerate().map(|(number, end)| answered(number, *end)));
    let count = evidence.facts_of("advisory-finding").count() as u64;
    evidence.kinds.get_mut("advisory-finding").unwrap().count = count;
    evidence
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// No change lies between the days that were judged.
    #[test]
    fn a_forecast_for_a_day_is_the_label_of_that_day(
        stored in 0_usize..12,
        set_to in prop::collection::vec((any::<Index>(), -400_i64..420), 0..5),
        ends in prop::collection::vec(-5_i64..420, 0..4),
        asked in prop::collection::vec(0_i64..400, 4),
    ) {
        let first = day_of(STORED[stored].as_of);
        let day = |days: i64| first.checked_add(days.days()).unwrap();
        let mut evidence = STORED[stored].clone();
        if evidence.kinds.get("advisory-finding").is_some_and(|report| report.reason.is_none()) {
            let ends: Vec<Date> = ends.iter().map(|end| day(*end)).collect();
            evidence = with_answers(stored, &ends);
        }
        for (which, days) in &set_to {
            let (kind, name) = which.get(&DATED);
            set(&mut evidence, kind, name, &json!(day(*days)));
        }
        // What is set is put on the first day as a collection would have stated it.
        let mut evidence = evidence_on(&evidence, evidence.as_of + SignedDuration::from_hours(24)).unwrap();
        evidence.sort();
        let until = day(400);
        let forecast = forecast_of(&evidence, Some(until));
        let start = label(&evidence, day_of(evidence.as_of));
        let changes = forecast.changes.iter().flat_map(|change| [change.date, change.date.yesterday().unwrap()]);
        let asked = asked.iter().map(|days| day(*days)).chain(changes.take(8));
        for day in asked.filter(|day| *day >= day_of(evidence.as_of) && *day <= until) {
            prop_assert_eq!(said(&start, &forecast, day), came(&label(&evidence, day)), "{}", day);
        }
        prop_assert_eq!(forecast.expires, start.expires);
    }
}

#[test]
fn no_change_of_a_year_is_missed() {
    let first = day_of(STORED[4].as_of);
    let day = |days: i64| first.checked_add(days.days()).unwrap();
    let mut evidence = with_answers(4, &[day(20), day(21), day(300)]);
    for (kind, name, days) in [
        ("product", "supportUntil", 200),
        ("attestation", "until", 40),
        ("countersignature", "until", 10),
        ("claim", "reviewBy", 330),
        ("history", "lastCommit", -100),
    ] {
        set(&mut evidence, kind, name, &json!(day(days)));
    }
    let forecast = forecast_of(&evidence, None);
    let start = label(&evidence, first);
    let changes = forecast.changes.iter().flat_map(|change| [change.days - 1, change.days]);
    for days in (0..=365).step_by(7).chain(changes) {
        assert_eq!(said(&start, &forecast, day(days)), came(&label(&evidence, day(days))), "{}", day(days));
    }
    assert!(forecast.changes.len() > 5, "{:#?}", forecast.changes);
}

/// The first line of a forecast, and the days on which something changes.
fn shown(forecast: &Forecast) -> Vec<String> {
    let change = |change: &DayOfChange| {
        let lapses = change.lapses.iter().map(|lapse| lapse.what.as_str()).collect::<Vec<_>>().join("; ");
        let label = if change.label_ends { " the label ends" } else { "" };
        format!("{} {}>{}{label}: {lapses}", change.date, change.from.level, change.to.level)
    };
    forecast.changes.iter().map(change).collect()
}

#[test]
fn what_lapses_is_named_with_its_file() {
    let end = date("2026-12-24");
    let ends = vec![end; 45];
    let forecast = forecast_of(&with_answers(2, &ends), Some(date("2027-01-15")));
    let fall = forecast.falls.as_ref().unwrap();
    assert_eq!((fall.date, fall.days, fall.to.level, fall.label_ends), (date("2026-12-25"), 54, 0, true));
    let change = forecast.changes.iter().find(|change| change.date == fall.date).unwrap();
    let [lapse] = change.lapses.as_slice() else { panic!("{:#?}", change.lapses) };
    assert_eq!((lapse.what.as_str(), lapse.count), ("45 exceptions for known vulnerabilities end", 45));
    assert_eq!(lapse.items.len(), 45);
    assert_eq!(lapse.items[0].name, "RUSTSEC-2026-0000 in notes-core 1.0.0");
    assert_eq!(lapse.items[0].place.as_deref(), Some("plimsoll.toml"));
    assert!(lapse.fix.contains("new end date"), "{}", lapse.fix);
    assert!(forecast.not_forecast.iter().any(|one| one.contains("does not hold the statement")));
}

#[test]
fn each_thing_that_ends_is_found() {
    for (kind, name, tier, expected) in [
        ("product", "supportUntil", 2, "2026-12-25 2>0 the label ends: the promise of security updates ends"),
        ("claim", "reviewBy", 2, "2026-12-25 2>0 the label ends: the claims are due for review"),
        (
            "attestation",
            "until",
            3,
            "2026-12-25 2>2: 2 signatures over files end with their keys, certificates or the trust policy",
        ),
    ] {
        let mut evidence = STORED[tier].clone();
        set(&mut evidence, kind, name, &json!("2026-12-24"));
        let found = shown(&forecast_of(&evidence, Some(date("2027-01-15"))));
        assert!(found.iter().any(|one| one == expected), "{name}: {found:#?}");
    }
}

#[test]
fn days_are_counted_from_a_later_moment_where_one_is_given() {
    let evidence = &STORED[2];
    let later = |as_of: &str| {
        let horizon = Horizon { as_of: Some(as_of.parse().unwrap()), until: None };
        forecast(evidence, DigestSet::new(), &PRACTICES, &horizon)
    };
    let days = |as_of: &str| later(as_of).unwrap().falls.map(|fall| (fall.days, fall.to.level, fall.label_ends));
    assert_eq!(days("2026-11-01T00:00:00Z"), Some((90, 2, true)));
    assert_eq!(days("2027-01-01T12:00:00Z"), Some((29, 2, true)));
    assert_eq!(days("2027-01-30T00:00:00Z"), Some((0, 2, true)));
    assert_eq!(days("2027-02-09T00:00:00Z"), Some((-10, 2, true)));
    assert!(later("2026-10-31T00:00:00Z").unwrap_err().to_string().contains("give a later --as-of"));
    let until = Horizon { as_of: None, until: Some(date("2026-11-01")) };
    let refused = forecast(evidence, DigestSet::new(), &PRACTICES, &until).unwrap_err().to_string();
    assert!(refused.contains("give a later --until"), "{refused}");
}

#[test]
fn keys_are_known_for_a_year() {
    let far = |until: &str| {
        let found = forecast_of(&STORED[3], Some(date(until))).not_forecast;
        found.iter().any(|one| one.starts_with("Keys and certificates that end after 2027-11-02"))
    };
    assert!(!far("2027-11-02"));
    assert!(far("2027-11-03"));
}
