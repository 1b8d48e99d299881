//! `SHA256SUMS`, as `sha256sum` of GNU coreutils writes and checks it.

use std::collections::BTreeMap;

use plimsoll_model::{is_hex, one_line};

/// The digest in hexadecimal of each name.
pub(super) type Sums = BTreeMap<String, String>;

/// Reads the lines; each is a digest, a space, a space or `*`, and a name, with `\` before it where the name is escaped.
///
/// Refused, with the line's number: other forms, a name that appears twice with two digests, a name in another folder.
///
/// Source: GNU coreutils manual, "md5sum invocation" (the form and its escapes).
pub(super) fn read(text: &str) -> Result<Sums, String> {
    let mut sums = Sums::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty()) {
        let wrong = |reason: &str| format!("line {}: {reason}", number + 1);
        let (line, escaped) = line.strip_prefix('\\').map_or((line, false), |rest| (rest, true));
        let parts = line.split_at_checked(64).and_then(|(digest, rest)| {
            let name = rest.strip_prefix("  ").or_else(|| rest.strip_prefix(" *"))?;
            Some((digest.to_ascii_lowercase(), name))
        });
        let Some((digest, name)) = parts.filter(|(digest, _)| is_hex(digest, 64)) else {
            return Err(wrong("is not of the form that sha256sum writes: digest, two spaces, name"));
        };
        let name =
            if escaped { unescape(name).ok_or_else(|| wrong("has an unknown escape"))? } else { name.to_owned() };
        let name = name.strip_prefix("./").unwrap_or(&name).to_owned();
        if name.is_empty() || name.contains(['/', '\0']) || matches!(name.as_str(), "." | "..") {
            let reason = format!("{:?} is not a file of this folder; make the list inside of it", one_line(&name));
            return Err(wrong(&reason));
        }
        if sums.insert(name.clone(), digest.clone()).is_some_and(|before| before != digest) {
            return Err(wrong(&format!("{:?} has another digest than in a line before", one_line(&name))));
        }
    }
    Ok(sums)
}

/// Writes the lines, sorted by name.
pub(super) fn write(sums: &Sums) -> String {
    sums.iter().fold(String::new(), |mut text, (name, digest)| {
        let escaped = name.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
        let mark = if escaped == *name { "" } else { "\\" };
        text.push_str(&format!("{mark}{digest}  {escaped}\n"));
        text
    })
}

fn unescape(name: &str) -> Option<String> {
    let mut text = String::new();
    let mut characters = name.chars();
    while let Some(character) = characters.next() {
        text.push(match character {
            '\\' => match characters.next()? {
                '\\' => '\\',
                'n' => '\n',
                'r' => '\r',
                _ => return None,
            },
            other => other,
        });
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_that_sha256sum_would_not_write_are_refused() {
        let digest = "a".repeat(64);
        let other = "b".repeat(64);
        for text in [
            "x".to_owned(),
            digest.clone(),
            format!("{digest} a"),
            format!("{digest}  "),
            format!("{digest}  ../a"),
            format!("{digest}  folder/a"),
            format!("{digest}  /a"),
            format!("{digest}  .."),
            format!("{digest}a  a"),
            format!("\\{digest}  a\\x"),
            format!("\\{digest}  a\\"),
            format!("SHA256 (a) = {digest}"),
            format!("# {digest}  a"),
            format!("{digest}  a\n{other}  a"),
            format!("é{}  a", &digest[2..]),
        ] {
            assert!(read(&text).is_err(), "{text}");
        }
        assert!(read(&format!("{digest}  b\n\n{other}  a")).unwrap_err_or_names() == ["a", "b"]);
        assert_eq!(read(&format!("{digest} *a")).unwrap()["a"], digest);
        assert_eq!(read(&format!("{}  ./a", digest.to_uppercase())).unwrap()["a"], digest);
    }

    trait Names {
        fn unwrap_err_or_names(self) -> Vec<String>;
    }

    impl Names for Result<Sums, String> {
        fn unwrap_err_or_names(self) -> Vec<String> {
            self.unwrap().into_keys().collect()
        }
    }

    proptest! {
        #[test]
        fn reading_what_was_written_gives_the_same(names in prop::collection::btree_map("[^/\\x00]{1,12}", "[0-9a-f]{64}", 0..6)) {
            let names: Sums = names.into_iter().filter(|(name, _)| name != "." && name != "..").collect();
            prop_assert_eq!(read(&write(&names)).unwrap(), names);
        }

        #[test]
        fn no_text_breaks_the_reader(text in "\\PC{0,80}|\\\\?[0-9a-f]{64} [ *]\\PC{0,10}") {
            if let Ok(sums) = read(&text) {
                prop_assert_eq!(read(&write(&sums)).unwrap(), sums);
            }
        }
    }
}
