//! package.json.
//!
//! Source: npm docs, "package.json".

use std::collections::BTreeMap;

use plimsoll_formats::json5;
use plimsoll_model::tree_path;
use serde_json::{Map, Value};

use super::sources;
use crate::{
    ecosystem::locked::{
        graph::{Usage, Want},
        manifest::{Manifest, Sibling},
    },
    tree_file::SourceFile,
};

const PEERS: &str = "peerDependencies";

/// Sections with what each is for, and whether what it lists may be missing. Of a name in several the first counts, as in npm.
pub(super) const SECTIONS: [(&str, Usage, bool); 4] = [
    ("optionalDependencies", Usage::Normal, true),
    ("dependencies", Usage::Normal, false),
    ("devDependencies", Usage::Dev, false),
    // Whoever installs it brings these; npm does since version 7.
    (PEERS, Usage::Normal, true),
];

/// Reads one.
pub(super) fn read(file: &SourceFile) -> Result<Manifest, String> {
    let value = match tree_path::name(&file.path) {
        super::MANIFEST => plimsoll_model::parse_strict(without_mark(&file.bytes))?,
        _ => json5::read(std::str::from_utf8(&file.bytes).map_err(|_| "it is not UTF-8")?)?,
    };
    let Value::Object(object) = value else { return Err("it is no JSON object".to_owned()) };
    let text = |name: &str| object.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let copy = tree_path::folder(&file.path).split('/').any(|part| part == "node_modules");
    let (name, version) = (text("name").filter(|name| sources::is_name(name)), text("version"));
    Ok(Manifest {
        name: name.map(ToOwned::to_owned),
        version: version.map(ToOwned::to_owned),
        licence: text("license").and_then(licence),
        wants: if copy { Vec::new() } else { wants(&object)? },
        siblings: if copy { Vec::new() } else { siblings(&object) },
        overrides: overrides(&object),
        peers: object.get(PEERS).and_then(Value::as_object).into_iter().flat_map(Map::keys).cloned().collect(),
        members: workspaces(&object)?,
        bundles: bundles(&object),
        copy,
        ..Manifest::of(file)
    })
}

/// Programs that put packages into what they build, whichever section lists them; and the frameworks that build by one of those.
///
/// Source: the tools' own documentation; templates of theirs list all that a page is made of as needed to develop it.
const BUNDLERS: &[&str] = &[
    "vite",
    "webpack",
    "rollup",
    "esbuild",
    "parcel",
    "parcel-bundler",
    "@parcel/core",
    "browserify",
    "snowpack",
    "rolldown",
    "@rspack/core",
    "@rspack/cli",
    "@rsbuild/core",
    "tsup",
    "tsdown",
    "unbuild",
    "microbundle",
    "@vercel/ncc",
    "bun",
    "laravel-mix",
    "@symfony/webpack-encore",
    "brunch",
    "metro",
    "@farmfe/core",
    "@sveltejs/kit",
    "next",
    "nuxt",
    "astro",
    "gatsby",
    "@remix-run/dev",
    "@react-router/dev",
    "@angular/cli",
    "@angular-devkit/build-angular",
    "@angular/build",
    "@vue/cli-service",
    "react-scripts",
    "@quasar/app-vite",
    "ember-cli",
    "expo",
    "electron-vite",
    "@electron-forge/plugin-vite",
    "@electron-forge/plugin-webpack",
    "@wordpress/scripts",
    "vitepress",
    "@docusaurus/core",
    "wxt",
    "plasmo",
    "@11ty/eleventy-plugin-vite",
];

/// May what is built hold packages that are listed as needed to develop it alone?
fn bundles(object: &Map<String, Value>) -> bool {
    let listed = SECTIONS.iter().filter_map(|(section, ..)| object.get(*section)?.as_object()).flat_map(Map::keys);
    let scripts =
        object.get("scripts").and_then(Value::as_object).into_iter().flat_map(Map::values).filter_map(Value::as_str);
    let named = |name: &str| BUNDLERS.contains(&name);
    // Run from elsewhere: `npx esbuild`, `bun build`.
    let run = |script: &str| {
        let words: Vec<&str> = script.split_ascii_whitespace().collect();
        words.iter().any(|word| named(word.split_once('@').map_or(word, |(name, _)| name)) && *word != "bun")
            || words.windows(2).any(|pair| pair == ["bun", "build"])
    };
    listed.into_iter().any(|name| named(name) && name != "bun") || scripts.into_iter().any(run)
}

/// Without the mark that some editors put in front of a text; npm leaves it out.
pub(super) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// What the sections of a manifest, or of an entry of a lockfile, ask for; folders of the tree are left out.
pub(super) fn wants(object: &Map<String, Value>) -> Result<Vec<Want>, String> {
    let mut wants: BTreeMap<&str, Want> = BTreeMap::new();
    for (section, usage, optional) in SECTIONS {
        let Some(value) = object.get(section) else { continue };
        let list = value.as_object().ok_or_else(|| format!("{section} is no list of names with versions"))?;
        for (name, requirement) in list {
            let requirement = requirement.as_str().ok_or_else(|| format!("{section} has no version for a name"))?;
            if is_in_tree(requirement) {
                continue;
            }
            wants.entry(name).or_insert_with(|| Want {
                name: name.clone(),
                requirement: requirement.to_owned(),
                usage,
                optional,
            });
        }
    }
    Ok(wants.into_values().collect())
}

/// Folders of the tree and other members that a manifest asks for by name.
fn siblings(object: &Map<String, Value>) -> Vec<Sibling> {
    let of_one = |(section, usage, _): &(&str, Usage, bool)| {
        let list = object.get(*section).and_then(Value::as_object).into_iter().flatten();
        let in_tree =
            list.filter_map(|(name, requirement)| Some((name, requirement.as_str().filter(|one| is_in_tree(one))?)));
        let sibling = |(name, requirement): (&String, &str)| {
            let path = requirement.split_once(':').filter(|(protocol, _)| *protocol != "workspace");
            Sibling { name: name.clone(), usage: *usage, path: path.map(|(_, path)| path.to_owned()) }
        };
        in_tree.map(sibling).collect::<Vec<_>>()
    };
    SECTIONS.iter().flat_map(of_one).collect()
}

/// Does a requirement name a folder of the tree, or another member?
pub(super) fn is_in_tree(requirement: &str) -> bool {
    ["workspace:", "link:", "portal:"].iter().any(|start| requirement.starts_with(start))
        || requirement.strip_prefix("file:").is_some_and(|path| !is_archive(path))
}

fn is_archive(path: &str) -> bool {
    [".tgz", ".tar.gz", ".tar"].iter().any(|ending| path.ends_with(ending))
}

/// Is a version within a range of npm? `None` where the text is no such range, or one that is not understood.
///
/// Source: npm docs, "semver": alternatives by `||`, comparators by spaces; a version alone is that one.
pub(super) fn fits(requirement: &str, version: &str) -> Option<bool> {
    let version = semver::Version::parse(version).ok()?;
    let mut any = false;
    for part in requirement.split("||") {
        let part = part.trim();
        if part.contains(" - ") || part.is_empty() {
            return None;
        }
        let comparators = part.split_ascii_whitespace().map(|one| {
            let exact =
                one.bytes().next().is_some_and(|byte| byte.is_ascii_digit()) && semver::Version::parse(one).is_ok();
            if exact { format!("={one}") } else { one.to_owned() }
        });
        let range = semver::VersionReq::parse(&comparators.collect::<Vec<_>>().join(",")).ok()?;
        // Whether a version before a release is within is a matter of its own.
        any |= range.matches(&version) || !version.pre.is_empty();
    }
    Some(any)
}

/// Names in Yarn's `resolutions`: `NAME`, `PARENT/NAME`, `PARENT/**/NAME`, each with a requirement behind an `@` or without.
///
/// Source: Yarn docs, "Manifest", `resolutions`.
fn overrides(object: &Map<String, Value>) -> Vec<String> {
    let of_pnpm = object.get("pnpm").and_then(|pnpm| pnpm.get("overrides"));
    let lists = [object.get("resolutions"), object.get("overrides"), of_pnpm].into_iter().flatten();
    let names = lists.filter_map(Value::as_object).flat_map(Map::keys);
    let name = |selector: &String| {
        let after_parent = selector.rsplit_once("**/").map_or(selector.as_str(), |(_, name)| name);
        // A requirement may hold a `/`; a scope does.
        let (plain, _) = after_parent
            .get(1..)
            .and_then(|rest| rest.find('@'))
            .map_or((after_parent, ""), |at| after_parent.split_at(at + 1));
        let mut parts = plain.rsplit('/');
        let last = parts.next().unwrap_or_default();
        match parts.next().filter(|scope| scope.starts_with('@')) {
            Some(scope) => format!("{scope}/{last}"),
            None => last.to_owned(),
        }
    };
    names.map(name).collect()
}

/// Folders of members: a list, or one under `packages` as Yarn has it.
fn workspaces(object: &Map<String, Value>) -> Result<Vec<String>, String> {
    let Some(value) = object.get("workspaces") else { return Ok(Vec::new()) };
    let list = value.get("packages").unwrap_or(value);
    let list = match list {
        Value::Array(list) => list,
        // Bun's and Yarn's catalogs may be alone under it.
        Value::Object(_) => return Ok(Vec::new()),
        _ => return Err("workspaces is no list of folders".to_owned()),
    };
    let text = |one: &Value| one.as_str().map(|pattern| pattern.trim_end_matches('/').to_owned());
    let list: Option<Vec<String>> = list.iter().map(text).collect();
    let list = list.ok_or_else(|| "workspaces has an entry that is no text".to_owned())?;
    Ok(list.iter().flat_map(|pattern| alternatives(pattern)).collect())
}

/// The patterns that one with `{a,b}` stands for; no more than are looked at, and itself where a bracket does not end.
pub(super) fn alternatives(pattern: &str) -> Vec<String> {
    const MOST: usize = 200;
    let mut done = Vec::new();
    let mut queue = vec![pattern.to_owned()];
    while let Some(pattern) = queue.pop() {
        let inner = pattern.split_once('{').and_then(|(before, rest)| {
            let (inside, after) = rest.split_once('}')?;
            (!inside.contains('{')).then_some((before, inside, after))
        });
        match inner {
            Some((before, inside, after)) if queue.len() + done.len() < MOST => {
                queue.extend(inside.split(',').map(|one| format!("{before}{one}{after}")));
            }
            _ => done.push(pattern),
        }
    }
    done.reverse();
    done
}

/// The licence as an SPDX expression, where it is one.
pub(super) fn licence(text: &str) -> Option<String> {
    spdx::Expression::parse(text).is_ok().then(|| text.to_owned())
}
