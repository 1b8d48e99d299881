//! Which files are CI, and in which order they are read.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::{
    filters::Budget,
    github::{self, Called, Setting},
    gitlab, local,
    model::Pipeline,
    readers, systems,
};
use crate::repository::{File, FileKind, Repository};

/// Bytes of one CI file. GitHub itself refuses files beyond 512 KiB.
pub(super) const LARGEST: u64 = 512 * 1024;
/// CI files that are read.
const MOST_FILES: usize = 2000;
/// Reasons of one sort that are told one by one.
const MOST_TOLD: usize = 20;
/// Paths of the source by which filters are judged.
const MOST_SOURCES: usize = 300;
/// Workflows that call one another, one inside the other.
const DEEPEST_CALLS: usize = 10;
/// Different calls of one workflow.
const MOST_CALLS: usize = 64;
/// Folders in which GitHub and those that took over its format look for workflows, and the name of the system.
const FOLDERS: &[(&str, &str)] =
    &[(".github/workflows", "github"), (".forgejo/workflows", "forgejo"), (".gitea/workflows", "gitea")];
/// Endings of source.
const SOURCE: &[&str] = &[
    "rs", "go", "py", "js", "ts", "jsx", "tsx", "java", "kt", "c", "cc", "cpp", "h", "hpp", "cs", "rb", "php", "swift",
    "scala", "ex", "hs", "zig",
];

/// What was read, in the order of paths, and what was not.
pub(super) struct Read<'a> {
    pub(super) files: Vec<(File<'a>, Result<Pipeline, String>)>,
    pub(super) gaps: Vec<String>,
    /// Actions that are used from the tree and are not in it.
    pub(super) missing: Vec<String>,
    /// This repository's name, where its manifests state it.
    pub(super) own: Option<String>,
}

/// Reads workflows first, then the actions that they use from this repository, then other actions. Those that are used,
/// and those in `.github`, are no tests or examples, whatever their folder is called.
pub(super) fn read<'a>(repository: &'a dyn Repository) -> Read<'a> {
    let sources = sources(repository);
    let own = local::own_name(repository);
    let mut gaps = Vec::new();
    let mut missing = Vec::new();
    let mut read: ByPath<'_, File<'_>> = BTreeMap::new();
    let mut dropped = 0;
    let workflows: Vec<File<'_>> =
        repository.files().filter(|file| file.is_file() && is_read(*file, repository)).collect();
    let around = Around { repository, sources: &sources, own: own.as_deref(), files: workflows.len() };
    let mut take = |files: Vec<File<'a>>, read: &mut ByPath<'a, File<'a>>| {
        let mut files: Vec<File<'_>> = files.into_iter().filter(|file| !read.contains_key(file.path)).collect();
        dropped += files.len().saturating_sub(MOST_FILES.saturating_sub(read.len()));
        files.truncate(MOST_FILES.saturating_sub(read.len()));
        let outcomes: Vec<_> = files.par_iter().map(|file| (file.path, (*file, around.one(*file, &[])))).collect();
        read.extend(outcomes);
    };
    take(workflows, &mut read);
    // A link at the place of a workflow: what it leads to is not followed.
    for file in repository.files().filter(|file| file.kind == FileKind::Link && system(*file).is_some()) {
        gaps.push(format!("{}: is a link, which is not followed", file.path));
    }
    let mut others: Vec<File<'_>> = repository.files().filter(|file| is_action(*file, repository)).collect();
    let mut known: BTreeSet<String> = BTreeSet::new();
    loop {
        let used: BTreeSet<String> = read
            .values()
            .filter_map(|(_, outcome)| outcome.as_ref().ok())
            .flat_map(|pipeline| &pipeline.jobs)
            .flat_map(|job| &job.uses)
            .filter(|used| local::path(&used.text, around.own).is_some() || is_outside(&used.text))
            .map(|used| used.text.clone())
            .filter(|used| !known.contains(used))
            .collect();
        if used.is_empty() {
            // Those that nothing used so far, and then what they use.
            let others = std::mem::take(&mut others);
            if others.is_empty() {
                break;
            }
            take(others, &mut read);
        }
        let mut files = Vec::new();
        for text in &used {
            match local::path(text, around.own).and_then(|path| find(repository, &path)) {
                Some(Found::File(file)) => files.push(file),
                Some(Found::Elsewhere) => {}
                None => missing.push(format!("\"{text}\" is used and not in the tree")),
            }
        }
        known.extend(used);
        take(files, &mut read);
    }
    if dropped > 0 {
        gaps.push(format!("{dropped} more CI files than the {MOST_FILES} that are read"));
    }
    let parts = read.values().filter_map(|(_, outcome)| outcome.as_ref().ok()).flat_map(|pipeline| &pipeline.reads);
    gaps.extend(systems::unread(repository, &parts.map(String::as_str).collect()));
    follow_calls(around.own, &mut read, &|file, calls| around.one(file, calls));
    Read { files: read.into_values().collect(), gaps: told(gaps), missing: told(missing), own: own.clone() }
}

fn is_outside(uses: &str) -> bool {
    uses.starts_with("./") || uses.starts_with("$/")
}

/// What was read, by path.
type ByPath<'a, E> = BTreeMap<&'a str, (E, Result<Pipeline, String>)>;

/// Reads one of them again with its calls.
type Again<'r, E> = &'r (dyn Fn(E, &[Called]) -> Result<Pipeline, String> + Sync);

/// A workflow that is called runs when its caller does: it is read again with the calls, until nothing changes. What
/// nothing calls, and no event starts, never runs.
fn follow_calls<'a, E: Copy + Send + Sync>(own: Option<&str>, read: &mut ByPath<'a, E>, again: Again<'_, E>) {
    let mut called: BTreeMap<String, BTreeSet<Called>> = BTreeMap::new();
    for _ in 0..DEEPEST_CALLS {
        let mut now: BTreeMap<String, BTreeSet<Called>> = BTreeMap::new();
        for (call, surely) in read
            .values()
            .filter_map(|(_, outcome)| outcome.as_ref().ok())
            .flat_map(|pipeline| &pipeline.jobs)
            .filter_map(|job| Some((job.call.as_ref()?, &job.surely)))
        {
            let Some(path) = local::path(&call.uses, own) else { continue };
            for (event, sees_ready) in surely {
                let calls = now.entry(path.clone()).or_default();
                if calls.len() < MOST_CALLS {
                    calls.insert(Called { event: event.clone(), sees_ready: *sees_ready, with: call.with.clone() });
                }
            }
        }
        let changed: Vec<(&'a str, E)> = read
            .iter()
            .filter(|(path, _)| now.get(**path) != called.get(**path))
            .map(|(path, (entry, _))| (*path, *entry))
            .collect();
        if changed.is_empty() {
            break;
        }
        let outcomes: Vec<_> = changed
            .par_iter()
            .map(|(path, entry)| {
                let calls: Vec<Called> = now.get(*path).into_iter().flatten().cloned().collect();
                (*path, (*entry, again(*entry, &calls)))
            })
            .collect();
        read.extend(outcomes);
        called = now;
    }
    let mut alive: BTreeSet<String> = BTreeSet::new();
    let mut waiting: Vec<String> = read
        .iter()
        .filter(|(_, (_, outcome))| outcome.as_ref().is_ok_and(|pipeline| pipeline.triggers != ["workflow_call"]))
        .map(|(path, _)| (*path).to_owned())
        .collect();
    while let Some(path) = waiting.pop() {
        if let Some((_, Ok(pipeline))) = read.get(path.as_str()) {
            let calls = pipeline.jobs.iter().filter(|job| !job.dead).filter_map(|job| job.call.as_ref());
            let targets = calls.filter_map(|call| local::path(&call.uses, own));
            waiting.extend(targets.filter(|target| !alive.contains(target)));
        }
        alive.insert(path);
    }
    for (path, (_, outcome)) in read.iter_mut() {
        if let Ok(pipeline) = outcome
            && !pipeline.is_action
            && !alive.contains(*path)
        {
            for job in &mut pipeline.jobs {
                job.dead = true;
                job.steps.iter_mut().for_each(|step| step.never = true);
            }
        }
    }
}

pub(super) fn told(mut gaps: Vec<String>) -> Vec<String> {
    let more = gaps.len().saturating_sub(MOST_TOLD);
    gaps.truncate(MOST_TOLD);
    gaps.extend((more > 0).then(|| format!("and {more} more of this sort")));
    gaps
}

/// Paths of what ships and looks like source, evenly taken where there are many.
fn sources(repository: &dyn Repository) -> Vec<&str> {
    let all: Vec<&str> = repository
        .files()
        .filter(|file| file.is_file() && file.path.rsplit_once('.').is_some_and(|(_, end)| SOURCE.contains(&end)))
        .filter(|file| repository.ships(file.path))
        .map(|file| file.path)
        .collect();
    let step = all.len().div_ceil(MOST_SOURCES).max(1);
    all.into_iter().step_by(step).collect()
}

/// The CI system whose file this is. Case matters: the forge runs no `CI.YML`.
pub(super) fn system(file: File<'_>) -> Option<&'static str> {
    if file.path == ".gitlab-ci.yml" {
        return Some("gitlab");
    }
    let yaml = matches!(file.path.rsplit_once('.'), Some((_, "yml" | "yaml")));
    let in_folder = FOLDERS.iter().find(|(folder, _)| yaml && file.folder() == *folder).map(|(_, system)| *system);
    in_folder.or_else(|| systems::reader(file.path).map(|reader| reader.id))
}

/// Is it a file that is read as CI? Of those that are known by their names alone, copies and samples are left out.
fn is_read(file: File<'_>, repository: &dyn Repository) -> bool {
    system(file).is_some() && systems::reader(file.path).is_none_or(|reader| reader.counts(file.path, repository))
}

fn is_action(file: File<'_>, repository: &dyn Repository) -> bool {
    file.is_file()
        && matches!(file.name(), "action.yml" | "action.yaml")
        && (file.path.starts_with(".github/") || repository.ships(file.path))
}

enum Found<'a> {
    File(File<'a>),
    /// A workflow that is read as one, or an image that is built from the tree.
    Elsewhere,
}

fn find<'a>(repository: &'a dyn Repository, path: &str) -> Option<Found<'a>> {
    let file = |name: &str| {
        let path = if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
        repository.file(&path).filter(|file| file.is_file())
    };
    if let Some(action) = file("action.yml").or_else(|| file("action.yaml")) {
        return Some(Found::File(action));
    }
    let workflow = repository.file(path).is_some_and(|file| file.is_file() && system(file).is_some());
    (workflow || file("Dockerfile").is_some()).then_some(Found::Elsewhere)
}

/// What reading one file rests on.
struct Around<'a> {
    repository: &'a dyn Repository,
    sources: &'a [&'a str],
    own: Option<&'a str>,
    /// How many workflows share what filters may take to compare.
    files: usize,
}

impl Around<'_> {
    fn one(&self, file: File<'_>, calls: &[Called]) -> Result<Pipeline, String> {
        let text = self.repository.text(file.path, LARGEST)?;
        match system(file) {
            Some("gitlab") => {
                let read = |path: &str| {
                    let included = self.repository.file(path).ok_or("no such file")?;
                    self.repository.text(included.path, LARGEST)
                };
                let paths = |fits: &dyn Fn(&str) -> bool| {
                    let fitting = self.repository.files().filter(|file| file.is_file() && fits(file.path));
                    fitting.take(MOST_FILES).map(|file| file.path.to_owned()).collect()
                };
                gitlab::of_tree(&text, &gitlab::Tree { read: &read, paths: &paths })
            }
            Some(_) if systems::reader(file.path).is_some() => {
                let read = systems::reader(file.path).ok_or("no such system")?.read;
                let around = readers::Around {
                    path: file.path,
                    sources: self.sources,
                    budget: Budget::share(self.files),
                    read: &|path| {
                        let part = self.repository.file(path).ok_or("no such file")?;
                        self.repository.text(part.path, LARGEST)
                    },
                };
                read(&text, &around)
            }
            Some(system) => {
                let budget = Budget::share(self.files);
                let setting = Setting { sources: self.sources, own: self.own, calls, budget };
                let mut pipeline = github::workflow(&text, &setting)?;
                if system != "github" {
                    of_another_forge(&mut pipeline, system);
                }
                Ok(pipeline)
            }
            None => github::action(&text, self.own),
        }
    }
}

/// Forgejo and Gitea run GitHub's format on runners that their users set up, whatever the labels are, and keep what a
/// token may do in their own settings.
fn of_another_forge(pipeline: &mut Pipeline, system: &str) {
    for job in pipeline.jobs.iter_mut().filter(|job| job.runner == "hosted") {
        job.runner = "unknown";
    }
    pipeline.permissions.clear();
    pipeline.rights_gap = Some(format!("what a token may do is kept in the settings of {system}"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::purposes;

    /// Which workflows have a job that tests and gates (`gates`), that tests (`tests`), or that never runs (`dead`).
    fn check(files: &[(&str, &str)], expected: &[(&str, &str)]) {
        let again = |text: &str, calls: &[Called]| {
            let budget = Budget::share(1);
            github::workflow(text, &Setting { sources: &["src/lib.rs"], own: Some("acme/widget"), calls, budget })
        };
        let mut read: ByPath<'_, &str> = files.iter().map(|(path, text)| (*path, (*text, again(text, &[])))).collect();
        follow_calls(Some("acme/widget"), &mut read, &again);
        for (path, expected) in expected {
            let pipeline = read[path].1.as_ref().unwrap();
            let found: Vec<_> = pipeline.jobs.iter().map(purposes::of).collect();
            let found = if found.iter().any(|of| of.get("test").is_some_and(|weight| weight.gates)) {
                "gates"
            } else if pipeline.jobs.iter().all(|job| job.dead) {
                "dead"
            } else {
                "tests"
            };
            assert_eq!(found, *expected, "{path} of {files:?}");
        }
    }

    fn caller(on: &str, job: &str) -> String {
        format!("on: {on}\njobs:\n  a:\n    {job}\n")
    }

    fn called(job: &str) -> String {
        format!(
            "on:\n  workflow_call:\n    inputs:\n      run: {{type: boolean, default: true}}\n      os: {{type: string}}\njobs:\n  b:\n    {job}\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: cargo test\n"
        )
    }

    #[test]
    fn a_called_workflow_gates_as_its_caller_does() {
        let b = ".github/workflows/b.yml";
        let uses = "uses: ./.github/workflows/b.yml";
        for (on, job, of_called, expected) in [
            ("[push, pull_request]", uses.to_owned(), "name: x", "gates"),
            ("push", "uses: $/.github/workflows/b.yml".to_owned(), "name: x", "gates"),
            ("push", "uses: acme/widget/.github/workflows/b.yml@main".to_owned(), "name: x", "gates"),
            ("push", format!("{uses}\n    with: {{run: true}}"), "if: inputs.run", "gates"),
            ("push", uses.to_owned(), "if: inputs.run", "gates"),
            ("push", uses.to_owned(), "if: github.event_name == 'push'", "gates"),
            ("push", uses.to_owned(), "if: github.repository == 'acme/widget'", "gates"),
            ("push", format!("{uses}\n    with: {{run: false}}"), "if: inputs.run", "tests"),
            ("push", format!("{uses}\n    with: {{run: '${{{{ vars.X }}}}'}}"), "if: inputs.run", "tests"),
            ("push", format!("{uses}\n    if: github.actor == 'x'"), "name: x", "tests"),
            ("push", format!("{uses}\n    if: github.repository == 'other/widget'"), "name: x", "dead"),
            ("push", uses.to_owned(), "if: github.event_name == 'pull_request'", "dead"),
            ("push", uses.to_owned(), "if: github.actor == 'x'", "tests"),
            ("push", uses.to_owned(), "continue-on-error: true", "tests"),
            ("push", uses.to_owned(), "if: inputs.os == 'x'", "tests"),
            ("workflow_dispatch", uses.to_owned(), "name: x", "tests"),
            ("{push: {tags: [v1]}}", uses.to_owned(), "name: x", "tests"),
            ("push", "uses: other/widget/.github/workflows/b.yml@main".to_owned(), "name: x", "dead"),
            ("push", format!("if: false\n    {uses}"), "name: x", "dead"),
        ] {
            let (caller, called) = (caller(on, &job), called(of_called));
            check(&[(".github/workflows/a.yml", &caller), (b, &called)], &[(b, expected)]);
        }
        check(&[(b, &called("name: x"))], &[(b, "dead")]);
    }

    #[test]
    fn calls_are_followed_through_several_files_and_end() {
        let middle = "on: workflow_call\njobs:\n  m:\n    uses: ./.github/workflows/b.yml\n";
        let own = "on: workflow_call\njobs:\n  m:\n    uses: ./.github/workflows/c.yml\n";
        let (a, c, b) = (".github/workflows/a.yml", ".github/workflows/c.yml", ".github/workflows/b.yml");
        let (caller, called) = (caller("push", "uses: ./.github/workflows/c.yml"), called("name: x"));
        check(&[(a, &caller), (c, middle), (b, &called)], &[(b, "gates")]);
        check(&[(a, &caller), (c, own)], &[(c, "tests")]);
        check(&[(c, middle), (b, &called)], &[(b, "dead"), (c, "dead")]);
    }
}
