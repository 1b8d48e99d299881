//! What the page shows of known holes, and of what was not seen.

use plimsoll_model::{Finding, Limitation};
use serde::Serialize;

use crate::{gaps, words};

/// A finding in a reader's words.
#[derive(Serialize)]
pub(super) struct Hole {
    advisory: String,
    href: Option<String>,
    cves: Vec<String>,
    severity: String,
    serious: bool,
    exploitation: Option<String>,
    package: String,
    reaches: String,
    fixed: String,
    responses: Vec<String>,
}

/// The public page of an advisory; none for an id that is not of a known form.
///
/// Source: <https://google.github.io/osv.dev/data/>.
fn address(id: &str) -> Option<String> {
    let (database, rest) = id.split_once('-')?;
    let is_name =
        |text: &str| !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    let is_database = !database.is_empty() && database.chars().all(|letter| letter.is_ascii_alphabetic());
    (is_database && is_name(rest) && id.len() <= 60).then(|| format!("https://osv.dev/vulnerability/{id}"))
}

pub(super) fn hole(item: &Finding) -> Hole {
    Hole {
        advisory: words::clean(&item.advisory),
        href: address(&item.advisory),
        cves: words::cves(item).map(|id| words::clean(id)).collect(),
        severity: words::severity(item),
        serious: matches!(item.severity.as_str(), "critical" | "high"),
        exploitation: words::exploitation(item),
        package: words::clean(&format!("{} {}", item.package, item.version)),
        reaches: words::reaches(item),
        fixed: words::fixed(item),
        responses: item.exceptions.iter().map(words::exception).collect(),
    }
}

/// What was not seen for one reason.
#[derive(Serialize)]
pub(super) struct Gaps {
    title: &'static str,
    items: Vec<Gap>,
}

#[derive(Serialize)]
struct Gap {
    kinds: Vec<String>,
    reason: String,
}

pub(super) fn gaps_of(all: &[Limitation]) -> Vec<Gaps> {
    let gap = |item: &gaps::Reason<'_>| Gap {
        kinds: item.kinds.iter().map(|kind| words::clean(kind)).collect(),
        reason: words::sentence(item.text),
    };
    let groups = gaps::grouped(all).into_iter();
    groups.map(|(group, items)| Gaps { title: group.title(), items: items.iter().map(gap).collect() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_of_databases_have_a_page() {
        assert_eq!(address("RUSTSEC-2026-0001").as_deref(), Some("https://osv.dev/vulnerability/RUSTSEC-2026-0001"));
        for id in ["", "x", "yanked:a@1", "-a", "A-", "A-b/../c", "A-b?c", "A b-c", "A-\"x"] {
            assert_eq!(address(id), None, "{id}");
        }
    }
}
