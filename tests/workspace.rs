//! What ARCHITECTURE.md says is absent is absent, and dependencies point down.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

fn toml_of(path: impl AsRef<Path>) -> toml::Table {
    read(path).parse().unwrap()
}

fn crates() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(root().join("crates"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Path and text of every source file of a crate that is not about tests.
fn sources(name: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("crates").join(name).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
            if path.is_dir() && stem != "tests" {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") && stem != "tests" {
                let text = fs::read_to_string(&path).unwrap();
                // Test modules that are written out stand at the end of a file.
                let at = text.match_indices("#[cfg(test)]\nmod ").map(|(at, _)| at);
                let end = at.filter(|at| text[*at..].lines().nth(1).unwrap().ends_with('{')).min();
                let text = text[..end.unwrap_or(text.len())].to_owned();
                found.push((path, text));
            }
        }
    }
    assert!(!found.is_empty(), "{name}");
    found
}

/// Code without comments.
fn code(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn dependencies(name: &str) -> BTreeSet<String> {
    let manifest = toml_of(format!("crates/{name}/Cargo.toml"));
    let table = manifest.get("dependencies").and_then(toml::Value::as_table).cloned().unwrap_or_default();
    table.keys().cloned().collect()
}

/// The level of each crate as the table in ARCHITECTURE.md has it.
fn levels() -> BTreeMap<String, u8> {
    read("ARCHITECTURE.md")
        .lines()
        .filter_map(|line| {
            let mut cells = line.trim_matches('|').split('|').map(str::trim);
            let level = cells.next()?.parse().ok()?;
            Some((cells.next()?.to_owned(), level))
        })
        .collect()
}

#[test]
fn dependencies_point_down() {
    let levels = levels();
    let dev = ["plimsoll-dev", "plimsoll-testkit"];
    for name in crates().iter().filter(|name| !dev.contains(&name.as_str())) {
        let level = levels.get(name).unwrap_or_else(|| panic!("ARCHITECTURE.md gives {name} no level"));
        for dependency in dependencies(name) {
            assert!(!dev.contains(&dependency.as_str()), "{name} ships {dependency}");
            if let Some(below) = levels.get(&dependency) {
                assert!(below < level, "{name} (level {level}) depends on {dependency} (level {below})");
            }
        }
    }
}

/// What each package of Cargo.lock depends on, by name; versions are put together, which can only find more.
fn locked() -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in toml_of("Cargo.lock")["package"].as_array().unwrap() {
        let below = package.get("dependencies").and_then(toml::Value::as_array).into_iter().flatten();
        let names = below.map(|text| text.as_str().unwrap().split(' ').next().unwrap().to_owned());
        found.entry(package["name"].as_str().unwrap().to_owned()).or_default().extend(names);
    }
    found
}

/// Everything that `name` is built from or tested with, without going through `not_through`.
fn reached(name: &str, not_through: &str, locked: &BTreeMap<String, BTreeSet<String>>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut ahead = vec![name.to_owned()];
    while let Some(name) = ahead.pop() {
        if name != not_through && found.insert(name.clone()) {
            ahead.extend(locked[&name].iter().cloned());
        }
    }
    found
}

#[test]
fn the_network_is_reached_through_plimsoll_net_alone() {
    // What opens a connection, or is there for nothing else.
    let network =
        ["ureq", "ureq-proto", "rustls", "rustls-native-certs", "rustls-platform-verifier", "http", "httparse"];
    let locked = locked();
    let below_net = reached("plimsoll-net", "", &locked);
    for name in network {
        assert!(below_net.contains(name), "plimsoll-net does not use {name} any more; take it off the list");
    }
    for name in crates().iter().filter(|name| *name != "plimsoll-net") {
        let found = reached(name, "plimsoll-net", &locked);
        for absent in network {
            assert!(!found.contains(absent), "{name} reaches {absent} without plimsoll-net");
        }
        assert!(
            name == "plimsoll-cli" || !locked[name].contains("plimsoll-net"),
            "{name} depends on plimsoll-net, which is for plimsoll-cli alone"
        );
        for (path, text) in sources(name) {
            for absent in ["std::net", "TcpStream", "TcpListener", "UdpSocket", "UnixStream"] {
                assert!(!code(&text).contains(absent), "{} uses {absent}", path.display());
            }
        }
    }
    // plimsoll-net itself waits with threads and one small client: no runtime, no second client or TLS.
    for absent in [
        "tokio",
        "async-std",
        "smol",
        "futures-executor",
        "hyper",
        "reqwest",
        "curl",
        "curl-sys",
        "isahc",
        "native-tls",
        "openssl",
        "openssl-sys",
        "libssh2-sys",
        "gix",
        "h2",
        "quinn",
        "socket2",
    ] {
        assert!(!locked.contains_key(absent), "{absent} came in");
    }
}

#[test]
fn only_the_snapshot_knows_git() {
    for name in crates() {
        if !["plimsoll-snapshot", "plimsoll-testkit"].contains(&name.as_str()) {
            assert!(!dependencies(&name).contains("git2"), "{name}");
        }
    }
}

/// Who reads text alone knows no repository, no file system and no evidence: of this project's crates only those that are named.
#[test]
fn readers_of_text_know_no_repository() {
    for (name, known) in [
        ("plimsoll-sources", BTreeSet::new()),
        ("plimsoll-formats", BTreeSet::new()),
        ("plimsoll-versions", BTreeSet::new()),
        ("plimsoll-pipelines", BTreeSet::from(["plimsoll-formats", "plimsoll-model", "plimsoll-sources"])),
    ] {
        let dependencies = dependencies(name);
        let ours = dependencies.iter().map(String::as_str).filter(|name| name.starts_with("plimsoll"));
        assert_eq!(ours.collect::<BTreeSet<_>>(), known, "{name}");
        for (path, text) in sources(name) {
            let code = code(&text);
            for absent in ["std::fs", "std::env", "std::process"] {
                assert!(!code.contains(absent), "{} uses {absent}", path.display());
            }
            // Of the words of evidence none: of that crate these functions over text alone.
            let words = code.split("plimsoll_model").skip(1);
            for word in words.map(|rest| rest.trim_start_matches(':')) {
                let known =
                    ["is_hex(", "one_line(", "tree_path::join("].iter().any(|function| word.starts_with(function));
                assert!(known, "{} knows of evidence: plimsoll_model::{:.30}", path.display(), word);
            }
        }
    }
}

#[test]
fn the_pure_crates_are_pure() {
    for name in ["plimsoll-model", "plimsoll-practices", "plimsoll-score", "plimsoll-render"] {
        for (path, text) in sources(name) {
            for absent in
                ["std::fs", "std::env", "std::net", "std::process", "std::time", "Timestamp::now", "Zoned::now"]
            {
                assert!(!code(&text).contains(absent), "{} uses {absent}", path.display());
            }
        }
    }
}

#[test]
fn there_is_one_clock_and_one_voice() {
    for name in crates().iter().filter(|name| !["plimsoll-dev", "plimsoll-testkit"].contains(&name.as_str())) {
        for (path, text) in sources(name) {
            let place = path.display().to_string();
            let code = code(&text);
            if !place.ends_with("plimsoll-cli/src/input.rs") {
                assert!(!code.contains("Timestamp::now") && !code.contains("SystemTime"), "{place} has a clock");
            }
            if name != "plimsoll-cli" {
                for absent in ["println!", "eprintln!", "process::exit", "dbg!"] {
                    assert!(!code.contains(absent), "{place} uses {absent}");
                }
            }
            for absent in ["todo!", "unimplemented!", "unsafe {", "allow(unsafe_code)"] {
                assert!(!code.contains(absent), "{place} has {absent}");
            }
        }
    }
}

#[test]
fn ids_live_in_practices() {
    let practices = plimsoll::practices(None).unwrap();
    let mut ids: BTreeSet<String> = practices.criteria().keys().cloned().collect();
    for catalog in practices.catalogs() {
        // Ids of one letter and one digit are words of other things, too.
        ids.extend(catalog.entries.iter().map(|entry| entry.id.clone()).filter(|id| id.len() > 3));
        ids.extend(catalog.entries.iter().map(|entry| format!("{}/{}", catalog.id, entry.id)));
    }
    ids.extend(practices.tiers().tiers.iter().map(|tier| tier.name.clone()).filter(|name| name != "Observed"));
    for name in crates() {
        for (path, text) in sources(&name) {
            for id in &ids {
                // Help shows ids as examples; nothing is decided there.
                let shown = path.ends_with("plimsoll-cli/src/args.rs");
                assert!(shown || !code(&text).contains(&format!("\"{id}\"")), "{} names {id}", path.display());
            }
        }
    }
}

/// A package is compared with a source that somebody gives, and what changes evidence reads no repository.
#[test]
fn only_collect_brings_a_repository_to_the_rest() {
    for name in ["plimsoll-artifacts", "plimsoll"] {
        assert!(!dependencies(name).contains("plimsoll-snapshot"), "{name}");
    }
    for kept in ["refresh.rs", "refresh", "corroborate.rs"] {
        assert!(!root().join("crates/plimsoll-collect/src").join(kept).exists(), "{kept} is back in plimsoll-collect");
    }
}

/// Where the files and the registry of an ecosystem that is read may be named besides its own module, and what is asked there
/// that is not "of which components is this made".
const ECOSYSTEM_FILES_NAMED: &[(&str, &str)] = &[
    ("plimsoll-advisories/src/ecosystem.rs", "which registry's packages an advisory is about"),
    ("plimsoll-advisories/src/index.rs", "it reads cargo's copy of the registry's index"),
    ("plimsoll-artifacts/src/", "what is in a package, by the rules of its packer"),
    ("plimsoll-cli/src/args/", "help shows an example"),
    (
        "plimsoll-collect/src/collectors/policies/",
        "where a bot looks for dependencies, and whom a manifest names as owner",
    ),
    ("plimsoll-collect/src/packages/", "a package against the tree, by the rules of its packer"),
    (
        "plimsoll-collect/src/collectors/files/",
        "which files without an ending of a language are run when a product is built",
    ),
    ("plimsoll-collect/src/collectors/testing/", "tests and lints of Rust are configured in its manifest"),
    ("plimsoll-collect/src/manifest.rs", "what a manifest calls the product"),
    ("plimsoll-collect/src/naming.rs", "what a build file calls the product"),
    ("plimsoll-collect/src/profile/", "whom and what a manifest names, as suggestions for a claims file"),
    ("plimsoll-collect/src/paths/", "what the build takes in, by the rules of each build system"),
    ("plimsoll-pipelines/src/", "commands of CI name files, and lints and tests are configured in them"),
    ("plimsoll-sources/src/pytest.rs", "tests are configured in it"),
];

/// Is the name in the text, and not as a part of another?
fn is_named(text: &str, name: &str) -> bool {
    let goes_on = |character: Option<char>| character.is_some_and(|one| one.is_alphanumeric() || "-_.".contains(one));
    text.match_indices(name)
        .any(|(at, _)| !goes_on(text[..at].chars().next_back()) && !goes_on(text[at + name.len()..].chars().next()))
}

/// An ecosystem is one module: nothing else names its manifests, its lockfiles or its registry.
#[test]
fn the_files_of_an_ecosystem_are_named_in_its_module() {
    let mut used = BTreeSet::new();
    for ecosystem in plimsoll_components::ECOSYSTEMS.iter().filter(|ecosystem| ecosystem.is_read()) {
        let own = format!("plimsoll-components/src/ecosystem/{}", ecosystem.name().replace('-', "_"));
        let names = ecosystem.manifests().iter().chain(ecosystem.lockfiles()).copied();
        // A registry that is called what an ecosystem is called is named wherever that is; two may share one.
        let is_ecosystem =
            |name: &str| plimsoll_components::ECOSYSTEMS.iter().any(|one| name.eq_ignore_ascii_case(one.name()));
        let registry = ecosystem.public_registry().filter(|name| !is_ecosystem(name));
        let names: Vec<String> = names.map(ToOwned::to_owned).chain(registry.map(ToOwned::to_owned)).collect();
        let mut in_own = 0;
        for (path, text) in crates().iter().flat_map(|name| sources(name)) {
            let place = path.strip_prefix(root().join("crates")).unwrap().to_str().unwrap();
            let Some(name) = names.iter().find(|name| is_named(&code(&text), name)) else { continue };
            let excepted = ECOSYSTEM_FILES_NAMED.iter().filter(|(start, _)| place.starts_with(start));
            let excepted: Vec<&str> = excepted.map(|(start, _)| *start).collect();
            in_own += usize::from(place.starts_with(&own));
            assert!(place.starts_with(&own) || !excepted.is_empty(), "{place} names {name}");
            used.extend(excepted);
        }
        assert!(in_own > 0, "{} is not where it is looked for", ecosystem.name());
    }
    let idle = ECOSYSTEM_FILES_NAMED
        .iter()
        .filter(|(start, _)| !used.contains(start) && root().join("crates").join(start).exists());
    let idle: Vec<_> = idle.collect();
    assert!(idle.is_empty(), "needed no more: {idle:?}");
}

/// Evidence is read in one place, where its facts are held to what their kinds declare: a criterion passes over what is missing.
#[test]
fn evidence_is_read_where_it_is_checked() {
    for (path, text) in crates().iter().flat_map(|name| sources(name)) {
        let place = path.strip_prefix(root().join("crates")).unwrap().to_str().unwrap();
        let text = code(&text);
        assert_eq!(text.contains("Kinds::of("), place == "plimsoll/src/evidence_file.rs", "{place}");
        // Of an earlier evidence no fact is read.
        let without = ["plimsoll-model/src/input.rs", "plimsoll-model/src/kinds.rs"].contains(&place);
        assert_eq!(text.contains("Evidence::from_json("), without, "{place}");
    }
}

/// What rests on an input is declared with its kind, and nowhere is it listed a second time.
#[test]
fn lists_of_kinds_are_derived() {
    for file in [
        "crates/plimsoll/src/audit/inputs.rs",
        "crates/plimsoll/src/audit/mod.rs",
        "crates/plimsoll/src/audit/compare.rs",
    ] {
        let text = code(&read(file));
        for name in [
            "commit-signature",
            "signature-totals",
            "attestation",
            "component",
            "advisory-finding",
            "artifact",
            "continuity",
        ] {
            assert!(!text.contains(&format!("\"{name}\"")), "{file} names the kind {name}");
        }
    }
}

/// Where a word that is also the name of a kind may be written, and what it is there.
const NOT_A_KIND: &[(&str, &str, &str)] = &[
    ("plimsoll-collect/src/paths/names.rs", "test-suite", "the name of a folder"),
    ("plimsoll-collect/src/results/mod.rs", "forge-settings", "the name of a format"),
    ("plimsoll-collect/src/signatures.rs", "history", "the name of a file in the cache"),
    ("plimsoll-components/src/sbom/cyclonedx.rs", "product", "how a document refers to its own subject"),
    ("plimsoll/src/signed_statement.rs", "countersignature", "a signed document"),
];

/// A kind is named where it is declared. Whoever reads it takes the name from there, so that one that is renamed is not read as
/// one of which there are no facts. The practices name kinds as data.
#[test]
fn kinds_are_named_where_they_are_declared() {
    // What a name of a kind is handed to or compared with; a word with a hyphen is nothing else wherever it stands.
    let asks = [
        "facts_of(",
        ".kind==",
        ".kind!=",
        "kinds.get(",
        "kinds.get_mut(",
        "kinds.contains_key(",
        "kinds.insert(",
        "Fact::new(",
        ":&str=",
        ":&'staticstr=",
    ];
    let all: Vec<(PathBuf, String)> = crates()
        .iter()
        .flat_map(|name| sources(name))
        .map(|(path, text)| {
            let path = path.strip_prefix(root().join("crates")).unwrap().to_owned();
            (path, code(&text).split_whitespace().collect())
        })
        .collect();
    let mut used = BTreeSet::new();
    for (_, kind) in plimsoll_collect::kinds() {
        let literal = format!("\"{}\"", kind.name);
        let mut declared = 0;
        for (path, text) in all.iter().filter(|(_, text)| text.contains(&literal)) {
            let place = path.to_str().unwrap();
            let own = text.contains(&format!("KindName={literal}"))
                || text
                    .split("Kind::of::<")
                    .skip(1)
                    .any(|rest| rest.split_once(">(").is_some_and(|(_, arguments)| arguments.starts_with(&literal)));
            declared += usize::from(own);
            let read = asks.iter().any(|ask| text.contains(&format!("{ask}{literal}")));
            let other = NOT_A_KIND.iter().position(|(file, word, _)| *file == place && *word == kind.name);
            used.extend(other);
            let named = read || (kind.name.contains('-') && !own);
            assert!(
                !named || other.is_some(),
                "{place} names the kind {literal}: take its name from where it is declared"
            );
        }
        assert_eq!(declared, 1, "the kind {literal} is declared once");
    }
    assert_eq!(used.len(), NOT_A_KIND.len(), "an exception that is needed no more");
}

/// An input is named in its table; whoever asks evidence for one takes the name from there. The claims file is the commit's own.
#[test]
fn inputs_are_named_in_their_table() {
    // The inputs in there are those of workflows.
    let names = crates().into_iter().filter(|name| name != "plimsoll-pipelines");
    for (path, text) in names.flat_map(|name| sources(&name)) {
        let text: String = code(&text).split_whitespace().collect();
        for ask in ["get", "get_mut", "contains_key", "insert", "remove"] {
            for (at, asked) in text.match_indices(&format!("inputs.{ask}(\"")) {
                let name = text[at + asked.len()..].split('"').next().unwrap();
                assert_eq!(name, "claims", "{} asks for the input by a text", path.display());
            }
        }
    }
}

#[test]
fn each_dependency_has_its_reason() {
    let text = read("Cargo.toml");
    let table = text.split_once("[workspace.dependencies]").unwrap().1.split_once("\n[").unwrap().0;
    let mut used = BTreeSet::new();
    for name in crates() {
        let manifest = toml_of(format!("crates/{name}/Cargo.toml"));
        for part in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let listed = manifest.get(part).and_then(toml::Value::as_table).cloned().unwrap_or_default();
            for (dependency, how) in listed {
                assert_eq!(how.get("workspace"), Some(&true.into()), "{name}: {dependency} has a version of its own");
                used.insert(dependency);
            }
        }
    }
    for line in table.lines().filter(|line| line.contains(" = ")) {
        let name = line.split(' ').next().unwrap();
        assert!(used.contains(name), "{name} is used by no crate");
        let reason = line.rsplit_once("# ").map(|(_, reason)| reason.trim()).unwrap_or_default();
        assert!(name.starts_with("plimsoll") || !reason.is_empty(), "{name}: no reason");
    }
}

/// Reads one path of an import from the start of `text` on, `before` put before it, with its braces worked off: of `a::{b, c::D}`
/// `a::b` and `a::c::D`. Gives what is behind it.
fn import<'a>(text: &'a str, before: &[&'a str], found: &mut Vec<Vec<&'a str>>) -> &'a str {
    let (mut path, mut rest) = (before.to_vec(), text);
    loop {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        path.extend((end > 0).then(|| &rest[..end]));
        rest = &rest[end..];
        if let Some(mut list) = rest.strip_prefix('{') {
            loop {
                list = list.trim_start_matches(|c: char| c == ',' || c.is_whitespace());
                if let Some(behind) = list.strip_prefix('}') {
                    return behind;
                }
                let behind = import(list, &path, found);
                // `as NAME`
                list = behind.find([',', '}']).map_or("", |at| &behind[at..]);
                assert!(!list.is_empty(), "an import without an end: {text:.80}");
            }
        }
        match rest.strip_prefix("::") {
            Some(next) => rest = next,
            None => break,
        }
    }
    found.push(path);
    rest
}

/// The modules of a crate, each with those that it imports from: the ones directly below the root, and each collector by itself.
fn imports(name: &str) -> BTreeMap<String, BTreeSet<String>> {
    let source = root().join("crates").join(name).join("src");
    let files: Vec<(Vec<String>, String)> = sources(name)
        .into_iter()
        .filter(|(path, _)| !path.ends_with("fuzzing.rs"))
        .map(|(path, text)| {
            let path = path.strip_prefix(&source).unwrap().with_extension("");
            let mut parts: Vec<String> = path.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
            parts.retain(|part| !["lib", "main", "mod"].contains(&part.as_str()));
            (parts, code(&text))
        })
        .collect();
    let module = |path: &[&str]| -> Option<String> {
        let depth = if path.first() == Some(&"collectors") { 2 } else { 1 };
        let known = (1..=depth.min(path.len())).rev().map(|depth| &path[..depth]);
        known.into_iter().find(|path| files.iter().any(|(parts, _)| parts == path)).map(|path| path.join("/"))
    };
    // Where the names are from that the root gives on.
    let mut given: BTreeMap<&str, String> = BTreeMap::new();
    for (_, text) in files.iter().filter(|(parts, _)| parts.is_empty()) {
        for statement in text.split("pub use ").skip(1) {
            let mut found = Vec::new();
            import(statement, &[], &mut found);
            let named = found.iter().filter_map(|path| Some((*path.last()?, module(path)?)));
            given.extend(named);
        }
    }
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (parts, text) in files.iter().filter(|(parts, _)| !parts.is_empty()) {
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        // A program of its own, `bin/NAME.rs`, is in no module.
        let Some(own) = module(&parts) else { continue };
        let mut found = Vec::new();
        for start in ["crate::", "super::"] {
            for (at, _) in text.match_indices(start) {
                let before = &text[..at];
                let inside = before.ends_with("::") || before.ends_with("in ") || before.ends_with('$');
                if !inside && !before.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                    import(&text[at..], &[], &mut found);
                }
            }
        }
        // What a module holds it imports from.
        let held = text.lines().filter_map(|line| line.trim_start().rsplit_once("mod ")?.1.strip_suffix(';'));
        let held: Vec<Vec<&str>> = held.map(|name| [&parts[..], &[name]].concat()).collect();
        let reached = found.iter().map(|path| {
            let above = path.iter().take_while(|part| **part == "super").count();
            let base = if above > 0 { &parts[..parts.len().saturating_sub(above)] } else { &[][..] };
            let path: Vec<&str> = base.iter().chain(&path[above.max(1)..]).copied().collect();
            let first = path.first().and_then(|name| given.get(name)).filter(|_| path.len() == 1);
            first.cloned().or_else(|| module(&path))
        });
        let reached = reached.flatten().chain(held.iter().filter_map(|path| module(path)));
        // What is above a module may be asked for what its parts share.
        let beside = reached.filter(|other| *other != own && !own.starts_with(&format!("{other}/")));
        all.entry(own.clone()).or_default().extend(beside);
    }
    all
}

/// Modules that import from one another cannot be read, tested or moved one without the other.
#[test]
fn modules_do_not_import_in_circles() {
    // Those that are left, the whole of them or a part. One that is broken comes off the list.
    let known: &[(&str, &[&str])] = &[
        // What a tag of an action stands for is a part of the verdict on a version.
        ("plimsoll-advisories", &["action", "verdict"]),
        // A signature that was checked names its key as a line of an allowed signers file.
        ("plimsoll-trust", &["checked", "ssh"]),
        // A shell runs commands, a command is followed into a script, and the script is run by a shell.
        ("plimsoll-pipelines", &["commands", "follow", "shell"]),
        // What is loaded is checked before it is given out, and the check reads what is loaded.
        ("plimsoll-practices", &["check", "load"]),
        // A word of the vocabulary is an expression, and in an expression stand words.
        ("plimsoll-practices", &["expression", "vocabulary"]),
        ("plimsoll-snapshot", &["commit", "signed"]),
        ("plimsoll-snapshot", &["history", "notes", "snapshot"]),
        // A file in the place of a key is named, whatever it is; that it is a secret key only OpenPGP's packets say.
        ("plimsoll-trust", &["openpgp", "unfit"]),
    ];
    let mut circles: BTreeSet<(String, Vec<String>)> = BTreeSet::new();
    for name in crates() {
        let imports = imports(&name);
        let reached = |from: &str| {
            let (mut found, mut ahead) = (BTreeSet::new(), vec![from.to_owned()]);
            while let Some(module) = ahead.pop() {
                let next = imports.get(&module).into_iter().flatten();
                ahead.extend(next.filter(|next| found.insert((*next).clone())).cloned());
            }
            found
        };
        let all: BTreeMap<&str, BTreeSet<String>> =
            imports.keys().map(|module| (module.as_str(), reached(module))).collect();
        for (module, found) in all.iter().filter(|(module, found)| found.contains(**module)) {
            let back = found.iter().filter(|other| all.get(other.as_str()).is_some_and(|back| back.contains(*module)));
            circles.insert((name.clone(), back.cloned().collect()));
        }
    }
    let is_known = |(name, circle): &(String, Vec<String>)| {
        known
            .iter()
            .any(|(other, modules)| other == name && circle.iter().all(|module| modules.contains(&module.as_str())))
    };
    circles.retain(|circle| !is_known(circle));
    assert!(circles.is_empty(), "modules import from one another: {circles:#?}");
}

#[test]
fn no_file_is_too_long_to_read() {
    for name in crates() {
        for (path, _) in sources(&name) {
            let lines = fs::read_to_string(&path).unwrap().lines().count();
            assert!(lines <= 500, "{}: {lines} lines", path.display());
        }
    }
}

#[test]
fn nothing_names_a_machine() {
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if [".git", "target"].contains(&name.as_str()) || name.ends_with(".snapshot") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                for word in ["/root", "/home", "/work"].map(|start| format!("{start}/")) {
                    // A link of a document may hold such a word behind its host.
                    let found = text.match_indices(&word).any(|(at, _)| {
                        let before = text[..at].chars().next_back().unwrap_or(' ');
                        !before.is_alphanumeric() && !matches!(before, '_' | '-' | '.' | '}' | '*' | ')' | '~')
                    });
                    assert!(!found, "{} names {word}", path.display());
                }
            }
        }
    }
}
