//! conanfile.txt, and the name of a conanfile.py.
//!
//! Source: Conan docs, "conanfile.txt"; `ConanFileTextLoader`.

use plimsoll_model::excerpt;

use super::reference::Reference;
use crate::{
    ecosystem::{
        address,
        locked::{
            graph::{Package, Usage, Want},
            manifest::Manifest,
        },
    },
    tree_file::SourceFile,
};

/// Sections that ask for something, with what for.
const SECTIONS: [(&str, Usage); 5] = [
    ("requires", Usage::Normal),
    ("tool_requires", Usage::Build),
    ("build_requires", Usage::Build),
    ("python_requires", Usage::Build),
    ("test_requires", Usage::Dev),
];
/// Sections that ask for nothing.
const OTHERS: [&str; 7] = ["generators", "options", "imports", "layout", "settings", "env", "conf"];

/// Reads a conanfile.txt.
pub(super) fn text(file: &SourceFile) -> Result<Manifest, String> {
    let text = std::str::from_utf8(&file.bytes).map_err(|_| "it is not UTF-8")?;
    let mut manifest = Manifest::of(file);
    let mut section: Option<Option<Usage>> = None;
    for line in text.trim_start_matches('\u{feff}').lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        // What follows a space is a comment; without one it is a revision.
        let line = line.split(" #").next().unwrap_or(line).trim_end();
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let asks = SECTIONS.iter().find(|(one, _)| *one == name).map(|(_, usage)| *usage);
            if asks.is_none() && !OTHERS.contains(&name) {
                return Err(format!("its section \"{}\" is not known", excerpt(name, 40)));
            }
            section = Some(asks);
            continue;
        }
        let Some(asks) = section else { return Err("it has a line before its first section".to_owned()) };
        let Some(usage) = asks else { continue };
        let Some(reference) = Reference::read(line) else {
            let reason = format!("what it asks for as {} is not understood", excerpt(line, 80));
            manifest.open.get_or_insert(reason);
            continue;
        };
        let (name, requirement) = (reference.name.to_owned(), reference.requirement());
        if !reference.version.starts_with('[') {
            manifest.pins.push(Package {
                name: name.clone(),
                version: reference.version.to_owned(),
                purl: super::purl(&reference),
                origin: super::origin(&reference),
                usage: Some(usage),
                ..Package::default()
            });
        }
        manifest.wants.push(Want { name, requirement, usage, optional: false });
    }
    Ok(manifest)
}

/// Name and version of a conanfile.py, where they stand in it as plain texts.
pub(super) fn named(bytes: &[u8]) -> (Option<String>, Option<String>) {
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let value = |label: &str| {
        let mut lines = text.lines().map(str::trim);
        let rest = lines.find_map(|line| line.strip_prefix(label)?.trim_start().strip_prefix('=').map(str::trim))?;
        let inner = ['"', '\''].iter().find_map(|mark| rest.strip_prefix(*mark)?.strip_suffix(*mark))?;
        (address::is_plain(inner) && !inner.contains(['"', '\'', '\\', '{'])).then(|| inner.to_owned())
    };
    (value("name"), value("version"))
}
