//! Reading no more than a bound.

use std::io::{self, Read};

/// Gives all that `reader` has, where that is at most `limit` bytes; nothing where it has more.
///
/// No more than one byte above the limit is read, whatever a file says of its size. Opening is the caller's: a pipe, for
/// one, waits for somebody to write into it when it is opened.
pub fn read_bounded(reader: impl Read, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    reader.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_the_last_size_that_is_read() {
        for (size, limit, expected) in [(0, 0, true), (1, 0, false), (4, 5, true), (5, 5, true), (6, 5, false)] {
            let found = read_bounded(io::repeat(7).take(size), limit).unwrap();
            assert_eq!(found, expected.then(|| vec![7; usize::try_from(size).unwrap()]), "{size} of {limit}");
        }
        assert_eq!(read_bounded(io::repeat(7), 1000).unwrap(), None);
        assert_eq!(read_bounded(&b"all"[..], u64::MAX).unwrap().unwrap(), b"all");
    }
}
