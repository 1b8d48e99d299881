//! What a form asks besides its entries, filled in from what is known.

use plimsoll_model::{ReportField, body::Issuer};
use plimsoll_practices::{Catalog, FieldSource};

use super::Sources;

/// Gives every field of a catalog with its value, or with how to give it.
pub(super) fn of(catalog: &Catalog, sources: &Sources<'_>) -> Vec<ReportField> {
    let fields = catalog.fields.iter();
    fields
        .map(|field| {
            let found = field.from.and_then(|from| value(from, sources));
            let note = match (&found, field.from) {
                (Some((_, from)), _) if field.note.is_empty() => from.clone(),
                (None, Some(from)) => how(from).to_owned(),
                _ => field.note.clone(),
            };
            let value = found.map(|(value, _)| value);
            ReportField { section: field.section.clone(), title: field.title.clone(), value, note }
        })
        .collect()
}

/// The value of a field, and where it comes from.
fn value(from: FieldSource, sources: &Sources<'_>) -> Option<(String, String)> {
    const CLAIMED: &str = "stated by the maker in plimsoll.toml";
    let product = &sources.answers.product;
    let stated = |text: &str, by: &str| (!text.is_empty()).then(|| (text.to_owned(), by.to_owned()));
    let issuer = |of: fn(&Issuer) -> &Option<String>| {
        let issuer = sources.product.as_ref()?.issuer.as_ref()?;
        of(issuer).as_deref().and_then(|text| stated(text, CLAIMED))
    };
    match from {
        FieldSource::ProductName => {
            stated(&product.name, &product.name_from.as_ref().map(|file| format!("by {file}")).unwrap_or_default())
        }
        FieldSource::ProductVersion => stated(
            &product.version,
            &product.version_from.as_ref().map(|from| format!("by {from}")).unwrap_or_default(),
        ),
        FieldSource::ProductUrl => match sources.host {
            Some(host) => {
                let stated = super::CodeHost::of(&product.url).as_ref() == Some(host);
                let from = if stated { CLAIMED } else { "named by the one who made this report (--source-url)" };
                Some((host.address().to_owned(), from.to_owned()))
            }
            None => stated(&product.url, CLAIMED),
        },
        FieldSource::Commit => {
            let examined = &sources.evidence.subject;
            let day = examined.committed.strftime("%Y-%m-%d");
            Some((format!("{} of {day}", examined.commit), "the commit that was examined".to_owned()))
        }
        FieldSource::AsOf => {
            let day = sources.evidence.as_of.strftime("%Y-%m-%d");
            Some((day.to_string(), "the moment that this report is about".to_owned()))
        }
        FieldSource::Platforms => stated(&product.platforms, CLAIMED),
        FieldSource::Artifacts => {
            let all = sources.evidence.subject.artifacts.iter();
            let all = all.map(|one| {
                format!("{} sha256:{}", one.name, one.digest.get("sha256").map(String::as_str).unwrap_or_default())
            });
            let all: Vec<String> = all.collect();
            stated(&all.join("; "), "files that were passed with --artifact")
        }
        FieldSource::Claimant => stated(&product.claimant, CLAIMED),
        FieldSource::Contact => {
            let by = product.contact_from.as_ref().map_or_else(|| CLAIMED.to_owned(), |file| format!("by {file}"));
            stated(&product.contact, &by)
        }
        FieldSource::IssuerName => issuer(|issuer| &issuer.name),
        FieldSource::IssuerAddress => issuer(|issuer| &issuer.address),
        FieldSource::IssuerWebsite => issuer(|issuer| &issuer.website),
        FieldSource::IssuerContact => issuer(|issuer| &issuer.contact),
        FieldSource::IssuerRole => issuer(|issuer| &issuer.role),
    }
}

/// How to give what is not known.
fn how(from: FieldSource) -> &'static str {
    match from {
        FieldSource::ProductName => "add name under [product] in plimsoll.toml",
        FieldSource::ProductVersion => "add version under [product] in plimsoll.toml, or tag the release",
        FieldSource::ProductUrl => "pass --source-url, or add url under [product] in plimsoll.toml",
        FieldSource::Commit | FieldSource::AsOf => "not known",
        FieldSource::Platforms => "add platforms under [product] in plimsoll.toml",
        FieldSource::Artifacts => "pass the released files with --artifact",
        FieldSource::Claimant => "add claimant under [product] in plimsoll.toml",
        FieldSource::Contact => "add contact under [product] in plimsoll.toml",
        FieldSource::IssuerName => "add name under [issuer] in plimsoll.toml",
        FieldSource::IssuerAddress => "add address under [issuer] in plimsoll.toml",
        FieldSource::IssuerWebsite => "add website under [issuer] in plimsoll.toml",
        FieldSource::IssuerContact => "add contact under [issuer] in plimsoll.toml",
        FieldSource::IssuerRole => "add role under [issuer] in plimsoll.toml",
    }
}
