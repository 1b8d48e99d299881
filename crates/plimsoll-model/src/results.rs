//! Files that other tools wrote, given together: their reports, what signs these, and the record of a run.

use serde::{Deserialize, Serialize};

use crate::{hex, parse_strict, sha256_hex};

/// The version of the form in which several files are one.
const SCHEMA: u32 = 1;
/// Files that are given together.
pub const MOST_RESULT_FILES: usize = 200;
/// Bytes of a file's name.
const LONGEST_NAME: usize = 200;

/// Result files, each with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultFiles(Vec<ResultFile>);

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultFile {
    /// Its name without folders.
    pub name: String,
    /// Its bytes, exactly as they were: a signature is over these.
    pub bytes: Vec<u8>,
}

impl ResultFile {
    /// Its SHA-256, lower-case hexadecimal.
    pub fn sha256(&self) -> String {
        sha256_hex(&self.bytes)
    }
}

/// The files in one file, sorted by name.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Packed {
    plimsoll_results: u32,
    files: Vec<PackedFile>,
}

/// Text stays text; of anything else (a signature in binary form) the bytes are in hexadecimal.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PackedFile {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hex: Option<String>,
}

impl ResultFiles {
    /// For files in any order. Refused are none, too many, two of one name, and names that no file has.
    pub fn new(mut files: Vec<ResultFile>) -> Result<Self, String> {
        files.sort_by(|one, other| one.name.cmp(&other.name));
        if files.is_empty() {
            return Err("there is no file of results".to_owned());
        }
        if files.len() > MOST_RESULT_FILES {
            return Err(format!("more than {MOST_RESULT_FILES} files of results"));
        }
        if let Some(odd) = files.iter().find(|file| !is_name(&file.name)) {
            return Err(format!("{:?} is no name of a file of results", crate::excerpt(&odd.name, 80)));
        }
        let twice = files.iter().zip(files.iter().skip(1)).find(|(one, other)| one.name == other.name);
        if let Some((one, _)) = twice {
            return Err(format!("two files of results are called {}", one.name));
        }
        Ok(Self(files))
    }

    /// The files, sorted by name.
    pub fn files(&self) -> &[ResultFile] {
        &self.0
    }

    /// Gives all of them as one file, the same for the same files.
    pub fn to_packed(&self) -> Result<Vec<u8>, String> {
        let file = |file: &ResultFile| match std::str::from_utf8(&file.bytes) {
            Ok(text) => PackedFile { name: file.name.clone(), text: Some(text.to_owned()), hex: None },
            Err(_) => PackedFile { name: file.name.clone(), text: None, hex: Some(hex(&file.bytes)) },
        };
        let packed = Packed { plimsoll_results: SCHEMA, files: self.0.iter().map(file).collect() };
        serde_json::to_vec(&packed).map_err(|error| error.to_string())
    }

    /// Reads such a file. Any other file is one file of results, which is called `results`.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        if !is_packed(bytes) {
            return Self::new(vec![ResultFile { name: "results".to_owned(), bytes: bytes.to_vec() }]);
        }
        let refused = |why: String| format!("not files of results that can be read: {why}");
        // A file that is there twice would be read as one thing here and as another elsewhere.
        parse_strict(bytes).map_err(refused)?;
        let packed: Packed = serde_json::from_slice(bytes).map_err(|error| refused(error.to_string()))?;
        if packed.plimsoll_results != SCHEMA {
            return Err(refused(format!("version {}, and this version reads {SCHEMA}", packed.plimsoll_results)));
        }
        let file = |file: PackedFile| match (file.text, file.hex) {
            (Some(text), None) => Ok(ResultFile { name: file.name, bytes: text.into_bytes() }),
            (None, Some(hex)) => {
                let bytes = from_hex(&hex).ok_or_else(|| refused(format!("{} is not in hexadecimal", file.name)))?;
                Ok(ResultFile { name: file.name, bytes })
            }
            _ => Err(refused(format!("{} has no content, or two", crate::excerpt(&file.name, 80)))),
        };
        Self::new(packed.files.into_iter().map(file).collect::<Result<_, _>>()?)
    }
}

/// Does it begin as packed files are written?
fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(b"{\"plimsollResults\":")
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= LONGEST_NAME
        && !name.starts_with('.')
        && !name.contains(['/', '\\'])
        && crate::one_line(name) == name
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |one: &u8| (*one as char).to_digit(16).filter(|_| !one.is_ascii_uppercase());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let byte = |[high, low]: &[u8; 2]| u8::try_from(digit(high)? * 16 + digit(low)?).ok();
    if rest.is_empty() { pairs.iter().map(byte).collect() } else { None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn file(name: &str, bytes: &[u8]) -> ResultFile {
        ResultFile { name: name.to_owned(), bytes: bytes.to_vec() }
    }

    #[test]
    fn any_other_file_is_one_file_of_results() {
        for bytes in [&b""[..], b"{}", b"[]", b"\xff", b" {\"plimsollResults\":1,\"files\":[]}"] {
            let read = ResultFiles::read(bytes).unwrap();
            assert_eq!(read.files(), [file("results", bytes)]);
        }
    }

    #[test]
    fn what_cannot_lie_in_one_folder_is_refused() {
        for files in [
            vec![],
            vec![file("a", b""), file("a", b"x")],
            vec![file("", b"")],
            vec![file("a/b", b"")],
            vec![file("..", b"")],
            vec![file("a\nb", b"")],
            vec![file("a\u{202e}b", b"")],
            vec![file(&"a".repeat(201), b"")],
            (0..201).map(|number| file(&number.to_string(), b"")).collect(),
        ] {
            assert!(ResultFiles::new(files.clone()).is_err(), "{files:?}");
        }
    }

    #[test]
    fn a_packed_file_that_is_not_whole_is_refused_and_not_read_as_another() {
        for text in [
            r#"{"plimsollResults":1}"#,
            r#"{"plimsollResults":2,"files":[{"name":"a","text":""}]}"#,
            r#"{"plimsollResults":1,"files":[]}"#,
            r#"{"plimsollResults":1,"files":[{"name":"a"}]}"#,
            r#"{"plimsollResults":1,"files":[{"name":"a","text":"","hex":""}]}"#,
            r#"{"plimsollResults":1,"files":[{"name":"a","text":"","text":"b"}]}"#,
            r#"{"plimsollResults":1,"files":[{"name":"a","hex":"0"}]}"#,
            r#"{"plimsollResults":1,"files":[{"name":"a","hex":"FF"}]}"#,
            r#"{"plimsollResults":1,"files":[{"name":"a","text":"","more":1}]}"#,
            r#"{"plimsollResults":1,"files":[{"name":"a","text":""},{"name":"a","text":"b"}]}"#,
            r#"{"plimsollResults":1,"files":[{"name":"../a","text":""}]}"#,
            r#"{"plimsollResults":1,"files":[{"name":"a","text":""}"#,
        ] {
            assert!(ResultFiles::read(text.as_bytes()).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_packed_is_read_the_same(one: Vec<u8>, other: Vec<u8>) {
            let files = ResultFiles::new(vec![file("b.json", &one), file("a.sig", &other)]).unwrap();
            prop_assert_eq!(ResultFiles::read(&files.to_packed().unwrap()).unwrap(), files);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = ResultFiles::read(&bytes);
            let _ = ResultFiles::read(&[b"{\"plimsollResults\":1,\"files\":", bytes.as_slice()].concat());
        }
    }
}
