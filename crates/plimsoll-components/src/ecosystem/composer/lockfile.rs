//! composer.lock.
//!
//! Source: Composer, "The composer.json schema" and `Composer\Package\Locker`.

use std::collections::BTreeMap;

use plimsoll_model::excerpt;
use serde_json::{Map, Value};
use url::Url;

use super::{
    REGISTRY,
    manifest::{is_name, is_platform, is_version, licence, links},
};
use crate::{
    component::Origin,
    ecosystem::locked::graph::Usage,
    hash::{Algorithm, Hash},
};

/// What a lockfile says.
#[derive(Debug, Default)]
pub(super) struct Locked {
    pub packages: Vec<Entry>,
    /// The digest of what decides in the composer.json for which it was written.
    pub content: Option<String>,
    /// That of the whole file, in the first lockfiles.
    pub whole: Option<String>,
    /// The version of Composer's plugins by which it was written.
    pub version: String,
    /// Entries that were not understood, in one clause each.
    pub faults: Vec<String>,
}

/// One package.
#[derive(Debug)]
pub(super) struct Entry {
    pub name: String,
    pub version: String,
    pub place: Place,
    pub hashes: Vec<Hash>,
    pub licence: Option<String>,
    pub usage: Usage,
    /// Names of what it depends on.
    pub needs: Vec<String>,
    /// Names for which it stands.
    pub stands_for: Vec<String>,
    /// Has it nothing to fetch?
    pub empty: bool,
}

/// From where a package comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    From(Origin),
    /// A folder, as it is written.
    Folder(String),
}

/// The newest version of Composer whose lockfiles are known.
const NEWEST: u32 = 2;

/// Why one was not understood.
pub(super) enum Wrong {
    Future(String),
    Malformed(String),
}

impl From<String> for Wrong {
    fn from(reason: String) -> Self {
        Self::Malformed(reason)
    }
}

/// Reads one.
pub(super) fn read(bytes: &[u8]) -> Result<Locked, Wrong> {
    let value = plimsoll_model::parse_strict(bytes)?;
    let object = value.as_object().ok_or_else(|| "it is no JSON object".to_owned())?;
    let text = |name: &str| object.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    let version = text("plugin-api-version").unwrap_or_default();
    let major = version.split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_some_and(|major| major > NEWEST) {
        return Err(Wrong::Future(version));
    }
    let mut all = Locked { content: text("content-hash"), whole: text("hash"), version, ..Locked::default() };
    for (section, usage) in [("packages", Usage::Normal), ("packages-dev", Usage::Dev)] {
        let list = match object.get(section) {
            Some(Value::Array(list)) => list,
            // Written without asking for what tests need.
            Some(Value::Null) | None if usage == Usage::Dev => continue,
            _ => return Err(Wrong::Malformed(format!("it has no list of {section}"))),
        };
        for value in list {
            let shown = excerpt(value.get("name").and_then(Value::as_str).unwrap_or("without a name"), 80);
            match value
                .as_object()
                .ok_or_else(|| "is not as the format has it".to_owned())
                .and_then(|one| entry(one, usage))
            {
                Ok(entry) => all.packages.push(entry),
                Err(reason) => all.faults.push(format!("the package {shown} {reason}")),
            }
        }
    }
    Ok(all)
}

fn entry(object: &Map<String, Value>, usage: Usage) -> Result<Entry, String> {
    let text = |name: &str| object.get(name).and_then(Value::as_str);
    let name = text("name").filter(|name| is_name(name)).ok_or("has no valid name")?;
    let version = text("version").filter(|version| is_version(version)).ok_or("has no valid version")?;
    let needs = links(object, "require")?.into_keys().filter(|name| !is_platform(name)).collect();
    let mut stands_for: Vec<String> = Vec::new();
    for section in ["replace", "provide"] {
        stands_for.extend(links(object, section)?.into_keys());
    }
    let (dist, source) = (object.get("dist"), object.get("source"));
    let shasum = dist.and_then(|dist| dist.get("shasum")).and_then(Value::as_str).filter(|sum| !sum.is_empty());
    let hash = shasum.map(|sum| Hash::of_hex(Algorithm::Sha1, sum).ok_or("has a digest that is none")).transpose()?;
    let place = place(object, dist, source)?;
    Ok(Entry {
        name: name.to_ascii_lowercase(),
        version: version.to_owned(),
        place,
        hashes: hash.into_iter().collect(),
        licence: object.get("license").and_then(licence),
        usage,
        needs,
        stands_for,
        empty: is_given(dist).is_none() && is_given(source).is_none(),
    })
}

fn is_given(value: Option<&Value>) -> Option<&Map<String, Value>> {
    value.and_then(Value::as_object).filter(|members| !members.is_empty())
}

/// From where a package is fetched, or what is wrong, as what follows its name in a sentence.
fn place(object: &Map<String, Value>, dist: Option<&Value>, source: Option<&Value>) -> Result<Place, String> {
    let member =
        |of: Option<&Map<String, Value>>, name: &str| of?.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    let (dist, source) = (is_given(dist), is_given(source));
    if member(dist, "type").as_deref() == Some("path") {
        return Ok(Place::Folder(member(dist, "url").ok_or("has no folder")?));
    }
    let site = |url: Option<&String>| url.and_then(|url| host(url));
    let (archive, repository) = (member(dist, "url"), member(source, "url"));
    // Whoever is told of an installation is the registry that has the package; there are none but that for the public one.
    let told = object.get("notification-url").and_then(Value::as_str);
    if told == Some("https://packagist.org/downloads/") {
        return match (site(archive.as_ref()), site(repository.as_ref())) {
            // The registry names archives of the place where the repository is.
            (Some(one), Some(other)) if one != other => Ok(Place::From(Origin::Registry(format!("https://{one}")))),
            (Some(one), None) if one != "github.com" && one != "gitlab.com" && one != "bitbucket.org" => {
                Ok(Place::From(Origin::Registry(format!("https://{one}"))))
            }
            (None, None) if archive.is_some() || repository.is_some() => {
                Err("comes from a source of an unknown kind".to_owned())
            }
            _ => Ok(Place::From(Origin::Public(REGISTRY))),
        };
    }
    if let Some(told) = told {
        let host = host(told).ok_or("comes from a registry without an address")?;
        return Ok(Place::From(Origin::Registry(format!("https://{host}"))));
    }
    if let Some(repository) = repository.filter(|_| member(source, "type").as_deref() == Some("git")) {
        let revision = member(source, "reference")
            .filter(|one| matches!(one.len(), 40 | 64) && one.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .ok_or("comes from git and is not pinned to a revision")?;
        let url = git_address(&repository).ok_or("comes from no address of a repository")?;
        return Ok(Place::From(Origin::Git { url, revision: Some(revision) }));
    }
    match site(archive.as_ref()) {
        Some(host) => Ok(Place::From(Origin::Registry(format!("https://{host}")))),
        None if dist.is_none() && source.is_none() => Err("says nothing of where it comes from".to_owned()),
        None => Err("comes from a source of an unknown kind".to_owned()),
    }
}

/// The place of an address: its host, without what stands in front of it for archives.
fn host(address: &str) -> Option<String> {
    let parsed = Url::parse(address).ok().and_then(|url| url.host_str().map(ToOwned::to_owned));
    // `git@host:path`
    let written = || {
        let (host, _) = address.split_once(':')?;
        Some(host.rsplit_once('@').map_or(host, |(_, host)| host).to_owned())
    };
    let host = parsed.or_else(written)?;
    let plain = ["api.", "codeload.", "www."].iter().find_map(|start| host.strip_prefix(start)).unwrap_or(&host);
    (!plain.is_empty() && !plain.contains(['/', '\\'])).then(|| plain.to_owned())
}

/// The address of a repository without anybody's name and word.
fn git_address(remote: &str) -> Option<String> {
    if let Ok(mut url) = Url::parse(remote)
        && url.host_str().is_some()
    {
        let _ = url.set_username("");
        let _ = url.set_password(None);
        return Some(url.to_string());
    }
    let (host, path) = remote.split_once(':')?;
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let plain = !host.is_empty() && !path.is_empty() && !host.contains('/') && !remote.contains(char::is_whitespace);
    plain.then(|| format!("ssh://{host}/{}", path.trim_start_matches('/')))
}

impl Locked {
    /// Packages by the names that they have or stand for, in lower case.
    pub fn by_name(&self) -> BTreeMap<&str, Vec<usize>> {
        let mut all: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, entry) in self.packages.iter().enumerate() {
            all.entry(&entry.name).or_default().push(index);
            for name in &entry.stands_for {
                all.entry(name).or_default().push(index);
            }
        }
        all
    }
}
