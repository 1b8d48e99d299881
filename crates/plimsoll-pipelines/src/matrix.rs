//! The combinations of a job's matrix, where the file itself says them.

use yaml_serde::{Mapping, Value};

/// Combinations that are told; of a larger matrix nothing is known.
const MOST: usize = 64;

/// The combinations; one empty one where there is no matrix, absent where they are not known.
///
/// Source: GitHub, "Workflow syntax", on `strategy.matrix.include` and `exclude`.
pub(super) fn combinations(job: &Value) -> Option<Vec<Mapping>> {
    let Some(matrix) = job.get("strategy").and_then(|strategy| strategy.get("matrix")) else {
        return Some(vec![Mapping::new()]);
    };
    let matrix = matrix.as_mapping()?;
    let mut all = vec![Mapping::new()];
    for (name, values) in matrix.iter().filter(|(name, _)| !matches!(name.as_str(), Some("include" | "exclude"))) {
        let values = values.as_sequence()?;
        if all.len() * values.len() > MOST {
            return None;
        }
        all = all
            .iter()
            .flat_map(|one| {
                values.iter().map(|value| {
                    let mut one = one.clone();
                    one.insert(name.clone(), value.clone());
                    one
                })
            })
            .collect();
    }
    let listed = |key: &str| match matrix.get(key) {
        None => Some(Vec::new()),
        Some(list) => list.as_sequence()?.iter().map(Value::as_mapping).collect::<Option<Vec<&Mapping>>>(),
    };
    for excluded in listed("exclude")? {
        let mut kept = Vec::new();
        for one in all {
            let alike: Option<Vec<bool>> = excluded.iter().map(|(name, value)| same(one.get(name), value)).collect();
            if !alike?.into_iter().all(|alike| alike) {
                kept.push(one);
            }
        }
        all = kept;
    }
    let product = matrix.keys().any(|name| !matches!(name.as_str(), Some("include" | "exclude")));
    let mut more = Vec::new();
    let originals = if product { all.clone() } else { Vec::new() };
    for included in listed("include")? {
        if more.len() + all.len() > MOST {
            return None;
        }
        let mut joined = false;
        for (one, original) in all.iter_mut().zip(&originals) {
            // It is laid over a combination whose own values it leaves as they are.
            if included.iter().all(|(name, value)| original.get(name).is_none_or(|own| own == value)) {
                one.extend(included.iter().map(|(name, value)| (name.clone(), value.clone())));
                joined = true;
            }
        }
        if !joined {
            more.push(included.clone());
        }
    }
    if !product && !more.is_empty() {
        all.clear();
    }
    all.extend(more);
    Some(all)
}

/// Is a combination's value the one that is excluded? A part of a table, or the same text of another type, is not
/// known.
fn same(own: Option<&Value>, excluded: &Value) -> Option<bool> {
    let Some(own) = own else { return Some(false) };
    if own == excluded {
        return Some(true);
    }
    let plain = |value: &Value| match value {
        Value::Null => Some(String::new()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(value) => Some(value.to_string()),
        Value::String(text) if !text.contains("${{") => Some(text.clone()),
        _ => None,
    };
    let (own, excluded) = (plain(own)?, plain(excluded)?);
    (!own.eq_ignore_ascii_case(&excluded)).then_some(false)
}

/// What `matrix.a.b` may be, gathered from every place of the matrix that can give it; absent where one of them is
/// not written down.
pub(super) fn values<'a>(matrix: &'a Value, names: &[String]) -> Option<Vec<&'a Value>> {
    let (first, rest) = names.split_first()?;
    let matrix = matrix.as_mapping()?;
    let named = |table: &'a Mapping| {
        table
            .iter()
            .find(|(key, _)| key.as_str().is_some_and(|key| key.eq_ignore_ascii_case(first)))
            .map(|(_, value)| value)
    };
    let mut found = Vec::new();
    if let Some(dimension) = named(matrix) {
        found.extend(dimension.as_sequence()?.iter());
    }
    match matrix.get("include") {
        None => {}
        Some(list) => {
            for one in list.as_sequence()? {
                found.extend(named(one.as_mapping()?));
            }
        }
    }
    for name in rest {
        found = found
            .into_iter()
            .filter_map(|value| match value {
                Value::Mapping(table) => table
                    .iter()
                    .find(|(key, _)| key.as_str().is_some_and(|key| key.eq_ignore_ascii_case(name)))
                    .map(|(_, value)| Some(value)),
                Value::String(_) => Some(None),
                _ => None,
            })
            .collect::<Option<Vec<_>>>()?;
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(matrix: &str, expected: &str) {
        let job: Value = yaml_serde::from_str(&format!("strategy:\n  matrix: {matrix}\n")).unwrap();
        let told = combinations(&job).map(|all| serde_json::to_string(&all).unwrap().replace('"', ""));
        assert_eq!(told.unwrap_or_default(), expected, "{matrix}");
    }

    #[test]
    fn a_matrix_is_multiplied_out() {
        check("{a: [1, 2], b: [x, y]}", "[{a:1,b:x},{a:1,b:y},{a:2,b:x},{a:2,b:y}]");
        check("{a: [1, 2], exclude: [{a: 1}]}", "[{a:2}]");
        check("{a: [1, 2], include: [{a: 1, b: x}, {a: 3}, {c: z}]}", "[{a:1,b:x,c:z},{a:2,c:z},{a:3}]");
        check("{include: [{a: 1}, {a: 2}]}", "[{a:1},{a:2}]");
        check("{a: [{os: x}]}", "[{a:{os:x}}]");
        check("{a: [{os: x, n: 1}, {os: y}], exclude: [{a: {os: y}}]}", "");
        check("{a: [1, 2], exclude: [{a: '1'}]}", "");
        check("{a: [1, 2], exclude: [{a: 3}, {b: 1}]}", "[{a:1},{a:2}]");
        check("{a: [{os: x}], exclude: [{a: {os: x}}]}", "[]");
        for unknown in
            ["${{ fromJSON(x) }}", "{a: '${{ x }}'}", "{a: [1], include: '${{ x }}'}", "{a: [1], exclude: [1]}"]
        {
            check(unknown, "");
        }
        let many = format!("{{a: {0}, b: {0}, c: {0}}}", "[1, 2, 3, 4, 5, 6, 7, 8, 9]");
        check(&many, "");
        assert_eq!(combinations(&Value::Null), Some(vec![Mapping::new()]));
    }

    #[test]
    fn what_a_name_of_the_matrix_may_be_is_gathered() {
        let check = |matrix: &str, name: &str, expected: &str| {
            let matrix: Value = yaml_serde::from_str(matrix).unwrap();
            let names: Vec<String> = name.split('.').map(ToOwned::to_owned).collect();
            let found = values(&matrix, &names).map(|all| serde_json::to_string(&all).unwrap().replace('"', ""));
            assert_eq!(found.unwrap_or_default(), expected, "{name}");
        };
        check("{os: [a, b], include: [{os: c}, {x: d}]}", "os", "[a,b,c]");
        check("{OS: [a]}", "os", "[a]");
        check("{on: [{os: a}, {os: b}, {n: 1}]}", "on.os", "[a,b]");
        check("{on: [a]}", "none", "[]");
        check("{on: ['${{ x }}']}", "on.os", "");
        check("{on: '${{ x }}'}", "on", "");
        check("{on: [a], include: '${{ x }}'}", "on", "");
        check("'${{ x }}'", "on", "");
    }
}
