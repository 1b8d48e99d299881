//! Who builds, and how far that is to be believed: the table of builders.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{claims::CertificateClaims, keys::PublicKey, signer::Signer, source::SourceName};
use crate::{identity::names, ssh::fits};

/// The table that is built in.
pub(super) const TABLE: &str = include_str!("../../data/builders.toml");
/// The highest level of the SLSA Build track (v1.2).
const HIGHEST: u8 = 3;

/// A builder as a table names it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BuilderEntry {
    /// The name, for people.
    pub name: String,
    /// The builder's one name, as provenance has it (`builder.id`); without a version it stands for all of them.
    pub id: String,
    /// Patterns (`*`, `?`) of what else its provenance may call it.
    #[serde(default)]
    pub also: Vec<String>,
    /// The issuer (OpenID Connect) of its certificate.
    pub issuer: Option<String>,
    /// Patterns of the identities of its certificate.
    #[serde(default)]
    pub identities: Vec<String>,
    /// Has the workflow to be the repository's own? One of somebody else's is then another builder.
    #[serde(default)]
    pub own_workflow: bool,
    /// The runner environment that its certificate has to name.
    pub runner: Option<String>,
    /// Files of public keys (PEM) by which it signs, in the place of certificates.
    #[serde(default)]
    pub keys: Vec<std::path::PathBuf>,
    /// The level of the SLSA Build track that its provenance can reach: 0 to 3.
    pub build_level: u8,
    /// Why this level.
    #[serde(default)]
    pub reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    date: String,
    builder: Vec<BuilderEntry>,
}

/// A builder whose keys were read.
#[derive(Clone, Debug)]
pub(crate) struct KnownBuilder {
    entry: BuilderEntry,
    keys: Vec<PublicKey>,
}

/// A builder that was recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Builder {
    /// The name, for people.
    pub name: String,
    /// Its one name.
    pub id: String,
    /// The level of the SLSA Build track that its provenance can reach.
    pub level: u8,
    /// Why this level.
    pub reason: String,
}

impl KnownBuilder {
    /// Refused: a builder that anybody could be, or whose level does not exist.
    pub fn new(entry: BuilderEntry, keys: Vec<PublicKey>) -> Result<Self, String> {
        let name = plimsoll_model::one_line(&entry.name);
        if entry.build_level > HIGHEST {
            return Err(format!("the builder \"{name}\" has a level above {HIGHEST}, and there is none"));
        }
        let by_certificate = entry.issuer.is_some() && !entry.identities.is_empty();
        if keys.is_empty() && !by_certificate {
            return Err(format!("the builder \"{name}\" needs an issuer and identities, or keys: anybody could be it"));
        }
        if entry.id.is_empty() {
            return Err(format!("the builder \"{name}\" needs an id"));
        }
        Ok(Self { entry, keys })
    }

    /// Its name as it is written.
    pub(super) fn name(&self) -> &str {
        &self.entry.name
    }

    /// Is the key with this fingerprint one of its keys?
    pub(super) fn has(&self, fingerprint: &str) -> bool {
        self.keys.iter().any(|key| key.fingerprint == fingerprint)
    }

    /// Gives the builder where it is the one that signed, and what the provenance calls it is one of its names.
    ///
    /// `general`: is the instance that vouches for the certificate one that is trusted for everybody? Without it only
    /// keys count.
    pub fn recognise(&self, signer: &Signer, said: &str, general: bool) -> Option<Builder> {
        let own = &self.entry;
        let signed = match signer {
            Signer::Certificate { identity, issuer, claims, .. } => {
                general
                    && own.issuer.as_ref().is_some_and(|expected| Some(expected) == issuer.as_ref())
                    && own.identities.iter().any(|pattern| names(pattern, identity))
                    && (!own.own_workflow || is_own(identity, claims))
                    && own.runner.as_ref().is_none_or(|expected| Some(expected) == claims.runner.as_ref())
            }
            Signer::Key { fingerprint, .. } => self.keys.iter().any(|key| key.fingerprint == *fingerprint),
        };
        let itself = matches!(signer, Signer::Certificate { identity, .. } if identity == said);
        let called = itself || is_named(&own.id, said) || own.also.iter().any(|pattern| fits(said, pattern));
        (signed && called).then(|| Builder {
            name: own.name.clone(),
            id: own.id.clone(),
            level: own.build_level,
            reason: own.reason.clone(),
        })
    }
}

/// Is the workflow that signed one of the repository that was built?
fn is_own(identity: &str, claims: &CertificateClaims) -> bool {
    let workflow = identity.split_once("/.github/workflows/").and_then(|(repository, _)| SourceName::read(repository));
    workflow.is_some() && workflow == claims.repository
}

/// Does `said` name `id`, or a version of it (`id@version`)?
pub(super) fn is_named(id: &str, said: &str) -> bool {
    said.strip_prefix(id).is_some_and(|rest| rest.is_empty() || (rest.starts_with('@') && !id.contains('@')))
}

/// The builders that are built in.
pub(crate) fn known() -> Vec<KnownBuilder> {
    table().builder.into_iter().filter_map(|entry| KnownBuilder::new(entry, Vec::new()).ok()).collect()
}

/// The day of the table that is built in.
pub fn builders_date() -> String {
    table().date
}

fn table() -> Table {
    toml::from_str(TABLE).unwrap_or(Table { date: String::new(), builder: Vec::new() })
}

/// What the certificate says of the runner, for people.
pub(super) fn runner_reason(claims: &CertificateClaims) -> String {
    match claims.runner.as_deref() {
        Some(runner) => format!("its runner is \"{}\"", plimsoll_model::one_line(runner)),
        None => "its certificate names no runner".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(identity: &str, issuer: &str, runner: Option<&str>) -> Signer {
        let claims = CertificateClaims {
            runner: runner.map(ToOwned::to_owned),
            repository: SourceName::read("github.com/o/r"),
            ..CertificateClaims::default()
        };
        Signer::Certificate {
            identity: identity.to_owned(),
            issuer: Some(issuer.to_owned()),
            claims: Box::new(claims),
            instance: super::super::InstanceName::PublicGood,
        }
    }

    fn recognised(signer: &Signer, said: &str) -> Option<(String, u8)> {
        known().iter().find_map(|one| one.recognise(signer, said, true)).map(|one| (one.name, one.level))
    }

    #[test]
    fn the_table_that_is_built_in_is_read() {
        assert_eq!(known().len(), table().builder.len());
        assert_eq!(known().len(), 4);
        assert_eq!(builders_date().len(), 10);
    }

    #[test]
    fn builders_are_known_by_what_signed_and_not_by_what_is_said() {
        const GITHUB: &str = "https://token.actions.githubusercontent.com";
        const HOSTED: &str = "https://github.com/actions/runner/github-hosted";
        let generator = "https://github.com/slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml@refs/tags/v2.1.0";
        let own = "https://github.com/o/r/.github/workflows/release.yml@refs/tags/v1";
        let hosted = Some("github-hosted");
        for (identity, issuer, runner, said, expected) in [
            (generator, GITHUB, hosted, generator, Some(3)),
            (own, GITHUB, hosted, HOSTED, Some(2)),
            (own, GITHUB, hosted, own, Some(2)),
            (own, GITHUB, hosted, "https://github.com/actions/runner", Some(2)),
            // A workflow of anybody's that calls itself the generator.
            (own, GITHUB, hosted, generator, None),
            // The generator at a branch, where it can be changed; it is still a workflow on a hosted runner.
            (&generator.replace("refs/tags/v2.1.0", "refs/heads/main"), GITHUB, hosted, generator, None),
            // Somebody else's workflow, called by the repository's own.
            (&own.replace("/o/", "/other/"), GITHUB, hosted, HOSTED, None),
            (own, GITHUB, Some("self-hosted"), HOSTED, None),
            (own, GITHUB, None, HOSTED, None),
            (own, "https://accounts.google.com", hosted, HOSTED, None),
            ("a@example.org", GITHUB, hosted, HOSTED, None),
            (own, GITHUB, hosted, "https://github.com/actions/runner/github-hosted-not", None),
            (
                "https://github.com/slsa-framework/slsa-github-generator-evil/.github/workflows/a.yml@refs/tags/v1",
                GITHUB,
                hosted,
                generator,
                None,
            ),
        ] {
            let found = recognised(&signed(identity, issuer, runner), said);
            assert_eq!(found.map(|(_, level)| level), expected, "{identity} {said}");
        }
        let signer = signed(own, GITHUB, hosted);
        assert!(known().iter().all(|one| one.recognise(&signer, HOSTED, false).is_none()));
    }

    #[test]
    fn a_builder_that_anybody_could_be_is_refused() {
        let entry = |text: &str| toml::from_str::<BuilderEntry>(text).unwrap();
        for bad in [
            "name = \"a\"\nid = \"a\"\nbuild-level = 2",
            "name = \"a\"\nid = \"a\"\nissuer = \"b\"\nbuild-level = 2",
            "name = \"a\"\nid = \"a\"\nidentities = [\"b\"]\nbuild-level = 2",
            "name = \"a\"\nid = \"\"\nissuer = \"b\"\nidentities = [\"b\"]\nbuild-level = 2",
            "name = \"a\"\nid = \"a\"\nissuer = \"b\"\nidentities = [\"b\"]\nbuild-level = 4",
        ] {
            assert!(KnownBuilder::new(entry(bad), Vec::new()).is_err(), "{bad}");
        }
    }
}
