//! The table of what other package managers and build systems call their files.
//!
//! One row names an ecosystem, what its files say of the product, the types of its package URLs, and the names of its
//! manifests and lockfiles. What is not in the table is not seen by name; sources in a language that no manifest of the
//! tree speaks for are seen by [`crate::survey`].

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use crate::{
    path,
    types::{Ecosystem, Holds},
};

/// One ecosystem.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) holds: Holds,
    /// The types that package URLs of its components have.
    pub(crate) purl_types: &'static [&'static str],
    manifests: &'static [&'static str],
    lockfiles: &'static [&'static str],
}

#[cfg(test)]
impl Row {
    /// A path for each of its patterns.
    pub(crate) fn names(&self) -> impl Iterator<Item = String> {
        self.manifests.iter().chain(self.lockfiles).map(|pattern| pattern.replace('*', "x"))
    }
}

const fn packages(
    name: &'static str,
    purl_types: &'static [&'static str],
    manifests: &'static [&'static str],
    lockfiles: &'static [&'static str],
) -> Row {
    Row { name, holds: Holds::Packages, purl_types, manifests, lockfiles }
}

const fn build(name: &'static str, manifests: &'static [&'static str], lockfiles: &'static [&'static str]) -> Row {
    Row { name, holds: Holds::BuildFiles, purl_types: &[], manifests, lockfiles }
}

/// The names are those that each tool's own documentation gives. A `*` stands for any letters; one that begins a name
/// stands for at least one. A pattern with a `/` names the folder as well.
pub(crate) const ROWS: &[Row] = &[
    packages(
        "npm",
        &["npm"],
        &["package.json", "package.json5"],
        &["package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"],
    ),
    packages(
        "pypi",
        &["pypi"],
        &[
            "pyproject.toml",
            "setup.py",
            "setup.cfg",
            "Pipfile",
            "requirements*.txt",
            "requirements*.in",
            "*requirements.txt",
            "requirements/*.txt",
            "requirements/*.in",
            "constraints*.txt",
        ],
        &["poetry.lock", "uv.lock", "Pipfile.lock", "pdm.lock", "pylock.toml", "pylock.*.toml", "requirements*.lock"],
    ),
    packages(
        "go",
        &["golang"],
        &["go.mod", "go.work", "Gopkg.toml", "glide.yaml"],
        &["go.sum", "go.work.sum", "Gopkg.lock", "glide.lock"],
    ),
    packages("maven", &["maven"], &["pom.xml"], &[]),
    packages("ivy", &["maven"], &["ivy.xml"], &[]),
    packages(
        "gradle",
        &["maven"],
        &["*.gradle", "*.gradle.kts", "libs.versions.toml"],
        &["gradle.lockfile", "buildscript-gradle.lockfile", "verification-metadata.xml"],
    ),
    packages(
        "nuget",
        &["nuget"],
        &[
            "*.csproj",
            "*.fsproj",
            "*.vbproj",
            "*.nuspec",
            "packages.config",
            "Directory.Packages.props",
            "paket.dependencies",
        ],
        &["packages.lock.json", "paket.lock"],
    ),
    packages("composer", &["composer"], &["composer.json"], &["composer.lock"]),
    packages("rubygems", &["gem"], &["Gemfile", "gems.rb", "*.gemspec"], &["Gemfile.lock", "gems.locked"]),
    packages("swift", &["swift"], &["Package.swift", "package.swift"], &["Package.resolved"]),
    packages("carthage", &["swift", "github"], &["Cartfile", "Cartfile.private"], &["Cartfile.resolved"]),
    packages("cocoapods", &["cocoapods"], &["Podfile", "*.podspec"], &["Podfile.lock"]),
    packages(
        "hex",
        &["hex"],
        &["mix.exs", "rebar.config", "gleam.toml", "erlang.mk"],
        &["mix.lock", "rebar.lock", "manifest.toml"],
    ),
    packages("pub", &["pub"], &["pubspec.yaml", "pubspec.yml"], &["pubspec.lock"]),
    packages("conan", &["conan"], &["conanfile.py", "conanfile.txt", "conandata.yml"], &["conan.lock"]),
    packages(
        "conda",
        &["conda"],
        &["environment*.yml", "environment*.yaml", "pixi.toml"],
        &["pixi.lock", "conda-lock.yml", "*.conda-lock.yml"],
    ),
    packages("vcpkg", &["vcpkg", "generic"], &["vcpkg.json", "vcpkg-configuration.json"], &[]),
    packages("deno", &["npm", "jsr", "deno"], &["deno.json", "deno.jsonc", "jsr.json"], &["deno.lock"]),
    packages("bower", &["bower", "npm"], &["bower.json"], &[]),
    packages("sbt", &["maven"], &["build.sbt", "build.sc", "build.mill", "project/plugins.sbt"], &[]),
    packages("clojars", &["clojars", "maven"], &["project.clj", "deps.edn", "shadow-cljs.edn"], &[]),
    packages(
        "hackage",
        &["hackage"],
        &["*.cabal", "stack.yaml", "cabal.project", "package.yaml"],
        &["cabal.project.freeze", "stack.yaml.lock"],
    ),
    packages("opam", &["opam"], &["*.opam", "opam", "dune-project", "esy.json"], &["*.opam.locked"]),
    packages("dub", &["dub"], &["dub.json", "dub.sdl"], &["dub.selections.json"]),
    packages("nimble", &["nimble"], &["*.nimble"], &["nimble.lock"]),
    packages("shards", &["shards"], &["shard.yml"], &["shard.lock"]),
    packages(
        "julia",
        &["julia"],
        &["Project.toml", "JuliaProject.toml"],
        &["Manifest.toml", "JuliaManifest.toml", "Manifest-v*.toml"],
    ),
    packages("cran", &["cran"], &["DESCRIPTION"], &["renv.lock", "packrat.lock"]),
    packages("cpan", &["cpan"], &["cpanfile", "Makefile.PL", "Build.PL", "dist.ini"], &["cpanfile.snapshot"]),
    packages("luarocks", &["luarocks"], &["*.rockspec"], &["luarocks.lock"]),
    packages("elm", &["elm"], &["elm.json", "elm-package.json"], &[]),
    packages("purescript", &["purescript"], &["spago.yaml", "spago.dhall", "packages.dhall"], &["spago.lock"]),
    packages("haxelib", &["haxelib"], &["haxelib.json"], &[]),
    packages("zig", &["zig", "generic"], &["build.zig.zon", "build.zig"], &[]),
    packages("vlang", &["vlang"], &["v.mod"], &[]),
    packages("helm", &["helm"], &["Chart.yaml", "helmfile.yaml"], &["Chart.lock"]),
    packages("terraform", &["terraform"], &["*.tf", "*.tf.json"], &[".terraform.lock.hcl"]),
    packages("unity", &["unity", "generic"], &["Packages/manifest.json"], &["Packages/packages-lock.json"]),
    packages("ansible", &["ansible", "generic"], &["requirements.yml", "requirements.yaml", "galaxy.yml"], &[]),
    packages("foundry", &["generic"], &["foundry.toml"], &["soldeer.lock"]),
    packages("scarb", &["generic"], &["Scarb.toml"], &["Scarb.lock"]),
    packages("move", &["generic"], &["Move.toml"], &["Move.lock"]),
    packages("importmap", &["npm", "generic"], &["importmap.json"], &[]),
    packages("alire", &["alire", "generic"], &["alire.toml"], &["alire.lock"]),
    packages("fpm", &["fpm", "generic"], &["fpm.toml"], &[]),
    packages("eask", &["melpa", "generic"], &["Eask"], &[]),
    build(
        "bazel",
        &["MODULE.bazel", "WORKSPACE", "WORKSPACE.bazel", "WORKSPACE.bzlmod", "BUILD", "BUILD.bazel", "BUCK"],
        &["MODULE.bazel.lock"],
    ),
    build("cmake", &["CMakeLists.txt", "*.cmake"], &[]),
    build("meson", &["meson.build", "*.wrap"], &[]),
    build("autotools", &["configure.ac", "configure.in", "Makefile.am"], &[]),
    build(
        "other build system",
        &[
            "SConstruct",
            "SConscript",
            "wscript",
            "xmake.lua",
            "premake5.lua",
            "BUILD.gn",
            "*.gyp",
            "*.gypi",
            "*.vcxproj",
            "project.pbxproj",
            "*.pro",
            "*.qbs",
        ],
        &[],
    ),
    build("nix", &["flake.nix", "default.nix", "nix/sources.json", "npins/sources.json"], &["flake.lock"]),
    build(
        "docker",
        &[
            "Dockerfile",
            "Dockerfile.*",
            "*.Dockerfile",
            "*.dockerfile",
            "Containerfile",
            "Containerfile.*",
            "docker-compose*.yml",
            "docker-compose*.yaml",
            "compose.yml",
            "compose.yaml",
        ],
        &[],
    ),
    Row {
        name: "prebuilt files",
        holds: Holds::Copies,
        purl_types: &[],
        manifests: &[
            "*.jar",
            "*.war",
            "*.ear",
            "*.aar",
            "*.nupkg",
            "*.whl",
            "*.egg",
            "*.gem",
            "*.dll",
            "*.so",
            "*.so.*",
            "*.dylib",
            "*.a",
            "*.lib",
            "*.exe",
            "*.xcframework",
            "*.wasm",
            "*.min.js",
            "*.min.mjs",
            "jquery*.js",
        ],
        lockfiles: &[],
    },
];

/// The row that a file belongs to, and whether it is a lockfile.
#[derive(Clone, Copy)]
pub(crate) struct Hit {
    pub(crate) row: &'static Row,
    pub(crate) lockfile: bool,
}

/// Patterns by the name that they are, and those with a `*` or a folder in the order of the table.
type Index = (BTreeMap<&'static str, Hit>, Vec<(&'static str, Hit)>);

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let (mut names, mut others) = (BTreeMap::new(), Vec::new());
    for row in ROWS {
        // Lockfiles first: `requirements.lock` is one whatever else its name fits.
        let lockfiles = row.lockfiles.iter().map(|pattern| (*pattern, Hit { row, lockfile: true }));
        let manifests = row.manifests.iter().map(|pattern| (*pattern, Hit { row, lockfile: false }));
        for (pattern, hit) in lockfiles.chain(manifests) {
            if pattern.contains(['*', '/']) {
                others.push((pattern, hit));
            } else {
                names.entry(pattern).or_insert(hit);
            }
        }
    }
    (names, others)
});

/// The types of package URLs that components of these ecosystems have, but for cargo.
pub(crate) fn purl_types(ecosystems: &[Ecosystem]) -> BTreeSet<&'static str> {
    let rows = ROWS.iter().filter(|row| ecosystems.iter().any(|one| one.name == row.name));
    rows.flat_map(|row| row.purl_types).copied().collect()
}

/// What a path is by its name and the name of its folder.
pub(crate) fn of(path: &str) -> Option<Hit> {
    let name = path::name(path);
    let (names, others) = &*INDEX;
    if let Some(hit) = names.get(name) {
        return Some(*hit);
    }
    let parent = path::name(path::folder(path));
    others.iter().find(|(pattern, _)| fits(pattern, parent, name)).map(|(_, hit)| *hit)
}

fn fits(pattern: &str, parent: &str, name: &str) -> bool {
    let pattern = match pattern.split_once('/') {
        Some((folder, _)) if folder != parent => return false,
        Some((_, pattern)) => pattern,
        None => pattern,
    };
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    // A name that is an ending alone (`.csproj`) has nothing that the ending is of.
    let mut least = usize::from(first.is_empty());
    while let Some(part) = parts.next() {
        let from = rest.char_indices().nth(least).map_or(rest.len(), |(at, _)| at);
        if least > 0 && rest.is_empty() {
            return false;
        }
        least = 0;
        let tail = rest.get(from..).unwrap_or_default();
        if parts.peek().is_none() {
            return tail.ends_with(part);
        }
        match tail.find(part) {
            Some(at) => rest = tail.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_belongs_to_one_ecosystem_or_none() {
        for (path, expected) in [
            ("package.json", Some(("npm", false))),
            ("web/yarn.lock", Some(("npm", true))),
            ("x.csproj", Some(("nuget", false))),
            (".csproj", None),
            ("go.mod", Some(("go", false))),
            ("go.work", Some(("go", false))),
            ("Gemfile.lock", Some(("rubygems", true))),
            ("gems.rb", Some(("rubygems", false))),
            ("requirements.txt", Some(("pypi", false))),
            ("requirements-prod.txt", Some(("pypi", false))),
            ("dev-requirements.txt", Some(("pypi", false))),
            ("requirements/base.txt", Some(("pypi", false))),
            ("requirements/base.md", None),
            ("notes/base.txt", None),
            ("constraints.txt", Some(("pypi", false))),
            ("requirements.lock", Some(("pypi", true))),
            ("pylock.prod.toml", Some(("pypi", true))),
            ("pylock..toml", Some(("pypi", true))),
            ("gradle/libs.versions.toml", Some(("gradle", false))),
            ("Project.toml", Some(("julia", false))),
            ("project.toml", None),
            ("subprojects/zlib.wrap", Some(("meson", false))),
            (".wrap", None),
            ("Dockerfile", Some(("docker", false))),
            ("Dockerfile.alpine", Some(("docker", false))),
            ("Dockerfiles", None),
            ("a/lib.so.1.2", Some(("prebuilt files", false))),
            ("libs/log4j-core-2.14.0.jar", Some(("prebuilt files", false))),
            ("Packages/manifest.json", Some(("unity", false))),
            ("game/Packages/packages-lock.json", Some(("unity", true))),
            ("web/manifest.json", None),
            ("docker-compose.yml", Some(("docker", false))),
            ("docker-compose.prod.yaml", Some(("docker", false))),
            ("docker-compose.md", None),
            ("infra/main.tf", Some(("terraform", false))),
            (".tf", None),
            ("requirements.yml", Some(("ansible", false))),
            ("Gopkg.toml", Some(("go", false))),
            ("glide.lock", Some(("go", true))),
            ("Eask", Some(("eask", false))),
            ("web/app.wasm", Some(("prebuilt files", false))),
            ("app.wasm.md", None),
            ("nix/sources.json", Some(("nix", false))),
            ("sources.json", None),
            ("Cargo.toml", None),
            ("Cargo.lock", None),
            ("package.json6", None),
            ("src/main.rs", None),
            ("README.md", None),
            ("rust-toolchain.toml", None),
            ("", None),
        ] {
            assert_eq!(of(path).map(|hit| (hit.row.name, hit.lockfile)), expected, "{path}");
        }
    }

    #[test]
    fn every_pattern_finds_its_own_row() {
        for row in ROWS {
            for (pattern, lockfile) in
                row.lockfiles.iter().map(|one| (one, true)).chain(row.manifests.iter().map(|one| (one, false)))
            {
                let hit = of(&pattern.replace('*', "x")).unwrap();
                assert_eq!((hit.row.name, hit.lockfile), (row.name, lockfile), "{pattern}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn no_path_makes_it_panic(path: String, end in "[*.a-zä/]{0,9}") {
            let _ = of(&path);
            let _ = of(&format!("requirements{end}.txt"));
            let _ = fits(&end, &path, &path);
        }
    }
}
