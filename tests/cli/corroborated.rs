//! A label that somebody independent comes to again: signed, audited, countersigned, and what the fourth tier rests on.

use std::fs;

use serde_json::{Value, json};

use crate::{
    common::{Ran, run},
    tiers::{Project, claims, level, missing},
};

/// When it is countersigned, and when somebody reads it.
const THEN: &str = "2026-09-12T00:00:00Z";
const LATER: &str = "2026-09-20T00:00:00Z";

/// A project at the third tier, its label signed, and an auditor with a key.
struct Released {
    project: Project,
    provenance: String,
}

impl Released {
    fn new() -> Option<Self> {
        // What is not recognised in source is no matter where it does not apply.
        let mut text = claims();
        for id in ["C.3", "C.5"] {
            let answer =
                format!("\"{id}\" = {{ answer = \"not-applicable\", note = \"no accounts, no cryptography\" }}");
            text = text.replace(&format!("\"{id}\" = \"no\""), &answer);
        }
        let project = Project::claiming(&text)?;
        let provenance = project.provenance("good.dsse.json", &project.builder, |_| {});
        let label = project.label(&["--artifact", &project.artifact(), "--attestation", &provenance]);
        assert_eq!(level(&label), 3, "{}", missing(&label));
        let released = Self { project, provenance };
        for name in ["maker-label", "auditor", "stranger"] {
            done(&["key", "generate", "--no-passphrase", "--out", &released.path(name)]);
        }
        fs::write(released.path("reader.toml"), POLICY).unwrap();
        done(&["sign", &released.path("out/label.json"), "--key", &released.path("maker-label.key")]);
        Some(released)
    }

    fn path(&self, name: &str) -> String {
        self.project.forge.path(name).display().to_string()
    }

    fn audit(&self, more: &[&str]) -> Ran {
        let (bundle, repo, trust, reader) = (
            self.path("out/label.sigstore.json"),
            self.path("repo"),
            self.path("trust.toml"),
            self.path("reader.toml"),
        );
        let artifact = self.project.artifact();
        let mut arguments = vec!["audit", &bundle, "--repo", &repo, "--their-trust", &trust, "--trust", &reader];
        arguments.extend(["--artifact", &artifact, "--attestation", &self.provenance, "--as-of", THEN]);
        arguments.extend(more);
        run(&arguments)
    }

    /// The countersignature of `signer`, with what it declares.
    fn countersign(&self, signer: &str, out: &str, more: &[&str]) -> Ran {
        let key = self.path(&format!("{signer}.key"));
        let out = self.path(out);
        let (bundle, repo, trust, reader) = (
            self.path("out/label.sigstore.json"),
            self.path("repo"),
            self.path("trust.toml"),
            self.path("reader.toml"),
        );
        let artifact = self.project.artifact();
        let mut arguments = vec!["countersign", &bundle, "--repo", &repo, "--their-trust", &trust, "--trust", &reader];
        arguments.extend(["--artifact", &artifact, "--attestation", &self.provenance, "--as-of", THEN]);
        arguments.extend(["--sign-key", &key, "--name", "Example Audit", "--out", &out]);
        arguments.extend(more);
        run(&arguments)
    }

    /// The label with these countersignatures, by a policy, signed by the maker.
    fn corroborated(&self, with: &[&str], policy: &str) -> Value {
        let (label, trust, out) = (self.path("out/label.sigstore.json"), self.path(policy), self.path("corroborated"));
        let mut arguments = vec!["refresh", &label, "--trust", &trust, "--as-of", THEN, "--out", &out, "--quiet"];
        let with: Vec<String> = with.iter().map(|name| self.path(name)).collect();
        for path in &with {
            arguments.extend(["--with", path]);
        }
        done(&arguments);
        done(&["sign", &self.path("corroborated/label.json"), "--key", &self.path("maker-label.key")]);
        let text = fs::read_to_string(self.path("corroborated/label.json")).unwrap();
        serde_json::from_str::<Value>(&text).unwrap()["predicate"].clone()
    }

    /// The tier that counts for a reader, and why it is not the one that is stated.
    fn counted(&self, policy: &str, more: &[&str]) -> (u64, Value) {
        let (bundle, trust) = (self.path("corroborated/label.sigstore.json"), self.path(policy));
        let mut arguments = vec!["verify", &bundle, "--trust", &trust, "--as-of", LATER, "--format", "json"];
        arguments.extend(more);
        let ran = run(&arguments);
        let answer: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stderr));
        let one = answer["labels"][0].clone();
        assert_eq!(ran.code == 0, one["verified"] == json!(true));
        (one["countedTier"].as_u64().unwrap(), one)
    }
}

fn done(arguments: &[&str]) -> Ran {
    let ran = run(arguments);
    assert_eq!(ran.code, 0, "{arguments:?}\n{}\n{}", ran.stdout, ran.stderr);
    ran
}

#[test]
fn somebody_independent_who_comes_to_the_same_leads_to_tier_4() {
    let Some(released) = Released::new() else { return };
    let audited = released.audit(&[]);
    assert_eq!(audited.code, 0, "{}", audited.stdout);
    let artifact = released.project.artifact();
    let signed = released.countersign("auditor", "cs.json", &["--independent", "--rebuilt", &artifact]);
    assert_eq!(signed.code, 0, "{}{}", signed.stdout, signed.stderr);
    let label = released.corroborated(&["cs.json"], "reader.toml");
    assert_eq!(level(&label), 4, "{}", missing(&label));
    assert_eq!(label["countersigned"][0]["by"], "Example Audit Ltd", "the name of the policy, not the own word");

    let (evidence, with) = (released.path("corroborated/evidence.json"), released.path("cs.json"));
    let whole = ["--evidence", &evidence, "--with", &with];
    let (tier, answer) = released.counted("reader.toml", &whole);
    assert_eq!(tier, 4, "{answer}");
    let enough = [&whole[..], &["--min-tier", "4", "--artifact", &artifact]].concat();
    assert_eq!(released.counted("reader.toml", &enough).0, 4);

    // Who does not have all of it in hand relies on no more than what does not rest on it.
    for less in [&[][..], &["--evidence", &evidence], &["--with", &with]] {
        let (tier, answer) = released.counted("reader.toml", less);
        assert_eq!((tier, &answer["statedTier"]), (3, &json!(4)), "{less:?} {answer}");
        let asked = [less, &["--min-tier", "4"]].concat();
        let (tier, answer) = released.counted("reader.toml", &asked);
        assert_eq!((tier, &answer["verified"]), (0, &json!(false)), "{less:?} {answer}");
    }
    // Nor does anybody whose policy has the auditor otherwise.
    let policies = [
        ("not-independent.toml", POLICY.replace("independent = true", "independent = false")),
        (
            "claimant.toml",
            POLICY
                .replace("Example Audit Ltd", "Acme Ltd")
                .replace("id = \"maker\"\nname = \"Acme Ltd\"", "id = \"maker\"\nname = \"Other\""),
        ),
        ("no-auditor.toml", POLICY.split("[[key]]\nfiles = [\"auditor.pub\"]").next().unwrap().to_owned()),
    ];
    for (name, policy) in policies {
        fs::write(released.path(name), policy).unwrap();
        assert_eq!(released.counted(name, &whole).0, 3, "{name}");
    }

    // What was taken back by who made it counts no more; by a stranger it does.
    for (key, expected) in [("stranger", 4), ("auditor", 3)] {
        let back = released.path(&format!("back-{key}.json"));
        let key = released.path(&format!("{key}.key"));
        done(&["revoke", &with, "--key", &key, "--reason", "it was not looked at", "--out", &back, "--as-of", THEN]);
        let (tier, answer) = released.counted("reader.toml", &[&whole[..], &["--with", &back]].concat());
        assert_eq!(tier, expected, "{answer}");
    }

    // An auditor who starts from the corroborated label comes to it as well.
    let (bundle, repo, trust) =
        (released.path("corroborated/label.sigstore.json"), released.path("repo"), released.path("trust.toml"));
    let reader = released.path("reader.toml");
    let mut again = vec!["audit", &bundle, "--repo", &repo, "--trust", &reader, "--with", &with, "--as-of", LATER];
    again.extend([
        "--artifact",
        &artifact,
        "--attestation",
        &released.provenance,
        "--their-trust",
        &trust,
        "--format",
        "json",
    ]);
    let report: Value = serde_json::from_str(&run(&again).stdout).unwrap();
    assert_eq!(report["score"]["verdict"], "identical", "{report}");
    // The policy by which the countersignature was judged is another than that of the collection: told, and no difference.
    assert_eq!(report["collect"]["verdict"], "incomplete", "{report}");
    assert!(report["collect"]["missing"].to_string().contains("--their-countersignature-trust"), "{report}");
    again.extend(["--their-countersignature-trust", &reader]);
    let report: Value = serde_json::from_str(&run(&again).stdout).unwrap();
    assert_eq!(report["verdict"], "identical", "{report}");
    // By a policy that knows no committer and no builder it is worth less; the countersignature counts at a later day as well.
    assert_eq!(report["judged"]["tier"], 2, "{report}");
    let changes = report["judged"]["changes"].as_array().unwrap();
    assert!(changes.iter().all(|change| change["id"] != "label.countersigned"), "{changes:?}");

    // A second auditor who starts from there says the same of the same evidence, and both count.
    let second = released.path("second.json");
    let policy = POLICY.to_owned() + "\n[[party]]\nid = \"other\"\nname = \"Other Audit\"\nindependent = true\n";
    let policy = policy + "\n[[key]]\nfiles = [\"stranger.pub\"]\nparty = \"other\"\n";
    fs::write(released.path("two.toml"), policy).unwrap();
    let (key, two) = (released.path("stranger.key"), released.path("two.toml"));
    let mut other =
        vec!["countersign", &bundle, "--repo", &repo, "--trust", &reader, "--with", &with, "--as-of", LATER];
    other.extend(["--artifact", &artifact, "--attestation", &released.provenance, "--their-trust", &trust]);
    other.extend(["--their-countersignature-trust", &reader, "--sign-key", &key, "--name", "O", "--independent"]);
    other.extend(["--out", &second]);
    done(&other);
    let out = released.path("both");
    let both =
        ["refresh", &bundle, "--with", &with, "--with", &second, "--trust", &two, "--as-of", LATER, "--out", &out];
    done(&both);
    let text = fs::read_to_string(released.path("both/label.json")).unwrap();
    let label: Value = serde_json::from_str(&text).unwrap();
    let counted = label["predicate"]["countersigned"].as_array().unwrap();
    assert!(counted.len() == 2 && counted.iter().all(|one| one["counts"] == json!(true)), "{counted:?}");
}

#[test]
fn what_is_not_independent_or_not_the_same_stays_below() {
    let Some(released) = Released::new() else { return };
    let artifact = released.project.artifact();
    // Without the declaration, by a stranger, by who signed the label.
    let own = released.countersign("maker-label", "own.json", &["--independent"]);
    assert_eq!((own.code, own.stderr.contains("needs another key")), (2, true), "{}", own.stderr);
    for (signer, out, more) in [
        ("auditor", "quiet.json", &[][..]),
        ("stranger", "stranger.json", &["--independent"]),
        ("maker-label", "own.json", &[]),
    ] {
        let signed = released.countersign(signer, out, more);
        assert_eq!(signed.code, 0, "{}", signed.stderr);
        let label = released.corroborated(&[out], "reader.toml");
        assert_eq!(level(&label), 3, "{signer}: {}", missing(&label));
        assert!(label["countersigned"][0]["reason"].is_string(), "{label}");
    }
    // A file of another release was not built again.
    fs::write(released.path("other"), "another program\n").unwrap();
    let refused = released.countersign("auditor", "no.json", &["--independent", "--rebuilt", &released.path("other")]);
    assert_eq!((refused.code, refused.stderr.contains("not one of the files")), (2, true), "{}", refused.stderr);
    // Nothing is signed where it does not come out the same: a policy that is not the one of then.
    fs::write(released.path("trust.toml"), fs::read_to_string(released.path("trust.toml")).unwrap() + "\n# changed\n")
        .unwrap();
    let refused = released.countersign("auditor", "no.json", &["--independent", "--rebuilt", &artifact]);
    assert_eq!(refused.code, 1, "{}", refused.stderr);
    assert!(refused.stdout.contains("--their-trust") && refused.stdout.starts_with("INCOMPLETE"), "{}", refused.stdout);
    assert!(!fs::exists(released.path("no.json")).unwrap());
}

#[test]
fn newer_advisories_take_the_word_of_others_away() {
    let Some(released) = Released::new() else { return };
    let artifact = released.project.artifact();
    let signed = released.countersign("auditor", "cs.json", &["--independent", "--rebuilt", &artifact]);
    assert_eq!(signed.code, 0, "{}", signed.stderr);
    assert_eq!(level(&released.corroborated(&["cs.json"], "reader.toml")), 4);
    let (label, out, trust, with) = (
        released.path("corroborated/label.sigstore.json"),
        released.path("anew"),
        released.path("reader.toml"),
        released.path("cs.json"),
    );
    done(&[
        "refresh",
        &label,
        "--advisories",
        "embedded",
        "--with",
        &with,
        "--trust",
        &trust,
        "--as-of",
        THEN,
        "--out",
        &out,
        "--quiet",
    ]);
    let text = fs::read_to_string(released.path("anew/label.json")).unwrap();
    let anew: Value = serde_json::from_str(&text).unwrap();
    let body = &anew["predicate"];
    assert_eq!(level(body), 3, "{}", missing(body));
    assert!(body["countersigned"][0]["reason"].as_str().unwrap().contains("other evidence"), "{body}");
    // It names the label that it follows, and whoever has it knows that the other has ended.
    let sha256 = |name: &str| plimsoll_model::sha256_hex(&fs::read(released.path(name)).unwrap());
    assert_eq!(body["follows"]["label"]["sha256"], sha256("corroborated/label.json"));
    assert_eq!(body["follows"]["evidence"]["sha256"], sha256("corroborated/evidence.json"));
    done(&["sign", &released.path("anew/label.json"), "--key", &released.path("maker-label.key")]);
    let (tier, answer) = released.counted("reader.toml", &["--with", &released.path("anew/label.sigstore.json")]);
    assert_eq!((tier, &answer["verified"]), (0, &json!(false)), "{answer}");
    let ended = answer["checks"].as_array().unwrap().iter().find(|check| check["name"] == "revocation").unwrap();
    assert!(ended["reason"].as_str().unwrap().contains("a later label follows it"), "{ended}");
}

#[test]
fn a_label_and_what_is_said_of_it_lie_beside_the_file() {
    let Some(released) = Released::new() else { return };
    let artifact = released.project.artifact();
    let (bundle, word) = (released.path("out/label.sigstore.json"), released.path("cs.json"));
    assert_eq!(released.countersign("auditor", "cs.json", &["--independent"]).code, 0);
    // A word about a label that is not there speaks of nothing.
    let early = run(&["attach", &word, &artifact]);
    assert_eq!((early.code, early.stderr.contains("attach that first")), (2, true), "{}", early.stderr);
    for statement in [&bundle, &word] {
        done(&["attach", statement, &artifact]);
        done(&["attach", statement, &artifact]);
    }
    let out = released.path("found");
    let found = done(&["fetch", &artifact, "--out", &out, "--format", "json"]);
    let found: Value = serde_json::from_str(&found.stdout).unwrap();
    let kinds: Vec<&str> =
        found["statements"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.len(), 2, "{found}");
    assert!(kinds.contains(&"label") && kinds.contains(&"countersignature"), "{found}");
    for one in found["statements"].as_array().unwrap() {
        let given = if one["kind"] == "label" { &bundle } else { &word };
        let same =
            fs::read(one["file"].as_str().unwrap()).unwrap().trim_ascii() == fs::read(given).unwrap().trim_ascii();
        assert!(same, "{one}");
    }
    // Of another file it does not speak, and nothing is found beside it.
    fs::write(released.path("other"), "another program\n").unwrap();
    let other = run(&["attach", &bundle, &released.path("other")]);
    assert_eq!(other.code, 2, "{}", other.stderr);
    let nothing = run(&["fetch", &released.path("other")]);
    assert_eq!((nothing.code, nothing.stdout.as_str()), (1, ""), "{}", nothing.stderr);
}

const POLICY: &str = r#"
schema = 1
repositories = ["https://forge.example/acme/acme"]

[[party]]
id = "maker"
name = "Acme Ltd"

[[party]]
id = "audit"
name = "Example Audit Ltd"
independent = true

[[key]]
files = ["maker-label.pub"]
party = "maker"

[[key]]
files = ["auditor.pub"]
party = "audit"
"#;
