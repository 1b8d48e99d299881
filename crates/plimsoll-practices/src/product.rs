//! Which version the examined commit is, from what was seen: expressions that the tier file holds.

use serde::Deserialize;
use toml::Spanned;

use crate::{
    Expression,
    source::at,
    stated::{Say, needed},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ProductFile {
    needs: Vec<String>,
    version: Spanned<String>,
    from: Spanned<String>,
    disagreement: Spanned<String>,
    contact: Option<Spanned<String>>,
    contact_from: Option<Spanned<String>>,
}

/// Expressions that say which version a commit is. One that comes to nothing says nothing.
#[derive(Debug)]
pub struct ProductRules {
    /// The version.
    pub version: Expression,
    /// What says so, in words.
    pub from: Expression,
    /// What says otherwise, in a sentence.
    pub disagreement: Expression,
    /// Where to report a problem, where the maker claims no contact.
    pub contact: Option<Expression>,
    /// What names that contact.
    pub contact_from: Option<Expression>,
}

impl ProductRules {
    pub(crate) fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let stated = [&self.contact, &self.contact_from].into_iter().flatten();
        [&self.version, &self.from, &self.disagreement].into_iter().chain(stated)
    }
}

pub(crate) fn check(
    file: ProductFile,
    compile: &dyn Fn(&str) -> Result<Expression, String>,
    say: &mut Say<'_>,
) -> Option<ProductRules> {
    let mut expression = |name: &str, text: Spanned<String>| match compile(text.get_ref()) {
        Ok(expression) => {
            needed(&expression, &file.needs, at(&text), &format!("the product's {name}"), say);
            Some(expression)
        }
        Err(reason) => {
            say(at(&text), format!("the product's {name}: {reason}"));
            None
        }
    };
    let version = expression("version", file.version);
    let from = expression("from", file.from);
    let disagreement = expression("disagreement", file.disagreement);
    let contact = file.contact.and_then(|text| expression("contact", text));
    let contact_from = file.contact_from.and_then(|text| expression("contact-from", text));
    Some(ProductRules { version: version?, from: from?, disagreement: disagreement?, contact, contact_from })
}
