//! Readers of CI systems besides GitHub and GitLab: each turns its file into the jobs that the others have as well.
//!
//! A reader that cannot say for sure that something runs, or that a change fails with it, says that it may.

mod azure;
mod buildkite;
mod circleci;
mod cirrus;
mod draft;
mod jenkins;
mod simple;
mod woodpecker;

pub(super) use draft::Around;

use crate::model::Pipeline;

/// Reads one file.
pub(super) type Read = fn(&str, &Around<'_>) -> Result<Pipeline, String>;

pub(super) const APPVEYOR: Read = simple::appveyor;
pub(super) const AZURE: Read = azure::pipeline;
pub(super) const BITBUCKET: Read = simple::bitbucket;
pub(super) const BUILDKITE: Read = buildkite::pipeline;
pub(super) const CIRCLECI: Read = circleci::pipeline;
pub(super) const CIRRUS: Read = cirrus::pipeline;
pub(super) const DRONE: Read = woodpecker::drone;
pub(super) const JENKINS: Read = jenkins::pipeline;
pub(super) const SOURCEHUT: Read = simple::sourcehut;
pub(super) const TRAVIS: Read = simple::travis;
pub(super) const WOODPECKER: Read = woodpecker::pipeline;

/// All of them, for what asks each that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub(super) const ALL: &[Read] =
    &[APPVEYOR, AZURE, BITBUCKET, BUILDKITE, CIRCLECI, CIRRUS, DRONE, JENKINS, SOURCEHUT, TRAVIS, WOODPECKER];

/// What is told of each job: its purposes, and whether they gate (`!`), may (`?`) or do not (`-`); the same by the clock.
/// An error and gaps are told in their place.
#[cfg(test)]
fn told(read: Read, path: &str, text: &str, files: &[(&str, &str)]) -> Vec<String> {
    use crate::{filters::Budget, purposes, tree::Empty};
    let part = |path: &str| {
        files
            .iter()
            .find(|(name, _)| *name == path)
            .map(|(_, text)| (*text).to_owned())
            .ok_or("no such file".to_owned())
    };
    let around = Around { path, sources: &["src/lib.rs"], budget: Budget::share(1), read: &part };
    let pipeline = match read(text, &around) {
        Ok(pipeline) => pipeline,
        Err(error) => return vec![format!("error: {error}")],
    };
    let mark = |sure: bool, may: bool| match (sure, may) {
        (true, _) => '!',
        (false, true) => '?',
        (false, false) => '-',
    };
    let jobs = pipeline.jobs.iter().map(|job| {
        let found = purposes::found(job, &Empty, &purposes::Local::default());
        let all = found.weights.iter().map(|(purpose, weight)| {
            let clock = mark(weight.scheduled, weight.may_be_scheduled);
            format!(" {purpose}{}{clock}", mark(weight.gates, weight.may_gate))
        });
        format!("{}:{}", job.id, all.collect::<String>())
    });
    jobs.chain(pipeline.gaps.iter().map(|gap| format!("gap: {gap}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
        #[test]
        fn no_text_makes_a_reader_panic(
            any: String,
            likely in "(jobs|steps|stages|tasks|when|on|task|workflows|- |: |\\n|  |\\{|\\}|\\[|\\]|'|\"|sh|pipeline|stage|<<|\\$|&a|\\*a){0,40}",
        ) {
            for text in [any, likely] {
                for read in ALL {
                    let _ = told(*read, "ci.yml", &text, &[]);
                }
            }
        }
    }
}
