//! An audit of what was made honestly, with all that may be given to it.

use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use plimsoll::{Audit, AuditorStatement, Repository, VerificationPolicy};
use plimsoll_collect::{Inputs, Target};
use plimsoll_model::{AuditReport, AuditVerdict, CheckVerdict, Evidence, Outcome, RepetitionVerdict, to_canonical};
use plimsoll_testkit::Repo;
use plimsoll_trust::TrustPolicy;
use serde_json::{Value, json};

use crate::made::{BUILT_IN, Keys, NOW, asked, label_of, time};

pub const AS_OF: &str = "2026-11-01T00:00:00Z";
pub const LOCK: &str = "version = 4\n\n[[package]]\nname = \"demo\"\nversion = \"1.2.3\"\ndependencies = [\"smallvec\"]\n\n[[package]]\nname = \"smallvec\"\nversion = \"0.6.9\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"0000000000000000000000000000000000000000000000000000000000000000\"\n";
pub const MANIFEST: &str =
    "[package]\nname = \"demo\"\nversion = \"1.2.3\"\nedition = \"2021\"\n\n[dependencies]\nsmallvec = \"0.6\"\n";
pub const CLAIMS: &str = "schema = 1\ndate = 2026-08-01\nreview-by = 2027-07-01\n\n[product]\nname = \"demo\"\nversion = \"1.2.3\"\nclaimant = \"Example Works Ltd.\"\ncontact = \"sec@acme.example\"\nurl = \"https://acme.dev\"\nplatforms = [\"Linux\"]\ndelivery = \"source\"\n\n[scope]\ninside = [\"demo\"]\noutside = [\"nothing else\"]\n\n[support]\nstatus = \"supported\"\nuntil = 2028-01-01\nupdate-method = \"notice\"\n\n[claims.\"ssdf-1.1\"]\n\"PO.1\" = \"no\"\n";

/// A private key that is none, put together at run time.
fn secret() -> String {
    let mut der = vec![0x30, 61, 0x02, 0x01, 0x00];
    der.extend((0..58_u8).map(|byte| byte.wrapping_mul(37)));
    let (begin, end) = ("-----BEGIN", "-----END");
    format!("{begin} PRIVATE KEY-----\n{}\n{end} PRIVATE KEY-----\n", STANDARD.encode(der))
}

pub fn inputs(as_of: Timestamp, policy: TrustPolicy) -> Inputs {
    let mut inputs = Inputs::new(plimsoll::tool(), as_of);
    inputs.policy = policy;
    inputs
}

/// A repository of two commits, and its label as its maker makes it.
pub struct Made {
    repo: Repo,
    keys: Keys,
    pub evidence: Value,
    pub label: Vec<u8>,
}

impl Made {
    pub fn new() -> Self {
        let repo = Repo::new()
            .file("Cargo.toml", MANIFEST)
            .file("Cargo.lock", LOCK)
            .file("plimsoll.toml", CLAIMS)
            .file("src/lib.rs", "#![forbid(unsafe_code)]\n#[test]\nfn a() {}\n")
            .file("SECURITY.md", "# Security\n\nWrite privately to security@acme.dev.\n\nThanks.\n")
            .commit("first")
            .file("src/key.pem", secret())
            .commit("second");
        let keys = Keys::new();
        let evidence = collected(repo.path(), None, keys.policy());
        let label = label_of(&evidence, &BUILT_IN);
        Self { repo, keys, evidence: serde_json::to_value(&evidence).unwrap(), label }
    }

    /// The audit of this label and evidence, both signed by the maker, with or without the maker's trust policy.
    pub fn audit(&self, label: &[u8], evidence: &[u8], with_trust: bool) -> AuditReport {
        let theirs = if with_trust { self.keys.policy() } else { TrustPolicy::new() };
        let asked = VerificationPolicy { evidence: Some(evidence), ..asked() };
        self.audit_by(&self.keys.sign("maker", label), asked, theirs, TrustPolicy::new()).unwrap()
    }

    fn audit_by(
        &self,
        bundle: &[u8],
        asked: VerificationPolicy<'_>,
        theirs: TrustPolicy,
        own: TrustPolicy,
    ) -> Result<AuditReport, plimsoll::Error> {
        let trust = self.keys.only(&["maker"]);
        let repository = Repository {
            target: Target::at(self.repo.path()),
            theirs: inputs(time(AS_OF), theirs),
            countersigned_by: None,
            own: inputs(time(AS_OF), own),
        };
        let audit = Audit { bundle, asked, trust: &trust, practices: &BUILT_IN, repository: Some(repository) };
        plimsoll::audit(audit, &|_| {})
    }
}

pub fn collected(path: &Path, rev: Option<String>, policy: TrustPolicy) -> Evidence {
    let target = Target { rev, ..Target::at(path) };
    plimsoll_collect::collect(&target, &inputs(time(AS_OF), policy), &|_| {}).unwrap().evidence
}

/// All places that a report names.
pub fn places(report: &AuditReport) -> Vec<&str> {
    let all = report.score.differences.iter().chain(&report.collect.differences);
    all.map(|difference| difference.place.as_str()).collect()
}

pub fn read(evidence: &Value) -> Evidence {
    let mut evidence = plimsoll::read_evidence(evidence.to_string().as_bytes()).unwrap();
    evidence.sort();
    evidence
}

/// Statements of every kind may be given to an audit, and what was taken back is worth nothing to whoever audits either.
#[test]
fn an_audit_takes_every_statement_that_verify_takes() {
    let made = Made::new();
    let evidence = to_canonical(&read(&made.evidence)).unwrap();
    let bundle = made.keys.sign("maker", &made.label);
    let (label, digest) = (plimsoll_model::sha256_hex(&made.label), plimsoll_model::sha256_hex(&evidence));
    // On the day of the audit: the audit judges as of now.
    let today = |word: &mut AuditorStatement| word.time = time(NOW);
    let word = made.keys.countersign("auditor", &label, &digest, today);
    let copy = String::from_utf8(word.clone()).unwrap().replace("\"sig\":\"", "\"sig\":\"AAAA").into_bytes();
    let audit = |files: &[&[u8]]| {
        let with: Vec<_> = files.iter().map(|bytes| ("a file".to_owned(), bytes.to_vec())).collect();
        let asked = VerificationPolicy { evidence: Some(&evidence), with: &with, ..asked() };
        made.audit_by(&bundle, asked, made.keys.policy(), made.keys.policy()).unwrap()
    };
    let countersigned = |report: &AuditReport| {
        report.judged.changes.iter().any(|change| {
            change.id == "label.countersigned"
                && change.after.as_ref().is_some_and(|after| after.outcome == Outcome::Met)
        })
    };
    let good = audit(&[&word]);
    assert!(good.verdict == AuditVerdict::Identical && countersigned(&good), "{:?}", good.judged);
    assert!(countersigned(&audit(&[&word, &copy, &made.keys.revoke("stranger", &word)])));
    for files in [[word.as_slice(), copy.as_slice()], [copy.as_slice(), word.as_slice()]] {
        let taken = audit(&[files[0], files[1], &made.keys.revoke("auditor", &word)]);
        assert!(taken.verdict == AuditVerdict::Identical && !countersigned(&taken), "{:?}", taken.judged);
    }
    let own = audit(&[&made.keys.countersign("maker", &label, &digest, today)]);
    assert!(own.verdict == AuditVerdict::Identical && !countersigned(&own), "{:?}", own.judged);
    assert_eq!(audit(&[&made.keys.revoke("stranger", &bundle)]).verdict, AuditVerdict::Identical);
    let revoked = audit(&[&made.keys.revoke("maker", &bundle)]);
    assert!(revoked.verdict == AuditVerdict::Differs && revoked.collect.verdict == RepetitionVerdict::Identical);
    assert!(revoked.checks.iter().any(|check| check.name == "revocation" && check.verdict == CheckVerdict::Failed));
}

#[test]
fn evidence_of_another_commit_is_not_that_of_this_one() {
    let made = Made::new();
    let other = collected(made.repo.path(), Some("HEAD~1".to_owned()), made.keys.policy());
    let mut value = serde_json::to_value(&other).unwrap();
    // As it is, it is a good label of that commit; it is not one of this commit.
    let plain = made.audit(&label_of(&other, &BUILT_IN), &to_canonical(&other).unwrap(), true);
    assert_eq!(plain.verdict, AuditVerdict::Identical);
    value["subject"]["commit"] = json!(made.repo.head().unwrap());
    let moved = read(&value);
    let report = made.audit(&label_of(&moved, &BUILT_IN), &to_canonical(&moved).unwrap(), true);
    assert_eq!(report.verdict, AuditVerdict::Differs);
    let places = places(&report);
    assert!(
        places.contains(&"examined /committed") && places.iter().any(|one| one.starts_with("fact secret: ")),
        "{places:?}"
    );
    // The label of this commit with the evidence of the other.
    let report = made.audit(&made.label, &to_canonical(&other).unwrap(), true);
    assert_eq!((report.verdict, report.score.verdict), (AuditVerdict::Differs, RepetitionVerdict::Differs));
}
