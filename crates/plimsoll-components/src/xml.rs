//! XML as a tree, within bounds: no document type declaration and with it no entity of the document's own, no depth, and nothing
//! that keeps the parser busy out of proportion.

use roxmltree::{Document, ParsingOptions};

/// Attributes of one element; none of the formats has more than ten.
const MOST_ATTRIBUTES: usize = 100;
/// Declarations of namespaces; documents have one, or one for each signature and what others add.
const MOST_NAMESPACES: usize = 300;
/// Elements, texts and comments of one document.
const MOST_NODES: u32 = 4_000_000;

/// Why a text was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    TooDeep,
    /// In one clause.
    Other(String),
}

/// Reads a document with elements in no more than so many others.
pub(crate) fn parse(text: &str, deepest: usize) -> Result<Document<'_>, Refused> {
    check_tags(text, deepest)?;
    let options = ParsingOptions { nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options)
        .map_err(|error| Refused::Other(format!("not XML that can be read: {error}")))
}

/// Refuses what would keep the parser busy out of proportion, before it sees the text: it compares every attribute of an element
/// with each other, and copies the namespaces in force to every element that declares one. A document type declaration goes here,
/// too.
fn check_tags(text: &str, deepest: usize) -> Result<(), Refused> {
    let refused = |reason: String| Err(Refused::Other(reason));
    if text.matches("xmlns").count() > MOST_NAMESPACES {
        return refused(format!("more than {MOST_NAMESPACES} declarations of namespaces"));
    }
    let mut rest = text;
    let mut depth = 0_usize;
    while let Some(at) = rest.find('<') {
        rest = rest.get(at..).unwrap_or_default();
        let end = match rest {
            comment if comment.starts_with("<!--") => Some("-->"),
            data if data.starts_with("<![CDATA[") => Some("]]>"),
            instruction if instruction.starts_with("<?") => Some("?>"),
            _ => None,
        };
        if let Some(end) = end {
            let Some((_, after)) = rest.split_once(end) else { return Ok(()) };
            rest = after;
            continue;
        }
        if rest.starts_with("<!") {
            return refused("not read: it has a document type declaration, which it does not need".to_owned());
        }
        let Some((length, quotes)) = tag(rest) else { return Ok(()) };
        if quotes > MOST_ATTRIBUTES {
            return refused(format!("an element with more than {MOST_ATTRIBUTES} attributes"));
        }
        let (read, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        if read.starts_with("</") {
            depth = depth.saturating_sub(1);
        } else if !read.ends_with("/>") {
            depth += 1;
        }
        if depth > deepest {
            return Err(Refused::TooDeep);
        }
        rest = after;
    }
    Ok(())
}

/// How long the tag at the start of a text is, and how many quoted values are in it; nothing where it does not end.
fn tag(text: &str) -> Option<(usize, usize)> {
    let (mut quote, mut count) = (None, 0);
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some((at + 1, count)),
            (None, b'"' | b'\'') => {
                quote = Some(byte);
                count += 1;
            }
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}
