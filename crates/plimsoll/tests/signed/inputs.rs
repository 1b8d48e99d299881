//! What rests on which input: collected with it and without it, the kinds that differ are those that the audit excuses.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    sync::Arc,
};

use plimsoll_collect::{GivenFile, InputFiles, Inputs, Target};
use plimsoll_components::Resolver;
use plimsoll_model::{DefaultDocument, Evidence, INPUTS, InputId, OrgDefaults, sha256_hex, to_canonical};
use plimsoll_pipelines::Tools;
use plimsoll_testkit::Repo;
use plimsoll_trust::TrustPolicy;

use crate::{
    audited::{AS_OF, CLAIMS, LOCK, MANIFEST, inputs},
    made::time,
};

fn repository() -> Repo {
    Repo::new()
        .file("Cargo.toml", MANIFEST)
        .file("Cargo.lock", LOCK)
        .file("plimsoll.toml", CLAIMS)
        .file("src/lib.rs", "#![forbid(unsafe_code)]\n#[test]\nfn a() {}\n")
        .file(".github/workflows/ci.yml", "on: [push, pull_request]\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: cargo test\n")
        .file("release.sigstore.json", "{}")
        .file("SHA256SUMS", format!("{}  app.tar.gz\n", sha256_hex(b"app")))
        .commit("first")
        .file("src/b.rs", "\n")
        .commit("second")
}

fn given(name: &str, bytes: &[u8]) -> GivenFile {
    GivenFile {
        name: name.to_owned(),
        sha256: sha256_hex(bytes),
        sha512: "0".repeat(128),
        size: bytes.len() as u64,
        bytes: Some(bytes.to_vec()),
    }
}

/// The kinds that are told otherwise in one than in the other.
fn differing(one: &Evidence, other: &Evidence) -> BTreeSet<String> {
    let kinds: BTreeSet<&String> = one.kinds.keys().chain(other.kinds.keys()).collect();
    let told = |evidence: &Evidence, kind: &str| {
        let facts: Vec<_> = evidence.facts_of(kind).cloned().collect();
        (evidence.kinds.get(kind).cloned(), facts)
    };
    kinds.into_iter().filter(|kind| told(one, kind) != told(other, kind)).cloned().collect()
}

/// Gives an input, or changes one.
type Change<'a> = Box<dyn Fn(&mut Target, &mut Inputs) + 'a>;

#[test]
fn only_what_rests_on_an_input_differs_without_it() {
    let repo = repository();
    let database = tempfile::tempdir().unwrap();
    let record = "```toml\n[advisory]\nid = \"RUSTSEC-2026-9998\"\npackage = \"smallvec\"\ndate = \"2026-09-19\"\n\n[versions]\npatched = []\n```\n\n# bad\n\nbad\n";
    fs::create_dir_all(database.path().join("crates/smallvec")).unwrap();
    fs::write(database.path().join("crates/smallvec/RUSTSEC-2026-9998.md"), record).unwrap();
    let index = tempfile::tempdir().unwrap();
    fs::create_dir_all(index.path().join("sm/al")).unwrap();
    fs::write(index.path().join("config.json"), "{}").unwrap();
    let yanked = "{\"name\":\"smallvec\",\"vers\":\"0.6.9\",\"yanked\":true}\n";
    fs::write(index.path().join("sm/al/smallvec"), yanked).unwrap();
    let collect = |change: &dyn Fn(&mut Target, &mut Inputs)| {
        let (mut target, mut inputs) = (Target::at(repo.path()), inputs(time(AS_OF), TrustPolicy::new()));
        change(&mut target, &mut inputs);
        plimsoll_collect::collect(&target, &inputs, &|_| {}).unwrap().evidence
    };
    let plain = collect(&|_, _| {});
    // Any bytes will do for an input that is a file, but where its row takes certain ones.
    let file = |id: InputId| {
        let bytes = match id {
            InputId::Previous => to_canonical(&plain).unwrap(),
            InputId::Kev => b"{\"vulnerabilities\":[]}".to_vec(),
            InputId::Epss => b"cve,epss,percentile\n".to_vec(),
            InputId::Results => b"{\"plimsollResults\":1,\"files\":[{\"name\":\"a\",\"text\":\"{}\"}]}".to_vec(),
            InputId::OrgDefaults => {
                let text = "# Security\n\nReport in private to security@acme.dev.\n".to_owned();
                let document = DefaultDocument { path: "SECURITY.md".to_owned(), text };
                serde_json::to_vec(&OrgDefaults::new("0".repeat(40), vec![document])).unwrap()
            }
            _ => b"{}\n".to_vec(),
        };
        let mut files = InputFiles::default();
        files.give(id, bytes).unwrap_or_else(|reason| panic!("{id:?} takes other bytes: {reason}"));
        files
    };
    // A policy that names keys for commits: one that names keys for files alone changes nothing where no file is given.
    let signers = || {
        let folder = tempfile::tempdir().unwrap();
        let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g";
        fs::write(folder.path().join("allowed"), format!("a@acme.dev {key}\n")).unwrap();
        let text = "schema = 1\n[[ssh]]\nallowed-signers = [\"allowed\"]\n";
        fs::write(folder.path().join("trust.toml"), text).unwrap();
        TrustPolicy::load(&folder.path().join("trust.toml")).unwrap()
    };
    let mut changes: Vec<(&str, Change<'_>)> = vec![
        ("trust", Box::new(|_, inputs| inputs.policy = signers())),
        ("advisories", Box::new(|_, inputs| inputs.open_advisories(&[database.path()]).unwrap())),
        ("registry-index", Box::new(|_, inputs| inputs.open_index(index.path()).unwrap())),
        ("resolver", Box::new(|_, inputs| inputs.resolver = Resolver::Lockfile)),
        ("tools", Box::new(|_, inputs| inputs.tools = Arc::new(Tools::load(&BTreeMap::new()).unwrap()))),
        ("references", Box::new(|target, _| target.every_version = true)),
        ("files", Box::new(|target, _| target.artifacts = vec![given("app.tar.gz", b"app")])),
        ("files", Box::new(|target, _| target.artifacts = vec![given("demo-1.2.3.crate", b"no package")])),
        ("files", Box::new(|target, _| target.attestations = vec![given("app.sigstore.json", b"{}")])),
    ];
    for row in INPUTS.iter().filter(|row| row.file().is_some()) {
        changes.push((row.name, Box::new(move |_, inputs| inputs.files = file(row.id))));
        changes.push((row.name, Box::new(move |target, _| target.files = file(row.id))));
    }
    for (input, change) in changes {
        let with = collect(&change);
        let found = differing(&plain, &with);
        let rests: BTreeSet<String> =
            plimsoll::kinds_that_rest_on(input).iter().map(|kind| (*kind).to_owned()).collect();
        let odd: Vec<_> = found.difference(&rests).collect();
        assert!(odd.is_empty(), "{input}: {odd:?} differ and do not rest on it");
        // Cargo is the machine's: what is downloaded of crates differs with whether it is asked.
        let also = if input == "resolver" { "crate-sources" } else { input };
        let beyond = plimsoll::differs_beyond(input, &plain, &with);
        let beyond: Vec<_> = beyond.into_iter().filter(|told| !told.starts_with(&format!("input {also}"))).collect();
        assert!(beyond.is_empty(), "{input}: {beyond:?} differ and do not rest on it");
        // Resolving gives the same where cargo has nothing to say; everything else has to be seen to differ.
        assert!(!found.is_empty() || input == "resolver", "{input}: nothing differs");
    }
    assert!(differing(&plain, &collect(&|_, _| {})).is_empty());
}

#[test]
fn every_kind_that_rests_on_an_input_is_one() {
    let kinds: BTreeSet<&str> = plimsoll::kind_names().into_iter().collect();
    for name in INPUTS.iter().map(|row| row.name) {
        let rests = plimsoll::kinds_that_rest_on(name);
        assert!(!rests.is_empty() && rests.iter().all(|kind| kinds.contains(kind)), "{name}: {rests:?}");
    }
    // What the commits and packages say does not rest on who is trusted, nor anything but the history's on what was before.
    let trust = plimsoll::kinds_that_rest_on("trust");
    assert!(["history", "commit", "tag", "package-comparison"].iter().all(|kind| !trust.contains(kind)));
    assert_eq!(plimsoll::kinds_that_rest_on("previous"), ["continuity"]);
    assert!(plimsoll::kinds_that_rest_on("claims").is_empty() && plimsoll::kinds_that_rest_on("").is_empty());
}
