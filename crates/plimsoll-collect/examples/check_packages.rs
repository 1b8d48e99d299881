//! Compares well-known crates of the registry with a source made of their own files; `just check-packages`.
//!
//! Downloads into a scratch home of cargo, and is never part of the tests. There is no forge here: the source of each crate is
//! a repository that holds the crate's files, with `Cargo.toml` as its maker wrote it (`Cargo.toml.orig`) and without what
//! cargo made. That shows how often the rules explain what cargo makes, and whether this cargo packs the same files again. It
//! does NOT show that a crate is what its public repository holds.

#![allow(clippy::print_stdout, reason = "a report for people")]

use std::{
    collections::BTreeMap,
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use flate2::{Compression, write::GzEncoder};
use plimsoll_artifacts::{
    Limits, Package,
    comparison::{FileClass, Verdict, compare},
};
use plimsoll_collect::packages::{CommitTree, rebuild};
use plimsoll_snapshot::{OpenOptions, Snapshot};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Crates with few dependencies, each in versions from several years and versions of cargo.
const CRATES: [(&str, &[&str]); 24] = [
    ("anyhow", &["1.0.40", "1.0.86", "1.0.100"]),
    ("autocfg", &["1.0.1", "1.4.0"]),
    ("base64", &["0.13.0", "0.21.7", "0.22.1"]),
    ("bitflags", &["1.3.2", "2.6.0"]),
    ("byteorder", &["1.4.3", "1.5.0"]),
    ("bytes", &["1.1.0", "1.10.0"]),
    ("cfg-if", &["0.1.10", "1.0.0"]),
    ("either", &["1.6.1", "1.15.0"]),
    ("fnv", &["1.0.6", "1.0.7"]),
    ("hex", &["0.3.2", "0.4.3"]),
    ("itoa", &["0.4.8", "1.0.11"]),
    ("lazy_static", &["1.4.0", "1.5.0"]),
    ("libc", &["0.2.100", "0.2.170"]),
    ("log", &["0.4.14", "0.4.22", "0.4.27"]),
    ("memchr", &["2.4.1", "2.7.4"]),
    ("once_cell", &["1.8.0", "1.20.2"]),
    ("percent-encoding", &["2.1.0", "2.3.1"]),
    ("pin-project-lite", &["0.2.7", "0.2.16"]),
    ("ryu", &["1.0.5", "1.0.18"]),
    ("semver", &["1.0.4", "1.0.23"]),
    ("serde", &["1.0.130", "1.0.210"]),
    ("smallvec", &["1.7.0", "1.13.2"]),
    ("thiserror", &["1.0.30", "2.0.3"]),
    ("unicode-ident", &["1.0.0", "1.0.18"]),
];

fn main() -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let crates = fetched(scratch.path())?;
    println!(
        "Each crate beside a repository made of its own files, with the manifest that its maker wrote. This shows whether"
    );
    println!("what cargo makes is explained; it does not show that a crate is what its public repository holds.\n");
    let mut groups: BTreeMap<String, usize> = BTreeMap::new();
    let mut again: BTreeMap<String, usize> = BTreeMap::new();
    let mut count = 0;
    for (name, versions) in CRATES {
        for version in versions {
            let file = format!("{name}-{version}.crate");
            let Some(path) = crates.get(&file) else {
                println!("{file:<34} was not to be had");
                continue;
            };
            count += 1;
            let (group, detail, rebuilt) = examined(&file, path, scratch.path())?;
            println!("{file:<34} {group:<38} again: {rebuilt}{detail}");
            *groups.entry(group).or_default() += 1;
            *again.entry(rebuilt).or_default() += 1;
        }
    }
    for (title, groups) in [("compared", groups), ("packed again", again)] {
        println!("\n{title}:");
        for (group, number) in groups {
            println!("  {number:>3} of {count} ({:.0} %)  {group}", number as f64 * 100.0 / f64::from(count));
        }
    }
    Ok(())
}

/// Has cargo fetch the crates, one version of each at a time, into a home of ours; gives them by file name.
fn fetched(scratch: &Path) -> Result<BTreeMap<String, PathBuf>> {
    let home = scratch.join("home");
    fs::create_dir_all(&home)?;
    for round in 0..3 {
        let folder = scratch.join(format!("round{round}"));
        fs::create_dir_all(folder.join("src"))?;
        fs::write(folder.join("src/lib.rs"), "")?;
        let mut manifest = "[package]\nname = \"round\"\nversion = \"0.0.0\"\nedition = \"2021\"\n".to_owned();
        for (name, version) in CRATES.iter().filter_map(|(name, versions)| Some((name, versions.get(round)?))) {
            manifest.push_str(&format!(
                "[target.'cfg(any())'.dependencies.{name}]\nversion = \"={version}\"\ndefault-features = false\n"
            ));
        }
        fs::write(folder.join("Cargo.toml"), manifest)?;
        let status = Command::new(env!("CARGO")).arg("fetch").current_dir(&folder).env("CARGO_HOME", &home).status();
        if !status?.success() {
            println!("round {round} could not be fetched");
        }
    }
    let mut found = BTreeMap::new();
    for registry in fs::read_dir(home.join("registry/cache")).into_iter().flatten() {
        for file in fs::read_dir(registry?.path())? {
            let path = file?.path();
            if let Some(name) = path.file_name() {
                found.insert(name.to_string_lossy().into_owned(), path);
            }
        }
    }
    Ok(found)
}

fn git(folder: &Path, arguments: &[&str]) -> Result<String> {
    let identity = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "core.autocrlf=false"];
    let output = Command::new("git").arg("-C").arg(folder).args(identity).args(arguments).output()?;
    if !output.status.success() {
        return Err(format!("git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// Gives the answer in a few words, what is behind it, and the answer for the crate that was packed again.
fn examined(file: &str, path: &Path, scratch: &Path) -> Result<(String, String, String)> {
    let bytes = fs::read(path)?;
    let package = match Package::read(file, &bytes, &Limits::default()) {
        Ok(package) => package,
        Err(error) => return Ok((format!("not read: {error}"), String::new(), "not tried".to_owned())),
    };
    let Some(original) = package.get("Cargo.toml.orig").map(|file| file.bytes) else {
        return Ok(("has no original manifest".to_owned(), String::new(), "not tried".to_owned()));
    };
    let source = tempfile::tempdir_in(scratch)?;
    let own = ["Cargo.toml", "Cargo.toml.orig", ".cargo_vcs_info.json"];
    for file in package.files().filter(|file| !own.contains(&file.path)) {
        let place = source.path().join(file.path);
        fs::create_dir_all(place.parent().unwrap_or(source.path()))?;
        fs::write(place, file.bytes)?;
    }
    fs::write(source.path().join("Cargo.toml"), original)?;
    git(source.path(), &["init", "--quiet"])?;
    git(source.path(), &["add", "--force", "."])?;
    git(source.path(), &["commit", "--quiet", "-m", "first"])?;
    let head = git(source.path(), &["rev-parse", "HEAD"])?;
    // The commit that it names is not here: the one that was made stands in its place.
    let info = format!("{{\n  \"git\": {{\n    \"sha1\": \"{head}\"\n  }},\n  \"path_in_vcs\": \"\"\n}}");
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for file in package.files() {
        let content = if file.path == ".cargo_vcs_info.json" { info.as_bytes() } else { file.bytes };
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, format!("{}/{}", package.folder(), file.path), content)?;
    }
    let bytes = archive.into_inner()?.finish()?;
    let package = Package::read(file, &bytes, &Limits::default())?;
    let snapshot = Snapshot::open(source.path(), &OpenOptions::default())?;
    let comparison = compare(&package, &CommitTree(&snapshot));
    let open: Vec<String> = comparison
        .files
        .iter()
        .filter(|file| file.class != FileClass::Generated)
        .map(|file| {
            format!("\n    {} {}: {}", file.class.as_str(), file.path, file.reason.as_deref().unwrap_or_default())
        })
        .collect();
    let inherits = String::from_utf8_lossy(original).contains("workspace = true");
    let group = match comparison.verdict {
        Verdict::Differs if inherits => "differs: inherits from a workspace".to_owned(),
        verdict => verdict.as_str().to_owned(),
    };
    let rebuilt = rebuild(&package, &bytes, &snapshot, &comparison);
    let files =
        if rebuilt.files.is_empty() { String::new() } else { format!("\n    {}", rebuilt.files.join("\n    ")) };
    let reasons = rebuilt.reasons.iter().fold(String::new(), |all, reason| {
        all + "
    again: " + reason
    });
    Ok((group, format!("{}{files}{reasons}", open.concat()), rebuilt.verdict.told().to_owned()))
}
