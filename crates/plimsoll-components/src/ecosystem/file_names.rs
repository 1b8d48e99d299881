//! Which ecosystem a file belongs to, by its name.

use std::{collections::BTreeMap, sync::LazyLock};

use plimsoll_model::tree_path;

use super::{ECOSYSTEMS, Ecosystem};

/// The ecosystem that a file belongs to, and whether it is a lockfile.
#[derive(Clone, Copy)]
pub(crate) struct Hit {
    pub(crate) ecosystem: &'static dyn Ecosystem,
    pub(crate) lockfile: bool,
}

/// Patterns by the name that they are; those with a folder, and those with a `*`, in the order of the table.
type Index = (BTreeMap<&'static str, Hit>, Vec<(&'static str, Hit)>, Vec<(&'static str, Hit)>);

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let (mut names, mut placed, mut others) = (BTreeMap::new(), Vec::new(), Vec::new());
    for ecosystem in ECOSYSTEMS.iter().copied() {
        // Lockfiles first: `requirements.lock` is one whatever else its name fits.
        let lockfiles = ecosystem.lockfiles().iter().map(|pattern| (*pattern, Hit { ecosystem, lockfile: true }));
        let manifests = ecosystem.manifests().iter().map(|pattern| (*pattern, Hit { ecosystem, lockfile: false }));
        for (pattern, hit) in lockfiles.chain(manifests) {
            if pattern.contains('/') {
                placed.push((pattern, hit));
            } else if pattern.contains('*') {
                others.push((pattern, hit));
            } else {
                names.entry(pattern).or_insert(hit);
            }
        }
    }
    (names, placed, others)
});

/// What a path is by its name and the name of its folder.
pub(crate) fn of(path: &str) -> Option<Hit> {
    let name = tree_path::name(path);
    let (names, placed, others) = &*INDEX;
    let folder = tree_path::folder(path);
    // A name means what it means in that folder.
    let find = |list: &[(&str, Hit)]| list.iter().find(|(pattern, _)| fits(pattern, folder, name)).map(|(_, hit)| *hit);
    find(placed).or_else(|| names.get(name).copied()).or_else(|| find(others))
}

fn fits(pattern: &str, folder: &str, name: &str) -> bool {
    let pattern = match pattern.rsplit_once('/') {
        Some((place, pattern)) => {
            let above = folder.strip_suffix(place);
            if !above.is_some_and(|above| above.is_empty() || above.ends_with('/')) {
                return false;
            }
            pattern
        }
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
            ("db/x.sqlproj", Some(("nuget", false))),
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
            ("Dockerfile-prod", Some(("docker", false))),
            ("a/dockerfile", Some(("docker", false))),
            ("web.containerfile", Some(("docker", false))),
            ("Dockerfiles", None),
            ("dockerfiles", None),
            ("dockerfile.go", None),
            ("dockerfile-parser.go", None),
            ("my-dockerfile", None),
            (".containerfile", None),
            ("a/lib.so.1.2", Some(("prebuilt files", false))),
            ("libs/log4j-core-2.14.0.jar", Some(("prebuilt files", false))),
            (".github/workflows/ci.yml", Some(("github-actions", false))),
            (".github/workflows/environment.yml", Some(("github-actions", false))),
            (".github/workflows/package.yaml", Some(("github-actions", false))),
            ("x.github/workflows/ci.yml", None),
            ("workflows/ci.yml", None),
            ("a/action.yaml", Some(("github-actions", false))),
            ("action.yml.in", None),
            (".gitmodules", Some(("git-submodule", false))),
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
            ("Cargo.toml", Some(("cargo", false))),
            ("Cargo.lock", Some(("cargo", true))),
            ("package.json6", None),
            ("src/main.rs", None),
            ("README.md", None),
            ("rust-toolchain.toml", None),
            ("", None),
        ] {
            assert_eq!(of(path).map(|hit| (hit.ecosystem.name(), hit.lockfile)), expected, "{path}");
        }
    }

    #[test]
    fn every_pattern_finds_its_own_ecosystem() {
        for ecosystem in ECOSYSTEMS {
            let lockfiles = ecosystem.lockfiles().iter().map(|one| (one, true));
            for (pattern, lockfile) in lockfiles.chain(ecosystem.manifests().iter().map(|one| (one, false))) {
                let hit = of(&pattern.replace('*', "x")).unwrap();
                assert_eq!((hit.ecosystem.name(), hit.lockfile), (ecosystem.name(), lockfile), "{pattern}");
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
