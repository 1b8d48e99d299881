//! Countersignatures: what others who repeated this evidence say. They can only be there once the evidence is, so that a
//! collection states none, and the library `plimsoll` puts them in.

use jiff::civil::Date;
use plimsoll_model::{InputId, Kind, Rests, body::JudgedCountersignature};
use serde_json::{Map, Value, json};

use crate::{Collector, Context, Gathered, collector::day_in};

/// The kind of what others say.
pub const COUNTERSIGNATURE: Kind = Kind::of_body::<JudgedCountersignature>(
    "What another party states that repeated this evidence: whether it came out the same, and who that is.",
)
.resting_on(&[Rests::all(InputId::Countersignatures), Rests::all(InputId::CountersignatureTrust)])
.on_day(end_on);

/// A countersignature counts until its key, its certificate or the policy ends it.
fn end_on(body: &mut Map<String, Value>, today: Date) {
    if let Some(end) = day_in(body, "until").filter(|end| *end < today) {
        body.insert("verdict".to_owned(), json!("not-verified"));
        body.insert("counts".to_owned(), json!(false));
        let reason = format!("it counted until {end}: its key, its certificate or the trust policy ends it");
        body.insert("reason".to_owned(), json!(reason));
    }
}

/// What is looked at for it.
pub const LOOKED_AT: &str = "countersignatures";

/// Countersignatures.
pub struct Countersignatures;

impl Collector for Countersignatures {
    fn name(&self) -> &'static str {
        "countersignatures"
    }

    fn about(&self) -> &'static str {
        "What others say who repeated the evidence; none while it is collected."
    }

    fn states(&self) -> &'static [Kind] {
        const { &[COUNTERSIGNATURE] }
    }

    fn collect(&self, _: &Context<'_>) -> Vec<Gathered> {
        vec![Gathered::searched(&COUNTERSIGNATURE, LOOKED_AT, 0)]
    }
}
