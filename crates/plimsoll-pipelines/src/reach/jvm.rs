//! What Maven and Gradle test: the modules of a build, where they look for tests.
//!
//! Sources: Maven, "Introduction to the POM" and "Standard Directory Layout"; Gradle, "Multi-Project Builds".

use std::collections::BTreeMap;

use crate::{
    tool_config::jvm::{is_plain_gradle, is_plain_pom, tagged, without},
    tree,
    tree::Tree,
};

/// Modules of one build.
const MOST_MODULES: usize = 500;
const GRADLE: &[&str] = &["build.gradle", "build.gradle.kts"];

/// A module of a build: the folders of its tests, or why none of them runs.
type Module = Result<Vec<String>, String>;

/// The modules of a build by their folders; absent where nothing says which they are.
pub(super) struct Build {
    modules: BTreeMap<String, Module>,
    /// Names of build files: a folder with one that is no module is none of the build.
    files: &'static [&'static str],
    /// The text that names the modules of Gradle.
    settings: Option<String>,
}

impl Build {
    pub(super) fn read(tree: &dyn Tree, folder: &str, name: &str) -> Option<Self> {
        match name {
            "mvn" => maven(tree, folder),
            "gradle" => gradle(tree, folder),
            _ => None,
        }
    }

    /// Why the build does not test what a file holds.
    pub(super) fn leaves_out(&mut self, tree: &dyn Tree, path: &str) -> Option<String> {
        let is_module = |folder: &str| {
            self.modules.contains_key(folder) || self.files.iter().any(|name| tree.has(&at(folder, name)))
        };
        let folder = std::iter::successors(path.rsplit_once('/').map(|(folder, _)| folder).or(Some("")), |folder| {
            (!folder.is_empty()).then(|| folder.rsplit_once('/').map_or("", |(above, _)| above))
        })
        .find(|folder| is_module(folder))?;
        if let Some(settings) = &self.settings
            && !self.modules.contains_key(folder)
        {
            let module = of_gradle(tree, folder, settings);
            self.modules.insert(folder.to_owned(), module);
        }
        match self.modules.get(folder) {
            None => Some(format!("{} is no module of the build", shown(folder))),
            Some(Err(reason)) => Some(reason.clone()),
            Some(Ok(places)) => {
                let inside = places.is_empty() || places.iter().any(|place| super::is_in(place, path));
                (!inside).then(|| format!("{path} is not where the build looks for tests"))
            }
        }
    }
}

fn at(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn shown(folder: &str) -> &str {
    if folder.is_empty() { "the folder at the top" } else { folder }
}

/// Without a `pom.xml` Maven fails, and what fails lets no change pass unseen.
fn maven(tree: &dyn Tree, folder: &str) -> Option<Build> {
    if !tree.has(&at(folder, "pom.xml")) {
        return None;
    }
    let mut modules = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        let pom = at(&folder, "pom.xml");
        if modules.contains_key(&folder) || modules.len() >= MOST_MODULES {
            continue;
        }
        let Some(text) = tree.text(&pom) else { continue };
        let Ok(text) = text else {
            modules.insert(folder, Err(format!("{pom} was not read")));
            continue;
        };
        let plain = is_plain_pom(tree, &text);
        // A profile is active where somebody says so.
        let text = without(&without(&text, "<!--", "-->"), "<profiles>", "</profiles>");
        let names = tagged(&text, "module").into_iter().map(|name| name.trim_end_matches("/pom.xml"));
        waiting.extend(names.take(MOST_MODULES).filter_map(|name| tree::join(&folder, name)));
        let packaging = tagged(&text, "packaging").first().copied().unwrap_or("jar");
        let module = if packaging == "pom" {
            Err(format!("{pom} has packaging pom, which tests nothing"))
        } else if !plain {
            Err(format!("{pom} has a setting that is not understood"))
        } else if packaging.contains("test") || text.contains("add-test-source") {
            Ok(Vec::new())
        } else {
            let own = tagged(&text, "testSourceDirectory").first().copied().unwrap_or("src/test");
            let own =
                ["${project.basedir}/", "${basedir}/"].iter().find_map(|start| own.strip_prefix(start)).unwrap_or(own);
            tree::join(&folder, own)
                .map(|place| vec![place])
                .ok_or_else(|| format!("where {pom} looks for tests is not known"))
        };
        modules.insert(folder, module);
    }
    Some(Build { modules, files: &["pom.xml"], settings: None })
}

fn gradle(tree: &dyn Tree, folder: &str) -> Option<Build> {
    let read = |name: &str| tree.text(&at(folder, name)).and_then(Result::ok);
    let settings = read("settings.gradle").or_else(|| read("settings.gradle.kts"));
    if settings.is_none() && !GRADLE.iter().any(|name| tree.has(&at(folder, name))) {
        return None;
    }
    let settings: String = settings
        .unwrap_or_default()
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect();
    // The settings of the folder itself are looked at where every tool's are.
    Some(Build {
        modules: BTreeMap::from([(folder.to_owned(), Ok(Vec::new()))]),
        files: GRADLE,
        settings: Some(settings),
    })
}

/// A folder with a build file of its own: is it named, and plain?
fn of_gradle(tree: &dyn Tree, folder: &str, settings: &str) -> Module {
    let name = folder.rsplit('/').next().unwrap_or(folder);
    let named = settings.split(|c: char| !(c.is_alphanumeric() || "-_.".contains(c))).any(|word| word == name);
    if !named {
        return Err(format!("{} is no module of the build", shown(folder)));
    }
    let odd = GRADLE
        .iter()
        .map(|name| at(folder, name))
        .find(|path| tree.text(path).is_some_and(|text| !text.is_ok_and(|text| is_plain_gradle(tree, folder, &text))));
    odd.map_or(Ok(Vec::new()), |path| Err(format!("{path} has a setting that is not understood")))
}
