//! Commits of a real history, signed by gitsign without a log entry in the signature.

use std::process::Command;

use super::*;

/// The commits of sigstore-conformance that are signed by certificates; `None` where the data is not there.
fn commits() -> Option<Vec<Vec<u8>>> {
    let folder = plimsoll_testkit::unpack("git-history/sigstore-conformance.git.tar.zst")?;
    let table = plimsoll_testkit::corpus()?.join("git-history/sigstore-conformance.expected.tsv");
    let table = String::from_utf8(read(&table)).unwrap();
    let ids = table.lines().filter(|line| line.contains("\tx509\t")).map(|line| line.split('\t').next().unwrap());
    let repository = folder.join("sigstore-conformance.git");
    let raw = |id| {
        let output =
            Command::new("git").arg("--git-dir").arg(&repository).args(["cat-file", "commit", id]).output().unwrap();
        assert!(output.status.success(), "{id}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    Some(ids.map(raw).collect())
}

#[test]
fn they_lead_to_fulcio_and_prove_no_time() {
    let Some(commits) = commits() else { return };
    assert_eq!(commits.len(), 4);
    let (trust, nobody) = (public_good(), X509Trust::new());
    for commit in commits {
        let (signature, payload) = split(&commit);
        let checked = check(&signature, &payload, &trust);
        assert_eq!(checked.scheme, SignatureScheme::Gitsign);
        let Proof::X509 { signer, issuer, from, until, proven, .. } = checked.proof else { panic!("{checked:?}") };
        assert_eq!(signer, "cody.soyland@chainguard.dev");
        assert_eq!(issuer, "https://accounts.google.com");
        assert_eq!((until - from, proven), (600, None));
        let text = String::from_utf8_lossy(&payload).into_owned();
        let committer = text.lines().find(|line| line.starts_with("committer ")).unwrap();
        let made: i64 = committer.split(' ').rev().nth(1).unwrap().parse().unwrap();
        // git writes the date, then asks gitsign to sign, and only then the certificate is made.
        assert!((from - 60..=until).contains(&made), "{from} {until} {committer}");

        let proof = check(&signature, &payload, &nobody).proof;
        assert_eq!(reason(&proof), "the policy has no Sigstore trusted root");
        // A root of another kind does not vouch for Fulcio's certificates.
        assert_eq!(word(&check(&signature, &payload, &example_roots()).proof), "unanchored");
    }
}

#[test]
fn a_flipped_byte_of_the_payload_or_the_message_is_seen() {
    let Some(commits) = commits() else { return };
    let trust = public_good();
    let (signature, payload) = split(&commits[0]);
    flipped(&payload, |place, changed| {
        assert_eq!(word(&check(&signature, changed, &trust).proof), "bad", "byte {place}");
    });
    let message = bare(&signature);
    let mut unseen = std::collections::BTreeSet::new();
    flipped(&message, |place, changed| {
        if let Proof::X509 { .. } = check(&armored(changed), &payload, &trust).proof {
            unseen.insert(place);
        }
    });
    // The one byte is the version of SignedData, which nothing covers: 1 and 3 both exist.
    let version = message.windows(5).position(|bytes| bytes == [2, 1, 1, 0x31, 0x0d]).unwrap() + 2;
    assert_eq!(unseen.into_iter().collect::<Vec<_>>(), [version]);
}

#[test]
fn signatures_of_other_commits_are_not_theirs() {
    let Some(commits) = commits() else { return };
    let trust = public_good();
    let parts: Vec<_> = commits.iter().map(|commit| split(commit)).collect();
    for (one, (signature, _)) in parts.iter().enumerate() {
        for (other, (_, payload)) in parts.iter().enumerate() {
            let expected = if one == other { "x509" } else { "bad" };
            assert_eq!(word(&check(signature, payload, &trust).proof), expected);
        }
    }
}
