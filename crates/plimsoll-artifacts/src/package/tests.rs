//! Archives made by hand, and what is said of them.

mod building;
mod identity;
mod paths;
mod property;
mod tar;
mod wheel;
mod zip;

use crate::{ArtifactError, Limits, Package};

/// The name of the packages that the tests make where it does not matter.
const CRATE: &str = "a-1.0.0.crate";

/// What is said of a package: its files, one a line, or why it is refused.
fn said(name: &str, bytes: &[u8]) -> Result<Vec<String>, ArtifactError> {
    let package = Package::read(name, bytes, &Limits::default())?;
    Ok(package
        .files()
        .map(|file| {
            let mark = if file.executable { "*" } else { "" };
            format!("{}{mark}={}", file.path, String::from_utf8_lossy(file.bytes))
        })
        .collect())
}

fn refusal(name: &str, bytes: &[u8]) -> ArtifactError {
    said(name, bytes).unwrap_err()
}
