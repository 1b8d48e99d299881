//! Signs of the face: good only where it is proven by what decides it, bad only where it was looked for and found wanting.

use plimsoll_model::{FaceRow, Sign, body::AdvisoryFinding, body::Body as _};

use super::*;

fn row(evidence: &Evidence, id: &str) -> FaceRow {
    label(evidence).face.into_iter().find(|row| row.id == id).unwrap()
}

fn mark(row: &FaceRow) -> char {
    match row.sign.unwrap() {
        Sign::Good => '+',
        Sign::Weak => '!',
        Sign::Bad => 'x',
        Sign::Unknown => '?',
    }
}

/// Claimant, updates, holes, origin, signed, secrets, data.
#[test]
fn rows_of_every_fixture() {
    for (path, expected) in [
        ("evidence/tier-1.json", "+++??++"),
        ("evidence/tier-2.json", "+++??++"),
        ("evidence/tier-3.json", "+++++++"),
        ("evidence/tier-4.json", "+++++++"),
        ("criteria/neglected.json", "??x!x+?"),
        ("criteria/leaky.json", "+++?+x+"),
        ("criteria/unreadable.json", "???????"),
    ] {
        let shown: String = label(&read(path)).face.iter().map(mark).collect();
        assert_eq!(shown, expected, "{path}");
    }
}

#[test]
fn titles_answer_and_ask() {
    let titles = |path: &str| label(&read(path)).face.into_iter().map(|row| row.answer.unwrap()).collect::<Vec<_>>();
    assert_eq!(
        titles("evidence/tier-3.json"),
        [
            "Who stands behind it",
            "Security updates are promised",
            "No known security holes",
            "Built from its public source",
            "Changes signed by known people",
            "No passwords or keys left inside",
            "Collects none of your data",
        ]
    );
    assert!(titles("criteria/unreadable.json").iter().all(|title| title.ends_with('?')), "what is not known is asked");
}

/// A promise about the future can only be said, whatever else is proven.
#[test]
fn a_promise_is_said() {
    for path in ["evidence/tier-1.json", "evidence/tier-2.json", "evidence/tier-3.json", "evidence/tier-4.json"] {
        assert_eq!(row(&read(path), "updates").assurance, Some(Assurance::Declared), "{path}");
    }
}

/// Nothing that a row reads may be missing where it says that something is so.
#[test]
fn what_was_not_looked_at_is_neither_good_nor_bad() {
    for path in ["evidence/tier-3.json", "criteria/neglected.json"] {
        for rule in &PRACTICES.tiers().rows {
            let Some(signs) = &rule.signs else { panic!("{} has no signs", rule.id) };
            let needs: BTreeSet<&String> =
                signs.criteria().filter_map(|id| PRACTICES.criteria().get(id)).flat_map(|one| &one.needs).collect();
            for kind in needs {
                let mut evidence = read(path);
                evidence.facts.retain(|fact| fact.kind != *kind);
                if let Some(report) = evidence.kinds.get_mut(kind) {
                    (report.count, report.status) = (0, KindStatus::Unavailable);
                    report.reason = Some("it was not there".to_owned());
                }
                let before = mark(&row(&read(path), &rule.id));
                let after = mark(&row(&evidence, &rule.id));
                assert_ne!(after, '+', "{path} {}: good without {kind}", rule.id);
                assert!(after != 'x' || before == 'x', "{path} {}: bad for want of {kind}", rule.id);
            }
        }
    }
}

#[test]
fn an_answer_of_the_maker_makes_no_hole_good() {
    let finding = || read("criteria/neglected.json").facts.into_iter().find(|fact| fact.kind == AdvisoryFinding::KIND);
    for (handled, expected) in [(true, Sign::Weak), (false, Sign::Bad)] {
        let mut evidence = read("evidence/tier-3.json");
        let mut finding = finding().unwrap();
        finding.body.insert("handled".to_owned(), json!(handled));
        evidence.facts.push(finding);
        evidence.kinds.get_mut(AdvisoryFinding::KIND).unwrap().count += 1;
        let holes = row(&evidence, "holes");
        assert_eq!(holes.sign, Some(expected), "{holes:?}");
        assert!(holes.answer.as_ref().unwrap().starts_with("Known security holes"), "{holes:?}");
        assert!(holes.text.starts_with("1 known"), "{holes:?}");
        // What is known to be there is known, however old the data is.
        evidence.facts.iter_mut().filter(|fact| fact.kind == "advisory-database").for_each(|fact| {
            fact.body.insert("date".to_owned(), json!("2020-01-01"));
        });
        assert_eq!(row(&evidence, "holes").sign, Some(expected), "by old data");
    }
}

#[test]
fn nothing_is_said_of_data_that_is_not_said_of_all() {
    let with = |category: &str, member: &str, value: serde_json::Value| {
        let mut evidence = read("evidence/tier-3.json");
        let facts = evidence.facts.iter_mut().filter(|fact| fact.body.get("category") == Some(&json!(category)));
        facts.for_each(|fact| drop(fact.body.insert(member.to_owned(), value.clone())));
        let row = row(&evidence, "data");
        (mark(&row), row.answer.unwrap(), row.text)
    };
    let same = |text: &str| text.to_owned();
    assert_eq!(
        with("personal", "collects", json!(true)),
        ('+', same("Collects your data and shares none"), same("collected, not shared"))
    );
    assert_eq!(
        with("location", "shares", json!(true)),
        ('!', same("Shares your data with others"), same("shared with others"))
    );
    assert_eq!(
        with("sensitive", "collects", json!(null)),
        ('?', same("What happens to your data?"), same("said in part"))
    );
    assert_eq!(with("sensitive", "current", json!(false)).0, '?', "what counts no more is not said");
}

#[test]
fn silence_is_not_bad_and_an_end_is() {
    let with = |change: fn(&mut Fact)| {
        let mut evidence = read("evidence/tier-3.json");
        evidence.facts.iter_mut().filter(|fact| fact.kind == "product").for_each(change);
        row(&evidence, "updates")
    };
    let silent = with(|fact| drop(fact.body.insert("supportUntil".to_owned(), json!(null))));
    assert_eq!((mark(&silent), silent.text.as_str()), ('?', "nothing promised"));
    let over = with(|fact| drop(fact.body.insert("supportUntil".to_owned(), json!("2026-10-01"))));
    assert_eq!((mark(&over), over.answer.as_deref()), ('x', Some("No security updates")));
    let none = with(|fact| drop(fact.body.insert("supportStatus".to_owned(), json!("unsupported"))));
    assert_eq!((mark(&none), none.text.as_str()), ('x', "none, says the maker"));
    let mut evidence = read("evidence/tier-3.json");
    evidence.facts.iter_mut().filter(|fact| fact.kind == "history").for_each(|fact| {
        fact.body.insert("daysSinceLast".to_owned(), json!(400));
    });
    // The claim is disproved; that there are no updates is not shown by that, so that the row is named by its topic.
    let idle = row(&evidence, "updates");
    assert_eq!((mark(&idle), idle.contradicted, idle.answer), ('x', true, None));
}

/// A file of tiers without signs: what is met is good, and what is not met is not known to be bad.
#[test]
fn rows_without_a_rule_are_never_bad_by_themselves() {
    let kinds = kinds();
    let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
    let mut files = plimsoll_practices::embedded_files();
    let tiers = files.get_mut("tiers/plimsoll.toml").unwrap();
    let mut kept = String::new();
    let mut inside = false;
    for line in tiers.lines() {
        inside = if line.starts_with('[') { line == "[row.signs]" } else { inside };
        if !inside && !line.starts_with("plain = ") {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    *tiers = kept;
    let practices = Practices::load(&files, &kinds).unwrap_or_else(|problems| panic!("{problems}"));
    let label = |path: &str| score(&read(path), &practices, &tool()).unwrap().predicate;
    for path in ["criteria/neglected.json", "evidence/tier-3.json"] {
        let label = label(path);
        assert!(label.face.iter().all(|row| row.answer.is_none() && row.sign != Some(Sign::Bad)), "{path}");
        assert_eq!((label.tier.plain.clone(), inconsistency(&label, &practices)), (None, None), "{path}");
    }
    assert!(label("evidence/tier-3.json").face.iter().all(|row| row.sign == Some(Sign::Good)));
}

#[test]
fn a_sign_that_was_changed_by_hand_is_found() {
    for (id, sign, found) in [
        ("origin", Sign::Good, true),
        ("secrets", Sign::Weak, true),
        ("secrets", Sign::Unknown, true),
        ("claimant", Sign::Bad, true),
        // Only the facts say whether an answered hole is there.
        ("holes", Sign::Weak, false),
    ] {
        let mut label = label(&read("evidence/tier-2.json"));
        let signs = PRACTICES.tiers().rows.iter().find(|rule| rule.id == id).unwrap().signs.as_ref().unwrap();
        let row = label.face.iter_mut().find(|row| row.id == id).unwrap();
        (row.sign, row.answer) = (Some(sign), Some(signs.title(sign).to_owned()));
        let wrong = inconsistency(&label, &PRACTICES);
        assert_eq!(wrong.is_some_and(|wrong| wrong.contains("rows of its face")), found, "{id} {sign:?}");
    }
    let mut label = label(&read("evidence/tier-2.json"));
    label.face[2].answer = Some("The safest of all".to_owned());
    assert!(inconsistency(&label, &PRACTICES).is_some(), "a title of its own");
}

/// A sign that is not known, next to words that say yes, would be read as a yes.
#[test]
fn what_was_read_in_part_says_so_in_words() {
    for kind in ["artifact", "attestation", "package-comparison", "ecosystem", "signature-totals", "secret"] {
        let mut evidence = read("evidence/tier-4.json");
        let report = evidence.kinds.get_mut(kind).unwrap();
        (report.status, report.reason) = (KindStatus::Partial, Some("a part was not read".to_owned()));
        for row in label(&evidence).face.iter().filter(|row| row.sign == Some(Sign::Unknown)) {
            assert!(row.text.starts_with("not known"), "{kind}: {}: {}", row.id, row.text);
        }
    }
}
