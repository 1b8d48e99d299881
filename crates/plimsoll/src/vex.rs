//! What evidence says of known vulnerabilities, as a VEX document: what the maker answers, and what is open.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_collect::{
    collectors::{advisory_finding::FINDING, sbom::COMPONENT},
    vex::{Issued, IssuedStatement, Status, VexForm},
};
use plimsoll_components::{Component, component_of_fact};
use plimsoll_model::{
    CanonicalError, Evidence, KindStatus,
    body::{AdvisoryFinding, AdvisoryKind, BodyError, ExceptionOnFinding, Product, Reach},
    one_line,
};

/// No document could be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VexError {
    /// It would say that nothing is known where nothing was looked at.
    #[error("what is known of the locked packages could not be looked at: {reason}")]
    NotLookedAt {
        /// Why.
        reason: String,
    },
    /// A fact is not what its kind declares.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// It cannot be written.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
}

/// Gives the document: one statement for each vulnerability of each component.
///
/// What an exception answers that counts is `not_affected`, or `fixed` where a VEX document says so, with its reason and its
/// time. Everything else that ships is open: `affected` where a VEX document says so, else `under_investigation`. Advisories
/// that are about no vulnerability are there where they are answered; yanked versions never.
pub fn vex_document(evidence: &Evidence, form: &VexForm) -> Result<String, VexError> {
    let report = evidence.kinds.get(FINDING.name);
    if let Some(reason) = report.is_none_or(|report| report.status == KindStatus::Unavailable).then(|| {
        let reason = report.and_then(|report| report.reason.clone());
        reason.unwrap_or_else(|| "the evidence does not have it".to_owned())
    }) {
        return Err(VexError::NotLookedAt { reason: one_line(&reason) });
    }
    let mut groups: BTreeMap<(String, String), Vec<AdvisoryFinding>> = BTreeMap::new();
    for finding in evidence.bodies::<AdvisoryFinding>() {
        let finding = finding?;
        if is_told(&finding) {
            let key = (finding.vulnerability.clone(), finding.purl.clone());
            groups.entry(key).or_default().push(finding);
        }
    }
    let product: Product = evidence.bodies().next().transpose()?.unwrap_or_default();
    let components = evidence.facts_of(COMPONENT.name).filter_map(|fact| component_of_fact(&fact.body));
    let members: Vec<Component> = components.filter(|one| one.member && one.ships()).collect();
    let stated = |text: Option<String>| text.filter(|text| !text.is_empty());
    let alone = if let [member] = members.as_slice() { Some(member) } else { None };
    let issued = Issued {
        as_of: evidence.as_of,
        author: stated(product.claimant),
        tool_version: evidence.tool.version.clone(),
        product: stated(Some(product.name)).or_else(|| alone.map(|one| one.name.clone())).unwrap_or_default(),
        version: stated(product.version)
            .or(stated(product.manifest_version))
            .or_else(|| alone.map(|one| one.version.clone())),
        purls: members.iter().map(|one| published(&one.purl)).collect::<BTreeSet<_>>().into_iter().collect(),
        statements: groups.values().filter_map(|findings| statement(findings, evidence)).collect(),
    };
    Ok(form.write(&issued)?)
}

/// Is there something to say of it?
fn is_told(finding: &AdvisoryFinding) -> bool {
    let ships = matches!(finding.reach, Reach::Shipped | Reach::Unknown)
        && matches!(finding.class.as_str(), "shipped" | "vendored");
    match finding.kind {
        AdvisoryKind::Yanked => false,
        AdvisoryKind::Vulnerability | AdvisoryKind::Unclassified => ships || finding.handled,
        AdvisoryKind::Unmaintained | AdvisoryKind::Unsound | AdvisoryKind::Notice => finding.handled,
    }
}

/// The package URL of a member as it is published: without the folder that it is in here.
fn published(purl: &str) -> String {
    purl.split(['?', '#']).next().unwrap_or(purl).to_owned()
}

/// What is said of one vulnerability of one component, wherever it is locked: it is answered where it is in every place.
fn statement(findings: &[AdvisoryFinding], evidence: &Evidence) -> Option<IssuedStatement> {
    let first = findings.first()?;
    let mut ids = vec![first.vulnerability.clone()];
    for id in findings.iter().flat_map(|finding| std::iter::once(&finding.advisory).chain(&finding.aliases)) {
        if !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    let all = || findings.iter().flat_map(|finding| &finding.exceptions);
    let of_status = |status: Status| all().find(|one| one.status.as_deref() == Some(status.as_str()));
    let answered = findings.iter().all(|finding| finding.handled);
    let patched: BTreeSet<String> =
        findings.iter().flat_map(|finding| &finding.patched).map(|range| one_line(range)).collect();
    let fix = if patched.is_empty() {
        "No version without it is known.".to_owned()
    } else {
        format!("Versions without it: {}.", patched.into_iter().collect::<Vec<_>>().join(" or "))
    };
    let (status, one, reason) = if let Some(one) = all().find(|one| one.valid).filter(|_| answered) {
        let fixed = one.status.as_deref() == Some(Status::Fixed.as_str());
        let status = if fixed { Status::Fixed } else { Status::NotAffected };
        (status, Some(one), words(one))
    } else if let Some(one) = of_status(Status::Affected) {
        let said = words(one);
        // Its own word alone is no action.
        let said = if said == Status::Affected.word() { fix } else { said };
        (Status::Affected, Some(one), said)
    } else {
        (
            Status::UnderInvestigation,
            of_status(Status::UnderInvestigation),
            format!("No answer of the maker counts. {fix}"),
        )
    };
    Some(IssuedStatement {
        ids,
        name: first.package.clone(),
        version: first.version.clone(),
        purl: first.purl.clone(),
        status,
        reason,
        // A statement that is repeated is no newer than it was.
        time: one.and_then(|one| one.said).filter(|said| *said <= evidence.as_of).unwrap_or(evidence.as_of),
        until: one.filter(|_| status.answers()).and_then(|one| one.until),
    })
}

/// The reason without the word that says which status it is of.
fn words(one: &ExceptionOnFinding) -> String {
    let word = one.status.as_deref().and_then(Status::named).map_or("", Status::word);
    let rest = one.reason.strip_prefix(word).and_then(|rest| rest.strip_prefix(": ")).filter(|_| !word.is_empty());
    rest.unwrap_or(&one.reason).trim().to_owned()
}

#[cfg(test)]
mod tests;
