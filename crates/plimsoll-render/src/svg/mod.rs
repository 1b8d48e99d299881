//! The label as a drawing that stands alone: no font, image, script or address is fetched by it.

mod canvas;
mod mark;
mod row;

pub(crate) use self::canvas::{ALARM, Anchor, Canvas, FAINT, INK, SOFT, escape, number};
use crate::{
    link,
    measure::{Weight, fit},
    qr,
    view::View,
    words,
};

const WIDTH: f64 = 420.0;
pub(crate) const MARGIN: f64 = 24.0;
pub(crate) const RIGHT: f64 = WIDTH - MARGIN;
pub(crate) const ROOM: f64 = WIDTH - 2.0 * MARGIN;
const QR_SIDE: f64 = 88.0;

/// The border of a drawing: dashed where no line has been drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Border {
    Solid,
    Dashed,
}

/// Draws a label.
pub(crate) fn label(view: View<'_>) -> String {
    let mut canvas = Canvas::default();
    let mut y = head(&mut canvas, view, "SOFTWARE SECURITY LABEL");
    y = mark::draw(&mut canvas, view, y);
    y = tier(&mut canvas, view, y);
    canvas.bar(MARGIN, y, ROOM, 3.0, INK);
    y += 3.0;
    for face_row in &view.body().face {
        y = row::draw(&mut canvas, face_row, y);
    }
    y = foot(&mut canvas, view, y);
    document(&title(view), &description(view), y, &canvas.finish(), Border::Solid)
}

/// A whole document around a drawing of this height.
pub(crate) fn document(title: &str, description: &str, height: f64, drawing: &str, border: Border) -> String {
    let (title, description) = (escape(title), escape(description));
    let dashes = if border == Border::Dashed { " stroke-dasharray=\"9 6\"" } else { "" };
    let (height, inner) = (number(height), number(height - 3.0));
    let head = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"420\" height=\"{height}\" viewBox=\"0 0 420 {height}\" \
         role=\"img\" aria-labelledby=\"plimsoll-title plimsoll-description\" \
         font-family=\"'Liberation Sans', Arial, Helvetica, sans-serif\">"
    );
    format!(
        "{head}\n<title id=\"plimsoll-title\">{title}</title>\n<desc id=\"plimsoll-description\">{description}</desc>\n\
         <rect x=\"1.5\" y=\"1.5\" width=\"417\" height=\"{inner}\" rx=\"10\" fill=\"#fff\" stroke=\"{INK}\" \
         stroke-width=\"3\"{dashes}/>\n{drawing}</svg>\n"
    )
}

fn title(view: View<'_>) -> String {
    let version = words::clean(&view.body().product.version);
    let name = format!("{} {version}", view.name());
    let tier = view.tier().replacen("Tier", "tier", 1);
    format!("Software security label: {}, {tier}, {}", name.trim_end(), view.tier_name())
}

fn description(view: View<'_>) -> String {
    let mut parts = vec![format!("{}. {}", view.tier(), view.tier_sentence())];
    parts.extend(view.source_sentence());
    parts.extend(view.body().tier.cap.as_ref().map(|cap| words::sentence(&cap.reason)));
    for row in &view.body().face {
        let how = if row.contradicted { "the source says otherwise" } else { words::known(row.outcome, row.assurance) };
        parts.push(format!("{}: {} ({how}).", words::clean(&row.title), words::clean(&row.text)));
    }
    parts.push(format!("Checked {}, good until {}.", view.checked(), view.good_until()));
    let contact = words::clean(&view.body().product.contact);
    if !contact.is_empty() {
        parts.push(format!("Report a problem: {contact}."));
    }
    parts.push("A label is not a promise that nothing can go wrong.".to_owned());
    parts.join(" ")
}

/// The title, the name and the version. `title` is ours, and short. Returns the y below.
pub(crate) fn head(canvas: &mut Canvas, view: View<'_>, title: &str) -> f64 {
    // Letter-spaced text has no known width, hence not through `Canvas::text`; it is ours, and short.
    canvas.raw(&format!(r#"<text x="24" y="40" font-size="13" letter-spacing="2.2" fill="{INK}">{title}</text>"#));
    let mut y = 46.0;
    for (number, line) in
        fit(&view.name(), ROOM, &[30.0, 27.0, 24.0, 22.0, 20.0, 18.0], Weight::Bold, 2).iter().enumerate()
    {
        y += if number == 0 { line.size } else { line.size * 1.18 };
        canvas.text(MARGIN, y, line, Weight::Bold, INK, Anchor::Start);
    }
    y += 5.0;
    for line in &fit(&view.version_line(), ROOM, &[14.0, 13.0, 12.0], Weight::Regular, 2) {
        y += 17.0;
        canvas.text(MARGIN, y, line, Weight::Regular, SOFT, Anchor::Start);
    }
    canvas.bar(MARGIN, y + 14.0, ROOM, 7.0, INK);
    y + 21.0
}

fn tier(canvas: &mut Canvas, view: View<'_>, top: f64) -> f64 {
    let mut y = top + 18.0;
    let line = format!("{} · good until {}", view.tier(), view.good_until());
    for line in &fit(&line, ROOM, &[15.0, 14.0, 13.0], Weight::Bold, 1) {
        canvas.text(MARGIN, y, line, Weight::Bold, INK, Anchor::Start);
    }
    y += 3.0;
    for line in &fit(&view.tier_sentence(), ROOM, &[14.0, 13.0], Weight::Regular, 3) {
        y += 17.0;
        canvas.text(MARGIN, y, line, Weight::Regular, INK, Anchor::Start);
    }
    if let Some(sentence) = view.source_sentence() {
        for line in &fit(&sentence, ROOM, &[13.0], Weight::Regular, 2) {
            y += 17.0;
            canvas.text(MARGIN, y, line, Weight::Regular, SOFT, Anchor::Start);
        }
    }
    if let Some(cap) = &view.body().tier.cap {
        let reason = format!("Held at tier {}: {}", cap.level, words::clean(&cap.reason));
        y += 3.0;
        for line in &fit(&reason, ROOM, &[12.0], Weight::Bold, 3) {
            y += 16.0;
            canvas.text(MARGIN, y, line, Weight::Bold, ALARM, Anchor::Start);
        }
    }
    y + 13.0
}

fn foot(canvas: &mut Canvas, view: View<'_>, top: f64) -> f64 {
    let legend = "How we know: 1 said · 2 seen in its source · 3 checked · 4 confirmed";
    for line in &fit(legend, ROOM, &[11.0], Weight::Regular, 1) {
        canvas.text(MARGIN, top + 18.0, line, Weight::Regular, SOFT, Anchor::Start);
    }
    let top = top + 30.0;
    let product = &view.body().product;
    let code = link::page(&product.url).and_then(|address| qr::code(&address));
    let mut room = ROOM;
    let mut bottom = top;
    if let Some(code) = code {
        let module = QR_SIDE / code.side as f64;
        // To the right and below the margin of the label is the quiet zone.
        let quiet = module * qr::QUIET as f64;
        room -= QR_SIDE + quiet;
        bottom = top + 6.0 + QR_SIDE;
        let scale = number(module);
        let (x, y) = (number(RIGHT - QR_SIDE), number(top + 6.0));
        let place = format!(r#" transform="translate({x} {y}) scale({scale})" shape-rendering="crispEdges""#);
        canvas.path(&code.path, INK, &place);
    }
    let mut facts: Vec<(String, &[f64], Weight, &str)> = vec![
        (format!("Checked {}", view.checked()), &[13.0], Weight::Regular, INK),
        (format!("Good until {}", view.good_until()), &[13.0], Weight::Bold, INK),
    ];
    for (lead, value) in [("Report a problem:", &product.contact), ("More:", &product.url)] {
        let value = words::clean(value);
        if !value.is_empty() {
            facts.push((format!("{lead} {value}"), &[12.0, 11.0], Weight::Regular, SOFT));
        }
    }
    let tool = format!("{} {}", view.body().tool.name, view.body().tool.version);
    let examined = view.examined();
    let origin = if examined.is_empty() { tool } else { format!("{examined} · {tool}") };
    facts.push((origin, &[11.0], Weight::Regular, FAINT));
    let mut y = top - 3.0;
    for (text, sizes, weight, fill) in facts {
        y += 3.0;
        for line in &fit(&text, room, sizes, weight, 2) {
            y += line.size + 2.0;
            canvas.text(MARGIN, y, line, weight, fill, Anchor::Start);
        }
    }
    y = (bottom + 12.0).max(y + 24.0);
    for line in &fit("A label is not a promise that nothing can go wrong.", ROOM, &[12.0], Weight::Regular, 1) {
        canvas.text(MARGIN, y, line, Weight::Regular, INK, Anchor::Start);
    }
    y + 20.0
}
