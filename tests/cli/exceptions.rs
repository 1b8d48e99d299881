//! What the repository says about its findings is shown beside them and never removes one.

use crate::{
    common::{evidence_json, facts, label_json},
    label::demo,
};

const CLAIMS: &str = "schema = 1\ndate = 2026-10-01\nreview-by = 2027-10-01\n[product]\nname = \"demo\"\n[[exception]]\nadvisory = \"RUSTSEC-2019-0009\"\nreason = \"not reachable\"\nuntil = 2027-01-01\n";

#[test]
fn an_ignore_file_never_removes_a_finding() {
    let without = label_json(demo().commit("first").path());
    let ids = |label: &serde_json::Value| -> Vec<String> {
        label["predicate"]["findings"].as_array().unwrap().iter().map(|one| one["advisory"].to_string()).collect()
    };
    for (file, text, valid) in [
        ("audit.toml", "[advisories]\nignore = [\"RUSTSEC-2019-0009\"]\n", false),
        (".cargo/audit.toml", "[advisories]\nignore = [\"RUSTSEC-2019-0009\"]\n", false),
        ("deny.toml", "[advisories]\nignore = [{ id = \"RUSTSEC-2019-0009\", reason = \"not reachable\" }]\n", false),
        (
            "osv-scanner.toml",
            "[[IgnoredVulns]]\nid = \"RUSTSEC-2019-0009\"\nignoreUntil = 2027-01-01\nreason = \"not reachable\"\n",
            true,
        ),
        (
            "osv-scanner.toml",
            "[[IgnoredVulns]]\nid = \"RUSTSEC-2019-0009\"\nignoreUntil = 2026-01-01\nreason = \"not reachable\"\n",
            false,
        ),
        ("plimsoll.toml", CLAIMS, true),
    ] {
        let label = label_json(demo().file(file, text).commit("first").path());
        assert_eq!(ids(&label), ids(&without), "{file}");
        let findings = label["predicate"]["findings"].as_array().unwrap();
        let finding = findings.iter().find(|one| one["advisory"] == "RUSTSEC-2019-0009").unwrap();
        let exceptions = finding["exceptions"].as_array().unwrap();
        assert_eq!(exceptions.len(), 1, "{file}: it is not shown");
        assert_eq!((exceptions[0]["file"].as_str().unwrap(), exceptions[0]["valid"].as_bool().unwrap()), (file, valid));
        let other = findings.iter().find(|one| one["advisory"] == "RUSTSEC-2019-0012").unwrap();
        assert_eq!(other["exceptions"].as_array().unwrap().len(), 0, "{file}");
    }
}

#[test]
fn an_exception_has_an_end_that_is_near_and_lapses_with_its_file() {
    for (from, to) in [
        ("until = 2027-01-01", "until = 9999-12-31"),
        ("until = 2027-01-01", "until = 2027-11-02"),
        ("date = 2026-10-01\nreview-by = 2027-10-01", "date = 2020-01-01\nreview-by = 2021-01-01"),
        ("date = 2026-10-01", "date = 2027-01-01"),
    ] {
        let claims = CLAIMS.replacen(from, to, 1);
        assert_ne!(claims, CLAIMS);
        let evidence = evidence_json(demo().file("plimsoll.toml", &claims).commit("first").path());
        let exception = &facts(&evidence, "advisory-exception")[0]["body"];
        assert_eq!((&exception["valid"], &exception["matches"]), (&false.into(), &true.into()), "{to}");
        assert!(exception["problem"].is_string(), "{to}");
        for finding in facts(&evidence, "advisory-finding") {
            assert_eq!(finding["body"]["handled"], false, "{to}");
        }
    }
}

/// What the maker alone calls an example or a fixture hid its secrets and its known holes.
#[test]
fn a_path_class_of_the_maker_takes_nothing_out() {
    let repository = || demo().file("deploy/token.txt", "glpat-aB3dE5gH7jK9mN1pQ2rS\n");
    let plain = label_json(repository().file("plimsoll.toml", CLAIMS).commit("first").path());
    let words = "[paths]\nexample = [\"deploy/**\"]\nfixture = [\"inner/**\"]\n";
    let told = label_json(repository().file("plimsoll.toml", format!("{CLAIMS}{words}")).commit("first").path());
    let outcomes = |label: &serde_json::Value| -> Vec<String> {
        let criteria = label["predicate"]["criteria"].as_array().unwrap();
        criteria.iter().map(|one| format!("{} {}", one["id"], one["outcome"])).collect()
    };
    assert_eq!(outcomes(&told), outcomes(&plain));
    assert!(outcomes(&told).contains(&"\"secrets.none-found\" \"unmet\"".to_owned()));
    assert_eq!(told["predicate"]["findings"], plain["predicate"]["findings"]);
    let limitations = told["predicate"]["limitations"].to_string();
    assert!(limitations.contains("The maker says that deploy/token.txt is example only"), "{limitations}");
}

#[test]
fn a_broken_ignore_file_is_a_gap_and_hides_nothing() {
    for (file, text) in [
        ("audit.toml", "[advisories\n"),
        ("deny.toml", "[advisories]\nignore = 3\n"),
        ("plimsoll.toml", "nonsense = ["),
    ] {
        let evidence = evidence_json(demo().file(file, text).commit("first").path());
        assert_eq!(evidence["kinds"]["advisory-exception"]["status"], "partial", "{file}");
        assert!(evidence["kinds"]["advisory-exception"]["reason"].as_str().unwrap().contains(file));
        assert!(!facts(&evidence, "advisory-finding").is_empty());
    }
}
