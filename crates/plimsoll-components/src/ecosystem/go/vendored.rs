//! vendor/modules.txt: which modules are copied into the tree, and the packages of them that are used.
//!
//! Source: Go Modules Reference, "Vendoring"; cmd/go/internal/modload, `readVendorList` and `checkVendorConsistency`.

use std::collections::BTreeMap;

use plimsoll_model::excerpt;

use super::module_file::{ModuleFile, Target};

#[derive(Debug, Default)]
pub(super) struct Vendored {
    pub modules: Vec<Module>,
    /// Is it of all modules of a go.work?
    pub workspace: bool,
    /// Lines that were not understood, in one clause each.
    pub faults: Vec<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Module {
    pub path: String,
    pub version: String,
    pub replaced: Option<Target>,
    /// Does go.mod ask for it?
    pub explicit: bool,
    /// Are packages of it taken?
    pub used: bool,
}

/// Reads one.
pub(super) fn read(bytes: &[u8]) -> Result<Vendored, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "vendor/modules.txt is not UTF-8")?;
    let mut all = Vendored::default();
    // Lines that follow that of a module are about it.
    let mut open = false;
    for (number, line) in text.lines().enumerate() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let module = |path: &&str, version: &&str, replaced| Module {
            path: (*path).to_owned(),
            version: (*version).to_owned(),
            replaced,
            explicit: false,
            used: false,
        };
        let found = match words.as_slice() {
            [] => continue,
            ["##", notes @ ..] => {
                let mut notes = notes.iter().map(|note| note.trim_end_matches(';'));
                if open && notes.clone().any(|note| note == "explicit") {
                    if let Some(module) = all.modules.last_mut() {
                        module.explicit = true;
                    }
                } else if notes.any(|note| note == "workspace") {
                    all.workspace = true;
                }
                continue;
            }
            // What is put in place of something that is not used.
            ["#", _, "=>", ..] => {
                open = false;
                continue;
            }
            ["#", path, version] => Some(module(path, version, None)),
            ["#", path, version, "=>", folder] => {
                Some(module(path, version, Some(Target::Folder((*folder).to_owned()))))
            }
            ["#", path, version, "=>", other, new] => {
                Some(module(path, version, Some(Target::Module((*other).to_owned(), (*new).to_owned()))))
            }
            [_] if open => {
                if let Some(module) = all.modules.last_mut() {
                    module.used = true;
                }
                continue;
            }
            _ => None,
        };
        match found {
            Some(module) => {
                open = true;
                all.modules.push(module);
            }
            None => all.faults.push(format!("line {} of vendor/modules.txt is not understood", number + 1)),
        }
    }
    Ok(all)
}

impl Vendored {
    /// Says in what it does not agree with a go.mod. Go does not build what does not agree.
    pub fn differs(&self, file: &ModuleFile) -> Option<String> {
        let shown = |path: &str| excerpt(path, 80);
        let by_path: BTreeMap<&str, &Module> = self.modules.iter().map(|one| (one.path.as_str(), one)).collect();
        let marks = self.modules.iter().any(|module| module.explicit);
        for require in &file.requires {
            match by_path.get(require.path.as_str()) {
                Some(module) if module.version != require.version => {
                    return Some(format!("vendor/modules.txt has another version of {}", shown(&require.path)));
                }
                Some(module) if !marks || module.explicit => {}
                None if !marks => {}
                _ => return Some(format!("vendor/modules.txt is not written for {}", shown(&require.path))),
            }
        }
        let asked: BTreeMap<&str, &str> =
            file.requires.iter().map(|one| (one.path.as_str(), one.version.as_str())).collect();
        for module in &self.modules {
            if module.explicit && !asked.contains_key(module.path.as_str()) {
                return Some(format!(
                    "vendor/modules.txt is written for {}, for which nothing asks",
                    shown(&module.path)
                ));
            }
            if module.replaced.as_ref() != file.replaced(&module.path, &module.version) {
                return Some(format!("vendor/modules.txt has something else in place of {}", shown(&module.path)));
            }
        }
        None
    }
}
