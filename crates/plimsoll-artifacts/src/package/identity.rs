//! Who a crate and an npm package say they are.

use serde::Deserialize;

use crate::{
    ArtifactError, Limits, MetadataFault,
    package::{Identity, Unpacked, paths::shown},
};

const CARGO_TOML: &str = "Cargo.toml";
const PACKAGE_JSON: &str = "package.json";
/// npm's bound on names is 214; crates.io's is 64.
const LONGEST: usize = 256;

#[derive(Deserialize)]
struct Manifest {
    package: Option<Stated>,
    // What the table was called at first.
    project: Option<Stated>,
}

#[derive(Deserialize)]
struct Stated {
    name: String,
    version: String,
}

/// Gives name and version of a crate; its file has to be called `NAME-VERSION.crate` and its folder `NAME-VERSION`.
///
/// Source: The Cargo Book, "Registry Index" and `cargo package`.
pub(super) fn of_crate(file: &str, unpacked: &Unpacked, limits: &Limits) -> Result<Identity, ArtifactError> {
    let refused = |fault| ArtifactError::Metadata { path: CARGO_TOML.to_owned(), fault };
    let malformed = |reason: String| refused(MetadataFault::Malformed { reason: shown(&reason) });
    let bytes = unpacked.metadata(CARGO_TOML, limits)?;
    let text = std::str::from_utf8(bytes).map_err(|error| malformed(error.to_string()))?;
    let manifest: Manifest = toml::from_str(text).map_err(|error| malformed(error.message().to_owned()))?;
    let Stated { name, version } = match (manifest.package, manifest.project) {
        (Some(stated), None) | (None, Some(stated)) => stated,
        (None, None) => return Err(refused(MetadataFault::Field { field: "package" })),
        (Some(_), Some(_)) => return Err(refused(MetadataFault::Twice { field: "package" })),
    };
    let is_name =
        is_word(&name) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if !is_name {
        return Err(refused(MetadataFault::Field { field: "name" }));
    }
    if semver::Version::parse(&version).is_err() {
        return Err(refused(MetadataFault::Field { field: "version" }));
    }
    let stated = format!("{name}-{version}");
    if file.strip_suffix(".crate") != Some(&stated) {
        return Err(refused(MetadataFault::FileName { stated, named: shown(file) }));
    }
    if unpacked.folder != stated {
        return Err(refused(MetadataFault::Folder { stated, folder: shown(&unpacked.folder) }));
    }
    Ok(Identity { name, version, pure: true })
}

/// Gives name and version of an npm package. A field that appears twice is refused.
///
/// Source: npm's documentation of package.json.
pub(super) fn of_npm(unpacked: &Unpacked, limits: &Limits) -> Result<Identity, ArtifactError> {
    let refused = |fault| ArtifactError::Metadata { path: PACKAGE_JSON.to_owned(), fault };
    let bytes = unpacked.metadata(PACKAGE_JSON, limits)?;
    // npm leaves a byte order mark out.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let Stated { name, version } = serde_json::from_slice(bytes)
        .map_err(|error| refused(MetadataFault::Malformed { reason: shown(&error.to_string()) }))?;
    if !is_word(&name) {
        return Err(refused(MetadataFault::Field { field: "name" }));
    }
    if !is_word(&version) {
        return Err(refused(MetadataFault::Field { field: "version" }));
    }
    Ok(Identity { name, version, pure: true })
}

/// Something to show and to compare: not empty, not endless, nothing that moves the text around.
pub(super) fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= LONGEST
        && text.chars().all(|letter| !letter.is_control() && !letter.is_whitespace())
}
