//! Names, versions and metadata of Python's packages.

use crate::{
    ArtifactError, Limits, MetadataFault,
    package::{Identity, Unpacked, identity::is_word, paths::shown},
};

const PKG_INFO: &str = "PKG-INFO";

/// Gives name and version of a source distribution.
///
/// File and top folder have to be called by them, as `NAME-VERSION`; older spellings of the name and of the version, which
/// PEP 625 no longer allows, are let through. Source: "Source distribution format", PEP 517 and PEP 625.
pub(super) fn of_sdist(file: &str, unpacked: &Unpacked, limits: &Limits) -> Result<Identity, ArtifactError> {
    let refused = |fault| ArtifactError::Metadata { path: PKG_INFO.to_owned(), fault };
    let (name, version) = name_and_version(PKG_INFO, unpacked.metadata(PKG_INFO, limits)?)?;
    let stated = || format!("{name}-{version}");
    if !file.strip_suffix(".tar.gz").is_some_and(|stem| is_called(stem, &name, &version)) {
        return Err(refused(MetadataFault::FileName { stated: stated(), named: shown(file) }));
    }
    if !is_called(&unpacked.folder, &name, &version) {
        return Err(refused(MetadataFault::Folder { stated: stated(), folder: shown(&unpacked.folder) }));
    }
    Ok(Identity { name, version, pure: true })
}

/// Whether `stem` is name and version with a hyphen between them, which both may have of their own.
pub(super) fn is_called(stem: &str, name: &str, version: &str) -> bool {
    stem.match_indices('-').take(64).any(|(at, _)| {
        let (left, right) = stem.split_at(at);
        is_same_name(left, name) && right.strip_prefix('-').is_some_and(|right| is_same_version(right, version))
    })
}

/// Gives `Name` and `Version` of core metadata.
///
/// Source: "Core metadata specifications".
pub(super) fn name_and_version(path: &str, bytes: &[u8]) -> Result<(String, String), ArtifactError> {
    let name = one_field(path, bytes, "Name")?;
    let version = one_field(path, bytes, "Version")?;
    let refused = |field| ArtifactError::Metadata { path: path.to_owned(), fault: MetadataFault::Field { field } };
    let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let ends = [name.bytes().next(), name.bytes().last()];
    if !is_word(&name) || !name.bytes().all(is_inner) || !ends.iter().flatten().all(u8::is_ascii_alphanumeric) {
        return Err(refused("Name"));
    }
    if !is_word(&version) || !version.is_ascii() {
        return Err(refused("Version"));
    }
    Ok((name, version))
}

/// Gives the value of a field that has to be there once.
pub(super) fn one_field(path: &str, bytes: &[u8], field: &'static str) -> Result<String, ArtifactError> {
    let refused = |fault| ArtifactError::Metadata { path: path.to_owned(), fault };
    let mut values = fields(bytes, field);
    let value = values.next().ok_or_else(|| refused(MetadataFault::Field { field }))?;
    if values.next().is_some() {
        return Err(refused(MetadataFault::Twice { field }));
    }
    let text = std::str::from_utf8(value).map_err(|_| refused(MetadataFault::Field { field }))?;
    Ok(text.trim().to_owned())
}

/// Gives every value of a field in headers as e-mail has them, to the first line that is none.
///
/// Lines end with a line feed, a carriage return or both, as Python reads them. Lines that continue a value are left out.
pub fn fields<'a>(bytes: &'a [u8], field: &'a str) -> impl Iterator<Item = &'a [u8]> {
    bytes
        .split_inclusive(|byte| matches!(byte, b'\n' | b'\r'))
        .filter_map({
            let mut after_return = false;
            move |line| {
                let is_rest_of_ending = after_return && line == b"\n";
                after_return = line.ends_with(b"\r");
                (!is_rest_of_ending).then(|| line.strip_suffix(b"\n").or(line.strip_suffix(b"\r")).unwrap_or(line))
            }
        })
        .map_while(|line| match line {
            [] => None,
            [b' ' | b'\t', ..] => Some(None),
            _ => {
                let colon = line.iter().position(|byte| *byte == b':')?;
                line.split_at_checked(colon).map(Some)
            }
        })
        .flatten()
        .filter(|(name, _)| name.eq_ignore_ascii_case(field.as_bytes()))
        .filter_map(|(_, value)| value.strip_prefix(b":"))
}

/// Whether two spellings are one name, by PEP 503: case does not count, and runs of `-`, `_` and `.` are one hyphen.
pub fn is_same_name(one: &str, other: &str) -> bool {
    fn parts(name: &str) -> impl Iterator<Item = String> {
        name.split(['-', '_', '.']).filter(|part| !part.is_empty()).map(str::to_ascii_lowercase)
    }
    !one.is_empty() && parts(one).eq(parts(other))
}

/// Whether two spellings are one version: the normal forms of PEP 440, but for zeros at the end of a release, which count.
///
/// `_` stands for `-`, as file names have it.
pub fn is_same_version(one: &str, other: &str) -> bool {
    one == other || normal(one) == normal(other)
}

fn normal(version: &str) -> Vec<String> {
    let lower = version.to_ascii_lowercase().replace('_', "-");
    let text = lower.strip_prefix('v').unwrap_or(&lower);
    let (public, local) = text.split_once('+').map_or((text, None), |(public, local)| (public, Some(local)));
    let mut parts: Vec<String> = Vec::new();
    for run in runs(public) {
        let alias = match run {
            "alpha" => "a",
            "beta" => "b",
            "c" | "pre" | "preview" => "rc",
            "rev" | "r" => "post",
            other => other,
        };
        let is_number = alias.bytes().all(|byte| byte.is_ascii_digit());
        let last_is_number = parts.last().is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        match alias {
            // A hyphen and a number behind a number are a post-release; other separators are for reading.
            "-" | "." => {
                if alias == "-" {
                    parts.push("-".to_owned());
                }
            }
            _ if is_number => {
                if parts.last().is_some_and(|part| part == "-") {
                    parts.pop();
                    if parts.last().is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_digit())) {
                        parts.push("post".to_owned());
                    }
                }
                let digits = alias.trim_start_matches('0');
                parts.push(if digits.is_empty() { "0" } else { digits }.to_owned());
            }
            _ => {
                if parts.last().is_some_and(|part| part == "-") {
                    parts.pop();
                } else if !last_is_number && parts.last().is_some_and(|part| part != "!") {
                    // A word behind a word: the number between them was left out.
                    parts.push("0".to_owned());
                }
                parts.push(alias.to_owned());
            }
        }
    }
    if parts.last().is_some_and(|part| matches!(part.as_str(), "a" | "b" | "rc" | "post" | "dev")) {
        parts.push("0".to_owned());
    }
    if let Some(local) = local {
        parts.push("+".to_owned());
        parts.extend(local.split(['-', '.']).map(|part| {
            let is_number = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            let digits = part.trim_start_matches('0');
            if is_number && digits.is_empty() {
                "0".to_owned()
            } else if is_number {
                digits.to_owned()
            } else {
                part.to_owned()
            }
        }));
    }
    parts
}

/// Digits, letters, and everything else byte by byte.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    let kind = |letter: char| (letter.is_ascii_digit(), letter.is_ascii_alphabetic());
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let length = if kind(first) == (false, false) {
            first.len_utf8()
        } else {
            rest.find(|letter| kind(letter) != kind(first)).unwrap_or(rest.len())
        };
        let (run, after) = rest.split_at(length);
        rest = after;
        Some(run)
    })
}
