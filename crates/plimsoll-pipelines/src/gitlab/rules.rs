//! Whether rules of a job let changes in.

use yaml_serde::Value;

use super::list;

/// A job without rules runs for every push. With rules it counts where they plainly let changes in; absent where that
/// is not known.
pub(super) fn runs_on_change(
    rules: Option<&Value>,
    only: Option<&Value>,
    except: Option<&Value>,
    child: bool,
) -> Option<bool> {
    const CHANGES: &[&str] = &["branches", "pushes", "merge_requests"];
    // What comes to the main branch is taken already.
    const OTHERS: &[&str] = &[
        "tags",
        "schedules",
        "web",
        "api",
        "triggers",
        "pipelines",
        "chats",
        "external",
        "external_pull_requests",
        "main",
        "master",
        "trunk",
        "develop",
        "dev",
    ];
    if let Some(rules) = rules {
        return rules_let_changes_in(rules, child);
    }
    // What these are about in a pipeline that another starts is not known.
    if child && (only.is_some() || except.is_some()) {
        return None;
    }
    // A table may also ask for variables or paths.
    let named = |value: &Value| match value {
        Value::String(name) => Some(vec![name.clone()]),
        Value::Sequence(names) => names.iter().map(|name| Some(name.as_str()?.to_owned())).collect(),
        Value::Mapping(table) if table.len() == 1 && table.contains_key("refs") => {
            list(table.get("refs")).iter().map(|name| Some(name.as_str()?.to_owned())).collect()
        }
        _ => None,
    };
    let plain = |names: &[String], words: &[&str]| names.iter().any(|name| words.contains(&name.as_str()));
    let lets_in = match only.map(named) {
        None => Some(true),
        Some(Some(names)) if plain(&names, CHANGES) => Some(true),
        Some(Some(names)) if names.iter().all(|name| OTHERS.contains(&name.as_str())) => Some(false),
        Some(_) => None,
    };
    let keeps_out = match except.map(named) {
        Some(Some(names)) if plain(&names, CHANGES) => Some(true),
        Some(Some(names)) if names.iter().any(|name| name.starts_with('/')) => None,
        None | Some(Some(_)) => Some(false),
        Some(None) => None,
    };
    match (lets_in, keeps_out) {
        (Some(false), _) | (_, Some(true)) => Some(false),
        (Some(true), Some(false)) => Some(true),
        _ => None,
    }
}

/// The rules are gone through in order; the first that holds decides. What is about other things than changes is
/// passed over, and what is not understood might keep them out.
pub(super) fn rules_let_changes_in(rules: &Value, child: bool) -> Option<bool> {
    for rule in list(Some(rules)) {
        let rule = rule.as_mapping()?;
        let about = rule.get("if").map(|text| text.as_str().map_or(About::Unknown, |text| about(text, child)));
        let when = rule.get("when").and_then(Value::as_str).unwrap_or("on_success");
        let understood = rule
            .keys()
            .all(|key| matches!(key.as_str(), Some("if" | "when" | "variables" | "interruptible" | "allow_failure")));
        let counts = rule.get("allow_failure").is_none_or(|allow| allow.as_bool() == Some(false))
            && matches!(when, "on_success" | "always");
        match about {
            None | Some(About::Changes) if understood => return Some(counts),
            None | Some(About::Changes | About::Unknown) => return None,
            Some(About::OtherThings) => {}
        }
    }
    Some(false)
}

enum About {
    /// It holds for every merge request, or for every push to the branch of a change.
    Changes,
    /// It holds for no change on its way to the main branch: what is pushed there is taken already.
    OtherThings,
    Unknown,
}

fn about(condition: &str, child: bool) -> About {
    let plain: String = condition.chars().filter(|c| !c.is_whitespace()).collect::<String>().replace('\'', "\"");
    // The source of a pipeline that another starts is that one, and what it has of the change is not all.
    if child {
        return match plain.as_str() {
            "$CI_PIPELINE_SOURCE==\"parent_pipeline\"" => About::Changes,
            other if other.starts_with("$CI_PIPELINE_SOURCE==\"") && !other.contains(['&', '|']) => About::OtherThings,
            _ => About::Unknown,
        };
    }
    match plain.as_str() {
        "$CI_PIPELINE_SOURCE==\"merge_request_event\""
        | "$CI_PIPELINE_SOURCE==\"push\""
        | "$CI_MERGE_REQUEST_IID"
        | "$CI_MERGE_REQUEST_ID"
        | "$CI_COMMIT_BRANCH" => About::Changes,
        "$CI_COMMIT_TAG"
        | "$CI_COMMIT_BRANCH==$CI_DEFAULT_BRANCH"
        | "$CI_COMMIT_REF_NAME==$CI_DEFAULT_BRANCH"
        | "$CI_COMMIT_BRANCH==\"main\""
        | "$CI_COMMIT_BRANCH==\"master\""
        | "$CI_PIPELINE_SOURCE==\"schedule\""
        | "$CI_PIPELINE_SOURCE==\"web\""
        | "$CI_PIPELINE_SOURCE==\"api\""
        | "$CI_PIPELINE_SOURCE==\"trigger\""
        | "$CI_PIPELINE_SOURCE==\"pipeline\""
        // GitLab's own template: a branch with an open merge request has that one's pipeline.
        | "$CI_COMMIT_BRANCH&&$CI_OPEN_MERGE_REQUESTS"
        | "$CI_COMMIT_BRANCH&&$CI_OPEN_MERGE_REQUESTS&&$CI_PIPELINE_SOURCE==\"push\"" => About::OtherThings,
        _ => About::Unknown,
    }
}
