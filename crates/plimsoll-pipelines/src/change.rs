//! Which revision a step checks out: the change that is asked about, or another.
//!
//! Source: GitHub, "Contexts reference", `github` and its `event`; actions/checkout, inputs `ref` and `repository`.

use super::expressions::{self, Expression, Known};

/// Paths of contexts that give the change itself, or nothing, for which the change is taken.
const CHANGE: &[&str] = &[
    "github.sha",
    "github.ref",
    "github.head_ref",
    "github.event.pull_request.head.sha",
    "github.event.pull_request.head.ref",
];
const NUMBERS: &[&str] = &["github.event.number", "github.event.pull_request.number"];

/// Is this `ref` the change for every event that brings one?
pub(super) fn is_change(text: &str) -> bool {
    if let Some(inside) = text
        .strip_prefix("refs/pull/")
        .and_then(|rest| rest.strip_suffix("/merge").or_else(|| rest.strip_suffix("/head")))
    {
        return path(inside).is_some_and(|path| NUMBERS.contains(&path.as_str()));
    }
    match whole(text) {
        Some(Expression::Or(parts)) => parts.iter().enumerate().all(|(at, part)| match part {
            Expression::Literal(Known::Text(text)) => text.is_empty(),
            Expression::Path(path) => {
                let path = path.join(".");
                // Behind the branch of a pull request it is the one that is pushed to.
                CHANGE.contains(&path.as_str()) || at > 0 && path == "github.ref_name"
            }
            _ => false,
        }),
        Some(Expression::Path(path)) => CHANGE.contains(&path.join(".").as_str()),
        _ => false,
    }
}

/// Is this `repository` the one that the workflow runs for?
pub(super) fn is_repository(text: &str) -> bool {
    path(text).is_some_and(|path| path == "github.repository")
}

/// Is it the one that a change comes from?
pub(super) fn is_fork(text: &str) -> bool {
    path(text).is_some_and(|path| path == "github.event.pull_request.head.repo.full_name")
}

/// A text that is one expression.
fn whole(text: &str) -> Option<Expression> {
    let inside = text.trim().strip_prefix("${{")?.strip_suffix("}}")?;
    if inside.contains("${{") { None } else { expressions::parse(inside) }
}

fn path(text: &str) -> Option<String> {
    match whole(text)? {
        Expression::Path(path) => Some(path.join(".")),
        _ => None,
    }
}

/// Is it the server that runs the workflow?
pub(super) fn is_server(text: &str) -> bool {
    let text = text.trim().trim_end_matches('/');
    let inside = text.strip_prefix("${{").and_then(|rest| rest.strip_suffix("}}")).map(str::trim);
    text == "https://github.com" || inside == Some("github.server_url")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_known_names_of_the_change_are_the_change() {
        for text in [
            "${{ github.sha }}",
            "${{github.event.pull_request.head.sha}}",
            "${{ github.event.pull_request.head.sha || github.sha }}",
            "${{ github.head_ref || github.ref_name }}",
            "refs/pull/${{ github.event.number }}/merge",
            "refs/pull/${{ github.event.pull_request.number }}/head",
        ] {
            assert!(is_change(text), "{text}");
        }
        for text in [
            "main",
            "${{ github.base_ref }}",
            "${{ github.event.pull_request.base.sha }}",
            "${{ github.event.repository.default_branch }}",
            "${{ github.event.before }}",
            "${{ github.ref_name }}",
            "${{ github.base_ref || github.sha }}",
            "${{ github.event_name == 'push' && github.sha }}",
            "${{ inputs.ref }}",
            "${{ env.REF }}",
            "${{ github.sha }}~1",
            "${{ github.sha }}${{ github.sha }}",
            "refs/pull/1/merge",
            "refs/heads/${{ github.head_ref }}",
            "refs/pull/${{ inputs.number }}/merge",
        ] {
            assert!(!is_change(text), "{text}");
        }
    }
}
