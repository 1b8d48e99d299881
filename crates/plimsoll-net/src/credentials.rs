//! Who we are to a registry: docker's `config.json` and podman's `auth.json`, and the helpers they name.
//!
//! Read here and not with the crate `docker_credential`: that one waits for a helper for ever, takes any name for one,
//! and puts what a helper wrote into its error.

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::Duration,
};

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, general_purpose::GeneralPurposeConfig},
};
use serde_json::Value;

use crate::{
    ImageReference, NetError,
    credential::{Credential, credential},
    helper,
    secret::Secret,
};

/// Bytes of a configuration.
const LARGEST: u64 = 4 * 1024 * 1024;
/// The name under which Docker Hub stands in configurations and helpers.
const DOCKER_HUB: &str = "https://index.docker.io/v1/";

/// Where credentials are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Credentials {
    /// As docker and podman do: the file in `REGISTRY_AUTH_FILE`, `config.json` in the folder in `DOCKER_CONFIG` (else in
    /// `.docker` at home), podman's `auth.json`; the first that knows the registry counts.
    #[default]
    Environment,
    /// Nowhere.
    Anonymous,
    /// In this file, of docker's form.
    File(PathBuf),
}

/// Gives what is known for the image's registry; `left` is the time that a helper may take.
pub(crate) fn find(image: &ImageReference, source: &Credentials, left: Duration) -> Result<Credential, NetError> {
    let failed = |reason: String| NetError::Credentials { registry: image.registry().to_owned(), reason };
    let files = match source {
        Credentials::Anonymous => Vec::new(),
        Credentials::File(path) => vec![(path.clone(), true)],
        Credentials::Environment => from_environment(|name| env::var_os(name).filter(|value| !value.is_empty())),
    };
    for (path, named) in files {
        let Some(config) = read(&path, named).map_err(failed)? else { continue };
        match in_config(&config, image, |name, server| helper::ask(name, server, left)) {
            Ok(Some(credential)) => return Ok(credential),
            Ok(None) => {}
            Err(reason) => return Err(failed(format!("{}: {reason}", path.display()))),
        }
    }
    Ok(Credential::Anonymous)
}

/// The files to look into, and whether one was named so that its absence is an error.
fn from_environment(variable: impl Fn(&str) -> Option<std::ffi::OsString>) -> Vec<(PathBuf, bool)> {
    let mut files = Vec::new();
    if let Some(file) = variable("REGISTRY_AUTH_FILE") {
        files.push((PathBuf::from(file), true));
    }
    let home = variable("HOME").or_else(|| variable("USERPROFILE")).map(PathBuf::from);
    let docker = variable("DOCKER_CONFIG").map(PathBuf::from).or_else(|| Some(home.as_ref()?.join(".docker")));
    files.extend(docker.map(|folder| (folder.join("config.json"), false)));
    let runtime = variable("XDG_RUNTIME_DIR").map(PathBuf::from);
    let config = variable("XDG_CONFIG_HOME").map(PathBuf::from).or_else(|| Some(home?.join(".config")));
    files.extend([runtime, config].into_iter().flatten().map(|folder| (folder.join("containers/auth.json"), false)));
    files
}

fn read(path: &Path, named: bool) -> Result<Option<Value>, String> {
    let place = path.display();
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !named => return Ok(None),
        Err(error) => return Err(format!("{place}: {error}")),
    };
    let bytes = plimsoll_model::read_bounded(file, LARGEST).map_err(|error| format!("{place}: {error}"))?;
    let bytes = bytes.ok_or_else(|| format!("{place}: larger than {LARGEST} bytes"))?;
    // Only where it breaks is told: the file holds secrets.
    serde_json::from_slice(&bytes)
        .map(Some)
        .map_err(|error| format!("{place}: is not JSON at line {}, column {}", error.line(), error.column()))
}

/// Looks the image's registry up in a configuration; `ask` runs a helper.
///
/// Source: docker's documentation of `docker login` (credential stores and helpers); containers-auth.json(5).
pub(crate) fn in_config(
    config: &Value,
    image: &ImageReference,
    ask: impl Fn(&str, &str) -> Result<Option<Credential>, String>,
) -> Result<Option<Credential>, String> {
    let hub = image.registry() == "docker.io";
    let server = if hub { DOCKER_HUB } else { image.registry() };
    let own = config.get("credHelpers").and_then(|helpers| {
        let names: &[&str] = if hub { &[DOCKER_HUB, "index.docker.io", "docker.io"] } else { &[server] };
        names.iter().find_map(|name| helpers.get(name))
    });
    let helper = own.or_else(|| config.get("credsStore")).map(|name| name.as_str().unwrap_or_default());
    // An empty name means none, as docker has it.
    if let Some(name) = helper.filter(|name| !name.is_empty())
        && let Some(credential) = ask(name, server)?
    {
        return Ok(Some(credential));
    }
    let Some(entries) = config.get("auths").and_then(Value::as_object) else { return Ok(None) };
    for wanted in names(image) {
        let mut keys: Vec<&String> = entries.keys().filter(|key| plain(key) == wanted).collect();
        // The plain name before the one with a scheme.
        keys.sort_by_key(|key| (key.len(), key.as_str()));
        for key in keys {
            if let Some(credential) = entries.get(key).map(in_entry).transpose()?.flatten() {
                return Ok(Some(credential));
            }
        }
    }
    Ok(None)
}

/// The names under which an image's registry may stand, the most particular first.
fn names(image: &ImageReference) -> Vec<String> {
    let mut names = Vec::new();
    let whole = format!("{}/{}", image.registry(), image.repository());
    let mut name = whole.as_str();
    while let Some((shorter, _)) = name.rsplit_once('/') {
        names.push(name.to_owned());
        name = shorter;
    }
    names.push(name.to_owned());
    if image.registry() == "docker.io" {
        names.extend(["index.docker.io", "registry-1.docker.io"].map(str::to_owned));
    }
    names
}

/// A key of `auths` without scheme and version.
fn plain(key: &str) -> &str {
    let key = key.strip_prefix("https://").or_else(|| key.strip_prefix("http://")).unwrap_or(key);
    let key = key.trim_end_matches('/');
    key.strip_suffix("/v1").or_else(|| key.strip_suffix("/v2")).unwrap_or(key)
}

fn in_entry(entry: &Value) -> Result<Option<Credential>, String> {
    let text = |name: &str| entry.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    if let Some(token) = text("identitytoken") {
        return Ok(Some(Credential::Identity(Secret::new(token))));
    }
    if let Some(token) = text("registrytoken") {
        return Ok(Some(Credential::Bearer(Secret::new(token))));
    }
    if let Some(auth) = text("auth") {
        let wrong = || "an \"auth\" is not base64 of user:password".to_owned();
        let padding = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
        let bytes = GeneralPurpose::new(&alphabet::STANDARD, padding).decode(auth).map_err(|_| wrong())?;
        let decoded = String::from_utf8(bytes).map_err(|_| wrong())?;
        let (user, password) = decoded.split_once(':').ok_or_else(wrong)?;
        return Ok(Some(credential(user, password.trim_end_matches('\0'))));
    }
    Ok(text("username").zip(text("password")).map(|(user, password)| credential(user, password)))
}

#[cfg(test)]
mod tests;
