//! A whole project with its release: what takes it up to the tiers that ask for proof, and what takes it down again.
//!
//! Needs git and ssh-keygen, as the tests of signatures do.

use std::{fs, path::Path};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{common::run, forge::Forge};

/// Some days after the day of the advisory data that is built in.
const AS_OF: &str = "2026-09-10T00:00:00Z";
const REPOSITORY: &str = "https://forge.example/acme/acme";
const BUILDER: &str = "https://builder.acme.example/release@1";

/// The project with a signed commit, a signed tag, a trust policy, and a builder's key.
pub struct Project {
    pub forge: Forge,
    pub builder: Ed25519KeyPair,
}

impl Project {
    pub fn new() -> Option<Self> {
        Self::claiming(&claims())
    }

    /// The same with other claims.
    pub fn claiming(claims: &str) -> Option<Self> {
        let forge = Forge::new()?;
        let keygen = ["-q", "-t", "ed25519", "-N", "", "-C", "maker", "-f", "maker"];
        Forge::run(forge.command("ssh-keygen").args(keygen));
        let public = fs::read_to_string(forge.path("maker.pub")).unwrap();
        fs::write(forge.path("allowed"), format!("maker@example.org {public}")).unwrap();
        for (path, content) in FILES {
            let path = forge.path("repo").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        fs::write(forge.path("repo/plimsoll.toml"), claims).unwrap();
        forge.git(&["-C", "repo", "add", "-A", "-f"], "");
        let builder = Ed25519KeyPair::generate().unwrap();
        let project = Self { forge, builder };
        project.commit("the project");
        project.signed_git(&["tag", "-s", "-m", "1.0.0", "v1.0.0"]);
        fs::write(project.forge.path("builder.pem"), pem(&project.builder)).unwrap();
        fs::write(project.forge.path("trust.toml"), POLICY).unwrap();
        fs::write(project.forge.path("acme"), "the program\n").unwrap();
        Some(project)
    }

    fn signed_git(&self, arguments: &[&str]) {
        let key = self.forge.path("maker").display().to_string();
        let mut command = self.forge.command("git");
        command.args(["-C", "repo", "-c", "gpg.format=ssh", "-c", &format!("user.signingKey={key}")]);
        Forge::run(command.args(arguments));
    }

    pub fn commit(&self, message: &str) {
        self.signed_git(&["commit", "-q", "-S", "-m", message, "-m", "Reviewed-by: Other <other@example.org>"]);
    }

    pub fn head(&self) -> String {
        self.forge.git(&["-C", "repo", "rev-parse", "HEAD"], "").trim().to_owned()
    }

    /// A provenance of `acme` in an envelope that `signer` signed.
    pub fn provenance(&self, name: &str, signer: &Ed25519KeyPair, change: impl FnOnce(&mut Value)) -> String {
        let artifact = fs::read(self.forge.path("acme")).unwrap();
        let mut statement = json!({
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{ "name": "acme", "digest": { "sha256": plimsoll_model::sha256_hex(&artifact) } }],
            "predicateType": "https://slsa.dev/provenance/v1",
            "predicate": {
                "buildDefinition": {
                    "buildType": "https://builder.acme.example/release/v1",
                    "externalParameters": { "source": format!("git+{REPOSITORY}") },
                    "resolvedDependencies": [
                        { "uri": format!("git+{REPOSITORY}@refs/tags/v1.0.0"), "digest": { "gitCommit": self.head() } },
                    ],
                },
                "runDetails": { "builder": { "id": BUILDER } },
            },
        });
        change(&mut statement);
        self.envelope(name, signer, &statement)
    }

    /// A provenance as it has to be.
    pub fn proof(&self) -> String {
        self.provenance("good.dsse.json", &self.builder, |_| {})
    }

    /// A statement in an envelope that `signer` signed.
    fn envelope(&self, name: &str, signer: &Ed25519KeyPair, statement: &Value) -> String {
        let payload = statement.to_string();
        let kind = "application/vnd.in-toto+json";
        let pae = format!("DSSEv1 {} {kind} {} {payload}", kind.len(), payload.len());
        let envelope = json!({
            "payloadType": kind,
            "payload": STANDARD.encode(&payload),
            "signatures": [{ "sig": STANDARD.encode(signer.sign(pae.as_bytes())) }],
        });
        let path = self.forge.path(name);
        fs::write(&path, envelope.to_string()).unwrap();
        path.display().to_string()
    }

    /// The label with the program and these attestations.
    pub fn label(&self, more: &[&str]) -> Value {
        let out = self.forge.path("out");
        let (repo, trust) =
            (self.forge.path("repo").display().to_string(), self.forge.path("trust.toml").display().to_string());
        let mut arguments = vec!["label", &repo, "--as-of", AS_OF, "--trust", &trust, "--quiet", "--no-cache"];
        let out_text = out.display().to_string();
        arguments.extend(["--out", &out_text]);
        arguments.extend(more);
        let ran = run(&arguments);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let label: Value = serde_json::from_slice(&fs::read(out.join("label.json")).unwrap()).unwrap();
        label["predicate"].clone()
    }

    pub fn artifact(&self) -> String {
        self.forge.path("acme").display().to_string()
    }
}

fn pem(key: &Ed25519KeyPair) -> String {
    let mut der = vec![0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];
    der.extend_from_slice(key.public_key().as_ref());
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(der))
}

pub fn level(label: &Value) -> u64 {
    label["tier"]["level"].as_u64().unwrap()
}

fn criterion<'a>(label: &'a Value, id: &str) -> &'a Value {
    label["criteria"].as_array().unwrap().iter().find(|criterion| criterion["id"] == id).unwrap()
}

pub fn missing(label: &Value) -> String {
    let rungs = label["ladder"].as_array().unwrap().iter();
    let all = rungs
        .flat_map(|rung| rung["missing"].as_array().unwrap().iter().map(move |one| format!("{} {one}", rung["level"])));
    format!("{}\n{}", label["tier"], all.collect::<Vec<_>>().join("\n"))
}

#[test]
fn a_release_that_is_proven_to_be_of_this_commit_reaches_tier_3() {
    let Some(project) = Project::new() else { return };
    let without = project.label(&[]);
    assert_eq!(level(&without), 2, "{}", missing(&without));
    let bundle = project.provenance("good.dsse.json", &project.builder, |_| {});
    let label = project.label(&["--artifact", &project.artifact(), "--attestation", &bundle]);
    assert_eq!(level(&label), 3, "{}", missing(&label));
    let bound = criterion(&label, "release.bound");
    assert_eq!((&bound["outcome"], &bound["assurance"]), (&json!("met"), &json!("verified")));
    // Builder, source and commit stand behind the face.
    let page = fs::read_to_string(project.forge.path("out/label.html")).unwrap().replace("&#x2f;", "/");
    for told in [BUILDER, "forge.example/acme/acme", &project.head(), "SLSA Build level 2"] {
        assert!(bound["reason"].as_str().unwrap().contains(told), "{told}: {}", bound["reason"]);
        assert!(page.contains(told), "{told} is not on the page");
    }
    // The same evidence gives the same label, whoever scores it.
    let scored = run(&["score", &project.forge.path("out/evidence.json").display().to_string()]);
    assert_eq!(scored.stdout, fs::read_to_string(project.forge.path("out/label.json")).unwrap());
}

#[test]
fn a_release_of_another_commit_is_named_and_stays_below() {
    let Some(project) = Project::new() else { return };
    let other = "0123456789012345678901234567890123456789";
    let bundle = project.provenance("other.dsse.json", &project.builder, |statement| {
        let material = &mut statement["predicate"]["buildDefinition"]["resolvedDependencies"][0];
        material["digest"]["gitCommit"] = json!(other);
    });
    let label = project.label(&["--artifact", &project.artifact(), "--attestation", &bundle]);
    assert!(level(&label) < 2, "{}", missing(&label));
    let contradictions = label["contradictions"].to_string();
    assert!(contradictions.contains(other) && contradictions.contains("cswp-23/C.2"), "{contradictions}");
    let row = label["face"].as_array().unwrap().iter().find(|row| row["id"] == "origin").unwrap();
    assert_eq!(row["text"], "built from something else");
}

/// A name, who signs, what is changed in a good statement, and what is told of it.
type Forgery<'a> = (&'a str, &'a Ed25519KeyPair, fn(&mut Value), &'a str);

#[test]
fn what_does_not_prove_it_does_not_reach_tier_3() {
    let Some(project) = Project::new() else { return };
    let stranger = Ed25519KeyPair::generate().unwrap();
    let artifact = project.artifact();
    let good = project.provenance("good.dsse.json", &project.builder, |_| {});
    let with = |bundle: &str| {
        let label = project.label(&["--artifact", &artifact, "--attestation", bundle]);
        assert!(level(&label) < 3, "{bundle}: {}", missing(&label));
        criterion(&label, "release.bound")["reason"].as_str().unwrap().to_owned()
    };
    let cases: [Forgery<'_>; 6] = [
        ("stranger", &stranger, |_| {}, "not verified"),
        (
            "builder",
            &project.builder,
            |statement| {
                statement["predicate"]["runDetails"]["builder"]["id"] = json!("https://builder.other.example/1");
            },
            "nobody knows",
        ),
        (
            "source",
            &project.builder,
            |statement| {
                let definition = &mut statement["predicate"]["buildDefinition"];
                definition["externalParameters"]["source"] = json!("git+https://forge.example/evil/acme");
                definition["resolvedDependencies"][0]["uri"] = json!("git+https://forge.example/evil/acme");
            },
            "forge.example/evil/acme",
        ),
        (
            "no-commit",
            &project.builder,
            |statement| {
                statement["predicate"]["buildDefinition"]["resolvedDependencies"] = json!([]);
            },
            "no proof",
        ),
        (
            "subject",
            &project.builder,
            |statement| {
                statement["subject"][0]["digest"]["sha256"] = json!("0".repeat(64));
            },
            "no proof",
        ),
        (
            "predicate",
            &project.builder,
            |statement| {
                statement["predicateType"] = json!("https://slsa.dev/provenance/v9");
            },
            "speaks of what it built alone",
        ),
    ];
    for (name, signer, change, reason) in cases {
        let told = with(&project.provenance(&format!("{name}.dsse.json"), signer, change));
        assert!(told.contains(reason), "{name}: {told}");
    }
    // The file itself is another one.
    fs::write(project.forge.path("acme"), "another program\n").unwrap();
    with(&good);
    // Nobody is trusted: the builder's word counts for nothing.
    fs::write(project.forge.path("acme"), "the program\n").unwrap();
    fs::write(project.forge.path("trust.toml"), POLICY.split("[[builder]]").next().unwrap()).unwrap();
    with(&good);
}

/// A tag that nobody signed would hide all commits before it from the question who signed them.
#[test]
fn only_a_signed_release_ends_the_commits_that_have_to_be_signed() {
    let Some(project) = Project::new() else { return };
    let git = |arguments: &[&str]| project.forge.git(&[&["-C", "repo"], arguments].concat(), "");
    git(&["commit", "-q", "--allow-empty", "-m", "by nobody known", "-m", "Reviewed-by: Other <other@example.org>"]);
    git(&["tag", "v1.0.1"]);
    fs::write(project.forge.path("repo/src/more.rs"), "//! More.\n").unwrap();
    git(&["add", "-A"]);
    project.commit("more");
    project.signed_git(&["tag", "-s", "-m", "1.0.2", "v1.0.2"]);
    let bundle = project.provenance("good.dsse.json", &project.builder, |_| {});
    let artifact = project.artifact();
    let label = || project.label(&["--artifact", &artifact, "--attestation", &bundle]);
    let laid = label();
    assert!(level(&laid) < 3, "{}", missing(&laid));
    assert!(missing(&laid).contains("sign"), "{}", missing(&laid));
    git(&["tag", "-d", "v1.0.1"]);
    project.signed_git(&["tag", "-s", "-m", "1.0.1", "v1.0.1", "HEAD~1"]);
    let signed = label();
    assert_eq!(level(&signed), 3, "{}", missing(&signed));
}

/// A signed tag that is laid under another name says what its maker never said.
#[test]
fn a_tag_counts_under_the_name_that_was_signed() {
    let Some(project) = Project::new() else { return };
    let proven = |label: &Value| criterion(label, "signatures.release-tags")["outcome"] == "met";
    assert!(proven(&project.label(&[])));
    let object = project.forge.git(&["-C", "repo", "rev-parse", "v1.0.0"], "");
    project.forge.git(&["-C", "repo", "update-ref", "refs/tags/v2.0.0", object.trim()], "");
    project.forge.git(&["-C", "repo", "update-ref", "-d", "refs/tags/v1.0.0"], "");
    let renamed = project.label(&[]);
    assert!(!proven(&renamed), "{}", criterion(&renamed, "signatures.release-tags"));
    assert_ne!(criterion(&renamed, "release.signed")["outcome"], "met");
    assert!(level(&renamed) < 3, "{}", missing(&renamed));
}

/// What a forge's verifier says of a revision lies in the notes on its commit.
#[test]
fn a_summary_in_the_notes_raises_the_source_track() {
    let Some(project) = Project::new() else { return };
    let verifier = Ed25519KeyPair::generate().unwrap();
    fs::write(project.forge.path("verifier.pem"), pem(&verifier)).unwrap();
    fs::write(project.forge.path("trust.toml"), format!("{POLICY}\n[[key]]\nfiles = [\"verifier.pem\"]\n")).unwrap();
    let level_3 = |statement: &Value, signer: &Ed25519KeyPair| {
        let note = project.envelope("note", signer, statement);
        project.forge.git(&["-C", "repo", "notes", "add", "-f", "-F", &note, "HEAD"], "");
        let label = project.label(&[]);
        let entries = label["catalogs"].as_array().unwrap().iter().flat_map(|one| one["entries"].as_array().unwrap());
        let found = entries.clone().find(|entry| entry["id"] == "Source.L3").unwrap().clone();
        (found["outcome"].as_str().unwrap().to_owned(), found["assurance"].as_str().map(ToOwned::to_owned))
    };
    let summary = |commit: &str, result: &str, level: &str| {
        json!({
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{ "digest": { "gitCommit": commit } }],
            "predicateType": "https://slsa.dev/verification_summary/v1",
            "predicate": {
                "verifier": { "id": "https://forge.example/verifier" },
                "timeVerified": "2026-08-02T00:00:00Z",
                "resourceUri": format!("git+{REPOSITORY}"),
                "policy": { "uri": "https://forge.example/policy" },
                "verificationResult": result,
                "verifiedLevels": [level],
            },
        })
    };
    let head = project.head();
    let proven = ("met".to_owned(), Some("verified".to_owned()));
    assert_eq!(level_3(&summary(&head, "PASSED", "SLSA_SOURCE_LEVEL_3"), &verifier), proven);
    let stranger = Ed25519KeyPair::generate().unwrap();
    for (statement, signer) in [
        (summary(&head, "FAILED", "SLSA_SOURCE_LEVEL_3"), &verifier),
        (summary(&head, "PASSED", "SLSA_SOURCE_LEVEL_2"), &verifier),
        (summary(&"0".repeat(40), "PASSED", "SLSA_SOURCE_LEVEL_3"), &verifier),
        (summary(&head, "PASSED", "SLSA_SOURCE_LEVEL_3"), &stranger),
    ] {
        assert_ne!(level_3(&statement, signer).0, "met", "{statement}");
    }
}

#[test]
fn a_tag_of_somebody_else_does_not_prove_the_claimant() {
    let Some(project) = Project::new() else { return };
    let bundle = project.provenance("good.dsse.json", &project.builder, |_| {});
    let policy = POLICY.replace("name = \"Acme Ltd\"", "name = \"Somebody else\"");
    fs::write(project.forge.path("trust.toml"), policy).unwrap();
    let label = project.label(&["--artifact", &project.artifact(), "--attestation", &bundle]);
    assert_eq!(level(&label), 2, "{}", missing(&label));
    assert_eq!(criterion(&label, "product.claimant-proven")["outcome"], "unmet");
}

#[test]
fn the_tags_and_files_of_the_policy_have_to_be_there() {
    let Some(project) = Project::new() else { return };
    fs::remove_file(project.forge.path("builder.pem")).unwrap();
    let (repo, trust) =
        (project.forge.path("repo").display().to_string(), project.forge.path("trust.toml").display().to_string());
    let ran = run(&["label", &repo, "--trust", &trust]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("builder.pem"), "{}", ran.stderr);
    assert!(Path::new(&trust).exists());
}

const POLICY: &str = r#"
schema = 1
repositories = ["https://forge.example/acme/acme"]

[[party]]
id = "maker"
name = "Acme Ltd"

[[ssh]]
allowed-signers = ["allowed"]
party = "maker"

[[builder]]
name = "Acme release machine"
id = "https://builder.acme.example/release"
keys = ["builder.pem"]
build-level = 2
reason = "a machine for releases alone signs with its own key"
"#;

const FILES: &[(&str, &str)] = &[
    (
        "Cargo.toml",
        "[package]\nname = \"acme\"\nversion = \"1.0.0\"\nedition = \"2021\"\nlicense = \"MIT\"\n\n[dependencies]\n",
    ),
    ("Cargo.lock", "version = 4\n\n[[package]]\nname = \"acme\"\nversion = \"1.0.0\"\n"),
    (
        "src/lib.rs",
        "#![forbid(unsafe_code)]\npub fn a() -> u8 { 1 }\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn t() { assert_eq!(super::a(), 1); }\n}\n",
    ),
    (
        "SECURITY.md",
        "# Security\nReport in private to sec@acme.dev.\nWe answer within 5 days.\nSupported versions: 1.x gets security updates.\n",
    ),
    (".github/CODEOWNERS", "* @acme/team\n"),
    (
        ".github/dependabot.yml",
        "version: 2\nupdates:\n  - package-ecosystem: cargo\n    directory: /\n    schedule:\n      interval: weekly\n",
    ),
    ("rust-toolchain.toml", "[toolchain]\nchannel = \"1.95.0\"\n"),
    ("clippy.toml", "msrv = \"1.80\"\n"),
    (
        ".github/workflows/ci.yml",
        "name: ci\non: [push, pull_request]\npermissions:\n  contents: read\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683\n      - run: cargo test\n      - run: cargo clippy -- -D warnings\n      - run: cargo audit\n      - run: cargo cyclonedx\n",
    ),
    (
        "sbom.cdx.json",
        "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[{\"type\":\"application\",\"name\":\"acme\",\"version\":\"1.0.0\",\"purl\":\"pkg:cargo/acme@1.0.0\"}]}\n",
    ),
];

/// What the maker says: an honest "no" to everything but the origin of releases.
pub fn claims() -> String {
    let practices = "PO.1 PO.2 PO.3 PO.4 PO.5 PS.1 PS.2 PS.3 PW.1 PW.2 PW.4 PW.5 PW.6 PW.7 PW.8 PW.9 RV.1 RV.2 RV.3";
    let answers = practices.split(' ').map(|id| format!("\"{id}\" = \"no\"\n")).collect::<String>();
    let rows =
        "C.1 C.3 C.4 C.5 P.1 P.2 P.3 P.4 P.5".split(' ').map(|id| format!("\"{id}\" = \"no\"\n")).collect::<String>();
    format!(
        r#"schema = 1
date = 2026-08-01
review-by = 2027-07-01

[product]
name = "acme"
version = "1.0.0"
claimant = "Acme Ltd"
contact = "sec@acme.example"
url = "https://acme.example"
platforms = ["Linux"]
delivery = "source"

[scope]
inside = ["acme"]
outside = ["nothing else"]

[support]
status = "supported"
until = 2028-01-01
update-method = "notice"

[claims."ssdf-1.1"]
{answers}
[claims."cswp-23"]
"C.2" = "done"
{rows}"#
    )
}
