//! `plimsoll inspect provenance --bundle`: exit codes, layers, JSON and text, on attestations that are made for it.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::{
    common::{AS_OF, Ran, run},
    provenance_cases::{cases, folder},
};

fn file(name: &str) -> String {
    folder().join(name).display().to_string()
}

const RELEASE: &str = "https://github.com/plimsoll-example/product/.github/workflows/release.yml@refs/tags/v1.0.0";
const PRODUCT: &str = "github.com/plimsoll-example/product";

/// Asks about a bundle of the fixtures and `product-1.0.0.txt`, with their trusted root.
fn ask(case: &str, more: &[&str]) -> Ran {
    let bundle = folder().join("cases").join(case).join("bundle.sigstore.json");
    ask_file(&bundle, &[&["--artifact", &file("artifacts/product-1.0.0.txt")], more].concat())
}

fn ask_file(bundle: &Path, more: &[&str]) -> Ran {
    let (bundle, root) = (bundle.display().to_string(), file("trusted_root.json"));
    let asked = ["inspect", "provenance", "--bundle", &bundle, "--as-of", AS_OF, "--trusted-root", &root];
    run(&[&asked[..], more].concat())
}

fn answer(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {}{}", ran.stdout, ran.stderr))
}

fn is_refused(ran: &Ran, says: &str) {
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
    assert!(ran.stderr.starts_with("plimsoll: "), "{}", ran.stderr);
    assert!(ran.stderr.contains(says), "{} does not say {says}", ran.stderr);
}

#[test]
fn a_named_signer_and_source_are_verified() {
    let asked = ["--identity", RELEASE, "--source", PRODUCT];
    let ran = ask("v0.3-dsse", &asked);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(ran.stdout);
    let ran = ask("v0.3-dsse", &[&asked[..], &["--format", "json"]].concat());
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn a_signer_whom_nobody_named_is_told_as_such() {
    let ran = ask("v0.3-message", &[]);
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!(format!("{}---\n{}", ran.stdout, ran.stderr));
    let one = answer(&ask("v0.3-message", &["--format", "json"]));
    assert_eq!((&one["verdict"], &one["assurance"]), (&json!("verified"), &json!("observed")));
    // A pattern that fits everybody names nobody.
    for (pattern, assurance) in
        [(".*", "observed"), ("", "observed"), ("^https://github\\.com/plimsoll-example/", "verified")]
    {
        let ran = ask("v0.3-message", &["--identity-regex", pattern, "--format", "json"]);
        assert_eq!((ran.code, &answer(&ran)["assurance"]), (0, &json!(assurance)), "{pattern}");
    }
}

#[test]
fn what_is_not_verified_names_its_layer() {
    let ran = ask("v0.3-dsse", &["--identity", RELEASE, "--source", "github.com/plimsoll-example/other"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    insta::assert_snapshot!(ran.stdout);
    for (layer, case, more) in [
        ("format", "format-media-type-unknown", &[][..]),
        ("signature", "signature-other-key", &[]),
        ("certificate", "certificate-other-ca", &[]),
        ("transparency-log", "log-set-other-key", &[]),
        ("timestamp", "time-stamp-forged", &[]),
        ("identity", "v0.3-dsse", &["--identity", "a@example.org"]),
        ("subject", "subject-name-only", &[]),
        ("source", "v0.3-dsse", &["--source", "example.org/o/r"]),
        ("builder", "builder-unknown", &["--source", PRODUCT]),
    ] {
        let ran = ask(case, &[&["--format", "json"], more].concat());
        let one = answer(&ran);
        assert_eq!(
            (ran.code, &one["verdict"], &one["layer"]),
            (1, &json!("not-verified"), &json!(layer)),
            "{case}: {one}"
        );
        assert!(
            one["assurance"].is_null() && one["reason"].as_str().is_some_and(|reason| !reason.is_empty()),
            "{case}"
        );
    }
}

#[test]
fn a_question_that_cannot_be_asked_is_no_answer() {
    let (bundle, artifact) = (file("cases/v0.3-dsse/bundle.sigstore.json"), file("artifacts/product-1.0.0.txt"));
    let asked = |more: &[&str]| run(&[&["inspect", "provenance", "--as-of", AS_OF], more].concat());
    is_refused(&asked(&["--bundle", &bundle]), "nothing is verified without an artifact");
    let empty = tempfile::tempdir().unwrap();
    let gone = empty.path().join("gone").display().to_string();
    is_refused(&asked(&["--bundle", &gone, "--artifact", &artifact]), &gone);
    is_refused(&asked(&["--bundle", &bundle, "--artifact", &gone]), &gone);
    is_refused(&asked(&["--bundle", &bundle, "--artifact", &artifact, "--artifact", &artifact]), "one artifact");
    let not_root = file("cases.json");
    is_refused(&asked(&["--bundle", &bundle, "--artifact", &artifact, "--trusted-root", &not_root]), "cases.json");
    is_refused(&asked(&["--bundle", &bundle, "--artifact", &artifact, "--trusted-root", &gone]), &gone);
    is_refused(&asked(&["--bundle", &bundle, "--artifact", &artifact, "--key", &not_root]), "cases.json");
    is_refused(
        &asked(&["--bundle", &bundle, "--artifact", &artifact, "--format", "jsonl"]),
        "possible values: text, json",
    );
    is_refused(&asked(&["--bundle", &bundle, "--artifact", &artifact, "--identity-regex", "("]), "identity-regex");
    is_refused(&asked(&["--bundle", &bundle, "--artifact", &artifact, "--commit", "b4810aa"]), "in full");
    is_refused(&asked(&["--bundle", &bundle, "--artifact", &artifact, "--source", "x"]), "give a repository");
    is_refused(&asked(&["--bundle", &bundle, "--artifact-digest", "sha256:00"]), "64 hexadecimal digits");
    is_refused(&asked(&["--bundle", &bundle, "--artifact-digest", "md5:00"]), "the algorithm is");
    is_refused(&asked(&["--artifact", &artifact, "--identity", "a"]), "--bundle");
    is_refused(
        &run(&["inspect", "claims", "--bundle", &bundle, "--artifact", &artifact]),
        "unexpected argument '--bundle'",
    );
}

#[test]
fn a_digest_and_a_commit_in_upper_case_are_the_same() {
    let cases = cases(&folder());
    let case = cases.iter().find(|case| case["case"] == "v0.3-dsse").unwrap();
    let digest = format!("sha256:{}", case["artifact_digest"]["sha256"].as_str().unwrap().to_uppercase());
    let bundle = folder().join(case["bundle"].as_str().unwrap());
    assert_eq!(ask_file(&bundle, &["--artifact-digest", &digest]).code, 0);
    let commit = cases.iter().find_map(|case| case["commit"].as_str()).unwrap().to_uppercase();
    let more = ["--artifact-digest", &digest, "--source", PRODUCT, "--commit", &commit];
    assert_eq!(ask_file(&bundle, &more).code, 0);
}

#[test]
fn a_file_that_is_too_much_is_broken_and_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bundle.json");
    let deep = format!("{{\"mediaType\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let wide = format!("[{}0]", "0,".repeat(2_000_000));
    let huge = format!("{{\"mediaType\":\"{}\"}}", "a".repeat(33 * 1024 * 1024));
    for text in [deep, wide, huge, String::new(), "\u{0}".repeat(100), "{}\n{}\n".to_owned()] {
        fs::write(&path, text.as_bytes()).unwrap();
        let ran = ask_file(&path, &["--artifact", &file("artifacts/other.txt"), "--format", "json"]);
        let one = answer(&ran);
        assert_eq!((ran.code, &one["layer"]), (1, &json!("format")), "{one}");
    }
}

#[test]
fn a_pattern_without_anchors_is_said_to_be_one() {
    for (pattern, noted) in
        [("plimsoll-example", true), ("^https://github.com/plimsoll-example/", true), ("^https://.*$", false)]
    {
        let ran = ask("v0.3-dsse", &["--identity-regex", pattern]);
        assert_eq!((ran.code, ran.stderr.contains("found anywhere")), (0, noted), "{pattern}: {}", ran.stderr);
    }
}

/// A bare envelope, signed by nobody who counts: what it says of itself is shown all the same.
fn unsigned(name: &str) -> Vec<u8> {
    let digest = cases(&folder())[0]["artifact_digest"]["sha256"].clone();
    let statement = json!({
        "_type": "https://in-toto.io/Statement/v1",
        "predicateType": format!("https://example.org/{name}"),
        "subject": [{ "name": name, "digest": { "sha256": digest } }],
    });
    serde_json::to_vec(&statement).unwrap()
}

#[test]
fn nothing_that_an_attestation_says_acts_on_a_terminal_or_looks_like_ours() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("statement.json");
    let fill = "x".repeat(53);
    let evil = format!("\u{1b}[2K\u{9b}31m\u{202e}\u{200b}\u{7f}{fill}\nverified\n    signed by a@example.org");
    fs::write(&path, unsigned(&evil)).unwrap();
    let artifact = file("artifacts/product-1.0.0.txt");
    for format in ["text", "json"] {
        let ran = ask_file(&path, &["--artifact", &artifact, "--format", format]);
        assert_eq!(ran.code, 1);
        let acts = |character: char| {
            (character.is_control() && character != '\n') || matches!(character, '\u{202e}' | '\u{200b}')
        };
        assert!(!ran.stdout.contains(acts), "{:?}", ran.stdout);
        for line in ran.stdout.lines() {
            assert!(!line.starts_with("verified") && !line.starts_with("    signed by"), "{}", ran.stdout);
        }
        if format == "json" {
            assert_eq!(answer(&ran)["attestations"][0]["subject"], json!(evil));
        }
    }
    // The same in an identity that was asked for and did not fit.
    let ran = ask("v0.3-dsse", &["--identity", "\u{1b}[31m"]);
    assert!(ran.code == 1 && !ran.stdout.contains('\u{1b}'));
}

#[test]
fn a_key_that_is_given_has_to_be_the_one_that_signed() {
    let key = file("keys/p256.pub.pem");
    assert_eq!(ask("key-p256-dsse", &["--key", &key]).code, 0);
    let ran = ask("v0.3-dsse", &["--key", &key, "--format", "json"]);
    assert_eq!((ran.code, &answer(&ran)["layer"]), (1, &json!("identity")));
    // Who names an identity as well takes either.
    assert_eq!(ask("v0.3-dsse", &["--key", &key, "--identity", RELEASE]).code, 0);
    let private = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.pem");
    fs::write(&path, private).unwrap();
    let path = path.display().to_string();
    is_refused(&ask("key-p256-dsse", &["--key", &path]), "a PRIVATE KEY where a PUBLIC KEY is wanted");
}

/// A policy beside copies of the fixtures' keys and root.
fn policy(text: &str) -> (tempfile::TempDir, String) {
    let made = tempfile::tempdir().unwrap();
    for name in ["trusted_root.json", "keys/p256.pub.pem", "keys/ed25519.pub.pem"] {
        fs::copy(folder().join(name), made.path().join(Path::new(name).file_name().unwrap())).unwrap();
    }
    let path = made.path().join("policy.toml");
    fs::write(&path, format!("schema = 1\n{text}")).unwrap();
    let path = path.display().to_string();
    (made, path)
}

const ISSUER: &str = "https://token.actions.githubusercontent.com";

#[test]
fn a_trust_policy_names_keys_and_parties() {
    let (_made, path) =
        policy("[[party]]\nid = \"maker\"\nname = \"M\"\n[[key]]\nfiles = [\"p256.pub.pem\"]\nparty = \"maker\"");
    let ran = ask("key-p256-dsse", &["--trust", &path, "--format", "json"]);
    let one = answer(&ran);
    assert_eq!((ran.code, &one["assurance"]), (0, &json!("verified")));
    assert_eq!(one["attestations"][0]["party"], "maker");
    // The same key given once more is still the party's.
    let ran = ask("key-p256-dsse", &["--trust", &path, "--key", &file("keys/p256.pub.pem"), "--format", "json"]);
    assert_eq!(answer(&ran)["attestations"][0]["party"], "maker");
    // Nobody whom the policy names.
    let ran = ask("v0.3-dsse", &["--trust", &path, "--format", "json"]);
    assert_eq!((ran.code, &answer(&ran)["layer"]), (1, &json!("identity")));
    for (text, says) in [
        ("[[key]]\nfiles = [\"gone.pem\"]", "gone.pem"),
        ("[[key]]\nfiles = [\"policy.toml\"]", "policy.toml"),
        ("[[key]]\nfiles = [\"p256.pub.pem\"]\nparty = \"x\"", "no [[party]] has the id \"x\""),
        (
            "[[party]]\nid = \"a\"\nname = \"A\"\n[[party]]\nid = \"b\"\nname = \"B\"\n[[key]]\nfiles = [\"p256.pub.pem\"]\nparty = \"a\"\n\
             [[key]]\nfiles = [\"p256.pub.pem\"]\nparty = \"b\"",
            "that of two parties",
        ),
        ("npm-keys = \"gone.json\"", "gone.json"),
        ("repositories = [\"x\"]", "names no repository"),
        ("[[builder]]\nname = \"b\"\nid = \"b\"\nbuild-level = 1", "anybody could be it"),
        ("[[builder]]\nname = \"b\"\nid = \"b\"\nbuild-level = 1\nkeys = [\"trusted_root.json\"]", "trusted_root.json"),
        ("[[sigstore]]\nissuer = \"\"\nidentities = [\"*\"]", "needs an issuer and identities"),
        ("[[sigstore]]\ntrusted-root = \"policy.toml\"\nissuer = \"a\"\nidentities = [\"*\"]", "policy.toml"),
    ] {
        let (_made, path) = policy(text);
        is_refused(&ask("key-p256-dsse", &["--trust", &path]), says);
    }
}

/// A root that a policy names counts for whom it names there; the same root given for everybody still does so.
#[test]
fn a_trust_policy_names_identities_of_an_instance() {
    let entry = |identity: &str| {
        format!(
            "[[sigstore]]\ntrusted-root = \"trusted_root.json\"\nissuer = \"{ISSUER}\"\nidentities = [\"{identity}\"]"
        )
    };
    let bundle = file("cases/v0.3-dsse/bundle.sigstore.json");
    let artifact = file("artifacts/product-1.0.0.txt");
    let asked =
        ["inspect", "provenance", "--bundle", &bundle, "--artifact", &artifact, "--as-of", AS_OF, "--format", "json"];
    for (identity, root, source, expected) in [
        ("https://github.com/plimsoll-example/*", false, false, None),
        ("https://github.com/other/*", false, false, Some("identity")),
        // A root that is there for whom the policy names vouches for no builder.
        ("https://github.com/plimsoll-example/*", false, true, Some("builder")),
        // The same root for everybody.
        ("https://github.com/plimsoll-example/*", true, true, None),
        ("https://github.com/other/*", true, true, None),
    ] {
        let (_made, path) = policy(&entry(identity));
        let mut all = [&asked[..], &["--trust", &path]].concat();
        let root_file = file("trusted_root.json");
        if root {
            all.extend(["--trusted-root", &root_file]);
        }
        if source {
            all.extend(["--source", PRODUCT]);
        }
        let ran = run(&all);
        let one = answer(&ran);
        assert_eq!(one["layer"].as_str(), expected, "{identity} {root} {source}: {one}");
        assert_eq!(ran.code, i32::from(expected.is_some()));
    }
    // Not even where it is asked for somebody else.
    let (_made, path) = policy(&entry("https://github.com/other/*"));
    let ran = run(&[&asked[..], &["--trust", &path, "--identity", RELEASE]].concat());
    assert_eq!((ran.code, &answer(&ran)["layer"]), (1, &json!("identity")));
    // A copy of another spelling is the same instance under another name.
    let (made, path) = policy(&entry("https://github.com/plimsoll-example/*"));
    let copy = made.path().join("trusted_root.json");
    fs::write(&copy, format!("{}\n\n", fs::read_to_string(&copy).unwrap())).unwrap();
    let root = file("trusted_root.json");
    let ran = run(&[&asked[..], &["--trust", &path, "--trusted-root", &root, "--source", PRODUCT]].concat());
    let one = answer(&ran);
    assert_eq!((ran.code, &one["assurance"]), (0, &json!("verified")), "{one}");
}

#[test]
fn a_trust_policy_names_builders_and_repositories() {
    let builder = "[[builder]]\nname = \"Ours\"\nid = \"https://github.com/actions/runner/github-hosted\"\nbuild-level = 3\n\
                   reason = \"ours\"\nkeys = [\"p256.pub.pem\"]";
    let (_made, path) = policy(builder);
    let more = ["--trust", &path, "--source", PRODUCT, "--format", "json"];
    let ran = ask("key-p256-dsse", &more);
    let one = answer(&ran);
    assert_eq!((ran.code, &one["attestations"][0]["builder"]["buildLevel"]), (0, &json!(3)), "{one}");
    assert_eq!(
        answer(&ask("key-p256-dsse", &["--key", &file("keys/p256.pub.pem"), "--source", PRODUCT, "--format", "json"]))
            ["layer"],
        "builder"
    );
    // Without the table that is built in, nobody is left.
    let (_made, path) = policy("known-builders = false");
    assert_eq!(
        answer(&ask("v0.3-dsse", &["--trust", &path, "--source", PRODUCT, "--format", "json"]))["layer"],
        "builder"
    );
    for (repository, expected) in
        [("https://github.com/plimsoll-example/product.git", None), ("github.com/other/product", Some("source"))]
    {
        let (_made, path) = policy(&format!("repositories = [\"{repository}\"]"));
        let one = answer(&ask("v0.3-dsse", &["--trust", &path, "--format", "json"]));
        assert_eq!(one["layer"].as_str(), expected, "{one}");
    }
}
