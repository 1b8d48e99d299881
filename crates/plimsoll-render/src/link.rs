//! Which texts of a label may become links.

use plimsoll_model::visible;

/// Gives the address that `text` may link to: `http`, `https` or `mailto`, or an e-mail address as `mailto`.
///
/// Anything else, also an address with spaces, quotes, control or bidirectional characters, stays text.
pub(crate) fn link(text: &str) -> Option<String> {
    let text = text.trim();
    if !safe(text) || text.len() > 2000 {
        return None;
    }
    if let Some((scheme, rest)) = text.split_once(':') {
        let scheme = scheme.to_ascii_lowercase();
        return match scheme.as_str() {
            "http" | "https" => {
                let host = rest.strip_prefix("//")?.split(['/', '?', '#']).next()?;
                (!host.is_empty()).then(|| format!("{scheme}:{rest}"))
            }
            "mailto" => mailbox(rest.split('?').next()?).then(|| format!("{scheme}:{rest}")),
            _ => None,
        };
    }
    mailbox(text).then(|| format!("mailto:{text}"))
}

/// As [`link`], for addresses of pages alone.
pub(crate) fn page(text: &str) -> Option<String> {
    link(text).filter(|address| !address.starts_with("mailto:"))
}

fn safe(text: &str) -> bool {
    visible(text) == text
        && !text
            .chars()
            .any(|character| character.is_whitespace() || matches!(character, '"' | '\'' | '<' | '>' | '`' | '\\'))
}

fn mailbox(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.contains(['@', '/', ':'])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(link(text).as_deref(), expected, "{text:?}");
    }

    #[test]
    fn pages_and_mailboxes_are_links() {
        check("https://example.org/a?b=c#d", Some("https://example.org/a?b=c#d"));
        check(" HTTP://example.org ", Some("http://example.org"));
        check("mailto:a@example.org?subject=x", Some("mailto:a@example.org?subject=x"));
        check("a@example.org", Some("mailto:a@example.org"));
        assert_eq!(page("a@example.org"), None);
    }

    #[test]
    fn anything_else_is_text() {
        for text in [
            "",
            "example.org",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)//a@b.c",
            "java\tscript:alert(1)",
            "data:text/html,<script>",
            "vbscript:x",
            "file:///etc/passwd",
            "https:example.org",
            "https://",
            "https:///path",
            "https://a b",
            "https://example.org/\u{202e}gpj",
            "https://example.org/\"onclick=\"x",
            "https://example.org/\\",
            "mailto:nobody",
            "mailto:javascript:x@y",
            "a@b",
            "a@b@c.d",
        ] {
            check(text, None);
        }
    }
}
