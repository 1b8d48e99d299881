//! pyproject.toml, whoever manages what it asks for.
//!
//! Source: Python Packaging User Guide, "pyproject.toml specification" (PEP 518, PEP 621), "Dependency Groups" (PEP 735); docs of
//! Poetry, PDM and uv on their tables.

use plimsoll_model::excerpt;
use toml::{Table, Value};

use super::names::{Requirement, is_name, is_version, normal};
use crate::{
    component::Origin,
    ecosystem::locked::{
        graph::{Usage, Want},
        manifest::{Manifest, Sibling},
    },
    tree_file::SourceFile,
};

/// What a pyproject.toml is, beside a manifest.
#[derive(Clone, Debug, Default)]
pub(super) struct Project {
    /// Does it say as data all that the package asks for to run, so that other files have no say in it?
    pub is_whole: bool,
}

/// Parses one.
pub(super) fn parse(bytes: &[u8]) -> Result<Table, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8")?;
    text.parse().map_err(|error: toml::de::Error| format!("not TOML: {}", excerpt(error.message(), 120)))
}

/// Reads one; no manifest where it configures tools alone. `is_alone`: no other file of its folder says what it asks for.
pub(super) fn read(file: &SourceFile, table: &Table, is_alone: bool) -> Result<(Project, Option<Manifest>), String> {
    let mut reading = Reading { manifest: Manifest::of(file), project: Project::default() };
    let tool = |name: &str| below(table, "tool").and_then(|tool| below(tool, name));
    let mut is_one = false;
    if let Some(project) = below(table, "project") {
        is_one = true;
        reading.project(project)?;
    }
    if let Some(poetry) = tool("poetry") {
        is_one |=
            below(table, "project").is_some() || poetry.contains_key("dependencies") || poetry.contains_key("name");
        let backend = below(table, "build-system").and_then(|build| text(build, "build-backend"));
        reading.poetry(poetry, backend.is_none_or(|backend| backend.contains("poetry")))?;
    }
    if let Some(flit) = tool("flit").and_then(|flit| below(flit, "metadata")) {
        is_one = true;
        reading.flit(flit)?;
    }
    if let Some(groups) = below(table, "dependency-groups") {
        is_one = true;
        for list in groups.values() {
            reading.strings(list, Usage::Dev, false, "dependency-groups")?;
        }
    }
    if let Some(pdm) = tool("pdm") {
        if let Some(groups) = below(pdm, "dev-dependencies") {
            is_one = true;
            for list in groups.values() {
                reading.strings(list, Usage::Dev, false, "tool.pdm.dev-dependencies")?;
            }
        }
        if pdm.contains_key("workspace") {
            reading.manifest.open = Some("members of workspaces of PDM are not read".to_owned());
        }
    }
    if let Some(uv) = tool("uv") {
        is_one |= reading.uv(uv)?;
    }
    if let Some(build) = below(table, "build-system") {
        let count = reading.manifest.wants.len();
        if let Some(list) = build.get("requires") {
            reading.strings(list, Usage::Build, true, "build-system.requires")?;
        }
        is_one |= reading.manifest.wants.len() > count;
        let is_said = reading.project.is_whole || !is_alone || reading.manifest.open.is_some();
        if !is_said {
            reading.manifest.open = Some("what it asks for is not said in a file that is read".to_owned());
        }
    }
    let Reading { project, manifest, .. } = reading;
    Ok((project, is_one.then_some(manifest)))
}

struct Reading {
    manifest: Manifest,
    project: Project,
}

fn below<'a>(table: &'a Table, name: &str) -> Option<&'a Table> {
    table.get(name).and_then(Value::as_table)
}

fn text<'a>(table: &'a Table, name: &str) -> Option<&'a str> {
    table.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

impl Reading {
    fn names(&mut self, table: &Table) {
        let manifest = &mut self.manifest;
        manifest.name = manifest.name.take().or_else(|| text(table, "name").filter(|name| is_name(name)).map(normal));
        let version = text(table, "version").filter(|version| is_version(version));
        manifest.version = manifest.version.take().or_else(|| version.map(ToOwned::to_owned));
        let licence = table.get("license").and_then(|licence| match licence {
            Value::Table(table) => text(table, "text"),
            other => other.as_str(),
        });
        let licence = licence.filter(|text| spdx::Expression::parse(text).is_ok());
        manifest.licence = manifest.licence.take().or_else(|| licence.map(ToOwned::to_owned));
    }

    /// Another package of the tree, by its path where one is written.
    fn sibling(&mut self, name: String, usage: Usage, path: Option<&str>) {
        let path = path.map(|path| {
            let path = path.split('#').next().unwrap_or(path).trim();
            let path = path.strip_prefix("file:").map_or(path, |path| path.trim_start_matches("//"));
            path.trim_start_matches("/${PROJECT_ROOT}/").trim_start_matches("${PROJECT_ROOT}/").to_owned()
        });
        self.manifest.siblings.push(Sibling { name, usage, path });
    }

    /// PEP 621.
    fn project(&mut self, project: &Table) -> Result<(), String> {
        self.names(project);
        let dynamic = project.get("dynamic").and_then(Value::as_array).into_iter().flatten();
        let dynamic: Vec<&str> = dynamic.filter_map(Value::as_str).collect();
        self.project.is_whole = !dynamic.contains(&"dependencies") && !dynamic.contains(&"optional-dependencies");
        if !self.project.is_whole {
            self.manifest.open = Some("what it asks for is found out when it is built".to_owned());
        }
        if let Some(list) = project.get("dependencies") {
            self.strings(list, Usage::Normal, false, "project.dependencies")?;
        }
        match project.get("optional-dependencies") {
            None => Ok(()),
            Some(Value::Table(extras)) => extras
                .values()
                .try_for_each(|list| self.strings(list, Usage::Normal, true, "project.optional-dependencies")),
            Some(_) => Err("project.optional-dependencies is no table".to_owned()),
        }
    }

    /// A list of requirements as texts.
    fn strings(&mut self, list: &Value, usage: Usage, optional: bool, place: &str) -> Result<(), String> {
        let list = list.as_array().ok_or_else(|| format!("{place} is no list"))?;
        for value in list {
            match value {
                Value::String(line) => {
                    // PDM takes what pip takes for a package that is worked on.
                    if let Some(address) = line.trim().strip_prefix("-e ") {
                        let name = address.rsplit_once("egg=").map_or("unnamed", |(_, name)| name);
                        self.sibling(normal(name), usage, Some(address));
                        continue;
                    }
                    let one = Requirement::of(line)
                        .ok_or_else(|| format!("{place} has \"{}\", which is no requirement", excerpt(line, 80)))?;
                    match one.address.as_deref().filter(|address| address.starts_with("file:")) {
                        Some(address) => self.sibling(one.name, usage, Some(address)),
                        None => self.manifest.wants.push(one.wanted(usage, optional)),
                    }
                }
                // Another group, which is read for itself.
                Value::Table(table) if table.contains_key("include-group") => {}
                _ => return Err(format!("{place} has an entry of an unknown kind")),
            }
        }
        Ok(())
    }

    fn poetry(&mut self, poetry: &Table, builds: bool) -> Result<(), String> {
        self.names(poetry);
        if let Some(list) = poetry.get("dependencies") {
            // Of a package whose standard table leaves it to its tool, and that Poetry builds, this is where it stands.
            if builds {
                self.project.is_whole = true;
                self.manifest.open = None;
            }
            self.of_poetry(list, Usage::Normal, "tool.poetry.dependencies")?;
        }
        if let Some(list) = poetry.get("dev-dependencies") {
            self.of_poetry(list, Usage::Dev, "tool.poetry.dev-dependencies")?;
        }
        for (name, group) in below(poetry, "group").into_iter().flatten() {
            let usage = if name == "main" { Usage::Normal } else { Usage::Dev };
            if let Some(list) = group.get("dependencies") {
                self.of_poetry(list, usage, "tool.poetry.group")?;
            }
        }
        Ok(())
    }

    /// A table of names with versions or more.
    fn of_poetry(&mut self, list: &Value, usage: Usage, place: &str) -> Result<(), String> {
        let list = list.as_table().ok_or_else(|| format!("{place} is no table"))?;
        for (name, value) in list.iter().filter(|(name, _)| name.as_str() != "python") {
            if !is_name(name) {
                return Err(format!("{place} has \"{}\", which is no name", excerpt(name, 80)));
            }
            let several = match value {
                Value::Array(several) => several.as_slice(),
                one => std::slice::from_ref(one),
            };
            for one in several {
                let name = normal(name);
                match one {
                    Value::String(version) => {
                        self.manifest.wants.push(Want { name, requirement: version.clone(), usage, optional: false });
                    }
                    Value::Table(one) if one.contains_key("path") => self.sibling(name, usage, text(one, "path")),
                    Value::Table(one) => {
                        let flag = |name: &str| one.get(name).and_then(Value::as_bool).unwrap_or_default();
                        let optional = flag("optional")
                            || ["markers", "python", "platform"].iter().any(|key| one.contains_key(*key));
                        let requirement = text(one, "version").unwrap_or("@").to_owned();
                        self.manifest.wants.push(Want { name, requirement, usage, optional });
                    }
                    _ => return Err(format!("{place} has an entry of an unknown kind")),
                }
            }
        }
        Ok(())
    }

    /// The tables that Flit had before there was a standard.
    fn flit(&mut self, flit: &Table) -> Result<(), String> {
        self.project.is_whole = true;
        self.manifest.name =
            self.manifest.name.take().or_else(|| text(flit, "module").filter(|name| is_name(name)).map(normal));
        for (name, usage) in [("requires", Usage::Normal), ("dev-requires", Usage::Dev)] {
            if let Some(list) = flit.get(name) {
                self.strings(list, usage, false, "tool.flit.metadata")?;
            }
        }
        let extras = below(flit, "requires-extra").into_iter().flat_map(Table::values);
        extras
            .into_iter()
            .try_for_each(|list| self.strings(list, Usage::Normal, true, "tool.flit.metadata.requires-extra"))
    }

    /// Says whether it makes a package or a workspace of it.
    fn uv(&mut self, uv: &Table) -> Result<bool, String> {
        let mut is_one = false;
        if let Some(list) = uv.get("dev-dependencies") {
            is_one = true;
            self.strings(list, Usage::Dev, false, "tool.uv.dev-dependencies")?;
        }
        if let Some(workspace) = below(uv, "workspace") {
            is_one = true;
            for (name, before) in [("members", ""), ("exclude", "!")] {
                let Some(list) = workspace.get(name) else { continue };
                let list = list.as_array().ok_or_else(|| format!("tool.uv.workspace.{name} is no list"))?;
                for pattern in list {
                    let pattern = pattern.as_str().ok_or("tool.uv.workspace has an entry that is no text")?;
                    let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
                    self.manifest.members.push(format!("{before}{pattern}"));
                }
            }
        }
        for (name, source) in below(uv, "sources").into_iter().flatten() {
            let name = normal(name);
            let several = match source {
                Value::Array(several) => several.as_slice(),
                one => std::slice::from_ref(one),
            };
            let has = |key: &str| several.iter().any(|one| one.get(key).is_some());
            if ["workspace", "path", "git", "url"].iter().any(|key| has(key)) {
                let path = several.iter().find_map(|one| one.get("path").and_then(Value::as_str));
                let of_tree = has("workspace") || path.is_some();
                let mut usages = Vec::new();
                for want in self.manifest.wants.iter_mut().filter(|want| want.name == name) {
                    want.requirement = format!("{}@", without_version(&want.requirement));
                    want.optional |= of_tree;
                    usages.push(want.usage);
                }
                for usage in usages.into_iter().filter(|_| of_tree) {
                    self.sibling(name.clone(), usage, path);
                }
            }
        }
        Ok(is_one)
    }
}

/// Extras alone of what stands behind a name.
pub(super) fn without_version(requirement: &str) -> &str {
    match requirement.starts_with('[').then(|| requirement.find(']')).flatten() {
        Some(end) => requirement.get(..=end).unwrap_or_default(),
        None => "",
    }
}

/// Where PDM takes packages from, where that is not the public registry alone: its lockfiles do not say it.
pub(super) fn index_of_pdm(table: &Table) -> Option<Origin> {
    let sources = below(table, "tool").and_then(|tool| below(tool, "pdm")).and_then(|pdm| pdm.get("source"));
    let sources = sources.and_then(Value::as_array).into_iter().flatten();
    let unknown = || Origin::Registry("unknown".to_owned());
    let origins = sources.map(|source| source.get("url").and_then(Value::as_str).and_then(super::sources::index));
    origins.map(|origin| origin.unwrap_or_else(unknown)).find(|origin| !matches!(origin, Origin::Public(_)))
}
