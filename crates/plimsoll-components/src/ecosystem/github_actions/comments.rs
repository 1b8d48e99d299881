//! Comments behind a `uses` that say which release its commit is, as tools that pin actions write them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::outside::is_revision;

/// Bytes of a release.
const LONGEST: usize = 64;

/// An action at a commit, as [`releases`] names it: `owner/repository@commit` in small letters.
pub(super) fn key(name: &str, commit: &str) -> String {
    format!("{name}@{commit}").to_ascii_lowercase()
}

/// Gives the releases that comments of a file name, by the action and the full commit that they are behind.
///
/// Read by line, for a YAML reader has no comments: one line with `uses`, an action at a commit, and a comment that begins with a
/// version. What looks the same in a script says nothing more of that commit than its maker says anyway. A commit with comments that name several releases has none that is known.
pub(super) fn releases(bytes: &[u8]) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in std::str::from_utf8(bytes).unwrap_or_default().lines() {
        if let Some((action, release)) = of_line(line) {
            found.entry(action).or_default().insert(release.to_owned());
        }
    }
    found
}

fn of_line(line: &str) -> Option<(String, &str)> {
    let line = line.trim();
    let line = line.strip_prefix("- ").map_or(line, str::trim_start);
    let (name, value) = line.split_once(':')?;
    if !matches!(name.trim_end(), "uses" | "\"uses\"" | "'uses'") || !value.starts_with([' ', '\t']) {
        return None;
    }
    let (value, comment) = value.split_once('#')?;
    if !value.ends_with([' ', '\t']) {
        return None;
    }
    let value = value.trim();
    let bare = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote)).unwrap_or(value);
    let (path, commit) = bare.split_once('@')?;
    let mut parts = path.split('/');
    let (owner, repository) = (parts.next()?, parts.next()?);
    if !is_revision(commit) {
        return None;
    }
    Some((key(&format!("{owner}/{repository}"), commit), release(comment)?))
}

/// The version that a comment begins with: `v4.2.0`, `tag=v4.2.0`, `pin@v4`.
fn release(comment: &str) -> Option<&str> {
    let word = comment.split_whitespace().next()?;
    let word = word.rsplit(['=', '@']).next().unwrap_or(word).trim_end_matches([',', ';', '.']);
    let bare = word.strip_prefix(['v', 'V']);
    let number = bare.unwrap_or(word);
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let rest = number.get(digits..)?;
    // Without a `v` in front a number alone may be anything, as may a day.
    let is_version = digits > 0
        && word.len() <= LONGEST
        && (rest.starts_with('.') || (bare.is_some() && rest.is_empty()))
        && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+'));
    is_version.then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789ABCDEF01234567";

    #[test]
    fn a_comment_behind_a_commit_names_its_release() {
        for (text, expected) in [
            ("      - uses: a/b@ID # v4.2.0", Some("v4.2.0")),
            ("        uses: A/B/sub/dir@ID\t# 4.2.0", Some("4.2.0")),
            ("- uses: \"a/b@ID\"  #v4", Some("v4")),
            ("- 'uses': 'a/b@ID' # tag=v4.2.0", Some("v4.2.0")),
            ("uses: a/b@ID # pin@v4.1", Some("v4.1")),
            ("uses: a/b@ID # v4.2.0-rc.1, newest", Some("v4.2.0-rc.1")),
            ("uses: a/b@ID # ratchet:a/b@v2", Some("v2")),
            ("uses: a/b@ID # 4", None),
            ("uses: a/b@ID # 2024-01-02", None),
            ("uses: a/b@ID # main", None),
            ("uses: a/b@ID # of v4.2.0", None),
            ("uses: a/b@ID # v", None),
            ("uses: a/b@ID # v4x", None),
            ("uses: a/b@ID # v4.2/../x", None),
            ("uses: a/b@ID #", None),
            ("uses: a/b@ID", None),
            ("uses: a/b@ID# v4.2.0", None),
            ("uses:a/b@ID # v4.2.0", None),
            ("uses: a/b@v4 # v4.2.0", None),
            ("uses: a/b@0123456 # v4.2.0", None),
            ("uses: b@ID # v4.2.0", None),
            ("# uses: a/b@ID # v4.2.0", None),
            ("name: a/b@ID # v4.2.0", None),
        ] {
            let found = releases(text.replace("ID", ID).as_bytes());
            let release = found.get(&key("a/b", ID)).and_then(BTreeSet::first).map(String::as_str);
            assert_eq!((release, found.len()), (expected, usize::from(expected.is_some())), "{text}");
        }
        let twice = format!("uses: a/b@{ID} # v1.0.0\nuses: a/b@{ID} # v2.0.0\n");
        assert_eq!(releases(twice.as_bytes()).values().map(BTreeSet::len).sum::<usize>(), 2);
        assert!(releases(b"\xff uses: a/b").is_empty());
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String) {
            let _ = releases(text.as_bytes());
            let _ = releases(format!("uses: a/b@{ID} # {text}").as_bytes());
        }
    }
}
