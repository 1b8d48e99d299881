//! Which files are documents of the project, by their place and name.

use plimsoll_model::tree_path;

use super::{Reader, bots, documents, insights, licences, security, security_txt, tools};
use crate::PathClasses;

/// The folders in which forges and readers look, beside the root.
pub(super) const CENTRAL: &[&str] = &[".github", ".gitlab", "docs", "doc"];
/// Folders of documentation, below which pages may lie deeper.
const BOOKS: &[&str] = &["docs", "doc", "documentation", "book", "website"];
/// Folders of what a site serves from its root.
const SITES: &[&str] = &[
    "public",
    "static",
    "site",
    "www",
    "web",
    "website",
    "html",
    "htdocs",
    "wwwroot",
    "public_html",
    "webroot",
    "assets",
];
/// Folders whose files are about something else.
const NO_SITES: &[&str] = &["spec", "specs", "test", "tests", "examples", "example", "fixtures", "samples"];
/// How deep pages may lie below the root.
const DEEPEST: usize = 6;

/// Names of pages, without their ending and with `_` and blanks as `-`, and of folders whose pages are all of that type.
type Names = (&'static str, &'static [&'static str], &'static [&'static str], Reader);

const PAGES: &[Names] = &[
    (
        "contributing",
        &[
            "contributing",
            "hacking",
            "development",
            "developing",
            "developer-guide",
            "contribution-guide",
            "contribute",
            "how-to-contribute",
        ],
        &["contributing", "development", "developer-guide", "developers", "contributor-guide", "contributors"],
        documents::explanation,
    ),
    (
        "threat-model",
        &[
            "threat-model",
            "threatmodel",
            "threats",
            "threat-modeling",
            "threat-analysis",
            "security-model",
            "attack-surface",
        ],
        &["threat-model", "threat-models", "threats"],
        documents::explanation,
    ),
    (
        "decision-record",
        &[],
        &["adr", "adrs", "decisions", "decision-records", "rfcs", "rfc", "proposals"],
        documents::explanation,
    ),
    (
        "design",
        &[
            "architecture",
            "design",
            "design-overview",
            "internals",
            "requirements",
            "security-requirements",
            "specification",
        ],
        &["architecture", "design", "design-docs", "internals"],
        documents::explanation,
    ),
    (
        "configuration-docs",
        &[
            "configuration",
            "config",
            "configuring",
            "settings",
            "options",
            "hardening",
            "configuration-reference",
            "security-configuration",
        ],
        &["configuration", "settings", "config", "hardening"],
        documents::explanation,
    ),
    (
        "changelog",
        &["changelog", "changes", "history", "news", "release-notes", "releases", "whatsnew"],
        &["release-notes", "releases", "changelogs", "changes"],
        documents::changelog,
    ),
    (
        "support",
        &["support", "supported-versions", "eol", "end-of-life", "lifecycle", "support-policy"],
        &[],
        documents::support,
    ),
    (
        "maintainers",
        &["maintainers", "owners", "team", "owners-aliases", "core-team", "reviewers"],
        &[],
        documents::people,
    ),
    ("authors", &["authors", "contributors", "credits", "thanks"], &[], documents::some_text),
    ("governance", &["governance", "roles", "project-governance"], &["governance"], documents::explanation),
    ("code-of-conduct", &["code-of-conduct"], &[], documents::some_text),
];

/// Names of a page that is a security policy wherever it lies.
const SECURITY: &[&str] = &[
    "security",
    "security-policy",
    "securitypolicy",
    "vulnerability-reporting",
    "reporting-vulnerabilities",
    "reporting-a-vulnerability",
    "vulnerability-disclosure",
    "vulnerability-disclosure-policy",
    "responsible-disclosure",
    "report-a-vulnerability",
    "disclosure-policy",
    "security-contacts",
];

/// Where a forge looks for code owners, in its order: the first that is there counts alone.
///
/// Source: GitHub, "About code owners"; GitLab, "Code Owners".
pub(super) const CODE_OWNERS: &[&str] = &[".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"];

/// The file of code owners that counts of those that are there.
pub(super) fn code_owners(is_there: impl Fn(&str) -> bool) -> Option<&'static str> {
    // GitLab does not look into the folder of GitHub.
    let of_gitlab = is_there(".gitlab-ci.yml") && !is_there(".github/workflows");
    CODE_OWNERS.iter().skip(usize::from(of_gitlab)).copied().find(|path| is_there(path))
}

/// Configurations of Renovate.
///
/// Source: Renovate, "Configuration options", the list of file names.
const RENOVATE: &[&str] = &[
    "renovate.json",
    "renovate.jsonc",
    "renovate.json5",
    ".renovaterc",
    ".renovaterc.json",
    ".renovaterc.jsonc",
    ".renovaterc.json5",
    ".github/renovate.json",
    ".github/renovate.jsonc",
    ".github/renovate.json5",
    ".gitlab/renovate.json",
    ".gitlab/renovate.jsonc",
    ".gitlab/renovate.json5",
];

/// Bots that are known by the name of their configuration alone.
const OTHER_BOTS: &[&str] = &[
    ".pyup.yml",
    ".scala-steward.conf",
    ".github/.scala-steward.conf",
    ".github/updatecli.yml",
    "updatecli.yaml",
    ".doppelganger.yml",
    ".lift.toml",
    ".deps.yml",
    ".depfu.yml",
];

/// A document, and how it is read.
pub(super) struct Place {
    pub(super) kind: &'static str,
    pub(super) reader: Reader,
    /// Is it one only where it says what it should? Pages of other names and places may be about something else.
    pub(super) tentative: bool,
}

/// Is it the name of a file with what the licences of others ask to be shown?
fn is_notices(stem: &str) -> bool {
    const OF_OTHERS: &[&str] =
        &["third-party", "3rd-party", "thirdparty", "3rdparty", "dependencies", "notice", "bundled"];
    OF_OTHERS.iter().any(|word| stem.contains(word))
}

/// Is it the name of a licence file next to others, as `LICENSE-MIT`?
fn is_licence_of_several(stem: &str) -> bool {
    ["license-", "licence-"].iter().any(|start| stem.starts_with(start))
        || ["-license", "-licence"].iter().any(|end| stem.ends_with(end))
}

/// A licence file of a part of the source, below its folder.
pub(super) fn licence_of_part(written: &str) -> Option<Place> {
    let path = written.to_ascii_lowercase();
    let (folder, name) = path.rsplit_once('/')?;
    let stem = name.split('.').next().unwrap_or_default().replace(['_', ' '], "-");
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let is_text = matches!(extension, "md" | "markdown" | "txt" | "rst" | "adoc" | "")
        || matches!(
            extension,
            "mit" | "apache" | "apache2" | "bsd" | "isc" | "gpl" | "enterprise" | "ee" | "commercial"
        );
    let is_licence =
        matches!(stem.as_str(), "license" | "licence" | "copying" | "unlicense") || is_licence_of_several(&stem);
    // A folder of all the licences of a part is a list of what others ask for.
    (is_licence && is_text && !is_notices(&stem) && tree_path::name(folder) != "licenses").then_some(Place {
        kind: "licence-of-part",
        reader: licences::read,
        tentative: false,
    })
}

/// The type of a document by its place and name, and how it is read.
pub(super) fn recognise(written: &str) -> Option<Place> {
    let path = written.to_ascii_lowercase();
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
    let (base, extension) = name.rsplit_once('.').filter(|(base, _)| !base.is_empty()).unwrap_or((name, ""));
    let stem = name.split('.').next().unwrap_or_default().replace(['_', ' '], "-");
    let page =
        matches!(extension, "md" | "markdown" | "mdown" | "mkd" | "txt" | "rst" | "adoc" | "asciidoc" | "org" | "");
    let central = folder.is_empty() || CENTRAL.contains(&folder);
    let folders: Vec<&str> = folder.split('/').collect();
    let in_book = folders.first().is_some_and(|first| BOOKS.contains(first)) && folders.len() <= DEEPEST;
    let found = |kind: &'static str, reader: Reader| Some(Place { kind, reader, tentative: false });
    if name == "security.txt" {
        return match folder {
            ".well-known" => found("security-txt", security_txt::read),
            _ if folders.split_last().is_some_and(|(last, above)| {
                *last == ".well-known"
                    && above.last().is_some_and(|site| SITES.contains(site))
                    && !above.iter().any(|one| BOOKS.contains(one) && *one != "website" || NO_SITES.contains(one))
            }) =>
            {
                Some(Place { kind: "security-txt", reader: security_txt::read, tentative: true })
            }
            _ => None,
        };
    }
    if matches!(name, "security-insights.yml" | "security-insights.yaml") {
        return if central { found("security-insights", insights::read) } else { None };
    }
    // A page of an example or a test in the documentation is about that, and its address is not the product's.
    let of_product = || path.split_once('/').is_none_or(|(_, below)| PathClasses::stated().of(below).may_speak());
    if page && SECURITY.contains(&stem.as_str()) && (central || in_book && of_product()) {
        return Some(Place {
            kind: "security-policy",
            reader: security::read,
            tentative: !(central && matches!(stem.as_str(), "security" | "security-policy")),
        });
    }
    if is_notices(&stem) {
        return None;
    }
    let is_licence = matches!(stem.as_str(), "license" | "licence" | "copying" | "unlicense" | "copyright");
    if central && is_licence && (page || stem != name)
        || folder.is_empty() && is_licence_of_several(&stem)
        || folder == "licenses"
        || in_book && page && is_licence
    {
        // A page of a book may be about licences; one that is none in there says nothing of the source.
        let tentative = in_book && !folder.is_empty();
        return Some(Place { kind: "licence", reader: licences::read, tentative });
    }
    if CODE_OWNERS.contains(&written) {
        return found("code-owners", documents::code_owners);
    }
    if folder.is_empty() && stem == "readme" && page {
        return found("readme", documents::readme);
    }
    if central && base == "maintainers" && matches!(extension, "toml" | "yml" | "yaml") {
        return found("maintainers", documents::people);
    }
    if path == "debian/changelog" {
        return found("changelog", documents::changelog);
    }
    let last = folders.last().copied().unwrap_or_default();
    if page
        && matches!(last, "changelog.d" | "newsfragments" | "changes.d" | ".changeset" | "unreleased-changes")
        && stem != "readme"
    {
        return found("changelog", documents::change);
    }
    if page {
        for (kind, names, _, reader) in PAGES {
            // At the root a file `config` or `options` is a setting, and no page about settings.
            let loose = *kind == "configuration-docs" && folder.is_empty() && extension.is_empty();
            let below_security = *kind == "threat-model" && folders.contains(&"security");
            // pip reads `requirements.txt`; in a manual a life cycle is one of objects as often as one of versions.
            let other = name == "requirements.txt" || stem == "lifecycle" && !central;
            // Pages of a manual may have numbers before their names, as `06-configuration.md`.
            let plain = stem.trim_start_matches(|first: char| first.is_ascii_digit()).trim_start_matches('-');
            let is_named = names.contains(&stem.as_str()) || in_book && names.contains(&plain);
            if is_named && (central || in_book || below_security) && !loose && !other {
                return found(kind, *reader);
            }
        }
        if extension == "md" || in_book && !extension.is_empty() {
            for (kind, _, in_folders, reader) in PAGES {
                let anywhere = *kind == "decision-record";
                if folders.iter().any(|one| in_folders.contains(&one.replace('_', "-").as_str()))
                    && (in_book || anywhere)
                    && !matches!(stem.as_str(), "readme" | "template" | "0000-template")
                {
                    // A page of one version or change has its number in its name.
                    let numbered = stem.trim_start_matches('v').starts_with(|first: char| first.is_ascii_digit());
                    let of_one = *kind == "changelog" && numbered;
                    return found(kind, if of_one { documents::change } else { *reader });
                }
            }
        }
    }
    match written {
        // Bots look for these names alone, in this case.
        ".github/dependabot.yml" | ".github/dependabot.yaml" => found("dependency-update", bots::dependabot),
        path if RENOVATE.contains(&path) => found("dependency-update", bots::renovate),
        _ if OTHER_BOTS.contains(&path.as_str()) || folder == "updatecli" || folder == "updatecli/updatecli.d" => {
            found("dependency-update", bots::known_by_name)
        }
        "deny.toml" | ".deny.toml" | ".cargo/deny.toml" => found("cargo-deny", tools::deny),
        "supply-chain/config.toml" => found("cargo-vet", tools::vet),
        _ if name.starts_with("openeox") || name == "eol.json" || name == "end-of-life.json" => {
            found("end-of-life", documents::end_of_life)
        }
        _ => None,
    }
}
