//! Addresses at which a person can be reached, in the spellings that people use; and those that reach nobody.

use std::sync::LazyLock;

use regex::{Captures, Regex};

type Pattern = LazyLock<Option<Regex>>;

/// What an address is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Worth {
    /// Somebody can be reached there.
    Good,
    /// It is on a domain that is reserved for samples.
    Sample,
    /// It is to be replaced by the person who fills the page in.
    Placeholder,
    /// Nobody reads what is sent there.
    Nobody,
}

/// One address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// As it is shown.
    pub(crate) text: String,
    pub(crate) worth: Worth,
    pub(crate) kind: Kind,
}

/// How it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Mail,
    Page,
    Chat,
    Phone,
}

static BRACKETED_AT: Pattern = LazyLock::new(|| {
    Regex::new(r"(?i)\s*(?:\[\s*(?:at|@)\s*\]|\(\s*(?:at|@)\s*\)|\{\s*(?:at|@)\s*\}|<\s*at\s*>)\s*").ok()
});
static BRACKETED_DOT: Pattern = LazyLock::new(|| {
    Regex::new(r"(?i)\s*(?:\[\s*(?:dot|\.)\s*\]|\(\s*(?:dot|\.)\s*\)|\{\s*(?:dot|\.)\s*\}|<\s*dot\s*>)\s*").ok()
});
static SPELLED: Pattern = LazyLock::new(|| {
    Regex::new(r"(?i)\b([a-z0-9._+-]+) (?:at|@) ([a-z0-9-]+) dot ([a-z]{2,10})(?: dot ([a-z]{2,10}))?\b").ok()
});
static SPELLED_AT: Pattern = LazyLock::new(|| {
    Regex::new(r"(?i)\b(security|sec|secure|psirt|vuln[a-z]*|disclosure|report[a-z]*|contact|info|admin|hello|support|bugs) (?:at|@) ([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,10})\b").ok()
});
static MAIL: Pattern = LazyLock::new(|| {
    Regex::new(r"(?i)(?:mailto:)?([a-z0-9!#$&'*+/=?^_{|}~.%-]{1,64})(?:@|%40)([a-z0-9-]+(?:\.[a-z0-9-]+)+)").ok()
});
static PAGE: Pattern = LazyLock::new(|| Regex::new(r#"(?i)https?://[^\s<>"'`\]]+"#).ok());
static MATRIX: Pattern =
    LazyLock::new(|| Regex::new(r"(?i)(?:^|[\s(<,:])([@#!][a-z0-9._=/+-]+:[a-z0-9-]+(?:\.[a-z0-9-]+)+)").ok());
static HANDLE: Pattern =
    LazyLock::new(|| Regex::new(r"(?:^|[\s(,:/])(@[A-Za-z][A-Za-z0-9_-]{0,38})(?:[\s,;)!?]|[.:](?:\s|$)|$)").ok());
static PHONE: Pattern = LazyLock::new(|| Regex::new(r"\+\d[\d ()./-]{6,20}\d").ok());
static SIGNAL: Pattern = LazyLock::new(|| Regex::new(r"\b[A-Za-z_][A-Za-z0-9_]{2,31}\.\d{2,9}\b").ok());

/// Ends of names of files that no address has.
const FILES: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "json", "yml", "yaml", "toml", "html", "css", "js", "ts",
    "lock", "txt", "lua", "exe", "dll", "tgz", "gz", "jar", "whl", "crate", "patch", "diff", "git",
];
/// Ends of names that are known in one network alone, and by which nobody outside of it is reached.
const LOCAL: &[&str] =
    &["alt", "arpa", "corp", "home", "internal", "intranet", "lan", "localdomain", "private", "workgroup"];
/// What stands before the `@` of an address that nobody reads.
const UNREAD: &[&str] = &["nobody", "git", "mailer-daemon", "devnull", "null"];
/// The same with what follows or leads, without the signs between words.
const UNREAD_PARTS: &[&str] = &["noreply", "donotreply", "dontreply", "donotrespond", "doesnotexist"];
/// What stands before the `@` where the page is not filled in.
const UNFILLED_NAMES: &[&str] = &[
    "changeme",
    "email",
    "example",
    "first.last",
    "firstname.lastname",
    "foo",
    "john.doe",
    "jane.doe",
    "name",
    "placeholder",
    "somebody",
    "someone",
    "tbd",
    "todo",
    "test",
    "user",
    "username",
    "xxx",
    "you",
    "your",
    "youremail",
    "yourmail",
    "yourname",
];
/// Names of domains where the page is not filled in.
const UNFILLED_DOMAINS: &[&str] = &[
    "anydomain",
    "changeme",
    "company",
    "companyname",
    "domain",
    "domainname",
    "email",
    "foobar",
    "hostname",
    "mycompany",
    "mydomain",
    "myorg",
    "myproject",
    "organisation",
    "organization",
    "placeholder",
    "project",
    "projectname",
    "replaceme",
    "sample",
    "somecompany",
    "somedomain",
    "someone",
    "test",
    "website",
    "xxx",
    "your",
    "yourcompany",
    "yourdomain",
    "yours",
];

/// `text` with addresses that were spelled for people alone put back as they are used.
pub(crate) fn plain(text: &str) -> String {
    let replace = |pattern: &Pattern, text: String, with: &str| match pattern.as_ref() {
        Some(pattern) => pattern.replace_all(&text, with).into_owned(),
        None => text,
    };
    let text = replace(&BRACKETED_AT, text.to_owned(), "@");
    let text = replace(&BRACKETED_DOT, text, ".");
    let text = match SPELLED.as_ref() {
        Some(spelled) => spelled
            .replace_all(&text, |found: &Captures<'_>| {
                let part = |at: usize| found.get(at).map_or("", |part| part.as_str());
                let last = if part(4).is_empty() { String::new() } else { format!(".{}", part(4)) };
                format!("{}@{}.{}{last}", part(1), part(2), part(3))
            })
            .into_owned(),
        None => text,
    };
    replace(&SPELLED_AT, text, "$1@$2")
}

/// Every address in `text`, which is `plain`.
pub(crate) fn addresses(text: &str) -> Vec<Address> {
    let lower = text.to_lowercase();
    let mut found = Vec::new();
    let mut take = |text: &str, worth: Worth, kind: Kind| {
        let address = Address { text: text.to_owned(), worth, kind };
        if !found.contains(&address) {
            found.push(address);
        }
    };
    let mut pages = Vec::new();
    for page in PAGE.iter().flat_map(|page| page.find_iter(text)) {
        pages.push(page.range());
        let shown = page.as_str().trim_end_matches(['.', ',', ';', ':', ')', '!', '?', '*', '_']);
        if let Some(worth) = worth_of_page(shown) {
            take(shown, worth, Kind::Page);
        }
    }
    let in_page = |at: usize| pages.iter().any(|page| page.contains(&at));
    for mail in MAIL.iter().flat_map(|mail| mail.captures_iter(text)) {
        let (Some(whole), Some(name), Some(host)) = (mail.get(0), mail.get(1), mail.get(2)) else { continue };
        let before = text.get(..name.start()).and_then(|before| before.chars().next_back());
        let after = text.get(host.end()..).and_then(|after| after.chars().next());
        // `@scope/name@1.0.dev`, `actions/checkout@main.yml`, `user:pass@host`, `a@b.c/d`, `#room:host`.
        let part_of_more = name.as_str().contains('/')
            || (before.is_some_and(|before| matches!(before, '@' | '/' | ':') || before.is_alphanumeric())
                && !whole.as_str().to_ascii_lowercase().starts_with("mailto:"))
            || after.is_some_and(|after| {
                matches!(after, '/' | '@' | ':')
                    && !text.get(host.end() + 1..).is_none_or(|rest| rest.is_empty() || rest.starts_with([' ', '\n']))
            });
        if part_of_more || in_page(whole.start()) {
            continue;
        }
        let name = name.as_str().trim_start_matches(['\'', '*', '{', '|', '.']);
        if let Some(worth) = worth_of_mail(name, host.as_str()) {
            take(&format!("{name}@{}", host.as_str().trim_end_matches('-')), worth, Kind::Mail);
        }
    }
    for name in MATRIX.iter().flat_map(|matrix| matrix.captures_iter(text)).filter_map(|found| found.get(1)) {
        let host = name.as_str().rsplit(':').next().unwrap_or_default();
        if !in_page(name.start()) && is_host(host) {
            take(name.as_str(), worth_of_host(host), Kind::Chat);
        }
    }
    for name in HANDLE.iter().flat_map(|handle| handle.captures_iter(text)).filter_map(|found| found.get(1)) {
        let word = name.as_str().trim_start_matches('@').to_ascii_lowercase();
        let version =
            word.strip_prefix('v').is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()));
        let unfilled = UNFILLED_NAMES.contains(&word.as_str()) || word.starts_with("your");
        if !version && !in_page(name.start()) && !matches!(word.as_str(), "latest" | "main" | "master" | "next") {
            take(name.as_str(), if unfilled { Worth::Placeholder } else { Worth::Good }, Kind::Chat);
        }
    }
    if ["phone", "call ", "tel", "signal", "whatsapp", "sms"].iter().any(|word| lower.contains(word)) {
        for number in PHONE.iter().flat_map(|phone| phone.find_iter(text)) {
            let digits: String = number.as_str().chars().filter(char::is_ascii_digit).collect();
            // +1 555 01xx and the like are kept for films.
            let worth =
                if digits.contains("55501") || digits.ends_with("0000000") { Worth::Placeholder } else { Worth::Good };
            take(number.as_str(), worth, Kind::Phone);
        }
    }
    if lower.contains("signal") {
        for name in SIGNAL.iter().flat_map(|signal| signal.find_iter(text)).filter(|name| !in_page(name.start())) {
            take(name.as_str(), Worth::Good, Kind::Chat);
        }
    }
    found
}

/// Labels of letters, digits and hyphens, of which the last is of letters.
fn is_host(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    let Some((last, rest)) = labels.split_last() else { return false };
    let top = last.len() >= 2 && last.bytes().all(|byte| byte.is_ascii_alphabetic())
        || last.to_ascii_lowercase().starts_with("xn--");
    // `1.2.rc`, `v4.x`: a version.
    let number = |label: &&str| label.trim_start_matches(['v', 'V']).bytes().all(|byte| byte.is_ascii_digit());
    top && !LOCAL.contains(&last.to_ascii_lowercase().as_str())
        && !rest.is_empty()
        && !rest.iter().all(number)
        && rest.iter().all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
        && !FILES.contains(&last.to_ascii_lowercase().as_str())
}

/// What a host is worth.
///
/// Source: RFC 2606 and RFC 6761, names that are reserved for testing and documentation. A made-up name below `.example` is
/// taken as it is: templates are not filled in with one, and whether a domain exists is not known here anyway.
fn worth_of_host(host: &str) -> Worth {
    let host = host.to_ascii_lowercase();
    let labels: Vec<&str> = host.split('.').collect();
    let last = labels.last().copied().unwrap_or_default();
    let second = labels.len().checked_sub(2).and_then(|at| labels.get(at)).copied().unwrap_or_default();
    // Below `co.uk` and its like the name is one label further to the left.
    let third = labels.len().checked_sub(3).and_then(|at| labels.get(at)).copied().unwrap_or_default();
    let shared = last.len() == 2 && matches!(second, "ac" | "co" | "com" | "edu" | "gov" | "net" | "or" | "org");
    let second = if shared && !third.is_empty() { third } else { second };
    if last == "tld"
        || UNFILLED_DOMAINS.contains(&second.replace('-', "").as_str())
        || second.starts_with("your-")
        || second.starts_with("your") && second.len() > 6
        || second.starts_with("my-")
    {
        return Worth::Placeholder;
    }
    if matches!(last, "test" | "invalid" | "localhost" | "local") || second == "example" {
        return Worth::Sample;
    }
    Worth::Good
}

/// What an e-mail address is worth; nothing where it is none, or nobody reads it.
fn worth_of_mail(name: &str, host: &str) -> Option<Worth> {
    let host = host.trim_end_matches('-').to_ascii_lowercase();
    let local = name.to_ascii_lowercase();
    if local.is_empty() || !is_host(&host) {
        return None;
    }
    let joined: String = local.chars().filter(|letter| letter.is_alphanumeric()).collect();
    let unread = UNREAD.contains(&local.as_str()) || UNREAD_PARTS.iter().any(|part| joined.contains(part));
    if unread || host.starts_with("noreply.") || host.contains(".noreply.") {
        return Some(Worth::Nobody);
    }
    if UNFILLED_NAMES.contains(&local.as_str())
        || local.starts_with("your-")
        || local.starts_with("your_")
        || local.starts_with("your.")
        || local.contains('[')
    {
        return Some(Worth::Placeholder);
    }
    Some(worth_of_host(&host))
}

/// Why nobody can be reached at what is one address as a whole: a page, `mailto:` or an e-mail address. Nothing where
/// somebody may be.
pub(crate) fn reaches_nobody(text: &str) -> Option<&'static str> {
    let worth = if let Some((scheme, rest)) = text.split_once("://") {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if !matches!(scheme.to_ascii_lowercase().as_str(), "https" | "http") || authority.contains('@') {
            return Some("is no address of a page");
        }
        let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
        if port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some("has no host that is known outside of one network");
        }
        worth_of_page(&format!(
            "https://{}{}",
            host.trim_end_matches('.'),
            rest.get(authority.len()..).unwrap_or_default()
        ))
    } else {
        let mail = text.split_once(':').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("mailto"));
        let mail = mail.map_or(text, |(_, mail)| mail).split('?').next().unwrap_or_default();
        let Some((name, host)) = mail.rsplit_once('@') else { return Some("is no address") };
        if name.is_empty() || name.contains(['@', '/', ':', ',']) {
            return Some("is no address");
        }
        worth_of_mail(name, host)
    };
    match worth {
        None => Some("has no host that is known outside of one network"),
        Some(Worth::Good) => None,
        Some(Worth::Sample) => Some("is on a domain that is reserved for samples"),
        Some(Worth::Placeholder) => Some("is a placeholder"),
        Some(Worth::Nobody) => Some("is one that no one reads"),
    }
}

fn worth_of_page(page: &str) -> Option<Worth> {
    let rest = page.split_once("://")?.1;
    let host = rest.split(['/', '?', '#', ':']).next()?;
    if !is_host(host) {
        return None;
    }
    let path = rest.get(host.len()..).unwrap_or_default().to_ascii_lowercase();
    let unfilled = path.split(['/', '?', '#']).any(|part| {
        part.starts_with("your-")
            || part.starts_with("your_")
            || part.contains('{')
            || matches!(part, "owner" | "org" | "username" | "<owner>" | "yourname")
    });
    Some(if unfilled { Worth::Placeholder } else { worth_of_host(host) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let found = addresses(&plain(text));
        let shown: Vec<String> = found
            .iter()
            .map(|one| {
                let worth = match one.worth {
                    Worth::Good => "",
                    Worth::Sample => "~",
                    Worth::Placeholder => "?",
                    Worth::Nobody => "!",
                };
                format!("{worth}{}", one.text)
            })
            .collect();
        assert_eq!(shown.join(" "), expected, "{text}");
    }

    #[test]
    fn addresses_are_found_in_every_spelling() {
        for (text, expected) in [
            ("a@b.dev.", "a@b.dev"),
            ("<a.b+c@d-e.co.uk>", "a.b+c@d-e.co.uk"),
            ("mailto:a@b.dev", "a@b.dev"),
            ("security%40b.dev", "security@b.dev"),
            ("security [at] acme [dot] org", "security@acme.org"),
            ("security (at) acme (dot) org", "security@acme.org"),
            ("security{at}acme.org", "security@acme.org"),
            ("security at acme dot co dot uk", "security@acme.co.uk"),
            ("security at acme.dev", "security@acme.dev"),
            ("#room:matrix.org and @ada:matrix.org", "#room:matrix.org @ada:matrix.org"),
            ("ping @ada.", "@ada"),
            ("call +49 30 1234567", "+49 30 1234567"),
            ("on Signal: ada.42", "ada.42"),
            ("https://acme.dev/contact.", "https://acme.dev/contact"),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn what_reaches_nobody_is_no_address() {
        for (text, expected) in [
            ("left-pad@1.3.0", ""),
            ("x@1.2.rc x@v4.x checkout@v4.1.1", ""),
            ("actions/checkout@v4.1.1", ""),
            ("actions/cache@main.yml", ""),
            ("@types/node@20.1.dev", ""),
            ("logo@2x.png", ""),
            ("name@sha256:abc", ""),
            (
                "no-reply@acme.dev 1+a@users.noreply.github.com git@github.com:a/b.git",
                "!no-reply@acme.dev !1+a@users.noreply.github.com",
            ),
            ("https://user@acme.dev/x", "https://user@acme.dev/x"),
            ("a@b root@localhost.localdomain a@b.internal a@b.lan a@b.home.arpa https://a.corp/x", ""),
            ("@v1 @latest", ""),
            ("look at acme.dev", ""),
            ("+49 30 1234567", ""),
            (
                "security@example.org a@b.test x@mail.example.com a@acme.example",
                "~security@example.org ~a@b.test ~x@mail.example.com a@acme.example",
            ),
            (
                "security@yourcompany.com you@domain.tld your-email@your-domain.com",
                "?security@yourcompany.com ?you@domain.tld ?your-email@your-domain.com",
            ),
            (
                "https://github.com/your-org/x https://example.net/form",
                "?https://github.com/your-org/x ~https://example.net/form",
            ),
            ("@yourname", "?@yourname"),
            (
                "security@example.de a@example.co.uk a@example.io a@www.example.dev",
                "~security@example.de ~a@example.co.uk ~a@example.io ~a@www.example.dev",
            ),
            (
                "me@email.com test@test.com you@yourdomain.com user@domain.com x@company.com x@my-company.co.uk",
                "?me@email.com ?test@test.com ?you@yourdomain.com ?user@domain.com ?x@company.com ?x@my-company.co.uk",
            ),
            (
                "no_reply@acme.dev do-not-reply@acme.dev donotreply@acme.dev noreply+a@acme.dev acme.no.reply@acme.dev",
                "!no_reply@acme.dev !do-not-reply@acme.dev !donotreply@acme.dev !noreply+a@acme.dev !acme.no.reply@acme.dev",
            ),
            ("ada@examples.dev ada@testing.dev ada@acme.co.uk", "ada@examples.dev ada@testing.dev ada@acme.co.uk"),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn one_address_reaches_somebody_or_nobody() {
        for (text, expected) in [
            ("sec@acme.dev", ""),
            ("mailto:sec@acme.dev?subject=hole", ""),
            ("https://acme.dev/contact", ""),
            ("http://acme.example:8080/", ""),
            ("sec@acme.example", ""),
            ("https://acme.dev", ""),
            ("left-pad@1.3.0", "host"),
            ("@types/node@20.1.0", "no address"),
            ("sec@example.org", "samples"),
            ("https://example.com/x", "samples"),
            ("https://www.example.de", "samples"),
            ("no-reply@acme.dev", "no one reads"),
            ("you@yourdomain.com", "placeholder"),
            ("https://github.com/your-org/x", "placeholder"),
            ("http://127.0.0.1/x", "host"),
            ("https://10.0.0.1", "host"),
            ("https://[::1]/", "host"),
            ("https://localhost:8080/a.b", "host"),
            ("http://server.lan/", "host"),
            ("https://.", "host"),
            ("https://..", "host"),
            ("https://a.", "host"),
            ("root@localhost", "host"),
            ("a@10.0.0.1", "host"),
            ("a@[10.0.0.1]", "host"),
            ("@acme.dev", "no address"),
            ("a@b@acme.dev", "no address"),
            ("https://user@acme.dev/", "no address"),
            ("ftp://acme.dev/", "no address"),
            ("", "no address"),
        ] {
            let found = reaches_nobody(text).unwrap_or_default();
            assert_eq!(found.is_empty(), expected.is_empty(), "{text}: {found}");
            assert!(found.contains(expected), "{text}: {found}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String) {
            addresses(&plain(&text));
            reaches_nobody(&text);
        }
    }
}
