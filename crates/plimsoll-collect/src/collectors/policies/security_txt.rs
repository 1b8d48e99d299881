//! security.txt.
//!
//! Source: RFC 9116, sections 2.3 to 2.6: fields, line format, signed form, and what must be there.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{PolicyFact, Statement};
use crate::contacts;

/// Checks every MUST that the text alone shows.
pub(super) fn read(text: &str, fact: &mut PolicyFact, today: Date) {
    let mut lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    if lines.first().is_some_and(|line| *line == "-----BEGIN PGP SIGNED MESSAGE-----") {
        // RFC 9116 section 2.3: the cleartext framework of RFC 4880; armor headers end at an empty line.
        let body = lines.iter().position(|line| line.is_empty()).map_or(lines.len(), |at| at + 1);
        let Some(end) = lines.iter().position(|line| *line == "-----BEGIN PGP SIGNATURE-----") else {
            fact.problems.push("its signature is cut off".to_owned());
            return;
        };
        lines = lines
            .get(body..end)
            .unwrap_or_default()
            .iter()
            .map(|line| line.strip_prefix("- ").unwrap_or(line))
            .collect();
    }
    let mut expires = Vec::new();
    let mut languages = 0;
    for line in lines.iter().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let Some((name, value)) = line.split_once(": ") else {
            fact.problems.push(format!("\"{}\" is no field", line.chars().take(40).collect::<String>()));
            continue;
        };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "contact" => {
                let after = |scheme: &str| value.strip_prefix(scheme).filter(|rest| !rest.trim().is_empty());
                let mail = after("mailto:").is_some_and(|mail| mail.contains('@'));
                if after("https://").is_some() || mail || after("tel:").is_some() {
                    fact.contacts.push(value.to_owned());
                } else {
                    fact.problems.push("a contact is no address of a page (https), mailto: or tel:".to_owned());
                }
            }
            "expires" => expires.push(value.to_owned()),
            "preferred-languages" => languages += 1,
            "policy" => fact.has_process = value.starts_with("https://"),
            "encryption" | "acknowledgments" | "canonical" | "hiring" | "csaf" if value.starts_with("http://") => {
                fact.problems.push(format!("{name} is not reached over https"));
            }
            // Section 2.4: fields that are not known are to be ignored.
            _ => {}
        }
    }
    if fact.contacts.is_empty() {
        fact.problems.push("it has no contact".to_owned());
    }
    if languages > 1 {
        fact.problems.push("it names preferred languages twice".to_owned());
    }
    match expires.as_slice() {
        [one] => match one.parse::<Timestamp>() {
            Ok(moment) => {
                let day = moment.to_zoned(TimeZone::UTC).date();
                fact.expires = Some(day);
                fact.expired = Some(day < today);
                if day < today {
                    fact.problems.push(format!("it expired on {day}"));
                }
            }
            Err(_) => fact.problems.push("its end is no time as RFC 3339 writes it".to_owned()),
        },
        [] => fact.problems.push("it has no end date (Expires)".to_owned()),
        _ => fact.problems.push("it has several end dates".to_owned()),
    }
    // A telephone number is taken as it is written.
    let worth = |contact: &String| {
        contacts::addresses(contact).iter().map(|one| one.worth).min().unwrap_or(contacts::Worth::Good)
    };
    fact.statement = Some(match fact.contacts.iter().map(worth).min() {
        _ if !fact.problems.is_empty() => Statement::Nothing,
        Some(contacts::Worth::Good) => Statement::Stated,
        Some(contacts::Worth::Sample) => {
            fact.problems.push("its contact is on a domain that is reserved for samples".to_owned());
            Statement::Sample
        }
        _ => {
            fact.problems.push("its contact is not filled in".to_owned());
            Statement::Template
        }
    });
}
