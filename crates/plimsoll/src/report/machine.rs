//! The form for machines that the publisher of a framework has. Nothing is put into it that is not known: what no evidence and no word
//! answers is `not_met`, and what only the issuer can say is asked for.

use plimsoll_model::{Outcome, Report, ReportAnswer, ReportEntry};
use plimsoll_practices::{Catalog, MachineForm};
use serde_json::{Map, Value, json};

/// The form that this version can fill in, as its publisher names it.
const TEMPLATE: &str = "template-lite";
/// The revision of it.
const REVISION: &str = "0.1";
/// Characters of a note.
const LONGEST: usize = 2000;

/// A form for machines that is not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MachineFormError {
    /// The framework has none, or another one.
    #[error("{catalog} has no form for machines that this version writes; use --format json")]
    None {
        /// The catalog.
        catalog: String,
    },
    /// Entries are open, and the form has no answer for that.
    #[error(
        "the form knows met, not met and not applicable alone, and these are open: {}; answer them, or state them as not met with \
         --open-as-not-met",
        open.join(", ")
    )]
    Open {
        /// The entries.
        open: Vec<String>,
    },
    /// The form asks for what is not known.
    #[error("the form asks for what is not known, and nothing is invented: {}", missing.join("; "))]
    Missing {
        /// What, and how to give it.
        missing: Vec<String>,
    },
}

/// Fills in the form for machines of `catalog` by its report. Gives the form, and for each control that is not met what is missing.
/// The form has no word for what is open: it is refused with the entries that are, unless the issuer wants them as not met
/// (`open_as_not_met`).
///
/// Source: Open Regulatory Compliance working group, light template, revision 0.1: each control has a status; `met` in the classes E
/// and CE needs the address of evidence, `not_applicable` a note, and no other members are allowed.
pub fn machine_form(
    report: &Report,
    catalog: &Catalog,
    open_as_not_met: bool,
) -> Result<(Value, Vec<String>), MachineFormError> {
    let known = |form: &&MachineForm| form.template == TEMPLATE && form.revision == REVISION;
    let Some(form) = catalog.machine_form.as_ref().filter(known) else {
        return Err(MachineFormError::None { catalog: catalog.id.clone() });
    };
    let (issuer, subject) = (&report.issuer, &report.subject);
    let mut missing = Vec::new();
    let mut need = |value: Option<&String>, how: &str| {
        let value = value.map(|text| plimsoll_model::one_line(text.trim())).filter(|text| !text.is_empty());
        value.unwrap_or_else(|| {
            missing.push(how.to_owned());
            String::new()
        })
    };
    let some = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let name = need(issuer.name.as_ref(), "add name under [issuer] in plimsoll.toml");
    let address = need(issuer.address.as_ref(), "add address, the registered one, under [issuer]");
    let website = need(issuer.website.as_ref(), "add website under [issuer]");
    let contact = need(issuer.contact.as_ref(), "add contact, the person who states it, under [issuer]");
    let role = need(issuer.role.as_ref(), "add role, of that person in the organisation, under [issuer]");
    let project = need(some(&subject.name).as_ref(), "add name under [product]");
    let version = need(some(&subject.version).as_ref(), "add version under [product], or tag the release");
    if let Some(why) = &subject.unreleased {
        missing.push(format!("a form is about a released version, and {why}: examine the commit of its tag (--rev)"));
    }
    let mut need = |value: Option<&String>, how: &str| {
        let value = value.map(|text| plimsoll_model::one_line(text.trim())).filter(|text| !text.is_empty());
        value.unwrap_or_else(|| {
            missing.push(how.to_owned());
            String::new()
        })
    };
    let url = subject.repository.as_ref().or(subject.page.as_ref());
    let url = need(url, "pass --source-url, or add url under [product]");
    if !missing.is_empty() {
        return Err(MachineFormError::Missing { missing });
    }
    let open = report.entries.iter().filter(|one| one.class.is_some() && is_open(one)).map(|one| one.id.clone());
    let open: Vec<String> = open.collect();
    if !open.is_empty() && !open_as_not_met {
        return Err(MachineFormError::Open { open });
    }
    // What is answered, and lacks what the form asks with the answer, is not turned into a no behind the issuer's back.
    let answered = report.entries.iter().filter(|one| one.answer != ReportAnswer::Open && one.outcome == Outcome::Met);
    let lacking =
        answered.filter_map(|one| Some(format!("{}: {}", one.id, lacks(one, one.class.as_deref()?, report)?)));
    let lacking: Vec<String> = lacking.collect();
    if !lacking.is_empty() && !open_as_not_met {
        return Err(MachineFormError::Missing { missing: lacking });
    }
    let mut controls = Map::new();
    let mut not_met = Vec::new();
    for entry in &report.entries {
        let Some(class) = entry.class.as_deref() else { continue };
        let (control, lacks) = control(entry, class, report);
        not_met.extend(lacks.map(|lacks| format!("{} not_met: {lacks}", entry.id)));
        controls.insert(entry.id.clone(), Value::Object(control));
    }
    let mut project = json!({
        "name": project,
        "url": url,
        "valid_for_versions": version,
        "valid_for_dates": format!("as of {}", report.as_of.strftime("%Y-%m-%d")),
    });
    let digests: Vec<Value> = subject
        .artifacts
        .iter()
        .map(|(name, digest)| json!({"algorithm": "sha256", "value": digest, "describes": name}))
        .collect();
    if let Some(project) = project.as_object_mut().filter(|_| !digests.is_empty()) {
        project.insert("artifact_digests".to_owned(), digests.into());
    }
    let form = json!({
        "template": form.template,
        "template_revision": form.revision,
        "issuer": {"name": name, "registered_address": address, "website": website},
        "contact": {"primary_contact": contact, "organizational_role": role},
        "projects": [project],
        "controls": controls,
    });
    Ok((form, not_met))
}

/// Is it neither answered nor answered with no?
fn is_open(entry: &ReportEntry) -> bool {
    let says_no = entry.claimed.as_ref().is_some_and(|claimed| claimed.current && claimed.answer == "no");
    entry.answer == ReportAnswer::Open && entry.outcome != Outcome::Unmet && !says_no
}

/// One control, and what is missing where it is not met.
fn control(entry: &ReportEntry, class: &str, report: &Report) -> (Map<String, Value>, Option<String>) {
    let mut control = Map::new();
    let mut put = |name: &str, value: Value| control.insert(name.to_owned(), value);
    let holds = entry.answer != ReportAnswer::Open;
    let url = evidence_url(entry, report);
    let contact = url.clone().or_else(|| report.subject.contact.clone());
    let (status, lacks) = match entry.outcome {
        Outcome::NotApplicable if holds => ("not_applicable", None),
        _ if !holds => ("not_met", Some(entry.reason.clone())),
        _ => match lacks(entry, class, report) {
            Some(lacks) => ("not_met", Some(lacks.to_owned())),
            None => ("met", None),
        },
    };
    // What no criterion looks at is no doubt of the issuer, whose word the form takes.
    let word = entry.claimed.as_ref().filter(|_| entry.answer == ReportAnswer::Word);
    let why = word.map_or(entry.reason.as_str(), |claimed| claimed.note.trim());
    if class == "X" {
        // Where it is not known whether it applies, it is not said that it does not.
        put("applies", (status != "not_applicable").into());
    }
    put("status", status.into());
    let reason = plimsoll_model::excerpt(lacks.as_deref().unwrap_or(why), LONGEST);
    match status {
        "not_met" if class == "R" => put("explanation", reason.clone().into()),
        _ if !reason.is_empty() => put("note", reason.clone().into()),
        _ => None,
    };
    if status == "met" {
        match class {
            "K" => contact.and_then(|contact| put("reporting_contact", contact.into())),
            _ => url.and_then(|url| put("evidence_url", url.into())),
        };
        for (member, value) in &entry.shows {
            put(member, (*value).into());
        }
    }
    (control, lacks)
}

/// What the form asks with an answer that holds and that is not known.
fn lacks(entry: &ReportEntry, class: &str, report: &Report) -> Option<&'static str> {
    let url = evidence_url(entry, report);
    match class {
        "E" | "CE" if url.is_none() && entry.answer == ReportAnswer::Word => Some(NO_ADDRESS_IN_NOTE),
        "E" | "CE" if url.is_none() => Some(NO_ADDRESS),
        "K" if url.is_none() && report.subject.contact.is_none() => Some(NO_CONTACT),
        _ => None,
    }
}

const NO_ADDRESS: &str = "the form asks for the address of evidence, and none is known: pass --source-url";
const NO_ADDRESS_IN_NOTE: &str =
    "the form asks for the address of evidence: write an https:// address into the note of the maker's answer";
const NO_CONTACT: &str = "no contact is known: add contact under [product] in plimsoll.toml";

/// The address that a word is, where it is nothing but one: of https, with a host that has a domain, and nobody's name in it.
fn address(word: &str) -> Option<String> {
    let bare = word
        .trim_start_matches(['<', '(', '[', '"', '\''])
        .trim_end_matches([',', '.', ';', ':', '!', '>', ')', ']', '"', '\'']);
    let rest = bare.strip_prefix("https://")?;
    let plain = rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&*+,;=%".contains(&byte));
    let escapes = rest
        .split('%')
        .skip(1)
        .all(|part| part.get(..2).is_some_and(|hex| hex.bytes().all(|one| one.is_ascii_hexdigit())));
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host
        .split_once(':')
        .map_or(host, |(host, port)| if port.bytes().all(|one| one.is_ascii_digit()) { host } else { "" });
    let labels = host
        .split('.')
        .all(|label| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'));
    (plain && escapes && labels && host.contains('.')).then(|| bare.to_owned())
}

/// An address at which a reader sees the evidence: of what is seen, its place on the code host; of the maker's word, the first https address
/// in its note. The line that says the word is no evidence of it.
fn evidence_url(entry: &ReportEntry, report: &Report) -> Option<String> {
    match entry.answer {
        ReportAnswer::Evidence => {
            let place = entry.places.iter().find_map(|place| place.url.clone());
            // Of "none was found" the commit is what was looked through.
            let commit = || {
                super::CodeHost::of(report.subject.repository.as_deref()?)
                    .map(|host| host.commit(&report.subject.commit))
            };
            place.or_else(|| commit().filter(|_| !report.subject.worktree && !entry.searched.is_empty()))
        }
        ReportAnswer::Word => {
            let note = entry.claimed.as_ref().map(|claimed| claimed.note.as_str()).unwrap_or_default();
            note.split_whitespace().find_map(address)
        }
        ReportAnswer::Open => None,
    }
}
