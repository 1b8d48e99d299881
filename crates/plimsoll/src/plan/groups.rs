//! Steps by the file to edit, and which of them decides when all is done.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Step, effort};

/// The claims file.
const CLAIMS_FILE: &str = "plimsoll.toml";
/// Endings of files that a step may name.
const ENDINGS: [&str; 7] = [".toml", ".md", ".yml", ".yaml", ".txt", ".json", ".lock"];

/// Steps in one file.
#[derive(Debug, Serialize)]
pub struct Group {
    /// The file to edit or add; nothing where it is no file, as a signature or an update.
    pub file: Option<String>,
    /// What to do first where all of it is one thing to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    /// How long it takes, in words.
    pub effort: String,
    /// The ids of its steps, in the order of the steps.
    pub steps: Vec<String>,
    /// The minutes behind the words.
    #[serde(skip)]
    pub(super) minutes: u64,
}

/// Gives the groups in the order of their first steps. Where nobody has spoken the claims file comes first, after what is urgent.
pub(super) fn of(steps: &[Step], spoken: bool) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for step in steps {
        let file = file_of(step);
        let minutes = effort::minutes(&step.effort, file.as_deref() == Some(CLAIMS_FILE));
        match groups.iter_mut().find(|group| group.file.is_some() && group.file == file) {
            Some(group) => {
                group.steps.push(step.id.clone());
                group.minutes += minutes;
            }
            None => {
                groups.push(Group { file, first: None, effort: String::new(), steps: vec![step.id.clone()], minutes });
            }
        }
    }
    if !spoken && let Some(place) = groups.iter().position(|group| group.file.as_deref() == Some(CLAIMS_FILE)) {
        let mut group = groups.remove(place);
        group.first =
            Some(format!("There is no {CLAIMS_FILE}: run `plimsoll init`, which writes one with a line for each."));
        let is_urgent = |group: &&Group| steps.iter().any(|step| step.urgent && group.steps.contains(&step.id));
        let urgent = groups.iter().take_while(is_urgent).count();
        groups.insert(urgent, group);
    }
    for group in &mut groups {
        group.effort = effort::words(group.minutes);
    }
    groups
}

/// How long all of it takes.
pub(super) fn total(groups: &[Group]) -> String {
    effort::words(groups.iter().map(|group| group.minutes).sum())
}

/// The steps that take a larger unit of work than all others, where they are few: what decides when all is done.
pub(super) fn bottleneck(steps: &[Step]) -> Option<String> {
    let largest = steps.iter().map(|step| effort::rank(&step.effort)).max()?;
    let (slow, fast): (Vec<&Step>, Vec<&Step>) = steps.iter().partition(|step| effort::rank(&step.effort) == largest);
    // Where most are slow, none of them is the one that decides.
    if fast.is_empty() || slow.len() > 2 {
        return None;
    }
    let units: BTreeSet<&str> = fast.iter().map(|step| step.effort.as_str()).collect();
    let mut units: Vec<&str> = units.into_iter().collect();
    units.sort_by_key(|unit| effort::rank(unit));
    let take = match units.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, before)) => format!("{} or {last}", before.join(", ")),
        None => String::new(),
    };
    let (done, all) = (fast.len(), steps.len());
    Some(match slow.as_slice() {
        [one] => format!("{done} of {all} things to do take {take}; {} decides ({})", one.id, one.now),
        many => {
            let names = many.iter().map(|step| step.id.as_str()).collect::<Vec<_>>().join(" and ");
            format!("{done} of {all} things to do take {take}; {names} decide")
        }
    })
}

/// The first file that a step names, outside of parentheses: its action is text of the practices.
fn file_of(step: &Step) -> Option<String> {
    let mut depth = 0_usize;
    let outside: String = (step.action.chars())
        .filter(|letter| {
            depth = if *letter == '(' { depth + 1 } else { depth };
            let is_outside = depth == 0;
            depth = if *letter == ')' { depth.saturating_sub(1) } else { depth };
            is_outside
        })
        .collect();
    let words = outside.split_whitespace().map(|word| {
        let word = word.trim_start_matches(['`', '"', '\'']);
        word.trim_end_matches(['`', ',', '.', ';', ':', '"', '\''])
    });
    let is_file = |word: &&str| {
        ENDINGS.iter().any(|ending| word.len() > ending.len() && word.ends_with(ending)) || word.ends_with("CODEOWNERS")
    };
    words.filter(is_file).map(ToOwned::to_owned).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(id: &str, action: &str, effort: &str) -> Step {
        Step {
            id: id.to_owned(),
            title: String::new(),
            action: action.to_owned(),
            how: Vec::new(),
            writes: Vec::new(),
            now: format!("now {id}"),
            effort: effort.to_owned(),
            unlocks: Vec::new(),
            source: false,
            urgent: false,
            places: Vec::new(),
        }
    }

    #[test]
    fn a_step_is_in_the_file_that_it_names_first() {
        for (action, expected) in [
            ("Write `claimant` under [product] in plimsoll.toml.", Some("plimsoll.toml")),
            ("Add `SECURITY.md` with an address, or `.well-known/security.txt`.", Some("SECURITY.md")),
            ("Add `.github/CODEOWNERS` with a rule for `*`.", Some(".github/CODEOWNERS")),
            ("Add `.github/dependabot.yml` with package-ecosystem: cargo.", Some(".github/dependabot.yml")),
            ("Sign the tag (`git tag -s v1.2.3`).", None),
            ("Update the packages that `plimsoll inspect advisories` names.", None),
            (".md and .toml are endings", None),
            ("Make an SBOM (`plimsoll label . --out DIR` writes sbom.cdx.json) and publish it.", None),
            ("Write `channel` (an exact (!) version) in `rust-toolchain.toml`.", Some("rust-toolchain.toml")),
            ("", None),
        ] {
            assert_eq!(file_of(&step("a", action, "minutes")).as_deref(), expected, "{action}");
        }
    }

    #[test]
    fn no_claims_file_is_one_thing_to_do() {
        let steps = [
            step("a", "Add `SECURITY.md`.", "minutes"),
            step("b", "Write x in plimsoll.toml.", "minutes"),
            step("c", "Write y in plimsoll.toml.", "hours"),
            step("d", "Sign it.", "days"),
            step("e", "Update it.", "days"),
        ];
        let shown = |spoken| {
            of(&steps, spoken)
                .iter()
                .map(|group| {
                    format!("{:?} {} {} {}", group.file, group.steps.join(","), group.effort, group.first.is_some())
                })
                .collect::<Vec<_>>()
        };
        let security = "Some(\"SECURITY.md\") a about 10 minutes false";
        let (sign, update) = ("None d about 2 days false", "None e about 2 days false");
        assert_eq!(shown(false), ["Some(\"plimsoll.toml\") b,c about 25 minutes true", security, sign, update]);
        assert_eq!(shown(true), [security, "Some(\"plimsoll.toml\") b,c about 25 minutes false", sign, update]);
        assert_eq!(total(&of(&steps, true)), "about 5 days");
    }

    #[test]
    fn the_step_that_decides_is_named() {
        let of = |efforts: &[&str]| {
            let steps: Vec<Step> =
                efforts.iter().enumerate().map(|(number, effort)| step(&format!("s{number}"), "", effort)).collect();
            bottleneck(&steps)
        };
        assert_eq!(
            of(&["minutes", "minutes", "days"]).as_deref(),
            Some("2 of 3 things to do take minutes; s2 decides (now s2)")
        );
        assert_eq!(
            of(&["minutes", "hours", "weeks", "weeks"]).as_deref(),
            Some("2 of 4 things to do take minutes or hours; s2 and s3 decide")
        );
        for none in [&["minutes", "minutes"][..], &["days"], &[], &["minutes", "days", "days", "days"]] {
            assert_eq!(of(none), None, "{none:?}");
        }
    }
}
