//! The fields of each paper, as data.
//!
//! Sources: NTIA, "The Minimum Elements For a Software Bill of Materials" (12 July 2021); CISA, NSA, FBI and partners, "2026
//! Minimum Elements for a Software Bill of Materials", version 2.1 (29 July 2026); BSI TR-03183-2, version 2.1.0 (20 August 2025),
//! whose text was not at hand: its fields are as three tools and a library's note agree on them.

use std::collections::BTreeSet;

use super::{Find, Need, Practice, Profile, Row};
use crate::sbom::document::{Digest, Document, Format, Listed, Party};

use Need::{IfExists, Optional, Required};

/// All profiles, the oldest paper first.
pub const PROFILES: &[Profile] = &[
    Profile {
        id: "ntia-2021",
        source: "NTIA, The Minimum Elements For a Software Bill of Materials (2021)",
        rows: NTIA,
        practices: &[],
    },
    Profile {
        id: "cisa-2026",
        source: "CISA and partners, 2026 Minimum Elements for an SBOM, version 2.1",
        rows: CISA,
        practices: CISA_PRACTICES,
    },
    Profile { id: "bsi-2.1", source: "BSI TR-03183-2, version 2.1.0", rows: BSI, practices: &[] },
];

const fn row(
    (name, section): (&'static str, &'static str),
    need: Need,
    [cyclonedx, spdx2, spdx3]: [&'static str; 3],
    unknown: &'static str,
    find: Find,
) -> Row {
    Row { name, section, need, cyclonedx, spdx2, spdx3, unknown, find }
}

const fn of_document(find: fn(&Document) -> bool) -> Find {
    Find::Document(find)
}

const fn of_component(find: fn(&Listed, &Document) -> bool) -> Find {
    Find::Component(find)
}

const NO_PLACE: &str = "no place in this format";
const FIELDS: &str = "Data Fields";

const NTIA: &[Row] = &[
    row(
        ("Supplier Name", FIELDS),
        Required,
        ["supplier, manufacturer, authors, publisher", "supplier", "suppliedBy"],
        "Component Producer",
        of_component(|one, document| {
            !one.suppliers.is_empty() || document.format == Format::CycloneDx && !one.producers.is_empty()
        }),
    ),
    row(("Component Name", FIELDS), Required, ["name"; 3], "Component Name", of_component(|one, _| one.name.is_some())),
    row(
        ("Version of the Component", FIELDS),
        Required,
        ["version", "versionInfo", "software_packageVersion"],
        "Component Version",
        of_component(|one, _| one.version.is_some()),
    ),
    row(
        ("Other Unique Identifiers", FIELDS),
        Required,
        ["purl, cpe, swid, omniborId, swhid", "externalRefs", "software_packageUrl, externalIdentifier"],
        "Component Identifiers",
        of_component(|one, _| has_identifier(one)),
    ),
    row(
        ("Dependency Relationship", FIELDS),
        Required,
        ["dependencies", "relationships", "Relationship dependsOn, contains"],
        "Component Dependency Relationship",
        of_component(|one, _| has_relation(one)),
    ),
    row(
        ("Author of SBOM Data", FIELDS),
        Required,
        ["metadata.authors, manufacturer, supplier", "creationInfo.creators", "CreationInfo.createdBy"],
        "SBOM Author",
        of_document(has_author),
    ),
    row(
        ("Timestamp", FIELDS),
        Required,
        ["metadata.timestamp", "creationInfo.created", "CreationInfo.created"],
        "SBOM Timestamp",
        of_document(has_time),
    ),
];

const CISA: &[Row] = &[
    row(
        ("SBOM Author", FIELDS),
        Required,
        ["metadata.authors, manufacturer, supplier", "creationInfo.creators", "CreationInfo.createdBy"],
        "SBOM Author",
        of_document(has_author),
    ),
    row(
        ("SBOM Author Signature", FIELDS),
        Required,
        ["signature; one next to the document is not looked at", NO_PLACE, NO_PLACE],
        "SBOM Author Signature",
        of_document(|document| document.signed),
    ),
    row(
        ("SBOM Data Format Name", FIELDS),
        Required,
        ["bomFormat", "spdxVersion", "@context"],
        "SBOM Data Format Name",
        of_document(|_| true),
    ),
    row(
        ("SBOM Data Format Version", FIELDS),
        Required,
        ["specVersion", "spdxVersion", "CreationInfo.specVersion"],
        "SBOM Data Format Version",
        of_document(|document| !document.version.is_empty()),
    ),
    row(
        ("SBOM Generation Context", FIELDS),
        Required,
        ["metadata.lifecycles", "creationInfo.comment, \"generation context: \"", "software_sbomType"],
        "SBOM Generation Context",
        of_document(|document| !document.contexts.is_empty()),
    ),
    row(
        ("SBOM Timestamp", FIELDS),
        Required,
        ["metadata.timestamp", "creationInfo.created", "CreationInfo.created"],
        "SBOM Timestamp",
        of_document(has_time),
    ),
    row(
        ("SBOM Tool Name", FIELDS),
        Required,
        ["metadata.tools", "creationInfo.creators, Tool:", "CreationInfo.createdUsing"],
        "SBOM Tool Name",
        of_document(|document| !document.tools.is_empty()),
    ),
    row(
        ("SBOM Tool Version", FIELDS),
        Required,
        ["metadata.tools", "creationInfo.creators, Tool:", "CreationInfo.createdUsing"],
        "SBOM Tool Version",
        of_document(|document| !document.tools.is_empty() && document.tools.iter().all(|tool| tool.version.is_some())),
    ),
    row(
        ("SBOM Version", FIELDS),
        Required,
        ["version", "documentNamespace", "spdxId of SpdxDocument"],
        "SBOM Version",
        // SPDX has a new name for each issue of a document (2.3, clause 6.5).
        of_document(|document| match document.format {
            Format::CycloneDx => document.revision.is_some(),
            Format::Spdx => document.identity.is_some(),
        }),
    ),
    row(
        ("Component Producer", FIELDS),
        Required,
        ["manufacturer, supplier, authors", "originator, supplier", "originatedBy, suppliedBy"],
        "Component Producer",
        of_component(|one, _| !one.producers.is_empty() || !one.suppliers.is_empty()),
    ),
    row(
        ("Component Dependency Relationship", FIELDS),
        Required,
        ["dependencies", "relationships", "Relationship dependsOn, contains"],
        "Component Dependency Relationship",
        of_component(|one, _| has_relation(one)),
    ),
    row(
        ("Component Hash Value", FIELDS),
        Required,
        ["hashes", "checksums", "verifiedUsing"],
        "Component Hash Value",
        of_component(|one, _| all_hashes(one).next().is_some()),
    ),
    row(
        ("Component Hash Algorithm", FIELDS),
        Required,
        ["hashes.alg", "checksums.algorithm", "verifiedUsing.algorithm"],
        "Component Hash Value",
        of_component(|one, _| {
            all_hashes(one).next().is_some() && all_hashes(one).all(|hash| is_digest_name(&hash.algorithm))
        }),
    ),
    row(
        ("Component Identifiers", FIELDS),
        Required,
        ["purl, cpe, swid, omniborId, swhid", "externalRefs", "software_packageUrl, externalIdentifier"],
        "Component Identifiers",
        of_component(|one, _| has_identifier(one)),
    ),
    row(
        ("Component License", FIELDS),
        Required,
        ["licenses", "licenseDeclared, licenseConcluded", "hasDeclaredLicense, hasConcludedLicense"],
        "Component License",
        of_component(|one, _| !one.declared.is_empty() || !one.concluded.is_empty()),
    ),
    row(("Component Name", FIELDS), Required, ["name"; 3], "Component Name", of_component(|one, _| one.name.is_some())),
    row(
        ("Component Version", FIELDS),
        Required,
        ["version", "versionInfo", "software_packageVersion"],
        "Component Version",
        of_component(|one, _| one.version.is_some()),
    ),
];

const CISA_PRACTICES: &[Practice] = &[
    Practice { name: "Accommodation of Updates to SBOM Data", seen: |_| None },
    Practice {
        name: "Coverage",
        seen: |document| {
            Some(if document.completeness.is_empty() {
                "the document does not say how complete it is".to_owned()
            } else {
                format!("the document says of itself: {}", document.completeness.join(", "))
            })
        },
    },
    Practice { name: "Distribution and Delivery", seen: |_| None },
    Practice {
        name: "Explicitly Identifying Unknown Information",
        seen: |document| {
            let count = document.components.iter().filter(|one| !one.unknown.is_empty()).count();
            let kept = document.components.iter().filter(|one| !one.withheld.is_empty()).count();
            let unknown = match count {
                0 if document.unknown.is_empty() => "nothing is said to be unknown".to_owned(),
                _ => format!(
                    "{} said to be unknown for the document, fields of {count} of {} components",
                    plimsoll_model::plural(document.unknown.len(), "field", "fields"),
                    document.components.len()
                ),
            };
            let withheld = match &document.withheld {
                None if kept == 0 => "whether anything is withheld is not said".to_owned(),
                Some(names) if names.is_empty() && kept == 0 => "nothing is withheld, it says".to_owned(),
                names => format!(
                    "{} said to be withheld for the document, fields of {kept} components",
                    plimsoll_model::plural(names.as_ref().map_or(0, BTreeSet::len), "field", "fields"),
                ),
            };
            Some(format!("{unknown}; {withheld}"))
        },
    },
    Practice { name: "Frequency", seen: |_| None },
    Practice { name: "Machine-Processable Data", seen: |document| Some(document.title()) },
];

const BSI_SBOM: &str = "5.2, for the SBOM";
const BSI_COMPONENT: &str = "5.2, for each component";

const BSI: &[Row] = &[
    row(
        ("Format: CycloneDX from 1.6, SPDX from 3.0.1", "4"),
        Required,
        ["specVersion", "spdxVersion", "CreationInfo.specVersion"],
        "",
        of_document(|document| match document.format {
            Format::CycloneDx => is_at_least(&document.version, [1, 6, 0]),
            Format::Spdx => document.form == "JSON-LD" && is_at_least(&document.version, [3, 0, 1]),
        }),
    ),
    row(
        ("No vulnerability data", "8"),
        Required,
        ["vulnerabilities", NO_PLACE, "security_Vulnerability"],
        "",
        of_document(|document| document.vulnerabilities == 0),
    ),
    row(
        ("Creator of the SBOM", BSI_SBOM),
        Required,
        ["e-mail or URL in metadata.authors, manufacturer", "e-mail in creators", "externalIdentifier of createdBy"],
        "SBOM Author",
        of_document(|document| document.authors.iter().any(has_contact)),
    ),
    row(
        ("Timestamp", BSI_SBOM),
        Required,
        ["metadata.timestamp", "creationInfo.created", "CreationInfo.created"],
        "SBOM Timestamp",
        of_document(has_time),
    ),
    row(
        ("SBOM-URI", BSI_SBOM),
        IfExists,
        ["serialNumber", "documentNamespace", "spdxId of SpdxDocument"],
        "",
        of_document(|document| document.identity.is_some()),
    ),
    row(
        ("Component creator", BSI_COMPONENT),
        Required,
        [
            "e-mail or URL in manufacturer, supplier, authors",
            "e-mail in supplier",
            "externalIdentifier of originatedBy",
        ],
        "Component Producer",
        of_component(|one, _| one.producers.iter().chain(&one.suppliers).any(has_contact)),
    ),
    row(
        ("Component name", BSI_COMPONENT),
        Required,
        ["name"; 3],
        "Component Name",
        of_component(|one, _| one.name.is_some()),
    ),
    row(
        ("Component version", BSI_COMPONENT),
        Required,
        ["version", "versionInfo", "software_packageVersion"],
        "Component Version",
        of_component(|one, _| one.version.is_some()),
    ),
    row(
        ("Filename", BSI_COMPONENT),
        Required,
        ["bsi:component:filename", "packageFileName", "name of the file of hasDistributionArtifact"],
        "Filename",
        of_component(|one, _| one.filename.is_some()),
    ),
    row(
        ("Dependencies, with completeness", BSI_COMPONENT),
        Required,
        ["dependencies and compositions", "relationships; no completeness", "dependsOn with completeness"],
        "Component Dependency Relationship",
        of_component(|one, _| one.states_dependencies && one.completeness.is_some()),
    ),
    row(
        ("Distribution licences", BSI_COMPONENT),
        Required,
        ["licenses, acknowledgement concluded", "licenseConcluded", "hasConcludedLicense"],
        "Component License",
        of_component(|one, _| !one.concluded.is_empty()),
    ),
    row(
        ("SHA-512 of the deployable component", BSI_COMPONENT),
        Required,
        ["hashes of externalReferences distribution", "checksums", "verifiedUsing of hasDistributionArtifact"],
        "Component Hash Value",
        of_component(|one, document| {
            let delivered = if document.version.starts_with("2.") { &one.hashes } else { &one.delivered_hashes };
            has_sha512(delivered)
        }),
    ),
    row(
        ("Executable property", BSI_COMPONENT),
        Required,
        ["bsi:component:executable", NO_PLACE, "software_additionalPurpose of the file"],
        "Executable property",
        of_component(|one, _| {
            one.executable.as_deref().is_some_and(|word| ["executable", "non-executable"].contains(&word))
        }),
    ),
    row(
        ("Archive property", BSI_COMPONENT),
        Required,
        ["bsi:component:archive", NO_PLACE, "software_additionalPurpose of the file"],
        "Archive property",
        of_component(|one, _| one.archive.as_deref().is_some_and(|word| ["archive", "no archive"].contains(&word))),
    ),
    row(
        ("Structured property", BSI_COMPONENT),
        Required,
        ["bsi:component:structured", NO_PLACE, "software_additionalPurpose of the file"],
        "Structured property",
        of_component(|one, _| {
            one.structured.as_deref().is_some_and(|word| ["structured", "unstructured"].contains(&word))
        }),
    ),
    row(
        ("Source code URI", BSI_COMPONENT),
        IfExists,
        ["externalReferences source-distribution, vcs", NO_PLACE, "externalRef of what generates it"],
        "",
        of_component(|one, _| one.source_url.is_some()),
    ),
    row(
        ("URI of the deployable form", BSI_COMPONENT),
        IfExists,
        ["externalReferences distribution", "downloadLocation", "software_downloadLocation"],
        "Address of the deployable form",
        of_component(|one, _| one.download_url.is_some()),
    ),
    row(
        ("Other unique identifiers", BSI_COMPONENT),
        IfExists,
        ["purl, cpe, swid, omniborId, swhid", "externalRefs", "software_packageUrl, externalIdentifier"],
        "Component Identifiers",
        of_component(|one, _| has_identifier(one)),
    ),
    row(
        ("Original licences", BSI_COMPONENT),
        IfExists,
        ["licenses, acknowledgement declared", "licenseDeclared", "hasDeclaredLicense"],
        "Component License",
        of_component(|one, _| !one.declared.is_empty()),
    ),
    row(
        ("Effective licence", BSI_COMPONENT),
        Optional,
        ["bsi:component:effectiveLicence", NO_PLACE, NO_PLACE],
        "",
        of_component(|one, _| one.effective.is_some()),
    ),
    row(
        ("Hash of the source code", BSI_COMPONENT),
        Optional,
        ["hashes of externalReferences source-distribution", NO_PLACE, "verifiedUsing of what generates it"],
        "",
        of_component(|one, _| !one.source_hashes.is_empty()),
    ),
    row(
        ("URL of security.txt", BSI_COMPONENT),
        Optional,
        ["externalReferences rfc-9116", NO_PLACE, "externalRef to security.txt"],
        "",
        of_component(|one, _| one.security_txt.is_some()),
    ),
];

fn has_identifier(one: &Listed) -> bool {
    one.purl.is_some() || !one.identifiers.is_empty()
}

fn has_relation(one: &Listed) -> bool {
    one.related || one.states_dependencies
}

fn has_author(document: &Document) -> bool {
    document.authors.iter().any(|author| author.name.is_some() || has_contact(author))
}

fn has_time(document: &Document) -> bool {
    document.timestamp.as_deref().is_some_and(|time| {
        time.parse::<jiff::Timestamp>().is_ok() || time.parse::<jiff::civil::DateTime>().is_ok() && time.contains('T')
    })
}

/// An e-mail address or a URL.
fn has_contact(party: &Party) -> bool {
    party.contacts.iter().any(|contact| {
        let mail = contact.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && !host.contains('@') && !contact.contains(char::is_whitespace)
        });
        mail || url::Url::parse(contact).is_ok_and(|url| url.has_host())
    })
}

fn all_hashes(one: &Listed) -> impl Iterator<Item = &Digest> {
    one.hashes.iter().chain(&one.delivered_hashes)
}

/// Names of IANA's registry and of the formats, as [`Digest`] has them.
fn is_digest_name(name: &str) -> bool {
    const FAMILIES: [&str; 6] = ["SHA", "MD", "BLAKE", "STREEBOG", "ADLER", "CRYSTALS"];
    FAMILIES.iter().any(|family| name.starts_with(family))
}

fn has_sha512(hashes: &[Digest]) -> bool {
    hashes.iter().any(|hash| hash.algorithm == "SHA512" && hash.value.len() == 128)
}

fn is_at_least(version: &str, least: [u32; 3]) -> bool {
    let mut numbers = version.split('.').map(|part| part.parse::<u32>().unwrap_or_default());
    let found = [0; 3].map(|_: u32| numbers.next().unwrap_or_default());
    found >= least
}
