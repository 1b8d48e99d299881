//! The program recognises its own advice: what each criterion says to add or change, applied to the smallest project, makes
//! it met.

use std::{collections::BTreeSet, sync::Mutex};

use plimsoll_testkit::Repo;

use crate::common::label_json;

const MANIFEST: &str =
    "[package]\nname = \"small\"\nversion = \"1.0.0\"\nedition = \"2021\"\n\n[dependencies]\nsmallvec = \"1\"\n";
const LOCK: &str = "version = 4\n\n[[package]]\nname = \"small\"\nversion = \"1.0.0\"\ndependencies = [\"smallvec\"]\n\n[[package]]\nname = \"smallvec\"\nversion = \"1.13.2\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"3c5e1a9a646d36c3599cd173a41282daf47c44583ad367b8e6837255952e5c67\"\n";
const CHECKOUT: &str = "uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683";
const TEST: &str = "#[test]\nfn adds() {\n    assert_eq!(small::two(), 2);\n}\n";
const TEXT: &str = "# A page\n\nEvery change is proposed as a pull request, reviewed by a second person and tested before it is merged\ninto the main branch; input is not trusted and must be bounded, and TLS is on by default for security.\n";
const GUIDE: &str = "# Contributing\n\nFork the repository and open a pull request. Run `cargo test` first. A maintainer reviews each change.\nMaintainers use two-factor authentication, and sign their commits.\n";
const README: &str = "# small\n\nA small library that adds two numbers for other programs.\n\n## Installation\n\nAdd it with `cargo add small`.\n\n## Tests\n\nThey are run with `cargo test`.\n\n## Building\n\nRun `cargo build --release`.\n";

/// A workflow with these triggers, whose one job has these steps after the checkout.
fn workflow(on: &str, steps: &str) -> String {
    format!(
        "name: ci\non: {on}\npermissions:\n  contents: read\njobs:\n  check:\n    runs-on: ubuntu-latest\n    steps:\n      - {CHECKOUT}\n{steps}"
    )
}

fn claims(more: &str) -> String {
    format!("schema = 1\ndate = 2026-10-01\nreview-by = 2027-10-01\n\n[product]\nname = \"small\"\n{more}\n")
}

/// What a criterion says to write, as files.
fn advised(id: &str) -> Option<Vec<(&'static str, String)>> {
    let changes = "[push, pull_request]";
    let ci = |on: &str, steps: &str| vec![(".github/workflows/ci.yml", workflow(on, steps))];
    let claim = |more: &str| vec![("plimsoll.toml", claims(more))];
    let data = |category: &str| claim(&format!("[data.{category}]\ncollects = false\nstores = false\nshares = false"));
    let text = |path: &'static str| vec![(path, TEXT.to_owned())];
    let security = "# Security\n\nPlease report vulnerabilities in private to security@acme.dev.\nWe answer within 5 days. The latest version gets fixes.\n";
    let bot =
        "version: 2\nupdates:\n  - package-ecosystem: cargo\n    directory: /\n    schedule:\n      interval: weekly\n";
    Some(match id {
        "advisories.watched" | "deps.updated-by-bot" => vec![(".github/dependabot.yml", bot.to_owned())],
        "build.toolchain-pinned" => vec![("rust-toolchain.toml", "[toolchain]\nchannel = \"1.95.0\"\n".to_owned())],
        "code.tools-named" => {
            let mut files = ci(changes, "      - run: cargo test\n");
            files.push(("rust-toolchain.toml", "[toolchain]\nchannel = \"1.95.0\"\n".to_owned()));
            files
        }
        "build.hardened" => vec![("Cargo.toml", format!("{MANIFEST}\n[profile.release]\noverflow-checks = true\n"))],
        "code.memory-safe" => {
            vec![(
                "Cargo.toml",
                format!("{MANIFEST}\n[workspace.lints.rust]\nunsafe_code = \"forbid\"\n\n[lints]\nworkspace = true\n"),
            )]
        }
        "ci.tests-gate" => {
            let mut files = ci(changes, "      - run: cargo test\n");
            files.push(("tests/small.rs", TEST.to_owned()));
            files
        }
        "ci.runs-on-change"
        | "ci.isolated"
        | "workflows.least-privilege"
        | "workflows.actions-pinned"
        | "workflows.none-dangerous" => ci(changes, "      - run: cargo test\n"),
        "ci.lint-gates" => ci(changes, "      - run: cargo clippy -- -D warnings\n"),
        "ci.leaves-evidence" => ci(
            "{push: {tags: ['v*']}}",
            "      - run: cargo build --release\n      - uses: actions/attest-build-provenance@0123456789abcdef0123456789abcdef01234567\n        with: {subject-path: target/release/small}\n",
        ),
        "ci.scheduled-analysis" => ci("{schedule: [{cron: '0 4 * * *'}]}", "      - run: cargo audit\n"),
        "code.similar-sought" => {
            ci("{pull_request: , schedule: [{cron: '0 4 * * *'}]}", "      - run: semgrep scan --error\n")
        }
        "project.licence-kept" | "project.licence-placed" | "project.licence-open-source" => {
            vec![("LICENSE", include_str!("../../LICENSE-MIT").to_owned())]
        }
        "project.changes-recorded" => {
            vec![("CHANGELOG.md", "# Changelog\n\n## 1.0.0\n\n- The first release.\n".to_owned())]
        }
        "deps.audited" => ci("{pull_request: , schedule: [{cron: '0 4 * * *'}]}", "      - run: cargo audit\n"),
        "deps.policy-enforced" => {
            let mut files = ci(changes, "      - run: cargo deny check\n");
            files.push(("deny.toml", "[advisories]\n[licenses]\n[sources]\n".to_owned()));
            files
        }
        "release.sbom-published" => ci(
            "{push: {tags: ['v*']}}",
            "      - run: plimsoll label . --out out\n      - uses: actions/upload-artifact@0123456789abcdef0123456789abcdef01234567\n        with: {name: sbom, path: out}\n",
        ),
        "deps.locked" => vec![("Cargo.lock", LOCK.to_owned())],
        "deps.listed" => Vec::new(),
        "project.documented" | "tests.documented" | "project.build-documented" => {
            vec![("README.md", README.to_owned())]
        }
        "policy.review-rules" | "policy.infrastructure-rules" => vec![("CONTRIBUTING.md", GUIDE.to_owned())],
        "policy.contributing" => text("CONTRIBUTING.md"),
        "policy.requirements" => text("ARCHITECTURE.md"),
        "policy.threat-model" => text("docs/threat-model.md"),
        "policy.configuration" => text("docs/configuration.md"),
        "policy.decisions" => vec![("CHANGELOG.md", "# Changelog\n\n## 1.0.0\n\n- The first.\n".to_owned())],
        "policy.roles" | "policy.people-named" => {
            vec![("MAINTAINERS.md", "# Maintainers\n\n- Ada Lovelace <ada@acme.dev>\n".to_owned())]
        }
        "policy.code-owners" => vec![(".github/CODEOWNERS", "* @acme/team\n".to_owned())],
        "reporting.policy-published"
        | "reporting.policy-complete"
        | "reporting.contact-named"
        | "reporting.answer-time" => {
            vec![("SECURITY.md", security.to_owned())]
        }
        "tests.present" => {
            vec![("tests/small.rs", TEST.to_owned())]
        }
        "claims.practices-answered" => {
            let ids = "PO.1 PO.2 PO.3 PO.4 PO.5 PS.1 PS.2 PS.3 PW.1 PW.2 PW.4 PW.5 PW.6 PW.7 PW.8 PW.9 RV.1 RV.2 RV.3";
            let answers: String = ids.split(' ').map(|id| format!("\"{id}\" = \"no\"\n")).collect();
            claim(&format!("[claims.\"ssdf-1.1\"]\n{answers}"))
        }
        "claims.attestations-answered" => {
            let answers: String =
                "C.1 C.2 C.3 C.4 C.5 P.1 P.2 P.3 P.4 P.5".split(' ').map(|id| format!("\"{id}\" = \"no\"\n")).collect();
            claim(&format!("[claims.\"cswp-23\"]\n{answers}"))
        }
        "claims.reporting-answered" => claim("[claims.\"cswp-23\"]\n\"S.2\" = \"no\""),
        "claims.none-expired" | "product.dated" => claim(""),
        "claims.data-stated" => claim(
            &["personal", "location", "sensitive", "derived-or-shared"]
                .map(|category| format!("[data.{category}]\ncollects = false\nstores = false\nshares = false\n"))
                .concat(),
        ),
        "data.personal-stated" => data("personal"),
        "data.location-stated" => data("location"),
        "data.sensitive-stated" => data("sensitive"),
        "data.derived-or-shared-stated" => data("derived-or-shared"),
        "data.protection-stated" => claim("[data.protection]\nprotection = \"encrypted in storage and in transit\""),
        "product.claimant-named" => claim("claimant = \"Acme Ltd\"\ncontact = \"security@acme.dev\""),
        "product.issuer-named" | "product.issuer-contact" => claim(
            "[issuer]\nname = \"Acme Ltd\"\naddress = \"Long Street 1, 1000 Town\"\nwebsite = \"https://acme.dev\"\n\
             contact = \"Ada Miller\"\nrole = \"Director\"",
        ),
        "product.scope-stated" => claim("version = \"1.0.0\"\n[scope]\ninside = [\"the library\"]"),
        "product.agrees-with-manifest" => claim("version = \"1.0.0\""),
        "product.platforms-stated" => claim("platforms = [\"Linux\"]\ndelivery = \"source\""),
        "product.address-given" => claim("url = \"https://acme.dev\""),
        "product.support-promised" => claim("[support]\nstatus = \"supported\"\nuntil = 2028-01-01"),
        "product.update-method-stated" => claim("[support]\nupdate-method = \"manual\""),
        _ => return None,
    })
}

/// Criteria whose advice is no file of the tree alone, and why.
const NOT_FILES: &[(&str, &str)] = &[
    ("advisories.", "its advice is to update packages, and newer data"),
    ("build.hardened-builder", "needs a builder and its signature"),
    ("build.known-builder", "needs a builder and its signature"),
    ("deps.crypto-well-known", "needs a dependency of the registry"),
    ("deps.licences-open", "needs the sources of crates, or a lockfile that names licences"),
    ("files.", "its advice is to remove or rename what is there"),
    ("forge.", "needs a snapshot of settings at the code host"),
    ("history.", "needs signatures, a second person or an earlier evidence"),
    ("label.countersigned", "needs an auditor"),
    ("product.claimant-proven", "needs a signature and a trust policy"),
    ("product.seen-in-source", "needs a tag"),
    ("product.version-tagged", "needs a tag"),
    ("release.", "needs tags, signatures or files of a release"),
    ("results.", "needs reports of other tools"),
    ("secrets.none-found", "its advice is to remove what is there"),
    ("secrets.none-in-history", "needs the scan of the history"),
    ("signatures.", "needs signatures and a trust policy"),
    ("source.", "needs summaries of the forge"),
];

#[test]
fn each_advice_makes_its_criterion_met() {
    let small = || Repo::new().file("Cargo.toml", MANIFEST).file("src/lib.rs", "pub fn two() -> u8 { 2 }\n");
    let first = label_json(small().commit("first").path());
    let ids: BTreeSet<String> = first["predicate"]["criteria"]
        .as_array()
        .unwrap()
        .iter()
        .map(|criterion| criterion["id"].as_str().unwrap().to_owned())
        .collect();
    let (files, others): (Vec<&String>, Vec<&String>) = ids.iter().partition(|id| advised(id).is_some());
    for id in others {
        assert!(NOT_FILES.iter().any(|(start, _)| id.starts_with(start)), "{id} is in neither table");
    }
    assert!(files.len() >= 45, "{}", files.len());
    let wrong = Mutex::new(Vec::new());
    let half = files.len().div_ceil(2);
    std::thread::scope(|scope| {
        for part in files.chunks(half) {
            let wrong = &wrong;
            scope.spawn(move || {
                for id in part {
                    let repo =
                        advised(id).unwrap().into_iter().fold(small(), |repo, (path, text)| repo.file(path, text));
                    let label = label_json(repo.commit("first").path());
                    let criteria = label["predicate"]["criteria"].as_array().unwrap();
                    let found = criteria.iter().find(|criterion| criterion["id"] == id.as_str()).unwrap();
                    if found["outcome"] != "met" {
                        wrong.lock().unwrap().push(format!("{id}: {} {}", found["outcome"], found["reason"]));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
