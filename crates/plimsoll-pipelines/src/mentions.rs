//! Which names of the environment the files of a tree mention: what no file has can switch nothing off there.
//!
//! What this does not see: a name that a program puts together from parts that say nothing, and one in a file that is packed.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use rayon::prelude::*;

use crate::repository::{File, Repository};

/// Bytes of one file that are looked through. A larger one may hold any name.
const LARGEST: u64 = 8 * 1024 * 1024;
/// Files that are looked through.
const MOST_FILES: usize = 200_000;
/// Bytes of a name.
const LONGEST: usize = 128;
/// Ends of files that no program reads its names from: pictures, fonts, sound, packed files.
const PACKED: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "ico", "icns", "webp", "bmp", "avif", "ttf", "otf", "woff", "woff2", "eot", "mp3",
    "mp4", "wav", "ogg", "webm", "mov", "pdf", "zip", "gz", "xz", "bz2", "zst", "tgz", "tar", "7z", "jar", "psd",
    "sketch", "fig",
];
/// Ends of files that people read: a name there is one of a program only where the file holds one that asks for names.
const PROSE: &[&str] = &["md", "markdown", "rst", "adoc"];
/// Names of files that set names of the environment themselves, which are asked for as those of CI files are.
const SETTERS: &[&str] = &["config.toml", "config", "tox.ini", "tox.toml", "pyproject.toml"];
/// What such a program says.
const ASKS: &[&str] =
    &["getenv", "GetEnv", "environ[", "environ.", "process.env", "env::", "env!(", "ENV[", "ENV.", "viper"];
/// With these a program reads all names that begin with a word, or any name as a setting of its own.
///
/// Source: viper, envconfig, Click, pydantic-settings, dynaconf, figment, envy, nconf, Spring Boot, Micronaut, Quarkus, .NET.
const BY_BEGINNING: &[&str] = &[
    "automaticenv",
    "setenvprefix",
    "auto_envvar_prefix",
    "envvar_prefix",
    "env_prefix",
    "envprefix",
    "basesettings",
    "dynaconf",
    "envconfig",
    "envy",
    "figment",
    "nconf",
    "addenvironmentvariables",
    "springbootapplication",
    "springapplication",
    "configurationproperties",
    "micronaut",
    "quarkus",
];

/// What the files of a tree mention of the names that its CI files hold, in small letters.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    /// Names that the CI files hold.
    asked: HashSet<String>,
    /// By name the files that have it, two at most.
    names: BTreeMap<String, Vec<String>>,
    /// Beginnings and ends of names, which begin or end with `_`, and a file that has each.
    parts: BTreeMap<String, String>,
    /// Why any name may be mentioned.
    any: Option<String>,
}

impl Mentions {
    /// Looks through the whole tree once, and through files that are CI by `is_ci` for the names that are asked for. What cannot be read may hold any name.
    pub(super) fn read(repository: &dyn Repository, is_ci: &dyn Fn(File<'_>) -> bool) -> Self {
        let (of_ci, others): (Vec<File<'_>>, Vec<File<'_>>) =
            repository.files().filter(|file| file.is_file()).partition(|file| is_ci(*file));
        let mut all = Self::default();
        for file in of_ci {
            if let Ok(bytes) = repository.bytes(file.path, LARGEST) {
                words(&bytes, &mut |word, _| {
                    all.asked.insert(word.to_owned());
                });
            }
        }
        for file in others.iter().filter(|file| SETTERS.contains(&file.name())) {
            if let Ok(bytes) = repository.bytes(file.path, LARGEST) {
                words(&bytes, &mut |word, _| {
                    all.asked.insert(word.to_owned());
                });
            }
        }
        if others.len() > MOST_FILES {
            all.any = Some(format!("there are more files than the {MOST_FILES} that are looked through for it"));
            return all;
        }
        let asked = &all.asked;
        let found: Vec<(&str, Result<BTreeSet<String>, String>)> = others
            .par_iter()
            .filter(|file| !is_packed(file.name()))
            .map(|file| (file.path, repository.bytes(file.path, LARGEST).map(|bytes| kept(file.name(), &bytes, asked))))
            .collect();
        for (path, found) in found {
            match found {
                Err(reason) => {
                    all.any.get_or_insert_with(|| format!("{path} was not looked through for it: {reason}"));
                }
                Ok(found) => all.take(path, found),
            }
        }
        all
    }

    /// The same for files that are given, and for one name.
    #[cfg(test)]
    pub(super) fn of_texts(files: &[(&'static str, &'static str)], name: &str) -> Self {
        let mut all = Self { asked: HashSet::from([name.to_ascii_lowercase()]), ..Self::default() };
        for (path, text) in files.iter().filter(|(path, _)| !path.starts_with(".github/workflows/")) {
            let found = kept(path, text.as_bytes(), &all.asked);
            all.take(path, found);
        }
        all
    }

    fn take(&mut self, path: &str, found: BTreeSet<String>) {
        for word in found {
            if BY_BEGINNING.contains(&word.as_str()) {
                self.any.get_or_insert_with(|| format!("{path} reads names by their beginning"));
            } else if word.starts_with('_') && !self.asked.contains(&word) || word.ends_with('_') {
                self.parts.entry(word).or_insert_with(|| path.to_owned());
            } else {
                let paths = self.names.entry(word).or_default();
                if paths.len() < 2 {
                    paths.push(path.to_owned());
                }
            }
        }
    }

    /// Why a file of the tree other than `but` may read `name`; absent where none does.
    pub(super) fn reason(&self, name: &str, but: Option<&str>) -> Option<String> {
        let name = name.to_ascii_lowercase();
        if let Some(any) = &self.any {
            return Some(any.clone());
        }
        // Only names that the CI files hold were looked for.
        if !self.asked.contains(&name) {
            return Some("it was not looked for".to_owned());
        }
        let whole = self.names.get(&name).into_iter().flatten().find(|path| Some(path.as_str()) != but);
        let part = || {
            let fits = |part: &str| {
                part.ends_with('_') && name.starts_with(part) || part.starts_with('_') && name.ends_with(part)
            };
            self.parts.iter().find(|(part, _)| fits(part)).map(|(_, path)| path)
        };
        whole.or_else(part).map(|path| format!("{path} mentions it"))
    }
}

fn is_packed(name: &str) -> bool {
    ends(name, PACKED)
}

fn ends(name: &str, list: &[&str]) -> bool {
    name.rsplit_once('.').is_some_and(|(_, end)| list.iter().any(|one| end.eq_ignore_ascii_case(one)))
}

/// The same for a file of this name.
fn kept(name: &str, bytes: &[u8], asked: &HashSet<String>) -> BTreeSet<String> {
    if ends(name, PROSE) {
        let text = String::from_utf8_lossy(bytes);
        if !ASKS.iter().any(|asks| text.contains(asks)) {
            return BTreeSet::new();
        }
    }
    of_file(bytes, asked)
}

/// What of one file is kept, in small letters.
fn of_file(bytes: &[u8], asked: &HashSet<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    words(bytes, &mut |word, capital| {
        // In small letters what begins so is the name of something in a program.
        let end = capital && word.starts_with('_');
        let part = word.len() > 3 && word.starts_with('_') != word.ends_with('_') && (end || word.ends_with('_'));
        if (part || asked.contains(word) || BY_BEGINNING.contains(&word)) && !found.contains(word) {
            found.insert(word.to_owned());
        }
    });
    found
}

/// Shows each word that may be a name, in small letters, and whether it was written without any.
fn words(bytes: &[u8], see: &mut dyn FnMut(&str, bool)) {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let mut small = String::with_capacity(LONGEST);
    for word in bytes.split(|byte| !is_part(byte)) {
        if word.len() < 3 || word.len() > LONGEST || word.first().is_some_and(u8::is_ascii_digit) {
            continue;
        }
        small.clear();
        small.extend(word.iter().map(|byte| char::from(byte.to_ascii_lowercase())));
        see(&small, !word.iter().any(u8::is_ascii_lowercase));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::FileKind;

    struct Files(Vec<(&'static str, Result<&'static [u8], &'static str>)>);

    impl Repository for Files {
        fn files(&self) -> Box<dyn Iterator<Item = File<'_>> + '_> {
            Box::new(self.0.iter().map(|(path, _)| File { path, kind: FileKind::File }))
        }

        fn file(&self, wanted: &str) -> Option<File<'_>> {
            self.files().find(|file| file.path == wanted)
        }

        fn has_folder(&self, _: &str) -> bool {
            false
        }

        fn text(&self, _: &str, _: u64) -> Result<String, String> {
            Err("bytes are asked for".to_owned())
        }

        fn bytes(&self, wanted: &str, _: u64) -> Result<Vec<u8>, String> {
            let found = self.0.iter().find(|(path, _)| *path == wanted).ok_or("none")?;
            found.1.map(<[u8]>::to_vec).map_err(ToOwned::to_owned)
        }

        fn ships(&self, _: &str) -> bool {
            true
        }

        fn is_vendored(&self, _: &str) -> bool {
            false
        }
    }

    /// Is `WIDGET_COLOUR` mentioned, where a CI file has it and one more file is there?
    fn mentioned(path: &'static str, bytes: Result<&'static [u8], &'static str>) -> bool {
        let files = Files(vec![("ci.yml", Ok(b"env: {WIDGET_COLOUR: red}")), (path, bytes)]);
        Mentions::read(&files, &|file| file.path == "ci.yml").reason("WIDGET_COLOUR", None).is_some()
    }

    #[test]
    fn a_name_is_found_wherever_a_program_may_ask_for_it() {
        for (path, bytes) in [
            ("a.py", Ok(&b"os.environ['WIDGET_COLOUR']"[..])),
            ("a.py", Ok(b"colour = os.environ[\"widget_colour\"]")),
            ("a.sh", Ok(b"x=${WIDGET_COLOUR:-y}")),
            ("a.cmake", Ok(b"$ENV{WIDGET_COLOUR}")),
            ("tool", Ok(b"\x7fELF\x00\xffWIDGET_COLOUR\x00")),
            ("a.rs", Ok(b"starts_with(\"WIDGET_\")")),
            ("a.rs", Ok(b"format!(\"{x}_COLOUR\")")),
            ("a.go", Ok(b"viper.AutomaticEnv()")),
            ("A.java", Ok(b"@SpringBootApplication")),
            ("a.md", Ok(b"`process.env.WIDGET_COLOUR`")),
            // What cannot be read may hold any name.
            ("large.bin", Err("too large")),
            ("pointer", Err("a pointer of LFS")),
        ] {
            assert!(mentioned(path, bytes), "{path} {bytes:?}");
        }
        for (path, bytes) in [
            ("a.py", Ok(&b"WIDGET_COLOURS WIDGET COLOUR MY_WIDGET_COLOUR"[..])),
            ("a.c", Ok(b"static int _colour, __init, w_;")),
            ("a.md", Ok(b"Set WIDGET_COLOUR in CI.")),
            ("a.png", Err("too large")),
            ("ci.yml", Ok(b"")),
        ] {
            assert!(!mentioned(path, bytes), "{path} {bytes:?}");
        }
    }

    #[test]
    fn a_name_that_no_ci_file_has_was_not_looked_for() {
        let files = Files(vec![("ci.yml", Ok(b"x")), ("Makefile", Ok(b"export WIDGET_COLOUR=red"))]);
        let mentions = Mentions::read(&files, &|file| file.path == "ci.yml");
        assert!(mentions.reason("WIDGET_COLOUR", None).is_some() && mentions.reason("OTHER", None).is_some());
    }

    #[test]
    fn the_file_that_sets_a_name_is_no_mention_by_itself() {
        let of = |more: &'static [u8]| {
            let files = Files(vec![
                ("ci.yml", Ok(b"WIDGET_COLOUR")),
                (".cargo/config.toml", Ok(b"[env]\nWIDGET_COLOUR = 'x'")),
                ("src/lib.rs", Ok(more)),
            ]);
            Mentions::read(&files, &|file| file.path == "ci.yml").reason("WIDGET_COLOUR", Some(".cargo/config.toml"))
        };
        assert_eq!(of(b""), None);
        assert!(of(b"env!(\"WIDGET_COLOUR\")").is_some());
    }
}
