//! CI systems that are known by their files and not read: what they do is not known.

use crate::repository::Repository;

/// How a file is known.
enum At {
    /// By its whole path.
    Path(&'static str),
    /// A YAML file somewhere in this folder.
    Yaml(&'static str),
    /// Any file in this folder.
    Folder(&'static str),
    /// By its name in any folder, without regard to case.
    Name(&'static str),
}

use At::{Folder, Name, Path, Yaml};

/// Name of the system, where its files lie.
///
/// Source: the documentation of each system on where it looks for its configuration.
const SYSTEMS: &[(&str, &[At])] = &[
    ("Agola", &[Folder(".agola/")]),
    ("AppVeyor", &[Path("appveyor.yml"), Path(".appveyor.yml"), Path("appveyor.yaml"), Yaml(".appveyor/")]),
    ("AWS CodeBuild", &[Name("buildspec.yml"), Name("buildspec.yaml")]),
    (
        "Azure Pipelines",
        &[
            Name("azure-pipelines.yml"),
            Name("azure-pipelines.yaml"),
            Name(".azure-pipelines.yml"),
            Path(".vsts-ci.yml"),
            Yaml(".azure-pipelines/"),
            Yaml("azure-pipelines/"),
            Yaml(".azuredevops/"),
            Yaml(".pipelines/"),
        ],
    ),
    ("Bamboo", &[Folder("bamboo-specs/")]),
    ("Bitbucket Pipelines", &[Path("bitbucket-pipelines.yml")]),
    ("Bitrise", &[Path("bitrise.yml")]),
    ("Buildkite", &[Folder(".buildkite/"), Path("buildkite.yml"), Path("buildkite.yaml")]),
    ("CDS", &[Yaml(".cds/")]),
    ("CircleCI", &[Yaml(".circleci/"), Path("circle.yml")]),
    ("Cirrus CI", &[Path(".cirrus.yml"), Path(".cirrus.yaml"), Path(".cirrus.star")]),
    ("Codefresh", &[Path("codefresh.yml"), Path("codefresh.yaml"), Yaml(".codefresh/")]),
    ("Codemagic", &[Path("codemagic.yaml")]),
    ("Concourse", &[Yaml(".concourse/"), Yaml("concourse/"), Path("ci/pipeline.yml"), Path("ci/pipeline.yaml")]),
    ("Drone", &[Path(".drone.yml"), Path(".drone.yaml"), Path(".drone.jsonnet"), Path(".drone.star"), Yaml(".drone/")]),
    ("Evergreen", &[Path(".evergreen.yml"), Path("evergreen.yml"), Folder(".evergreen/")]),
    ("Garnix", &[Path("garnix.yaml")]),
    (
        "Google Cloud Build",
        &[Name("cloudbuild.yaml"), Name("cloudbuild.yml"), Name("cloudbuild.json"), Yaml(".cloudbuild/")],
    ),
    ("Harness", &[Folder(".harness/")]),
    (
        "Jenkins",
        &[Name("Jenkinsfile"), Folder(".jenkins/"), Folder("jenkins/"), Path("jenkins-x.yml"), Folder(".lighthouse/")],
    ),
    ("Kokoro", &[Folder(".kokoro/"), Folder("kokoro/")]),
    ("OneDev", &[Path(".onedev-buildspec.yml")]),
    ("Packit", &[Path(".packit.yaml"), Path(".packit.yml"), Path("packit.yaml")]),
    ("Prow", &[Path(".prow.yaml"), Folder(".prow/"), Path("prow.yaml")]),
    ("Radicle", &[Yaml(".radicle/")]),
    ("RWX", &[Folder(".rwx/"), Folder(".mint/")]),
    ("Screwdriver", &[Path("screwdriver.yaml")]),
    ("Semaphore", &[Yaml(".semaphore/")]),
    ("Shippable", &[Path("shippable.yml")]),
    ("sourcehut builds", &[Path(".build.yml"), Path(".build.yaml"), Yaml(".builds/")]),
    ("Taskcluster", &[Path(".taskcluster.yml"), Folder("taskcluster/")]),
    ("TeamCity", &[Folder(".teamcity/")]),
    ("Tekton", &[Yaml(".tekton/")]),
    ("Travis CI", &[Path(".travis.yml"), Path(".travis.yaml")]),
    ("Vela", &[Path(".vela.yml"), Path(".vela.yaml")]),
    ("Wercker", &[Path("wercker.yml")]),
    ("Woodpecker", &[Path(".woodpecker.yml"), Path(".woodpecker.yaml"), Yaml(".woodpecker/"), Yaml("woodpecker/")]),
    ("Xcode Cloud", &[Folder("ci_scripts/ci_")]),
    ("Zuul", &[Path(".zuul.yaml"), Path("zuul.yaml"), Folder(".zuul.d/"), Folder("zuul.d/")]),
];

impl At {
    fn fits(&self, path: &str) -> bool {
        let yaml = || matches!(path.rsplit_once('.'), Some((_, "yml" | "yaml" | "star")));
        let name = || path.rsplit('/').next().unwrap_or(path);
        match self {
            Path(whole) => path == *whole,
            Yaml(folder) => path.starts_with(folder) && yaml(),
            Folder(folder) => path.starts_with(folder),
            Name("Jenkinsfile") => {
                let name = name().to_ascii_lowercase();
                name.starts_with("jenkinsfile") || name.ends_with(".jenkinsfile")
            }
            Name(other) => name().eq_ignore_ascii_case(other),
        }
    }
}

/// One sentence for each system of which a file is in the tree. Copies and samples are left out where a name alone is known.
pub(super) fn unread(repository: &dyn Repository) -> Vec<String> {
    SYSTEMS
        .iter()
        .filter_map(|(system, places)| {
            let file = repository.files().find(|file| {
                places.iter().any(|at| at.fits(file.path) && (!matches!(at, Name(_)) || repository.ships(file.path)))
            })?;
            Some(format!("{}: the CI of {system} is not read", file.path))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn systems(path: &str) -> Vec<&'static str> {
        SYSTEMS.iter().filter(|(_, places)| places.iter().any(|at| at.fits(path))).map(|(name, _)| *name).collect()
    }

    #[test]
    fn a_system_is_known_by_its_file() {
        for (path, expected) in [
            (".circleci/config.yml", "CircleCI"),
            ("Jenkinsfile", "Jenkins"),
            ("ci/Jenkinsfile.release", "Jenkins"),
            ("ci/nightly.jenkinsfile", "Jenkins"),
            ("azure-pipelines.yml", "Azure Pipelines"),
            ("build/azure-pipelines.yml", "Azure Pipelines"),
            (".woodpecker/test.yml", "Woodpecker"),
            (".woodpecker.yaml", "Woodpecker"),
            (".travis.yml", "Travis CI"),
            (".cirrus.yml", "Cirrus CI"),
            (".buildkite/pipeline.yml", "Buildkite"),
            (".buildkite/run.sh", "Buildkite"),
            (".drone.yml", "Drone"),
            ("bitbucket-pipelines.yml", "Bitbucket Pipelines"),
            ("appveyor.yml", "AppVeyor"),
            (".builds/linux.yml", "sourcehut builds"),
            (".build.yml", "sourcehut builds"),
            (".teamcity/settings.kts", "TeamCity"),
            (".tekton/pr.yaml", "Tekton"),
            (".semaphore/semaphore.yml", "Semaphore"),
            ("wercker.yml", "Wercker"),
            ("codefresh.yml", "Codefresh"),
            ("ci/pipeline.yml", "Concourse"),
            (".prow.yaml", "Prow"),
            (".zuul.d/jobs.yaml", "Zuul"),
            ("cloudbuild.yaml", "Google Cloud Build"),
        ] {
            assert_eq!(systems(path), [expected], "{path}");
        }
        for path in [
            ".github/workflows/ci.yml",
            ".gitlab-ci.yml",
            "src/travis.yml",
            "docs/.travis.yml",
            "travis.yml",
            "src/circleci/config.yml",
            ".circleci/README.md",
            "src/jenkins.rs",
            "docs/appveyor.yml",
            "my-azure-pipelines.yml.md",
            "src/buildspec.rs",
            "ci_scripts/x.sh",
            "ci/test.sh",
            "README.md",
        ] {
            assert_eq!(systems(path), <[&str; 0]>::default(), "{path}");
        }
    }

    #[test]
    fn the_table_is_in_order_and_names_each_once() {
        let names: Vec<String> = SYSTEMS.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        let mut sorted = names.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(names, sorted);
    }
}
