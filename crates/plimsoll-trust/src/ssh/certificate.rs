//! SSH certificates, taken apart by hand: the crate refuses those that never end, which is what ssh-keygen makes by default.
//!
//! Source: OpenSSH's PROTOCOL.certkeys.

use ssh_encoding::Decode as _;

const ENDING: &str = "-cert-v01@openssh.com";
/// Names that one certificate may be for, as OpenSSH has it (`SSHKEY_CERT_MAX_PRINCIPALS`).
const MOST_PRINCIPALS: usize = 256;

/// What a certificate says, and what its authority signed of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Certificate {
    /// The certified key as it is written where it stands alone.
    pub(super) key: Vec<u8>,
    pub(super) serial: u64,
    /// For people, and not for machines?
    pub(super) user: bool,
    pub(super) id: String,
    pub(super) principals: Vec<String>,
    /// Seconds since 1970; 0 for always.
    pub(super) valid_after: u64,
    /// Seconds since 1970; the largest number for never.
    pub(super) valid_before: u64,
    /// The key of the authority.
    pub(super) authority: Vec<u8>,
    /// What it signed.
    pub(super) signed: Vec<u8>,
    pub(super) signature: Vec<u8>,
}

/// Is this the blob of a certificate?
pub(super) fn is_one(blob: &[u8]) -> bool {
    String::decode(&mut &*blob).is_ok_and(|name| name.ends_with(ENDING))
}

impl Certificate {
    /// Takes a certificate apart. Whether the authority has signed it is not asked here; nothing where it is malformed or of a
    /// kind that is not known.
    pub(super) fn read(blob: &[u8]) -> Option<Self> {
        let rest = &mut &*blob;
        let name = String::decode(rest).ok()?;
        let kind = name.strip_suffix(ENDING)?;
        // How many strings a public key of this kind consists of.
        let fields = match kind {
            "ssh-ed25519" => 1,
            "ssh-rsa" | "sk-ssh-ed25519" => 2,
            "sk-ecdsa-sha2-nistp256" => 3,
            "ssh-dss" => 4,
            _ if kind.starts_with("ecdsa-sha2-") => 2,
            _ => return None,
        };
        // Security keys keep the end of their name also where no certificate is.
        let plain = if kind.starts_with("sk-") { format!("{kind}@openssh.com") } else { kind.to_owned() };
        Vec::<u8>::decode(rest).ok()?;
        let mut key = Vec::new();
        ssh_encoding::Encode::encode(plain.as_bytes(), &mut key).ok()?;
        let before = *rest;
        for _ in 0..fields {
            Vec::<u8>::decode(rest).ok()?;
        }
        key.extend_from_slice(before.get(..before.len() - rest.len())?);
        let serial = u64::decode(rest).ok()?;
        let user = match u32::decode(rest).ok()? {
            1 => true,
            2 => false,
            _ => return None,
        };
        let id = String::decode(rest).ok()?;
        let principals = strings(&Vec::<u8>::decode(rest).ok()?)?;
        let (valid_after, valid_before) = (u64::decode(rest).ok()?, u64::decode(rest).ok()?);
        // Critical options, extensions and what is reserved are about logins.
        for _ in 0..3 {
            Vec::<u8>::decode(rest).ok()?;
        }
        let authority = Vec::<u8>::decode(rest).ok()?;
        let signed = blob.get(..blob.len() - rest.len())?.to_vec();
        let signature = Vec::<u8>::decode(rest).ok()?;
        let whole = rest.is_empty() && !is_one(&authority);
        whole.then_some(Self {
            key,
            serial,
            user,
            id,
            principals,
            valid_after,
            valid_before,
            authority,
            signed,
            signature,
        })
    }

    /// Does it hold at this time, for a person?
    pub(super) fn holds(&self, time: i64) -> bool {
        let now = u64::try_from(time).unwrap_or_default();
        self.user && self.valid_after <= now && now < self.valid_before
    }
}

fn strings(data: &[u8]) -> Option<Vec<String>> {
    let mut rest = data;
    let mut found = Vec::new();
    while !rest.is_empty() {
        if found.len() >= MOST_PRINCIPALS {
            return None;
        }
        found.push(String::decode(&mut rest).ok()?);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(bytes: &[u8]) -> Vec<u8> {
        [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat()
    }

    fn of(kind: &str, fields: usize, user: u32, until: u64, authority: &str) -> Vec<u8> {
        let mut blob = string(kind.as_bytes());
        blob.extend(string(b"nonce"));
        blob.extend((0..fields).flat_map(|_| string(b"field")));
        blob.extend(7_u64.to_be_bytes());
        blob.extend(user.to_be_bytes());
        blob.extend(string(b"id"));
        blob.extend(string(&[string(b"a@x"), string(b"b@x")].concat()));
        blob.extend(10_u64.to_be_bytes());
        blob.extend(until.to_be_bytes());
        blob.extend([string(b""), string(b""), string(b"")].concat());
        blob.extend(string(&string(authority.as_bytes())));
        blob.extend(string(b"signature"));
        blob
    }

    #[test]
    fn certificates_of_each_kind_are_taken_apart() {
        for (kind, fields) in [
            ("ssh-ed25519-cert-v01@openssh.com", 1),
            ("ssh-rsa-cert-v01@openssh.com", 2),
            ("ssh-dss-cert-v01@openssh.com", 4),
            ("ecdsa-sha2-nistp256-cert-v01@openssh.com", 2),
            ("ecdsa-sha2-nistp521-cert-v01@openssh.com", 2),
            ("sk-ssh-ed25519-cert-v01@openssh.com", 2),
            ("sk-ecdsa-sha2-nistp256-cert-v01@openssh.com", 3),
        ] {
            let blob = of(kind, fields, 1, u64::MAX, "ssh-ed25519");
            let found = Certificate::read(&blob).unwrap();
            assert_eq!(found.principals, ["a@x", "b@x"], "{kind}");
            assert!(found.holds(10) && found.holds(i64::MAX) && !found.holds(9) && !found.holds(-1), "{kind}");
            assert_eq!(found.signed.len() + 4 + found.signature.len(), blob.len(), "{kind}");
            for end in 0..blob.len() {
                assert_eq!(Certificate::read(&blob[..end]), None, "{kind} {end}");
            }
            assert_eq!(Certificate::read(&[blob, vec![0]].concat()), None, "{kind}");
        }
        let kind = "ssh-ed25519-cert-v01@openssh.com";
        let of_machine = Certificate::read(&of(kind, 1, 2, u64::MAX, "ssh-ed25519")).unwrap();
        assert!(!of_machine.holds(10));
        let ended = Certificate::read(&of(kind, 1, 1, 20, "ssh-ed25519")).unwrap();
        assert!(ended.holds(19) && !ended.holds(20));
        for blob in [
            of(kind, 1, 3, 20, "ssh-ed25519"),
            of(kind, 1, 1, 20, kind),
            of("ssh-ed25519", 1, 1, 20, "ssh-ed25519"),
            of("ssh-strange-cert-v01@openssh.com", 1, 1, 20, "ssh-ed25519"),
        ] {
            assert_eq!(Certificate::read(&blob), None);
        }
    }
}
