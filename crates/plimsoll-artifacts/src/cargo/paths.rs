//! Paths of manifests, resolved as text: nothing on disk is asked.
//!
//! These are not paths of a tree (`plimsoll_model::tree_path`): a backslash or a colon is a letter of a name, as it is to
//! cargo, and nothing is opened by what comes out, which is compared with the names in a package.

/// Gives the path without `.` and `..`, or nothing where it leaves the folder that it starts in.
pub(super) fn inside(path: &str) -> Option<String> {
    if path.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// Gives the last part of a path.
pub(super) fn file_name(path: &str) -> Option<&str> {
    path.rsplit('/').find(|part| !part.is_empty() && *part != ".").filter(|part| *part != "..")
}

/// Gives where a file lies in the package: its path, or its bare name where it lies outside of the package's folder, from
/// where cargo copies it to the top.
pub(super) fn packed_at(path: &str) -> Option<String> {
    inside(path).or_else(|| file_name(path).map(str::to_owned))
}
