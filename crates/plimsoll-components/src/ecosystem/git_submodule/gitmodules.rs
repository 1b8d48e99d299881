//! `.gitmodules`, which has the form of git's configuration.

use std::collections::BTreeMap;

/// What it says of one submodule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Module {
    pub path: Option<String>,
    pub url: Option<String>,
}

/// Reads the submodules that it names, by the name that it has for them. Fails with what git does not read either.
pub(super) fn modules(bytes: &[u8]) -> Result<Vec<Module>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    let mut reader = Reader { rest: text.strip_prefix('\u{feff}').unwrap_or(text).chars().peekable(), line: 1 };
    let mut modules: BTreeMap<String, Module> = BTreeMap::new();
    let mut current: Option<String> = None;
    while let Some(character) = reader.next() {
        match character {
            _ if character.is_ascii_whitespace() => {}
            '#' | ';' => reader.skip_line(),
            '[' => {
                current = match reader.section().ok_or_else(|| reader.error())? {
                    Section::Submodule(name) => {
                        modules.entry(name.clone()).or_default();
                        Some(name)
                    }
                    Section::Other => None,
                };
            }
            _ if character.is_ascii_alphabetic() => {
                let (key, value) = reader.variable(character).ok_or_else(|| reader.error())?;
                let Some(module) = current.as_ref().and_then(|name| modules.get_mut(name)) else { continue };
                // The last one counts.
                match key.as_str() {
                    "path" => module.path = value,
                    "url" => module.url = value,
                    _ => {}
                }
            }
            _ => return Err(reader.error()),
        }
    }
    Ok(modules.into_values().collect())
}

/// What a section is about.
enum Section {
    /// A submodule, by the name that it has here.
    Submodule(String),
    Other,
}

/// Source: git-config(1), Syntax.
struct Reader<'a> {
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    line: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let next = self.rest.next()?;
        self.line += usize::from(next == '\n');
        Some(next)
    }

    fn error(&self) -> String {
        format!("line {} is not understood", self.line)
    }

    fn skip_line(&mut self) {
        while self.next().is_some_and(|character| character != '\n') {}
    }

    /// What a section is about. It has begun with `[`.
    fn section(&mut self) -> Option<Section> {
        let mut name = String::new();
        loop {
            match self.next()? {
                ']' => {
                    // The older form, in which the name has small letters alone.
                    let name = name.to_ascii_lowercase();
                    let name = name.strip_prefix("submodule.");
                    return Some(name.map_or(Section::Other, |name| Section::Submodule(name.to_owned())));
                }
                ' ' | '\t' => break,
                character if character.is_ascii_alphanumeric() || "-.".contains(character) => name.push(character),
                _ => return None,
            }
        }
        while self.rest.next_if(|character| matches!(character, ' ' | '\t')).is_some() {}
        if self.next()? != '"' {
            return None;
        }
        let mut of = String::new();
        loop {
            match self.next()? {
                '"' => break,
                '\n' => return None,
                '\\' => of.push(self.next().filter(|character| *character != '\n')?),
                character => of.push(character),
            }
        }
        let is_one = name.eq_ignore_ascii_case("submodule");
        (self.next()? == ']').then_some(if is_one { Section::Submodule(of) } else { Section::Other })
    }

    /// A key and its value; `None` in it where it has none, as switches have.
    fn variable(&mut self, first: char) -> Option<(String, Option<String>)> {
        let mut key = String::from(first.to_ascii_lowercase());
        while let Some(character) = self.rest.next_if(|one| one.is_ascii_alphanumeric() || *one == '-') {
            key.push(character.to_ascii_lowercase());
        }
        while self.rest.next_if(|character| matches!(character, ' ' | '\t')).is_some() {}
        self.rest.next_if_eq(&'\r');
        match self.next() {
            None | Some('\n') => Some((key, None)),
            Some('=') => Some((key, Some(self.value()?))),
            Some(_) => None,
        }
    }

    fn value(&mut self) -> Option<String> {
        let (mut value, mut kept, mut quoted, mut comment) = (String::new(), 0, false, false);
        loop {
            match self.next() {
                None | Some('\n') if quoted => return None,
                None | Some('\n') => {
                    value.truncate(kept);
                    return Some(value);
                }
                Some(_) if comment => {}
                Some(character) if character.is_ascii_whitespace() && !quoted => {
                    // Blanks before the first word and behind the last one are none of it.
                    if !value.is_empty() {
                        value.push(character);
                    }
                }
                Some('#' | ';') if !quoted => comment = true,
                Some('"') => {
                    quoted = !quoted;
                    kept = value.len();
                }
                Some('\\') => {
                    // The end of the file is the end of a line.
                    let escaped = match self.next().unwrap_or('\n') {
                        '\n' => continue,
                        '\r' if self.rest.next_if_eq(&'\n').is_some() => continue,
                        'n' => '\n',
                        't' => '\t',
                        'b' => '\u{8}',
                        character @ ('"' | '\\') => character,
                        _ => return None,
                    };
                    value.push(escaped);
                    kept = value.len();
                }
                Some(character) => {
                    value.push(character);
                    kept = value.len();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Path and address of each submodule.
    type Read = Result<Vec<(Option<String>, Option<String>)>, String>;

    fn read(text: &str) -> Read {
        modules(text.as_bytes()).map(|all| all.into_iter().map(|module| (module.path, module.url)).collect())
    }

    /// What git itself reads; `None` where it is not at hand.
    fn by_git(text: &str) -> Option<Read> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x");
        std::fs::write(&file, text).unwrap();
        let output = std::process::Command::new("git")
            .args(["config", "-z", "--no-includes", "--list", "-f"])
            .arg(&file)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .ok()?;
        if !output.status.success() {
            return Some(Err(String::from_utf8(output.stderr).unwrap()));
        }
        let mut modules: BTreeMap<String, Module> = BTreeMap::new();
        for one in String::from_utf8(output.stdout).unwrap().split('\0') {
            let (key, value) = one.split_once('\n').map_or((one, None), |(key, value)| (key, Some(value.to_owned())));
            let Some((name, key)) = key.strip_prefix("submodule.").and_then(|key| key.rsplit_once('.')) else {
                continue;
            };
            let module = modules.entry(name.to_owned()).or_default();
            match key {
                "path" => module.path = value,
                "url" => module.url = value,
                _ => {}
            }
        }
        Some(Ok(modules.into_values().map(|module| (module.path, module.url)).collect()))
    }

    /// Does git read the same? A section without a variable it does not list.
    fn check_with_git(text: &str, own: &Read) {
        match (by_git(text), own) {
            (None, _) => eprintln!("not checked: git is missing"),
            (Some(Ok(theirs)), Ok(own)) => {
                let own: Vec<_> = own.iter().filter(|module| **module != (None, None)).collect();
                assert_eq!(own, theirs.iter().collect::<Vec<_>>(), "{text}");
            }
            (Some(theirs), own) => assert_eq!(theirs.is_err(), own.is_err(), "{text}: {theirs:?} {own:?}"),
        }
    }

    #[test]
    fn it_is_read_as_git_reads_its_configuration() {
        let one = |path: &str, url: &str| vec![(Some(path.to_owned()), Some(url.to_owned()))];
        for (text, expected) in [
            ("[submodule \"a\"]\n\tpath = a\n\turl = u\n", one("a", "u")),
            ("\u{feff}[SubModule \"a\"] PATH=a\r\nURL  =  u  \r\n", one("a", "u")),
            ("[submodule \"a\"]\npath = \"a b\" ; x\nurl = u#x", one("a b", "u")),
            ("[submodule \"a\"]\npath = a \\\n b\nurl = \"x;y\"z", one("a  b", "x;yz")),
            ("[submodule \"a\"]\npath = x\npath = a\nurl = u", one("a", "u")),
            ("[submodule \"a\\\"]\"]\npath = a\\\\b\nurl = u", one("a\\b", "u")),
            ("[submodule.a]\npath = a\nurl = u", one("a", "u")),
            ("[core]\nurl = x\n[submodule \"a\"]\nurl = u\n# c\n[submodule \"a\"]\npath = a\n", one("a", "u")),
            ("[submodule \"a\"]\nshallow\npath = a\nurl = u", one("a", "u")),
            ("[submodule \"a\"]\nurl = u\npath = a\\", one("a", "u")),
            ("[submodule \"a\"]", vec![(None, None)]),
            ("[submodule]\npath = a\nurl = u", vec![]),
            ("path = a", vec![]),
            ("", vec![]),
        ] {
            let found = read(text);
            check_with_git(text, &found);
            assert_eq!(found, Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_git_does_not_read_is_refused() {
        for (text, line) in [
            ("<<<<<<<", 1),
            ("[submodule \"a\"]\n= x", 2),
            ("[submodule \"a", 1),
            ("[submodule a]", 1),
            ("[submodule \"a\" ]", 1),
            ("[sub module \"a\"]", 1),
            ("[submodule \"a\"]\npath a", 2),
            ("[submodule \"a\"]\npath = \"a\nurl = u", 3),
            ("[submodule \"a\"]\npath = \\x", 2),
        ] {
            let found = read(text);
            check_with_git(text, &found);
            assert_eq!(found, Err(format!("line {line} is not understood")), "{text}");
        }
        assert!(modules(&[b'[', 0xff]).is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String, lines in "[a-z\\[\\]\"=\\\\#; \n\t]{0,60}") {
            let _ = modules(text.as_bytes());
            let _ = modules(lines.as_bytes());
        }
    }
}
