//! `.mailmap`: which names and addresses are one person, by the repository's own word.
//!
//! Source: git's `Documentation/gitmailmap`: four forms of lines, `#` begins a comment, addresses and names are compared without
//! regard to case.

use std::collections::HashMap;

use plimsoll_snapshot::Person;

/// Lines that are read.
const MOST_LINES: usize = 50_000;

/// A name and an address, each where it is known.
type Identity = (Option<String>, Option<String>);

/// Which names and addresses are one person's.
#[derive(Debug, Default)]
pub(super) struct Mailmap {
    /// By address, and by name where the line names one: the name and the address in their place, where it has them.
    known: HashMap<(String, Option<String>), Identity>,
}

impl Mailmap {
    /// Reads it. Lines of another form are passed over, as git does.
    pub(super) fn read(text: &str) -> Self {
        let mut known = HashMap::new();
        for line in text.lines().take(MOST_LINES) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let Some((name, rest)) = named(line) else { continue };
            let (first_name, first_email) = name;
            match named(rest) {
                // `Name <address>`: the name that belongs to an address.
                None => {
                    if let Some(name) = first_name {
                        known.insert((first_email.to_lowercase(), None), (Some(name.to_owned()), None));
                    }
                }
                // `[Name] <address> [Name] <address>`: what stands in the place of the second.
                Some(((name, email), _)) => {
                    let key = (email.to_lowercase(), name.map(str::to_lowercase));
                    known.insert(key, (first_name.map(ToOwned::to_owned), Some(first_email.to_owned())));
                }
            }
        }
        Self { known }
    }

    /// Gives the person who stands behind a name and an address.
    pub(super) fn person(&self, person: &Person) -> Person {
        let email = person.email.to_lowercase();
        let by_name = self.known.get(&(email.clone(), Some(person.name.to_lowercase())));
        let Some((name, address)) = by_name.or_else(|| self.known.get(&(email, None))) else { return person.clone() };
        Person {
            name: name.clone().unwrap_or_else(|| person.name.clone()),
            email: address.clone().unwrap_or_else(|| person.email.clone()),
        }
    }
}

/// A name, where there is one, the address behind it, and what comes then.
fn named(text: &str) -> Option<((Option<&str>, &str), &str)> {
    let (name, rest) = text.split_once('<')?;
    let (email, rest) = rest.split_once('>')?;
    let name = Some(name.trim()).filter(|name| !name.is_empty());
    Some(((name, email.trim()), rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn person(name: &str, email: &str) -> Person {
        Person { name: name.to_owned(), email: email.to_owned() }
    }

    #[test]
    fn each_form_of_line_is_read_as_git_reads_it() {
        let map = Mailmap::read(
            "# comment\n\nJane Doe <jane@x.org>\n<jane@x.org> <old@x.org>\nJoe <joe@x.org> <j@y.org>\nR <r@x.org> Ann <shared@x.org>\nodd line\n<only@x.org>\n",
        );
        for (name, email, expected) in [
            ("jd", "JANE@x.org", ("Jane Doe", "JANE@x.org")),
            ("jd", "old@x.org", ("jd", "jane@x.org")),
            ("j", "j@y.org", ("Joe", "joe@x.org")),
            ("ann", "shared@x.org", ("R", "r@x.org")),
            ("Ben", "shared@x.org", ("Ben", "shared@x.org")),
            ("x", "only@x.org", ("x", "only@x.org")),
            ("x", "", ("x", "")),
        ] {
            let found = map.person(&person(name, email));
            assert_eq!((found.name.as_str(), found.email.as_str()), expected, "{name} {email}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "([a-z<> #\n]{0,60})", name in "[a-z]{0,3}", email in "[a-z]{0,3}") {
            let _ = Mailmap::read(&text).person(&person(&name, &email));
        }
    }
}
