//! Any change of any value in a packed manifest is found, and no text makes the comparison fail.

use std::collections::BTreeSet;

use proptest::prelude::*;
use toml::{Table, Value};

use super::{FILES, MEMBER, PACKED, WORKSPACE, compare};
use crate::cargo::{PackedLock, PackedManifest, unexplained, unexplained_lock};

/// Gives every manifest that differs from `value` in one place, with the place.
fn changed(value: &Value, place: &str) -> Vec<(String, Option<Value>)> {
    // Nothing at all is put in the place as well; the caller leaves it out of what it is in.
    let mut result = vec![(format!("without {place}"), None)];
    let mut replace = |with: Value| result.push((format!("{place} = {with}"), Some(with)));
    match value {
        Value::String(text) => {
            for text in [format!("{text}x"), text.chars().skip(1).collect(), String::new(), "evil".to_owned()] {
                replace(Value::String(text));
            }
            replace(Value::Array(vec![value.clone()]));
        }
        Value::Integer(number) => [number + 1, number - 1].map(Value::Integer).map(replace).into_iter().collect(),
        Value::Boolean(is) => {
            replace(Value::Boolean(!is));
            replace(Value::String(is.to_string()));
        }
        Value::Array(items) => {
            let mut more = items.clone();
            more.push(Value::String("evil".to_owned()));
            replace(Value::Array(more));
            replace(Value::Array(Vec::new()));
            for (index, item) in items.iter().enumerate() {
                for (place, item) in changed(item, &format!("{place}[{index}]")) {
                    let mut items = items.clone();
                    match item {
                        Some(item) => items[index] = item,
                        None => drop(items.remove(index)),
                    }
                    result.push((place, Some(Value::Array(items))));
                }
            }
        }
        Value::Table(table) => {
            for (name, with) in
                [("evil", Value::Table(Table::new())), ("path", "evil".into()), ("version", "evil".into())]
            {
                if !table.contains_key(name) {
                    let mut table = table.clone();
                    table.insert(name.to_owned(), with);
                    replace(Value::Table(table));
                }
            }
            for (key, item) in table {
                for (place, item) in changed(item, &format!("{place}.{key}")) {
                    let mut table = table.clone();
                    match item {
                        Some(item) => drop(table.insert(key.clone(), item)),
                        None => drop(table.remove(key)),
                    }
                    result.push((place, Some(Value::Table(table))));
                }
                let mut renamed = table.clone();
                renamed.remove(key);
                renamed.insert(format!("{key}x"), item.clone());
                result.push((format!("{place}.{key}x for {key}"), Some(Value::Table(renamed))));
            }
        }
        _ => {}
    }
    result
}

#[test]
fn every_change_of_one_value_is_found() {
    let packed = Value::Table(PACKED.parse().unwrap());
    let changes = changed(&packed, "");
    assert!(changes.len() > 300, "{}", changes.len());
    let silent = changes
        .into_iter()
        .filter_map(|(place, value)| Some((place, value?)))
        .filter(|(_, value)| compare(&toml::to_string(value).unwrap(), MEMBER, Some(WORKSPACE), FILES).is_empty());
    let silent: Vec<String> = silent.map(|(place, _)| place).collect();
    // Without `autolib` it is what 1.80 to 1.82 write, and means the same.
    assert_eq!(silent, ["without .package.autolib"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_makes_it_fail(packed in "\\PC{0,200}", original in "\\PC{0,200}", workspace in "\\PC{0,200}") {
        let files = BTreeSet::from([packed.clone()]);
        let _ = unexplained(&PackedManifest { packed: &packed, original: &original, workspace: Some(&workspace), files: &files });
        let _ = unexplained_lock(&PackedLock { packed: &packed, source: Some(&original), name: "a", version: "1" });
    }

    /// Any table in the place of the source's parts: what is wrong there is unexplained and no failure.
    #[test]
    fn no_value_makes_it_fail(cut in 0..MEMBER.len(), with in "[a-z.=\\[\\]{}\"' \n]{0,12}") {
        let files = BTreeSet::from(["src/lib.rs".to_owned()]);
        for text in [MEMBER, WORKSPACE, PACKED] {
            let at = (0..=cut.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let broken = format!("{}{with}{}", &text[..at], &text[at..]);
            for (packed, original, workspace) in [(broken.as_str(), MEMBER, WORKSPACE), (PACKED, &broken, WORKSPACE), (PACKED, MEMBER, &broken)] {
                let _ = unexplained(&PackedManifest { packed, original, workspace: Some(workspace), files: &files });
            }
        }
    }

    /// The same values in every other place: strings, numbers and lists where tables belong.
    #[test]
    fn no_type_makes_it_fail(index in 0..10_000_usize) {
        let files: BTreeSet<String> = FILES.split_whitespace().map(str::to_owned).collect();
        for text in [MEMBER, WORKSPACE] {
            let changes = changed(&Value::Table(text.parse().unwrap()), "");
            let (_, value) = &changes[index % changes.len()];
            let Some(value) = value else { continue };
            let text = toml::to_string(value).unwrap();
            let _ = unexplained(&PackedManifest { packed: PACKED, original: &text, workspace: Some(WORKSPACE), files: &files });
            let _ = unexplained(&PackedManifest { packed: PACKED, original: MEMBER, workspace: Some(&text), files: &files });
        }
    }
}
