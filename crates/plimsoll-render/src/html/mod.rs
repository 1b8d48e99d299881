//! The label as one page: the face first, then the layer behind it.

mod anchor;
mod findings;
mod model;
mod page;
mod source;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use minijinja::{Environment, UndefinedBehavior, Value, context, syntax::SyntaxConfig, value::Serde};
use plimsoll_model::{Statement, sha256_hex};

pub use self::anchor::anchor;
use crate::{face::drawing, view::View};

const PAGE: &str = include_str!("../../templates/label.html");
const STYLE: &str = include_str!("../../templates/label.css");

/// Gives the label as a page that needs nothing else: the drawing, what it means, and everything behind it.
///
/// The page has no script and opens no connection, and its content security policy forbids both: only its own style
/// sheet counts, named by digest. All text of the label is escaped; only `http`, `https` and `mailto` addresses
/// become links. Every criterion and entry has its id as a fragment ([`anchor`]) inside of what is folded, so that a link
/// opens the row that it names.
///
/// Source: W3C Content Security Policy Level 3; WCAG 2.2 level AA.
pub fn html(statement: &Statement) -> String {
    page(View::new(statement))
}

/// As [`html`], of a view.
pub(crate) fn page(view: View<'_>) -> String {
    #[expect(
        clippy::expect_used,
        reason = "the template is a constant, and strict about members that `Page` always has; a label chooses only \
                  between branches that the tests take"
    )]
    render(view).expect("the template fits its values")
}

fn render(view: View<'_>) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    // The name ends in .html, which is what turns escaping on.
    environment.add_template("label.html", PAGE)?;
    environment.get_template("label.html")?.render(context! {
        page => Serde(page::Page::new(view)),
        style => Value::from_safe_string(STYLE.to_owned()),
        style_digest => digest(STYLE),
        drawing => Value::from_safe_string(drawing(view)),
    })
}

/// The digest of a style sheet as a content security policy names it: base64, not hexadecimal.
pub(crate) fn digest(style: &str) -> String {
    let hex = sha256_hex(style.as_bytes());
    let digits: Vec<u8> =
        hex.chars().filter_map(|digit| digit.to_digit(16)).filter_map(|digit| u8::try_from(digit).ok()).collect();
    let bytes: Vec<u8> = digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| (byte << 4) | digit)).collect();
    format!("sha256-{}", STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_the_policy() {
        // SHA-256 of nothing, FIPS 180-4.
        assert_eq!(digest(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }
}
