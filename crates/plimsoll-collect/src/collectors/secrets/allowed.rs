//! What the maker says of keys and tokens in the allow lists of other scanners. It is shown next to a finding and takes nothing away.
//!
//! Read are the files at the root of the tree: `.gitleaks.toml` (paths of its general allow lists), `.gitleaksignore` and
//! `.secrets.baseline`. Lists of values and of other scanners' rules are not: no value is kept that they could be compared with.

use plimsoll_model::one_line;
use regex::{Regex, RegexBuilder};
use schemars::JsonSchema;
use serde::Serialize;

use super::masked::masked;
use crate::{Context, Gathered};

/// Bytes of one list.
const LARGEST: u64 = 4 * 1024 * 1024;
/// Rows of one list.
const MOST: usize = 20_000;
/// Patterns of paths, the letters of one, and the bytes that one may take once it is compiled.
const MOST_PATTERNS: usize = 200;
const LONGEST_PATTERN: usize = 1000;
const LARGEST_PATTERN: usize = 1024 * 1024;
/// Letters of a reason.
const LONGEST_REASON: usize = 200;
/// Letters of it that are read: a value that begins among those which are shown ends there.
const LONGEST_READ: usize = 2000;

const GITLEAKS: &str = ".gitleaks.toml";
const IGNORE: &str = ".gitleaksignore";
const BASELINE: &str = ".secrets.baseline";

/// What the maker says of a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Excepted {
    /// The list.
    file: &'static str,
    /// Why, where the list says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// `declared`: nothing but the maker's statement.
    assurance: &'static str,
}

/// Which findings a row of a list is about.
#[derive(Debug)]
enum About {
    Paths(Regex),
    Place { commit: Option<String>, path: String, line: u64 },
}

/// The rows of all lists, in the order of the lists.
#[derive(Debug, Default)]
pub(super) struct Allowed {
    rows: Vec<(&'static str, About, Option<String>)>,
    unread: Vec<String>,
}

impl Allowed {
    /// Reads the lists of the tree.
    pub(super) fn read(cx: &Context<'_>) -> Self {
        let mut allowed = Self::default();
        for (name, read) in READERS {
            let Some(entry) = cx.snapshot.entry(name) else { continue };
            let text = cx.snapshot.read_text(entry, LARGEST).map_err(|error| error.to_string());
            if let Err(reason) = text.and_then(|text| read(&text, &mut allowed)) {
                allowed.unread.push(format!("{name} could not be read: {reason}"));
            }
        }
        allowed
    }

    /// What the maker says of a finding in the tree.
    pub(super) fn of(&self, path: &str, line: u64) -> Option<Excepted> {
        self.find(path, line, None)
    }

    /// What the maker says of a finding in a commit.
    pub(super) fn of_past(&self, commit: &str, path: &str, line: u64) -> Option<Excepted> {
        self.find(path, line, Some(commit))
    }

    fn find(&self, path: &str, line: u64, commit: Option<&str>) -> Option<Excepted> {
        let fits = |about: &About| match about {
            About::Paths(pattern) => pattern.is_match(path),
            About::Place { commit: of, path: own, line: at } => own == path && *at == line && of.as_deref() == commit,
        };
        let (file, _, reason) = self.rows.iter().find(|(_, about, _)| fits(about))?;
        Some(Excepted { file, reason: reason.clone(), assurance: "declared" })
    }

    /// Says which lists were not read.
    pub(super) fn say(&self, gathered: &mut Gathered) {
        for unread in &self.unread {
            gathered.limitation(format!("{unread}."));
        }
    }

    fn push(&mut self, file: &'static str, about: About, reason: Option<String>) -> Result<(), String> {
        if self.rows.iter().filter(|(of, _, _)| *of == file).count() >= MOST {
            return Err(format!("more than {MOST} rows"));
        }
        self.rows.push((file, about, reason));
        Ok(())
    }
}

/// A reason as it may be shown: in one line, bounded, and without a key or token in it, whole or in parts.
fn shown(reason: &str) -> Option<String> {
    let reason: String = reason.chars().take(LONGEST_READ).collect();
    let text: String = one_line(&reason).trim().chars().take(LONGEST_REASON).collect();
    (!text.is_empty() && masked(&reason, "").is_none()).then_some(text)
}

type Reader = fn(&str, &mut Allowed) -> Result<(), String>;
const READERS: &[(&str, Reader)] = &[(IGNORE, ignore), (BASELINE, baseline), (GITLEAKS, gitleaks)];

/// One fingerprint in a line: `[commit:]path:rule:line`.
///
/// Source: gitleaks, README, "gitleaksignore".
fn ignore(text: &str, allowed: &mut Allowed) -> Result<(), String> {
    for row in text.lines().map(str::trim).filter(|row| !row.is_empty() && !row.starts_with('#')) {
        let Some((rest, line)) = row.rsplit_once(':').and_then(|(rest, line)| Some((rest, line.parse().ok()?))) else {
            continue;
        };
        let Some((rest, _)) = rest.rsplit_once(':') else { continue };
        let is_commit =
            |text: &&str| matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let (commit, path) = match rest.split_once(':') {
            Some((commit, path)) if is_commit(&commit) => (Some(commit.to_owned()), path),
            _ => (None, rest),
        };
        let path = plimsoll_snapshot::entry_path(path.trim_start_matches("./"));
        allowed.push(IGNORE, About::Place { commit, path, line }, None)?;
    }
    Ok(())
}

/// What was found once, by path; what was looked at since says whether it is a secret.
///
/// Source: detect-secrets, `docs/audit.md` and the form of its baseline.
fn baseline(text: &str, allowed: &mut Allowed) -> Result<(), String> {
    let table: serde_json::Value = serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?;
    let results = table.get("results").and_then(serde_json::Value::as_object).ok_or("it has no results")?;
    for (path, rows) in results {
        for row in rows.as_array().into_iter().flatten() {
            let Some(line) = row.get("line_number").and_then(serde_json::Value::as_u64) else { continue };
            let reason = match row.get("is_secret").and_then(serde_json::Value::as_bool) {
                Some(true) => continue,
                Some(false) => Some("audited as no secret"),
                None => None,
            };
            let path = plimsoll_snapshot::entry_path(path.trim_start_matches("./"));
            allowed.push(BASELINE, About::Place { commit: None, path, line }, reason.map(ToOwned::to_owned))?;
        }
    }
    Ok(())
}

/// Patterns of paths of allow lists that hold for every rule and ask for nothing else.
///
/// Source: gitleaks, README, "Configuration" (`[allowlist]`, since 8.25 `[[allowlists]]`).
fn gitleaks(text: &str, allowed: &mut Allowed) -> Result<(), String> {
    let table: toml::Table =
        text.parse().map_err(|error: toml::de::Error| format!("not TOML: {}", one_line(error.message())))?;
    let one = table.get("allowlist").into_iter();
    let many = table.get("allowlists").and_then(toml::Value::as_array).into_iter().flatten();
    let mut count = 0;
    for list in one.chain(many).filter_map(toml::Value::as_table) {
        let asks_for_all =
            list.get("condition").and_then(toml::Value::as_str).is_some_and(|word| word.eq_ignore_ascii_case("and"));
        if asks_for_all {
            continue;
        }
        let reason = list.get("description").and_then(toml::Value::as_str).and_then(shown);
        for pattern in
            list.get("paths").and_then(toml::Value::as_array).into_iter().flatten().filter_map(toml::Value::as_str)
        {
            count += 1;
            if count > MOST_PATTERNS || pattern.len() > LONGEST_PATTERN {
                return Err(format!(
                    "more than {MOST_PATTERNS} patterns, or one with more than {LONGEST_PATTERN} letters"
                ));
            }
            // A pattern that this engine does not take excepts nothing.
            if let Ok(pattern) = RegexBuilder::new(pattern).size_limit(LARGEST_PATTERN).build() {
                allowed.push(GITLEAKS, About::Paths(pattern), reason.clone())?;
            }
        }
    }
    Ok(())
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub(super) fn read_anything(text: &str) {
    for (_, read) in READERS {
        let _ = read(text, &mut Allowed::default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(read: Reader, text: &str) -> Allowed {
        let mut allowed = Allowed::default();
        if let Err(reason) = read(text, &mut allowed) {
            allowed.unread.push(reason);
        }
        allowed
    }

    fn reason(excepted: Option<Excepted>) -> Option<(&'static str, Option<String>)> {
        excepted.map(|excepted| (excepted.file, excepted.reason))
    }

    #[test]
    fn each_list_names_its_findings_and_no_others() {
        let commit = "1234567890123456789012345678901234567890";
        let list = of(
            ignore,
            &format!("# known\n\nsrc/a.rs:generic:7\n./b.py:rule:2\n{commit}:old.rs:rule:3\nbroken\nx:y:z\n"),
        );
        assert_eq!(reason(list.of("src/a.rs", 7)), Some((IGNORE, None)));
        assert_eq!(reason(list.of("b.py", 2)), Some((IGNORE, None)));
        assert_eq!(reason(list.of_past(commit, "old.rs", 3)), Some((IGNORE, None)));
        for (path, line) in [("src/a.rs", 8), ("a.rs", 7), ("old.rs", 3), ("broken", 0)] {
            assert_eq!(list.of(path, line), None, "{path}");
        }
        assert_eq!(list.of_past("00", "old.rs", 3), None);

        let list = of(
            baseline,
            r#"{"results":{"a.py":[{"line_number":3,"is_secret":false},{"line_number":4},{"line_number":5,"is_secret":true},{}]}}"#,
        );
        assert_eq!(reason(list.of("a.py", 3)), Some((BASELINE, Some("audited as no secret".to_owned()))));
        assert_eq!(reason(list.of("a.py", 4)), Some((BASELINE, None)));
        assert_eq!((list.of("a.py", 5), list.of("b.py", 3)), (None, None));

        let text = "[allowlist]\ndescription = \"made\\nup\"\npaths = ['''^tests/.*\\.pem$''', '''(''']\n\
                    [[allowlists]]\ncondition = \"AND\"\npaths = ['''.*''']\n[[rules.allowlists]]\npaths = ['''.*''']\n";
        let list = of(gitleaks, text);
        assert_eq!(reason(list.of("tests/a.pem", 1)), Some((GITLEAKS, Some("made up".to_owned()))));
        assert_eq!((list.of("src/a.pem", 1), list.unread.len()), (None, 0));
    }

    #[test]
    fn a_reason_is_bounded_and_shows_no_value() {
        assert_eq!(shown(" a\nb "), Some("a b".to_owned()));
        assert_eq!((shown(""), shown(&"a".repeat(999)).map(|text| text.len())), (None, Some(LONGEST_REASON)));
        let token =
            format!("{}-{}", "glpat", super::super::samples::Random::of(1).letters(super::super::samples::ALL, 20));
        let (head, tail) = token.split_at(11);
        for between in ["", " ", "\n", "\r\n\t", " \n "] {
            for text in [format!("it is {head}{between}{tail}"), format!("{head}{between}{tail} is made up")] {
                assert_eq!(shown(&text), None, "{text:?}");
            }
        }
        assert_eq!(shown(&format!("it is {head}")), Some(format!("it is {head}")));
    }

    #[test]
    fn what_is_no_list_is_said_and_excepts_nothing() {
        for (read, text) in [(baseline as Reader, "{"), (baseline, "{}"), (gitleaks, "= 1"), (gitleaks, &"x".repeat(9))]
        {
            let list = of(read, text);
            assert_eq!((list.rows.len(), list.unread.len()), (0, 1), "{text}");
        }
        let many = format!("[allowlist]\npaths = [{}]\n", "\"a\",".repeat(MOST_PATTERNS + 1));
        assert_eq!(of(gitleaks, &many).unread.len(), 1);
        assert_eq!(of(ignore, &"a:b:1\n".repeat(MOST + 1)).unread, [format!("more than {MOST} rows")]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String, rows in "[a-z0-9:./\n]{0,200}") {
            read_anything(&text);
            read_anything(&rows);
        }
    }
}
