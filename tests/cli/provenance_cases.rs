//! The tables of cases, put to the command: those that are made for it, and the shared real ones.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde_json::Value;

use crate::common::command;

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/provenance")
}

pub fn cases(folder: &Path) -> Vec<Value> {
    serde_json::from_slice(&fs::read(folder.join("cases.json")).unwrap()).unwrap()
}

/// The arguments that ask what a case asks, by `digest` where there is no file; `None` for what the command is not asked (a file behind a list of checksums).
pub fn arguments(folder: &Path, case: &Value, digest: &str, policies: &Path) -> Option<Vec<String>> {
    let text = |name: &str| case[name].as_str().map(ToOwned::to_owned);
    let path = |name: &str| text(name).map(|name| folder.join(name).display().to_string());
    if case["sums"].is_string() {
        return None;
    }
    let mut all: Vec<String> =
        ["inspect", "provenance", "--format", "json", "--as-of", "2026-11-24"].map(ToOwned::to_owned).to_vec();
    let mut put = |name: &str, value: Option<String>| {
        all.extend(value.into_iter().flat_map(|value| [format!("--{name}"), value]))
    };
    put("bundle", path("bundle").or_else(|| path("path")));
    put("trusted-root", path("trusted_root"));
    put("key", path("key"));
    if let Some(keys) = path("npm_keys") {
        let policy = policies.join(format!("{}.toml", case["case"].as_str().unwrap().replace('/', "-")));
        fs::write(&policy, format!("schema = 1\nnpm-keys = {keys:?}\n")).unwrap();
        put("trust", Some(policy.display().to_string()));
    }
    put("artifact", path("artifact"));
    if !case["artifact"].is_string() {
        let digests = case["artifact_digest"].as_object();
        let digest = digests.and_then(|digests| {
            let found = ["gitCommit", digest, "sha256"].into_iter().find(|name| digests.contains_key(*name))?;
            Some(format!("{found}:{}", digests[found].as_str()?))
        });
        put("artifact-digest", digest);
    }
    match &case["identity"] {
        Value::Object(named) if named.contains_key("workflow") => {
            let (repository, workflow) = (named["repository"].as_str().unwrap(), named["workflow"].as_str().unwrap());
            let escaped = |text: &str| text.replace('.', "\\.");
            put(
                "identity-regex",
                Some(format!(
                    "^https://github\\.com/{}/\\.github/workflows/{}@",
                    escaped(repository),
                    escaped(workflow)
                )),
            );
        }
        Value::Object(named) => {
            for (own, name) in
                [("source", "source"), ("package", "package"), ("version", "package-version"), ("builder", "builder")]
            {
                put(name, named.get(own).and_then(Value::as_str).map(ToOwned::to_owned));
            }
        }
        _ => put("identity", text("identity")),
    }
    for (own, name) in [
        ("issuer", "issuer"),
        ("source", "source"),
        ("commit", "commit"),
        ("package", "package"),
        ("package_version", "package-version"),
        ("builder", "builder"),
    ] {
        put(name, text(own));
    }
    Some(all)
}

/// Calls `one` for each case on all cores, and gives what it complains about.
pub fn on_all(cases: &[Value], one: &(dyn Fn(&Value) -> Option<String> + Sync)) -> Vec<String> {
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let complaint = one(case);
                    wrong.lock().unwrap().extend(complaint.map(|complaint| format!("{}: {complaint}", case["case"])));
                }
            });
        }
    });
    wrong.into_inner().unwrap()
}

#[test]
fn every_case_of_the_fixtures_comes_out_as_it_has_to() {
    let (folder, cases, policies) = (folder(), cases(&folder()), tempfile::tempdir().unwrap());
    let wrong = on_all(&cases, &|case| {
        let arguments = arguments(&folder, case, "sha256", policies.path())?;
        let ran = crate::common::run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        // What is no commit in full cannot be asked for.
        if case["case"] == "source-commit-cut" {
            return (ran.code != 2).then(|| format!("{}", ran.code));
        }
        let one: Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
        let layers = || std::iter::once(&case["layer"]).chain(case["also"].as_array().into_iter().flatten());
        let right = match ran.code {
            0 => case["expect"] == "pass" && one["verdict"] == "verified",
            1 => case["expect"] == "fail" && layers().any(|layer| *layer == one["layer"]),
            _ => false,
        };
        (!right).then(|| format!("{} {} {}: {} {}", case["expect"], case["layer"], ran.code, one["layer"], ran.stderr))
    });
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn every_shared_case_comes_out_as_it_has_to() {
    let Some(folder) = plimsoll_testkit::corpus().map(|corpus| corpus.join("sigstore")) else { return };
    let (cases, policies) = (cases(&folder), tempfile::tempdir().unwrap());
    assert_eq!(cases.len(), 70);
    let wrong = on_all(&cases, &|case| {
        // npm's subjects have the longer digest alone; where there is one that is named, one is enough.
        let mut named = true;
        let codes = ["sha256", "sha512"].map(|digest| {
            let mut arguments = arguments(&folder, case, digest, policies.path()).unwrap();
            // One case names no artifact: nothing is verified then, whatever its bundle is.
            if !arguments.iter().any(|one| one.starts_with("--artifact")) {
                assert_eq!(command().args(&arguments).output().unwrap().status.code(), Some(2));
                arguments.extend(["--artifact-digest".to_owned(), format!("sha256:{}", "0".repeat(64))]);
                named = false;
            }
            command().args(&arguments).output().unwrap().status.code()
        });
        let right = match (case["expect"].as_str(), case["layer"].as_str()) {
            (Some("pass"), _) if named => codes.contains(&Some(0)),
            (_, Some("trusted root parsing")) => codes == [Some(2); 2],
            _ => codes == [Some(1); 2],
        };
        (!right).then(|| format!("{codes:?}"))
    });
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}
