//! OpenVEX 0.0.1, 0.0.2 and 0.2.0.
//!
//! Source: OpenVEX Specification v0.2.0, "OpenVEX Data Structure"; in 0.0.1 a vulnerability, a product and a subcomponent are
//! texts, and the subcomponents are those of the statement.

use serde_json::Value;

use super::{
    About, NO_STATUS, Named, NoVex, Status, VAGUE, VexDocument, VexStatement, joined,
    json::{list, name, text, texts, time},
    newer, with_version, without_reason,
};

const CONTEXT: &str = "https://openvex.dev/ns";
/// Versions that are read.
const VERSIONS: [&str; 3] = ["0.0.1", "0.0.2", "0.2.0"];
/// Why a product is not affected.
pub(super) const JUSTIFICATIONS: [&str; 5] = [
    "component_not_present",
    "vulnerable_code_not_present",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "inline_mitigations_already_exist",
];

/// The version that a document says it is of; `None` where it is of another format.
pub(super) fn version(value: &Value) -> Option<&str> {
    let context = value.get("@context")?;
    let contexts = context.as_array().map_or(std::slice::from_ref(context), Vec::as_slice);
    let rest = contexts.iter().filter_map(Value::as_str).find_map(|text| text.strip_prefix(CONTEXT))?;
    match rest.trim_matches('/') {
        "" => Some("0.0.1"),
        rest => Some(rest.strip_prefix('v').unwrap_or(rest)),
    }
}

pub(super) fn read(value: &Value, version: &str) -> Result<VexDocument, NoVex> {
    if !VERSIONS.contains(&version) {
        return Err(newer("OpenVEX", version));
    }
    let Some(statements) = value.get("statements").and_then(Value::as_array) else {
        return Err(NoVex::Unreadable("it has no list of statements".to_owned()));
    };
    let mut document = VexDocument::new("openvex");
    let dated = time(value, &["last_updated", "timestamp"]).flatten();
    for statement in statements {
        let ids = ids(statement);
        let Some(first) = ids.first() else {
            document.skip("a statement names no vulnerability".to_owned());
            continue;
        };
        let known = text(statement, "status").and_then(status);
        if known.is_none() {
            document.skip(format!("a statement about {first} has no status that its format knows"));
        }
        let status = known.unwrap_or(Status::UnderInvestigation);
        let justification = text(statement, "justification").filter(|word| JUSTIFICATIONS.contains(word));
        let justification = justification.filter(|_| status == Status::NotAffected);
        let impact = text(statement, "impact_statement");
        let words = match known {
            Some(Status::NotAffected) => impact,
            Some(Status::Affected) => text(statement, "action_statement"),
            Some(Status::Fixed | Status::UnderInvestigation) => text(statement, "status_notes"),
            None => Some(NO_STATUS),
        };
        let time = time(statement, &["last_updated", "timestamp"]).unwrap_or(dated);
        let products = list(statement, "products");
        if products.is_empty() {
            document.skip(format!("the statement about {first} names no product"));
        }
        for product in products {
            if document.is_full() {
                break;
            }
            for (about, is_exact) in abouts(product, statement) {
                let mut vague = None;
                if !is_exact {
                    document.skip(format!("the statement about {first} names a component without a package URL"));
                    if status.answers() {
                        continue;
                    }
                    vague = Some(VAGUE.to_owned());
                }
                document.push(VexStatement {
                    ids: ids.clone(),
                    about,
                    status: if vague.is_some() { Status::UnderInvestigation } else { status },
                    reason: joined(&[justification, words]),
                    fault: without_reason(status, justification.is_some(), impact).or(vague),
                    time,
                });
            }
        }
    }
    Ok(document)
}

fn status(word: &str) -> Option<Status> {
    Some(match word {
        "not_affected" => Status::NotAffected,
        "affected" => Status::Affected,
        "fixed" => Status::Fixed,
        "under_investigation" => Status::UnderInvestigation,
        _ => return None,
    })
}

/// The names of the vulnerability.
fn ids(statement: &Value) -> Vec<String> {
    let Some(vulnerability) = statement.get("vulnerability") else { return Vec::new() };
    let mut ids = Vec::new();
    let written = name(statement, "vulnerability").or_else(|| name(vulnerability, "name"));
    for id in written.into_iter().chain(texts(vulnerability, "aliases")) {
        if !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    }
    ids
}

/// What a product of a statement is about: the product, or each of its subcomponents. For one without a package URL it is the
/// product that may be meant, and that it is not exactly that.
fn abouts<'a>(product: &'a Value, statement: &'a Value) -> impl Iterator<Item = (About, bool)> + 'a {
    let own = list(product, "subcomponents");
    let inner = if own.is_empty() { list(statement, "subcomponents") } else { own };
    let named = named(product);
    let whole = inner.is_empty().then(|| (About { product: Some(named.clone()), component: None }, true));
    let inner = inner.iter().map(move |component| {
        let about = About { product: Some(named.clone()), component: self::named(component).purl };
        let is_exact = about.component.is_some();
        (about, is_exact)
    });
    whole.into_iter().chain(inner)
}

/// The name of a component: a package URL among its identifiers, else as its id.
fn named(component: &Value) -> Named {
    let id = component.as_str().or_else(|| name(component, "@id")).map(str::trim).unwrap_or_default();
    let identified = component.get("identifiers").and_then(|identifiers| name(identifiers, "purl"));
    let as_id = Some(id).filter(|id| id.starts_with("pkg:") && id.len() <= super::LONGEST);
    Named {
        purl: match (identified, as_id) {
            (Some(one), Some(other)) => narrower(one, other),
            (one, other) => one.or(other).map(ToOwned::to_owned),
        },
        address: (!id.is_empty() && id.len() <= super::LONGEST && !id.starts_with("pkg:")).then(|| id.to_owned()),
        ..Named::default()
    }
}

/// The narrower of two package URLs of one package; `None` where they do not agree.
fn narrower(one: &str, other: &str) -> Option<String> {
    if one == other {
        return Some(one.to_owned());
    }
    let read = |purl: &str| purl.parse::<packageurl::PackageUrl<'static>>().ok();
    let (first, second) = (read(one)?, read(other)?);
    let is_same = (first.ty(), first.namespace(), first.name()) == (second.ty(), second.namespace(), second.name());
    let is_plain = |purl: &packageurl::PackageUrl<'_>| purl.subpath().is_none() && purl.qualifiers().is_empty();
    match (is_plain(&first), is_plain(&second)) {
        _ if !is_same => None,
        (_, true) => with_version(one, second.version()),
        (true, false) => with_version(other, first.version()),
        (false, false) => {
            let is_alike = first.subpath() == second.subpath() && first.qualifiers() == second.qualifiers();
            with_version(one, second.version()).filter(|_| is_alike)
        }
    }
}
