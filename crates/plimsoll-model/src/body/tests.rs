//! What is read is what was written, and what is not of its kind is no body of empty members.

use serde_json::{Map, Value, json};

use super::*;
use crate::{Assurance, Subject};

fn fact(body: &Value) -> Fact {
    Fact::new("any", Subject::component("pkg:a/\u{1b}b"), Assurance::Observed, body, Vec::new()).unwrap()
}

/// One whole body of each kind.
fn whole() -> [(&'static str, Value); 6] {
    let finding = json!({
        "advisory": "A-1", "aliases": ["B-1"], "vulnerability": "A-1", "package": "foo", "version": "1.0.0", "purl": "pkg:a/foo",
        "kind": "vulnerability", "severity": "critical", "cvss": null, "patched": [">=2"], "fixedIn": "2.0.0", "through": null, "affectedFunctions": [], "arch": [],
        "os": [], "published": "2026-01-01", "reach": "not-in-graph", "class": "shipped", "lockfile": "a.lock", "path": [],
        "exceptions": [{"file": "deny.toml", "reason": "", "status": null, "said": "2026-01-01T00:00:00Z", "until": "2026-12-01", "valid": false, "more": 1}], "handled": false,
    });
    let product = json!({
        "name": "p", "version": "1", "manifestName": null, "manifestVersion": null, "nameAgrees": "yes", "claimant": "c",
        "contact": null, "url": null, "platforms": [], "delivery": null, "inside": [], "outside": [], "identifiers": [],
        "supportUntil": "2027-01-01", "supportStatus": null, "updateMethod": null, "accounts": true, "date": null,
        "reviewBy": null, "current": true,
    });
    let claim = json!({
        "catalog": "c", "entry": "e", "answer": "not-applicable", "note": "n", "date": "2026-01-01", "reviewBy": "2027-01-01",
        "current": true,
    });
    let file = json!({
        "path": "p", "valid": true, "problems": [], "date": "2026-01-01", "reviewBy": "2027-01-01", "current": true,
    });
    let countersignature = json!({
        "statement": "00", "by": "x", "role": "auditor", "party": null, "signer": null, "verdict": "verified",
        "independent": true, "declaresIndependent": true, "sameEvidence": true, "counts": true, "reason": null,
        "evidence": "00", "label": "00", "time": "2026-01-01T00:00:00Z", "date": "2026-01-01", "daysAfter": -1, "until": null,
        "tool": "t", "repeated": ["score"], "rebuilt": [],
    });
    let database = json!({
        "ecosystem": "npm", "ships": true, "part": false, "origin": "given", "source": "s", "revision": null, "date": null, "ageDays": -1, "count": 3, "lacks": 0,
        "lacksFirst": [], "yanked": "part",
    });
    [
        (AdvisoryFinding::KIND, finding),
        (Product::KIND, product),
        (Claim::KIND, claim),
        (ClaimsFile::KIND, file),
        (JudgedCountersignature::KIND, countersignature),
        (AdvisoryDatabase::KIND, database),
    ]
}

/// The body of a fact, read as its kind and written again.
fn again(kind: &str, body: &Value) -> Result<Value, BodyError> {
    fn read<B: Body>(fact: &Fact) -> Result<Value, BodyError> {
        fact.body_as::<B>().map(|body| serde_json::to_value(body).unwrap())
    }
    let fact = fact(body);
    match kind {
        AdvisoryFinding::KIND => read::<AdvisoryFinding>(&fact),
        Product::KIND => read::<Product>(&fact),
        Claim::KIND => read::<Claim>(&fact),
        ClaimsFile::KIND => read::<ClaimsFile>(&fact),
        JudgedCountersignature::KIND => read::<JudgedCountersignature>(&fact),
        AdvisoryDatabase::KIND => read::<AdvisoryDatabase>(&fact),
        _ => panic!("{kind}"),
    }
}

#[test]
fn what_is_read_is_written_again_with_what_is_not_known() {
    for (kind, mut body) in whole() {
        assert_eq!(again(kind, &body).as_ref(), Ok(&body), "{kind}");
        body["ofALaterVersion"] = json!({"a": [1, null]});
        assert_eq!(again(kind, &body).as_ref(), Ok(&body), "{kind}");
    }
}

#[test]
fn a_member_that_is_missing_or_something_else_is_an_error() {
    for (kind, body) in whole() {
        let members: Map<String, Value> = body.as_object().unwrap().clone();
        for (name, value) in &members {
            let mut other = body.clone();
            other[name] = json!([[{}]]);
            let error = again(kind, &other).unwrap_err();
            assert_eq!(
                (error.kind, error.reason.as_str()),
                (kind, "a member is not what such a fact has there"),
                "{name}"
            );
            assert_eq!(error.subject, "component pkg:a/\\u{1b}b", "{name}");
            // A member that may have no value may be absent.
            let mut without = members.clone();
            without.remove(name);
            let read = again(kind, &Value::Object(without));
            let mut null = body.clone();
            null[name] = Value::Null;
            assert_eq!(read, again(kind, &null).or_else(|_| read.clone()), "{kind} {name}");
            if !value.is_null() && again(kind, &null).is_err() {
                let reason = read.unwrap_err().reason;
                assert!(reason.starts_with(&format!("\"{name}\" is missing")), "{kind} {name}: {reason}");
            }
        }
    }
    for (name, word) in [("kind", "malicious"), ("severity", "5"), ("reach", "far")] {
        let [(kind, mut body), ..] = whole();
        body[name] = json!(word);
        assert!(again(kind, &body).is_err(), "{name}");
    }
}
