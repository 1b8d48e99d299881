//! The label as a drawing that needs nothing else: no font, image, script or address is fetched by it.

mod canvas;
mod mark;
mod row;
pub(crate) mod sign;

pub(crate) use self::{
    canvas::{ALARM, Anchor, Canvas, FAINT, INK, SOFT, escape, number},
    row::TEXT,
    sign::UNSEEN,
};
use crate::{
    link,
    measure::{Weight, fit},
    qr,
    row::word,
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
    y = ended(&mut canvas, view, y);
    y = mark::draw(&mut canvas, view, y);
    y = tier(&mut canvas, view, y);
    canvas.bar(MARGIN, y, ROOM, 3.0, INK);
    y += 3.0;
    for shown in view.rows() {
        y = row::draw(&mut canvas, &shown, y);
    }
    y = foot(&mut canvas, view, y);
    document(&title(view), &description(view), y, &canvas.finish(), Border::Solid)
}

/// A whole document around a drawing of this height. A light rim outside of the border shows it on dark paper.
pub(crate) fn document(title: &str, description: &str, height: f64, drawing: &str, border: Border) -> String {
    let (title, description) = (escape(title), escape(description));
    let dashes = if border == Border::Dashed { " stroke-dasharray=\"9 6\"" } else { "" };
    let (height, inner, outer) = (number(height), number(height - 5.0), number(height - 1.0));
    let head = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"420\" height=\"{height}\" viewBox=\"0 0 420 {height}\" \
         role=\"img\" aria-labelledby=\"plimsoll-title plimsoll-description\" \
         font-family=\"'Liberation Sans', Arial, Helvetica, sans-serif\">"
    );
    format!(
        "{head}\n<title id=\"plimsoll-title\">{title}</title>\n<desc id=\"plimsoll-description\">{description}</desc>\n\
         <rect x=\"0.5\" y=\"0.5\" width=\"419\" height=\"{outer}\" rx=\"12\" fill=\"#fff\" stroke=\"#fff\"/>\n\
         <rect x=\"2.5\" y=\"2.5\" width=\"415\" height=\"{inner}\" rx=\"10\" fill=\"#fff\" stroke=\"{INK}\" \
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
    let mut parts = Vec::new();
    if view.ended() {
        parts.push(ended_sentence(view));
    }
    parts.push(format!("{}. {}", view.tier(), view.tier_sentence()));
    parts.extend(view.word_sentence());
    parts.extend(view.source_sentence());
    parts.extend(view.body().tier.cap.as_ref().map(|cap| words::sentence(&cap.reason)));
    for row in view.rows() {
        let how = if row.contradicted { "the source says otherwise" } else { row.how() };
        let known = row.contradicted || row.known.is_some();
        let how = if known { format!("{}, {how}", word(row.sign)) } else { word(row.sign).to_owned() };
        parts.push(format!("{} ({how}): {}.", words::clean(row.title), words::clean(row.text)));
    }
    parts.push(format!("Checked {}, {}.", view.checked(), view.lasts()));
    let contact = words::clean(&view.body().product.contact);
    if !contact.is_empty() {
        parts.push(format!("Report a problem: {contact}."));
    }
    parts.push("A label is not a promise that nothing can go wrong.".to_owned());
    parts.join(" ")
}

fn ended_sentence(view: View<'_>) -> String {
    format!("Ended on {}: do not rely on it.", view.good_until())
}

/// Says in a red band that it has ended, where it has. Returns the y below.
pub(crate) fn ended(canvas: &mut Canvas, view: View<'_>, top: f64) -> f64 {
    if !view.ended() {
        return top;
    }
    canvas.bar(MARGIN, top, ROOM, 34.0, ALARM);
    let line = format!("EXPIRED {}: do not rely on it", view.good_until());
    for line in &fit(&line, ROOM - 20.0, &[16.0, 15.0, 14.0], Weight::Bold, 1) {
        canvas.text(MARGIN + 10.0, top + 22.5, line, Weight::Bold, "#fff", Anchor::Start);
    }
    top + 34.0
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
    let mut y = top + 16.0;
    let line = format!("{} · {}", view.tier(), view.lasts());
    for line in &fit(&line, ROOM, &[15.0, 14.0, 13.0], Weight::Bold, 1) {
        canvas.text(MARGIN, y, line, Weight::Bold, INK, Anchor::Start);
    }
    y += 3.0;
    for line in &fit(&view.tier_sentence(), ROOM, &[14.0, 13.5], Weight::Regular, 3) {
        y += 17.0;
        canvas.text(MARGIN, y, line, Weight::Regular, INK, Anchor::Start);
    }
    for line in view.word_sentence().iter().flat_map(|words| fit(words, ROOM, &[13.0], Weight::Regular, 2)) {
        y += 17.0;
        canvas.text(MARGIN, y, &line, Weight::Regular, SOFT, Anchor::Start);
    }
    if let Some(sentence) = view.source_sentence() {
        y += 3.0;
        // The dashed line of the mark, in small, says which line this is.
        canvas.dashed((MARGIN, y + 12.5), (MARGIN + 23.5, y + 12.5), 3.0);
        for line in &fit(&sentence, RIGHT - TEXT, &[13.0, 12.5], Weight::Regular, 3) {
            y += 17.0;
            canvas.text(TEXT, y, line, Weight::Regular, SOFT, Anchor::Start);
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
    let mut y = top + 4.0;
    for text in [
        "Signs: \u{2713} good  ! weak  \u{2717} bad  ? not known.",
        "Bars, how sure: 1 said by the maker, 2 seen, 3 checked, 4 confirmed.",
    ] {
        for line in &fit(text, ROOM, &[12.0, 11.5], Weight::Regular, 2) {
            y += 15.5;
            canvas.text(MARGIN, y, line, Weight::Regular, SOFT, Anchor::Start);
        }
    }
    canvas.bar(MARGIN, y + 10.0, ROOM, 3.0, INK);
    let top = y + 13.0;
    let product = &view.body().product;
    // The address is the maker's own, and a telephone follows it without a look.
    let code = link::public_page(&product.url).and_then(|address| qr::code(&address));
    let mut room = ROOM;
    let mut bottom = top;
    if let Some(code) = code {
        let module = QR_SIDE / code.side as f64;
        // To the right and below the margin of the label is the quiet zone.
        let quiet = module * qr::QUIET as f64;
        room -= QR_SIDE + quiet;
        bottom = top + 12.0 + QR_SIDE;
        let scale = number(module);
        let (x, y) = (number(RIGHT - QR_SIDE), number(top + 12.0));
        let place = format!(r#" transform="translate({x} {y}) scale({scale})" shape-rendering="crispEdges""#);
        canvas.path(&code.path, INK, &place);
        bottom += quiet;
        for line in &fit("maker\u{2019}s page", QR_SIDE, &[11.5], Weight::Regular, 1) {
            bottom += 11.0;
            canvas.text(RIGHT, bottom, line, Weight::Regular, SOFT, Anchor::End);
        }
    }
    let mut facts: Vec<(String, &[f64], Weight, &str)> = vec![
        (format!("Checked {}", view.checked()), &[13.0], Weight::Regular, INK),
        (words::capital(&view.lasts()), &[13.0], Weight::Bold, INK),
    ];
    for (lead, value) in [("Report a problem:", &product.contact), ("More:", &product.url)] {
        let value = words::clean(value);
        if !value.is_empty() {
            facts.push((format!("{lead} {value}"), &[12.0, 11.5], Weight::Regular, SOFT));
        }
    }
    facts.extend(view.other_practices().map(|line| (line, &[12.0, 11.5] as &[f64], Weight::Bold, INK)));
    let tool = format!("{} {}", view.body().tool.name, view.body().tool.version);
    let examined = view.examined();
    let origin = if examined.is_empty() { tool } else { format!("{examined} · {tool}") };
    facts.push((origin, &[12.0, 11.5], Weight::Regular, FAINT));
    let mut y = top + 1.0;
    for (text, sizes, weight, fill) in facts {
        y += 3.0;
        for line in &fit(&text, room, sizes, weight, 2) {
            y += line.size + 2.0;
            canvas.text(MARGIN, y, line, weight, fill, Anchor::Start);
        }
    }
    y = (bottom + 8.0).max(y + 10.0);
    canvas.line((MARGIN, y), (RIGHT, y), 1.0, "#bbb");
    for (text, weight) in [
        // Who signed it is in no label: anybody could write anything there.
        ("Anyone can draw a label. Check this one: plimsoll verify", Weight::Bold),
        ("A label is not a promise that nothing can go wrong.", Weight::Regular),
    ] {
        for line in &fit(text, ROOM, &[12.5, 12.0], weight, 1) {
            y += 18.0;
            canvas.text(MARGIN, y, line, weight, INK, Anchor::Start);
        }
    }
    y + 18.0
}
