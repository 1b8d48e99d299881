//! pubspec.yaml and `pubspec_overrides.yaml`.
//!
//! Source: Dart docs, "The pubspec file", "Package dependencies" and "Pub workspaces".

use std::collections::BTreeSet;

use plimsoll_formats::yaml;
use plimsoll_model::excerpt;
use yaml_serde::{Mapping, Value};

use super::{
    super::{address, locked::graph::Usage},
    lockfile::is_name,
};

/// What one says.
#[derive(Clone, Debug, Default)]
pub(super) struct Spec {
    pub name: Option<String>,
    pub version: Option<String>,
    pub asked: Vec<Asked>,
    /// What is taken in place of whatever any package asks for.
    pub overrides: Vec<Asked>,
    /// Folders of the members of its workspace, as patterns.
    pub workspace: Vec<String>,
    /// Is it a member of one?
    pub in_workspace: bool,
    /// Why not all that it asks for is known.
    pub open: Option<String>,
    /// Sections that it has.
    given: Vec<&'static str>,
}

/// One thing that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub name: String,
    pub usage: Usage,
    pub what: What,
}

/// What, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    Hosted { url: Option<String>, version: String },
    Git { url: String, reference: Option<String>, tagged: bool },
    Folder(String),
    Sdk(String),
}

impl What {
    /// As a person writes it.
    pub fn shown(&self) -> String {
        match self {
            Self::Hosted { version, .. } => version.clone(),
            Self::Git { url, .. } => format!("git {}", address::repository(url).unwrap_or_default()),
            Self::Folder(path) => format!("path {path}"),
            Self::Sdk(sdk) => format!("sdk {sdk}"),
        }
    }
}

const DEPENDENCIES: &str = "dependencies";
const DEV_DEPENDENCIES: &str = "dev_dependencies";
const OVERRIDES: &str = "dependency_overrides";
const RESOLUTION: &str = "resolution";
/// Entries of one section. Nobody writes nearly as many.
const MOST: usize = 10_000;

/// Reads one.
pub(super) fn read(bytes: &[u8]) -> Result<Spec, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8")?;
    let value = yaml::read(text).map_err(|error| format!("not YAML: {}", excerpt(&error, 120)))?;
    let empty = Mapping::new();
    let root = match &value {
        Value::Mapping(root) => root,
        // An empty one asks for nothing.
        Value::Null => &empty,
        _ => return Err("it has no members".to_owned()),
    };
    let text = |name: &str| root.get(name).and_then(Value::as_str).filter(|text| address::is_plain(text));
    let mut spec = Spec {
        name: text("name").map(ToOwned::to_owned),
        version: text("version").map(ToOwned::to_owned),
        in_workspace: text(RESOLUTION) == Some("workspace"),
        ..Spec::default()
    };
    let known = [DEPENDENCIES, DEV_DEPENDENCIES, OVERRIDES, "workspace", RESOLUTION];
    spec.given = known.into_iter().filter(|name| root.contains_key(*name)).collect();
    spec.workspace = match root.get("workspace") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Sequence(list)) => list
            .iter()
            .map(|one| one.as_str().map(|path| path.trim_end_matches('/').to_owned()))
            .collect::<Option<_>>()
            .ok_or("its workspace has an entry that is no text")?,
        Some(_) => return Err("its workspace is no list".to_owned()),
    };
    for (section, usage) in [(DEPENDENCIES, Usage::Normal), (DEV_DEPENDENCIES, Usage::Dev), (OVERRIDES, Usage::Normal)]
    {
        let list = match root.get(section) {
            None | Some(Value::Null) => continue,
            Some(Value::Mapping(list)) if list.len() <= MOST => list,
            Some(_) => return Err(format!("its {section} are no list of names")),
        };
        for (name, value) in list {
            let name = name.as_str().unwrap_or_default();
            match what(value).filter(|_| is_name(name)) {
                Some(what) if section == OVERRIDES => {
                    spec.overrides.push(Asked { name: name.to_owned(), usage, what });
                }
                Some(what) => spec.asked.push(Asked { name: name.to_owned(), usage, what }),
                None => {
                    let shown = if name.is_empty() { "an entry" } else { name };
                    spec.open.get_or_insert(format!("what it asks for as {} is not understood", excerpt(shown, 80)));
                }
            }
        }
    }
    Ok(spec)
}

fn what(value: &Value) -> Option<What> {
    let any = "any".to_owned();
    let list = match value {
        Value::Null => return Some(What::Hosted { url: None, version: any }),
        Value::String(version) => return Some(What::Hosted { url: None, version: version.clone() }),
        Value::Mapping(list) => list,
        _ => return None,
    };
    let text = |list: &Mapping, name: &str| list.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    let version = match list.get("version") {
        None | Some(Value::Null) => any,
        Some(Value::String(version)) => version.clone(),
        Some(_) => return None,
    };
    let mut kinds = ["hosted", "git", "path", "sdk"].into_iter().filter(|kind| list.contains_key(*kind));
    let (kind, more) = (kinds.next(), kinds.next());
    if more.is_some() {
        return None;
    }
    match (kind, list) {
        (None, list) => {
            list.keys().all(|key| key.as_str() == Some("version")).then_some(What::Hosted { url: None, version })
        }
        (Some("hosted"), list) => match list.get("hosted") {
            Some(Value::String(url)) => {
                // Once the name alone stood there.
                let url = url.contains(':').then(|| url.clone());
                Some(What::Hosted { url, version })
            }
            Some(Value::Mapping(hosted)) => Some(What::Hosted { url: text(hosted, "url"), version }),
            _ => None,
        },
        (Some("git"), list) => match list.get("git") {
            Some(Value::String(url)) => Some(What::Git { url: url.clone(), reference: None, tagged: false }),
            Some(Value::Mapping(git)) => Some(What::Git {
                url: text(git, "url")?,
                reference: match git.get("ref") {
                    None | Some(Value::Null) => None,
                    Some(Value::String(reference)) => Some(reference.clone()),
                    // A revision of digits alone.
                    Some(Value::Number(number)) => Some(number.to_string()),
                    Some(_) => return None,
                },
                tagged: git.contains_key("tag_pattern"),
            }),
            _ => None,
        },
        (Some("path"), list) => text(list, "path").map(What::Folder),
        (Some(_), list) => text(list, "sdk").map(What::Sdk),
    }
}

impl Spec {
    /// Does it say that it is a package or a workspace?
    pub fn is_package(&self) -> bool {
        self.name.is_some() || !self.given.is_empty()
    }

    /// Puts what an overriding file says in place of the same sections here.
    pub fn override_with(&mut self, over: Result<&Self, &String>) {
        let Ok(over) = over else {
            self.open.get_or_insert_with(|| format!("{} next to it could not be read", super::OVERRIDES));
            return;
        };
        if over.given.contains(&OVERRIDES) {
            self.overrides.clone_from(&over.overrides);
        }
        if over.given.contains(&"workspace") {
            self.workspace.clone_from(&over.workspace);
        }
        if over.given.contains(&RESOLUTION) {
            self.in_workspace = over.in_workspace;
        }
        self.open = self.open.take().or_else(|| over.open.clone());
    }

    /// What it asks for in the end: each name as it is asked for, or as it is overridden.
    pub fn asked_with_overrides(&self) -> Vec<&Asked> {
        let overridden: BTreeSet<&str> = self.overrides.iter().map(|own| own.name.as_str()).collect();
        let kept = self.asked.iter().filter(|asked| !overridden.contains(asked.name.as_str()));
        kept.chain(&self.overrides).collect()
    }
}
