//! Words that CycloneDX allows, and the version from which on it does.
//!
//! Source: the JSON schemas of CycloneDX 1.2 to 1.7, enumerations.

/// A word and the minor version that brought it.
pub(super) type Words = [(&'static [&'static str], u16)];

/// Does version `1.minor` have it?
pub(super) fn has(words: &Words, minor: u16, word: &str) -> bool {
    words.iter().any(|(all, since)| *since <= minor && all.contains(&word))
}

pub(super) const BOM: &Words = &[
    (
        &[
            "$schema",
            "bomFormat",
            "specVersion",
            "serialNumber",
            "version",
            "metadata",
            "components",
            "services",
            "externalReferences",
            "dependencies",
        ],
        0,
    ),
    (&["compositions"], 3),
    (&["signature", "vulnerabilities"], 4),
    (&["annotations", "formulation", "properties"], 5),
    (&["declarations", "definitions"], 6),
    (&["citations"], 7),
];

pub(super) const COMPONENT: &Words = &[
    (
        &[
            "type",
            "mime-type",
            "bom-ref",
            "supplier",
            "author",
            "publisher",
            "group",
            "name",
            "version",
            "description",
            "scope",
            "hashes",
            "licenses",
            "copyright",
            "cpe",
            "purl",
            "swid",
            "modified",
            "pedigree",
            "externalReferences",
            "components",
        ],
        0,
    ),
    (&["evidence", "properties"], 3),
    (&["releaseNotes", "signature"], 4),
    (&["data", "modelCard"], 5),
    (&["authors", "cryptoProperties", "manufacturer", "omniborId", "swhid", "tags"], 6),
    (&["isExternal", "patentAssertions", "versionRange"], 7),
];

pub(super) const SERVICE: &Words = &[
    (
        &[
            "bom-ref",
            "provider",
            "group",
            "name",
            "version",
            "description",
            "endpoints",
            "authenticated",
            "x-trust-boundary",
            "data",
            "licenses",
            "externalReferences",
            "services",
        ],
        0,
    ),
    (&["properties"], 3),
    (&["releaseNotes", "signature"], 4),
    (&["trustZone"], 5),
    (&["tags"], 6),
    (&["patentAssertions"], 7),
];

pub(super) const TYPE: &Words = &[
    (&["application", "framework", "library", "operating-system", "device", "file"], 0),
    (&["container", "firmware"], 2),
    (&["platform", "device-driver", "machine-learning-model", "data"], 5),
    (&["cryptographic-asset"], 6),
];

pub(super) const SCOPE: &Words = &[(&["required", "optional", "excluded"], 0)];

pub(super) const ALGORITHM: &Words = &[
    (&["MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512", "SHA3-256", "SHA3-512"], 0),
    (&["SHA3-384", "BLAKE2b-256", "BLAKE2b-384", "BLAKE2b-512", "BLAKE3"], 2),
    (&["Streebog-256", "Streebog-512"], 7),
];

pub(super) const REFERENCE: &Words = &[
    (
        &[
            "vcs",
            "issue-tracker",
            "website",
            "advisories",
            "bom",
            "mailing-list",
            "social",
            "chat",
            "documentation",
            "support",
            "distribution",
            "license",
            "build-meta",
            "build-system",
            "other",
        ],
        0,
    ),
    (&["release-notes"], 4),
    (
        &[
            "distribution-intake",
            "security-contact",
            "model-card",
            "log",
            "configuration",
            "evidence",
            "formulation",
            "attestation",
            "threat-model",
            "adversary-model",
            "risk-assessment",
            "vulnerability-assertion",
            "exploitability-statement",
            "pentest-report",
            "static-analysis-report",
            "dynamic-analysis-report",
            "runtime-analysis-report",
            "component-analysis-report",
            "maturity-report",
            "certification-report",
            "codified-infrastructure",
            "quality-metrics",
            "poam",
        ],
        5,
    ),
    (&["source-distribution", "electronic-signature", "digital-signature", "rfc-9116"], 6),
    (&["patent", "patent-family", "patent-assertion", "citation"], 7),
];

pub(super) const PATCH: &Words = &[(&["unofficial", "monkey", "backport", "cherry-pick"], 0)];

pub(super) const ISSUE: &Words = &[(&["defect", "enhancement", "security"], 0)];

pub(super) const FLOW: &Words = &[(&["inbound", "outbound", "bi-directional", "unknown"], 0)];

pub(super) const AGGREGATE: &Words = &[
    (
        &[
            "complete",
            "incomplete",
            "incomplete_first_party_only",
            "incomplete_third_party_only",
            "unknown",
            "not_specified",
        ],
        0,
    ),
    (
        &[
            "incomplete_first_party_proprietary_only",
            "incomplete_first_party_opensource_only",
            "incomplete_third_party_proprietary_only",
            "incomplete_third_party_opensource_only",
        ],
        5,
    ),
];

pub(super) const PHASE: &Words =
    &[(&["design", "pre-build", "build", "post-build", "operations", "discovery", "decommission"], 0)];
