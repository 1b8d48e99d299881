//! All shared Sigstore cases in one process, and those that Python's verifiers can run against them.
//!
//! Each case brings its trusted root, its key and its question, as a run of the command does; files are read before.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a bench that cannot be set up has to fail at once"
)]

use std::{collections::BTreeMap, hint::black_box, path::Path, process::Command, time::Duration};

use criterion::Criterion;
use plimsoll_trust::{ArtifactFile, AttestationTrust, IdentityRule, Question, SourceName};
use serde_json::Value;

const GROUP: &str = "attestations";
/// What a run of all cases may take.
const TARGET: Duration = Duration::from_millis(150);

struct Case {
    name: String,
    file: Vec<u8>,
    root: Option<Vec<u8>>,
    key: Option<Vec<u8>>,
    question: Question<'static>,
}

impl Case {
    fn new(folder: &Path, case: &Value) -> Self {
        let text = |name: &str| case[name].as_str().map(ToOwned::to_owned);
        let read = |name: &str| case[name].as_str().map(|name| std::fs::read(folder.join(name)).unwrap());
        let digests = ["sha256", "sha512"]
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), case["artifact_digest"][*name].as_str()?.to_owned())));
        let artifact = ArtifactFile { digests: digests.collect(), ..ArtifactFile::default() };
        let mut question = Question::about(artifact, "2026-11-24T00:00:00Z".parse().unwrap());
        question.issuer = text("issuer");
        question.identity = text("identity").map(IdentityRule::Exact);
        if let Value::Object(asked) = &case["identity"] {
            let text = |name: &str| asked.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
            question.source = text("source").and_then(|source| SourceName::read(&source));
            (question.package, question.version) = (text("package"), text("version"));
            question.builder = text("builder");
        }
        Self {
            name: text("case").unwrap(),
            file: read("path").unwrap(),
            root: read("trusted_root"),
            key: read("key"),
            question,
        }
    }

    fn is_verified(&self) -> bool {
        let mut trust = AttestationTrust::default();
        if let Some(root) = &self.root
            && trust.replace_roots(root).is_err()
        {
            return false;
        }
        if let Some(key) = &self.key {
            trust.add_keys(key, None).unwrap();
        }
        trust.answer(black_box(&self.file), &self.question).is_verified()
    }
}

/// The cases that Python's verifiers can run and how long they took for each, without starting and importing.
fn python(folder: &Path) -> Option<BTreeMap<String, f64>> {
    let python = std::env::var_os("PLIMSOLL_PYTHON").unwrap_or_else(|| "python3".into());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus/provenance_peers.py");
    let output = Command::new(python).arg(script).arg(folder.join("cases.json")).arg(folder).arg("--seconds").output();
    let output = output.ok().filter(|output| output.status.code() != Some(3))?;
    let rows = String::from_utf8(output.stdout).unwrap();
    let rows = rows.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let ran = rows.filter(|row| row["result"] != "not-run");
    Some(ran.map(|row| (row["case"].as_str().unwrap().to_owned(), row["seconds"].as_f64().unwrap())).collect())
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let Some(folder) = plimsoll_testkit::corpus().map(|corpus| corpus.join("sigstore")) else { return };
    let cases: Vec<Value> = serde_json::from_slice(&std::fs::read(folder.join("cases.json")).unwrap()).unwrap();
    let cases: Vec<Case> = cases.iter().map(|case| Case::new(&folder, case)).collect();
    let start = std::time::Instant::now();
    let verified = cases.iter().filter(|case| case.is_verified()).count();
    eprintln!(
        "TOTAL  {GROUP}: {} cases, {verified} verified, {:.1} ms for the first run (target {} ms)",
        cases.len(),
        start.elapsed().as_secs_f64() * 1e3,
        TARGET.as_millis()
    );
    let theirs = python(&folder);
    let mut group = criterion.benchmark_group(GROUP);
    group.measurement_time(Duration::from_secs(8));
    group.bench_function("all", |bencher| {
        bencher.iter(|| cases.iter().filter(|case| case.is_verified()).count());
    });
    if let Some(theirs) = &theirs {
        let same: Vec<&Case> = cases.iter().filter(|case| theirs.contains_key(&case.name)).collect();
        assert_eq!(same.len(), theirs.len());
        group.bench_function("plimsoll", |bencher| {
            bencher.iter(|| same.iter().filter(|case| case.is_verified()).count());
        });
    }
    group.finish();
    match &theirs {
        Some(theirs) => {
            let took = Duration::from_secs_f64(theirs.values().sum());
            eprintln!("       {} of the cases are ones that Python's verifiers can run", theirs.len());
            plimsoll_testkit::print_ratio_to(GROUP, "plimsoll", "python", took);
        }
        None => {
            eprintln!("RATIO  {GROUP}: Python's verifiers are missing, see tests/corpus/requirements-provenance.txt");
        }
    }
    criterion.final_summary();
}
