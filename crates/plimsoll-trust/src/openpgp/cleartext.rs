//! Text that carries its own signature (`gpg --clearsign`).

const BEGIN: &str = "-----BEGIN PGP SIGNED MESSAGE-----";
const SIGNATURE: &str = "-----BEGIN PGP SIGNATURE-----";
/// Bytes of a file.
const LARGEST: usize = 32 * 1024 * 1024;

/// A text and its signature.
#[derive(Debug, PartialEq, Eq)]
pub struct Cleartext {
    /// What was signed, with its lines ending as on Unix: blanks at the ends of lines are not signed, and not here.
    pub text: String,
    /// The armored signature.
    pub signature: String,
}

/// Does a file begin like one?
pub fn begins(file: &[u8]) -> bool {
    file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file).starts_with(BEGIN.as_bytes())
}

impl Cleartext {
    /// Takes a file apart. Refused: text before or behind, headers other than `Hash`, a line that begins with a dash and is not
    /// escaped, no or several signatures: whatever of the file is not signed is not in `text`.
    ///
    /// Source: RFC 9580, section 7.
    pub fn read(file: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(file).ok().filter(|text| text.len() <= LARGEST);
        let text = text.ok_or("a signed text that is no text, or too large")?;
        let broken = || "a signed text that is broken".to_owned();
        let mut lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines();
        if lines.next().map(str::trim_end) != Some(BEGIN) {
            return Err(broken());
        }
        loop {
            match lines.next().map(str::trim_end) {
                Some("") => break,
                Some(line) if line.starts_with("Hash: ") => {}
                _ => return Err(broken()),
            }
        }
        let mut signed = Vec::new();
        loop {
            let line = lines.next().ok_or_else(broken)?;
            if line.trim_end() == SIGNATURE {
                break;
            }
            let own = match line.strip_prefix("- ") {
                Some(escaped) => escaped,
                None if line.starts_with('-') => return Err(broken()),
                None => line,
            };
            signed.push(own.trim_end_matches([' ', '\t', '\r']));
        }
        let rest: Vec<&str> = lines.map(str::trim_end).collect();
        let end = rest.iter().position(|line| *line == "-----END PGP SIGNATURE-----").ok_or_else(broken)?;
        let (inside, after) = rest.split_at_checked(end + 1).ok_or_else(broken)?;
        if after.iter().any(|line| !line.is_empty()) || inside.iter().any(|line| line.starts_with("-----BEGIN")) {
            return Err("there is something behind the signature of the text".to_owned());
        }
        Ok(Self { text: signed.join("\n"), signature: format!("{SIGNATURE}\n{}\n", inside.join("\n")) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_signed_is_the_text() {
        let end = "-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n";
        for (head, body, expected) in [
            ("Hash: SHA256\n\n", "a\nb\n", Some("a\nb")),
            ("\n", "a\n", Some("a")),
            ("Hash: SHA256\n\n", "", Some("")),
            ("Hash: SHA256\n\n", "- -dash\n- - twice\n", Some("-dash\n- twice")),
            ("Hash: SHA256\n\n", "a \t\n\n", Some("a\n")),
            ("Hash: SHA256\n\n", "-dash\n", None),
            ("Comment: x\n\n", "a\n", None),
            ("not signed\n\n", "a\n", None),
        ] {
            let file = format!("{BEGIN}\n{head}{body}{end}");
            let read = Cleartext::read(file.as_bytes()).ok();
            assert_eq!(read.map(|read| read.text).as_deref(), expected, "{file}");
            let windows = file.replace('\n', "\r\n");
            let read = Cleartext::read(windows.as_bytes()).ok();
            assert_eq!(read.map(|read| read.text).as_deref(), expected, "{windows}");
        }
        let good = format!("{BEGIN}\n\na\n{end}");
        for file in [
            format!("before\n{good}"),
            format!("{good}behind\n"),
            format!("{good}{good}"),
            good.replace("-----END PGP SIGNATURE-----", ""),
            good.replace("-----BEGIN PGP SIGNATURE-----", ""),
            String::new(),
        ] {
            assert!(Cleartext::read(file.as_bytes()).is_err(), "{file}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC*", odd in "(-----BEGIN PGP SIGNED MESSAGE-----|-----BEGIN PGP SIGNATURE-----|\n|- |Hash: |a)*") {
            let _ = (Cleartext::read(text.as_bytes()), Cleartext::read(odd.as_bytes()));
        }
    }
}
