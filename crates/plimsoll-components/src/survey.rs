//! What a tree holds beside the files that are read, told by names and classes alone, and what of it nobody here reads.
//!
//! This is the one place that decides what was not looked at: each part that may ship and is not read becomes a gap of
//! the inventory ([`crate::Cause::NotListed`]), and everything that says "all" or "none" of the components rests on the gaps.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::tree_path;

use crate::{
    ecosystem::{self, ECOSYSTEMS, FoundEcosystem, Holds},
    path_class,
};

/// How many paths of a part are kept.
const PLACES: usize = 20;
/// From so many files on a language is a part of the product, whatever else there is.
const PART_FILES: u64 = 20;
/// And with fewer, where every so-manieth source file is of it.
const PART_SHARE: u64 = 3;
/// Folders with copied files that are told apart; what is beyond counts as a copy of which nothing is known.
const COPIED: usize = 100_000;

/// Folders that hold copies of other software, in small letters.
const COPIES: &[&str] = &[
    "vendor",
    "vendored",
    "_vendor",
    "_vendored",
    "third_party",
    "third-party",
    "thirdparty",
    "3rdparty",
    "3rd_party",
    "3rd-party",
    "node_modules",
    "bower_components",
    "subprojects",
    "pods",
];

/// Folders of translations, in small letters: Qt's have the ending that TypeScript has.
const TRANSLATIONS: &[&str] = &["translations", "i18n", "l10n", "lang", "locale", "locales"];

fn is_translation(path: &str) -> bool {
    let folder = tree_path::name(tree_path::folder(path));
    matches!(path.rsplit_once('.'), Some((_, "ts")))
        && TRANSLATIONS.iter().any(|name| folder.eq_ignore_ascii_case(name))
}

/// Does the path lie in a folder of copies, and may it ship?
fn is_copied(path: &str, class: &str) -> bool {
    let is_copies = |folder: &str| COPIES.iter().any(|name| folder.eq_ignore_ascii_case(name));
    path_class::may_ship(class) && (class == path_class::VENDORED || tree_path::folder(path).split('/').any(is_copies))
}

struct Language {
    name: &'static str,
    /// Endings of its files, headers left out: what includes them is counted.
    endings: &'static [&'static str],
    /// Ecosystems whose manifests say what its sources are built with.
    told_by: &'static [&'static str],
}

const LANGUAGES: &[Language] = &[
    Language { name: "Rust", endings: &["rs"], told_by: &["cargo"] },
    Language {
        name: "C and C++",
        endings: &["c", "cc", "cpp", "cxx", "c++", "C", "cu", "cppm", "ixx", "s", "S", "asm"],
        told_by: &["conan", "vcpkg", "cmake", "meson", "bazel", "autotools", "other build system"],
    },
    Language { name: "Objective-C", endings: &["m", "mm"], told_by: &["swift", "carthage", "cocoapods"] },
    Language { name: "Python", endings: &["py", "pyx"], told_by: &["pypi", "conda"] },
    Language { name: "Go", endings: &["go"], told_by: &["go"] },
    Language {
        name: "JavaScript and TypeScript",
        endings: &["js", "mjs", "cjs", "jsx", "ts", "tsx", "mts", "cts", "vue", "svelte"],
        told_by: &["npm", "deno", "bower"],
    },
    Language {
        name: "Java and Kotlin",
        endings: &["java", "kt", "scala", "groovy"],
        told_by: &["maven", "gradle", "ivy", "sbt"],
    },
    Language { name: ".NET", endings: &["cs", "fs", "vb"], told_by: &["nuget", "paket"] },
    Language { name: "Swift", endings: &["swift"], told_by: &["swift", "carthage", "cocoapods"] },
    Language { name: "Ruby", endings: &["rb"], told_by: &["rubygems"] },
    Language { name: "PHP", endings: &["php"], told_by: &["composer"] },
    Language { name: "Perl", endings: &["pl", "pm"], told_by: &["cpan"] },
    Language { name: "Lua", endings: &["lua"], told_by: &["luarocks"] },
    Language { name: "Haskell", endings: &["hs"], told_by: &["hackage"] },
    Language { name: "OCaml", endings: &["ml", "re"], told_by: &["opam"] },
    Language { name: "Elixir and Erlang", endings: &["ex", "exs", "erl", "gleam"], told_by: &["hex"] },
    Language { name: "Dart", endings: &["dart"], told_by: &["pub"] },
    Language { name: "Julia", endings: &["jl"], told_by: &["julia"] },
    Language { name: "R", endings: &["R", "r"], told_by: &["cran"] },
    Language { name: "Zig", endings: &["zig"], told_by: &["zig"] },
    Language { name: "Nim", endings: &["nim"], told_by: &["nimble"] },
    Language { name: "Crystal", endings: &["cr"], told_by: &["shards"] },
    Language { name: "Clojure", endings: &["clj", "cljs", "cljc"], told_by: &["clojars"] },
    Language { name: "Elm", endings: &["elm"], told_by: &["elm"] },
    Language { name: "PureScript", endings: &["purs"], told_by: &["purescript"] },
    Language { name: "Fortran", endings: &["f", "f90", "f95", "for"], told_by: &["cmake", "meson"] },
    Language { name: "Pascal and Ada", endings: &["pas", "dpr", "adb", "ads"], told_by: &[] },
];

fn language(name: &str) -> Option<&'static Language> {
    let (stem, ending) = name.rsplit_once('.')?;
    LANGUAGES.iter().find(|language| !stem.is_empty() && language.endings.contains(&ending))
}

/// Prose and markers: they lie in folders of copied sources and are no copy themselves.
fn is_prose(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    ["README", "LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS", "CHANGELOG"]
        .iter()
        .any(|word| upper.starts_with(word))
        || [".MD", ".TXT", ".RST"].iter().any(|end| upper.ends_with(end))
        || name.starts_with('.')
}

/// Files of one part: how many, the class nearest to the user, and the first of them.
#[derive(Clone, Debug, Default)]
struct Part {
    manifests: u64,
    lockfiles: u64,
    /// By rank of the class, then by path.
    places: BTreeSet<(usize, String)>,
}

impl Part {
    fn add(&mut self, path: &str, class: &str, lockfile: bool) {
        if lockfile {
            self.lockfiles += 1;
        } else {
            self.manifests += 1;
        }
        self.places.insert((path_class::rank(class), path.to_owned()));
        if self.places.len() > PLACES {
            self.places.pop_last();
        }
    }

    fn ecosystem(self, name: &str, holds: Holds, reason: impl Fn(&str, u64) -> String) -> Option<FoundEcosystem> {
        let (rank, first) = self.places.first()?;
        // The first of those nearest to the user.
        let shown = plimsoll_model::one_line(first);
        Some(FoundEcosystem {
            name: name.to_owned(),
            holds,
            manifests: self.manifests,
            lockfiles: self.lockfiles,
            packages: 0,
            read: false,
            registry: None,
            checked: false,
            class: path_class::word(*rank).to_owned(),
            reason: Some(reason(&shown, self.manifests + self.lockfiles)),
            places: self.places.into_iter().map(|(_, path)| path).collect(),
        })
    }
}

/// What was seen of a tree.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    ecosystems: BTreeMap<&'static str, Part>,
    languages: BTreeMap<&'static str, Part>,
    /// The first file of each folder below one of copies, by the folder.
    copied: BTreeMap<String, String>,
    /// The first file of copies in folders beyond those; empty where there is none.
    beyond: String,
    submodules: Part,
}

impl Survey {
    /// Takes in one regular file of the tree, of any name.
    pub fn file(&mut self, path: &str, class: &str) {
        let name = tree_path::name(path);
        let is_copied = is_copied(path, class);
        if is_copied && !is_prose(name) {
            let folder = tree_path::folder(path);
            let full = self.copied.len() >= COPIED && !self.copied.contains_key(folder);
            let place = if full { &mut self.beyond } else { self.copied.entry(folder.to_owned()).or_default() };
            if place.is_empty() || path < place.as_str() {
                path.clone_into(place);
            }
        }
        if let Some(hit) = ecosystem::of_path(path) {
            // What is read is given with its content.
            if hit.ecosystem.is_read() {
                return;
            }
            let class = hit.ecosystem.class(path, class, None).unwrap_or(class);
            self.ecosystems.entry(hit.ecosystem.name()).or_default().add(path, class, hit.lockfile);
        } else if class == path_class::SHIPPED
            && !is_copied
            && !path_class::is_for_machines(path)
            && !is_translation(path)
            && let Some(language) = language(name)
        {
            self.languages.entry(language.name).or_default().add(path, class, false);
        }
    }

    /// Takes in a submodule: another repository, of which nothing is here.
    pub fn submodule(&mut self, path: &str, class: &str) {
        self.submodules.add(path, class, false);
    }

    /// Gives the ecosystems that were seen, and those that are read by the given paths and classes; sorted by name.
    /// `listed` are folders of copies of which a file says what they are.
    pub(crate) fn ecosystems<'a>(
        &self,
        files: impl Iterator<Item = (&'a str, &'a str)>,
        listed: &'a BTreeSet<String>,
    ) -> Vec<FoundEcosystem> {
        let mut read: BTreeMap<&str, Part> = BTreeMap::new();
        let mut packages: BTreeSet<&str> = listed.iter().map(String::as_str).collect();
        for (path, class) in files {
            let Some(hit) = ecosystem::of_path(path).filter(|hit| hit.ecosystem.is_read()) else { continue };
            // Of submodules the tree itself says which there are.
            if hit.ecosystem.holds() == Holds::Submodules {
                continue;
            }
            let part = read.entry(hit.ecosystem.name()).or_default();
            part.add(path, hit.ecosystem.class(path, class, None).unwrap_or(class), hit.lockfile);
            // A step of a build or an image lies among what somebody copied, and says nothing of it.
            if is_copied(path, class) && !hit.lockfile && hit.ecosystem.holds() == Holds::Packages {
                packages.insert(tree_path::folder(path));
            }
        }
        let mut found: Vec<FoundEcosystem> = Vec::new();
        for ecosystem in ECOSYSTEMS {
            let (name, holds) = (ecosystem.name(), ecosystem.holds());
            let part = read.remove(name).or_else(|| self.ecosystems.get(name).cloned());
            let Some(part) = part else { continue };
            if ecosystem.lists_all() {
                let own = part.ecosystem(name, holds, |_, _| String::new());
                found.extend(own.map(|own| FoundEcosystem { read: true, checked: true, reason: None, ..own }));
                continue;
            }
            found.extend(part.ecosystem(name, holds, |first, count| match holds {
                Holds::Packages => not_read(name),
                Holds::Copies => format!("what is inside {} is not known{}", first, more(count)),
                _ => format!(
                    "what {first}{} {} in is not listed by this version",
                    more(count),
                    if count > 1 { "bring" } else { "brings" }
                ),
            }));
        }
        let seen: BTreeSet<String> =
            found.iter().filter(|one| path_class::may_ship(&one.class)).map(|one| one.name.clone()).collect();
        found.extend(self.untold(&seen));
        found.extend(self.copies(&packages).ecosystem("copied sources", Holds::Copies, |first, count| {
            format!(
                "{first}{} is copied in without a manifest of its own, and which version it is is not known",
                more(count)
            )
        }));
        found.extend(self.submodules.clone().ecosystem("git-submodule", Holds::Submodules, |first, count| {
            format!("what submodules hold is not in this repository ({first}{})", if count > 1 { ", ..." } else { "" })
        }));
        found.sort_by(|one, other| one.name.cmp(&other.name));
        found
    }

    /// Languages that are a part of what ships and of which no manifest of the tree says what they are built with.
    fn untold(&self, seen: &BTreeSet<String>) -> Vec<FoundEcosystem> {
        let all: u64 = self.languages.values().map(|part| part.manifests).sum();
        let untold = LANGUAGES.iter().filter(|language| !language.told_by.iter().any(|name| seen.contains(*name)));
        untold
            .filter_map(|language| {
                let part = self.languages.get(language.name)?;
                let count = part.manifests;
                let is_part = count >= PART_FILES || count.saturating_mul(PART_SHARE) >= all;
                let name = format!("{} sources", language.name);
                is_part.then(|| {
                    part.clone().ecosystem(&name, Holds::Sources, |first, count| {
                        format!("no manifest says what {first}{} is built with", more(count))
                    })
                })?
            })
            .collect()
    }

    /// Files in folders of copies that belong to no package there that is read.
    fn copies(&self, packages: &BTreeSet<&str>) -> Part {
        let mut part = Part::default();
        for (folder, first) in &self.copied {
            let mut above = Some(folder.as_str());
            let is_of_a_package = loop {
                match above {
                    Some(folder) if packages.contains(folder) => break true,
                    Some("") | None => break false,
                    Some(folder) => above = Some(tree_path::folder(folder)),
                }
            };
            if !is_of_a_package {
                part.add(first, path_class::VENDORED, false);
            }
        }
        if !self.beyond.is_empty() {
            part.add(&self.beyond, path_class::VENDORED, false);
        }
        part
    }
}

fn not_read(name: &str) -> String {
    format!("components of {name} are not listed by this version")
}

fn more(count: u64) -> String {
    if count > 1 { format!(" and {} more", count - 1) } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CRATE: [(&str, &str); 2] = [("Cargo.toml", "shipped"), ("Cargo.lock", "shipped")];

    /// Names and classes of what is not checked in a tree, a small crate and `files` (path and class).
    fn unchecked(files: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut survey = Survey::default();
        survey.file("src/lib.rs", "shipped");
        let mut cargo = CRATE.to_vec();
        for (path, class) in files {
            if ecosystem::of_path(path).is_some_and(|hit| hit.ecosystem.is_read()) {
                cargo.push((path, class));
            }
            survey.file(path, class);
        }
        let found = survey.ecosystems(cargo.into_iter(), &BTreeSet::new());
        assert!(found.iter().all(|one| one.checked == one.reason.is_none()), "{found:?}");
        assert!(found.iter().any(|one| one.name == "cargo" && one.checked));
        found.into_iter().filter(|one| !one.checked).map(|one| (one.name, one.class)).collect()
    }

    #[test]
    fn manifests_that_speak_for_a_language_are_of_known_ecosystems() {
        for name in LANGUAGES.iter().flat_map(|language| language.told_by) {
            assert!(ECOSYSTEMS.iter().any(|ecosystem| ecosystem.name() == *name), "{name}");
        }
    }

    #[test]
    fn what_may_ship_and_is_not_read_is_named() {
        let ships = |path: &'static str| [(path, "shipped")];
        for (file, expected) in [
            ("web/elm.json", "elm"),
            ("environment-prod.yml", "conda"),
            ("WORKSPACE", "bazel"),
            ("Dockerfile", "docker"),
            ("CMakeLists.txt", "cmake"),
            ("libs/a.jar", "prebuilt files"),
            ("static/jquery-1.4.2.min.js", "prebuilt files"),
            ("main.c", "C and C++ sources"),
            ("app.py", "Python sources"),
        ] {
            assert_eq!(unchecked(&ships(file)), [(expected.to_owned(), "shipped".to_owned())], "{file}");
        }
        assert_eq!(unchecked(&ships("ci/docker/Dockerfile")), [("docker".to_owned(), "tool".to_owned())]);
        assert_eq!(unchecked(&ships("ci/elm.json")), [("elm".to_owned(), "shipped".to_owned())]);
        for file in [
            "ci/test.py",
            ".github/scripts/a.js",
            "share/translations/app_ar.ts",
            "README.md",
            "rust-toolchain.toml",
            "deploy.sh",
            "src/a.rs",
            "include/a.h",
            "data.json",
            "Makefile",
        ] {
            assert_eq!(unchecked(&ships(file)), [], "{file}");
        }
    }

    #[test]
    fn copies_are_known_by_their_crate_alone() {
        let copied = |paths: &[&'static str]| {
            unchecked(&paths.iter().map(|path| (*path, "vendored")).collect::<Vec<_>>())
                .into_iter()
                .map(|(name, _)| name)
                .collect::<Vec<_>>()
        };
        assert_eq!(copied(&["third_party/zlib/zlib.h"]), ["copied sources"]);
        assert_eq!(copied(&["vendor/openssl/VERSION.dat"]), ["copied sources"]);
        assert_eq!(copied(&["vendor/elm.json"]), ["copied sources", "elm"]);
        assert_eq!(copied(&["vendor/dep/Cargo.toml", "vendor/dep/src/lib.rs", "vendor/dep/c/zlib.c"]), [""; 0]);
        assert_eq!(copied(&["vendor/dep/Cargo.toml", "vendor/zlib/zlib.c"]), ["copied sources"]);
        let mut survey = Survey::default();
        survey.file("vendor/x.dev/y/c/z.c", "vendored");
        let with = |listed: &str| survey.ecosystems(std::iter::empty(), &[listed.to_owned()].into()).len();
        assert_eq!((with("vendor/x.dev/y"), with("vendor/x.dev/z")), (0, 1));
        let named = unchecked(&[("src/ThirdParty/ykcore/yk.c", "shipped"), ("src/external/mod.rs", "shipped")]);
        assert_eq!(named, [("copied sources".to_owned(), "vendored".to_owned())]);
        assert_eq!(unchecked(&[("tests/vendor/a.c", "test")]), []);
        assert_eq!(copied(&["vendor/README.md", "vendor/.gitkeep", "third_party/LICENSE.txt"]), [""; 0]);
    }

    #[test]
    fn a_language_counts_by_its_share_and_where_no_manifest_speaks_for_it() {
        let names = |rust: usize, python: usize, more: &[(&str, &str)]| {
            let mut files: Vec<(String, &str)> = (0..rust).map(|n| (format!("src/r{n}.rs"), "shipped")).collect();
            files.extend((0..python).map(|n| (format!("tool/p{n}.py"), "shipped")));
            let mut files: Vec<(&str, &str)> = files.iter().map(|(path, class)| (path.as_str(), *class)).collect();
            files.extend(more);
            unchecked(&files).into_iter().map(|(name, _)| name).collect::<Vec<_>>()
        };
        assert_eq!(names(9, 1, &[]), [""; 0]);
        assert_eq!(names(3, 2, &[]), ["Python sources"]);
        assert_eq!(names(500, 19, &[]), [""; 0]);
        assert_eq!(names(500, 20, &[]), ["Python sources"]);
        assert_eq!(names(3, 2, &[("environment.yml", "shipped")]), ["conda"]);
        // A manifest among tests speaks for nothing that ships.
        assert_eq!(names(3, 2, &[("tests/environment.yml", "test")]), ["Python sources", "conda"]);
        let mut alone = Survey::default();
        alone.file("src/main.rs", "shipped");
        assert_eq!(
            alone.ecosystems(std::iter::empty(), &BTreeSet::new()).first().map(|one| one.name.as_str()),
            Some("Rust sources")
        );
    }

    #[test]
    fn submodules_have_the_class_nearest_to_the_user() {
        let mut survey = Survey::default();
        for (path, class) in [("tests/a", "test"), ("vendor/b", "vendored"), ("fixtures/c", "fixture")] {
            survey.submodule(path, class);
        }
        let found = survey.ecosystems(std::iter::empty(), &BTreeSet::new());
        assert_eq!((found[0].class.as_str(), found[0].manifests), ("vendored", 3));
        assert!(found[0].reason.as_deref().unwrap().contains("vendor/b"), "{found:?}");
    }

    proptest::proptest! {
            #[test]
            fn the_order_of_files_does_not_matter(mut files in proptest::collection::vec(("[a-c]{1,2}/(a.py|x.jar|package.json|y.c|z.h)", 0_usize..5), 0..60)) {
                let of = |files: &[(String, usize)]| {
                    let mut survey = Survey::default();
                    for (path, rank) in files {
    survey.file(path, path_class::word(*rank));
    }
                    survey.ecosystems(CRATE.into_iter(), &BTreeSet::new())
                };
                let one = of(&files);
                files.reverse();
                proptest::prop_assert_eq!(one, of(&files));
            }
        }
}
