//! What of the packages of an ecosystem advisories do not speak of.

use std::collections::BTreeSet;

use super::Ecosystem;
use crate::{
    component::{Component, Source},
    path_class,
};

/// Gives why not all packages are checked, where one ships, or is part of a copy that may, that advisories do not speak of.
///
/// Advisories know the releases in the public registry by their versions. A commit of a git repository, a package of another
/// registry and a changed copy may have what their version has, or not: nobody knows by the version. Nor does anybody of a
/// package of which no version is known. Of a copy with its manifest that is said where no package of its name and version from
/// the public registry is listed besides: what is said of that one is said of both.
pub(crate) fn uncompared(ecosystem: &dyn Ecosystem, components: &[Component]) -> Option<String> {
    const SHOWN: usize = 3;
    let registry = ecosystem.public_registry();
    let carried = || components.iter().filter(|component| component.is_carried() && !component.own);
    let published: BTreeSet<(&str, &str)> = carried()
        .filter(|component| ecosystem.is_published(component) && !component.version.is_empty())
        .map(|component| (component.name.as_str(), component.version.as_str()))
        .collect();
    let names: BTreeSet<&str> = published.iter().map(|(name, _)| *name).collect();
    let is_listed = |one: &Component| {
        let of_any = one.version.is_empty() && names.contains(one.name.as_str());
        let of_this = published.contains(&(one.name.as_str(), one.version.as_str()));
        let is_copy = one.class == path_class::VENDORED && matches!(one.source, Source::Path | Source::Workspace);
        is_copy && !ecosystem.is_published(one) && (of_any || of_this)
    };
    let elsewhere = carried().filter(|component| !is_listed(component)).filter_map(|component| {
        let from = match component.source {
            _ if ecosystem.is_published(component) => {
                return component.version.is_empty().then(|| component.name.clone() + " (of no known version)");
            }
            Source::Git => "git",
            Source::Registry => "another registry",
            Source::Path | Source::Workspace => "a folder that is not the repository's own",
        };
        let space = if component.version.is_empty() { "" } else { " " };
        Some(format!("{}{space}{} (from {from})", component.name, component.version))
    });
    let uncompared: BTreeSet<String> = elsewhere.collect();
    if uncompared.is_empty() {
        return None;
    }
    let shown: Vec<String> = uncompared.iter().take(SHOWN).map(|text| plimsoll_model::excerpt(text, 120)).collect();
    let more = uncompared.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Some(match registry {
        Some(registry) => format!("advisories speak of {registry} alone, and not of {}{more}", shown.join(", ")),
        None => format!(
            "no database of advisories speaks of {}, and so not of {}{more}",
            ecosystem.name(),
            shown.join(", ")
        ),
    })
}

#[cfg(test)]
mod tests {
    use crate::{Cause, Inventory, SourceFile, Survey, test_support};
    use plimsoll_model::body::Reach;

    /// The inventory of files, of which those with a `/` in their path are of this class.
    fn of(files: &[(&str, &str)], class: &str) -> Inventory {
        let file = |(path, text): &(&str, &str)| {
            let file = test_support::file(path, *text);
            if path.contains('/') { SourceFile { class: class.to_owned(), ..file } } else { file }
        };
        let files: Vec<SourceFile> = files.iter().map(file).collect();
        crate::inventory(&files, &Survey::default(), &test_support::lockfile_only())
    }

    const CRATE: &str = "[package]\nname = \"pad\"\nversion = \"1.0.0\"\n";
    const PACKAGE: &str = r#"{"name":"pad","version":"1.0.0"}"#;
    const COMPOSER: &str = r#"{"name":"x/pad","version":"1.0.0"}"#;
    const PYTHON: &str = "[project]\nname = \"pad\"\nversion = \"1.0.0\"\n";

    #[test]
    fn a_copy_with_its_manifest_is_not_compared_wherever_it_may_ship() {
        for (path, text) in [
            ("vendor/pad/Cargo.toml", CRATE),
            ("vendor/pad/package.json", PACKAGE),
            ("third_party/pad/package.json", PACKAGE),
            ("node_modules/pad/package.json", PACKAGE),
            ("third_party/pad/composer.json", COMPOSER),
            ("third_party/pad/pyproject.toml", PYTHON),
            ("third_party/pad/go.mod", "module a.dev/pad\n"),
        ] {
            for (class, is_told, reach) in [
                ("vendored", true, Reach::Unknown),
                ("test", false, Reach::Dev),
                ("example", false, Reach::Dev),
                ("tool", false, Reach::Dev),
            ] {
                let found = of(&[(path, text)], class);
                let one = found.components.iter().find(|one| one.name.ends_with("pad")).unwrap();
                assert_eq!((one.reach, one.class.as_str()), (reach, class), "{path}");
                let told =
                    found.gaps.iter().any(|gap| gap.reason.contains("a folder that is not the repository's own"));
                assert_eq!(told, is_told, "{path} {class}: {:?}", found.gaps);
                assert!(!(is_told && one.own), "{path}");
            }
        }
        let own = of(&[("crates/pad/Cargo.toml", CRATE)], "shipped");
        assert!(own.gaps.is_empty() && own.components[0].own && own.components[0].ships(), "{own:?}");
    }

    #[test]
    fn a_copy_of_what_is_locked_is_compared_with_it() {
        let root = "[package]\nname = \"app\"\nversion = \"1.0.0\"\n[dependencies]\npad = \"1\"\n";
        let lock = |version: &str, source: &str| {
            format!(
                "version = 4\n[[package]]\nname = \"app\"\nversion = \"1.0.0\"\ndependencies = [\"pad\"]\n[[package]]\nname = \"pad\"\nversion = \"{version}\"\nsource = \"{source}\"\n"
            )
        };
        let public = "registry+https://github.com/rust-lang/crates.io-index";
        for (version, source, is_told) in
            [("1.0.0", public, false), ("1.0.1", public, true), ("1.0.0", "registry+https://reg.example/index", true)]
        {
            let lock = lock(version, source);
            let files = [("Cargo.toml", root), ("Cargo.lock", &lock), ("vendor/pad/Cargo.toml", CRATE)];
            let found = of(&files, "vendored");
            let told = found.gaps.iter().any(|gap| gap.cause == Cause::NotCompared);
            assert_eq!(told, is_told, "{version} {source}: {:?}", found.gaps);
        }
    }

    #[test]
    fn a_copy_may_ship_and_what_its_own_lockfile_holds_is_not_what_is_built_in() {
        let root = "[package]\nname = \"pad\"\nversion = \"1.0.0\"\n[dependencies]\na = \"1\"\n[dev-dependencies]\nb = \"1\"\n";
        let one = |name: &str| {
            format!(
                "[[package]]\nname = \"{name}\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n"
            )
        };
        let lock = format!(
            "version = 4\n{}{}[[package]]\nname = \"pad\"\nversion = \"1.0.0\"\ndependencies = [\"a\", \"b\"]\n",
            one("a"),
            one("b")
        );
        let found = of(&[("vendor/pad/Cargo.toml", root), ("vendor/pad/Cargo.lock", &lock)], "vendored");
        let all = test_support::by_name(&found);
        let carried = ["pad", "a", "b"].map(|name| all[name].is_carried());
        assert_eq!(carried, [true, false, false], "{:?}", found.components);
    }
}
