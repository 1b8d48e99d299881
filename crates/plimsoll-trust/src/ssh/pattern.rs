//! OpenSSH's patterns.

use plimsoll_model::matches_wildcard;

/// Does `text` fit `pattern`, in which `*` stands for any run of characters and `?` for one? Linear in practice, and
/// bounded by the product of both lengths.
///
/// Source: OpenSSH `match.c`, `match_pattern`.
pub(crate) fn fits(text: &str, pattern: &str) -> bool {
    let (text, pattern): (Vec<char>, Vec<char>) = (text.chars().collect(), pattern.chars().collect());
    matches_wildcard(&pattern, &text, |one| *one == '*', |one, character| *one == '?' || one == character)
}

/// Does `text` fit one pattern of a list with commas, and none that begins with `!`?
///
/// Source: OpenSSH `match.c`, `match_pattern_list`.
pub(super) fn fits_list(text: &str, list: &str) -> bool {
    let mut found = false;
    for pattern in list.split(',') {
        match pattern.strip_prefix('!') {
            Some(refused) if fits(text, refused) => return false,
            Some(_) => {}
            None => found |= fits(text, pattern),
        }
    }
    found
}

/// Does the list name this address: does it fit one that says more than "anybody", and none that begins with `!`? Upper and
/// lower case are one here, as they are in addresses.
pub(crate) fn names(address: &str, list: &str) -> bool {
    let (address, list) = (address.to_lowercase(), list.to_lowercase());
    let says_something = |pattern: &&str| pattern.chars().any(|one| !matches!(one, '*' | '?' | '@' | '.'));
    let named: Vec<&str> = list.split(',').filter(says_something).collect();
    !address.is_empty() && fits_list(&address, &list) && fits_list(&address, &named.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_as_openssh_has_them() {
        for (text, pattern, expected) in [
            ("a@example.org", "a@example.org", true),
            ("a@example.org", "*@example.org", true),
            ("a@example.org", "?@example.org", true),
            ("ab@example.org", "?@example.org", false),
            ("a@example.org", "*", true),
            ("", "*", true),
            ("", "", true),
            ("a", "", false),
            ("", "?", false),
            ("aXbXc", "a*b*c", true),
            ("aXbXd", "a*b*c", false),
            ("abab", "*ab", true),
            ("A@x", "a@x", false),
        ] {
            assert_eq!(fits(text, pattern), expected, "{text} {pattern}");
        }
        assert!(fits_list("a@x", "b@x,a@x"));
        assert!(fits_list("a@x", "*@x,!b@x"));
        assert!(!fits_list("b@x", "*@x,!b@x"));
        assert!(!fits_list("b@x", "!a@x"));
    }

    #[test]
    fn a_list_names_addresses_and_not_anybody() {
        for (address, list, expected) in [
            ("a@example.org", "a@example.org", true),
            ("A@Example.org", "a@example.org", true),
            ("b@example.org", "a@example.org,b@example.org", true),
            ("b@example.org", "*@example.org", true),
            ("b@example.org", "a@example.org, b@example.org", false),
            ("b@example.org", "*@example.org,!b@example.org", false),
            ("b@example.org", "!b@example.org,*@example.org", false),
            ("b@example.org", "*", false),
            ("b@example.org", "*@*", false),
            ("b@example.org", "*,!a@example.org", false),
            ("b@example.org", "*,b@*", true),
            ("", "*", false),
            ("b@example.org", "", false),
        ] {
            assert_eq!(names(address, list), expected, "{address} {list}");
        }
    }

    #[test]
    fn many_stars_end_soon() {
        assert!(!fits(&"a".repeat(2000), &format!("{}b", "a*".repeat(500))));
    }
}
