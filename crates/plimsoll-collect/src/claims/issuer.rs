//! `[issuer]`: who issues statements about the product. Forms ask it of an organisation, and nothing in a repository shows it.

use plimsoll_model::{Extra, body::Issuer};
use serde::Deserialize;

use super::values::{is_unfilled, says_something, wrong_address};

/// `[issuer]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct IssuerTable {
    /// Its name.
    pub name: Option<String>,
    /// Its registered address.
    pub address: Option<String>,
    /// Its website.
    pub website: Option<String>,
    /// The person who answers for what it issues.
    pub contact: Option<String>,
    /// The role of that person in it.
    pub role: Option<String>,
}

impl IssuerTable {
    /// A value that cannot be meant: where, and what would be right.
    pub(super) fn mistake(&self) -> Option<(&'static str, String)> {
        for (place, text) in [
            ("[issuer] name", &self.name),
            ("[issuer] address", &self.address),
            ("[issuer] contact", &self.contact),
            ("[issuer] role", &self.role),
        ] {
            let Some(text) = text else { continue };
            if !says_something(text) {
                return Some((place, "it is empty; leave it out where there is nothing to say".to_owned()));
            }
            if is_unfilled(text) {
                return Some((place, format!("\"{text}\" is a placeholder; write the real one")));
            }
        }
        let website = self.website.as_deref()?;
        wrong_address(website, false).map(|why| ("[issuer] website", format!("\"{website}\" {why}; write https://...")))
    }

    /// The same as it is in a fact.
    pub(crate) fn fact(&self) -> Issuer {
        Issuer {
            name: self.name.clone(),
            address: self.address.clone(),
            website: self.website.clone(),
            contact: self.contact.clone(),
            role: self.role.clone(),
            extra: Extra::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    fn issuer(lines: &str) -> Result<Option<plimsoll_model::body::Issuer>, String> {
        let head = "schema = 1\ndate = \"2026-01-01\"\nreview-by = \"2026-06-01\"\n[product]\nname = \"demo\"\n";
        let parsed = parse(&format!("{head}{lines}\n")).map_err(|error| error.to_string())?;
        Ok(parsed.issuer.map(|issuer| issuer.fact()))
    }

    #[test]
    fn an_issuer_is_read_and_what_is_not_filled_in_is_refused() {
        assert_eq!(issuer(""), Ok(None));
        let read = issuer("[issuer]\nname = \"Example Foundation\"\nwebsite = \"https://foundation.dev\"");
        assert_eq!(read.unwrap().unwrap().name.as_deref(), Some("Example Foundation"));
        for (lines, says) in [
            ("[issuer]\nname = \"\"", "[issuer] name: it is empty"),
            ("[issuer]\naddress = \"TODO\"", "[issuer] address: \"TODO\" is a placeholder"),
            ("[issuer]\nwebsite = \"javascript:alert(1)\"", "[issuer] website"),
            ("[issuer]\nwebsite = \"mailto:a@example.org\"", "[issuer] website"),
            ("[issuer]\nadress = \"Street 1\"", "did you mean `address`?"),
            ("[issuer]\nname = 3", "has to be a text"),
            ("issuer = \"me\"", "demo"),
        ] {
            let Err(error) = issuer(lines) else { panic!("{lines}") };
            assert!(says == "demo" || error.contains(says), "{lines}: {error}");
        }
    }
}
