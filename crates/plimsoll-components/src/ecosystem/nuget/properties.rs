//! Properties of `MSBuild` and what texts come to with them.
//!
//! Source: `MSBuild` reference, "`MSBuild` properties", "Property functions".

use std::collections::BTreeMap;

/// How long what a text comes to may be.
const LONGEST: usize = 4096;
/// How many values of one property are told apart.
const VALUES: usize = 4;

/// What stands for the root of the tree in a path.
pub(super) const ROOT: &str = "\u{1}/";

/// Values by name in small letters. A property that may have several has none that is known.
#[derive(Clone, Debug, Default)]
pub(super) struct Properties {
    values: BTreeMap<String, Vec<Option<String>>>,
}

impl Properties {
    /// Sets one; under a condition that is not decided here, it may have this value or that of before.
    pub fn set(&mut self, name: &str, value: Option<String>, conditional: bool) {
        let known = self.values.entry(name.to_owned()).or_default();
        if !conditional {
            known.clear();
        }
        if known.len() < VALUES && !known.contains(&value) {
            known.push(value);
        }
    }

    /// Was it set, whatever to?
    pub fn is_set(&self, name: &str) -> bool {
        self.values.get(name).is_some_and(|values| values.iter().any(|value| value.as_deref() != Some("")))
    }

    /// Its value, where it has one that is known.
    pub fn get(&self, name: &str) -> Option<&str> {
        match self.values.get(name)?.as_slice() {
            [Some(value)] => Some(value),
            _ => None,
        }
    }

    /// May it be `true`?
    pub fn may_be_true(&self, name: &str) -> bool {
        let values = self.values.get(name).into_iter().flatten();
        values.into_iter().any(|value| value.as_deref().is_none_or(|value| value.trim().eq_ignore_ascii_case("true")))
    }

    /// What a text comes to; nothing where that is not known. `folder` is that of the file in which it is written.
    pub fn expand(&self, text: &str, folder: &str) -> Option<String> {
        let mut all = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['$', '@', '%']) {
            let (before, from) = rest.split_at_checked(at)?;
            all.push_str(before);
            let mut characters = from.chars();
            let sign = characters.next()?;
            let after = characters.as_str();
            let Some(inner) = after.strip_prefix('(') else {
                all.push(sign);
                rest = after;
                continue;
            };
            let (name, after) = inner.split_once(')')?;
            let name = name.trim();
            if sign != '$' || name.starts_with('[') || name.contains(['(', '.', ':']) {
                return None;
            }
            match name.to_ascii_lowercase().as_str() {
                "msbuildthisfiledirectory" => {
                    all.push_str(ROOT);
                    all.push_str(folder);
                    all.push('/');
                }
                name => all.push_str(self.get(name)?),
            }
            if all.len() > LONGEST {
                return None;
            }
            rest = after;
        }
        all.push_str(rest);
        (all.len() <= LONGEST).then_some(all)
    }
}

/// A condition that asks whether the property that is set has no value yet.
pub(super) fn is_default_of(condition: &str, name: &str) -> bool {
    let plain: String = condition.chars().filter(|one| !one.is_whitespace()).collect::<String>().to_ascii_lowercase();
    plain == format!("'$({name})'==''") || plain == format!("$({name})==''")
}

/// The path in a condition that asks alone whether a file is there.
pub(super) fn exists(condition: &str) -> Option<&str> {
    let inner =
        condition.trim().strip_prefix("Exists")?.trim_start().strip_prefix('(')?.trim_end().strip_suffix(')')?.trim();
    let quote = inner.chars().next()?;
    let inner = inner.strip_prefix(['\'', '"'])?.strip_suffix(quote)?;
    (!inner.contains(['\'', '"'])).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_comes_to_what_is_known_alone() {
        let mut properties = Properties::default();
        properties.set("a", Some("1".to_owned()), false);
        properties.set("two", Some("1".to_owned()), true);
        properties.set("two", Some("2".to_owned()), true);
        properties.set("never", None, false);
        properties.set("once", Some("x".to_owned()), true);
        for (text, expected) in [
            ("1.0", Some("1.0")),
            ("$(A).0", Some("1.0")),
            ("$( a )$(once)", Some("1x")),
            ("a$b%20@c", Some("a$b%20@c")),
            ("$(two)", None),
            ("$(never)", None),
            ("$(unset)", None),
            ("$(a", None),
            ("@(Items)", None),
            ("%(Meta)", None),
            ("$([MSBuild]::Add(1, 2))", None),
            ("$(a.Replace('1', '2'))", None),
            ("$(MSBuildThisFileDirectory)x", Some("\u{1}/src/x")),
        ] {
            assert_eq!(properties.expand(text, "src").as_deref(), expected, "{text}");
        }
        // Twice as long each time.
        let mut long = "x".repeat(100);
        for _ in 0..100 {
            properties.set("long", Some(long.clone()), false);
            match properties.expand("$(long)$(long)", "") {
                Some(longer) => long = longer,
                None => return,
            }
        }
        panic!("{} bytes", long.len());
    }

    #[test]
    fn conditions_that_are_decided_are_of_two_forms() {
        for (condition, expected) in [
            ("'$(V)' == ''", true),
            (" '$(v)'=='' ", true),
            ("'$(W)' == ''", false),
            ("'$(V)' != ''", false),
            ("'$(V)' == '' and '$(W)' == ''", false),
        ] {
            assert_eq!(is_default_of(condition, "v"), expected, "{condition}");
        }
        for (condition, expected) in [
            ("Exists('a.props')", Some("a.props")),
            ("Exists(\"$(X)a\")", Some("$(X)a")),
            ("Exists('a') and Exists('b')", None),
            ("!Exists('a')", None),
            ("Exists(a)", None),
            ("Exists('", None),
            ("", None),
        ] {
            assert_eq!(exists(condition), expected, "{condition}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[$@%()a.\\[:'Exists ä]{0,30}") {
            let _ = (Properties::default().expand(&text, "a"), exists(&text), is_default_of(&text, &text));
        }
    }
}
