//! As one page that needs nothing else.

use minijinja::{Environment, UndefinedBehavior, Value, context, syntax::SyntaxConfig};
use plimsoll_model::{Report, ReportEntry};

use super::{answer, as_before, came, class, crossed_mark, grouped, head, mark, said, searched, summary};
use crate::{html::digest, link::public_page, words};

const PAGE: &str = include_str!("../../templates/report.html");
const STYLE: &str = concat!(include_str!("../../templates/label.css"), include_str!("../../templates/report.css"));

/// Gives a report as a page that needs nothing else: no script, no connection, its style sheet named by digest in the content
/// security policy. All text is escaped, and only https addresses of code hosts become links.
///
/// Source: W3C Content Security Policy Level 3; WCAG 2.2 level AA.
#[expect(clippy::missing_panics_doc, reason = "it does not: see the reason below")]
pub fn report_html(report: &Report) -> String {
    #[expect(
        clippy::expect_used,
        reason = "the template is a constant, and strict about members that are always given; a report chooses only between \
                  branches that the tests take"
    )]
    render(report).expect("the template fits its values")
}

fn render(report: &Report) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    // The name ends in .html, which is what turns escaping on.
    environment.add_template("report.html", PAGE)?;
    let mut sections: Vec<(&str, Vec<Value>)> = Vec::new();
    for field in &report.fields {
        let row = context! {
            title => words::clean(&field.title),
            value => field.value.as_deref().map(words::clean),
            note => words::clean(&field.note),
        };
        match sections.last_mut() {
            Some((section, rows)) if *section == field.section => rows.push(row),
            _ => sections.push((&field.section, vec![row])),
        }
    }
    environment.get_template("report.html")?.render(context! {
        style => Value::from_safe_string(STYLE.to_owned()),
        style_digest => digest(STYLE),
        title => words::clean(&report.catalog.title),
        summary => summary(report),
        head => head(report).into_iter().map(|(name, value)| context! { name => name, value => value }).collect::<Vec<_>>(),
        reading => report.reading.iter().map(|line| words::clean(line)).collect::<Vec<_>>(),
        sections => sections.into_iter().map(|(title, rows)| context! { title => words::clean(title), rows => rows }).collect::<Vec<_>>(),
        groups => grouped(report).into_iter().map(|(title, entries)| context! {
            title => words::clean(if title.is_empty() { "Questions" } else { title }),
            entries => entries.iter().enumerate().map(|(number, one)| {
                entry(one, entries.get(number.wrapping_sub(1)).copied())
            }).collect::<Vec<_>>(),
        }).collect::<Vec<_>>(),
        evidence => words::clean(report.evidence.get("sha256").map(String::as_str).unwrap_or_default()),
        practices => report.practices.iter().map(|(path, digest)| context! {
            path => words::clean(path),
            digest => words::clean(digest.get("sha256").map(String::as_str).unwrap_or_default()),
        }).collect::<Vec<_>>(),
        tool => words::clean(&format!("{} {}", report.tool.name, report.tool.version)),
    })
}

fn entry(entry: &ReportEntry, before: Option<&ReportEntry>) -> Value {
    let same = as_before(entry, before);
    let crosswalk = entry.crosswalk.iter().filter(|_| same.is_none());
    context! {
        id => words::clean(&entry.id),
        asks => words::clean(&entry.asks),
        mark => mark(entry),
        class => class(entry),
        answer => words::capital(&answer(entry)),
        reason => words::sentence(&entry.reason),
        places => entry.places.iter().map(|place| context! {
            shown => words::clean(&place.shown),
            blob => place.pointer.blob.as_deref().map(words::clean),
            url => place.url.as_deref().and_then(public_page),
        }).collect::<Vec<_>>(),
        notes => searched(entry).into_iter().chain(said(entry)).chain(same.clone()).collect::<Vec<_>>(),
        crosswalk => crosswalk.map(|one| context! {
            mark => crossed_mark(one),
            id => words::clean(&one.id),
            title => words::clean(&one.title),
            came => came(one),
        }).collect::<Vec<_>>(),
        steps => entry.to_close.iter().map(|step| context! {
            parts => words::parts(&step.action).into_iter().map(|(code, text)| context! { code => code, text => text }).collect::<Vec<_>>(),
            effort => words::clean(&step.effort),
        }).collect::<Vec<_>>(),
    }
}
