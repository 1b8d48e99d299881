//! Where a part of a pipeline is, and what the names in its texts stand for.

use std::{collections::BTreeMap, sync::Arc};

use yaml_serde::Value;

use crate::{
    environment::Environment,
    readers::draft::{Runs, anything, entries, list, text, text_of},
};

/// Values of the parameters of a file: what it is given, or its defaults.
pub(super) fn parameters(file: &Value, given: &[(String, String)]) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for one in list(file.get("parameters")) {
        if let (Some(name), Some(value)) = (text_of(one, "name"), one.get("default").and_then(text)) {
            all.insert(name, value);
        }
    }
    // The older form: a table of defaults.
    if file.get("parameters").is_some_and(Value::is_mapping) {
        all.extend(
            entries(file.get("parameters"))
                .into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), text(value)?))),
        );
    }
    all.extend(given.iter().cloned());
    all
}

/// Where a part is.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) file: String,
    pub(super) parameters: BTreeMap<String, String>,
    pub(super) environment: Arc<Environment>,
    pub(super) pool: Option<Value>,
    pub(super) runs: Runs,
    pub(super) stage: String,
    pub(super) depth: usize,
}

impl Place {
    /// The text with what is known put in.
    pub(super) fn fill(&self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            let (before, behind) = rest.split_at_checked(at).unwrap_or((rest, ""));
            filled.push_str(before);
            let compiled = behind.strip_prefix("${{").and_then(|inside| inside.split_once("}}"));
            let named = behind.strip_prefix("$(").and_then(|inside| inside.split_once(')'));
            if let Some((inside, after)) = compiled {
                let name = inside.trim().strip_prefix("parameters.");
                filled.push_str(&name.and_then(|name| self.parameters.get(name)).cloned().unwrap_or_else(anything));
                rest = after;
            } else if let Some((name, after)) = named.filter(|(name, _)| is_name(name)) {
                filled.push_str(&self.variable(name));
                rest = after;
            } else {
                filled.push('$');
                rest = behind.get(1..).unwrap_or_default();
            }
        }
        filled.push_str(rest);
        filled
    }

    fn variable(&self, name: &str) -> String {
        if matches!(name.to_ascii_lowercase().as_str(), "build.sourcesdirectory" | "system.defaultworkingdirectory") {
            return "$GITHUB_WORKSPACE".to_owned();
        }
        let own = variable_name(name);
        let written = self.environment.written();
        let value = written.iter().flatten().find(|(other, _)| *other == own).map(|(_, value)| *value);
        value.filter(|value| !value.contains('$')).map_or_else(anything, ToOwned::to_owned)
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
}

/// What the environment of a script calls a variable.
pub(super) fn variable_name(name: &str) -> String {
    name.to_ascii_uppercase().replace(['.', ' '], "_")
}

/// The environment with the variables of a part over it.
pub(super) fn variables(value: Option<&Value>, place: &Place) -> Arc<Environment> {
    let Some(value) = value else { return Arc::clone(&place.environment) };
    let mut named: Vec<(String, String)> = Vec::new();
    let mut known = true;
    let plain = |value: &Value| {
        let text = text(value).map(|text| place.fill(&text)).filter(|text| !text.contains(anything().as_str()));
        text.unwrap_or_else(|| "$".to_owned())
    };
    match value {
        Value::Mapping(_) => {
            for (name, value) in entries(Some(value)) {
                known &= !name.contains("${{");
                named.push((variable_name(name), plain(value)));
            }
        }
        other => {
            for one in list(Some(other)) {
                match (text_of(one, "name"), one.get("value")) {
                    (Some(name), Some(value)) => named.push((variable_name(&name), plain(value))),
                    // A group, a template or a condition puts in names that are not here.
                    _ => known = false,
                }
            }
        }
    }
    let own = named.iter().map(|(name, value)| (name.as_str(), value.clone()));
    let environment = Environment::over(&place.environment, own);
    if known { environment } else { Environment::over_unknown(&environment) }
}
