//! CSAF 2.0 and 2.1, profile VEX (`csaf_vex`).
//!
//! Source: OASIS CSAF 2.0, sections 3.2.2 (product tree), 3.2.3 (vulnerabilities) and 4.5 (profile VEX).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::Value;

use super::{
    About, Named, NoVex, Status, VexDocument, VexStatement, joined,
    json::{list, name, text, texts, time},
    newer,
    openvex::JUSTIFICATIONS,
    without_reason,
};

/// Versions that are read.
const VERSIONS: [&str; 2] = ["2.0", "2.1"];
/// Products of the tree.
const MOST_PRODUCTS: usize = 100_000;
/// What a group of products is said to be.
const STATUSES: [(&str, Status); 7] = [
    ("known_not_affected", Status::NotAffected),
    ("fixed", Status::Fixed),
    ("first_fixed", Status::Fixed),
    ("known_affected", Status::Affected),
    ("first_affected", Status::Affected),
    ("last_affected", Status::Affected),
    ("under_investigation", Status::UnderInvestigation),
];

pub(super) fn read(value: &Value) -> Result<VexDocument, NoVex> {
    let head = value.get("document").unwrap_or(&Value::Null);
    let version = text(head, "csaf_version").unwrap_or_default();
    if !VERSIONS.contains(&version) {
        return Err(newer("CSAF", version));
    }
    // A security advisory says what its publisher offers for its own products, and not what holds of a component in them.
    if text(head, "category") != Some("csaf_vex") {
        return Err(NoVex::Unreadable("it is CSAF of another profile than VEX".to_owned()));
    }
    let tracking = head.get("tracking").unwrap_or(&Value::Null);
    let dated = time(tracking, &["current_release_date"]).flatten();
    let draft = (text(tracking, "status") == Some("draft")).then(|| "its document is a draft".to_owned());
    let products = Products::of(value.get("product_tree").unwrap_or(&Value::Null));
    let mut document = VexDocument::new("csaf");
    for vulnerability in list(value, "vulnerabilities") {
        let ids = ids(vulnerability);
        let Some(first) = ids.first() else {
            document.skip("a vulnerability has no name".to_owned());
            continue;
        };
        let Some(stated) = vulnerability.get("product_status") else { continue };
        for (member, status) in STATUSES {
            for product in texts(stated, member) {
                if document.is_full() {
                    break;
                }
                let Some(abouts) = products.abouts(product) else {
                    let what = plimsoll_model::excerpt(product, 80);
                    document
                        .skip(format!("what {first} says of the product \"{what}\" names no package URL that is read"));
                    continue;
                };
                let said = products.said(vulnerability, product, status);
                for about in abouts {
                    document.push(VexStatement {
                        ids: ids.clone(),
                        about,
                        status,
                        reason: joined(&[said.justification, said.words]),
                        fault: without_reason(status, said.justification.is_some(), said.words)
                            .or_else(|| draft.clone()),
                        time: said.time.unwrap_or(dated),
                    });
                }
            }
        }
    }
    Ok(document)
}

fn ids(vulnerability: &Value) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    let others = list(vulnerability, "ids").iter().filter_map(|one| name(one, "text"));
    for id in name(vulnerability, "cve").into_iter().chain(others) {
        if !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    }
    ids
}

/// Why a product has its status.
#[derive(Default)]
struct Said<'a> {
    justification: Option<&'a str>,
    words: Option<&'a str>,
    /// Its own time; `Some(None)` is one that is no time.
    #[expect(clippy::option_option, reason = "a time that cannot be read is not one that is missing")]
    time: Option<Option<Timestamp>>,
}

/// A component as part of a product.
struct Relation {
    component: Option<String>,
    product: String,
    own: Named,
}

/// The products by their ids.
#[derive(Default)]
struct Products {
    /// Each with all its package URLs.
    named: BTreeMap<String, Vec<Named>>,
    /// `None` for a relationship that is not one of a component to a product.
    relations: BTreeMap<String, Option<Relation>>,
    /// The groups that a product is in.
    groups: BTreeMap<String, BTreeSet<String>>,
}

impl Products {
    fn of(tree: &Value) -> Self {
        let mut products = Self::default();
        let mut ahead: Vec<(&Value, Option<&str>)> =
            list(tree, "branches").iter().map(|branch| (branch, None)).collect();
        let mut seen = 0;
        while let Some((branch, above)) = ahead.pop() {
            seen += 1;
            if seen > MOST_PRODUCTS {
                break;
            }
            let own = name(branch, "name");
            let product_name = if text(branch, "category") == Some("product_name") { own } else { above };
            let version = own.filter(|_| text(branch, "category") == Some("product_version"));
            if let Some(product) = branch.get("product") {
                products.add(product, product_name, version);
            }
            ahead.extend(list(branch, "branches").iter().map(|branch| (branch, product_name)));
        }
        for product in list(tree, "full_product_names").iter().take(MOST_PRODUCTS) {
            products.add(product, None, None);
        }
        for relation in list(tree, "relationships").iter().take(MOST_PRODUCTS) {
            let Some(full) = relation.get("full_product_name") else { continue };
            let Some(id) = name(full, "product_id") else { continue };
            let category = text(relation, "category").unwrap_or_default();
            let parts = name(relation, "product_reference").zip(name(relation, "relates_to_product_reference"));
            let parts = parts.filter(|_| category.ends_with("_component_of"));
            let read = parts.map(|(component, product)| Relation {
                component: Some(component.to_owned()),
                product: product.to_owned(),
                own: all_named(full, None, None).into_iter().next().unwrap_or_default(),
            });
            products.relations.insert(id.to_owned(), read);
        }
        for group in list(tree, "product_groups").iter().take(MOST_PRODUCTS) {
            let Some(id) = name(group, "group_id") else { continue };
            for product in texts(group, "product_ids") {
                products.groups.entry(product.to_owned()).or_default().insert(id.to_owned());
            }
        }
        products
    }

    fn add(&mut self, product: &Value, name_above: Option<&str>, version: Option<&str>) {
        if let Some(id) = name(product, "product_id") {
            self.named.insert(id.to_owned(), all_named(product, name_above, version));
        }
    }

    /// What a product id is about; `None` where it leads to nothing that has a package URL or a name.
    fn abouts(&self, id: &str) -> Option<Vec<About>> {
        let Some(relation) = self.relations.get(id) else {
            let products = self.named.get(id)?.iter();
            return Some(products.map(|one| About { product: Some(one.clone()), component: None }).collect());
        };
        let relation = relation.as_ref()?;
        let products = self.named.get(&relation.product)?;
        let component = relation.component.as_ref().and_then(|id| self.named.get(id));
        let purls = component.into_iter().flatten().chain([&relation.own]).filter_map(|one| one.purl.clone());
        let purls: BTreeSet<String> = purls.collect();
        let pairs = products.iter().flat_map(|product| {
            let of = |purl: &String| About { product: Some(product.clone()), component: Some(purl.clone()) };
            purls.iter().map(of)
        });
        let abouts: Vec<About> = pairs.take(super::MOST).collect();
        (!abouts.is_empty()).then_some(abouts)
    }

    /// What a vulnerability says of why a product has its status.
    fn said<'a>(&self, vulnerability: &'a Value, product: &str, status: Status) -> Said<'a> {
        let is_about = |one: &&Value| {
            let groups = self.groups.get(product);
            texts(one, "product_ids").any(|id| id == product)
                || texts(one, "group_ids").any(|id| groups.is_some_and(|groups| groups.contains(id)))
        };
        let first = |member: &str, fits: &dyn Fn(&Value) -> bool| {
            list(vulnerability, member).iter().filter(is_about).find(|one| fits(one))
        };
        match status {
            Status::NotAffected => {
                let flag =
                    first("flags", &|flag| text(flag, "label").is_some_and(|word| JUSTIFICATIONS.contains(&word)));
                let threat = first("threats", &|threat| text(threat, "category") == Some("impact"));
                let dated = |one: Option<&Value>| one.and_then(|one| time(one, &["date"]));
                Said {
                    justification: flag.and_then(|flag| text(flag, "label")),
                    words: threat.and_then(|threat| text(threat, "details")),
                    time: dated(flag).or_else(|| dated(threat)),
                }
            }
            Status::Affected => {
                let remediation = first("remediations", &|_| true);
                Said { words: remediation.and_then(|one| text(one, "details")), ..Said::default() }
            }
            Status::Fixed | Status::UnderInvestigation => Said::default(),
        }
    }
}

/// A product by each of its package URLs; by its name alone where it has none. Never empty.
fn all_named(product: &Value, name_above: Option<&str>, version: Option<&str>) -> Vec<Named> {
    let helper = product.get("product_identification_helper").unwrap_or(&Value::Null);
    let purls: BTreeSet<&str> = name(helper, "purl").into_iter().chain(texts(helper, "purls")).collect();
    let named = |purl: Option<&str>| Named {
        purl: purl.map(ToOwned::to_owned),
        address: None,
        name: name_above.or_else(|| name(product, "name")).map(ToOwned::to_owned),
        version: version.map(ToOwned::to_owned),
    };
    if purls.is_empty() { vec![named(None)] } else { purls.into_iter().map(|purl| named(Some(purl))).collect() }
}
