//! Filters that let nothing in, whatever is pushed.
//!
//! Source: GitHub, "Workflow syntax", on the character `!`: a filter with it needs a pattern without it as well.

use yaml_serde::Value;

use super::texts;

/// Does an event with these filters never come about?
pub(in super::super) fn is_never(event: &str, body: Option<&Value>) -> bool {
    let Some(body) = body.and_then(Value::as_mapping) else { return false };
    let has = |key: &str| body.contains_key(key);
    let none = |only: &str, ignored: &str| {
        body.get(only).is_some_and(|patterns| texts(patterns).is_some_and(|all| takes_none(&all)))
            || body.get(ignored).is_some_and(|patterns| texts(patterns).is_some_and(|all| takes_all(&all)))
    };
    let branches = none("branches", "branches-ignore");
    let paths = none("paths", "paths-ignore");
    match event {
        "push" => {
            let of_branches = has("branches") || has("branches-ignore");
            let of_tags = has("tags") || has("tags-ignore");
            // Where only the one sort is named, the other starts nothing. Paths are not asked for tags.
            let by_branch = (of_branches || !of_tags) && !branches && !paths;
            let by_tag = (of_tags || !of_branches) && !none("tags", "tags-ignore");
            !by_branch && !by_tag
        }
        "pull_request" | "pull_request_target" => branches || paths,
        "merge_group" | "workflow_run" => branches,
        _ => false,
    }
}

/// Is each pattern that takes something in undone by a later one?
fn takes_none(patterns: &[&str]) -> bool {
    !patterns.is_empty()
        && patterns.iter().enumerate().all(|(at, pattern)| {
            let mut later = patterns.iter().skip(at + 1).filter_map(|later| later.strip_prefix('!'));
            pattern.starts_with('!') || later.any(|later| later == *pattern || is_all(later))
        })
}

/// Is everything taken in, and nothing let go behind it?
fn takes_all(patterns: &[&str]) -> bool {
    let last = patterns.iter().rposition(|pattern| is_all(pattern));
    last.is_some_and(|last| !patterns.iter().skip(last).any(|pattern| pattern.starts_with('!')))
}

fn is_all(pattern: &str) -> bool {
    matches!(pattern, "**" | "**/*" | "**/**" | "***")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_that_lets_nothing_in_is_never() {
        for (event, body, expected) in [
            ("push", "tags: ['!**']", true),
            ("push", "tags: ['!v*', '!w*']", true),
            ("push", "tags: ['v*', '!v*']", true),
            ("push", "tags: ['v*', '!**']", true),
            ("push", "tags-ignore: ['**']", true),
            ("push", "tags: '!v*'", true),
            ("push", "branches: ['!**']", true),
            ("push", "branches: ['!main']", true),
            ("push", "branches-ignore: ['**']", true),
            ("push", "branches: ['!main']\ntags: ['!v*']", true),
            ("push", "branches: [main]\npaths: ['!docs/**']", true),
            ("push", "branches: [main]\npaths-ignore: ['**']", true),
            ("pull_request", "paths: ['!docs/**']", true),
            ("pull_request", "branches: ['!x']", true),
            ("pull_request_target", "branches: ['!x']", true),
            ("workflow_run", "workflows: [a]\nbranches: ['!x']", true),
            // From here on something may start it.
            ("push", "~", false),
            ("push", "tags: ['v*']", false),
            ("push", "tags: ['v*', '!v*-rc']", false),
            ("push", "tags: ['!v1', 'v*']", false),
            ("push", "tags: ['!**', '**']", false),
            ("push", "tags-ignore: ['**', '!v*']", false),
            ("push", "tags-ignore: ['v*']", false),
            ("push", "branches: ['!main']\ntags: ['v*']", false),
            ("push", "branches: [main]\ntags: ['!v*']", false),
            // Any tag still starts it.
            ("push", "paths: ['!docs/**']", false),
            ("push", "tags: ['v*']\npaths: ['!docs/**']", false),
            ("push", "branches: []", false),
            ("push", "branches: {a: b}", false),
            ("pull_request", "paths: ['src/**', '!src/a']", false),
            ("release", "types: [published]", false),
        ] {
            assert_eq!(is_never(event, Some(&yaml_serde::from_str(body).unwrap())), expected, "{event} {body}");
        }
        assert!(!is_never("push", None));
    }
}
