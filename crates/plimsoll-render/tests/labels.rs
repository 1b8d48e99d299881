//! What the labels look like, and what no label may look like.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

#[path = "labels/sample.rs"]
mod sample;

use plimsoll_model::Statement;
use plimsoll_render::{Detail, TextOptions};

fn cases() -> Vec<(&'static str, Statement)> {
    vec![
        ("tier-0", sample::sample(0)),
        ("tier-1", sample::sample(1)),
        ("tier-2", sample::sample(2)),
        ("tier-4", sample::sample(4)),
        ("contradicted", sample::contradicted()),
        ("long-names", sample::long()),
    ]
}

#[test]
fn text_of_every_case() {
    for (name, label) in cases() {
        insta::assert_snapshot!(format!("{name}.text"), plimsoll_render::text(&label, &TextOptions::default()));
    }
    let full = TextOptions { detail: Detail::Full, ..TextOptions::default() };
    insta::assert_snapshot!("tier-0-full.text", plimsoll_render::text(&sample::sample(0), &full));
    let narrow = TextOptions { width: 40, ..TextOptions::default() };
    insta::assert_snapshot!("contradicted-40-columns.text", plimsoll_render::text(&sample::contradicted(), &narrow));
}

#[test]
fn drawing_of_every_case() {
    for (name, label) in cases() {
        insta::assert_binary_snapshot!(&format!("{name}.svg"), plimsoll_render::svg(&label).into_bytes());
    }
}
