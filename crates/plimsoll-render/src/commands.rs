//! Workflow commands of GitHub: marks on files. A runner reads each line of a job's output that begins with `::` as one.

use plimsoll_model::Pointer;

use crate::{sarif::uri, words};

/// Marks of one kind that a runner shows for one step.
pub const MOST: usize = 10;
/// Characters of a message.
const LONGEST: usize = 500;

/// How a mark is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// As an error.
    Error,
    /// As a warning.
    Warning,
}

/// Gives one line that marks a place, or the whole run where there is none.
///
/// Everything in it is one line, and neither the message nor a property can end early: `%`, line breaks, `:` and `,` are
/// percent-encoded as the runner decodes them. A place that leads out of the tree is left out.
///
/// Source: GitHub Actions, "Workflow commands"; `escapeData` and `escapeProperty` of the toolkit.
pub fn mark(mark: Mark, place: Option<&Pointer>, title: &str, message: &str) -> String {
    let name = match mark {
        Mark::Error => "error",
        Mark::Warning => "warning",
    };
    // What is no relative path in the tree has no reference either.
    let file = place.and_then(|place| Some((place.path.as_deref().filter(|path| uri(path).is_some())?, place.line)));
    let mut properties = Vec::new();
    if let Some((path, line)) = file {
        properties.push(format!("file={}", property(path)));
        properties.push(format!("line={}", line.unwrap_or(1)));
    }
    properties.push(format!("title={}", property(title)));
    let message = words::shorten(&words::clean(message), LONGEST);
    format!("::{name} {}::{}\n", properties.join(","), data(&message))
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_command_or_begins_one() {
        for (path, line, message, expected) in [
            ("a.yml", Some(3), "no", "::error file=a.yml,line=3,title=t::no\n"),
            ("a,line=9::x.yml", None, "no", "::error file=a%2Cline=9%3A%3Ax.yml,line=1,title=t::no\n"),
            ("100%.yml", Some(1), "50%", "::error file=100%25.yml,line=1,title=t::50%25\n"),
            ("a\n::add-mask::x", Some(1), "no", "::error file=a%0A%3A%3Aadd-mask%3A%3Ax,line=1,title=t::no\n"),
            ("../../etc/passwd", Some(1), "no", "::error title=t::no\n"),
            ("/etc/passwd", Some(1), "no", "::error title=t::no\n"),
        ] {
            let place = Pointer { line, ..Pointer::path(path) };
            assert_eq!(mark(Mark::Error, Some(&place), "t", message), expected);
        }
        let line = mark(Mark::Warning, None, "a:b,c", "x\r\n::set-output name=tier::4\u{2028}y");
        assert_eq!(line.lines().count(), 1, "{line}");
        assert!(line.starts_with("::warning title=a%3Ab%2Cc::x"), "{line}");
        assert!(mark(Mark::Error, None, "t", &"x".repeat(5000)).len() < 600);
    }
}
