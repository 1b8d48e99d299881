use std::{collections::BTreeSet, path::Path, process::Command};

use crate::{Cause, Inventory, Locked, Options, Source, component::Origin, test_support};

fn of(files: &[(&str, &str)]) -> Inventory {
    test_support::of(files, &Options::default())
}

/// `NAME VERSION reach` of every component that is not a member, sorted.
fn listed(inventory: &Inventory) -> Vec<String> {
    let foreign = inventory.components.iter().filter(|component| !component.member);
    let mut all: Vec<String> =
        foreign.map(|one| format!("{} {} {}", one.name, one.version, one.reach.as_str())).collect();
    all.sort();
    all
}

const JSON: &str = r#"{"name": "acme/app", "version": "1.0.0", "license": ["MIT", "GPL-2.0-or-later"], "require": {"php": ">=8.1", "ext-json": "*", "a/a": "^1.0"}, "require-dev": {"t/t": "^3"}, "replace": {"p/polyfill": "*"}, "extra": {"ü/é": "😀\n\"", "list": {"0": 1, "1": true}, "none": {}, "other": {"1": null}}, "config": {"platform": {"php": "8.1.0"}}}"#;

/// What Composer 2.5.5 has for it: `Locker::getContentHash`.
const HASH: &str = "d2a3a204b85b4e58971c0dbae2272fc0";

/// An entry from the public registry.
fn entry(name: &str, version: &str, more: &str) -> String {
    let id = "0a".repeat(20);
    format!(
        r#"{{"name": "{name}", "version": "{version}", "source": {{"type": "git", "url": "https://github.com/{name}.git", "reference": "{id}"}}, "dist": {{"type": "zip", "url": "https://api.github.com/repos/{name}/zipball/{id}", "reference": "{id}", "shasum": ""}}, "type": "library", {more}"notification-url": "https://packagist.org/downloads/"}}"#
    )
}

/// A lockfile with these entries.
fn lock(hash: &str, packages: &[String], dev: &[String]) -> String {
    format!(
        r#"{{"content-hash": "{hash}", "packages": [{}], "packages-dev": [{}], "aliases": [], "plugin-api-version": "2.3.0"}}"#,
        packages.join(","),
        dev.join(",")
    )
}

fn small() -> String {
    lock(
        HASH,
        &[
            entry(
                "a/a",
                "v1.2.0",
                r#""license": ["MIT"], "require": {"php": "*", "b/virtual": "1", "p/polyfill": "1"}, "#,
            ),
            entry("B/b", "2.0.0", r#""provide": {"b/virtual": "1.0"}, "#),
            entry("c/unasked", "dev-main", ""),
        ],
        &[entry("t/t", "3.0.0", r#""require": {"a/a": "*"}, "#)],
    )
}

#[test]
fn a_lockfile_says_what_runs_and_what_is_for_tests() {
    let found = of(&[("composer.json", JSON), ("composer.lock", &small())]);
    // What leads to a package may be a plugin: all that is listed is installed.
    let expected = ["a/a v1.2.0 shipped", "b/b 2.0.0 shipped", "c/unasked dev-main unknown", "t/t 3.0.0 dev"];
    assert_eq!(listed(&found), expected, "{:?}", found.gaps);
    assert_eq!(found.workspaces[0].locked, Locked::Yes, "{:?} {:?}", found.workspaces[0].difference, found.gaps);
    let lockfile = &found.lockfiles[0];
    assert_eq!((lockfile.format.as_str(), lockfile.format_version.as_str()), ("composer.lock", "2.3.0"));
    assert_eq!((lockfile.registry_packages, lockfile.missing_checksum), (4, 4));
    let all = test_support::by_name(&found);
    assert_eq!((all["a/a"].purl.as_str(), all["a/a"].direct), ("pkg:composer/a/a@v1.2.0", true));
    assert_eq!((all["a/a"].source, all["a/a"].licence.as_deref()), (Source::Registry, Some("MIT")));
    assert_eq!(all["a/a"].depends_on, ["pkg:composer/b/b@2.0.0"]);
    assert_eq!((all["b/b"].direct, all["acme/app"].member), (false, true));
    assert_eq!(all["acme/app"].licence.as_deref(), Some("MIT OR GPL-2.0-or-later"));
    assert!(found.gaps.iter().all(|gap| gap.cause == Cause::NotCompared), "{:?}", found.gaps);
}

#[test]
fn a_lockfile_that_does_not_belong_to_its_manifest_is_seen() {
    let check = |from: &str, to: &str, locked: Locked| {
        let found = of(&[("composer.json", &JSON.replace(from, to)), ("composer.lock", &small())]);
        assert_eq!(found.workspaces[0].locked, locked, "{to} {:?}", found.workspaces[0].difference);
    };
    check("", "", Locked::Yes);
    // What decides nothing may change, and how it is written.
    check("\"license\"", "\"description\": \"x\", \"license\"", Locked::Yes);
    check("\"version\": \"1.0.0\", ", "\n  \"version\": \"1.0.0\",\n", Locked::Yes);
    check(
        "{\"platform\": {\"php\": \"8.1.0\"}}",
        "{\"sort-packages\": true, \"platform\": {\"php\": \"8.1.0\"}}",
        Locked::Yes,
    );
    for (from, to) in [
        ("^1.0", "^1.1"),
        ("^3", "^4"),
        ("8.1.0", "8.2.0"),
        ("acme", "acme2"),
        ("{\"0\": 1", "{\"2\": 1"),
        ("\"none\": {}", "\"none\": null"),
        ("é", "e"),
        ("{\"php\": \">=8.1\", \"ext-json\": \"*\"", "{\"ext-json\": \"*\", \"php\": \">=8.1\""),
        ("\"a/a\": \"^1.0\"", "\"a/a\": \"^1.0\", \"n/n\": \"1\""),
    ] {
        check(from, to, Locked::No);
    }
    check("{\"0\": 1", "{\"0\": 1.5", Locked::NotKnown);
    check("\"extra\": {", "\"extra\": {\"merge-plugin\": {}, ", Locked::No);
    // A digest alone is not believed.
    let without = lock(HASH, &[], &[]);
    let found = of(&[("composer.json", JSON), ("composer.lock", &without)]);
    assert!(found.workspaces[0].difference.as_deref().unwrap().contains("it does not hold a/a ^1.0"));
    let none = small().replace("\"content-hash\"", "\"nothing\"");
    let found = of(&[("composer.json", JSON), ("composer.lock", &none)]);
    assert_eq!(found.workspaces[0].locked, Locked::NotKnown);
    let whole = none.replace("\"nothing\"", "\"hash\"").replace(HASH, &super::content_hash::of_bytes(JSON.as_bytes()));
    assert_eq!(of(&[("composer.json", JSON), ("composer.lock", &whole)]).workspaces[0].locked, Locked::Yes);
    // Nothing is asked for but of the machine.
    let found =
        of(&[("composer.json", r#"{"require": {"php": ">=8", "ext-json": "*", "composer-runtime-api": "2"}}"#)]);
    assert!(
        found.ecosystems[0].packages == 0
            && found.gaps.iter().all(|gap| gap.cause == crate::Cause::NotCompared)
            && found.workspaces[0].dependencies == crate::Dependencies::None,
        "{:?}",
        found.gaps
    );
}

#[test]
fn where_a_package_comes_from_is_told() {
    let id = "0a".repeat(20);
    let json = r#"{"require": {"a/a": "1"}}"#;
    let check = |members: &str, expected: Result<(&Origin, &str), &str>| {
        let text = lock("", &[format!(r#"{{"name": "a/a", "version": "1.0.0", {members}}}"#)], &[]);
        let found = of(&[("composer.json", json), ("composer.lock", &text)]);
        match expected {
            Ok((origin, purl)) => {
                let a = test_support::by_name(&found)["a/a"];
                assert_eq!((&a.origin, a.purl.as_str()), (origin, purl), "{members}");
            }
            Err(reason) => {
                let gap = found.gaps.iter().find(|gap| gap.cause == Cause::LockfileEntry);
                assert!(gap.is_some_and(|gap| gap.reason.contains(reason)), "{members} {:?}", found.gaps);
            }
        }
    };
    let told = "\"notification-url\": \"https://packagist.org/downloads/\"";
    let dist = |url: &str| format!(r#""dist": {{"type": "zip", "url": "{url}", "shasum": ""}}"#);
    let git = |url: &str, id: &str| format!(r#""source": {{"type": "git", "url": "{url}", "reference": "{id}"}}"#);
    let public = Origin::Public("Packagist");
    let registry = |url: &str| Origin::Registry(url.to_owned());
    let own = "pkg:composer/a/a@1.0.0";
    let from = |host: &str| format!("{own}?repository_url=https:%2F%2F{host}");
    for members in [
        format!("{told}, {}", dist("https://api.github.com/x")),
        format!("{told}, {}, {}", dist("https://git.example/x"), git("git@git.example:a/a.git", &id)),
        // One that only asks for others.
        format!("{told}, \"type\": \"metapackage\""),
    ] {
        check(&members, Ok((&public, own)));
    }
    for (members, host) in [
        // The archive is not from where the registry has it.
        (format!("{told}, {}", dist("https://evil.example/x")), "evil.example"),
        (format!("{told}, {}, {}", dist("https://evil.example/x"), git("https://github.com/a/a", &id)), "evil.example"),
        (
            format!("\"notification-url\": \"https://u:w@satis.example/x\", {}", dist("https://api.github.com/x")),
            "satis.example",
        ),
        (
            format!("\"notification-url\": \"http://packagist.org/downloads/\", {}", dist("https://api.github.com/x")),
            "packagist.org",
        ),
        (dist("https://wpackagist.example/x"), "wpackagist.example"),
    ] {
        check(&members, Ok((&registry(&format!("https://{host}")), &from(host))));
    }
    let pinned = Origin::Git { url: "https://git.example/a".to_owned(), revision: Some(id.clone()) };
    let purl = format!("{own}?vcs_url=git%2Bhttps:%2F%2Fgit.example%2Fa%40{id}");
    check(&git("https://u:w@git.example/a", &id), Ok((&pinned, &purl)));
    check(
        r#""dist": {"type": "path", "url": "packages/a"}"#,
        Ok((&Origin::Folder, "pkg:composer/a/a@1.0.0?download_url=file:%2F%2F.%2Fpackages%2Fa")),
    );
    check(r#""dist": {"type": "path", "url": "../a"}"#, Err("not in the tree"));
    check(&git("https://git.example/a", "main"), Err("not pinned to a revision"));
    check("\"type\": \"library\"", Err("says nothing of where it comes from"));
    check(&dist("x"), Err("a source of an unknown kind"));
    check(
        &format!("{told}, {}", dist("https://api.github.com/x").replace("\"\"}", "\"x\"}")),
        Err("a digest that is none"),
    );
    let sum = dist("https://api.github.com/x").replace("\"\"}", &format!("\"{id}\"}}"));
    let text = lock("", &[format!(r#"{{"name": "a/a", "version": "1.0.0", {told}, {sum}}}"#)], &[]);
    let found = of(&[("composer.json", json), ("composer.lock", &text)]);
    assert_eq!((found.lockfiles[0].with_checksum, found.lockfiles[0].missing_checksum), (1, 0));
    assert_eq!(test_support::by_name(&found)["a/a"].hashes[0].to_string(), format!("sha1:{id}"));
}

#[test]
fn packages_of_the_tree_are_the_products_own() {
    let json = r#"{"name": "acme/app", "require": {"acme/lib": "*"}, "repositories": [{"type": "path", "url": "packages/*"}]}"#;
    let lib = r#"{"name": "acme/lib", "require": {"a/a": "^1"}, "require-dev": {"u/u": "1"}}"#;
    let path = r#"{"name": "acme/lib", "version": "dev-main", "dist": {"type": "path", "url": "packages/lib", "reference": "x"}, "require": {"a/a": "^1"}}"#;
    let value: serde_json::Value = serde_json::from_str(json).unwrap();
    let hash = super::content_hash::of(value.as_object().unwrap()).unwrap();
    let text = lock(&hash, &[path.to_owned(), entry("a/a", "1.2.0", "")], &[]);
    let files = [("composer.json", json), ("composer.lock", &text), ("packages/lib/composer.json", lib)];
    let found = of(&files);
    assert_eq!(listed(&found), ["a/a 1.2.0 shipped"], "{:?}", found.gaps);
    let workspace = &found.workspaces[0];
    assert_eq!((found.workspaces.len(), workspace.members, workspace.locked), (1, 2, Locked::Yes), "{:?}", found.gaps);
    let own = test_support::by_name(&found)["acme/lib"];
    assert_eq!((own.own, own.depends_on.as_slice()), (true, &["pkg:composer/a/a@1.2.0".to_owned()][..]));
    let more = lib.replace("\"a/a\"", "\"n/n\": \"1\", \"a/a\"");
    assert_eq!(of(&[files[0], files[1], (files[2].0, &more)]).workspaces[0].locked, Locked::No);
    // A folder that is not there.
    assert_ne!(of(&files[..2]).workspaces[0].locked, Locked::Yes);
    // What is installed into the tree is a copy.
    let found = of(&[("vendor/x/y/composer.json", r#"{"name": "x/y", "require": {"z/z": "1"}}"#)]);
    assert_eq!((listed(&found), found.workspaces.len()), (vec!["x/y  unknown".to_owned()], 0));
}

#[test]
fn an_entry_that_is_not_understood_is_named() {
    for (text, cause, told) in [
        (
            small().replace("\"a/a\", \"version\"", "\"a\", \"version\""),
            Cause::LockfileEntry,
            "the package a has no valid name",
        ),
        (small().replace("\"v1.2.0\"", "\"v 1\""), Cause::LockfileEntry, "the package a/a has no valid version"),
        (small().replace("\"v1.2.0\"", "7"), Cause::LockfileEntry, "no valid version"),
        (small().replace("{\"a/a\": \"*\"}", "[\"a/a\"]"), Cause::LockfileEntry, "require is no list"),
        (
            small().replace("\"b/virtual\": \"1\"", "\"n/n\": \"1\""),
            Cause::LockfileEntry,
            "asks for n/n, which it does not hold",
        ),
        (
            small().replace("\"packages-dev\": [", "\"packages-dev\": [7, "),
            Cause::LockfileEntry,
            "not as the format has it",
        ),
        (small().replace("\"packages\"", "\"package\""), Cause::Lockfile, "no list of packages"),
        (
            small().replace("2.3.0", "9.0.0"),
            Cause::FutureLockfile,
            "version 9.0.0; this version of plimsoll reads those of Composer 1 and 2",
        ),
        ("[]".to_owned(), Cause::Lockfile, "no JSON object"),
        (String::new(), Cause::Lockfile, "EOF"),
    ] {
        let found = of(&[("composer.json", JSON), ("composer.lock", &text)]);
        let named = found.gaps.iter().any(|gap| gap.cause == cause && gap.reason.contains(told));
        assert!(named, "{told}: {:?}", found.gaps);
        assert_ne!(found.workspaces[0].locked, Locked::Yes, "{told}");
    }
    for (text, told) in [
        ("[]", "no JSON object"),
        (r#"{"require": 1}"#, "require is no list"),
        (r#"{"require": {"a/a": 1}}"#, "no version for a name"),
    ] {
        let found = of(&[("composer.json", text)]);
        assert!(
            found.gaps.iter().any(|gap| gap.cause == Cause::Manifest && gap.reason.contains(told)),
            "{:?}",
            found.gaps
        );
    }
}

/// What Composer finds in the lockfile of a folder, and whether it takes that for written for the manifest.
fn by_composer(folder: &Path) -> Option<(BTreeSet<String>, bool)> {
    let run = |words: &[&str]| {
        let mut command = Command::new("composer");
        command.args(words).args(["--no-plugins", "--no-interaction", "--working-dir"]).arg(folder);
        command
            .env("COMPOSER_ALLOW_SUPERUSER", "1")
            .env("COMPOSER_DISABLE_NETWORK", "1")
            .env("COMPOSER_HOME", folder.join(".composer-home"));
        command.output()
    };
    let shown = run(&["show", "--locked", "--format=json"]).ok()?;
    let value: serde_json::Value = serde_json::from_slice(&shown.stdout).unwrap_or_default();
    if !shown.status.success() {
        eprintln!("{}: Composer refuses it: {}", folder.display(), String::from_utf8_lossy(&shown.stderr));
    }
    let all = value["locked"].as_array().cloned().unwrap_or_default();
    let text = |one: &serde_json::Value, name: &str| one[name].as_str().unwrap_or_default().to_owned();
    let all = all.iter().map(|one| {
        // Behind the version of a branch the revision is shown.
        let version = text(one, "version");
        format!("{} {}", text(one, "name").to_lowercase(), version.split(' ').next().unwrap_or_default())
    });
    let checked = run(&["validate", "--no-check-all", "--no-check-publish"]).ok()?;
    let told = format!("{}{}", String::from_utf8_lossy(&checked.stdout), String::from_utf8_lossy(&checked.stderr));
    Some((all.collect(), !told.contains("not up to date")))
}

/// Made ones, and those of a folder of real projects where `PLIMSOLL_TREES` names one.
///
/// Of 16 files with 2,016 packages in twelve projects none differed, nor whether they were written for their manifests
/// (Composer 2.5.5 with the extension zip of PHP, which one of the manifests needs to be read).
#[test]
fn composer_itself_finds_the_same_packages() {
    let folder = tempfile::tempdir().unwrap();
    let made = [(JSON.to_owned(), small()), (JSON.replace("^1.0", "^1.1"), small())];
    for (number, (json, lock)) in made.iter().enumerate() {
        let own = folder.path().join(number.to_string());
        std::fs::create_dir(&own).unwrap();
        std::fs::write(own.join("composer.json"), json).unwrap();
        std::fs::write(own.join("composer.lock"), lock).unwrap();
    }
    let given = std::env::var_os("PLIMSOLL_TREES");
    let (mut files, mut packages) = (0, 0);
    for root in [Some(folder.path().to_owned()), given.map(Into::into)].into_iter().flatten() {
        for project in std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()) {
            let (read, options) = test_support::load(&project, test_support::lockfile_only());
            let found = crate::inventory(&read, &crate::Survey::default(), &options);
            for lockfile in found.lockfiles.iter().filter(|one| one.format == "composer.lock") {
                let own = project.join(&lockfile.path);
                let Some((theirs, fresh)) = by_composer(own.parent().unwrap()) else {
                    eprintln!("not checked: composer is missing");
                    return;
                };
                let components = found.components.iter().filter(|one| one.lockfile.as_ref() == Some(&lockfile.path));
                let ours: BTreeSet<String> = components
                    .filter(|one| !one.member || theirs.contains(&format!("{} {}", one.name, one.version)))
                    .map(|one| format!("{} {}", one.name, one.version))
                    .collect();
                let missing: Vec<_> = theirs.difference(&ours).collect();
                let extra: Vec<_> = ours.difference(&theirs).collect();
                let workspace =
                    found.workspaces.iter().find(|one| one.lockfile.as_ref() == Some(&lockfile.path)).unwrap();
                let differs = !missing.is_empty() || !extra.is_empty() || fresh != (workspace.locked == Locked::Yes);
                if differs {
                    eprintln!(
                        "{} {}: only theirs {missing:?}, only ours {extra:?}, fresh by theirs {fresh}, by ours {:?} {:?}",
                        project.display(),
                        lockfile.path,
                        workspace.locked,
                        workspace.difference
                    );
                }
                assert!(!differs || !project.starts_with(folder.path()));
                (files, packages) = (files + 1, packages + theirs.len());
            }
            if !project.starts_with(folder.path()) {
                for gap in found.gaps.iter().filter(|gap| gap.cause != Cause::NotCompared) {
                    eprintln!("{}: {:?} {}", project.display(), gap.cause, gap.reason);
                }
            }
        }
    }
    eprintln!("{files} files with {packages} packages compared with Composer");
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}", json in "([{}\\[\\],:]|\"(name|version|require|dist|type|url|a/a|path|packages)\"|1){0,40}") {
        let inner = text.replace(['"', '\\'], "");
        for text in [&text, &json] {
            let _ = of(&[("composer.json", text), ("composer.lock", text)]);
            let _ = of(&[("composer.json", &format!("{{\"require\":{text}}}")), ("composer.lock", &format!("{{\"packages\":[{text}]}}"))]);
        }
        let entry = format!("{{\"packages\":[{{\"name\":\"a/a\",\"version\":\"{inner}\",\"dist\":{{\"url\":\"{inner}\",\"type\":\"path\"}}}}]}}");
        let _ = of(&[("composer.json", JSON), ("composer.lock", &entry)]);
    }
}
