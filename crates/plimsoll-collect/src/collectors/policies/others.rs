//! Addresses that are for something else than reports of vulnerabilities in this product.

use super::patterns::{Pattern, fits, pattern};

// Addresses of people who do other work.
pattern!(
    OTHER_WORK,
    r"^(?:mailto:)?(?:[a-z0-9]+[-._+])*(?:press|media|sales|privacy|gdpr|dpo|conduct|coc|marketing|jobs|careers|billing|pr|partners|legal|donate|sponsors?|orders?|events|newsletter)(?:[-._+][a-z0-9]+)*@"
);
pattern!(HELP_DESK, r"^(?:mailto:)?(?:support|help|info|hello|office|feedback)@");
// Matters that are not security.
pattern!(
    OTHER_MATTER,
    r"\b(?:press|sales|media|marketing|pricing|prices|quotes?|billing|invoices?|jobs?|careers?|hiring|recruit\w*|partnerships?|sponsor\w*|donat\w*|trademarks?|harassment|misconduct|purchas\w*|non-?security|not security|unrelated to security|(?:general|other|all other|ordinary|regular|normal|usual) (?:questions?|inquir\w+|enquir\w+|bugs?|issues?|problems?|matters?|requests?|feedback)|feature requests?|interviews?|newsletter|physical security|security guards?|alarm\w*)\b"
);
// Matters that may come with security.
pattern!(MAYBE_OTHER, r"\b(?:privacy|gdpr|data protection|conduct|commercial|licen[sc]ing|legal)\b");
pattern!(SECURITY, r"\b(?:security|vulnerabilit\w+|holes?|exploit\w*)\b");
// What the vulnerabilities are in.
pattern!(
    SUBJECT,
    r"\b(?:vulnerabilit\w+|holes?|flaws?|bugs?|(?:security )?(?:issues?|problems?)) (?:\w+ )?(?:in|of|with|affecting) (?:the )?(?:((?-i:[A-Z])[\w+-]*)|([a-z][\w+-]*) (?:to|at|via|directly|itself)\b)"
);
// Whose team it is.
pattern!(
    TEAM,
    r"\b(?:the )?((?-i:[A-Z])[\w+-]*)(?:'s|’s)? (?:(?:product )?security|psirt|security response|incident response|disclosure) team\b|\breport\w*\b[^.;]{0,40}\bto (?:the )?((?-i:[A-Z])[\w+-]*) (?:project|maintainers|team|developers|foundation|community)\b"
);

// Whose address it is, by the words around it.
pattern!(
    OWNER,
    r"\b(?:(?:address|contact|mailbox|inbox|list|team) (?:of|for)|belongs to) (?:the )?((?-i:[A-Z][a-z])[\w+-]*)\b|^\s*(?:for|in case of) (?:the )?((?-i:[A-Z][a-z])[\w+-]*)\b"
);

/// Words that name no product.
const GENERAL: &[&str] = &[
    "this",
    "our",
    "the",
    "any",
    "it",
    "its",
    "them",
    "all",
    "code",
    "private",
    "public",
    "confidence",
    "general",
    "question",
    "software",
    "production",
    "security",
    "secret",
    "writing",
    "email",
    "mail",
    "detail",
    "person",
    "here",
    "there",
    "these",
    "those",
    "each",
    "project",
    "that",
    "english",
    "github",
    "gitlab",
    "i",
    "we",
    "a",
    "an",
    "one",
    "either",
    "both",
    "us",
    "product",
    "core",
    "bug",
    "critical",
    "emergency",
    "emergencies",
    "encrypted",
    "issue",
    "issues",
    "bugs",
    "private",
    "questions",
    "reporting",
    "reports",
    "responsible",
    "sensitive",
    "urgent",
    "vulnerabilities",
    "vulnerability",
    "maintainer",
    "my",
    "your",
    "open",
    "report",
];

/// Is the mail address that of somebody who does not take reports, by its name or by what the clause is about? `reports` is
/// whether its sentence names reports.
pub(super) fn is_for_others(mail: &str, clause: &str, heading: &str, reports: bool) -> bool {
    fits(&OTHER_WORK, mail)
        || fits(&HELP_DESK, mail) && !reports
        || fits(&OTHER_MATTER, clause)
        || fits(&MAYBE_OTHER, clause) && !fits(&SECURITY, clause)
        || fits(&OTHER_MATTER, heading) && !reports
}

// Matters of other makers.
pattern!(
    OTHERS,
    r"\b(?:upstream|third[- ]part(?:y|ies)|dependenc(?:y|ies)|other projects?|another project|not (?:in|part of) (?:this|our)|copyright|licen[sc]ed?|(?:an?|some|other) (?:plug-?in|extension|theme|add-?on)s?)\b"
);
// And the maker's own as well.
pattern!(
    OURS_TOO,
    r"\b(?:in|of|affecting|with|to) (?:this|our|the|any of our)\b[^.;]{0,60}\b(?:or|and|as well as|including|plus)\b"
);
// A part of all that could be reported.
pattern!(A_PART, r"^\s*(?:if|when|where|in case|should)\b[^.;]*\b(?:only|alone|exclusively)\W*$");
// Another party to ask instead.
pattern!(THEIR_MAKER, r"\b(?:its|their) (?:\w+ )?(?:authors?|maintainers?|vendors?|developers?|owners?|makers?)\b");

/// Is it about what other makers made?
pub(super) fn is_made_by_others(clause: &str) -> bool {
    fits(&OTHERS, clause) && !fits(&OURS_TOO, clause)
}

// What leads to an address in the next part of a sentence.
pattern!(LEADS, r"^\s*(?:for|if|with|about|on|regarding|in case|should)\b");

/// Does the part of the sentence before an address say that it is for another matter?
pub(super) fn leads_elsewhere(before: &str, own: &str) -> bool {
    let rest = before.to_lowercase().replace("non-security", "").replace("not security", "");
    if is_made_by_others(before) || fits(&A_PART, before) || fits(&THEIR_MAKER, before) {
        return true;
    }
    fits(&LEADS, before) && (is_of_another(before, own) || fits(&OTHER_MATTER, before) && !fits(&SECURITY, &rest))
}

/// Is it about something that this product is not called, or about the team of somebody else? `own` has the names of the
/// product in small letters.
pub(super) fn is_of_another(clause: &str, own: &str) -> bool {
    let named = |pattern: &Pattern| -> Vec<String> {
        let found = pattern.iter().flat_map(|pattern| pattern.captures_iter(clause));
        found
            .filter_map(|found| Some(letters(found.get(1).or_else(|| found.get(2))?.as_str())))
            .filter(|name| name.len() > 1 && !GENERAL.contains(&name.as_str()))
            .collect()
    };
    named(&SUBJECT).iter().chain(&named(&TEAM)).chain(&named(&OWNER)).any(|name| !own.contains(name))
}

// A request without a condition to send reports to those who take them for many projects, or for all of one maker.
pattern!(
    HANDLED_BY,
    r"\breport\w* (?:\w+ ){0,4}?(?:vulnerabilit\w+|issues?|bugs?|problems?|holes?) (?:\w+ )?to (?:the )?((?-i:[A-Z])[\w+-]*)(?:'s|’s)? (foundation )?(?:(?:product )?security (?:response |incident response )?team|psirt|foundation|at\b)"
);

/// The name of a team that the request sends reports to, where `mail` is on its domain; `known` is whether the names of the
/// product are known, so that one which is none of them is doubtful unless it is a foundation.
pub(super) fn handled_by(sentence: &str, mail: &str, known: bool) -> Option<String> {
    let found = HANDLED_BY.as_ref()?.captures(sentence)?;
    let name = letters(found.get(1)?.as_str());
    let is_foundation = found.get(0)?.as_str().to_lowercase().contains("foundation");
    let host = letters(mail.rsplit_once('@')?.1);
    (name.len() > 2 && host.contains(&name) && (is_foundation || !known)).then_some(name)
}

/// A name in small letters and without signs.
pub(super) fn letters(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
