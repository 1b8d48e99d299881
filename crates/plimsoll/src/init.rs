//! A first `plimsoll.toml`: what was found stands in it, what only the producer knows stands in it as a question.

use jiff::{ToSpan as _, civil::Date, tz::TimeZone};
use plimsoll_collect::collectors::policies;
use plimsoll_model::{Evidence, body::Product};
use plimsoll_practices::Practices;

/// Gives the text of a claims file for what `evidence` shows.
///
/// Values that were found are set; questions are comments, so that nothing is claimed that nobody has said.
pub fn claims_file(evidence: &Evidence, practices: &Practices) -> String {
    let today = evidence.as_of.to_zoned(TimeZone::UTC).date();
    let review: Date = today.checked_add(1.year()).unwrap_or(Date::MAX);
    // What cannot be read is not set: it becomes a question.
    let product: Product = evidence.bodies().next().and_then(Result::ok).unwrap_or_default();
    let name = Some(product.name.as_str()).filter(|name| !name.is_empty());
    let version = product.version.as_deref().filter(|version| !version.is_empty());
    let contact = policies::reporting_contact(evidence);
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    line("# What the maker of this software claims about it. `plimsoll label` shows each line as the maker's word.");
    line("# Questions are comments: take the # away where you can answer. An honest \"no\" is an answer.");
    line("");
    line("schema = 1");
    line(&format!("date = {today}          # when these claims were made"));
    line(&format!("review-by = {review}     # after this day they count no more"));
    line("");
    line("[product]");
    match name {
        Some(name) => line(&format!("name = {}", quoted(name))),
        None => line("name = \"\"                   # what is it called?"),
    }
    match version {
        Some(version) => line(&format!("version = {}", quoted(version))),
        None => line("# version = \"\"              # which version are these claims about?"),
    }
    line("# claimant = \"\"             # who makes these claims: a person or an organisation?");
    match contact {
        Some((contact, path)) => line(&format!("contact = {}   # found in {path}", quoted(contact))),
        None => line("# contact = \"security@...\"  # where can a problem be reported?"),
    }
    line("# url = \"https://...\"        # where can people read more about it and its label?");
    line("# platforms = [\"Linux\"]     # on which platforms does it run?");
    line("# delivery = \"download\"     # how does it reach its users?");
    line("# accounts = false          # does it have user accounts?");
    line("");
    line("[scope]");
    line("# inside = [\"...\"]          # which parts do these claims speak of?");
    line("# outside = [\"...\"]         # which do they not speak of?");
    if let (Some(name), Some(version)) = (name, version) {
        line(&format!("# identifiers = [{}]", quoted(&format!("pkg:cargo/{name}@{version}"))));
    }
    line("");
    line("[support]");
    line("# status = \"supported\"      # supported, unsupported or ended?");
    line(&format!(
        "# until = {}        # until when are there security updates?",
        today.checked_add(2.years()).unwrap_or(Date::MAX)
    ));
    line("# update-method = \"manual\"  # do updates come automatic, by notice, or are they manual?");
    for catalog in practices.catalogs() {
        line("");
        line(&format!("# {} ({})", catalog.title, catalog.source));
        if catalog.entries.iter().any(|entry| entry.claimable && entry.may_not_apply) {
            line("# done, partly, planned or no; where the question names it also");
            line("# { answer = \"not-applicable\", note = \"why\" }");
        } else {
            line("# done, partly, planned or no; an honest no is an answer");
        }
        line(&format!("[claims.{}]", quoted(&catalog.id)));
        for group in &catalog.groups {
            let entries: Vec<_> =
                catalog.entries.iter().filter(|entry| entry.group == group.id && entry.claimable).collect();
            if !entries.is_empty() {
                line(&format!("# {}", group.title));
            }
            for entry in entries {
                line(&format!("# {} = \"\"  # {}", quoted(&entry.id), entry.ask));
            }
        }
    }
    line("");
    line("# What does the product do with data?");
    for category in ["personal", "location", "sensitive", "derived-or-shared"] {
        line(&format!("# [data.{category}]"));
        line("# collects = false");
        line("# stores = false");
        line("# shares = false");
        line("# derives = false");
        line("# why = \"\"");
    }
    line("# [data.protection]");
    line("# protection = \"\"           # how is data protected, in storage and in transit?");
    line("");
    line("# An advisory that does not matter here is shown with your reason until a day; it is never hidden.");
    line("# [[exception]]");
    line("# advisory = \"RUSTSEC-...\"");
    line("# package = \"\"              # where it holds for one package alone; so do version and lockfile");
    line("# reason = \"\"");
    line(&format!("# until = {}", today.checked_add(90.days()).unwrap_or(Date::MAX)));
    out
}

/// A basic string of TOML, whatever stands in it.
///
/// Not that of the crate `toml`, which writes a text with a newline over several lines: in a line that is a comment the second
/// of them would be none, and the repository that names the product could so make a claim of the maker's.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            _ if character.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(character))),
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_in_its_line_and_is_read_back() {
        let names = [
            "",
            "plain",
            "a \"b\" c",
            "back\\slash",
            "one\ntwo",
            "\"\"\"\nclaims",
            "tab\t",
            "\u{7f}\u{85}",
            "#",
            "ü",
            "'",
        ];
        for name in names {
            let line = format!("name = {}", quoted(name));
            assert_eq!(line.lines().count(), 1, "{line}");
            let table: toml::Table = line.parse().unwrap();
            assert_eq!(table.get("name").and_then(toml::Value::as_str), Some(name), "{line}");
        }
        // Why it is not the crate that writes the text.
        assert!(toml::Value::String("one\ntwo".to_owned()).to_string().lines().count() > 1);
    }
}
