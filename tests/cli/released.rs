//! Signatures over released files, made with the real programs and with each thing wrong in turn.

use std::fs;

use crate::{
    common::{Ran, facts, run},
    forge::Forge,
};

const AS_OF: &str = "2026-09-10T00:00:00Z";

fn inspect(forge: &Forge, bundle: &str, artifact: &str, more: &[&str]) -> Ran {
    let path = |name: &str| forge.path(name).display().to_string();
    let (bundle, artifact) = (path(bundle), path(artifact));
    let mut arguments = vec!["inspect", "provenance", "--bundle", &bundle, "--artifact", &artifact, "--as-of", AS_OF];
    arguments.extend(["--format", "json"]);
    let more: Vec<String> =
        more.iter().map(|one| if one.starts_with("--") { (*one).to_owned() } else { path(one) }).collect();
    arguments.extend(more.iter().map(String::as_str));
    run(&arguments)
}

fn refused(forge: &Forge, bundle: &str, artifact: &str, more: &[&str], layer: &str) {
    let ran = inspect(forge, bundle, artifact, more);
    assert_eq!(ran.code, 1, "{bundle} {artifact} {more:?}: {} {}", ran.stdout, ran.stderr);
    let answer: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(answer["layer"], layer, "{bundle} {artifact} {more:?}: {}", ran.stdout);
    assert_eq!(answer["verdict"], "not-verified");
}

#[test]
fn openpgp_signatures_over_files() {
    let Some(forge) = Forge::new() else { return };
    fs::write(forge.path("app"), "the program\n").unwrap();
    fs::write(forge.path("other"), "another program\n").unwrap();
    let good = forge.key("good", "ed25519", "20251231T000000", "0");
    let ended = forge.key("ended", "ed25519", "20251231T000000", "10d");
    let sign = |key: &str, name: &str, more: &[&str]| {
        let out = forge.path(name).display().to_string();
        let app = forge.path("app").display().to_string();
        let base = ["--faked-system-time", "20260101T000000", "--local-user", key, "--output", &out, "--detach-sign"];
        forge.gpg(&[more, &base, &[app.as_str()]].concat());
    };
    sign(&good, "app.asc", &["--armor"]);
    sign(&good, "app.sig", &[]);
    sign(&good, "sha1.asc", &["--armor", "--digest-algo", "SHA1"]);
    sign(&ended, "ended.asc", &["--armor"]);
    fs::write(forge.path("ring.asc"), forge.gpg(&["--armor", "--export"])).unwrap();
    fs::write(forge.path("ended-only.asc"), forge.gpg(&["--armor", "--export", &ended])).unwrap();
    for bundle in ["app.asc", "app.sig"] {
        let ran = inspect(&forge, bundle, "app", &["--keyring", "ring.asc"]);
        assert_eq!(ran.code, 0, "{bundle}: {}", ran.stdout);
        assert!(ran.stdout.contains(&good), "{}", ran.stdout);
        refused(&forge, bundle, "other", &["--keyring", "ring.asc"], "signature");
        refused(&forge, bundle, "app", &["--keyring", "ended-only.asc"], "identity");
        refused(&forge, bundle, "app", &[], "identity");
    }
    refused(&forge, "ended.asc", "app", &["--keyring", "ring.asc"], "identity");
    refused(&forge, "sha1.asc", "app", &["--keyring", "ring.asc"], "signature");
    // Two signatures in a file: which of them is meant?
    let twice = fs::read_to_string(forge.path("app.asc")).unwrap().repeat(2);
    fs::write(forge.path("twice.asc"), twice).unwrap();
    refused(&forge, "twice.asc", "app", &["--keyring", "ring.asc"], "signature");
    // What a key cannot say.
    let path = forge.path("app.asc").display().to_string();
    let (app, ring) = (forge.path("app").display().to_string(), forge.path("ring.asc").display().to_string());
    let base = ["inspect", "provenance", "--bundle", &path, "--artifact", &app, "--keyring", &ring, "--as-of", AS_OF];
    for (flag, value) in [("--source", "github.com/o/r"), ("--identity", "good@example.org"), ("--builder", "x")] {
        assert_eq!(run(&[&base[..], &[flag, value]].concat()).code, 1, "{flag}");
    }
    // Made later than the moment that is asked for.
    let early = run(&[
        "inspect",
        "provenance",
        "--bundle",
        &path,
        "--artifact",
        &app,
        "--keyring",
        &ring,
        "--as-of",
        "2025-12-31T12:00:00Z",
    ]);
    assert_eq!(early.code, 1, "{}", early.stdout);
    // Nothing but a digest is known: a signature over a file needs the file.
    let digest = format!("sha256:{}", plimsoll_model::sha256_hex(b"the program\n"));
    let ran = run(&["inspect", "provenance", "--bundle", &path, "--artifact-digest", &digest, "--keyring", &ring]);
    assert_eq!((ran.code, ran.stdout.contains("needs the file")), (1, true), "{}", ran.stdout);
}

#[test]
fn ssh_signatures_over_files() {
    let Some(forge) = Forge::new() else { return };
    fs::write(forge.path("app"), "the program\n").unwrap();
    fs::write(forge.path("other"), "another program\n").unwrap();
    let keygen = |arguments: &[&str]| Forge::run(forge.command("ssh-keygen").args(arguments));
    for name in ["maker", "stranger"] {
        keygen(&["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", name]);
    }
    let public = |name: &str| fs::read_to_string(forge.path(&format!("{name}.pub"))).unwrap();
    fs::write(forge.path("allowed"), format!("maker@example.org {}", public("maker"))).unwrap();
    fs::write(forge.path("git-only"), format!("maker@example.org namespaces=\"git\" {}", public("maker"))).unwrap();
    let ended = format!("maker@example.org valid-before=\"20260101\" {}", public("maker"));
    fs::write(forge.path("ended"), ended).unwrap();
    let sign = |key: &str, namespace: &str, name: &str| {
        fs::remove_file(forge.path("app.sig")).ok();
        keygen(&["-q", "-Y", "sign", "-f", key, "-n", namespace, "app"]);
        fs::rename(forge.path("app.sig"), forge.path(name)).unwrap();
    };
    sign("maker", "file", "good.sig");
    sign("maker", "git", "git.sig");
    sign("stranger", "file", "stranger.sig");
    let allowed = ["--allowed-signers", "allowed"];
    assert_eq!(inspect(&forge, "good.sig", "app", &allowed).code, 0);
    refused(&forge, "good.sig", "other", &allowed, "signature");
    refused(&forge, "git.sig", "app", &allowed, "signature");
    refused(&forge, "stranger.sig", "app", &allowed, "identity");
    refused(&forge, "good.sig", "app", &["--allowed-signers", "git-only"], "identity");
    refused(&forge, "good.sig", "app", &["--allowed-signers", "ended"], "identity");
    refused(&forge, "good.sig", "app", &[], "identity");
}

#[test]
fn a_signed_list_of_checksums_speaks_for_what_it_lists() {
    let Some(forge) = Forge::new() else { return };
    fs::write(forge.path("app"), "the program\n").unwrap();
    let key = forge.key("maker", "ed25519", "20251231T000000", "0");
    fs::write(forge.path("ring.asc"), forge.gpg(&["--armor", "--export"])).unwrap();
    forge.git(&["-C", "repo", "commit", "-q", "--allow-empty", "-m", "first"], "");
    fs::write(forge.path("repo/a.txt"), "a\n").unwrap();
    forge.git(&["-C", "repo", "add", "-A"], "");
    forge.git(&["-C", "repo", "commit", "-q", "-m", "second"], "");
    let digest = plimsoll_model::sha256_hex(b"the program\n");
    let collected = |list: &str, signed: &str| {
        fs::write(forge.path("SHA256SUMS"), signed).unwrap();
        let (out, sums) =
            (forge.path("SHA256SUMS.asc").display().to_string(), forge.path("SHA256SUMS").display().to_string());
        let at = ["--faked-system-time", "20260101T000000", "--local-user", &key];
        forge.gpg(&[&at[..], &["--armor", "--output", &out, "--detach-sign", &sums]].concat());
        fs::write(forge.path("SHA256SUMS"), list).unwrap();
        let path = |name: &str| forge.path(name).display().to_string();
        let (repo, app, ring) = (path("repo"), path("app"), path("ring.asc"));
        let ran = run(&[
            "collect",
            &repo,
            "--as-of",
            AS_OF,
            "--quiet",
            "--no-cache",
            "--artifact",
            &app,
            "--attestation",
            &sums,
            "--attestation",
            &out,
            "--keyring",
            &ring,
        ]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let evidence: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        let found = facts(&evidence, "checksum-file");
        assert_eq!(found.len(), 1, "{}", evidence["kinds"]["checksum-file"]);
        found[0]["body"].clone()
    };
    let list = format!("{digest}  app\n");
    let good = collected(&list, &list);
    assert_eq!((&good["signed"], &good["matchesArtifact"]), (&true.into(), &true.into()), "{good}");
    // The list was changed after it was signed.
    let changed = collected(&format!("{digest}  app\n{digest}  more\n"), &list);
    assert_eq!((&changed["signed"], &changed["matchesArtifact"]), (&false.into(), &true.into()), "{changed}");
    // It lists another file under this name.
    let other = format!("{}  app\n", "0".repeat(64));
    let contradicted = collected(&other, &other);
    assert_eq!((&contradicted["signed"], &contradicted["matchesArtifact"]), (&true.into(), &false.into()));
    assert_eq!(contradicted["contradicts"], serde_json::json!(["app"]), "{contradicted}");
}
