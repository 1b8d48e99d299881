//! A calendar: one event for each day on which something changes.
//!
//! Written here and by no library: the one that there is brings a clock and random ids, and the same forecast has to give the same
//! bytes. What is written is the part of RFC 5545 that a date with a text needs.

use plimsoll_model::{DayOfChange, Forecast, sha256_hex};

use super::{about, ended, is_lower, moved, remedies};
use crate::words;

/// Bytes of a line without its end. Source: RFC 5545 section 3.1.
const LONGEST_LINE: usize = 75;
/// Days before a fall at which a calendar reminds of it.
const REMINDER: u8 = 14;

/// Gives the forecast as an iCalendar file: an event of the whole day for each change, with a reminder two weeks before what takes
/// the tier down.
///
/// Text of the evidence stays text: it makes no property, no line and no other event. Ids follow from the evidence and the day, so
/// that a calendar that reads a later forecast of the same evidence changes its events and adds none twice.
///
/// Source: RFC 5545 sections 3.1 (folding), 3.3.11 (text), 3.6.1, 3.8.4.7 (ids).
pub fn forecast_ics(forecast: &Forecast) -> String {
    let mut out = Lines::default();
    out.line("BEGIN:VCALENDAR");
    out.line("VERSION:2.0");
    out.line("PRODID:-//Plimsoll//Forecast//EN");
    out.line("CALSCALE:GREGORIAN");
    for change in &forecast.changes {
        event(&mut out, forecast, change);
    }
    out.line("END:VCALENDAR");
    out.text
}

fn event(out: &mut Lines, forecast: &Forecast, change: &DayOfChange) {
    // The last day that there is has none after it, and is no day of an event.
    let Ok(next) = change.date.tomorrow() else { return };
    let digest = forecast.evidence.get("sha256").map(String::as_str).unwrap_or_default();
    let id = sha256_hex(format!("plimsoll forecast {digest} {}", change.date).as_bytes());
    let product = words::clean(&forecast.product);
    let product = if product.is_empty() { "Software label".to_owned() } else { product };
    let lapses = change.lapses.iter().map(|lapse| words::sentence(&ended(lapse)));
    let remedies = remedies(forecast, change).into_iter().map(|fix| format!("Do: {fix}"));
    let description: Vec<String> = lapses.chain(remedies).chain([about(forecast)]).collect();
    let summary = format!("{product}: {}", moved(forecast, change));
    out.line("BEGIN:VEVENT");
    out.line(&format!("UID:{id}@plimsoll.dev"));
    out.line(&format!("DTSTAMP:{}", forecast.as_of.strftime("%Y%m%dT%H%M%SZ")));
    out.line(&format!("DTSTART;VALUE=DATE:{}", change.date.strftime("%Y%m%d")));
    out.line(&format!("DTEND;VALUE=DATE:{}", next.strftime("%Y%m%d")));
    out.line(&format!("SUMMARY:{}", escape(&summary)));
    out.line(&format!("DESCRIPTION:{}", description.iter().map(|line| escape(line)).collect::<Vec<_>>().join("\\n")));
    out.line("TRANSP:TRANSPARENT");
    if is_lower(forecast, change) || change.label_ends {
        out.line("BEGIN:VALARM");
        out.line("ACTION:DISPLAY");
        out.line(&format!("DESCRIPTION:{}", escape(&summary)));
        out.line(&format!("TRIGGER:-P{REMINDER}D"));
        out.line("END:VALARM");
    }
    out.line("END:VEVENT");
}

/// A text without what has a meaning in a value. Line ends are none any more: it went through [`words::clean`].
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in words::clean(text).chars() {
        if matches!(letter, '\\' | ';' | ',') {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// Lines that are folded where they are too long.
#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    fn line(&mut self, line: &str) {
        let mut length = 0;
        for letter in line.chars() {
            if length + letter.len_utf8() > LONGEST_LINE {
                self.text.push_str("\r\n ");
                length = 1;
            }
            self.text.push(letter);
            length += letter.len_utf8();
        }
        self.text.push_str("\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_in_its_value() {
        for (text, expected) in [
            ("a;b,c\\d", "a\\;b\\,c\\\\d"),
            ("a\r\nBEGIN:VEVENT", "a BEGIN:VEVENT"),
            ("a\u{2028}b\u{85}c", "a\\\\u{2028}b\\\\u{85}c"),
            ("\u{202e}x\u{0}", "\\\\u{202e}x\\\\u{0}"),
            ("plain", "plain"),
        ] {
            assert_eq!(escape(text), expected, "{text:?}");
        }
    }

    #[test]
    fn lines_are_folded_between_letters() {
        for letter in ["a", "é", "測", "🦀"] {
            let mut lines = Lines::default();
            lines.line(&letter.repeat(100));
            assert!(lines.text.ends_with("\r\n"));
            let folded: Vec<&str> = lines.text.trim_end().split("\r\n").collect();
            assert!(folded.len() > 1 && folded.iter().all(|line| line.len() <= LONGEST_LINE), "{folded:?}");
            assert!(folded.iter().skip(1).all(|line| line.starts_with(' ')));
            assert_eq!(lines.text.replace("\r\n ", "").trim_end(), letter.repeat(100));
        }
    }
}
