//! What the values of a claims file may be: something that is said, and no text of a form that nobody has filled in.

use crate::contacts;

/// Values that are nobody's, as a whole.
const WHOLE: &[&str] = &[
    "anonymous",
    "claimant",
    "company",
    "company name",
    "first last",
    "firstname lastname",
    "full name",
    "jane doe",
    "john doe",
    "max mustermann",
    "my company",
    "my org",
    "my organisation",
    "my organization",
    "my product",
    "my project",
    "n a",
    "n n",
    "na",
    "name",
    "nil",
    "no name",
    "no one",
    "nobody",
    "none",
    "not applicable",
    "not known",
    "null",
    "organisation",
    "organization",
    "organization name",
    "product",
    "product name",
    "project name",
    "reason",
    "somebody",
    "someone",
    "undefined",
    "unknown",
    "vendor",
    "vendor name",
    "version",
    "x y z",
    "xxx",
];
/// Marks of what is to be filled in, and the words that go with them: what holds others is a name.
const MARKS: &[&str] = &[
    "add",
    "changeme",
    "change",
    "enter",
    "explain",
    "fill",
    "fixme",
    "insert",
    "placeholder",
    "put",
    "replace",
    "tba",
    "tbc",
    "tbd",
    "tbs",
    "todo",
    "wip",
    "write",
    "your",
    "yourcompany",
    "yourname",
    "yourorg",
    "yourproject",
];
const WITH_MARKS: &[&str] = &[
    "a",
    "an",
    "and",
    "announced",
    "be",
    "claimant",
    "company",
    "decided",
    "defined",
    "described",
    "done",
    "email",
    "first",
    "full",
    "here",
    "in",
    "it",
    "last",
    "later",
    "me",
    "name",
    "needed",
    "or",
    "org",
    "organisation",
    "organization",
    "out",
    "product",
    "project",
    "real",
    "reason",
    "something",
    "text",
    "the",
    "this",
    "title",
    "to",
    "value",
    "vendor",
    "version",
    "why",
    "with",
    "x",
];

/// Is it the text of a form that is not filled in? It is judged as a whole, or by what it holds in brackets: a name that only
/// begins like one is a name.
pub(super) fn is_unfilled(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    let words = words(&lower);
    let is_marked = |words: &[&str]| {
        !words.is_empty()
            && words.iter().all(|word| MARKS.contains(word) || WITH_MARKS.contains(word))
            && (words.iter().any(|word| MARKS.contains(word)) || words.starts_with(&["to", "be"]))
    };
    let is_whole = |words: &[&str]| WHOLE.contains(&words.join(" ").as_str());
    let signs = [("<", ">"), ("[", "]"), ("{", "}"), ("$", "}"), ("_", "_"), ("%", "%"), ("@", "@"), ("*", "*")];
    let in_brackets =
        lower.len() > 1 && signs.iter().any(|(open, close)| lower.starts_with(open) && lower.ends_with(close));
    let holds_brackets = lower.split(['<', '[', '{']).skip(1).any(|part| {
        let inner = self::words(part.split(['>', ']', '}']).next().unwrap_or_default());
        is_marked(&inner) || is_whole(&inner)
    });
    let labelled = ["todo", "fixme", "tbd", "xxx"].iter().any(|mark| lower.starts_with(&format!("{mark}:")));
    in_brackets
        || holds_brackets
        || labelled
        || is_marked(&words)
        || is_whole(&words)
        || lower.contains("lorem ipsum")
        || words.last() == Some(&"placeholder")
}

fn words(text: &str) -> Vec<&str> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect()
}

/// Does it give a reason, and not the text of a form? How good a short one is, is for its reader to judge: it is shown as said.
pub(super) fn gives_reason(text: &str) -> bool {
    says_something(text) && !is_unfilled(text)
}

/// Is there a letter or a digit in it that a reader sees? Fillers and signs alone name nobody.
///
/// Source: Unicode, `Default_Ignorable_Code_Point`, and the blank letters that are not among these.
pub(super) fn says_something(text: &str) -> bool {
    let unseen = |letter: char| {
        matches!(letter, '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}')
    };
    text.chars().any(|letter| letter.is_alphanumeric() && !unseen(letter))
}

/// Why it is no address that can be shown and at which somebody can be reached: `https://`, `http://`, and for a contact also
/// `mailto:` or a plain e-mail address.
pub(super) fn wrong_address(text: &str, contact: bool) -> Option<&'static str> {
    let plain = !text
        .chars()
        .any(|character| character.is_whitespace() || character.is_control() || "<>\"'`".contains(character));
    let page = ["https://", "http://"].iter().any(|scheme| text.starts_with(scheme));
    if !plain || text.len() > 500 || !page && !contact {
        return Some("is no address");
    }
    contacts::reaches_nobody(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_has_filled_in_is_known() {
        for text in [
            "Your Name",
            "your-company",
            "YOUR PRODUCT",
            "ACME Corp placeholder",
            "<name>",
            "[your name]",
            "${NAME}",
            "TODO",
            "TODO: name",
            "TBD",
            "Company Name",
            "John Doe",
            "x.y.z",
            "To be decided",
            "Insert name here",
            "changeme",
        ] {
            assert!(is_unfilled(text), "{text}");
        }
        for text in [
            "nobody",
            "No one",
            "no-one",
            "NULL",
            "undefined",
            "n/a",
            "N.N.",
            "tbc",
            "Unknown",
            "not known",
            "anonymous",
            "__NAME__",
            "%NAME%",
            "{{ name }}",
            "ACME <your name>",
            "todo",
            "Todo",
            "WIP",
            "FIXME: explain",
            "write why here",
            "to be announced",
        ] {
            assert!(is_unfilled(text), "{text}");
        }
        for text in [
            "Example Notes",
            "Example Works Ltd.",
            "ACME Corp",
            "todo-app",
            "Todo Software GmbH",
            "Your Label Needs You Ltd",
            "Nobody Studios",
            "Unknown Worlds Entertainment",
            "Anonymous Proxy Ltd.",
            "To Be Software",
            "1.0.0",
            "Yourtown Software",
            "plimsoll",
            "Test Kitchen",
            "Products Ltd.",
            "Namecheap",
            "Insert Coin Games",
            "Acme [EU] GmbH",
        ] {
            assert!(!is_unfilled(text), "{text}");
        }
    }

    #[test]
    fn a_reason_is_no_text_of_a_form() {
        for text in [
            "",
            "TODO",
            "n/a",
            "none",
            "tbd",
            "WIP",
            "reason",
            "FIXME: explain",
            "write why here",
            "to be done",
            "<reason>",
            "...",
        ] {
            assert!(!gives_reason(text), "{text}");
        }
        for text in [
            "x",
            "unreachable",
            "not reachable",
            "The feature is off.",
            "wir rufen es nie auf",
            "\u{4e0d}\u{4f1a}\u{8fd0}\u{884c}\u{5230}",
            "todo-app never calls it",
        ] {
            assert!(gives_reason(text), "{text}");
        }
    }
}
