//! The tables of cases as questions to the command.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

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
        all.extend(value.into_iter().flat_map(|value| [format!("--{name}"), value]));
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
