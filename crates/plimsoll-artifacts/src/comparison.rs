//! Whether a package is what its source says: every file compared with the tree of a commit.
//!
//! A file of a package counts as explained where it is a file of the tree byte for byte, or where a rule of its packer
//! derives it from the tree; everything else is named. Links of the tree are followed inside of it alone, submodules are
//! not entered, and nothing of either side is run.

mod claim;
mod configuration;
mod crates;
mod judge;
mod npm;
mod python;
mod requirements;
mod source;
mod tree;
mod types;

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::{Package, PackageFormat, PackagedFile};

pub use claim::{VCS_INFO, of as claim_of};
pub use source::{SourceEntry, SourceError, SourceKind, SourceTree};
pub use types::{Claim, ComparedFile, Comparison, Counts, FileClass, Verdict};

use crates::CrateRules;
use judge::{Judged, against};
use python::PythonRules;
use tree::SourceFiles;

/// Files of one package that are named; those that are not explained come first.
pub const MOST_NAMED: usize = 200;

/// Gives the commit that a package says it was packed from, where it names one in a form that is one.
pub fn claimed_commit(package: &Package) -> Option<String> {
    claim::of(package).ok()?.commit
}

/// Compares each file of a package with the commit of `source`.
///
/// A crate that names another commit is not compared: that is the answer. Where a package names no folder, the one whose
/// manifest has its name is taken. Runs on the rayon pool of the caller; the result does not depend on its threads.
/// A package from a working copy with changes is equal where every byte is the commit's, and the reasons say so.
///
/// What is not seen: whether files may be executed, times and owners, and that the commit itself is worth anything.
pub fn compare(package: &Package, source: &dyn SourceTree) -> Comparison {
    let claim = claim::of(package);
    let claimed = claim.clone().unwrap_or_default();
    let commit = source.commit();
    let commit_matches = claimed.commit.as_ref().map(|claimed| *claimed == commit);
    let mut comparison = Comparison {
        format: package.format(),
        name: package.name().to_owned(),
        version: package.version().to_owned(),
        commit,
        claimed,
        commit_matches,
        folder: None,
        counts: None,
        verdict: Verdict::Unknown,
        reasons: Vec::new(),
        files: Vec::new(),
        more: 0,
    };
    if commit_matches == Some(false) {
        comparison.verdict = Verdict::OtherCommit;
        let named = comparison.claimed.commit.as_deref().unwrap_or_default();
        comparison.reasons.push(format!("it says that it was packed from commit {named}"));
    } else if source.is_worktree() {
        comparison.reasons.push("files of the working copy lie over the commit's tree".to_owned());
    } else if !package.is_pure() {
        comparison.reasons.push("it holds compiled code, which is no file of a tree".to_owned());
    } else {
        files(package, SourceFiles { tree: source }, &claim, &mut comparison);
    }
    comparison
}

/// How files of a package are found in a tree, by format.
enum Rules<'a> {
    Crate(CrateRules<'a>),
    Npm(String),
    Python(PythonRules<'a>),
}

impl Rules<'_> {
    fn folder(&self) -> &str {
        match self {
            Self::Crate(rules) => &rules.folder,
            Self::Npm(folder) => folder,
            Self::Python(rules) => &rules.folder,
        }
    }

    fn judge(&self, tree: SourceFiles<'_>, file: &PackagedFile<'_>) -> Judged {
        let (made, sources) = match self {
            Self::Crate(rules) => (rules.made(file), rules.sources(file.path)),
            Self::Npm(folder) => (None, npm::sources(folder, file.path)),
            Self::Python(rules) => (rules.made(file), rules.sources(file.path)),
        };
        made.unwrap_or_else(|| against(tree, file, &sources))
    }
}

fn files(package: &Package, tree: SourceFiles<'_>, claim: &Result<Claim, String>, comparison: &mut Comparison) {
    let rules = match package.format() {
        PackageFormat::Crate => CrateRules::new(package, tree, claim).map(Rules::Crate),
        PackageFormat::Npm => npm::folder(package, tree, claim).map(Rules::Npm),
        PackageFormat::Sdist | PackageFormat::Wheel => Some(Rules::Python(PythonRules::new(package, tree))),
    };
    let Some(rules) = rules else {
        // Without the whole tree it may be there.
        let gap = tree.tree.gap();
        comparison.verdict = if gap.is_some() { Verdict::Unknown } else { Verdict::Differs };
        comparison.reasons.push(format!("the commit has no package that is called {}", comparison.name));
        comparison.reasons.extend(gap.map(|gap| format!("the tree is not whole: {gap}")));
        return;
    };
    let packaged: Vec<PackagedFile<'_>> = package.files().collect();
    let judged: Vec<Judged> = packaged.par_iter().map(|file| rules.judge(tree, file)).collect();

    let mut counts = Counts::default();
    let mut taken = BTreeSet::new();
    let mut named = Vec::new();
    for (file, judged) in packaged.iter().zip(judged) {
        counts.add(judged.class);
        taken.extend(judged.source.as_deref().map(|source| tree.tree.spelled(source)));
        if judged.class != FileClass::Same {
            let Judged { class, source, reason } = judged;
            named.push(ComparedFile { path: file.path.to_owned(), class, source, reason });
        }
    }
    // A copy of a package that tests keep is in the commit, too, and is not what the project makes.
    if let Some(class) = tree.tree.unshipped_class(&tree::within(rules.folder(), "file")) {
        let folder = rules.folder();
        comparison.reasons.push(format!("its folder in the commit, {folder}, is {class} by its name"));
    }
    counts.left_out = tree.count_others(rules.folder(), &taken);
    comparison.folder = Some(rules.folder().to_owned());
    comparison.counts = Some(counts);
    comparison.verdict = verdict(&counts, package.format(), comparison.commit_matches);
    // A name that appears twice in a tree is a file that one reader sees and another does not.
    if let Some(gap) = tree.tree.gap() {
        comparison.reasons.push(format!("the tree is not whole: {gap}"));
        if comparison.verdict.is_equal() {
            comparison.verdict = Verdict::Unknown;
        }
    }
    comparison.reasons.extend(reasons(&counts, comparison, claim));
    // What is explained comes last, so that it never takes the place of what is not.
    named.sort_by(|one, other| {
        let rank = |file: &ComparedFile| file.class == FileClass::Generated;
        (rank(one), &one.path).cmp(&(rank(other), &other.path))
    });
    comparison.more = named.len().saturating_sub(MOST_NAMED) as u64;
    named.truncate(MOST_NAMED);
    named.sort_by(|one, other| one.path.cmp(&other.path));
    comparison.files = named;
}

fn verdict(counts: &Counts, format: PackageFormat, commit_matches: Option<bool>) -> Verdict {
    if counts.differs + counts.only_in_package + counts.line_endings > 0 {
        Verdict::Differs
    } else if counts.unknown > 0 || counts.same == 0 {
        // What holds no file of the source is equal to nothing.
        Verdict::Unknown
    } else if format == PackageFormat::Crate && commit_matches != Some(true) {
        // cargo writes the commit into every crate that it packs from a repository.
        Verdict::Matches
    } else {
        Verdict::Equal
    }
}

fn reasons(counts: &Counts, comparison: &Comparison, claim: &Result<Claim, String>) -> Vec<String> {
    let files = |count: u64| if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
    let mut reasons = Vec::new();
    for (count, what) in [
        (counts.differs, "not as in the commit"),
        (counts.only_in_package, "in the package alone"),
        (counts.line_endings, "as in the commit but for the ends of lines"),
        (counts.unknown, "not to be compared"),
    ] {
        if count > 0 {
            reasons.push(format!("{} {what}", files(count)));
        }
    }
    if counts.same == 0 {
        reasons.push("no file of the commit is in it".to_owned());
    }
    match (claim, comparison.format) {
        (Err(reason), _) => reasons.push(format!("what it says of its source is not understood: {reason}")),
        (Ok(Claim { commit: None, .. }), PackageFormat::Crate) => {
            reasons.push("it does not name the commit that it was packed from".to_owned());
        }
        (Ok(Claim { dirty: true, .. }), _) => {
            reasons.push("it says that it was packed from a working copy with changes".to_owned());
        }
        _ => {}
    }
    if counts.left_out > 0 {
        reasons.push(format!("it leaves out {} of its folder in the commit", files(counts.left_out)));
    }
    reasons
}
