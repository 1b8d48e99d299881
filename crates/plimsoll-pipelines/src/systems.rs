//! CI systems besides GitHub and GitLab: where their files are, and which of these are read. What a system does whose files are
//! not read is not known.

use std::collections::BTreeSet;

use crate::{
    readers::{self, Read},
    repository::Repository,
};

/// How a file is known.
enum At {
    /// By its whole path.
    Path(&'static str),
    /// A YAML file somewhere in this folder.
    Yaml(&'static str),
    /// A YAML file in this very folder.
    Inside(&'static str),
    /// A YAML file in a folder in this one.
    Below(&'static str),
    /// Any file in this folder.
    Folder(&'static str),
    /// By its name in any folder, without regard to case.
    Name(&'static str),
}

use At::{Below, Folder, Inside, Name, Path, Yaml};

/// What of a system is read.
pub(super) struct Reader {
    /// The word in a fact.
    pub(super) id: &'static str,
    /// The name of the system.
    name: &'static str,
    /// The files that a pipeline begins with.
    files: &'static [At],
    /// Files that may be another pipeline, unless one that is read has them as a part.
    others: &'static [At],
    pub(super) read: Read,
}

/// All that are read.
///
/// Source: the documentation of each system on where it looks for its configuration.
const READERS: &[Reader] = &[
    Reader {
        id: "appveyor",
        name: "AppVeyor",
        files: &[Path("appveyor.yml"), Path(".appveyor.yml"), Path("appveyor.yaml")],
        others: &[Yaml(".appveyor/")],
        read: readers::APPVEYOR,
    },
    Reader {
        id: "azure-pipelines",
        name: "Azure Pipelines",
        files: &[
            Name("azure-pipelines.yml"),
            Name("azure-pipelines.yaml"),
            Name(".azure-pipelines.yml"),
            Path(".vsts-ci.yml"),
        ],
        others: &[Yaml(".azure-pipelines/"), Yaml("azure-pipelines/"), Yaml(".azuredevops/"), Yaml(".pipelines/")],
        read: readers::AZURE,
    },
    Reader {
        id: "bitbucket",
        name: "Bitbucket Pipelines",
        files: &[Path("bitbucket-pipelines.yml")],
        others: &[],
        read: readers::BITBUCKET,
    },
    Reader {
        id: "buildkite",
        name: "Buildkite",
        files: &[Yaml(".buildkite/"), Path("buildkite.yml"), Path("buildkite.yaml")],
        others: &[],
        read: readers::BUILDKITE,
    },
    Reader {
        id: "circleci",
        name: "CircleCI",
        files: &[Path(".circleci/config.yml")],
        others: &[Path("circle.yml")],
        read: readers::CIRCLECI,
    },
    Reader {
        id: "cirrus",
        name: "Cirrus CI",
        files: &[Path(".cirrus.yml"), Path(".cirrus.yaml")],
        others: &[Path(".cirrus.star")],
        read: readers::CIRRUS,
    },
    Reader {
        id: "drone",
        name: "Drone",
        files: &[Path(".drone.yml")],
        others: &[Path(".drone.yaml"), Path(".drone.jsonnet"), Path(".drone.star"), Yaml(".drone/")],
        read: readers::DRONE,
    },
    Reader { id: "jenkins", name: "Jenkins", files: &[Name("Jenkinsfile")], others: &[], read: readers::JENKINS },
    Reader {
        id: "sourcehut",
        name: "sourcehut builds",
        files: &[Path(".build.yml"), Path(".build.yaml"), Yaml(".builds/")],
        others: &[],
        read: readers::SOURCEHUT,
    },
    Reader {
        id: "travis",
        name: "Travis CI",
        files: &[Path(".travis.yml"), Path(".travis.yaml")],
        others: &[],
        read: readers::TRAVIS,
    },
    Reader {
        id: "woodpecker",
        name: "Woodpecker",
        files: &[Path(".woodpecker.yml"), Path(".woodpecker.yaml"), Inside(".woodpecker/")],
        others: &[Yaml("woodpecker/"), Below(".woodpecker/")],
        read: readers::WOODPECKER,
    },
];

/// Name of a system that is not read, where its files lie. One that is read by other files is a gap where it has these alone.
///
/// Source: the documentation of each system on where it looks for its configuration.
const UNREAD: &[(&str, &[At])] = &[
    ("Agola", &[Folder(".agola/")]),
    ("AWS CodeBuild", &[Name("buildspec.yml"), Name("buildspec.yaml")]),
    ("Bamboo", &[Folder("bamboo-specs/")]),
    ("Bitrise", &[Path("bitrise.yml")]),
    ("Buildkite", &[Folder(".buildkite/")]),
    ("CDS", &[Yaml(".cds/")]),
    ("Codefresh", &[Path("codefresh.yml"), Path("codefresh.yaml"), Yaml(".codefresh/")]),
    ("Codemagic", &[Path("codemagic.yaml")]),
    ("Concourse", &[Yaml(".concourse/"), Yaml("concourse/"), Path("ci/pipeline.yml"), Path("ci/pipeline.yaml")]),
    ("Evergreen", &[Path(".evergreen.yml"), Path("evergreen.yml"), Folder(".evergreen/")]),
    ("Garnix", &[Path("garnix.yaml")]),
    (
        "Google Cloud Build",
        &[Name("cloudbuild.yaml"), Name("cloudbuild.yml"), Name("cloudbuild.json"), Yaml(".cloudbuild/")],
    ),
    ("Harness", &[Folder(".harness/")]),
    ("Jenkins", &[Folder(".jenkins/"), Folder("jenkins/"), Path("jenkins-x.yml"), Folder(".lighthouse/")]),
    ("Kokoro", &[Folder(".kokoro/"), Folder("kokoro/")]),
    ("OneDev", &[Path(".onedev-buildspec.yml")]),
    ("Packit", &[Path(".packit.yaml"), Path(".packit.yml"), Path("packit.yaml")]),
    ("Prow", &[Path(".prow.yaml"), Folder(".prow/"), Path("prow.yaml")]),
    ("Radicle", &[Yaml(".radicle/")]),
    ("RWX", &[Folder(".rwx/"), Folder(".mint/")]),
    ("Screwdriver", &[Path("screwdriver.yaml")]),
    ("Semaphore", &[Yaml(".semaphore/")]),
    ("Shippable", &[Path("shippable.yml")]),
    ("Taskcluster", &[Path(".taskcluster.yml"), Folder("taskcluster/")]),
    ("TeamCity", &[Folder(".teamcity/")]),
    ("Tekton", &[Yaml(".tekton/")]),
    ("Vela", &[Path(".vela.yml"), Path(".vela.yaml")]),
    ("Wercker", &[Path("wercker.yml")]),
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
            Inside(folder) => path.strip_prefix(folder).is_some_and(|rest| !rest.contains('/')) && yaml(),
            Below(folder) => path.strip_prefix(folder).is_some_and(|rest| rest.contains('/')) && yaml(),
            Folder(folder) => path.starts_with(folder),
            Name("Jenkinsfile") => {
                let name = name().to_ascii_lowercase();
                name.starts_with("jenkinsfile") || name.ends_with(".jenkinsfile")
            }
            Name(other) => name().eq_ignore_ascii_case(other),
        }
    }
}

impl Reader {
    /// Copies and samples are left out where a name alone is known.
    pub(super) fn counts(&self, path: &str, repository: &dyn Repository) -> bool {
        self.files.iter().any(|at| at.fits(path) && (!matches!(at, Name(_)) || repository.ships(path)))
            && !self.is_passed_over(path, repository)
    }

    /// Is another file read in its place? Woodpecker reads its folder, and a file at the top where there is none; of two such
    /// files its versions read different ones.
    ///
    /// Source: Woodpecker, "Project settings", "Pipeline path".
    fn is_passed_over(&self, path: &str, repository: &dyn Repository) -> bool {
        const TOP: [&str; 2] = [".woodpecker.yml", ".woodpecker.yaml"];
        TOP.contains(&path)
            && repository.files().any(|file| file.path != path && self.files.iter().any(|at| at.fits(file.path)))
    }
}

/// What reads the file.
pub(super) fn reader(path: &str) -> Option<&'static Reader> {
    READERS.iter().find(|reader| reader.files.iter().any(|at| at.fits(path)))
}

/// One sentence for each system of which a file is in the tree that is not read. `parts` are files that are a part of
/// others.
pub(super) fn unread(repository: &dyn Repository, parts: &BTreeSet<&str>) -> Vec<String> {
    let first = |places: &[At]| {
        let counts = |at: &At, path: &str| at.fits(path) && (!matches!(at, Name(_)) || repository.ships(path));
        let mut files = repository.files().filter(|file| !parts.contains(file.path));
        files.find(|file| places.iter().any(|at| counts(at, file.path)))
    };
    let by_name = |name: &str| READERS.iter().find(|reader| reader.name == name);
    let is_read = |reader: &Reader| first(reader.files).is_some();
    let not_read = UNREAD
        .iter()
        .filter(|(name, _)| !by_name(name).is_some_and(is_read))
        .filter_map(|(system, places)| Some(format!("{}: the CI of {system} is not read", first(places)?.path)));
    let perhaps = READERS.iter().filter_map(|reader| {
        let path = first(reader.others)?.path;
        Some(format!("{path}: may be a pipeline of {} of its own, and is not read", reader.name))
    });
    let passed_over = READERS.iter().filter_map(|reader| {
        let path = repository.files().find(|file| reader.is_passed_over(file.path, repository))?.path;
        Some(format!("{path}: {} reads another file in its place, unless its settings name this one", reader.name))
    });
    not_read.chain(perhaps).chain(passed_over).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::{File, FileKind};

    fn systems(path: &str) -> Vec<&'static str> {
        let fits = |places: &[At]| places.iter().any(|at| at.fits(path));
        let read = READERS.iter().filter(|reader| fits(reader.files) || fits(reader.others)).map(|reader| reader.name);
        let mut all: Vec<&str> = read.chain(UNREAD.iter().filter(|(_, at)| fits(at)).map(|(name, _)| *name)).collect();
        all.dedup();
        all
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
            (".woodpecker/below/test.yml", "Woodpecker"),
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

    struct Paths(&'static [&'static str]);

    impl Repository for Paths {
        fn files(&self) -> Box<dyn Iterator<Item = File<'_>> + '_> {
            Box::new(self.0.iter().map(|path| File { path, kind: FileKind::File }))
        }
        fn file(&self, path: &str) -> Option<File<'_>> {
            self.files().find(|file| file.path == path)
        }
        fn has_folder(&self, _: &str) -> bool {
            false
        }
        fn text(&self, _: &str, _: u64) -> Result<String, String> {
            Err("nothing is read".to_owned())
        }
        fn ships(&self, _: &str) -> bool {
            true
        }
        fn is_vendored(&self, _: &str) -> bool {
            false
        }
    }

    #[test]
    fn woodpecker_reads_its_folder_before_files_at_the_top() {
        let check = |paths: &'static [&'static str], read: &[&str], gaps: usize| {
            let all = Paths(paths);
            let is_read = |path: &&&str| reader(path).is_some_and(|reader| reader.counts(path, &all));
            let found: Vec<&str> = paths.iter().filter(is_read).copied().collect();
            assert_eq!((found.as_slice(), unread(&all, &BTreeSet::new()).len()), (read, gaps), "{paths:?}");
        };
        check(&[".woodpecker.yml"], &[".woodpecker.yml"], 0);
        check(&[".woodpecker.yaml", "src/main.rs"], &[".woodpecker.yaml"], 0);
        check(&[".woodpecker/a.yml", ".woodpecker/b.yaml"], &[".woodpecker/a.yml", ".woodpecker/b.yaml"], 0);
        check(&[".woodpecker/README.md", ".woodpecker.yml"], &[".woodpecker.yml"], 0);
        // In place of the file at the top.
        check(&[".woodpecker.yml", ".woodpecker/a.yml"], &[".woodpecker/a.yml"], 1);
        // Which of the two is read differs between versions.
        check(&[".woodpecker.yaml", ".woodpecker.yml"], &[], 1);
        // What is below a folder in the folder is not read.
        check(&[".woodpecker/below/a.yml"], &[], 1);
        check(&[".woodpecker.yml", ".woodpecker/below/a.yml"], &[".woodpecker.yml"], 1);
    }

    #[test]
    fn the_table_is_in_order_and_names_each_once() {
        let unread: Vec<String> = UNREAD.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
        let read: Vec<String> = READERS.iter().map(|reader| reader.id.to_owned()).collect();
        for names in [unread, read] {
            let mut sorted = names.clone();
            sorted.sort();
            sorted.dedup();
            assert_eq!(names, sorted);
        }
    }
}
