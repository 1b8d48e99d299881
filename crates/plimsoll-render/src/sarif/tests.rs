use super::*;

fn finding(kind: &str, severity: &str, reach: &str, class: &str) -> Finding {
    Finding {
        advisory: "RUSTSEC-2026-0001".to_owned(),
        aliases: Vec::new(),
        kind: kind.to_owned(),
        severity: severity.to_owned(),
        package: "left".to_owned(),
        version: "1.0.0".to_owned(),
        reach: reach.to_owned(),
        class: class.to_owned(),
        lockfile: "Cargo.lock".to_owned(),
        patched: Vec::new(),
        known_exploited: None,
        epss: None,
        exceptions: Vec::new(),
    }
}

#[test]
fn what_ships_and_has_a_serious_hole_is_an_error() {
    for severity in ["critical", "high", "unknown", "", "something new"] {
        assert!(weight(&finding("vulnerability", severity, "shipped", "shipped")) == Level::Error, "{severity}");
        assert!(weight(&finding("vulnerability", severity, "unknown", "vendored")) == Level::Error, "{severity}");
    }
    assert!(weight(&finding("a new kind", "none", "shipped", "shipped")) == Level::Error);
}

#[test]
fn the_rest_weighs_less_and_is_there() {
    for (kind, severity, reach, class, expected) in [
        ("vulnerability", "medium", "shipped", "shipped", Level::Warning),
        ("vulnerability", "low", "shipped", "shipped", Level::Note),
        ("vulnerability", "critical", "dev", "shipped", Level::Warning),
        ("vulnerability", "critical", "not-in-graph", "shipped", Level::Warning),
        ("vulnerability", "critical", "shipped", "fixture", Level::Warning),
        ("unmaintained", "none", "shipped", "shipped", Level::Warning),
        ("notice", "none", "shipped", "shipped", Level::Note),
    ] {
        assert!(weight(&finding(kind, severity, reach, class)) == expected, "{kind} {severity} {reach} {class}");
    }
}

#[test]
fn text_makes_no_link_and_no_placeholder() {
    assert_eq!(escape("[a](1) {0} \\"), r"\[a\](1) {{0}} \\");
    assert_eq!(escape("plain, 測試"), "plain, 測試");
}

#[test]
fn parts_of_an_identity_do_not_run_into_each_other() {
    let mut list = List::default();
    for parts in [["a", "bc"], ["ab", "c"]] {
        list.push(plain_rule("r", "t", "", Level::Note), Level::Note, "t", &[], &parts, Properties::new());
    }
    let [one, two] = &list.results[..] else { panic!("two results") };
    assert_ne!(one.partial_fingerprints, two.partial_fingerprints);
}
