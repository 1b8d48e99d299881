//! Labels that somebody wrote to hurt their readers.

use plimsoll_model::{Extra, Sign, SourceRow, SourceView, Statement};
use plimsoll_render::{Detail, TextOptions};
use proptest::prelude::*;
use resvg::usvg::roxmltree::{self, Document, ParsingOptions};
use unicode_width::UnicodeWidthStr;

use crate::sample;

/// Elements that a page of ours never has.
const FORBIDDEN: [&str; 12] = [
    "script",
    "img",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "button",
    "video",
    "audio",
    "base",
    "foreignObject",
];

fn without_controls(what: &str, text: &str) {
    let found = text.chars().find(|character| {
        (character.is_control() && *character != '\n')
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    });
    assert_eq!(found, None, "{what} holds a control character");
}

fn check_elements(document: &Document<'_>, what: &str) {
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let name = node.tag_name().name();
        assert!(!FORBIDDEN.contains(&name), "{what} has an element {name}");
        for attribute in node.attributes() {
            let (key, value) = (attribute.name(), attribute.value());
            assert!(!key.starts_with("on") && key != "style" && key != "src", "{what}: {name} has {key}");
            if key == "href" {
                let known = ["https://", "http://", "mailto:", "#", "data:,"];
                assert!(known.iter().any(|start| value.starts_with(start)), "{what} links to {value}");
                assert!(name != "link" || value == "data:,", "{what} fetches {value}");
            }
        }
    }
}

/// The page is written so that an XML parser reads it as well, which is stricter than any browser.
pub fn well_formed_page(page: &str) {
    without_controls("the page", page);
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let document = Document::parse_with_options(page, options).unwrap_or_else(|error| panic!("{error}\n{page}"));
    check_elements(&document, "the page");
    let mut ids: Vec<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
    ids.sort_unstable();
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id appears twice");
    for target in document.descendants().filter_map(|node| node.attribute("href")?.strip_prefix('#')) {
        assert!(ids.binary_search(&target).is_ok(), "nothing has the id {target}");
    }
}

pub fn well_formed_drawing(drawing: &str) {
    without_controls("the drawing", drawing);
    let document = Document::parse(drawing).unwrap_or_else(|error| panic!("{error}\n{drawing}"));
    check_elements(&document, "the drawing");
}

/// Takes the escape sequences of `coloured` away.
fn plain(coloured: &str) -> String {
    let mut parts = coloured.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |out, part| out + part.split_once('m').unwrap().1)
}

fn check_text(label: &Statement, width: usize, detail: Detail) {
    let options = TextOptions { width, color: false, detail, on: None };
    let text = plimsoll_render::text(label, &options);
    without_controls("the text", &text);
    for line in text.lines() {
        assert!(line.width() <= width, "{} columns, not {width}: {line:?}", line.width());
        assert_eq!(line, line.trim_end(), "spaces at the end of a line");
    }
    assert_eq!(plain(&plimsoll_render::text(label, &TextOptions { color: true, ..options })), text);
    for id in ["dependencies.checksummed", "PW.4.4"] {
        for line in plimsoll_render::explain(label, id, &options).iter().flat_map(|told| told.lines()) {
            assert!(line.width() <= width, "{line:?}");
        }
    }
}

/// The same texts where the maker has not spoken.
fn as_view(label: &Statement) -> Statement {
    let mut label = label.clone();
    let body = &mut label.predicate;
    let rows = body.face.iter().zip(Sign::ALL.into_iter().cycle()).map(|(row, sign)| SourceRow {
        id: row.id.clone(),
        topic: row.title.clone(),
        sign,
        title: row.title.clone(),
        text: row.text.clone(),
        criteria: vec![row.id.clone()],
    });
    let (assessor, only_maker) = (Some(body.product.name.clone()), body.product.scope_inside.clone());
    body.source_view = Some(SourceView { assessor, rows: rows.collect(), only_maker, extra: Extra::new() });
    body.product.disagreement = Some(body.product.name.clone());
    label
}

fn check(label: &Statement, width: usize) {
    check_form(label, width);
    check_form(&as_view(label), width);
}

fn check_form(label: &Statement, width: usize) {
    check_text(label, width, Detail::Short);
    check_text(label, width, Detail::Full);
    well_formed_drawing(&plimsoll_render::svg(label));
    well_formed_drawing(&plimsoll_render::badge(label));
    well_formed_page(&plimsoll_render::html(label));
    without_controls("the comment", &plimsoll_render::markdown(label));
    without_controls("the log", &plimsoll_render::sarif(label));
    crate::sarif::check(label);
    let lines = plimsoll_render::env(label);
    assert_eq!(lines.lines().count(), 9);
    assert!(!lines.contains([' ', '$', '`', '"', '\'', ';', '\r', '%']), "{lines}");
}

#[test]
fn every_width_is_kept() {
    for width in 40..=200 {
        for label in [sample::sample(0), sample::contradicted(), sample::long()] {
            check_text(&label, width, Detail::Short);
            check_text(&label, width, Detail::Full);
        }
    }
}

#[test]
fn known_attacks_stay_text() {
    for text in [
        "<script>alert(1)</script>",
        "</title></style></svg></desc><script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "javascript:alert(1)",
        "https://example.org/\"><script>alert(1)</script>",
        "<![CDATA[ x ]]> <!-- y --> <?php z ?>",
        "]]>&unknown;&#0;&lt;",
        "{{ 7 * 7 }}{% for x in y %}",
        "\u{202e}gnp.exe\u{2066}",
        "\u{1b}]8;;https://evil.example\u{7}click\u{1b}]8;;\u{7}",
        "\u{0}\u{fffe}\u{ffff}\u{7f}\u{9b}",
        "a\u{fe0f}❤\u{fe0f}1\u{fe0f}\u{20e3}",
        "| a | `b` | @all #1 ![x](y)",
    ] {
        let mut label = sample::contradicted();
        label.predicate.findings = sample::sample(0).predicate.findings;
        for member in sample::texts(&mut label) {
            text.clone_into(member);
        }
        check(&label, 80);
        let page = plimsoll_render::html(&label);
        for harm in ["<script", "<img", "onerror=alert(1)>", "javascript:alert(1)\"", "7 * 7 = 49", ">49<"] {
            assert!(!page.contains(harm), "{harm} of {text:?} is on the page");
        }
        let comment = plimsoll_render::markdown(&label);
        for harm in ["<script", "<img", "](", "@all", "#1 "] {
            assert!(!comment.contains(harm), "{harm} of {text:?} is in the comment");
        }
    }
}

fn awkward() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[<>&\"'`@#|\\\\\\[\\]()!:/. a-z]{0,40}",
        proptest::collection::vec(any::<char>(), 0..80).prop_map(|all| all.into_iter().collect()),
        "[測試ｱ👍🏽🇩🇪\u{200d}\u{fe0f}\u{301}\u{202e}ﷺก็ ]{0,60}",
        "[A-Za-z-]{0,300}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_shown_safely(
        texts in proptest::collection::vec(awkward(), 1..12),
        level in 0_u8..5,
        odd in 0_u8..=255,
        width in 40_usize..=200,
    ) {
        let mut label = if level == 3 { sample::contradicted() } else { sample::sample(level) };
        // Texts stand at different members in different cases.
        for (member, text) in sample::texts(&mut label).into_iter().zip(texts.iter().cycle().skip(usize::from(odd) % texts.len())) {
            member.clone_from(text);
        }
        if odd % 4 == 0 {
            label.predicate.tier.level = odd;
            label.predicate.ladder.iter_mut().zip([odd / 2, odd, 255, 0]).for_each(|(rung, level)| rung.level = level);
        }
        check(&label, width);
    }
}
