//! Whether an action that makes a document about a release makes one: kept, and about what is released.

use crate::{shell::words, tree, tree::Tree};

/// What is doubtful about it.
pub(in super::super) enum Doubt {
    /// It makes none.
    Nothing,
    NotKnown(String),
}

pub(in super::super) fn doubt(tree: &dyn Tree, name: &str, with: &[(String, String)]) -> Option<Doubt> {
    let input = |name: &str| {
        let found = with.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    };
    let is = |name: &str, expected: &str| input(name).is_some_and(|value| value.eq_ignore_ascii_case(expected));
    // An expression in place of all inputs may give any.
    if with.iter().any(|(key, _)| key.is_empty()) {
        return Some(Doubt::NotKnown(format!("what {name} is given is not known")));
    }
    match name {
        "docker/build-push-action" | "docker/bake-action" => {
            let pushed = input("push").is_some_and(|push| !push.eq_ignore_ascii_case("false"))
                || ["outputs", "set"].iter().any(|name| {
                    input(name).is_some_and(|text| {
                        text.contains("type=registry") || text.contains("push=true") || text.contains(words::ANYTHING)
                    })
                });
            (!pushed).then_some(Doubt::Nothing)
        }
        "anchore/sbom-action" => {
            let kept = !is("upload-artifact", "false")
                || is("dependency-snapshot", "true")
                || input("output-file").is_some_and(|path| path != "/dev/null");
            if !kept {
                return Some(Doubt::Nothing);
            }
            if input("image").is_some() {
                return Some(Doubt::NotKnown(format!("{name} looks at an image, which may not be what is released")));
            }
            let place = input("path").or_else(|| input("file"))?;
            let part = of_tree(tree, place).is_some_and(|path| !path.is_empty());
            part.then(|| Doubt::NotKnown(format!("{name} looks at a part of the source")))
        }
        name if name.starts_with("actions/attest") => {
            let subject = input("subject-path");
            if subject.is_none()
                && ["subject-name", "subject-digest", "subject-checksums"].iter().all(|one| input(one).is_none())
            {
                return Some(Doubt::NotKnown(format!("{name} is given nothing to attest to")));
            }
            let mut paths = subject?.split(['\n', ',']).map(str::trim).filter(|path| !path.is_empty()).peekable();
            paths.peek()?;
            paths
                .all(|path| of_tree(tree, path).is_some())
                .then(|| Doubt::NotKnown(format!("{name} attests to files of the source, and to no release")))
        }
        _ => None,
    }
}

/// The path, where it is one of the tree.
fn of_tree(tree: &dyn Tree, path: &str) -> Option<String> {
    tree::join("", path).filter(|path| tree.has(path))
}
