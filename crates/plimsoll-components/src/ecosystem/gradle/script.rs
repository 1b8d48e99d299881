//! Build scripts: programs, of which a few words are read and nothing is run.
//!
//! What they ask for is never known from them. What is written plainly says which packages are asked for by name, and which
//! repositories there are besides the public ones.

use std::collections::BTreeSet;

use crate::ecosystem::maven::coordinates;

/// What of a script was seen.
#[derive(Clone, Debug, Default)]
pub(super) struct Script {
    /// `GROUP:NAME` of texts that are coordinates.
    pub modules: BTreeSet<String>,
    /// What it takes from a catalog, as it is written behind `libs.`, in small letters.
    pub accessors: BTreeSet<String>,
    /// Repositories other than the public ones, by address where that is plain.
    pub repositories: Vec<String>,
    /// Other repositories that plugins are taken from.
    pub plugin_repositories: Vec<String>,
    /// Does it take packages from the repository of Google?
    pub google: bool,
    pub group: Option<String>,
    pub version: Option<String>,
    pub name: Option<String>,
}

/// How deep blocks may lie.
const DEEPEST: usize = 256;

/// A repository of which the address is not plain.
pub(super) const UNKNOWN: &str = "unknown";

/// Addresses of the public registry, and of mirrors of nothing else.
///
/// Source: Maven, "Introduction to Repositories"; Gradle User Manual, "Declaring repositories".
const PUBLIC: &[&str] = &[
    "https://repo.maven.apache.org/maven2",
    "https://repo1.maven.org/maven2",
    "https://repo.maven.apache.org/maven2/",
    "https://repo1.maven.org/maven2/",
    "https://plugins.gradle.org/m2",
    "https://plugins.gradle.org/m2/",
];

/// Reads one. Never fails: it is no more than words.
pub(super) fn read(bytes: &[u8]) -> Script {
    let text = String::from_utf8_lossy(bytes);
    let mut reading = Reading::default();
    let mut rest: &str = &text;
    while let Some(first) = rest.chars().next() {
        rest = if rest.starts_with("//") {
            rest.find('\n').and_then(|at| rest.get(at..)).unwrap_or_default()
        } else if rest.starts_with("/*") {
            rest.split_once("*/").map_or("", |(_, after)| after)
        } else if first == '"' || first == '\'' {
            let (inner, after) = quoted(rest, first);
            reading.text(inner);
            after
        } else if first.is_alphanumeric() || first == '_' {
            let end = rest.find(|one: char| !(one.is_alphanumeric() || matches!(one, '_' | '.'))).unwrap_or(rest.len());
            let (word, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
            reading.word(word, after);
            after
        } else {
            if first == '{' && reading.blocks.len() >= DEEPEST {
                // What follows may name any repository.
                reading.repository(UNKNOWN.to_owned(), false);
                break;
            }
            reading.sign(first);
            rest.get(first.len_utf8()..).unwrap_or_default()
        };
    }
    reading.pending(None);
    reading.script
}

/// The text within quotes, and what follows it.
fn quoted(rest: &str, quote: char) -> (&str, &str) {
    let triple = if quote == '"' { "\"\"\"" } else { "'''" };
    if let Some(after) = rest.strip_prefix(triple) {
        return after.split_once(triple).unwrap_or((after, ""));
    }
    let after = rest.get(1..).unwrap_or_default();
    let mut escaped = false;
    for (at, one) in after.char_indices() {
        match one {
            '\\' if !escaped => escaped = true,
            '\n' => return (after.get(..at).unwrap_or_default(), after.get(at..).unwrap_or_default()),
            one if one == quote && !escaped => {
                return (after.get(..at).unwrap_or_default(), after.get(at + 1..).unwrap_or_default());
            }
            _ => escaped = false,
        }
    }
    (after, "")
}

/// What a block is for, as far as that decides what the words in it mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Block {
    Repositories,
    /// Where something is published to.
    Target,
    /// What the build itself takes.
    OfBuild,
    #[default]
    Other,
}

impl Block {
    fn of(word: &str) -> Self {
        match word {
            "repositories" => Self::Repositories,
            "publishing" | "uploadArchives" => Self::Target,
            "pluginManagement" | "buildscript" => Self::OfBuild,
            _ => Self::Other,
        }
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    repositories: usize,
    target: usize,
    of_build: usize,
}

impl Counts {
    fn of(&mut self, block: Block) -> Option<&mut usize> {
        match block {
            Block::Repositories => Some(&mut self.repositories),
            Block::Target => Some(&mut self.target),
            Block::OfBuild => Some(&mut self.of_build),
            Block::Other => None,
        }
    }
}

#[derive(Default)]
struct Reading {
    script: Script,
    /// What each block that is open is for.
    blocks: Vec<Block>,
    /// How many of each are open.
    open: Counts,
    /// Repositories that are listed: for the build, and the others.
    seen: BTreeSet<(bool, String)>,
    last: String,
    /// A repository was begun, and its address has not come: at how many open blocks.
    begun: Option<usize>,
    /// The name to which the next text belongs.
    assigned: Option<&'static str>,
}

impl Reading {
    /// A repository in the blocks that are open; `is_known` says whether it is known what they are.
    fn repository(&mut self, address: String, is_known: bool) {
        // Where something is published to is no place from which it is taken.
        if PUBLIC.contains(&address.as_str()) || (is_known && self.open.target > 0) {
            return;
        }
        let is_build = is_known && self.open.of_build > 0;
        if self.seen.insert((is_build, address.clone())) {
            let list = if is_build { &mut self.script.plugin_repositories } else { &mut self.script.repositories };
            list.push(address);
        }
    }

    /// Ends a repository that was begun.
    fn pending(&mut self, address: Option<&str>) {
        if self.begun.take().is_some() {
            self.repository(address.map_or_else(|| UNKNOWN.to_owned(), plain), true);
        }
    }

    fn text(&mut self, text: &str) {
        if self.begun.is_some() && text.contains("://") {
            self.pending(Some(text));
        }
        if let Some(name) = self.assigned.take().filter(|_| self.blocks.is_empty()) {
            let place = match name {
                "group" => &mut self.script.group,
                "version" => &mut self.script.version,
                _ => &mut self.script.name,
            };
            let is_it = if name == "version" { coordinates::is_version(text) } else { coordinates::is_part(text) };
            if is_it && place.is_none() {
                *place = Some(text.to_owned());
            }
        }
        let mut parts = text.split(':');
        if let (Some(group), Some(name)) = (parts.next(), parts.next())
            && coordinates::is_part(group)
            && coordinates::is_part(name)
            && (group.contains('.') || parts.next().is_some())
        {
            self.script.modules.insert(format!("{group}:{name}"));
        }
    }

    fn word(&mut self, word: &str, after: &str) {
        if let Some(accessor) = word.strip_prefix("libs.") {
            self.script.accessors.insert(accessor.to_ascii_lowercase());
        }
        let next = after.trim_start().chars().next();
        if self.open.repositories > 0 {
            match word {
                "maven" | "ivy" if matches!(next, Some('{' | '(')) => {
                    self.pending(None);
                    self.begun = Some(self.blocks.len());
                }
                "mavenLocal" | "flatDir" => self.repository(UNKNOWN.to_owned(), true),
                "jcenter" => self.repository("https://jcenter.bintray.com".to_owned(), true),
                "google" => self.script.google = true,
                _ => {}
            }
        }
        self.assigned = match word {
            "group" | "project.group" => Some("group"),
            "version" | "project.version" => Some("version"),
            "rootProject.name" => Some("name"),
            // `group = "x"` and `group 'x'` alike.
            _ => None,
        };
        word.clone_into(&mut self.last);
    }

    fn sign(&mut self, sign: char) {
        match sign {
            '{' => {
                let block = Block::of(&std::mem::take(&mut self.last));
                if let Some(count) = self.open.of(block) {
                    *count += 1;
                }
                self.blocks.push(block);
            }
            '}' => {
                // Where none is open there is none to close.
                if let Some(count) = self.blocks.pop().and_then(|block| self.open.of(block)) {
                    *count -= 1;
                }
                if self.begun.is_some_and(|at| self.blocks.len() <= at) {
                    self.pending(None);
                }
            }
            '=' | ' ' | '\t' | '\r' => {}
            _ => self.assigned = None,
        }
    }
}

/// An address without a person's name and word; unknown where it is computed.
fn plain(address: &str) -> String {
    let Ok(mut url) = url::Url::parse(address) else { return UNKNOWN.to_owned() };
    if address.contains('$') || !matches!(url.scheme(), "https" | "http") {
        return UNKNOWN.to_owned();
    }
    let _ = (url.set_username(""), url.set_password(None));
    url.set_query(None);
    url.set_fragment(None);
    url.as_str().trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_script_are_read_and_nothing_is_computed() {
        let script = read(
            br#"
            plugins { id "java" }
            group = 'org.acme' // the group
            version "1.2.3"
            /* implementation "in.a:comment:1" */
            repositories { mavenCentral(); google(); maven { url = uri("https://u:w@repo.example/m2/") }; maven(url) }
            publishing { repositories { maven { url "https://publish.example" } } }
            buildscript { repositories { maven { url "https://plugins.gradle.org/m2/" }; jcenter() } }
            dependencies {
                implementation "a.b:c:1.0"
                testImplementation group: 'x', name: 'y', version: '1'
                api(libs.kotlin.stdLib)
                implementation("a.b:d:$version")
            }
            def x = 'it\'s'
            "#,
        );
        assert_eq!(script.modules.iter().collect::<Vec<_>>(), ["a.b:c", "a.b:d"]);
        assert_eq!(script.accessors.iter().collect::<Vec<_>>(), ["kotlin.stdlib"]);
        assert_eq!(script.repositories, ["https://repo.example/m2", "unknown"]);
        assert_eq!(script.plugin_repositories, ["https://jcenter.bintray.com"]);
        assert!(script.google);
        assert_eq!((script.group.as_deref(), script.version.as_deref()), (Some("org.acme"), Some("1.2.3")));
        for (text, expected) in [
            ("repositories { maven { url 'ftp://x' } }", &["unknown"][..]),
            ("repositories { maven { url \"https://$host/x\" } }", &["unknown"]),
            ("repositories { ivy { } }", &["unknown"]),
            ("repositories { maven {", &["unknown"]),
            ("repositories { mavenLocal() }", &["unknown"]),
            ("repositories { maven { url 'https://repo1.maven.org/maven2' } }", &[]),
            ("maven { url 'https://x.example' }", &[]),
            (
                "repositories { maven { url 'https://a.example' } ; maven { url 'https://a.example' } }",
                &["https://a.example"],
            ),
            ("\"\"\"repositories { mavenLocal() }\"\"\"", &[]),
            ("'unclosed\nrepositories { flatDir { } }", &["unknown"]),
            ("publishing { } repositories { mavenLocal() }", &["unknown"]),
            ("publishing { x { } } } } repositories { mavenLocal() }", &["unknown"]),
            ("repositories { publishing { mavenLocal() } }", &[]),
            ("repositories { } mavenLocal()", &[]),
            ("", &[]),
        ] {
            assert_eq!(read(text.as_bytes()).repositories, expected, "{text}");
        }
        // What lies deeper than is looked at may be anything, wherever it lies.
        let deep = |count: usize| format!("publishing {{ {} repositories {{ mavenLocal() }}", "x {".repeat(count));
        assert_eq!(read(deep(DEEPEST - 2).as_bytes()).repositories, [""; 0]);
        assert_eq!(read(deep(DEEPEST - 1).as_bytes()).repositories, ["unknown"]);
        assert_eq!(read(deep(100_000).as_bytes()).repositories, ["unknown"]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}", words in "(repositories|maven|url|\\{|\\}|'|\"\"\"|//|/\\*|\\\\|libs\\.a| |\n|ä|group=){0,40}") {
            let _ = (read(text.as_bytes()), read(words.as_bytes()), read(&[0xff, b'"', 0xfe]));
        }
    }
}
