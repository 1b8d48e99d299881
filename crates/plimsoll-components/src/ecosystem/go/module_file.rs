//! go.mod and go.work.
//!
//! Source: Go Modules Reference, "go.mod files" and "go.work files"; golang.org/x/mod/module.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::excerpt;

use super::directives::{self, Directive};

/// What a go.mod or go.work says.
#[derive(Debug, Default)]
pub(super) struct ModuleFile {
    /// The path of the module.
    pub module: Option<String>,
    /// The least version of Go.
    pub go: Option<String>,
    /// The least version of the tools of Go, where it is another.
    pub toolchain: Option<String>,
    pub requires: Vec<Require>,
    /// What is put in place of a module, by its path and the version for which that is done (all: `""`).
    pub replaces: BTreeMap<(String, String), Target>,
    pub excludes: BTreeSet<(String, String)>,
    /// Folders of modules that a go.work uses.
    pub uses: Vec<String>,
    /// Lines that were not understood, in one clause each.
    pub unknown: Vec<String>,
}

/// A module that is needed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Require {
    pub path: String,
    pub version: String,
    /// Does only a dependency ask for it?
    pub indirect: bool,
}

/// What is put in place of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Folder(String),
    Module(String, String),
}

impl ModuleFile {
    /// What is put in place of a module.
    pub fn replaced(&self, path: &str, version: &str) -> Option<&Target> {
        let of = |version: &str| self.replaces.get(&(path.to_owned(), version.to_owned()));
        of(version).or_else(|| of(""))
    }

    /// Does it list every module that is needed to build, and not only those that are asked for by name?
    ///
    /// Source: Go Modules Reference, "Module graph pruning": since Go 1.17. Without a version Go takes 1.16.
    pub fn lists_all(&self) -> bool {
        self.go.as_deref().and_then(go_version).is_some_and(|version| version >= (1, 17))
    }
}

/// The first two numbers of a version of Go.
fn go_version(text: &str) -> Option<(u32, u32)> {
    let (major, rest) = text.split_once('.')?;
    let digits = rest.find(|character: char| !character.is_ascii_digit()).unwrap_or(rest.len());
    Some((major.parse().ok()?, rest.get(..digits)?.parse().ok()?))
}

/// Reads one.
pub(super) fn read(bytes: &[u8]) -> Result<ModuleFile, String> {
    let mut file = ModuleFile::default();
    for directive in directives::read(bytes)? {
        if !file.add(&directive) {
            let Directive { verb, words, .. } = directive;
            let line = excerpt(&format!("{verb} {}", words.join(" ")), 80);
            file.unknown.push(format!("the line \"{line}\" is not understood"));
        }
    }
    Ok(file)
}

impl ModuleFile {
    /// Adds what a line says; is it understood?
    fn add(&mut self, directive: &Directive) -> bool {
        let words: Vec<&str> = directive.words.iter().map(String::as_str).collect();
        match (directive.verb.as_str(), words.as_slice()) {
            ("module", [path]) if self.module.is_none() && is_shown(path) => self.module = Some((*path).to_owned()),
            ("go", [version]) if go_version(version).is_some() && is_shown(version) => {
                self.go = Some((*version).to_owned());
            }
            ("toolchain", [name]) if is_shown(name) => self.toolchain = Some((*name).to_owned()),
            ("require", [path, version]) => self.requires.push(Require {
                path: (*path).to_owned(),
                version: (*version).to_owned(),
                indirect: directive.comment == "indirect" || directive.comment.starts_with("indirect;"),
            }),
            ("exclude", [path, version]) => {
                self.excludes.insert(((*path).to_owned(), (*version).to_owned()));
            }
            ("replace", [path, "=>", target @ ..]) => return self.replace(path, "", target),
            ("replace", [path, version, "=>", target @ ..]) => return self.replace(path, version, target),
            ("use", [folder]) => self.uses.push((*folder).to_owned()),
            // These change nothing of what is built here: versions of its own that it takes back, settings of the run, programs
            // whose modules are required as well, and folders that `./...` leaves out.
            ("retract" | "godebug" | "tool" | "ignore", [_, ..]) => {}
            _ => return false,
        }
        true
    }

    fn replace(&mut self, path: &str, version: &str, target: &[&str]) -> bool {
        let target = match target {
            [folder] if is_folder(folder) => Target::Folder((*folder).to_owned()),
            [path, version] if !is_folder(path) => Target::Module((*path).to_owned(), (*version).to_owned()),
            _ => return false,
        };
        // Two different ones for the same are refused by Go.
        let key = (path.to_owned(), version.to_owned());
        self.replaces.insert(key, target.clone()).is_none_or(|other| other == target)
    }
}

/// Is it the path of a folder, and not of a module?
///
/// Source: golang.org/x/mod/modfile, `IsDirectoryPath`.
fn is_folder(path: &str) -> bool {
    let drive = path.as_bytes().get(1) == Some(&b':');
    matches!(path, "." | "..")
        || ["./", "../", "/", ".\\", "..\\", "\\"].iter().any(|start| path.starts_with(start))
        || drive
}

/// May a text be shown as it is?
fn is_shown(text: &str) -> bool {
    !text.is_empty() && text.len() <= 512 && text.chars().all(|one| !one.is_whitespace() && !one.is_control())
}

/// Could a module that is published have this path?
///
/// Source: golang.org/x/mod/module, `CheckPath`.
pub(super) fn is_path(path: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let part =
        |part: &str| !part.is_empty() && part.bytes().all(letter) && !part.starts_with('.') && !part.ends_with('.');
    let host = path.split('/').next().unwrap_or_default();
    let host_fits = host.contains('.')
        && !host.starts_with('-')
        && host.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte));
    path.len() <= 512 && host_fits && path.split('/').all(part)
}

/// Is it a version in its one form: `vMAJOR.MINOR.PATCH`, with what comes before a release, and `+incompatible`?
///
/// Source: golang.org/x/mod/module, `CanonicalVersion`.
pub(super) fn is_version(version: &str) -> bool {
    let number = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'))
    };
    let Some(plain) = version.strip_prefix('v').filter(|_| version.len() <= 256) else { return false };
    let plain = plain.strip_suffix("+incompatible").unwrap_or(plain);
    let (release, pre) = plain.split_once('-').map_or((plain, None), |(release, pre)| (release, Some(pre)));
    let part = |part: &str| {
        let digits = part.bytes().all(|byte| byte.is_ascii_digit());
        let word = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        !part.is_empty() && word && (!digits || number(part))
    };
    release.split('.').count() == 3 && release.split('.').all(number) && pre.is_none_or(|pre| pre.split('.').all(part))
}

/// Does the major version at the end of a path fit a version?
///
/// Source: golang.org/x/mod/module, `CheckPathMajor`.
pub(super) fn majors_agree(path: &str, version: &str) -> bool {
    let major = version.strip_prefix('v').and_then(|rest| rest.split('.').next()).unwrap_or_default();
    let incompatible = version.ends_with("+incompatible");
    if path.starts_with("gopkg.in/") {
        let suffix = path.rsplit_once(".v").map(|(_, suffix)| suffix.strip_suffix("-unstable").unwrap_or(suffix));
        let old = suffix == Some("1") && version.starts_with("v0.0.0-");
        return !incompatible && (suffix == Some(major) || old);
    }
    let last = path.rsplit_once('/').and_then(|(_, last)| last.strip_prefix('v'));
    match last.filter(|last| !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit())) {
        Some(suffix) => suffix == major && !incompatible && !suffix.starts_with('0') && suffix != "1",
        None => matches!(major, "0" | "1") != incompatible,
    }
}

/// Hosts on which a repository is the two parts of a path that follow.
const FORGES: &[&str] = &["github.com", "bitbucket.org", "codeberg.org", "gitee.com", "git.sr.ht"];
/// Other hosts of many people.
const SHARED: &[&str] = &["gitlab.com", "gopkg.in"];

/// Versions of modules that are nowhere but in the tree: what people write, and what Go writes itself.
///
/// Source: cmd/go/internal/modload, `replacement`; golang.org/x/mod/module, `ZeroPseudoVersion`.
const UNPUBLISHED: [&str; 2] = ["v0.0.0", "v0.0.0-00010101000000-000000000000"];

/// Does a module that is asked for belong to the repository that has the module `own`, by its path?
pub(super) fn is_of_repository(require: &Require, own: &str) -> bool {
    let (host, rest) = own.split_once('/').unwrap_or((own, ""));
    if FORGES.contains(&host) {
        let repository = |path: &str| path.split('/').take(3).map(str::to_ascii_lowercase).collect::<Vec<_>>();
        let (own, other) = (repository(own), repository(&require.path));
        return own.len() == 3 && own == other;
    }
    let major = |last: &str| last.strip_prefix('v').is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let prefix = own.rsplit_once('/').filter(|(_, last)| major(last)).map_or(own, |(prefix, _)| prefix);
    let below = |prefix: &str| require.path.strip_prefix(prefix).is_some_and(|rest| matches!(rest.get(..1), Some("/")));
    if require.path == own || require.path == prefix || below(prefix) {
        // A host alone is that of many.
        return prefix.contains('/') || require.path == own;
    }
    // Other paths of one's own host: none that is published where it has no version.
    !SHARED.contains(&host) && !rest.is_empty() && below(host) && UNPUBLISHED.contains(&require.version.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_versions_are_those_that_go_takes() {
        for path in ["golang.org/x/sys", "github.com/BurntSushi/toml", "gopkg.in/yaml.v3", "a.b", "a.b/c~d/v2"] {
            assert!(is_path(path), "{path}");
        }
        for path in [
            "", "fmt", "mycorp/x", "A.b/c", "a.b//c", "a.b/.c", "a.b/c.", "a.b/ c", "a.b/c@v1", "-a.b", "a.b/ü", "a.b/",
        ] {
            assert!(!is_path(path), "{path}");
        }
        for version in
            ["v1.2.3", "v0.0.0-20200101000000-abcdefabcdef", "v2.0.0+incompatible", "v1.0.0-rc.1", "v1.0.0-0.1"]
        {
            assert!(is_version(version), "{version}");
        }
        for version in
            ["", "v1", "v1.2", "1.2.3", "v01.2.3", "v1.2.3+meta", "master", "v1.2.3-", "v1.2.3-01", "v1.2.3-a_b"]
        {
            assert!(!is_version(version), "{version}");
        }
        for (path, version, expected) in [
            ("a.b/c", "v1.0.0", true),
            ("a.b/c", "v0.1.0", true),
            ("a.b/c", "v2.0.0", false),
            ("a.b/c", "v2.0.0+incompatible", true),
            ("a.b/c", "v1.0.0+incompatible", false),
            ("a.b/c/v2", "v2.1.0", true),
            ("a.b/c/v2", "v2.1.0+incompatible", false),
            ("a.b/c/v2", "v3.0.0", false),
            ("a.b/c/v1", "v1.0.0", false),
            ("a.b/c/v2a", "v1.0.0", true),
            ("gopkg.in/yaml.v3", "v3.0.1", true),
            ("gopkg.in/yaml.v3", "v2.0.0", false),
            ("gopkg.in/yaml.v1", "v0.0.0-20140924161607-9f9df34309c0", true),
            ("gopkg.in/yaml", "v1.0.0", false),
        ] {
            assert_eq!(majors_agree(path, version), expected, "{path} {version}");
        }
        for (text, expected) in
            [("1.17", Some((1, 17))), ("1.21.3", Some((1, 21))), ("1.21rc1", Some((1, 21))), ("2", None), ("x.y", None)]
        {
            assert_eq!(go_version(text), expected);
        }
    }

    #[test]
    fn a_module_is_of_a_repository_by_its_path() {
        for (own, path, version, expected) in [
            ("github.com/me/app", "github.com/me/app/lib", "v1.0.0", true),
            ("github.com/me/app/v2", "github.com/me/app/lib/v3", "v3.0.0", true),
            ("github.com/me/app/a", "github.com/Me/app/b", "v0.0.0", true),
            ("github.com/me/app", "github.com/me/app2", "v1.0.0", false),
            ("github.com/me/app", "github.com/me/pad", "v0.0.0", false),
            ("github.com/me/app", "github.com/evil/pad", "v0.0.0", false),
            ("github.com/me", "github.com/me/pad", "v1.0.0", false),
            ("acme.dev/app", "acme.dev/app/lib", "v1.0.0", true),
            ("acme.dev/app/v2", "acme.dev/app/lib", "v1.0.0", true),
            ("acme.dev/app/v2", "acme.dev/app", "v1.0.0", true),
            ("acme.dev/app", "acme.dev/app", "v1.0.0", true),
            ("acme.dev/app", "acme.dev/application", "v1.0.0", false),
            ("acme.dev/app", "acme.dev/lib", "v1.0.0", false),
            ("acme.dev/app", "acme.dev/lib", "v0.0.0", true),
            ("k8s.io/kubernetes", "k8s.io/api", "v0.0.0-00010101000000-000000000000", true),
            ("acme.dev/app", "acme.developers/lib", "v0.0.0", false),
            ("acme.dev", "acme.dev/lib", "v1.0.0", false),
            ("acme.dev", "acme.dev", "v1.0.0", true),
            ("app", "github.com/evil/pad", "v0.0.0", false),
            ("gopkg.in/a.v1", "gopkg.in/evil.v1", "v0.0.0", false),
            ("gitlab.com/g/s/app", "gitlab.com/g/s/app/lib", "v1.0.0", true),
            ("gitlab.com/g/s/app", "gitlab.com/g/s/pad", "v0.0.0", false),
            ("example.com/app", "github.com/evil/pad", "v0.0.0", false),
        ] {
            let require = Require { path: path.to_owned(), version: version.to_owned(), indirect: false };
            assert_eq!(is_of_repository(&require, own), expected, "{own} {path} {version}");
        }
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (text, unknown) in [
            ("module a.b/c\ngo 1.21\ntoolchain go1.21.3\ngodebug x=1\ntool a.b/c\nignore ./x\nretract v1.0.0\n", 0),
            ("require a.b/c", 1),
            ("replace a.b/c => d.e/f", 1),
            ("replace a.b/c => ./d v1.0.0", 1),
            ("replace a.b/c => ./d\nreplace a.b/c => ./e", 1),
            ("replace a.b/c => ./d\nreplace a.b/c => ./d", 0),
            ("module a\nmodule b", 1),
            ("go next", 1),
            ("frobnicate a", 1),
        ] {
            assert_eq!(read(text.as_bytes()).unwrap().unknown.len(), unknown, "{text}");
        }
    }
}
