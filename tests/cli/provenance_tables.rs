//! The tables of cases, put to the command: those that are made for it, and the shared real ones.

use std::sync::{
    Mutex,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::Value;

use crate::{
    common::{command, run},
    provenance_cases::{arguments, cases, folder},
};

/// Calls `one` for each case on all cores, and gives what it complains about.
fn on_all(cases: &[Value], one: &(dyn Fn(&Value) -> Option<String> + Sync)) -> Vec<String> {
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
        let ran = run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
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
