//! A Cargo.toml as far as the shape of workspaces depends on it: lenient, since what cargo would refuse may still ship.
//!
//! plimsoll-artifacts reads manifests strictly, to prove that a packed one follows from its source. What collectors ask of
//! single members (the product's name, lints, where tests are) they read by themselves.

use std::collections::BTreeMap;

use toml::{Table, Value};

use plimsoll_model::tree_path;

use crate::{component::Scope, options::Limits};

/// Where a dependency stands in a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// Of a package: any of `dependencies`, `dev-dependencies`, `build-dependencies`, also under `target`.
    Package,
    /// `workspace.dependencies`.
    Workspace,
    /// `patch`.
    Patch,
    /// `replace`: package and version are those that are replaced.
    Replace,
}

/// A dependency as written.
#[derive(Clone, Debug)]
pub(crate) struct Dependency {
    pub section: Section,
    /// Its key in the table.
    pub key: String,
    /// The package that is meant: `package`, else the key.
    pub package: String,
    /// The versions that are taken, as written.
    pub version: Option<String>,
    pub path: Option<String>,
    pub git: Option<Git>,
    pub registry: Option<Registry>,
    /// Taken over from `workspace.dependencies`.
    pub inherited: bool,
    pub optional: bool,
    /// For what it is needed.
    pub scope: Scope,
    /// The text under `[target.]`, if it stands under one.
    pub target: Option<String>,
    /// Features of it that are asked for.
    pub features: Vec<String>,
    /// `default-features`, where it is stated.
    pub default_features: Option<bool>,
}

/// A git repository as a dependency names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Git {
    pub url: String,
    /// `branch`, `tag` or `rev` with its value.
    pub reference: Option<(&'static str, String)>,
}

/// A registry as a dependency names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Registry {
    /// By a name that a configuration explains.
    Named(String),
    /// By its index.
    Index(String),
}

/// Where a table of dependencies stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    prefix: &'a str,
    section: Section,
    target: Option<&'a str>,
}

/// The `[workspace]` table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Root {
    pub members: Vec<String>,
    pub exclude: Vec<String>,
    pub version: Option<String>,
    pub license: Option<String>,
    /// What members take over that say `publish.workspace`.
    pub publish: bool,
    pub edition: Option<String>,
}

/// The `[package]` table.
#[derive(Clone, Debug)]
pub(crate) struct Package {
    pub name: String,
    /// `None`: taken over from the workspace.
    pub version: Option<String>,
    pub license: Option<String>,
    pub license_inherited: bool,
    /// `package.workspace`.
    pub workspace: Option<String>,
    /// May it be published? `None`: taken over from the workspace.
    pub publish: Option<bool>,
    /// Does it say that it holds fuzz targets?
    pub fuzz: bool,
    /// The `[features]` table as written.
    pub features: BTreeMap<String, Vec<String>>,
    /// Are there features or optional dependencies that `--all-features` would turn on?
    pub has_features: bool,
    pub procedural_macro: bool,
    /// Does it say that it links a native library?
    pub links: bool,
    /// `None` where it is taken over from the workspace, or is that of 2015.
    pub edition: Option<String>,
    pub edition_inherited: bool,
    /// A build script that cargo wants to exist, relative to the manifest's folder.
    pub build: Option<String>,
    /// The targets that it names.
    pub targets: Vec<Target>,
}

/// A target that the manifest names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// `[lib]`, with its path.
    Lib(Option<String>),
    /// `[[bin]]`, with name and path.
    Bin(String, Option<String>),
    /// `[[example]]`, `[[test]]`, `[[bench]]`: the folder where cargo looks for it, name and path.
    Other(&'static str, String, Option<String>),
}

/// A manifest that was understood.
#[derive(Clone, Debug)]
pub(crate) struct Manifest {
    pub path: String,
    pub blob: String,
    pub class: String,
    pub package: Option<Package>,
    pub root: Option<Root>,
    /// `resolver`, of the workspace or of the package.
    pub resolver: Option<String>,
    pub dependencies: Vec<Dependency>,
    /// Every path in it with the key that holds it, as written.
    pub paths: Vec<(String, String)>,
    /// Git addresses and registry indexes in it, as written.
    pub addresses: Vec<String>,
}

impl Manifest {
    /// The versions that a manifest asks for, by name. What is taken over from the workspace is written in another.
    pub(super) fn asks(&self) -> BTreeMap<String, Vec<String>> {
        let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for dependency in &self.dependencies {
            // Without versions written here it is not known which are taken.
            let range = dependency.version.clone().unwrap_or_default();
            let ranges = all.entry(dependency.package.clone()).or_default();
            if !ranges.contains(&range) {
                ranges.push(range);
            }
        }
        all
    }

    /// Reads a manifest. The error is one clause.
    pub(crate) fn parse(path: &str, blob: &str, class: &str, bytes: &[u8], limits: &Limits) -> Result<Self, String> {
        if bytes.len() > limits.manifest_bytes {
            return Err(format!("larger than {} bytes", limits.manifest_bytes));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| "not UTF-8".to_owned())?;
        let table: Table =
            toml::from_str(text).map_err(|error| format!("not TOML: {}", plimsoll_model::one_line(error.message())))?;
        let mut manifest = Self {
            path: path.to_owned(),
            blob: blob.to_owned(),
            class: class.to_owned(),
            package: None,
            root: None,
            resolver: None,
            dependencies: Vec::new(),
            paths: Vec::new(),
            addresses: Vec::new(),
        };
        if let Some(workspace) = section(&table, "workspace")? {
            manifest.read_root(workspace)?;
        }
        // `[project]` is what cargo called `[package]` before 1.0.
        let package = match section(&table, "package")? {
            Some(package) => Some(package),
            None => section(&table, "project")?,
        };
        if let Some(package) = package {
            manifest.read_package(package, &table)?;
        }
        manifest.read_patches(&table)?;
        if manifest.package.is_none() && manifest.root.is_none() {
            return Err("neither [package] nor [workspace]".to_owned());
        }
        Ok(manifest)
    }

    /// Its folder: `""` at the root of the tree.
    pub(crate) fn folder(&self) -> &str {
        tree_path::folder(&self.path)
    }

    fn read_root(&mut self, workspace: &Table) -> Result<(), String> {
        let shared = section(workspace, "package")?;
        let mut root = Root {
            members: strings(workspace, "members")?,
            exclude: strings(workspace, "exclude")?,
            version: shared.and_then(|shared| text(shared, "version")),
            license: shared.and_then(|shared| text(shared, "license")),
            publish: shared.is_none_or(|shared| is_published(shared.get("publish"))),
            edition: shared.and_then(|shared| text(shared, "edition")),
        };
        self.resolver = text(workspace, "resolver");
        root.members.dedup();
        for (key, list) in [("members", &root.members), ("exclude", &root.exclude)] {
            self.paths.extend(list.iter().map(|path| (format!("workspace.{key}"), path.clone())));
        }
        for path in strings(workspace, "default-members")? {
            self.paths.push(("workspace.default-members".to_owned(), path));
        }
        if let Some(shared) = shared {
            self.note_files(shared, "workspace.package");
        }
        self.root = Some(root);
        let place = Place { prefix: "workspace.", section: Section::Workspace, target: None };
        self.read_dependencies(workspace, "dependencies", place)
    }

    fn read_package(&mut self, package: &Table, table: &Table) -> Result<(), String> {
        let name = text(package, "name").ok_or("[package] has no name")?;
        if !is_name(&name) {
            return Err("[package] has a name that no package can have".to_owned());
        }
        let version = match package.get("version") {
            None => Some("0.0.0".to_owned()),
            Some(Value::String(version)) => Some(version.clone()),
            Some(_) => None,
        };
        if version.as_deref().is_some_and(|version| semver::Version::parse(version.trim()).is_err()) {
            return Err("[package] has a version that is not one".to_owned());
        }
        self.note_files(package, "package");
        let workspace = text(package, "workspace");
        if let Some(workspace) = &workspace {
            self.paths.push(("package.workspace".to_owned(), workspace.clone()));
        }
        let mut holders = vec![(String::new(), None, table)];
        if let Some(targets) = section(table, "target")? {
            for (cfg, value) in targets {
                let target = value.as_table().ok_or("[target] holds something that is not a table")?;
                holders.push((format!("target.{cfg}."), Some(cfg.as_str()), target));
            }
        }
        for (prefix, target, holder) in holders {
            for key in
                ["dependencies", "dev-dependencies", "dev_dependencies", "build-dependencies", "build_dependencies"]
            {
                let place = Place { prefix: &prefix, section: Section::Package, target };
                self.read_dependencies(holder, key, place)?;
            }
        }
        let mut features: BTreeMap<String, Vec<String>> = BTreeMap::new();
        if let Some(stated) = section(table, "features")? {
            for name in stated.keys() {
                features.insert(name.clone(), strings(stated, name)?);
            }
        }
        let has_features = features.keys().any(|key| key != "default")
            || self.dependencies.iter().any(|dependency| dependency.optional);
        let procedural_macro = section(table, "lib")?.is_some_and(|lib| {
            let flag =
                ["proc-macro", "proc_macro"].iter().any(|key| lib.get(*key).and_then(Value::as_bool) == Some(true));
            let kinds = ["crate-type", "crate_type"].iter().filter_map(|key| lib.get(*key)?.as_array()).flatten();
            flag || kinds.into_iter().any(|kind| kind.as_str() == Some("proc-macro"))
        });
        self.resolver = self.resolver.take().or_else(|| text(package, "resolver"));
        let targets = self.read_targets(table)?;
        let build = match package.get("build") {
            Some(Value::String(path)) => Some(path.clone()),
            Some(Value::Boolean(true)) => Some("build.rs".to_owned()),
            // A package that links to something must have one.
            None if package.contains_key("links") => Some("build.rs".to_owned()),
            _ => None,
        };
        self.package = Some(Package {
            name,
            version: version.map(|version| version.trim().to_owned()),
            license: text(package, "license"),
            license_inherited: package.get("license").is_some_and(Value::is_table),
            workspace,
            // cargo publishes nothing that has no version.
            publish: match package.get("publish") {
                Some(Value::Table(_)) => None,
                value => Some(package.contains_key("version") && is_published(value)),
            },
            fuzz: section(package, "metadata")?.is_some_and(|metadata| metadata.contains_key("cargo-fuzz")),
            features,
            has_features,
            procedural_macro,
            links: package.contains_key("links"),
            edition: text(package, "edition"),
            edition_inherited: package.get("edition").is_some_and(Value::is_table),
            build,
            targets,
        });
        Ok(())
    }

    /// `[patch.*]` and `[replace]`, which a root without a package has as well.
    fn read_patches(&mut self, table: &Table) -> Result<(), String> {
        if let Some(patches) = section(table, "patch")? {
            for registry in patches.keys() {
                let place = Place { prefix: "patch.", section: Section::Patch, target: None };
                self.read_dependencies(patches, registry, place)?;
            }
        }
        self.read_dependencies(table, "replace", Place { prefix: "", section: Section::Replace, target: None })
    }

    /// Notes the paths of files that cargo looks at or names: readme, licence file, build script.
    fn note_files(&mut self, package: &Table, section: &str) {
        for key in ["readme", "license-file", "build"] {
            match package.get(key) {
                Some(Value::String(path)) => self.paths.push((format!("{section}.{key}"), path.clone())),
                Some(Value::Array(list)) => {
                    let list = list.iter().filter_map(Value::as_str);
                    self.paths.extend(list.map(|path| (format!("{section}.{key}"), path.to_owned())));
                }
                _ => {}
            }
        }
    }

    fn read_targets(&mut self, table: &Table) -> Result<Vec<Target>, String> {
        let mut targets = Vec::new();
        if let Some(lib) = section(table, "lib")? {
            let path = text(lib, "path");
            self.paths.extend(path.iter().map(|path| ("lib.path".to_owned(), path.clone())));
            targets.push(Target::Lib(path));
        }
        for (key, folder) in [("bin", ""), ("example", "examples"), ("test", "tests"), ("bench", "benches")] {
            let Some(list) = table.get(key) else { continue };
            for entry in list.as_array().ok_or_else(|| format!("[[{key}]] is not a list"))? {
                let entry = entry.as_table().ok_or_else(|| format!("[[{key}]] holds something that is not a table"))?;
                let name = text(entry, "name").ok_or_else(|| format!("[[{key}]] has no name"))?;
                let path = text(entry, "path");
                // A name becomes a file name where no path is given.
                let noted = path.clone().unwrap_or_else(|| name.clone());
                self.paths.push((format!("{key}.path"), noted));
                targets.push(if key == "bin" { Target::Bin(name, path) } else { Target::Other(folder, name, path) });
            }
        }
        Ok(targets)
    }

    fn read_dependencies(
        &mut self,
        holder: &Table,
        key: &str,
        Place { prefix, section: section_kind, target }: Place<'_>,
    ) -> Result<(), String> {
        for (name, value) in section(holder, key)?.into_iter().flatten() {
            let mut dependency = Dependency {
                section: section_kind,
                key: name.clone(),
                package: name.clone(),
                version: value.as_str().map(str::to_owned),
                path: None,
                git: None,
                registry: None,
                inherited: false,
                optional: false,
                scope: match key {
                    "dev-dependencies" | "dev_dependencies" => Scope::Dev,
                    "build-dependencies" | "build_dependencies" => Scope::Build,
                    _ => Scope::Normal,
                },
                target: target.map(str::to_owned),
                features: Vec::new(),
                default_features: None,
            };
            if let Value::Table(detail) = value {
                dependency.package = text(detail, "package").unwrap_or_else(|| name.clone());
                dependency.version = text(detail, "version");
                dependency.path = text(detail, "path");
                dependency.git = text(detail, "git").map(|url| Git {
                    url,
                    reference: ["branch", "tag", "rev"].into_iter().find_map(|key| Some((key, text(detail, key)?))),
                });
                let named = |key: &str| detail.get(key).map(|value| value.as_str().unwrap_or_default().to_owned());
                let index = || named("registry-index").map(Registry::Index);
                dependency.registry = named("registry").map(Registry::Named).or_else(index);
                dependency.inherited = detail.get("workspace").and_then(Value::as_bool).unwrap_or_default();
                dependency.optional = detail.get("optional").and_then(Value::as_bool).unwrap_or_default();
                dependency.features = strings(detail, "features")?;
                let default = ["default-features", "default_features"].iter().find_map(|key| detail.get(*key));
                dependency.default_features = default.and_then(Value::as_bool);
                // `base` would let the user's configuration say where a path starts.
                for key in ["path", "base"] {
                    let place = || format!("{prefix}{name}.{key}");
                    self.paths.extend(text(detail, key).map(|path| (place(), path)));
                }
                self.addresses.extend(["git", "registry-index"].iter().filter_map(|key| text(detail, key)));
            }
            if section_kind == Section::Replace {
                let (package, version) = replaced(name).unzip();
                dependency.package = package.unwrap_or_else(|| name.clone());
                dependency.version = version;
            }
            self.dependencies.push(dependency);
        }
        Ok(())
    }
}

/// The package and the version that a key of `[replace]` names: `NAME:VERSION` or `NAME@VERSION`, perhaps after an
/// address; nothing where it is neither.
///
/// Source: the Cargo Book, "Package ID Specifications".
fn replaced(key: &str) -> Option<(String, String)> {
    let (address, rest) = key.rsplit_once('#').map_or((None, key), |(address, rest)| (Some(address), rest));
    let (name, version) = match (rest.split_once([':', '@']), address) {
        (Some(parts), _) => parts,
        (None, Some(address)) => (tree_path::name(address.trim_end_matches('/')).trim_end_matches(".git"), rest),
        (None, None) => return None,
    };
    let version = format!("={version}");
    (is_name(name) && semver::VersionReq::parse(&version).is_ok()).then(|| (name.to_owned(), version))
}

/// May something with this value of `publish` be published?
fn is_published(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Boolean(publish)) => *publish,
        Some(Value::Array(registries)) => !registries.is_empty(),
        _ => true,
    }
}

/// May a package be called so? Letters, digits, `-` and `_` of any script.
///
/// Source: the Cargo Book, "The name field"; cargo takes what is a Unicode identifier with `-`.
pub(crate) fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 256
        && name.chars().all(|character| character.is_alphanumeric() || matches!(character, '-' | '_'))
}

fn section<'a>(table: &'a Table, key: &str) -> Result<Option<&'a Table>, String> {
    match table.get(key) {
        None => Ok(None),
        Some(Value::Table(section)) => Ok(Some(section)),
        Some(_) => Err(format!("\"{key}\" is not a table")),
    }
}

fn text(table: &Table, key: &str) -> Option<String> {
    table.get(key).and_then(Value::as_str).map(str::to_owned)
}

fn strings(table: &Table, key: &str) -> Result<Vec<String>, String> {
    let Some(value) = table.get(key) else { return Ok(Vec::new()) };
    let list = value.as_array().ok_or_else(|| format!("\"{key}\" is not a list"))?;
    list.iter()
        .map(|item| {
            item.as_str().map(str::to_owned).ok_or_else(|| format!("\"{key}\" holds something that is not text"))
        })
        .collect()
}
