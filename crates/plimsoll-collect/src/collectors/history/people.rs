//! Who is who, as far as names and addresses tell.
//!
//! That two people stand behind a change is the claim, so whoever could be one person is one: a lone developer has a name, an
//! address at work, one at home and one of the forge. What it does not see: one person under two names that have nothing in
//! common, or two people who made up who they are; nothing here is proven.

use plimsoll_snapshot::{Commit, Commits, Person};
use plimsoll_trust::ForgeNames;
use rayon::prelude::*;

/// What stands before the `@` of an address that nobody reads, letters alone.
const NO_REPLY: &[&str] = &["noreply", "donotreply", "dontreply", "nobody"];
/// Names of programs that merge, update and release.
const PROGRAMS: &[&str] = &[
    "aider",
    "allcontributors",
    "amazonq",
    "amazonqdeveloper",
    "amp",
    "ampcode",
    "bors",
    "chatgpt",
    "claude",
    "claudeai",
    "claudecode",
    "coderabbit",
    "coderabbitai",
    "codex",
    "codiumai",
    "copilot",
    "copilotsweagent",
    "copybara",
    "copybaraservice",
    "cursor",
    "cursoragent",
    "deepseek",
    "dependabot",
    "dependabotpreview",
    "devin",
    "devinai",
    "gemini",
    "geminicli",
    "geminicodeassist",
    "gerrit",
    "gerritcodereview",
    "githubactions",
    "githubcopilot",
    "gptengineer",
    "greenkeeper",
    "greptile",
    "greptileapps",
    "grok",
    "homu",
    "jenkins",
    "k8scirobot",
    "k8sprowrobot",
    "kodiakhq",
    "kubernetesprowrobot",
    "mergify",
    "openaicodex",
    "openhands",
    "precommitci",
    "prow",
    "qodo",
    "qodomergepro",
    "renovate",
    "renovatebot",
    "reviewdog",
    "rustbot",
    "semanticrelease",
    "sourceryai",
    "sweagent",
    "sweepai",
    "webflow",
    "weblate",
    "zuul",
];
/// Words that no person has in a name: a name with one is no second person, though as an author it counts.
const PROGRAM_WORDS: &[&str] = &[
    "amp",
    "bors",
    "bot",
    "chatgpt",
    "codex",
    "copilot",
    "cursor",
    "deepseek",
    "dependabot",
    "gemini",
    "gerrit",
    "gpt",
    "grok",
    "prow",
    "renovate",
    "robot",
    "rustbot",
    "weblate",
    "zuul",
];
/// What a forge has before the `@` of its own host, other than mailboxes that nobody reads.
const FORGE_LOCAL_PARTS: &[&str] = &["bot", "codeberg", "git", "github", "merge", "merges"];
/// What programs of forges have before the `@`, wherever they run.
const FORGE_PROGRAMS: &[&str] = &["bitbucket", "forgejo", "gitea", "gitlab", "gogs"];
/// Accounts of machines, under which anybody commits who sits before them.
const MACHINES: &[&str] = &["ec2user", "root", "runner", "ubuntu", "unknown", "user", "vagrant"];
/// What stands before the `@` of many different people.
const SHARED_LOCAL_PARTS: &[&str] =
    &["admin", "code", "contact", "dev", "git", "github", "hello", "hi", "info", "mail", "me", "oss", "public"];
/// Who is nobody: programs, forges, machines.
#[derive(Debug, Default)]
pub(super) struct People {
    forges: ForgeNames,
}

impl People {
    /// With the forges that are known, and those of a trust policy.
    pub(super) fn new(forges: ForgeNames) -> Self {
        Self { forges }
    }

    /// Is it a forge that made the commit for somebody?
    pub(super) fn is_forge(&self, person: &Person) -> bool {
        let of_host = |local: &str, host: &str| {
            FORGE_PROGRAMS.contains(&local) || FORGE_LOCAL_PARTS.contains(&local) && self.forges.has_host(host)
        };
        self.forges.has(&person.name, &person.email)
            || is_unread(&person.email)
            || person.email.trim().to_lowercase().split_once('@').is_some_and(|(local, host)| of_host(local, host))
    }

    /// Is there nobody to be told behind it: a program, a forge, a machine?
    pub(super) fn is_nobody(&self, person: &Person) -> bool {
        let is_machine = |name: &str| MACHINES.contains(&squashed(name).as_str());
        is_bot(person)
            || has_program_word(&person.name)
            || self.is_forge(person)
            || is_machine(&person.name)
            || local_part(&person.email).is_some_and(|local| is_machine(&local))
    }
}

/// The authors and committers of a history, each looked at once: in a long history few people stand in very many commits.
pub(super) struct Contributors {
    pub(super) people: People,
    roles: Vec<Role>,
}

/// What one of them is, by name and address.
#[derive(Clone, Copy, Default)]
struct Role {
    is_bot: bool,
    is_forge: bool,
    is_nobody: bool,
}

impl Contributors {
    pub(super) fn of(commits: &Commits, people: People) -> Self {
        let role = |person: &Person| Role {
            is_bot: is_bot(person),
            is_forge: people.is_forge(person),
            is_nobody: people.is_nobody(person),
        };
        let roles = commits.people().par_iter().map(role).collect();
        Self { people, roles }
    }

    fn role(&self, number: usize) -> Role {
        self.roles.get(number).copied().unwrap_or_default()
    }

    /// Is the author a program?
    pub(super) fn has_bot_author(&self, commit: Commit<'_>) -> bool {
        self.role(commit.author_number()).is_bot
    }

    /// Is the author a program, a forge or a machine?
    pub(super) fn has_no_author(&self, commit: Commit<'_>) -> bool {
        self.role(commit.author_number()).is_nobody
    }

    /// Did a forge make the commit?
    pub(super) fn is_made_by_forge(&self, commit: Commit<'_>) -> bool {
        self.role(commit.committer_number()).is_forge
    }

    /// Did somebody else than the author make the commit?
    pub(super) fn has_other_committer(&self, commit: Commit<'_>) -> bool {
        commit.author_number() != commit.committer_number()
            && !self.role(commit.committer_number()).is_nobody
            && !same_person(commit.author(), commit.committer())
    }
}

/// Did somebody else write the one than the other?
pub(super) fn have_other_authors(one: Commit<'_>, other: Commit<'_>) -> bool {
    one.author_number() != other.author_number() && !same_person(one.author(), other.author())
}

/// Is it an address that nobody reads, `noreply@...`? Not so the addresses that a forge gives to its users, which have their
/// login before the `@`.
fn is_unread(email: &str) -> bool {
    local_part(email).is_some_and(|local| NO_REPLY.contains(&squashed(&local).as_str()))
}

/// Is it a program?
pub(super) fn is_bot(person: &Person) -> bool {
    let name = person.name.trim().to_lowercase();
    let is_program = |name: &str| PROGRAMS.contains(&squashed(name).as_str());
    ["[bot]", "-bot", " bot"].iter().any(|end| name.ends_with(end))
        || person.email.to_ascii_lowercase().contains("[bot]@")
        || is_program(&name)
        || is_model(&name)
        || local_part(&person.email).is_some_and(|local| local.ends_with("-bot") || is_program(&local))
}

/// Does the name have a word that is no person's? `Claude` is also a first name: it counts where the whole name is a model's.
fn has_program_word(name: &str) -> bool {
    let name = name.to_lowercase();
    let words: Vec<&str> = name.split(|one: char| !one.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_of_model = |word: &&str| {
        word.bytes().all(|one| one.is_ascii_digit()) || MODELS.contains(word) || matches!(*word, "claude" | "anthropic")
    };
    words.iter().any(|word| PROGRAM_WORDS.contains(word)) || words.contains(&"claude") && words.iter().all(is_of_model)
}

/// Is it a language model under its own name, with or without a number: `Claude Opus 4`, `GPT-5`, `gemini-2.5-pro`?
fn is_model(name: &str) -> bool {
    let words: Vec<&str> = name.split(|one: char| !one.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let Some((first, rest)) = words.split_first() else { return false };
    let is_number = |word: &&str| word.bytes().all(|one| one.is_ascii_digit()) || MODELS.contains(word);
    ["claude", "gemini", "gpt", "copilot"].contains(first) && !rest.is_empty() && rest.iter().all(is_number)
}

/// Words that stand behind the name of a model.
const MODELS: &[&str] = &[
    "agent",
    "ai",
    "assistant",
    "chat",
    "code",
    "codex",
    "flash",
    "gpt",
    "haiku",
    "mini",
    "opus",
    "preview",
    "pro",
    "review",
    "reviewer",
    "sonnet",
    "swe",
    "turbo",
    "via",
    "4o",
];

/// Are they, or could they be, one person? Whoever has neither name nor address could be anybody.
pub(super) fn same_person(one: &Person, other: &Person) -> bool {
    let nameless = |person: &Person| squashed(&person.name).is_empty() && person.email.trim().is_empty();
    if nameless(one) || nameless(other) {
        return true;
    }
    let (mail, other_mail) = (one.email.trim().to_lowercase(), other.email.trim().to_lowercase());
    let (name, other_name) = (words(bare(&one.name).as_str()), words(bare(&other.name).as_str()));
    let known_as = |person: &Person| {
        let login = local_part(&person.email).map(|local| squashed(&local));
        [login.filter(|login| !SHARED_LOCAL_PARTS.contains(&login.as_str())), Some(squashed(&bare(&person.name)))]
    };
    let theirs = known_as(other);
    !mail.is_empty() && mail == other_mail
        || !name.is_empty() && name == other_name
        || known_as(one)
            .iter()
            .flatten()
            .any(|known| !known.is_empty() && theirs.iter().flatten().any(|one| one == known))
}

/// A name without what stands in parentheses: `Jane Doe (work)` is `Jane Doe`.
fn bare(name: &str) -> String {
    let mut depth = 0_usize;
    let mut bare = String::new();
    for one in name.chars() {
        match one {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => bare.push(one),
            _ => {}
        }
    }
    if squashed(&bare).is_empty() { name.to_owned() } else { bare }
}

/// What stands before the `@`; of an address that a forge gave, the login (`12+login@users.noreply.github.com`).
fn local_part(email: &str) -> Option<String> {
    let email = email.trim().to_lowercase();
    // `login@users.noreply.host`, `login@noreply.host`: what a forge gives to its users.
    if let Some((user, host)) = email.split_once('@')
        && host.split('.').any(|label| matches!(label, "noreply" | "no-reply"))
    {
        let number = user.bytes().take_while(u8::is_ascii_digit).count();
        let login = user.get(number..).filter(|_| number > 0).and_then(|rest| rest.strip_prefix(['+', '-']));
        return Some(login.unwrap_or(user).to_owned());
    }
    // `name+tag@host` is read by whoever reads `name@host`.
    let local = email.split('@').next()?;
    Some(local.split('+').next().unwrap_or(local).to_owned())
}

/// Letters and digits alone, in lower case: `Jane Doe`, `jane.doe` and `JaneDoe` are one.
pub(super) fn squashed(text: &str) -> String {
    text.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The words of a name without their order: `Doe, Jane` is `Jane Doe`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = name
        .split(|character: char| !character.is_alphanumeric())
        .map(squashed)
        .filter(|word| !word.is_empty())
        .collect();
    words.sort();
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(text: &str) -> Person {
        let (name, email) = text.split_once('<').unwrap();
        Person { name: name.trim_end().to_owned(), email: email.trim_end_matches('>').to_owned() }
    }

    fn check(pairs: &[(&str, &str)], expected: bool) {
        for (one, other) in pairs {
            let (one, other) = (person(one), person(other));
            assert_eq!(same_person(&one, &other), expected, "{one:?} {other:?}");
            assert_eq!(same_person(&other, &one), expected, "{other:?} {one:?}");
        }
    }

    #[test]
    fn one_person_under_several_addresses_is_one() {
        check(
            &[
                ("Jane Doe <jane@work.com>", "Jane Doe <jd@home.org>"),
                ("Jane Doe <jane@work.com>", " JANE  DOE <jd@home.org>"),
                ("Jane Doe <jane@work.com>", "Doe, Jane <jd@home.org>"),
                ("Jane Doe <jane@work.com>", "Somebody <JANE@work.com>"),
                ("Jane Doe <jane@work.com>", "JD <12+jane@users.noreply.github.com>"),
                ("Jane Doe <jane@work.com>", "JD <jane@users.noreply.github.com>"),
                ("Jane Doe <jane@work.com>", "JD <12-jane@users.noreply.gitlab.com>"),
                ("Jane Doe <jane@work.com>", "JD <jane@noreply.forge.example>"),
                ("Jane Doe <jane@work.com>", "JD <7+jane@users.noreply.forge.example>"),
                ("Jane Doe <j@work.com>", "JD <12+jane-doe@users.noreply.github.com>"),
                ("Jane Doe <jane.doe@work.com>", "JD <janedoe@home.org>"),
                ("Jane Doe <jane@work.com>", "jane <root@laptop>"),
                ("Jane Doe <jane+git@work.com>", "J. D. <jane@home.org>"),
                ("Jane Doe <jane@work.com>", " <>"),
                (" <>", " <>"),
                ("Jane Doe <jane@work.com>", "Jane Doe (work) <jd@home.org>"),
                ("Jane Doe (she/her) <jane@work.com>", "Doe, Jane (work) <jd@home.org>"),
                ("Maker <m@work.com>", "Maker (work <x@home.org>"),
                ("雪 <a@work.com>", "雪 <b@home.org>"),
            ],
            true,
        );
    }

    #[test]
    fn two_people_are_two() {
        check(
            &[
                ("Jane Doe <jane@work.com>", "John Roe <john@work.com>"),
                ("Jane Doe <jane@work.com>", "Jane Roe <jroe@work.com>"),
                ("Jane Doe <me@jane.org>", "John Roe <me@john.org>"),
                ("Jane Doe <12+jane@users.noreply.github.com>", "John Roe <13+john@users.noreply.github.com>"),
                ("Jane Doe <12+jane@users.noreply.github.com>", "John Roe <12+john@users.noreply.github.com>"),
                ("Jane Doe (work) <jane@work.com>", "John Roe (work) <john@work.com>"),
                ("(jane) <a@work.com>", "(john) <b@work.com>"),
                ("雪 <a@work.com>", "月 <b@work.com>"),
            ],
            false,
        );
    }

    #[test]
    fn programs_forges_and_machines_are_nobody() {
        let people = People::default();
        for (text, program) in [
            ("renovate[bot] <29139614+renovate[bot]@users.noreply.github.com>", true),
            ("x <1+x[bot]@users.noreply.github.com>", true),
            ("bors <bors@rust-lang.org>", true),
            ("Ferris Bot <f@x.org>", true),
            ("ferris-bot <f@x.org>", true),
            ("Claude <noreply@anthropic.com>", true),
            ("Claude <c@x.org>", true),
            ("Claude Opus 4.5 <c@x.org>", true),
            ("claude-sonnet-4 <c@x.org>", true),
            ("Copilot <175728472+Copilot@users.noreply.github.com>", true),
            ("Somebody <1+Copilot@users.noreply.github.com>", true),
            ("GitHub Copilot <c@x.org>", true),
            ("GPT-5 <c@x.org>", true),
            ("gemini-2.5-pro <c@x.org>", true),
            ("dependabot <d@x.org>", true),
            ("Renovate Bot <r@x.org>", true),
            ("rustbot <r@x.org>", true),
            ("Gerrit Code Review <g@x.org>", true),
            ("Weblate <hosted@weblate.org>", true),
            ("Somebody <1+k8s-ci-robot@users.noreply.github.com>", true),
            ("Zuul <zuul@x.org>", true),
            ("grok <g@x.org>", true),
            ("DeepSeek Reviewer <g@x.org>", false),
            ("Claude (Anthropic) <g@x.org>", false),
            ("Anthropic Claude <g@x.org>", false),
            ("My Copilot Account <g@x.org>", false),
            ("Amp Agent <g@x.org>", false),
            ("Review Bot 2 <g@x.org>", false),
            ("Merges <merge@github.com>", false),
            ("Merges <merge@gitlab.com>", false),
            ("GitLab <gitlab@git.x.org>", false),
            ("Gitea <gitea@git.x.org>", false),
            ("Forgejo <forgejo@git.x.org>", false),
            ("GitHub <noreply@github.com>", false),
            ("Forge <noreply@forge.example>", false),
            ("Forge <no-reply@forge.example>", false),
            ("Forge <No_Reply@forge.example>", false),
            ("Forge <do-not-reply@forge.example>", false),
            ("Forge <noreply@users.noreply.forge.example>", false),
            ("Gitea <teabot@gitea.io>", false),
            ("root <root@server>", false),
            ("Jane Doe <root@server>", false),
            ("Ubuntu <ubuntu@ip-10-0-0-1>", false),
        ] {
            assert!(people.is_nobody(&person(text)), "{text}");
            assert_eq!(is_bot(&person(text)), program, "{text}");
        }
        for text in [
            "Will Abbot <abbot@x.org>",
            "Robert Bott <bott@x.org>",
            "Jane Doe <jane@github.com>",
            "Jane Doe <12+jane@users.noreply.github.com>",
            "Jane Doe <jane@noreply.codeberg.org>",
            "Claude Monet <claude.monet@x.org>",
            "Jane Ampère <jane@x.org>",
            "Jane Doe <merge@x.org>",
            "Jane Doe <jane@gitlab.com>",
            "Jane Doe <noreplyall@x.org>",
        ] {
            assert!(!people.is_nobody(&person(text)), "{text}");
        }
    }
}
