//! The recorded findings of zizmor over real workflows: for every audit that both have, what it finds is found here.
//!
//! zizmor is an oracle of its own opinion. What is found here alone is counted, and looked at when the count changes.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use crate::{Access, Analysis, File, FileKind, Repository, Tools, analyse};

/// The name of an audit there, and of the rules here that are about the same.
const AUDITS: &[(&str, &[&str])] = &[
    ("adhoc-packages", &["adhoc-packages"]),
    ("artipacked", &["persisted-credentials"]),
    ("bot-conditions", &["bot-conditions"]),
    ("cache-poisoning", &["cache-poisoning"]),
    ("dangerous-triggers", &["dangerous-trigger"]),
    ("dependabot-cooldown", &["dependabot-cooldown"]),
    ("excessive-permissions", &["write-all", "permission"]),
    ("github-env", &["environment-file"]),
    ("template-injection", &["template-injection", "expression-in-script"]),
    ("unpinned-uses", &["unpinned"]),
];

/// The `.github` folder of one repository.
struct OfFolder(BTreeMap<String, String>);

impl Repository for OfFolder {
    fn files(&self) -> Box<dyn Iterator<Item = File<'_>> + '_> {
        Box::new(self.0.keys().map(|path| File { path, kind: FileKind::File }))
    }

    fn file(&self, path: &str) -> Option<File<'_>> {
        self.0.get_key_value(path).map(|(path, _)| File { path, kind: FileKind::File })
    }

    fn has_folder(&self, path: &str) -> bool {
        self.0.keys().any(|one| one.starts_with(&format!("{path}/")))
    }

    fn text(&self, path: &str, _: u64) -> Result<String, String> {
        self.0.get(path).cloned().ok_or_else(|| "no such file".to_owned())
    }

    fn ships(&self, _: &str) -> bool {
        true
    }

    fn is_vendored(&self, _: &str) -> bool {
        false
    }
}

fn files_of(folder: &Path) -> OfFolder {
    let mut files = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                files.insert(path.strip_prefix(folder).unwrap().display().to_string(), text);
            }
        }
    }
    OfFolder(files)
}

/// Rule, file, line of all that is found.
fn ours(repository: &OfFolder) -> BTreeSet<(&'static str, String, u64)> {
    let Analysis { files, update_dangers, .. } = analyse(repository, Tools::known());
    let mut all = BTreeSet::new();
    for (path, danger) in update_dangers {
        all.insert((danger.rule, path, danger.line.unwrap_or(0)));
    }
    for file in files {
        for danger in &file.dangers {
            all.insert((danger.rule, file.path.clone(), danger.line.unwrap_or(0)));
        }
        let Ok(pipeline) = &file.pipeline else { continue };
        for used in pipeline.jobs.iter().flat_map(|job| &job.uses).filter(|used| !used.pinned.by_digest()) {
            all.insert(("unpinned", file.path.clone(), used.line.unwrap_or(0)));
        }
        if pipeline.permissions.iter().any(|one| !one.least_privilege || one.access == Access::Default) {
            all.insert(("permission", file.path.clone(), 0));
        }
    }
    all
}

#[test]
fn what_zizmor_finds_is_found() {
    let Some(folder) = plimsoll_testkit::unpack("workflows/workflows.tar.zst") else { return };
    let expected = plimsoll_testkit::corpus().unwrap().join("workflows/expected-zizmor.json");
    let expected: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(expected).unwrap()).unwrap();
    let repositories = expected["repos"].as_array().unwrap();
    let all_found: Vec<_> =
        repositories.iter().map(|one| ours(&files_of(&folder.join(one["dir"].as_str().unwrap())))).collect();
    let mut table = Vec::new();
    let mut failed = Vec::new();
    for (audit, rules) in AUDITS {
        let (mut all, mut missed, mut alone) = (0, Vec::new(), Vec::new());
        for (repository, found) in repositories.iter().zip(&all_found) {
            let name = repository["dir"].as_str().unwrap();
            let mut left: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
            for (_, path, line) in found.iter().filter(|(rule, ..)| rules.contains(rule)) {
                left.entry(path).or_default().push(*line);
            }
            let mut theirs: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
            for finding in repository["findings"].as_array().unwrap().iter().filter(|one| one["ident"] == *audit) {
                // The expectations leave out the dot.
                let path = format!(".{}", finding["file"].as_str().unwrap());
                theirs.entry(path).or_default().insert(finding["line"].as_u64().unwrap());
            }
            for (path, lines) in theirs {
                all += lines.len();
                let ours = left.remove(path.as_str()).unwrap_or_default();
                // What has no line is about the whole file.
                let whole = ours.contains(&0);
                let fewer = if whole { 0 } else { lines.len().saturating_sub(ours.len()) };
                if fewer > 0 {
                    missed.push(format!("{name}/{path}: {fewer} of {lines:?}, ours {ours:?}"));
                }
                if !whole && ours.len() > lines.len() {
                    alone.push(format!("{name}/{path}: {} more", ours.len() - lines.len()));
                }
            }
            alone.extend(left.into_iter().map(|(path, lines)| format!("{name}/{path}: {lines:?}")));
        }
        let lost: usize =
            missed.iter().filter_map(|one| one.split(": ").nth(1)?.split(' ').next()?.parse::<usize>().ok()).sum();
        table.push(format!("{audit}: {} of {all}, alone {}", all - lost, alone.len()));
        if std::env::var_os("SHOW_AGREEMENT").is_some() {
            eprintln!("{audit}: {} of {all}\n  missed {missed:#?}\n  alone {alone:#?}", all - lost);
        }
        if lost * 100 > all * 3 {
            failed.push(format!("{audit}: {lost} of {all} are missed: {missed:#?}"));
        }
    }
    assert!(failed.is_empty(), "{failed:#?}\n{table:#?}");
}
