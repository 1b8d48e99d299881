//! What a reader of a page sees of it: paragraphs under their headings, without markup, hidden text, code and quotations.

use std::{collections::BTreeMap, sync::LazyLock};

use regex::{Captures, Regex};

use super::{
    asks,
    hidden::{self, visible},
};
use crate::contacts;

/// A paragraph, an item of a list or a row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Block {
    /// The headings above it, the outermost first.
    pub(super) heading: String,
    /// Its text in one line.
    pub(super) text: String,
    /// Is it set off as code, by its indent?
    pub(super) code: bool,
}

impl Block {
    /// Its sentences. An abbreviation ends none.
    pub(super) fn sentences(&self) -> Vec<&str> {
        let mut sentences = Vec::new();
        let mut start = 0;
        for end in STOP.iter().flat_map(|stop| stop.find_iter(&self.text)) {
            let before = self.text.get(start..end.start()).unwrap_or_default();
            let word = before.rsplit(' ').next().unwrap_or_default().to_ascii_lowercase();
            if ["e.g", "i.e", "etc", "vs", "cf", "no", "approx"].contains(&word.as_str()) {
                continue;
            }
            // A question stays one.
            let mark = usize::from(end.as_str().starts_with('?'));
            sentences.push(self.text.get(start..end.start() + mark).unwrap_or_default());
            start = end.end();
        }
        sentences.push(self.text.get(start..).unwrap_or_default());
        sentences.into_iter().map(str::trim).filter(|sentence| !sentence.is_empty()).collect()
    }
}

type Pattern = LazyLock<Option<Regex>>;

static STOP: Pattern = LazyLock::new(|| Regex::new(r"[.!?]+[)\x22]*(?:\s+|$)").ok());
static IMAGE: Pattern = LazyLock::new(|| Regex::new(r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])").ok());
static LINK: Pattern =
    LazyLock::new(|| Regex::new(r"\[([^\[\]]*)\]\(\s*<?([^\s<>()]+(?:\([^\s()]*\))?)>?[^)]*\)").ok());
static REFERENCE: Pattern = LazyLock::new(|| Regex::new(r"\[([^\[\]]+)\](?:\[([^\[\]]*)\])?").ok());
static DEFINITION: Pattern = LazyLock::new(|| Regex::new(r"^\s{0,3}\[([^\]]+)\]:\s*<?(\S+?)>?(?:\s.*)?$").ok());
static STRUCK: Pattern = LazyLock::new(|| Regex::new(r"~~.*?~~").ok());
static EMPHASIS: Pattern = LazyLock::new(|| Regex::new(r"[*`]+|(?:^|\s)_+|_+(?:[\s.,;:!?)]|$)").ok());
static ENTITY: Pattern = LazyLock::new(|| Regex::new(r"&(#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});").ok());
static CODE: Pattern = LazyLock::new(|| Regex::new(r"`+([^`]+)`+").ok());
static QUOTED: Pattern = LazyLock::new(|| Regex::new(r"\x22[^\x22]*\x22|“[^”]*”|«[^»]*»").ok());

/// Words of a text in quotation marks that is somebody's sentence, and not the name of a button.
const QUOTED_SENTENCE: usize = 5;

/// The elements of HTML that pages of text use. What else stands in angle brackets is text, or an address.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "article",
    "aside",
    "b",
    "blockquote",
    "body",
    "br",
    "center",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "nav",
    "ol",
    "p",
    "picture",
    "pre",
    "q",
    "s",
    "samp",
    "script",
    "section",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "template",
    "th",
    "thead",
    "title",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
];
/// Elements whose content is no statement of the page.
const SILENT: &[&str] = &["blockquote", "del", "head", "pre", "q", "s", "script", "strike", "style", "template"];
const EMPTY: &[&str] = &["br", "hr", "img", "source"];

/// The blocks of a page in Markdown, `reStructuredText`, `AsciiDoc` or plain text.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let text = without_elements(&visible(text));
    let mut reader = Reader::default();
    let mut lines = text.lines().peekable();
    let mut fence: Option<&str> = None;
    let mut quoting = false;
    while let Some(line) = lines.next() {
        let plain = line.trim();
        if let Some(mark) = ["```", "~~~"].into_iter().find(|mark| plain.starts_with(mark)) {
            match fence {
                Some(open) if open == mark => fence = None,
                Some(_) => {}
                None => {
                    reader.end();
                    fence = Some(mark);
                }
            }
            continue;
        }
        if fence.is_some() {
            continue;
        }
        if let Some(quote) = plain.strip_prefix('>') {
            // A note box of the forge (`> [!NOTE]`) is the page's own; any other quotation is somebody else's.
            let inner = quote.trim();
            if !quoting {
                reader.end();
            }
            quoting = true;
            reader.boxed = reader.boxed || inner.starts_with("[!");
            if reader.boxed && !inner.starts_with("[!") {
                reader.add(inner);
            }
            continue;
        }
        if quoting {
            reader.end();
            (quoting, reader.boxed) = (false, false);
        }
        if let Some(found) = DEFINITION.as_ref().and_then(|definition| definition.captures(line)) {
            let text = |at: usize| found.get(at).map_or("", |part| part.as_str()).to_owned();
            reader.definitions.insert(text(1).to_lowercase(), text(2));
            continue;
        }
        let underline = lines.peek().map(|next| next.trim()).filter(|next| is_underline(next) && !plain.is_empty());
        if let Some(mark) = underline.and_then(|next| next.chars().next()) {
            // A line of dashes also ends a table; a heading has no bars.
            if !plain.contains('|') && !is_item(plain) {
                let level = match mark {
                    '=' | '#' => 1,
                    '-' | '*' => 2,
                    _ => 3,
                };
                reader.head(level, plain);
                lines.next();
                continue;
            }
        }
        if plain.is_empty() || is_underline(plain) {
            reader.end();
        } else if let Some(level) = heading_level(plain) {
            reader.head(level, plain.trim_matches(['#', '=', ' ']));
        } else if plain.starts_with(".. ") {
            reader.end();
        } else if plain.starts_with('|') {
            reader.end();
            if plain.chars().any(char::is_alphanumeric) {
                reader.add(plain.trim_matches('|'));
            }
            reader.end();
        } else {
            let is_item = is_item(plain);
            if is_item {
                reader.end();
            }
            let indented = line.starts_with("    ") || line.starts_with('\t');
            if reader.open.is_empty() {
                reader.code = indented && !is_item && !reader.in_list;
                reader.in_list = is_item || indented && reader.in_list;
            }
            reader.add(plain);
        }
    }
    reader.end();
    let definitions = reader.definitions;
    let mut blocks = reader.blocks;
    for block in &mut blocks {
        block.text = inline(&block.text, &definitions);
        block.heading = inline(&block.heading, &definitions);
    }
    blocks.retain(|block| !block.text.is_empty());
    blocks
}

/// The title of a page where it is no more than a name of one or two words.
pub(super) fn title(text: &str) -> Option<&str> {
    let title = text.lines().find(|line| !line.trim().is_empty())?.trim().strip_prefix("# ")?.trim();
    (title.split_whitespace().count() <= 2).then_some(title)
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    open: String,
    headings: Vec<(usize, String)>,
    definitions: BTreeMap<String, String>,
    boxed: bool,
    in_list: bool,
    code: bool,
}

impl Reader {
    fn add(&mut self, line: &str) {
        if !self.open.is_empty() {
            self.open.push(' ');
        }
        self.open.push_str(line);
    }

    fn end(&mut self) {
        let text = std::mem::take(&mut self.open);
        if !text.is_empty() {
            let heading = self.headings.iter().map(|(_, heading)| heading.as_str()).collect::<Vec<_>>().join(" / ");
            self.blocks.push(Block { heading, text, code: self.code });
        }
        self.code = false;
    }

    fn head(&mut self, level: usize, heading: &str) {
        self.end();
        self.in_list = false;
        self.headings.retain(|(above, _)| *above < level);
        self.headings.push((level, heading.chars().take(200).collect()));
    }
}

fn is_underline(line: &str) -> bool {
    let mut letters = line.chars();
    let first = letters.next();
    line.len() >= 3
        && first.is_some_and(|first| "=-~^*+#\"'.".contains(first))
        && letters.all(|letter| Some(letter) == first)
}

fn is_item(line: &str) -> bool {
    let number = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
    line.starts_with("- ")
        || line.starts_with("* ")
        || line.starts_with("+ ")
        || (number.len() < line.len() && (number.starts_with(". ") || number.starts_with(") ")))
}

fn heading_level(line: &str) -> Option<usize> {
    let mark = line.chars().next().filter(|mark| matches!(mark, '#' | '='))?;
    let level = line.chars().take_while(|letter| *letter == mark).count();
    (level <= 6 && line.get(level..)?.starts_with(' ')).then_some(level)
}

/// Links as their text and their address, images and struck text gone, marks of emphasis gone.
fn inline(text: &str, definitions: &BTreeMap<String, String>) -> String {
    let replace = |pattern: &Pattern, text: &str, with: &dyn Fn(&Captures<'_>) -> String| match pattern.as_ref() {
        Some(pattern) => pattern.replace_all(text, |found: &Captures<'_>| with(found)).into_owned(),
        None => text.to_owned(),
    };
    let part = |found: &Captures<'_>, at: usize| found.get(at).map_or("", |part| part.as_str()).to_owned();
    let text = replace(&IMAGE, text, &|_| String::new());
    let text = replace(&STRUCK, &text, &|_| String::new());
    // An address that is set as code is one; a command or a message of a program with an address in it asks for nothing.
    let text = replace(&CODE, &text, &|found| {
        let inner = contacts::plain(&part(found, 1));
        let has_address = inner.contains('@') || inner.contains("://");
        if has_address && inner.split_whitespace().count() > 2 { String::new() } else { part(found, 0) }
    });
    let text = replace(&LINK, &text, &|found| format!("{} {} ", part(found, 1), part(found, 2)));
    let text = replace(&REFERENCE, &text, &|found| {
        let name = Some(part(found, 2)).filter(|name| !name.is_empty()).unwrap_or_else(|| part(found, 1));
        match definitions.get(&name.to_lowercase()) {
            Some(address) => format!("{} {address} ", part(found, 1)),
            None => part(found, 0),
        }
    });
    let text = replace(&EMPHASIS, &text, &|found| {
        let around = part(found, 0);
        around.chars().filter(|letter| !matches!(letter, '*' | '`' | '_')).collect()
    });
    let text = replace(&QUOTED, &text, &|found| {
        let quoted = part(found, 0);
        if quoted.split_whitespace().count() >= QUOTED_SENTENCE { String::new() } else { quoted }
    });
    let text = replace(&ENTITY, &text, &|found| {
        let name = part(found, 1);
        let number = match name.strip_prefix('#') {
            Some(number) => match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok(),
                None => number.parse().ok(),
            },
            None => None,
        };
        let letter = match name.as_str() {
            "commat" => Some('@'),
            "period" => Some('.'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "amp" => Some('&'),
            "quot" => Some('"'),
            "nbsp" => Some(' '),
            _ => number.and_then(char::from_u32),
        };
        letter.map_or_else(|| part(found, 0), String::from)
    });
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `text` without the marks of HTML, and without what such elements hide or quote. Addresses of links are kept.
fn without_elements(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, tail) = rest.split_at(at);
        shown.push_str(before);
        let inside = tail.get(1..).unwrap_or_default();
        let name: String = inside
            .trim_start_matches('/')
            .chars()
            .take(20)
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        let after_name = inside.trim_start_matches('/').get(name.len()..).unwrap_or_default();
        let is_element = ELEMENTS.contains(&name.as_str()) && after_name.starts_with(['>', ' ', '/', '\n', '\t', '\r']);
        let Some(end) = inside.find('>').filter(|_| is_element) else {
            shown.push('<');
            rest = inside;
            continue;
        };
        let hidden = hidden::is_hidden(inside.get(..end).unwrap_or_default());
        rest = inside.get(end + 1..).unwrap_or_default();
        let opens = !inside.starts_with('/') && !EMPTY.contains(&name.as_str());
        if opens && (hidden || SILENT.contains(&name.as_str())) {
            let close = format!("</{name}");
            // One that is not closed ends with its paragraph.
            let lower = rest.to_ascii_lowercase();
            match lower.find(&close) {
                Some(at) => {
                    rest = rest.get(at..).and_then(|rest| rest.split_once('>')).map_or("", |(_, after)| after);
                }
                None => rest = rest.find("\n\n").and_then(|at| rest.get(at..)).unwrap_or_default(),
            }
            continue;
        }
        // What is folded away under a title that says that it is not meant.
        if opens
            && name == "summary"
            && let Some((title, after)) = rest.split_once("</")
            && asks::is_not_meant(title.trim())
        {
            shown.push_str("\n\n###### ");
            shown.push_str(&title.split_whitespace().collect::<Vec<_>>().join(" "));
            shown.push_str("\n\n");
            rest = after.split_once('>').map_or("", |(_, after)| after);
            continue;
        }
        if name == "a"
            && let Some(address) = inside.get(..end).and_then(attribute_href)
        {
            shown.push(' ');
            shown.push_str(address);
            shown.push(' ');
        }
        shown.push(if matches!(name.as_str(), "br" | "p" | "li" | "div" | "tr" | "h1" | "h2" | "h3") {
            '\n'
        } else {
            ' '
        });
    }
    shown.push_str(rest);
    shown
}

fn attribute_href(tag: &str) -> Option<&str> {
    let at = tag.to_ascii_lowercase().find("href=")? + 5;
    let value = tag.get(at..)?;
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value.get(1..)?.split(quote).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(&str, &str)]) {
        let found = blocks(text);
        let found: Vec<(&str, &str)> = found.iter().map(|one| (one.heading.as_str(), one.text.as_str())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_page_is_read_as_its_reader_sees_it() {
        check(
            "# A\n\none\ntwo\n\n## B\n- c\n- d\n# E\nf\n",
            &[("A", "one two"), ("A / B", "- c"), ("A / B", "- d"), ("E", "f")],
        );
        check("A\n===\none\n\nB\n---\ntwo\n", &[("A", "one"), ("A / B", "two")]);
        check(
            "[a](https://a.dev/x) ![b](c@2x.png) **d** `e@f.dev` _g_ ~~h~~\n",
            &[("", "a https://a.dev/x d e@f.dev g")],
        );
        check(
            "[a][1] and [b]\n\n[1]: https://a.dev\n[b]: https://b.dev 'x'\n[//]: # (hidden)\n",
            &[("", "a https://a.dev and b https://b.dev")],
        );
        check(
            "<a href=\"mailto:a@b.dev\">mail</a> <a@b.dev> <your address>\n",
            &[("", "mailto:a@b.dev mail <a@b.dev> <your address>")],
        );
        check("a&#64;b&period;dev\n", &[("", "a@b.dev")]);
        check("| a | b |\n| --- | --- |\n| c | d |\n", &[("", "a | b"), ("", "c | d")]);
        check("> [!NOTE]\n> ours\n\n> theirs\n", &[("", "ours")]);
    }

    #[test]
    fn what_a_reader_does_not_see_or_the_page_does_not_say_is_left_out() {
        for text in [
            "<p hidden>a</p>",
            "<p hidden=''>a",
            "<div style=\"display: none\">a</div>",
            "<span style='visibility:hidden'>a</span>",
            "<span style=\"color:white\">a</span>",
            "<font color='white'>a</font>",
            "<p style='margin: 0; color: #FFFFFF'>a</p>",
            "<b style='font-size: 0'>a</b>",
            "<script>a</script>",
            "<!-- a -->",
            "```\na\n```",
            "~~~\na",
            "> a",
            "<blockquote>a</blockquote>",
            "<pre>a</pre>",
            "[a]: https://a.dev",
            "~~a~~",
            "![a](b)",
            "\"one two three four five\"",
            ".. a comment",
            "---",
            "",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn sentences_end_where_they_end() {
        let block = Block { text: "Mail a@b.dev, e.g. today. Wait! Done".to_owned(), ..Block::default() };
        assert_eq!(block.sentences(), ["Mail a@b.dev, e.g. today", "Wait", "Done"]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String) {
            blocks(&text);
        }
    }
}
