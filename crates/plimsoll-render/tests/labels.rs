//! What the labels look like, and what no label may look like.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "helpers of tests, outside #[test]"
)]
#![allow(clippy::assigning_clones, reason = "samples are written once")]

#[path = "labels/agree.rs"]
mod agree;
#[path = "labels/boxes.rs"]
mod boxes;
#[path = "labels/export.rs"]
mod export;
#[path = "labels/hostile.rs"]
mod hostile;
#[path = "labels/sample.rs"]
mod sample;
#[path = "labels/sarif.rs"]
mod sarif;

use plimsoll_model::Statement;
use plimsoll_render::{Detail, TextOptions};

/// A part of a label as the scorer once gave it. It is frozen: practices change, and what is looked at here is the form.
fn frozen() -> Statement {
    serde_json::from_str(include_str!("labels/frozen.json")).unwrap()
}

fn cases() -> Vec<(&'static str, Statement)> {
    vec![
        ("tier-0", sample::sample(0)),
        ("tier-1", sample::sample(1)),
        ("tier-2", sample::sample(2)),
        ("tier-3", sample::sample(3)),
        ("tier-4", sample::sample(4)),
        ("frozen", frozen()),
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
        insta::assert_binary_snapshot!(&format!("{name}-badge.svg"), plimsoll_render::badge(&label).into_bytes());
    }
}

#[test]
fn no_text_leaves_its_box() {
    for (name, label) in cases() {
        boxes::check(name, &label);
    }
    for (name, text) in [
        ("no-spaces", "M".repeat(60)),
        ("wide", "測試軟體安全標籤產品名稱".repeat(5)),
        ("narrow", "i".repeat(60)),
        ("marks", "e\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}".repeat(60)),
        ("cyrillic", "Ширина кириллического текста ".repeat(3)),
        ("arabic", "\u{fdfd} اسم المنتج طويل جدا ".repeat(4)),
        ("emoji", "👨‍👩‍👧‍👦 👍🏽 🇩🇪 ❤️".repeat(9)),
        ("controls", "\u{1b}[31m\u{202e}evil\u{7}".repeat(9)),
        ("long", "word ".repeat(2000)),
    ] {
        let mut label = sample::contradicted();
        for member in sample::texts(&mut label) {
            text.clone_into(member);
        }
        boxes::check(name, &label);
    }
}

#[test]
fn markdown_of_every_case() {
    for (name, label) in cases() {
        insta::assert_snapshot!(format!("{name}.md"), plimsoll_render::markdown(&label));
    }
}

#[test]
fn sarif_of_few_cases() {
    // The others differ in length alone; what holds for all of them is in labels/sarif.rs.
    for (name, label) in cases().into_iter().filter(|(name, _)| ["contradicted", "frozen", "tier-4"].contains(name)) {
        insta::assert_snapshot!(format!("{name}.sarif"), plimsoll_render::sarif(&label));
    }
}

#[test]
fn lines_of_every_case() {
    for (name, label) in cases() {
        let lines = plimsoll_render::env(&label);
        assert!(lines.lines().all(|line| line.starts_with("PLIMSOLL_") && line.matches('=').count() == 1), "{name}");
        if name == "contradicted" {
            insta::assert_snapshot!("contradicted.env", lines);
        }
    }
}

#[test]
fn explanations() {
    let label = sample::sample(1);
    let options = TextOptions::default();
    for id in ["dependencies.checksummed", "PW.4.4", "cswp-23/C.3", "cswp-23"] {
        let told = plimsoll_render::explain(&label, id, &options).unwrap();
        insta::assert_snapshot!(format!("explain-{}", id.replace('/', "-")), told);
    }
    for id in ["", "nothing", "cswp-24", "cswp-23/", "/C.3", "ssdf-1.1/C.3"] {
        assert_eq!(plimsoll_render::explain(&label, id, &options), None, "{id:?}");
    }
}

#[test]
fn what_is_shown_twice_agrees_with_itself() {
    for (name, label) in cases() {
        agree::check(name, &label);
    }
}

#[test]
fn a_label_that_has_ended_says_nothing_else_first() {
    let label = sample::sample(3);
    let last = "2027-02-21".parse().unwrap();
    let next = "2027-02-22".parse().unwrap();
    for (on, ended) in [(None, false), (Some(last), false), (Some(next), true)] {
        let options = TextOptions { on, ..TextOptions::default() };
        for form in plimsoll_render::FORMS
            .iter()
            .filter(|form| ["text", "svg", "html", "markdown", "badge"].contains(&form.name))
        {
            let shown = String::from_utf8((form.render)(&label, &options).unwrap()).unwrap();
            assert_eq!(shown.to_lowercase().contains("expired 21 feb 2027"), ended, "{} on {on:?}", form.name);
            assert!(!ended || form.name == "badge" || !shown.contains("good until 21 Feb 2027"), "{}", form.name);
        }
        let badge = plimsoll_render::FORMS.iter().find(|form| form.name == "badge").unwrap();
        let badge = String::from_utf8((badge.render)(&label, &options).unwrap()).unwrap();
        assert_eq!(badge.contains("3 of 4"), !ended, "a badge that has ended names no tier");
    }
}

#[test]
fn only_a_public_page_gets_a_code() {
    let code = "shape-rendering=\"crispEdges\"";
    let mut label = sample::sample(2);
    assert!(plimsoll_render::svg(&label).contains(code));
    for url in
        ["http://example.org", "https://github.com@evil.example/x", "https://10.0.0.1/", "https://wiki.internal/label"]
    {
        label.predicate.product.url = url.to_owned();
        assert!(!plimsoll_render::svg(&label).contains(code), "{url}");
    }
}

#[test]
fn page_of_every_case() {
    for (name, label) in cases() {
        let page = plimsoll_render::html(&label);
        if let Some(folder) = std::env::var_os("PLIMSOLL_PNG") {
            std::fs::write(std::path::Path::new(&folder).join(format!("{name}.html")), &page).unwrap();
        }
        hostile::well_formed_page(&page);
    }
    insta::assert_snapshot!("contradicted.html", plimsoll_render::html(&sample::contradicted()));
}
