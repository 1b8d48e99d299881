//! "Not looked" is never "none": an ecosystem that is not read, advisory data that is not whole, an SBOM that leaves a part out.

use std::{fs, path::Path};

use plimsoll_testkit::Repo;
use serde_json::Value;

use crate::common::{evidence_json, facts, run};

/// A day on which the built-in advisory data is fresh.
const FRESH: &str = "2026-08-30T00:00:00Z";

const LOCK: &str = "version = 4\n[[package]]\nname = \"app\"\nversion = \"1.0.0\"\n";

/// A crate without a dependency, and a job that watches advisories of Cargo's packages.
fn empty_crate() -> Repo {
    let job = "on: { schedule: [{ cron: '0 0 * * *' }] }\njobs:\n  audit:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: cargo audit\n";
    Repo::new()
        .file("Cargo.toml", "[package]\nname = \"app\"\nversion = \"1.0.0\"\nedition = \"2021\"\n")
        .file("Cargo.lock", LOCK)
        .file("src/lib.rs", "")
        .file(".github/workflows/audit.yml", job)
}

fn label(repository: &Path, more: &[&str]) -> Value {
    let path = repository.display().to_string();
    let arguments = [&["label", &path, "--as-of", FRESH, "--format", "json", "--quiet"], more].concat();
    let ran = run(&arguments);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

/// Outcome and reason of a criterion.
fn outcome<'a>(label: &'a Value, id: &str) -> (&'a str, &'a str) {
    let criteria = label["predicate"]["criteria"].as_array().unwrap();
    let found = criteria.iter().find(|one| one["id"] == id).unwrap_or_else(|| panic!("no {id}"));
    (found["outcome"].as_str().unwrap(), found["reason"].as_str().unwrap())
}

/// What says "none" or "all" of components.
const NONE: [&str; 6] = [
    "advisories.none-known",
    "advisories.none-known-fresh",
    "advisories.none-serious",
    "advisories.maintained",
    "advisories.each-answered",
    "deps.locked",
];

/// Manifests of package managers that are not read.
const UNREAD: [&str; 6] =
    ["web/elm.json", "environment.yml", "dub.json", "haxelib.json", "shard.yml", "vendor/elm.json"];

/// Manifests of package managers that are read; what stands in them here is none.
const BROKEN: [&str; 6] =
    ["web/package.json", "vendor/package.json", "pyproject.toml", "go.mod", "composer.json", "web/package-lock.json"];

#[test]
fn no_criterion_that_says_none_is_met_beside_what_is_not_read() {
    let control = label(empty_crate().commit("first").path(), &[]);
    for id in NONE.iter().filter(|id| **id != "advisories.none-known-fresh").chain([&"advisories.watched"]) {
        assert_ne!(outcome(&control, id).0, "unmet", "{id}: {}", outcome(&control, id).1);
    }
    assert_eq!(outcome(&control, "advisories.none-serious").0, "met");
    let others = [
        "CMakeLists.txt",
        "Dockerfile",
        "flake.nix",
        "WORKSPACE",
        "libs/log4j-core-2.14.0.jar",
        "third_party/zlib/zlib.h",
        "main.c",
    ];
    for file in UNREAD.into_iter().chain(BROKEN).chain(others) {
        let label = label(empty_crate().file(file, "x\n").commit("first").path(), &[]);
        for id in NONE {
            let (outcome, reason) = outcome(&label, id);
            assert_eq!(outcome, "unknown", "{file}: {id}: {reason}");
        }
        // Whether a job watches what is not read, nobody can tell; a build system has nothing that it could watch.
        let watched = outcome(&label, "advisories.watched").0;
        let is_package = UNREAD.contains(&file) || BROKEN.contains(&file);
        assert_eq!(watched == "unknown", is_package, "{file}: {watched}");
        if BROKEN.contains(&file) {
            continue;
        }
        let reason = outcome(&label, NONE[0]).1;
        assert!(reason.contains("not every component is checked: "), "{file}: {reason}");
        let row = label["predicate"]["face"].as_array().unwrap().iter().find(|row| row["id"] == "holes").unwrap();
        let text = row["text"].as_str().unwrap();
        assert!(text.starts_with("not known: ") && text.ends_with(" not checked"), "{file}: {text}");
        assert_eq!(text == "not known: elm not checked", file == "web/elm.json", "{file}: {text}");
    }
}

#[test]
fn what_is_known_decides_whatever_was_not_read() {
    let lock = format!(
        "{LOCK}dependencies = [\"hyper\"]\n[[package]]\nname = \"hyper\"\nversion = \"0.14.1\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"{}\"\n",
        "a".repeat(64)
    );
    let manifest = "[package]\nname = \"app\"\nversion = \"1.0.0\"\n[dependencies]\nhyper = \"0.14\"\n";
    let repo = empty_crate().file("Cargo.toml", manifest).file("Cargo.lock", lock).file("web/package.json", "{}");
    let label = label(repo.commit("first").path(), &[]);
    for id in ["advisories.none-known", "advisories.none-known-fresh", "advisories.each-answered"] {
        assert_eq!(outcome(&label, id).0, "unmet", "{id}: {}", outcome(&label, id).1);
    }
}

#[test]
fn advisory_data_is_held_to_what_is_built_in() {
    let data = tempfile::tempdir().unwrap();
    let advisory = |date: &str| {
        format!(
            "```toml\n[advisory]\nid = \"RUSTSEC-2026-9999\"\npackage = \"zzz\"\ndate = \"{date}\"\n\n[versions]\npatched = []\n```\n\n# none\n\nnone\n"
        )
    };
    let folder = data.path().join("crates/zzz");
    fs::create_dir_all(&folder).unwrap();
    let repo = empty_crate().commit("first");
    for date in ["2026-08-29", "2027-05-01"] {
        fs::write(folder.join("RUSTSEC-2026-9999.md"), advisory(date)).unwrap();
        let given = data.path().display().to_string();
        let label = label(repo.path(), &["--advisories", &given]);
        for id in NONE.iter().filter(|id| id.starts_with("advisories.")) {
            let (outcome, reason) = outcome(&label, id);
            assert_eq!(outcome, "unknown", "{date}: {id}: {reason}");
            assert!(reason.contains("lacks") && reason.contains("built in"), "{reason}");
        }
        let input = &label["predicate"]["inputs"]["advisories"];
        assert_eq!((&input["source"], &input["count"]), (&"given RustSec checkout".into(), &1.into()));
        assert!(input["lacks"].as_u64().unwrap() > 1000, "{input}");
        let row = label["predicate"]["face"].as_array().unwrap().iter().find(|row| row["id"] == "holes").unwrap();
        assert!(row["text"].as_str().unwrap().contains("lacks"), "{row}");
    }
    // The same by a refresh of a label that was made with sound data.
    let out = tempfile::tempdir().unwrap();
    let (out, path) = (out.path().join("out").display().to_string(), repo.path().display().to_string());
    assert_eq!(run(&["label", &path, "--as-of", FRESH, "--out", &out, "--quiet"]).code, 0);
    let (first, next) = (format!("{out}/label.json"), format!("{out}-next"));
    fs::write(folder.join("RUSTSEC-2026-9999.md"), advisory("2026-08-31")).unwrap();
    let given = data.path().display().to_string();
    let ran = run(&["refresh", &first, "--advisories", &given, "--as-of", "2026-09-01T00:00:00Z", "--out", &next]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let refreshed: Value = serde_json::from_slice(&fs::read(format!("{next}/label.json")).unwrap()).unwrap();
    assert_eq!(outcome(&refreshed, "advisories.none-known").0, "unknown");
}

#[test]
fn an_exception_answers_what_it_names_and_one_that_answers_nothing_is_told() {
    let locked = |name: &str, version: &str| {
        format!(
            "version = 4\n[[package]]\nname = \"{name}\"\nversion = \"1.0.0\"\ndependencies = [\"time\"]\n[[package]]\nname = \"time\"\nversion = \"{version}\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"{}\"\n",
            "a".repeat(64)
        )
    };
    let manifest =
        |name: &str| format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\n[dependencies]\ntime = \"0.1\"\n");
    let claims = |more: &str| {
        format!(
            "schema = 1\ndate = 2026-10-01\nreview-by = 2027-10-01\n[product]\nname = \"app\"\n[[exception]]\nadvisory = \"RUSTSEC-2020-0071\"\nreason = \"reads trusted input\"\nuntil = 2027-05-01\n{more}"
        )
    };
    for (more, product, tool) in [
        ("", true, true),
        ("package = \"time\"\n", true, true),
        ("version = \"0.1.43\"\n", false, true),
        ("lockfile = \"tools/gen/Cargo.lock\"\n", false, true),
        ("lockfile = \"Cargo.lock\"\n", true, false),
        ("package = \"other\"\n", false, false),
        ("version = \"0.1.4\"\n", false, false),
    ] {
        let repo = Repo::new()
            .file("Cargo.toml", manifest("app"))
            .file("Cargo.lock", locked("app", "0.1.45"))
            .file("src/main.rs", "fn main() {}\n")
            .file("tools/gen/Cargo.toml", manifest("gen"))
            .file("tools/gen/Cargo.lock", locked("gen", "0.1.43"))
            .file("tools/gen/src/main.rs", "fn main() {}\n")
            .file(".trivyignore", "CVE-2020-26235\n")
            .file("sub/osv-scanner.toml", "")
            .file(".vex/a.json", "{}")
            .file("plimsoll.toml", claims(more));
        let evidence = evidence_json(repo.commit("first").path());
        let handled = |lockfile: &str| {
            let findings = facts(&evidence, "advisory-finding");
            let found = findings
                .iter()
                .find(|fact| fact["body"]["lockfile"] == lockfile && fact["body"]["advisory"] == "RUSTSEC-2020-0071");
            found.unwrap()["body"]["handled"].as_bool().unwrap()
        };
        assert_eq!((handled("Cargo.lock"), handled("tools/gen/Cargo.lock")), (product, tool), "{more}");
        let told = evidence["kinds"]["advisory-exception"]["limitations"].to_string();
        assert_eq!(told.contains("answers no finding"), !product && !tool, "{more}: {told}");
        assert_eq!(told.contains("answers in 2 lockfiles"), product && tool, "{more}: {told}");
        for unread in [".trivyignore", "sub/osv-scanner.toml", ".vex/a.json"] {
            assert!(told.contains(unread), "{told}");
        }
    }
}

#[test]
fn one_vulnerability_in_two_places_is_one() {
    let manifest =
        |name: &str| format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\n[dependencies]\ntime = \"0.1\"\n");
    let locked = |name: &str| {
        format!(
            "version = 4\n[[package]]\nname = \"{name}\"\nversion = \"1.0.0\"\ndependencies = [\"time\"]\n[[package]]\nname = \"time\"\nversion = \"0.1.43\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"{}\"\n",
            "a".repeat(64)
        )
    };
    let repo = Repo::new()
        .file("Cargo.toml", manifest("app"))
        .file("Cargo.lock", locked("app"))
        .file("src/main.rs", "fn main() {}\n")
        .file("other/Cargo.toml", manifest("other"))
        .file("other/Cargo.lock", locked("other"))
        .file("other/src/main.rs", "fn main() {}\n");
    let label = label(repo.commit("first").path(), &[]);
    assert_eq!(outcome(&label, "advisories.none-known"), ("unmet", "1 known vulnerability ships (in 2 places)"));
}

#[test]
fn a_document_names_the_product_and_one_lockfile_is_enough() {
    let repo = empty_crate().commit("first");
    let path = repo.path().display().to_string();
    let document = |target: &str| -> Value {
        let ran = run(&["inspect", "sbom", target, "--as-of", FRESH, "--format", "cyclonedx"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(!ran.stdout.contains("NOASSERTION"), "{}", ran.stdout);
        serde_json::from_str(&ran.stdout).unwrap()
    };
    let out = tempfile::tempdir().unwrap();
    let folder = out.path().join("out").display().to_string();
    assert_eq!(run(&["label", &path, "--as-of", FRESH, "--out", &folder, "--quiet"]).code, 0);
    let written: Value = serde_json::from_slice(&fs::read(format!("{folder}/sbom.cdx.json")).unwrap()).unwrap();
    assert_eq!(document(&path), written);
    assert_eq!(written["metadata"]["component"]["name"], "app");
    let lockfile = out.path().join("Cargo.lock");
    fs::write(&lockfile, LOCK).unwrap();
    assert_eq!(document(&lockfile.display().to_string())["components"].as_array().unwrap().len(), 1);
    for (name, text, listed) in [
        ("go.mod", "module acme.dev/m\n\nrequire acme.dev/x v1.0.0\n", "pkg:golang/acme.dev/x@v1.0.0"),
        ("requirements.txt", "x==1.0\n", "pkg:pypi/x@1.0"),
        (
            "x.csproj",
            "<Project><ItemGroup><PackageReference Include=\"X\" Version=\"1.0.0\"/></ItemGroup></Project>",
            "pkg:nuget/X@1.0.0",
        ),
    ] {
        let other = out.path().join(name);
        fs::write(&other, text).unwrap();
        let ran = run(&["inspect", "sbom", &other.display().to_string(), "--format", "text"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(ran.stdout.contains(listed), "{name}: {}", ran.stdout);
    }
    for (name, text, told) in [
        (
            "dub.selections.json",
            "{}",
            "that this version reads has the name dub.selections.json, and it is no Cargo.lock",
        ),
        ("package.json", "{\"dependencies\":{\"a\":\"^1\"}}", "its 1 direct dependency has no versions"),
        ("pom.xml", "<project/>", "no packages are known from this file: "),
        ("pyproject.toml", "[project]\nname = \"a\"\n", "no packages are known from this file: it takes none"),
        // It has the digests of what another file locks.
        ("go.sum", "acme.dev/x v1.0.0 h1:AAAA\n", "there is no go.mod next to it"),
    ] {
        let other = out.path().join(name);
        fs::write(&other, text).unwrap();
        let ran = run(&["inspect", "sbom", &other.display().to_string()]);
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains(told), "{}", ran.stderr);
    }
}

/// The repository of a package that an advisory speaks of: its version alone does not tell, and its maker can.
#[test]
fn a_package_of_an_advised_name_can_be_answered_for() {
    let repo = |more: &str| {
        Repo::new()
            .file("Cargo.toml", "[package]\nname = \"time\"\nversion = \"0.1.43\"\nedition = \"2021\"\n")
            .file("Cargo.lock", "version = 4\n[[package]]\nname = \"time\"\nversion = \"0.1.43\"\n")
            .file("src/lib.rs", "")
            .file(
                "plimsoll.toml",
                format!("schema = 1\ndate = 2026-08-01\nreview-by = 2027-07-01\n[product]\nname = \"time\"\n{more}"),
            )
            .commit("first")
    };
    let answer = "[[exception]]\nadvisory = \"RUSTSEC-2020-0071\"\nreason = \"fixed here\"\nuntil = 2027-05-01\n";
    for (more, expected, says) in [
        ("", "unknown", "say so in an [[exception]]"),
        (&format!("{answer}package = \"other\"\n"), "unknown", "say so in an [[exception]]"),
        (answer, "met", "no vulnerability is known"),
    ] {
        let label = label(repo(more).path(), &[]);
        let (outcome, reason) = outcome(&label, "advisories.none-known");
        assert_eq!(outcome, expected, "{more}: {reason}");
        assert!(reason.contains(says), "{reason}");
        let limitations = label["predicate"]["limitations"].to_string();
        assert_eq!(limitations.contains("the maker says that it does not apply"), expected == "met", "{limitations}");
    }
}
