//! On whose machine a job runs, as far as its labels show it.

use yaml_serde::Value;

use super::{
    expressions::{self, Expression, Known},
    matrix,
};

/// A text may come out as so many.
const MOST_CHOICES: usize = 64;

/// A machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Runner {
    /// A fresh one of the forge.
    Hosted,
    /// One of the project's own.
    SelfHosted,
    /// A label, a group or an expression that shows neither.
    Unknown,
}

impl Runner {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Hosted => "hosted",
            Self::SelfHosted => "self-hosted",
            Self::Unknown => "unknown",
        }
    }
}

/// Names of systems that GitHub's own images begin with, and what may stand behind their version.
///
/// Source: GitHub, "GitHub-hosted runners reference", standard and larger macOS runners. Larger Linux and Windows
/// runners have names that their owner chooses, and such a name may as well be a label of an own machine.
const SYSTEMS: &[&str] = &["ubuntu", "windows", "macos"];
const VARIANTS: &[&str] = &["arm", "intel", "large", "xlarge", "vs2026"];

/// By `runs-on`. `given` knows contexts other than `matrix`.
pub(super) fn of(runs_on: &Value, matrix: Option<&Value>, given: &dyn Fn(&[String]) -> Known) -> Runner {
    match runs_on {
        Value::Mapping(table) => match table.get("labels") {
            // Which machines are in a group is kept at the forge.
            Some(labels) if of(labels, matrix, given) == Runner::SelfHosted => Runner::SelfHosted,
            Some(labels) if !table.contains_key("group") => of(labels, matrix, given),
            _ => Runner::Unknown,
        },
        Value::Sequence(labels) => {
            let all: Vec<Runner> = labels.iter().map(|label| of(label, matrix, given)).collect();
            if all.contains(&Runner::SelfHosted) {
                Runner::SelfHosted
            } else if !all.is_empty() && all.iter().all(|one| *one == Runner::Hosted) {
                Runner::Hosted
            } else {
                Runner::Unknown
            }
        }
        Value::String(text) => of_text(text, matrix, given),
        _ => Runner::Unknown,
    }
}

fn of_text(text: &str, matrix: Option<&Value>, given: &dyn Fn(&[String]) -> Known) -> Runner {
    let any_of = |runners: Vec<Runner>| match runners.as_slice() {
        all if all.contains(&Runner::SelfHosted) => Runner::SelfHosted,
        all if !all.is_empty() && all.iter().all(|one| *one == Runner::Hosted) => Runner::Hosted,
        _ => Runner::Unknown,
    };
    match whole(text) {
        Some(Expression::Path(path)) if path.first().is_some_and(|first| first == "matrix") => {
            let values = matrix.zip(path.get(1..)).and_then(|(matrix, names)| matrix::values(matrix, names));
            // Values that hold expressions are not resolved further.
            let plain = |value: &Value| match value {
                Value::String(text) if text.contains("${{") => Runner::Unknown,
                other => of(other, None, given),
            };
            return values.map_or(Runner::Unknown, |values| any_of(values.into_iter().map(plain).collect()));
        }
        Some(Expression::Call(name, arguments)) if name == "fromjson" => {
            let texts = match arguments.as_slice() {
                [one] => one.choices(given),
                _ => None,
            };
            let read = |text: &String| match serde_json::from_str::<serde_json::Value>(text) {
                Ok(value) => yaml_serde::to_value(value).map_or(Runner::Unknown, |value| of(&value, None, given)),
                Err(_) => Runner::Unknown,
            };
            return texts.map_or(Runner::Unknown, |texts| any_of(texts.iter().map(read).collect()));
        }
        _ => {}
    }
    texts(text, matrix, given)
        .map_or(Runner::Unknown, |texts| any_of(texts.iter().map(|text| of_label(text)).collect()))
}

fn of_label(label: &str) -> Runner {
    let label = label.trim().to_ascii_lowercase();
    if label == "self-hosted" {
        return Runner::SelfHosted;
    }
    let mut parts = label.split('-');
    let version = |part: &str| part == "latest" || (!part.is_empty() && part.split('.').all(is_number));
    let known = parts.next().is_some_and(|system| SYSTEMS.contains(&system))
        && parts.next().is_some_and(version)
        && parts.all(|part| VARIANTS.contains(&part));
    if known || label == "ubuntu-slim" { Runner::Hosted } else { Runner::Unknown }
}

fn is_number(part: &str) -> bool {
    !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit())
}

/// The expression that a text is made of as a whole.
fn whole(text: &str) -> Option<Expression> {
    let inside = text.trim().strip_prefix("${{")?.strip_suffix("}}")?;
    if inside.contains("${{") { None } else { expressions::parse(inside) }
}

/// What a text may come out as, with the values of the matrix and constants put in; absent where that is not known.
pub(super) fn texts(text: &str, matrix: Option<&Value>, given: &dyn Fn(&[String]) -> Known) -> Option<Vec<String>> {
    let mut all = vec![String::new()];
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("${{") {
        let (inside, behind) = behind.split_once("}}")?;
        let expression = expressions::parse(inside)?;
        let choices = match &expression {
            Expression::Path(path) if path.first().is_some_and(|first| first == "matrix") => {
                matrix::values(matrix?, path.get(1..)?)?.into_iter().map(plain).collect::<Option<Vec<_>>>()?
            }
            other => other.choices(given)?,
        };
        if all.len() * choices.len() > MOST_CHOICES {
            return None;
        }
        all =
            all.iter().flat_map(|start| choices.iter().map(move |choice| format!("{start}{before}{choice}"))).collect();
        rest = behind;
    }
    for one in &mut all {
        one.push_str(rest);
    }
    Some(all)
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(value) => Some(value.to_string()),
        Value::String(text) if !text.contains("${{") => Some(text.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_forge_names_is_hosted() {
        let given = |path: &[String]| match path.join(".").as_str() {
            "github.event_name" => Known::Text("push".to_owned()),
            _ => Known::Unknown,
        };
        for (runs_on, matrix, expected) in [
            ("ubuntu-latest", "", Runner::Hosted),
            ("Ubuntu-24.04", "", Runner::Hosted),
            ("ubuntu-24.04-arm", "", Runner::Hosted),
            ("ubuntu-slim", "", Runner::Hosted),
            ("windows-2025", "", Runner::Hosted),
            ("windows-11-arm", "", Runner::Hosted),
            ("macos-15-intel", "", Runner::Hosted),
            ("macos-latest-xlarge", "", Runner::Hosted),
            ("[ubuntu-latest]", "", Runner::Hosted),
            ("{labels: ubuntu-latest}", "", Runner::Hosted),
            ("'${{ ''ubuntu-latest'' }}'", "", Runner::Hosted),
            ("ubuntu-${{ '22.04' }}", "", Runner::Hosted),
            ("${{ matrix.os }}", "{os: [ubuntu-latest, macos-14]}", Runner::Hosted),
            ("${{ matrix.on.os }}", "{on: [{os: ubuntu-latest}]}", Runner::Hosted),
            ("ubuntu-${{ matrix.v }}", "{v: ['22.04', '24.04']}", Runner::Hosted),
            ("'${{ github.event_name == ''push'' && ''ubuntu-latest'' || ''mine'' }}'", "", Runner::Hosted),
            ("'${{ fromJSON(''[\"ubuntu-latest\"]'') }}'", "", Runner::Hosted),
            ("self-hosted", "", Runner::SelfHosted),
            ("Self-Hosted", "", Runner::SelfHosted),
            ("[Linux, SELF-HOSTED]", "", Runner::SelfHosted),
            ("[self-hosted, '${{ matrix.x }}']", "", Runner::SelfHosted),
            ("{group: own, labels: self-hosted}", "", Runner::SelfHosted),
            ("'${{ ''self-hosted'' }}'", "", Runner::SelfHosted),
            ("'${{ vars.X && ''self-hosted'' || ''ubuntu-latest'' }}'", "", Runner::SelfHosted),
            ("'${{ fromJSON(''[\"self-hosted\", \"x\"]'') }}'", "", Runner::SelfHosted),
            ("${{ matrix.os }}", "{os: [ubuntu-latest, self-hosted]}", Runner::SelfHosted),
            ("${{ matrix.os }}", "{os: [[self-hosted, x]]}", Runner::SelfHosted),
            ("${{ matrix.os }}", "{os: [ubuntu-latest], include: [{os: self-hosted}]}", Runner::SelfHosted),
            ("my-box", "", Runner::Unknown),
            ("ubuntu-in-my-cellar", "", Runner::Unknown),
            ("ubuntu-latest-16-cores", "", Runner::Unknown),
            ("ubuntu-", "", Runner::Unknown),
            ("ubuntu", "", Runner::Unknown),
            ("[ubuntu-latest, mine]", "", Runner::Unknown),
            ("[]", "", Runner::Unknown),
            ("{group: ubuntu-latest}", "", Runner::Unknown),
            ("{group: own, labels: ubuntu-latest}", "", Runner::Unknown),
            ("${{ matrix.os }}", "{os: [ubuntu-latest, mine]}", Runner::Unknown),
            ("${{ matrix.os }}", "{os: ['${{ vars.X }}']}", Runner::Unknown),
            ("${{ matrix.os }}", "{x: [ubuntu-latest]}", Runner::Unknown),
            ("${{ matrix.os }}", "", Runner::Unknown),
            ("${{ vars.RUNNER }}", "", Runner::Unknown),
            ("'${{ vars.RUNNER || ''ubuntu-latest'' }}'", "", Runner::Unknown),
            ("${{ inputs.os }}", "", Runner::Unknown),
            ("${{ fromJSON(vars.X) }}", "", Runner::Unknown),
            ("~", "", Runner::Unknown),
        ] {
            let runs_on_value: Value = yaml_serde::from_str(runs_on).unwrap();
            let matrix_value: Option<Value> = (!matrix.is_empty()).then(|| yaml_serde::from_str(matrix).unwrap());
            assert_eq!(of(&runs_on_value, matrix_value.as_ref(), &given), expected, "{runs_on} {matrix}");
        }
    }
}
