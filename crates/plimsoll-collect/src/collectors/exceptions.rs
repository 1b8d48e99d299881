//! What the maker says about advisories: ignore files of other tools, and the exceptions of `plimsoll.toml`.
//! They are shown beside a finding and never remove it.

use jiff::{ToSpan as _, civil::Date};
use plimsoll_model::Pointer;
use plimsoll_snapshot::{Entry, Snapshot};

use crate::claims::{CLAIMS_FILE, ClaimsFile};

/// Bytes of an ignore file.
const LARGEST: u64 = 1024 * 1024;
/// Exceptions of one file.
const MOST: usize = 10_000;
/// Files with exceptions of other tools that are named.
const MOST_UNREAD: usize = 10;
/// An exception that ends later than this, counted from the day of the label, has no end: nobody looks at it again.
const LONGEST_YEARS: i32 = 1;

/// The maker's word on one advisory.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stated {
    pub(crate) file: String,
    pub(crate) tool: String,
    pub(crate) advisory: String,
    /// The one package, version and lockfile that it is about, where it names them.
    pub(crate) package: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) lockfile: Option<String>,
    pub(crate) reason: String,
    pub(crate) until: Option<Date>,
    /// The days from and until which everything in its file counts, where the file says so.
    pub(crate) file_counts: Option<(Date, Date)>,
}

impl Stated {
    /// What keeps it from counting on `today`; nothing when it counts.
    pub(super) fn problem(&self, today: Date) -> Option<String> {
        let latest = today.checked_add(LONGEST_YEARS.years()).unwrap_or(Date::MAX);
        match (self.until, self.file_counts) {
            _ if self.reason.trim().is_empty() => Some("it gives no reason".to_owned()),
            (None, _) => Some("it has no end date".to_owned()),
            (Some(until), _) if until < today => Some(format!("it ended on {until}")),
            (Some(until), _) if until > latest => {
                Some(format!("it ends on {until}; one that counts on {today} ends by {latest}"))
            }
            (_, Some((date, _))) if today < date => Some(format!("its file is of {date}, which is to come")),
            (_, Some((_, review_by))) if review_by < today => {
                Some(format!("its file was to be looked at again by {review_by}"))
            }
            _ => None,
        }
    }
}

/// Every exception, sorted, with the place of each file; and the files that could not be understood.
#[derive(Debug, Default)]
pub struct Exceptions {
    pub(crate) stated: Vec<(Stated, Pointer)>,
    pub(crate) gaps: Vec<String>,
    /// Files and tables that hold exceptions and are not read, each in one sentence.
    pub(crate) unread: Vec<String>,
    pub(crate) files: u64,
}

type Reader = fn(&str) -> Result<Vec<(String, String, Option<Date>)>, String>;

/// The ignore files: where, whose, how.
fn reader(entry: &Entry) -> Option<(&'static str, Reader)> {
    match entry.path.as_str() {
        "audit.toml" | ".cargo/audit.toml" => Some(("cargo-audit", audit)),
        "deny.toml" | ".deny.toml" | ".cargo/deny.toml" => Some(("cargo-deny", deny)),
        "osv-scanner.toml" => Some(("osv-scanner", osv)),
        _ => None,
    }
}

/// The tool whose exceptions a file holds that is not read here, by its name and folder.
fn unread(path: &str) -> Option<&'static str> {
    let lower = path.to_ascii_lowercase();
    let (folder, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let folder = folder.rsplit('/').next().unwrap_or_default();
    let json = name.strip_suffix(".json");
    Some(match name {
        ".trivyignore" | ".trivyignore.yaml" | ".trivyignore.yml" => "trivy",
        ".grype.yaml" | ".grype.yml" | "grype.yaml" | "grype.yml" => "grype",
        "config.yaml" | "config.yml" if folder == ".grype" => "grype",
        ".snyk" => "snyk",
        "osv-scanner.toml" => "osv-scanner",
        "deny.toml" | ".deny.toml" => "cargo-deny",
        "audit.toml" => "cargo-audit",
        "auditjs.json" | ".nsprc" | "audit-ci.json" | "audit-ci.jsonc" => "an npm audit",
        _ if folder == ".vex" || folder == "vex" => json.map(|_| "a VEX document")?,
        _ => {
            let is_vex = json?.split(['.', '-', '_']).any(|part| part == "vex" || part == "openvex");
            is_vex.then_some("a VEX document")?
        }
    })
}

/// Reads all of them.
pub(super) fn read(snapshot: &Snapshot, claims: &ClaimsFile) -> Exceptions {
    let mut found = Exceptions::default();
    for entry in snapshot.entries() {
        let Some((tool, read)) = reader(entry) else {
            found.unread.extend(unread(&entry.path).filter(|_| entry.is_file()).map(|tool| {
                let path = plimsoll_model::one_line(&entry.path);
                format!("Exceptions in {path} ({tool}) are not read; state them as [[exception]] in plimsoll.toml.")
            }));
            continue;
        };
        found.files += 1;
        let outcome = snapshot.read_text(entry, LARGEST).map_err(|error| error.to_string()).and_then(|text| {
            if tool == "osv-scanner" && table(&text)?.contains_key("PackageOverrides") {
                let path = plimsoll_model::one_line(&entry.path);
                found.unread.push(format!(
                    "PackageOverrides in {path} are not read; state exceptions as [[exception]] in plimsoll.toml."
                ));
            }
            read(&text)
        });
        match outcome {
            Ok(list) => {
                if list.len() > MOST {
                    found.gaps.push(format!("{}: only the first {MOST} of its exceptions are shown", entry.path));
                }
                found.stated.extend(list.into_iter().take(MOST).map(|(advisory, reason, until)| {
                    let stated = Stated {
                        file: entry.path.clone(),
                        tool: tool.to_owned(),
                        advisory,
                        package: None,
                        version: None,
                        lockfile: None,
                        reason,
                        until,
                        file_counts: None,
                    };
                    (stated, entry.pointer())
                }));
            }
            Err(reason) => found.gaps.push(format!("{}: {reason}", entry.path)),
        }
    }
    match claims {
        ClaimsFile::Absent => {}
        ClaimsFile::Invalid { reason, .. } => {
            found.files += 1;
            found.gaps.push(reason.clone());
        }
        ClaimsFile::Present { pointer, claims, .. } => {
            found.files += 1;
            found.stated.extend(claims.exceptions.iter().map(|exception| {
                let stated = Stated {
                    file: CLAIMS_FILE.to_owned(),
                    tool: "plimsoll".to_owned(),
                    advisory: exception.advisory.clone(),
                    package: exception.package.clone(),
                    version: exception.version.clone(),
                    lockfile: exception.lockfile.clone(),
                    reason: exception.reason.clone(),
                    until: Some(exception.until),
                    file_counts: Some((claims.date, claims.review_by)),
                };
                (stated, pointer.clone())
            }));
        }
    }
    found.stated.sort_by(|(one, _), (other, _)| one.cmp(other));
    if found.unread.len() > MOST_UNREAD {
        let more = found.unread.len() - MOST_UNREAD;
        found.unread.truncate(MOST_UNREAD);
        found.unread.push(format!("And {more} more files with exceptions that are not read."));
    }
    found
}

fn table(text: &str) -> Result<toml::Table, String> {
    text.parse::<toml::Table>().map_err(|error| error.message().to_owned())
}

fn text(value: Option<&toml::Value>) -> String {
    value.and_then(toml::Value::as_str).unwrap_or_default().to_owned()
}

/// `[advisories] ignore = ["RUSTSEC-..."]`: no reason, no end.
fn audit(source: &str) -> Result<Vec<(String, String, Option<Date>)>, String> {
    list(&table(source)?)
}

/// As cargo-audit, and an entry may be `{ id, reason }` (`{ crate }` entries ignore yanked versions).
fn deny(source: &str) -> Result<Vec<(String, String, Option<Date>)>, String> {
    list(&table(source)?)
}

fn list(table: &toml::Table) -> Result<Vec<(String, String, Option<Date>)>, String> {
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
fn osv(source: &str) -> Result<Vec<(String, String, Option<Date>)>, String> {
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
pub(crate) fn read_anything(text: &str) {
    let _ = (audit(text), deny(text), osv(text));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stated(reason: &str, until: Option<Date>) -> Stated {
        Stated {
            file: String::new(),
            tool: String::new(),
            advisory: "RUSTSEC-2020-0001".to_owned(),
            package: None,
            version: None,
            lockfile: None,
            reason: reason.to_owned(),
            until,
            file_counts: None,
        }
    }

    #[test]
    fn an_exception_lapses_with_its_file() {
        let (today, day) = (jiff::civil::date(2026, 11, 1), jiff::civil::date);
        let of = |from: Date, until: Date| {
            let own = Some(day(2027, 5, 1));
            Stated { file_counts: Some((from, until)), ..stated("not reachable", own) }.problem(today)
        };
        assert_eq!(of(today, today), None);
        assert!(of(day(2020, 1, 1), day(2026, 10, 31)).unwrap().contains("looked at again by 2026-10-31"));
        assert!(of(day(2026, 11, 2), day(2027, 11, 1)).unwrap().contains("is to come"));
    }

    #[test]
    fn only_reason_and_end_date_together_count() {
        let today = jiff::civil::date(2026, 11, 1);
        let later = Some(jiff::civil::date(2026, 11, 1));
        assert_eq!(stated("not reachable", later).problem(today), None);
        assert_eq!(stated("x", Some(jiff::civil::date(2027, 11, 1))).problem(today), None);
        for (one, says) in [
            (stated("", later), "no reason"),
            (stated("  ", later), "no reason"),
            (stated("x", None), "no end date"),
            (stated("x", Some(jiff::civil::date(2026, 10, 31))), "ended on 2026-10-31"),
            (stated("x", Some(jiff::civil::date(2027, 11, 2))), "ends by 2027-11-01"),
            (stated("x", Some(jiff::civil::date(9999, 12, 31))), "ends by 2027-11-01"),
        ] {
            assert!(one.problem(today).unwrap().contains(says));
        }
    }

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

    #[test]
    fn files_with_exceptions_of_other_tools_are_known_by_name() {
        for (path, expected) in [
            (".trivyignore", Some("trivy")),
            ("deploy/.trivyignore.yaml", Some("trivy")),
            (".grype.yaml", Some("grype")),
            (".grype/config.yaml", Some("grype")),
            ("config.yaml", None),
            ("sub/osv-scanner.toml", Some("osv-scanner")),
            ("crates/a/deny.toml", Some("cargo-deny")),
            (".vex/app.json", Some("a VEX document")),
            ("app.openvex.json", Some("a VEX document")),
            ("vex.cdx.json", Some("a VEX document")),
            ("convex.json", None),
            (".vex/README.md", None),
            ("vex.toml", None),
            ("src/main.rs", None),
        ] {
            assert_eq!(unread(path), expected, "{path}");
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
