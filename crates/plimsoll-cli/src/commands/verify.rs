//! `plimsoll verify`: signed labels against what is asked of them.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use plimsoll::{PracticeFiles, Verification, VerificationPolicy};
use plimsoll_model::{CheckVerdict, one_line};
use plimsoll_snapshot::{OpenOptions, Snapshot};
use rayon::prelude::*;
use serde_json::json;

use super::table::wrapped;
use crate::{
    args::{DataFormat, VerifyArgs},
    exit::Exit,
    input,
    output::{Output, read_input},
    trust::{self, Signers},
};

pub fn run(args: &VerifyArgs, practices: Option<&Path>, output: &Output) -> Result<Exit> {
    let signers = trust::signers(&args.whose)?;
    for gap in signers.policy.gaps() {
        output.say(gap);
    }
    let rules = PracticeFiles::read(practices)?;
    let artifacts = args.artifacts.iter().map(|path| input::artifact(path)).collect::<Result<Vec<_>>>()?;
    let evidence = args.evidence.as_deref().map(read_input).transpose()?;
    let with = statements(&args.with)?;
    let examined = args.repo.as_deref().map(|repo| examined(repo, args.rev.as_deref())).transpose()?;
    let asked = VerificationPolicy {
        keys: signers.keys.clone(),
        identity: signers.identity.clone(),
        issuer: signers.issuer.clone(),
        run_of: signers.run_of.clone(),
        artifacts: artifacts.into_iter().map(|file| (file.name, file.sha256)).collect(),
        commit: examined.as_ref().map(|(commit, _)| commit.clone()),
        has_claims: examined.is_some_and(|(_, has_claims)| has_claims),
        evidence: evidence.as_deref(),
        with: &with,
        min_tier: args.min_tier,
        max_age_days: args.max_age,
        now: input::as_of(args.as_of),
    };
    // Each stands for itself; the order is that of the arguments.
    let answers: Vec<Result<Verification>> =
        args.bundles.par_iter().map(|path| one(path, &signers, &rules, &asked)).collect();
    let answers = answers.into_iter().collect::<Result<Vec<_>>>()?;
    let yes = answers.iter().all(|answer| answer.verified);
    let pairs = || args.bundles.iter().zip(&answers);
    match args.format {
        DataFormat::Json => {
            let all: Vec<_> = pairs()
                .map(|(path, answer)| {
                    let mut value = serde_json::to_value(answer)?;
                    if let Some(members) = value.as_object_mut() {
                        members.insert("bundle".to_owned(), json!(path.display().to_string()));
                    }
                    Ok(value)
                })
                .collect::<Result<_>>()?;
            output.print(plimsoll_model::to_readable(&json!({ "verified": yes, "labels": all }))?)?;
        }
        DataFormat::Text => {
            let several = args.bundles.len() > 1;
            let text: String = pairs()
                .map(|(path, answer)| text(several.then_some(path.as_path()), answer, output.columns()))
                .collect();
            output.print(text)?;
        }
    }
    Ok(if yes { Exit::Done } else { Exit::Failed })
}

fn one(path: &Path, signers: &Signers, rules: &PracticeFiles, asked: &VerificationPolicy<'_>) -> Result<Verification> {
    let bundle = read_input(path)?;
    plimsoll::verify(&bundle, &signers.policy, rules, asked).with_context(|| path.display().to_string())
}

/// Files by name with their bytes.
pub fn statements(paths: &[PathBuf]) -> Result<Vec<(String, Vec<u8>)>> {
    paths.iter().map(|path| Ok((path.display().to_string(), read_input(path)?))).collect()
}

/// The commit that a revision names, and whether its maker has spoken there.
fn examined(repository: &Path, rev: Option<&str>) -> Result<(String, bool)> {
    let options = OpenOptions { rev: rev.map(ToOwned::to_owned), worktree: false };
    let snapshot = Snapshot::open(repository, &options)?;
    let commit = snapshot.commit().clone();
    if commit.is_empty() {
        bail!("{}: no commit", repository.display());
    }
    let has_claims = snapshot.entry(plimsoll_collect::claims::CLAIMS_FILE).is_some();
    Ok((commit, has_claims))
}

/// The answer for people.
pub fn text(path: Option<&Path>, answer: &Verification, columns: usize) -> String {
    let mut text = String::new();
    if let Some(path) = path {
        text.push_str(&wrapped("", &path.display().to_string(), columns));
    }
    let product = answer.label.as_ref().map(|label| {
        let product = &label.predicate.product;
        format!("{} {}", product.name, product.version).trim().to_owned()
    });
    let of = product.filter(|product| !product.is_empty()).map(|product| format!(" of {product}")).unwrap_or_default();
    let view = answer.label.as_ref().and_then(|label| label.predicate.source_view.as_ref());
    let first = if let Some(report) = answer.report.as_ref().filter(|_| answer.verified) {
        format!("VERIFIED: a report: {}; no tier", one_line(report))
    } else if let Some(view) = view.filter(|_| answer.verified) {
        let whose = view.assessor.as_deref().map(|name| format!(", by {}", one_line(name))).unwrap_or_default();
        format!("VERIFIED: an outside view{of}{whose}; no maker's label, no tier")
    } else if answer.verified {
        let name = answer.label.as_ref().map(|label| label.predicate.tier.name.as_str());
        let name = name.filter(|_| answer.stated_tier == Some(answer.counted_tier)).map(|name| format!(" {name}"));
        let others = answer.label.as_ref().and_then(|label| label.predicate.practices_of.as_deref());
        let others = others.map(|whose| match one_line(whose.trim()) {
            whose if whose.is_empty() => " by changed practices, not by those of Plimsoll".to_owned(),
            whose => format!(" by practices of {whose}, not by those of Plimsoll"),
        });
        let (name, others) = (name.unwrap_or_default(), others.unwrap_or_default());
        format!("VERIFIED: a label{of}, tier {}{name}{others}", answer.counted_tier)
    } else {
        let failed = answer.checks.iter().find(|check| check.verdict == CheckVerdict::Failed);
        let reason = failed.map(|check| check.reason.as_str()).unwrap_or_default();
        let what = match answer.form {
            Some("report") => "a report",
            _ if view.is_some() => "an outside view",
            _ => "a label",
        };
        let what = if of.is_empty() { String::new() } else { format!("{what}{of}: ") };
        format!("NOT VERIFIED: {what}{reason}")
    };
    text.push_str(&wrapped("", &first, columns));
    // Before anything that could be read as proof.
    let unseen = |check: &plimsoll::Check| check.name == "evidence" && check.verdict == CheckVerdict::NotChecked;
    if answer.verified && answer.checks.iter().any(unseen) {
        let what = if view.is_some() || answer.report.is_some() { "what it says" } else { "the tier" };
        let told = &format!("Without its evidence: {what} rests on the word of who signed (--evidence).");
        text.push_str(&wrapped("", told, columns));
    }
    for check in &answer.checks {
        let mark = match check.verdict {
            CheckVerdict::Passed => "+",
            CheckVerdict::Failed => "x",
            CheckVerdict::NotChecked => "-",
        };
        text.push_str(&wrapped(&format!("  {mark} {:<16} ", check.name), &check.reason, columns));
    }
    for note in &answer.notes {
        text.push_str(&wrapped("  ! ", &one_line(note), columns));
    }
    text
}
