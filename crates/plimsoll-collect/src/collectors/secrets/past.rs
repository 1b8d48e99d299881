//! Keys and tokens that the tree no longer has and the history still does: everyone who has a clone has them.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::{Assurance, InputId, Kind, Pointer, Rests, Subject, one_line, plural};
use plimsoll_snapshot::{Past, PastBlob, ReadError};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    LARGEST, MOST_IN_ALL,
    allowed::{Allowed, Excepted},
    class_of, found_in_entry,
    scan::{Finding, Found},
};
use crate::{Collector, Context, Gathered, PathClass};

/// One key or token of the past. Its value is nowhere.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct PastSecretFact {
    /// What it is.
    kind: &'static str,
    /// Where it was in the first commit that has it, by the time that commits state.
    path: String,
    /// On which line it began there.
    line: u64,
    /// SHA-256 as in the kind `secret`, with the commit under examination: the same value in the tree looks the same.
    digest: String,
    /// Class of the path.
    class: PathClass,
    /// The first commit that has it.
    commit: String,
    /// How many versions of files hold it.
    versions: u64,
    /// `checksum` or `structure`.
    proof: &'static str,
    /// What the maker says of it in the list of another scanner; it counts as it is classed.
    #[serde(skip_serializing_if = "Option::is_none")]
    excepted: Option<Excepted>,
}

const PAST_SECRET: Kind = Kind::of::<PastSecretFact>(
    "past-secret",
    "A key or token that the history has and the tree does not; its value is not kept.",
)
.resting_on(&[Rests::all(InputId::References)]);

/// What is searched, as a report says it.
const VERSIONS: &str = "file versions";

/// Secrets of the past.
pub struct PastSecrets;

impl Collector for PastSecrets {
    fn name(&self) -> &'static str {
        "past-secrets"
    }

    fn about(&self) -> &'static str {
        "Private keys and tokens that are in the history and no longer in the tree; scanned with --history alone."
    }

    fn states(&self) -> &'static [Kind] {
        const { &[PAST_SECRET] }
    }

    fn is_of_the_commit(&self) -> bool {
        true
    }

    // References move while the files of a commit stay.
    fn is_of_the_files(&self) -> bool {
        false
    }

    fn collect(&self, cx: &Context<'_>) -> Vec<Gathered> {
        vec![gather(cx).unwrap_or_else(|reason| Gathered::unavailable(&PAST_SECRET, VERSIONS, reason))]
    }
}

/// What a version of a file shows.
enum Seen {
    Found(Found),
    Packed,
    Unread(ReadError),
}

fn gather(cx: &Context<'_>) -> Result<Gathered, String> {
    if !cx.every_version {
        return Err("the history was not scanned (--history)".to_owned());
    }
    let past = cx.snapshot.past().map_err(|error| error.to_string())?;
    let commit = cx.snapshot.commit();
    let look = |_: usize, blob: &PastBlob, bytes: Result<&[u8], ReadError>| {
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(error) => return Some(Seen::Unread(error)),
        };
        let path = past.path(blob);
        let found = found_in_entry(bytes, &path, &commit);
        match (found.packed, found.hits.is_empty()) {
            (true, _) => Some(Seen::Packed),
            (false, true) => None,
            (false, false) => Some(Seen::Found(found)),
        }
    };
    let seen = cx.snapshot.visit_past(&past, LARGEST, look)?;
    let unread = seen.iter().filter(|(_, seen)| matches!(seen, Seen::Unread(_))).count();
    if unread == past.len() && unread > 0 {
        return Err(format!("none of {} could be read", plural(unread, "file version", "file versions")));
    }
    let mut gathered = Gathered::searched(&PAST_SECRET, VERSIONS, (past.len() - unread) as u64);
    say_what_is_missing(&past, &mut gathered);
    say_what_was_not_read(cx, &past, &seen, &mut gathered);
    state(cx, &past, &seen, &mut gathered);
    gathered.limitation(
        "Every content of a file that a commit of a reference reaches was looked at; what no reference reaches any more, messages of commits and \
         the histories of submodules were not.",
    );
    Ok(gathered)
}

/// Says which commits and folders are not here.
fn say_what_is_missing(past: &Past, gathered: &mut Gathered) {
    if past.shallow {
        gathered.gap("the clone is shallow, so that its history is cut off (`git fetch --unshallow` brings it)");
    }
    if past.missing_commits > 0 {
        let commits = plural(past.missing_commits, "commit of the history is", "commits of the history are");
        gathered.gap(format!("{commits} not here"));
    }
    if past.missing_folders > 0 {
        let folders = plural(past.missing_folders, "folder of the history", "folders of the history");
        gathered.gap(format!("{folders} could not be listed"));
    }
    if let Some(reason) = &past.beyond {
        gathered.gap(format!("not all of the history was listed: {reason}"));
    }
}

/// Says which versions were not looked into. Those of the tree are said by the kind `secret`.
fn say_what_was_not_read(cx: &Context<'_>, past: &Past, seen: &[(usize, Seen)], gathered: &mut Gathered) {
    let (mut unread, mut packed): (BTreeMap<String, (usize, String)>, Vec<String>) = (BTreeMap::new(), Vec::new());
    let mut elsewhere = 0_usize;
    for (number, seen) in seen {
        let Some(blob) = past.get(*number).filter(|blob| !blob.present) else { continue };
        let path = past.path(blob);
        match seen {
            Seen::Found(_) => {}
            _ if !class_of(cx, &path).may_ship() => elsewhere += 1,
            Seen::Packed => packed.push(path),
            Seen::Unread(error) => {
                unread.entry(error.to_string()).or_insert_with(|| (0, one_line(&path))).0 += 1;
            }
        }
    }
    for (reason, (count, first)) in unread {
        let versions = plural(count, "file version was", "file versions were");
        gathered.gap(format!("{versions} not read: {reason} ({first})"));
    }
    if let Some(first) = packed.first() {
        let versions = plural(packed.len(), "packed file", "packed files");
        gathered.gap(format!("{versions} of the history were not looked into ({})", one_line(first)));
    }
    if elsewhere > 0 {
        let versions = plural(elsewhere, "file version that does", "file versions that do");
        gathered.limitation(format!("{versions} not ship could not be read or are packed."));
    }
}

/// A value that the tree does not have, where it is first, and how many versions have it.
struct Gone<'a> {
    number: usize,
    finding: &'a Finding,
    for_tests: bool,
    versions: u64,
}

fn state(cx: &Context<'_>, past: &Past, seen: &[(usize, Seen)], gathered: &mut Gathered) {
    let allowed = Allowed::read(cx);
    let found = || {
        seen.iter().filter_map(|(number, seen)| match seen {
            Seen::Found(found) => Some((*number, past.get(*number)?, found)),
            _ => None,
        })
    };
    let in_tree: BTreeSet<&str> = found()
        .filter(|(_, blob, _)| blob.present)
        .flat_map(|(_, _, found)| found.hits.iter().map(|hit| hit.digest.as_str()))
        .collect();
    let mut gone: BTreeMap<&str, Gone<'_>> = BTreeMap::new();
    let mut beyond = 0;
    for (number, blob, found) in found() {
        if !blob.present {
            beyond += found.more;
        }
        let own: BTreeMap<&str, &Finding> = found
            .hits
            .iter()
            .rev()
            .map(|hit| (hit.digest.as_str(), hit))
            .filter(|(digest, _)| !in_tree.contains(digest))
            .collect();
        for (digest, finding) in own {
            let for_tests = found.for_tests.iter().any(|(first, last)| (*first..=*last).contains(&finding.line));
            let known = gone.entry(digest).or_insert(Gone { number, finding, for_tests, versions: 0 });
            known.versions += 1;
        }
    }
    if beyond > 0 {
        gathered.gap(format!("{beyond} more keys or tokens were found in files with very many"));
    }
    let mut gone: Vec<Gone<'_>> = gone.into_values().collect();
    gone.sort_by_key(|one| (one.number, one.finding.line, &one.finding.digest));
    if let Some(more) = gone.len().checked_sub(MOST_IN_ALL).filter(|more| *more > 0) {
        gathered.gap(format!("{more} more keys or tokens were found than the {MOST_IN_ALL} that are listed"));
    }
    for Gone { number, finding, for_tests, versions } in gone.into_iter().take(MOST_IN_ALL) {
        let Some(blob) = past.get(number) else { continue };
        let path = past.path(blob);
        let commit = past.commit(blob);
        let fact = PastSecretFact {
            kind: finding.kind,
            line: finding.line,
            digest: finding.digest.clone(),
            class: if for_tests { PathClass::Test } else { class_of(cx, &path) },
            versions,
            proof: finding.proof,
            excepted: allowed.of_past(&commit, &path, finding.line),
            commit: commit.clone(),
            path,
        };
        let pointers = vec![Pointer::blob(&fact.path, past.id(blob)).at_line(finding.line), Pointer::commit(&commit)];
        gathered.push(Subject::path(&fact.path), Assurance::Observed, &fact, pointers);
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use plimsoll_model::{Evidence, Extra, KindStatus, Tool};
    use plimsoll_testkit::Repo;

    use super::{super::samples::Random, *};
    use crate::{Inputs, Target};

    fn collect(repo: &Repo, every_version: bool) -> Evidence {
        collect_at(repo.path(), every_version)
    }

    fn collect_at(path: &std::path::Path, every_version: bool) -> Evidence {
        let tool = Tool { name: "test".to_owned(), version: "0".to_owned(), extra: Extra::new() };
        let inputs = Inputs::new(tool, Timestamp::UNIX_EPOCH).only(&["secrets", "past-secrets"]).unwrap();
        let target = Target { every_version, ..Target::at(path) };
        crate::collect(&target, &inputs, &|_| {}).unwrap().evidence
    }

    fn token(seed: u64) -> String {
        format!("glpat-{}", Random::of(seed).letters(super::super::samples::ALL, 20))
    }

    fn facts(evidence: &Evidence) -> Vec<(String, u64, String, u64)> {
        let text = |fact: &plimsoll_model::Fact, name: &str| fact.body[name].as_str().unwrap().to_owned();
        let count = |fact: &plimsoll_model::Fact, name: &str| fact.body[name].as_u64().unwrap();
        evidence
            .facts_of(PAST_SECRET.name)
            .map(|fact| (text(fact, "path"), count(fact, "line"), text(fact, "class"), count(fact, "versions")))
            .collect()
    }

    #[test]
    fn what_was_removed_is_found_and_what_is_there_is_not_repeated() {
        let (gone, kept, of_tests, branch) = (token(1), token(2), token(3), token(4));
        let repo = Repo::new()
            .file("src/a.rs", format!("// one\nlet a = \"{gone}\";\n"))
            .file("src/b.rs", format!("let b = \"{kept}\";\n"))
            .file("tests/t.rs", format!("let t = \"{of_tests}\";\n"))
            .commit("first");
        let first = repo.head().unwrap();
        let repo = repo
            .file("src/a.rs", format!("// two\nlet a = \"{gone}\";\n"))
            .file("src/b.rs", format!("// moved\nlet b = \"{kept}\";\n"))
            .commit("second")
            .file("src/a.rs", "let a = 1;\n")
            .file("tests/t.rs", "\n")
            .commit("third");
        let third = repo.head().unwrap();
        // A branch that the commit does not reach.
        let repo = repo.file("src/c.rs", format!("let c = \"{branch}\";\n")).commit("other").tag("elsewhere");
        repo.move_to(&third);
        let evidence = collect(&repo, true);
        assert_eq!(
            facts(&evidence),
            [
                ("src/a.rs".to_owned(), 2, "shipped".to_owned(), 2),
                ("src/c.rs".to_owned(), 1, "shipped".to_owned(), 1),
                ("tests/t.rs".to_owned(), 1, "test".to_owned(), 1),
            ]
        );
        let fact = evidence.facts_of(PAST_SECRET.name).next().unwrap();
        assert_eq!(fact.body["commit"].as_str(), Some(first.as_str()));
        assert_eq!(fact.pointers.len(), 2);
        assert_eq!(evidence.kinds[PAST_SECRET.name].status, KindStatus::Searched);
        assert_eq!(evidence.kinds[PAST_SECRET.name].searched_count, 8);
        let input = &evidence.inputs[InputId::References.name()];
        assert_eq!((input.count, input.digest["sha256"].len()), (Some(2), 64));
        let written = serde_json::to_string(&evidence).unwrap();
        for value in [gone, kept, of_tests, branch] {
            assert!(!written.contains(&value[10..]), "{value} is in the evidence");
        }
    }

    #[test]
    fn a_history_that_was_not_scanned_is_no_answer() {
        let repo = Repo::new().file("src/a.rs", token(1)).commit("first").file("src/a.rs", "1").commit("second");
        let evidence = collect(&repo, false);
        let report = &evidence.kinds[PAST_SECRET.name];
        assert_eq!(report.status, KindStatus::Unavailable);
        assert_eq!(report.reason.as_deref(), Some("the history was not scanned (--history)"));
        assert!(!evidence.inputs.contains_key(InputId::References.name()));
    }

    #[test]
    fn what_of_the_history_is_not_here_is_a_gap() {
        let repo = Repo::new().file("src/a.rs", token(1)).file("src/b.rs", "1").commit("first");
        let (first, blob) = (repo.head().unwrap(), repo.blob("src/a.rs"));
        let repo = repo.file("src/a.rs", "2").commit("second");
        repo.lose(&blob);
        let evidence = collect(&repo, true);
        let report = &evidence.kinds[PAST_SECRET.name];
        assert_eq!((report.status, report.searched_count), (KindStatus::Partial, 2));
        let reason = report.reason.clone().unwrap();
        assert!(reason.starts_with("1 file version was not read: the blob is missing"), "{reason}");
        repo.lose(&first);
        let reason = collect(&repo, true).kinds[PAST_SECRET.name].reason.clone().unwrap();
        assert_eq!(reason, "1 commit of the history is not here");
    }

    #[test]
    fn the_number_of_threads_changes_nothing() {
        let mut repo = Repo::new();
        for number in 0..300_u64 {
            repo = repo.file(&format!("src/{}.rs", number % 7), format!("let a = \"{}\";\n", token(number / 2 + 1)));
            if number % 3 == 0 {
                repo = repo.commit(&format!("change {number}"));
            }
        }
        let repo = repo.commit("last");
        let path = repo.path();
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            serde_json::to_string(&pool.install(|| collect_at(path, true))).unwrap()
        };
        let one = with(1);
        assert!(one.matches("\"past-secret\"").count() > 100);
        assert!(one == with(4) && one == with(4));
    }
}
