//! Draws the labels with a renderer that knows fonts, and measures what it drew.

use plimsoll_model::Statement;
use resvg::{tiny_skia, usvg};

/// The rightmost place that a text may reach, and the leftmost: the margins of the label.
const LEFT: f32 = 24.0;
const RIGHT: f32 = 396.0;
// Glyphs of some letters reach a little over their advance.
const OVERHANG: f32 = 3.0;
/// Fonts that serve as `sans-serif`, the nearest to the label's first choice before the wider ones.
const STAND_INS: &[&str] = &["Liberation Sans", "Arial", "Helvetica", "Arimo", "Noto Sans", "DejaVu Sans"];

fn options() -> usvg::Options<'static> {
    let mut options = usvg::Options::default();
    let fonts = options.fontdb_mut();
    fonts.load_system_fonts();
    // The renderer takes Arial for `sans-serif`, and leaves text out where that is not installed.
    let names = |face: &usvg::fontdb::FaceInfo| face.families.first().map(|(name, _)| name.clone());
    let installed: std::collections::BTreeSet<String> = fonts.faces().filter_map(names).collect();
    let stand_in = STAND_INS.iter().find(|name| installed.contains(**name)).map(ToString::to_string);
    if let Some(family) = stand_in.or_else(|| installed.first().cloned()) {
        fonts.set_sans_serif_family(family);
    }
    options
}

/// Gives every text with its box in the units of the drawing, cut where a clip cuts it.
fn texts(group: &usvg::Group, clip: Option<usvg::Rect>, found: &mut Vec<(String, usvg::Rect)>) {
    let clip = group.clip_path().map_or(clip, |path| {
        let area =
            path.root().abs_bounding_box().transform(group.abs_transform()).unwrap_or(path.root().abs_bounding_box());
        Some(clip.and_then(|outer| meet(outer, area)).unwrap_or(area))
    });
    for node in group.children() {
        match node {
            usvg::Node::Group(inner) => texts(inner, clip, found),
            usvg::Node::Text(text) => {
                let words: String = text.chunks().iter().map(usvg::TextChunk::text).collect();
                let area = text.abs_bounding_box();
                let seen = clip.map_or(Some(area), |clip| meet(clip, area));
                found.extend(seen.map(|seen| (words, seen)));
            }
            _ => {}
        }
    }
}

fn meet(one: usvg::Rect, other: usvg::Rect) -> Option<usvg::Rect> {
    usvg::Rect::from_ltrb(
        one.left().max(other.left()),
        one.top().max(other.top()),
        one.right().min(other.right()),
        one.bottom().min(other.bottom()),
    )
}

/// Parses the drawing, checks that no text leaves its margins or covers another, and that it can be drawn.
pub fn check(name: &str, label: &Statement) {
    let options = options();
    if options.fontdb.is_empty() {
        // Without any font there is no text to measure; the boxes are still checked by the table of widths.
        eprintln!("{name}: this machine has no fonts; only the drawing's form is checked");
    }
    let tree = usvg::Tree::from_str(&plimsoll_render::svg(label), &options).unwrap();
    let mut found = Vec::new();
    texts(tree.root(), None, &mut found);
    assert!(options.fontdb.is_empty() || found.len() > 20, "{name}: only {} texts were found", found.len());
    for (words, area) in &found {
        let inside = area.left() >= LEFT - OVERHANG
            && area.right() <= RIGHT + OVERHANG
            && area.top() >= 0.0
            && area.bottom() <= tree.size().height();
        assert!(inside, "{name}: {words:?} leaves the label: {area:?}");
    }
    for (at, (words, area)) in found.iter().enumerate() {
        for (other, place) in found.iter().skip(at + 1) {
            // Descenders and ascenders of neighbouring lines may touch; text over text may not be.
            let over = meet(*area, *place).filter(|common| common.width() > 1.0 && common.height() > 5.0);
            assert!(over.is_none(), "{name}: {words:?} covers {other:?}: {over:?}");
        }
    }
    let size = tree.size().to_int_size();
    let mut pixels = tiny_skia::Pixmap::new(size.width(), size.height()).unwrap();
    resvg::render(&tree, tiny_skia::Transform::default(), &mut pixels.as_mut());
    assert!(pixels.data().iter().any(|byte| *byte != 0), "{name}: nothing was drawn");
    if let Some(folder) = std::env::var_os("PLIMSOLL_PNG") {
        pixels.save_png(std::path::Path::new(&folder).join(format!("{name}.png"))).unwrap();
    }
}
