//! Replies of an interview that has not ended, as they are kept in a file.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::text::quoted;

/// The version of the format.
const SCHEMA: u32 = 1;
/// Replies that are read.
const MOST: usize = 200;

#[derive(Deserialize)]
struct Draft {
    schema: u32,
    #[serde(default)]
    replies: BTreeMap<String, String>,
}

pub(super) fn write(replies: &BTreeMap<String, String>) -> String {
    let mut out = format!(
        "# Answers of an interview of `plimsoll init` that has not ended. It is removed when plimsoll.toml is written;\n# nothing in it is a claim.\nschema = {SCHEMA}\n\n[replies]\n"
    );
    for (id, text) in replies {
        out.push_str(&format!("{} = {}\n", quoted(id), quoted(text)));
    }
    out
}

/// Gives the replies; what is no draft of this version has none.
pub(super) fn read(text: &str) -> BTreeMap<String, String> {
    let draft = toml::from_str::<Draft>(text).ok().filter(|draft| draft.schema == SCHEMA);
    draft.map(|draft| draft.replies.into_iter().take(MOST).collect()).unwrap_or_default()
}
