//! Package.resolved, versions 1 to 3.
//!
//! Source: Swift Package Manager, `PackageGraph/ResolvedPackagesStore.swift` and the `PinsStore` before it.

use plimsoll_model::excerpt;
use serde_json::{Map, Value};

use super::super::{
    address,
    locked::graph::{Graph, LockError, Package},
    purl::Named,
};
use crate::{component::Origin, options::Limits};

const VERSIONS: &str = "1 to 3";

/// Reads one.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Graph, LockError> {
    let malformed = |reason: &str| LockError::Malformed(reason.to_owned());
    let value = plimsoll_model::parse_strict(bytes).map_err(LockError::Malformed)?;
    let root = value.as_object().ok_or_else(|| malformed("it is no JSON object"))?;
    let version = match root.get("version") {
        Some(Value::Number(version)) => version.as_u64().ok_or_else(|| malformed("its version is no whole number"))?,
        _ => return Err(malformed("it says no version of its format")),
    };
    let list = match version {
        1 => root.get("object").and_then(|object| object.get("pins")),
        2 | 3 => root.get("pins"),
        _ => return Err(LockError::Future(version.to_string(), VERSIONS)),
    };
    let Some(Value::Array(pins)) = list else { return Err(malformed("it has no list of pins")) };
    if pins.len() > limits.packages {
        return Err(LockError::Limit(format!("it lists more than {} packages", limits.packages)));
    }
    let mut graph = Graph {
        format: super::LOCK,
        version: version.to_string(),
        written_for: root.get("originHash").and_then(Value::as_str).map(str::to_ascii_lowercase),
        ..Graph::default()
    };
    for pin in pins {
        let text = |name: &str| pin.get(name).and_then(Value::as_str);
        let shown = excerpt(text("identity").or(text("package")).unwrap_or("without a name"), 80);
        let read = pin.as_object().ok_or_else(|| "is not as the format has it".to_owned());
        match read.and_then(|pin| package(pin, version)) {
            Ok((package, fault)) => {
                graph.packages.push(package);
                graph.faults.extend(fault.map(|fault| format!("the package {shown} {fault}")));
            }
            Err(reason) => graph.faults.push(format!("the package {shown} {reason}")),
        }
    }
    Ok(graph)
}

/// A package, with what is wrong with it; or why it is none. Both as what follows its name in a sentence.
fn package(pin: &Map<String, Value>, format: u64) -> Result<(Package, Option<String>), String> {
    let text = |name: &str| pin.get(name).and_then(Value::as_str).filter(|text| address::is_plain(text));
    let state = pin.get("state").and_then(Value::as_object).ok_or("has no state")?;
    let of_state = |name: &str| match state.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if address::is_plain(text) => Ok(Some(text.as_str())),
        Some(_) => Err(format!("has no valid {name}")),
    };
    let (version, revision) = (of_state("version")?, of_state("revision")?);
    of_state("branch")?;
    let (kind, location) = match format {
        1 => ("remoteSourceControl", text("repositoryURL")),
        _ => (text("kind").ok_or("has no kind")?, text("location")),
    };
    if kind == "registry" {
        let (identity, version) = (text("identity").ok_or("has no valid identity")?, version.ok_or("has no version")?);
        // The registry of a scope is in settings.
        let origin = Origin::Registry(location.and_then(address::registry).map(String::from).unwrap_or_default());
        let (scope, name) = identity.split_once('.').ok_or("has no valid identity")?;
        let purl = Named { kind: "swift", namespace: Some(scope), name, version }.from(&origin);
        let unknown = "comes from a registry whose address it does not have".to_owned();
        let fault = (origin == Origin::Registry(String::new())).then_some(unknown);
        let (name, version) = (identity.to_owned(), version.to_owned());
        return Ok((Package { name, version, purl, origin, ..Package::default() }, fault));
    }
    if !matches!(kind, "remoteSourceControl" | "localSourceControl") {
        return Err("comes from a source of an unknown kind".to_owned());
    }
    let location = location.ok_or("has no valid address")?;
    let revision = revision.filter(|revision| address::is_revision(revision)).map(str::to_ascii_lowercase);
    let Some(url) = address::repository(location).filter(|_| kind == "remoteSourceControl") else {
        return Err("comes from a repository on the machine where it was written".to_owned());
    };
    let fault = revision.is_none().then(|| "comes from git and is not pinned to a revision".to_owned());
    // What is pinned to a branch has no version but its revision.
    let version = version.map(ToOwned::to_owned).or_else(|| revision.clone()).unwrap_or_default();
    let name = name(&url).ok_or("has no valid address")?;
    let origin = Origin::Git { url, revision };
    let purl = Named::split("swift", &name, &version).from(&origin);
    Ok((Package { name, version, purl, origin, ..Package::default() }, fault))
}

/// The name of a package: host and path of its repository.
///
/// Source: Package URL specification, type `swift`.
pub(super) fn name(url: &str) -> Option<String> {
    let url = address::parsed(url)?;
    let path = url.path().trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    (!path.is_empty()).then(|| format!("{}/{path}", url.host_str().unwrap_or_default()))
}
