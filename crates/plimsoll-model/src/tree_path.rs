//! Paths of a tree as text: joined and normalised without asking a file system.
//!
//! There is one such set of rules, so that a path which one reader refuses is refused by all of them.

/// Gives `folder` joined with `relative`, with `.` and `..` worked off, or `None` where that is absolute or
/// leads out of the tree. `folder` is a clean path of the tree (`""` is its root).
///
/// A drive letter, a backslash and a NUL are refused too: on another system they would lead elsewhere.
pub fn join(folder: &str, relative: &str) -> Option<String> {
    if relative.starts_with('/') || relative.contains(['\\', '\0', ':']) {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Is this a path that can be made below a folder of ours and stay there?
pub fn is_clean(path: &str) -> bool {
    path.len() <= 4096
        && !path.contains(['\\', '\0', ':'])
        && path.split('/').all(|part| !part.is_empty() && part != "." && part != ".." && part.len() <= 255)
}

/// The folder of a path: `""` for a file at the root.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last part of a path.
pub fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// The path of `name` in `folder`.
pub fn within(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// Is `path` the folder itself or below it?
pub fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// The part of `path` below `folder`; `None` where it is not below.
pub fn relative<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
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
    fn nothing_leads_out_of_the_tree() {
        for (folder, relative, expected) in [
            ("", "a", Some("a")),
            ("a/b", "../c", Some("a/c")),
            ("a", "./b//c/", Some("a/b/c")),
            ("a", "..", Some("")),
            ("a", "../..", None),
            ("a", "../../outside", None),
            ("", "..", None),
            ("a", "b/../../../c", None),
            ("a", "/etc", None),
            ("a", "C:/x", None),
            ("a", "..\\..\\x", None),
            ("a", "x\0", None),
        ] {
            assert_eq!(join(folder, relative).as_deref(), expected, "{folder} {relative}");
        }
    }

    #[test]
    fn only_clean_paths_are_made() {
        assert!(is_clean("a/b/Cargo.toml"));
        for path in ["", "/a", "a//b", "../a", "a/../b", "a/./b", "a\\b", "c:/a", "a\0"] {
            assert!(!is_clean(path), "{path:?}");
        }
        assert!(!is_clean(&"a/".repeat(3000)));
        for (length, expected) in [(255, true), (256, false)] {
            assert_eq!(is_clean(&format!("a/{}", "x".repeat(length))), expected, "{length}");
        }
        // 20 parts of 200 characters are 4,019; with one more of 76 it is the longest that is taken.
        let long = vec!["y".repeat(200); 20].join("/");
        for (length, expected) in [(76, true), (77, false)] {
            assert_eq!(is_clean(&format!("{long}/{}", "z".repeat(length))), expected, "{length}");
        }
    }

    #[test]
    fn below_goes_by_whole_parts() {
        assert!(is_below("a/b", "a"));
        assert!(!is_below("ab", "a"));
        assert_eq!(relative("a/b/c", "a"), Some("b/c"));
        assert_eq!(relative("ab", "a"), None);
    }
}
