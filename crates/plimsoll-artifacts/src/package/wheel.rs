//! Who a wheel says it is, and whether it is for every platform.

use std::collections::BTreeSet;

use crate::{
    ArtifactError, Limits, MetadataFault,
    package::{
        Identity, Unpacked,
        identity::is_word,
        paths,
        paths::shown,
        python::{fields, is_called, is_same_name, is_same_version, name_and_version, one_field},
        record,
    },
};

/// Gives name and version of a wheel whose `RECORD` holds, and whether it is pure.
///
/// Refused: a file name that is not of the form, or is of another name or version; no `.dist-info` folder or several; a
/// wheel version other than 1; two files that are installed at one place. Source: "Binary distribution format".
pub(super) fn of_wheel(file: &str, unpacked: &Unpacked, limits: &Limits) -> Result<Identity, ArtifactError> {
    let folder = dist_info(unpacked)?;
    let path = format!("{folder}/METADATA");
    let (name, version) = name_and_version(&path, unpacked.metadata(&path, limits)?)?;
    let refused = |fault| ArtifactError::Metadata { path: path.clone(), fault };
    let stated = || format!("{name}-{version}");
    let tags = file
        .strip_suffix(".whl")
        .and_then(|stem| tags_of(stem, &name, &version))
        .ok_or_else(|| refused(MetadataFault::FileName { stated: stated(), named: shown(file) }))?;
    let stem = folder.strip_suffix(".dist-info").unwrap_or_default();
    if !is_called(stem, &name, &version) {
        return Err(refused(MetadataFault::Folder { stated: stated(), folder: shown(folder) }));
    }

    let path = format!("{folder}/WHEEL");
    let wheel = unpacked.metadata(&path, limits)?;
    let wheel_version = one_field(&path, wheel, "Wheel-Version")?;
    if wheel_version.split('.').next() != Some("1") {
        let fault = MetadataFault::WheelVersion { version: shown(&wheel_version) };
        return Err(ArtifactError::Metadata { path, fault });
    }
    let in_purelib = match one_field(&path, wheel, "Root-Is-Purelib")?.to_ascii_lowercase().as_str() {
        "true" => true,
        "false" => false,
        _ => {
            let fault = MetadataFault::Field { field: "Root-Is-Purelib" };
            return Err(ArtifactError::Metadata { path, fault });
        }
    };
    let stated_tags: Vec<&[u8]> = fields(wheel, "Tag").map(<[u8]>::trim_ascii).collect();
    let data = format!("{stem}.data/");
    installed_apart(unpacked, &data)?;
    record::check(unpacked, folder)?;

    let platform_files = format!("{data}platlib/");
    let pure = in_purelib
        && tags.is_for_all()
        && !stated_tags.is_empty()
        && stated_tags.iter().all(|tag| tag.ends_with(b"-none-any"))
        && !unpacked.entries.iter().any(|entry| entry.path.starts_with(&platform_files));
    Ok(Identity { name, version, pure })
}

/// The one folder at the top that ends in `.dist-info`.
fn dist_info(unpacked: &Unpacked) -> Result<&str, ArtifactError> {
    let folders: BTreeSet<&str> = unpacked
        .entries
        .iter()
        .filter_map(|entry| entry.path.split_once('/'))
        .map(|(top, _)| top)
        // pip takes any case of it.
        .filter(|top| top.to_ascii_lowercase().ends_with(".dist-info"))
        .collect();
    let refused = |fault| ArtifactError::Metadata { path: ".dist-info".to_owned(), fault };
    let mut folders = folders.into_iter();
    match (folders.next(), folders.next()) {
        (Some(one), None) if one.ends_with(".dist-info") => Ok(one),
        (Some(_), Some(_)) => Err(refused(MetadataFault::Several)),
        _ => Err(refused(MetadataFault::Missing)),
    }
}

/// The compressed tags of a file name: each a set with dots between.
struct Tags<'a> {
    abi: &'a str,
    platform: &'a str,
}

impl Tags<'_> {
    fn is_for_all(&self) -> bool {
        self.abi == "none" && self.platform == "any"
    }
}

/// `NAME-VERSION(-BUILD)?-PYTHON-ABI-PLATFORM`, where name and version have no hyphen.
fn tags_of<'a>(stem: &'a str, name: &str, version: &str) -> Option<Tags<'a>> {
    let parts: Vec<&str> = stem.split('-').take(7).collect();
    let (named, of_version, python, abi, platform) = match parts.as_slice() {
        [named, of_version, python, abi, platform] => (named, of_version, python, abi, platform),
        [named, of_version, build, python, abi, platform] if build.starts_with(|it: char| it.is_ascii_digit()) => {
            (named, of_version, python, abi, platform)
        }
        _ => return None,
    };
    let all_words = [python, abi, platform].iter().all(|tag| is_word(tag));
    (all_words && is_same_name(named, name) && is_same_version(of_version, version)).then_some(Tags { abi, platform })
}

/// Refuses two files that end up at one place: what stands in `.data/purelib` and `.data/platlib` goes where the rest goes.
fn installed_apart(unpacked: &Unpacked, data: &str) -> Result<(), ArtifactError> {
    let moved = |path: &str| {
        let rest =
            path.get(data.len()..).filter(|_| path.get(..data.len()).is_some_and(|it| it.eq_ignore_ascii_case(data)));
        rest.is_some_and(|rest| rest.starts_with("purelib/") || rest.starts_with("platlib/"))
    };
    if !unpacked.entries.iter().any(|entry| moved(&entry.path)) {
        return Ok(());
    }
    paths::distinct(unpacked.entries.iter().map(|entry| {
        let path = entry.path.as_str();
        // Both folders have names of one length.
        let installed = if moved(path) { path.get(data.len() + "purelib/".len()..).unwrap_or(path) } else { path };
        (installed, false)
    }))
}
