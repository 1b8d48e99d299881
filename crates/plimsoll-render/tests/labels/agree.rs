//! What a label shows twice is the same both times, in one form and in all of them.

use plimsoll_model::{Sign, Statement};
use plimsoll_render::{Detail, TextOptions};
use resvg::usvg::roxmltree::{Document, Node, ParsingOptions};

fn parsed(page: &str) -> Document<'_> {
    Document::parse_with_options(page, ParsingOptions { allow_dtd: true, ..ParsingOptions::default() }).unwrap()
}

fn words(node: Node<'_, '_>) -> String {
    let all: String = node.descendants().filter(Node::is_text).filter_map(|text| text.text()).collect();
    all.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn with_id<'a>(document: &'a Document<'a>, id: &str) -> Option<Node<'a, 'a>> {
    document.descendants().find(|node| node.attribute("id") == Some(id))
}

fn with_class<'a>(document: &'a Document<'a>, class: &'a str) -> impl Iterator<Item = Node<'a, 'a>> {
    document
        .descendants()
        .filter(move |node| node.attribute("class").is_some_and(|all| all.split(' ').any(|one| one == class)))
}

/// The section that a heading names.
fn section<'a>(document: &'a Document<'a>, id: &str) -> Node<'a, 'a> {
    with_id(document, id).unwrap().parent().unwrap()
}

pub fn check(name: &str, label: &Statement) {
    let page = plimsoll_render::html(label);
    let document = parsed(&page);
    let body = &label.predicate;
    let text =
        plimsoll_render::text(label, &TextOptions { detail: Detail::Full, width: 200, ..TextOptions::default() });
    let comment = plimsoll_render::markdown(label);
    let drawing = plimsoll_render::svg(label);
    let drawn = parsed(&drawing);
    let description = words(with_id(&drawn, "plimsoll-description").unwrap());

    // The rows: one for each, with the same title and sign in words, drawing, comment and text.
    let rows: Vec<String> = with_class(&document, "row").map(words).collect();
    assert_eq!(rows.len(), body.face.len(), "{name}: rows");
    for (row, shown) in body.face.iter().zip(&rows) {
        let is_unknown = matches!(row.sign, Some(Sign::Unknown));
        let title = row.answer.as_deref().filter(|_| !row.contradicted).unwrap_or(&row.title);
        assert!(shown.contains(title), "{name}: {shown} is not {title}");
        assert!(description.contains(title), "{name}: {title} is not in the description");
        assert!(!is_unknown || !shown.contains('■'), "{name}: {shown} is not known and says how sure it is");
    }
    // The dates and the tier.
    let header = words(document.descendants().find(|node| node.has_tag_name("header")).unwrap());
    let tier = format!("Tier {} of {}", body.tier.level, body.tier.highest);
    for (what, shown) in [("page", &header), ("drawing", &description), ("comment", &comment)] {
        assert!(shown.contains(&tier), "{name}: the {what} says another tier: {shown}");
    }
    let here: Vec<String> = with_class(&document, "here").map(words).collect();
    assert_eq!(here.len(), 1, "{name}: this label is at one tier");
    assert!(here[0].starts_with(&body.tier.level.to_string()), "{name}: {here:?}");
    // What was not seen: as many as are counted.
    let seen = section(&document, "not-seen").descendants().filter(|node| node.has_tag_name("li")).count();
    let counted = words(section(&document, "meaning"));
    let says = if seen == 0 { "nothing is listed".to_owned() } else { format!("{seen} such things are listed") };
    assert!(counted.contains(&says), "{name}: {says}");
    // The findings.
    let holes = section(&document, "findings").descendants().filter(|node| node.has_tag_name("tr")).count();
    assert_eq!(holes.saturating_sub(1), body.findings.len(), "{name}: findings");
    assert_eq!(text.matches("reaches the product:").count(), body.findings.len(), "{name}: findings in the text");
    // The facts: what is said is not "not stated".
    let facts = section(&document, "meaning").descendants().find(|node| node.has_tag_name("dl")).unwrap();
    let facts = words(facts);
    for (value, missing) in [
        (&body.product.claimant, "who makes the claims"),
        (&body.product.contact, "where to report a problem"),
        (&body.product.url, "a page with more"),
    ] {
        assert_eq!(facts.contains(missing), value.is_empty(), "{name}: {missing}");
        assert!(facts.contains(value.as_str()), "{name}: {value}");
    }
    // Counts of each catalog, against its rows.
    for catalog in &body.catalogs {
        let of = format!("{} of {} are met or do not apply", settled(catalog), catalog.entries.len());
        assert!(words(section(&document, "practices")).contains(&of), "{name}: {of}");
        for entry in &catalog.entries {
            let id = format!("{}/{}", catalog.id, entry.id);
            let place = with_id(&document, &id).unwrap_or_else(|| panic!("{name}: {id} has no place"));
            assert!(place.parent().unwrap().has_tag_name("details"), "{name}: {id} is not inside of what is folded");
        }
    }
    for criterion in &body.criteria {
        let place =
            with_id(&document, &criterion.id).unwrap_or_else(|| panic!("{name}: {} has no place", criterion.id));
        assert!(place.parent().unwrap().has_tag_name("details"), "{name}: {}", criterion.id);
    }
    // The contradictions.
    let otherwise = page.matches("The source says otherwise").count() > 0;
    assert_eq!(otherwise, !body.contradictions.is_empty(), "{name}: contradictions");
    assert_eq!(
        plimsoll_render::badge(label).contains("contradicted"),
        !body.contradictions.is_empty(),
        "{name}: badge"
    );
}

fn settled(catalog: &plimsoll_model::CatalogResult) -> usize {
    use plimsoll_model::Outcome::{Met, NotApplicable};
    catalog.entries.iter().filter(|entry| matches!(entry.outcome, Met | NotApplicable)).count()
}
