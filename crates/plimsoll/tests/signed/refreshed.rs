//! Stored evidence judged anew, and evidence with the words of others.

use std::{collections::BTreeMap, fs, path::Path, sync::LazyLock};

use jiff::{SignedDuration, Timestamp};
use plimsoll::{corroborate, refresh_evidence, without_countersignatures};
use plimsoll_advisories::{Database, Ecosystem};
use plimsoll_model::{DigestSet, Evidence, Follows, KindStatus, LabelBody, Outcome, to_canonical};
use plimsoll_trust::TrustPolicy;
use proptest::{prelude::*, sample::Index};
use serde_json::json;

use crate::made::{BUILT_IN, Keys, NOW, digest_of, good_evidence, opened, time};

static DATABASE: LazyLock<Database> = LazyLock::new(|| Database::embedded().unwrap());

/// The evidence of the fixtures, from the poorest to the best.
static STORED: LazyLock<Vec<Evidence>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/evidence");
    (0..5)
        .map(|tier| {
            let mut evidence =
                plimsoll::read_evidence(&fs::read(folder.join(format!("tier-{tier}.json"))).unwrap()).unwrap();
            evidence.sort();
            // No older data than what is built in is taken.
            let known = evidence.inputs.get_mut("advisories").unwrap();
            let built_in = DATABASE.data_of(Ecosystem::of("crates.io").unwrap()).unwrap().unwrap().date;
            for known in known.parts.values_mut() {
                known.date = known.date.min(built_in);
            }
            known.date = known.date.min(built_in);
            evidence
        })
        .collect()
});

fn follows(evidence: &Evidence) -> Follows {
    let sha256 = DigestSet::from([("sha256".to_owned(), digest_of(evidence))]);
    let examined = evidence.follows.as_ref().map_or(evidence.as_of, |follows| follows.examined);
    Follows { label: sha256.clone(), evidence: sha256, examined, earlier: Vec::new() }
}

fn refresh_label(evidence: &Evidence, as_of: Timestamp) -> Evidence {
    refresh_evidence(evidence, &DATABASE, as_of, follows(evidence), &plimsoll::tool()).unwrap()
}

fn body(evidence: &Evidence) -> LabelBody {
    plimsoll_score::score(evidence, &BUILT_IN, &plimsoll::tool()).unwrap().predicate
}

/// Outcomes by id, of criteria and of entries.
fn outcomes(body: &LabelBody) -> BTreeMap<String, Outcome> {
    let entries = body.catalogs.iter().flat_map(|catalog| {
        catalog.entries.iter().map(move |entry| (format!("{}/{}", catalog.id, entry.id), entry.outcome))
    });
    body.criteria.iter().map(|one| (one.id.clone(), one.outcome)).chain(entries).collect()
}

/// Evidence in which some kinds could not be looked at.
fn blinded(evidence: &Evidence, kinds: &[Index]) -> Evidence {
    let mut blinded = evidence.clone();
    let names: Vec<String> = evidence.kinds.keys().cloned().collect();
    for name in kinds.iter().map(|at| at.get(&names)) {
        let report = blinded.kinds.get_mut(name).unwrap();
        (report.status, report.count, report.searched_count) = (KindStatus::Unavailable, 0, 0);
        report.reason = Some("it could not be looked at".to_owned());
        blinded.facts.retain(|fact| fact.kind != *name);
    }
    blinded
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// What nobody could see does not come to light by waiting.
    #[test]
    fn age_alone_turns_nothing_unknown_into_a_yes(
        stored in 0_usize..5,
        hidden in prop::collection::vec(any::<Index>(), 0..4),
        days in 0_i64..900,
    ) {
        let evidence = blinded(&STORED[stored], &hidden);
        let first = refresh_label(&evidence, evidence.as_of);
        let later = refresh_label(&evidence, evidence.as_of.checked_add(SignedDuration::from_hours(24 * days)).unwrap());
        let (before, after) = (body(&first), body(&later));
        let after_all = outcomes(&after);
        for (id, outcome) in outcomes(&before) {
            prop_assert!(outcome != Outcome::Unknown || after_all[&id] != Outcome::Met, "{} after {} days", id, days);
        }
        for (kind, report) in &evidence.kinds {
            // These two are told anew: the data is another, and words of others are over the evidence that they are over.
            let told_anew = ["advisory-database", "countersignature"].contains(&kind.as_str());
            let gap = report.status == KindStatus::Unavailable && !told_anew;
            prop_assert!(!gap || later.kinds[kind].status == KindStatus::Unavailable, "{}", kind);
            prop_assert!(!gap || later.facts_of(kind).next().is_none(), "{}", kind);
        }
        prop_assert!(after.tier.level <= before.tier.level || !evidence.facts_of("claims-file").all(|fact| fact.body["current"] == true));
    }

    #[test]
    fn judged_anew_twice_is_judged_anew_once(stored in 0_usize..5, hidden in prop::collection::vec(any::<Index>(), 0..3), days in 0_i64..400) {
        let evidence = blinded(&STORED[stored], &hidden);
        let once = refresh_label(&evidence, evidence.as_of.checked_add(SignedDuration::from_hours(24 * days)).unwrap());
        let mut twice = refresh_label(&once, once.as_of);
        prop_assert_eq!(twice.follows.as_ref().unwrap().examined, evidence.as_of);
        twice.follows.clone_from(&once.follows);
        prop_assert_eq!(to_canonical(&twice).unwrap(), to_canonical(&once).unwrap());
    }
}

/// Files with words of others over the good evidence, good ones and bad ones, and copies under broken signatures.
struct Words {
    policy: TrustPolicy,
    evidence: Evidence,
    files: Vec<Vec<u8>>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let keys = Keys::new();
    let evidence = good_evidence();
    let (own, other) = (digest_of(&evidence), "9".repeat(64));
    let mut files = Vec::new();
    for who in ["auditor", "second", "friend", "maker", "stranger"] {
        for over in [&own, &other] {
            files.push(keys.countersign(who, &"6".repeat(64), over, |word| who.clone_into(&mut word.auditor.name)));
        }
    }
    // The same words by others, and by nobody.
    let words = opened(&files[0]).1;
    files.push(keys.sign_any("stranger", &words));
    files.push(keys.sign_any("friend", &words));
    for at in 0..4 {
        let mut broken = opened(&files[at]).0;
        broken["dsseEnvelope"]["signatures"][0]["sig"] = json!("AAAA");
        files.push(broken.to_string().into_bytes());
    }
    Words { policy: keys.policy(), evidence, files }
});

fn with(files: &[Vec<u8>]) -> Evidence {
    let files: Vec<(String, Vec<u8>)> = files.iter().map(|bytes| ("a file".to_owned(), bytes.clone())).collect();
    corroborate(&WORDS.evidence, &files, &WORDS.policy, time(NOW)).unwrap()
}

/// What counts, by statement.
fn counting(evidence: &Evidence) -> BTreeMap<String, String> {
    let facts = evidence.facts_of("countersignature").filter(|fact| fact.body["counts"] == true);
    facts.map(|fact| (fact.body["statement"].to_string(), serde_json::to_string(fact).unwrap())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn words_of_others_come_off_again_in_any_order_and_take_nothing_from_each_other(
        files in prop::sample::subsequence(WORDS.files.clone(), 0..WORDS.files.len()).prop_shuffle(),
        more in any::<Index>(),
        seed in any::<Index>(),
    ) {
        let corroborated = with(&files);
        prop_assert_eq!(&without_countersignatures(&corroborated), &WORDS.evidence);
        let mut turned = files.clone();
        turned.rotate_left(if files.is_empty() { 0 } else { seed.index(files.len()) });
        turned.reverse();
        prop_assert_eq!(to_canonical(&with(&turned)).unwrap(), to_canonical(&corroborated).unwrap());
        // Given twice, or beside one more: what counted counts, and says the same.
        let one_more = [files.clone(), vec![more.get(&WORDS.files).clone()]].concat();
        let (before, after) = (counting(&corroborated), counting(&with(&one_more)));
        prop_assert!(before.iter().all(|(statement, fact)| after.get(statement) == Some(fact)), "{:?} {:?}", before, after);
    }
}
