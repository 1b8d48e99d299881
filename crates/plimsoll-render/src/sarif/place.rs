//! Where a result stands: paths in the tree as URI references, never absolute and never outside of it.

use std::fmt::Write as _;

use plimsoll_model::Pointer;

use super::form::{ArtifactLocation, Location, PhysicalLocation, Region};

/// Name of the folder that paths are relative to: the top of the repository.
pub(super) const ROOT: &str = "%SRCROOT%";

/// Code scanning takes no result without a file; this says that there is none.
const NO_FILE: &str = "no-file-associated-with-this-result";

/// Lines that readers of SARIF take: they keep them in 32 bits.
const LAST_LINE: u64 = i32::MAX as u64;

/// Gives the places of `pointers` that are paths in the tree, each once, or the one that says that there is none.
pub(super) fn locations(pointers: &[Pointer]) -> Vec<Location> {
    let mut places: Vec<(String, u64)> = Vec::new();
    for pointer in pointers {
        let Some(uri) = pointer.path.as_deref().and_then(uri) else { continue };
        // Code scanning takes no place without a line; where none is known, the file begins at the first.
        let place = (uri, pointer.line.filter(|line| (1..=LAST_LINE).contains(line)).unwrap_or(1));
        if !places.contains(&place) {
            places.push(place);
        }
    }
    if places.is_empty() {
        return vec![location(NO_FILE.to_owned(), None, 1)];
    }
    places.into_iter().map(|(uri, line)| location(uri, Some(ROOT), line)).collect()
}

fn location(uri: String, base: Option<&'static str>, start_line: u64) -> Location {
    Location {
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation { uri, uri_base_id: base },
            region: Region { start_line },
        },
    }
}

/// Gives a path in the tree as a relative reference, or nothing where it leads out of the tree or is none.
///
/// Everything but letters, digits, `-._~` and `/` is percent-encoded, so that no path reads as a scheme or a host.
///
/// Source: RFC 3986 sections 2.3 and 4.2; SARIF 2.1.0 section 3.4.3.
pub(crate) fn uri(path: &str) -> Option<String> {
    // A drive letter or a backslash is a path of Windows, and a path in a tree has neither.
    let outside = path.is_empty()
        || path.contains('\\')
        || path.get(1..2) == Some(":")
        || path.split('/').any(|part| matches!(part, "" | "." | ".."));
    if outside {
        return None;
    }
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_in_the_tree_are_references() {
        for (path, expected) in [
            ("src/main.rs", "src/main.rs"),
            (".github/workflows/ci.yml", ".github/workflows/ci.yml"),
            ("a b/c#d?e", "a%20b/c%23d%3Fe"),
            ("naïve", "na%C3%AFve"),
            ("100%", "100%25"),
            ("http:x", "http%3Ax"),
            ("..a/b..", "..a/b.."),
        ] {
            assert_eq!(uri(path).as_deref(), Some(expected), "{path}");
        }
    }

    #[test]
    fn what_leads_out_of_the_tree_is_no_place() {
        for path in [
            "",
            "/",
            "/etc/passwd",
            "//host/x",
            "../x",
            "a/../../x",
            ".",
            "a//b",
            "a/",
            "C:/x",
            "c:",
            "a\\b",
            "\\\\h\\x",
        ] {
            assert_eq!(uri(path), None, "{path}");
            let found = locations(&[Pointer::path(path)]);
            assert_eq!(found.len(), 1);
            assert!(found.iter().all(|place| place.physical_location.artifact_location.uri == NO_FILE));
        }
    }

    #[test]
    fn places_stand_once_and_lines_are_lines() {
        let at = |line| Pointer::path("a").at_line(line);
        let found = locations(&[at(0), at(7), at(7), at(u64::MAX), Pointer::commit("1")]);
        let lines: Vec<u64> = found.iter().map(|place| place.physical_location.region.start_line).collect();
        assert_eq!(lines, [1, 7]);
    }
}
