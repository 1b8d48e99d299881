//! What the label says of the product, and the findings that it shows.

use plimsoll_model::{
    Countersigned, DigestSet, Evidence, Extra, Finding, FindingException, Product,
    body::{self, AdvisoryFinding, BodyError, JudgedCountersignature},
};

/// The first product fact in words; empty where there is none.
pub(crate) fn of(evidence: &Evidence) -> Result<Product, BodyError> {
    let Some(product) = evidence.bodies::<body::Product>().next().transpose()? else { return Ok(Product::default()) };
    let version = product.version.filter(|version| !version.is_empty()).or(product.manifest_version);
    Ok(Product {
        name: product.name,
        version: version.unwrap_or_default(),
        platforms: product.platforms.join(", "),
        claimant: product.claimant.unwrap_or_default(),
        contact: product.contact.unwrap_or_default(),
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
