//! All CI files of a repository, judged together: files call one another, and use actions of the tree.

use crate::{
    cached_tree::CachedTree,
    dangers::{self, Danger},
    files, flaws,
    model::{Flaw, Pipeline},
    purposes::{self, Local},
    repository::{File, Repository},
    tools::Tools,
    weights::{Purposes, Weight},
};

/// One CI file.
#[derive(Debug)]
pub struct CiFile {
    /// Its path.
    pub path: String,
    /// The system that runs it, as `github`, `gitlab` or `circleci`. An action of the tree is of `github`.
    pub system: &'static str,
    /// What it says, or why it was not understood.
    pub pipeline: Result<Pipeline, String>,
    /// What is dangerous in it.
    pub dangers: Vec<Danger>,
}

/// What was found in a repository, and what was not looked at.
#[derive(Debug)]
pub struct Analysis {
    /// The files in the order of their paths.
    pub files: Vec<CiFile>,
    /// What was not read; it may hold anything.
    pub gaps: Vec<String>,
    /// Actions that are used from the tree and are not in it.
    pub missing_actions: Vec<String>,
    /// Why a danger may have been missed.
    pub danger_gaps: Vec<String>,
    /// What is dangerous in the settings of an update bot, by their path.
    pub update_dangers: Vec<(String, Danger)>,
}

/// Finds the CI files of a repository, reads them, and judges what their jobs do and what is dangerous in them. What the tools
/// that they call are for is what `tools` says.
///
/// Never fails as a whole: what cannot be read or understood is a gap with its reason.
pub fn analyse(repository: &dyn Repository, tools: &Tools) -> Analysis {
    let files::Read { files, gaps, missing, own } = files::read(repository);
    let read = files.iter().filter_map(|(file, outcome)| Some((file.path, outcome.as_ref().ok()?)));
    let read = read.filter(|(_, pipeline)| pipeline.dangers_gap.is_none());
    let dangers::Found { mut dangers, gaps: danger_gaps } = dangers::find(read.collect(), own.as_deref());
    let judged = judge(&CachedTree::new(repository, tools), &files, own.as_deref());
    let files = files
        .into_iter()
        .zip(judged)
        .map(|((file, mut pipeline), judged)| {
            for (job, purposes) in pipeline.iter_mut().flat_map(|pipeline| &mut pipeline.jobs).zip(judged) {
                job.purposes = purposes;
            }
            CiFile {
                path: file.path.to_owned(),
                system: files::system(file).unwrap_or("github"),
                pipeline,
                dangers: dangers.remove(file.path).unwrap_or_default(),
            }
        })
        .collect();
    let of_updates = |path: &&'static str| {
        let text = repository.file(path).and_then(|file| repository.text(file.path, files::LARGEST).ok());
        let flaws = text.map_or_else(Vec::new, |text| flaws::of_updates(&text));
        flaws.into_iter().map(|flaw| {
            let Flaw { job, rule, severity, detail, line } = flaw;
            ((*path).to_owned(), Danger { job, rule, severity, detail: detail.to_owned(), line })
        })
    };
    Analysis {
        files,
        gaps,
        missing_actions: missing,
        danger_gaps: files::told(danger_gaps),
        update_dangers: flaws::UPDATES.iter().flat_map(of_updates).collect(),
    }
}

/// The purposes of each job of each file; none of an action, and of a file that was not understood.
fn judge(
    tree: &CachedTree<'_>,
    files: &[(File<'_>, Result<Pipeline, String>)],
    own: Option<&str>,
) -> Vec<Vec<Purposes>> {
    let actions = files
        .iter()
        .filter_map(|(file, pipeline)| Some((file.folder().to_owned(), pipeline.as_ref().ok()?)))
        .filter(|(_, pipeline)| pipeline.is_action)
        .collect();
    let local = Local { actions, own };
    files
        .iter()
        .map(|(file, pipeline)| {
            let workflows = pipeline.iter().filter(|pipeline| !pipeline.is_action);
            let jobs = workflows.flat_map(|pipeline| pipeline.jobs.iter().map(move |job| (pipeline, job)));
            jobs.map(|(pipeline, job)| {
                // The jobs of a workflow that is called are judged where they stand.
                if job.runner == "called" {
                    return Purposes::default();
                }
                let mut found = purposes::found(job, tree, &local);
                let may = |weight: &Weight| {
                    (weight.may_gate && !weight.gates) || (weight.may_be_scheduled && !weight.scheduled)
                };
                if found.unclear.is_none() && found.weights.values().any(may) {
                    found.unclear.clone_from(&pipeline.unsure);
                }
                if pipeline.triggers.iter().any(|trigger| trigger.starts_with("pull_request")) {
                    found.doubt_provenance(&[file.path, &job.id]);
                }
                found
            })
            .collect()
        })
        .collect()
}
