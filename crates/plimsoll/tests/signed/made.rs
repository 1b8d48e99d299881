//! What the tests sign with, and what they sign.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::LazyLock,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use plimsoll::without_countersignatures;
use plimsoll::{AuditorStatement, Verification, VerificationPolicy};
use plimsoll_attest::{KeyKind, Signer as _, SigningKey};
use plimsoll_model::{Auditor, Evidence, Extra, sha256_hex, to_canonical};
use plimsoll_practices::Practices;
use plimsoll_trust::TrustPolicy;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A moment at which the labels of the fixtures hold.
pub const NOW: &str = "2026-11-20T00:00:00Z";

pub fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Practices of one criterion, one entry and two tiers: what a label has to have at the least.
pub static TINY: LazyLock<Practices> =
    LazyLock::new(|| Practices::load(&tiny_files(), &plimsoll::kind_names()).unwrap());

pub fn tiny_files() -> BTreeMap<String, String> {
    let files = [
        (
            "criteria/a.toml",
            r#"
[[criterion]]
id = "a.b"
asks = "?"
needs = ["tag"]
met = "tag.size() > 0"
quantifier = "some"
assurance = "observed"
effort = "minutes"
why = "w"
fix = "f"
refs = ["r"]
since = "0"
examples = { met = ["m"], unmet = ["u"], unknown = ["k"] }
"#,
        ),
        (
            "catalogs/c.toml",
            r#"
[catalog]
id = "c"
framework = "c"
title = "t"
version = "1"
source = "s"
entries = 1
[[group]]
id = "g"
title = "t"
[[entry]]
id = "E"
group = "g"
title = "t"
reach = "observed"
claimable = false
supported-by = ["a.b"]
"#,
        ),
        (
            "tiers/t.toml",
            r#"
row = []
[limits]
label_days = 90
[[tier]]
level = 0
name = "U"
sentence = "s"
[[tier]]
level = 1
name = "D"
sentence = "s"
[[tier.demands]]
at = "observed"
by = "evidence"
criteria = ["a.b"]
[[contradiction]]
entries = ["*"]
cap = 0
[source]
word-of-maker = []
only-maker = []
"#,
        ),
    ];
    files.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
}

/// Evidence with one kind and `tags` facts of it.
pub fn tiny_evidence(tags: usize) -> Evidence {
    let facts: Vec<Value> = (0..tags)
        .map(|number| {
            json!({
                "kind": "tag", "subject": { "type": "tag", "id": format!("v{number}") }, "assurance": "observed",
                "body": {
                    "name": format!("v{number}"), "target": "1".repeat(40), "annotated": false, "date": null,
                    "signature": "none", "release": false, "version": null, "newest": false,
                },
                "pointers": [],
            })
        })
        .collect();
    let evidence = json!({
        "schemaVersion": "1.0",
        "tool": { "name": "plimsoll", "version": "0.1.0" },
        "subject": {
            "commit": "1".repeat(40), "objectFormat": "sha1", "committed": "2026-10-30T12:00:00Z", "artifacts": [],
            "worktree": false,
        },
        "asOf": "2026-11-01T00:00:00Z",
        "inputs": {},
        "kinds": { "tag": {
            "collector": "tags", "status": "searched", "searched": "tags", "searchedCount": tags, "count": tags,
        } },
        "facts": facts,
    });
    plimsoll::read_evidence(evidence.to_string().as_bytes()).unwrap()
}

/// The built-in practices.
pub static BUILT_IN: LazyLock<Practices> = LazyLock::new(|| plimsoll::practices(None).unwrap());

/// The label that follows from evidence, in canonical bytes.
pub fn label_of(evidence: &Evidence, practices: &Practices) -> Vec<u8> {
    to_canonical(&plimsoll_score::score(evidence, practices, &plimsoll::tool()).unwrap()).unwrap()
}

/// A label with something changed in it, as if it had been computed so.
pub fn changed(label: &[u8], change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut value: Value = serde_json::from_slice(label).unwrap();
    change(&mut value);
    to_canonical(&value).unwrap()
}

/// The evidence of the fixtures that has every tier's proof but the countersignature's, which is not a real one.
pub fn good_evidence() -> Evidence {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/evidence/tier-4.json");
    let mut evidence = without_countersignatures(&plimsoll::read_evidence(&fs::read(path).unwrap()).unwrap());
    evidence.sort();
    evidence
}

pub fn digest_of(evidence: &Evidence) -> String {
    sha256_hex(&to_canonical(evidence).unwrap())
}

/// Keys by name, and the folder with their public halves and the policies over them.
pub struct Keys {
    folder: TempDir,
    keys: BTreeMap<&'static str, SigningKey>,
}

/// The name of a party in the whole policy, and whether it has it as independent.
type Party = (&'static str, bool);

/// Names, kinds, and parties; no party for strangers.
const KEYS: [(&str, KeyKind, Option<Party>); 7] = [
    ("maker", KeyKind::Ed25519, Some(("Example Works Ltd.", true))),
    ("maker-p256", KeyKind::EcdsaP256, None),
    ("maker-p384", KeyKind::EcdsaP384, None),
    ("auditor", KeyKind::EcdsaP256, Some(("Example Audit Ltd", true))),
    ("second", KeyKind::Ed25519, Some(("Second Audit Ltd", true))),
    ("friend", KeyKind::Ed25519, Some(("A friend", false))),
    ("stranger", KeyKind::Ed25519, None),
];

impl Keys {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut policy = "schema = 1\n".to_owned();
        let mut keys = BTreeMap::new();
        for (name, kind, party) in KEYS {
            let key = SigningKey::generate(kind).unwrap();
            fs::write(folder.path().join(format!("{name}.pub")), key.public_key().pem()).unwrap();
            if let Some((called, independent)) = party {
                policy += &format!("[[party]]\nid = \"{name}\"\nname = \"{called}\"\nindependent = {independent}\n");
                policy += &format!("[[key]]\nfiles = [\"{name}.pub\"]\nparty = \"{name}\"\n");
            }
            keys.insert(name, key);
        }
        fs::write(folder.path().join("trust.toml"), policy).unwrap();
        Self { folder, keys }
    }

    pub fn key(&self, name: &str) -> &SigningKey {
        &self.keys[name]
    }

    /// A policy that has everybody but the strangers, with their parties.
    pub fn policy(&self) -> TrustPolicy {
        TrustPolicy::load(&self.folder.path().join("trust.toml")).unwrap()
    }

    /// The keys of `names` and nothing else, as `--key` gives them.
    pub fn only(&self, names: &[&str]) -> TrustPolicy {
        let mut policy = TrustPolicy::new();
        for name in names {
            policy.add_public_keys(&self.folder.path().join(format!("{name}.pub")), None).unwrap();
        }
        policy
    }

    /// A policy that has `builder` as a builder, and beside it the keys of `names`.
    pub fn beside_builder(&self, builder: &str, names: &[&str]) -> TrustPolicy {
        let path = self.folder.path().join("builder.toml");
        let text = format!(
            "schema = 1\n[[builder]]\nname = \"Farm\"\nid = \"https://farm.example\"\nkeys = [\"{builder}.pub\"]\nbuild-level = 2\nreason = \"ours\"\n"
        );
        fs::write(&path, text).unwrap();
        let mut policy = TrustPolicy::load(&path).unwrap();
        for name in names {
            policy.add_public_keys(&self.folder.path().join(format!("{name}.pub")), None).unwrap();
        }
        policy
    }

    pub fn sign(&self, name: &str, label: &[u8]) -> Vec<u8> {
        plimsoll::sign_label(label, None, self.key(name)).unwrap()
    }

    /// What `name` says of a label over evidence: both by their digests.
    pub fn countersign(
        &self,
        name: &str,
        label: &str,
        evidence: &str,
        change: impl FnOnce(&mut AuditorStatement),
    ) -> Vec<u8> {
        let mut word = AuditorStatement {
            auditor: Auditor {
                name: "Whoever".to_owned(),
                role: "auditor".to_owned(),
                independent: true,
                extra: Extra::new(),
            },
            time: time("2026-11-10T10:00:00Z"),
            rebuilt: Vec::new(),
        };
        change(&mut word);
        plimsoll::countersign(label, evidence, &word, self.key(name)).unwrap()
    }

    pub fn revoke(&self, name: &str, bundle: &[u8]) -> Vec<u8> {
        plimsoll::revoke(bundle, "a mistake", None, time("2026-11-15T00:00:00Z"), self.key(name)).unwrap()
    }

    /// Any statement, signed as it is.
    pub fn sign_any(&self, name: &str, statement: &Value) -> Vec<u8> {
        plimsoll_attest::sign(&to_canonical(statement).unwrap(), self.key(name)).unwrap()
    }
}

/// Nothing is asked but the signature and the moment.
pub fn asked() -> VerificationPolicy<'static> {
    VerificationPolicy {
        keys: Vec::new(),
        identity: None,
        issuer: None,
        run_of: None,
        artifacts: Vec::new(),
        commit: None,
        has_claims: false,
        evidence: None,
        with: &[],
        min_tier: None,
        max_age_days: None,
        now: time(NOW),
    }
}

/// Names of the checks that fail, with their reasons.
pub fn failed(answer: &Verification) -> Vec<(&'static str, String)> {
    let failed = answer.checks.iter().filter(|check| check.verdict == plimsoll_model::CheckVerdict::Failed);
    failed.map(|check| (check.name, check.reason.clone())).collect()
}

/// The bundle and, inside, the statement as JSON.
pub fn opened(bundle: &[u8]) -> (Value, Value) {
    let bundle: Value = serde_json::from_slice(bundle).unwrap();
    let payload = STANDARD.decode(bundle["dsseEnvelope"]["payload"].as_str().unwrap()).unwrap();
    (bundle, serde_json::from_slice(&payload).unwrap())
}

/// Names that stand once in a list.
pub fn set<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'a str> {
    names.into_iter().collect()
}

/// A label of tier 3 that the maker signed, and all that belongs to it.
pub struct Scene {
    pub keys: Keys,
    pub evidence: Evidence,
    pub bytes: Vec<u8>,
    pub label: Vec<u8>,
    pub bundle: Vec<u8>,
}

impl Scene {
    pub fn new() -> Self {
        let keys = Keys::new();
        let evidence = good_evidence();
        let label = label_of(&evidence, &BUILT_IN);
        let bundle = keys.sign("maker", &label);
        Self { keys, bytes: to_canonical(&evidence).unwrap(), evidence, label, bundle }
    }
}
