//! A copy of a workspace that holds manifests, the lockfile and empty source files, and nothing else.
//!
//! No configuration of cargo, no toolchain file and no source of the repository is in it, so nothing of the repository
//! is in force or runs when cargo reads it. It lies in `target/package/` of its folder: cargo stops its search for a
//! workspace root there, and so never looks at a manifest above.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use plimsoll_model::tree_path;

use super::manifest::{Manifest, Target};

/// Why a workspace cannot be shown to cargo: one of its manifests leads out of the tree. One clause.
pub(crate) fn refusal<'a>(manifests: impl Iterator<Item = &'a Manifest>) -> Option<String> {
    for manifest in manifests {
        for (key, value) in &manifest.paths {
            if key.rsplit('.').next() == Some("base") || tree_path::join(manifest.folder(), value).is_none() {
                let shown = plimsoll_model::excerpt(value, 80);
                let key = plimsoll_model::excerpt(key, 80);
                return Some(format!("{key} = \"{shown}\" in {} leads out of the tree", manifest.path));
            }
        }
        if let Some(address) = manifest.addresses.iter().find(|address| is_local(address)) {
            let shown = plimsoll_model::excerpt(address, 80);
            return Some(format!("\"{shown}\" in {} is an address on this machine", manifest.path));
        }
    }
    None
}

fn is_local(address: &str) -> bool {
    let address = address.trim();
    let address = address.strip_prefix("sparse+").or_else(|| address.strip_prefix("git+")).unwrap_or(address);
    !["https://", "http://", "ssh://", "git://"].iter().any(|scheme| address.starts_with(scheme))
        // What git takes for a host: `git@example.org:name`.
        && !address.split_once(':').is_some_and(|(host, _)| host.contains('@') && !host.contains('/'))
}

/// Gives the empty source files that cargo wants to see beside a manifest, or why they cannot be made.
pub(crate) fn stubs(manifest: &Manifest, target_files: &BTreeSet<String>) -> Result<BTreeSet<String>, String> {
    let folder = manifest.folder();
    let mut stubs = BTreeSet::new();
    let Some(package) = &manifest.package else { return Ok(stubs) };
    let own = |name: &str| tree_path::within(folder, name);
    let exists = |name: &str| target_files.contains(&own(name));
    let mut add = |name: &str| -> Result<(), String> {
        let place = tree_path::join(folder, name).filter(|place| tree_path::is_clean(place));
        let place = place.filter(|place| super::is_rust(place));
        let place = place.ok_or_else(|| format!("a target of {} is not a Rust file of the tree", manifest.path))?;
        stubs.insert(place);
        Ok(())
    };
    for name in ["src/lib.rs", "src/main.rs"] {
        if exists(name) {
            add(name)?;
        }
    }
    let binaries = own("src/bin/");
    for file in target_files.range(binaries.clone()..).take_while(|file| file.starts_with(&binaries)) {
        add(tree_path::relative(file, folder).unwrap_or_default())?;
    }
    for target in &package.targets {
        match target {
            Target::Lib(path) => add(path.as_deref().unwrap_or("src/lib.rs"))?,
            Target::Bin(_, Some(path)) | Target::Other(_, _, Some(path)) => add(path)?,
            Target::Bin(name, None) => {
                let found = exists(&format!("src/bin/{name}.rs"))
                    || exists(&format!("src/bin/{name}/main.rs"))
                    || (*name == package.name && exists("src/main.rs"));
                if !found {
                    add(&format!("src/bin/{name}.rs"))?;
                }
            }
            Target::Other(kind, name, None) => add(&format!("{kind}/{name}.rs"))?,
        }
    }
    if let Some(build) = &package.build {
        add(build)?;
    }
    if stubs.iter().all(|stub| package.build.as_deref().is_some_and(|build| *stub == own(build))) {
        stubs.insert(own("src/lib.rs"));
    }
    Ok(stubs)
}

/// A folder of ours with the copies of several workspaces; it goes away with this value.
pub(crate) struct Scratch {
    folder: tempfile::TempDir,
}

impl Scratch {
    pub(crate) fn new() -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("plimsoll-").tempdir()?;
        fs::create_dir(folder.path().join("run"))?;
        Ok(Self { folder })
    }

    /// The folder in which cargo is started, and above which it and rustup look for configuration.
    ///
    /// On Unix that is the root of the file system: folders for temporary files belong to everybody, and whoever put a
    /// configuration there would have it in force.
    pub(crate) fn run_folder(&self) -> PathBuf {
        if cfg!(unix) { PathBuf::from("/") } else { self.folder.path().join("run") }
    }

    /// The folder itself.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The folder that stands for the root of the tree in the copy with this number.
    pub(crate) fn tree(&self, number: usize) -> PathBuf {
        self.folder.path().join(number.to_string()).join("target").join("package").join("tree")
    }

    /// Writes files of the tree; a path that is not clean, or that is there already, is an error.
    pub(crate) fn write(&self, number: usize, files: &[(&str, &[u8])]) -> io::Result<()> {
        let tree = self.tree(number);
        fs::create_dir_all(&tree)?;
        for (file, bytes) in files {
            if !tree_path::is_clean(file) {
                return Err(io::Error::new(io::ErrorKind::InvalidInput, "a path that is not clean"));
            }
            let target = tree.join(file);
            fs::create_dir_all(target.parent().unwrap_or(Path::new("")))?;
            let mut handle = fs::OpenOptions::new().write(true).create_new(true).open(&target)?;
            io::Write::write_all(&mut handle, bytes)?;
        }
        Ok(())
    }
}
