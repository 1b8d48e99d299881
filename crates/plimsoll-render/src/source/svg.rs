//! The outside view as a drawing: a dashed border and a dashed mark, since no line has been drawn.

use std::f64::consts::TAU;

use plimsoll_model::{Sign, SourceRow, SourceView};

use super::{INVITATION, NO_PROMISE, NOT_KNOWN, NOT_RATED, ONLY_MAKER, SEEN, TITLE, blocks, counts};
use crate::{
    measure::{Line, Weight, fit},
    row::word,
    svg::{
        ALARM, Anchor, Border, Canvas, FAINT, INK, MARGIN, RIGHT, ROOM, SOFT, TEXT, UNSEEN, document, ended, head,
        number, sign,
    },
    view::View,
    words,
};

/// Gives the view as an SVG document, as wide as a label.
pub(crate) fn svg(view: View<'_>, source: &SourceView) -> String {
    let mut canvas = Canvas::default();
    let y = head(&mut canvas, view, &TITLE.to_uppercase());
    let y = ended(&mut canvas, view, y);
    let y = rating(&mut canvas, view, source, y);
    canvas.bar(MARGIN, y, ROOM, 3.0, INK);
    let (seen, unseen) = blocks(source);
    let mut y = y + 3.0;
    for (title, rows) in [(SEEN, seen), (NOT_KNOWN, unseen)] {
        if rows.is_empty() {
            continue;
        }
        y = block(&mut canvas, title, y);
        for row in rows {
            y = self::row(&mut canvas, row, y);
        }
    }
    y = only_maker(&mut canvas, source, y);
    canvas.bar(MARGIN, y, ROOM, 3.0, INK);
    let height = foot(&mut canvas, view, source, y + 3.0);
    let version = words::clean(&view.body().product.version);
    let name = format!("{} {version}", view.name());
    let title = format!("{TITLE}: {}, not rated", name.trim_end());
    document(&title, &description(view, source), height, &canvas.finish(), Border::Dashed)
}

fn description(view: View<'_>, source: &SourceView) -> String {
    let mut parts = vec![format!("{NOT_RATED}. {}.", counts(source))];
    parts.extend(view.source_sentence());
    for row in &source.rows {
        parts.push(format!("{} ({}): {}.", words::clean(&row.title), word(row.sign), words::clean(&row.text)));
    }
    let only: Vec<String> = source.only_maker.iter().map(|one| words::clean(one)).collect();
    if !only.is_empty() {
        parts.push(format!("{ONLY_MAKER}, and it is not said yet: {}.", only.join(", ")));
    }
    parts.push(format!("Checked {}, good until {}.", view.checked(), view.good_until()));
    parts.push(NO_PROMISE.to_owned());
    parts.join(" ")
}

/// The mark, and what it says. Returns the y below.
fn rating(canvas: &mut Canvas, view: View<'_>, source: &SourceView, top: f64) -> f64 {
    let left = MARGIN + 96.0;
    let mut y = top + 12.0;
    let mut lines: Vec<(Line, Weight, &str)> = Vec::new();
    lines.extend(
        fit(NOT_RATED, RIGHT - left, &[17.0, 16.0, 15.0], Weight::Bold, 1)
            .into_iter()
            .map(|line| (line, Weight::Bold, INK)),
    );
    for text in [Some(counts(source)), view.source_sentence()].into_iter().flatten() {
        lines.extend(
            fit(&text, RIGHT - left, &[13.0], Weight::Regular, 3).into_iter().map(|line| (line, Weight::Regular, SOFT)),
        );
    }
    for (line, weight, fill) in &lines {
        y += line.size + 5.0;
        canvas.text(left, y, line, *weight, fill, Anchor::Start);
    }
    let bottom = (y + 16.0).max(top + 88.0);
    mark(canvas, source, MARGIN + 40.0, f64::midpoint(top, bottom));
    bottom
}

/// A ring with a dash for each row, from the top clockwise: full where it is good, thin where it is weak, red and short where it
/// is bad, faint where it is not known; and the dashed line of a mark that nobody has drawn.
fn mark(canvas: &mut Canvas, source: &SourceView, x: f64, y: f64) {
    const RADIUS: f64 = 27.0;
    let count = u32::try_from(source.rows.len().max(1)).unwrap_or(u32::MAX);
    let step = TAU / f64::from(count);
    let mut angle = -TAU / 4.0;
    let (left, right, level) = (number(x - 40.0), number(x + 40.0), number(y));
    canvas.raw(&format!(
        r#"<line x1="{left}" y1="{level}" x2="{right}" y2="{level}" stroke="{INK}" stroke-width="4" stroke-dasharray="6 4.5"/>"#
    ));
    let mut rows: Vec<&SourceRow> = source.rows.iter().collect();
    rows.sort_by_key(|row| row.sign);
    for row in rows {
        let (stroke, width, share) = match row.sign {
            Sign::Good => (INK, 7.0, 0.72),
            Sign::Weak => (INK, 2.5, 0.72),
            Sign::Bad => (ALARM, 7.0, 0.3),
            Sign::Unknown => ("#bbb", 2.5, 0.3),
        };
        let middle = angle + step / 2.0;
        let (from, to) = (middle - step * share / 2.0, middle + step * share / 2.0);
        let point = |angle: f64| (x + RADIUS * angle.cos(), y + RADIUS * angle.sin());
        let ((x1, y1), (x2, y2)) = (point(from), point(to));
        let (x1, y1, x2, y2, r, width) =
            (number(x1), number(y1), number(x2), number(y2), number(RADIUS), number(width));
        canvas.raw(&format!(
            r#"<path d="M{x1} {y1}A{r} {r} 0 0 1 {x2} {y2}" fill="none" stroke="{stroke}" stroke-width="{width}"/>"#
        ));
        angle += step;
    }
}

fn block(canvas: &mut Canvas, title: &str, top: f64) -> f64 {
    let (y, title) = (number(top + 20.0), title.to_uppercase());
    // Letter-spaced text has no known width; it is ours, and short.
    canvas.raw(&format!(
        r#"<text x="24" y="{y}" font-size="11.5" font-weight="700" letter-spacing="1.2" fill="{INK}">{title}</text>"#
    ));
    top + 26.0
}

fn row(canvas: &mut Canvas, row: &SourceRow, top: f64) -> f64 {
    let known = row.sign != Sign::Unknown;
    let mut y = top;
    for line in &fit(&row.title, RIGHT - TEXT, &[14.5, 13.5], Weight::Bold, 2) {
        y += 18.0;
        canvas.text(TEXT, y, line, Weight::Bold, if known { INK } else { SOFT }, Anchor::Start);
    }
    for line in &fit(&row.text, RIGHT - TEXT, &[13.0, 12.0], Weight::Regular, 2) {
        y += 16.5;
        canvas.text(TEXT, y, line, Weight::Regular, if known { SOFT } else { UNSEEN }, Anchor::Start);
    }
    sign::draw(canvas, row.sign, MARGIN + 11.0, f64::midpoint(top, y + 8.0));
    canvas.line((MARGIN, y + 9.5), (RIGHT, y + 9.5), 1.0, "#bbb");
    y + 10.0
}

fn only_maker(canvas: &mut Canvas, source: &SourceView, top: f64) -> f64 {
    if source.only_maker.is_empty() {
        return top;
    }
    let mut y = block(canvas, ONLY_MAKER, top) - 6.0;
    for line in &fit("not said yet", 120.0, &[13.0], Weight::Regular, 1) {
        canvas.text(RIGHT, y, line, Weight::Regular, UNSEEN, Anchor::End);
    }
    let only: Vec<String> = source.only_maker.iter().map(|one| words::clean(one)).collect();
    for line in &fit(&only.join(" · "), ROOM, &[13.5, 12.5], Weight::Regular, 2) {
        y += 19.0;
        canvas.text(MARGIN, y, line, Weight::Regular, SOFT, Anchor::Start);
    }
    y + 12.0
}

fn foot(canvas: &mut Canvas, view: View<'_>, source: &SourceView, top: f64) -> f64 {
    let examined = view.examined();
    let commit = if examined.is_empty() { String::new() } else { format!(" · {examined}") };
    let mut facts: Vec<(String, f64, Weight, &str)> =
        vec![(format!("Checked {} · {}{commit}", view.checked(), view.lasts()), 12.5, Weight::Regular, SOFT)];
    let tool = format!("{} {}", view.body().tool.name, view.body().tool.version);
    let whose =
        source.assessor.as_ref().map_or(tool.clone(), |name| format!("As seen by {} · {tool}", words::clean(name)));
    facts.push((whose, 12.5, Weight::Regular, SOFT));
    facts.extend(view.other_practices().map(|line| (line, 12.5, Weight::Bold, INK)));
    facts.push((INVITATION.to_owned(), 12.5, Weight::Bold, INK));
    facts.push((NO_PROMISE.to_owned(), 12.0, Weight::Regular, FAINT));
    let mut y = top + 4.0;
    for (text, size, weight, fill) in facts {
        for line in &fit(&text, ROOM, &[size, 11.0], weight, 2) {
            y += 18.0;
            canvas.text(MARGIN, y, line, weight, fill, Anchor::Start);
        }
    }
    y + 18.0
}
