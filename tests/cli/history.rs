//! Who stands behind a change: signatures as they are said, and traces of a second person.

use plimsoll_testkit::{Commit, Repo, SIGNATURE};
use serde_json::Value;

use crate::common::{evidence_json, facts};

const MAKER: &str = "Maker <maker@example.org>";
const HELPER: &str = "Helper <helper@example.org>";
const BOT: &str = "merger[bot] <1+merger[bot]@users.noreply.github.com>";

fn seconds(evidence: &Value, id: &str) -> bool {
    let fact = facts(evidence, "commit").into_iter().find(|fact| fact["subject"]["id"] == id).unwrap();
    fact["body"]["secondPerson"].as_bool().unwrap()
}

/// A branch of one commit by `author`, merged by `merger`; gives the repository, the commit and the merge.
fn merged(author: &str, merger: &str) -> (Repo, String, String) {
    let mut repo = Repo::new().file("a", "a");
    let first = repo.commit_with(&Commit { message: "first", author: MAKER, ..Commit::default() });
    let change = repo.commit_with(&Commit { message: "change", author, ..Commit::default() });
    let parents = Some(vec![first, change.clone()]);
    let merge = repo.commit_with(&Commit { message: "Merge branch 'x'", author: merger, parents, ..Commit::default() });
    (repo, change, merge)
}

#[test]
fn somebody_else_who_merges_is_a_second_person() {
    for (author, merger, second) in [
        (HELPER, MAKER, true),
        (MAKER, MAKER, false),
        (MAKER, BOT, false),
        ("Other Name <MAKER@example.org>", MAKER, false),
        ("Maker <12+maker@users.noreply.github.com>", MAKER, false),
        ("Other Name <12+maker@users.noreply.github.com>", MAKER, false),
        ("Maker <elsewhere@example.com>", MAKER, false),
    ] {
        let (repo, change, merge) = merged(author, merger);
        let evidence = evidence_json(repo.path());
        assert_eq!(seconds(&evidence, &change), second, "{author} merged by {merger}");
        assert_eq!(seconds(&evidence, &merge), second, "the merge by {merger} of {author}");
    }
}

#[test]
fn trailers_count_only_for_others() {
    for (trailer, second) in [
        ("Reviewed-by: Helper <helper@acme.dev>", true),
        ("Reviewed-by: Helper <helper@example.org>", false),
        ("Reviewed-by: Maker <maker@example.org>", false),
        ("Reviewed-by: merger[bot] <1+merger[bot]@users.noreply.github.com>", false),
        ("Co-authored-by: Helper <helper@example.org>", false),
        ("Signed-off-by: Helper <helper@example.org>", false),
        ("Signed-off-by: Maker <12+maker@users.noreply.github.com>", false),
        ("Reviewed-by: Maker <elsewhere@example.com>", false),
        ("Reviewed-by: The Maker <12+maker@users.noreply.github.com>", false),
        ("Reviewed-by: GitHub <noreply@github.com>", false),
        ("Reviewed-by: @maker", false),
        ("Reviewed-by: none", false),
        ("Reviewed-by: TBD", false),
        ("Reviewed-by: #12", false),
        ("Tested-by: https://ci.example.org/1", false),
        ("Reviewed-by: Nobody <nobody@example.org>", false),
        ("Reviewed-by: @helper", false),
        ("Reviewed-by: Helper", false),
        ("Reviewed-by: LGTM", false),
        ("Reviewed-by: Everyone <all@example.org>", false),
        ("Reviewed-by: Maker (work) <mk@example.com>", false),
    ] {
        let mut repo = Repo::new().file("a", "a");
        let message = format!("change\n\n{trailer}\n");
        let id = repo.commit_with(&Commit { message: &message, author: MAKER, ..Commit::default() });
        assert_eq!(seconds(&evidence_json(repo.path()), &id), second, "{trailer}");
    }
}

#[test]
fn one_person_who_commits_under_two_addresses_is_not_two() {
    for (committer, second) in [
        (HELPER, true),
        ("Maker <maker@home.example.com>", false),
        ("maker <m@home.example.com>", false),
        ("Maker <12+login@users.noreply.github.com>", false),
        ("M. <12+maker@users.noreply.github.com>", false),
        ("GitHub <noreply@github.com>", false),
        (BOT, false),
        ("root <root@server>", false),
        (" <>", false),
    ] {
        let mut repo = Repo::new().file("a", "a");
        let id = repo.commit_with(&Commit { message: "change", author: MAKER, committer, ..Commit::default() });
        assert_eq!(seconds(&evidence_json(repo.path()), &id), second, "{committer}");
    }
}

#[test]
fn a_reviewer_who_is_the_author_by_way_of_the_committer_is_none() {
    let mut repo = Repo::new().file("a", "a");
    let id = repo.commit_with(&Commit {
        message: "change\n\nReviewed-by: Em <mk@home.example.com>\n",
        author: MAKER,
        committer: "Maker <mk@home.example.com>",
        ..Commit::default()
    });
    assert!(!seconds(&evidence_json(repo.path()), &id));
}

#[test]
fn a_release_on_the_commit_itself_leaves_its_changes_to_be_judged() {
    let signature = SIGNATURE;
    let mut repo = Repo::new().file("a", "a").commit("first").tag("v1.0.0");
    repo.commit_with(&Commit { message: "two", author: MAKER, ..Commit::default() });
    repo.commit_with(&Commit { message: "three", author: MAKER, signature, ..Commit::default() });
    let sums = |repo: &Repo| {
        let evidence = evidence_json(repo.path());
        let body = facts(&evidence, "history")[0]["body"].clone();
        ["sinceRelease", "signedSinceRelease", "answeredSinceRelease", "releases"]
            .map(|member| body[member].as_u64().unwrap())
    };
    assert_eq!(sums(&repo), [2, 1, 1, 1]);
    let repo = repo.tag("v1.1.0-rc.1").tag("v1.1.0");
    assert_eq!(sums(&repo), [2, 1, 1, 2]);
}

#[test]
fn what_only_begins_like_a_signature_is_none() {
    let begin = "-----BEGIN PGP SIGNATURE-----";
    let cut = SIGNATURE.lines().take(4).collect::<Vec<_>>().join("\n");
    for (name, signature, signed, bad) in [
        ("one", SIGNATURE.to_owned(), 1, 0),
        ("none", String::new(), 0, 0),
        ("another header", "hello".to_owned(), 0, 0),
        ("a line", begin.to_owned(), 0, 1),
        ("an empty block", format!("{begin}\n\n-----END PGP SIGNATURE-----\n"), 0, 1),
        ("cut off", cut, 0, 1),
        ("two", format!("{SIGNATURE}{SIGNATURE}"), 0, 1),
        ("SSH", "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----".to_owned(), 0, 1),
        ("CMS", "-----BEGIN SIGNED MESSAGE-----\nMIIB\n-----END SIGNED MESSAGE-----".to_owned(), 0, 1),
    ] {
        let mut repo = Repo::new().file("a", "a");
        repo.commit_with(&Commit { message: "change", author: MAKER, signature: &signature, ..Commit::default() });
        let repo = repo.annotated_tag("v1.0.0", &format!("v1\n{signature}"));
        let evidence = evidence_json(repo.path());
        let history = &facts(&evidence, "history")[0]["body"];
        assert_eq!(history["signed"], signed, "{name}");
        assert_eq!(history["answeredSinceRelease"], signed, "{name}");
        for totals in facts(&evidence, "signature-totals") {
            assert_eq!((&totals["body"]["signed"], &totals["body"]["bad"]), (&signed.into(), &bad.into()), "{name}");
        }
        let scheme = facts(&evidence, "tag")[0]["body"]["signature"].clone();
        // Of a tag the last armor is the signature, and what stands before it is signed.
        let signed = signed == 1 || name == "two";
        assert_eq!(scheme == "openpgp" || scheme == "ssh" || scheme == "x509", signed, "{name}: {scheme}");
    }
}

/// Tags of other packages, of tests and of nightly builds end nothing.
#[test]
fn the_range_is_the_products() {
    let manifest = "[package]\nname = \"app\"\nversion = \"1.0.0\"\n[workspace]\nmembers = [\"helper\"]\n";
    let mut repo = Repo::new()
        .file("Cargo.toml", manifest)
        .file("helper/Cargo.toml", "[package]\nname = \"helper\"\nversion = \"0.1.1\"\n")
        .commit("first")
        .tag("v1.0.0");
    for message in ["two", "three", "four"] {
        repo.commit_with(&Commit { message, author: MAKER, ..Commit::default() });
    }
    let mut repo = repo.tag("helper-0.1.1").tag("test-9.0.0").tag("nightly-2.0.0");
    repo.commit_with(&Commit { message: "five", author: MAKER, ..Commit::default() });
    let evidence = evidence_json(repo.path());
    let history = &facts(&evidence, "history")[0]["body"];
    assert_eq!((&history["sinceRelease"], &history["releaseBefore"]), (&4.into(), &"v1.0.0".into()));
    assert_eq!(history["newestRelease"], "v1.0.0");
    let newest: Vec<Value> = facts(&evidence, "tag")
        .into_iter()
        .filter(|tag| tag["body"]["newest"] == true)
        .map(|tag| tag["body"]["name"].clone())
        .collect();
    assert_eq!(newest, ["v1.0.0"]);
}
