//! The names and versions that the manifests of the repository have, to hold a claim against.

use plimsoll_model::Pointer;
use plimsoll_snapshot::{Entry, Snapshot};

use crate::{PathClass, PathClasses};

/// Bytes of a manifest.
const LARGEST: u64 = 1024 * 1024;
/// Manifests that are read.
const MOST: usize = 500;

/// One manifest.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) name: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) pointer: Pointer,
    repository: Option<String>,
    at_root: bool,
}

/// All manifests that ship, those of the root first.
#[derive(Debug, Default)]
pub(crate) struct Manifests(Vec<Named>);

/// Name and version that the text of a manifest gives.
type Reader = fn(&str) -> Option<(Option<String>, Option<String>)>;

/// Manifests that name a package, by the name of their file, and how each is read.
pub(crate) const READERS: &[(&str, Reader)] =
    &[("Cargo.toml", cargo), ("pyproject.toml", pyproject), ("package.json", package), ("composer.json", package)];

impl Manifests {
    /// Reads them.
    pub(crate) fn read(snapshot: &Snapshot, classes: &PathClasses) -> Self {
        let root = READERS.iter().filter_map(|(name, reader)| Some((snapshot.entry(name)?, *reader, true)));
        let of_name = |entry: &Entry| READERS.iter().find(|(name, _)| *name == entry.name()).map(|(_, reader)| *reader);
        let below = snapshot.entries().iter().filter(|entry| {
            entry.is_file() && !entry.folder().is_empty() && classes.of(&entry.path) == PathClass::Shipped
        });
        let below = below.filter_map(|entry| Some((entry, of_name(entry)?, false)));
        let named = root.chain(below).take(MOST).filter_map(|(entry, reader, at_root)| {
            let text = snapshot.read_text(entry, LARGEST).ok()?;
            let (name, version) = reader(&text)?;
            let repository = repository(entry.name(), &text);
            Some(Named { name, version, pointer: entry.pointer(), repository, at_root })
        });
        Self(named.collect())
    }

    /// Every name that a manifest gives.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|one| one.name.as_deref())
    }

    /// The addresses of repositories that the manifests of the root give.
    pub(crate) fn repositories(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|one| one.at_root).filter_map(|one| one.repository.as_deref())
    }

    /// The names and versions that the manifests of the root give.
    pub(crate) fn of_root(&self) -> impl Iterator<Item = (Option<&str>, Option<&str>)> {
        self.0.iter().filter(|one| one.at_root).map(|one| (one.name.as_deref(), one.version.as_deref()))
    }

    /// What names the product where nobody claims a name: the first manifest at the root that has one.
    pub(crate) fn product(&self) -> Option<&Named> {
        self.0.iter().find(|one| one.at_root && one.name.is_some())
    }

    /// The manifest that a claim of `name` and `version` is held against: that of the package of this name; else those of
    /// the root; else, where the root says nothing, those of all packages. Of several, one that agrees.
    pub(crate) fn for_claim(&self, name: &str, version: Option<&str>) -> Option<&Named> {
        let versioned = || self.0.iter().filter(|one| one.version.is_some());
        let agreeing = |mut all: Vec<&'_ Named>| {
            let at = all.iter().position(|one| one.version.as_deref() == version).unwrap_or(0);
            (!all.is_empty()).then(|| all.swap_remove(at).pointer.clone())
        };
        let same = versioned().filter(|one| one.name.as_deref() == Some(name)).collect::<Vec<_>>();
        let root = versioned().filter(|one| one.at_root).collect::<Vec<_>>();
        let pointer = agreeing(same).or_else(|| agreeing(root)).or_else(|| agreeing(versioned().collect()));
        let found = pointer.and_then(|pointer| self.0.iter().find(|one| one.pointer == pointer));
        found.or_else(|| self.0.first())
    }

    /// Is a claimed name the name of something here? `yes`, `no`, or `not-known` where no manifest has a name, or the claim is
    /// a title of several words, which no package has.
    pub(crate) fn agrees(&self, claimed: &str) -> &'static str {
        let names: Vec<&str> = self.0.iter().filter_map(|one| one.name.as_deref()).collect();
        let related = |name: &&str| {
            let (ours, theirs) = (words(claimed), words(name));
            ours.concat() == theirs.concat()
                || ours.iter().any(|one| {
                    theirs.iter().any(|other| {
                        one == other
                            || one.len() >= 4
                                && other.len() >= 4
                                && (one.starts_with(other.as_str()) || other.starts_with(one.as_str()))
                    })
                })
        };
        let is_package = !claimed.is_empty()
            && claimed
                .chars()
                .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-_./@".contains(letter));
        if names.iter().any(related) {
            "yes"
        } else if mixes_scripts(claimed)
            || names.iter().any(|name| words(&in_latin(claimed)).concat() == words(name).concat())
        {
            // It only looks like one.
            "no"
        } else if names.is_empty() || !is_package {
            "not-known"
        } else {
            "no"
        }
    }
}

/// Letters of Cyrillic and Greek that look like those of Latin.
///
/// Source: Unicode TR 39, confusables, those of whole scripts.
const LOOKALIKES: &[(&str, &str)] = &[
    ("авсԁеёгһіјкӏмпоԛрѕтуѵԝхуԍьѡ", "abcdeerhijklmnoqpstyvwxygbw"),
    ("АВСЕНІЈКМОРЅТХУԌԜԚ", "ABCEHIJKMOPSTXYGWQ"),
    ("αβεηικμνορτυχωγ", "abenikuvoptuxwy"),
    ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"),
];

/// The name with letters that look like those of Latin put into these.
fn in_latin(name: &str) -> String {
    let latin = |letter: char| {
        LOOKALIKES.iter().find_map(|(theirs, ours)| ours.chars().nth(theirs.chars().position(|one| one == letter)?))
    };
    name.chars().map(|letter| latin(letter).unwrap_or(letter)).collect()
}

/// Has one word of the name letters of Latin and of a script that looks like it?
fn mixes_scripts(name: &str) -> bool {
    let others = |letter: char| matches!(letter, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}');
    words(name).iter().any(|word| word.contains(others) && word.contains(|letter: char| letter.is_ascii_alphabetic()))
}

/// The words of a name, in lower case.
fn words(name: &str) -> Vec<String> {
    let split = name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    split.map(str::to_lowercase).collect()
}

fn text(value: Option<&toml::Value>) -> Option<String> {
    value.and_then(toml::Value::as_str).map(ToOwned::to_owned)
}

/// A workspace without a package at its root has no name, and may have a version that its members inherit.
fn cargo(manifest: &str) -> Option<(Option<String>, Option<String>)> {
    let table: toml::Table = manifest.parse().ok()?;
    let inherited = || text(table.get("workspace")?.get("package")?.get("version"));
    let Some(package) = table.get("package") else { return inherited().map(|version| (None, Some(version))) };
    Some((text(package.get("name")), text(package.get("version")).or_else(inherited)))
}

fn pyproject(manifest: &str) -> Option<(Option<String>, Option<String>)> {
    let table: toml::Table = manifest.parse().ok()?;
    let project = table.get("project").or_else(|| table.get("tool")?.get("poetry"))?;
    Some((text(project.get("name")), text(project.get("version"))))
}

fn package(manifest: &str) -> Option<(Option<String>, Option<String>)> {
    let value: serde_json::Value = serde_json::from_str(manifest).ok()?;
    let text = |key: &str| value.get(key).and_then(serde_json::Value::as_str).map(ToOwned::to_owned);
    Some((text("name"), text("version")))
}

/// The address of the repository that the text of a manifest gives, by the name of its file.
fn repository(file: &str, manifest: &str) -> Option<String> {
    let table = || manifest.parse::<toml::Table>().ok();
    match file {
        "Cargo.toml" => {
            let table = table()?;
            let inherited = || text(table.get("workspace")?.get("package")?.get("repository"));
            table.get("package").and_then(|package| text(package.get("repository"))).or_else(inherited)
        }
        "pyproject.toml" => {
            let table = table()?;
            let urls = table.get("project").and_then(|project| project.get("urls"));
            let named = ["repository", "Repository", "source", "Source", "Source Code"].into_iter();
            let named = || named.clone().find_map(|name| text(urls?.get(name)));
            named().or_else(|| text(table.get("tool")?.get("poetry")?.get("repository")))
        }
        "package.json" => {
            let value: serde_json::Value = serde_json::from_str(manifest).ok()?;
            let repository = value.get("repository")?;
            let address = repository.as_str().or_else(|| repository.get("url")?.as_str())?;
            // Short for a repository of a forge: `owner/name` is of GitHub.
            let short = [("github:", "github.com"), ("gitlab:", "gitlab.com"), ("bitbucket:", "bitbucket.org")];
            let of_forge = short.into_iter().find_map(|(start, host)| Some((host, address.strip_prefix(start)?)));
            match of_forge {
                Some((host, path)) => Some(format!("{host}/{path}")),
                None if address.matches('/').count() == 1 && !address.contains([':', '.']) => {
                    Some(format!("github.com/{address}"))
                }
                None => Some(address.to_owned()),
            }
        }
        _ => None,
    }
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_anything(text: &str) {
    let _ = (cargo(text), pyproject(text), package(text));
    for (file, _) in READERS {
        let _ = repository(file, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifests(all: &[(&str, &str)]) -> Manifests {
        let readers =
            |path: &str| READERS.iter().find(|(name, _)| path.ends_with(name)).map(|(_, reader)| *reader).unwrap();
        let named = all.iter().filter_map(|(path, text)| {
            let (name, version) = readers(path)(text)?;
            let at_root = !path.contains('/');
            let one = Named { name, version, pointer: Pointer::default(), repository: None, at_root };
            Some((path, one))
        });
        Manifests(
            named
                .map(|(path, one)| Named {
                    pointer: Pointer { path: Some((*path).to_owned()), ..Pointer::default() },
                    ..one
                })
                .collect(),
        )
    }

    #[test]
    fn a_manifest_names_its_repository() {
        for (file, text, expected) in [
            ("Cargo.toml", "[package]\nrepository = \"https://a.example/b\"", Some("https://a.example/b")),
            ("Cargo.toml", "[workspace.package]\nrepository = \"https://a.example/b\"", Some("https://a.example/b")),
            ("Cargo.toml", "[package]\nname = \"a\"", None),
            ("pyproject.toml", "[project.urls]\nSource = \"https://a.example/b\"", Some("https://a.example/b")),
            ("pyproject.toml", "[tool.poetry]\nrepository = \"https://a.example/b\"", Some("https://a.example/b")),
            ("package.json", r#"{"repository": "acme/app"}"#, Some("github.com/acme/app")),
            ("package.json", r#"{"repository": "gitlab:acme/app"}"#, Some("gitlab.com/acme/app")),
            (
                "package.json",
                r#"{"repository": {"url": "git+https://a.example/b.git"}}"#,
                Some("git+https://a.example/b.git"),
            ),
            ("package.json", r#"{"repository": 3}"#, None),
            ("go.mod", "module github.com/acme/app", None),
        ] {
            assert_eq!(repository(file, text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_name_that_only_looks_like_one_does_not_agree() {
        let found = manifests(&[("Cargo.toml", "[package]\nname = \"acme\"\nversion = \"1.0.0\"\n")]);
        for (name, expected) in [
            ("acme", "yes"),
            ("Acme", "yes"),
            ("Acme Core", "yes"),
            ("Widget", "not-known"),
            ("Виджет", "not-known"),
            ("αλφα", "not-known"),
            ("widget", "no"),
            ("\u{430}cme", "no"),
            ("\u{410}\u{441}m\u{435}", "no"),
            ("\u{430}\u{441}\u{43c}\u{435}", "no"),
            ("\u{391}cme", "no"),
            ("Wid\u{433}et", "no"),
        ] {
            assert_eq!(found.agrees(name), expected, "{name}");
        }
    }

    #[test]
    fn a_claim_is_held_against_all_manifests() {
        let package = |name: &str, version: &str| format!("[package]\nname = \"{name}\"\nversion = \"{version}\"\n");
        let (acme, core) = (package("acme", "1.0.0"), package("acme-core", "3.0.0"));
        let check = |all: &[(&str, &str)], name: &str, version: &str, expected: Option<&str>| {
            let found = manifests(all);
            let found = found.for_claim(name, Some(version)).and_then(|one| one.version.as_deref());
            assert_eq!(found, expected, "{all:?} {name} {version}");
        };
        check(&[("Cargo.toml", &acme)], "Acme", "9.9.9", Some("1.0.0"));
        check(
            &[("Cargo.toml", "[workspace.package]\nversion = \"1.0.0\"\n"), ("core/Cargo.toml", &core)],
            "Acme",
            "9.9.9",
            Some("1.0.0"),
        );
        check(&[("Cargo.toml", "[workspace]\n"), ("core/Cargo.toml", &core)], "Acme", "9.9.9", Some("3.0.0"));
        check(
            &[("Cargo.toml", "[workspace]\n"), ("core/Cargo.toml", &core), ("app/Cargo.toml", &acme)],
            "Acme",
            "1.0.0",
            Some("1.0.0"),
        );
        check(&[("Cargo.toml", &acme), ("core/Cargo.toml", &core)], "acme-core", "1.0.0", Some("3.0.0"));
        check(&[("Cargo.toml", &acme), ("core/Cargo.toml", &core)], "Acme", "3.0.0", Some("1.0.0"));
        check(
            &[("Cargo.toml", &acme), ("package.json", "{\"name\": \"x\", \"version\": \"2.0.0\"}")],
            "Acme",
            "2.0.0",
            Some("2.0.0"),
        );
        check(&[], "Acme", "1.0.0", None);
    }

    #[test]
    fn a_name_of_another_package_does_not_agree() {
        for (manifest, claimed, expected) in [
            ("acme", "acme", "yes"),
            ("acme", "Acme", "yes"),
            ("acme-cli", "Acme Tools", "yes"),
            ("mullvad-daemon", "mullvadvpn-app", "yes"),
            ("example-notes", "Example Notes", "yes"),
            ("@acme/web", "acme", "yes"),
            ("acme", "openssl", "no"),
            ("acme", "left-pad", "no"),
            ("acme", "A Product With A Title", "not-known"),
        ] {
            let found = manifests(&[("package.json", &format!("{{\"name\": \"{manifest}\"}}"))]);
            assert_eq!(found.agrees(claimed), expected, "{manifest} {claimed}");
        }
        assert_eq!(manifests(&[]).agrees("openssl"), "not-known");
    }
}
