//! `plimsoll inspect package`: one package against the commit that it was packed from.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use plimsoll_artifacts::{
    Limits, Package, PackageFormat,
    comparison::{Comparison, FileClass, Verdict, claimed_commit, compare},
};
use plimsoll_collect::{
    GivenFile,
    packages::{CommitTree, Rebuild, RebuildVerdict, rebuild},
};
use plimsoll_model::{one_line, plural};
use plimsoll_snapshot::{OpenOptions, Snapshot, SnapshotError};
use serde_json::{Value, json};

use super::table::wrapped;
use crate::{
    args::{DataFormat, PackageArgs},
    exit::Exit,
    input,
    output::Output,
};

/// How the commit was chosen: a word for programs, and for people.
#[derive(Clone, Copy)]
enum Chosen {
    VerificationPolicy,
    Named,
    NotThere,
    Unnamed,
}

impl Chosen {
    fn word(self) -> &'static str {
        match self {
            Self::VerificationPolicy => "asked",
            Self::Named => "named-by-package",
            Self::NotThere | Self::Unnamed => "head",
        }
    }

    fn told(self) -> &'static str {
        match self {
            Self::VerificationPolicy => "the commit that was asked for",
            Self::Named => "the commit that the package names",
            Self::NotThere => "HEAD, as the commit that the package names is not in the repository",
            Self::Unnamed => "HEAD, as the package names no commit",
        }
    }
}

pub fn run(args: &PackageArgs, output: &Output) -> Result<Exit> {
    if args.file.is_dir() {
        bail!("name the package, as in `plimsoll inspect package app-1.0.0.crate {}`", args.file.display());
    }
    let file = input::artifact(&args.file)?;
    let read = match &file.bytes {
        Some(bytes) => Package::read(&file.name, bytes, &Limits::default()).map_err(|error| error.to_string()),
        None => Err("larger than 512 MiB".to_owned()),
    };
    let package = match read {
        Ok(package) => package,
        Err(reason) => {
            if args.format == DataFormat::Json {
                let all = json!({
                    "verdict": Verdict::Unreadable,
                    "artifact": { "name": file.name, "sha256": file.sha256 },
                    "reasons": [reason],
                });
                output.print(serde_json::to_string_pretty(&all)? + "\n")?;
            }
            bail!("{}: cannot be read as a package: {reason}", args.file.display());
        }
    };
    if args.rebuild && package.format() != PackageFormat::Crate {
        bail!("--rebuild is for crates alone");
    }
    let (snapshot, chosen) = open(&args.repository, args.rev.as_deref(), &package)?;
    let comparison = compare(&package, &CommitTree(&snapshot));
    let rebuild = args.rebuild.then(|| {
        let progress = output.progress();
        progress.tell("packing the crate again");
        rebuild(&package, file.bytes.as_deref().unwrap_or_default(), &snapshot, &comparison)
    });
    match args.format {
        DataFormat::Json => {
            let all = report(&file, &comparison, chosen, rebuild.as_ref());
            output.print(serde_json::to_string_pretty(&all)? + "\n")?;
        }
        DataFormat::Text => output.print(text(&comparison, chosen, rebuild.as_ref(), output.columns()))?,
    }
    Ok(exit(comparison.verdict, rebuild.as_ref()))
}

/// Yes where all of what was asked is yes, no where any of it is no; what could not be told is neither.
fn exit(verdict: Verdict, rebuild: Option<&Rebuild>) -> Exit {
    let rebuilt = rebuild.map(|rebuild| rebuild.verdict);
    match (verdict, rebuilt) {
        (Verdict::Differs | Verdict::OtherCommit, _) | (_, Some(RebuildVerdict::Differs)) => Exit::Failed,
        (Verdict::Unknown | Verdict::Unreadable, _) | (_, Some(RebuildVerdict::Unknown)) => Exit::Error,
        _ => Exit::Done,
    }
}

/// Opens the repository at the commit that was asked for, else at the one that the package names, else at HEAD.
fn open(repository: &Path, rev: Option<&str>, package: &Package) -> Result<(Snapshot, Chosen)> {
    let at = |rev: Option<String>| Snapshot::open(repository, &OpenOptions { rev, worktree: false });
    if let Some(rev) = rev {
        return Ok((at(Some(rev.to_owned()))?, Chosen::VerificationPolicy));
    }
    let chosen = match claimed_commit(package) {
        None => Chosen::Unnamed,
        Some(commit) => match at(Some(commit)) {
            Ok(snapshot) => return Ok((snapshot, Chosen::Named)),
            Err(SnapshotError::UnknownRevision { .. }) => Chosen::NotThere,
            Err(error) => return Err(error).context("the commit that the package names"),
        },
    };
    Ok((at(None)?, chosen))
}

/// The answer for programs: `verdict` and the classes of files are stable.
fn report(file: &GivenFile, comparison: &Comparison, chosen: Chosen, rebuild: Option<&Rebuild>) -> Value {
    json!({
        "verdict": comparison.verdict,
        "artifact": { "name": file.name, "sha256": file.sha256 },
        "package": {
            "format": comparison.format.as_str(),
            "name": comparison.name,
            "version": comparison.version,
        },
        "commit": comparison.commit,
        "commitChosen": chosen.word(),
        "claimed": comparison.claimed,
        "commitMatches": comparison.commit_matches,
        "folder": comparison.folder,
        "counts": comparison.counts,
        "reasons": comparison.reasons,
        "files": comparison.files,
        "more": comparison.more,
        "rebuild": rebuild,
    })
}

fn text(comparison: &Comparison, chosen: Chosen, rebuild: Option<&Rebuild>, columns: usize) -> String {
    let Comparison { name, version, verdict, .. } = comparison;
    let what = format!("{name} {version} ({})", comparison.format);
    let commit: String = comparison.commit.chars().take(12).collect();
    let answer = match verdict {
        Verdict::Equal => format!("equal: {what} is what commit {commit} holds"),
        Verdict::Matches => {
            format!("matches: {what} is what commit {commit} holds, but does not say that it comes from it")
        }
        Verdict::Differs => format!("differs: {what} is not what commit {commit} holds"),
        Verdict::OtherCommit => format!("other commit: {what} does not come from commit {commit}"),
        Verdict::Unknown | Verdict::Unreadable => format!("unknown: {what} could not be compared with commit {commit}"),
    };
    let mut text = wrapped("", &answer, columns);
    let folder = match comparison.folder.as_deref() {
        None => String::new(),
        Some("") => ", its root".to_owned(),
        Some(folder) => format!(", folder {folder}"),
    };
    text.push_str(&wrapped("  ", &format!("{}{folder}", chosen.told()), columns));
    if let Some(counts) = &comparison.counts {
        let line = format!(
            "{}: {} the commit's, {} made while packing and explained",
            plural(counts.files(), "file", "files"),
            counts.same,
            counts.generated
        );
        text.push_str(&wrapped("  ", &line, columns));
    }
    for reason in &comparison.reasons {
        text.push_str(&wrapped("  ! ", reason, columns));
    }
    for file in &comparison.files {
        let mark = if file.class == FileClass::Generated { "  + " } else { "  - " };
        let reason = file.reason.as_ref().map_or_else(String::new, |reason| format!(": {reason}"));
        text.push_str(&wrapped(mark, &format!("{} {}{reason}", file.class.as_str(), file.path), columns));
    }
    if comparison.more > 0 {
        text.push_str(&wrapped("  ", &format!("and {} more", comparison.more), columns));
    }
    if let Some(rebuild) = rebuild {
        text.push_str(&wrapped("", &format!("packed again: {}", rebuild.verdict.told()), columns));
        let cargo = rebuild.cargo.as_ref().map(|cargo| format!("cargo {cargo}"));
        for line in cargo.iter().chain(&rebuild.reasons) {
            text.push_str(&wrapped("  ! ", &one_line(line), columns));
        }
        for file in &rebuild.files {
            text.push_str(&wrapped("  - ", file, columns));
        }
    }
    text
}
