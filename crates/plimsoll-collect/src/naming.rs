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
/// Characters of a version.
const LONGEST_VERSION: usize = 60;
/// Lines of a README in which its title is looked for.
const MOST_LINES: usize = 60;
/// Bytes of a line that can be one; reading a heading looks ahead.
const LONGEST_LINE: usize = 1000;
/// Headings that name no software.
const NO_NAMES: &[&str] = &["about", "contents", "introduction", "overview", "readme", "table of contents"];

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
        is_name(one.name.as_deref()?).then_some(())?;
        Some(Found {
            name: one.name.clone()?,
            version: one.version.clone().filter(|version| is_version(version)),
            pointer: one.pointer.clone(),
        })
    });
    of_root
        .or_else(|| default_member(snapshot))
        .or_else(|| READERS.iter().find_map(|(file, reader)| read(snapshot, file, reader)))
        .or_else(|| READMES.iter().find_map(|file| read(snapshot, file, |text| Some((title(text)?, None)))))
}

fn read(snapshot: &Snapshot, file: &str, reader: impl Fn(&str) -> Option<(String, Option<String>)>) -> Option<Found> {
    let entry = snapshot.entry(file).filter(|entry| Entry::is_file(entry))?;
    let text = snapshot.read_text(entry, LARGEST).ok()?;
    let (name, version) = reader(&text)?;
    let name = name.trim();
    let version = version.filter(|version| is_version(version));
    is_name(name).then(|| Found { name: name.to_owned(), version, pointer: entry.pointer() })
}

fn is_name(name: &str) -> bool {
    name.chars().any(char::is_alphanumeric) && name.chars().count() <= LONGEST
}

fn is_version(version: &str) -> bool {
    version.starts_with(|one: char| one.is_ascii_digit() || one == 'v') && version.chars().count() <= LONGEST_VERSION
}

/// A text without what stands between `open` and `close`; what is never closed goes to the end.
fn without(text: &str, open: &str, close: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, inner)) = rest.split_once(open) {
        out.push_str(before);
        out.push('\n');
        rest = inner.split_once(close).map_or("", |(_, after)| after);
    }
    out + rest
}

/// A text without comments of a line, and without those of several.
fn code(text: &str, line: &str, several: Option<(&str, &str)>) -> String {
    let text = several.map_or_else(|| text.to_owned(), |(open, close)| without(text, open, close));
    text.lines().map(|one| one.split(line).next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The words of arguments; what is between quotes is one.
fn arguments(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, after) = if first == '"' {
            rest.get(1..).and_then(|inner| inner.split_once('"')).unwrap_or((rest, ""))
        } else {
            let end = rest.find(|one: char| one.is_whitespace() || one == ')').unwrap_or(rest.len());
            if end == 0 {
                break;
            }
            rest.split_at_checked(end).unwrap_or((rest, ""))
        };
        words.push(word);
        rest = after.trim_start();
    }
    words
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
/// Source: cmake-language(7), command invocations; the documentation of `project`.
fn cmake(text: &str) -> Option<(String, Option<String>)> {
    let code = code(text, "#", None);
    // A command begins its line.
    let call = code.split('\n').enumerate().find_map(|(at, line)| {
        let start = line.trim_start();
        let name = start.get(..7)?.eq_ignore_ascii_case("project");
        let is_call = name && start.get(7..)?.trim_start().starts_with('(');
        is_call.then_some(at)
    })?;
    let lines = code.split('\n').skip(call).collect::<Vec<_>>().join("\n");
    let words = arguments(lines.split_once('(')?.1);
    let (name, rest) = words.split_first()?;
    let at = rest.iter().position(|word| *word == "VERSION");
    let version = at.and_then(|at| rest.get(at + 1)).filter(|version| is_version(version));
    let is_plain = !name.contains(['$', '[', ']']);
    is_plain.then(|| ((*name).to_owned(), version.map(|version| (*version).to_owned())))
}

/// `project('name', 'c', version : '1.2.3')`.
fn meson(text: &str) -> Option<(String, Option<String>)> {
    let code = code(text, "#", None);
    let at = code.lines().position(|line| line.starts_with("project("))?;
    let lines = code.lines().skip(at).collect::<Vec<_>>().join("\n");
    let call = lines.strip_prefix("project(")?;
    let name = quoted(call)?;
    // The word as a whole: `meson_version` is another one.
    let version = call.match_indices("version").find_map(|(at, word)| {
        let before = call.get(..at)?.chars().next_back();
        let value = call.get(at + word.len()..)?.trim_start().strip_prefix(':')?;
        before.is_some_and(|one| one.is_whitespace() || one == ',').then(|| quoted(value))?
    });
    Some((name, version))
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
    let code = code(text, "//", Some(("/*", "*/")));
    let line = code.lines().find_map(|line| line.trim().strip_prefix("rootProject.name"))?;
    Some((quoted(line.trim_start().strip_prefix('=')?)?, None))
}

/// `Package(name: "name", ...)`.
fn swift(text: &str) -> Option<(String, Option<String>)> {
    let code = code(text, "//", Some(("/*", "*/")));
    let call = code.split_once("Package(")?.1.trim_start().strip_prefix("name:")?;
    Some((quoted(call)?, None))
}

/// `app: :name` and `version: "1.2.3"` of the project.
fn mix(text: &str) -> Option<(String, Option<String>)> {
    let code = code(text, "#", None);
    let project = code.split_once("def project")?.1;
    let project = project.split_once("\n  end").map_or(project, |(project, _)| project);
    let name = project.split_once("app: :")?.1;
    let name: String = name.chars().take_while(|one| one.is_ascii_alphanumeric() || *one == '_').collect();
    // One at the beginning of its line is that of the project, and not of a dependency.
    let version = project.lines().find_map(|line| line.trim_start().strip_prefix("version: "));
    Some((name, version.and_then(quoted)))
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
    let text = without(&without(text, "<!--", "-->"), "```", "```");
    let lines: Vec<&str> = text.lines().take(MOST_LINES).filter(|line| line.len() <= LONGEST_LINE).collect();
    lines.iter().enumerate().find_map(|(at, line)| {
        let below = lines.get(at + 1).copied().unwrap_or_default().trim_end();
        let is_rule = |sign: char| below.len() >= 3 && below.chars().all(|one| one == sign);
        let heading = if let Some(rest) = line.strip_prefix("# ").or_else(|| line.strip_prefix("= ")) {
            rest
        } else if let Some(rest) = line.trim_start().strip_prefix("<h1") {
            rest.split_once('>')?.1.split("</h1").next()?
        } else if is_rule('=') || is_rule('#') {
            line
        } else {
            return None;
        };
        let name = plain(heading);
        let is_title = name.chars().any(char::is_alphabetic) && !NO_NAMES.contains(&name.to_lowercase().as_str());
        is_title.then_some(name)
    })
}

/// The words of a heading: no tags, no pictures, of links their text, and nothing after a dash or colon.
fn plain(heading: &str) -> String {
    let heading = heading.trim_end().trim_end_matches(" #").replace("&amp;", "&");
    let mut out = String::new();
    let mut rest = heading.as_str();
    while let Some(one) = rest.chars().next() {
        let after = rest.get(one.len_utf8()..).unwrap_or_default();
        rest = match one {
            '<' => after.split_once('>').map_or("", |(_, after)| after),
            '!' if after.starts_with('[') => after.split_once(')').map_or("", |(_, after)| after),
            ']' if after.starts_with('[') => after.split_once(']').map_or("", |(_, after)| after),
            ']' if after.starts_with('(') => after.split_once(')').map_or("", |(_, after)| after),
            '[' | ']' | '*' | '`' | '\\' => after,
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
        check(
            mix,
            "# app: :evil\ndef project do\n[app: :acme,\n version: \"0.1.0\",\n]",
            Some(("acme", Some("0.1.0"))),
        );
        check(
            mix,
            "def project do\n[app: :acme,\nversion: @version, deps: [{:x, version: \"9\"}]",
            Some(("acme", None)),
        );
        check(cmake, "project(acme DESCRIPTION \"VERSION 9.9\" VERSION 1.0)", Some(("acme", Some("1.0"))));
        check(cmake, "project(\"a b\")", Some(("a b", None)));
        check(cmake, "project([[a b]])", None);
        check(
            meson,
            "subproject('evil')\n# project('evil')\nproject('acme', meson_version: '>=0.5', default_options: ['a=b()'], version: '1.2')",
            Some(("acme", Some("1.2"))),
        );
        check(swift, "// Package(name: \"evil\")\nPackage(name: \"acme\")", Some(("acme", None)));
        check(gradle, "/*\nrootProject.name = 'evil'\n*/\nrootProject.name = 'acme'", Some(("acme", None)));
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
            ("```sh\n# install the thing\n```\n", None),
            ("<!-- # Evil -->\n# Acme\n", Some("Acme")),
            ("* item one\n", None),
            ("# [Acme][1]\n", Some("Acme")),
            ("# Acme #\n", Some("Acme")),
            ("# Acme &amp; Sons\n", Some("Acme & Sons")),
            ("# Table of Contents\n\n# Acme_Tool\n", Some("Acme_Tool")),
            ("# README\n", None),
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
