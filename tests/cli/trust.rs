//! From the keys that signed to a reviewed policy, by the documented steps; with the real git, gpg and ssh-keygen.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::Value;

use crate::{
    common::{AS_OF, Ran, run},
    forge::Forge,
};

/// Makes an SSH key and gives its fingerprint.
fn ssh_key(forge: &Forge, name: &str) -> String {
    let path = forge.path(name).display().to_string();
    Forge::run(forge.command("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", &path]));
    let shown = Forge::run(forge.command("ssh-keygen").args(["-l", "-f", &path]));
    shown.split_whitespace().nth(1).unwrap().to_owned()
}

/// Commits under an address, with an SSH key or without.
fn commit(forge: &Forge, address: &str, key: Option<&str>) {
    let mut command = forge.command("git");
    command.env("GIT_AUTHOR_EMAIL", address).env("GIT_COMMITTER_EMAIL", address).args(["-C", "repo"]);
    if let Some(key) = key {
        let key = format!("user.signingKey={}", forge.path(key).display());
        command.args(["-c", "gpg.format=ssh", "-c", &key]);
    }
    let sign = if key.is_some() { "-S" } else { "--no-gpg-sign" };
    Forge::run(command.args(["commit", "-q", "--allow-empty", sign, "-m", "change"]));
}

/// A repository with a file in it: nothing is judged without one.
fn start(forge: &Forge) -> String {
    fs::write(forge.path("repo/README.md"), "# app\n").unwrap();
    forge.git(&["-C", "repo", "add", "."], "");
    forge.path("repo").display().to_string()
}

fn answered(repository: &str, more: &[&str]) -> (String, String) {
    let fixed = ["label", repository, "--as-of", AS_OF, "--format", "json", "--quiet", "--resolver", "lockfile"];
    let ran = run(&[&fixed, more].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let label: Value = serde_json::from_str(&ran.stdout).unwrap();
    let criteria = label["predicate"]["criteria"].as_array().unwrap();
    let one = criteria.iter().find(|one| one["id"] == "signatures.answered").unwrap();
    (one["outcome"].as_str().unwrap().to_owned(), one["reason"].as_str().unwrap_or_default().to_owned())
}

fn trust(arguments: &[&str]) -> Ran {
    run(&[&["trust"], arguments].concat())
}

#[test]
fn from_nothing_to_a_reviewed_policy() {
    let Some(forge) = Forge::new() else { return };
    let repository = start(&forge);
    let pgp = forge.key("maker", "ed25519", "20251231T000000", "0");
    forge.commit("openpgp", &pgp, "openpgp", None);
    let ssh = ssh_key(&forge, "ada");
    commit(&forge, "ada@example.org", Some("ada"));
    assert_eq!(answered(&repository, &[]).0, "unknown");

    let ran = trust(&["signers", &repository, "--format", "json", "--quiet"]);
    let found: Value = serde_json::from_str(&ran.stdout).unwrap();
    let signers: BTreeMap<&str, &Value> =
        found["signers"].as_array().unwrap().iter().map(|one| (one["key"].as_str().unwrap(), one)).collect();
    assert_eq!((&found["commits"], &found["unsigned"]), (&2.into(), &0.into()));
    assert_eq!((&signers[&*pgp]["atHand"], &signers[&*ssh]["atHand"]), (&false.into(), &true.into()));
    assert_eq!(signers[&*ssh]["addresses"], serde_json::json!({"ada@example.org": 1}));
    let text = trust(&["signers", &repository, "--quiet"]).stdout;
    assert!(text.contains(&pgp) && text.contains(&ssh) && text.contains("trust draft"), "{text}");

    // Without the key of the first nothing shows that it is the one.
    let out = forge.path("first").display().to_string();
    let ran = trust(&["draft", &repository, "--out", &out]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let policy = fs::read_to_string(forge.path("first/trust.toml")).unwrap();
    assert!(policy.contains(&format!("#   openpgp {pgp}")) && !policy.contains("[[openpgp]]\n"), "{policy}");
    fs::write(forge.path("keys.asc"), forge.gpg(&["--armor", "--export"])).unwrap();
    let (keys, out) = (forge.path("keys.asc").display().to_string(), forge.path("second").display().to_string());
    assert_eq!(trust(&["draft", &repository, "--keys", &keys, "--out", &out]).code, 0);
    let file = forge.path("second/trust.toml").display().to_string();
    let policy = fs::read_to_string(&file).unwrap();
    assert_eq!(policy.matches("confirmed = false").count(), 2, "{policy}");

    // A draft is no policy, whatever it is given to.
    let refused = run(&["label", &repository, "--trust", &file, "--quiet"]);
    assert_eq!(refused.code, 2);
    assert!(
        refused.stderr.contains("2 entries are not confirmed") && refused.stderr.contains(&ssh),
        "{}",
        refused.stderr
    );
    for part in [&pgp[24..], "SHA256:", "", &ssh[..20]] {
        let ran = trust(&["confirm", &file, part]);
        assert_eq!(ran.code, 2, "{part}: {}", ran.stderr);
    }
    assert_eq!(trust(&["confirm", &file, &pgp]).code, 0);
    let still = run(&["label", &repository, "--trust", &file, "--quiet"]);
    assert!(still.code == 2 && still.stderr.contains("1 entry is not confirmed"), "{}", still.stderr);
    assert_eq!(trust(&["confirm", &file, &ssh]).code, 0);
    assert_eq!(trust(&["confirm", &file, &ssh]).code, 2);
    assert_eq!(fs::read_to_string(&file).unwrap(), policy.replace("confirmed = false", "confirmed = true"));

    let (outcome, reason) = answered(&repository, &["--trust", &file]);
    assert_eq!(outcome, "met", "{reason}");
    let ran = trust(&["check", &file, &repository, "--as-of", AS_OF]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for part in [&pgp, &ssh, "maker@example.org", "ada@example.org"] {
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
    }
    assert!(!ran.stdout.contains("never used") && !ran.stdout.contains("not trusted"), "{}", ran.stdout);
    commit(&forge, "else@example.org", Some("ada"));
    let ran = trust(&["check", &file, &repository, "--as-of", AS_OF]);
    let words: Vec<&str> = ran.stdout.split_whitespace().collect();
    assert!(words.join(" ").contains("also signs as else@example.org"), "{}", ran.stdout);
}

#[test]
fn a_draft_overwrites_nothing_and_follows_no_link() {
    let Some(forge) = Forge::new() else { return };
    let repository = start(&forge);
    ssh_key(&forge, "ada");
    commit(&forge, "ada@example.org", Some("ada"));
    fs::create_dir(forge.path("there")).unwrap();
    fs::write(forge.path("file"), "mine").unwrap();
    #[cfg(unix)]
    for (link, to) in [("to-folder", "there"), ("to-nothing", "nothing")] {
        std::os::unix::fs::symlink(forge.path(to), forge.path(link)).unwrap();
    }
    for name in ["there", "file", "to-folder", "to-nothing", "no/such/folder"] {
        let out = forge.path(name).display().to_string();
        let ran = trust(&["draft", &repository, "--out", &out]);
        assert_eq!(ran.code, 2, "{name}: {}", ran.stderr);
    }
    assert_eq!(fs::read(forge.path("file")).unwrap(), b"mine");
    assert_eq!(fs::read_dir(forge.path("there")).unwrap().count(), 0);
    assert!(!forge.path("nothing").exists());
    // The policy itself is changed, and not what a link leads to.
    let out = forge.path("out").display().to_string();
    assert_eq!(trust(&["draft", &repository, "--out", &out]).code, 0);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(forge.path("out/trust.toml"), forge.path("linked")).unwrap();
        let ran = trust(&["confirm", &forge.path("linked").display().to_string(), "SHA256:x"]);
        assert!(ran.code == 2 && ran.stderr.contains("not a regular file"), "{}", ran.stderr);
    }
}

#[test]
fn a_hostile_name_becomes_no_entry() {
    let Some(forge) = Forge::new() else { return };
    let repository = start(&forge);
    let key = ssh_key(&forge, "eve");
    let hostile =
        ["a\"]\nconfirmed = true\n[[ssh]]@x", "*@example.org", "a@b,*", "# @c", "!x@y.z", "a b@c", "ok@example.org"];
    for address in hostile {
        // git takes out what would end the header.
        commit(&forge, address, Some("eve"));
    }
    for tag in ["v1.0.0\u{202e}x", "v1]x", "a\u{85}confirmed"] {
        let mut command = forge.command("git");
        let signing = format!("user.signingKey={}", forge.path("eve").display());
        command.args(["-C", "repo", "-c", "gpg.format=ssh", "-c", &signing, "tag", "-s", "-m", "x", tag]);
        let _ = command.output();
    }
    let out = forge.path("out").display().to_string();
    assert_eq!(trust(&["draft", &repository, "--out", &out]).code, 0);
    let text = fs::read_to_string(forge.path("out/trust.toml")).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
    assert_eq!(lines.len(), 5, "{text}");
    assert_eq!((lines[0], lines[1], lines[4]), ("schema = 1", "[[ssh]]", "confirmed = false"));
    assert_eq!(lines[3], format!("fingerprints = [\"{key}\"]"));
    let keys: Vec<_> = fs::read_dir(Path::new(&out).join("keys")).unwrap().map(|one| one.unwrap().path()).collect();
    let signers = fs::read_to_string(&keys[0]).unwrap();
    // The tags are under the address of whoever runs git.
    let principals = signers.split(" namespaces").next().unwrap().trim_start_matches("maker@example.org,");
    assert_eq!(principals, "ok@example.org");
    assert!(keys.len() == 1 && signers.contains(" namespaces=\"git\" ssh-ed25519 "), "{signers}");
    for shown in [&text, &trust(&["signers", &repository, "--quiet"]).stdout] {
        assert!(!shown.contains(['\u{202e}', '\u{85}', '\u{1b}']), "{shown:?}");
    }
}

#[test]
fn keys_from_anywhere_are_bounded() {
    let Some(forge) = Forge::new() else { return };
    let repository = start(&forge);
    ssh_key(&forge, "ada");
    commit(&forge, "ada@example.org", Some("ada"));
    let large = fs::File::create(forge.path("large.asc")).unwrap();
    large.set_len(100 * 1024 * 1024).unwrap();
    fs::create_dir(forge.path("many")).unwrap();
    for number in 0..10_001 {
        fs::write(forge.path(&format!("many/{number}.asc")), "no key").unwrap();
    }
    for (name, says) in [("large.asc", "larger than"), ("many", "more than 10000 key files"), ("none", "none")] {
        let (keys, out) = (forge.path(name).display().to_string(), forge.path("out").display().to_string());
        let ran = trust(&["draft", &repository, "--keys", &keys, "--out", &out]);
        assert!(ran.code == 2 && ran.stderr.contains(says), "{name}: {}", ran.stderr);
        assert!(!forge.path("out").exists());
    }
}

/// Every policy of some of the keys, over histories with commits that are signed, unsigned, and signed under another address.
#[test]
fn no_key_lowers_the_row() {
    let Some(forge) = Forge::new() else { return };
    let repository = start(&forge);
    let names = ["a", "b", "c"];
    for name in names {
        ssh_key(&forge, name);
    }
    commit(&forge, "a@example.org", Some("a"));
    commit(&forge, "b@example.org", Some("b"));
    let rank = |outcome: &str| ["unmet", "unknown", "partial", "met"].iter().position(|one| *one == outcome).unwrap();
    let line = |name: &str| {
        let public = fs::read_to_string(forge.path(&format!("{name}.pub"))).unwrap();
        format!("{name}@example.org {public}")
    };
    let mut seen = std::collections::BTreeSet::new();
    for step in [None, Some(("c@example.org", Some("b"))), Some(("d@example.org", None))] {
        if let Some((address, key)) = step {
            commit(&forge, address, key);
        }
        let mut ranks = Vec::new();
        for subset in 0..1_usize << names.len() {
            let chosen = names.iter().enumerate().filter(|(at, _)| subset & (1 << at) != 0);
            let signers: String = chosen.map(|(_, name)| line(name)).collect();
            let path = forge.path("allowed");
            fs::write(&path, &signers).unwrap();
            let path = path.display().to_string();
            let more = if subset == 0 { vec![] } else { vec!["--allowed-signers", path.as_str()] };
            let (outcome, _) = answered(&repository, &more);
            ranks.push(rank(&outcome));
            seen.insert(outcome);
        }
        for (subset, own) in ranks.iter().enumerate() {
            for (larger, other) in ranks.iter().enumerate().filter(|(larger, _)| larger & subset == subset) {
                assert!(other >= own, "{step:?}: {larger:b} gives {other}, and {subset:b} gave {own}");
            }
        }
    }
    assert!(["unknown", "partial", "met"].iter().all(|one| seen.contains(*one)), "{seen:?}");
}

#[test]
fn what_the_readers_base_contains_is_not_asked_for() {
    let Some(forge) = Forge::new() else { return };
    let repository = start(&forge);
    ssh_key(&forge, "ada");
    commit(&forge, "old@example.org", None);
    let base = forge.git(&["-C", "repo", "rev-parse", "HEAD"], "").trim().to_owned();
    commit(&forge, "ada@example.org", Some("ada"));
    let public = fs::read_to_string(forge.path("ada.pub")).unwrap();
    fs::write(forge.path("allowed"), format!("ada@example.org {public}")).unwrap();
    let file = forge.path("trust.toml");
    let head = forge.git(&["-C", "repo", "rev-parse", "HEAD"], "").trim().to_owned();
    for (from, expected) in [
        (Some(base.clone()), "met"),
        (None, "partial"),
        // One that is not there takes nothing away, and of nothing nothing is met.
        (Some("0".repeat(40)), "partial"),
        (Some(head), "unknown"),
    ] {
        let history = from.as_ref().map(|from| format!("[history]\nfrom = \"{from}\"\n")).unwrap_or_default();
        fs::write(&file, format!("schema = 1\n{history}[[ssh]]\nallowed-signers = [\"allowed\"]\n")).unwrap();
        let (outcome, reason) = answered(&repository, &["--trust", &file.display().to_string()]);
        assert_eq!(outcome, expected, "{from:?}: {reason}");
    }
}
