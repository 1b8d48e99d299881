//! `FILE.sigstore.json` holds one bundle; where there are several, `FILE.sigstore.jsonl` holds them all, one in a line.

use std::path::{Path, PathBuf};

use plimsoll_model::{hex, one_line, parse_strict, sha256_hex, to_canonical};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::{disk, passed_over};
use crate::{Fetched, Found, NetError};

pub(super) const ONE: &str = ".sigstore.json";
pub(super) const LINES: &str = ".sigstore.jsonl";
/// Statements of one file.
const MOST_STATEMENTS: usize = 1_000;
/// Bytes of one statement.
pub(super) const LARGEST: u64 = 32 * 1024 * 1024;
/// Bytes of all statements of one file.
const LARGEST_LINES: u64 = 256 * 1024 * 1024;

/// A file to write.
#[derive(Debug)]
pub(super) struct Write {
    pub path: PathBuf,
    pub bytes: Vec<u8>,
    pub replaces: bool,
}

/// What has to be written so that a statement is beside a file.
#[derive(Debug)]
pub(super) struct Plan {
    /// Where the statement is then.
    pub place: PathBuf,
    pub writes: Vec<Write>,
}

/// `path` with `ending` behind its name.
pub(super) fn with(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Tells what to write so that `bytes` are beside `file`; nothing where they are there already, in whatever layout.
///
/// Refused: files under the two names that do not hold bundles.
pub(super) fn plan(file: &Path, bytes: &[u8]) -> Result<Plan, NetError> {
    let (one, lines) = (with(file, ONE), with(file, LINES));
    let first = disk::read(&one, LARGEST)?;
    let several = disk::read(&lines, LARGEST_LINES)?;
    let ours = line(bytes);
    let mut known = Vec::new();
    for (path, text) in [(&lines, several.as_deref()), (&one, first.as_deref())] {
        let texts: Vec<&[u8]> =
            if path == &lines { split(text.unwrap_or_default()) } else { text.into_iter().collect() };
        for text in texts {
            parse_strict(text).map_err(|reason| {
                NetError::file(path, format!("holds something else than a bundle ({reason}); move it away"))
            })?;
            if compact(text) == compact(&ours) {
                return Ok(Plan { place: path.clone(), writes: Vec::new() });
            }
            if !known.iter().any(|other: &Vec<u8>| compact(other) == compact(text)) {
                known.push(line(text));
            }
        }
    }
    if known.is_empty() {
        let write = Write { path: one.clone(), bytes: bytes.to_vec(), replaces: false };
        return Ok(Plan { place: one, writes: vec![write] });
    }
    if known.len() >= MOST_STATEMENTS {
        return Err(NetError::file(lines, format!("has {MOST_STATEMENTS} statements already, which is the bound")));
    }
    known.push(ours);
    let text = known.iter().flat_map(|line| [line.as_slice(), b"\n"]).collect::<Vec<_>>().concat();
    if text.len() as u64 > LARGEST_LINES {
        return Err(NetError::file(lines, format!("would be larger than {LARGEST_LINES} bytes")));
    }
    Ok(Plan { place: lines.clone(), writes: vec![Write { path: lines, bytes: text, replaces: several.is_some() }] })
}

/// Adds what lies beside `file` to `found`.
pub(super) fn read_both(file: &Path, found: &mut Found) -> Result<(), NetError> {
    read_one(&with(file, ONE), found)?;
    read_lines(&with(file, LINES), found)
}

/// Could a stop have left this `.sigstore.jsonl` beside a list that says `listed`? It could where the lines that it had then
/// are still there, and others came behind them; a statement that was taken away is no stop.
pub(super) fn grew_from(path: &Path, listed: &str) -> Result<bool, NetError> {
    let Some(bytes) = disk::read(path, LARGEST_LINES)?.filter(|_| is_lines(path)) else { return Ok(false) };
    let mut hash = Sha256::new();
    Ok(bytes.split_inclusive(|byte| *byte == b'\n').any(|line| {
        hash.update(line);
        hex(&hash.clone().finalize()) == listed
    }))
}

fn is_lines(path: &Path) -> bool {
    path.as_os_str().to_string_lossy().ends_with(LINES)
}

/// Adds the statement in a `.sigstore.json` to `found`; what is none is passed over.
pub(super) fn read_one(path: &Path, found: &mut Found) -> Result<(), NetError> {
    if let Some(bytes) = disk::read(path, LARGEST)? {
        add(path, bytes, found);
    }
    Ok(())
}

/// Adds the statements in a `.sigstore.jsonl` to `found`.
pub(super) fn read_lines(path: &Path, found: &mut Found) -> Result<(), NetError> {
    let Some(bytes) = disk::read(path, LARGEST_LINES)? else { return Ok(()) };
    let lines = split(&bytes);
    if lines.len() > MOST_STATEMENTS {
        return Err(NetError::file(path, format!("has more than {MOST_STATEMENTS} lines")));
    }
    for line in lines {
        if line.len() as u64 > LARGEST {
            found.passed_over.push(passed_over(path, format!("a line is larger than {LARGEST} bytes")));
        } else {
            add(path, line.to_vec(), found);
        }
    }
    Ok(())
}

fn add(path: &Path, bytes: Vec<u8>, found: &mut Found) {
    let read = parse_strict(&bytes)
        .and_then(|value| Ok((sha256_hex(&to_canonical(&value).map_err(|error| error.to_string())?), value)));
    match read {
        // The one of a file alone stands among the lines as well, there in one line.
        Ok((same, _)) if found.seen.contains(&same) => {}
        Ok((own, value)) => {
            found.seen.insert(own);
            found.statements.push(Fetched {
                media_type: value.get("mediaType").and_then(Value::as_str).map(one_line).unwrap_or_default(),
                digest: format!("sha256:{}", sha256_hex(&bytes)),
                bytes,
                predicate_type: None,
                created: None,
                place: path.display().to_string(),
            });
        }
        Err(reason) => found.passed_over.push(passed_over(path, reason)),
    }
}

fn split(text: &[u8]) -> Vec<&[u8]> {
    text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty()).collect()
}

/// A bundle in one line: as it is where it is one, else without the white space that means nothing.
fn line(bytes: &[u8]) -> Vec<u8> {
    let bytes = bytes.trim_ascii();
    if bytes.iter().any(|byte| matches!(byte, b'\n' | b'\r')) { compact(bytes) } else { bytes.to_vec() }
}

/// JSON without the white space between its tokens, every other byte kept.
pub(super) fn compact(json: &[u8]) -> Vec<u8> {
    let (mut inside, mut escaped) = (false, false);
    json.iter()
        .copied()
        .filter(|byte| {
            if inside {
                (inside, escaped) = (*byte != b'"' || escaped, *byte == b'\\' && !escaped);
                return true;
            }
            inside = *byte == b'"';
            !matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn white_space_inside_of_texts_stays() {
        assert_eq!(
            compact(b"{ \"a b\" : \"\\\" \\\\\" ,\n\t\"c\": [ 1 , 2 ] }"),
            b"{\"a b\":\"\\\" \\\\\",\"c\":[1,2]}"
        );
    }

    proptest! {
        #[test]
        fn a_pretty_bundle_and_its_line_say_the_same(text in "\\PC{0,20}", more in "[\"\\\\ \\n{}]{0,10}") {
            let value = json!({ text.clone(): [text, more.clone()], more: { "n": 1.5 } });
            let pretty = serde_json::to_vec_pretty(&value).unwrap();
            let line = line(&pretty);
            prop_assert!(!line.contains(&b'\n'));
            prop_assert_eq!(&line, &serde_json::to_vec(&value).unwrap());
            prop_assert_eq!(serde_json::from_slice::<Value>(&line).unwrap(), value);
        }

        #[test]
        fn no_bytes_break_it(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let once = compact(&bytes);
            prop_assert_eq!(compact(&once), once);
        }
    }
}
