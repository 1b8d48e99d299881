//! Digests of what a lockfile pins, each with its algorithm.

use std::{borrow::Cow, fmt, str::FromStr};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// With what a digest was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// SHA-256 over the names and SHA-256 digests of a module's files, as `go.sum` has it under `h1:`.
    ///
    /// Source: golang.org/x/mod/sumdb/dirhash, `Hash1`.
    GoH1,
    /// MD5.
    Md5,
    /// SHA-512 over a package without the signature that is added to it.
    ///
    /// Source: `NuGet.Client`, `PackageArchiveReader.GetContentHash`.
    NugetContent,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
    /// SHA-512 over a package as Yarn's cache packs it.
    ///
    /// Source: Yarn, "Lockfile", `checksum`.
    YarnCache,
}

impl Algorithm {
    const ALL: [Self; 8] = [
        Self::GoH1,
        Self::Md5,
        Self::NugetContent,
        Self::Sha1,
        Self::Sha256,
        Self::Sha384,
        Self::Sha512,
        Self::YarnCache,
    ];

    /// Its name in facts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GoH1 => "go-h1",
            Self::Md5 => "md5",
            Self::NugetContent => "nuget-content",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
            Self::YarnCache => "yarn-cache",
        }
    }

    /// Its name in an SBOM, as CycloneDX (`hash-alg`) and IANA's registry of hash function names have it; nothing where it is
    /// no digest of one file.
    pub const fn in_documents(self) -> Option<&'static str> {
        match self {
            Self::GoH1 | Self::NugetContent | Self::YarnCache => None,
            Self::Md5 => Some("MD5"),
            Self::Sha1 => Some("SHA-1"),
            Self::Sha256 => Some("SHA-256"),
            Self::Sha384 => Some("SHA-384"),
            Self::Sha512 => Some("SHA-512"),
        }
    }

    /// Bytes of a digest.
    const fn bytes(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::GoH1 | Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::NugetContent | Self::Sha512 | Self::YarnCache => 64,
        }
    }
}

/// A digest of what a lockfile pins: `sha256:` and so on with lower-case hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash {
    algorithm: Algorithm,
    value: String,
}

impl Hash {
    /// A digest in hexadecimal of either case; nothing where it is none of that algorithm.
    pub fn of_hex(algorithm: Algorithm, hex: &str) -> Option<Self> {
        let value = hex.to_ascii_lowercase();
        plimsoll_model::is_hex(&value, algorithm.bytes() * 2).then_some(Self { algorithm, value })
    }

    /// A digest in base64, with or without padding; nothing where it is none of that algorithm.
    pub fn of_base64(algorithm: Algorithm, text: &str) -> Option<Self> {
        use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
        let bytes = STANDARD_NO_PAD.decode(text.trim_end_matches('=')).ok()?;
        (bytes.len() == algorithm.bytes()).then(|| Self { algorithm, value: plimsoll_model::hex(&bytes) })
    }

    /// The digests of an `integrity` text: words of an algorithm, `-` and base64. Those of other algorithms are left out.
    ///
    /// Source: W3C, "Subresource Integrity", section 3.5.
    pub fn of_integrity(text: &str) -> Vec<Self> {
        let one = |word: &str| {
            let (name, value) = word.split_once('-')?;
            let algorithm =
                Algorithm::ALL.into_iter().find(|one| one.as_str() == name && one.in_documents().is_some())?;
            Self::of_base64(algorithm, value.split('?').next()?)
        };
        let mut all: Vec<Self> = text.split_ascii_whitespace().filter_map(one).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// With what it was made.
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The digest in lower-case hexadecimal.
    pub fn value(&self) -> &str {
        &self.value
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.algorithm.as_str(), self.value)
    }
}

/// Why a text is no digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a digest like sha256:HEX")]
pub struct NoHash;

impl FromStr for Hash {
    type Err = NoHash;

    fn from_str(text: &str) -> Result<Self, NoHash> {
        let (name, value) = text.split_once(':').ok_or(NoHash)?;
        let algorithm = Algorithm::ALL.into_iter().find(|one| one.as_str() == name).ok_or(NoHash)?;
        Self::of_hex(algorithm, value).filter(|hash| hash.value == value).ok_or(NoHash)
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

impl JsonSchema for Hash {
    fn schema_name() -> Cow<'static, str> {
        "Hash".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names = Algorithm::ALL.map(Algorithm::as_str).join("|");
        json_schema!({ "type": "string", "pattern": format!("^({names}):[0-9a-f]+$") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_has_the_length_of_its_algorithm() {
        let of = |text: &str| text.parse::<Hash>().map(|hash| hash.to_string());
        let sha1 = format!("sha1:{}", "0a".repeat(20));
        assert_eq!(of(&sha1), Ok(sha1.clone()));
        for wrong in [
            "",
            "sha1",
            "sha1:",
            "sha1:0a",
            "SHA1:0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a",
            &sha1.to_uppercase(),
            &format!("{sha1}0"),
            &format!("sha256:{}", "0a".repeat(20)),
            &format!("crc32:{}", "0a".repeat(4)),
            &format!("sha1:{}", "0G".repeat(20)),
        ] {
            assert_eq!(of(wrong), Err(NoHash), "{wrong}");
        }
        assert_eq!(Hash::of_hex(Algorithm::Sha1, &"0A".repeat(20)).unwrap().to_string(), sha1);
        assert_eq!(Hash::of_hex(Algorithm::Sha1, &"0é".repeat(10)), None);
    }

    #[test]
    fn integrity_names_several_digests() {
        let of = |text: &str| Hash::of_integrity(text).iter().map(ToString::to_string).collect::<Vec<_>>();
        let sha1 = format!("sha1:{}", "00".repeat(20));
        let sha512 = format!("sha512:{}", "00".repeat(64));
        let (short, long) = (format!("sha1-{}=", "A".repeat(27)), format!("sha512-{}==", "A".repeat(86)));
        assert_eq!(of(&short), [sha1.as_str()]);
        assert_eq!(of(&format!("{long} {short}  {short}?opt")), [sha1.as_str(), sha512.as_str()]);
        for nothing in
            ["", "sha512-", "sha512-AAAA", "sha3-AAAA", "go-h1-AAAA", "md5", &short.replace("sha1", "sha256")]
        {
            assert!(of(nothing).is_empty(), "{nothing}");
        }
    }
}
