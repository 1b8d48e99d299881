//! Labels built in code: one for each tier, and the awkward ones.

use plimsoll_model::Statement;
use serde_json::{Value, json};

const TIERS: [(&str, &str, &str); 5] = [
    ("Unrated", "Not rated", "Not enough is known."),
    ("Declared", "Stated by the maker", "The maker says how it is made, who to call, and until when it gets updates."),
    ("Observed", "Seen in the source", "The basic practices are visible in the source."),
    (
        "Verified",
        "Checked",
        "The main answers are proven by signatures and digests, by keys that a trust policy names.",
    ),
    ("Corroborated", "Confirmed by others", "Someone independent got the same answer."),
];

fn row(id: &str, title: &str, text: &str, outcome: &str, assurance: Option<&str>) -> Value {
    let (sign, answer) = match outcome {
        "met" => ("good", format!("{title}: yes")),
        "partial" => ("weak", format!("{title}: in part")),
        "unmet" => ("bad", format!("{title}: no")),
        _ => ("unknown", format!("{title}?")),
    };
    json!({ "id": id, "title": title, "text": text, "sign": sign, "answer": answer, "outcome": outcome,
            "assurance": assurance, "contradicted": false })
}

fn face(level: u8) -> Value {
    let titles = [
        ("maker", "Who stands behind it"),
        ("updates", "Security updates"),
        ("holes", "Known security holes"),
        ("origin", "Built from its public source"),
        ("changes", "Changes signed by known people"),
        ("secrets", "Passwords or keys left inside"),
        ("data", "Your data"),
    ];
    let cells: [(&str, &str, Option<&str>); 7] = match level {
        0 => [
            ("not stated", "unknown", None),
            ("not stated", "unknown", None),
            ("2 known: 1 high, 1 medium", "unmet", Some("verified")),
            ("not known", "unknown", None),
            ("12 of 1 204 signed", "partial", Some("observed")),
            ("none found", "met", Some("observed")),
            ("not stated", "unknown", None),
        ],
        1 => [
            ("Example Works Ltd.", "met", Some("declared")),
            ("until 30 Nov 2028", "met", Some("declared")),
            ("none on 23 Nov 2026", "met", Some("verified")),
            ("not known", "unknown", None),
            ("986 of 1 204 signed", "partial", Some("observed")),
            ("none found", "met", Some("observed")),
            ("stays on your device", "met", Some("declared")),
        ],
        _ => [
            ("Example Works Ltd.", "met", Some("observed")),
            ("until 30 Nov 2028", "met", Some("observed")),
            ("none on 23 Nov 2026", "met", Some("verified")),
            ("yes, by a hosted builder", "met", Some("observed")),
            ("1 204 of 1 204 signed", "met", Some("observed")),
            ("none found", "met", Some("observed")),
            ("stays on your device", "met", Some("declared")),
        ],
    };
    titles.iter().zip(cells).map(|((id, title), (text, outcome, how))| row(id, title, text, outcome, how)).collect()
}

fn missing(level: u8) -> Value {
    match level {
        1 => json!([
            { "id": "cswp-23/D.1", "title": "Who makes the claims, and how to reach them", "asked": "declared",
              "outcome": "unknown", "assurance": null, "reason": "no claim was found",
              "criteria": ["claims.present"], "outOfReach": false },
            { "id": "cswp-23/D.5", "title": "Until when it gets security updates", "asked": "declared",
              "outcome": "unknown", "assurance": null, "reason": "no support end is stated",
              "criteria": [], "outOfReach": false },
        ]),
        2 => json!([
            { "id": "ssdf-1.1/PW.4.4", "title": "Third-party components are checked against what they promise",
              "asked": "observed", "outcome": "unmet", "assurance": null,
              "reason": "3 of 112 registry packages in Cargo.lock have no checksum",
              "criteria": ["dependencies.checksummed"], "outOfReach": false },
            { "id": "ssdf-1.1/PO.3.2", "title": "Tools are kept and used as recommended", "asked": "observed",
              "outcome": "partial", "assurance": "declared", "reason": "9 of 14 actions are pinned by digest",
              "criteria": ["workflows.actions-pinned"], "outOfReach": false },
        ]),
        3 => json!([
            { "id": "cswp-23/C.2", "title": "Signed, tamper-evident, of known origin", "asked": "verified",
              "outcome": "unknown", "assurance": null, "reason": "no signature can be verified by these practices",
              "criteria": [], "outOfReach": true },
        ]),
        _ => json!([
            { "id": "label.countersigned", "title": "Did someone independent get the same result?", "asked": "corroborated",
              "outcome": "unknown", "assurance": null, "reason": "no countersignature is known",
              "criteria": [], "outOfReach": true },
        ]),
    }
}

fn criterion(id: &str, asks: &str, outcome: &str, assurance: Option<&str>, reason: &str, fix: &str) -> Value {
    json!({
        "id": id, "asks": asks, "outcome": outcome, "assurance": assurance, "reason": reason,
        "why": "What nobody checks can be exchanged on its way.", "fix": fix, "effort": "minutes",
        "refs": ["SP 800-218 PW.4.4", "OSPS-BR-05"], "pointers": [{ "path": "Cargo.lock", "line": 12 }],
    })
}

fn catalogs() -> Value {
    json!([
        { "id": "cswp-23", "title": "CSWP 23: Recommended Criteria for Cybersecurity Labeling of Consumer Software", "entries": [
            { "id": "D.1", "group": "Descriptive", "title": "Who makes the claims, and how to reach them", "outcome": "met",
              "assurance": "declared", "reach": "verified", "claimable": true, "ask": "Who are you, and how can you be reached?", "pending": "signatures are not verified by this version", "reason": "plimsoll.toml names Example Works Ltd. and a contact",
              "supportedBy": [{ "criterion": "claims.present", "outcome": "met", "assurance": "declared" }],
              "claimed": null, "contradicted": false, "pointers": [{ "path": "plimsoll.toml" }] },
            { "id": "C.3", "group": "Critical attributes", "title": "Multi-factor authentication where there are accounts",
              "outcome": "not-applicable", "assurance": "declared", "reach": "declared", "claimable": true, "ask": "Is there a second factor where there are accounts?", "reason": "the maker says: no accounts",
              "supportedBy": [], "contradicted": false, "pointers": [],
              "claimed": { "answer": "not-applicable", "note": "no accounts", "date": "2026-11-01", "reviewBy": "2027-11-01", "current": true } },
        ] },
        { "id": "ssdf-1.1", "title": "SP 800-218: Secure Software Development Framework 1.1", "entries": [
            { "id": "PW.4.4", "group": "PW: produce well-secured software", "title": "Third-party components are checked against what they promise",
              "outcome": "unmet", "assurance": null, "reach": "verified", "claimable": true, "ask": "Who are you, and how can you be reached?", "pending": "signatures are not verified by this version", "reason": "3 of 112 registry packages have no checksum",
              "supportedBy": [{ "criterion": "dependencies.checksummed", "outcome": "unmet", "assurance": null }],
              "claimed": { "answer": "partly", "note": "", "date": "2025-01-01", "reviewBy": "2026-01-01", "current": false },
              "contradicted": false, "pointers": [{ "path": "Cargo.lock" }] },
        ] },
    ])
}

/// A label of tier 0 to 4 as the scorer would give it.
pub fn sample(level: u8) -> Statement {
    let (name, plain, sentence) = TIERS[usize::from(level)];
    let ladder: Vec<Value> = (1..=4_u8)
        .map(|rung| {
            let (name, plain, sentence) = TIERS[usize::from(rung)];
            json!({ "level": rung, "name": name, "plain": plain, "sentence": sentence, "reached": rung <= level,
                    "missing": if rung <= level { json!([]) } else { missing(rung) } })
        })
        .collect();
    let product = if level == 0 {
        json!({ "name": "example-notes", "version": "2.4.1", "platforms": "", "claimant": "", "contact": "", "url": "",
                "scopeInside": [], "scopeOutside": [] })
    } else {
        json!({ "name": "Example Notes", "version": "2.4.1", "platforms": "Linux, Windows, macOS",
                "claimant": "Example Works Ltd.", "contact": "security@example.org",
                "url": "https://example.org/notes/label", "scopeInside": ["the desktop program"],
                "scopeOutside": ["the web site"] })
    };
    let findings = if level == 0 {
        json!([
            { "advisory": "RUSTSEC-2026-0001", "aliases": ["CVE-2026-1"], "kind": "vulnerability", "severity": "high", "package": "tiny-parser",
              "version": "0.3.1", "reach": "shipped", "class": "shipped", "lockfile": "Cargo.lock", "patched": [">=0.3.2"],
              "exceptions": [{ "file": "deny.toml", "reason": "not called", "until": null, "valid": false }] },
            { "advisory": "RUSTSEC-2025-0107", "kind": "unmaintained", "severity": "medium", "package": "old-case",
              "version": "1.0.0", "reach": "not-in-graph", "class": "test", "lockfile": "fuzz/Cargo.lock", "patched": [],
              "exceptions": [] },
        ])
    } else {
        json!([])
    };
    serde_json::from_value(json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{ "name": "example-notes", "digest": { "gitCommit": "3f1c0de5a1b2c3d4e5f60718293a4b5c6d7e8f90" } }],
        "predicateType": "https://plimsoll.dev/label/v1",
        "predicate": {
            "schemaVersion": "1.3",
            "tool": { "name": "plimsoll", "version": "0.1.0" },
            "asOf": "2026-11-23T00:00:00Z",
            "expires": "2027-02-21T00:00:00Z",
            "product": product,
            "tier": { "level": level, "highest": 4, "name": name, "plain": plain, "sentence": sentence },
            "ladder": ladder,
            "face": face(level),
            "contradictions": [],
            "catalogs": catalogs(),
            "criteria": [
                criterion("claims.present", "Does the maker make claims of a date?", "met", Some("declared"),
                          "plimsoll.toml has claims of 1 Nov 2026", "Run `plimsoll init` and answer its questions."),
                criterion("dependencies.checksummed", "Does every registry package in a lockfile carry a checksum?", "unmet",
                          None, "3 of 112 registry packages in Cargo.lock have no checksum",
                          "Run `cargo update -p PACKAGE` for the packages named and commit Cargo.lock."),
            ],
            "findings": findings,
            "limitations": [
                { "kind": "ecosystem", "collector": "sbom", "status": "partial", "reason": "npm: components of 1 package.json cannot be listed" },
                { "kind": "commit", "collector": "history", "status": "searched", "reason": "signatures were found, not verified" },
                { "kind": "secret", "collector": "secrets", "status": "unavailable", "reason": "1 931 of 1 950 blobs are missing from the object database" },
            ],
            "inputs": { "advisories": { "source": "embedded snapshot", "revision": "9f79e9500112", "date": "2026-11-20", "count": 1123,
                                        "digest": { "sha256": "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8" } } },
            "evidence": { "sha256": "03ac674216f3e15c761ee1a5e255f067953623c8b388b4459e13f978d7c846f4" },
            "practices": { "tiers/plimsoll.toml": { "sha256": "9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0" } },
        },
    }))
    .unwrap()
}

/// A label whose claim about keys the source disproves.
pub fn contradicted() -> Statement {
    let mut label = sample(0);
    let full = sample(2);
    label.predicate.product = full.predicate.product;
    label.predicate.face = full.predicate.face;
    label.predicate.findings.clear();
    let row = &mut label.predicate.face[5];
    row.text = "1 private key found".to_owned();
    row.outcome = plimsoll_model::Outcome::Unmet;
    row.contradicted = true;
    label.predicate.ladder[0].reached = true;
    label.predicate.ladder[0].missing.clear();
    let reason = "The maker says that no keys are inside, and config/deploy.pem holds a private key";
    label.predicate.tier.cap =
        Some(plimsoll_model::Cap { level: 0, reason: "a critical claim is disproved".to_owned() });
    label.predicate.contradictions.push(plimsoll_model::Contradiction {
        entry: "cswp-23/C.4".to_owned(),
        title: "Free from hard-coded secrets".to_owned(),
        criterion: "secrets.none".to_owned(),
        reason: reason.to_owned(),
        cap: 0,
        pointers: vec![plimsoll_model::Pointer::path("config/deploy.pem").at_line(1)],
    });
    label
}

/// A label with a product name of 60 characters and other members as long.
pub fn long() -> Statement {
    let mut label = sample(1);
    let product = &mut label.predicate.product;
    product.name = "Extraordinarily Comprehensive Household Management Suite Pro".to_owned();
    assert_eq!(product.name.len(), 60);
    product.version = "2026.11.23-rc.1+build.20261123.abcdef".to_owned();
    product.platforms = "Linux, Windows, macOS, FreeBSD, Android, iOS, Home Assistant, Raspberry Pi".to_owned();
    product.claimant = "The International Consortium for Household Software, Registered Association".to_owned();
    product.contact = "https://security.international-consortium-for-household-software.example.org/report".to_owned();
    product.url = "https://international-consortium-for-household-software.example.org/products/suite/label".to_owned();
    label.predicate.face[0].text = product.claimant.clone();
    label.predicate.face[3].title = "Built from its public source by somebody whom everybody knows well".to_owned();
    label
}

/// Every text that a label takes from outside, to be changed in place.
pub fn texts(label: &mut Statement) -> Vec<&mut String> {
    let body = &mut label.predicate;
    let product = &mut body.product;
    let mut all = vec![
        &mut product.name,
        &mut product.version,
        &mut product.platforms,
        &mut product.claimant,
        &mut product.contact,
        &mut product.url,
        &mut body.tool.name,
        &mut body.tool.version,
        &mut body.tier.name,
        &mut body.tier.sentence,
    ];
    all.extend(body.tier.plain.iter_mut());
    all.extend(product.contact_from.iter_mut());
    all.extend(product.scope_inside.iter_mut().chain(&mut product.scope_outside));
    all.extend(body.tier.cap.iter_mut().map(|cap| &mut cap.reason));
    for subject in &mut label.subject {
        all.push(&mut subject.name);
        all.extend(subject.digest.values_mut());
    }
    for rung in &mut body.ladder {
        all.extend([&mut rung.name, &mut rung.sentence]);
        all.extend(rung.plain.iter_mut());
        for step in &mut rung.missing {
            all.extend([&mut step.id, &mut step.title, &mut step.reason]);
        }
    }
    for row in &mut body.face {
        all.extend([&mut row.title, &mut row.text]);
        all.extend(row.answer.iter_mut());
    }
    for item in &mut body.contradictions {
        all.extend([&mut item.entry, &mut item.title, &mut item.criterion, &mut item.reason]);
        all.extend(item.pointers.iter_mut().filter_map(|pointer| pointer.path.as_mut()));
    }
    for catalog in &mut body.catalogs {
        all.extend([&mut catalog.id, &mut catalog.title]);
        for entry in &mut catalog.entries {
            all.extend([&mut entry.id, &mut entry.group, &mut entry.title, &mut entry.reason]);
            all.extend(entry.claimed.iter_mut().flat_map(|claim| [&mut claim.answer, &mut claim.note]));
            all.extend(entry.pointers.iter_mut().filter_map(|pointer| pointer.path.as_mut()));
        }
    }
    for item in &mut body.criteria {
        all.extend([&mut item.asks, &mut item.reason, &mut item.why, &mut item.fix, &mut item.effort]);
        all.extend(item.refs.iter_mut());
    }
    for item in &mut body.findings {
        all.extend(item.aliases.iter_mut());
        all.extend([&mut item.advisory, &mut item.kind, &mut item.severity, &mut item.package, &mut item.version]);
        all.extend([&mut item.reach, &mut item.class, &mut item.lockfile]);
        all.extend(item.patched.iter_mut());
        all.extend(item.exceptions.iter_mut().flat_map(|exception| [&mut exception.file, &mut exception.reason]));
    }
    for item in &mut body.limitations {
        all.extend([&mut item.kind, &mut item.collector, &mut item.reason]);
    }
    for input in body.inputs.values_mut() {
        all.push(&mut input.source);
        all.extend(input.revision.iter_mut());
    }
    all
}
