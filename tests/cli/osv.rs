//! Advisories of every ecosystem: what OSV data says of packages, what data that is missing or a part proves, and what it is.

use std::{fs, path::Path};

use plimsoll_testkit::Repo;
use serde_json::{Value, json};

use crate::common::run;

/// A day on which what is built in of crates.io and Go is fresh.
const FRESH: &str = "2026-08-30T00:00:00Z";
/// So many advisories of npm are more than a part.
const WHOLE: usize = 2000;

/// What is built in of npm, which data that is given has to know.
const BUILT_IN: [(&str, &str); 4] = [
    ("GHSA-75v8-2h7p-7m2m", "formidable"),
    ("GHSA-9c47-m6qq-7p4h", "json5"),
    ("GHSA-c2qf-rxjj-qqgw", "semver"),
    ("GHSA-xvch-5gv4-984h", "minimist"),
];

/// A record of npm about one package; all of its versions below `fixed` are affected.
fn record(id: &str, name: &str, fixed: &str, more: Value) -> Value {
    let mut record = json!({
        "id": id,
        "modified": "2026-08-28T10:00:00Z",
        "affected": [{
            "package": {"ecosystem": "npm", "name": name},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": fixed}]}],
        }],
    });
    if let (Some(record), Value::Object(more)) = (record.as_object_mut(), more) {
        record.extend(more);
    }
    record
}

/// A folder with these records, and so many others of packages that nobody uses.
fn data(records: &[Value], others: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let other = |number: usize| record(&format!("GHSA-{number:04}"), &format!("nobody-{number}"), "1.0.0", json!({}));
    let built_in = BUILT_IN.iter().map(|(id, name)| record(id, name, "1.0.0", json!({})));
    for one in records.iter().cloned().chain((0..others).map(other)).chain(built_in) {
        let path = folder.path().join(format!("{}.json", one["id"].as_str().unwrap()));
        fs::write(path, one.to_string()).unwrap();
    }
    folder
}

/// An application with one package of npm in its lockfile.
fn application(folder: &str, version: &str, section: &str) -> Repo {
    add_application(Repo::new(), folder, version, section)
}

fn add_application(repo: Repo, folder: &str, version: &str, section: &str) -> Repo {
    add_package(repo, folder, ("pad", version), section)
}

fn add_package(repo: Repo, folder: &str, (name, version): (&str, &str), section: &str) -> Repo {
    let asks = json!({name: "*"});
    let mut locked = json!({
        "version": version,
        "resolved": format!("https://registry.npmjs.org/{name}/-/{name}-{version}.tgz"),
        "integrity": format!("sha512-{}==", "A".repeat(86)),
    });
    if section == "devDependencies" {
        locked["dev"] = true.into();
    }
    let manifest = json!({"name": "app", "version": "1.0.0", section: asks});
    let lock = json!({
        "name": "app",
        "version": "1.0.0",
        "lockfileVersion": 3,
        "packages": {"": manifest, format!("node_modules/{name}"): locked},
    });
    repo.file(&format!("{folder}package.json"), manifest.to_string())
        .file(&format!("{folder}package-lock.json"), lock.to_string())
        .file(&format!("{folder}index.js"), format!("require('{name}');\n"))
}

fn label(repository: &Path, more: &[&str]) -> Value {
    let path = repository.display().to_string();
    let arguments = [&["label", &path, "--as-of", FRESH, "--format", "json", "--quiet"], more].concat();
    let ran = run(&arguments);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str::<Value>(&ran.stdout).unwrap()["predicate"].clone()
}

fn outcome(label: &Value, id: &str) -> (String, String) {
    let found = label["criteria"].as_array().unwrap().iter().find(|one| one["id"] == id).unwrap();
    (found["outcome"].as_str().unwrap().to_owned(), found["reason"].as_str().unwrap().to_owned())
}

fn holes(label: &Value) -> String {
    let row = label["face"].as_array().unwrap().iter().find(|row| row["id"] == "holes").unwrap();
    row["text"].as_str().unwrap().to_owned()
}

#[test]
fn what_is_known_of_a_package_of_npm_is_found_and_what_is_not_known_is_said() {
    let repo = application("", "1.2.0", "dependencies").commit("first");
    let above = record("GHSA-a", "pad", "1.2.1", json!({}));
    let below = record("GHSA-a", "pad", "1.2.0", json!({}));
    let withdrawn = record("GHSA-a", "pad", "1.2.1", json!({"withdrawn": "2026-08-01T00:00:00Z"}));
    let withdrawn_later = record("GHSA-a", "pad", "1.2.1", json!({"withdrawn": "2026-09-01T00:00:00Z"}));
    let other = record("GHSA-a", "Pad", "1.2.1", json!({}));
    let open = record("GHSA-a", "pad", "soon", json!({}));
    for (what, record, others, expected, says) in [
        ("affected", &above, WHOLE, "unmet", "1 known vulnerability ships"),
        ("affected, by a part of the data", &above, 0, "unmet", "1 known vulnerability ships"),
        ("fixed", &below, WHOLE, "met", "advisory data of 28 Aug 2026"),
        ("fixed, by a part of the data", &below, 10, "unknown", "part of what is published"),
        ("withdrawn", &withdrawn, WHOLE, "met", "no vulnerability is known"),
        ("withdrawn some time", &withdrawn_later, WHOLE, "unmet", "1 known vulnerability ships"),
        ("another package", &other, WHOLE, "met", "no vulnerability is known"),
        ("a range that nobody can read", &open, WHOLE, "unknown", "whether GHSA-a holds for pad 1.2.0 is not known"),
    ] {
        let data = data(std::slice::from_ref(record), others);
        let label = label(repo.path(), &["--advisories", &data.path().display().to_string()]);
        let (found, reason) = outcome(&label, "advisories.none-known");
        assert_eq!(found, expected, "{what}: {reason}");
        assert!(reason.contains(says), "{what}: {reason}");
        // Whether somebody looks after a package is in no data of npm.
        let (found, reason) = outcome(&label, "advisories.maintained");
        assert_eq!(found, "unknown", "{what}: {reason}");
    }
    // Nothing given: what is built in of npm is a part.
    let label = label(repo.path(), &[]);
    assert_eq!(outcome(&label, "advisories.none-known").0, "unknown");
    assert_eq!(holes(&label), "not known: only a part of the data of npm is at hand");
}

#[test]
fn what_does_not_ship_asks_for_no_data() {
    let manifest = "[package]\nname = \"app\"\nversion = \"1.0.0\"\nedition = \"2021\"\n";
    let rust = |repo: Repo| {
        repo.file("Cargo.toml", manifest)
            .file("Cargo.lock", "version = 4\n[[package]]\nname = \"app\"\nversion = \"1.0.0\"\n")
            .file("src/lib.rs", "")
    };
    let repo = add_application(rust(Repo::new()), "tests/e2e/", "1.2.0", "devDependencies").commit("first");
    let label = label(repo.path(), &[]);
    let (found, reason) = outcome(&label, "advisories.none-known");
    assert_eq!(found, "met", "{reason}");
    assert_eq!(holes(&label), "none by data of 21 Aug 2026");
}

#[test]
fn several_ecosystems_have_data_of_their_own() {
    let lock = format!(
        "version = 4\n[[package]]\nname = \"app\"\nversion = \"1.0.0\"\ndependencies = [\"time\"]\n[[package]]\nname = \"time\"\nversion = \"0.3.47\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"{}\"\n",
        "a".repeat(64)
    );
    let sum = format!("h1:{}=", "A".repeat(43));
    let repo = application("web/", "1.2.0", "dependencies")
        .file(
            "Cargo.toml",
            "[package]\nname = \"app\"\nversion = \"1.0.0\"\nedition = \"2021\"\n[dependencies]\ntime = \"0.3\"\n",
        )
        .file("Cargo.lock", lock)
        .file("src/main.rs", "fn main() {}\n")
        .file("server/go.mod", "module example.com/app\n\ngo 1.22\n\nrequire github.com/gin-gonic/gin v1.6.0\n")
        .file(
            "server/go.sum",
            format!("github.com/gin-gonic/gin v1.6.0 {sum}\ngithub.com/gin-gonic/gin v1.6.0/go.mod {sum}\n"),
        )
        .file("server/main.go", "package main\nimport _ \"github.com/gin-gonic/gin\"\nfunc main() {}\n")
        .file("py/requirements.txt", "django==2.0.0\n")
        .file("py/app.py", "import django\n")
        .commit("first");
    let label = label(repo.path(), &[]);
    let parts = label["inputs"]["advisories"]["parts"].as_object().unwrap();
    let names: Vec<&String> = parts.keys().collect();
    assert_eq!(names, ["Go", "PyPI", "crates.io", "npm"]);
    for (name, part) in parts {
        assert!(part["digest"]["sha256"].is_string() && part["date"].is_string(), "{name}: {part}");
    }
    assert_eq!(parts["crates.io"]["date"], "2026-08-21");
    // The oldest decides how old the data is.
    let oldest = parts.values().map(|part| part["date"].as_str().unwrap()).min();
    assert_eq!(label["inputs"]["advisories"]["date"].as_str(), oldest);
    // What is known counts, however old or partial the data of others is.
    let (found, reason) = outcome(&label, "advisories.none-known");
    assert_eq!(found, "unmet", "{reason}");
    let path = repo.path().display().to_string();
    let text = run(&["label", &path, "--as-of", FRESH, "--quiet"]).stdout;
    for name in ["crates.io: embedded snapshot of 21 Aug 2026", "Go: embedded", "npm: embedded", "PyPI: embedded"] {
        assert!(text.split_whitespace().collect::<Vec<_>>().join(" ").contains(name), "{text}");
    }
}

#[test]
fn one_flaw_counts_once_whichever_database_names_it() {
    let repo = application("", "1.2.0", "dependencies").commit("first").checkout();
    let records = [
        record("GHSA-a", "pad", "1.2.1", json!({"aliases": ["CVE-2026-1"]})),
        record("OSV-b", "pad", "2.0.0", json!({"aliases": ["CVE-2026-1"]})),
        record("MAL-c", "pad", "9.0.0", json!({})),
    ];
    let data = data(&records, WHOLE);
    let given = data.path().display().to_string();
    let label = label(repo.path(), &["--advisories", &given]);
    let reason = outcome(&label, "advisories.none-known").1;
    assert!(reason.contains("2 known vulnerabilities"), "{reason}");
    // The lockfile alone, and data that was packed.
    let packed = tempfile::tempdir().unwrap();
    let file = packed.path().join("npm.advisories").display().to_string();
    let ran = run(&["db", "pack", &given, "--out", &file]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let lock = repo.path().join("package-lock.json").display().to_string();
    let of = |data: &str| {
        let ran = run(&["inspect", "advisories", &lock, "--advisories", data, "--as-of", FRESH, "--format", "json"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        serde_json::from_str::<Value>(&ran.stdout).unwrap()["findings"].clone()
    };
    let found = of(&given);
    assert_eq!(found.as_array().unwrap().len(), 3, "{found}");
    assert_eq!(of(&file), found);
    assert_eq!(of(&packed.path().display().to_string()), found);
    assert_eq!(found[0]["aliases"], json!(["CVE-2026-1", "OSV-b"]));
    assert_eq!(found[1]["severity"], "critical", "malware: {found}");
    let status = run(&["db", "status", "--advisories", &file, "--as-of", FRESH]);
    assert!(
        status.stdout.contains("npm: given packed snapshot, 2007 advisories\n  date      2026-08-28, 2 days old"),
        "{}",
        status.stdout
    );
    assert!(status.stdout.contains("crates.io: embedded snapshot"), "{}", status.stdout);
}

/// What makes data look like more, newer or other than it is.
#[test]
fn data_counts_as_what_it_is() {
    let repo = application("", "1.2.0", "dependencies").commit("first");
    let holds = |paths: &[&Path]| {
        let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        let given: Vec<&str> = paths.iter().flat_map(|path| ["--advisories", path.as_str()]).collect();
        outcome(&label(repo.path(), &given), "advisories.none-known")
    };
    let whole = data(&[], WHOLE);
    assert_eq!(holds(&[whole.path()]).0, "met");
    // A part that is given twice, or has each record twice, is a part.
    let part = data(&[], WHOLE / 2 + 10);
    assert_eq!(holds(&[part.path()]).0, "unknown");
    assert_eq!(holds(&[part.path(), part.path()]).0, "unknown");
    let doubled = data(&[], WHOLE / 2 + 10);
    fs::create_dir(doubled.path().join("again")).unwrap();
    for entry in fs::read_dir(part.path()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), doubled.path().join("again").join(entry.file_name())).unwrap();
    }
    assert_eq!(holds(&[doubled.path()]).0, "unknown");
    // Malware and what was withdrawn say nothing of how much of the flaws is there.
    let malware: Vec<Value> = (0..WHOLE)
        .map(|number| record(&format!("MAL-{number}"), &format!("bad-{number}"), "9.0.0", json!({})))
        .collect();
    assert_eq!(holds(&[data(&malware, 0).path()]).0, "unknown");
    let withdrawn = json!({"withdrawn": "2026-01-01T00:00:00Z"});
    let withdrawn: Vec<Value> = (0..WHOLE)
        .map(|number| record(&format!("W-{number}"), &format!("bad-{number}"), "9.0.0", withdrawn.clone()))
        .collect();
    assert_eq!(holds(&[data(&withdrawn, 0).path()]).0, "unknown");
    // One record of this week makes old ones no newer.
    let old = data(&[], WHOLE);
    for entry in fs::read_dir(old.path()).unwrap() {
        let path = entry.unwrap().path();
        fs::write(&path, fs::read_to_string(&path).unwrap().replace("2026-08-28", "2020-01-01")).unwrap();
    }
    fs::write(old.path().join("own.json"), record("OWN-1", "own", "1.0.0", json!({})).to_string()).unwrap();
    let (found, reason) = holds(&[old.path()]);
    assert!(found == "unknown" && reason.contains("days old"), "{reason}");
    // What is in the folder and would not be read is said.
    #[cfg(unix)]
    std::os::unix::fs::symlink(part.path().join("GHSA-0001.json"), whole.path().join("linked.json")).unwrap();
    fs::write(whole.path().join("more.json.gz"), "x").unwrap();
    let (found, reason) = holds(&[whole.path()]);
    assert!(found == "unknown" && reason.contains("could not be read"), "{reason}");
    let mixed = tempfile::tempdir().unwrap();
    let file = mixed.path().join("npm.advisories").display().to_string();
    let ran = run(&["db", "pack", &data(&[], WHOLE).path().display().to_string(), "--out", &file]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(holds(&[mixed.path()]).0, "met");
    fs::write(mixed.path().join("GHSA-a.json"), record("GHSA-a", "pad", "2.0.0", json!({})).to_string()).unwrap();
    let given = mixed.path().display().to_string();
    let ran = run(&["label", &repo.path().display().to_string(), "--advisories", &given]);
    assert!(ran.code == 2 && ran.stderr.contains("give it by itself"), "{}", ran.stderr);
}

#[test]
fn what_is_built_in_is_not_hidden_behind_another_id() {
    let repo = add_package(Repo::new(), "", ("json5", "1.0.0"), "dependencies").commit("first");
    for (more, fixed, expected) in [
        (json!({}), "2.2.2", "unmet"),
        (json!({}), "0.0.1", "unknown"),
        (json!({"withdrawn": "2026-01-01T00:00:00Z"}), "2.2.2", "unknown"),
    ] {
        let folder = data(&[], WHOLE);
        fs::remove_file(folder.path().join("GHSA-9c47-m6qq-7p4h.json")).unwrap();
        let mut other = record("OTHER-1", "json5", fixed, more);
        other["aliases"] = json!(["GHSA-9c47-m6qq-7p4h"]);
        fs::write(folder.path().join("OTHER-1.json"), other.to_string()).unwrap();
        let label = label(repo.path(), &["--advisories", &folder.path().display().to_string()]);
        let (found, reason) = outcome(&label, "advisories.none-known");
        assert_eq!(found, expected, "{fixed}: {reason}");
    }
}

/// A copy of a package is not known to be free of what its version has, and what is bundled ships.
#[test]
fn copies_and_what_is_bundled_count() {
    let copied = application("", "9.9.9", "dependencies")
        .file("vendor/pad/package.json", "{\"name\":\"pad\",\"version\":\"1.2.0\"}")
        .file("vendor/pad/index.js", "module.exports = 1;\n")
        .commit("first");
    let known = data(&[record("GHSA-a", "pad", "2.0.0", json!({}))], WHOLE);
    let given = known.path().display().to_string();
    let (found, reason) = outcome(&label(copied.path(), &["--advisories", &given]), "advisories.none-known");
    assert_eq!(found, "unknown", "{reason}");
    let manifest = "{\"name\":\"app\",\"version\":\"1.0.0\",\"private\":true,\"scripts\":{\"build\":\"vite build\"},\"devDependencies\":{\"pad\":\"*\"}}";
    let bundled = application("", "1.2.0", "devDependencies").file("package.json", manifest).commit("first");
    let (found, reason) = outcome(&label(bundled.path(), &["--advisories", &given]), "advisories.none-known");
    assert_eq!(found, "unmet", "{reason}");
    // Without data nothing is known of none, though nothing else of it comes from the registry.
    let own = Repo::new()
        .file("package.json", "{\"name\":\"pad\",\"version\":\"1.2.0\"}")
        .file("index.js", "module.exports = 1;\n")
        .commit("first");
    let (found, reason) = outcome(&label(own.path(), &[]), "advisories.none-known");
    assert_eq!(found, "unknown", "{reason}");
}

/// What is of an ecosystem and says of which packages it is made only elsewhere is not known to be free of anything.
#[test]
fn what_only_points_elsewhere_is_not_known() {
    for (path, text, says) in [
        ("constraints.txt", "django==4.0\n", "advisory data of PyPI"),
        ("go.work", "django==1.0\n", "is not understood"),
        ("go.work", "go 1.22\nuse ./a\n", "no go.mod is in this tree"),
        ("go.work", "go 1.22\nuse ../a\n", "no go.mod is in this tree"),
    ] {
        let repo = Repo::new()
            .file("Cargo.toml", "[package]\nname = \"app\"\nversion = \"1.0.0\"\nedition = \"2021\"\n")
            .file("Cargo.lock", "version = 4\n[[package]]\nname = \"app\"\nversion = \"1.0.0\"\n")
            .file("src/lib.rs", "")
            .file(path, text)
            .commit("first");
        let (found, reason) = outcome(&label(repo.path(), &[]), "advisories.none-known");
        assert!(found == "unknown" && reason.contains(says), "{path}: {reason}");
    }
    let bare = Repo::new().file("package.json", "{\"name\":\"a\"}").commit("first");
    let (found, reason) = outcome(&label(bare.path(), &[]), "advisories.none-serious");
    assert_eq!(found, "unknown", "{reason}");
}

#[test]
fn steps_of_workflows_are_matched_by_tag_or_comment_and_never_ship() {
    const ID: &str = "0123456789012345678901234567890123456789";
    let manifest = "[package]\nname = \"app\"\nversion = \"1.0.0\"\nedition = \"2021\"\n";
    let action = |id: &str, name: &str, fixed: &str| {
        json!({
            "id": id,
            "modified": "2026-08-28T10:00:00Z",
            "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
            "affected": [{
                "package": {"ecosystem": "GitHub Actions", "name": name},
                "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}],
            }],
        })
    };
    let folder = tempfile::tempdir().unwrap();
    for (id, name, fixed) in
        [("GHSA-whole", "a/b", "2.0.0"), ("GHSA-inside", "A/b/c", "2.0.0"), ("GHSA-other", "a/d", "2.0.0")]
    {
        fs::write(folder.path().join(format!("{id}.json")), action(id, name, fixed).to_string()).unwrap();
    }
    let data = folder.path().display().to_string();
    for (uses, expected, says) in [
        ("a/b@v1.9.0".to_owned(), vec!["GHSA-whole v1.9.0"], ""),
        ("a/b@v1".to_owned(), vec!["GHSA-whole v1"], ""),
        (format!("a/b@{ID} # v1.9.0"), vec!["GHSA-whole 0123456789012345678901234567890123456789"], ""),
        ("a/b/c@v1.9.0".to_owned(), vec!["GHSA-inside v1.9.0", "GHSA-whole v1.9.0"], ""),
        ("a/b@v2.0.0".to_owned(), vec![], ""),
        ("a/b@v2".to_owned(), vec![], ""),
        (format!("a/b@{ID} # v2.0.0"), vec![], ""),
        (
            format!("a/b@{ID}"),
            vec![],
            "Whether GHSA-whole holds for a/b 0123456789012345678901234567890123456789 is not known: no comment",
        ),
        ("a/b@main".to_owned(), vec![], "Whether GHSA-whole holds for a/b main is not known: \"main\" is a branch"),
    ] {
        let repo = Repo::new()
            .file("Cargo.toml", manifest)
            .file("Cargo.lock", "version = 4\n[[package]]\nname = \"app\"\nversion = \"1.0.0\"\n")
            .file("src/lib.rs", "")
            .file(".github/workflows/ci.yml", format!("on: push\njobs:\n  a:\n    steps:\n      - uses: {uses}\n"))
            .commit("first");
        let path = repo.path().display().to_string();
        let ran = run(&["collect", &path, "--as-of", FRESH, "--quiet", "--advisories", &data]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let evidence: Value = serde_json::from_str(&ran.stdout).unwrap();
        let facts = evidence["facts"].as_array().unwrap();
        let found: Vec<&Value> =
            facts.iter().filter(|fact| fact["kind"] == "advisory-finding").map(|fact| &fact["body"]).collect();
        let told: Vec<String> = found
            .iter()
            .map(|one| format!("{} {}", one["advisory"].as_str().unwrap(), one["version"].as_str().unwrap()))
            .collect();
        assert_eq!(told, expected, "{uses}");
        assert!(found.iter().all(|one| one["reach"] == "build" && one["class"] == "tool"), "{uses}: {found:?}");
        let limitations = evidence["kinds"]["advisory-finding"]["limitations"].to_string().replace("\\\"", "\"");
        assert!(limitations.contains(says), "{uses}: {limitations}");
        assert_eq!(limitations.contains("GHSA-whole"), !says.is_empty(), "{uses}: {limitations}");
        // Whatever is known of a step, the product is without.
        let label = label(repo.path(), &["--advisories", &data]);
        assert_eq!(outcome(&label, "advisories.none-known").0, "met", "{uses}");
    }
}

#[test]
fn whether_declared_ranges_allow_the_fix_is_said_with_what_holds_it_back() {
    let registry = |name: &str, version: &str| {
        json!({
            "version": version,
            "resolved": format!("https://registry.npmjs.org/{name}/-/{name}-{version}.tgz"),
            "integrity": format!("sha512-{}==", "A".repeat(86)),
        })
    };
    let data = data(&[record("GHSA-a", "pad", "1.3.0", json!({}))], 0);
    let data = data.path().display().to_string();
    for (own, of_dep, expected, held) in [
        ("^1.2.0", "1", "yes", Vec::<&str>::new()),
        ("~1.2.0", "1", "no", vec!["~1.2.0"]),
        ("^1.2.0", "1.2.x", "no", vec!["1.2.x"]),
        ("1.2.0", "~1.2.0", "no", vec!["1.2.0", "~1.2.0"]),
        ("^1.2.0", "latest", "not-known", vec![]),
    ] {
        let manifest = json!({"name": "app", "version": "1.0.0", "dependencies": {"pad": own, "dep": "1"}});
        let mut dep = registry("dep", "1.0.0");
        dep["dependencies"] = json!({"pad": of_dep});
        let lock = json!({
            "name": "app",
            "version": "1.0.0",
            "lockfileVersion": 3,
            "packages": {"": manifest, "node_modules/pad": registry("pad", "1.2.0"), "node_modules/dep": dep},
        });
        let repo = Repo::new()
            .file("package.json", manifest.to_string())
            .file("package-lock.json", lock.to_string())
            .file("index.js", "require('pad');\n")
            .commit("first");
        let path = repo.path().display().to_string();
        let ran = run(&["collect", &path, "--as-of", FRESH, "--quiet", "--advisories", &data]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let evidence: Value = serde_json::from_str(&ran.stdout).unwrap();
        let facts = evidence["facts"].as_array().unwrap();
        let found = &facts.iter().find(|fact| fact["kind"] == "advisory-finding").unwrap()["body"];
        assert_eq!(
            (&found["fixedIn"], &found["through"], &found["fixAllowed"]),
            (&"1.3.0".into(), &"pkg:npm/pad@1.2.0".into(), &expected.into()),
            "{own} {of_dep}: {found}"
        );
        let mut ranges: Vec<&str> =
            found["heldBy"].as_array().into_iter().flatten().map(|one| one["range"].as_str().unwrap()).collect();
        ranges.sort_unstable();
        assert_eq!(ranges, held, "{own} {of_dep}");
    }
}
