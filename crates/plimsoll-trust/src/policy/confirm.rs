//! What is not confirmed in a policy, and how the reader confirms it: by the whole fingerprint, and one entry at a time.
//!
//! The file is changed in the place of one word, so that what the reader wrote into it stays as it is.

use std::ops::Range;

use super::{PolicyFile, pins::PinKind};

/// Entries that are named one by one.
const NAMED: usize = 10;

/// An entry that counts only once it is confirmed.
struct Unconfirmed {
    /// Its table.
    table: &'static str,
    kind: Option<PinKind>,
    fingerprints: Vec<String>,
    /// Where `false` is.
    at: Range<usize>,
}

/// A policy in which one entry more is confirmed.
#[derive(Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// The file.
    pub text: String,
    /// Its table, as `[[openpgp]]`.
    pub table: String,
    /// Entries that are still not confirmed.
    pub left: usize,
}

impl PolicyFile {
    fn unconfirmed(&self) -> Vec<Unconfirmed> {
        let mut found = Vec::new();
        let mut take = |table, kind, confirmed: &Option<toml::Spanned<bool>>, fingerprints: &[String]| {
            if let Some(word) = confirmed.as_ref().filter(|word| !*word.get_ref()) {
                found.push(Unconfirmed { table, kind, fingerprints: fingerprints.to_vec(), at: word.span() });
            }
        };
        for one in &self.openpgp {
            take("[[openpgp]]", Some(PinKind::OpenPgp), &one.confirmed, &one.fingerprints);
        }
        for one in &self.ssh {
            take("[[ssh]]", Some(PinKind::Ssh), &one.confirmed, &one.fingerprints);
        }
        for one in &self.key {
            take("[[key]]", Some(PinKind::PublicKey), &one.confirmed, &one.fingerprints);
        }
        for one in &self.x509 {
            take("[[x509]]", None, &one.confirmed, &[]);
        }
        for one in &self.sigstore {
            take("[[sigstore]]", None, &one.confirmed, &[]);
        }
        found.sort_by_key(|one| one.at.start);
        found
    }

    /// Refuses a policy with entries that are not confirmed, naming them and their lines.
    pub(super) fn ask_for_confirmation(&self, text: &str) -> Result<(), String> {
        let open = self.unconfirmed();
        if open.is_empty() {
            return Ok(());
        }
        let named: Vec<String> = open.iter().take(NAMED).map(|one| named(one, text)).collect();
        let more = open.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        Err(format!(
            "{} not confirmed: {}{more}; compare each fingerprint with what its owner publishes, then run `plimsoll trust confirm`",
            plimsoll_model::plural(open.len(), "entry is", "entries are"),
            named.join(", ")
        ))
    }
}

fn named(one: &Unconfirmed, text: &str) -> String {
    let line = text.get(..one.at.start).unwrap_or_default().matches('\n').count() + 1;
    let first = one.fingerprints.first().map(|first| format!(" {}", plimsoll_model::one_line(first)));
    format!("{} in line {line}{}", one.table, first.unwrap_or_default())
}

/// Confirms the entry of a policy that pins the key with this fingerprint.
///
/// Refused: a fingerprint that is not whole, one that no unconfirmed entry pins, and an entry that pins others as well.
pub fn confirm(text: &str, fingerprint: &str) -> Result<Confirmed, String> {
    let file: PolicyFile = toml::from_str(text).map_err(|error| super::load::not_a_policy(text, &error))?;
    let open = file.unconfirmed();
    let kinds = [PinKind::OpenPgp, PinKind::Ssh, PinKind::PublicKey];
    let whole: Vec<(PinKind, String)> =
        kinds.into_iter().filter_map(|kind| Some((kind, kind.read(fingerprint).ok()?))).collect();
    if whole.is_empty() {
        let shown = plimsoll_model::excerpt(&plimsoll_model::one_line(fingerprint), 100);
        return Err(format!(
            "\"{shown}\" is not a full fingerprint; give all of it, as its owner publishes it (40 hexadecimal digits, or SHA256:...)"
        ));
    }
    let pins = |one: &&Unconfirmed| {
        one.kind.is_some_and(|kind| {
            one.fingerprints.iter().any(|pin| kind.read(pin).is_ok_and(|pin| whole.contains(&(kind, pin))))
        })
    };
    let found: Vec<&Unconfirmed> = open.iter().filter(pins).collect();
    let [one] = found.as_slice() else {
        return Err(match found.as_slice() {
            [] if open.is_empty() => "every entry is confirmed".to_owned(),
            [] => format!(
                "no unconfirmed entry pins this fingerprint; {} open",
                plimsoll_model::plural(open.len(), "entry is", "entries are")
            ),
            _ => format!("{} entries pin this fingerprint: remove all but one", found.len()),
        });
    };
    if one.fingerprints.len() > 1 {
        return Err(format!("{} pins other keys as well: give each an entry of its own", named(one, text)));
    }
    let (Some(before), Some(after)) = (text.get(..one.at.start), text.get(one.at.end..)) else {
        return Err("the place of `confirmed` cannot be found".to_owned());
    };
    let table = one.table.to_owned();
    Ok(Confirmed { text: format!("{before}true{after}"), table, left: open.len() - 1 })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "968479A1AFF927E37D1A566BB5690EEEBB952194";
    const SECOND: &str = "SHA256:MevKPyzgQjT/itW4zvDsT+dFrO6TLlpJhM5/E5AMvhM";

    fn policy() -> String {
        format!(
            "# mine\nschema = 1\n\n[[openpgp]] # confirmed = false\nkeys = [\"a.asc\"]\nfingerprints = [\"{FIRST}\"]\nconfirmed = false # look at it\n\n[[ssh]]\nallowed-signers = [\"s\"]\nfingerprints = [\"{SECOND}\"]\nconfirmed   =   false\n"
        )
    }

    #[test]
    fn one_word_changes_and_all_else_stays() {
        let text = policy();
        let once = confirm(&text, "9684 79A1 AFF9 27E3 7D1A  566B B569 0EEE BB95 2194").unwrap();
        assert_eq!((once.table.as_str(), once.left), ("[[openpgp]]", 1));
        assert_eq!(once.text, text.replacen("confirmed = false # look", "confirmed = true # look", 1));
        let twice = confirm(&once.text, SECOND).unwrap();
        assert_eq!(twice.left, 0);
        assert_eq!(twice.text, once.text.replace("confirmed   =   false", "confirmed   =   true"));
        assert!(confirm(&twice.text, SECOND).is_err_and(|reason| reason == "every entry is confirmed"));
    }

    #[test]
    fn what_is_not_confirmed_is_refused_with_its_line() {
        let text = policy();
        let file: PolicyFile = toml::from_str(&text).unwrap();
        let reason = file.ask_for_confirmation(&text).unwrap_err();
        for part in
            ["2 entries are not", "[[openpgp]] in line 7 9684", "[[ssh]] in line 12 SHA256:MevK", "trust confirm"]
        {
            assert!(reason.contains(part), "{reason}");
        }
    }

    #[test]
    fn a_part_of_a_fingerprint_confirms_nothing() {
        let text = policy();
        for (given, part) in [
            ("", "not a full fingerprint"),
            ("B5690EEEBB952194", "not a full fingerprint"),
            ("SHA256:MevK", "not a full fingerprint"),
            ("keys/a.asc", "not a full fingerprint"),
            ("968479A1AFF927E37D1A566BB5690EEEBB952195", "no unconfirmed entry"),
            (&FIRST.replace('9', "8"), "no unconfirmed entry"),
        ] {
            let reason = confirm(&text, given).unwrap_err();
            assert!(reason.contains(part), "{given}: {reason}");
        }
        let both = text.replace(&format!("[\"{FIRST}\"]"), &format!("[\"{FIRST}\", \"{}\"]", FIRST.replace('9', "8")));
        assert!(confirm(&both, FIRST).is_err_and(|reason| reason.contains("other keys")));
        let doubled = format!("{text}\n[[openpgp]]\nkeys = [\"b\"]\nfingerprints = [\"{FIRST}\"]\nconfirmed = false\n");
        assert!(confirm(&doubled, FIRST).is_err_and(|reason| reason.contains("2 entries pin")));
        assert!(confirm("schema = [", FIRST).is_err_and(|reason| reason.contains("line 1")));
    }
}
