//! Replies of an interview that has not ended, as they are kept in a file.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::text::quoted;

/// The version of the format.
const SCHEMA: u32 = 2;
/// Replies that are read.
const MOST: usize = 200;

/// A reply, and the digest of the question that it is one to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Kept {
    pub(super) asked: String,
    pub(super) reply: String,
}

#[derive(Deserialize)]
struct Draft {
    schema: u32,
    #[serde(default)]
    replies: BTreeMap<String, Kept>,
}

pub(super) fn write<'a>(replies: impl Iterator<Item = (&'a str, Kept)>) -> String {
    let mut out = format!(
        "# Answers of an interview of `plimsoll init` that has not ended. It is removed when plimsoll.toml is written;\n# nothing in it is a claim.\nschema = {SCHEMA}\n\n[replies]\n"
    );
    for (id, kept) in replies {
        let (asked, reply) = (quoted(&kept.asked), quoted(&kept.reply));
        out.push_str(&format!("{} = {{ asked = {asked}, reply = {reply} }}\n", quoted(id)));
    }
    out
}

/// Gives the replies; what is no draft of this version has none.
pub(super) fn read(text: &str) -> BTreeMap<String, Kept> {
    let draft = toml::from_str::<Draft>(text).ok().filter(|draft| draft.schema == SCHEMA);
    draft.map(|draft| draft.replies.into_iter().take(MOST).collect()).unwrap_or_default()
}
