//! `plimsoll inspect`: one collector alone, or one lockfile.

use std::{fs, path::Path};

use anyhow::{Context as _, Result, bail};
use plimsoll_advisories::{Database, LockedPackage, Match, Package, RegistryIndex, Verdict, match_packages};
use plimsoll_collect::{
    Collected,
    collectors::{advisory_data, exploitation},
    locked_package, published_packages,
};
use plimsoll_components::{Cause, DocumentInfo, Inventory, Options, Resolver, Role, SourceFile, Survey};
use plimsoll_model::{
    Fact, InputId, KindStatus,
    body::{AdvisoryFinding, AdvisoryKind, Body as _},
    one_line, plural,
};
use serde_json::{Value, json};

use super::{dependencies, package, provenance, sbom, signatures, table::wrapped, vex};
use crate::{
    args::{
        ADVISORIES, AdvisoriesArgs, AdvisoriesFormat, At, Check, DataFormat, Facts, InspectArgs, PAST_SECRETS, SECRETS,
        SbomArgs, SbomFormat,
    },
    exit::Exit,
    input, options,
    output::Output,
    trust,
};

pub fn run(args: &InspectArgs, practices: Option<&Path>, output: &Output) -> Result<Exit> {
    match &args.check {
        Check::Signatures(args) => signatures::run(args, output),
        Check::Package(args) => package::run(args, output),
        Check::Dependencies(args) => dependencies::run(args, output),
        Check::Provenance(args) => match &args.bundle.bundle {
            Some(bundle) => provenance::run(bundle, args, output),
            None => facts("provenance", &args.target, &args.at, args.format, output),
        },
        Check::Sbom(args) => sbom(args, output),
        Check::Advisories(args) => advisories(args, output),
        Check::Facts(Facts { collector, args }) => {
            // One question to a person, whose two halves rest on different inputs.
            let more = (collector == SECRETS && args.at.history).then_some(PAST_SECRETS);
            let collectors: Vec<&str> = std::iter::once(collector.as_str()).chain(more).collect();
            facts_of(&collectors, (&args.target, &args.at), practices, args.format, output)
        }
    }
}

/// What is known of the locked packages of a repository or a lockfile.
fn advisories(args: &AdvisoriesArgs, output: &Output) -> Result<Exit> {
    let format = match args.format {
        AdvisoriesFormat::Document(form) => return vex::run(args, form, output),
        AdvisoriesFormat::Text => DataFormat::Text,
        AdvisoriesFormat::Json => DataFormat::Json,
    };
    if args.target.is_file() {
        lockfile(args, format, output)
    } else {
        facts(ADVISORIES, &args.target, &args.at, format, output)
    }
}

/// The components of a repository, a lockfile or a folder of manifests.
fn sbom(args: &SbomArgs, output: &Output) -> Result<Exit> {
    if let Some(id) = &args.profile {
        return sbom::profile(args, id, output);
    }
    if let Some(other) = &args.against {
        return sbom::against(args, other, output);
    }
    if args.target.is_file() {
        let inventory = lockfile_inventory(&args.target)?;
        return components(&inventory, &info_of_path(args), args.format, output);
    }
    if args.target.is_dir() && !is_repository(&args.target) {
        let inventory = folder_inventory(&args.target, &args.at)?;
        return components(&inventory, &info_of_path(args), args.format, output);
    }
    match args.format {
        SbomFormat::Text => facts("sbom", &args.target, &args.at, DataFormat::Text, output),
        SbomFormat::Json => facts("sbom", &args.target, &args.at, DataFormat::Json, output),
        SbomFormat::Document(_) => {
            // The document names the product as the label does.
            let collected = collect(&["sbom", "claims"], (&args.target, &args.at), None, output)?;
            let info = plimsoll::document_info(&collected.evidence, &collected.inventory);
            components(&collected.inventory, &info, args.format, output)
        }
    }
}

/// The packages of a folder that is no repository.
pub(super) fn folder_inventory(folder: &Path, at: &At) -> Result<Inventory> {
    let inventory = plimsoll_collect::inventory_of_folder(folder, options::resolver(at.resolver))
        .with_context(|| format!("{}: cannot read", folder.display()))?;
    if inventory.manifests == 0 && inventory.lockfiles.is_empty() {
        bail!("{}: no manifest and no lockfile that is read in it", folder.display());
    }
    Ok(inventory)
}

/// The packages of a repository at a commit.
pub(super) fn repository_inventory(repository: &Path, at: &At, output: &Output) -> Result<Inventory> {
    Ok(collect(&["sbom"], (repository, at), None, output)?.inventory)
}

pub(super) fn collect(
    only: &[&str],
    (target, at): (&Path, &At),
    practices: Option<&Path>,
    output: &Output,
) -> Result<Collected> {
    let (target, inputs) = options::collection(target, at, Some(only), practices)?;
    let progress = output.progress();
    let collected = plimsoll_collect::collect(&target, &inputs, &|what| progress.tell(what))?;
    drop(progress);
    trust::report_not_kept(collected.not_kept.as_ref(), output);
    Ok(collected)
}

/// What one collector states that looks at no tools.
fn facts(collector: &str, target: &Path, at: &At, format: DataFormat, output: &Output) -> Result<Exit> {
    facts_of(&[collector], (target, at), None, format, output)
}

/// What some collectors state.
fn facts_of(
    collectors: &[&str],
    of: (&Path, &At),
    practices: Option<&Path>,
    format: DataFormat,
    output: &Output,
) -> Result<Exit> {
    let collected = collect(collectors, of, practices, output)?;
    let evidence = &collected.evidence;
    if format == DataFormat::Json {
        let findings: Vec<&serde_json::Map<String, Value>> =
            evidence.facts_of(AdvisoryFinding::KIND).map(|fact| &fact.body).collect();
        let mut all = json!({"subject": evidence.subject, "asOf": evidence.as_of, "kinds": evidence.kinds, "facts": evidence.facts});
        if collectors == [ADVISORIES]
            && let Some(object) = all.as_object_mut()
        {
            object.insert("findings".to_owned(), json!(findings));
            object.insert("database".to_owned(), json!(evidence.inputs.get(InputId::Advisories.name())));
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
        let mut facts: Vec<&Fact> = evidence.facts_of(kind).collect();
        // What is known to be exploited comes first.
        facts.sort_by_key(|fact| kind == AdvisoryFinding::KIND && !fact.body.contains_key("knownExploited"));
        for fact in facts {
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

pub(super) fn is_repository(path: &Path) -> bool {
    path.join(".git").exists() || (path.join("objects").is_dir() && path.join("HEAD").is_file())
}

/// What a document says of itself that is about no commit: the name of the folder, or of the file's folder.
fn info_of_path(args: &SbomArgs) -> DocumentInfo {
    let folder = if args.target.is_file() { args.target.parent() } else { Some(args.target.as_path()) };
    let folder = folder.and_then(|folder| fs::canonicalize(folder).ok());
    let name = folder.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    DocumentInfo {
        name: name.unwrap_or_default(),
        version: None,
        commit: String::new(),
        as_of: input::as_of(args.at.as_of),
        changed: false,
        claimant: None,
        contact: None,
        identifiers: Vec::new(),
        tool_version: plimsoll::tool().version,
    }
}

fn components(inventory: &Inventory, info: &DocumentInfo, format: SbomFormat, output: &Output) -> Result<Exit> {
    match format {
        SbomFormat::Document(form) => output.print(form.write(inventory, info)?)?,
        SbomFormat::Json => {
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
        SbomFormat::Text => {
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

/// The packages of one lockfile or manifest, by the reader and within the bounds that hold for those of a repository.
///
/// A file whose name says nothing is read as the first lockfile there is; a manifest has to name a package that it takes.
pub(super) fn lockfile_inventory(path: &Path) -> Result<Inventory> {
    let given = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let role = plimsoll_components::role(given).filter(|role| matches!(role, Role::Lockfile | Role::Manifest));
    let name = if role.is_some() { given } else { plimsoll_components::lockfile_name(given) };
    let options = Options { resolver: Resolver::Lockfile, ..Options::default() };
    let limit = options.limits.lockfile_bytes as u64;
    let bytes = input::open(path)
        .and_then(|file| plimsoll_model::read_bounded(file, limit))
        .with_context(|| format!("{}: cannot read", path.display()))?;
    let bytes = bytes.with_context(|| format!("{}: larger than {limit} bytes", path.display()))?;
    let file = SourceFile { path: name.to_owned(), blob: String::new(), bytes, class: "shipped".to_owned() };
    let mut inventory = plimsoll_components::inventory(&[file], &Survey::default(), &options);
    let lists = inventory.components.iter().any(|one| !one.own);
    if inventory.lockfiles.is_empty() && !(role == Some(Role::Manifest) && lists) {
        let reason = inventory.gaps.first().map(|gap| gap.reason.as_str());
        let reason =
            reason.map(|reason| reason.strip_prefix(name).and_then(|rest| rest.strip_prefix(": ")).unwrap_or(reason));
        let path = path.display();
        match role {
            Some(Role::Manifest) => {
                let reason = reason.unwrap_or("it takes none in a version that it names");
                bail!("{path}: no packages are known from this file: {}", one_line(reason))
            }
            None => bail!(
                "{path}: no lockfile or manifest that this version reads has the name {}, and it is no {name}",
                one_line(given)
            ),
            _ => bail!(
                "{path}: not a {name} that this version reads: {}",
                one_line(reason.unwrap_or("it cannot be read"))
            ),
        }
    }
    // It was asked for without a manifest next to it.
    inventory.limitations.retain(|limitation| !limitation.contains("belongs to no"));
    inventory.gaps.retain(|gap| !gap.reason.contains("belongs to no"));
    Ok(inventory)
}

/// Matches one lockfile: every advisory that holds for a package in it, without asking what of it is built.
fn lockfile(args: &AdvisoriesArgs, format: DataFormat, output: &Output) -> Result<Exit> {
    let inventory = lockfile_inventory(&args.target)?;
    for gap in &inventory.gaps {
        output.say(&gap.reason);
    }
    let mut locked: Vec<(LockedPackage, Option<String>)> = Vec::new();
    let mut packages: Vec<Package> = Vec::new();
    for component in &inventory.components {
        packages.extend(published_packages(component));
        let of_rust = locked_package(component);
        locked.extend(of_rust.map(|package| (package, component.sha256().map(ToOwned::to_owned))));
    }
    // To find nothing where nothing was compared would be no answer.
    if let Some(gap) = inventory.gaps.iter().find(|gap| gap.cause == Cause::NotCompared).filter(|_| packages.is_empty())
    {
        bail!("{}: {}", args.target.display(), gap.reason);
    }
    let database = Database::open(&args.at.advisories)?;
    if let Some(first) = database.gaps().next() {
        output.say(&format!(
            "{} could not be read, first {first}",
            plural(database.gaps().count(), "advisory", "advisories")
        ));
    }
    let in_use = advisory_data::in_use(&inventory.ecosystems, &inventory.components);
    for one in &in_use {
        let name = one.ecosystem.name;
        let Some(data) = database.data_of(one.ecosystem)? else {
            bail!(
                "there is no advisory data about packages of {name}: give it with --advisories (`plimsoll db update`)"
            );
        };
        if let Some(first) = data.lacks.first() {
            let count = data.lacks.len();
            output.say(&format!(
                "the advisory data of {name} lacks {count} that this version of Plimsoll has built in, {first} first"
            ));
        }
        if data.is_part() {
            output.say(&format!("the advisory data of {name} is a part of what is published"));
        }
    }
    let today = input::as_of(args.at.as_of).to_zoned(jiff::tz::TimeZone::UTC).date();
    let mut matches = match_packages(&database, &packages, today)?;
    let index = args.at.index.as_deref().map(RegistryIndex::open).transpose()?.map(|index| index.look_up(&locked));
    if let Some(first) = index.as_ref().and_then(|report| report.gaps.first()) {
        output.say(&format!("a part of the registry's index could not be read: {first}"));
    }
    for package in index.iter().flat_map(|report| &report.altered) {
        let (name, version) = (&package.name, &package.version);
        output.say(&format!("{name} {version} has another checksum in the lockfile than in the registry's index"));
    }
    let yanked = index.iter().flat_map(|report| &report.yanked);
    let files = input::files(&args.at.files.0)?;
    let ids = |one: &Match| std::iter::once(one.advisory.id.clone()).chain(one.aliases.clone()).collect::<Vec<_>>();
    let all: Vec<String> = matches.iter().flat_map(ids).collect();
    let (exploitation, notes) = exploitation::of_ids(|id| files.bytes(id), all.iter().map(String::as_str));
    for note in &notes {
        output.say(note);
    }
    let exploited = |one: &Match| exploitation.exploited(ids(one).iter().map(String::as_str));
    let score = |one: &Match| exploitation.score(ids(one).iter().map(String::as_str)).cloned();
    matches.sort_by_key(|one| exploited(one).is_none());
    if format == DataFormat::Json {
        let findings: Vec<Value> = matches
            .iter()
            .map(|one| {
                json!({
                    "advisory": one.advisory.id,
                    "aliases": one.aliases,
                    "ecosystem": one.package.ecosystem.name,
                    "package": one.package.name,
                    "version": one.package.version,
                    "holds": if one.verdict == Verdict::Affected { "yes" } else { "not known" },
                    "kind": one.advisory.kind,
                    "severity": one.advisory.severity,
                    "cvss": one.advisory.cvss,
                    "patched": one.advisory.patched,
                    "fixedIn": one.advisory.fix_of(one.package.ecosystem, &one.package.version),
                    "affectedFunctions": one.advisory.functions_of(&one.package.version),
                    "published": one.advisory.published,
                    "knownExploited": exploited(one),
                    "epss": score(one),
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
            "database": advisory_data::input_of(&database, &in_use).map_err(anyhow::Error::msg)?,
            "unreadable": database.gaps().collect::<Vec<_>>(),
            "registryIndex": index.as_ref().map(|report| json!({"input": report.input, "unlisted": report.unlisted, "unreadable": report.gaps})),
        });
        output.print(serde_json::to_string_pretty(&all)? + "\n")?;
        return Ok(Exit::Done);
    }
    let found = matches.len() + yanked.clone().count();
    let mut out =
        format!("{}, {}\n", plural(packages.len(), "package", "packages"), plural(found, "finding", "findings"));
    for one in &matches {
        let patched = match one.advisory.fix_of(one.package.ecosystem, &one.package.version) {
            Some(fixed) => format!("fixed in {}", one_line(fixed)),
            None if one.advisory.patched.is_empty() => "no fixed version".to_owned(),
            None => format!("fixed in {}", one_line(&one.advisory.patched.join(" or "))),
        };
        let open = match &one.verdict {
            Verdict::Uncomparable(why) => format!("  whether it holds is not known: {}", one_line(why)),
            _ => String::new(),
        };
        let line = format!(
            "{}  {} {}  {} {}  {patched}{}{open}",
            one.advisory.id,
            one.package.name,
            one.package.version,
            one.advisory.kind.as_str(),
            one.advisory.severity.as_str(),
            exploited(one).map_or_else(String::new, |added| format!("  known to be exploited ({added})"))
        );
        out.push_str(&wrapped("", &line, output.columns()));
    }
    for package in yanked {
        let line = format!("yanked  {} {}  yanked from the registry", package.name, package.version);
        out.push_str(&wrapped("", &line, output.columns()));
    }
    output.print(out)?;
    Ok(Exit::Done)
}
