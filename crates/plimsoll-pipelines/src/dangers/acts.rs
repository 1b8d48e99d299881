//! What a workflow does for whoever asks: it merges or approves a change, or gives something out.

use super::{Left, PRIVILEGED, Place, Walk};
use crate::{
    expressions::{Expression, Known},
    model::Step,
    runs::{self, Asked, Asks, Event, Leg},
    scripts::Command,
    taint::Frame,
};

/// What one who is not trusted may be to a repository.
///
/// Source: GitHub, "`CommentAuthorAssociation`".
const ASSOCIATIONS: &[&str] = &["NONE", "FIRST_TIMER", "FIRST_TIME_CONTRIBUTOR", "CONTRIBUTOR"];
/// Actions that merge or approve the change whatever it is.
const MERGE: &[&str] = &[
    "hmarr/auto-approve-action",
    "juliangruber/approve-pull-request-action",
    "juliangruber/merge-pull-request-action",
    "pascalgn/automerge-action",
    "peter-evans/enable-pull-request-automerge",
];
/// Actions that ask by themselves whether the change is a known bot's.
const OF_BOTS: &[&str] = &["ahmadnassri/action-dependabot-auto-merge", "fastify/github-action-merge-dependabot"];

/// How surely a step does something.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Does {
    No,
    Perhaps,
    Surely,
}

impl<'e> Walk<'_, '_> {
    fn outsider<'n>(&'n self, name: &'n str, association: &'static str) -> Event<'n> {
        Event { name, own: self.program.own, asks: Asks::Outsider(association), ..Event::default() }
    }

    /// For each job the events by which the act of somebody who is not trusted makes it run.
    pub(super) fn jobs_for_outsiders<'f>(&self, frame: &Frame<'f>, asked: &[Asked<'_>]) -> Vec<Vec<&'f str>> {
        let mut found = vec![Vec::new(); asked.len()];
        for name in &frame.outsiders {
            let running = ASSOCIATIONS.iter().map(|association| self.outsider(name, association).jobs(asked));
            let running: Vec<Vec<Option<bool>>> = running.collect();
            for (at, events) in found.iter_mut().enumerate() {
                if frame.pipeline.is_action || running.iter().any(|jobs| jobs.get(at) != Some(&Some(false))) {
                    events.push(*name);
                }
            }
        }
        found
    }

    /// The same for a step in its job.
    pub(super) fn outsiders_of(&self, place: &Place<'e>, condition: Option<&Expression>) -> Vec<&'e str> {
        let leg = Leg { matrix: None, runs_on: None };
        let runs = |name: &&&str| {
            condition.is_none_or(|condition| {
                let mut each = ASSOCIATIONS.iter().map(|association| self.outsider(name, association));
                each.any(|event| event.holds(condition, &leg) != Some(false))
            })
        };
        place.outsiders.iter().filter(runs).copied().collect()
    }

    /// Does it act on a change for anybody?
    pub(super) fn act(&mut self, place: &Place<'_>, step: &Step, left: &mut Left) {
        let reaches = |events: &[&str]| place.outsiders.iter().copied().find(|event| events.contains(event));
        if let Some(event) = reaches(PRIVILEGED).filter(|_| !left.of_bot) {
            let merges = self.merging(place, step);
            if merges == Does::Surely && event != "workflow_run" && !left.asks_who && is_open_to_all(place, step) {
                let detail = format!("a change is merged or approved under {event}, no matter who sent it");
                self.danger(place, "unguarded-merge", "high", detail);
            } else if merges != Does::No {
                self.open(place, "it is not known whose changes are merged or approved");
            }
        }
        if reaches(&["issue_comment"]).is_some() && self.gives_out(place, step) {
            self.open(place, "it is not known by whose comment something is published or deployed");
        }
        let action = step.action.as_deref().unwrap_or_default().to_ascii_lowercase();
        let skips = step.with.iter().any(|(name, _)| name.is_empty() || name.to_ascii_lowercase().starts_with("skip-"));
        left.of_bot |= action == "dependabot/fetch-metadata" && step.condition.is_none() && !skips;
        let texts = step.run.iter().chain(step.uses.iter()).chain(step.with.iter().map(|(_, text)| text));
        left.asks_who |= texts.map(|text| text.to_ascii_lowercase()).any(|text| {
            ["permission", "collaborator", "association", "member", "team", "maintainer", "codeowner", "exit ", "throw"]
                .iter()
                .any(|part| text.contains(part))
        });
    }

    fn merging(&self, place: &Place<'_>, step: &Step) -> Does {
        let action = step.action.as_deref().unwrap_or_default().to_ascii_lowercase();
        if MERGE.contains(&action.as_str()) {
            return Does::Surely;
        }
        if OF_BOTS.contains(&action.as_str()) {
            return Does::No;
        }
        let other = ["conflict", "artifact", "gatekeeper", "schedule", "check", "label", "report"];
        let named = ["automerge", "auto-merge", "merge-", "-merge", "merge_", "approve", "merger"];
        let name = action.split('/').skip(1).collect::<Vec<_>>().join("/");
        if named.iter().any(|part| name.contains(part)) && !other.iter().any(|part| name.contains(part)) {
            return Does::Perhaps;
        }
        let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_ascii_lowercase();
        let of_action = step.with.iter().filter(|_| action == "actions/github-script").map(|(_, text)| plain(text));
        let of_script = step.run.iter().map(|text| plain(text));
        let hints = of_action.chain(of_script).any(|text| {
            let asks = ["pulls.merge(", "mergepullrequest", "enablepullrequestautomerge"];
            asks.iter().any(|part| text.contains(part))
                || (text.contains("createreview") && text.contains("approve"))
                || (text.contains("pulls/") && text.contains("/merge") && text.contains("put"))
                || (text.contains("addpullrequestreview") && text.contains("approve"))
        });
        let mut found = if hints { Does::Perhaps } else { Does::No };
        let Some(reading) = self.program.script(place.scope, step) else { return found };
        let commands = &reading.script.commands;
        if commands.iter().any(merges) {
            let decides = |one: &Command| {
                let words = ["if", "elif", "case", "[", "[[", "test", "grep", "while", "for", "exit"];
                one.words.iter().any(|word| words.contains(&word.as_str()))
            };
            // What it merges may be a change of its own.
            let own = commands.iter().any(|one| calls(one, "gh", &["pr", "create"]));
            found = if own || commands.iter().any(decides) { Does::Perhaps } else { Does::Surely };
        }
        found
    }

    /// Does it publish or deploy?
    fn gives_out(&self, place: &Place<'_>, step: &Step) -> bool {
        let action = step.action.as_deref().unwrap_or_default().to_ascii_lowercase();
        let name = action.rsplit('/').next().unwrap_or_default();
        if ["publish", "deploy", "gh-release", "release-action", "goreleaser", "build-push", "semantic-release"]
            .iter()
            .any(|part| name.contains(part))
        {
            return true;
        }
        let Some(reading) = self.program.script(place.scope, step) else { return false };
        reading.script.commands.iter().filter(|command| !command.line).any(|command| {
            let prints =
                matches!(command.program().0.as_str(), "echo" | "printf" | "write-output" | "[" | "[[" | "test");
            let comments = ["pr", "issue"].iter().any(|noun| calls(command, "gh", &[noun]));
            let says = |word: &String| {
                let word = word.to_ascii_lowercase();
                ["publish", "deploy", "semantic-release", "goreleaser"].iter().any(|part| word.contains(part))
            };
            let pushes = |name, verbs: &[&str]| calls(command, name, verbs);
            !prints
                && !comments
                && (command.words.iter().any(says)
                    || pushes("twine", &["upload"])
                    || pushes("gh", &["release", "create"])
                    || pushes("gh", &["release", "upload"])
                    || pushes("docker", &["push"])
                    || pushes("gem", &["push"])
                    || pushes("helm", &["upgrade"])
                    || pushes("helm", &["push"])
                    || pushes("kubectl", &["apply"])
                    || pushes("terraform", &["apply"])
                    || pushes("make", &["release"]))
        })
    }
}

/// Is a program called with these words first?
fn calls(command: &Command, program: &str, verbs: &[&str]) -> bool {
    command.calls(program).any(|words| {
        let mut plain = words.iter().map(String::as_str).filter(|word| !word.starts_with('-'));
        verbs.iter().all(|verb| plain.next() == Some(verb))
    })
}

fn merges(command: &Command) -> bool {
    let has = |words: &[&str]| command.words.iter().any(|word| words.contains(&word.as_str()));
    (calls(command, "gh", &["pr", "merge"]) && !has(&["--disable-auto"]))
        || (calls(command, "gh", &["pr", "review"]) && has(&["--approve", "-a"]))
}

/// Do the conditions ask for nothing but what whoever causes the event chooses, and does nobody have to agree?
fn is_open_to_all(place: &Place<'_>, step: &Step) -> bool {
    let job = place.scope.job;
    let alone = place.scope.frame.depth == 0 && job.needs.is_empty() && !job.environment;
    alone && job.condition.iter().chain(&step.condition).all(|condition| is_chosen(condition))
}

fn is_chosen(condition: &str) -> bool {
    let Some(condition) = runs::condition(condition) else { return false };
    let mut all = true;
    condition.visit(&mut |part| {
        if let Expression::Path(path) = part {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            all &= match path.as_slice() {
                [
                    "github",
                    "actor" | "triggering_actor" | "head_ref" | "base_ref" | "ref" | "ref_name" | "event_name"
                    | "repository" | "repository_owner",
                ]
                | ["github", "event", "action" | "number"]
                | ["github", "event", "comment" | "sender" | "repository", ..] => true,
                ["github", "event", "issue" | "pull_request", part, ..] => matches!(
                    *part,
                    "title"
                        | "body"
                        | "user"
                        | "head"
                        | "base"
                        | "draft"
                        | "number"
                        | "state"
                        | "pull_request"
                        | "author_association"
                        | "mergeable"
                ),
                _ => false,
            };
        }
    });
    all
}

impl Event<'_> {
    /// What is known of an event that is caused by somebody whom the project does not trust; of the rest it is what any
    /// stranger's holds.
    pub(in super::super) fn of_outsider(self, path: &[&str]) -> Option<Known> {
        let Asks::Outsider(association) = self.asks else { return None };
        match path {
            ["github", "event", .., "author_association"] => Some(Known::Text(association.to_owned())),
            ["github", "actor" | "triggering_actor"]
            | ["github", "event", "sender", "login"]
            | ["github", "event", "comment" | "issue", "user", "login"] => Some(Known::Stranger),
            // Only those who may write merge.
            ["github", "event", "pull_request", "merged"] => Some(Known::Bool(false)),
            _ => None,
        }
    }
}
