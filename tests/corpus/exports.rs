//! What a label is exported as is read by the libraries that others read such files with.
//!
//! Needs the packages of `requirements-exports.txt` in the Python that `PLIMSOLL_PYTHON` names: without them the test says that it
//! was skipped; with `CI` set that is a failure.
#![allow(clippy::print_stderr, reason = "what could not be compared is said")]

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use crate::common::run;

/// What the libraries say of each file of a folder: the file, and `read` or `refused` with the rest; `None` where they are missing.
fn peers(folder: &Path) -> Option<BTreeMap<String, String>> {
    let python = std::env::var_os("PLIMSOLL_PYTHON").unwrap_or_else(|| "python3".into());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus/export_peers.py");
    let output = match Command::new(python).arg(script).arg(folder).output() {
        Ok(output) if output.status.code() != Some(3) => output,
        _ => {
            assert!(std::env::var_os("CI").is_none(), "readers of exports are missing");
            eprintln!("skipped: pip install -r tests/corpus/requirements-exports.txt, or set PLIMSOLL_PYTHON");
            return None;
        }
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    Some(text.lines().filter_map(|line| line.split_once(' ')).map(|(file, says)| (file.into(), says.into())).collect())
}

/// For each form what a change does to a file that a reader has to notice.
const DAMAGED: [(&str, &str, &str); 4] = [
    ("oscal", "\"satisfied\"", "\"content\""),
    ("sarif", "\"runs\"", "\"walks\""),
    ("junit", "</testsuite>", ""),
    ("cyclonedx-declarations", "\"specVersion\"", "\"specificVersion\""),
];

#[test]
fn exports_are_read_by_the_libraries_of_others() {
    let folder = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut labels = BTreeMap::new();
    for name in ["evidence/tier-0", "evidence/tier-2", "evidence/tier-4", "criteria/contradicted", "criteria/exemplary"]
    {
        let evidence = root.join(format!("{name}.json")).display().to_string();
        for (form, from, to) in DAMAGED {
            let ran = run(&["label", &evidence, "--format", form]);
            assert!(ran.code < 2, "{name} {form}: {}", ran.stderr);
            let file = format!("{}.{form}", name.replace('/', "-"));
            fs::write(folder.path().join(&file), &ran.stdout).unwrap();
            if ran.stdout.contains(from) {
                fs::write(folder.path().join(format!("damaged-{file}")), ran.stdout.replace(from, to)).unwrap();
            }
            labels.insert(file, ran.stdout);
        }
    }
    let Some(said) = peers(folder.path()) else { return };
    for file in labels.keys() {
        assert!(said[file].starts_with("read "), "{file}: {}", said[file]);
        if let Some(damaged) = said.get(&format!("damaged-{file}")) {
            assert!(damaged.starts_with("refused "), "{file}: {damaged}");
        }
    }
    assert!(said.len() > labels.len() + 8, "{said:?}");
    // They count what is there.
    let count = |file: &str, of: &str| labels[file].matches(of).count();
    for name in ["evidence-tier-2", "criteria-contradicted"] {
        let oscal = format!("{name}.oscal");
        let findings = count(&oscal, "\"target-id\"");
        assert!(findings > 60 && said[&oscal].contains(&format!("{findings} findings")), "{}", said[&oscal]);
        let sarif = format!("{name}.sarif");
        assert!(said[&sarif].contains(&format!("{} results", count(&sarif, "\"ruleId\""))), "{}", said[&sarif]);
        let junit = format!("{name}.junit");
        assert!(said[&junit].contains(&format!("{} cases", count(&junit, "<testcase "))), "{}", said[&junit]);
    }
}
