//! Ignore files of other tools: which advisories they name, why and until when.

use jiff::civil::Date;
use plimsoll_snapshot::Entry;
use yaml_serde::Value;

/// What a file says of one advisory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ignored {
    pub(super) advisory: String,
    pub(super) reason: String,
    /// The last day on which it counts.
    pub(super) until: Option<Date>,
    /// The package, and its version, where it is about one alone.
    pub(super) package: Option<String>,
    pub(super) version: Option<String>,
    /// Its package URL.
    pub(super) purl: Option<String>,
    /// What keeps it from counting on any day.
    pub(super) fault: Option<String>,
}

/// How a file is read.
pub(super) type Reader = fn(&str) -> Result<Vec<Ignored>, String>;

/// The ignore files: where, whose, how.
pub(super) fn reader(entry: &Entry) -> Option<(&'static str, Reader)> {
    match entry.path.as_str() {
        "audit.toml" | ".cargo/audit.toml" => Some(("cargo-audit", audit)),
        "deny.toml" | ".deny.toml" | ".cargo/deny.toml" => Some(("cargo-deny", deny)),
        "osv-scanner.toml" => Some(("osv-scanner", osv)),
        ".trivyignore" => Some(("trivy", trivy_lines)),
        ".trivyignore.yaml" | ".trivyignore.yml" => Some(("trivy", trivy)),
        ".grype.yaml" | ".grype.yml" | ".grype/config.yaml" | ".grype/config.yml" => Some(("grype", grype)),
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
            toml::Value::String(id) => Ok(Ignored { advisory: id.clone(), ..Ignored::default() }),
            toml::Value::Table(entry) => {
                let id = entry.get("id").or_else(|| entry.get("crate"));
                Ok(Ignored { advisory: text(id), reason: text(entry.get("reason")), ..Ignored::default() })
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
            Ok(Ignored { advisory: text(one.get("id")), reason: text(one.get("reason")), until, ..Ignored::default() })
        })
        .collect()
}

/// One id on each line, maybe with the day from which on it does not count (`exp:2027-01-02`): no reason.
///
/// Source: Trivy docs, "Filtering", `.trivyignore`.
fn trivy_lines(source: &str) -> Result<Vec<Ignored>, String> {
    let mut all = Vec::new();
    for line in source.lines() {
        let mut words = line.split('#').next().unwrap_or_default().split_whitespace();
        let Some(id) = words.next() else { continue };
        let day = words.find_map(|word| word.strip_prefix("exp:"));
        let until = day.map(|day| day.parse::<Date>().map_err(|_| "exp: is no day".to_owned())).transpose()?;
        let until = until.and_then(|day| day.yesterday().ok());
        all.push(Ignored { advisory: id.to_owned(), until, ..Ignored::default() });
    }
    Ok(all)
}

/// `vulnerabilities` with `id`, `statement`, `expired_at`; `paths` and `purls` narrow an entry. Other lists are about no
/// vulnerabilities.
///
/// Source: Trivy docs, "Filtering", `.trivyignore.yaml`.
fn trivy(source: &str) -> Result<Vec<Ignored>, String> {
    let value = plimsoll_formats::yaml::read(source)?;
    let mut all = Vec::new();
    for one in listed(&value, "vulnerabilities")? {
        let day = one.get("expired_at").and_then(Value::as_str);
        let until = day.map(|day| day.get(..10).and_then(|day| day.parse::<Date>().ok()).ok_or("expired_at is no day"));
        let until = until.transpose()?.and_then(|day| day.yesterday().ok());
        let is_narrow = one.get("paths").is_some_and(|paths| !paths.is_null());
        let fault = is_narrow.then(|| "it is about some paths alone, which are not compared".to_owned());
        let whole =
            Ignored { advisory: word(one, "id"), reason: word(one, "statement"), until, fault, ..Ignored::default() };
        match one.get("purls").filter(|purls| !purls.is_null()) {
            None => all.push(whole),
            Some(purls) => {
                let purls = purls.as_sequence().ok_or("purls is not a list")?;
                for purl in purls {
                    let purl = purl.as_str().ok_or("purls holds something that is no package URL")?;
                    all.push(Ignored { purl: Some(purl.to_owned()), ..whole.clone() });
                }
            }
        }
    }
    Ok(all)
}

/// `ignore` with `vulnerability`, `reason`, and `package` by name and version: no end. A rule about packages alone is named
/// by the package.
///
/// Source: Grype docs, "Specifying matches to ignore".
fn grype(source: &str) -> Result<Vec<Ignored>, String> {
    let value = plimsoll_formats::yaml::read(source)?;
    let rule = |one: &Value| {
        let of_package =
            |name: &str| one.get("package").map(|package| word(package, name)).filter(|text| !text.is_empty());
        let (package, id) = (of_package("name"), word(one, "vulnerability"));
        let advisory = if id.is_empty() { package.clone().unwrap_or_default() } else { id };
        Ignored { advisory, reason: word(one, "reason"), package, version: of_package("version"), ..Ignored::default() }
    };
    let rules = listed(&value, "ignore")?.iter().map(rule);
    // A rule about neither is about what a scanner says of its matches, and no word on a vulnerability.
    Ok(rules.filter(|one| !one.advisory.is_empty()).collect())
}

/// The entries of a list of tables; none where there is no such list.
fn listed<'a>(value: &'a Value, name: &str) -> Result<&'a [Value], String> {
    match value {
        Value::Null => return Ok(&[]),
        Value::Mapping(_) => {}
        _ => return Err("it is no table".to_owned()),
    }
    let Some(list) = value.get(name).filter(|list| !list.is_null()) else { return Ok(&[]) };
    let list = list.as_sequence().ok_or_else(|| format!("{name} is not a list"))?;
    if list.iter().any(|one| !one.is_mapping()) {
        return Err(format!("{name} holds something that is no table"));
    }
    Ok(list)
}

fn word(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().trim().to_owned()
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub(super) fn read_anything(text: &str) {
    let _ = (audit(text), deny(text), osv(text), trivy_lines(text), trivy(text), grype(text));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ignored(reason: &str, until: Option<Date>) -> Ignored {
        Ignored { advisory: "RUSTSEC-2020-0001".to_owned(), reason: reason.to_owned(), until, ..Ignored::default() }
    }

    #[test]
    fn each_tool_is_read_in_its_own_way() {
        let none = ignored("", None);
        let only_none = std::slice::from_ref(&none);
        assert_eq!(audit("[advisories]\nignore = [\"RUSTSEC-2020-0001\"]").unwrap(), only_none);
        assert_eq!(audit("").unwrap(), []);
        let text = "[advisories]\nignore = [\"RUSTSEC-2020-0001\", { id = \"RUSTSEC-2020-0001\", reason = \"why\" }]";
        assert_eq!(deny(text).unwrap(), [none.clone(), ignored("why", None)]);
        let until = Some(jiff::civil::date(2027, 1, 2));
        for day in ["2027-01-02", "2027-01-02T00:00:00Z", "\"2027-01-02\""] {
            let text = format!("[[IgnoredVulns]]\nid = \"RUSTSEC-2020-0001\"\nignoreUntil = {day}\nreason = \"why\"");
            assert_eq!(osv(&text).unwrap(), [ignored("why", until)], "{day}");
        }
        for bad in ["[advisories]\nignore = 3", "[advisories]\nignore = [3]", "[advisories", "a = "] {
            assert!(audit(bad).is_err() && deny(bad).is_err(), "{bad}");
        }
        for bad in ["IgnoredVulns = 3", "[[IgnoredVulns]]\nignoreUntil = \"soon\""] {
            assert!(osv(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn trivy_has_ids_by_line_or_entries_with_a_statement() {
        let until = Some(jiff::civil::date(2027, 1, 1));
        let text = "# why\n\nRUSTSEC-2020-0001\nRUSTSEC-2020-0001 exp:2027-01-02 # so long\n";
        assert_eq!(trivy_lines(text).unwrap(), [ignored("", None), ignored("", until)]);
        assert!(trivy_lines("RUSTSEC-2020-0001 exp:soon").is_err());
        let entry = |more: &str| format!("vulnerabilities:\n  - id: RUSTSEC-2020-0001\n    statement: why\n{more}");
        assert_eq!(trivy(&entry("")).unwrap(), [ignored("why", None)]);
        // The day on which it expires is one on which it does not count.
        assert_eq!(trivy(&entry("    expired_at: 2027-01-02\n")).unwrap(), [ignored("why", until)]);
        let narrow = trivy(&entry("    purls: [pkg:cargo/a@1.0.0, pkg:cargo/b]\n")).unwrap();
        let purls: Vec<_> = narrow.iter().map(|one| one.purl.as_deref()).collect();
        assert_eq!(purls, [Some("pkg:cargo/a@1.0.0"), Some("pkg:cargo/b")]);
        assert_eq!(trivy(&entry("    purls: []\n")).unwrap(), [], "of no package");
        let of_paths = trivy(&entry("    paths: [a/b]\n")).unwrap();
        assert!(of_paths[0].fault.as_ref().unwrap().contains("some paths"));
        for none in ["", "misconfigurations:\n  - id: AVD-1\n", "vulnerabilities:\n"] {
            assert_eq!(trivy(none).unwrap(), [], "{none}");
        }
        for bad in [
            "[a]",
            "vulnerabilities: a",
            "vulnerabilities: [a]",
            &entry("    expired_at: soon\n"),
            &entry("    purls: a\n"),
            "a: [",
        ] {
            assert!(trivy(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn grype_has_rules_without_an_end() {
        let text = "fail-on-severity: high\nignore:\n  - vulnerability: RUSTSEC-2020-0001\n  - vulnerability: RUSTSEC-2020-0001\n    reason: why\n    package: {name: time, version: 0.1.43, type: rust-crate}\n  - package: {name: time}\n  - fix-state: wont-fix\n";
        let found = grype(text).unwrap();
        let time = || Some("time".to_owned());
        let of_package = Ignored { package: time(), version: Some("0.1.43".to_owned()), ..ignored("why", None) };
        let by_name = Ignored { advisory: "time".to_owned(), package: time(), ..Ignored::default() };
        assert_eq!(found, [ignored("", None), of_package, by_name]);
        assert_eq!(grype("check-for-app-update: false\n").unwrap(), []);
        for bad in ["ignore: a", "ignore: [a]", "[a]", "ignore: ["] {
            assert!(grype(bad).is_err(), "{bad}");
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
