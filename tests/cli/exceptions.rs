//! What the repository says about its findings is shown beside them and never removes one.

use std::fs;

use serde_json::{Value, json};

use crate::{
    common::{AS_OF, evidence_json, facts, label_json, run},
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
        (".trivyignore", "RUSTSEC-2019-0009 exp:2027-01-02\n", false),
        (".trivyignore.yaml", "vulnerabilities: [{id: RUSTSEC-2019-0009, statement: not reachable}]\n", false),
        (
            ".trivyignore.yaml",
            "vulnerabilities: [{id: RUSTSEC-2019-0009, statement: not reachable, expired_at: 2027-01-02, paths: [a]}]\n",
            false,
        ),
        (
            ".trivyignore.yaml",
            "vulnerabilities: [{id: RUSTSEC-2019-0009, statement: not reachable, expired_at: 2027-01-02}]\n",
            true,
        ),
        (".grype.yaml", "ignore: [{vulnerability: RUSTSEC-2019-0009, reason: not reachable}]\n", false),
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

/// A statement of the maker about one finding of `demo`, as a document of each format says it.
fn documents(status: [&str; 3], product: &str, component: &str, time: &str) -> [(&'static str, Value); 3] {
    let [openvex, cyclonedx, csaf] = status;
    let purl = |purl: &str| json!({"purl": purl});
    [
        (
            ".vex/demo.json",
            json!({"@context": "https://openvex.dev/ns/v0.2.0", "@id": "https://acme.dev/1", "author": "acme", "timestamp": time,
                "version": 1, "statements": [{"vulnerability": {"name": "RUSTSEC-2019-0009"}, "status": openvex,
                "justification": "vulnerable_code_not_in_execute_path",
                "products": [{"@id": product, "subcomponents": [{"@id": component}]}]}]}),
        ),
        (
            "vex.cdx.json",
            json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"timestamp": time,
                "component": {"type": "application", "name": "demo", "bom-ref": "demo", "purl": product}},
                "vulnerabilities": [{"id": "RUSTSEC-2019-0009", "affects": [{"ref": component}],
                "analysis": {"state": cyclonedx, "justification": "code_not_reachable"}}]}),
        ),
        (
            "acme-1.csaf.json",
            json!({"document": {"category": "csaf_vex", "csaf_version": "2.0",
                "tracking": {"status": "final", "current_release_date": time}},
                "product_tree": {"full_product_names": [
                    {"product_id": "P", "name": "demo", "product_identification_helper": purl(product)},
                    {"product_id": "C", "name": "smallvec", "product_identification_helper": purl(component)}],
                    "relationships": [{"category": "default_component_of", "product_reference": "C",
                    "relates_to_product_reference": "P", "full_product_name": {"product_id": "CP", "name": "x"}}]},
                "vulnerabilities": [{"ids": [{"system_name": "RustSec", "text": "RUSTSEC-2019-0009"}],
                "product_status": {csaf: ["CP"]}, "flags": [{"label": "component_not_present", "product_ids": ["CP"]}]}]}),
        ),
    ]
}

const NOT_AFFECTED: [&str; 3] = ["not_affected", "not_affected", "known_not_affected"];

/// Whether the finding is handled, and the exceptions that it is shown with.
fn answered(evidence: &Value) -> (bool, Value) {
    let ids: Vec<_> = facts(evidence, "advisory-finding").iter().map(|one| one["body"]["advisory"].clone()).collect();
    assert!(
        ids.contains(&"RUSTSEC-2019-0009".into()) && ids.contains(&"RUSTSEC-2019-0012".into()),
        "a finding is gone: {ids:?}"
    );
    let findings = facts(evidence, "advisory-finding");
    let handled = findings.iter().filter(|one| one["body"]["handled"] == true).count();
    let finding = findings.iter().find(|one| one["body"]["advisory"] == "RUSTSEC-2019-0009").unwrap();
    assert_eq!(handled, usize::from(finding["body"]["handled"] == true), "another finding is answered");
    (handled == 1, finding["body"]["exceptions"].clone())
}

#[test]
fn a_vex_document_is_the_makers_word_and_removes_nothing() {
    let (product, component, day) = ("pkg:cargo/demo", "pkg:cargo/smallvec", "2026-06-01T00:00:00Z");
    let affected = ["affected", "exploitable", "known_affected"];
    for (number, (file, _)) in documents(NOT_AFFECTED, product, component, day).iter().enumerate() {
        for (status, product, component, time, shown, handled) in [
            (NOT_AFFECTED, product, component, day, 1, true),
            (NOT_AFFECTED, "pkg:cargo/other", component, day, 0, false),
            (NOT_AFFECTED, product, "pkg:cargo/smallvec@9.9.9", day, 0, false),
            (NOT_AFFECTED, product, component, "2025-10-31T00:00:00Z", 1, false),
            (NOT_AFFECTED, product, component, "2027-01-01T00:00:00Z", 1, false),
            (NOT_AFFECTED, product, component, "once", 1, false),
            (affected, product, component, day, 1, false),
        ] {
            let document = documents(status, product, component, time)[number].1.to_string();
            let evidence = evidence_json(demo().file(file, document).commit("first").path());
            let (answers, exceptions) = answered(&evidence);
            let list = exceptions.as_array().unwrap();
            assert_eq!((list.len(), answers), (shown, handled), "{file} {status:?} {product} {component} {time}");
            assert!(list.iter().all(|one| one["file"] == *file && one["valid"] == handled));
        }
    }
}

#[test]
fn a_vex_document_is_given_as_an_input() {
    let repo = demo().commit("first");
    let folder = tempfile::tempdir().unwrap();
    let path = repo.path().display().to_string();
    let collect = |text: &str| -> Value {
        let file = folder.path().join("given.json");
        fs::write(&file, text).unwrap();
        let ran = run(&["collect", &path, "--as-of", AS_OF, "--quiet", "--vex", &file.display().to_string()]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        serde_json::from_str(&ran.stdout).unwrap()
    };
    let plain = evidence_json(repo.path());
    assert_eq!(answered(&plain), (false, json!([])));
    for (_, document) in documents(NOT_AFFECTED, "pkg:cargo/demo", "pkg:cargo/smallvec", "2026-06-01T00:00:00Z") {
        let evidence = collect(&document.to_string());
        let (handled, exceptions) = answered(&evidence);
        assert_eq!(
            (handled, &exceptions[0]["file"], &exceptions[0]["until"]),
            (true, &"--vex".into(), &"2027-06-01".into())
        );
        assert_eq!(evidence["inputs"]["vex"]["digest"]["sha256"].as_str().unwrap().len(), 64);
    }
    for bad in ["", "{}", "[]", "not json", "{\"bomFormat\": \"CycloneDX\"}", "\u{0}"] {
        let evidence = collect(bad);
        let report = &evidence["kinds"]["advisory-exception"];
        assert_eq!(report["status"], "partial", "{bad}");
        assert!(report["reason"].as_str().unwrap().contains("--vex"), "{bad}: {report}");
        assert_eq!(answered(&evidence), (false, json!([])), "{bad}");
    }
}

/// What is written says what the evidence says: given back in the place of the exception, it answers the same and nothing else.
#[test]
fn a_vex_document_that_is_written_is_read_back() {
    let with = demo().file("plimsoll.toml", CLAIMS).commit("first");
    let plain = demo().commit("first");
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).display().to_string();
    let path = with.path().display().to_string();
    let evidence = run(&["collect", &path, "--as-of", AS_OF, "--quiet"]);
    fs::write(file("evidence.json"), &evidence.stdout).unwrap();
    for (format, states) in
        [("openvex", ["not_affected", "under_investigation"]), ("cyclonedx-vex", ["not_affected", "in_triage"])]
    {
        let write = |target: &str| {
            let ran = run(&["inspect", "advisories", target, "--as-of", AS_OF, "--format", format, "--quiet"]);
            assert_eq!(ran.code, 0, "{}", ran.stderr);
            ran.stdout
        };
        let written = write(&path);
        assert_eq!(written, write(&path));
        let value: Value = serde_json::from_str(&written).unwrap();
        for word in
            states.into_iter().chain(["RUSTSEC-2019-0009", "RUSTSEC-2019-0012", "not reachable", "pkg:cargo/demo@"])
        {
            assert!(written.contains(word), "{format}: {word}\n{written}");
        }
        // Of stored evidence it is the same.
        assert_eq!(value, serde_json::from_str::<Value>(&write(&file("evidence.json"))).unwrap());
        fs::write(file("given.json"), &written).unwrap();
        let repository = plain.path().display().to_string();
        let ran = run(&["collect", &repository, "--as-of", AS_OF, "--quiet", "--vex", &file("given.json")]);
        let evidence: Value = serde_json::from_str(&ran.stdout).unwrap();
        let (handled, exceptions) = answered(&evidence);
        // What was said in October stays of October.
        assert_eq!((handled, &exceptions[0]["reason"]), (true, &"not reachable".into()), "{format}");
        assert_eq!(exceptions[0]["said"], "2026-10-01T00:00:00Z");
        assert_eq!(evidence["kinds"]["advisory-exception"]["status"], "searched", "{format}");
    }
    let lockfile = file("Cargo.lock");
    fs::write(&lockfile, "version = 4\n").unwrap();
    for (target, told) in [(lockfile.as_str(), "of a repository or of evidence"), ("nowhere", "nowhere")] {
        let ran = run(&["inspect", "advisories", target, "--format", "openvex"]);
        assert_eq!(ran.code, 2, "{target}");
        assert!(ran.stderr.contains(told) && ran.stdout.is_empty(), "{}", ran.stderr);
    }
}

#[test]
fn who_answers_for_an_exception_is_shown_and_kept() {
    let claims = CLAIMS.replace("until =", "who = \"Ada, security\"\nuntil =");
    let repo = demo().file("plimsoll.toml", &claims).commit("first");
    let evidence = evidence_json(repo.path());
    assert_eq!(facts(&evidence, "advisory-exception")[0]["body"]["who"], "Ada, security");
    let label = label_json(repo.path());
    let findings = label["predicate"]["findings"].as_array().unwrap();
    let finding = findings.iter().find(|one| one["advisory"] == "RUSTSEC-2019-0009").unwrap();
    assert_eq!(
        (&finding["exceptions"][0]["who"], &finding["exceptions"][0]["valid"]),
        (&"Ada, security".into(), &true.into())
    );
    let path = repo.path().display().to_string();
    let ran = run(&["label", &path, "--as-of", AS_OF, "--quiet", "--format", "markdown"]);
    assert!(ran.stdout.contains("Ada, security"), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn what_is_exploited_comes_first_and_changes_no_outcome() {
    let repo = demo().commit("first");
    let path = repo.path().display().to_string();
    let evidence = evidence_json(repo.path());
    let known = facts(&evidence, "advisory-finding");
    // Not the first: the order has to change.
    let (first, last) = (&known[0]["body"], &known.last().unwrap()["body"]);
    let cve = last["aliases"].as_array().unwrap().iter().find(|id| id.as_str().unwrap().starts_with("CVE-")).unwrap();
    let (first, last, cve) =
        (first["advisory"].as_str().unwrap(), last["advisory"].as_str().unwrap(), cve.as_str().unwrap());
    assert_ne!(first, last);
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        fs::write(folder.path().join(name), text).unwrap();
        folder.path().join(name).display().to_string()
    };
    let kev = file("kev.csv", &format!("cveID,notes,dateAdded\n{cve},\"a, b\",2026-08-01\n"));
    let scores = format!("#model_version:v1,score_date:2026-08-02T00:00:00+0000\ncve,epss,percentile\n{cve},0.5,0.9\n");
    let epss = file("epss.csv", &scores);
    let given = ["--kev", &kev, "--epss", &epss];
    let label = |more: &[&str]| -> Value {
        let ran = run(&[&["label", &path, "--as-of", AS_OF, "--quiet", "--format", "json"], more].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        serde_json::from_str::<Value>(&ran.stdout).unwrap()["predicate"].clone()
    };
    let (plain, marked) = (label(&[]), label(&given));
    let finding = &marked["findings"][0];
    assert_eq!((&finding["advisory"], &finding["knownExploited"]), (&last.into(), &"2026-08-01".into()));
    assert_eq!(finding["epss"], json!({"probability": "0.5", "percentile": "0.9", "date": "2026-08-02"}));
    assert!(plain["findings"].as_array().unwrap().iter().all(|one| one.get("knownExploited").is_none()));
    assert_eq!(plain["findings"][0]["advisory"], first);
    let outcomes = |label: &Value| -> Vec<String> {
        label["criteria"].as_array().unwrap().iter().map(|one| format!("{} {}", one["id"], one["outcome"])).collect()
    };
    assert_eq!(outcomes(&plain), outcomes(&marked));
    assert_eq!(plain["tier"], marked["tier"]);
    let shown = |arguments: &[&str]| {
        let ran = run(&[arguments, &["--as-of", AS_OF, "--quiet"], &given].concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stdout
    };
    for format in ["markdown", "html"] {
        // Markdown writes a parenthesis with a backslash.
        let text = shown(&["label", &path, "--format", format]).replace('\\', "");
        assert!(text.contains("known to be exploited (1 Aug 2026), EPSS 0.5 of 2 Aug 2026"), "{format}: {text}");
    }
    let text = shown(&["inspect", "advisories", &path]);
    let place = |id: &str| text.find(&format!("advisory={id}")).unwrap_or_else(|| panic!("{id}: {text}"));
    assert!(place(last) < place(first) && text.contains("knownExploited=2026-08-01"), "{text}");
    let lock = repo.path().join("Cargo.lock");
    if lock.is_file() {
        let text = shown(&["inspect", "advisories", &lock.display().to_string()]);
        assert!(text.lines().nth(1).unwrap().starts_with(last) && text.contains("known to be exploited"), "{text}");
    }
    let ran = run(&["plan", &path, "--as-of", AS_OF, "--to", "4", "--format", "json", "--kev", &kev]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let plan: Value = serde_json::from_str(&ran.stdout).unwrap();
    let step = &plan["steps"][0];
    assert!(step["now"].as_str().unwrap().contains(&format!("known to be exploited: {last}")), "{step}");
    assert_eq!(step["places"][0], format!("advisory {last}"));
    // What is no such list is refused, and one that is broken inside is not used.
    let ran = run(&["label", &path, "--as-of", AS_OF, "--quiet", "--kev", &epss]);
    assert!(
        ran.code == 2 && ran.stderr.contains("not the catalogue of known exploited vulnerabilities"),
        "{}",
        ran.stderr
    );
    let broken = file("broken.csv", &format!("cveID,dateAdded\n{cve},soon\n"));
    let label = label(&["--kev", &broken]);
    assert!(label["findings"].as_array().unwrap().iter().all(|one| one.get("knownExploited").is_none()));
    assert!(label["limitations"].to_string().contains("(--kev) cannot be read"), "{label}");
}
