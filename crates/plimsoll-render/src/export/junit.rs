//! A report of tests: each criterion is one, for pipelines that show such reports.

use plimsoll_model::{CriterionResult, Outcome, Statement};

use crate::{view::View, words};

/// Gives the criteria as test cases of `JUnit`'s form: met passes, unmet and partly met fail, not known is an error, not applicable is
/// skipped. The time of each is nought, so that the same label gives the same bytes.
///
/// Source: the schema of `testsuites` that Jenkins' `xUnit` plugin keeps (junit-10.xsd).
pub fn junit(statement: &Statement) -> String {
    let body = &statement.predicate;
    let count = |fits: &dyn Fn(Outcome) -> bool| body.criteria.iter().filter(|one| fits(one.outcome)).count();
    let failures = count(&|outcome| matches!(outcome, Outcome::Unmet | Outcome::Partial));
    let errors = count(&|outcome| outcome == Outcome::Unknown);
    let skipped = count(&|outcome| outcome == Outcome::NotApplicable);
    let all = body.criteria.len();
    let time = body.as_of.strftime("%Y-%m-%dT%H:%M:%S");
    let name = xml(&format!("Plimsoll: {}{}", body.product.name, View::new(statement).by_other_practices()));
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{name}\" tests=\"{all}\" failures=\"{failures}\" \
         errors=\"{errors}\" time=\"0\">\n  <testsuite name=\"{name}\" tests=\"{all}\" failures=\"{failures}\" errors=\"{errors}\" \
         skipped=\"{skipped}\" time=\"0\" timestamp=\"{time}\" hostname=\"plimsoll\">\n"
    );
    for criterion in &body.criteria {
        case(criterion, &mut text);
    }
    text.push_str("  </testsuite>\n</testsuites>\n");
    text
}

fn case(criterion: &CriterionResult, text: &mut String) {
    let (topic, _) = criterion.id.split_once('.').unwrap_or((&criterion.id, ""));
    let file = criterion.pointers.iter().find_map(|pointer| pointer.path.as_deref());
    let file = file.map(|path| format!(" file=\"{}\"", xml(path))).unwrap_or_default();
    text.push_str(&format!(
        "    <testcase name=\"{}\" classname=\"{}\" time=\"0\"{file}",
        xml(&criterion.id),
        xml(&format!("plimsoll.{topic}"))
    ));
    let (element, kind) = match criterion.outcome {
        Outcome::Met => {
            text.push_str("/>\n");
            return;
        }
        Outcome::NotApplicable => {
            let reason = xml(&criterion.reason);
            text.push_str(&format!(">\n      <skipped message=\"{reason}\"/>\n    </testcase>\n"));
            return;
        }
        Outcome::Unmet => ("failure", "unmet"),
        Outcome::Partial => ("failure", "partly met"),
        Outcome::Unknown => ("error", "not known"),
    };
    let places: Vec<String> = criterion.pointers.iter().map(plimsoll_model::Pointer::display).collect();
    let places = if places.is_empty() { String::new() } else { format!("\nSeen at: {}", places.join(", ")) };
    text.push_str(&format!(
        ">\n      <{element} message=\"{}\" type=\"{kind}\">{}\nWhat to do: {}{}</{element}>\n    </testcase>\n",
        xml(&criterion.reason),
        xml(&criterion.asks),
        xml(&criterion.fix),
        xml(&places),
    ));
}

/// Text that is nothing but text in XML 1.0: markup is escaped, and what no document may hold is left out.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let lines = text.split('\n').map(words::clean).collect::<Vec<_>>().join("\n");
    for letter in lines.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\u{fffe}' | '\u{ffff}' => {}
            _ if letter.is_control() => {}
            _ => out.push(letter),
        }
    }
    out
}
