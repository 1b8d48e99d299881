//! Authors, addresses and package names of the manifests at the root.

use serde_json::Value as Json;
use toml::{Table, Value as Toml};

use super::{Field, Profile, person, place};

pub(super) const PATHS: &[&str] = &["Cargo.toml", "pyproject.toml", "package.json", "composer.json"];
/// Authors that are named.
const MOST_AUTHORS: usize = 3;
/// Words for an author that name nobody in particular.
const CROWDS: &[&str] = &["contributors", "authors", "developers", "maintainers", "team"];

pub(super) fn is_manifest(path: &str) -> bool {
    PATHS.contains(&path)
}

pub(super) fn read(path: &str, text: &str, found: &mut Profile) {
    match path {
        "Cargo.toml" => _ = text.parse::<Table>().map(|table| cargo(path, text, &table, found)),
        "pyproject.toml" => _ = text.parse::<Table>().map(|table| pyproject(path, text, &table, found)),
        "package.json" => _ = serde_json::from_str(text).map(|value: Json| package(path, text, &value, found)),
        "composer.json" => _ = serde_json::from_str(text).map(|value: Json| composer(path, text, &value, found)),
        _ => {}
    }
}

fn cargo(path: &str, text: &str, table: &Table, found: &mut Profile) {
    let package = table.get("package");
    let inherited = table.get("workspace").and_then(|one| one.get("package"));
    let get = |key: &str| package.and_then(|one| one.get(key)).filter(|one| !one.is_table()).or(inherited?.get(key));
    let get = |key: &str| get(key).or_else(|| package.and_then(|one| one.get(key)));
    let authors = get("authors").and_then(Toml::as_array).map(Vec::as_slice).unwrap_or_default();
    people(path, text, "authors", authors.iter().filter_map(Toml::as_str), found);
    let address = |key: &str| get(key).and_then(Toml::as_str);
    addresses(path, text, address("homepage"), address("repository"), found);
    let kept_back =
        get("publish").is_some_and(|one| one.as_bool() == Some(false) || one.as_array().is_some_and(Vec::is_empty));
    if let Some(name) = package.and_then(|one| one.get("name")).and_then(Toml::as_str) {
        if !kept_back {
            purl(path, text, "cargo", name, found);
        }
        let has_program = table
            .get("bin")
            .and_then(Toml::as_array)
            .and_then(|all| all.first())
            .map(|one| one.get("name").and_then(Toml::as_str).unwrap_or(name).to_owned());
        if let Some(program) = has_program {
            let from = place(path, text, "[[bin]]", "[[bin]]");
            found.say(Field::Inside, &format!("the program {program}"), from, false);
        }
        let from = place(path, text, name, "name");
        found.say(Field::Inside, &format!("{NAME_OF_PACKAGE}{name}"), from, false);
    }
}

/// Put before the name of a package until it is known whether it is a program.
const NAME_OF_PACKAGE: &str = "the package ";

/// A package with a file that starts a program is one.
pub(super) fn programs<'a>(mut paths: impl Iterator<Item = &'a str>, found: &mut Profile) {
    let has_main = paths.any(|path| path == "src/main.rs" || path.starts_with("src/bin/"));
    let first = found.said.iter_mut().find(|one| one.field == Field::Inside);
    if let Some(one) = first.filter(|one| has_main && one.from.starts_with("Cargo.toml"))
        && let Some(name) = one.value.strip_prefix(NAME_OF_PACKAGE)
    {
        one.value = format!("the program {name}");
    }
    // One part is named: the first is the one that the root builds.
    let mut seen = false;
    found.said.retain(|one| one.field != Field::Inside || !std::mem::replace(&mut seen, true));
}

fn pyproject(path: &str, text: &str, table: &Table, found: &mut Profile) {
    let poetry = table.get("tool").and_then(|one| one.get("poetry"));
    let Some(project) = table.get("project").or(poetry) else { return };
    let list = |key: &str| project.get(key).and_then(Toml::as_array).map(Vec::as_slice).unwrap_or_default();
    let name_of = |one: &'_ Toml| one.as_str().or_else(|| one.get("name")?.as_str()).map(ToOwned::to_owned);
    for key in ["authors", "maintainers"] {
        let names: Vec<String> = list(key).iter().filter_map(name_of).collect();
        people(path, text, key, names.iter().map(String::as_str), found);
    }
    let urls = project.get("urls");
    let url = |names: &[&str]| {
        let all = urls.and_then(Toml::as_table)?;
        all.iter().find_map(|(key, value)| names.contains(&key.to_lowercase().as_str()).then(|| value.as_str())?)
    };
    let direct = |key: &str| project.get(key).and_then(Toml::as_str);
    addresses(
        path,
        text,
        url(&["homepage", "home"]).or_else(|| direct("homepage")),
        url(&["repository", "source", "source code", "github"]).or_else(|| direct("repository")),
        found,
    );
    if let Some(name) = direct("name") {
        // One with this classifier is refused by the registry.
        let is_private = list("classifiers").iter().filter_map(Toml::as_str).any(|one| one.starts_with("Private ::"));
        if !is_private {
            purl(path, text, "pypi", &name.to_lowercase().replace('_', "-"), found);
        }
        found.say(Field::Inside, &format!("{NAME_OF_PACKAGE}{name}"), place(path, text, name, "name"), false);
    }
    if direct("requires-python").is_some() {
        let from = place(path, text, "requires-python", "requires-python");
        found.say(Field::Platforms, "Python", from, false);
    }
}

fn package(path: &str, text: &str, value: &Json, found: &mut Profile) {
    let get = |key: &str| value.get(key).and_then(Json::as_str);
    let author = value.get("author").and_then(|one| one.as_str().or_else(|| one.get("name")?.as_str()));
    people(path, text, "author", author.into_iter(), found);
    let repository = value.get("repository").and_then(|one| one.as_str().or_else(|| one.get("url")?.as_str()));
    let repository = repository.map(|one| match one.split_once(':') {
        // `owner/name` is of GitHub.
        None if one.matches('/').count() == 1 && !one.contains('.') => format!("https://github.com/{one}"),
        Some(("github", rest)) => format!("https://github.com/{rest}"),
        _ => one.to_owned(),
    });
    addresses(path, text, get("homepage"), repository.as_deref(), found);
    if let Some(name) = get("name") {
        if value.get("private").and_then(Json::as_bool) != Some(true) {
            purl(path, text, "npm", &name.replacen('@', "%40", 1), found);
        }
        found.say(Field::Inside, &format!("{NAME_OF_PACKAGE}{name}"), place(path, text, name, "name"), false);
    }
    if value.get("engines").and_then(|one| one.get("node")).is_some() {
        found.say(Field::Platforms, "Node.js", place(path, text, "\"engines\"", "engines"), false);
    }
}

fn composer(path: &str, text: &str, value: &Json, found: &mut Profile) {
    let authors = value.get("authors").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    people(path, text, "authors", authors.iter().filter_map(|one| one.get("name")?.as_str()), found);
    addresses(path, text, value.get("homepage").and_then(Json::as_str), None, found);
}

/// One author is a claimant; of several it is not known who speaks, so that they are one guess together.
fn people<'a>(path: &str, text: &str, what: &str, names: impl Iterator<Item = &'a str>, found: &mut Profile) {
    let is_crowd = |name: &&str| CROWDS.iter().any(|word| name.to_lowercase().ends_with(word));
    let names: Vec<&str> = names.map(person).filter(|name| !name.is_empty() && !is_crowd(name)).collect();
    let Some(first) = names.first() else { return };
    let value = names.iter().take(MOST_AUTHORS).copied().collect::<Vec<_>>().join(", ");
    found.say(Field::Claimant, &value, place(path, text, first, what), names.len() == 1);
}

fn addresses(path: &str, text: &str, homepage: Option<&str>, repository: Option<&str>, found: &mut Profile) {
    if let Some(page) = homepage.filter(|page| page.starts_with("https://")) {
        found.say(Field::Url, page, place(path, text, page, "homepage"), true);
    }
    let Some(repository) = repository else { return };
    let page = repository.trim_start_matches("git+").trim_end_matches('/').trim_end_matches(".git");
    if page.starts_with("https://") {
        found.say(Field::Url, page, place(path, text, page, "repository"), false);
    }
    if let Some((owner, name)) = page.strip_prefix("https://github.com/").and_then(|rest| rest.split_once('/')) {
        let of_path = |one: &str| one.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        if of_path(owner) && of_path(name) && !name.is_empty() {
            let value = format!("pkg:github/{}/{}", owner.to_lowercase(), name.to_lowercase());
            found.say(Field::Identifiers, &value, place(path, text, page, "repository"), false);
        }
    }
}

fn purl(path: &str, text: &str, kind: &str, name: &str, found: &mut Profile) {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.%/".contains(&byte);
    if name.bytes().all(plain) {
        let from = place(path, text, name.trim_start_matches("%40"), "name");
        found.say(Field::Identifiers, &format!("pkg:{kind}/{name}"), from, false);
    }
}
