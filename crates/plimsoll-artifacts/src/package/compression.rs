//! gzip and deflate, bounded.

use std::io::{ErrorKind, Read as _};

use flate2::{Decompress, FlushDecompress, Status, bufread::GzDecoder};

use crate::{ArtifactError, Bound, GzipFault, Limits};

/// The most that one byte of deflate can become: 258 bytes from two bits, RFC 1951 section 3.2.5.
const RATIO: usize = 1_032;

/// Gives what a gzip file holds, in memory.
///
/// One member and nothing behind it: cargo reads the first member only, npm and pip read all, and they differ in what
/// they do with other bytes. Checksum and length of the trailer are checked. Source: RFC 1952.
pub(super) fn gunzip(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, ArtifactError> {
    if bytes.len() > limits.packed {
        return Err(ArtifactError::TooMuch { bound: Bound::Packed, limit: limits.packed });
    }
    let refused = |fault| ArtifactError::Gzip { fault };
    let mut unpacked = Vec::new();
    // The trailer's word on the length is worth no more than an allocation that is touched only as far as it is filled.
    let said = bytes.last_chunk().map_or(0, |last| u32::from_le_bytes(*last) as usize);
    let room = said.min(limits.unpacked).min(bytes.len().saturating_mul(RATIO));
    unpacked.try_reserve_exact(room).map_err(|_| too_much(limits))?;
    let mut decoder = GzDecoder::new(bytes);
    let most = u64::try_from(limits.unpacked).unwrap_or(u64::MAX).saturating_add(1);
    if let Err(error) = decoder.by_ref().take(most).read_to_end(&mut unpacked) {
        return Err(refused(match error.kind() {
            ErrorKind::UnexpectedEof => GzipFault::Truncated,
            _ if decoder.header().is_none() => GzipFault::Header,
            // The decoder's words for a wrong trailer; a broken stream is `InvalidData`.
            ErrorKind::InvalidInput if error.get_ref().is_some_and(|inner| inner.to_string().contains("checksum")) => {
                GzipFault::Checksum
            }
            _ => GzipFault::Data,
        }));
    }
    if unpacked.len() > limits.unpacked {
        return Err(too_much(limits));
    }
    match decoder.into_inner() {
        [] => Ok(unpacked),
        [0x1f, 0x8b, ..] => Err(refused(GzipFault::Members)),
        _ => Err(refused(GzipFault::Trailing)),
    }
}

pub(super) fn too_much(limits: &Limits) -> ArtifactError {
    ArtifactError::TooMuch { bound: Bound::Unpacked, limit: limits.unpacked }
}

/// Whether a raw deflate stream takes all of `packed` and gives exactly as many bytes as `unpacked` has room for.
pub(super) fn inflate_exactly(packed: &[u8], unpacked: &mut [u8]) -> bool {
    let mut inflate = Decompress::new(false);
    let (mut read, mut written) = (0, 0);
    loop {
        let (Some(input), Some(output)) = (packed.get(read..), unpacked.get_mut(written..)) else { return false };
        let Ok(status) = inflate.decompress(input, output, FlushDecompress::Finish) else { return false };
        // Both are within the slices, which fit into memory.
        let now = (inflate.total_in() as usize, inflate.total_out() as usize);
        if status == Status::StreamEnd {
            return now == (packed.len(), unpacked.len());
        }
        if now == (read, written) {
            return false;
        }
        (read, written) = now;
    }
}

/// Whether a stream cannot become as long as is stated.
pub(super) fn is_impossible(packed: usize, unpacked: usize) -> bool {
    unpacked > packed.saturating_mul(RATIO)
}
