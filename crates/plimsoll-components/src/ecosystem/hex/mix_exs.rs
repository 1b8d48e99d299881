//! mix.exs: a program. What stands in it as a plain text is taken for names alone; that a lockfile belongs to it is never
//! known from it.
//!
//! Source: Mix, `Mix.Project`.

use super::is_name;
use crate::ecosystem::address;

/// What can be told of one without running it.
#[derive(Clone, Debug, Default)]
pub(super) struct Program {
    pub app: Option<String>,
    pub version: Option<String>,
    /// The folder of the members of its umbrella.
    pub apps: Option<String>,
}

/// Reads one.
pub(super) fn read(bytes: &[u8]) -> Result<Program, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8")?;
    let mut program = Program::default();
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if let Some(app) = after(line, "app: :") {
            let end = app.find(|one: char| !one.is_ascii_alphanumeric() && one != '_').unwrap_or(app.len());
            let app = app.get(..end).filter(|app| is_name(app));
            program.app = program.app.take().or_else(|| app.map(ToOwned::to_owned));
        }
        for (label, field) in [("version: \"", &mut program.version), ("apps_path: \"", &mut program.apps)] {
            let value = after(line, label).and_then(|value| value.split_once('"')).map(|(value, _)| value);
            let value = value.filter(|value| address::is_plain(value) && !value.contains(['#', '\\']));
            *field = field.take().or_else(|| value.map(ToOwned::to_owned));
        }
    }
    Ok(program)
}

/// What follows a label that begins a line or stands behind a space or bracket.
fn after<'a>(line: &'a str, label: &str) -> Option<&'a str> {
    let at = line.find(label)?;
    let before = line.get(..at)?;
    before.chars().next_back().is_none_or(|one| matches!(one, ' ' | '[' | ',')).then(|| line.get(at + label.len()..))?
}
