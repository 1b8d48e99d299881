//! Other files that a pipeline takes in: of the tree, by a pattern, or of others.
//!
//! Source: GitLab, "CI/CD YAML syntax reference": `include`.

use yaml_serde::Value;

use crate::model::{Lines, Pinned, Used};

/// Bytes of a pattern and of a path that are compared.
const LONGEST: usize = 400;

/// A test of a path.
type Fits<'a> = &'a dyn Fn(&str) -> bool;

/// The files of the tree, as an include names them.
pub(crate) struct Tree<'a> {
    /// The text of a file.
    pub(crate) read: &'a dyn Fn(&str) -> Result<String, String>,
    /// The paths that a test lets through, in order.
    pub(crate) paths: &'a dyn Fn(Fits<'_>) -> Vec<String>,
}

/// Does a path fit a pattern? `*` stays within a folder, and `**` does not.
pub(super) fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, path) = (pattern.as_bytes(), path.as_bytes());
    if pattern.len() > LONGEST || path.len() > LONGEST {
        return false;
    }
    // For each place of the path whether the pattern so far ends there.
    let mut ends = vec![false; path.len() + 1];
    if let Some(first) = ends.first_mut() {
        *first = true;
    }
    let mut at = 0;
    while let Some(byte) = pattern.get(at) {
        let deep = *byte == b'*' && pattern.get(at + 1) == Some(&b'*');
        let mut next = vec![false; path.len() + 1];
        let mut open = false;
        for place in 0..=path.len() {
            let here = ends.get(place) == Some(&true);
            let fits = if *byte == b'*' {
                // What stood open goes on, unless a folder ends.
                let before = place.checked_sub(1).and_then(|before| path.get(before));
                open = here || (open && (deep || before != Some(&b'/')));
                open
            } else {
                place
                    .checked_sub(1)
                    .is_some_and(|before| ends.get(before) == Some(&true) && path.get(before) == Some(byte))
            };
            if let Some(slot) = next.get_mut(place) {
                *slot = fits;
            }
        }
        ends = next;
        at += if deep { 2 } else { 1 };
    }
    ends.last() == Some(&true)
}

/// What is taken in from elsewhere, and how it is pinned.
pub(super) fn used(include: &Value, lines: &mut Lines<'_>) -> Option<Used> {
    let text = |key: &str| include.get(key).and_then(Value::as_str);
    let (name, reference) = if let Some(component) = text("component") {
        (component.to_owned(), component.rsplit_once('@').map(|(_, reference)| reference))
    } else if let Some(project) = text("project") {
        let reference = text("ref");
        (reference.map_or_else(|| project.to_owned(), |reference| format!("{project}@{reference}")), reference)
    } else {
        let remote = text("remote").or_else(|| include.as_str().filter(|path| path.contains("://")))?;
        let pinned = if text("integrity").is_some() { Pinned::Digest } else { Pinned::Unknown };
        return Some(Used { line: lines.find(remote), text: remote.to_owned(), pinned, first_party: false });
    };
    let shown = text("component").or_else(|| text("project")).unwrap_or_default();
    let pinned = match reference {
        // Of the branch that the other project has by default.
        None => Pinned::Branch,
        Some(reference) if reference.contains('$') => Pinned::Unknown,
        Some(reference) => Pinned::of_reference(reference),
    };
    Some(Used { line: lines.find(shown), text: name, pinned, first_party: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_stays_in_its_folder() {
        for (pattern, path, expected) in [
            ("ci/*.yml", "ci/a.yml", true),
            ("ci/*.yml", "ci/a/b.yml", false),
            ("ci/**.yml", "ci/a/b.yml", true),
            ("ci/**/*.yml", "ci/a/b.yml", true),
            ("**/x.yml", "a/b/x.yml", true),
            ("*.yml", "a.yml", true),
            ("*.yml", "a.yaml", false),
            ("a*c", "abbc", true),
            ("a*c", "ab/c", false),
            ("a", "a", true),
            ("a", "ab", false),
            ("", "", true),
            ("*", "", true),
        ] {
            assert_eq!(fits(pattern, path), expected, "{pattern} {path}");
        }
        assert!(!fits(&"*a".repeat(199), &"a".repeat(399)) || fits("*", "x"));
    }

    #[test]
    fn what_is_from_elsewhere_is_pinned_or_not() {
        for (include, expected) in [
            ("{component: gitlab.com/a/b@1.0.0}", Some(Pinned::Tag)),
            ("{component: 'gitlab.com/a/b@~latest'}", Some(Pinned::Branch)),
            ("{component: gitlab.com/a/b@0123456789012345678901234567890123456789}", Some(Pinned::Digest)),
            ("{project: a/b, file: x.yml}", Some(Pinned::Branch)),
            ("{project: a/b, ref: v1, file: x.yml}", Some(Pinned::Tag)),
            ("{project: a/b, ref: $X, file: x.yml}", Some(Pinned::Unknown)),
            ("{remote: 'https://example.org/x.yml'}", Some(Pinned::Unknown)),
            ("{remote: 'https://example.org/x.yml', integrity: sha256-x}", Some(Pinned::Digest)),
            ("'https://example.org/x.yml'", Some(Pinned::Unknown)),
            ("{local: x.yml}", None),
            ("{template: X.gitlab-ci.yml}", None),
        ] {
            let value: Value = yaml_serde::from_str(include).unwrap();
            assert_eq!(used(&value, &mut Lines::new(include)).map(|used| used.pinned), expected, "{include}");
        }
    }
}
