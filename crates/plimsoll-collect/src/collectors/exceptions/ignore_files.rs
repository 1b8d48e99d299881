//! Ignore files of other tools: which advisories they name, why and until when.

use jiff::civil::Date;
use plimsoll_snapshot::Entry;

/// An advisory, the reason, and the last day, as a file has them.
pub(super) type Ignored = (String, String, Option<Date>);
/// How a file is read.
pub(super) type Reader = fn(&str) -> Result<Vec<Ignored>, String>;

/// The ignore files: where, whose, how.
pub(super) fn reader(entry: &Entry) -> Option<(&'static str, Reader)> {
    match entry.path.as_str() {
        "audit.toml" | ".cargo/audit.toml" => Some(("cargo-audit", audit)),
        "deny.toml" | ".deny.toml" | ".cargo/deny.toml" => Some(("cargo-deny", deny)),
        "osv-scanner.toml" => Some(("osv-scanner", osv)),
        _ => None,
    }
}

/// The text as a table.
pub(super) fn table(text: &str) -> Result<toml::Table, String> {
    text.parse::<toml::Table>().map_err(|error| error.message().to_owned())
}

fn text(value: Option<&toml::Value>) -> String {
    value.and_then(toml::Value::as_str).unwrap_or_default().to_owned()
}

/// `[advisories] ignore = ["RUSTSEC-..."]`: no reason, no end.
fn audit(source: &str) -> Result<Vec<Ignored>, String> {
    list(&table(source)?)
}

/// As cargo-audit, and an entry may be `{ id, reason }` (`{ crate }` entries ignore yanked versions).
fn deny(source: &str) -> Result<Vec<Ignored>, String> {
    list(&table(source)?)
}

fn list(table: &toml::Table) -> Result<Vec<Ignored>, String> {
    let Some(ignore) = table.get("advisories").and_then(|advisories| advisories.get("ignore")) else {
        return Ok(Vec::new());
    };
    let ignore = ignore.as_array().ok_or("[advisories] ignore is not a list")?;
    ignore
        .iter()
        .map(|one| match one {
            toml::Value::String(id) => Ok((id.clone(), String::new(), None)),
            toml::Value::Table(entry) => {
                let id = entry.get("id").or_else(|| entry.get("crate"));
                Ok((text(id), text(entry.get("reason")), None))
            }
            _ => Err("[advisories] ignore holds something that is no advisory".to_owned()),
        })
        .collect()
}

/// `[[IgnoredVulns]] id, ignoreUntil, reason`.
fn osv(source: &str) -> Result<Vec<Ignored>, String> {
    let table = table(source)?;
    let Some(ignored) = table.get("IgnoredVulns") else { return Ok(Vec::new()) };
    let ignored = ignored.as_array().ok_or("IgnoredVulns is not a list")?;
    ignored
        .iter()
        .map(|one| {
            let until = one.get("ignoreUntil").map(|until| match until {
                toml::Value::Datetime(until) => until.date.map(|date| date.to_string()).unwrap_or_default(),
                other => other.as_str().unwrap_or_default().chars().take(10).collect(),
            });
            let until =
                until.map(|day| day.parse::<Date>().map_err(|_| "ignoreUntil is no day".to_owned())).transpose()?;
            Ok((text(one.get("id")), text(one.get("reason")), until))
        })
        .collect()
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub(super) fn read_anything(text: &str) {
    let _ = (audit(text), deny(text), osv(text));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tool_is_read_in_its_own_way() {
        let id = "RUSTSEC-2020-0001".to_owned();
        let none = (id.clone(), String::new(), None);
        let only_none = std::slice::from_ref(&none);
        assert_eq!(audit("[advisories]\nignore = [\"RUSTSEC-2020-0001\"]").unwrap(), only_none);
        assert_eq!(audit("").unwrap(), []);
        let with = (id.clone(), "why".to_owned(), None);
        let text = "[advisories]\nignore = [\"RUSTSEC-2020-0001\", { id = \"RUSTSEC-2020-0001\", reason = \"why\" }]";
        assert_eq!(deny(text).unwrap(), [none.clone(), with]);
        let until = Some(jiff::civil::date(2027, 1, 2));
        for day in ["2027-01-02", "2027-01-02T00:00:00Z", "\"2027-01-02\""] {
            let text = format!("[[IgnoredVulns]]\nid = \"RUSTSEC-2020-0001\"\nignoreUntil = {day}\nreason = \"why\"");
            assert_eq!(osv(&text).unwrap(), [(id.clone(), "why".to_owned(), until)], "{day}");
        }
        for bad in ["[advisories]\nignore = 3", "[advisories]\nignore = [3]", "[advisories", "a = "] {
            assert!(audit(bad).is_err() && deny(bad).is_err(), "{bad}");
        }
        for bad in ["IgnoredVulns = 3", "[[IgnoredVulns]]\nignoreUntil = \"soon\""] {
            assert!(osv(bad).is_err(), "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String, value: String) {
            read_anything(&text);
            read_anything(&format!("[advisories]\nignore = [{value:?}]\n[[IgnoredVulns]]\nid = {value:?}\n{text}"));
        }
    }
}
