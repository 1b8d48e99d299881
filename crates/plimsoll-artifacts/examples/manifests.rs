//! Counts how many packed manifests follow from the original that lies beside them in the package.
//!
//! Takes paths of `.crate` files and of folders of unpacked packages:
//! `cargo run -p plimsoll-artifacts --example manifests -- ~/.cargo/registry/cache/*/*.crate`. A workspace's manifest is
//! not in a package, so what is inherited stays unexplained here and is counted apart. Lockfiles have no original in a
//! package; they are compared with themselves, which shows that they can be read. With
//! `--workspace=FILE` that manifest is taken for the workspace of all of them; with `--quiet` only numbers are shown.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use plimsoll_artifacts::cargo::{
    LockVerdict, PackedLock, PackedManifest, Reason, Unexplained, unexplained, unexplained_lock,
};

/// The manifests of a package and the paths in it.
#[derive(Default)]
struct Package {
    packed: Option<String>,
    original: Option<String>,
    lockfile: Option<String>,
    files: BTreeSet<String>,
}

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let quiet = arguments.iter().any(|argument| argument == "--quiet");
    let workspace = arguments.iter().find_map(|argument| argument.strip_prefix("--workspace="));
    let workspace = workspace.map(std::fs::read_to_string).transpose()?;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for path in arguments.iter().filter(|argument| !argument.starts_with("--")).map(PathBuf::from) {
        let package = if path.is_dir() { unpacked(&path)? } else { archive(&path)? };
        let (group, details) = match (&package.packed, &package.original) {
            (Some(packed), Some(original)) => {
                let manifest =
                    PackedManifest { packed, original, workspace: workspace.as_deref(), files: &package.files };
                match unexplained(&manifest) {
                    Ok(differences) => group(&differences, original),
                    Err(error) => ("unreadable", vec![format!("    {error}")]),
                }
            }
            _ => ("without an original", Vec::new()),
        };
        *counts.entry(group).or_default() += 1;
        if let Some(problem) = lockfile_problem(&package) {
            println!("{}: {problem}", path.display());
            *counts.entry("lockfile with a problem").or_default() += 1;
        } else if package.lockfile.is_some() {
            *counts.entry("lockfile read").or_default() += 1;
        }
        if !quiet && !details.is_empty() {
            println!("{}: {group}\n{}", path.display(), details.join("\n"));
        }
    }
    println!("{counts:#?}");
    Ok(())
}

/// Gives the group that a result belongs to, and the differences that no workspace can explain.
fn group(differences: &[Unexplained], original: &str) -> (&'static str, Vec<String>) {
    let inherits = original.contains("workspace = true") || original.contains("workspace=true");
    let open =
        |difference: &&Unexplained| difference.reason != Reason::NotInherited && difference.key != "package.resolver";
    let lines = differences.iter().filter(open).map(|difference| {
        let Unexplained { key, packed, expected, reason } = difference;
        format!("    {key}: {packed:?}, expected {expected:?} ({reason:?})")
    });
    let lines: Vec<String> = lines.collect();
    let group = match (differences.is_empty(), lines.is_empty()) {
        (true, _) => "explained",
        (false, false) => "not explained",
        (false, true) if inherits => "inherits from a workspace",
        (false, true) => "has the resolver of a workspace",
    };
    (group, lines)
}

/// Gives what is wrong with a lockfile that is compared with itself.
fn lockfile_problem(package: &Package) -> Option<String> {
    let packed = package.lockfile.as_deref()?;
    let manifest: toml::Table = package.packed.as_deref()?.parse().ok()?;
    let field = |key: &str| manifest.get("package")?.get(key)?.as_str();
    let lock = PackedLock { packed, source: Some(packed), name: field("name")?, version: field("version")? };
    match unexplained_lock(&lock) {
        Ok(found) if found.verdict == LockVerdict::Equal => None,
        Ok(found) => Some(format!("{:?}", found.differing)),
        Err(error) => Some(error.to_string()),
    }
}

fn archive(path: &Path) -> std::io::Result<Package> {
    let mut package = Package::default();
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(File::open(path)?));
    for entry in archive.entries()? {
        let mut entry = entry?;
        let path = entry.path()?.to_string_lossy().into_owned();
        let Some((_, path)) = path.split_once('/') else { continue };
        let text = match path {
            "Cargo.toml" => &mut package.packed,
            "Cargo.toml.orig" => &mut package.original,
            "Cargo.lock" => &mut package.lockfile,
            _ => &mut None,
        };
        if path.starts_with("Cargo.") {
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes)?;
            *text = Some(String::from_utf8_lossy(&bytes).into_owned());
        }
        package.files.insert(path.to_owned());
    }
    Ok(package)
}

fn unpacked(folder: &Path) -> std::io::Result<Package> {
    let mut package = Package {
        packed: std::fs::read_to_string(folder.join("Cargo.toml")).ok(),
        original: std::fs::read_to_string(folder.join("Cargo.toml.orig")).ok(),
        lockfile: std::fs::read_to_string(folder.join("Cargo.lock")).ok(),
        files: BTreeSet::new(),
    };
    let mut pending = vec![folder.to_owned()];
    while let Some(next) = pending.pop() {
        for entry in std::fs::read_dir(next)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                pending.push(entry.path());
            } else if let Ok(path) = entry.path().strip_prefix(folder) {
                package.files.insert(path.to_string_lossy().into_owned());
            }
        }
    }
    Ok(package)
}
