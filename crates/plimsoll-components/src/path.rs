//! Paths of the tree as text: joined and normalised without asking a file system.

pub(crate) use plimsoll_model::join_path as join;

/// Is this a path that can be made below a folder of ours and stay there?
pub(crate) fn is_clean(path: &str) -> bool {
    path.len() <= 4096
        && !path.contains(['\\', '\0', ':'])
        && path.split('/').all(|part| !part.is_empty() && part != "." && part != ".." && part.len() <= 255)
}

/// The folder of a path: `""` for a file at the root.
pub(crate) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last part of a path.
pub(crate) fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// The path of `name` in `folder`.
pub(crate) fn within(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// Is `path` the folder itself or below it?
pub(crate) fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// The part of `path` below `folder`; `None` where it is not below.
pub(crate) fn relative<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    if folder.is_empty() {
        return Some(path);
    }
    if path == folder {
        return Some("");
    }
    path.strip_prefix(folder)?.strip_prefix('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_clean_paths_are_made() {
        assert!(is_clean("a/b/Cargo.toml"));
        for path in ["", "/a", "a//b", "../a", "a/../b", "a/./b", "a\\b", "c:/a", "a\0"] {
            assert!(!is_clean(path), "{path:?}");
        }
        assert!(!is_clean(&"a/".repeat(3000)));
    }

    #[test]
    fn below_goes_by_whole_parts() {
        assert!(is_below("a/b", "a"));
        assert!(!is_below("ab", "a"));
        assert_eq!(relative("a/b/c", "a"), Some("b/c"));
        assert_eq!(relative("ab", "a"), None);
    }
}
