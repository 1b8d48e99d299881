//! Which package ecosystems a tree holds, by the names of manifests and lockfiles.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    class,
    input::OtherManifest,
    path,
    types::{CARGO, Component, Ecosystem, Source},
};

struct Row {
    name: &'static str,
    /// A leading `*` means: any name that ends so.
    manifests: &'static [&'static str],
    lockfiles: &'static [&'static str],
}

/// The names are those that each package manager's own documentation gives.
const ROWS: &[Row] = &[
    Row {
        name: "npm",
        manifests: &["package.json"],
        lockfiles: &[
            "package-lock.json",
            "npm-shrinkwrap.json",
            "yarn.lock",
            "pnpm-lock.yaml",
            "bun.lock",
            "bun.lockb",
        ],
    },
    Row {
        name: "pypi",
        manifests: &["pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "Pipfile"],
        lockfiles: &["poetry.lock", "uv.lock", "Pipfile.lock", "pdm.lock", "pylock.toml"],
    },
    Row { name: "go", manifests: &["go.mod"], lockfiles: &["go.sum"] },
    Row { name: "maven", manifests: &["pom.xml"], lockfiles: &[] },
    Row {
        name: "gradle",
        manifests: &["build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts"],
        lockfiles: &["gradle.lockfile", "buildscript-gradle.lockfile"],
    },
    Row {
        name: "nuget",
        manifests: &["*.csproj", "*.fsproj", "*.vbproj", "packages.config", "Directory.Packages.props"],
        lockfiles: &["packages.lock.json"],
    },
    Row { name: "composer", manifests: &["composer.json"], lockfiles: &["composer.lock"] },
    Row { name: "rubygems", manifests: &["Gemfile", "*.gemspec"], lockfiles: &["Gemfile.lock", "gems.locked"] },
    Row { name: "swift", manifests: &["Package.swift"], lockfiles: &["Package.resolved"] },
    Row { name: "cocoapods", manifests: &["Podfile", "*.podspec"], lockfiles: &["Podfile.lock"] },
    Row { name: "hex", manifests: &["mix.exs", "rebar.config"], lockfiles: &["mix.lock", "rebar.lock"] },
    Row { name: "pub", manifests: &["pubspec.yaml"], lockfiles: &["pubspec.lock"] },
    Row { name: "conan", manifests: &["conanfile.py", "conanfile.txt"], lockfiles: &["conan.lock"] },
    Row { name: "conda", manifests: &["environment.yml", "environment.yaml", "pixi.toml"], lockfiles: &["pixi.lock"] },
    Row { name: "vcpkg", manifests: &["vcpkg.json"], lockfiles: &[] },
    Row { name: "deno", manifests: &["deno.json", "deno.jsonc"], lockfiles: &["deno.lock"] },
    Row { name: "bazel", manifests: &["MODULE.bazel", "WORKSPACE.bazel"], lockfiles: &["MODULE.bazel.lock"] },
    Row { name: "sbt", manifests: &["build.sbt"], lockfiles: &[] },
    Row {
        name: "hackage",
        manifests: &["*.cabal", "stack.yaml"],
        lockfiles: &["cabal.project.freeze", "stack.yaml.lock"],
    },
    Row { name: "opam", manifests: &["*.opam"], lockfiles: &["*.opam.locked"] },
];

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_prefix('*') {
        Some(end) => name.len() > end.len() && name.ends_with(end),
        None => name == pattern,
    }
}

/// The ecosystem that a file name belongs to, and whether it is a lockfile.
pub(crate) fn of(name: &str) -> Option<(&'static str, bool)> {
    ROWS.iter().find_map(|row| {
        if row.lockfiles.iter().any(|pattern| matches(pattern, name)) {
            Some((row.name, true))
        } else if row.manifests.iter().any(|pattern| matches(pattern, name)) {
            Some((row.name, false))
        } else {
            None
        }
    })
}

/// Gives the ecosystems of `others` and, from the given paths and classes, of cargo; sorted by name.
pub(crate) fn detect<'a>(cargo: impl Iterator<Item = (&'a str, &'a str)>, others: &[OtherManifest]) -> Vec<Ecosystem> {
    let mut found: BTreeMap<&'static str, Ecosystem> = BTreeMap::new();
    let cargo = cargo.map(|(path, class)| (CARGO, path::name(path) == "Cargo.lock", path, class));
    let others = others.iter().filter_map(|other| {
        let (name, lockfile) = of(path::name(&other.path))?;
        Some((name, lockfile, other.path.as_str(), other.class.as_str()))
    });
    for (name, lockfile, path, class) in cargo.chain(others) {
        let entry = found.entry(name).or_insert_with(|| Ecosystem {
            name: name.to_owned(),
            manifests: 0,
            lockfiles: 0,
            checked: name == CARGO,
            class: class.to_owned(),
            reason: (name != CARGO)
                .then(|| format!("components of {name} are not listed by this version; only Cargo.lock is read")),
            places: Vec::new(),
        });
        if lockfile {
            entry.lockfiles += 1;
        } else {
            entry.manifests += 1;
        }
        entry.class = class::best(&entry.class, class).to_owned();
        entry.places.push(path.to_owned());
    }
    found
        .into_values()
        .map(|mut ecosystem| {
            ecosystem.places.sort();
            ecosystem
        })
        .collect()
}

/// Says of cargo's packages that they are not all checked where one ships that advisories do not speak of.
///
/// RustSec knows the releases on crates.io by their versions. A commit of a git repository, a package of another registry
/// and a changed copy may have what their version has, or not: nobody can tell by the version.
pub(crate) fn tell_uncompared(ecosystems: &mut [Ecosystem], components: &[Component]) {
    const SHOWN: usize = 3;
    let uncompared: BTreeSet<(&str, &str, &str)> = components
        .iter()
        .filter(|component| component.ships_uncompared())
        .map(|component| {
            let from = match component.source {
                Source::Git => "git",
                Source::Registry => "another registry",
                Source::Path | Source::Workspace => "a folder that is not the repository's own",
            };
            (component.name.as_str(), component.version.as_str(), from)
        })
        .collect();
    let Some(cargo) = ecosystems.iter_mut().find(|ecosystem| ecosystem.name == CARGO) else { return };
    if uncompared.is_empty() {
        return;
    }
    let shown: Vec<String> =
        uncompared.iter().take(SHOWN).map(|(name, version, from)| format!("{name} {version} (from {from})")).collect();
    let more = uncompared.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    cargo.checked = false;
    cargo.reason = Some(format!("advisories speak of crates.io alone, and not of {}{more}", shown.join(", ")));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_belong_to_one_ecosystem() {
        for (name, expected) in [
            ("package.json", Some(("npm", false))),
            ("yarn.lock", Some(("npm", true))),
            ("x.csproj", Some(("nuget", false))),
            (".csproj", None),
            ("go.mod", Some(("go", false))),
            ("Gemfile.lock", Some(("rubygems", true))),
            ("Cargo.toml", None),
            ("package.json5", None),
        ] {
            assert_eq!(of(name), expected, "{name}");
        }
    }

    #[test]
    fn other_ecosystems_are_said_not_to_be_checked() {
        let other = |path: &str, class: &str| OtherManifest { path: path.to_owned(), class: class.to_owned() };
        let found = detect(
            [("Cargo.toml", "shipped"), ("Cargo.lock", "shipped")].into_iter(),
            &[other("tests/package.json", "test"), other("web/package.json", "shipped"), other("README", "shipped")],
        );
        let told: Vec<_> = found
            .iter()
            .map(|row| (row.name.as_str(), row.manifests, row.lockfiles, row.checked, row.class.as_str()))
            .collect();
        assert_eq!(told, [("cargo", 1, 1, true, "shipped"), ("npm", 2, 0, false, "shipped")]);
        assert!(found[0].reason.is_none());
        assert!(found[1].reason.is_some());
    }
}
