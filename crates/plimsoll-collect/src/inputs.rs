//! What is collected from: one repository, and what is the same for many of them.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::Timestamp;
use plimsoll_advisories::{Database, RegistryIndex, YankedReport};
use plimsoll_components::{Inventory, Resolver};
use plimsoll_model::{Input, InputId, Tool};
use plimsoll_pipelines::Tools;
use plimsoll_snapshot::{Snapshot, SnapshotError};
use plimsoll_trust::{Cache, TrustPolicy};

use crate::{
    Collector, GivenFile, InputFiles, Need,
    claims::ClaimsFile,
    collectors::{COLLECTORS, advisory_data},
};

/// One repository, and what was given for it alone.
#[derive(Clone, Debug, Default)]
pub struct Target {
    /// The repository, or a folder in it.
    pub path: PathBuf,
    /// Revision as git writes it; `HEAD` when absent.
    pub rev: Option<String>,
    /// Examine the working copy as well, and say so.
    pub worktree: bool,
    /// Look at every version of every file that a reference reaches, and name the references in evidence.
    pub every_version: bool,
    /// Files said to be built from this commit.
    pub artifacts: Vec<GivenFile>,
    /// Attestations given next to the repository.
    pub attestations: Vec<GivenFile>,
    /// Files for inputs of the table, which go before those of [`Inputs`].
    pub files: InputFiles,
}

impl Target {
    /// The commit at `HEAD` of the repository at or above `path`, for which nothing was given.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), ..Self::default() }
    }
}

/// What collections of any number of repositories have in common: which collectors run, for which moment, by which data.
///
/// All of it is read before a collection starts, never within one: a collection runs on a thread pool, where a thread that
/// waits for data takes up the next repository meanwhile, and would wait for itself. Many threads may share one.
pub struct Inputs {
    /// The program that collects.
    pub tool: Tool,
    /// The moment for which facts are stated; whole seconds.
    pub as_of: Timestamp,
    /// How dependency graphs are resolved.
    pub resolver: Resolver,
    /// Who is trusted.
    pub policy: TrustPolicy,
    /// Where histories, facts and results of signature checks are kept between runs, if anywhere.
    pub cache: Option<Cache>,
    /// The advisory data; the embedded snapshot when absent.
    pub advisories: Option<Arc<Database>>,
    /// A copy of the crates.io index, to see which versions were yanked; not checked when absent.
    pub index: Option<RegistryIndex>,
    /// What the tools are that pipelines call.
    pub tools: Arc<Tools>,
    /// Files for inputs of the table.
    pub files: InputFiles,
    /// What runs.
    collectors: Vec<&'static dyn Collector>,
}

impl Inputs {
    /// For all collectors, with the embedded advisory data; nobody is trusted, nothing is kept, and nothing else was given.
    pub fn new(tool: Tool, as_of: Timestamp) -> Self {
        Self {
            tool,
            as_of,
            resolver: Resolver::Auto,
            policy: TrustPolicy::new(),
            cache: None,
            advisories: None,
            index: None,
            tools: Tools::built_in(),
            files: InputFiles::default(),
            collectors: COLLECTORS.to_vec(),
        }
    }

    /// The same for the collectors of these names alone. An unknown name is refused.
    pub fn only(self, names: &[&str]) -> Result<Self, CollectError> {
        let named = |name: &&str| {
            COLLECTORS.iter().copied().find(|collector| collector.name() == *name).ok_or_else(|| {
                let known = COLLECTORS.iter().map(|collector| collector.name()).collect::<Vec<_>>().join(", ");
                CollectError::UnknownCollector { name: (*name).to_owned(), known }
            })
        };
        Ok(Self { collectors: names.iter().map(named).collect::<Result<_, _>>()?, ..self })
    }

    /// Opens the advisory data at `paths` ([`Database::open`]), where a collector that runs asks for it.
    pub fn open_advisories<P: AsRef<Path>>(&mut self, paths: &[P]) -> Result<(), CollectError> {
        if self.needs(Need::Advisories) && !paths.is_empty() {
            let database = Database::open(paths).map_err(|error| CollectError::Advisories(error.to_string()))?;
            self.advisories = Some(Arc::new(database));
        }
        Ok(())
    }

    /// Opens the copy of the crates.io index in the folder `path`.
    pub fn open_index(&mut self, path: &Path) -> Result<(), CollectError> {
        let index = RegistryIndex::open(path).map_err(|error| CollectError::Advisories(error.to_string()))?;
        self.index = Some(index);
        Ok(())
    }

    /// The advisory data, or why what is built in cannot be read.
    pub fn database(&self) -> Result<Arc<Database>, String> {
        match &self.advisories {
            Some(database) => Ok(Arc::clone(database)),
            None => Database::embedded().map(Arc::new).map_err(|error| error.to_string()),
        }
    }

    /// SHA-256 over the paths and digests of the files that say what tools are.
    pub(crate) fn digest_of_tools(&self) -> String {
        let line =
            |(path, text): (&String, &String)| format!("{path} {}\n", plimsoll_model::sha256_hex(text.as_bytes()));
        let list: String = self.tools.files().iter().map(line).collect();
        plimsoll_model::sha256_hex(list.as_bytes())
    }

    /// What runs, in the order of help and reference, or as they were named.
    pub(crate) fn collectors(&self) -> &[&'static dyn Collector] {
        &self.collectors
    }

    /// Does a collector that runs need this?
    pub(crate) fn needs(&self, need: Need) -> bool {
        self.collectors.iter().any(|collector| collector.needs().contains(&need))
    }

    /// What evidence names of it, of what was given for the repository, and of what was found for it.
    pub(crate) fn named(
        &self,
        target: &Target,
        (snapshot, claims): (&Snapshot, &ClaimsFile),
        inventory: &Inventory,
        advisories: Option<&Database>,
        index: Option<&YankedReport>,
    ) -> BTreeMap<String, Input> {
        let mut inputs: BTreeMap<String, Input> = self.files.named().chain(target.files.named()).collect();
        let digest = |sha256: String| BTreeMap::from([("sha256".to_owned(), sha256)]);
        let policy = &self.policy;
        // A policy that names nobody may still take builders or roots away.
        if policy.file_count() > 0 {
            let input = Input {
                source: "trust policy".to_owned(),
                count: Some(policy.file_count() as u64),
                digest: digest(policy.digest()),
                ..Input::default()
            };
            inputs.insert(InputId::Trust.name().to_owned(), input);
        }
        let built_in = self.tools.files() == Tools::built_in().files();
        let tools = Input {
            source: if built_in {
                plimsoll_model::BUILT_IN_TOOLS
            } else {
                "tools of pipelines, with some that were given"
            }
            .to_owned(),
            count: Some(self.tools.files().len() as u64),
            digest: digest(self.digest_of_tools()),
            ..Input::default()
        };
        inputs.insert(InputId::Tools.name().to_owned(), tools);
        let built_in = Input {
            source: "built-in trusted roots, builders and registry keys".to_owned(),
            date: plimsoll_trust::EMBEDDED_ROOTS_DATE.parse().ok(),
            digest: digest(plimsoll_trust::embedded_digest()),
            ..Input::default()
        };
        inputs.insert(InputId::AttestationTrust.name().to_owned(), built_in);
        // References that cannot be read are a gap of what looks at them.
        if target.every_version
            && let Ok(tips) = snapshot.tips()
        {
            let list: String = tips.iter().flat_map(|tip| [tip.as_str(), "\n"]).collect();
            let input = Input {
                source: "every file version that a reference reaches".to_owned(),
                count: Some(tips.len() as u64),
                digest: digest(plimsoll_model::sha256_hex(list.as_bytes())),
                ..Input::default()
            };
            inputs.insert(InputId::References.name().to_owned(), input);
        }
        if let Some(input) = claims.input() {
            inputs.insert("claims".to_owned(), input);
        }
        if let Some((name, version)) = inventory.package_managers.first_key_value() {
            let input = Input { source: (*name).to_owned(), revision: Some(version.clone()), ..Input::default() };
            inputs.insert(InputId::Resolver.name().to_owned(), input);
        }
        if let Some(sources) = &inventory.package_sources {
            let list: String = sources.at_hand.iter().flat_map(|purl| [purl.as_str(), "\n"]).collect();
            let input = Input {
                source: format!("sources of locked crates on this machine: {}", sources.word()),
                count: Some(sources.at_hand.len() as u64),
                digest: digest(plimsoll_model::sha256_hex(list.as_bytes())),
                ..Input::default()
            };
            inputs.insert(InputId::CrateSources.name().to_owned(), input);
        }
        if let Some(database) = advisories {
            // Data that cannot be read is a gap of its kind.
            let input =
                advisory_data::input_of(database, &advisory_data::in_use(&inventory.ecosystems, &inventory.components));
            inputs.extend(input.ok().map(|input| (InputId::Advisories.name().to_owned(), input)));
        }
        if let Some(report) = index {
            inputs.insert(InputId::RegistryIndex.name().to_owned(), report.input.clone());
        }
        inputs
    }
}

/// Nothing could be collected.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CollectError {
    /// The repository or the commit cannot be read.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// The commit has no file.
    #[error("commit {commit} holds no file: there is nothing to examine; name another commit with --rev")]
    NothingToExamine {
        /// The commit.
        commit: String,
    },
    /// No collector has this name.
    #[error("no collector is called \"{name}\"; there are: {known}")]
    UnknownCollector {
        /// What was asked for.
        name: String,
        /// All names.
        known: String,
    },
    /// A document of the organisation cannot be read.
    #[error("{path}: {reason}")]
    OrgDefaults {
        /// Its path.
        path: String,
        /// Why.
        reason: String,
    },
    /// The advisory data that was named cannot be read.
    #[error("{0}")]
    Advisories(String),
}
