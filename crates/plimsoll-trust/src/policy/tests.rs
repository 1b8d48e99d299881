//! Policies as they are written, and what they make of signatures.

use std::{fs, path::Path};

use pgp::{
    composed::{ArmorOptions, DetachedSignature, KeyType, SecretKeyParamsBuilder, SignedSecretKey},
    crypto::hash::HashAlgorithm,
    types::{KeyDetails as _, KeyVersion, Password},
};
use proptest::prelude::*;
use rand::{SeedableRng as _, rngs::StdRng};

use super::*;
use crate::{SignedBy, Stated, Verdict};

const PAYLOAD: &[u8] = b"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\nmessage\n";

fn key(seed: u64, user: &str) -> SignedSecretKey {
    let mut builder = SecretKeyParamsBuilder::default();
    builder.version(KeyVersion::V4).key_type(KeyType::Ed25519Legacy).can_certify(true).can_sign(true);
    builder.primary_user_id(user.into()).build().unwrap().generate(StdRng::seed_from_u64(seed)).unwrap()
}

fn signature(key: &SignedSecretKey) -> String {
    let rng = StdRng::seed_from_u64(9);
    let signed =
        DetachedSignature::sign_binary_data(rng, &key.primary_key, &Password::empty(), HashAlgorithm::Sha256, PAYLOAD);
    signed.unwrap().to_armored_string(ArmorOptions::default()).unwrap()
}

/// A folder with the public keys of `keys` as `0.asc`, `1.asc`, and a policy.
fn policy(folder: &Path, keys: &[&SignedSecretKey], text: &str) -> Result<TrustPolicy, crate::TrustError> {
    for (number, key) in keys.iter().enumerate() {
        let public = key.to_public_key().to_armored_string(ArmorOptions::default()).unwrap();
        fs::write(folder.join(format!("{number}.asc")), public).unwrap();
    }
    let path = folder.join("trust.toml");
    fs::write(&path, format!("schema = 1\n{text}")).unwrap();
    TrustPolicy::load(&path)
}

fn judged(policy: &TrustPolicy, signature: &str, author: &str, time: i64) -> (Verdict, SignedBy) {
    let checked = policy.check(signature.as_bytes(), PAYLOAD);
    let judgement = policy.judge(&checked, Stated { time, author, committer: "" }, time);
    (judgement.at_commit, judgement.by)
}

#[test]
fn a_key_counts_in_each_of_its_windows_and_under_each_of_its_addresses() {
    let own = key(1, "Ada <ada@example.org>");
    let signature = signature(&own);
    let made = i64::from(own.primary_key.created_at().as_secs()) + 10;
    let windows = "[[openpgp]]\nkeys = [\"0.asc\"]\nvalid-before = 2000-01-01\n";
    let (good, other, author) = (Verdict::Good, SignedBy::Other, SignedBy::Author);
    for (text, address, expected) in [
        ("[[openpgp]]\nkeys = [\"0.asc\"]\n".to_owned(), "ada@example.org", (good, author)),
        ("[[openpgp]]\nkeys = [\"0.asc\"]\n".to_owned(), "1+ada@users.noreply.github.com", (good, other)),
        (
            "[[openpgp]]\nkeys = [\"0.asc\"]\naddresses = [\"*+ada@users.noreply.github.com\"]\n".to_owned(),
            "1+ada@users.noreply.github.com",
            (good, author),
        ),
        ("[[openpgp]]\nkeys = [\"0.asc\"]\naddresses = [\"*\"]\n".to_owned(), "bob@example.org", (good, other)),
        (
            "[[openpgp]]\nkeys = [\"0.asc\"]\naddresses = [\"*@example.com\", \"!bob@example.com\"]\n".to_owned(),
            "bob@example.com",
            (good, other),
        ),
        (windows.to_owned(), "ada@example.org", (Verdict::Untrusted, author)),
        (
            format!("{windows}[[openpgp]]\nkeys = [\"0.asc\"]\nvalid-after = 2001-01-01\n"),
            "ada@example.org",
            (good, author),
        ),
        (
            format!("[[openpgp]]\nkeys = [\"0.asc\"]\nvalid-after = 2001-01-01\n{windows}"),
            "ada@example.org",
            (good, author),
        ),
        (
            "[[openpgp]]\nkeys = [\"0.asc\"]\nrole = \"forge\"\n[[openpgp]]\nkeys = [\"0.asc\"]\n".to_owned(),
            "ada@example.org",
            (good, SignedBy::Forge),
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let policy = policy(folder.path(), &[&own], &text).unwrap();
        assert_eq!(judged(&policy, &signature, address, made), expected, "{text} {address}");
    }
}

#[test]
fn forges_are_whom_the_policy_or_the_table_names() {
    let forge = key(1, "Our Forge <git@forge.example>");
    let folder = tempfile::tempdir().unwrap();
    let text = "[[openpgp]]\nkeys = [\"0.asc\"]\nrole = \"forge\"\naddresses = [\"*@bots.forge.example\"]\n";
    let policy = policy(folder.path(), &[&forge], text).unwrap();
    let (by_policy, known) = (policy.forge_names(), TrustPolicy::new().forge_names());
    for (name, address, expected, is_known) in [
        ("GitHub", "noreply@github.com", true, true),
        ("x", "NoReply@GitHub.com", true, true),
        ("x", "git@forge.example", true, false),
        ("x", "merge@bots.forge.example", true, false),
        ("our forge", "x@y.org", true, false),
        ("Ada", "ada@forge.example", false, false),
    ] {
        assert_eq!(by_policy.has(name, address), expected, "{name} {address}");
        assert_eq!(known.has(name, address), is_known, "{name} {address}");
    }
    assert!(policy.names_signers_of_commits() && !policy.names_signers_of_tags());
    let files = tempfile::tempdir().unwrap();
    fs::write(files.path().join("key.pub"), "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n").unwrap();
    let mut of_files = TrustPolicy::new();
    of_files.add_public_keys(&files.path().join("key.pub"), None).unwrap();
    assert!(!of_files.is_empty() && !of_files.names_signers_of_commits() && !of_files.names_signers_of_tags());
}

#[test]
fn a_policy_that_cannot_be_read_says_where() {
    let own = key(1, "Ada <ada@example.org>");
    for (text, says) in [
        ("[[keys]]\nfiles = []\n", "line 2: unknown field"),
        ("\n[[key]]\nfiles = \"a\"\n", "line 4: invalid type"),
        ("[[openpgp]]\nkeys = [\"none.asc\"]\n", "none.asc"),
        ("[[openpgp]]\nkeys = [\"0.asc\"]\nconfirm = false\n", "line 4: unknown field"),
        ("[[openpgp]]\nkeys = [\"0.asc\"]\nconfirmed = \"no\"\n", "line 4: invalid type"),
        ("[[openpgp]]\nkeys = [\"0.asc\"]\nconfirmed = false\n", "1 entry is not confirmed: [[openpgp]] in line 4"),
        ("[[x509]]\nroots = []\nconfirmed = false\n", "[[x509]] in line 4"),
        ("[[openpgp]]\nkeys = [\"0.asc\"]\n[[openpgp]]\nkeys = [\"0.asc\"]\n", "number 2 says the same as number 1"),
        ("[[openpgp]]\nkeys = [\"0.asc\"]\nfingerprints = [\"B5690EEEBB952194\"]\n", "not a full fingerprint"),
        (
            "[[openpgp]]\nkeys = [\"0.asc\"]\nfingerprints = [\"968479A1AFF927E37D1A566BB5690EEEBB952194\"]\n",
            "none of its files holds a key with the fingerprint 968479A1",
        ),
        ("forge = [\"gitlab\"]\n", "no keys of the forge \"gitlab\" are built in (there are: github)"),
        ("forge = [\"github\", \"github\"]\n", "named twice"),
        ("[history]\nfrom = \"main\"\n", "not the full id of a commit"),
        ("[history]\nfrom = \"abc123\"\n", "not the full id of a commit"),
        ("[[openpgp]]\nkeys = [\"rev/\"]\n", "colon"),
        (
            "[[openpgp]]\nkeys = [\"0.asc\", \"key.pub\"]\n",
            "key.pub: no OpenPGP certificate in it: it is an SSH public key",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("rev")).unwrap();
        fs::write(folder.path().join("key.pub"), "ssh-ed25519 AAAA me\n").unwrap();
        let off = ":-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----\n";
        fs::write(folder.path().join("rev/1.rev"), off).unwrap();
        let public = own.to_public_key().to_armored_string(ArmorOptions::default()).unwrap();
        fs::write(folder.path().join("rev/2.asc"), public).unwrap();
        let refused = policy(folder.path(), &[&own], text).unwrap_err().to_string();
        assert!(refused.contains(says), "{text}: {refused}");
    }
}

/// What a folder of keys holds and is passed over could revoke a key.
#[test]
fn no_key_or_revocation_of_a_folder_is_passed_over() {
    let own = key(1, "Ada <ada@example.org>").to_public_key();
    let armored = own.to_armored_string(ArmorOptions::default()).unwrap();
    let binary = pgp::ser::Serialize::to_bytes(&own).unwrap();
    let cut = &binary[..binary.len() - 5];
    for (name, bytes, says) in [
        ("a.ASC", armored.as_bytes(), None),
        ("a.Gpg", &binary, None),
        ("README.md", b"Keys of the project. -----BEGIN PGP PUBLIC KEY BLOCK-----", None),
        ("a.txt", armored.as_bytes(), Some("a.txt: it begins as an OpenPGP key")),
        ("a", armored.as_bytes(), Some("it begins as an OpenPGP key")),
        ("a.asc.bak", b"\n:-----BEGIN PGP PUBLIC KEY BLOCK-----\n", Some("it begins as an OpenPGP key")),
        ("a.crt", b"This is a revocation certificate for the key", Some("it begins as an OpenPGP key")),
        ("a.asc", &armored.as_bytes()[..armored.len() / 2], Some("does not end")),
        ("a.REV", b"\x88\x60\x04", Some("a.REV: no OpenPGP certificate")),
        ("a.gpg", cut, None),
    ] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("1.asc"), &armored).unwrap();
        fs::write(folder.path().join(name), bytes).unwrap();
        let read = TrustPolicy::new().trust_keyring(folder.path()).map_err(|error| error.to_string());
        match says {
            None => assert_eq!(read, Ok(()), "{name}"),
            Some(says) => assert!(read.as_ref().is_err_and(|error| error.contains(says)), "{name}: {read:?}"),
        }
        // A file that is given by itself is whole or refused.
        fs::write(folder.path().join("cut"), cut).unwrap();
        let refused = TrustPolicy::new().trust_keyring(&folder.path().join("cut")).unwrap_err().to_string();
        assert!(refused.contains("cut off"), "{refused}");
    }
}

#[test]
fn one_key_is_one_builder_and_counts_in_its_windows() {
    const PEM: &str = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";
    let builder = |name: &str| {
        format!(
            "[[builder]]\nname = \"{name}\"\nid = \"https://{name}.example\"\nkeys = [\"b.pub\"]\nbuild-level = 2\nreason = \"x\"\n"
        )
    };
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("b.pub"), PEM).unwrap();
    assert!(policy(folder.path(), &[], &builder("one")).is_ok());
    let refused = policy(folder.path(), &[], &format!("{}{}", builder("one"), builder("two"))).unwrap_err().to_string();
    assert!(refused.contains("two builders"), "{refused}");
}

/// How good a verdict is: nothing that is added to a policy makes one worse.
fn class(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Good => 2,
        Verdict::Untrusted | Verdict::UnknownKey => 0,
        _ => 1,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn more_keys_and_entries_never_make_a_verdict_worse(entries in prop::collection::vec((0..3_usize, 0..4_usize), 1..6)) {
        let keys = [key(1, "Ada <ada@example.org>"), key(2, "Bob <bob@example.org>"), key(3, "Eve <eve@example.org>")];
        let folder = tempfile::tempdir().unwrap();
        let windows = ["", "valid-before = 2000-01-01\n", "valid-after = 2000-01-01\n", "addresses = [\"*@example.com\"]\n"];
        let mut text = String::new();
        let mut before = [(0, false); 3];
        let distinct: std::collections::BTreeSet<_> = entries.into_iter().collect();
        for (key, window) in distinct {
            text.push_str(&format!("[[openpgp]]\nkeys = [\"{key}.asc\"]\n{}", windows[window]));
            let all: Vec<&SignedSecretKey> = keys.iter().collect();
            let policy = policy(folder.path(), &all, &text).unwrap();
            for (one, before) in keys.iter().zip(&mut before) {
                let made = i64::from(one.primary_key.created_at().as_secs()) + 10;
                let (verdict, by) = judged(&policy, &signature(one), "me@example.com", made);
                let now = (class(verdict), by == SignedBy::Author);
                prop_assert!(now.0 >= before.0 && now.1 >= before.1, "{}: {:?} after {:?}", text, now, before);
                *before = now;
            }
        }
    }
}

fn fingerprint(key: &SignedSecretKey) -> String {
    plimsoll_model::hex(key.primary_key.fingerprint().as_bytes()).to_ascii_uppercase()
}

#[test]
fn of_a_file_that_anyone_may_have_written_the_pinned_key_alone_counts() {
    let (own, strange) = (key(1, "Ada <ada@example.org>"), key(2, "Ada <ada@example.org>"));
    let made = i64::from(own.primary_key.created_at().as_secs()) + 10;
    let pinned = format!("fingerprints = [\"{}\"]\n", fingerprint(&own).to_lowercase());
    for (text, expected) in [
        (format!("[[openpgp]]\nkeys = [\"0.asc\", \"1.asc\"]\n{pinned}"), [Verdict::Good, Verdict::UnknownKey]),
        ("[[openpgp]]\nkeys = [\"0.asc\", \"1.asc\"]\n".to_owned(), [Verdict::Good, Verdict::Good]),
        // What one entry pins does not bind another.
        (
            format!("[[openpgp]]\nkeys = [\"0.asc\", \"1.asc\"]\n{pinned}[[openpgp]]\nkeys = [\"1.asc\"]\n"),
            [Verdict::Good, Verdict::Good],
        ),
        (
            format!("[[openpgp]]\nkeys = [\"1.asc\"]\n[[openpgp]]\nkeys = [\"0.asc\", \"1.asc\"]\n{pinned}"),
            [Verdict::Good, Verdict::Good],
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let policy = policy(folder.path(), &[&own, &strange], &text).unwrap();
        let found = [&own, &strange].map(|key| judged(&policy, &signature(key), "ada@example.org", made).0);
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn a_forge_that_is_only_reported_is_known_and_trusted_for_nothing() {
    let forge = key(1, "Our Forge <git@forge.example>");
    let made = i64::from(forge.primary_key.created_at().as_secs()) + 10;
    let armored = forge.to_public_key().to_armored_string(ArmorOptions::default()).unwrap();
    let judged = |policy: &TrustPolicy| {
        let checked = policy.check(signature(&forge).as_bytes(), PAYLOAD);
        let stated = Stated { time: made, author: "ada@example.org", committer: "git@forge.example" };
        let judgement = policy.judge(&checked, stated, made);
        (judgement.at_commit, judgement.by, judgement.reported, policy.rests_on_reported(&checked))
    };
    let mut policy = TrustPolicy::new();
    let (empty, digest) = (policy.digest_of_keys(), policy.digest());
    policy.report(armored.as_bytes()).unwrap();
    assert_eq!(judged(&policy), (Verdict::Good, SignedBy::Forge, true, true));
    assert!(policy.is_empty() && !policy.names_signers_of_commits() && !policy.names_signers_of_tags());
    assert!(policy.digest() == digest && policy.digest_of_keys() != empty && policy.file_count() == 0);
    assert!(!policy.forge_names().has("Our Forge", "git@forge.example"));
    // What the policy says of a key goes before what is built in.
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("f.asc"), &armored).unwrap();
    policy.trust_keyring(&folder.path().join("f.asc")).unwrap();
    assert_eq!(judged(&policy), (Verdict::Good, SignedBy::Committer, false, false));
    let mut policy = TrustPolicy::new();
    policy.report(armored.as_bytes()).unwrap();
    policy.leave_out_forges();
    assert_eq!(judged(&policy), (Verdict::UnknownKey, SignedBy::Unknown, false, false));
    assert_eq!(policy.digest_of_keys(), empty);
}

#[test]
fn the_keys_of_github_are_those_of_its_fingerprints_and_end_when_they_end() {
    const OLD: &str = "5DE3E0509C47EA3CF04A42D34AEE18F83AFDEB23";
    const NEW: &str = "968479A1AFF927E37D1A566BB5690EEEBB952194";
    let folder = tempfile::tempdir().unwrap();
    let named = policy(folder.path(), &[], "forge = [\"github\"]\n").unwrap();
    let mut reported = TrustPolicy::new();
    reported.report_forges();
    assert!(named.names_signers_of_commits() && !named.names_signers_of_tags());
    let signed = |policy: &TrustPolicy, key: &str, made: i64| {
        let proof = Proof::OpenPgp { key: key.to_owned(), made, expires: None, weak_digest: None, weak: None };
        let checked = Checked { scheme: SignatureScheme::OpenPgp, proof };
        let judgement = policy.judge(&checked, Stated { time: made, ..Stated::default() }, 1_793_491_200);
        (judgement.at_commit, judgement.by, judgement.reported)
    };
    let (in_2020, in_2025) = (1_590_000_000, 1_750_000_000);
    for (policy, only) in [(&named, false), (&reported, true)] {
        assert_eq!(signed(policy, OLD, in_2020), (Verdict::Good, SignedBy::Forge, only));
        assert_eq!(signed(policy, OLD, in_2025).0, Verdict::ExpiredKey);
        assert_eq!(signed(policy, NEW, in_2025), (Verdict::Good, SignedBy::Forge, only));
        assert_eq!(signed(policy, NEW, in_2020).0, Verdict::Untrusted);
        // One that bears the name alone is no one's.
        let forged = key(7, "GitHub <noreply@github.com>");
        let made = i64::from(forged.primary_key.created_at().as_secs()) + 10;
        assert_eq!(judged(policy, &signature(&forged), "a@b.example", made), (Verdict::UnknownKey, SignedBy::Unknown));
    }
}

#[test]
fn a_policy_says_whom_it_trusts_until_when() {
    let own = key(1, "Ada <ada@example.org>");
    let folder = tempfile::tempdir().unwrap();
    let text = "[[party]]\nid = \"p\"\nname = \"Works\"\n[[openpgp]]\nkeys = [\"0.asc\", \"0.asc\"]\nparty = \"p\"\nvalid-before = 2027-01-01\n";
    let policy = policy(folder.path(), &[&own], text).unwrap();
    let described = policy.described();
    let [one] = described.as_slice() else { panic!("{described:?}") };
    assert_eq!((one.fingerprint.as_str(), one.name.as_str()), (&*fingerprint(&own), "Ada <ada@example.org>"));
    assert_eq!((one.party.as_deref(), one.copies, one.forge), (Some("Works"), 2, false));
    assert_eq!(one.end(), Some(1_798_761_600));
}
