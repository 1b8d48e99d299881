//! One collection: what is common first, then every collector in parallel, then one evidence.

use std::{collections::BTreeMap, path::PathBuf, sync::OnceLock};

use jiff::Timestamp;
use plimsoll_advisories::{Database, RegistryIndex, YankedReport};
use plimsoll_components::Inventory;
use plimsoll_model::{Artifact, EVIDENCE_SCHEMA_VERSION, Evidence, Examined, Extra, Input, Kind, KindReport, Tool};
use plimsoll_snapshot::{History, OpenOptions, Scope, Snapshot, SnapshotError};
use rayon::prelude::*;

use crate::{
    Collector, Context, GivenFile, Need, PathClasses, Previous, Trust,
    claims::ClaimsFile,
    collectors::COLLECTORS,
    kept,
    locked_package::locked_package,
    signatures::{self, Computed},
    sources,
};

/// What is collected, and for which moment.
pub struct Options {
    /// Revision as git writes it; `HEAD` when absent.
    pub rev: Option<String>,
    /// Examine the working copy as well, and say so.
    pub worktree: bool,
    /// The moment for which facts are stated; whole seconds.
    pub as_of: Timestamp,
    /// A RustSec checkout or a packed snapshot; the embedded snapshot when absent.
    pub advisories: Option<PathBuf>,
    /// A copy of the crates.io index, to tell which versions were yanked; not asked when absent.
    pub index: Option<PathBuf>,
    /// How dependency graphs are resolved.
    pub resolver: plimsoll_components::Resolver,
    /// Files said to be built from this commit.
    pub artifacts: Vec<GivenFile>,
    /// Attestations given beside the repository.
    pub attestations: Vec<GivenFile>,
    /// Names of the collectors that run; all when absent.
    pub only: Option<Vec<String>>,
    /// Who is trusted, and where results of signature checks are kept.
    pub trust: Trust,
    /// An earlier evidence of the same repository, to tell whether its history was rewritten since.
    pub previous: Option<Previous>,
    /// The program that collects.
    pub tool: Tool,
}

/// What a collection gives.
pub struct Collected {
    /// The facts.
    pub evidence: Evidence,
    /// The components behind them, for the SBOM documents.
    pub inventory: Inventory,
}

/// Is told what goes on; called from several threads.
pub type Progress<'a> = &'a (dyn Fn(&str) + Sync);

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
    /// The advisory data that was named cannot be read.
    #[error("{0}")]
    Advisories(String),
}

/// Every kind that a collector states, with the collector's name, in the order of the kinds' names.
pub fn kinds() -> Vec<(&'static str, &'static Kind)> {
    let mut kinds: Vec<_> = COLLECTORS
        .iter()
        .flat_map(|collector| collector.states().iter().map(|kind| (collector.name(), kind)))
        .collect();
    kinds.sort_by_key(|(_, kind)| kind.name);
    kinds
}

/// A repository at a commit, and what several collections of it have in common.
///
/// Whoever looks at one commit twice, by two trust policies or for two moments, reads it once.
pub struct Examination {
    snapshot: Snapshot,
    claims: ClaimsFile,
    classes: PathClasses,
    inventory: Inventory,
    advisories: (Option<PathBuf>, Result<Database, String>),
    history: Walked,
    /// What rests on the commit alone, by collector.
    of_the_commit: OnceLock<kept::ByCollector>,
}

/// A history as one policy has it: the digest of the policy, the commits, and what was computed of their signatures.
type Walked = (String, Result<History, String>, Computed);

/// Gives the evidence of the repository at or above `path`.
///
/// Runs on the rayon pool of the caller; the number of its threads does not show in the result. Runs no
/// program but cargo, over copies of the manifests alone.
pub fn collect(path: &std::path::Path, options: &Options, progress: Progress<'_>) -> Result<Collected, CollectError> {
    let examination = Examination::open(path, options, progress)?;
    let evidence = examination.evidence(options, progress)?;
    Ok(Collected { evidence, inventory: examination.inventory })
}

impl Examination {
    /// Reads what the collectors of `options` have in common.
    pub fn open(path: &std::path::Path, options: &Options, progress: Progress<'_>) -> Result<Self, CollectError> {
        let chosen = chosen(options.only.as_deref())?;
        progress("opening the repository");
        let snapshot = Snapshot::open(path, &OpenOptions { rev: options.rev.clone(), worktree: options.worktree })?;
        if snapshot.entries().is_empty() && snapshot.tree_gap().is_none() {
            return Err(CollectError::NothingToExamine { commit: snapshot.commit().clone() });
        }
        let claims = ClaimsFile::read(&snapshot);
        let classes = claims.classes().in_commit(&snapshot, claims.product_name());
        let wants = |need: Need| chosen.iter().any(|collector| collector.needs().contains(&need));
        let (history, (inventory, advisories)) = rayon::join(
            || walked(&snapshot, wants(Need::History) || wants(Need::Signatures), &options.trust, progress),
            || {
                rayon::join(
                    || inventory(&snapshot, &classes, options, wants(Need::Inventory), progress),
                    || advisories(options, wants(Need::Advisories)),
                )
            },
        );
        let advisories = (options.advisories.clone(), advisories);
        let kept = options.trust.cache.as_ref().and_then(|cache| kept::read(cache, &snapshot));
        let of_the_commit = kept.map(OnceLock::from).unwrap_or_default();
        Ok(Self { snapshot, claims, classes, inventory, advisories, history, of_the_commit })
    }

    /// The components behind the facts.
    pub fn inventory(&self) -> &Inventory {
        &self.inventory
    }

    /// The id of a commit of the history by its place, the newest first; nothing where the history was not read.
    pub fn commit_at(&self, place: usize) -> Option<String> {
        let (_, history, _) = &self.history;
        history.as_ref().ok()?.commits.get(place).map(plimsoll_snapshot::Commit::id)
    }

    /// Gives the evidence for `options`. Revision, working copy and resolver are those with which it was opened, whatever
    /// `options` says of them.
    pub fn evidence(&self, options: &Options, progress: Progress<'_>) -> Result<Evidence, CollectError> {
        let chosen = chosen(options.only.as_deref())?;
        let wants = |need: Need| chosen.iter().any(|collector| collector.needs().contains(&need));
        let opened;
        let advisories = if self.advisories.0 == options.advisories {
            &self.advisories.1
        } else {
            opened = advisories(options, wants(Need::Advisories));
            &opened
        };
        if let (Some(path), Err(reason)) = (&options.advisories, advisories)
            && wants(Need::Advisories)
        {
            let named = format!("{}: ", path.display());
            let reason = reason.strip_prefix(&named).unwrap_or(reason);
            return Err(CollectError::Advisories(format!("{named}{reason}")));
        }
        let index = options.index.as_deref().map(RegistryIndex::open).transpose();
        let index = index.map_err(|error| CollectError::Advisories(error.to_string()))?;
        let index = index.map(|index| {
            let components = self.inventory.components.iter().filter(|component| !component.member);
            let asked = components
                .filter_map(|component| Some((locked_package(component)?, component.sha256().map(ToOwned::to_owned))));
            index.look_up(&asked.collect::<Vec<_>>())
        });
        let walked_again;
        let (_, history, computed) = if self.history.0 == options.trust.policy.digest() {
            &self.history
        } else {
            let wanted = wants(Need::History) || wants(Need::Signatures);
            walked_again = walked(&self.snapshot, wanted, &options.trust, progress);
            &walked_again
        };
        let context = Context {
            snapshot: &self.snapshot,
            as_of: options.as_of,
            classes: &self.classes,
            claims: &self.claims,
            history,
            computed,
            policy: &options.trust.policy,
            previous: options.previous.as_ref(),
            inventory: &self.inventory,
            advisories,
            index: index.as_ref(),
            artifacts: &options.artifacts,
            attestations: &options.attestations,
        };
        let kept = self.of_the_commit.get();
        let gathered: Vec<_> = chosen
            .par_iter()
            .map(|collector| {
                progress(collector.name());
                let kept = kept.into_iter().flatten().find(|(name, _)| *name == collector.name());
                (*collector, kept.map_or_else(|| collector.collect(&context), |(_, gathered)| gathered.clone()))
            })
            .collect();
        self.of_the_commit.get_or_init(|| {
            let own = gathered.iter().filter(|(collector, _)| collector.is_of_the_commit());
            let own: kept::ByCollector =
                own.map(|(collector, gathered)| (collector.name(), gathered.clone())).collect();
            let not_kept = options.trust.cache.as_ref().and_then(|cache| kept::write(cache, &self.snapshot, &own));
            if let Some(reason) = not_kept {
                options.trust.not_kept.get_or_init(|| reason);
            }
            own
        });
        let mut reports = BTreeMap::new();
        let mut facts = Vec::new();
        for (collector, gathered) in gathered {
            for one in gathered {
                let kind = one.kind().to_owned();
                let (report, found) = one.finish(collector.name());
                facts.extend(found);
                reports.insert(kind, report);
            }
            for kind in collector.states() {
                reports.entry(kind.name.to_owned()).or_insert_with(|| silent(collector.name()));
            }
        }
        let mut evidence = Evidence {
            schema_version: EVIDENCE_SCHEMA_VERSION.to_owned(),
            tool: options.tool.clone(),
            subject: examined(&self.snapshot, options),
            as_of: options.as_of,
            follows: None,
            inputs: inputs(&self.claims, &self.inventory, advisories, index.as_ref(), options),
            kinds: reports,
            facts,
            extra: Extra::new(),
        };
        evidence.sort();
        Ok(evidence)
    }
}

fn chosen(only: Option<&[String]>) -> Result<Vec<&'static dyn Collector>, CollectError> {
    let Some(names) = only else { return Ok(COLLECTORS.to_vec()) };
    names
        .iter()
        .map(|name| {
            COLLECTORS.iter().copied().find(|collector| collector.name() == name).ok_or_else(|| {
                let known = COLLECTORS.iter().map(|collector| collector.name()).collect::<Vec<_>>().join(", ");
                CollectError::UnknownCollector { name: name.clone(), known }
            })
        })
        .collect()
}

fn walked(snapshot: &Snapshot, wanted: bool, trust: &Trust, progress: Progress<'_>) -> Walked {
    let digest = trust.policy.digest();
    if !wanted {
        return (digest, Err("the history was not asked for".to_owned()), Computed::default());
    }
    progress("reading the history and verifying signatures");
    match signatures::walk(snapshot, Scope::Commit, &trust.policy, trust.cache.as_ref()) {
        Ok(walked) => {
            if let Some(reason) = walked.not_kept {
                trust.not_kept.get_or_init(|| reason);
            }
            (digest, Ok(walked.history), walked.computed)
        }
        Err(reason) => (digest, Err(reason), Computed::default()),
    }
}

fn inventory(
    snapshot: &Snapshot,
    classes: &PathClasses,
    options: &Options,
    wanted: bool,
    progress: Progress<'_>,
) -> Inventory {
    if !wanted {
        return Inventory::default();
    }
    progress("resolving the dependencies");
    sources::inventory(snapshot, classes, options.resolver)
}

fn advisories(options: &Options, wanted: bool) -> Result<Database, String> {
    match &options.advisories {
        _ if !wanted => Err("advisories were not asked for".to_owned()),
        Some(path) => Database::open(path).map_err(|error| error.to_string()),
        None => Database::embedded().map_err(|error| error.to_string()),
    }
}

// A collector that says nothing about a kind that it states could not look.
fn silent(collector: &str) -> KindReport {
    KindReport {
        collector: collector.to_owned(),
        status: plimsoll_model::KindStatus::Unavailable,
        searched: String::new(),
        searched_count: 0,
        count: 0,
        reason: Some("the collector said nothing about it".to_owned()),
        limitations: Vec::new(),
        extra: Extra::new(),
    }
}

fn examined(snapshot: &Snapshot, options: &Options) -> Examined {
    let mut artifacts: Vec<Artifact> = options
        .artifacts
        .iter()
        .map(|file| Artifact {
            name: file.name.clone(),
            digest: BTreeMap::from([("sha256".to_owned(), file.sha256.clone())]),
            extra: Extra::new(),
        })
        .collect();
    artifacts.sort_by(|one, other| (&one.name, &one.digest).cmp(&(&other.name, &other.digest)));
    Examined {
        commit: snapshot.commit().clone(),
        object_format: snapshot.object_format().to_owned(),
        committed: snapshot.committed(),
        artifacts,
        worktree: snapshot.worktree(),
        extra: Extra::new(),
    }
}

fn inputs(
    claims: &ClaimsFile,
    inventory: &Inventory,
    advisories: &Result<Database, String>,
    index: Option<&YankedReport>,
    options: &Options,
) -> BTreeMap<String, Input> {
    let mut inputs = BTreeMap::new();
    let digest = |sha256: String| BTreeMap::from([("sha256".to_owned(), sha256)]);
    let policy = &options.trust.policy;
    // A policy that names nobody may still take builders or roots away.
    if policy.file_count() > 0 {
        let input = Input {
            source: "trust policy".to_owned(),
            count: Some(policy.file_count() as u64),
            digest: digest(policy.digest()),
            ..Input::default()
        };
        inputs.insert("trust".to_owned(), input);
    }
    let built_in = Input {
        source: "built-in trusted roots, builders and registry keys".to_owned(),
        date: plimsoll_trust::EMBEDDED_ROOTS_DATE.parse().ok(),
        digest: digest(plimsoll_trust::embedded_digest()),
        ..Input::default()
    };
    inputs.insert("attestation-trust".to_owned(), built_in);
    if let Some(previous) = &options.previous {
        let input = Input {
            source: "earlier evidence".to_owned(),
            revision: Some(previous.commit.clone()),
            digest: digest(previous.sha256.clone()),
            ..Input::default()
        };
        inputs.insert("previous".to_owned(), input);
    }
    if let Some(input) = claims.input() {
        inputs.insert("claims".to_owned(), input);
    }
    if let Some((name, version)) = inventory.package_managers.first_key_value() {
        let input = Input { source: (*name).to_owned(), revision: Some(version.clone()), ..Input::default() };
        inputs.insert("resolver".to_owned(), input);
    }
    if let Some(sources) = &inventory.package_sources {
        let list: String = sources.at_hand.iter().flat_map(|purl| [purl.as_str(), "\n"]).collect();
        let input = Input {
            source: format!("sources of locked crates on this machine: {}", sources.word()),
            count: Some(sources.at_hand.len() as u64),
            digest: digest(plimsoll_model::sha256_hex(list.as_bytes())),
            ..Input::default()
        };
        inputs.insert("crate-sources".to_owned(), input);
    }
    if let Ok(database) = advisories {
        inputs.insert("advisories".to_owned(), database.input());
    }
    if let Some(report) = index {
        inputs.insert("registry-index".to_owned(), report.input.clone());
    }
    inputs
}
