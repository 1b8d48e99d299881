//! Which files of the tree an image carries, by its Dockerfile: what the last stage copies, from the tree or from another stage.
//!
//! Commands are not followed: what `RUN` moves or removes stays in the layer below. What a variable without a value names is
//! not known.
//!
//! Source: Dockerfile reference (COPY, ADD, FROM, WORKDIR, ARG, ENV, here-documents); "`.dockerignore` files".

use std::collections::BTreeMap;

use globset::GlobBuilder;

use super::{
    Delivery,
    lists::{List, Root, above, below},
};
use crate::paths::{graph::Tree, join};

/// Images that are read; instructions of one; places of a file in one stage.
const MOST: usize = 100;
const MOST_INSTRUCTIONS: usize = 1000;
const MOST_PLACES: usize = 50;
/// Words of names under which images and stages for work on the product go.
const WORK: &[&str] = &[
    "dev",
    "devel",
    "development",
    "devcontainer",
    "test",
    "tests",
    "testing",
    "ci",
    "debug",
    "lint",
    "e2e",
    "bench",
    "fuzz",
    "docs",
];

/// What one Dockerfile says.
pub(super) struct Image {
    path: String,
    stages: Vec<Stage>,
    /// Folders that may be what it is built from, with what is left out there.
    contexts: Vec<(String, Option<List>)>,
}

#[derive(Default)]
struct Stage {
    name: String,
    from: String,
    copies: Vec<Copied>,
}

struct Copied {
    from: Option<String>,
    sources: Vec<String>,
    target: String,
    without: List,
}

/// Where a file is in a stage; `None` where a variable names the place.
type Places = Vec<Option<String>>;

pub(super) fn images(tree: &Tree<'_>, ships: &dyn Fn(&str) -> bool) -> Vec<Image> {
    let files = tree.paths.iter().copied().filter(|path| is_dockerfile(path) && ships(path)).take(MOST);
    files.filter_map(|path| Some(Image::of(tree, path, &(tree.read)(path)?))).collect()
}

fn is_dockerfile(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let stem = name.split('.').next().unwrap_or_default();
    let ending = name.rsplit('.').next().unwrap_or_default();
    (["dockerfile", "containerfile"].iter().any(|word| stem == *word || ending == *word))
        && !name.ends_with(".dockerignore")
}

/// Is one of the words of a name one for work on the product?
fn is_for_work(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.split(|letter: char| !letter.is_ascii_alphanumeric()).any(|word| WORK.contains(&word))
}

impl Image {
    fn of(tree: &Tree<'_>, path: &str, text: &str) -> Self {
        let own = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut folders = vec![String::new()];
        folders.extend((!own.is_empty()).then(|| own.to_owned()));
        let ignored = |folder: &str| {
            let here = join(folder, ".dockerignore").unwrap_or_default();
            let text = (tree.read)(&format!("{path}.dockerignore")).or_else(|| (tree.read)(&here))?;
            Some(List::of(text.lines(), Root::Here))
        };
        let contexts = folders.into_iter().map(|folder| (folder.clone(), ignored(&folder))).collect();
        Self { path: path.to_owned(), stages: stages(text), contexts }
    }

    /// Does the image carry the file?
    pub(super) fn delivery(&self, path: &str) -> Delivery {
        let mut found: Vec<Delivery> = Vec::new();
        for (folder, ignored) in &self.contexts {
            let Some(inside) = below(path, folder) else { continue };
            if ignored.as_ref().is_some_and(|list| list.takes(inside)) {
                continue;
            }
            found.push(self.in_context(inside));
        }
        let yes = found.iter().filter(|one| matches!(one, Delivery::Yes(_))).count();
        // Of two folders that it may be built from, both have to say so.
        if yes == self.contexts.len() && !is_for_work(&self.path) {
            return Delivery::Yes(format!("{} copies it into the image", self.path));
        }
        if yes > 0 {
            return Delivery::Unknown(format!("{} may copy it into an image", self.path));
        }
        found.into_iter().find(|one| *one != Delivery::No).unwrap_or(Delivery::No)
    }

    fn in_context(&self, inside: &str) -> Delivery {
        let mut places: Vec<Places> = Vec::new();
        for stage in &self.stages {
            let mut here = self.of_stage(&stage.from, &places).cloned().unwrap_or_default();
            for copied in &stage.copies {
                match &copied.from {
                    None if copied.without.takes(inside) => {}
                    None => here.extend(copied.places(inside)),
                    Some(from) => {
                        for place in self.of_stage(from, &places).into_iter().flatten() {
                            match place {
                                Some(place) => here.extend(copied.places(place.trim_start_matches('/'))),
                                None => here.push(None),
                            }
                        }
                    }
                }
            }
            here.sort();
            here.dedup();
            here.truncate(MOST_PLACES);
            places.push(here);
        }
        let Some((last, before)) = places.split_last() else { return Delivery::No };
        let name = self.stages.last().map_or("", |stage| stage.name.as_str());
        let path = &self.path;
        if last.iter().any(Option::is_some) && !is_for_work(name) {
            return Delivery::Yes(String::new());
        }
        if !last.is_empty() {
            return Delivery::Unknown(format!(
                "{path} may copy it into an image: what it copies is named by a variable"
            ));
        }
        // A stage that no other uses is an image of its own.
        let is_used = |name: &str, number: usize| {
            let number = number.to_string();
            let names = |one: &str| (!name.is_empty() && one == name) || one == number;
            self.stages.iter().any(|stage| {
                names(&stage.from) || stage.copies.iter().any(|copied| copied.from.as_deref().is_some_and(names))
            })
        };
        let other = before.iter().zip(&self.stages).enumerate().find(|(number, (places, stage))| {
            !places.is_empty() && !is_for_work(&stage.name) && !is_used(&stage.name, *number)
        });
        other.map_or(Delivery::No, |(_, (_, stage))| {
            Delivery::Unknown(format!("{path} copies it into the stage {}", plimsoll_model::one_line(&stage.name)))
        })
    }

    fn of_stage<'a>(&self, name: &str, places: &'a [Places]) -> Option<&'a Places> {
        let number = (0..places.len())
            .rev()
            .find(|number| self.stages.get(*number).is_some_and(|stage| stage.name == name && !name.is_empty()));
        places.get(number.or_else(|| name.parse().ok())?)
    }
}

impl Copied {
    /// Where a file that the copy takes in is afterwards. `inside` is its path from what it is copied from on.
    fn places(&self, inside: &str) -> Places {
        let mut places = Places::new();
        for source in &self.sources {
            if source.contains('$') {
                places.push(None);
                continue;
            }
            let Some(source) = join("", source.trim_start_matches('/')) else { continue };
            let taken = match GlobBuilder::new(&source).literal_separator(true).build() {
                _ if source.is_empty() => Some(""),
                Ok(glob) => {
                    let matcher = glob.compile_matcher();
                    above(inside).find(|part| matcher.is_match(part))
                }
                Err(_) => above(inside).find(|part| *part == source),
            };
            let Some(taken) = taken else { continue };
            if self.target.contains('$') {
                places.push(None);
                continue;
            }
            let into_folder = self.target.ends_with('/') || self.sources.len() > 1 || source.contains(['*', '?', '[']);
            let rest = match below(inside, taken) {
                Some(rest) => rest,
                None if into_folder => inside.rsplit('/').next().unwrap_or(inside),
                None => "",
            };
            places.push(Some(format!("{}/{rest}", self.target.trim_end_matches('/')).trim_end_matches('/').to_owned()));
        }
        places
    }
}

/// The stages of a Dockerfile, in their order.
fn stages(text: &str) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    let mut folders: BTreeMap<String, String> = BTreeMap::new();
    let mut folder = "/".to_owned();
    let mut variables: BTreeMap<String, String> = BTreeMap::new();
    for instruction in instructions(text) {
        let mut words = instruction.split_whitespace();
        let verb = words.next().unwrap_or_default().to_ascii_uppercase();
        let rest: Vec<String> = words.map(|word| with_values(word, &variables)).collect();
        match verb.as_str() {
            "FROM" => {
                let named: Vec<&String> = rest.iter().filter(|word| !word.starts_with("--")).collect();
                let from = named.first().map_or_else(String::new, |word| (*word).clone());
                let is_named = named.get(1).is_some_and(|word| word.eq_ignore_ascii_case("as"));
                let name = named.get(2).filter(|_| is_named).map_or_else(String::new, |word| (*word).clone());
                if let Some(last) = stages.last() {
                    folders.insert(last.name.clone(), folder);
                }
                folder = folders.get(&from).filter(|_| !from.is_empty()).cloned().unwrap_or_else(|| "/".to_owned());
                stages.push(Stage { name, from, copies: Vec::new() });
            }
            "WORKDIR" => {
                if let Some(named) = rest.first() {
                    folder = absolute(&folder, named);
                }
            }
            "ARG" | "ENV" => {
                for word in &rest {
                    if let Some((name, value)) = word.split_once('=') {
                        variables.insert(name.to_owned(), value.trim_matches(['"', '\'']).to_owned());
                    }
                }
                if let [name, value] = rest.as_slice()
                    && verb == "ENV"
                    && !name.contains('=')
                {
                    variables.insert(name.clone(), value.clone());
                }
            }
            "COPY" | "ADD" => {
                if let Some(stage) = stages.last_mut() {
                    stage.copies.extend(copied(&rest, &folder));
                }
            }
            _ => {}
        }
    }
    stages
}

fn copied(words: &[String], folder: &str) -> Option<Copied> {
    let from = words.iter().find_map(|word| word.strip_prefix("--from=")).map(ToOwned::to_owned);
    let without = List::of(words.iter().filter_map(|word| word.strip_prefix("--exclude=")), Root::Here);
    let plain: Vec<&String> = words.iter().filter(|word| !word.starts_with("--")).collect();
    let joined = plain.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(" ");
    let named: Vec<String> = if joined.starts_with('[') {
        serde_json::from_str(&joined).ok()?
    } else {
        plain.into_iter().map(|word| word.trim_matches(['"', '\'']).to_owned()).collect()
    };
    let (target, sources) = named.split_last()?;
    // A here-document and an address are no files of the tree.
    let is_file =
        |source: &&String| !source.starts_with("<<") && !source.contains("://") && !source.starts_with("git@");
    let sources: Vec<String> = sources.iter().filter(is_file).cloned().collect();
    (!sources.is_empty()).then(|| Copied { from, sources, target: absolute(folder, target), without })
}

fn absolute(folder: &str, named: &str) -> String {
    let joined = if named.starts_with(['/', '$']) {
        named.to_owned()
    } else {
        format!("{}/{named}", folder.trim_end_matches('/'))
    };
    if joined.contains('$') {
        return joined;
    }
    let is_folder = joined.ends_with('/') || named == "." || named.ends_with("/.");
    let clean = join("", joined.trim_start_matches('/')).unwrap_or_default();
    if is_folder { format!("/{clean}/") } else { format!("/{clean}") }
}

/// The word with the values of variables that have one in the file.
fn with_values(word: &str, variables: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = word;
    while let Some(at) = rest.find('$') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let after = from.get(1..).unwrap_or_default();
        let in_braces = after.strip_prefix('{').and_then(|inside| inside.split_once('}'));
        let (name, default, length) = if let Some((inside, _)) = in_braces {
            let (name, default) = inside.split_once(":-").map_or((inside, None), |(name, value)| (name, Some(value)));
            (name, default, inside.len() + 3)
        } else {
            let length = after.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
            (after.get(..length).unwrap_or_default(), None, length + 1)
        };
        match variables.get(name).map(String::as_str).or(default) {
            Some(value) if out.len() < 4096 => out.push_str(value),
            _ => out.push_str(from.get(..length).unwrap_or(from)),
        }
        rest = from.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// Instructions without comments, continued lines put together, here-documents left out.
fn instructions(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut open = String::new();
    let mut until: Option<String> = None;
    for line in text.lines() {
        if let Some(end) = &until {
            if line.trim() == end {
                until = None;
            }
            continue;
        }
        let trimmed = line.trim();
        if trimmed.starts_with('#') || (trimmed.is_empty() && open.is_empty()) {
            continue;
        }
        match trimmed.strip_suffix('\\').or_else(|| trimmed.strip_suffix('`')) {
            Some(part) if open.len() < 64 * 1024 => {
                open.push_str(part);
                open.push(' ');
            }
            _ => {
                open.push_str(trimmed);
                let instruction = open.strip_prefix("ONBUILD ").unwrap_or(&open).to_owned();
                until = instruction.split_whitespace().find_map(|word| {
                    let name = word.strip_prefix("<<")?.trim_start_matches('-').trim_matches(['"', '\'']);
                    (!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
                        .then(|| name.to_owned())
                });
                all.push(instruction);
                open.clear();
            }
        }
        if all.len() >= MOST_INSTRUCTIONS {
            break;
        }
    }
    all
}
