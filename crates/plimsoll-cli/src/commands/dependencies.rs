//! `plimsoll inspect dependencies`: the dependency list inside a binary, alone or against what a commit locks.

use anyhow::{Result, bail};
use plimsoll_artifacts::{BinaryFormat, DependencyList, Limits, ListedKind};
use plimsoll_collect::packages::{ListComparison, ListVerdict, compare_list, source_of};
use serde_json::{Value, json};

use super::table::wrapped;
use crate::{
    args::{DataFormat, DependenciesArgs},
    exit::Exit,
    input, options,
    output::Output,
};

pub fn run(args: &DependenciesArgs, output: &Output) -> Result<Exit> {
    if !args.at.artifacts.is_empty() {
        bail!("`inspect dependencies` takes the one file that is named before the repository");
    }
    let path = args.file.display();
    if args.file.is_dir() {
        bail!("name the binary, as in `plimsoll inspect dependencies target/release/app {path}`");
    }
    let file = input::artifact(&args.file)?;
    let Some(bytes) = &file.bytes else { bail!("{path}: larger than 512 MiB") };
    let Some(format) = BinaryFormat::of(bytes) else {
        bail!("{path}: not a binary that is read (ELF, PE, Mach-O, WebAssembly)")
    };
    let list = match DependencyList::read(bytes, &Limits::default()) {
        Ok(list) => list,
        Err(error) => bail!("{path}: its dependency list cannot be read: {error}"),
    };
    let mut commit = None;
    let compared = match (&list, &args.repository) {
        (Some(list), Some(repository)) => {
            let (target, inputs) = options::collection(repository, &args.at, Some(&["sbom"]), None)?;
            let progress = output.progress();
            let collected = plimsoll_collect::collect(&target, &inputs, &|what| progress.tell(what))?;
            commit = Some(collected.evidence.subject.commit.clone());
            Some(compare_list(list, &collected.inventory))
        }
        _ => None,
    };
    let verdict = match (&list, &compared) {
        (None, _) => Some(ListVerdict::None),
        (Some(_), compared) => compared.as_ref().map(|compared| compared.verdict),
    };
    match args.format {
        DataFormat::Json => {
            let all = json!({
                "verdict": verdict,
                "artifact": { "name": file.name, "sha256": file.sha256 },
                "binary": format.as_str(),
                "list": list.as_ref().map(listed),
                "commit": commit,
                "lockfile": compared.as_ref().and_then(|compared| compared.lockfile.as_ref()),
                "reason": compared.as_ref().and_then(|compared| compared.reason.as_ref()),
                "unlocked": compared.as_ref().map(|compared| &compared.unlocked),
            });
            output.print(serde_json::to_string_pretty(&all)? + "\n")?;
        }
        DataFormat::Text => {
            output.print(text(format, list.as_ref(), compared.as_ref(), commit.as_deref(), output.columns()))?;
        }
    }
    Ok(match verdict {
        None | Some(ListVerdict::Fits) => Exit::Done,
        Some(ListVerdict::Differs | ListVerdict::None) => Exit::Failed,
        Some(ListVerdict::Unknown | ListVerdict::Unreadable) => Exit::Error,
    })
}

fn kind(kind: ListedKind) -> &'static str {
    match kind {
        ListedKind::Build => "build",
        _ => "runtime",
    }
}

fn listed(list: &DependencyList) -> Value {
    let packages = list.packages().iter().map(|package| {
        json!({
            "name": package.name,
            "version": package.version,
            "source": source_of(package),
            "kind": kind(package.kind),
            "root": package.root,
            "dependencies": package.dependencies,
        })
    });
    json!({ "revision": list.revision(), "packages": packages.collect::<Vec<_>>() })
}

fn text(
    format: BinaryFormat,
    list: Option<&DependencyList>,
    compared: Option<&ListComparison>,
    commit: Option<&str>,
    columns: usize,
) -> String {
    let Some(list) = list else {
        let line = format!("none: this {format} binary has no dependency list; `cargo auditable build` writes one");
        return wrapped("", &line, columns);
    };
    let root = list
        .root()
        .map_or_else(|| "something that it does not name".to_owned(), |root| format!("{} {}", root.name, root.version));
    let mut text = String::new();
    if let (Some(compared), Some(commit)) = (compared, commit) {
        let commit: String = commit.chars().take(12).collect();
        let answer = match compared.verdict {
            ListVerdict::Fits => format!("fits: all that the list names is locked by commit {commit}"),
            ListVerdict::Differs => {
                format!("differs: not locked by commit {commit}: {} of its packages", compared.unlocked.len())
            }
            _ => format!("unknown: the list could not be compared with commit {commit}"),
        };
        text.push_str(&wrapped("", &answer, columns));
        if let Some(reason) = &compared.reason {
            text.push_str(&wrapped("  ! ", reason, columns));
        }
        for package in &compared.unlocked {
            let locked = match package.locked.as_slice() {
                [] => "nothing of that name is locked".to_owned(),
                versions => format!("locked: {}", versions.join(", ")),
            };
            let line = format!("{} {} from {}; {locked}", package.name, package.version, package.source);
            text.push_str(&wrapped("  - ", &line, columns));
        }
        return text;
    }
    text.push_str(&wrapped(
        "",
        &format!(
            "{root}: {} by its own list ({format})",
            plimsoll_model::plural(list.packages().len(), "package", "packages")
        ),
        columns,
    ));
    for package in list.packages().iter().filter(|package| !package.root) {
        let line = format!("{} {} from {}, {}", package.name, package.version, source_of(package), kind(package.kind));
        text.push_str(&wrapped("  ", &line, columns));
    }
    text
}
