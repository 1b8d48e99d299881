//! What the label says of the product, and the findings that it shows.

use plimsoll_model::{Countersigned, DigestSet, Evidence, Extra, Finding, FindingException, Product};
use serde_json::{Map, Value};

/// Kinds that the label shows as they are.
const PRODUCT: &str = "product";
const FINDING: &str = "advisory-finding";
const COUNTERSIGNATURE: &str = "countersignature";

fn text(body: &Map<String, Value>, name: &str) -> String {
    body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn texts(body: &Map<String, Value>, name: &str) -> Vec<String> {
    body.get(name)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(ToOwned::to_owned)
        .collect()
}

/// The first product fact in words; empty where there is none.
pub(crate) fn of(evidence: &Evidence) -> Product {
    let Some(fact) = evidence.facts_of(PRODUCT).next() else { return Product::default() };
    let body = &fact.body;
    let mut version = text(body, "version");
    if version.is_empty() {
        version = text(body, "manifestVersion");
    }
    Product {
        name: text(body, "name"),
        version,
        platforms: texts(body, "platforms").join(", "),
        claimant: text(body, "claimant"),
        contact: text(body, "contact"),
        url: text(body, "url"),
        scope_inside: texts(body, "inside"),
        scope_outside: texts(body, "outside"),
        extra: Extra::new(),
    }
}

/// The advisory findings, in the order of the facts, with the maker's exceptions beside them.
pub(crate) fn findings(evidence: &Evidence) -> Vec<Finding> {
    evidence
        .facts_of(FINDING)
        .map(|fact| {
            let body = &fact.body;
            let exceptions =
                body.get("exceptions").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
            Finding {
                advisory: text(body, "advisory"),
                kind: text(body, "kind"),
                severity: text(body, "severity"),
                package: text(body, "package"),
                version: text(body, "version"),
                reach: text(body, "reach"),
                class: text(body, "class"),
                lockfile: text(body, "lockfile"),
                patched: texts(body, "patched"),
                exceptions: exceptions
                    .map(|exception| FindingException {
                        file: text(exception, "file"),
                        reason: text(exception, "reason"),
                        until: exception.get("until").and_then(Value::as_str).and_then(|until| until.parse().ok()),
                        valid: exception.get("valid").and_then(Value::as_bool) == Some(true),
                    })
                    .collect(),
            }
        })
        .collect()
}

/// The countersignatures that were given, in the order of the facts.
pub(crate) fn countersigned(evidence: &Evidence) -> Vec<Countersigned> {
    evidence
        .facts_of(COUNTERSIGNATURE)
        .map(|fact| {
            let body = &fact.body;
            let sha256 = |name: &str| DigestSet::from([("sha256".to_owned(), text(body, name))]);
            Countersigned {
                by: text(body, "by"),
                statement: sha256("statement"),
                label: sha256("label"),
                counts: body.get("counts").and_then(Value::as_bool) == Some(true),
                reason: body.get("reason").and_then(Value::as_str).map(ToOwned::to_owned),
            }
        })
        .collect()
}
