//! Walks that go on from what was kept of an earlier one.

use super::*;

/// Counts the signed commits that a walk shows.
#[derive(Default)]
struct Counted(std::sync::atomic::AtomicUsize);

impl Watch for Counted {
    fn take(&self, commits: Vec<SignedCommit>) {
        self.0.fetch_add(commits.len(), std::sync::atomic::Ordering::Relaxed);
    }
}

#[test]
fn what_is_kept_is_not_read_again_and_changes_nothing() {
    let signed = |parents: Option<Vec<String>>| Written {
        parents,
        message: "change\n\nReviewed-by: R <r@x.org>\n",
        author: "L <l@x>",
        signature: "-----BEGIN SSH SIGNATURE-----\nx",
        ..Written::default()
    };
    let mut repo = Repo::new().file("a", "1").commit("one");
    let first = repo.head().unwrap();
    let left = repo.commit_with(&signed(None));
    let before = open(&repo).history().unwrap();
    // What is kept, the commit that is examined, how many commits are read.
    let check = |repo: &Repo, kept: &Commits, read: usize| {
        let snapshot = open(repo);
        let (whole, shown) = (snapshot.history().unwrap(), Counted::default());
        let found = snapshot.watched_history(Scope::Commit, Some(&shown), Some((kept.clone(), 0))).unwrap();
        assert_eq!((&found.commits, &found.missing, &found.tags), (&whole.commits, &whole.missing, &whole.tags));
        assert_eq!((found.read, found.malformed), (read, whole.malformed));
        assert_eq!(found.kept.is_none(), found.commits == *kept && read == 0);
        shown.0.into_inner()
    };
    assert_eq!(check(&repo, &before.commits, 0), 0);
    assert_eq!(check(&repo, &Commits::default(), 2), 1);
    // A merge of something on the side is new.
    let right = repo.commit_with(&signed(Some(vec![first.clone()])));
    repo.commit_with(&Written { parents: Some(vec![left.clone(), right.clone()]), ..Written::default() });
    assert_eq!(check(&repo, &before.commits, 2), 1);
    let all = open(&repo).history().unwrap().commits;
    assert_eq!(check(&repo, &all, 0), 0);
    // An older commit, another line, the first commit.
    for (head, shown) in [(&left, 0), (&right, 0), (&first, 0)] {
        repo.move_to(head);
        assert_eq!(check(&repo, &all, 0), shown);
    }
    repo.move_to(&right);
    assert_eq!(check(&repo, &before.commits, 1), 1);
    // What is kept and is not here any more counts for nothing.
    repo.move_to(&left);
    repo.lose(&first);
    assert_eq!(check(&repo, &all, 1), 1);
    // So does what is none of a repository's.
    let odd = Commits { width: usize::MAX, ids: vec![1], by_id: vec![7, 7], authors: vec![9], ..Commits::default() };
    assert_eq!(check(&repo, &odd, 1), 1);
    let shown = odd.iter().map(|commit| commit.id() + &commit.author().name + commit.subject());
    assert_eq!(shown.collect::<Vec<_>>(), ["", ""]);
}

#[test]
fn a_shallow_clone_reads_nothing_of_what_is_kept() {
    let repo = Repo::new().file("a", "1").commit("one").file("a", "2").commit("two");
    let kept = open(&repo).history().unwrap().commits;
    std::fs::write(repo.git_dir().join("shallow"), format!("{}\n", repo.head().unwrap())).unwrap();
    let found = open(&repo).watched_history(Scope::Commit, None, Some((kept, 0))).unwrap();
    assert_eq!((found.commits.len(), found.read, found.shallow), (1, 1, true));
}

#[test]
fn bytes_of_what_is_kept_count() {
    let repo = Repo::new().file("a", "1").commit("one").file("a", "2").commit("two");
    let before = open(&repo).history().unwrap();
    let walk = |kept| open(&repo).watched_history(Scope::Commit, None, Some(kept)).unwrap();
    let (within, beyond) = (walk((before.commits.clone(), 7)), walk((before.commits.clone(), u64::MAX)));
    assert_eq!((within.read, within.spent), (0, 7));
    // Where it would be too much with what is kept, all is read, and only what is reached counts.
    assert_eq!((beyond.read, beyond.spent, &beyond.commits), (2, 0, &before.commits));
}
