//! What the producer says, as facts: who, what, until when, and each practice answered.

use jiff::civil::Date;
use plimsoll_model::{
    Assurance, Extra, Kind, Pointer, Subject,
    body::{self, Claim, Product},
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    Collector, Context, Gathered,
    claims::{CLAIMS_FILE, ClaimsDocument, ClaimsFile},
    collector::day_in,
    manifest, naming,
};

/// What the product does with one category of data.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct DataFact {
    /// `personal`, `location`, `sensitive`, `derived-or-shared`, `protection`.
    category: String,
    /// Is it collected?
    collects: Option<bool>,
    /// Is it stored?
    stores: Option<bool>,
    /// Is it given to others?
    shares: Option<bool>,
    /// Is other data derived from it?
    derives: Option<bool>,
    /// What for.
    why: String,
    /// How it is protected.
    protection: String,
    /// How it is deleted.
    deletion: String,
    /// When this was claimed.
    date: Date,
    /// The last day on which it counts.
    review_by: Date,
    /// Does it count on the day of as-of?
    current: bool,
}

/// The kind of the claims file.
pub const FILE: Kind =
    Kind::of_body::<body::ClaimsFile>("The producer's plimsoll.toml and whether it could be understood.")
        .on_day(review)
        .once();
/// The kind of what the label is about.
pub const PRODUCT: Kind =
    Kind::of_body::<Product>("What the label is about, who answers for it and until when.").on_day(review).once();
const CLAIM: Kind = Kind::of_body::<Claim>("The producer's answer about one task or attestation.")
    .on_day(review)
    .once_for(&["catalog", "entry"]);
const DATA: Kind = Kind::of::<DataFact>("data-category", "What the product does with one category of personal data.")
    .on_day(review)
    .once_for(&["category"]);

/// Nothing says whether the name is one that a manifest has.
const NOT_KNOWN: &str = "not-known";

/// What is claimed counts from its date to the day of its review.
fn review(body: &mut Map<String, Value>, today: Date) {
    if let (Some(date), Some(review_by)) = (day_in(body, "date"), day_in(body, "reviewBy")) {
        body.insert("current".to_owned(), (date <= today && today <= review_by).into());
    }
}

/// The producer's claims.
pub struct Claims;

impl Collector for Claims {
    fn name(&self) -> &'static str {
        "claims"
    }

    fn about(&self) -> &'static str {
        "What the producer claims in plimsoll.toml: who, what, until when, and each practice answered."
    }

    fn states(&self) -> &'static [Kind] {
        &[FILE, PRODUCT, CLAIM, DATA]
    }

    fn collect(&self, cx: &Context<'_>) -> Vec<Gathered> {
        let what = "claims files";
        let found = u64::from(!matches!(cx.claims, ClaimsFile::Absent));
        let mut file = Gathered::searched(&FILE, what, found);
        let mut product = Gathered::searched(&PRODUCT, "claims files and root manifests", found);
        let manifests = manifest::Manifests::read(cx.snapshot, cx.classes);
        let today = cx.today();
        match cx.claims {
            ClaimsFile::Absent => {
                if let Some(found) = naming::of(cx.snapshot, &manifests) {
                    let fact = Product {
                        name: found.name,
                        version: found.version,
                        name_agrees: NOT_KNOWN.to_owned(),
                        ..Product::default()
                    };
                    product.push(Subject::product(), Assurance::Observed, &fact, vec![found.pointer]);
                }
                vec![file, product, Gathered::searched(&CLAIM, what, 0), Gathered::searched(&DATA, what, 0)]
            }
            ClaimsFile::Invalid { reason, pointer, named } => {
                let fact = body::ClaimsFile {
                    path: CLAIMS_FILE.to_owned(),
                    valid: false,
                    problems: vec![reason.clone()],
                    date: None,
                    review_by: None,
                    current: false,
                    extra: Extra::new(),
                };
                file.push(Subject::path(CLAIMS_FILE), Assurance::Observed, &fact, vec![pointer.clone()]);
                // What is wrong is said once, in the fact above; here that it is.
                let short = "plimsoll.toml has a mistake, so that nothing in it counts";
                let broken = |kind| Gathered::unavailable(kind, what, short);
                product.gap(short);
                if let Some((name, version)) = named {
                    let fact = Product {
                        name: name.clone(),
                        version: version.clone(),
                        name_agrees: NOT_KNOWN.to_owned(),
                        ..Product::default()
                    };
                    product.push(Subject::product(), Assurance::Declared, &fact, vec![pointer.clone()]);
                } else if let Some(found) = naming::of(cx.snapshot, &manifests) {
                    let fact = Product {
                        name: found.name,
                        version: found.version,
                        name_agrees: NOT_KNOWN.to_owned(),
                        ..Product::default()
                    };
                    product.push(Subject::product(), Assurance::Observed, &fact, vec![found.pointer]);
                }
                vec![file, product, broken(&CLAIM), broken(&DATA)]
            }
            ClaimsFile::Present { claims, pointer, .. } => {
                let current = |date: Date, review_by: Date| date <= today && today <= review_by;
                let places = || vec![pointer.clone()];
                let fact = body::ClaimsFile {
                    path: CLAIMS_FILE.to_owned(),
                    valid: true,
                    problems: Vec::new(),
                    date: Some(claims.date),
                    review_by: Some(claims.review_by),
                    current: current(claims.date, claims.review_by),
                    extra: Extra::new(),
                };
                file.push(Subject::path(CLAIMS_FILE), Assurance::Observed, &fact, places());
                let files = cx.snapshot.entries().iter().filter(|entry| entry.is_file());
                if let Some(told) = cx.classes.told(files.map(|entry| entry.path.as_str())) {
                    file.limitation(told);
                }
                let mut fact = claims.product_fact(current(claims.date, claims.review_by));
                let mut pointers = places();
                fact.name_agrees = manifests.agrees(&fact.name).to_owned();
                if let Some(named) = manifests.for_claim(&fact.name, fact.version.as_deref()) {
                    fact.manifest_name.clone_from(&named.name);
                    fact.manifest_version.clone_from(&named.version);
                    pointers.push(named.pointer.clone());
                }
                product.push(Subject::product(), Assurance::Declared, &fact, pointers);
                let mut claim = Gathered::searched(&CLAIM, what, 1);
                for one in &claims.claims {
                    let fact = Claim {
                        catalog: one.catalog.clone(),
                        entry: one.entry.clone(),
                        answer: one.answer,
                        note: one.note.clone(),
                        date: one.date,
                        review_by: one.review_by,
                        current: current(one.date, one.review_by),
                        extra: Extra::new(),
                    };
                    let place = Pointer { line: Some(one.line), ..pointer.clone() };
                    claim.push(Subject::product(), Assurance::Declared, &fact, vec![place]);
                }
                let mut data = Gathered::searched(&DATA, what, 1);
                for one in &claims.data {
                    let fact = DataFact {
                        category: one.category.clone(),
                        collects: one.collects,
                        stores: one.stores,
                        shares: one.shares,
                        derives: one.derives,
                        why: one.why.clone(),
                        protection: one.protection.clone(),
                        deletion: one.deletion.clone(),
                        date: one.date,
                        review_by: one.review_by,
                        current: current(one.date, one.review_by),
                    };
                    data.push(Subject::product(), Assurance::Declared, &fact, places());
                }
                vec![file, product, claim, data]
            }
        }
    }
}

impl ClaimsDocument {
    fn product_fact(&self, current: bool) -> Product {
        Product {
            name: self.product.name.clone(),
            version: self.product.version.clone(),
            manifest_name: None,
            manifest_version: None,
            name_agrees: NOT_KNOWN.to_owned(),
            claimant: self.product.claimant.clone(),
            contact: self.product.contact.clone(),
            url: self.product.url.clone(),
            platforms: self.product.platforms.clone(),
            delivery: self.product.delivery.clone(),
            inside: self.scope.inside.clone(),
            outside: self.scope.outside.clone(),
            identifiers: self.scope.identifiers.clone(),
            support_until: self.support.until,
            support_status: self.support.status.map(|status| status.as_str().to_owned()),
            update_method: self.support.update_method.map(|method| method.as_str().to_owned()),
            accounts: self.product.accounts,
            issuer: self.issuer.as_ref().map(crate::claims::IssuerTable::fact),
            date: Some(self.date),
            review_by: Some(self.review_by),
            current,
            extra: Extra::new(),
        }
    }
}
