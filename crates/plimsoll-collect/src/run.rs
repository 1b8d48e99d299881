//! One collection: what is common first, then every collector in parallel, then one evidence.

use std::{collections::BTreeMap, sync::OnceLock};

use plimsoll_components::Inventory;
use plimsoll_model::{Artifact, EVIDENCE_SCHEMA_VERSION, Evidence, Examined, Extra, Kind, KindReport};
use plimsoll_snapshot::{History, OpenOptions, Scope, Snapshot};
use rayon::prelude::*;

use crate::{
    CollectError, Context, Inputs, Need, PathClasses, Signers, Target,
    claims::ClaimsFile,
    collectors::{self, COLLECTORS},
    kept,
    locked_package::locked_package,
    signatures::{self, Computed},
    sources,
};

/// What a collection gives.
pub struct Collected {
    /// The facts.
    pub evidence: Evidence,
    /// The components behind them, for the SBOM documents.
    pub inventory: Inventory,
    /// Why something could not be kept for the next run.
    pub not_kept: Option<String>,
}

/// Is told what goes on; called from several threads.
pub type Progress<'a> = &'a (dyn Fn(&str) + Sync);

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
pub struct Examination<'a> {
    target: &'a Target,
    snapshot: Snapshot,
    claims: ClaimsFile,
    classes: PathClasses,
    inventory: Inventory,
    history: Walked,
    /// What rests on the commit alone, by collector.
    of_the_commit: OnceLock<kept::ByCollector>,
    /// Why something could not be kept for the next run.
    not_kept: OnceLock<String>,
}

/// A history as one policy has it: the digest of the policy, the commits, and what was computed of their signatures.
type Walked = (String, Result<History, String>, Computed);

/// Gives the evidence of one repository.
///
/// Runs on the rayon pool of the caller; neither the number of its threads nor what else runs on them with the same `inputs`
/// shows in the result. Runs no program but cargo, over copies of the manifests alone.
pub fn collect(target: &Target, inputs: &Inputs, progress: Progress<'_>) -> Result<Collected, CollectError> {
    let examination = Examination::open(target, inputs, progress)?;
    let evidence = examination.evidence(inputs, progress)?;
    let Examination { mut inventory, not_kept, .. } = examination;
    collectors::mask_inventory(&mut inventory, &evidence.subject.commit);
    Ok(Collected { evidence, inventory, not_kept: not_kept.into_inner() })
}

impl<'a> Examination<'a> {
    /// Reads what the collectors of `inputs` have in common.
    pub fn open(target: &'a Target, inputs: &Inputs, progress: Progress<'_>) -> Result<Self, CollectError> {
        progress("opening the repository");
        let options = OpenOptions { rev: target.rev.clone(), worktree: target.worktree };
        let snapshot = Snapshot::open(&target.path, &options)?;
        if snapshot.entries().is_empty() && snapshot.tree_gap().is_none() {
            return Err(CollectError::NothingToExamine { commit: snapshot.commit().clone() });
        }
        let claims = ClaimsFile::read(&snapshot);
        let classes = claims.classes().in_commit(&snapshot, claims.product_name());
        let not_kept = OnceLock::new();
        let (history, inventory) = rayon::join(
            || walked(&snapshot, inputs, &not_kept, progress),
            || inventory(&snapshot, &classes, inputs, progress),
        );
        let kept = inputs.cache.as_ref().and_then(|cache| kept::read(cache, &snapshot, &inputs.digest_of_tools()));
        let of_the_commit = kept.map(OnceLock::from).unwrap_or_default();
        Ok(Self { target, snapshot, claims, classes, inventory, history, of_the_commit, not_kept })
    }

    /// What is examined.
    pub fn target(&self) -> &'a Target {
        self.target
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

    /// Does the history hold the commit of this id?
    pub fn has_commit(&self, id: &str) -> bool {
        let (_, history, _) = &self.history;
        history.as_ref().is_ok_and(|history| history.commits.place(id).is_some())
    }

    /// Gives the keys that signed commits and tags of the history, by the policy with which it was opened.
    pub fn signers(&self, inputs: &Inputs) -> Result<Signers, String> {
        let (_, history, computed) = &self.history;
        crate::signers::signers(&self.context(inputs, history, computed))
    }

    /// What collectors are given, without advisory data.
    fn context<'b>(
        &'b self,
        inputs: &'b Inputs,
        history: &'b Result<History, String>,
        computed: &'b Computed,
    ) -> Context<'b> {
        Context {
            snapshot: &self.snapshot,
            as_of: inputs.as_of,
            classes: &self.classes,
            claims: &self.claims,
            history,
            computed,
            policy: &inputs.policy,
            inventory: &self.inventory,
            advisories: Err("advisories were not asked for"),
            index: None,
            tools: &inputs.tools,
            artifacts: &self.target.artifacts,
            attestations: &self.target.attestations,
            every_version: self.target.every_version,
            files: [&self.target.files, &inputs.files],
        }
    }

    /// Gives the evidence by `inputs`. The resolver, and what is needed before a collector starts, are those with which it was
    /// opened, whatever `inputs` says of them.
    pub fn evidence(&self, inputs: &Inputs, progress: Progress<'_>) -> Result<Evidence, CollectError> {
        let advisories = if inputs.needs(Need::Advisories) {
            inputs.database()
        } else {
            Err("advisories were not asked for".to_owned())
        };
        let index = inputs.index.as_ref().map(|index| {
            let components = self.inventory.components.iter().filter(|component| !component.member);
            let asked = components
                .filter_map(|component| Some((locked_package(component)?, component.sha256().map(ToOwned::to_owned))));
            index.look_up(&asked.collect::<Vec<_>>())
        });
        let walked_again;
        let (_, history, computed) = if self.history.0 == inputs.policy.digest_of_keys() {
            &self.history
        } else {
            walked_again = walked(&self.snapshot, inputs, &self.not_kept, progress);
            &walked_again
        };
        let context = Context {
            advisories: advisories.as_deref().map_err(String::as_str),
            index: index.as_ref(),
            ..self.context(inputs, history, computed)
        };
        let kept = self.of_the_commit.get();
        let gathered: Vec<_> = inputs
            .collectors()
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
            let not_kept = inputs
                .cache
                .as_ref()
                .and_then(|cache| kept::write(cache, &self.snapshot, &inputs.digest_of_tools(), &own));
            if let Some(reason) = not_kept {
                self.not_kept.get_or_init(|| reason);
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
            tool: inputs.tool.clone(),
            subject: examined(&self.snapshot, self.target),
            as_of: inputs.as_of,
            follows: None,
            inputs: inputs
                .named(
                    self.target,
                    (&self.snapshot, &self.claims),
                    &self.inventory,
                    advisories.as_deref().ok(),
                    index.as_ref(),
                )
                .into_iter()
                .chain(signatures::forges_used(history, computed, &inputs.policy))
                .collect(),
            kinds: reports,
            facts,
            extra: Extra::new(),
        };
        // Before the order is made: what is shown is what is sorted.
        collectors::mask(&mut evidence);
        evidence.sort();
        Ok(evidence)
    }
}

fn walked(snapshot: &Snapshot, inputs: &Inputs, not_kept: &OnceLock<String>, progress: Progress<'_>) -> Walked {
    let digest = inputs.policy.digest_of_keys();
    if !inputs.needs(Need::History) && !inputs.needs(Need::Signatures) {
        return (digest, Err("the history was not asked for".to_owned()), Computed::default());
    }
    progress("reading the history and verifying signatures");
    match signatures::walk(snapshot, Scope::Commit, &inputs.policy, inputs.cache.as_ref()) {
        Ok(walked) => {
            if let Some(reason) = walked.not_kept {
                not_kept.get_or_init(|| reason);
            }
            (digest, Ok(walked.history), walked.computed)
        }
        Err(reason) => (digest, Err(reason), Computed::default()),
    }
}

fn inventory(snapshot: &Snapshot, classes: &PathClasses, inputs: &Inputs, progress: Progress<'_>) -> Inventory {
    if !inputs.needs(Need::Inventory) {
        return Inventory::default();
    }
    progress("resolving the dependencies");
    sources::inventory(snapshot, classes, inputs.resolver)
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

fn examined(snapshot: &Snapshot, target: &Target) -> Examined {
    let mut artifacts: Vec<Artifact> = target
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

#[cfg(test)]
mod tests;
