//! The digests that an answer announces of a file, and those that the file has.
//!
//! Source: RFC 9530 (`Repr-Digest`, `Content-Digest`), RFC 3230 and 5843 (`Digest`), RFC 1864 (`Content-MD5`), Google Cloud Storage,
//! XML API headers (`x-goog-hash`).

use std::{io::Read, sync::LazyLock};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use md5::Md5;
use plimsoll_model::hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256, Sha512};
use ureq::http::HeaderMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Algorithm {
    Crc32c,
    Md5,
    Sha256,
    Sha512,
}

impl Algorithm {
    const ALL: [Self; 4] = [Self::Crc32c, Self::Md5, Self::Sha256, Self::Sha512];

    /// As the headers call it, and as it is shown.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Crc32c => "crc32c",
            Self::Md5 => "md5",
            Self::Sha256 => "sha-256",
            Self::Sha512 => "sha-512",
        }
    }

    fn bytes(self) -> usize {
        match self {
            Self::Crc32c => 4,
            Self::Md5 => 16,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }
}

/// A digest that was announced.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Announced {
    pub algorithm: Algorithm,
    /// In hexadecimal.
    pub digest: String,
}

/// The digests of the whole file that an answer announces; where it is a part, those of the part are none.
///
/// Refused: a digest of a known algorithm that is none. What cannot be checked must not pass for checked. Other algorithms say
/// nothing here.
pub(super) fn announced(headers: &HeaderMap, is_part: bool) -> Result<Vec<Announced>, String> {
    let mut found = Vec::new();
    let names: &[&str] = if is_part {
        &["x-goog-hash", "repr-digest", "digest"]
    } else {
        &["x-goog-hash", "repr-digest", "digest", "content-digest", "content-md5"]
    };
    for name in names {
        for value in headers.get_all(*name) {
            let value = value.to_str().map_err(|_| format!("its header {name} is no text"))?;
            if *name == "content-md5" {
                found.push(of(Algorithm::Md5, value, name)?);
                continue;
            }
            for member in value.split(',') {
                let Some((word, text)) = member.split_once('=') else { continue };
                let of_name = |algorithm: &Algorithm| algorithm.name().eq_ignore_ascii_case(word.trim());
                let Some(algorithm) = Algorithm::ALL.into_iter().find(of_name) else { continue };
                let text = match *name {
                    // A byte sequence between colons; parameters may follow.
                    "repr-digest" | "content-digest" => {
                        let text = text.split(';').next().unwrap_or_default().trim();
                        text.strip_prefix(':').and_then(|text| text.strip_suffix(':')).unwrap_or_default()
                    }
                    _ => text,
                };
                found.push(of(algorithm, text, name)?);
            }
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

fn of(algorithm: Algorithm, text: &str, header: &str) -> Result<Announced, String> {
    let bytes = BASE64_STANDARD.decode(text.trim()).ok().filter(|bytes| bytes.len() == algorithm.bytes());
    let digest = bytes.map(|bytes| hex(&bytes));
    let digest =
        digest.ok_or_else(|| format!("its header {header} has no {} digest that can be read", algorithm.name()))?;
    Ok(Announced { algorithm, digest })
}

/// The digests of what a reader has, of these algorithms and SHA-256, each in hexadecimal.
pub(super) fn digests(
    mut reader: impl Read,
    wanted: impl Fn(Algorithm) -> bool,
) -> std::io::Result<impl Fn(Algorithm) -> Option<String>> {
    let mut sha256 = Sha256::new();
    let mut sha512 = wanted(Algorithm::Sha512).then(Sha512::new);
    let mut md5 = wanted(Algorithm::Md5).then(Md5::new);
    let mut crc32c = wanted(Algorithm::Crc32c).then(Crc32c::new);
    let mut buffer = vec![0; 1 << 17];
    loop {
        let count = reader.read(&mut buffer)?;
        let Some(part) = buffer.get(..count).filter(|part| !part.is_empty()) else { break };
        sha256.update(part);
        if let Some(hash) = &mut sha512 {
            hash.update(part);
        }
        if let Some(hash) = &mut md5 {
            hash.update(part);
        }
        if let Some(hash) = &mut crc32c {
            hash.update(part);
        }
    }
    let sha256 = hex(&sha256.finalize());
    let sha512 = sha512.map(|hash| hex(&hash.finalize()));
    let md5 = md5.map(|hash| hex(&hash.finalize()));
    let crc32c = crc32c.map(Crc32c::finish);
    Ok(move |algorithm| match algorithm {
        Algorithm::Sha256 => Some(sha256.clone()),
        Algorithm::Sha512 => sha512.clone(),
        Algorithm::Md5 => md5.clone(),
        Algorithm::Crc32c => crc32c.clone(),
    })
}

/// CRC-32C, the remainder by the polynomial of Castagnoli.
///
/// Source: RFC 3720 section 12.1 and appendix B.4.
struct Crc32c(u32);

/// The remainder of each byte.
static REMAINDERS: LazyLock<[u32; 256]> = LazyLock::new(|| {
    let mut remainders = [0_u32; 256];
    for (byte, remainder) in (0_u32..).zip(&mut remainders) {
        *remainder = (0..8).fold(byte, |rest, _| (rest >> 1) ^ (if rest & 1 == 1 { 0x82f6_3b78 } else { 0 }));
    }
    remainders
});

impl Crc32c {
    fn new() -> Self {
        Self(u32::MAX)
    }

    fn update(&mut self, bytes: &[u8]) {
        let remainders = &*REMAINDERS;
        self.0 = bytes.iter().fold(self.0, |rest, byte| {
            let [low, ..] = rest.to_le_bytes();
            // A byte is a place in a table of 256.
            (rest >> 8) ^ remainders.get(usize::from(low ^ byte)).copied().unwrap_or_default()
        });
    }

    fn finish(self) -> String {
        hex(&(!self.0).to_be_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], algorithm: Algorithm, expected: &str) {
        let of = digests(bytes, |one| one == algorithm).unwrap();
        assert_eq!(of(algorithm).unwrap(), expected, "{algorithm:?}");
    }

    #[test]
    fn digests_are_those_of_their_standards() {
        // RFC 3720 appendix B.4, the bytes of each remainder in their order on the wire turned around; RFC 1321 appendix A.5.
        check(&[0; 32], Algorithm::Crc32c, "8a9136aa");
        check(&[0xff; 32], Algorithm::Crc32c, "62a8ab43");
        check(&(0..32).collect::<Vec<u8>>(), Algorithm::Crc32c, "46dd794e");
        check(b"123456789", Algorithm::Crc32c, "e3069283");
        check(b"", Algorithm::Crc32c, "00000000");
        check(b"abc", Algorithm::Md5, "900150983cd24fb0d6963f7d28e17f72");
        check(b"", Algorithm::Sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    #[test]
    fn headers_are_read_or_refused() {
        let md5 = "kAFQmDzST7DWlj99KOF/cg==";
        let sha256 = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        let read = |name: &'static str, value: &str, is_part| {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            let read = announced(&headers, is_part);
            read.map(|all| all.into_iter().map(|one| one.algorithm.name()).collect::<Vec<_>>().join(" "))
        };
        let check = |name, value: &str, expected: &str| {
            assert_eq!(read(name, value, false).as_deref(), Ok(expected), "{value}");
        };
        check("x-goog-hash", &format!("crc32c=4waSgw==, md5={md5}"), "crc32c md5");
        check("x-goog-hash", "crc32c=4waSgw==", "crc32c");
        check("digest", &format!("SHA-256={sha256},unixsum=30637"), "sha-256");
        check("digest", "id-sha-256=x", "");
        check("repr-digest", &format!("sha-256=:{sha256}:;a=b, sha=:x:"), "sha-256");
        check("content-digest", &format!("sha-256=:{sha256}:"), "sha-256");
        check("content-md5", md5, "md5");
        check("x-goog-hash", "", "");
        check("etag", "sha-256=x", "");
        for (name, value) in [
            ("x-goog-hash", "md5=4waSgw=="),
            ("x-goog-hash", "crc32c="),
            ("x-goog-hash", "crc32c=4waSgw"),
            ("digest", "sha-256=words"),
            ("repr-digest", &format!("sha-256={sha256}")),
            ("repr-digest", "sha-256=::"),
            ("repr-digest", &format!("sha-256=:{md5}:")),
            ("content-md5", "x"),
            ("content-md5", ""),
        ] {
            assert!(read(name, value, false).is_err(), "{name}: {value}");
        }
        // Of a part these are digests of the part.
        assert_eq!(read("content-md5", md5, true).as_deref(), Ok(""));
        assert_eq!(read("content-digest", &format!("sha-256=:{sha256}:"), true).as_deref(), Ok(""));
        assert_eq!(read("repr-digest", &format!("sha-256=:{sha256}:"), true).as_deref(), Ok("sha-256"));
    }
}
