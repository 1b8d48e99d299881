use std::fs;

use jiff::Timestamp;
use plimsoll_components::Resolver;
use plimsoll_model::{Tool, to_canonical};
use plimsoll_testkit::Repo;
use plimsoll_trust::Cache;

use super::*;

const LOCK: &str = "version = 4\n\n[[package]]\nname = \"demo\"\nversion = \"1.2.3\"\ndependencies = [\"smallvec\"]\n\n[[package]]\nname = \"smallvec\"\nversion = \"0.6.9\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"0000000000000000000000000000000000000000000000000000000000000000\"\n";
const MANIFEST: &str = "[package]\nname = \"demo\"\nversion = \"1.2.3\"\n\n[dependencies]\nsmallvec = \"0.6\"\n";
const ADVISORY: &str = "```toml\n[advisory]\nid = \"RUSTSEC-2026-9998\"\npackage = \"smallvec\"\ndate = \"2026-09-19\"\n\n[versions]\npatched = []\n```\n\n# bad\n\nbad\n";
const WORKFLOW: &str = "on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: make test\n";

fn inputs(advisories: &std::path::Path) -> Inputs {
    let tool = Tool { name: "test".to_owned(), version: "1".to_owned(), extra: Extra::new() };
    let mut inputs = Inputs::new(tool, "2026-11-01T00:00:00Z".parse::<Timestamp>().unwrap());
    inputs.resolver = Resolver::Lockfile;
    inputs.open_advisories(&[advisories]).unwrap();
    inputs
}

#[test]
fn many_repositories_share_their_inputs_and_not_what_is_found() {
    let rust = Repo::new().file("Cargo.toml", MANIFEST).file("Cargo.lock", LOCK).commit("first");
    let rust = rust.file("src/lib.rs", "#[test]\nfn a() {}\n").commit("second").tag("v1.2.3");
    let other = Repo::new().file("main.c", "int main() { return 0; }\n").file(".github/workflows/ci.yml", WORKFLOW);
    let other = other.file("SECURITY.md", "# Security\n\nWrite to security@acme.dev.\n").commit("only");
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("db/crates/smallvec")).unwrap();
    fs::write(folder.path().join("db/crates/smallvec/RUSTSEC-2026-9998.md"), ADVISORY).unwrap();
    let database = folder.path().join("db");
    let bytes =
        |target: &Target, inputs: &Inputs| to_canonical(&collect(target, inputs, &|_| {}).unwrap().evidence).unwrap();

    let targets = [Target::at(rust.path()), Target::at(other.path())];
    let alone = targets.each_ref().map(|target| bytes(target, &inputs(&database)));
    assert_ne!(alone[0], alone[1]);
    assert!(alone[0].windows(17).any(|part| part == b"RUSTSEC-2026-9998"));

    // What is kept of one repository is not the other's either.
    let cache = Cache::open(&folder.path().join("cache"), &folder.path().join("key"), "test").unwrap();
    let mut shared = inputs(&database);
    shared.cache = Some(cache);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(4).build().unwrap();
    for turn in 0..3 {
        let together: Vec<Vec<u8>> =
            pool.install(|| (0..8_usize).into_par_iter().map(|place| bytes(&targets[place % 2], &shared)).collect());
        for (place, found) in together.iter().enumerate() {
            assert!(*found == alone[place % 2], "turn {turn}, place {place}");
        }
    }
}

#[test]
fn a_collector_that_does_not_ask_for_advisories_opens_none() {
    let missing = std::path::Path::new("no-such-folder");
    let tool = Tool { name: "test".to_owned(), version: "1".to_owned(), extra: Extra::new() };
    let all = || Inputs::new(tool.clone(), Timestamp::UNIX_EPOCH);
    all().only(&["workflows"]).unwrap().open_advisories(&[missing]).unwrap();
    let error = all().open_advisories(&[missing]).unwrap_err().to_string();
    assert!(error.starts_with("no-such-folder: ") && error.matches("no-such-folder").count() == 1, "{error}");
    let error = all().only(&["workflows", "nothing"]).err().unwrap().to_string();
    assert!(error.starts_with("no collector is called \"nothing\"; there are: claims, "), "{error}");
}
