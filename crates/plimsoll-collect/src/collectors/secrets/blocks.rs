//! Which rows of bytes may be a part of a phrase of words, or of a value in base64: one look at each byte says so of both.

/// Bytes of a row that is all within the shortest value in base64 that is sought, wherever that begins.
pub(super) const OF_VALUE: usize = 12;
/// The same for the shortest phrase: twelve words of three letters and eleven signs between them.
pub(super) const OF_PHRASE: usize = 2 * OF_VALUE;

const NOT_OF_VALUE: u8 = 1;
const NOT_OF_PHRASE: u8 = 2;

#[expect(clippy::indexing_slicing, reason = "the loop ends with the table")]
static CLASSES: [u8; 256] = {
    let mut all = [0; 256];
    let mut at = 0;
    while at < all.len() {
        let byte = at as u8;
        let is_letter = byte.is_ascii_alphanumeric();
        let of_value = is_letter || matches!(byte, b'+' | b'/' | b'-' | b'_');
        let of_phrase = is_letter
            || matches!(
                byte,
                b' ' | b'\t' | b'\r' | b'\n' | b',' | b'"' | b'\'' | b'.' | b')' | b':' | b'-' | b'*' | b'#'
            );
        all[at] = if of_value { 0 } else { NOT_OF_VALUE } | if of_phrase { 0 } else { NOT_OF_PHRASE };
        at += 1;
    }
    all
};

/// Where such rows are, in the order of their places.
pub(super) struct Blocks {
    pub(super) phrases: Vec<usize>,
    pub(super) values: Vec<usize>,
}

impl Blocks {
    /// The rows of a text.
    #[expect(clippy::indexing_slicing, reason = "the table has a place for each byte")]
    pub(super) fn of(text: &[u8]) -> Self {
        let mut all = Self { phrases: Vec::new(), values: Vec::new() };
        let mut at = 0;
        while let Some(block) = text.get(at..).and_then(|rest| rest.first_chunk::<OF_PHRASE>()) {
            let (head, tail) = block.split_at(OF_VALUE);
            let [head, tail] =
                [head, tail].map(|half| half.iter().fold(0, |all, byte| all | CLASSES[usize::from(*byte)]));
            if (head | tail) & NOT_OF_PHRASE == 0 {
                all.phrases.push(at);
            }
            if head & NOT_OF_VALUE == 0 {
                all.values.push(at);
            }
            if tail & NOT_OF_VALUE == 0 {
                all.values.push(at + OF_VALUE);
            }
            at += OF_PHRASE;
        }
        let end = text.get(at..).and_then(|rest| rest.first_chunk::<OF_VALUE>());
        if end.is_some_and(|block| block.iter().all(|byte| CLASSES[usize::from(*byte)] & NOT_OF_VALUE == 0)) {
            all.values.push(at);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_listed_by_what_they_are_made_of() {
        for (text, phrases, values) in [
            ("about above able abandon about", &[0][..], &[][..]),
            ("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/", &[0], &[0, 12, 24]),
            ("ABCDEFGHIJ+LMNOPQRSTUVWXYZ0123456789+/", &[], &[0, 12, 24]),
            ("abcdefghijklmnopqrstuvwxyz0123456789", &[0], &[0, 12, 24]),
            ("abcdefghijkl", &[], &[0]),
            ("abcdefghijk", &[], &[]),
            ("about above able abando_", &[], &[]),
            ("(abcdefghijklmnopqrstuvwx", &[], &[12]),
            ("", &[], &[]),
        ] {
            let blocks = Blocks::of(text.as_bytes());
            assert_eq!((blocks.phrases.as_slice(), blocks.values.as_slice()), (phrases, values), "{text}");
        }
    }
}
