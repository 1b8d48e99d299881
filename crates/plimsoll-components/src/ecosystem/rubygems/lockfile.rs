//! Gemfile.lock and gems.locked.
//!
//! Source: Bundler, "lockfile format" of `Bundler::LockfileParser`.

use std::collections::BTreeMap;

use plimsoll_model::excerpt;
use url::Url;

use super::{
    REGISTRY,
    gemfile::Requirement,
    names::{is_name, is_version},
};
use crate::{
    component::Origin,
    hash::{Algorithm, Hash},
};

/// What a lockfile says.
#[derive(Debug, Default)]
pub(super) struct Locked {
    pub specs: Vec<Spec>,
    /// Gems of folders, by name.
    pub own: BTreeMap<String, usize>,
    /// What was asked for, by name.
    pub asked: BTreeMap<String, Asked>,
    /// Digests by name, version and platform.
    pub checksums: BTreeMap<(String, String), Vec<Hash>>,
    /// The version of Bundler that wrote it.
    pub bundler: String,
    /// Entries that were not understood, in one clause each.
    pub faults: Vec<String>,
}

/// One gem, for one platform.
#[derive(Debug)]
pub(super) struct Spec {
    pub name: String,
    pub version: String,
    /// `None` for those that run anywhere.
    pub platform: Option<String>,
    pub place: Place,
    /// Names of what it depends on.
    pub needs: Vec<String>,
}

/// From where a gem comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    From(Origin),
    /// A folder, as it is written.
    Folder(String),
}

/// What was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub requirement: Requirement,
}

/// The section that is being read.
#[derive(Default)]
struct Section {
    name: String,
    remotes: Vec<String>,
    revision: Option<String>,
    place: Option<Place>,
}

/// Reads one, or says what is wrong, as a clause.
pub(super) fn read(bytes: &[u8], most: usize) -> Result<Locked, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8")?;
    let mut all = Locked::default();
    let mut section = Section::default();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_end();
        if line.starts_with("<<<<<<<") || line.starts_with(">>>>>>>") || line == "=======" {
            return Err(format!("line {}: two versions of it were put together and neither chosen", number + 1));
        }
        let indent = line.len() - line.trim_start_matches(' ').len();
        let entry = line.trim_start_matches(' ');
        if entry.is_empty() {
            continue;
        }
        if indent == 0 {
            section = Section { name: entry.to_owned(), ..Section::default() };
            let known =
                ["GEM", "GIT", "PATH", "PLUGIN SOURCE", "PLATFORMS", "DEPENDENCIES", "CHECKSUMS", "RUBY VERSION"];
            if !known.contains(&entry) && entry != "BUNDLED WITH" {
                all.faults.push(format!("the section \"{}\" is not known", excerpt(entry, 40)));
            }
            continue;
        }
        let understood = match (section.name.as_str(), indent) {
            ("GEM" | "GIT" | "PATH" | "PLUGIN SOURCE", 2) => section.member(entry),
            ("GEM" | "GIT" | "PATH" | "PLUGIN SOURCE", 4) => all.spec(&mut section, entry),
            ("GEM" | "GIT" | "PATH" | "PLUGIN SOURCE", 6) => all.need(entry),
            ("DEPENDENCIES", 2) => all.ask(entry),
            ("CHECKSUMS", 2) => all.checksum(entry),
            ("BUNDLED WITH", _) if all.bundler.is_empty() && is_version(entry) => {
                entry.clone_into(&mut all.bundler);
                true
            }
            ("PLATFORMS" | "RUBY VERSION", _) => true,
            // It is told once that the section is not known.
            ("", _) => false,
            (name, _) => {
                !["GEM", "GIT", "PATH", "PLUGIN SOURCE", "DEPENDENCIES", "CHECKSUMS", "BUNDLED WITH"].contains(&name)
            }
        };
        if !understood {
            all.faults.push(format!("line {} \"{}\" is not understood", number + 1, excerpt(entry, 60)));
        }
        if all.specs.len() > most || all.asked.len() > most || all.checksums.len() > most {
            return Err(format!("it lists more than {most} packages"));
        }
    }
    if section.name.is_empty() {
        return Err("it has no sections".to_owned());
    }
    for (index, spec) in all.specs.iter().enumerate().filter(|(_, spec)| matches!(spec.place, Place::Folder(_))) {
        all.own.entry(spec.name.clone()).or_insert(index);
    }
    Ok(all)
}

impl Section {
    /// `remote: URL` and so on.
    fn member(&mut self, entry: &str) -> bool {
        if entry == "specs:" {
            return true;
        }
        let Some((key, value)) = entry.split_once(": ") else { return false };
        match key {
            "remote" => self.remotes.push(value.to_owned()),
            "revision" => self.revision = Some(value.to_owned()),
            "branch" | "tag" | "ref" | "glob" | "submodules" | "type" => {}
            // A source of a plugin has what it likes.
            _ => return self.name == "PLUGIN SOURCE",
        }
        true
    }

    /// From where the gems of the section come, or what is wrong, as a clause.
    fn place(&self) -> Result<Place, String> {
        let remote = || self.remotes.first().cloned().ok_or_else(|| format!("{} has no remote", self.name));
        match self.name.as_str() {
            "PATH" => Ok(Place::Folder(remote()?)),
            "GIT" => {
                let shown = excerpt(&remote()?, 80);
                let url = git_address(&remote()?).ok_or_else(|| format!("{shown} is no address of a repository"))?;
                let revision = self
                    .revision
                    .clone()
                    .filter(|one| matches!(one.len(), 40 | 64) && one.bytes().all(|byte| byte.is_ascii_hexdigit()));
                if revision.is_none() {
                    return Err(format!("{shown} is not pinned to a revision"));
                }
                Ok(Place::From(Origin::Git { url, revision }))
            }
            "GEM" => {
                let mut places = self.remotes.iter().map(|remote| registry(remote));
                let first = places.next().ok_or("GEM has no remote")??;
                // Of several nobody can tell from which a gem is taken.
                for other in places {
                    if other? != first {
                        return Err(
                            "one section has several remotes, so that it is not known from where each gem is taken; \
                            `bundle update --source` with one block for each source tells them apart"
                                .to_owned(),
                        );
                    }
                }
                Ok(Place::From(first))
            }
            _ => Err(format!("{} comes from a source of a plugin, which is not known", excerpt(&remote()?, 80))),
        }
    }
}

impl Section {
    /// Somewhere else than the public registry, for gems of which it is not known from where they come.
    fn elsewhere(&self) -> Origin {
        if self.name == "GIT" {
            let url = self.remotes.first().and_then(|remote| git_address(remote));
            return Origin::Git { url: url.unwrap_or_default(), revision: None };
        }
        let places = self.remotes.iter().filter_map(|remote| registry(remote).ok());
        places
            .into_iter()
            .find(|place| matches!(place, Origin::Registry(_)))
            .unwrap_or_else(|| Origin::Registry(String::new()))
    }
}

impl Locked {
    /// The gem of a folder, by its name.
    pub fn own(&self, name: &str) -> Option<&Spec> {
        self.specs.get(*self.own.get(name)?)
    }

    /// `NAME (VERSION)` or `NAME (VERSION-PLATFORM)`.
    fn spec(&mut self, section: &mut Section, entry: &str) -> bool {
        let Some((name, version)) = named(entry) else { return false };
        let (version, platform) = match version.split_once('-') {
            Some((version, platform)) => (version, Some(platform)),
            None => (version, None),
        };
        if !is_name(name) || !is_version(version) || !platform.is_none_or(is_platform) {
            return false;
        }
        if section.place.is_none() {
            let place = section.place().unwrap_or_else(|reason| {
                self.faults.push(reason);
                Place::From(section.elsewhere())
            });
            section.place = Some(place);
        }
        let Some(place) = section.place.clone() else { return false };
        self.specs.push(Spec {
            name: name.to_owned(),
            version: version.to_owned(),
            platform: platform.map(ToOwned::to_owned),
            place,
            needs: Vec::new(),
        });
        true
    }

    /// `NAME` or `NAME (REQUIREMENT)`.
    fn need(&mut self, entry: &str) -> bool {
        let name = entry.split_once(' ').map_or(entry, |(name, _)| name);
        let Some(spec) = self.specs.last_mut().filter(|_| is_name(name)) else { return false };
        spec.needs.push(name.to_owned());
        true
    }

    /// `NAME (REQUIREMENT)!`, where `!` says that a source was named for it.
    fn ask(&mut self, entry: &str) -> bool {
        let entry = entry.strip_suffix('!').unwrap_or(entry);
        let (name, requirement) = match entry.split_once(' ') {
            None => (entry, Some("")),
            Some((name, rest)) => (name, rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'))),
        };
        let Some(requirement) = requirement.filter(|_| is_name(name)) else { return false };
        let requirement = Requirement::of(requirement.split(',').filter(|part| !part.is_empty()));
        self.asked.insert(name.to_owned(), Asked { requirement }).is_none()
    }

    /// `NAME (VERSION-PLATFORM) sha256=HEX`.
    fn checksum(&mut self, entry: &str) -> bool {
        let (entry, digests) = match entry.split_once(") ") {
            Some((entry, digests)) => (format!("{entry})"), digests),
            None => (entry.to_owned(), ""),
        };
        let Some((name, version)) = named(&entry) else { return false };
        let mut hashes = Vec::new();
        for digest in digests.split(',').filter(|digest| !digest.is_empty()) {
            let Some((algorithm, hex)) = digest.split_once('=') else { return false };
            let algorithm = match algorithm {
                "sha256" => Algorithm::Sha256,
                "sha384" => Algorithm::Sha384,
                "sha512" => Algorithm::Sha512,
                "md5" => Algorithm::Md5,
                "sha1" => Algorithm::Sha1,
                _ => continue,
            };
            let Some(hash) = Hash::of_hex(algorithm, hex.trim()) else { return false };
            hashes.push(hash);
        }
        hashes.sort_unstable();
        self.checksums.insert((name.to_owned(), version.to_owned()), hashes).is_none()
    }
}

/// `NAME (VERSION)`.
fn named(entry: &str) -> Option<(&str, &str)> {
    let (name, rest) = entry.split_once(" (")?;
    Some((name, rest.strip_suffix(')')?))
}

fn is_platform(platform: &str) -> bool {
    !platform.is_empty()
        && platform.len() <= 64
        && platform.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// The registry that an address is of.
fn registry(remote: &str) -> Result<Origin, String> {
    let url = Url::parse(remote).map_err(|_| format!("{} is no address of a registry", excerpt(remote, 80)))?;
    let host = url.host_str().ok_or_else(|| format!("{} is no address of a registry", excerpt(remote, 80)))?;
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let root = matches!(url.path(), "" | "/");
    if host == "rubygems.org" && url.scheme() == "https" && port.is_empty() && root {
        return Ok(Origin::Public(REGISTRY));
    }
    let path = url.path().trim_end_matches('/');
    Ok(Origin::Registry(format!("{}://{host}{port}{path}", url.scheme())))
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
    // `git@host:path`
    let (host, path) = remote.split_once(':')?;
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let plain = !host.is_empty() && !path.is_empty() && !host.contains('/') && !remote.contains(char::is_whitespace);
    plain.then(|| format!("ssh://{host}/{}", path.trim_start_matches('/')))
}
