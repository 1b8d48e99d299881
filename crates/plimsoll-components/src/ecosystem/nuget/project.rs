//! What a project asks for: its file with all that `MSBuild` takes in with it, as far as the tree has it.
//!
//! Conditions are not decided, but for whether a file is there and whether a property was set: what is asked for under one may
//! be asked for. A property with several values has none that is known.
//!
//! Source: `MSBuild` reference, "Customize your build by folder"; `NuGet` documentation, "Central Package Management".

use std::collections::BTreeMap;

use plimsoll_model::{excerpt, tree_path};

use super::{
    CENTRAL, PROPS, TARGETS, msbuild,
    msbuild::{Action, Item, Kind, MsBuild, What},
    names,
    properties::{self, Properties, ROOT},
};
use crate::ecosystem::locked::graph::Usage;

/// How many files one project takes in.
const FILES: usize = 100;
/// What one project asks for.
const REFERENCES: usize = 2_000;

/// Files of the tree by path.
pub(super) type All = BTreeMap<String, Result<MsBuild, String>>;

/// A project that was understood.
#[derive(Clone, Debug, Default)]
pub(super) struct Project {
    pub name: String,
    pub version: Option<String>,
    pub licence: Option<String>,
    pub references: Vec<Reference>,
    pub projects: Vec<Taken>,
    /// Frameworks that it is built for, where they are known.
    pub frameworks: Option<Vec<String>>,
    /// Paths of built files that it takes, as they are written.
    pub prebuilt: Vec<String>,
    /// Sources of packages that it names itself.
    pub sources: Vec<String>,
    /// Why it is not known what it asks for, in one clause.
    pub open: Option<String>,
}

/// A package that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reference {
    pub id: String,
    /// What versions, where that is known.
    pub version: Option<String>,
    /// The same as it is written.
    pub written: String,
    pub usage: Usage,
    /// Do those not get it who take the project?
    pub private: bool,
    pub conditional: bool,
}

/// A project that is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    pub name: String,
    /// Its path in the tree; nothing where it is not there.
    pub path: Option<String>,
    pub conditional: bool,
    /// Is what it builds taken, so that what it needs is needed?
    pub is_referenced: bool,
}

/// What may still be looked at and kept, over all projects.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    pub statements: usize,
    pub references: usize,
}

/// Reads a project.
pub(super) fn read(path: &str, all: &All, left: &mut Budget) -> Project {
    let mut reading = Reading {
        all,
        left,
        taken: Vec::new(),
        properties: Properties::default(),
        items: Vec::new(),
        prebuilt: Vec::new(),
        open: None,
    };
    let folder = tree_path::folder(path);
    let stem = tree_path::name(path).rsplit_once('.').map_or(path, |(stem, _)| stem);
    let directory = format!("{ROOT}{folder}/");
    for (name, value) in [("msbuildprojectdirectory", directory.as_str()), ("msbuildprojectname", stem)] {
        reading.properties.set(name, Some(value.to_owned()), false);
    }
    for name in [PROPS, CENTRAL] {
        reading.nearest(folder, name);
    }
    reading.file(path, false);
    reading.nearest(folder, TARGETS);
    let mut project = Project { name: stem.to_owned(), ..Project::default() };
    reading.into_project(&mut project);
    project
}

struct Reading<'a> {
    all: &'a All,
    left: &'a mut Budget,
    /// Files that were taken in: each is once.
    taken: Vec<&'a str>,
    properties: Properties,
    /// Items with the folder of their file, and whether they are under a condition.
    items: Vec<(&'a Item, &'a str, bool)>,
    prebuilt: Vec<String>,
    open: Option<String>,
}

impl<'a> Reading<'a> {
    fn open(&mut self, reason: impl FnOnce() -> String) {
        self.open.get_or_insert_with(reason);
    }

    /// The file of a name in a folder or the nearest above.
    fn above(&self, folder: &str, name: &str) -> Option<&'a str> {
        let mut folder = Some(folder);
        while let Some(here) = folder {
            if let Some((path, _)) = self.all.get_key_value(&tree_path::within(here, name)) {
                return Some(path);
            }
            folder = (!here.is_empty()).then(|| tree_path::folder(here));
        }
        None
    }

    fn nearest(&mut self, folder: &str, name: &str) {
        if let Some(path) = self.above(folder, name) {
            self.file(path, false);
        }
    }

    /// Takes in a file. Each is taken in once, so this ends.
    fn file(&mut self, path: &str, conditional: bool) {
        let Some((path, file)) = self.all.get_key_value(path) else { return };
        if self.taken.contains(&path.as_str()) {
            return;
        }
        if self.taken.len() >= FILES {
            return self.open(|| format!("it takes in more than {FILES} files"));
        }
        self.taken.push(path);
        let file = match file {
            Ok(file) => file,
            Err(reason) => return self.open(|| format!("{path}, which it takes in, was not read: {reason}")),
        };
        self.prebuilt.extend(file.prebuilt.iter().take(REFERENCES).cloned());
        if file.computes {
            self.open(|| format!("{path} asks for packages while it is built"));
        }
        for sdk in file.sdks.iter().filter(|sdk| !is_known_sdk(sdk)) {
            let sdk = excerpt(sdk, 80);
            self.open(|| format!("its SDK {sdk} asks for what no file of the tree says"));
        }
        let folder = tree_path::folder(path);
        for statement in &file.statements {
            let Some(left) = self.left.statements.checked_sub(1) else {
                return self.open(|| "the projects of this tree take in more than is read".to_owned());
            };
            self.left.statements = left;
            let Some(maybe) = self.holds(&statement.conditions, &statement.what, folder) else { continue };
            let conditional = conditional || maybe;
            match &statement.what {
                What::Property { name, value } => {
                    let value = self.properties.expand(value, folder);
                    self.properties.set(name, value, conditional);
                }
                What::Import { path: asked } => self.import(asked, folder, conditional),
                What::Item(item) => self.items.push((item, folder, conditional)),
            }
        }
    }

    /// Whether a statement holds: nothing where it does not, else whether that is not decided.
    fn holds(&self, conditions: &[String], what: &What, folder: &str) -> Option<bool> {
        let mut maybe = false;
        for condition in conditions {
            if let What::Property { name, .. } = what
                && properties::is_default_of(condition, name)
            {
                if self.properties.is_set(name) {
                    return None;
                }
            } else if let Some(path) = properties::exists(condition) {
                match self.place(path, folder) {
                    Some(path) if self.all.contains_key(&path) => {}
                    Some(path) if is_msbuild(&path) => return None,
                    _ => maybe = true,
                }
            } else {
                maybe = true;
            }
        }
        Some(maybe)
    }

    /// The path in the tree that a text means.
    fn place(&self, text: &str, folder: &str) -> Option<String> {
        if let Some((_, rest)) = text.split_once("GetPathOfFileAbove(") {
            let name = rest.split([',', ')']).next()?.trim().trim_matches(['\'', '"']);
            // What the second argument is, `..` or the folder itself, is where the search begins.
            let from = if rest.contains("..") { tree_path::folder(folder) } else { folder };
            return (!folder.is_empty()).then(|| self.above(from, name).map(ToOwned::to_owned))?;
        }
        if let Some((_, rest)) = text.split_once("GetDirectoryNameOfFileAbove(") {
            let (arguments, file) = rest.split_once("))")?;
            let (start, name) = arguments.rsplit_once(',')?;
            let from = if start.contains("..") { tree_path::folder(folder) } else { folder };
            let found = self.above(from, name.trim().trim_matches(['\'', '"']))?;
            let file = file.replace('\\', "/");
            return tree_path::join(tree_path::folder(found), file.trim_start_matches('/'));
        }
        let path = self.properties.expand(text.trim(), folder)?.replace('\\', "/");
        match path.rsplit_once(ROOT) {
            Some((_, absolute)) => tree_path::join("", absolute.trim_start_matches('/')),
            None => tree_path::join(folder, &path),
        }
    }

    fn import(&mut self, asked: &str, folder: &str, conditional: bool) {
        let shown = excerpt(asked, 80);
        let lower = asked.to_ascii_lowercase();
        if lower.ends_with("paket.restore.targets") || lower.ends_with("paket.targets") {
            return self.open(|| "its packages are those of Paket, whose files are not read".to_owned());
        }
        if is_of_machine(&lower) {
            return;
        }
        match self.place(asked, folder) {
            Some(path) if self.all.contains_key(&path) => self.file(&path, conditional),
            // Nothing is above it: then nothing is taken in.
            None if lower.contains("fileabove(") => {}
            _ => self.open(|| format!("it takes in {shown}, which is not in the tree or not computed")),
        }
    }

    fn into_project(mut self, project: &mut Project) {
        let properties = std::mem::take(&mut self.properties);
        let mut central: BTreeMap<String, Vec<Option<String>>> = BTreeMap::new();
        let items = std::mem::take(&mut self.items);
        for (item, folder, conditional) in items.iter().filter(|(item, ..)| item.kind == Kind::Central) {
            let version = item.version.as_ref().and_then(|version| properties.expand(version, folder));
            for id in self.names(item, folder, &properties) {
                let known = central.entry(names::key(&id)).or_default();
                if item.action != Action::Include && !conditional {
                    known.clear();
                }
                if item.action != Action::Remove && !known.contains(&version) {
                    known.push(version.clone());
                }
            }
        }
        for (item, folder, conditional) in items {
            match item.kind {
                Kind::Central => {}
                Kind::Project => self.project(item, folder, conditional, &properties, project),
                _ => self.package(item, folder, conditional, &properties, project),
            }
            if project.references.len() + project.projects.len() > REFERENCES.min(self.left.references) {
                self.open(|| "it asks for more packages than are read".to_owned());
                project.references.truncate(self.left.references);
                break;
            }
        }
        self.left.references = self.left.references.saturating_sub(project.references.len());
        let is_central = properties.may_be_true("managepackageversionscentrally");
        for reference in project.references.iter_mut().filter(|one| one.written.is_empty() && is_central) {
            if let Some([version]) = central.get(&names::key(&reference.id)).map(Vec::as_slice) {
                reference.version.clone_from(version);
                reference.written = version.clone().unwrap_or_default();
            }
        }
        let get = |name: &str| properties.get(name).map(str::trim).filter(|value| !value.is_empty());
        if let Some(name) = get("packageid").or_else(|| get("assemblyname")).filter(|name| names::is_id(name)) {
            name.clone_into(&mut project.name);
        }
        let version = get("packageversion").or_else(|| get("version")).or_else(|| get("versionprefix"));
        project.version = version.filter(|version| names::is_version(version)).map(ToOwned::to_owned);
        project.licence = get("packagelicenseexpression").map(ToOwned::to_owned);
        let frameworks = get("targetframeworks").or_else(|| get("targetframework"));
        project.frameworks = frameworks
            .map(|all| all.split(';').map(str::trim).filter(|one| !one.is_empty()).map(ToOwned::to_owned).collect());
        for name in ["restoresources", "restoreadditionalprojectsources"] {
            if properties.is_set(name) {
                project.sources.push(get(name).unwrap_or_default().to_owned());
            }
        }
        project.open = self.open;
        project.prebuilt = self.prebuilt;
    }

    /// The ids or paths of an item.
    fn names(&mut self, item: &Item, folder: &str, properties: &Properties) -> Vec<String> {
        let Some(all) = properties.expand(&item.names, folder) else {
            let shown = excerpt(&item.names, 80);
            self.open(|| format!("it asks for {shown}, which is not computed"));
            return Vec::new();
        };
        all.split(';').map(str::trim).filter(|name| !name.is_empty()).map(ToOwned::to_owned).collect()
    }

    fn package(
        &mut self,
        item: &Item,
        folder: &str,
        conditional: bool,
        properties: &Properties,
        project: &mut Project,
    ) {
        let written = item.version_override.as_ref().or(item.version.as_ref()).map(|text| text.trim().to_owned());
        let version = written.as_ref().and_then(|text| properties.expand(text, folder));
        for id in self.names(item, folder, properties) {
            if !names::is_id(&id) {
                let shown = excerpt(&id, 80);
                self.open(|| format!("it asks for {shown}, which is no id of a package"));
                continue;
            }
            // Each of them is compared with each that is known.
            self.left.statements = self.left.statements.saturating_sub(project.references.len());
            let is_it = |one: &Reference| one.id.eq_ignore_ascii_case(&id);
            match item.action {
                Action::Include => {
                    let is_fetched = item.kind == Kind::Fetched;
                    project.references.push(Reference {
                        version: version.clone(),
                        written: written.clone().unwrap_or_default(),
                        usage: if is_fetched { Usage::Build } else { usage(item) },
                        private: item.private_assets.is_some() || item.kind == Kind::Global,
                        conditional: conditional || is_fetched,
                        id,
                    });
                }
                Action::Remove if conditional => {
                    project.references.iter_mut().filter(|one| is_it(one)).for_each(|one| one.conditional = true);
                }
                Action::Remove => project.references.retain(|one| !is_it(one)),
                Action::Update => {
                    let Some(written) = &written else { continue };
                    let known: Vec<Reference> = project.references.iter().filter(|one| is_it(one)).cloned().collect();
                    if conditional {
                        project.references.iter_mut().filter(|one| is_it(one)).for_each(|one| one.conditional = true);
                    } else {
                        project.references.retain(|one| !is_it(one));
                    }
                    project.references.extend(known.into_iter().map(|one| Reference {
                        version: version.clone(),
                        written: written.clone(),
                        conditional: conditional || one.conditional,
                        ..one
                    }));
                }
            }
        }
    }

    fn project(
        &mut self,
        item: &Item,
        folder: &str,
        conditional: bool,
        properties: &Properties,
        project: &mut Project,
    ) {
        for name in self.names(item, folder, properties) {
            let plain = name.replace('\\', "/");
            if plain.contains('*') {
                let shown = excerpt(&name, 80);
                self.open(|| format!("it takes in the projects {shown}, which are not looked for"));
                continue;
            }
            let path = match plain.rsplit_once(ROOT) {
                Some((_, absolute)) => tree_path::join("", absolute.trim_start_matches('/')),
                None => tree_path::join(folder, &plain),
            };
            let last = tree_path::name(&plain);
            let taken = Taken {
                name: last.rsplit_once('.').map_or(last, |(stem, _)| stem).to_owned(),
                path,
                conditional,
                is_referenced: item.is_referenced,
            };
            match item.action {
                Action::Include => project.projects.push(taken),
                Action::Remove if !conditional => project.projects.retain(|one| one.path != taken.path),
                _ => {}
            }
        }
    }
}

/// For what a package is taken: to be built with where nothing of it that runs is taken.
///
/// Source: `NuGet` documentation, "Controlling dependency assets".
fn usage(item: &Item) -> Usage {
    let has = |text: &Option<String>, words: &[&str]| {
        let text = text.as_deref().unwrap_or_default().to_ascii_lowercase();
        text.contains('$') || text.split([';', ',']).any(|word| words.contains(&word.trim()))
    };
    let takes_none = item.include_assets.is_some()
        && !has(&item.include_assets, &["all", "runtime", "compile", "native", "contentfiles"]);
    let leaves_all = item.exclude_assets.as_deref().is_some_and(|text| text.trim().eq_ignore_ascii_case("all"));
    if takes_none || leaves_all { Usage::Build } else { Usage::Normal }
}

/// SDKs that come with .NET, and ask for nothing that its version does not set.
fn is_known_sdk(sdk: &str) -> bool {
    let sdk = sdk.trim();
    sdk.is_empty()
        || ["Microsoft.NET.Sdk", "Microsoft.NET.Sdk.Web", "Microsoft.NET.Sdk.Razor", "Microsoft.NET.Sdk.Worker"]
            .contains(&sdk)
        || ["Microsoft.NET.Sdk.WindowsDesktop", "Microsoft.NET.Sdk.BlazorWebAssembly"].contains(&sdk)
}

/// Is it a file of `MSBuild` by its name?
pub(super) fn is_msbuild(path: &str) -> bool {
    let name = tree_path::name(path);
    [".props", ".targets", ".csproj", ".fsproj", ".vbproj", ".sqlproj"]
        .iter()
        .any(|end| name.len() > end.len() && name.ends_with(end))
}

/// Does a path, in small letters, begin where the tools of the machine or the packages that were fetched are?
///
/// Source: `MSBuild` reference, "`MSBuild` reserved and well-known properties".
fn is_of_machine(path: &str) -> bool {
    let Some((name, _)) = path.trim().strip_prefix("$(").and_then(|rest| rest.split_once(')')) else { return false };
    matches!(
        name.trim(),
        "msbuildextensionspath"
            | "msbuildextensionspath32"
            | "msbuildextensionspath64"
            | "msbuildtoolspath"
            | "msbuildbinpath"
            | "msbuildsdkspath"
            | "msbuilduserextensionspath"
            | "vstoolspath"
            | "fsharptargetspath"
            | "languagetargets"
            | "userrootdir"
            | "localappdata"
    )
}

/// Reads a file that may be taken in.
pub(super) fn parse(bytes: &[u8]) -> Result<MsBuild, String> {
    msbuild::read(bytes)
}
