//! References to recipes: `NAME/VERSION@USER/CHANNEL#REVISION%TIME`.
//!
//! Source: Conan docs, "References"; `RecipeReference.loads`.

/// One.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reference<'a> {
    pub name: &'a str,
    /// A range of versions stands in square brackets.
    pub version: &'a str,
    /// `USER` or `USER/CHANNEL`.
    pub user: Option<&'a str>,
    pub revision: Option<&'a str>,
}

/// Characters of a name, a version, or a word of the others. Source: Conan, `validate_ref`.
fn is_word(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'.' | b'-');
    !text.is_empty() && text.len() <= 200 && text.bytes().all(is_part)
}

impl<'a> Reference<'a> {
    /// Reads one; nothing where it is none.
    pub fn read(text: &'a str) -> Option<Self> {
        let (text, _) = text.split_once('%').unwrap_or((text, ""));
        let (text, revision) = match text.split_once('#') {
            // `:PACKAGE` may follow, which says how it was built.
            Some((text, revision)) => (text, Some(revision.split(':').next().unwrap_or(revision))),
            None => (text, None),
        };
        let (text, user) = match text.split_once('@') {
            Some((text, user)) => (text, Some(user)),
            None => (text, None),
        };
        // Conan 1 writes `@` alone, or `_/_`, where there is none.
        let user = user.filter(|user| !user.is_empty() && *user != "_/_");
        let (name, version) = text.split_once('/')?;
        let is_range = |text: &str| {
            let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
            inner.is_some_and(|inner| {
                text.len() <= 200
                    && inner.bytes().all(|byte| (b' '..=b'~').contains(&byte) && !b"[]/@#%".contains(&byte))
            })
        };
        let fits = is_word(name)
            && (is_word(version) || is_range(version))
            && user.is_none_or(|user| user.splitn(2, '/').all(is_word))
            && revision.is_none_or(is_word);
        fits.then_some(Self { name, version, user, revision })
    }

    /// What a manifest may ask for it with, besides its name.
    pub fn requirement(&self) -> String {
        let user = self.user.map(|user| format!("@{user}")).unwrap_or_default();
        let revision = self.revision.map(|revision| format!("#{revision}")).unwrap_or_default();
        format!("{}{user}{revision}", self.version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_has_up_to_five_parts() {
        for (text, expected) in [
            ("zlib/1.2.11", Some(("zlib", "1.2.11", None, None))),
            ("zlib/1.2.11@", Some(("zlib", "1.2.11", None, None))),
            ("zlib/1.2.11@_/_", Some(("zlib", "1.2.11", None, None))),
            ("zlib/1.2.11#abc%1743582315.558", Some(("zlib", "1.2.11", None, Some("abc")))),
            ("a/1@u/stable#abc:def", Some(("a", "1", Some("u/stable"), Some("abc")))),
            ("a/cci.2020@u", Some(("a", "cci.2020", Some("u"), None))),
            ("a/[>=1.2 <2]@u/c", Some(("a", "[>=1.2 <2]", Some("u/c"), None))),
            ("", None),
            ("a", None),
            ("a/", None),
            ("/1", None),
            ("a/1/2", None),
            ("a b/1", None),
            ("a/[1", None),
            ("a/1@u/c/d", None),
            ("a/1@u@c", None),
            ("a/1#", None),
            ("a/1\u{0}", None),
        ] {
            let found = Reference::read(text).map(|one| (one.name, one.version, one.user, one.revision));
            assert_eq!(found, expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String, more in "[a/@#%:\\[\\] 1é]{0,12}") {
            let _ = (Reference::read(&text), Reference::read(&more));
        }
    }
}
