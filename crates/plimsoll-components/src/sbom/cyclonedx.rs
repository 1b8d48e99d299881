//! CycloneDX 1.5 JSON.

use std::str::FromStr;

use cyclonedx_bom::{
    external_models::{
        date_time::DateTime,
        normalized_string::NormalizedString,
        uri::{Purl, Uri},
    },
    models::{
        bom::{Bom, BomReference, SpecVersion, UrnUuid},
        component::{Classification, Component, Components, Cpe, Scope},
        composition::{AggregateType, Composition, Compositions},
        dependency::{Dependencies, Dependency},
        external_reference::{self as reference, ExternalReference, ExternalReferenceType, ExternalReferences},
        hash::{Hash, HashAlgorithm, HashValue, Hashes},
        license::{License, LicenseChoice, Licenses},
        lifecycle::{Lifecycle, Lifecycles, Phase},
        metadata::Metadata,
        organization::{OrganizationalContact, OrganizationalEntity},
        property::{Properties, Property},
        tool::Tools,
    },
    validation::Validate,
};

use super::{
    described::{self, Form, Licence},
    entries::{self, DocumentInfo, Entries, Entry, Maker},
};
use crate::{error::ComponentsError, hash::Algorithm, inventory::Inventory};
use plimsoll_model::body::Reach;

const FORMAT: &str = "CycloneDX";
/// Properties that name fields that are not known, and fields that are kept back.
const UNKNOWN: &str = "plimsoll:unknown";
const WITHHELD: &str = "plimsoll:withheld";
/// The reference of the product itself.
const PRODUCT: &str = "product";

/// Gives the components as a CycloneDX 1.5 document in JSON, with two spaces of indent and a newline at the end.
///
/// The same inventory and info give the same bytes: the serial number is made from the content (a UUID of version 8),
/// the only time is `as_of`. A supplier or version that is not known is left out: the format has no word for it. The
/// document has passed the format's own checks. The composition is `incomplete` where a part that may ship was not read,
/// and the property `plimsoll:not-listed` names that part.
///
/// Source: CycloneDX 1.5; NTIA, "The Minimum Elements For a Software Bill of Materials" (2021), data fields.
pub fn cyclonedx(inventory: &Inventory, info: &DocumentInfo) -> Result<Vec<u8>, ComponentsError> {
    let entries = entries::entries(inventory);
    let write = |problem: String| ComponentsError::Write { format: FORMAT, problem };
    let timestamp = DateTime::try_from(info.time()).map_err(|error| write(error.to_string()))?;
    let maker = info.maker();
    let incomplete = entries::incomplete(inventory);
    let supplier = || maker.as_ref().map(organization);
    let licence = described::licence_of_product(&entries);

    let mut product = Component::new(Classification::Application, &info.product(), "", Some(PRODUCT.to_owned()));
    product.version = info.version().as_deref().map(NormalizedString::new);
    product.supplier = supplier();
    product.purl = info.purl().and_then(|purl| Purl::from_str(&purl).ok());
    product.cpe = info.cpe().map(Cpe::from);
    // This version has no field for it.
    product.external_references = info.swhid().and_then(|id| Uri::try_from(id).ok()).map(|id| {
        ExternalReferences(vec![ExternalReference::new(ExternalReferenceType::Vcs, reference::Uri::Url(id))])
    });
    product.licenses = licence.map(licences);
    product.properties = Some(Properties(vec![
        Property::new("plimsoll:commit", &info.commit),
        Property::new(UNKNOWN, &described::unknown_of_product(info, licence).join(", ")),
    ]));
    let mut tool = Component::new(Classification::Application, "plimsoll", &info.tool_version, None);
    tool.supplier = None;
    // Nothing that is known is left out, but for what keys and passwords would be.
    let mut properties = vec![Property::new(WITHHELD, "nothing")];
    let unknown = described::unknown_of_document(info);
    properties.extend((!unknown.is_empty()).then(|| Property::new(UNKNOWN, &unknown.join(", "))));
    properties.extend(incomplete.as_deref().map(|reason| Property::new("plimsoll:not-listed", reason)));
    let metadata = Metadata {
        timestamp: Some(timestamp),
        tools: Some(Tools::Object { services: None, components: Some(Components(vec![tool])) }),
        authors: maker.as_ref().map(|maker| vec![OrganizationalContact::new(&maker.name, maker.email.as_deref())]),
        component: Some(product),
        manufacture: None,
        supplier: supplier(),
        licenses: None,
        properties: Some(Properties(properties)),
        // Told from sources, before anything is built.
        lifecycles: Some(Lifecycles(vec![Lifecycle::Phase(Phase::PreBuild)])),
    };
    let own = |reference: &String| entries.own.contains(reference);
    let components = entries
        .all
        .iter()
        .map(|(reference, entry)| {
            let mut component = component(reference, entry, own(reference).then(supplier).flatten());
            let unknown = described::unknown(entry, own(reference), info).join(", ");
            let properties = component.properties.get_or_insert_with(|| Properties(Vec::new()));
            properties.0.push(Property::new(UNKNOWN, &unknown));
            component
        })
        .collect();
    let mut dependencies = vec![Dependency {
        dependency_ref: PRODUCT.to_owned(),
        dependencies: entries.product.iter().cloned().collect(),
    }];
    // What is left out of the graph depends on nothing that is known (CycloneDX 1.5, `dependencies`).
    let in_graph = entries.all.iter().filter(|(_, entry)| entry.edges_known || !entry.depends_on.is_empty());
    dependencies.extend(in_graph.map(|(reference, entry)| Dependency {
        dependency_ref: reference.clone(),
        dependencies: entry.depends_on.iter().cloned().collect(),
    }));
    let bom = Bom {
        serial_number: Some(
            UrnUuid::new(plimsoll_model::urn_uuid(&entries::digest(info, &entries, incomplete.as_deref())))
                .map_err(|error| write(format!("{error:?}")))?,
        ),
        metadata: Some(metadata),
        components: Some(Components(components)),
        dependencies: Some(Dependencies(dependencies)),
        compositions: Some(compositions(&entries, incomplete.is_none())),
        spec_version: SpecVersion::V1_5,
        ..Bom::default()
    };
    let checked = bom.validate_version(SpecVersion::V1_5);
    if !checked.passed() {
        let problem = plimsoll_model::excerpt(&format!("{checked:?}"), 400);
        return Err(ComponentsError::Invalid { format: FORMAT, problem });
    }
    let mut bytes = Vec::new();
    bom.output_as_json_v1_5(&mut bytes).map_err(|error| write(error.to_string()))?;
    if bytes.last() != Some(&b'\n') {
        bytes.push(b'\n');
    }
    Ok(bytes)
}

fn component(reference: &str, entry: &Entry<'_>, supplier: Option<OrganizationalEntity>) -> Component {
    let source = entry.component;
    let form = match described::form(source) {
        Form::Library => Classification::Library,
        Form::Application => Classification::Application,
        Form::Container => Classification::Container,
    };
    let mut component = Component::new(form, &source.name, &source.version, Some(reference.to_owned()));
    component.supplier = supplier;
    component.purl = Purl::from_str(&source.purl).ok();
    component.scope = match entry.reach {
        Reach::Shipped => Some(Scope::Required),
        Reach::Build | Reach::Dev | Reach::NotInGraph => Some(Scope::Excluded),
        Reach::Unknown => None,
    };
    let hashes: Vec<Hash> = entry
        .hashes
        .iter()
        .filter_map(|hash| {
            let alg = match hash.algorithm() {
                Algorithm::Md5 => HashAlgorithm::MD5,
                Algorithm::Sha1 => HashAlgorithm::SHA1,
                Algorithm::Sha256 => HashAlgorithm::SHA_256,
                Algorithm::Sha384 => HashAlgorithm::SHA_384,
                Algorithm::Sha512 => HashAlgorithm::SHA_512,
                // No digest of one file.
                Algorithm::GoH1 | Algorithm::NugetContent | Algorithm::YarnCache => return None,
            };
            Some(Hash { alg, content: HashValue(hash.value().to_owned()) })
        })
        .collect();
    component.hashes = (!hashes.is_empty()).then_some(Hashes(hashes));
    component.licenses = entry.licence.map(licences);
    let mut properties = vec![
        Property::new("plimsoll:reach", entry.reach.as_str()),
        Property::new("plimsoll:class", &entry.classes.iter().copied().collect::<Vec<_>>().join(", ")),
    ];
    properties.extend(described::other_hashes(entry).map(|hash| Property::new("plimsoll:hash", &hash)));
    let lockfiles =
        entry.lockfiles.iter().map(|lockfile| Property::new("plimsoll:lockfile", &plimsoll_model::one_line(lockfile)));
    properties.extend(lockfiles);
    if let Some(url) = &source.source_url {
        properties.push(Property { name: "plimsoll:source".to_owned(), value: NormalizedString::new(url) });
    }
    component.properties = Some(Properties(properties));
    component
}

fn organization(maker: &Maker) -> OrganizationalEntity {
    let url = maker.url.clone().and_then(|url| Uri::try_from(url).ok());
    let contact = maker.email.as_deref().map(|email| OrganizationalContact {
        bom_ref: None,
        name: None,
        email: Some(NormalizedString::new(email)),
        phone: None,
    });
    OrganizationalEntity {
        url: url.map(|url| vec![url]),
        contact: contact.map(|contact| vec![contact]),
        ..OrganizationalEntity::new(&maker.name)
    }
}

/// A licence, as an expression where it is one that the format's own list knows.
fn licences(text: &str) -> Licenses {
    Licenses(vec![match described::licence(text) {
        Licence::Expression(expression) => LicenseChoice::Expression(expression),
        Licence::Words => LicenseChoice::License(License::named_license(text)),
    }])
}

/// How complete the parts are that are listed of the product, and what each component depends on.
fn compositions(entries: &Entries<'_>, complete: bool) -> Compositions {
    let composition = |aggregate: AggregateType, references: Vec<BomReference>| Composition {
        bom_ref: None,
        aggregate,
        assemblies: None,
        dependencies: Some(references),
        vulnerabilities: None,
        signature: None,
    };
    let product = vec![BomReference::new(PRODUCT)];
    let aggregate = if complete { AggregateType::Complete } else { AggregateType::Incomplete };
    let of_product = Composition { assemblies: Some(product.clone()), ..composition(aggregate, product) };
    let mut known: [Vec<BomReference>; 3] = Default::default();
    let [whole, in_part, none] = &mut known;
    for (reference, entry) in &entries.all {
        match (entry.edges_known, entry.depends_on.is_empty()) {
            (true, _) => &mut *whole,
            (false, false) => &mut *in_part,
            (false, true) => &mut *none,
        }
        .push(BomReference::new(reference));
    }
    let aggregates = [AggregateType::Complete, AggregateType::Incomplete, AggregateType::Unknown];
    let of_components = known.into_iter().zip(aggregates).filter(|(references, _)| !references.is_empty());
    let of_components = of_components.map(|(references, aggregate)| composition(aggregate, references));
    Compositions(std::iter::once(of_product).chain(of_components).collect())
}
