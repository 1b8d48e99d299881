//! A report that its issuer signs: verified by its signer, its commit and its day, and made again from its evidence.

use std::fs;

use serde_json::{Value, json};

use crate::{
    common::{Ran, run},
    label::demo,
    labels::{LATER, Made, done},
};

const CLAIMS: &str = "schema = 1\ndate = 2026-10-01\nreview-by = 2027-10-01\n[product]\nname = \"demo\"\nversion = \"1.2.3\"\n\
                      url = \"https://github.com/example/demo\"\n[issuer]\nname = \"Example Foundation\"\n";

/// A repository, its evidence, and a signed report of it.
fn issued() -> Made {
    let made = Made::of(demo().file("plimsoll.toml", CLAIMS).commit("first"));
    let (evidence, statement) = (made.path("evidence.json"), made.path("report.json"));
    done(&["report", "article-25", &evidence, "--format", "statement", "--out", &statement]);
    done(&["sign", &statement, "--key", &made.path("maker.key")]);
    made
}

/// What is changed in a report, by name, and what is then said.
type Plant<'a> = (&'a str, &'a dyn Fn(&mut Value), &'a str);

fn ask(made: &Made, bundle: &str, more: &[&str]) -> Ran {
    let (bundle, key) = (made.path(bundle), made.path("maker.pub"));
    run(&[&["verify", &bundle, "--key", &key, "--as-of", LATER, "--quiet"], more].concat())
}

#[test]
fn a_signed_report_is_verified_and_made_again() {
    let made = issued();
    let (repository, evidence) = (made.repository(), made.path("evidence.json"));
    let ran = ask(&made, "report.sigstore.json", &["--evidence", &evidence, "--repo", &repository, "--max-age", "30"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    insta::with_settings!({filters => vec![
        (r"SHA256:[0-9a-f]{16}", "SHA256:KEY"), (r"commit [0-9a-f]{40}", "commit COMMIT")]}, {
        insta::assert_snapshot!("verified_report", ran.stdout);
    });
    // Without the evidence it is the word of who signed, and that is said.
    let ran = ask(&made, "report.sigstore.json", &[]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(ran.stdout.contains("Without its evidence: what it says rests on the word"), "{}", ran.stdout);
    let ran = ask(&made, "report.sigstore.json", &["--format", "json"]);
    let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
    let one = &answer["labels"][0];
    assert_eq!((&one["form"], &one["countedTier"], &one["statedTier"]), (&json!("report"), &json!(0), &Value::Null));
}

#[test]
fn what_a_report_is_not_is_said() {
    let made = issued();
    let evidence = made.path("evidence.json");
    let signed = |name: &str, change: &dyn Fn(&mut Value)| {
        made.changed("report.json", &format!("{name}.json"), change);
        let ran = run(&["sign", &made.path(&format!("{name}.json")), "--key", &made.path("maker.key"), "--quiet"]);
        (ran, format!("{name}.sigstore.json"))
    };
    // The issuer's own key over answers that do not follow, over a member that nobody reads, over another day.
    let planted: [Plant<'_>; 5] = [
        ("answer", &|report| report["predicate"]["entries"][3]["answer"] = "evidence".into(), "its entry"),
        ("counts", &|report| report["predicate"]["counts"]["evidence"] = 22.into(), "besides its entries"),
        ("member", &|report| report["predicate"]["conforms"] = true.into(), "besides its entries"),
        ("digest", &|report| report["predicate"]["evidence"]["sha256"] = "0".repeat(64).into(), "other evidence"),
        (
            "rules",
            &|report| report["predicate"]["practices"]["tiers/plimsoll.toml"]["sha256"] = "0".into(),
            "other practices",
        ),
    ];
    for (name, change, says) in planted {
        let (ran, bundle) = signed(name, change);
        assert_eq!(ran.code, 0, "{name}: {}", ran.stderr);
        let ran = ask(&made, &bundle, &["--evidence", &evidence]);
        assert_eq!(ran.code, 1, "{name}: {}", ran.stdout);
        assert!(ran.stdout.contains("NOT VERIFIED") && ran.stdout.contains(says), "{name}: {}", ran.stdout);
    }
    let (_, bundle) = signed("ahead", &|report| report["predicate"]["asOf"] = "2027-01-01T00:00:00Z".into());
    assert!(ask(&made, &bundle, &[]).stdout.contains("which is to come"));
    // A statement whose subjects are others than those of its text is not signed, and neither is one of another version.
    for (name, change) in [
        ("subject", (|report| report["subject"][0]["digest"]["gitCommit"] = "4".repeat(40).into()) as fn(&mut Value)),
        ("version", |report| report["predicate"]["schemaVersion"] = "2.0".into()),
        ("none", |report| report["predicate"] = json!({})),
    ] {
        let (ran, _) = signed(name, &change);
        assert_eq!((ran.code, ran.stderr.lines().count()), (2, 1), "{name}: {}", ran.stderr);
    }
    let assessed =
        run(&["sign", &made.path("report.json"), "--key", &made.path("maker.key"), "--assessor", "A", "--quiet"]);
    assert_eq!(assessed.code, 2, "{}", assessed.stderr);
}

#[test]
fn a_report_answers_what_is_asked_of_it() {
    let made = issued();
    let other = demo().file("plimsoll.toml", CLAIMS).commit("another");
    let other = other.path().display().to_string();
    let (stranger, label) = (made.path("stranger.pub"), made.path("label.json"));
    for (more, says) in [
        (vec!["--repo", other.as_str()], "and not about commit"),
        (vec!["--artifact", label.as_str()], "it is not about"),
        (vec!["--max-age", "3"], "days old"),
        (vec!["--min-tier", "1"], "a report states no tier"),
        (vec!["--as-of", "2026-10-01T00:00:00Z"], "which is to come"),
    ] {
        let more = if more[0] == "--as-of" {
            run(&[
                "verify",
                &made.path("report.sigstore.json"),
                "--key",
                &made.path("maker.pub"),
                more[0],
                more[1],
                "--quiet",
            ])
        } else {
            ask(&made, "report.sigstore.json", &more)
        };
        assert_eq!(more.code, 1, "{says}: {}{}", more.stdout, more.stderr);
        assert!(more.stdout.split_whitespace().collect::<Vec<_>>().join(" ").contains(says), "{says}: {}", more.stdout);
    }
    let ran = run(&["verify", &made.path("report.sigstore.json"), "--key", &stranger, "--as-of", LATER, "--quiet"]);
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    assert!(!ran.stdout.contains("format: a report of") && ran.stdout.contains("x signature"), "{}", ran.stdout);
    // A label is no report, and a report no label.
    let bundle = made.path("report.sigstore.json");
    let audited = made.audit(&bundle, &[]);
    assert_eq!(audited.code, 2, "{}{}", audited.stdout, audited.stderr);

    // Revoked by who signed it, it is over; by a stranger, it is not.
    for (key, code) in [("stranger.key", 0), ("maker.key", 1)] {
        let revocation = made.path(&format!("{key}.revocation.json"));
        done(&[
            "revoke",
            &bundle,
            "--key",
            &made.path(key),
            "--reason",
            "a wrong claim",
            "--as-of",
            "2026-11-10T00:00:00Z",
            "--out",
            &revocation,
        ]);
        let ran = ask(&made, "report.sigstore.json", &["--with", &revocation]);
        assert_eq!(ran.code, code, "{key}: {}", ran.stdout);
    }
    fs::write(made.file("odd.json"), "{").unwrap();
    let ran = ask(&made, "report.sigstore.json", &["--with", &made.path("odd.json")]);
    assert_eq!(ran.code, 1, "{}", ran.stdout);
}
