//! Statements of VEX documents as exceptions: what each is about here, and until when it counts.

use std::collections::BTreeSet;

use super::{
    LONGEST_YEARS, Read, Stated,
    own::{Own, Product},
    package::Package,
};
use crate::vex::{self, About, NoVex, Status, VexStatement};
use jiff::{ToSpan as _, civil::Date, tz::TimeZone};
use plimsoll_model::{Pointer, one_line};

/// Bytes of a document.
pub(super) const LARGEST: u64 = 16 * 1024 * 1024;
/// Documents of a tree that are read, and bytes of all of them.
pub(super) const MOST_FILES: usize = 200;
pub(super) const MOST_BYTES: u64 = 64 * 1024 * 1024;
/// Statements of all documents.
const MOST: usize = 50_000;

/// May the file hold statements? Its content decides; this is where to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Candidate {
    /// It is called what such a file is called.
    Named,
    /// It may be an SBOM, and have an analysis in it.
    Sbom,
}

/// Is the file at this path looked into?
pub(super) fn candidate(path: &str) -> Option<Candidate> {
    let lower = path.to_ascii_lowercase();
    let (folder, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let name = name.strip_suffix(".json")?;
    let part = |words: &[&str]| name.split(['.', '-', '_']).any(|part| words.contains(&part));
    let inside = |words: &[&str]| folder.split('/').any(|part| words.contains(&part));
    if part(&["vex", "openvex", "csaf"]) || inside(&[".vex", "vex", "openvex", "csaf"]) {
        Some(Candidate::Named)
    } else if part(&["bom", "sbom", "cdx", "cyclonedx"]) || inside(&["sbom", "sboms", ".sbom"]) {
        Some(Candidate::Sbom)
    } else {
        None
    }
}

/// Takes over what a document says, as far as it says something of this product.
pub(super) fn take(found: &mut Read, own: &Own, file: &str, pointer: &Pointer, text: &str, named: Candidate) {
    let document = match vex::read(text) {
        Ok(document) => document,
        // What is only called so, and an SBOM without an analysis.
        Err(_) if named == Candidate::Sbom => return,
        Err(NoVex::Other) => {
            found.unread.push(format!(
                "{} is no VEX document that is read (OpenVEX, CycloneDX or CSAF in JSON).",
                one_line(file)
            ));
            return;
        }
        Err(NoVex::Unreadable(reason)) => {
            found.files += 1;
            found.gaps.push(format!("{}: {}", one_line(file), one_line(&reason)));
            return;
        }
    };
    found.files += 1;
    for told in &document.unread {
        found.unread.push(format!("Of {} a part is not read: {}.", one_line(file), one_line(told)));
    }
    for statement in document.statements {
        if found.stated.len() >= MOST {
            let told = format!("only the first {MOST} exceptions are read");
            if !found.gaps.contains(&told) {
                found.gaps.push(told);
            }
            break;
        }
        found.stated.push((stated(file, document.format, statement, own), pointer.clone()));
    }
}

/// The day of its end: a VEX statement has none of its own, and is to be looked at again after a year.
fn until(said: Date) -> Option<Date> {
    said.checked_add(LONGEST_YEARS.years()).ok()
}

fn stated(file: &str, format: &'static str, statement: VexStatement, own: &Own) -> Stated {
    let VexStatement { mut ids, about, status, reason, fault, time } = statement;
    let said = time.map(|time| time.to_zoned(TimeZone::UTC).date());
    let (scope, elsewhere) = match scope(&about, status, own) {
        Ok(scope) => (scope, None),
        Err(reason) => (Scope { component: about.component, ..Scope::default() }, Some(reason)),
    };
    let advisory = if ids.is_empty() { String::new() } else { ids.remove(0) };
    let word = status.word();
    let reason = match reason.strip_prefix(word) {
        _ if word.is_empty() => reason,
        _ if reason.is_empty() => word.to_owned(),
        Some(rest) if rest.is_empty() || rest.starts_with(": ") => reason,
        _ => format!("{word}: {reason}"),
    };
    Stated {
        file: file.to_owned(),
        tool: format.to_owned(),
        advisory,
        aliases: ids,
        package: None,
        version: None,
        lockfile: None,
        products: scope.products.into_iter().collect(),
        purl: scope.component,
        status: Some(status),
        reason,
        who: None,
        said: time,
        until: said.and_then(until),
        fault: fault.or(scope.fault),
        elsewhere,
        file_counts: None,
    }
}

/// What of this product a statement is about.
#[derive(Default)]
struct Scope {
    /// These members of its workspaces; empty for the product as a whole.
    products: BTreeSet<String>,
    /// This component; `None` for all of them.
    component: Option<String>,
    /// What keeps it from counting.
    fault: Option<String>,
}

/// What of this product a statement is about, or why it is about nothing here.
fn scope(about: &About, status: Status, own: &Own) -> Result<Scope, String> {
    let package = |purl: &str| {
        Package::read(purl).ok_or_else(|| format!("\"{}\" is no package URL", plimsoll_model::excerpt(purl, 80)))
    };
    let unversioned = |at_hand: bool| {
        let told = || "it says fixed, and names no version of the product".to_owned();
        (status == Status::Fixed && !at_hand).then(told)
    };
    // A component that is named without a product is all that the statement is about: what is fixed is that version of it.
    let by_itself = |purl: &str| {
        let fault = unversioned(package(purl)?.version.is_some());
        Ok(Scope { products: BTreeSet::new(), component: Some(purl.to_owned()), fault })
    };
    let Some(product) = &about.product else {
        return by_itself(about.component.as_deref().ok_or("it names neither a product nor a component")?);
    };
    let named = match own.product(product) {
        Product::Unsure { why, .. } if status.answers() => return Err(why.to_owned()),
        Product::Unsure { likely, .. } => *likely,
        known => known,
    };
    let (products, at_hand) = match named {
        Product::Whole { at_hand } => (BTreeSet::new(), at_hand),
        Product::Members { purls, at_hand } => (purls, at_hand),
        Product::OtherVersion { named } => {
            let named = plimsoll_model::excerpt(&named, 80);
            return Err(format!("it is about version {named} of the product, and not about the one here"));
        }
        Product::Other | Product::Unsure { .. } => {
            return match (&product.purl, &about.component) {
                (Some(purl), None) => by_itself(purl),
                _ => Err(format!("it is about another product ({})", plimsoll_model::excerpt(product.word(), 80))),
            };
        }
    };
    if let Some(purl) = &about.component {
        package(purl)?;
    }
    Ok(Scope { products, component: about.component.clone(), fault: unversioned(at_hand) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_documents_are_looked_for() {
        // The path alone decides; the content is looked at afterwards.
        for (path, expected) in [
            (".vex/app.json", Some(Candidate::Named)),
            ("security/vex/2026/a.json", Some(Candidate::Named)),
            ("app.openvex.json", Some(Candidate::Named)),
            ("vex.cdx.json", Some(Candidate::Named)),
            ("acme-2026.csaf.json", Some(Candidate::Named)),
            (".well-known/csaf/white/2026/acme-1.json", Some(Candidate::Named)),
            ("bom.json", Some(Candidate::Sbom)),
            ("dist/app.cdx.json", Some(Candidate::Sbom)),
            ("convex.json", None),
            ("package.json", None),
            (".vex/README.md", None),
        ] {
            assert_eq!(candidate(path), expected, "{path}");
        }
    }
}
