//! CSAF 2.0 and 2.1, profile VEX (`csaf_vex`).
//!
//! Source: OASIS CSAF 2.0, sections 3.2.2 (product tree), 3.2.3 (vulnerabilities) and 4.5 (profile VEX).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::Value;

use super::{
    About, NO_STATUS, Named, NoVex, Status, VAGUE, VexDocument, VexStatement, joined,
    json::{list, name, text, texts, time},
    newer,
    openvex::JUSTIFICATIONS,
    with_version, without_reason,
};

/// Versions that are read.
const VERSIONS: [&str; 2] = ["2.0", "2.1"];
/// Products of the tree.
const MOST_PRODUCTS: usize = 100_000;
/// Addresses of one product.
const MOST_ADDRESSES: usize = 10;
/// What a group of products is said to be.
const STATUSES: [(&str, Status); 8] = [
    ("known_not_affected", Status::NotAffected),
    ("fixed", Status::Fixed),
    ("first_fixed", Status::Fixed),
    ("known_affected", Status::Affected),
    ("first_affected", Status::Affected),
    ("last_affected", Status::Affected),
    ("under_investigation", Status::UnderInvestigation),
    ("unknown", Status::UnderInvestigation),
];
/// A group that says nothing of what is affected.
const RECOMMENDED: &str = "recommended";

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
    let publisher = head.get("publisher").filter(|publisher| text(publisher, "category") == Some("vendor"));
    let publisher = publisher.and_then(|publisher| name(publisher, "name"));
    let products = Products::of(value.get("product_tree").unwrap_or(&Value::Null), publisher);
    let mut document = VexDocument::new("csaf");
    for vulnerability in list(value, "vulnerabilities") {
        let ids = ids(vulnerability);
        let Some(first) = ids.first() else {
            document.skip("a vulnerability has no name".to_owned());
            continue;
        };
        let Some(stated) = vulnerability.get("product_status") else { continue };
        let other = stated.as_object().into_iter().flat_map(|members| members.keys()).map(String::as_str);
        let other = other.filter(|member| *member != RECOMMENDED && STATUSES.iter().all(|(known, _)| known != member));
        let other: Vec<&str> = other.collect();
        if !other.is_empty() {
            document.skip(format!("{first} has a status of products that its format does not know"));
        }
        let groups = STATUSES.into_iter().map(|(member, status)| (member, Some(status)));
        for (member, known) in groups.chain(other.into_iter().map(|member| (member, None))) {
            let status = known.unwrap_or(Status::UnderInvestigation);
            for product in texts(stated, member) {
                if document.is_full() {
                    break;
                }
                let (abouts, unclear) = products.abouts(product);
                if let Some(why) = &unclear {
                    let what = plimsoll_model::excerpt(product, 80);
                    document.skip(format!("what {first} says of the product \"{what}\" {why}"));
                    if status.answers() {
                        continue;
                    }
                }
                let vague = || unclear.as_ref().map(|_| VAGUE.to_owned());
                let mut said = products.said(vulnerability, product, status);
                if known.is_none() {
                    said.words = Some(NO_STATUS);
                }
                for about in abouts {
                    document.push(VexStatement {
                        ids: ids.clone(),
                        about,
                        status: if unclear.is_some() { Status::UnderInvestigation } else { status },
                        reason: joined(&[said.justification, said.words]),
                        fault: without_reason(status, said.justification.is_some(), said.words)
                            .or_else(|| draft.clone())
                            .or_else(vague),
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

/// What the branches above a product say of it.
#[derive(Clone, Copy, Default)]
struct Above<'a> {
    maker: Option<&'a str>,
    name: Option<&'a str>,
    version: Option<&'a str>,
    /// Is it narrower than a name and a version say? Only some branches are understood: a range of versions, a service pack, an
    /// architecture or whatever a later version has are a part of the product.
    narrowed: bool,
}

impl<'a> Above<'a> {
    fn below(mut self, branch: &'a Value) -> Self {
        let own = name(branch, "name");
        match text(branch, "category").unwrap_or_default() {
            // One without a name is not that of the publisher.
            "vendor" => self.maker = own.or(Some("")),
            "product_family" => {}
            "product_name" => self.name = own,
            "product_version" if own.is_some() && self.version.is_none_or(|above| own == Some(above)) => {
                self.version = own;
            }
            _ => self.narrowed = true,
        }
        self
    }
}

/// A product of the tree.
struct Known {
    /// By each of its package URLs or addresses; by its name where it has none. Never empty.
    named: Vec<Named>,
    /// Is it known which part and versions are meant?
    clear: bool,
}

/// The products by their ids.
#[derive(Default)]
struct Products {
    known: BTreeMap<String, Known>,
    /// `None` for a relationship that is not one of a component to a product.
    relations: BTreeMap<String, Option<Relation>>,
    /// The groups that a product is in.
    groups: BTreeMap<String, BTreeSet<String>>,
}

impl Products {
    fn of(tree: &Value, publisher: Option<&str>) -> Self {
        let mut products = Self::default();
        let above = Above { maker: publisher, ..Above::default() };
        let mut ahead: Vec<(&Value, Above<'_>)> = list(tree, "branches").iter().map(|branch| (branch, above)).collect();
        let mut seen = 0;
        while let Some((branch, above)) = ahead.pop() {
            seen += 1;
            if seen > MOST_PRODUCTS {
                break;
            }
            let below = above.below(branch);
            if let Some(product) = branch.get("product") {
                products.add(product, below);
            }
            ahead.extend(list(branch, "branches").iter().map(|branch| (branch, below)));
        }
        for product in list(tree, "full_product_names").iter().take(MOST_PRODUCTS) {
            products.add(product, above);
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
                own: known(full, Above::default()).named.into_iter().next().unwrap_or_default(),
            });
            // One id for two of them leads to none of them.
            let is_new = !products.known.contains_key(id) && !products.relations.contains_key(id);
            products.relations.insert(id.to_owned(), read.filter(|_| is_new));
        }
        for group in list(tree, "product_groups").iter().take(MOST_PRODUCTS) {
            let Some(id) = name(group, "group_id") else { continue };
            for product in texts(group, "product_ids") {
                products.groups.entry(product.to_owned()).or_default().insert(id.to_owned());
            }
        }
        products
    }

    fn add(&mut self, product: &Value, above: Above<'_>) {
        if let Some(id) = name(product, "product_id") {
            let one = self.known.entry(id.to_owned());
            one.and_modify(|one| one.clear = false).or_insert_with(|| known(product, above));
        }
    }

    /// What a product id is about; and why that is not clear, where it is the most that may be meant.
    fn abouts(&self, id: &str) -> (Vec<About>, Option<&'static str>) {
        const NO_PURL: &str = "names no package URL that is read";
        const NARROWED: &str = "is about a part or about versions that are not read";
        let unclear = |is_clear: bool| (!is_clear).then_some(NARROWED);
        let about = |product: &Named, component| About { product: Some(product.clone()), component };
        let Some(relation) = self.relations.get(id) else {
            let Some(known) = self.known.get(id) else { return (Vec::new(), Some(NO_PURL)) };
            return (known.named.iter().map(|one| about(one, None)).collect(), unclear(known.clear));
        };
        let Some((relation, product)) =
            relation.as_ref().and_then(|relation| Some((relation, self.known.get(&relation.product)?)))
        else {
            return (Vec::new(), Some(NO_PURL));
        };
        let component = relation.component.as_ref().and_then(|id| self.known.get(id));
        let own = component.into_iter().flat_map(|one| &one.named).chain([&relation.own]);
        let purls: BTreeSet<String> = own.filter_map(|one| one.purl.clone()).collect();
        if purls.is_empty() {
            return (product.named.iter().map(|one| about(one, None)).collect(), Some(NO_PURL));
        }
        let pairs = product.named.iter().flat_map(|one| purls.iter().map(move |purl| about(one, Some(purl.clone()))));
        (pairs.take(super::MOST).collect(), unclear(product.clear && component.is_none_or(|one| one.clear)))
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

/// A product with what the branches above it say.
fn known(product: &Value, above: Above<'_>) -> Known {
    let helper = product.get("product_identification_helper").unwrap_or(&Value::Null);
    // Each of these is a part of what is sold under the name.
    let mut clear = !above.narrowed
        && ["model_numbers", "serial_numbers", "skus"].iter().all(|member| list(helper, member).is_empty());
    let named = |purl: Option<String>, address: Option<&str>| Named {
        purl,
        address: address.map(ToOwned::to_owned),
        name: above.name.or_else(|| name(product, "name")).map(ToOwned::to_owned),
        version: above.version.map(ToOwned::to_owned),
        maker: above.maker.map(ToOwned::to_owned),
    };
    let mut all = Vec::new();
    let purls: BTreeSet<&str> = name(helper, "purl").into_iter().chain(texts(helper, "purls")).collect();
    for purl in purls {
        let versioned = with_version(purl, above.version);
        clear &= versioned.is_some();
        all.push(named(Some(versioned.unwrap_or_else(|| purl.to_owned())), None));
    }
    if all.is_empty() {
        let addresses = list(helper, "x_generic_uris").iter().filter_map(|one| name(one, "uri")).take(MOST_ADDRESSES);
        all.extend(addresses.map(|address| named(None, Some(address))));
    }
    if all.is_empty() {
        all.push(named(None, None));
    }
    Known { named: all, clear }
}
