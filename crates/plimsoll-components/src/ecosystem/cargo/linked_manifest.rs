//! What a package's own manifest says of features and dependencies, with dependencies as entries of the lockfile.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, TargetKind, cargo_platform::Platform};

use super::{
    lockfile::{Lock, Package},
    manifest,
    target_triples::{Conditions, Places},
};
use crate::component::Scope;

/// More entries of one name than any package depends on at a time; the bound keeps a hostile file linear.
const MAX_CANDIDATES: usize = 64;

/// A dependency as a manifest declares it.
#[derive(Clone, Debug)]
pub(crate) struct Declared {
    /// Its key: the name by which features speak of it.
    pub key: String,
    /// The package that is meant.
    pub package: String,
    /// The versions that are taken, as written; `None` takes any.
    pub version: Option<String>,
    /// The source as a lockfile writes it, where it is known.
    pub source: Option<String>,
    pub scope: Scope,
    /// The text under `[target.]`, if it stands under one.
    pub target: Option<String>,
    pub optional: bool,
    /// Features that it asks for, `default` among them where it is not turned off.
    pub features: Vec<String>,
}

/// A manifest as far as features depend on it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Description {
    /// What each feature turns on, as written; the implicit features of optional dependencies included.
    pub features: BTreeMap<String, Vec<String>>,
    pub dependencies: Vec<Declared>,
    /// Is it a procedural macro? `None` where that is not said.
    pub procedural_macro: Option<bool>,
    /// Does it say that it links a native library?
    pub links: bool,
}

/// A dependency, linked to what the lockfile has for it.
#[derive(Clone, Debug)]
pub(crate) struct Need {
    pub key: String,
    pub scope: Scope,
    pub condition: Places,
    pub optional: bool,
    pub features: Vec<String>,
    /// Entries of the lockfile; none where it is not locked.
    pub to: Vec<usize>,
}

/// A package whose manifest is known.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub features: BTreeMap<String, Vec<String>>,
    pub needs: Vec<Need>,
    pub procedural_macro: Option<bool>,
    pub links: bool,
    /// Entries that the lockfile gives it and its manifest does not explain.
    pub unexplained: Vec<usize>,
    /// Where in `needs` each key stands.
    by_key: BTreeMap<String, Vec<usize>>,
    /// What it cannot be built without and the lockfile does not give it, in one clause each.
    pub missing: Vec<String>,
}

impl Known {
    /// Links a description to entry `index` of the lockfile.
    pub(crate) fn link(description: Description, lock: &Lock, index: usize, conditions: &mut Conditions) -> Self {
        let own = lock.packages.get(index);
        let listed = own.map_or(&[][..], |package| &package.dependencies);
        let mut by_name: BTreeMap<&str, Vec<(usize, &Package)>> = BTreeMap::new();
        for next in listed {
            if let Some(package) = lock.packages.get(*next) {
                by_name.entry(&package.name).or_default().push((*next, package));
            }
        }
        let mut explained: BTreeSet<usize> = BTreeSet::new();
        let mut missing = Vec::new();
        let mut needs = Vec::with_capacity(description.dependencies.len());
        for declared in description.dependencies {
            let candidates = by_name.get(declared.package.as_str()).map_or(&[][..], Vec::as_slice);
            let to = meant(&declared, candidates);
            // A package may test itself.
            let itself = own.is_some_and(|own| own.name == declared.package);
            if to.is_empty() && !itself && !declared.optional && declared.scope != Scope::Dev {
                let shown = |text: &str| plimsoll_model::excerpt(text, 80);
                let (name, version) = own.map_or(("", ""), |package| (package.name.as_str(), package.version.as_str()));
                missing.push(format!(
                    "{} {} depends on {}, which is not listed for it",
                    shown(name),
                    shown(version),
                    shown(&declared.package)
                ));
            }
            explained.extend(&to);
            needs.push(Need {
                key: declared.key,
                scope: declared.scope,
                condition: conditions.of(declared.target.as_deref()),
                optional: declared.optional,
                features: declared.features,
                to,
            });
        }
        let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (position, need) in needs.iter().enumerate() {
            by_key.entry(need.key.clone()).or_default().push(position);
        }
        Self {
            features: description.features,
            needs,
            by_key,
            procedural_macro: description.procedural_macro,
            links: description.links,
            unexplained: listed.iter().copied().filter(|next| !explained.contains(next)).collect(),
            missing,
        }
    }

    /// The dependencies that go by one key.
    pub(crate) fn needs_of(&self, key: &str) -> impl Iterator<Item = &Need> {
        self.by_key.get(key).into_iter().flatten().filter_map(|position| self.needs.get(*position))
    }
}

/// The entries that a declared dependency can mean. Cargo takes one; where it cannot be seen which, all of them count:
/// a patch or a replacement comes from elsewhere and may have another version.
fn meant(declared: &Declared, candidates: &[(usize, &Package)]) -> Vec<usize> {
    let candidates = candidates.get(..MAX_CANDIDATES).unwrap_or(candidates);
    let all = |keep: &dyn Fn(&Package) -> bool| -> Vec<usize> {
        candidates.iter().filter(|(_, package)| keep(package)).map(|(index, _)| *index).collect()
    };
    if let [(only, _)] = candidates {
        return vec![*only];
    }
    let version = semver_request(declared.version.as_deref());
    let fits = |package: &Package| {
        let parsed = semver::Version::parse(&package.version);
        version.as_ref().is_none_or(|version| parsed.is_ok_and(|parsed| version.matches(&parsed)))
    };
    let from = |package: &Package| declared.source.is_none() || declared.source == package.source;
    let exact = all(&|package| fits(package) && from(package));
    if !exact.is_empty() {
        return exact;
    }
    let near = all(&fits);
    if near.is_empty() { all(&|_| true) } else { near }
}

fn semver_request(version: Option<&str>) -> Option<semver::VersionReq> {
    semver::VersionReq::parse(version?.trim()).ok()
}

impl From<&cargo_metadata::Package> for Description {
    fn from(package: &cargo_metadata::Package) -> Self {
        let declared = |dependency: &cargo_metadata::Dependency| Declared {
            key: dependency.rename.clone().unwrap_or_else(|| dependency.name.clone()),
            package: dependency.name.clone(),
            version: Some(dependency.req.to_string()),
            source: dependency.source.as_ref().map(|source| source.repr.clone()),
            scope: match dependency.kind {
                DependencyKind::Development => Scope::Dev,
                DependencyKind::Build => Scope::Build,
                // A kind that is not known is taken for the one that reaches furthest.
                _ => Scope::Normal,
            },
            target: dependency.target.as_ref().map(|platform| match platform {
                Platform::Name(name) => name.clone(),
                Platform::Cfg(expression) => format!("cfg({expression})"),
            }),
            optional: dependency.optional,
            features: asked(&dependency.features, dependency.uses_default_features),
        };
        Self {
            features: package.features.clone().into_iter().collect(),
            dependencies: package.dependencies.iter().map(declared).collect(),
            procedural_macro: Some(package.targets.iter().any(|target| target.is_kind(TargetKind::ProcMacro))),
            links: package.links.is_some(),
        }
    }
}

/// The features that a dependency asks for.
pub(crate) fn asked(features: &[String], default: bool) -> Vec<String> {
    let default = default.then(|| "default".to_owned());
    features.iter().cloned().chain(default).collect()
}

/// Adds the features that optional dependencies have by their name, where no feature speaks of them as `dep:`.
///
/// Source: the Cargo Book, "Features", Optional dependencies.
pub(crate) fn with_implicit(
    mut features: BTreeMap<String, Vec<String>>,
    dependencies: &[Declared],
) -> BTreeMap<String, Vec<String>> {
    let spoken: BTreeSet<String> =
        features.values().flatten().filter_map(|value| value.strip_prefix("dep:")).map(str::to_owned).collect();
    for dependency in dependencies.iter().filter(|dependency| dependency.optional) {
        if !spoken.contains(&dependency.key) {
            let value = vec![format!("dep:{}", dependency.key)];
            features.entry(dependency.key.clone()).or_insert(value);
        }
    }
    features
}

/// What a manifest of the tree says. `root` is the root of the workspace that it takes from.
pub(crate) fn describe(manifest: &manifest::Manifest, root: Option<&manifest::Manifest>) -> Option<Description> {
    use manifest::Section;
    let package = manifest.package.as_ref()?;
    let shared: BTreeMap<&str, &manifest::Dependency> = root
        .into_iter()
        .flat_map(|root| &root.dependencies)
        .filter(|dependency| dependency.section == Section::Workspace)
        .map(|dependency| (dependency.key.as_str(), dependency))
        .collect();
    let own = manifest.dependencies.iter().filter(|dependency| dependency.section == Section::Package);
    let dependencies: Vec<Declared> = own
        .map(|dependency| {
            let stated = if dependency.inherited { shared.get(dependency.key.as_str()).copied() } else { None };
            let meant = stated.unwrap_or(dependency);
            // What the member adds is added; it can turn defaults on and not off.
            let default = match (dependency.default_features, stated) {
                (Some(true), _) => true,
                (_, Some(stated)) => stated.default_features.unwrap_or(true),
                (own, None) => own.unwrap_or(true),
            };
            let mut features = asked(&dependency.features, default);
            features.extend(stated.into_iter().flat_map(|stated| stated.features.iter().cloned()));
            Declared {
                key: dependency.key.clone(),
                package: meant.package.clone(),
                version: meant.version.clone(),
                source: None,
                scope: dependency.scope,
                target: dependency.target.clone(),
                optional: dependency.optional,
                features,
            }
        })
        .collect();
    Some(Description {
        features: with_implicit(package.features.clone(), &dependencies),
        dependencies,
        procedural_macro: Some(package.procedural_macro),
        links: package.links,
    })
}
