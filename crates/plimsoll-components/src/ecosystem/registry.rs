//! All ecosystems that this version knows: the one list of their names and of the names of their files.
//!
//! A package manager, a build system or what else a tree may be built from is one row: either a module that reads its
//! files, or an [`Unresolved`] that names them, so that what was not looked at is known. What is in no row is not seen by
//! name; sources in a language that no manifest of the tree speaks for are seen by [`crate::Survey`].

use super::{
    Ecosystem, Holds, cargo, composer, dart, docker, git_submodule, github_actions, go, hex, npm, nuget, pypi,
    rubygems, swift,
    unresolved::{Unresolved, build, packages},
};

/// The ecosystems; of two whose patterns match one name the first counts. The names of files are those that each tool's own
/// documentation gives. A `*` stands for any letters; one that begins a name stands for at least one. A pattern with a `/`
/// names the folder as well.
///
/// Source of the names of update tools: GitHub, "Dependabot options reference", `package-ecosystem`; Renovate, "Managers".
pub const ECOSYSTEMS: &[&dyn Ecosystem] = &[
    &cargo::Cargo,
    &npm::Npm,
    &pypi::Pypi,
    &go::GO,
    &packages("maven", &["maven"], &["pom.xml"], &[]).updated_by(&["maven"]),
    &packages("ivy", &["maven"], &["ivy.xml"], &[]),
    &packages(
        "gradle",
        &["maven"],
        &["*.gradle", "*.gradle.kts", "libs.versions.toml"],
        &["gradle.lockfile", "buildscript-gradle.lockfile", "verification-metadata.xml"],
    )
    .updated_by(&["gradle"]),
    &nuget::NUGET,
    &packages("paket", &["nuget"], &["paket.dependencies", "paket.references"], &["paket.lock"]).updated_by(&["paket"]),
    &composer::COMPOSER,
    &rubygems::RUBYGEMS,
    &swift::SWIFT,
    &packages("carthage", &["swift", "github"], &["Cartfile", "Cartfile.private"], &["Cartfile.resolved"]),
    &packages("cocoapods", &["cocoapods"], &["Podfile", "*.podspec"], &["Podfile.lock"]).updated_by(&["cocoapods"]),
    &hex::HEX,
    &packages("gleam", &["hex"], &["gleam.toml"], &["manifest.toml"]).updated_by(&["gleam"]),
    &packages("erlang.mk", &["hex"], &["erlang.mk"], &[]),
    &dart::PUB,
    &packages("conan", &["conan"], &["conanfile.py", "conanfile.txt", "conandata.yml"], &["conan.lock"])
        .updated_by(&["conan"]),
    &packages(
        "conda",
        &["conda"],
        &["environment*.yml", "environment*.yaml", "pixi.toml"],
        &["pixi.lock", "conda-lock.yml", "*.conda-lock.yml"],
    ),
    &packages("vcpkg", &["vcpkg", "generic"], &["vcpkg.json", "vcpkg-configuration.json"], &[]),
    &packages("deno", &["npm", "jsr", "deno"], &["deno.json", "deno.jsonc", "jsr.json"], &["deno.lock"]),
    &packages("bower", &["bower", "npm"], &["bower.json"], &[]),
    &packages("sbt", &["maven"], &["build.sbt", "build.sc", "build.mill", "project/plugins.sbt"], &[]),
    &packages("clojars", &["clojars", "maven"], &["project.clj", "deps.edn", "shadow-cljs.edn"], &[])
        .updated_by(&["deps-edn", "leiningen"]),
    &packages(
        "hackage",
        &["hackage"],
        &["*.cabal", "stack.yaml", "cabal.project", "package.yaml"],
        &["cabal.project.freeze", "stack.yaml.lock"],
    )
    .updated_by(&["haskell-cabal"]),
    &packages("opam", &["opam"], &["*.opam", "opam", "dune-project", "esy.json"], &["*.opam.locked"]),
    &packages("dub", &["dub"], &["dub.json", "dub.sdl"], &["dub.selections.json"]),
    &packages("nimble", &["nimble"], &["*.nimble"], &["nimble.lock"]),
    &packages("shards", &["shards"], &["shard.yml"], &["shard.lock"]),
    &packages(
        "julia",
        &["julia"],
        &["Project.toml", "JuliaProject.toml"],
        &["Manifest.toml", "JuliaManifest.toml", "Manifest-v*.toml"],
    ),
    &packages("cran", &["cran"], &["DESCRIPTION"], &["renv.lock", "packrat.lock"]),
    &packages("cpan", &["cpan"], &["cpanfile", "Makefile.PL", "Build.PL", "dist.ini"], &["cpanfile.snapshot"])
        .updated_by(&["cpanfile"]),
    &packages("luarocks", &["luarocks"], &["*.rockspec"], &["luarocks.lock"]),
    &packages("elm", &["elm"], &["elm.json", "elm-package.json"], &[]),
    &packages("purescript", &["purescript"], &["spago.yaml", "spago.dhall", "packages.dhall"], &["spago.lock"]),
    &packages("haxelib", &["haxelib"], &["haxelib.json"], &[]),
    &packages("zig", &["zig", "generic"], &["build.zig.zon", "build.zig"], &[]),
    &packages("vlang", &["vlang"], &["v.mod"], &[]),
    &packages("helm", &["helm"], &["Chart.yaml", "helmfile.yaml"], &["Chart.lock"]).updated_by(&["helmv3"]),
    &packages("terraform", &["terraform"], &["*.tf", "*.tf.json"], &[".terraform.lock.hcl"]),
    &packages("unity", &["unity", "generic"], &["Packages/manifest.json"], &["Packages/packages-lock.json"]),
    &packages("ansible", &["ansible", "generic"], &["requirements.yml", "requirements.yaml", "galaxy.yml"], &[]),
    &packages("foundry", &["generic"], &["foundry.toml"], &["soldeer.lock"]),
    &packages("scarb", &["generic"], &["Scarb.toml"], &["Scarb.lock"]),
    &packages("move", &["generic"], &["Move.toml"], &["Move.lock"]),
    &packages("importmap", &["npm", "generic"], &["importmap.json"], &[]),
    &packages("alire", &["alire", "generic"], &["alire.toml"], &["alire.lock"]),
    &packages("fpm", &["fpm", "generic"], &["fpm.toml"], &[]),
    &packages("eask", &["melpa", "generic"], &["Eask"], &[]),
    &build(
        "bazel",
        &["MODULE.bazel", "WORKSPACE", "WORKSPACE.bazel", "WORKSPACE.bzlmod", "BUILD", "BUILD.bazel", "BUCK"],
        &["MODULE.bazel.lock"],
    ),
    &build("cmake", &["CMakeLists.txt", "*.cmake"], &[]),
    &build("meson", &["meson.build", "*.wrap"], &[]),
    &build("autotools", &["configure.ac", "configure.in", "Makefile.am"], &[]),
    &build(
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
    &build("nix", &["flake.nix", "default.nix", "nix/sources.json", "npins/sources.json"], &["flake.lock"]),
    &docker::Docker,
    &github_actions::GithubActions,
    &Unresolved {
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
        update_tools: &[],
    },
    &git_submodule::GitSubmodule,
];
