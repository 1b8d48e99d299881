//! Which identities a pattern of a trust policy names.
//!
//! A certificate says who somebody is by an address, a URI, or a name of its own. What one of them holds as text, another could
//! hold as well, and whoever may choose a URI or a name may not be who has the address: a pattern names one kind alone.

use crate::{checked::NameKind, ssh::fits};

/// What a text that names somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// `somebody@example.org`: one `@`, with something on both sides.
    Address,
    /// `https://forge.example/...`, also with an `@` in it.
    Uri,
    /// `CN=somebody`.
    Subject,
    /// Anything else.
    Other,
}

fn form(text: &str) -> Form {
    if text.contains("://") {
        return Form::Uri;
    }
    let is_attribute = text.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'.')
    });
    match text.split_once('@') {
        _ if is_attribute => Form::Subject,
        Some((user, host)) if !user.is_empty() && !host.is_empty() && !host.contains('@') => Form::Address,
        _ => Form::Other,
    }
}

/// Does `pattern`, in which `*` stands for any run of characters and `?` for one, name `identity`?
///
/// A pattern of an address names addresses, each side of the `@` by itself; one of a URI names URIs. One that is neither (`*`)
/// names whatever fits it.
pub(crate) fn names(pattern: &str, identity: &str) -> bool {
    let kind = match form(identity) {
        Form::Address => NameKind::Address,
        Form::Uri => NameKind::Uri,
        Form::Subject => NameKind::Subject,
        Form::Other => NameKind::User,
    };
    names_kind(pattern, kind, identity)
}

/// The same, where the certificate says what the identity is: a URI may read like an address.
pub(crate) fn names_kind(pattern: &str, kind: NameKind, identity: &str) -> bool {
    match form(pattern) {
        Form::Address => match (pattern.split_once('@'), identity.split_once('@')) {
            (Some((users, hosts)), Some((user, host))) => {
                let is_plain = !identity.contains(|one: char| one.is_whitespace() || matches!(one, '<' | '>' | ':'));
                kind == NameKind::Address
                    && form(identity) == Form::Address
                    && is_plain
                    && fits(user, users)
                    && fits(&host.to_lowercase(), &hosts.to_lowercase())
            }
            _ => false,
        },
        Form::Uri => kind == NameKind::Uri && form(identity) == Form::Uri && fits(identity, pattern),
        Form::Subject => kind == NameKind::Subject && fits(identity, pattern),
        // `@example.org` and `a@b@c` are no addresses, and name nobody.
        Form::Other => !pattern.contains('@') && fits(identity, pattern),
    }
}

#[cfg(test)]
mod tests {
    use super::{NameKind, names, names_kind};

    #[test]
    fn a_pattern_names_its_own_kind_alone() {
        for (pattern, identity, expected) in [
            ("*@example.org", "me@example.org", true),
            ("me@example.org", "me@example.org", true),
            ("m?@example.org", "me@example.org", true),
            ("*@*.example.org", "me@mail.example.org", true),
            ("*@example.org", "me@evil.org", false),
            ("*@example.org", "https://evil.org/me@example.org", false),
            ("*@example.org", "spiffe://evil.org/me@example.org", false),
            ("*@example.org", "CN=me@example.org", false),
            ("*@example.org", "O=x,CN=me@example.org", false),
            ("*@example.org", "2.5.4.3=me@example.org", false),
            ("*@example.org", "evil@evil.org@example.org", false),
            ("*@example.org", "@example.org", false),
            ("*@example.org", "example.org", false),
            ("*@example.org", "me@example.org.evil.org", false),
            ("*@*", "me@example.org", true),
            ("me@Example.org", "me@EXAMPLE.ORG", true),
            ("me@example.org", "Me@example.org", false),
            ("*@example.org", "me you@example.org", false),
            ("*@example.org", "<me@example.org", false),
            ("*@example.org", "mailto:me@example.org", false),
            ("CN=me@example.org", "CN=me@example.org", true),
            ("CN=me@example.org", "me@example.org", false),
            ("*@*", "https://x/@y", false),
            ("@example.org", "@example.org", false),
            ("a@b@c", "a@b@c", false),
            ("https://forge.example/acme/*@refs/tags/*", "https://forge.example/acme/app/ci.yml@refs/tags/v1", true),
            ("https://forge.example/acme/*", "https://forge.example/acme/app", true),
            ("https://forge.example/*", "me@forge.example", false),
            ("https://forge.example/*", "http://forge.example/x", false),
            ("*://forge.example/*", "https://forge.example/x", true),
            ("CN=me", "CN=me", true),
            ("CN=*", "CN=me,O=x", true),
            ("CN=*", "me@example.org", false),
            ("*", "me@example.org", true),
            ("*", "CN=me", true),
            ("", "", true),
            ("", "me@example.org", false),
        ] {
            assert_eq!(names(pattern, identity), expected, "{pattern} {identity}");
        }
    }

    #[test]
    fn the_kind_that_the_certificate_states_decides() {
        use NameKind::{Address, Subject, Uri, User};
        for (pattern, kind, identity, expected) in [
            ("*@example.org", Address, "me@example.org", true),
            ("*@example.org", Uri, "me@example.org", false),
            ("*@example.org", User, "me@example.org", false),
            ("*@example.org", Subject, "me@example.org", false),
            ("https://x.org/*", Uri, "https://x.org/a", true),
            ("https://x.org/*", Address, "https://x.org/a", false),
            ("https://x.org/*", Subject, "https://x.org/a", false),
            ("CN=me", Subject, "CN=me", true),
            ("CN=me", Uri, "CN=me", false),
            ("CN=me", Address, "CN=me", false),
            ("CN=me", User, "CN=me", false),
            ("me", User, "me", true),
        ] {
            assert_eq!(names_kind(pattern, kind, identity), expected, "{pattern} {kind:?} {identity}");
        }
    }
}
