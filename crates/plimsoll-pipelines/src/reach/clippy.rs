//! What clippy looks at, and what the source allows it to find.
//!
//! Source: the Cargo book, "cargo check" (target selection); the Clippy book, "Configuration".

use toml::{Table, Value};

use crate::tree::Tree;

/// Packages whose roots are read.
const MOST_PACKAGES: usize = 300;

/// Why clippy is not known to look at the product, or to find something there.
pub(in super::super) fn reason(tree: &dyn Tree, arguments: &[&str]) -> Option<String> {
    let rust = tree.rust();
    let before: Vec<&str> = arguments.iter().copied().take_while(|word| *word != "--").collect();
    let targets: Vec<&str> = before
        .into_iter()
        .filter(|word| matches!(*word, "--lib" | "--bins" | "--tests" | "--examples" | "--benches" | "--all-targets"))
        .collect();
    let at = |folder: &str, name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    // These two select nothing where there is none, and do not fail.
    let there = |word: &str| {
        rust.packages().any(|(folder, table)| match word {
            "--examples" => table.contains_key("example") || rust.has_in(&at(folder, "examples")),
            "--bins" => {
                table.contains_key("bin") || rust.has(&at(folder, "src/main.rs")) || rust.has_in(&at(folder, "src/bin"))
            }
            _ => true,
        })
    };
    if !targets.is_empty() && rust.packages().next().is_some() && !targets.iter().any(|word| there(word)) {
        return Some(format!("\"cargo clippy {}\" selects nothing of the source", targets.join(" ")));
    }
    let (mut all, mut silent, mut named) = (0_usize, 0_usize, None);
    for (folder, table) in rust.packages().take(MOST_PACKAGES) {
        for root in roots(table).into_iter().map(|name| at(folder, &name)).filter(|root| rust.has(root)) {
            all += 1;
            if allows_by_manifest(table)
                || tree.text(&root).is_none_or(|text| !text.is_ok_and(|text| !allows_all(&text)))
            {
                silent += 1;
                named = named.or(Some(root));
            }
        }
    }
    // A package of code that somebody generated does not make the check none.
    (silent * 2 >= all.max(1)).then(|| format!("{} allows what clippy would find", named.unwrap_or_default()))
}

fn roots(table: &Table) -> Vec<String> {
    let mut roots = vec!["src/lib.rs".to_owned(), "src/main.rs".to_owned()];
    let own = table.get("lib").into_iter();
    let own = own.chain(table.get("bin").and_then(Value::as_array).into_iter().flatten());
    roots.extend(own.filter_map(|target| Some(target.get("path")?.as_str()?.trim_start_matches("./").to_owned())));
    roots.sort();
    roots.dedup();
    roots
}

fn allows_by_manifest(table: &Table) -> bool {
    let level = |tool: &str, group: &str| {
        let level = table.get("lints").and_then(|lints| lints.get(tool)?.get(group));
        level.and_then(|level| level.as_str().or_else(|| level.get("level").and_then(Value::as_str)))
    };
    level("clippy", "all") == Some("allow") || level("rust", "warnings") == Some("allow")
}

/// Is there an attribute of the whole crate that allows all lints?
fn allows_all(text: &str) -> bool {
    let code: String = text.lines().filter_map(|line| line.split("//").next()).flat_map(str::chars).collect();
    code.split("#![").skip(1).any(|rest| {
        let squashed: String = rest.chars().take(4_000).filter(|c| !c.is_whitespace()).collect();
        let attribute = squashed.split(")]").next().unwrap_or_default();
        // For tests and documentation alone it is no matter.
        if attribute.starts_with("cfg_attr(test,") || attribute.starts_with("cfg_attr(docsrs,") {
            return false;
        }
        let conditional = attribute.strip_prefix("cfg_attr(").and_then(|inside| inside.split_once("allow("));
        let allowed = attribute.strip_prefix("allow(").or(conditional.map(|(_, allowed)| allowed));
        allowed.is_some_and(|allowed| allowed.split([',', ')']).any(|lint| matches!(lint, "clippy::all" | "warnings")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Made;

    #[test]
    fn clippy_finds_what_the_source_does_not_allow() {
        const PACKAGE: (&str, &str) = ("Cargo.toml", "[package]\nname = \"a\"\n");
        let source = |text| vec![PACKAGE, ("src/lib.rs", text)];
        let other = ("b/Cargo.toml", "[package]\nname = \"b\"\n");
        for (files, arguments, expected) in [
            (source("pub fn a() {}"), "", true),
            (source("pub fn a() {}"), "--all-targets -- -D warnings", true),
            (source("pub fn a() {}"), "--lib --examples", true),
            (source("#![allow(clippy::pedantic, dead_code)]\n"), "", true),
            (source("// #![allow(clippy::all)]\n"), "", true),
            (source("#![cfg_attr(test, allow(clippy::all))]\n"), "", true),
            (source("#[allow(clippy::all)]\nmod a;\n"), "", true),
            (source("#![warn(clippy::all)]\n#![deny(warnings)]\n"), "", true),
            (vec![PACKAGE, ("src/lib.rs", ""), ("examples/a.rs", "")], "--examples", true),
            (vec![PACKAGE, ("src/main.rs", "")], "--bins", true),
            (
                vec![
                    PACKAGE,
                    ("src/lib.rs", ""),
                    ("src/main.rs", ""),
                    other,
                    ("b/src/lib.rs", "#![allow(clippy::all)]"),
                ],
                "",
                true,
            ),
            (source("#![allow(clippy::all)]\n"), "", false),
            (source("#![allow(warnings)]\n"), "", false),
            (source("//! A crate.\n#![allow(\n    dead_code,\n    clippy::all,\n)]\n"), "", false),
            (source("#![no_std] #![allow(warnings)]\n"), "", false),
            (source("#![cfg_attr(all(), allow(clippy::all))]\n"), "", false),
            (source("#![cfg_attr(clippy, allow(warnings))]\n"), "-- -D warnings", false),
            (
                vec![
                    ("Cargo.toml", "[package]\nname = \"a\"\n[lints.clippy]\nall = { level = \"allow\" }\n"),
                    ("src/lib.rs", ""),
                ],
                "",
                false,
            ),
            (
                vec![
                    ("Cargo.toml", "[package]\nname = \"a\"\n[lib]\npath = \"a.rs\"\n"),
                    ("a.rs", "#![allow(warnings)]"),
                ],
                "",
                false,
            ),
            (vec![PACKAGE, ("src/lib.rs", ""), other, ("b/src/lib.rs", "#![allow(clippy::all)]")], "", false),
            (source("pub fn a() {}"), "--examples", false),
            (source("pub fn a() {}"), "--bins --examples", false),
        ] {
            let arguments: Vec<&str> = arguments.split_whitespace().collect();
            let found = reason(&Made(files.clone()), &arguments);
            assert_eq!(found.is_none(), expected, "{files:?} {arguments:?}: {found:?}");
        }
    }
}
