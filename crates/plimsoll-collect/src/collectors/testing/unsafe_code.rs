//! Which packages of Rust use `unsafe`, and which forbid it.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::{Assurance, Kind, Pointer, Subject};
use plimsoll_snapshot::Entry;
use plimsoll_sources::RustFile;
use schemars::JsonSchema;
use serde::Serialize;

use super::{MOST_PLACES, Source, configuration};
use crate::{Context, Gathered, PathClass};

/// Unsafe code of one Rust package.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct UnsafeFact {
    /// Folder of the package; `.` at the root.
    package: String,
    /// Its manifest.
    path: String,
    /// How often the word `unsafe` stands in code, that of its tests and examples with it.
    unsafe_uses: u64,
    /// Is it forbidden in every crate root, or by the manifest?
    forbids: bool,
    /// Is it denied, or forbidden?
    denies: bool,
    /// Source files that were read.
    files: u64,
    /// Class of the manifest's path.
    class: PathClass,
}

pub(super) const UNSAFE: Kind =
    Kind::of::<UnsafeFact>("unsafe-code", "How much unsafe code a Rust package has, and whether it is forbidden.");

pub(super) fn push_unsafe(cx: &Context<'_>, sources: &[Source<'_>], gathered: &mut Gathered) {
    let manifests: BTreeMap<&str, &Entry> = cx
        .snapshot
        .entries()
        .iter()
        .filter(|entry| entry.is_file() && entry.name() == "Cargo.toml")
        .map(|entry| (entry.folder(), entry))
        .collect();
    let configuration::Packages { unsafe_lints: lints, named_roots } = configuration::packages(cx, &manifests);
    let mut packages: BTreeMap<&str, Vec<&Source<'_>>> = BTreeMap::new();
    for source in sources.iter().filter(|source| source.language.name == "Rust" && source.class != PathClass::Vendored)
    {
        let mut folder = source.entry.folder();
        while !manifests.contains_key(folder) && !folder.is_empty() {
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
        packages.entry(folder).or_default().push(source);
    }
    for (folder, files) in packages {
        let Some(manifest) = manifests.get(folder) else { continue };
        let inside = |path: &str| {
            path.strip_prefix(folder).map(|rest| rest.trim_start_matches('/').to_owned()).unwrap_or_default()
        };
        let mut missing: BTreeSet<&str> = named_roots.get(folder).into_iter().flatten().map(String::as_str).collect();
        let roots: Vec<_> = files
            .iter()
            .filter(|source| {
                let path = inside(&source.entry.path);
                missing.remove(path.as_str())
                    || matches!(path.as_str(), "src/lib.rs" | "src/main.rs")
                    || path.starts_with("src/bin/")
            })
            .collect();
        let by_manifest = lints.get(folder).copied();
        let every = |holds: fn(&RustFile) -> bool| {
            !roots.is_empty() && missing.is_empty() && roots.iter().all(|source| holds(&source.read.rust))
        };
        let forbids = by_manifest == Some(true) || every(|file| file.forbids_unsafe);
        // The compiler looks at what is taken in; here it is not.
        if let Some(gap) = left_out(cx, &files).filter(|_| !forbids) {
            gathered.gap(gap);
        }
        let denies = forbids || by_manifest.is_some() || every(|file| file.denies_unsafe || file.forbids_unsafe);
        let fact = UnsafeFact {
            package: if folder.is_empty() { ".".to_owned() } else { folder.to_owned() },
            path: manifest.path.clone(),
            unsafe_uses: files.iter().map(|source| source.read.rust.unsafe_uses).sum(),
            forbids,
            denies,
            files: files.len() as u64,
            class: cx.classes.of(&manifest.path),
        };
        let mut pointers: Vec<Pointer> = vec![manifest.pointer()];
        pointers.extend(
            files
                .iter()
                .filter(|source| source.read.rust.unsafe_uses > 0)
                .take(MOST_PLACES)
                .map(|source| source.entry.pointer()),
        );
        gathered.push(Subject::path(&manifest.path), Assurance::Observed, &fact, pointers);
    }
}

/// Says which source the compiler takes in from where it was not looked at: a file that is not named as Rust, or one in a
/// folder of others' source.
fn left_out(cx: &Context<'_>, sources: &[&Source<'_>]) -> Option<String> {
    let shipped = sources.iter().filter(|source| source.class == PathClass::Shipped);
    let named = shipped.flat_map(|source| source.read.rust.named.iter().map(move |file| (source, file)));
    let mut unseen = named.filter(|(source, file)| {
        let joined = format!("{}/{file}", source.entry.folder());
        file.rsplit_once('.').is_none_or(|(_, ending)| ending != "rs")
            || cx.classes.of(joined.trim_start_matches('/')) == PathClass::Vendored
    });
    let (source, file) = unseen.next()?;
    let more = match unseen.count() {
        0 => String::new(),
        more => format!(", and {more} more of the kind"),
    };
    Some(format!("{}: takes in {file:?}, which is not looked at{more}", source.entry.path))
}
