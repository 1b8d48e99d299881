//! What the files of the tree are, and whether a person can read them: programs, objects, archives, squeezed code, text that shows itself
//! otherwise than it is, and names that are taken for others.

mod formats;
mod hidden;
mod names;

use plimsoll_model::{Assurance, Kind, Subject, one_line, plural};
use plimsoll_snapshot::{Entry, ReadError};
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use super::submodules;
use crate::{Collector, Context, Gathered, PathClass};
use formats::Group;
use hidden::Hidden;

/// Bytes of one file.
const LARGEST: u64 = 32 * 1024 * 1024;
/// Facts of one kind; more are counted.
const MOST: usize = 2_000;
/// Bytes in which the header of a licence is sought.
const HEADER: usize = 4096;

/// A file that no person reads line by line.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct OpaqueFileFact {
    /// Where it is.
    path: String,
    /// What it is, by its bytes.
    format: &'static str,
    /// `executable`, `object`, `archive`, `script`, `minified` or `data`.
    group: &'static str,
    /// What the end of its name promises in place of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    claims: Option<String>,
    /// Class of the path.
    class: PathClass,
}

/// A text that shows itself otherwise than it is.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct HiddenTextFact {
    /// Where it is.
    path: String,
    /// The first line that has it.
    line: u64,
    /// How many lines have it.
    lines: u64,
    /// `direction`, `invisible`, `carrier` or `mixed-scripts`.
    what: &'static str,
    /// The letters, by their numbers in Unicode.
    letters: Vec<String>,
    /// Class of the path.
    class: PathClass,
}

/// A name that is not what it looks like, or that is taken for another.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct OddNameFact {
    /// The path.
    path: String,
    /// `case`, `lookalike`, `hidden`, `control` or `git-folder`.
    what: &'static str,
    /// The path that it is taken for.
    #[serde(skip_serializing_if = "Option::is_none")]
    other: Option<String>,
    /// Class of the path.
    class: PathClass,
}

/// How many files there are of each sort.
#[derive(Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct FileTotalsFact {
    /// Files that were read.
    files: u64,
    /// Source code, by the ends of names.
    sources: u64,
    /// Source code that a program wrote, by its first lines.
    generated: u64,
    /// Source code whose first lines name a licence by its SPDX identifier.
    licensed: u64,
    /// Is there a folder `LICENSES`, as REUSE asks for?
    reuse: bool,
}

const OPAQUE_FILE: Kind = Kind::of::<OpaqueFileFact>(
    "opaque-file",
    "A file that no person reads line by line: compiled, packed, squeezed or data.",
)
.once_for(&["path"]);
const HIDDEN_TEXT: Kind =
    Kind::of::<HiddenTextFact>("hidden-text", "A text with letters that nobody sees or that look like others.")
        .once_for(&["path", "what"]);
const ODD_NAME: Kind =
    Kind::of::<OddNameFact>("odd-name", "A file name that is taken for another or is not what it looks like.")
        .once_for(&["path", "what"]);
const FILE_TOTALS: Kind = Kind::of::<FileTotalsFact>("file-totals", "How many files there are of each sort.").once();

/// Files.
pub struct Files;

impl Collector for Files {
    fn name(&self) -> &'static str {
        "files"
    }

    fn about(&self) -> &'static str {
        "Programs, archives and squeezed code in the tree, text and names that are not what they look like."
    }

    fn states(&self) -> &'static [Kind] {
        const { &[OPAQUE_FILE, HIDDEN_TEXT, ODD_NAME, FILE_TOTALS] }
    }

    fn is_of_the_commit(&self) -> bool {
        true
    }

    fn collect(&self, cx: &Context<'_>) -> Vec<Gathered> {
        let files: Vec<&Entry> = cx.snapshot.entries().iter().filter(|entry| entry.is_file()).collect();
        let looks: Vec<Result<Look, ReadError>> = files
            .par_iter()
            .map(|entry| cx.snapshot.read(entry, LARGEST).map(|bytes| look(&bytes, entry.name())))
            .collect();
        let read = looks.iter().filter(|look| look.is_ok()).count() as u64;
        let names = names(cx);
        let gathered = [OPAQUE_FILE, HIDDEN_TEXT, FILE_TOTALS].map(|kind| Gathered::searched(&kind, "files", read));
        let [mut opaque, mut hidden, mut totals] = gathered;
        if let Some((entry, error)) =
            files.iter().zip(&looks).find_map(|(entry, look)| Some((entry, look.as_ref().err()?)))
            && read == 0
        {
            let reason =
                format!("none of {} could be read ({}: {error})", plural(files.len(), "file", "files"), entry.path);
            let none = [OPAQUE_FILE, HIDDEN_TEXT, FILE_TOTALS]
                .map(|kind| Gathered::unavailable(&kind, "files", reason.as_str()));
            return none.into_iter().chain([names]).collect();
        }
        for gathered in [&mut opaque, &mut hidden, &mut totals] {
            say_what_was_not_read(cx, &files, &looks, gathered);
        }
        state(cx, &files, &looks, [&mut opaque, &mut hidden, &mut totals]);
        vec![opaque, hidden, names, totals]
    }
}

/// What one file shows.
struct Look {
    /// Its format, its group, and what its name promises.
    opaque: Option<(&'static str, &'static str, Option<String>)>,
    hidden: Vec<Hidden>,
    is_source: bool,
    is_generated: bool,
    is_licensed: bool,
}

fn look(bytes: &[u8], name: &str) -> Look {
    let format = formats::of(bytes, name);
    let ending = formats::ending(name);
    let claims = formats::claims(bytes, format, &ending).map(ToOwned::to_owned);
    let mut look = Look { opaque: None, hidden: Vec::new(), is_source: false, is_generated: false, is_licensed: false };
    let language = plimsoll_sources::languages::of(name);
    look.opaque = match format {
        Some((format, Group::Executable)) => Some((format, "executable", claims)),
        Some((format, Group::Object)) => Some((format, "object", claims)),
        Some((format, Group::Archive)) => Some((format, "archive", claims)),
        None if claims.is_some() => Some(("script", "script", claims)),
        None if formats::is_data(bytes) => Some(("unknown", "data", None)),
        Some((_, Group::Media)) | None => None,
    };
    if look.opaque.is_some() || format.is_some() {
        return look;
    }
    // Text in another encoding is looked at as far as it is UTF-8.
    let text = String::from_utf8_lossy(bytes);
    // Translations of Qt end as TypeScript does, and are prose.
    let language = language.and_then(|language| plimsoll_sources::languages::looked_at(language, &text));
    let is_code = language.is_some() || is_build_file(name);
    look.hidden = hidden::find(&text, is_code);
    if language.is_some() {
        look.is_source = true;
        look.is_generated = plimsoll_sources::languages::is_generated(name, &text);
        let head = bytes.get(..bytes.len().min(HEADER)).unwrap_or_default();
        look.is_licensed = memchr::memmem::find(head, b"SPDX-License-Identifier:").is_some();
    }
    if is_squeezed(bytes, &ending) {
        look.opaque = Some(("minified", "minified", None));
    }
    look
}

/// Files without the ending of a language that are run all the same.
fn is_build_file(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    matches!(
        lower.as_str(),
        "makefile"
            | "gnumakefile"
            | "dockerfile"
            | "containerfile"
            | "justfile"
            | "rakefile"
            | "gemfile"
            | "jenkinsfile"
            | "cmakelists.txt"
            | "build"
            | "build.bazel"
            | "workspace"
            | "meson.build"
            | "configure"
            | "configure.ac"
    ) || matches!(
        formats::ending(&lower).as_str(),
        "toml"
            | "gradle"
            | "cmake"
            | "mk"
            | "m4"
            | "am"
            | "in"
            | "nix"
            | "tf"
            | "bzl"
            | "sql"
            | "proto"
            | "bat"
            | "cmd"
            | "css"
            | "scss"
    )
}

/// Scripts and styles that were squeezed into few lines: what a person reads has lines of at most some hundred letters.
fn is_squeezed(bytes: &[u8], ending: &str) -> bool {
    if !matches!(ending, "js" | "mjs" | "cjs" | "css") || bytes.len() < 2000 {
        return false;
    }
    // Data in a line of its own, as a picture in base64, is long and no code: the longest line is left out.
    let (mut lines, mut longest) = (0, 0);
    for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        lines += 1;
        longest = longest.max(line.len());
    }
    let rest = bytes.len().saturating_sub(if lines > 20 { longest } else { 0 });
    lines > 0 && rest / lines > 300
}

/// Says which files were not looked into.
fn say_what_was_not_read(
    cx: &Context<'_>,
    files: &[&Entry],
    looks: &[Result<Look, ReadError>],
    gathered: &mut Gathered,
) {
    let unread: Vec<_> =
        files.iter().zip(looks).filter_map(|(entry, look)| Some((entry, look.as_ref().err()?))).collect();
    let (counted, others): (Vec<_>, Vec<_>) =
        unread.into_iter().partition(|(entry, _)| is_of_source(class(cx, &entry.path)));
    if let Some((entry, error)) = counted.first() {
        let all = plural(files.len(), "file", "files");
        gathered.gap(format!("{} of {all} could not be read ({}: {error})", counted.len(), entry.path));
    }
    if let Some((entry, error)) = others.first() {
        gathered.limitation(format!(
            "{} of the files of tests, examples and documentation could not be read ({}: {error}).",
            others.len(),
            entry.path
        ));
    }
    if let Some(gap) = cx.snapshot.tree_gap() {
        gathered.gap(gap);
    }
    if let Some(gap) = submodules(cx, is_of_source) {
        gathered.gap(gap);
    }
}

/// Is it of the product, of what it carries, or of what builds it?
const fn is_of_source(class: PathClass) -> bool {
    matches!(class, PathClass::Shipped | PathClass::Vendored | PathClass::Tool)
}

fn class(cx: &Context<'_>, path: &str) -> PathClass {
    cx.classes.within_copy(path)
}

/// States what the files show. Those of the product come first where there are more than are listed.
fn state(cx: &Context<'_>, files: &[&Entry], looks: &[Result<Look, ReadError>], gathered: [&mut Gathered; 3]) {
    let [opaque, hidden, totals] = gathered;
    let mut seen: Vec<(PathClass, &Entry, &Look)> = files
        .iter()
        .zip(looks)
        .filter_map(|(entry, look)| Some((class(cx, &entry.path), *entry, look.as_ref().ok()?)))
        .collect();
    seen.sort_by_key(|(class, entry, _)| (*class, &entry.path));
    let mut total = FileTotalsFact {
        files: seen.len() as u64,
        reuse: cx.snapshot.entries().iter().any(|entry| entry.path.starts_with("LICENSES/")),
        ..FileTotalsFact::default()
    };
    let (mut opaque_left, mut hidden_left) = (0_usize, 0_usize);
    for (class, entry, look) in seen {
        total.sources += u64::from(look.is_source);
        total.generated += u64::from(look.is_generated);
        total.licensed += u64::from(look.is_licensed);
        if let Some((format, group, claims)) = &look.opaque {
            // Data of tests is what tests are for: how much of it there is says nothing.
            if *group == "data" && !is_of_source(class) {
                continue;
            }
            if opaque.facts().len() < MOST {
                let fact = OpaqueFileFact { path: entry.path.clone(), format, group, claims: claims.clone(), class };
                opaque.push(Subject::path(&entry.path), Assurance::Observed, &fact, vec![entry.pointer()]);
            } else {
                opaque_left += 1;
            }
        }
        for Hidden { what, line, lines, letters } in &look.hidden {
            if hidden.facts().len() < MOST {
                let (path, letters) = (entry.path.clone(), letters.clone());
                let fact = HiddenTextFact { path, line: *line, lines: *lines, what: what.as_str(), letters, class };
                hidden.push(
                    Subject::path(&entry.path),
                    Assurance::Observed,
                    &fact,
                    vec![entry.pointer().at_line(*line)],
                );
            } else {
                hidden_left += 1;
            }
        }
    }
    for (gathered, left) in [(opaque, opaque_left), (hidden, hidden_left)] {
        if left > 0 {
            gathered.gap(format!("{left} more files were found than the {MOST} that are listed"));
        }
        gathered.limitation(
            "Programs are known by their first bytes, squeezed code by the length of its lines, hidden text in UTF-8 alone; what is in packed files \
             is not seen, and files of tests, examples and documentation are listed and do not count.",
        );
    }
    totals.push(Subject::repository(), Assurance::Observed, &total, Vec::new());
}

/// The names of all files, links and submodules.
fn names(cx: &Context<'_>) -> Gathered {
    let entries = cx.snapshot.entries();
    let paths: Vec<&str> = entries.iter().map(|entry| entry.path.as_str()).collect();
    let mut gathered = Gathered::searched(&ODD_NAME, "file names", paths.len() as u64);
    if let Some(gap) = cx.snapshot.tree_gap() {
        gathered.gap(gap);
    }
    let odd = names::find(&paths);
    if let Some(more) = odd.len().checked_sub(MOST).filter(|more| *more > 0) {
        gathered.gap(format!("{more} more names were found than the {MOST} that are listed"));
    }
    for names::Odd { place, what, other } in odd.into_iter().take(MOST) {
        let Some(entry) = entries.get(place) else { continue };
        let other = other.and_then(|other| entries.get(other)).map(|other| one_line(&other.path));
        let fact = OddNameFact { path: entry.path.clone(), what: what.as_str(), other, class: class(cx, &entry.path) };
        gathered.push(Subject::path(&entry.path), Assurance::Observed, &fact, vec![entry.pointer()]);
    }
    gathered.limitation(
        "Names are compared without letter case and by the letters of Cyrillic, Greek, Armenian and Cherokee that look like Latin ones, and by no \
         other likeness.",
    );
    gathered
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_anything(bytes: &[u8]) {
    let name = String::from_utf8_lossy(bytes.get(..bytes.len().min(40)).unwrap_or_default()).into_owned();
    for name in [name.as_str(), "a.js", "a.rs", "a.png", "a.md"] {
        let _ = look(bytes, name);
    }
    let text = String::from_utf8_lossy(bytes);
    let _ = names::find(&text.split('\n').collect::<Vec<_>>());
}

#[cfg(test)]
mod tests;
