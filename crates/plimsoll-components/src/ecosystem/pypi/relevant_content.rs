//! Digests that lockfiles keep of the manifest that they were written for, computed again.
//!
//! Each is over what Python's `json.dumps(content, sort_keys=True)` writes of some tables of the manifest. Versions of a tool
//! differ in which; a lockfile that has any of them belongs to the manifest.

use std::fmt::Write as _;

use plimsoll_model::sha256_hex;
use serde_json::{Map, Value, json};
use toml::Table;

use super::names::normal;

/// How Python separates members: after a comma, after a colon.
type Style = (&'static str, &'static str);

const SPACED: Style = (", ", ": ");
const DENSE: Style = (",", ":");

/// The digests that versions of Poetry have of a pyproject.toml.
///
/// Source: Poetry, `poetry.packages.locker.Locker._get_content_hash`.
pub(super) fn poetry(pyproject: &Table) -> Vec<String> {
    let legacy = ["dependencies", "source", "extras", "dev-dependencies"];
    let table =
        |table: &Table, name: &str| table.get(name).and_then(toml::Value::as_table).cloned().unwrap_or_default();
    let (project, tool) = (table(pyproject, "project"), table(&table(pyproject, "tool"), "poetry"));
    let of_one = |with_groups: bool| {
        let groups = if with_groups { table(pyproject, "dependency-groups") } else { Table::new() };
        let mut relevant_project = Map::new();
        for key in ["requires-python", "dependencies", "optional-dependencies"] {
            if let Some(value) = project.get(key) {
                relevant_project.insert(key.to_owned(), to_json(value)?);
            }
        }
        let is_nested = !relevant_project.is_empty() || !groups.is_empty();
        let mut relevant_tool = Map::new();
        for key in legacy.iter().copied().chain(["group"]) {
            match tool.get(key) {
                Some(value) => drop(relevant_tool.insert(key.to_owned(), to_json(value)?)),
                None if is_nested || !legacy.contains(&key) => {}
                None => drop(relevant_tool.insert(key.to_owned(), Value::Null)),
            }
        }
        if !is_nested {
            return digest(&Value::Object(relevant_tool), SPACED);
        }
        let mut content = Map::new();
        if !relevant_project.is_empty() {
            content.insert("project".to_owned(), Value::Object(relevant_project));
        }
        if !groups.is_empty() {
            content.insert("dependency-groups".to_owned(), table_to_json(&groups)?);
        }
        content.insert("tool".to_owned(), json!({ "poetry": relevant_tool }));
        digest(&Value::Object(content), SPACED)
    };
    let mut all: Vec<String> = [true, false].into_iter().filter_map(of_one).collect();
    all.dedup();
    all
}

/// The digests that versions of PDM have of a pyproject.toml.
///
/// Source: PDM, `pdm.project.project_file.PyProject.content_hash`.
pub(super) fn pdm(pyproject: &Table) -> Vec<String> {
    let empty = Table::new();
    let below = |table: &Table, name: &str| table.get(name).and_then(toml::Value::as_table).cloned();
    let project = below(pyproject, "project").unwrap_or_default();
    let settings = below(pyproject, "tool").and_then(|tool| below(&tool, "pdm")).unwrap_or_default();
    let own_groups = below(&settings, "dev-dependencies").unwrap_or_default();
    let groups = below(pyproject, "dependency-groups").unwrap_or_default();
    let value = |table: &Table, name: &str, default: Value| table.get(name).map_or(Some(default), to_json);
    // Groups of both kinds are put together, by their normal names.
    let joined = || {
        let mut all: Map<String, Value> = Map::new();
        for (name, list) in groups.iter().chain(&own_groups) {
            let Value::Array(list) = to_json(list)? else { return None };
            match all.entry(normal(name)).or_insert_with(|| Value::Array(Vec::new())) {
                Value::Array(known) => known.extend(list),
                _ => return None,
            }
        }
        Some(Value::Object(all))
    };
    let resolution = below(&settings, "resolution").unwrap_or_default();
    let overrides = below(&settings, "overrides").or_else(|| below(&resolution, "overrides"));
    let resolutions = [
        ("resolution", table_to_json(&resolution)),
        ("overrides", table_to_json(overrides.as_ref().unwrap_or(&empty))),
    ];
    let mut all = Vec::new();
    for groups in [joined(), table_to_json(&own_groups)] {
        for (name, resolution) in &resolutions {
            let content = || {
                let content = json!({
                    "sources": value(&settings, "source", json!([]))?,
                    "dependencies": value(&project, "dependencies", json!([]))?,
                    "dev-dependencies": groups.clone()?,
                    "optional-dependencies": value(&project, "optional-dependencies", json!({}))?,
                    "requires-python": value(&project, "requires-python", json!(""))?,
                    *name: resolution.clone()?,
                });
                digest(&content, SPACED)
            };
            all.extend(content());
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// The digest that Pipenv has of a Pipfile.
///
/// Source: Pipenv, `plette.pipfiles.Pipfile.get_hash`.
pub(super) fn pipenv(pipfile: &Table) -> Option<String> {
    let table = |name: &str| pipfile.get(name).map_or_else(|| Some(json!({})), to_json);
    let sources = match pipfile.get("source") {
        Some(sources) => to_json(sources)?,
        None => json!([{ "name": "pypi", "url": "https://pypi.org/simple", "verify_ssl": true }]),
    };
    let mut content = Map::new();
    content.insert("_meta".to_owned(), json!({ "sources": sources, "requires": table("requires")? }));
    content.insert("default".to_owned(), table("packages")?);
    content.insert("develop".to_owned(), table("dev-packages")?);
    for (name, values) in pipfile {
        let known =
            ["source", "packages", "dev-packages", "requires", "scripts", "pipfile", "pipenv", "default", "develop"];
        if !known.contains(&name.as_str()) {
            content.insert(name.clone(), to_json(values)?);
        }
    }
    digest(&Value::Object(content), DENSE)
}

/// The same value in JSON; nothing where Python has another form for it, or none.
fn to_json(value: &toml::Value) -> Option<Value> {
    Some(match value {
        toml::Value::String(text) => Value::String(text.clone()),
        toml::Value::Integer(number) => Value::Number((*number).into()),
        toml::Value::Boolean(flag) => Value::Bool(*flag),
        toml::Value::Array(list) => Value::Array(list.iter().map(to_json).collect::<Option<_>>()?),
        toml::Value::Table(table) => table_to_json(table)?,
        toml::Value::Float(_) | toml::Value::Datetime(_) => return None,
    })
}

fn table_to_json(table: &Table) -> Option<Value> {
    let members = table.iter().map(|(name, value)| Some((name.clone(), to_json(value)?)));
    Some(Value::Object(members.collect::<Option<_>>()?))
}

fn digest(value: &Value, style: Style) -> Option<String> {
    let mut out = String::new();
    write_value(value, style, &mut out)?;
    Some(sha256_hex(out.as_bytes()))
}

/// As deep as the parser of TOML goes, which is bounded.
fn write_value(value: &Value, style: Style, out: &mut String) -> Option<()> {
    match value {
        Value::String(text) => write_text(text, out),
        Value::Array(list) => {
            out.push('[');
            for (number, value) in list.iter().enumerate() {
                out.push_str(if number == 0 { "" } else { style.0 });
                write_value(value, style, out)?;
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
            sorted.sort_by_key(|(name, _)| *name);
            out.push('{');
            for (number, (name, value)) in sorted.into_iter().enumerate() {
                out.push_str(if number == 0 { "" } else { style.0 });
                write_text(name, out);
                out.push_str(style.1);
                write_value(value, style, out)?;
            }
            out.push('}');
        }
        other => write!(out, "{other}").ok()?,
    }
    Some(())
}

/// A text as Python writes it: everything beyond ASCII in UTF-16 escapes.
fn write_text(text: &str, out: &mut String) {
    out.push('"');
    let mut units = [0_u16; 2];
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            // DEL is within ASCII, and written as it is.
            ' '..='\u{7f}' => out.push(letter),
            _ => {
                for unit in letter.encode_utf16(&mut units) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        text.parse().unwrap()
    }

    #[test]
    fn json_is_that_of_python() {
        let value = json!({ "b": [true, null, 1, "é\"\\\n\u{7f}\u{1}😀"], "a": {} });
        let of = |style| {
            let mut out = String::new();
            write_value(&value, style, &mut out).unwrap();
            out
        };
        let text = "\"\\u00e9\\\"\\\\\\n\u{7f}\\u0001\\ud83d\\ude00\"";
        assert_eq!(of(SPACED), format!("{{\"a\": {{}}, \"b\": [true, null, 1, {text}]}}"));
        assert_eq!(of(DENSE), format!("{{\"a\":{{}},\"b\":[true,null,1,{text}]}}"));
    }

    #[test]
    fn what_python_writes_otherwise_has_no_digest() {
        for text in ["[tool.poetry]\nextras = 1.5\n", "[tool.poetry]\nextras = 1979-05-27\n"] {
            assert!(poetry(&table(text)).is_empty(), "{text}");
        }
        assert_eq!(pipenv(&table("[packages]\na = 1.0\n")), None);
    }
}
