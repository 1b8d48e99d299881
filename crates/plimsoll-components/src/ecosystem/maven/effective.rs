//! What a project comes to with the parents that the tree has.
//!
//! Source: Maven, "Introduction to the POM", "Introduction to the Dependency Mechanism".

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::tree_path;

use super::{
    MANIFEST, coordinates,
    pom::{Dependency, Pom},
};
use crate::ecosystem::locked::graph::Usage;

/// How many parents one project has.
const PARENTS: usize = 50;
/// How long what a text comes to may be, how deep texts may lead to others, and how often.
const LONGEST: usize = 4096;
const DEEPEST: usize = 20;
const REPLACED: usize = 200;
/// What one project asks for.
const DEPENDENCIES: usize = 2_000;

/// Files of the tree by path.
pub(super) type All = BTreeMap<String, Result<Pom, String>>;

/// What a project comes to.
#[derive(Clone, Debug, Default)]
pub(super) struct Effective {
    /// `GROUP:NAME`.
    pub name: String,
    pub version: Option<String>,
    pub asked: Vec<Asked>,
    /// Repositories other than the public one.
    pub repositories: Vec<String>,
    /// Why it is not known what it asks for, in one clause.
    pub open: Option<String>,
}

/// A dependency, or a plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub name: String,
    /// The version as it is written.
    pub written: String,
    /// The same, with what is put in place of names; nothing where that is not known.
    pub version: Option<String>,
    pub usage: Usage,
    pub conditional: bool,
}

impl Asked {
    /// The one version that is taken, where it is said.
    ///
    /// Source: Maven, "Dependency Mediation": of a direct dependency the version that is written counts; "POM Reference",
    /// "Dependency Version Requirement Specification".
    pub fn taken(&self) -> Option<&str> {
        let version = self.version.as_deref()?;
        let version = match version.strip_prefix('[') {
            Some(one) => one.strip_suffix(']')?.trim(),
            None => version,
        };
        (coordinates::is_version(version) && !coordinates::changes(version)).then_some(version)
    }
}

/// What may still be kept and looked at, over all projects.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    pub dependencies: usize,
    pub entries: usize,
}

/// Reads a project.
pub(super) fn read(
    path: &str,
    all: &All,
    by_name: &BTreeMap<String, Vec<String>>,
    left: &mut Budget,
) -> Option<Effective> {
    let mut found = Effective::default();
    let chain = chain(path, all, by_name, &mut found);
    let own = chain.first()?;
    let reading = Reading { chain: &chain };
    let group = own.group.as_ref().or_else(|| own.parent.as_ref().map(|parent| &parent.group));
    let group = group.and_then(|group| reading.expand(group)).unwrap_or_default();
    let artifact = reading.expand(&own.artifact).unwrap_or_default();
    if !(coordinates::is_part(&group) && coordinates::is_part(&artifact)) {
        found.open.get_or_insert_with(|| "its own name is not computed".to_owned());
    }
    found.name = format!("{group}:{artifact}");
    found.version = reading.version().filter(|version| coordinates::is_version(version));
    for pom in &chain {
        for url in &pom.repositories {
            found.repositories.push(reading.expand(url).unwrap_or_default());
        }
    }
    // Each project looks through the lists of all its parents.
    let entries: usize = chain.iter().map(|pom| pom.managed.len() + pom.managed_plugins.len() + 1).sum();
    let (managed, managed_plugins) = if let Some(enough) = left.entries.checked_sub(entries) {
        left.entries = enough;
        (managed(&chain, all, by_name, &mut left.entries), managed_plugins(&chain))
    } else {
        found.open.get_or_insert_with(|| "the projects of this tree have longer lists than are read".to_owned());
        (BTreeMap::new(), BTreeMap::new())
    };
    let dependencies = chain.iter().flat_map(|pom| &pom.dependencies).map(|one| (one, false));
    let plugins = chain.iter().flat_map(|pom| &pom.plugins).map(|one| (one, true));
    let mut seen: BTreeSet<(String, bool)> = BTreeSet::new();
    for (number, (one, plugin)) in dependencies.chain(plugins).enumerate() {
        let enough = left.dependencies.checked_sub(1).filter(|_| number < DEPENDENCIES);
        let Some(enough) = enough else {
            found.open.get_or_insert_with(|| "it asks for more than is read".to_owned());
            break;
        };
        left.dependencies = enough;
        let list = if plugin { &managed_plugins } else { &managed };
        let Some(asked) = reading.asked(one, plugin, list) else {
            let shown = plimsoll_model::excerpt(&format!("{}:{}", one.group, one.artifact), 80);
            found.open.get_or_insert_with(|| format!("it asks for {shown}, which is not computed"));
            continue;
        };
        // What a project says itself counts more than what its parents say.
        if asked.conditional || seen.insert((asked.name.clone(), plugin)) {
            found.asked.push(asked);
        }
    }
    let unknown = found.asked.iter().find(|one| one.version.is_none());
    if let Some(one) = unknown {
        let shown = plimsoll_model::excerpt(&format!("{} {}", one.name, one.written), 80);
        found.open.get_or_insert_with(|| format!("which version of {shown} it takes is in no file of the tree"));
    }
    Some(found)
}

/// A project with its parents, as far as they are in the tree.
fn chain<'a>(path: &str, all: &'a All, by_name: &BTreeMap<String, Vec<String>>, found: &mut Effective) -> Vec<&'a Pom> {
    let mut chain: Vec<&Pom> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    let mut path = path.to_owned();
    while let Some(Ok(pom)) = all.get(&path) {
        if seen.contains(&path) || chain.len() >= PARENTS {
            found.open.get_or_insert_with(|| "its parents lead to each other".to_owned());
            break;
        }
        chain.push(pom);
        let Some(parent) = &pom.parent else { break };
        seen.push(path.clone());
        let is_it = |path: &String| {
            let other = all.get(path).and_then(|read| read.as_ref().ok());
            other.is_some_and(|other| {
                let group = other.group.as_ref().or_else(|| other.parent.as_ref().map(|own| &own.group));
                let version = other.version.as_ref().or_else(|| other.parent.as_ref().map(|own| &own.version));
                // Versions that are computed are compared nowhere.
                let same = version.is_none_or(|version| {
                    *version == parent.version || version.contains("${") || parent.version.contains("${")
                });
                other.artifact == parent.artifact && group == Some(&parent.group) && same
            })
        };
        let beside = parent.path.as_ref().and_then(|relative| {
            let relative = tree_path::join(tree_path::folder(&path), relative)?;
            // It may name the file or its folder.
            Some(if all.contains_key(&relative) { relative } else { tree_path::within(&relative, MANIFEST) })
        });
        let name = format!("{}:{}", parent.group, parent.artifact);
        let elsewhere = || by_name.get(&name)?.iter().find(|path| is_it(path)).cloned();
        let Some(next) = beside.filter(is_it).or_else(elsewhere) else {
            let shown = plimsoll_model::excerpt(&format!("{name} {}", parent.version), 80);
            found.open.get_or_insert_with(|| format!("its parent {shown} is not in the tree, which may ask for more"));
            break;
        };
        path = next;
    }
    chain
}

/// What is written for a name in the nearest of its places: version and scope.
type Managed<'a> = BTreeMap<(&'a str, &'a str), &'a Dependency>;

fn managed<'a>(
    chain: &[&'a Pom],
    all: &'a All,
    by_name: &BTreeMap<String, Vec<String>>,
    left: &mut usize,
) -> Managed<'a> {
    let mut list: Managed<'a> = BTreeMap::new();
    for one in chain.iter().flat_map(|pom| &pom.managed).filter(|one| !one.conditional) {
        list.entry((&one.group, &one.artifact)).or_insert(one);
    }
    let reading = Reading { chain };
    for import in chain.iter().flat_map(|pom| &pom.imported) {
        let group = reading.expand(&import.group).unwrap_or_default();
        let name = format!("{group}:{}", import.artifact);
        let own = by_name.get(&name).and_then(|paths| paths.first()).and_then(|path| all.get(path)?.as_ref().ok());
        let Some(enough) = left.checked_sub(own.map_or(1, |pom| pom.managed.len())) else { break };
        *left = enough;
        // That of another project of the tree, as far as it is plain; what is not found there stays unknown.
        let plain = own
            .into_iter()
            .flat_map(|pom| &pom.managed)
            .filter(|one| !one.conditional && one.version.as_ref().is_some_and(|version| !version.contains("${")));
        for one in plain {
            list.entry((&one.group, &one.artifact)).or_insert(one);
        }
    }
    list
}

fn managed_plugins<'a>(chain: &[&'a Pom]) -> Managed<'a> {
    let mut list: Managed<'a> = BTreeMap::new();
    for one in chain.iter().flat_map(|pom| &pom.managed_plugins).filter(|one| !one.conditional) {
        list.entry((&one.group, &one.artifact)).or_insert(one);
    }
    list
}

struct Reading<'a> {
    /// The project, then its parents.
    chain: &'a [&'a Pom],
}

impl Reading<'_> {
    fn asked(&self, one: &Dependency, plugin: bool, managed: &Managed<'_>) -> Option<Asked> {
        let (group, artifact) = (self.expand(&one.group)?, self.expand(&one.artifact)?);
        if !(coordinates::is_part(&group) && coordinates::is_part(&artifact)) {
            return None;
        }
        let listed = managed.get(&(one.group.as_str(), one.artifact.as_str()));
        let listed = listed.or_else(|| managed.get(&(group.as_str(), artifact.as_str())));
        let written = one.version.as_ref().or_else(|| listed?.version.as_ref());
        let scope = one.scope.as_ref().or_else(|| listed?.scope.as_ref());
        let scope = scope.and_then(|scope| self.expand(scope));
        let usage = match scope.as_deref() {
            _ if plugin => Usage::Build,
            Some("test") => Usage::Dev,
            // Who runs it brings it.
            Some("provided") => Usage::Build,
            _ => Usage::Normal,
        };
        let version = written.and_then(|version| self.expand(version));
        Some(Asked {
            name: format!("{group}:{artifact}"),
            written: written.cloned().unwrap_or_default(),
            // What lies on the machine has no version that says anything.
            version: version.filter(|_| scope.as_deref() != Some("system")),
            usage,
            conditional: one.conditional,
        })
    }

    /// The version of the project itself.
    fn version(&self) -> Option<String> {
        let own = self.chain.first()?;
        let version = own.version.as_ref().or_else(|| own.parent.as_ref().map(|parent| &parent.version))?;
        self.expand(version)
    }

    /// What a text comes to; nothing where that is not known.
    pub fn expand(&self, text: &str) -> Option<String> {
        let mut left = REPLACED;
        self.replaced(text, DEEPEST, &mut left)
    }

    fn replaced(&self, text: &str, depth: usize, left: &mut usize) -> Option<String> {
        let mut all = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, after) = after.split_once('}')?;
            *left = left.checked_sub(1)?;
            all.push_str(before);
            let value = self.property(name)?;
            all.push_str(&self.replaced(value, depth.checked_sub(1)?, left)?);
            if all.len() > LONGEST {
                return None;
            }
            rest = after;
        }
        all.push_str(rest);
        (all.len() <= LONGEST).then_some(all)
    }

    /// The text that a name stands for.
    fn property(&self, name: &str) -> Option<&str> {
        let own = self.chain.first()?;
        let parent = own.parent.as_ref();
        let plain = name.strip_prefix("project.").or_else(|| name.strip_prefix("pom.")).unwrap_or(name);
        let set = self.chain.iter().find_map(|pom| pom.properties.get(name));
        if let Some(set) = set {
            return set.as_deref();
        }
        match plain {
            "version" => own.version.as_deref().or_else(|| parent.map(|parent| parent.version.as_str())),
            "groupId" => own.group.as_deref().or_else(|| parent.map(|parent| parent.group.as_str())),
            "artifactId" => Some(&own.artifact),
            "parent.version" => parent.map(|parent| parent.version.as_str()),
            "parent.groupId" => parent.map(|parent| parent.group.as_str()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(properties: &[(&str, &str)]) -> Pom {
        let properties = properties.iter().map(|(name, value)| ((*name).to_owned(), Some((*value).to_owned())));
        let version = Some("1.0".to_owned());
        Pom { artifact: "a".to_owned(), version, properties: properties.collect(), ..Pom::default() }
    }

    #[test]
    fn names_stand_for_texts_within_bounds() {
        let pom =
            of(&[("x", "2"), ("y", "${x}.1"), ("self", "${self}"), ("one", "${two}${two}"), ("two", "${one}${one}")]);
        let parent = of(&[("x", "9"), ("z", "3")]);
        let chain = [&pom, &parent];
        let reading = Reading { chain: &chain };
        for (text, expected) in [
            ("1", Some("1")),
            ("${x}", Some("2")),
            ("v${y}-${z}", Some("v2.1-3")),
            ("${project.version}", Some("1.0")),
            ("${version}", Some("1.0")),
            ("${unset}", None),
            ("${x", None),
            ("${self}", None),
            ("${one}", None),
            ("$x", Some("$x")),
        ] {
            assert_eq!(reading.expand(text).as_deref(), expected, "{text}");
        }
        let long = of(&[("a", &"x".repeat(3000))]);
        assert_eq!(Reading { chain: &[&long] }.expand("${a}${a}"), None);
    }

    #[test]
    fn one_version_is_taken_or_none_is_known() {
        for (version, expected) in [
            (Some("1.0"), Some("1.0")),
            (Some("[1.0]"), Some("1.0")),
            (Some("[1.0,2.0)"), None),
            (Some("(,1.0]"), None),
            (Some("LATEST"), None),
            (Some("1.0-SNAPSHOT"), None),
            (Some("1 0"), None),
            (None, None),
        ] {
            let asked = Asked {
                name: "a:b".to_owned(),
                written: String::new(),
                version: version.map(ToOwned::to_owned),
                usage: Usage::Normal,
                conditional: false,
            };
            assert_eq!(asked.taken(), expected, "{version:?}");
        }
    }
}
