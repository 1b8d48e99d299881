//! The schemes by name, and what is the same for all of them.

use std::{cmp::Ordering, str::FromStr};

use crate::{composer, debian, maven, pep440, rpm, rubygems, semver};

/// Bytes of a version. No registry has one that is nearly as long.
const LONGEST: usize = 512;

/// A way of ordering versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// Semantic Versioning 2.0 as it is written: Rust, Swift, and what OSV calls `SEMVER`.
    Semver,
    /// Semantic Versioning as node-semver reads it, with `v` or `=` in front.
    Npm,
    /// Go modules: `v` in front or not, minor and patch may be left out.
    Go,
    /// Pub (Dart): build metadata has an order too.
    Pub,
    /// Hex (Elixir, Erlang).
    Hex,
    /// `NuGet`: up to four numbers, labels without regard to case.
    Nuget,
    /// Python, by PEP 440.
    Pep440,
    /// Maven, by its Version Order Specification.
    Maven,
    /// `RubyGems`.
    Rubygems,
    /// Composer (PHP).
    Composer,
    /// Debian packages and their relatives.
    Debian,
    /// RPM packages: epoch, version and release.
    Rpm,
}

/// A version of one scheme. Equal are versions that the scheme takes for the same, like `1.0` and `1.0.0` in Python.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version(Key);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Key {
    Semver(Scheme, semver::Key),
    Pep440(pep440::Key),
    Maven(maven::Key),
    Rubygems(rubygems::Key),
    Composer(composer::Key),
    Debian(debian::Key),
    Rpm(rpm::Key),
}

/// Why a text has no place in the order of a scheme.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{}\" cannot be compared by the rules of {scheme}: {why}", shown(.which))]
pub struct NotComparable {
    /// The name of the scheme.
    pub scheme: &'static str,
    /// The text.
    pub which: String,
    /// The reason.
    pub why: &'static str,
}

/// The start of a text, on one line.
fn shown(text: &str) -> String {
    let mut start: String = text.chars().take(60).flat_map(char::escape_debug).collect();
    if text.chars().nth(60).is_some() {
        start.push('…');
    }
    start
}

impl Scheme {
    /// Every scheme.
    pub const ALL: [Self; 12] = [
        Self::Semver,
        Self::Npm,
        Self::Go,
        Self::Pub,
        Self::Hex,
        Self::Nuget,
        Self::Pep440,
        Self::Maven,
        Self::Rubygems,
        Self::Composer,
        Self::Debian,
        Self::Rpm,
    ];

    /// Its name, in small letters.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Semver => "semver",
            Self::Npm => "npm",
            Self::Go => "go",
            Self::Pub => "pub",
            Self::Hex => "hex",
            Self::Nuget => "nuget",
            Self::Pep440 => "pep440",
            Self::Maven => "maven",
            Self::Rubygems => "rubygems",
            Self::Composer => "composer",
            Self::Debian => "debian",
            Self::Rpm => "rpm",
        }
    }

    /// Reads a version.
    ///
    /// Refused is what the ecosystem's tool refuses, what is not ASCII, and what is longer than 512 bytes.
    pub fn parse(self, text: &str) -> Result<Version, NotComparable> {
        self.key(text).map(Version).map_err(|why| NotComparable {
            scheme: self.name(),
            which: text.chars().take(LONGEST).collect(),
            why,
        })
    }

    /// Compares two versions.
    pub fn compare(self, one: &str, other: &str) -> Result<Ordering, NotComparable> {
        let (one, other) = (self.parse(one)?, self.parse(other)?);
        // Both were read by this scheme.
        Ok(one.partial_cmp(&other).unwrap_or(Ordering::Equal))
    }

    fn key(self, text: &str) -> Result<Key, &'static str> {
        if text.len() > LONGEST {
            return Err("it is longer than 512 bytes");
        }
        if !text.is_ascii() {
            return Err("it has characters that are not ASCII");
        }
        if text.trim().is_empty() {
            return Err("it is empty");
        }
        if text.bytes().any(|byte| byte.is_ascii_control()) {
            return Err("it has control characters");
        }
        Ok(match self {
            // Elixir has no dialect.
            Self::Semver | Self::Hex => Key::Semver(self, semver::read(&semver::STRICT, text)?),
            Self::Npm => Key::Semver(self, semver::read(&semver::NPM, text)?),
            Self::Go => Key::Semver(self, semver::read(&semver::GO, text)?),
            Self::Pub => Key::Semver(self, semver::read(&semver::PUB, text)?),
            Self::Nuget => Key::Semver(self, semver::read(&semver::NUGET, text)?),
            Self::Pep440 => Key::Pep440(pep440::read(text)?),
            Self::Maven => Key::Maven(maven::read(text)),
            Self::Rubygems => Key::Rubygems(rubygems::read(text)?),
            Self::Composer => Key::Composer(composer::read(text)?),
            Self::Debian => Key::Debian(debian::read(text)?),
            Self::Rpm => Key::Rpm(rpm::read(text)),
        })
    }
}

impl FromStr for Scheme {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|scheme| scheme.name() == name).ok_or(())
    }
}

/// Versions of one scheme are totally ordered; those of two have no order.
impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(match (&self.0, &other.0) {
            (Key::Semver(scheme, one), Key::Semver(same, other)) if scheme == same => one.cmp(other),
            (Key::Pep440(one), Key::Pep440(other)) => one.cmp(other),
            (Key::Maven(one), Key::Maven(other)) => one.cmp(other),
            (Key::Rubygems(one), Key::Rubygems(other)) => one.cmp(other),
            (Key::Composer(one), Key::Composer(other)) => one.cmp(other),
            (Key::Debian(one), Key::Debian(other)) => one.cmp(other),
            (Key::Rpm(one), Key::Rpm(other)) => one.cmp(other),
            _ => return None,
        })
    }
}
