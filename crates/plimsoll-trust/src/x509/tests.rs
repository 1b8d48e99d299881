//! Fixtures with the outcome that each must have, real commits, and bytes that were changed.

mod fixtures;
mod hostile;
mod real;

use std::path::{Path, PathBuf};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::*;

/// Path of a folder below `fixtures/signatures/`.
fn fixtures(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/signatures").join(kind)
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn example_roots() -> X509Trust {
    let mut trust = X509Trust::new();
    assert_eq!(trust.add_roots(&read(&fixtures("x509").join("root.pem"))), Ok(1));
    trust
}

fn public_good() -> X509Trust {
    let mut trust = X509Trust::new();
    trust.add_sigstore_public_good().unwrap();
    trust
}

/// Takes a raw commit apart into signature and payload, as git does.
fn split(commit: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let (mut signature, mut payload, mut within) = (Vec::new(), Vec::new(), false);
    let end = commit.windows(2).position(|pair| pair == b"\n\n").unwrap() + 1;
    for line in commit[..end].split_inclusive(|byte| *byte == b'\n') {
        if let Some(first) = line.strip_prefix(b"gpgsig ") {
            within = true;
            signature.extend_from_slice(first);
        } else if within && line.starts_with(b" ") {
            signature.extend_from_slice(&line[1..]);
        } else {
            within = false;
            payload.extend_from_slice(line);
        }
    }
    payload.extend_from_slice(&commit[end..]);
    (signature, payload)
}

/// The message inside the armor.
fn bare(signature: &[u8]) -> Vec<u8> {
    armor::signed_message(signature).unwrap()
}

fn armored(message: &[u8]) -> Vec<u8> {
    format!("-----BEGIN SIGNED MESSAGE-----\n{}\n-----END SIGNED MESSAGE-----\n", STANDARD.encode(message)).into_bytes()
}

/// One word for what came out.
fn word(proof: &Proof) -> &'static str {
    match proof {
        Proof::Unsigned => "unsigned",
        Proof::Error { .. } | Proof::Malformed { .. } | Proof::NotComputed { .. } => "error",
        Proof::Bad { .. } => "bad",
        Proof::Weak { .. } => "weak",
        Proof::UnknownKey { .. } => "unknown_key",
        Proof::X509 { .. } => "x509",
        Proof::Unanchored { .. } => "unanchored",
        Proof::OpenPgp { .. } | Proof::Ssh { .. } => "another scheme",
    }
}

/// The reason, where the outcome has one.
fn reason(proof: &Proof) -> &str {
    match proof {
        Proof::Error { reason }
        | Proof::Malformed { reason }
        | Proof::NotComputed { reason, .. }
        | Proof::Bad { reason, .. }
        | Proof::Weak { reason, .. }
        | Proof::Unanchored { reason, .. } => reason,
        Proof::UnknownKey { key } => key.as_deref().unwrap_or_default(),
        _ => "",
    }
}

/// Changes every byte of `bytes` in turn in several ways and hands the result and the place on.
fn flipped(bytes: &[u8], mut each: impl FnMut(usize, &[u8])) {
    let mut changed = bytes.to_vec();
    for place in 0..bytes.len() {
        for mask in [0x01, 0x02, 0x20, 0x80, 0xff] {
            changed[place] ^= mask;
            each(place, &changed);
            changed[place] ^= mask;
        }
    }
}

/// Where `part` lies in `whole`.
fn place_of(part: &[u8], whole: &[u8]) -> std::ops::Range<usize> {
    let start = whole.windows(part.len()).position(|window| window == part).unwrap();
    start..start + part.len()
}

/// The message with `new` in place of the bytes at `old`, the whole value of one element, and every length around it
/// written anew.
fn replaced(message: &[u8], old: &std::ops::Range<usize>, new: &[u8]) -> Vec<u8> {
    fn inside(bytes: &[u8], start: usize, old: &std::ops::Range<usize>, new: &[u8]) -> Vec<u8> {
        let (mut written, mut at) = (Vec::new(), start);
        for one in tlv::elements(bytes, "test").unwrap() {
            let end = at + one.whole.len();
            let value = end - one.value.len()..end;
            let value = if value == *old {
                new.to_vec()
            } else if value.start <= old.start && old.end <= value.end {
                inside(one.value, value.start, old, new)
            } else {
                one.value.to_vec()
            };
            written.extend(der::Encode::to_der(&der::asn1::AnyRef::new(one.tag, &value).unwrap()).unwrap());
            at = end;
        }
        written
    }
    inside(message, 0, old, new)
}
