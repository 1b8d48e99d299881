//! CycloneDX 1.5 JSON.

use std::str::FromStr;

use cyclonedx_bom::{
    external_models::{date_time::DateTime, normalized_string::NormalizedString, spdx::SpdxExpression, uri::Purl},
    models::{
        bom::{Bom, BomReference, SpecVersion, UrnUuid},
        component::{Classification, Component, Components, Scope},
        composition::{AggregateType, Composition, Compositions},
        dependency::{Dependencies, Dependency},
        hash::{Hash, HashAlgorithm, HashValue, Hashes},
        license::{LicenseChoice, Licenses},
        lifecycle::{Lifecycle, Lifecycles, Phase},
        metadata::Metadata,
        organization::{OrganizationalContact, OrganizationalEntity},
        property::{Properties, Property},
        tool::Tools,
    },
    validation::Validate,
};

use super::{
    described::{self, Form},
    entries::{self, DocumentInfo, Entry},
};
use crate::{error::ComponentsError, hash::Algorithm, inventory::Inventory};
use plimsoll_model::body::Reach;

const FORMAT: &str = "CycloneDX";
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
    let claimant = info.claimant();
    let incomplete = entries::incomplete(inventory);
    let supplier = || claimant.as_deref().map(OrganizationalEntity::new);

    let mut product = Component::new(
        Classification::Application,
        &info.product(),
        &info.version.as_deref().map(plimsoll_model::one_line).unwrap_or_default(),
        Some(PRODUCT.to_owned()),
    );
    product.version = product.version.filter(|version| !version.is_empty());
    product.supplier = supplier();
    product.properties = Some(Properties(vec![Property::new("plimsoll:commit", &info.commit)]));
    let mut tool = Component::new(Classification::Application, "plimsoll", &info.tool_version, None);
    tool.supplier = None;
    let author = claimant.clone().unwrap_or_else(|| format!("plimsoll {} (no person is stated)", info.tool_version));
    let metadata = Metadata {
        timestamp: Some(timestamp),
        tools: Some(Tools::Object { services: None, components: Some(Components(vec![tool])) }),
        authors: Some(vec![OrganizationalContact::new(&author, None)]),
        component: Some(product),
        manufacture: None,
        supplier: supplier(),
        licenses: None,
        properties: incomplete.as_deref().map(|reason| Properties(vec![Property::new("plimsoll:not-listed", reason)])),
        // Told from sources, before anything is built.
        lifecycles: Some(Lifecycles(vec![Lifecycle::Phase(Phase::PreBuild)])),
    };
    let own = |reference: &String| entries.own.contains(reference);
    let components = entries
        .all
        .iter()
        .map(|(reference, entry)| component(reference, entry, own(reference).then(supplier).flatten()))
        .collect();
    let mut dependencies = vec![Dependency {
        dependency_ref: PRODUCT.to_owned(),
        dependencies: entries.product.iter().cloned().collect(),
    }];
    dependencies.extend(entries.all.iter().map(|(reference, entry)| Dependency {
        dependency_ref: reference.clone(),
        dependencies: entry.depends_on.iter().cloned().collect(),
    }));
    let aggregate = if incomplete.is_none() { AggregateType::Complete } else { AggregateType::Incomplete };
    let bom = Bom {
        serial_number: Some(
            UrnUuid::new(plimsoll_model::urn_uuid(&entries::digest(info, &entries, incomplete.as_deref())))
                .map_err(|error| write(format!("{error:?}")))?,
        ),
        metadata: Some(metadata),
        components: Some(Components(components)),
        dependencies: Some(Dependencies(dependencies)),
        compositions: Some(Compositions(vec![Composition {
            bom_ref: None,
            aggregate,
            assemblies: Some(vec![BomReference::new(PRODUCT)]),
            dependencies: Some(vec![BomReference::new(PRODUCT)]),
            vulnerabilities: None,
            signature: None,
        }])),
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
    // A licence that the format's own list does not know stays out of the field that is checked against it.
    let expression = entry.licence.and_then(|licence| SpdxExpression::try_from(licence.to_owned()).ok());
    let mut properties = vec![
        Property::new("plimsoll:reach", entry.reach.as_str()),
        Property::new("plimsoll:class", &entry.classes.iter().copied().collect::<Vec<_>>().join(", ")),
    ];
    match (expression, entry.licence) {
        (Some(expression), _) => component.licenses = Some(Licenses(vec![LicenseChoice::Expression(expression)])),
        (None, Some(licence)) => properties.push(Property::new("plimsoll:licence", licence)),
        (None, None) => {}
    }
    let lockfiles =
        entry.lockfiles.iter().map(|lockfile| Property::new("plimsoll:lockfile", &plimsoll_model::one_line(lockfile)));
    properties.extend(lockfiles);
    if let Some(url) = &source.source_url {
        properties.push(Property { name: "plimsoll:source".to_owned(), value: NormalizedString::new(url) });
    }
    component.properties = Some(Properties(properties));
    component
}
