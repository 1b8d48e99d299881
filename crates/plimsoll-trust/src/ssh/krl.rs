//! Key revocation lists in OpenSSH's binary form.
//!
//! Source: OpenSSH's PROTOCOL.krl; `krl.c` for the order in which they are asked.

use std::collections::BTreeSet;

use ssh_encoding::Decode as _;

/// What every list begins with.
pub(super) const MAGIC: &[u8] = b"SSHKRL\n\0";
/// Bytes of a bitmap of serial numbers.
const LARGEST_BITMAP: usize = 1024 * 1024;

/// What a list revokes.
#[derive(Debug, Default)]
pub(super) struct Krl {
    keys: BTreeSet<Vec<u8>>,
    sha1: BTreeSet<Vec<u8>>,
    sha256: BTreeSet<Vec<u8>>,
    certificates: Vec<Certificates>,
}

/// Certificates of one authority, or of any where it is empty.
#[derive(Debug, Default)]
struct Certificates {
    authority: Vec<u8>,
    ranges: Vec<(u64, u64)>,
    ids: BTreeSet<String>,
}

fn cut_off<E>(_: E) -> String {
    "the revocation list is cut off".to_owned()
}

impl Krl {
    /// Reads the list behind its magic. A part that must be understood and is not known is refused.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, String> {
        let mut rest = bytes.strip_prefix(MAGIC).ok_or("it is not a revocation list")?;
        let rest = &mut rest;
        let version = u32::decode(rest).map_err(cut_off)?;
        if version != 1 {
            return Err(format!("version {version} of revocation lists is not known"));
        }
        for _ in 0..3 {
            u64::decode(rest).map_err(cut_off)?;
        }
        for _ in 0..2 {
            Vec::<u8>::decode(rest).map_err(cut_off)?;
        }
        let mut krl = Self::default();
        while !rest.is_empty() {
            let kind = u8::decode(rest).map_err(cut_off)?;
            let data = Vec::<u8>::decode(rest).map_err(cut_off)?;
            match kind {
                1 => krl.certificates.push(certificates(&data)?),
                2 => krl.keys.extend(strings(&data)?),
                3 => krl.sha1.extend(strings(&data)?),
                5 => krl.sha256.extend(strings(&data)?),
                // A signature stands at the end and is not asked for: the policy's file is trusted as it is.
                4 => break,
                255 => extension(&data)?,
                _ => return Err(format!("part {kind} of the revocation list is not known")),
            }
        }
        Ok(krl)
    }

    pub(super) fn holds_key(&self, key: &[u8]) -> bool {
        use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
        self.keys.contains(key)
            || self.sha1.contains(digest(&SHA1_FOR_LEGACY_USE_ONLY, key).as_ref())
            || self.sha256.contains(digest(&SHA256, key).as_ref())
    }

    pub(super) fn holds_certificate(&self, authority: &[u8], serial: u64, id: &str) -> bool {
        self.certificates.iter().any(|list| {
            (list.authority.is_empty() || list.authority == authority)
                // Serial number 0 says that there is none.
                && (list.ids.contains(id) || serial != 0 && list.ranges.iter().any(|(low, high)| (*low..=*high).contains(&serial)))
        })
    }
}

fn strings(data: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let mut rest = data;
    let mut found = Vec::new();
    while !rest.is_empty() {
        found.push(Vec::<u8>::decode(&mut rest).map_err(cut_off)?);
    }
    Ok(found)
}

fn extension(data: &[u8]) -> Result<(), String> {
    let mut rest = data;
    let name = String::decode(&mut rest).map_err(cut_off)?;
    match u8::decode(&mut rest).map_err(cut_off)? {
        0 => Ok(()),
        _ => Err(format!("the part \"{}\" of the revocation list is not known", plimsoll_model::one_line(&name))),
    }
}

fn certificates(data: &[u8]) -> Result<Certificates, String> {
    let mut rest = data;
    let rest = &mut rest;
    let authority = Vec::<u8>::decode(rest).map_err(cut_off)?;
    Vec::<u8>::decode(rest).map_err(cut_off)?;
    let mut list = Certificates { authority, ..Certificates::default() };
    while !rest.is_empty() {
        let kind = u8::decode(rest).map_err(cut_off)?;
        let data = Vec::<u8>::decode(rest).map_err(cut_off)?;
        let mut inner = data.as_slice();
        match kind {
            0x20 => {
                while !inner.is_empty() {
                    let serial = u64::decode(&mut inner).map_err(cut_off)?;
                    list.ranges.push((serial, serial));
                }
            }
            0x21 => {
                let low = u64::decode(&mut inner).map_err(cut_off)?;
                list.ranges.push((low, u64::decode(&mut inner).map_err(cut_off)?));
            }
            0x22 => {
                let offset = u64::decode(&mut inner).map_err(cut_off)?;
                let bitmap = Vec::<u8>::decode(&mut inner).map_err(cut_off)?;
                if bitmap.len() > LARGEST_BITMAP {
                    return Err("a bitmap of the revocation list is too large".to_owned());
                }
                // The last byte holds the first eight numbers.
                for (place, byte) in bitmap.iter().rev().enumerate() {
                    for bit in (0..8).filter(|bit| byte >> bit & 1 == 1) {
                        let serial = offset.saturating_add(place as u64 * 8 + bit);
                        list.ranges.push((serial, serial));
                    }
                }
            }
            0x23 => {
                let names = strings(&data)?;
                list.ids.extend(names.iter().map(|name| String::from_utf8_lossy(name).into_owned()));
            }
            0x39 => extension(&data)?,
            _ => return Err(format!("part {kind} of the revocation list is not known")),
        }
    }
    Ok(list)
}
