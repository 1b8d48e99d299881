//! Files of checksums, as `sha256sum` writes them.

use std::collections::BTreeMap;

use super::refusal::{Layer, Refusal};

/// Lines of one file.
const MOST_LINES: usize = 100_000;
/// Bytes of one file.
const LARGEST: usize = 32 * 1024 * 1024;

/// A file of checksums that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checksums {
    /// `sha256`, `sha384`, `sha512`, `sha1` or `md5`.
    pub algorithm: &'static str,
    /// Digest by name, each name once.
    files: BTreeMap<String, String>,
}

impl Checksums {
    /// Reads coreutils' form (`HEX  name`, `HEX *name`), BSD's (`SHA256 (name) = HEX`), or one digest alone.
    ///
    /// Refused as a whole: a line that is neither, digests of several lengths, a name that appears twice with two digests,
    /// and more lines than are read: a file that is read in part could list what was left out.
    ///
    /// Source: coreutils, `sha256sum`; a backslash before a line says that the name in it is escaped.
    pub fn read(file: &[u8]) -> Result<Self, String> {
        let text =
            std::str::from_utf8(file).ok().filter(|text| text.len() <= LARGEST).ok_or("not a text, or too large")?;
        let mut files = BTreeMap::new();
        let mut length = None;
        for (number, line) in text.lines().enumerate() {
            let line = line.trim_end_matches('\r');
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            if number >= MOST_LINES {
                return Err(format!("more than {MOST_LINES} lines"));
            }
            let (digest, name) = entry(line).ok_or_else(|| format!("line {} is no checksum", number + 1))?;
            if *length.get_or_insert(digest.len()) != digest.len() {
                return Err("checksums of several kinds".to_owned());
            }
            if files.get(&name).is_some_and(|known| *known != digest) {
                return Err(format!("\"{}\" appears twice with two checksums", plimsoll_model::one_line(&name)));
            }
            files.insert(name, digest);
        }
        let algorithm = match length {
            Some(32) => "md5",
            Some(40) => "sha1",
            Some(64) => "sha256",
            Some(96) => "sha384",
            Some(128) => "sha512",
            _ => return Err("no checksum in it".to_owned()),
        };
        Ok(Self { algorithm, files })
    }

    /// How many files it lists.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Does it list nothing? Never, once read.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Does it list a file with this name?
    pub fn names(&self, name: &str) -> bool {
        self.files.keys().any(|path| path.rsplit('/').next() == Some(name))
    }

    /// Says why the file with this name and these digests is not one that it lists.
    ///
    /// The name has to be listed with the digest: a list of what is bad names digests as well. A list of one digest without
    /// a name speaks of the file that it lies beside.
    pub fn lists(&self, name: Option<&str>, digests: &BTreeMap<String, String>) -> Result<(), Refusal> {
        let refuse = |reason: &str| Err(Refusal::new(Layer::Subject, reason));
        if matches!(self.algorithm, "md5" | "sha1") {
            return refuse("its checksums can be forged");
        }
        let Some(own) = digests.get(self.algorithm) else {
            return refuse("no digest of its kind is known of the artifact");
        };
        // Folders may hold files of the same name.
        let is_named = |path: &str| name.is_some() && path.rsplit('/').next() == name;
        let listed: Vec<&String> =
            self.files.iter().filter(|(path, _)| is_named(path)).map(|(_, digest)| digest).collect();
        let alone = self.files.len() == 1 && self.files.get("") == Some(own);
        if listed.contains(&own) || alone {
            return Ok(());
        }
        refuse(if listed.is_empty() {
            "it does not list the artifact"
        } else {
            "it lists another checksum for this name"
        })
    }
}

fn entry(line: &str) -> Option<(String, String)> {
    let digest = |text: &str| {
        let text = text.to_ascii_lowercase();
        [32, 40, 64, 96, 128].iter().any(|length| plimsoll_model::is_hex(&text, *length)).then_some(text)
    };
    if let Some((before, hex)) = line.rsplit_once(" = ") {
        let (_, name) = before.split_once(" (")?;
        return Some((digest(hex.trim())?, name.strip_suffix(')')?.to_owned()));
    }
    let (escaped, line) = line.strip_prefix('\\').map_or((false, line), |rest| (true, rest));
    let (hex, name) = line.split_once([' ', '\t']).unwrap_or((line, ""));
    let name = name.trim_start_matches([' ', '\t']);
    let name = name.strip_prefix('*').unwrap_or(name);
    let name = name.strip_prefix("./").unwrap_or(name);
    let name = if escaped { name.replace("\\n", "\n").replace("\\\\", "\\") } else { name.to_owned() };
    Some((digest(hex)?, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_listed_by_its_digest_and_under_its_name() {
        let (own, other) = ("ab".repeat(32), "cd".repeat(32));
        let digests = BTreeMap::from([("sha256".to_owned(), own.clone())]);
        for text in [
            format!("{other}  b\n{own}  a\n"),
            format!("{own} *a\r\n"),
            format!("{own}  ./dist/a\n"),
            format!("SHA256 (a) = {own}\n"),
            format!("# sums\n\n{}  a\n", own.to_uppercase()),
            format!("{own}\n"),
            format!("{other}  arm/a\n{own}  x86/a\n"),
        ] {
            assert_eq!(Checksums::read(text.as_bytes()).unwrap().lists(Some("a"), &digests), Ok(()), "{text}");
        }
        for text in [
            format!("{own}  renamed\n"),
            format!("{own}\n{other}  a\n"),
            format!("{other}  a\n"),
            format!("{other}  a\n{own}  b\n"),
            format!("{}  a\n", "ab".repeat(16)),
        ] {
            assert!(Checksums::read(text.as_bytes()).unwrap().lists(Some("a"), &digests).is_err(), "{text}");
        }
        assert!(Checksums::read(format!("{own}  a").as_bytes()).unwrap().lists(Some("a"), &BTreeMap::new()).is_err());
        for text in [
            String::new(),
            "hello world".to_owned(),
            format!("{own}  a\n{}  b\n", "ab".repeat(16)),
            format!("{own}  a\n{other}  a\n"),
            format!("{own}  a\nnot one\n"),
            format!("{}  a\n", &own[2..]),
            format!("{own} a\n").repeat(MOST_LINES + 1),
        ] {
            assert!(Checksums::read(text.as_bytes()).is_err(), "{}", &text[..text.len().min(80)]);
        }
    }
}
