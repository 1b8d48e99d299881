//! CI files to judged pipelines: jobs, what they check and whether a change fails with it, what they pull in, what their tokens
//! may do, what lets strangers act with their rights.
//!
//! In: a [`Repository`], files by path and text. Out: an [`Analysis`], one [`CiFile`] for each file, and a reason for everything
//! that was not read or understood. GitHub Actions (also of Forgejo and Gitea), GitLab CI and the systems of `readers` are read
//! into one model; of others it is known where their files are.
//!
//! One decision shaped this crate: a check counts as a gate only where everything before it in its job is understood, down to the
//! shell, the tool's settings and the tests that it reaches; what is not understood makes it *not known*, and never a gate. The
//! cost is most of this crate: its own shell parser, tables of tools, readers of their settings. What is gained is that a script
//! which only looks like a check is never taken for one.

mod actions;
mod analysis;
mod cached_tree;
mod cargo_config;
mod change;
mod commands;
pub mod cron;
mod dangers;
mod doubts;
mod environment;
mod expressions;
mod files;
mod filters;
mod flaws;
mod follow;
mod github;
mod gitlab;
mod local;
mod matrix;
mod mentions;
mod model;
mod permissions;
mod purposes;
mod reach;
mod readers;
mod repository;
mod runners;
mod runs;
mod rust_packages;
mod scripts;
mod shell;
mod sinks;
mod surroundings;
mod systems;
mod taint;
mod tool_config;
mod tools;
mod tree;
mod waiting;
mod weights;

#[cfg(test)]
mod borders;
#[cfg(test)]
mod gates;
#[cfg(test)]
mod surrounded;
#[cfg(test)]
mod tests;

pub use analysis::{Analysis, CiFile, analyse};
pub use dangers::Danger;
pub use filters::Reach;
pub use model::{Access, Job, Permission, Pinned, Pipeline, Used};
pub use repository::{File, FileKind, Repository};
pub use tools::{PURPOSES, ToolProblem, Tools};
pub use weights::{Purposes, Weight};

#[cfg(test)]
fn workflow(text: &str, sources: &[&str]) -> Result<Pipeline, String> {
    let setting = github::Setting { sources, own: None, calls: &[], budget: filters::Budget::share(1) };
    github::workflow(text, &setting)
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub fn read_anything(text: &str) {
    let setting = github::Setting { sources: &[], own: None, calls: &[], budget: filters::Budget::share(1) };
    for pipeline in [github::workflow(text, &setting), github::action(text, None)].into_iter().flatten() {
        let _ = dangers::find([("a.yml", &pipeline)].into(), None);
    }
    let _ = gitlab::pipeline(text, &|_| Err("none".to_owned()));
    for read in readers::ALL {
        let none = |_: &str| Err("none".to_owned());
        let around = readers::Around { path: "ci.yml", sources: &[], budget: filters::Budget::share(1), read: &none };
        let _ = read(text, &around);
    }
}
