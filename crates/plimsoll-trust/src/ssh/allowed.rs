//! `allowed_signers`: who may sign with which key, for what, and when.
//!
//! Source: ssh-keygen(1), section ALLOWED SIGNERS; OpenSSH `sshsig.c`. Where ssh-keygen takes a time without `Z` as local
//! time, it is UTC here: a verdict must not depend on the place of the machine.

use std::collections::BTreeSet;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::civil::DateTime;

use super::{NAMESPACE, RevokedKeys, certificate::Certificate, crypto, pattern};

/// Bytes of a file.
pub const LARGEST_FILE: usize = 16 * 1024 * 1024;
/// Entries of a file.
const MOST_ENTRIES: usize = 100_000;

/// The entries of all files, in their order.
#[derive(Debug, Default)]
pub struct AllowedSigners {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    principals: String,
    key: Vec<u8>,
    authority: bool,
    namespaces: Option<String>,
    valid_after: Option<i64>,
    valid_before: Option<i64>,
    policy: usize,
}

/// An entry for people.
pub struct DescribedSigner<'a> {
    /// The fingerprint of its key.
    pub fingerprint: String,
    /// Its principals.
    pub principals: &'a str,
    /// Does the key not count?
    pub revoked: bool,
    /// From when on and until when, seconds since 1970.
    pub window: (Option<i64>, Option<i64>),
    /// The entry of the policy.
    pub policy: usize,
}

/// What the entries say of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It may sign, as this principal, by these entries of the policy.
    Signer {
        /// The principal.
        principal: String,
        /// The entries of the policy, in their order.
        policies: Vec<usize>,
    },
    /// It is a principal's and may not be used for git.
    OtherPurpose {
        /// The principal.
        principal: String,
    },
    /// It is a principal's at another time than this.
    OtherTime {
        /// The principal.
        principal: String,
        /// Did it end before?
        ended: bool,
    },
    /// It is nobody's.
    Nobody,
}

impl AllowedSigners {
    /// Reads one file for the policy's entry `policy`. Refuses a file with a line that cannot be understood, naming the line.
    pub fn read(text: &str, policy: usize) -> Result<Self, String> {
        if text.len() > LARGEST_FILE {
            return Err(format!("larger than {LARGEST_FILE} bytes"));
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut entries = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if entries.len() >= MOST_ENTRIES {
                return Err(format!("more than {MOST_ENTRIES} entries"));
            }
            entries.push(entry(line, policy).map_err(|reason| format!("line {}: {reason}", number + 1))?);
        }
        Ok(Self { entries })
    }

    /// Puts the entries of another file behind these.
    pub fn extend(&mut self, other: Self) {
        self.entries.extend(other.entries);
    }

    /// The fingerprints of the keys.
    pub fn fingerprints(&self) -> BTreeSet<String> {
        self.entries.iter().map(|entry| super::fingerprint(&entry.key)).collect()
    }

    /// Keeps the keys with these fingerprints alone.
    pub fn keep(&mut self, fingerprints: &BTreeSet<String>) {
        self.entries.retain(|entry| fingerprints.contains(&super::fingerprint(&entry.key)));
    }

    /// Is there no entry at all?
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Tells who signs with `key` (a key or a certificate) at `time`, in seconds since 1970.
    ///
    /// As git asks ssh-keygen: first who the key belongs to at that time, then whether one of these may sign for git.
    pub fn standing(&self, key: &[u8], time: i64) -> Standing {
        self.standing_for(key, time, NAMESPACE)
    }

    /// Tells the same for another namespace than git's.
    pub fn standing_for(&self, key: &[u8], time: i64, namespace: &str) -> Standing {
        let Some(asked) = Asked::of(key, time) else { return Standing::Nobody };
        let mut other = Standing::Nobody;
        for entry in self.entries.iter().filter(|entry| asked.is_of(entry)) {
            if !entry.in_time(time) {
                let ended = entry.valid_before.is_some_and(|before| time > before);
                other = Standing::OtherTime { principal: entry.principals.clone(), ended };
                continue;
            }
            let names = asked.names(entry);
            // The first entry that names somebody decides who it is.
            let decides = !names.is_empty();
            for name in names {
                // Any entry of this key that names the principal may allow it.
                let allows = self.entries.iter().filter(|one| {
                    asked.is_of(one)
                        && one.in_time(time)
                        && one.is_for(namespace)
                        && pattern::fits_list(&name, &one.principals)
                });
                let mut policies: Vec<usize> = allows.map(|one| one.policy).collect();
                policies.dedup();
                if !policies.is_empty() {
                    return Standing::Signer { principal: name, policies };
                }
                other = Standing::OtherPurpose { principal: name };
            }
            if decides {
                return other;
            }
        }
        other
    }

    /// Gives the entries of the policy by which `address` is one of the principals of `key` (a key or a certificate) at `time`,
    /// and may sign for git. A principal that anybody fits names nobody.
    pub fn entries_that_name(&self, address: &str, key: &[u8], time: i64) -> Vec<usize> {
        let Some(asked) = Asked::of(key, time) else { return Vec::new() };
        if !asked.may_be(address) {
            return Vec::new();
        }
        let naming = self.entries.iter().filter(|entry| {
            asked.is_of(entry)
                && entry.in_time(time)
                && entry.is_for(NAMESPACE)
                && pattern::names(address, &entry.principals)
        });
        naming.map(|entry| entry.policy).collect()
    }

    /// Does any entry count for git?
    pub fn names_signers_of_commits(&self) -> bool {
        self.entries.iter().any(|entry| entry.is_for(NAMESPACE))
    }

    /// Every entry, for people; `revoked` are the keys that do not count.
    pub fn described<'a>(&'a self, revoked: &'a RevokedKeys) -> impl Iterator<Item = DescribedSigner<'a>> {
        self.entries.iter().map(|entry| DescribedSigner {
            fingerprint: super::fingerprint(&entry.key),
            principals: &entry.principals,
            revoked: revoked.holds(&entry.key),
            window: (entry.valid_after, entry.valid_before),
            policy: entry.policy,
        })
    }

    /// The principals of every entry, with the entry of the policy.
    pub fn principals(&self) -> impl Iterator<Item = (&str, usize)> {
        self.entries.iter().map(|entry| (entry.principals.as_str(), entry.policy))
    }
}

impl Entry {
    fn in_time(&self, time: i64) -> bool {
        self.valid_after.is_none_or(|after| time >= after) && self.valid_before.is_none_or(|before| time <= before)
    }

    fn is_for(&self, namespace: &str) -> bool {
        self.namespaces.as_ref().is_none_or(|list| pattern::fits_list(namespace, list))
    }
}

/// The key that is asked about.
struct Asked<'a> {
    key: &'a [u8],
    /// Where it is one, and whether it holds at the time that is asked for.
    certificate: Option<(Certificate, bool)>,
}

impl<'a> Asked<'a> {
    /// Nothing where a certificate is not signed by its authority.
    fn of(key: &'a [u8], time: i64) -> Option<Self> {
        let certificate = match crypto::certificate(key) {
            Some(certificate) => Some(certificate.ok()?),
            None => None,
        };
        let certificate = certificate.map(|certificate| {
            let holds = certificate.holds(time);
            (certificate, holds)
        });
        Some(Self { key, certificate })
    }

    fn is_of(&self, entry: &Entry) -> bool {
        match (&self.certificate, entry.authority) {
            (Some((certificate, _)), true) => entry.key == certificate.authority,
            (None, false) => entry.key == self.key,
            _ => false,
        }
    }

    /// Who it is by this entry.
    fn names(&self, entry: &Entry) -> Vec<String> {
        let Some((certificate, holds)) = &self.certificate else {
            return entry.principals.split(',').map(ToOwned::to_owned).collect();
        };
        let own = certificate.principals.iter();
        own.filter(|name| *holds && pattern::fits_list(name, &entry.principals)).cloned().collect()
    }

    /// A certificate is for the names in it alone.
    fn may_be(&self, address: &str) -> bool {
        let Some((certificate, holds)) = &self.certificate else { return true };
        *holds && certificate.principals.iter().any(|name| name.eq_ignore_ascii_case(address))
    }
}

/// `principals [options] type key [comment]`.
fn entry(line: &str, policy: usize) -> Result<Entry, String> {
    let (principals, rest) = word(line)?;
    if is_key_type(principals) {
        return Err("an SSH key without the address that it is of; write \"ADDRESS TYPE KEY\"".to_owned());
    }
    let principals = principals.trim_matches('"').to_owned();
    let mut entry = Entry {
        principals,
        key: Vec::new(),
        authority: false,
        namespaces: None,
        valid_after: None,
        valid_before: None,
        policy,
    };
    let (second, mut rest) = word(rest)?;
    let kind = if is_key_type(second) {
        second.to_owned()
    } else {
        options(second, &mut entry)?;
        let (third, after) = word(rest)?;
        rest = after;
        third.to_owned()
    };
    let (encoded, _) = word(rest)?;
    entry.key = STANDARD.decode(encoded).map_err(|_| "the key is not base64".to_owned())?;
    let named = <String as ssh_encoding::Decode>::decode(&mut entry.key.as_slice());
    if named.ok().as_deref() != Some(kind.as_str()) {
        return Err(format!("the key is not of the type {}", plimsoll_model::one_line(&kind)));
    }
    if entry.principals.is_empty() {
        return Err("it names no principal".to_owned());
    }
    Ok(entry)
}

fn is_key_type(word: &str) -> bool {
    ["ssh-", "ecdsa-", "sk-"].iter().any(|start| word.starts_with(start)) && !word.contains(['=', '"', ','])
}

/// A word, in which quoted parts may hold blanks, and what follows.
fn word(text: &str) -> Result<(&str, &str), String> {
    let text = text.trim_start();
    let mut quoted = false;
    for (at, character) in text.char_indices() {
        match character {
            '"' => quoted = !quoted,
            ' ' | '\t' if !quoted => {
                return Ok((text.get(..at).unwrap_or_default(), text.get(at..).unwrap_or_default()));
            }
            _ => {}
        }
    }
    match (quoted, text.is_empty()) {
        (true, _) => Err("a quotation does not end".to_owned()),
        (false, true) => Err("it ends too soon: principals, then a type and a key".to_owned()),
        (false, false) => Ok((text, "")),
    }
}

fn options(text: &str, entry: &mut Entry) -> Result<(), String> {
    let mut rest = text;
    while !rest.is_empty() {
        let mut quoted = false;
        let end = rest
            .char_indices()
            .find(|(_, character)| {
                quoted ^= *character == '"';
                *character == ',' && !quoted
            })
            .map_or(rest.len(), |(at, _)| at);
        let one = rest.get(..end).unwrap_or_default();
        rest = rest.get(end + 1..).unwrap_or_default();
        let (name, value) = one.split_once('=').map_or((one, None), |(name, value)| (name, Some(value)));
        let value = value.map(|value| value.strip_prefix('"').and_then(|value| value.strip_suffix('"')));
        let name = name.to_ascii_lowercase();
        match (name.as_str(), value) {
            ("cert-authority", None) => entry.authority = true,
            ("namespaces", Some(Some(list))) if entry.namespaces.is_none() => entry.namespaces = Some(list.to_owned()),
            ("valid-after", Some(Some(time))) if entry.valid_after.is_none() => entry.valid_after = Some(moment(time)?),
            ("valid-before", Some(Some(time))) if entry.valid_before.is_none() => {
                entry.valid_before = Some(moment(time)?);
            }
            ("namespaces" | "valid-after" | "valid-before", Some(Some(_))) => {
                return Err(format!("{name} appears twice"));
            }
            ("namespaces" | "valid-after" | "valid-before", _) => {
                return Err(format!("{name} needs a value in quotes"));
            }
            // What stands there may be anything, a key as well: only a plain word is repeated.
            _ if name.len() <= 32 && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-') => {
                return Err(format!("the option \"{name}\" is not known"));
            }
            _ => return Err("after the address a type of key or an option is wanted".to_owned()),
        }
    }
    if let (Some(after), Some(before)) = (entry.valid_after, entry.valid_before)
        && before <= after
    {
        return Err("valid-before is not after valid-after".to_owned());
    }
    Ok(())
}

/// `YYYYMMDD`, `YYYYMMDDHHMM` or `YYYYMMDDHHMMSS`, with or without `Z`; UTC.
fn moment(text: &str) -> Result<i64, String> {
    let digits = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    let wrong = || format!("\"{text}\" is no time: write YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, and Z");
    if !matches!(digits.len(), 8 | 12 | 14) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    let whole = format!("{digits:0<14}");
    let number =
        |from: usize, to: usize| whole.get(from..to).and_then(|part| part.parse::<i16>().ok()).ok_or_else(wrong);
    let small = |from: usize, to: usize| whole.get(from..to).and_then(|part| part.parse::<i8>().ok()).ok_or_else(wrong);
    let time =
        DateTime::new(number(0, 4)?, small(4, 6)?, small(6, 8)?, small(8, 10)?, small(10, 12)?, small(12, 14)?, 0);
    let zoned = time.and_then(|time| time.to_zoned(jiff::tz::TimeZone::UTC)).map_err(|_| wrong())?;
    Ok(zoned.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_utc() {
        for (text, expected) in [
            ("19700101", Some(0)),
            ("19700102Z", Some(86_400)),
            ("197001010001", Some(60)),
            ("19700101000001Z", Some(1)),
            ("1970", None),
            ("1970010", None),
            ("19701301", None),
            ("197001012500", None),
            ("now", None),
            ("", None),
        ] {
            assert_eq!(moment(text).ok(), expected, "{text}");
        }
    }
}
