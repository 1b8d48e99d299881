//! What software is called where nobody claims a name: what its build files say, else the title of its README.
//!
//! The name of a remote or of the folder is not used: another clone of the same commit has another one, and a label has to come
//! out the same from each.

use plimsoll_model::Pointer;
use plimsoll_snapshot::{Entry, Snapshot};

use crate::manifest::Manifests;

/// Bytes of a file that is read for a name.
const LARGEST: u64 = 1024 * 1024;
/// Characters of a name; a longer title is none.
const LONGEST: usize = 60;
/// Lines of a README in which its title is looked for.
const MOST_LINES: usize = 60;

/// A name and a version, and the file that gives them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) name: String,
    pub(crate) version: Option<String>,
    pub(crate) pointer: Pointer,
}

/// Name and version that the text of a build file gives.
type Reader = fn(&str) -> Option<(String, Option<String>)>;

/// Build files of the root that name what they build, in the order in which they are asked.
const READERS: &[(&str, Reader)] = &[
    ("CMakeLists.txt", cmake),
    ("meson.build", meson),
    ("go.mod", go),
    ("pubspec.yaml", pubspec),
    ("settings.gradle.kts", gradle),
    ("settings.gradle", gradle),
    ("Package.swift", swift),
    ("mix.exs", mix),
    ("setup.cfg", setup),
];

/// READMEs, in the order in which they are asked.
const READMES: &[&str] = &[
    "README.md",
    "Readme.md",
    "readme.md",
    "README.rst",
    "README.markdown",
    "README.adoc",
    "README.org",
    "README",
    "README.txt",
];

/// Gives the name of the product of a commit in which nobody claims one.
pub(crate) fn of(snapshot: &Snapshot, manifests: &Manifests) -> Option<Found> {
    let of_root = manifests.product().and_then(|one| {
        Some(Found { name: one.name.clone()?, version: one.version.clone(), pointer: one.pointer.clone() })
    });
    of_root
        .or_else(|| default_member(snapshot))
        .or_else(|| READERS.iter().find_map(|(file, reader)| read(snapshot, file, |text| reader(text))))
        .or_else(|| READMES.iter().find_map(|file| read(snapshot, file, |text| Some((title(text)?, None)))))
}

fn read(snapshot: &Snapshot, file: &str, reader: impl Fn(&str) -> Option<(String, Option<String>)>) -> Option<Found> {
    let entry = snapshot.entry(file).filter(|entry| Entry::is_file(entry))?;
    let text = snapshot.read_text(entry, LARGEST).ok()?;
    let (name, version) = reader(&text)?;
    let name = name.trim();
    let is_name = name.chars().any(char::is_alphanumeric) && name.chars().count() <= LONGEST;
    is_name.then(|| Found { name: name.to_owned(), version, pointer: entry.pointer() })
}

/// The one member that a Cargo workspace builds where nothing else is asked for.
fn default_member(snapshot: &Snapshot) -> Option<Found> {
    let text = snapshot.read_text(snapshot.entry("Cargo.toml")?, LARGEST).ok()?;
    let table: toml::Table = text.parse().ok()?;
    let members = table.get("workspace")?.get("default-members")?.as_array()?;
    let [member] = members.as_slice() else { return None };
    let file = format!("{}/Cargo.toml", member.as_str()?.trim_end_matches('/'));
    read(snapshot, &file, |text| {
        let table: toml::Table = text.parse().ok()?;
        let package = table.get("package")?;
        let version = package.get("version").and_then(toml::Value::as_str).map(ToOwned::to_owned);
        Some((package.get("name")?.as_str()?.to_owned(), version))
    })
}

/// `project(NAME VERSION 1.2.3 ...)`, in any case and over several lines; a name that is computed is none.
///
/// Source: cmake-language(7), command invocations; CMake's documentation of `project`.
fn cmake(text: &str) -> Option<(String, Option<String>)> {
    let code: String =
        text.lines().map(|line| line.split('#').next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let lower = code.to_ascii_lowercase();
    let at = lower.match_indices("project").find_map(|(at, word)| {
        let before = lower.get(..at)?.chars().next_back();
        let after = lower.get(at + word.len()..)?.trim_start();
        let is_call = after.starts_with('(') && before.is_none_or(|one| one.is_whitespace() || one == ')');
        is_call.then(|| lower.len() - after.len() + 1)
    })?;
    let arguments = code.get(at..)?.split(')').next()?;
    let mut words = arguments.split_whitespace().map(|word| word.trim_matches('"'));
    let name = words.next().filter(|name| !name.contains('$'))?;
    let version = words.by_ref().skip_while(|word| !word.eq_ignore_ascii_case("VERSION")).nth(1);
    let version = version.filter(|version| version.starts_with(|one: char| one.is_ascii_digit()));
    Some((name.to_owned(), version.map(ToOwned::to_owned)))
}

/// `project('name', 'c', version : '1.2.3')`.
fn meson(text: &str) -> Option<(String, Option<String>)> {
    let call = text.split_once("project(")?.1.split(')').next()?;
    let name = call.trim_start().strip_prefix('\'')?.split('\'').next()?;
    let version = call.split_once("version").and_then(|(_, rest)| {
        let rest = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('\'')?;
        rest.split('\'').next().map(ToOwned::to_owned)
    });
    Some((name.to_owned(), version))
}

/// The last part of the module's path that is no major version.
///
/// Source: Go modules reference, "Module paths" and "Major version suffixes".
fn go(text: &str) -> Option<(String, Option<String>)> {
    let path = text.lines().find_map(|line| line.strip_prefix("module "))?.split("//").next()?.trim().trim_matches('"');
    let is_major = |part: &&str| {
        part.strip_prefix('v').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|one| one.is_ascii_digit()))
    };
    Some((path.rsplit('/').find(|part| !is_major(part))?.to_owned(), None))
}

/// `name:` and `version:` at the margin.
fn pubspec(text: &str) -> Option<(String, Option<String>)> {
    let value = |key: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
        let value = line.split(" #").next()?.trim().trim_matches(['"', '\'']);
        (!value.is_empty()).then(|| value.to_owned())
    };
    // What follows a plus is the number of a build.
    let version = value("version").and_then(|version| version.split('+').next().map(ToOwned::to_owned));
    Some((value("name")?, version))
}

/// `rootProject.name = "name"`.
fn gradle(text: &str) -> Option<(String, Option<String>)> {
    let line = text.lines().find_map(|line| line.trim().strip_prefix("rootProject.name"))?;
    Some((quoted(line.trim_start().strip_prefix('=')?)?, None))
}

/// `Package(name: "name", ...)`.
fn swift(text: &str) -> Option<(String, Option<String>)> {
    let call = text.split_once("Package(")?.1.trim_start().strip_prefix("name:")?;
    Some((quoted(call)?, None))
}

/// `app: :name` and `version: "1.2.3"` of the project.
fn mix(text: &str) -> Option<(String, Option<String>)> {
    let name = text.split_once("app: :")?.1;
    let name: String = name.chars().take_while(|one| one.is_ascii_alphanumeric() || *one == '_').collect();
    Some((name, text.split_once("version: ").and_then(|(_, rest)| quoted(rest))))
}

/// `name` and `version` of `[metadata]`.
fn setup(text: &str) -> Option<(String, Option<String>)> {
    let metadata = text.split_once("[metadata]")?.1;
    let lines = || metadata.lines().take_while(|line| !line.starts_with('['));
    let value = |key: &str| {
        let value = lines().find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix('='))?.trim();
        (!value.is_empty() && !value.contains(':')).then(|| value.to_owned())
    };
    Some((value("name")?, value("version")))
}

/// What stands between the quotes with which `text` begins.
fn quoted(text: &str) -> Option<String> {
    let text = text.trim_start();
    let quote = text.chars().next().filter(|one| matches!(one, '"' | '\''))?;
    let inner = text.get(1..)?.split(quote).next()?;
    (!inner.is_empty() && !inner.contains(['$', '#', '\n'])).then(|| inner.to_owned())
}

/// The title of a README: its first heading of the first level, without pictures, links and the line that sells it.
fn title(text: &str) -> Option<String> {
    let lines: Vec<&str> = text.lines().take(MOST_LINES).collect();
    lines.iter().enumerate().find_map(|(at, line)| {
        let below = lines.get(at + 1).copied().unwrap_or_default().trim_end();
        let is_rule = |sign: char| below.len() >= 3 && below.chars().all(|one| one == sign);
        let heading = if let Some(rest) = line.strip_prefix("# ").or_else(|| line.strip_prefix("= ")) {
            rest
        } else if line.starts_with("* ") && text.starts_with("* ") {
            line.get(2..)?
        } else if let Some(rest) = line.trim_start().strip_prefix("<h1") {
            rest.split_once('>')?.1.split("</h1").next()?
        } else if is_rule('=') || is_rule('#') {
            line
        } else {
            return None;
        };
        let name = plain(heading);
        name.chars().any(char::is_alphanumeric).then_some(name)
    })
}

/// The words of a heading: no tags, no pictures, of links their text, and nothing after a dash or colon.
fn plain(heading: &str) -> String {
    let mut out = String::new();
    let mut rest = heading;
    while let Some(one) = rest.chars().next() {
        let after = rest.get(one.len_utf8()..).unwrap_or_default();
        rest = match one {
            '<' => after.split_once('>').map_or("", |(_, after)| after),
            '!' if after.starts_with('[') => after.split_once(')').map_or("", |(_, after)| after),
            '[' | '*' | '`' => after,
            ']' if after.starts_with('(') => after.split_once(')').map_or("", |(_, after)| after),
            ']' => after,
            _ => {
                out.push(one);
                after
            }
        };
    }
    let end = [" - ", " \u{2013} ", " \u{2014} ", ": ", " | "].into_iter().filter_map(|mark| out.find(mark)).min();
    let name = end.and_then(|end| out.get(..end)).unwrap_or(&out);
    let is_word = |one: char| one.is_alphanumeric() || ")+#!]".contains(one);
    name.trim_start_matches(|one: char| !one.is_alphanumeric()).trim_end_matches(|one| !is_word(one)).to_owned()
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_anything(text: &str) {
    for (_, reader) in READERS {
        let _ = reader(text);
    }
    let _ = title(text);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(reader: Reader, text: &str, expected: Option<(&str, Option<&str>)>) {
        let expected = expected.map(|(name, version)| (name.to_owned(), version.map(ToOwned::to_owned)));
        assert_eq!(reader(text), expected, "{text}");
    }

    #[test]
    fn build_files_name_what_they_build() {
        check(cmake, "cmake_minimum_required(VERSION 3.1)\nproject(Acme)", Some(("Acme", None)));
        check(cmake, "PROJECT (\n  \"acme\" # its name\n  LANGUAGES C VERSION 1.2.3)", Some(("acme", Some("1.2.3"))));
        check(cmake, "project(acme VERSION ${V})", Some(("acme", None)));
        check(cmake, "project(${NAME})", None);
        check(cmake, "set_project(acme)\n# project(acme)", None);
        check(meson, "project('acme', 'c',\n  version : '1.2', license: 'MIT')", Some(("acme", Some("1.2"))));
        check(meson, "project(name)", None);
        check(go, "module example.org/acme/tool/v2\n\ngo 1.22\n", Some(("tool", None)));
        check(go, "module example.org/acme // what\n", Some(("acme", None)));
        check(go, "go 1.22\n", None);
        check(pubspec, "name: acme # its name\nversion: 1.2.3+45\n", Some(("acme", Some("1.2.3"))));
        check(pubspec, "dependencies:\n  name: acme\n", None);
        check(gradle, "rootProject.name = 'acme'", Some(("acme", None)));
        check(gradle, "rootProject.name = \"$name\"", None);
        check(swift, "let package = Package(\n  name: \"Acme\",", Some(("Acme", None)));
        check(mix, "[app: :acme, version: \"0.1.0\"]", Some(("acme", Some("0.1.0"))));
        check(mix, "[app: :acme, version: @version]", Some(("acme", None)));
        check(setup, "[metadata]\nname = acme\nversion = attr: acme.v\n[options]\n", Some(("acme", None)));
        check(setup, "[options]\nname = acme", None);
    }

    #[test]
    fn a_readme_has_a_title() {
        for (text, expected) in [
            ("# Acme\n", Some("Acme")),
            ("[![CI](https://a.example/x.svg)](https://a.example)\n\n# Acme Notes: keep them\n", Some("Acme Notes")),
            ("<h1 align=\"center\">\n</h1>\n# Acme\n", Some("Acme")),
            ("<h1 align=\"center\"><img src=\"a.png\"> Acme</h1>\n", Some("Acme")),
            ("Acme\n====\n\nWords.\n", Some("Acme")),
            ("####\nAcme\n####\n", Some("Acme")),
            ("= Acme\n", Some("Acme")),
            ("# [Acme](https://a.example) \u{2014} for all\n", Some("Acme")),
            ("# ![logo](a.png)\n\n# `acme`\n", Some("acme")),
            ("# \u{1f680} Acme \u{1f680}\n", Some("Acme")),
            ("# C++\n", Some("C++")),
            ("## Install\n", None),
            ("Words and no title.\n", None),
            ("", None),
        ] {
            assert_eq!(title(text).as_deref(), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in "(project\\(|# |<h1|\\[|\\]\\(|!\\[|name:|module |[a-zé'\"${}#\\n ]){0,40}") {
            read_anything(&text);
        }
    }
}
