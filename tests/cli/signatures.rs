//! Verdicts on repositories that are made with the real programs are those of `git log --format=%G?`, letter for letter.
//!
//! Needs git, gpg and ssh-keygen: without them each test says that it was skipped; with `CI` set that is a failure.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::{common::run, forge::Forge};

/// Every kind of key in every state.
#[test]
fn openpgp_verdicts_are_those_of_gpg() {
    let Some(forge) = Forge::new() else { return };
    let made = "20251231T000000";
    for kind in ["ed25519", "rsa2048", "nistp256"] {
        let good = forge.key(&format!("good-{kind}"), kind, made, "0");
        forge.commit(&format!("{kind} good"), &good, "openpgp", None);
        let ended = forge.key(&format!("ended-{kind}"), kind, made, "10d");
        forge.commit(&format!("{kind} expired key"), &ended, "openpgp", Some("20260101T000000"));
        let revoked = forge.key(&format!("revoked-{kind}"), kind, made, "0");
        forge.commit(&format!("{kind} revoked"), &revoked, "openpgp", None);
        let unknown = forge.key(&format!("unknown-{kind}"), kind, made, "0");
        forge.commit(&format!("{kind} unknown"), &unknown, "openpgp", None);
        // A signature that ends.
        fs::write(forge.path("gnupg/gpg.conf"), "default-sig-expire 1d\n").unwrap();
        forge.commit(&format!("{kind} expired signature"), &good, "openpgp", Some("20260101T000000"));
        fs::write(forge.path("gnupg/gpg.conf"), "").unwrap();
        forge.commit(&format!("{kind} before"), &good, "openpgp", None);
        forge.tamper(&format!("{kind} bad"));
        // What the key ring knows later.
        let certificate = forge.path("gnupg/openpgp-revocs.d").join(format!("{revoked}.rev"));
        let text = fs::read_to_string(&certificate).unwrap().replace(":-----BEGIN", "-----BEGIN");
        fs::write(forge.path("revocation"), text).unwrap();
        forge.gpg(&["--import", &forge.path("revocation").display().to_string()]);
        forge.gpg(&["--delete-secret-and-public-key", &unknown]);
    }
    // A subkey signs, and the primary key only certifies.
    let user = "Sub <sub@example.org>";
    forge.gpg(&["--faked-system-time", made, "--quick-gen-key", user, "ed25519", "cert", "0"]);
    let listed = forge.gpg(&["--with-colons", "--list-keys", "sub@example.org"]);
    let primary = listed.lines().find_map(|line| line.strip_prefix("fpr:")).unwrap().trim_matches(':').to_owned();
    forge.gpg(&["--faked-system-time", made, "--quick-add-key", &primary, "ed25519", "sign", "0"]);
    forge.commit("subkey good", &primary, "openpgp", None);
    forge.git(&["-C", "repo", "commit", "-q", "--allow-empty", "-m", "unsigned"], "");

    let keys = forge.path("keys.asc");
    fs::write(&keys, forge.gpg(&["--armor", "--export"])).unwrap();
    let keys = keys.display().to_string();
    let verdicts = forge.compare(&["--keyring", &keys]);
    for kind in ["ed25519", "rsa2048", "nistp256"] {
        for (state, expected) in [
            ("good", "good"),
            ("expired key", "expired_key"),
            ("revoked", "revoked_key"),
            ("unknown", "unknown_key"),
            ("expired signature", "expired_signature"),
            ("bad", "bad"),
        ] {
            assert_eq!(verdicts[&format!("{kind} {state}")], expected, "{kind} {state}");
        }
    }
    // A binary export says the same.
    let binary = forge.path("keys.gpg");
    let exported = forge.command("gpg").args(["--batch", "--export"]).output().unwrap();
    fs::write(&binary, exported.stdout).unwrap();
    assert_eq!(forge.compare(&["--keyring", &binary.display().to_string()]), verdicts);
}

#[test]
fn ssh_verdicts_are_those_of_ssh_keygen() {
    let Some(forge) = Forge::new() else { return };
    let keygen = |arguments: &[&str]| Forge::run(forge.command("ssh-keygen").args(arguments));
    let mut allowed = String::new();
    let public = |name: &str| fs::read_to_string(forge.path(&format!("{name}.pub"))).unwrap();
    let key_of = |name: &str| public(name).split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    for (kind, bits) in [("ed25519", "256"), ("ecdsa", "256"), ("ecdsa", "384"), ("ecdsa", "521"), ("rsa", "2048")] {
        let name = format!("{kind}{bits}");
        let states = [
            ("good", ""),
            ("star", ""),
            ("unknown", ""),
            ("ended", "valid-before=\"20251231Z\" "),
            ("later", "valid-after=\"20260102Z\" "),
            ("within", "valid-after=\"20251231Z\",valid-before=\"20260102Z\" "),
            ("files", "namespaces=\"file\" "),
            ("both", "namespaces=\"file,git\" "),
            ("bad", ""),
        ];
        for (state, options) in states {
            let file = format!("{name}-{state}");
            keygen(&["-q", "-t", kind, "-b", bits, "-N", "", "-C", "", "-f", &file]);
            let key = forge.path(&file).display().to_string();
            let message = if state == "bad" { "before" } else { state };
            forge.commit(&format!("{name} {message}"), &key, "ssh", None);
            if state == "bad" {
                forge.tamper(&format!("{name} bad"));
            }
            match state {
                "unknown" => {}
                "star" => allowed.push_str(&format!("*@example.org {}\n", key_of(&file))),
                _ => allowed.push_str(&format!("maker@example.org,other@example.org {options}{}\n", key_of(&file))),
            }
        }
    }
    // A certificate of an authority, one that has ended, and one for other names.
    keygen(&["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", "authority"]);
    keygen(&["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", "stranger"]);
    allowed.push_str(&format!("*@example.org cert-authority {}\n", key_of("authority")));
    for (name, authority, principals, validity) in [
        ("certified", "authority", "maker@example.org", "20251231:20300101"),
        ("cert-ended", "authority", "maker@example.org", "20241231:20251231"),
        ("cert-elsewhere", "authority", "maker@example.com", "20251231:20300101"),
        ("cert-stranger", "stranger", "maker@example.org", "20251231:20300101"),
    ] {
        keygen(&["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", name]);
        let public = format!("{name}.pub");
        keygen(&["-q", "-s", authority, "-I", name, "-n", principals, "-V", validity, &public]);
        fs::remove_file(forge.path(&public)).unwrap();
        fs::rename(forge.path(&format!("{name}-cert.pub")), forge.path(&public)).unwrap();
        forge.commit(name, &forge.path(&public).display().to_string(), "ssh", None);
    }
    fs::write(forge.path("allowed"), &allowed).unwrap();
    let signers = forge.path("allowed").display().to_string();
    let verdicts = forge.compare(&["--allowed-signers", &signers]);
    for name in ["ed25519256", "ecdsa256", "ecdsa384", "ecdsa521", "rsa2048"] {
        for (state, expected) in [
            ("good", "good"),
            ("star", "good"),
            ("unknown", "untrusted"),
            ("ended", "expired_key"),
            ("later", "untrusted"),
            ("within", "good"),
            ("files", "bad"),
            ("both", "good"),
            ("bad", "bad"),
        ] {
            assert_eq!(verdicts[&format!("{name} {state}")], expected, "{name} {state}");
        }
    }
    assert_eq!(verdicts["certified"], "good");
    for name in ["cert-ended", "cert-elsewhere", "cert-stranger"] {
        assert_eq!(verdicts[name], "untrusted", "{name}");
    }

    // Keys that are taken back: by a list of keys, and by OpenSSH's own list.
    let policy = forge.path("policy.toml");
    for revoked in ["list", "krl"] {
        match revoked {
            "list" => fs::write(forge.path("list"), format!("{}\n", key_of("rsa2048-good"))).unwrap(),
            _ => {
                keygen(&["-q", "-k", "-f", "krl", "rsa2048-good.pub"]);
            }
        }
        fs::write(
            &policy,
            format!("schema = 1\n[[ssh]]\nallowed-signers = [\"allowed\"]\nrevoked = [\"{revoked}\"]\n"),
        )
        .unwrap();
        let found = forge.verdicts(&["--trust", &policy.display().to_string()]);
        let with = |name: &str| {
            let (id, _) = forge.letters().into_iter().find(|(_, (_, message))| message == name).unwrap();
            found[&id]["verdict"].clone()
        };
        assert_eq!(with("rsa2048 good"), "revoked_key", "{revoked}");
        assert_eq!(with("ed25519256 good"), "good", "{revoked}");
    }
}

/// Each byte of what was signed, and of the signature, is changed in turn.
#[test]
fn no_byte_can_be_changed() {
    let Some(forge) = Forge::new() else { return };
    let key = forge.key("maker", "ed25519", "20251231T000000", "0");
    forge.commit("openpgp", &key, "openpgp", None);
    Forge::run(forge.command("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", "ssh"]));
    let public = fs::read_to_string(forge.path("ssh.pub")).unwrap();
    fs::write(forge.path("allowed"), format!("maker@example.org {public}")).unwrap();
    forge.commit("ssh", &forge.path("ssh").display().to_string(), "ssh", None);
    fs::write(forge.path("keys.asc"), forge.gpg(&["--armor", "--export"])).unwrap();
    let (keys, signers) = (forge.path("keys.asc").display().to_string(), forge.path("allowed").display().to_string());
    let trust = ["--keyring", keys.as_str(), "--allowed-signers", signers.as_str()];
    assert_eq!(forge.compare(&trust).values().collect::<Vec<_>>(), ["good", "good"]);

    for rev in ["HEAD~1", "HEAD"] {
        let raw = Forge::run(forge.command("git").args(["-C", "repo", "cat-file", "commit", rev])).into_bytes();
        let folder = forge.path(&format!("objects-{rev}"));
        fs::create_dir(&folder).unwrap();
        let mut places = BTreeMap::new();
        for at in 0..raw.len() {
            let mut changed = raw.clone();
            changed[at] ^= 1;
            let id = plimsoll_testkit::commit_id(&changed);
            fs::write(folder.join(&id), &changed).unwrap();
            places.insert(id, at);
        }
        let folder = folder.display().to_string();
        let arguments =
            [&["inspect", "signatures", "--objects", &folder, "--format", "jsonl", "--no-cache"], &trust[..]].concat();
        let ran = run(&arguments);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let start = raw.windows(7).position(|window| window == b"gpgsig ").unwrap();
        let length = raw[start..].windows(2).position(|window| window[0] == b'\n' && window[1] != b' ').unwrap();
        let mut seen = 0;
        for line in ran.stdout.lines() {
            let value: Value = serde_json::from_str(line).unwrap();
            seen += 1;
            if value["verdict"] != "good" {
                continue;
            }
            let id = value["commit"].as_str().unwrap();
            let at = places[id];
            assert!((start..start + length).contains(&at), "byte {at} was signed: {line}");
            // In the armor: only where git takes it as well.
            fs::write(forge.path("changed"), fs::read(Path::new(&folder).join(id)).unwrap()).unwrap();
            forge.git(&["-C", "repo", "hash-object", "--literally", "-t", "commit", "-w", "../changed"], "");
            let letter = forge.git(&["-C", "repo", "log", "-1", "--format=%G?", id], "");
            assert_eq!(
                letter.trim(),
                "G",
                "byte {at}: {:?}",
                String::from_utf8_lossy(&raw[at.saturating_sub(20)..=at])
            );
        }
        assert_eq!(seen, places.len());
    }
}

/// What is wrong with a signature is told, as git tells it; where this is stricter than git it never says that it is good.
#[test]
fn broken_signatures_are_told_apart() {
    let Some(forge) = Forge::new() else { return };
    let key = forge.key("maker", "rsa2048", "20251231T000000", "0");
    Forge::run(forge.command("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", "ssh"]));
    let public = fs::read_to_string(forge.path("ssh.pub")).unwrap();
    fs::write(forge.path("allowed"), format!("maker@example.org {public}")).unwrap();
    fs::write(forge.path("keys.asc"), forge.gpg(&["--armor", "--export"])).unwrap();
    forge.git(&["-C", "repo", "commit", "-q", "--allow-empty", "-m", "plain"], "");
    let payload = forge.git(&["-C", "repo", "cat-file", "commit", "HEAD"], "");
    fs::write(forge.path("payload"), &payload).unwrap();
    fs::write(forge.path("other"), payload.replace("plain", "other")).unwrap();
    let pgp = |file: &str, more: &[&str]| {
        let out = forge.path("out.asc").display().to_string();
        let file = forge.path(file).display().to_string();
        forge.gpg(&[&["-u", &key, "--armor", "--detach-sign", "--output", &out][..], more, &[&file]].concat());
        fs::read_to_string(out).unwrap()
    };
    let ssh = |file: &str, namespace: &str| {
        let _ = fs::remove_file(forge.path(&format!("{file}.sig")));
        Forge::run(forge.command("ssh-keygen").args(["-q", "-Y", "sign", "-f", "ssh", "-n", namespace, file]));
        fs::read_to_string(forge.path(&format!("{file}.sig"))).unwrap()
    };
    let cut = |armor: &str| armor.lines().take(4).collect::<Vec<_>>().join("\n") + "\n";
    let long = |armor: &str| armor.replacen('\n', &format!("\nComment: {}\n", "x".repeat(10 << 20)), 1);
    let (pgp_good, ssh_good) = (pgp("payload", &[]), ssh("payload", "git"));
    let swapped = ssh_good.replacen("U1NIU0lH", "U1NIU0lI", 1);
    let cases = [
        ("openpgp good", pgp_good.clone(), "good", true),
        ("openpgp of another commit", pgp("other", &[]), "bad", true),
        ("openpgp cut off", cut(&pgp_good), "bad", false),
        ("openpgp twice", format!("{pgp_good}{pgp_good}"), "bad", true),
        ("openpgp of ten megabytes", long(&pgp_good), "error", false),
        ("openpgp sha1", pgp("payload", &["--digest-algo", "SHA1"]), "good", true),
        ("openpgp md5", pgp("payload", &["--digest-algo", "MD5", "--allow-weak-digest-algos"]), "weak", true),
        ("openpgp text mode", pgp("payload", &["--textmode"]), "good", true),
        (
            "openpgp before its key was made",
            pgp("payload", &["--faked-system-time", "20251230T000000", "--ignore-time-conflict"]),
            "error",
            true,
        ),
        (
            "openpgp with a critical notation",
            pgp("payload", &["--sig-notation", "!strange@example.org=1"]),
            "bad",
            true,
        ),
        ("openpgp empty", "-----BEGIN PGP SIGNATURE-----\n\n-----END PGP SIGNATURE-----\n".to_owned(), "bad", false),
        ("ssh good", ssh_good.clone(), "good", true),
        ("ssh of another commit", ssh("other", "git"), "bad", true),
        ("ssh for files", ssh("payload", "file"), "bad", true),
        ("ssh cut off", cut(&ssh_good), "bad", true),
        ("ssh twice", format!("{ssh_good}{ssh_good}"), "bad", false),
        (
            "ssh of ten megabytes",
            ssh_good.replacen("-----END", &format!("{}-----END", "\n".repeat(5 << 20)), 1),
            "bad",
            false,
        ),
        ("ssh with another magic", swapped, "bad", true),
        (
            "x509 malformed",
            "-----BEGIN SIGNED MESSAGE-----\nMIIB\n-----END SIGNED MESSAGE-----\n".to_owned(),
            "bad",
            false,
        ),
        ("no armor", "hello\n".to_owned(), "error", false),
    ];
    fs::create_dir(forge.path("objects")).unwrap();
    let mut expected = BTreeMap::new();
    for (name, signature, verdict, as_git) in cases {
        let header = format!("gpgsig {}\n", signature.trim_end().replace('\n', "\n "));
        let (head, message) = payload.split_once("\n\n").unwrap();
        let raw = format!("{head}\n{header}\n{message}");
        let id = plimsoll_testkit::commit_id(raw.as_bytes());
        fs::write(forge.path("objects").join(&id), &raw).unwrap();
        expected.insert(id, (name, verdict, as_git));
    }
    // Folded without the blank: what follows is another header, and the signature is cut off.
    let (head, message) = payload.split_once("\n\n").unwrap();
    let raw = format!("{head}\ngpgsig {}\n\n{message}", ssh_good.trim_end());
    let id = plimsoll_testkit::commit_id(raw.as_bytes());
    fs::write(forge.path("objects").join(&id), &raw).unwrap();
    expected.insert(id, ("folded wrongly", "bad", false));

    let (keys, signers) = (forge.path("keys.asc").display().to_string(), forge.path("allowed").display().to_string());
    let folder = forge.path("objects").display().to_string();
    let ran = run(&[
        "inspect",
        "signatures",
        "--objects",
        &folder,
        "--format",
        "jsonl",
        "--no-cache",
        "--keyring",
        &keys,
        "--allowed-signers",
        &signers,
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let mut wrong = Vec::new();
    for line in ran.stdout.lines() {
        let value: Value = serde_json::from_str(line).unwrap();
        let (name, verdict, as_git) = expected.remove(value["commit"].as_str().unwrap()).unwrap();
        let file = forge.path("objects").join(value["commit"].as_str().unwrap()).display().to_string();
        let id = forge.git(&["-C", "repo", "hash-object", "--literally", "-t", "commit", "-w", &file], "");
        // git says nothing where it ends on an armor that it does not know, or on a program that ends before it has read all.
        let mut log = forge.command("git");
        log.args(["-c", &format!("gpg.ssh.allowedSignersFile={signers}"), "-C", "repo", "log", "-1", "--format=%G?"]);
        let letter = String::from_utf8(log.arg(id.trim()).output().unwrap().stdout).unwrap();
        let told = verdict == "good" || as_git && !letter.trim().is_empty();
        if value["verdict"] != verdict || told && value["git"] != letter.trim() {
            wrong.push(format!("{name}: git says {}, {line}", letter.trim()));
        }
        if verdict != "good" && verdict != "unsigned" {
            assert!(value["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{name}: {line}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(expected.is_empty(), "{expected:?}");
}

/// A repository of SHA-256 carries its signatures in a header of their own, and tags may carry one for each hash function.
#[test]
fn sha256_repositories_and_tags_are_verified() {
    let Some(forge) = Forge::new() else { return };
    fs::remove_dir_all(forge.path("repo")).unwrap();
    forge.git(&["init", "-q", "-b", "main", "--object-format=sha256", "repo"], "");
    let key = forge.key("maker", "ed25519", "20251231T000000", "0");
    Forge::run(forge.command("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", "ssh"]));
    let public = fs::read_to_string(forge.path("ssh.pub")).unwrap();
    fs::write(forge.path("allowed"), format!("maker@example.org {public}")).unwrap();
    fs::write(forge.path("keys.asc"), forge.gpg(&["--armor", "--export"])).unwrap();
    forge.commit("openpgp", &key, "openpgp", None);
    let ssh = forge.path("ssh").display().to_string();
    forge.commit("ssh", &ssh, "ssh", None);
    let (keys, signers) = (forge.path("keys.asc").display().to_string(), forge.path("allowed").display().to_string());
    let trust = ["--keyring", keys.as_str(), "--allowed-signers", signers.as_str()];
    assert_eq!(forge.compare(&trust).values().collect::<Vec<_>>(), ["good", "good"]);
    let raw = forge.git(&["-C", "repo", "cat-file", "commit", "HEAD"], "");
    assert!(raw.contains("\ngpgsig-sha256 "));

    for (name, key, format) in [("v1", &key, "openpgp"), ("v2", &ssh, "ssh")] {
        let mut command = forge.command("git");
        command.args(["-C", "repo", "-c", &format!("gpg.format={format}"), "-c", &format!("user.signingKey={key}")]);
        Forge::run(command.args(["tag", "-s", "-m", name, name]));
    }
    forge.git(&["-C", "repo", "tag", "-a", "-m", "v3", "v3"], "");
    let repository = forge.path("repo").display().to_string();
    let ran = run(&[&["inspect", "signatures", &repository, "--format", "jsonl", "--no-cache"], &trust[..]].concat());
    let tags: Vec<String> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|value| value["tag"].is_string())
        .map(|value| format!("{} {} {}", value["tag"], value["scheme"], value["verdict"]).replace('"', ""))
        .collect();
    assert_eq!(tags, ["v1 openpgp good", "v2 ssh good", "v3 none unsigned"]);
}

/// What is kept says the same as what is computed, and is not believed when it was touched.
#[test]
fn what_is_kept_changes_no_verdict() {
    let Some(forge) = Forge::new() else { return };
    Forge::run(forge.command("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", "ssh"]));
    let public = fs::read_to_string(forge.path("ssh.pub")).unwrap();
    fs::write(forge.path("allowed"), format!("maker@example.org {public}")).unwrap();
    for number in 0..3 {
        forge.commit(&format!("{number}"), &forge.path("ssh").display().to_string(), "ssh", None);
    }
    forge.git(&["-C", "repo", "commit", "-q", "--allow-empty", "-m", "unsigned"], "");
    let (repository, signers) = (forge.path("repo").display().to_string(), forge.path("allowed").display().to_string());
    let told = || {
        let mut command = crate::common::command();
        command.env("XDG_CACHE_HOME", forge.path("cache")).env("XDG_STATE_HOME", forge.path("state"));
        command.args(["inspect", "signatures", &repository, "--format", "jsonl", "--allowed-signers", &signers]);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let first = told();
    assert_eq!(first.lines().count(), 4);
    assert_eq!(first, told(), "from what is kept");
    let kept: Vec<PathBuf> =
        fs::read_dir(forge.path("cache/plimsoll")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(kept.len(), 1);
    let whole = fs::read(&kept[0]).unwrap();
    for at in [0, 21, 60, whole.len() - 1] {
        let mut damaged = whole.clone();
        damaged[at] ^= 0xff;
        fs::write(&kept[0], damaged).unwrap();
        assert_eq!(first, told(), "byte {at}");
        fs::write(&kept[0], &whole[..at]).unwrap();
        assert_eq!(first, told(), "cut at {at}");
    }
    // A new commit on top, with what was kept of those below.
    forge.commit("new", &forge.path("ssh").display().to_string(), "ssh", None);
    let more = told();
    assert_eq!(more.lines().count(), 5);
    assert!(more.ends_with(&first) || first.lines().all(|line| more.contains(line)));
    // Nobody is trusted: another policy has another file.
    fs::write(
        forge.path("allowed"),
        "nobody@example.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIjFjuud+IlnagazblbMoa0ZLVmwmGXLrTYUJXJvHTWe\n",
    )
    .unwrap();
    assert!(!told().contains("\"good\""));
}

#[test]
fn a_policy_that_cannot_be_understood_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("policy.toml");
    fs::write(folder.path().join("signers"), "a@x ssh-ed25519 notakey\n").unwrap();
    fs::write(folder.path().join("empty"), "").unwrap();
    for (text, expected) in [
        ("", "schema"),
        ("schema = 2", "schema 2 is not known"),
        ("schema = 1\nextra = true", "unknown field"),
        ("schema = 1\n[[openpgp]]\nkeys = [\"missing\"]", "missing: "),
        ("schema = 1\n[[openpgp]]\nkeys = [\"empty\"]", "no OpenPGP certificate in it"),
        ("schema = 1\n[[openpgp]]\nkeys = []\nparty = \"nobody\"", "no [[party]] has the id"),
        ("schema = 1\n[[openpgp]]\nkeys = []\nvalid-after = 2026-01-02\nvalid-before = 2026-01-01", "not after"),
        ("schema = 1\n[[ssh]]\nallowed-signers = [\"signers\"]", "line 1"),
        ("schema = 1\n[[ssh]]\nallowed-signers = [\"empty\"]", "no signer in it"),
        ("schema = 1\n[[x509]]\nroots = [\"empty\"]", "empty: "),
        ("schema = 1\n[[sigstore]]\nissuer = \"https://x\"\nidentities = []", "anybody can get a certificate"),
        ("schema = 1\n[[party]]\nid = \"a\"\nname = \"\"\n[[party]]\nid = \"a\"\nname = \"\"", "appears twice"),
    ] {
        fs::write(&path, text).unwrap();
        let ran = run(&["inspect", "signatures", ".", "--trust", &path.display().to_string()]);
        assert_eq!(ran.code, 2, "{text}: {}", ran.stdout);
        assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
        assert!(ran.stderr.contains(expected), "{text}: {}", ran.stderr);
    }
}
