//! A security policy that says where to report, and nothing that the maker has not said.

use plimsoll_snapshot::Snapshot;

use super::{Change, Found};
use crate::collectors::policies;

const PATH: &str = "SECURITY.md";

pub(super) fn changes(snapshot: &Snapshot, contact: Option<&str>) -> Found {
    let is_policy = |path: &str| path.eq_ignore_ascii_case(PATH);
    let mut there = snapshot
        .entries()
        .iter()
        .filter(|entry| is_policy(&entry.path) || policies::document_type(entry) == Some("security-policy"));
    if let Some(entry) = there.next() {
        return Err(format!("{} is there: put an address into it", plimsoll_model::one_line(&entry.path)));
    }
    let Some(contact) = contact.map(str::trim).filter(|contact| !contact.is_empty()) else {
        return Err("no contact is known: put `contact` under [product] in plimsoll.toml first".to_owned());
    };
    let Some(link) = link(contact) else {
        return Err(format!(
            "\"{}\" is neither an e-mail address nor an https address",
            plimsoll_model::excerpt(contact, 60)
        ));
    };
    let text = format!(
        "# Security policy\n\nPlease report vulnerabilities in private to {link}. Do not open a public issue.\n\n\
         Say which version you use, what you did, and what happened. It is fine if you are unsure whether it is a vulnerability.\n"
    );
    Ok((vec![Change::New { path: PATH.to_owned(), text }], None))
}

/// The contact as a link of Markdown, where it is plain: it is written into a file that others read.
fn link(contact: &str) -> Option<String> {
    let is_plain = contact.len() <= 200
        && contact.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&'*+,;=%".contains(&byte));
    let contact = contact.strip_prefix("mailto:").unwrap_or(contact);
    let is_address = contact.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty()
            && host.contains('.')
            && !host.contains(['@', '/', ':', '?', '#'])
            && !user.contains([':', '/'])
    });
    let is_page = contact
        .strip_prefix("https://")
        .is_some_and(|rest| rest.split('/').next().is_some_and(|host| host.contains('.') && !host.contains('@')));
    (is_plain && (is_address || is_page)).then(|| format!("<{contact}>"))
}
