//! What the label says of the product, and the findings that it shows.

use plimsoll_model::{
    Countersigned, DigestSet, Evidence, Extra, Finding, FindingException, Product,
    body::{self, AdvisoryFinding, Body as _, BodyError, JudgedCountersignature},
};
use plimsoll_practices::{Environment, Expression, Practices, ProductRules};

/// The first product fact in words, and the version that the practices make of what was seen; empty where there is none.
pub(crate) fn of(
    evidence: &Evidence,
    practices: &Practices,
    environment: &Environment<'_, '_>,
) -> Result<Product, BodyError> {
    let fact = evidence.facts_of(body::Product::KIND).next();
    let product = evidence.bodies::<body::Product>().next().transpose()?.unwrap_or_default();
    let rules = practices.tiers().product.as_ref();
    // An expression that comes to an empty text says nothing.
    let said = |one: fn(&ProductRules) -> &Expression| rules.and_then(|rules| one(rules).text(environment).ok());
    let place = fact.and_then(|fact| fact.pointers.first()?.path.clone()).filter(|_| !product.name.is_empty());
    let version = match rules {
        Some(_) => said(|rules| &rules.version),
        None => product.version.filter(|version| !version.is_empty()).or(product.manifest_version),
    };
    let claimed = product.contact.unwrap_or_default();
    let stated = |one: Option<&Expression>| one.filter(|_| claimed.is_empty())?.text(environment).ok();
    let contact = stated(rules.and_then(|rules| rules.contact.as_ref()));
    let contact_from = stated(rules.and_then(|rules| rules.contact_from.as_ref())).filter(|_| contact.is_some());
    Ok(Product {
        name: product.name,
        name_from: place,
        version_from: said(|rules| &rules.from).filter(|_| version.is_some()),
        disagreement: said(|rules| &rules.disagreement),
        version: version.unwrap_or_default(),
        platforms: product.platforms.join(", "),
        claimant: product.claimant.unwrap_or_default(),
        contact: contact.unwrap_or(claimed),
        contact_from,
        url: product.url.unwrap_or_default(),
        scope_inside: product.inside,
        scope_outside: product.outside,
        extra: Extra::new(),
    })
}

/// The advisory findings with the maker's exceptions: those that are known to be exploited first, then by the probability of it,
/// else in the order of the facts.
pub(crate) fn findings(evidence: &Evidence) -> Result<Vec<Finding>, BodyError> {
    let mut all: Vec<Finding> =
        evidence.bodies::<AdvisoryFinding>().map(|finding| Ok(shown(finding?))).collect::<Result<_, _>>()?;
    all.sort_by(Finding::urgency);
    Ok(all)
}

fn shown(finding: AdvisoryFinding) -> Finding {
    let exceptions = finding.exceptions.into_iter().map(|exception| FindingException {
        file: exception.file,
        reason: exception.reason,
        who: exception.who,
        until: exception.until,
        valid: exception.valid,
    });
    Finding {
        advisory: finding.advisory,
        aliases: finding.aliases,
        kind: finding.kind.as_str().to_owned(),
        severity: finding.severity.as_str().to_owned(),
        package: finding.package,
        version: finding.version,
        reach: finding.reach.as_str().to_owned(),
        class: finding.class,
        lockfile: finding.lockfile.unwrap_or_default(),
        patched: finding.patched,
        known_exploited: finding.known_exploited,
        epss: finding.epss,
        exceptions: exceptions.collect(),
    }
}

/// The countersignatures that were given, in the order of the facts.
pub(crate) fn countersigned(evidence: &Evidence) -> Result<Vec<Countersigned>, BodyError> {
    let sha256 = |digest: String| DigestSet::from([("sha256".to_owned(), digest)]);
    let shown = |one: JudgedCountersignature| Countersigned {
        by: one.by,
        statement: sha256(one.statement),
        label: sha256(one.label),
        counts: one.counts,
        reason: one.reason,
    };
    evidence.bodies().map(|one| Ok(shown(one?))).collect()
}
