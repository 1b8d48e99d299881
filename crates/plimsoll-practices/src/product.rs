//! Which version the examined commit is, from what was seen: expressions that the tier file holds.

use serde::Deserialize;
use toml::Spanned;

use crate::{
    Expression,
    source::at,
    source_view::{Say, needed},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProductFile {
    needs: Vec<String>,
    version: Spanned<String>,
    from: Spanned<String>,
    disagreement: Spanned<String>,
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
}

impl ProductRules {
    pub(crate) fn expressions(&self) -> impl Iterator<Item = &Expression> {
        [&self.version, &self.from, &self.disagreement].into_iter()
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
    Some(ProductRules { version: version?, from: from?, disagreement: disagreement? })
}
