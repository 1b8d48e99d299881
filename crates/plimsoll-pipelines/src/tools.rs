//! The tools that scripts call, as data: what each is for, and the words with which it is known to fail for what it finds.
//!
//! A row says what is understood. An option that is in no list is not understood, and then it is not known whether the
//! command checks anything: a new option of a tool makes an answer vague, and never wrong.
//!
//! Options are written as `--flag`, `--name=` (with a value, in one word or two) and `--name[=]` (a value only in one word).

mod any;
mod builds;
mod go;
mod harmless;
mod javascript;
mod jvm;
mod others;
mod python;
mod releases;
mod runners;
mod rust;
mod tampers;

pub(super) use harmless::{ASKED_ALONE, HARMLESS, UNLESS};
pub(super) use runners::RUNNERS;
pub(super) use tampers::TAMPERS;

/// Stands for a word of a call whose value is not known.
pub(super) const UNKNOWN: &str = "\u{2}";

/// One way to call a tool.
pub(super) struct Tool {
    /// Program and subcommand, in every spelling; blanks part the words.
    pub(super) run: &'static [&'static str],
    /// Its purposes.
    pub(super) is: &'static [&'static str],
    /// The languages of source that it is about, by the names of the languages; none for a tool of any.
    pub(super) of: &'static [&'static str],
    /// Options that change nothing about whether it fails.
    pub(super) options: &'static str,
    pub(super) operands: Operands,
    /// With one of these words it does nothing.
    pub(super) void: &'static str,
    /// With one of these it passes whatever it finds; a value stands behind `=`.
    pub(super) passes: &'static str,
    /// Without one of these it passes whatever it finds; `+` is any value but nought.
    pub(super) needs: &'static str,
    /// Options behind `--`; absent where nothing there is understood.
    pub(super) behind: Option<&'static str>,
    /// Options that name the folder it works in, or a manifest there.
    pub(super) folder: &'static str,
    /// The files that make a folder its project.
    pub(super) manifests: &'static [&'static str],
    /// Options that name what an audit looks at.
    pub(super) scans: &'static str,
    /// What it is for as well, where an option says so.
    pub(super) also: &'static [(&'static str, &'static str)],
}

/// The words of a command that are no options.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Operands {
    None,
    /// Files and folders of the tree.
    Paths,
    /// Anything: they say what it writes, or where it looks.
    Any,
    /// They select what is done: it is not known whether that is anything.
    Select,
    /// Steps of a build, each with its purpose; one without a purpose is empty.
    Goals(&'static [(&'static str, &'static str)]),
}

const TOOL: Tool = Tool {
    run: &[],
    is: &[],
    of: &[],
    options: "",
    operands: Operands::None,
    void: "",
    passes: "",
    needs: "",
    behind: None,
    folder: "",
    manifests: &[],
    scans: "",
    also: &[],
};

/// What is about text and data, and no source of a product.
pub(super) const DATA: &[&str] = &["text and data"];
const SCRIPT: &[&str] = &["JavaScript", "TypeScript", "Vue"];
const C_FAMILY: &[&str] = &["C", "C++", "Objective-C"];

/// With these every tool says something about itself, or what it would do.
pub(super) const VOID: &str = "--help --version --dry-run";

/// Words of which the first alone makes a tool say something about itself.
pub(super) const ABOUT: &[&str] = &["help", "version", "-h", "-V", "-v", "-version", "-help"];

const CARGO: &[&str] = &["Cargo.toml"];
const PYTHON: &[&str] = &["pyproject.toml", "setup.py", "setup.cfg", "tox.ini", "pytest.ini"];
const NODE: &[&str] = &["package.json"];
const GO: &[&str] = &["go.mod"];
const MAVEN: &[&str] = &["pom.xml"];
/// Files that name what is depended on, of any language.
const LOCKS: &[&str] = &[
    "Cargo.lock",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "go.mod",
    "poetry.lock",
    "uv.lock",
    "pdm.lock",
    "Pipfile.lock",
    "requirements.txt",
    "Gemfile.lock",
    "composer.lock",
    "mix.lock",
    "pubspec.lock",
    "packages.lock.json",
    "pom.xml",
    "gradle.lockfile",
];
const GRADLE: &[&str] = &["build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts"];

const WRITES: &str = "-o= --output= --output-file= --output-format= --of= --format= -q -v -vv --quiet --verbose --all --all-features \
    -f= --file= --spec-version= --spec= --exclude= --scope= --name= --target= --config= --no-validate --output-reproducible \
    --short-PURLs --omit= -t= --type= --describe= --license-precision= --top-level --target-in-filename --output-pattern= -r --recurse \
    --package-lock-only --ignore-npm-errors --mc-type= --ev= --source-name= --source-version= --enrich= --catalogers= --select-catalogers= --override-filename= --manifest-path=";

/// Every way to call a tool, by language.
pub(super) const TOOLS: &[&[Tool]] = &[
    rust::RUST,
    go::GO_TOOLS,
    javascript::JAVASCRIPT,
    python::PYTHON_TOOLS,
    jvm::JVM,
    builds::BUILDS,
    others::OTHERS,
    any::ANY_LANGUAGE,
    releases::RELEASES,
];

/// Options of programs that stand before a subcommand and take a value.
pub(super) const BEFORE_SUBCOMMANDS: &[(&str, &str)] = &[
    ("cargo", "--config= --color= -Z= -C= --manifest-path="),
    ("go", "-C="),
    ("npm", "--prefix= -C= -w= --workspace="),
    ("pnpm", "--filter= -F= -C= --dir="),
    ("yarn", "--cwd="),
    ("ninja", "-C= -j= -f="),
    ("mvn", "-f= -P= -s= -T= -pl= --file="),
    ("git", "-C= -c="),
    ("docker", "--context= -H="),
    ("nx", "-p="),
    ("swift", "--package-path="),
    ("cabal", "--project-file="),
    ("opam", "--switch="),
];

/// Tools that fail where there is no project: a job that checks nothing out lets no change pass by them.
pub(super) const FAIL_WITHOUT_SOURCE: &[&str] = &[
    "cargo",
    "cargo-audit",
    "cargo-deny",
    "go",
    "gotestsum",
    "golangci-lint",
    "govulncheck",
    "osv-scanner",
    "mvn",
    "gradle",
    "pytest",
    "mypy",
    "tsc",
    "npm",
    "pnpm",
    "dotnet",
    "mix",
    "swift",
    "flutter",
    "dart",
    "deno",
    "bun",
];
