//! One self-contained page.

use minijinja::{Environment, UndefinedBehavior, Value, context, syntax::SyntaxConfig};
use plimsoll_model::{AuditReport, AuditVerdict, CheckVerdict, Repetition};

use super::{PARTS, headline, standing, word};
use crate::{html::digest, words};

const PAGE: &str = include_str!("../../templates/audit.html");
const STYLE: &str = include_str!("../../templates/label.css");

/// Gives the report as a page that needs nothing else: no script, no connection, its style sheet named by digest in the
/// content security policy. All text is escaped.
///
/// Source: W3C Content Security Policy Level 3.
#[expect(clippy::missing_panics_doc, reason = "it does not: see the reason below")]
pub fn audit_html(report: &AuditReport) -> String {
    #[expect(
        clippy::expect_used,
        reason = "the template is a constant, and strict about members that are always given; a report chooses only between \
                  branches that the tests take"
    )]
    render(report).expect("the template fits its values")
}

fn render(report: &AuditReport) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    // The name ends in .html, which is what turns escaping on.
    environment.add_template("audit.html", PAGE)?;
    let clean = |text: &str| words::clean(text);
    let part = |title: &str, part: &Repetition| {
        context! {
            title => title,
            word => word(part.verdict),
            reason => clean(&part.reason),
            missing => part.missing.iter().map(|text| clean(text)).collect::<Vec<_>>(),
            differences => part.differences.iter().map(|one| context! {
                place => clean(&one.place),
                audited => clean(one.audited.as_deref().unwrap_or("not there")),
                again => clean(one.again.as_deref().unwrap_or("not there")),
            }).collect::<Vec<_>>(),
            more => part.more,
        }
    };
    let label = &report.label;
    let judged = &report.judged;
    let [score, collect, own] = PARTS;
    environment.get_template("audit.html")?.render(context! {
        style => Value::from_safe_string(STYLE.to_owned()),
        style_digest => digest(STYLE),
        headline => headline(report),
        class => match report.verdict {
            AuditVerdict::Identical => "good",
            AuditVerdict::Incomplete => "part",
            AuditVerdict::Differs => "bad",
        },
        product => clean(&label.product),
        facts => vec![
            ("Label", clean(&label.stated())),
            ("Speaks for", label.as_of.to_string()),
            ("Good until", label.expires.to_string()),
            ("Signed by", clean(label.signer.as_deref().unwrap_or("no known signer"))),
            ("label.json, SHA-256", clean(&label.digest)),
            ("evidence.json, SHA-256", clean(&label.evidence)),
            ("Audited", report.time.to_string()),
            ("With", clean(&format!("{} {}", report.tool.name, report.tool.version))),
        ],
        checks => report.checks.iter().map(|check| context! {
            name => clean(&check.name),
            class => match check.verdict { CheckVerdict::Passed => "good", CheckVerdict::Failed => "bad", CheckVerdict::NotChecked => "none" },
            word => match check.verdict { CheckVerdict::Passed => "holds", CheckVerdict::Failed => "does not hold", CheckVerdict::NotChecked => "not asked" },
            reason => clean(&check.reason),
        }).collect::<Vec<_>>(),
        parts => vec![part(score, &report.score), part(collect, &report.collect)],
        own => own,
        tier => judged.tier.filter(|_| !label.is_view).map(|tier| format!("tier {tier} {}", clean(judged.tier_name.as_deref().unwrap_or_default()))),
        reason => clean(&judged.reason),
        changes => judged.changes.iter().map(|change| context! {
            id => clean(&change.id),
            asks => clean(&change.asks),
            before => standing(change.before.as_ref()),
            after => standing(change.after.as_ref()),
            why => clean(change.after.as_ref().map(|after| after.reason.as_str()).unwrap_or_default()),
        }).collect::<Vec<_>>(),
    })
}
