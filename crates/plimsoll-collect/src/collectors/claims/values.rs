//! What the values of a claims file may be: something that is said, and no text of a form that nobody has filled in.

/// Is it the text of a form that is not filled in?
pub(super) fn is_unfilled(text: &str) -> bool {
    const WHOLE: &[&str] = &[
        "changeme",
        "change me",
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
        "n/a",
        "name",
        "none",
        "organisation",
        "organization",
        "organization name",
        "product",
        "product name",
        "project name",
        "tba",
        "tbd",
        "unknown",
        "vendor",
        "vendor name",
        "version",
        "x.y.z",
        "xxx",
    ];
    const PARTS: &[&str] =
        &["placeholder", "lorem ipsum", "todo", "fixme", "fill in", "fill me", "insert ", "replace me", "replace this"];
    let lower = text.trim().to_lowercase();
    let words: Vec<&str> =
        lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let in_brackets = [("<", ">"), ("[", "]"), ("{", "}"), ("${", "}")]
        .iter()
        .any(|(open, close)| lower.starts_with(open) && lower.ends_with(close));
    // A name like `todo-app` is one: a mark of what is to be done is a word before or after others.
    let marked = lower.starts_with("to be ")
        || PARTS.iter().any(|part| match *part {
            "todo" | "fixme" => {
                lower == *part || lower.starts_with(&format!("{part}:")) || lower.starts_with(&format!("{part} "))
            }
            part => lower.contains(part),
        });
    in_brackets
        || marked
        || WHOLE.contains(&lower.as_str())
        || matches!(words.as_slice(), ["your" | "yourname" | "yourcompany" | "yourproject" | "yourorg", ..])
        || matches!(words.as_slice(), ["the", "your", ..])
}

/// Is it a page on a domain that is reserved for samples?
///
/// Source: RFC 2606 section 3.
pub(super) fn is_sample_page(address: &str) -> bool {
    let Some((_, rest)) = address.split_once("://") else { return false };
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default().to_ascii_lowercase();
    let labels: Vec<&str> = host.trim_end_matches('.').rsplit('.').take(2).collect();
    matches!(
        labels.as_slice(),
        ["com" | "org" | "net" | "edu", "example"] | ["invalid" | "test" | "localhost" | "local", _]
    )
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

/// An address that can be shown: `https://`, `http://`, and for a contact also `mailto:` or a plain e-mail address.
pub(super) fn is_address(text: &str, contact: bool) -> bool {
    let plain = !text
        .chars()
        .any(|character| character.is_whitespace() || character.is_control() || "<>\"'`".contains(character));
    let page =
        ["https://", "http://"].iter().any(|scheme| text.strip_prefix(scheme).is_some_and(|rest| rest.contains('.')));
    let mail = text.strip_prefix("mailto:").unwrap_or(text);
    let mail =
        mail.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'));
    plain && text.len() <= 500 && (page || (contact && mail))
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
            "Example Notes",
            "Example Works Ltd.",
            "ACME Corp",
            "todo-app",
            "Todo",
            "1.0.0",
            "Yourtown Software",
            "plimsoll",
            "Test Kitchen",
            "Products Ltd.",
            "Namecheap",
        ] {
            assert_eq!(is_unfilled(text), text == "Todo", "{text}");
        }
        for (page, expected) in [
            ("https://example.com", true),
            ("https://www.example.org/x", true),
            ("http://a.b.Example.NET:80/", true),
            ("https://acme.invalid/", true),
            ("https://acme.example/", false),
            ("https://example.dev/", false),
            ("https://notexample.com/", false),
            ("mailto:a@example.org", false),
            ("a@example.org", false),
        ] {
            assert_eq!(is_sample_page(page), expected, "{page}");
        }
    }
}
