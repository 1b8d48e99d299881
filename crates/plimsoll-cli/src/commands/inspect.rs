//! `plimsoll inspect`: one collector alone, or one lockfile.

use std::{fs, io::Read as _, path::Path};

use anyhow::{Context as _, Result, bail};
use plimsoll_advisories::{AdvisoryKind, Database, RegistryIndex, match_packages, parse_lockfile};
use plimsoll_components::{DocumentInfo, Inventory};
use plimsoll_model::{Fact, KindStatus, one_line};
use serde_json::{Value, json};

use super::{dependencies, package, provenance, signatures, table::wrapped};
use crate::{
    args::{InspectArgs, InspectFormat},
    exit::Exit,
    input,
    output::Output,
    trust,
};

/// Bytes of a lockfile.
const LARGEST_LOCKFILE: u64 = 32 * 1024 * 1024;

pub fn run(args: &InspectArgs, output: &Output) -> Result<Exit> {
    let documents = matches!(args.format, InspectFormat::Cyclonedx | InspectFormat::Spdx);
    if documents && args.kind != "sbom" {
        bail!("only `inspect sbom` has the formats cyclonedx and spdx");
    }
    if args.kind != "package" && args.rebuild {
        bail!("--rebuild is for `inspect package` alone");
    }
    match (args.kind.as_str(), &args.repository) {
        ("package" | "dependencies", _) if args.bundle.bundle.is_some() || !args.at.artifacts.is_empty() => {
            bail!("`inspect {}` takes the one file that is named before the repository", args.kind)
        }
        ("package", _) => return package::run(args, output),
        ("dependencies", _) => return dependencies::run(args, output),
        (_, Some(second)) => {
            bail!(
                "{}: one target at a time; only `package` and `dependencies` take a file and a repository",
                second.display()
            )
        }
        _ => {}
    }
    if args.bundle.bundle.is_some() {
        if args.kind != "provenance" {
            bail!("--bundle is for `inspect provenance` alone");
        }
        return provenance::run(args, output);
    }
    if args.kind == "signatures" {
        return signatures::run(args, output);
    }
    if args.all || args.objects.is_some() || args.format == InspectFormat::Jsonl {
        bail!("--all, --objects and the format jsonl are for `inspect signatures` alone");
    }
    if args.kind == "advisories" && args.target.is_file() {
        return lockfile(args, output);
    }
    if args.kind == "sbom" && args.target.is_dir() && !is_repository(&args.target) {
        let inventory = plimsoll_collect::inventory_of_folder(&args.target, input::resolver(args.at.resolver))
            .with_context(|| format!("{}: cannot read", args.target.display()))?;
        if inventory.manifests == 0 && inventory.lockfiles.is_empty() {
            bail!("{}: no Cargo.toml and no Cargo.lock in it", args.target.display());
        }
        let info = DocumentInfo {
            name: args
                .target
                .file_name()
                .map_or_else(|| "source".to_owned(), |name| name.to_string_lossy().into_owned()),
            version: None,
            commit: String::new(),
            as_of: input::as_of(args.at.as_of),
            claimant: None,
            tool_version: plimsoll::tool().version,
        };
        return sbom(&inventory, &info, args.format, output);
    }
    let options = input::options(&args.at, Some(vec![args.kind.clone()]))?;
    let as_of = options.as_of;
    let progress = output.progress();
    let collected = plimsoll_collect::collect(&args.target, &options, &|what| progress.tell(what))?;
    drop(progress);
    trust::keep(&options.trust, output);
    let evidence = &collected.evidence;
    if documents {
        let info = DocumentInfo {
            name: "source".to_owned(),
            version: None,
            commit: evidence.subject.commit.clone(),
            as_of,
            claimant: None,
            tool_version: plimsoll::tool().version,
        };
        return sbom(&collected.inventory, &info, args.format, output);
    }
    if args.format == InspectFormat::Json {
        let findings: Vec<&serde_json::Map<String, Value>> =
            evidence.facts_of("advisory-finding").map(|fact| &fact.body).collect();
        let mut all = json!({"subject": evidence.subject, "asOf": evidence.as_of, "kinds": evidence.kinds, "facts": evidence.facts});
        if args.kind == "advisories"
            && let Some(object) = all.as_object_mut()
        {
            object.insert("findings".to_owned(), json!(findings));
            object.insert("database".to_owned(), json!(evidence.inputs.get("advisories")));
        }
        output.print(serde_json::to_string_pretty(&all)? + "\n")?;
        return Ok(Exit::Done);
    }
    let mut text = String::new();
    for (kind, report) in &evidence.kinds {
        let status = match report.status {
            KindStatus::Searched => format!("{} in {} {}", report.count, report.searched_count, report.searched),
            KindStatus::Partial => {
                format!("{} in {} {}, in part", report.count, report.searched_count, report.searched)
            }
            KindStatus::Unavailable => "could not be looked at".to_owned(),
        };
        text.push_str(&format!("{kind}: {}\n", one_line(&status)));
        if let Some(reason) = &report.reason {
            text.push_str(&wrapped("  ! ", reason, output.columns()));
        }
        for fact in evidence.facts_of(kind) {
            text.push_str(&wrapped("  - ", &summary(fact), output.columns()));
        }
        for limitation in &report.limitations {
            text.push_str(&wrapped("  ~ ", limitation, output.columns()));
        }
    }
    output.print(text)?;
    Ok(Exit::Done)
}

/// A fact in one line: where, then what is set of its body.
fn summary(fact: &Fact) -> String {
    let place = fact.pointers.first().map(plimsoll_model::Pointer::display).unwrap_or_default();
    let members = fact.body.iter().filter_map(|(name, value)| {
        let text = match value {
            Value::Null | Value::Bool(false) => return None,
            Value::Bool(true) => return Some(name.clone()),
            Value::String(text) if text.is_empty() || *text == fact.subject.id => return None,
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Array(values) if values.is_empty() => return None,
            Value::Array(values) => values
                .iter()
                .map(|value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned))
                .collect::<Vec<_>>()
                .join(" "),
            Value::Object(_) => value.to_string(),
        };
        let text: String =
            if text.chars().count() > 120 { text.chars().take(117).chain("...".chars()).collect() } else { text };
        Some(format!("{name}={text}"))
    });
    format!(
        "{} [{}] {}",
        if place.is_empty() { &fact.subject.id } else { &place },
        fact.assurance,
        members.collect::<Vec<_>>().join(" ")
    )
}

fn is_repository(path: &Path) -> bool {
    path.join(".git").exists() || (path.join("objects").is_dir() && path.join("HEAD").is_file())
}

fn sbom(inventory: &Inventory, info: &DocumentInfo, format: InspectFormat, output: &Output) -> Result<Exit> {
    match format {
        InspectFormat::Cyclonedx => output.print(plimsoll_components::cyclonedx(inventory, info)?)?,
        InspectFormat::Spdx => output.print(plimsoll_components::spdx(inventory, info)?)?,
        InspectFormat::Json => {
            let gaps: Vec<_> =
                inventory.gaps.iter().map(|gap| json!({"path": gap.path, "reason": gap.reason})).collect();
            let all = json!({
                "ecosystems": inventory.ecosystems,
                "workspaces": inventory.workspaces,
                "lockfiles": inventory.lockfiles,
                "components": inventory.components,
                "gaps": gaps,
                "limitations": inventory.limitations,
            });
            output.print(serde_json::to_string_pretty(&all)? + "\n")?;
        }
        InspectFormat::Text | InspectFormat::Jsonl => {
            let mut text = String::new();
            for component in &inventory.components {
                let reach = serde_json::to_value(component.reach)?;
                let line = format!("{} {}", component.purl, reach.as_str().unwrap_or_default());
                text.push_str(&one_line(&line));
                text.push('\n');
            }
            for gap in &inventory.gaps {
                text.push_str(&wrapped("! ", &gap.reason, output.columns()));
            }
            output.print(text)?;
        }
    }
    Ok(Exit::Done)
}

/// Matches one Cargo.lock: every advisory that holds for a package in it, without asking what of it is built.
fn lockfile(args: &InspectArgs, output: &Output) -> Result<Exit> {
    let path = &args.target;
    let mut text = String::new();
    fs::File::open(path)
        .and_then(|file| file.take(LARGEST_LOCKFILE + 1).read_to_string(&mut text))
        .with_context(|| format!("{}: cannot read", path.display()))?;
    if text.len() as u64 > LARGEST_LOCKFILE {
        bail!("{}: larger than {LARGEST_LOCKFILE} bytes", path.display());
    }
    let packages = parse_lockfile(&text).with_context(|| format!("{}", path.display()))?;
    let database = match &args.at.advisories {
        Some(advisories) => Database::open(advisories).with_context(|| format!("{}", advisories.display()))?,
        None => Database::embedded()?,
    };
    if let Some(first) = database.gaps().first() {
        output.say(&format!("{} advisories could not be read, first {first}", database.gaps().len()));
    }
    let matches = match_packages(&database, &packages)?;
    let index = args.at.index.as_deref().map(RegistryIndex::open).transpose()?.map(|index| index.yanked(&packages));
    if let Some(first) = index.as_ref().and_then(|report| report.gaps.first()) {
        output.say(&format!("a part of the registry's index could not be read: {first}"));
    }
    let yanked = index.iter().flat_map(|report| &report.yanked);
    if args.format == InspectFormat::Json {
        let findings: Vec<Value> = matches
            .iter()
            .map(|one| {
                json!({
                    "advisory": one.record.id,
                    "aliases": one.record.aliases,
                    "package": one.package.name,
                    "version": one.package.version.to_string(),
                    "kind": one.kind(),
                    "severity": one.record.severity(),
                    "cvss": one.record.cvss,
                    "patched": one.record.patched,
                    "affectedFunctions": one.record.functions_of(&one.package.version),
                    "published": one.record.date,
                })
            })
            .chain(yanked.map(|package| {
                let (name, version) = (&package.name, package.version.to_string());
                json!({"advisory": null, "package": name, "version": version, "kind": AdvisoryKind::Yanked})
            }))
            .collect();
        let all = json!({
            "findings": findings,
            "packages": packages.len(),
            "database": database.input(),
            "unreadable": database.gaps(),
            "registryIndex": index.as_ref().map(|report| json!({"input": report.input, "unlisted": report.unlisted, "unreadable": report.gaps})),
        });
        output.print(serde_json::to_string_pretty(&all)? + "\n")?;
        return Ok(Exit::Done);
    }
    let mut out = format!("{} packages, {} findings\n", packages.len(), matches.len() + yanked.clone().count());
    for one in &matches {
        let patched = if one.record.patched.is_empty() {
            "no fixed version".to_owned()
        } else {
            format!("fixed in {}", one.record.patched.join(" or "))
        };
        let line = format!(
            "{}  {} {}  {} {}  {patched}",
            one.record.id,
            one.package.name,
            one.package.version,
            one.kind().as_str(),
            one.record.severity().as_str()
        );
        out.push_str(&wrapped("", &line, output.columns()));
    }
    for package in yanked {
        let line = format!("yanked  {} {}  taken back from the registry", package.name, package.version);
        out.push_str(&wrapped("", &line, output.columns()));
    }
    output.print(out)?;
    Ok(Exit::Done)
}
