//! Paths of a tree as text: joined and normalised without asking a file system.

/// Gives `folder` joined with `relative`, with `.` and `..` worked off, or `None` where that is absolute or
/// leads out of the tree. `folder` is a clean path of the tree (`""` is its root).
///
/// A drive letter, a backslash and a NUL are refused too: on another system they would lead elsewhere.
pub fn join_path(folder: &str, relative: &str) -> Option<String> {
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
            assert_eq!(join_path(folder, relative).as_deref(), expected, "{folder} {relative}");
        }
    }
}
