//! One requirements file as it is written.
//!
//! Source: pip docs, "Requirements File Format"; pip-tools, annotations `via`.

use plimsoll_model::{excerpt, tree_path};

use super::{entries, names::Requirement, sources};
use crate::{
    component::Origin,
    ecosystem::locked::graph::{Usage, Want},
    hash::Hash,
    tree_file::SourceFile,
};

/// One requirement of a file.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// As it stands there, without digests.
    pub text: String,
    pub what: What,
    pub hashes: Vec<Hash>,
    /// Who asks for it, by the remark of the tool that wrote the file: names, or other files.
    pub via: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    /// From an index, or from the address that it names.
    Named(Requirement),
    /// From an address without a name, or with one behind `#egg=`.
    Address { name: Option<String>, address: String },
    /// A folder or an archive beside the file.
    Path { place: Option<String>, is_archive: bool },
    /// Not understood.
    Unknown,
}

impl Line {
    pub fn wanted(&self, name: String, usage: Usage) -> Want {
        match &self.what {
            What::Named(one) => Want { name, ..one.wanted(usage, false) },
            _ => Want { name, requirement: "@".to_owned(), usage, optional: false },
        }
    }
}

/// One file that was read.
#[derive(Clone, Debug, Default)]
pub(super) struct Requirements {
    pub lines: Vec<Line>,
    /// Paths of the tree that it takes in, and whether they only bound versions; `None` is what is not of the tree.
    pub included: Vec<(Option<String>, bool)>,
    /// Where packages come from, where it says so: nothing where that is not understood.
    pub indexes: Vec<Option<Origin>>,
    /// Options that were not understood, or that let something else be installed.
    pub odd: Vec<String>,
}

/// Reads one.
pub(super) fn parse(file: &SourceFile) -> Result<Requirements, String> {
    let text = std::str::from_utf8(&file.bytes).map_err(|_| "it is not UTF-8")?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let folder = tree_path::folder(&file.path);
    let mut all = Requirements::default();
    let mut joined = String::new();
    let mut in_via = false;
    for line in text.lines() {
        let plain = line.trim();
        if let Some(remark) = plain.strip_prefix('#').filter(|_| joined.is_empty()) {
            // Behind an entry: `# via NAME`, or `# via` and one name a line.
            let remark = remark.trim();
            let names = match remark.strip_prefix("via") {
                Some(rest) if rest.is_empty() || rest.starts_with(' ') => {
                    in_via = line.starts_with(char::is_whitespace);
                    rest.trim()
                }
                _ if in_via && line.starts_with(char::is_whitespace) => remark,
                _ => {
                    in_via = false;
                    continue;
                }
            };
            if in_via && let Some(last) = all.lines.last_mut() {
                last.via.extend(names.split(',').map(str::trim).filter(|name| !name.is_empty()).map(ToOwned::to_owned));
            }
            continue;
        }
        in_via = false;
        let goes_on = line.ends_with('\\');
        joined += line.strip_suffix('\\').unwrap_or(line);
        if goes_on {
            joined.push(' ');
            continue;
        }
        all.line(&joined, folder);
        joined.clear();
    }
    all.line(&joined, folder);
    Ok(all)
}

impl Requirements {
    /// Folders of the tree that it asks for.
    pub fn places(&self) -> impl Iterator<Item = &String> {
        self.lines.iter().filter_map(|line| match &line.what {
            What::Path { place, is_archive: false } => place.as_ref(),
            _ => None,
        })
    }

    /// Takes in one line, with those that it goes on in.
    fn line(&mut self, line: &str, folder: &str) {
        // A remark begins a line or stands behind a space.
        let end = line.char_indices().find(|(at, letter)| {
            *letter == '#'
                && line.get(..*at).is_some_and(|before| before.is_empty() || before.ends_with(char::is_whitespace))
        });
        let remark = end.and_then(|(at, _)| line.get(at + 1..)).unwrap_or_default().trim();
        let line = end.and_then(|(at, _)| line.get(..at)).unwrap_or(line).trim();
        if line.is_empty() {
            return;
        }
        if line.starts_with('-') {
            self.option(line, folder);
            return;
        }
        self.requirement(line, folder);
        if let (Some(rest), Some(last)) = (remark.strip_prefix("via "), self.lines.last_mut()) {
            last.via.extend(rest.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()));
        }
    }

    fn option(&mut self, line: &str, folder: &str) {
        let end = line.find(|letter: char| letter == '=' || letter.is_whitespace()).unwrap_or(line.len());
        let (name, value) = line.split_at(end);
        let value = value.trim_start_matches(['=', ' ', '\t']).trim();
        // A short one may have its value right behind it.
        let (name, value) = match name.get(..2) {
            Some(short) if !name.starts_with("--") && name.len() > 2 => {
                (short, line.get(2..).unwrap_or_default().trim())
            }
            _ => (name, value),
        };
        match name {
            "-r" | "--requirement" => self.included.push((tree_path::join(folder, value), false)),
            "-c" | "--constraint" => self.included.push((tree_path::join(folder, value), true)),
            "-e" | "--editable" => self.requirement(value, folder),
            "-i" | "--index-url" | "--pypi-url" | "--extra-index-url" => self.indexes.push(sources::index(value)),
            "-f" | "--find-links" => self.indexes.push(None),
            "--no-index" => self.odd.push(name.to_owned()),
            "--pre" | "--hash" | "--require-hashes" | "--prefer-binary" | "--no-binary" | "--only-binary"
            | "--trusted-host" | "--use-feature" | "--no-cache-dir" | "--no-deps" | "--progress-bar" => {}
            _ => self.odd.push(excerpt(name, 40)),
        }
    }

    fn requirement(&mut self, line: &str, folder: &str) {
        let mut hashes = Vec::new();
        let mut is_odd = false;
        let mut words = Vec::new();
        let mut in_options = false;
        for word in line.split_whitespace() {
            in_options |= word.starts_with("--");
            match word.strip_prefix("--hash").map(|hash| hash.trim_start_matches('=')) {
                Some(hash) if !hash.is_empty() => match entries::hashes(std::iter::once(hash)) {
                    Ok(one) => hashes.extend(one),
                    Err(_) => is_odd = true,
                },
                Some(_) => {}
                None if in_options => hashes.extend(word.parse::<Hash>()),
                None => words.push(word),
            }
        }
        let text = words.join(" ");
        let what = if is_odd { What::Unknown } else { what(&text, folder) };
        self.lines.push(Line { text, what, hashes, via: Vec::new() });
    }
}

/// What a requirement means: a name comes first, then an address, then a path.
fn what(text: &str, folder: &str) -> What {
    if let Some(one) = Requirement::of(text)
        && !is_path(text)
    {
        return What::Named(one);
    }
    let text = text.split(" ;").next().unwrap_or(text).trim();
    if text.contains("://") || text.starts_with("git+") {
        let mut fragment = text.split('#').nth(1).into_iter().flat_map(|rest| rest.split('&'));
        let name = fragment.find_map(|part| part.strip_prefix("egg="));
        let name = name.and_then(Requirement::of).map(|one| one.name);
        if let Some(path) = text.strip_prefix("file:") {
            let path = path.trim_start_matches("//");
            return What::Path { place: tree_path::join(folder, path), is_archive: is_archive(path) };
        }
        return What::Address { name, address: text.to_owned() };
    }
    let path = text.split(['[', '#', ';']).next().unwrap_or(text).trim().trim_start_matches("file:");
    if is_path(path) {
        return What::Path { place: tree_path::join(folder, path), is_archive: is_archive(path) };
    }
    What::Unknown
}

fn is_path(text: &str) -> bool {
    let path = text.split(['[', '#', ';', ' ']).next().unwrap_or(text);
    !text.contains('@') && (path.contains('/') || path.starts_with('.') || is_archive(path))
}

fn is_archive(path: &str) -> bool {
    [".whl", ".tar.gz", ".zip", ".tgz", ".tar.bz2"].iter().any(|ending| path.ends_with(ending))
}
