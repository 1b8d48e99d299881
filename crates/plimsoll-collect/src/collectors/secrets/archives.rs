//! Packed files, of which nothing is seen from outside: what is in them is a gap where they may ship.

/// How packed files and stores of keys begin.
const STARTS: &[&[u8]] = &[
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b"\xfd7zXZ\0",
    b"BZh",
    b"\x28\xb5\x2f\xfd",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    // Stores of Java in which no key comes first, and those of its second format.
    b"\xfe\xed\xfe\xed",
    b"\xce\xce\xce\xce",
];
/// Documents and fonts are packed as well, and carry no code; Gradle's wrapper is the same in every project.
const LEFT_OUT: &[&str] = &[
    ".docx",
    ".xlsx",
    ".pptx",
    ".odt",
    ".ods",
    ".odp",
    ".odg",
    ".epub",
    ".svgz",
    ".fcstd",
    ".kra",
    ".sketch",
    ".fig",
    "gradle/wrapper/gradle-wrapper.jar",
];

/// Is this a packed file whose contents may be of the product?
pub(super) fn is_packed(bytes: &[u8], path: &str) -> bool {
    STARTS.iter().any(|start| bytes.starts_with(start)) && !is_left_out(path)
}

/// Does the name say that it is none of these?
pub(super) fn is_left_out(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    LEFT_OUT.iter().any(|end| path.ends_with(end))
}

/// Says which packed files were not looked into.
pub(super) fn gap(paths: &[&str]) -> Option<String> {
    let (first, more) = paths.split_first()?;
    let first = plimsoll_model::one_line(first);
    Some(match more.len() {
        0 => format!("the packed file {first} was not looked into"),
        more => format!("{} packed files were not looked into ({first} among them)", more + 1),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_files_are_known_by_their_first_bytes() {
        for (bytes, path, expected) in [
            (&b"PK\x03\x04abc"[..], "share/a.zip", true),
            (b"PK\x03\x04abc", "libs/a.jar", true),
            (b"\x1f\x8b\x08\0", "data/a", true),
            (b"\xfe\xed\xfe\xed\0\0\0\x02\0\0\0\x01\0\0\0\x02", "a.jks", true),
            (b"PK\x03\x04abc", "android/gradle/wrapper/gradle-wrapper.jar", false),
            (b"PK\x03\x04abc", "manual/A.DOCX", false),
            (b"PKG = 1", "a.zip", false),
            (b"", "a.zip", false),
            (b"a\x1f\x8b\x08", "a.gz", false),
        ] {
            assert_eq!(is_packed(bytes, path), expected, "{path}");
        }
        assert_eq!(gap(&[]), None);
        assert_eq!(gap(&["a.zip"]).as_deref(), Some("the packed file a.zip was not looked into"));
        assert_eq!(gap(&["a.zip", "b"]).as_deref(), Some("2 packed files were not looked into (a.zip among them)"));
    }
}
