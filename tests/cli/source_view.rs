//! The outside view by the command: what is shown where the maker has not spoken, and that it never passes for a label.

use std::fs;

use serde_json::{Value, json};

use crate::{
    common::{AS_OF, run},
    label::demo,
    labels::{LATER, Made, done},
};

const VIEW: &str = "https://plimsoll.dev/source-view/v1";
const LABEL: &str = "https://plimsoll.dev/label/v1";

type Change = fn(&mut Value);

fn view() -> Made {
    Made::of(demo().commit("first"))
}

/// The view, signed by the auditor's key under the name of one.
fn signed(made: &Made) -> String {
    let (label, out) = (made.path("label.json"), made.path("view.sigstore.json"));
    done(&["sign", &label, "--assessor", "Review Works", "--key", &made.path("auditor.key"), "--out", &out]);
    out
}

#[test]
fn silence_gives_a_view_and_no_tier() {
    let made = view();
    let label: Value = serde_json::from_slice(&fs::read(made.file("label.json")).unwrap()).unwrap();
    assert_eq!((&label["predicateType"], &label["predicate"]["tier"]["level"]), (&json!(VIEW), &json!(0)));
    for format in ["text", "markdown", "svg", "badge", "html"] {
        let shown = done(&["render", &made.path("label.json"), "--format", format]);
        let said = shown.to_lowercase();
        assert!(said.contains("security facts"), "{format}: {shown}");
        for word in ["tier 0", "unrated", "software security label"] {
            assert!(!said.contains(word), "{format} says {word}: {shown}");
        }
    }
    insta::assert_snapshot!("source_view", made.plain(&done(&["render", &made.path("label.json")])));
    let env = done(&["render", &made.path("label.json"), "--format", "env"]);
    assert!(env.contains("PLIMSOLL_KIND=source-view\n") && env.contains("PLIMSOLL_SOURCE_TIER=0\n"), "{env}");
}

#[test]
fn the_maker_speaks_and_it_is_a_label() {
    let toml = "schema = 1\ndate = 2026-10-01\nreview-by = 2027-10-01\n[product]\nname = \"demo\"\n";
    for (text, kind) in [(toml, LABEL), ("schema = ", LABEL), ("", LABEL)] {
        let made = Made::of(demo().file("plimsoll.toml", text).commit("first"));
        let label: Value = serde_json::from_slice(&fs::read(made.file("label.json")).unwrap()).unwrap();
        assert_eq!(label["predicateType"], kind, "{text}");
        let svg = done(&["render", &made.path("label.json"), "--format", "svg"]);
        // The border of a label is whole; rings around what is not known are dashed there as well.
        assert!(svg.contains("SOFTWARE SECURITY LABEL") && !svg.contains("stroke-dasharray=\"9 6\""), "{text}");
    }
}

#[test]
fn floors_ask_the_tier_or_the_source() {
    let made = view();
    let repository = made.repository();
    for (flags, code, says) in [
        (vec!["--fail-below", "0"], 1, "there is no tier: the maker has not spoken"),
        (vec!["--fail-below", "1"], 1, "there is no tier: the maker has not spoken"),
        (vec!["--fail-below-source", "0"], 0, ""),
        (vec!["--fail-below-source", "1"], 1, "by the source alone it comes to tier 0, which is below 1"),
        (vec![], 0, ""),
    ] {
        let ran = run(&[&["label", &repository, "--as-of", AS_OF], flags.as_slice()].concat());
        assert_eq!(ran.code, code, "{flags:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(says), "{flags:?}: {}", ran.stderr);
    }
}

#[test]
fn signing_says_whose_view_it_is() {
    let made = view();
    let (label, key) = (made.path("label.json"), made.path("auditor.key"));
    let refused = |arguments: &[&str], says: &str| {
        let ran = run(&[&["sign", "--key", &key, "--quiet"], arguments].concat());
        assert_eq!(ran.code, 2, "{arguments:?}");
        assert!(ran.stderr.contains(says) && ran.stderr.lines().count() == 1, "{arguments:?}: {}", ran.stderr);
    };
    refused(&[&label], "signing it says whose view it is (--assessor \"NAME\")");
    refused(&[&label, "--assessor", " "], "one line");
    refused(&[&label, "--assessor", "a\nb"], "one line");
    refused(&[&label, "--assessor", &"x".repeat(300)], "one line");
    let whole = Made::new();
    refused(&[&whole.path("label.json"), "--assessor", "Review Works"], "not an outside view");
    let out = signed(&made);
    let verify = |more: &[&str]| {
        run(&[&["verify", &out, "--key", &made.path("auditor.pub"), "--as-of", LATER, "--quiet"], more].concat())
    };
    let evidence = made.path("evidence.json");
    let ran = verify(&["--evidence", &evidence]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(ran.stdout.starts_with("VERIFIED: an outside view of demo 1.2.3, by Review Works; no"), "{}", ran.stdout);
    assert!(ran.stdout.contains("+ evidence         the label follows from it"), "{}", ran.stdout);
    let json: Value = serde_json::from_str(&verify(&["--format", "json"]).stdout).unwrap();
    let answer = &json["labels"][0];
    let expected = json!(["source-view", "Review Works", null, 0]);
    assert_eq!(json!([answer["form"], answer["assessor"], answer["statedTier"], answer["countedTier"]]), expected);
    // Whoever audits it comes to the same, and there is no tier to confirm.
    let repository = made.repository();
    // Its commit has no plimsoll.toml; where it has one, the maker has spoken.
    assert_eq!(verify(&["--repo", &repository]).code, 0);
    let audit = ["--repo", &repository, "--key", &made.path("auditor.pub"), "--as-of", LATER, "--quiet"];
    let ran = run(&[&["audit", &out], audit.as_slice()].concat());
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    let sign = ["--name", "Other", "--role", "auditor", "--sign-key", &made.path("stranger.key")];
    let ran = run(&[&["countersign", &out], audit.as_slice(), sign.as_slice()].concat());
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(ran.stderr.contains("it is an outside view, which states no tier"), "{}", ran.stderr);
}

/// Each way to have one taken for the other: by its marks, by its members, by what is asked of it.
#[test]
fn a_view_never_passes_for_a_label() {
    let made = view();
    let out = signed(&made);
    let key = made.path("auditor.pub");
    for least in ["0", "1", "2", "3", "4"] {
        let ran = run(&["verify", &out, "--key", &key, "--as-of", LATER, "--min-tier", least]);
        assert_eq!(ran.code, 1, "{least}: {}", ran.stdout);
        assert!(ran.stdout.contains("this is no maker's label"), "{least}: {}", ran.stdout);
    }
    let changes: [(&str, Change); 19] = [
        ("type alone", |label| label["predicateType"] = json!(LABEL)),
        ("type in other case", |label| label["predicateType"] = json!(VIEW.to_uppercase())),
        ("type with a slash", |label| label["predicateType"] = json!(format!("{LABEL}/"))),
        ("no view", |label| drop(label["predicate"].as_object_mut().unwrap().remove("sourceView"))),
        ("view is null", |label| label["predicate"]["sourceView"] = Value::Null),
        ("view is empty", |label| label["predicate"]["sourceView"] = json!({})),
        ("a tier", |label| label["predicate"]["tier"]["level"] = json!(1)),
        ("a high tier", |label| {
            label["predicate"]["tier"] = json!({ "level": 4, "highest": 4, "name": "Corroborated", "sentence": "x" });
        }),
        ("all good", |label| {
            for row in label["predicate"]["sourceView"]["rows"].as_array_mut().unwrap() {
                row["sign"] = json!("good");
            }
        }),
        ("a row less", |label| drop(label["predicate"]["sourceView"]["rows"].as_array_mut().unwrap().remove(0))),
        ("another title", |label| label["predicate"]["sourceView"]["rows"][0]["title"] = json!("Tier 4 of 4")),
        ("carries all", |label| label["predicate"]["sourceLine"]["level"] = json!(4)),
        ("lacks nothing", |label| {
            for rung in label["predicate"]["sourceLine"]["rungs"].as_array_mut().unwrap() {
                rung["missing"] = json!([]);
            }
        }),
        ("a claimant", |label| label["predicate"]["product"]["claimant"] = json!("Acme Ltd.")),
        ("stripped to a label of tier 0", |label| {
            label["predicateType"] = json!(LABEL);
            label["predicate"].as_object_mut().unwrap().remove("sourceView");
        }),
        ("crosses hidden", |label| {
            for row in label["predicate"]["sourceView"]["rows"].as_array_mut().unwrap() {
                if row["sign"] == "bad" {
                    row["sign"] = json!("unknown");
                }
            }
        }),
        ("a name for what nobody knows", |label| {
            label["predicate"]["sourceView"]["onlyMaker"] = json!(["Tier 4 of 4"]);
        }),
        ("no words", |label| label["predicate"]["sourceView"]["rows"][0]["text"] = json!("")),
        ("type and no view", |label| {
            label["predicateType"] = json!(LABEL);
            label["predicate"].as_object_mut().unwrap().remove("sourceView");
            label["predicate"]["tier"]["level"] = json!(4);
        }),
    ];
    for (what, change) in changes {
        let path = made.changed("label.json", "changed.json", change);
        let bundle = made.path("changed.sigstore.json");
        let _ = fs::remove_file(&bundle);
        let sign = |more: &[&str]| {
            let key = made.path("auditor.key");
            run(&[&["sign", &path, "--key", &key, "--out", &bundle, "--quiet"], more].concat()).code
        };
        // It is refused here, or by whoever verifies it: by the practices at hand, without the evidence, and whatever is asked.
        if sign(&[]) == 0 || sign(&["--assessor", "Review Works"]) == 0 {
            for least in [&[] as &[&str], &["--min-tier", "0"], &["--min-tier", "1"]] {
                let ran = run(&[&["verify", &bundle, "--key", &key, "--as-of", LATER], least].concat());
                assert_eq!(ran.code, 1, "{what} {least:?}: {}", ran.stdout);
            }
        }
    }
    // And no label for a view, to be rid of a tier that is low or of a contradiction.
    let whole = Made::new();
    for change in [
        (|label: &mut Value| label["predicateType"] = json!(VIEW)) as Change,
        |label| label["predicate"]["sourceView"] = json!({ "rows": [], "onlyMaker": [] }),
        |label| {
            label["predicateType"] = json!(VIEW);
            label["predicate"]["sourceView"] = json!({ "rows": [], "onlyMaker": [] });
        },
    ] {
        let path = whole.changed("label.json", "changed.json", change);
        let bundle = whole.path("changed.sigstore.json");
        let _ = fs::remove_file(&bundle);
        let key = whole.path("maker.key");
        let ran = run(&["sign", &path, "--assessor", "We", "--key", &key, "--out", &bundle]);
        if ran.code == 0 {
            let ran = run(&["verify", &bundle, "--key", &whole.path("maker.pub"), "--as-of", LATER]);
            assert_eq!(ran.code, 1, "{}", ran.stdout);
        }
    }
}

#[test]
fn plan_diff_and_explain_say_how_far_the_source_carries() {
    let made = view();
    let label = made.path("label.json");
    let plan = done(&["plan", &label]);
    assert!(plan.contains("From no label to tier 1 (Declared): "), "{plan}");
    assert!(plan.contains("there is no plimsoll.toml: run `plimsoll init`"), "{plan}");
    assert!(plan.contains("tier 1 0 of 1, tier 2 "), "{plan}");
    let explained = done(&["explain", "advisories.none-serious", &label]);
    assert!(explained.contains("By the source alone: it is missing for tier 1"), "{explained}");
    let whole = Made::new();
    let diff = run(&["diff", &label, &whole.path("label.json")]);
    assert!(diff.stdout.contains("No label -> tier 0"), "{}", diff.stdout);
    assert!(diff.stdout.contains("an outside view -> a maker's label"), "{}", diff.stdout);
    let clean = Made::of(
        demo()
            .file("Cargo.toml", "[package]\nname = \"demo\"\nversion = \"1.2.3\"\n")
            .without("Cargo.lock")
            .commit("first"),
    );
    let diff = run(&["diff", &label, &clean.path("label.json")]);
    assert!(diff.stdout.contains("No label, as before"), "{}", diff.stdout);
    assert!(diff.stdout.contains("RUSTSEC-2019-0009"), "{}", diff.stdout);
}
