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

/// As [`page`], for an address that a stranger may be led to: `https`, of a public host, without a user's name.
///
/// A name that resolves to a private address is not seen: nothing is looked up.
pub(crate) fn public_page(text: &str) -> Option<String> {
    let address = page(text)?;
    let authority = address.strip_prefix("https://")?.split(['/', '?', '#']).next()?;
    let host = authority.split(':').next()?.trim_end_matches('.').to_ascii_lowercase();
    let is_name = host.split('.').count() > 1
        && host.split('.').all(|label| !label.is_empty() && !label.starts_with('-'))
        && host.rsplit('.').next().is_some_and(|last| last.chars().any(char::is_alphabetic) && !last.starts_with("0x"));
    let is_private = PRIVATE.iter().any(|end| host.ends_with(end));
    (is_name && !is_private && !authority.contains(['@', '[', '%'])).then_some(address)
}

/// Ends of names that mean nothing outside of one machine or house. Source: RFC 6761, RFC 6762, RFC 7686, RFC 8375, RFC 9476.
const PRIVATE: [&str; 12] = [
    ".localhost",
    ".local",
    ".internal",
    ".lan",
    ".home",
    ".corp",
    ".intranet",
    ".private",
    ".home.arpa",
    ".onion",
    ".alt",
    ".invalid",
];

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
    fn nobody_is_led_to_a_place_that_is_not_public() {
        for text in ["https://example.org", "https://Example.org:8443/a@b?c#d", "https://xn--bcher-kva.example/label"] {
            assert!(public_page(text).is_some(), "{text}");
        }
        for text in [
            "http://example.org",
            "mailto:a@example.org",
            "https://github.com@evil.example",
            "https://user:pw@example.org/",
            "https://localhost/",
            "https://localhost.:80",
            "https://printer.local",
            "https://wiki.corp/label",
            "https://127.0.0.1/",
            "https://10.1.2.3/",
            "https://2130706433/",
            "https://0x7f.0x1/",
            "https://[::1]/",
            "https://a..b",
            "https://%65xample.org",
            "javascript:alert(1)",
            "",
        ] {
            assert_eq!(public_page(text), None, "{text}");
        }
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
