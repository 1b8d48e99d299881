//! One self-contained page: the answer, the tier over time, and each day on which something changes.

use minijinja::{Environment, UndefinedBehavior, Value, context, syntax::SyntaxConfig};
use plimsoll_model::Forecast;

use super::{about, after_label, answer, ended, in_days, is_lower, moved, plot::plot, remedies, text::turned};
use crate::{html::digest, words};

const PAGE: &str = include_str!("../../templates/forecast.html");
const STYLE: &str = concat!(include_str!("../../templates/label.css"), include_str!("../../templates/forecast.css"));

/// Gives the forecast as a page that needs nothing else: no script, no connection, its style sheet named by digest in the content
/// security policy. All text is escaped.
///
/// Source: W3C Content Security Policy Level 3; WCAG 2.2 level AA.
#[expect(clippy::missing_panics_doc, reason = "it does not: see the reason below")]
pub fn forecast_html(forecast: &Forecast) -> String {
    #[expect(
        clippy::expect_used,
        reason = "the template is a constant, and strict about members that are always given; a forecast chooses only between \
                  branches that the tests take"
    )]
    render(forecast).expect("the template fits its values")
}

fn render(forecast: &Forecast) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    // The name ends in .html, which is what turns escaping on.
    environment.add_template("forecast.html", PAGE)?;
    let answer = answer(forecast);
    environment.get_template("forecast.html")?.render(context! {
        style => Value::from_safe_string(STYLE.to_owned()),
        style_digest => digest(STYLE),
        plot => Value::from_safe_string(plot(forecast, &answer)),
        product => words::clean(&forecast.product),
        after => after_label(forecast),
        about => about(forecast),
        answer => answer,
        changes => forecast.changes.iter().map(|change| context! {
            id => change.date.to_string(),
            date => words::day(change.date),
            days => in_days(change),
            class => if is_lower(forecast, change) || change.label_ends { "bad" } else { "none" },
            moved => moved(forecast, change),
            ends => change.lapses.iter().map(|lapse| context! {
                text => words::sentence(&ended(lapse)),
                all => lapse.items.iter().map(|item| context! {
                    name => words::clean(&item.name),
                    place => item.place.as_deref().map(words::clean).unwrap_or_default(),
                }).collect::<Vec<_>>(),
            }).collect::<Vec<_>>(),
            criteria => change.criteria.iter().map(|criterion| context! {
                id => words::clean(&criterion.id),
                asks => words::clean(&criterion.asks),
                turned => turned(criterion),
                reason => words::clean(&criterion.reason),
            }).collect::<Vec<_>>(),
            fixes => remedies(forecast, change).iter().map(|fix| {
                words::parts(fix).into_iter().map(|(code, text)| context! { code => code, text => text }).collect::<Vec<_>>()
            }).collect::<Vec<_>>(),
        }).collect::<Vec<_>>(),
        not_forecast => forecast.not_forecast.iter().map(|one| words::clean(one)).collect::<Vec<_>>(),
        evidence => words::clean(forecast.evidence.get("sha256").map(String::as_str).unwrap_or_default()),
        tool => words::clean(&format!("{} {}", forecast.tool.name, forecast.tool.version)),
    })
}
