//! What was found of every commit of a history, in a few bytes for each.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{hex, sha256};

/// Hexadecimal digits of the digest of one commit that are kept.
const MARK: usize = 4;

/// A digest over what was found of every commit of a history, the newest first.
///
/// What was found of one commit is a JSON array, its id first, in the canonical bytes of RFC 8785; `sha256` is the SHA-256 over
/// the SHA-256 digests of all of them, one after the other. So evidence need not repeat a history to prove that all of it was
/// looked at: whoever computes it again gets the same digest, or another and by `marks` the first commit that differs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EveryCommit {
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
    /// The first four hexadecimal digits of the digest of each commit. They find a difference and prove nothing.
    pub marks: String,
}

impl EveryCommit {
    /// The digest of what was found of one commit: a tuple, its id first, of texts, whole numbers, truth values and nulls.
    ///
    /// Such an array is canonical as it is written (RFC 8785, section 3.2: no member names, no fractions). One that cannot be
    /// written has the digest of nothing.
    pub fn digest_of(found: &impl Serialize) -> [u8; 32] {
        sha256(&serde_json::to_vec(found).unwrap_or_default())
    }

    /// Of the digests of all commits.
    pub fn of(digests: &[[u8; 32]]) -> Self {
        let mut marks = String::with_capacity(MARK * digests.len());
        for digest in digests {
            marks.push_str(&hex(digest.get(..MARK / 2).unwrap_or_default()));
        }
        Self { sha256: hex(&sha256(digests.as_flattened())), marks }
    }

    /// What is kept of the digest of the commit at a place.
    pub fn mark(&self, place: usize) -> Option<&str> {
        self.marks.get(MARK.checked_mul(place)?..MARK.checked_mul(place.checked_add(1)?)?)
    }

    /// The place of the first commit of which something else was found, counted from 0; nothing where the marks are the same.
    pub fn first_difference(&self, other: &Self) -> Option<usize> {
        let (one, two) = (self.marks.as_bytes(), other.marks.as_bytes());
        let longest = one.len().max(two.len());
        (0..longest).find(|at| one.get(*at) != two.get(*at)).map(|at| at / MARK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{sha256_hex, to_canonical};

    fn of(ids: &[&str]) -> EveryCommit {
        EveryCommit::of(&ids.iter().map(|id| EveryCommit::digest_of(&(id, 1, true, None::<u8>))).collect::<Vec<_>>())
    }

    #[test]
    fn the_first_commit_that_differs_is_found() {
        let all = of(&["a", "b", "c"]);
        assert_eq!(
            (all.marks.len(), all.mark(1).map(str::len), all.mark(3), all.mark(usize::MAX)),
            (12, Some(4), None, None)
        );
        for (other, expected) in [
            (&["a", "b", "c"][..], None),
            (&["x", "b", "c"], Some(0)),
            (&["a", "b", "x"], Some(2)),
            (&["a", "c", "b"], Some(1)),
            (&["a", "b"], Some(2)),
            (&["a", "b", "c", "d"], Some(3)),
            (&[], Some(0)),
        ] {
            let other = of(other);
            assert_eq!(all.first_difference(&other), expected);
            assert_eq!(other.first_difference(&all), expected);
            assert_eq!(all.sha256 == other.sha256, expected.is_none());
        }
    }

    #[test]
    fn the_bytes_are_canonical() {
        let odd = ("a\u{1f}\"\\/é\u{2028}\u{7f}", -3, false, Some("\n\t"));
        let value = serde_json::to_value(odd).unwrap();
        assert_eq!(hex(&EveryCommit::digest_of(&odd)), sha256_hex(&to_canonical(&value).unwrap()));
        assert_eq!(of(&[]).sha256, sha256_hex(b""));
    }
}
