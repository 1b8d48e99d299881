//! Trees for tests: from text, from a folder on disk, from the shared data.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use crate::{Component, Inventory, Options, Resolver, Role, SourceFile, Survey, inventory, role};

pub(crate) fn file(path: &str, content: impl Into<Vec<u8>>) -> SourceFile {
    let class = if path.starts_with("tests/") || path.contains("/tests/") || path.starts_with("fuzz/") {
        "test"
    } else {
        "shipped"
    };
    SourceFile {
        path: path.to_owned(),
        blob: "0123456789012345678901234567890123456789".to_owned(),
        bytes: content.into(),
        class: class.to_owned(),
    }
}

pub(crate) fn lockfile_only() -> Options {
    Options { resolver: Resolver::Lockfile, ..Options::default() }
}

/// The inventory of a tree given as (path, content).
pub(crate) fn of(files: &[(&str, &str)], options: &Options) -> Inventory {
    let (configurations, files): (Vec<_>, Vec<_>) =
        files.iter().partition(|(path, _)| role(path) == Some(Role::Configuration));
    let files: Vec<SourceFile> = files.iter().map(|(path, content)| file(path, *content)).collect();
    let configurations = configurations.iter().map(|(path, content)| ((*path).to_owned(), Ok((*content).into())));
    inventory(&files, &Survey::default(), &Options { configurations: configurations.collect(), ..options.clone() })
}

/// Files and options as a caller makes them of a folder.
pub(crate) fn load(root: &Path, options: Options) -> (Vec<SourceFile>, Options) {
    let (mut files, mut options) = (Vec::new(), options);
    let mut queue: Vec<PathBuf> = vec![root.to_owned()];
    while let Some(folder) = queue.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            let kind = entry.file_type().unwrap();
            let path = entry.path();
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            if kind.is_dir() && name != "target" && name != ".git" {
                queue.push(path);
            } else if kind.is_file() {
                match role(&name) {
                    Some(Role::Manifest | Role::Lockfile) => files.push(file(&name, fs::read(&path).unwrap())),
                    Some(Role::Named) => {
                        options.named.insert(name);
                    }
                    Some(Role::Configuration) => {
                        options.configurations.insert(name, Ok(fs::read(&path).unwrap()));
                    }
                    _ => {}
                }
            }
        }
    }
    (files, options)
}

/// The components by name; of several versions the last.
pub(crate) fn by_name(inventory: &Inventory) -> BTreeMap<&str, &Component> {
    inventory.components.iter().map(|component| (component.name.as_str(), component)).collect()
}

/// The root of this project's own workspace.
pub(crate) fn own_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

/// A cargo that is a shell script.
#[cfg(unix)]
pub(crate) fn scripted(script: &str) -> (tempfile::TempDir, Options) {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("cargo");
    // Written by another process: this one may fork while it holds the file open for writing.
    let written = std::process::Command::new("sh")
        .args(["-c", "printf '%s' \"$1\" > \"$2\"", "sh", &format!("#!/bin/sh\n{script}\n")])
        .arg(&program)
        .status()
        .unwrap();
    assert!(written.success());
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    (folder, Options { cargo: Some(program), ..Options::default() })
}
