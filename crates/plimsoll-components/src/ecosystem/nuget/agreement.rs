//! Whether a lockfile holds what a project asks for, as `NuGet` asks that before it takes a lockfile for valid.
//!
//! Source: `NuGet.Client`, `PackagesLockFileUtilities.IsLockFileValid`.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::excerpt;

use super::{
    CONFIG,
    locked_file::{Entry, Kind, LockedFile},
    names::{self, Range},
    project::Project,
};
use crate::ecosystem::locked::{
    graph::{Edge, Graph, Member, Usage},
    manifest::Agreement,
};

/// Packages that SDKs ask for, in small letters, by what they begin with; which version, that of the SDK says.
///
/// Source: .NET SDK, `Microsoft.NET.Sdk.FrameworkReferenceResolution.targets`, `Microsoft.FSharp.NetSdk.props`.
const OF_SDKS: &[&str] = &[
    "microsoft.netcore.app",
    "microsoft.aspnetcore.app",
    "microsoft.aspnetcore.all",
    "microsoft.net.illink",
    "microsoft.netframework.referenceassemblies",
    "microsoft.dotnet.ilcompiler",
    "microsoft.net.sdk.webassembly.pack",
    "netstandard.library",
    "fsharp.core",
    "system.valuetuple",
];

/// What projects of a folder ask for by name in a lockfile.
pub(super) fn member(projects: &[&Project], files: &[&LockedFile], graph: &Graph) -> Member {
    let mut usages: BTreeMap<String, Usage> = BTreeMap::new();
    for project in projects {
        for one in &project.references {
            let known = usages.entry(names::key(&one.id)).or_insert(one.usage);
            *known = (*known).min(one.usage);
        }
    }
    let mut asked: BTreeSet<String> =
        projects.iter().flat_map(|project| &project.projects).map(|one| names::key(&one.name)).collect();
    let direct = files.iter().flat_map(|file| file.entries()).filter(|entry| entry.kind == Kind::Direct);
    asked.extend(direct.map(|entry| names::key(&entry.id)));
    let mut member = Member::default();
    for key in asked {
        let usage = usages.get(&key).copied().unwrap_or(Usage::Normal);
        let found = graph.answers.get(&key).into_iter().flatten();
        member.edges.extend(found.map(|to| Edge { to: *to, usage }));
    }
    member.edges.sort_unstable();
    member.edges.dedup();
    member
}

/// Does a lockfile hold what a project asks for? `projects` finds one of the tree by its name.
pub(super) fn told<'a>(
    project: &Project,
    file: &LockedFile,
    projects: impl Fn(&str) -> Option<&'a Project>,
) -> Agreement {
    let mut entries: BTreeMap<String, Vec<&Entry>> = BTreeMap::new();
    for entry in file.entries() {
        entries.entry(names::key(&entry.id)).or_default().push(entry);
    }
    let mut told = project.open.clone().map_or(Agreement::Yes, Agreement::NotKnown);
    for reference in &project.references {
        let found = entries.get(&names::key(&reference.id)).map(Vec::as_slice).unwrap_or_default();
        let what = excerpt(&format!("{} {}", reference.id, reference.written), 80);
        let direct: Vec<&&Entry> = found.iter().filter(|entry| entry.kind == Kind::Direct).collect();
        told = told.and(match (direct.is_empty(), reference.conditional) {
            (true, true) => {
                Agreement::NotKnown(format!("it does not hold {what}, which is asked for under a condition"))
            }
            (true, false) => Agreement::No(format!("it does not hold {what}")),
            (false, conditional) => match asks_for(reference.version.as_deref(), &direct, file.format) {
                Some(true) => Agreement::Yes,
                Some(false) if !conditional => Agreement::No(format!("it was not written for {what}")),
                _ => Agreement::NotKnown(format!("whether it was written for {what} is not computed")),
            },
        });
    }
    if file.format != CONFIG {
        told = told.and(others(project, file, &entries, projects));
    }
    told
}

/// Was an entry written for this range? Nothing where that is not known.
fn asks_for(version: Option<&str>, direct: &[&&Entry], format: &str) -> Option<bool> {
    let asked = Range::parse(version?)?;
    if format == CONFIG {
        return None;
    }
    let then: Vec<Range> = direct.iter().filter_map(|entry| Range::parse(entry.requested.as_deref()?)).collect();
    if then.is_empty() { None } else { Some(then.iter().any(|then| then.same(&asked))) }
}

/// What has to be there besides the packages that are asked for, and what must not.
fn others<'a>(
    project: &Project,
    file: &LockedFile,
    entries: &BTreeMap<String, Vec<&Entry>>,
    projects: impl Fn(&str) -> Option<&'a Project>,
) -> Agreement {
    let mut told = frameworks(project, file);
    let is_listed = |name: &str| {
        let of_name = entries.get(&names::key(name)).into_iter().flatten();
        of_name.into_iter().any(|entry| entry.kind == Kind::Project)
    };
    for taken in project.projects.iter().filter(|taken| taken.is_referenced) {
        let own = taken.path.as_ref().and_then(|_| projects(&taken.name)).map_or(taken.name.as_str(), |one| &one.name);
        if !is_listed(&taken.name) && !is_listed(own) {
            let shown = excerpt(&taken.name, 80);
            told = told.and(if taken.conditional {
                Agreement::NotKnown(format!(
                    "it does not list the project {shown}, which is asked for under a condition"
                ))
            } else {
                Agreement::No(format!("it does not list the project {shown}"))
            });
        }
    }
    // What a project of the tree asks for must be what it asked for when the lockfile was written.
    for (id, of_name) in entries {
        let mut of_project = of_name.iter().filter(|entry| entry.kind == Kind::Project).peekable();
        let Some(other) = of_project.peek().and_then(|_| projects(id)) else { continue };
        let then: BTreeSet<String> = of_project.flat_map(|entry| &entry.needs).map(|name| names::key(name)).collect();
        let own = other.references.iter().filter(|one| one.usage == Usage::Normal && !one.conditional && !one.private);
        for reference in own.filter(|one| !then.contains(&names::key(&one.id))) {
            let what = excerpt(&format!("{} {}", reference.id, reference.written), 80);
            // It may be a tool by its own word, or part of the framework: neither is passed on.
            let reason = format!("{} asks for {what}, and it lists nothing of that", other.name);
            told = told.and(Agreement::NotKnown(reason));
        }
        if let Some(open) = &other.open {
            told = told.and(Agreement::NotKnown(format!("of {}: {open}", other.name)));
        }
    }
    let asked: BTreeSet<String> = project.references.iter().map(|one| names::key(&one.id)).collect();
    let unasked = entries.iter().find(|(key, of_name)| {
        let is_direct = of_name.iter().any(|entry| entry.kind == Kind::Direct);
        is_direct && !asked.contains(*key) && !OF_SDKS.iter().any(|start| key.starts_with(start))
    });
    if let Some((key, _)) = unasked {
        let shown = excerpt(key, 80);
        told = told.and(Agreement::NotKnown(format!("it was written for {shown}, for which no file of the tree asks")));
    }
    told
}

/// Is it for the frameworks for which the project is built?
fn frameworks(project: &Project, file: &LockedFile) -> Agreement {
    let Some(now) = &project.frameworks else {
        return Agreement::NotKnown("for which frameworks it is built is not computed".to_owned());
    };
    let then = file.frameworks();
    let read =
        |all: &[&str]| -> Option<BTreeSet<(String, String)>> { all.iter().map(|one| names::framework(one)).collect() };
    let now: Vec<&str> = now.iter().map(String::as_str).collect();
    match (read(&now), read(&then)) {
        (Some(now), Some(then)) if now == then => Agreement::Yes,
        (Some(_), Some(_)) => Agreement::No(format!("it was written for {}", excerpt(&then.join(", "), 80))),
        _ => Agreement::NotKnown("its frameworks are not compared".to_owned()),
    }
}
