//! Documents in plain language. The rules look for what can be recognised without understanding it.

use std::{collections::BTreeSet, sync::LazyLock};

use jiff::civil::Date;
use regex::Regex;

use super::{
    PolicyFact, Statement, hidden,
    patterns::{fits, pattern},
    prose::{self, Block},
    topics,
};
use crate::contacts;

/// Contacts that are kept of one document.
const MOST_CONTACTS: usize = 10;
/// Blocks of a README among which it says what it is about, and words of one that does.
const MOST_ABOUT: usize = 12;
const FEWEST_ABOUT: usize = 6;
/// Different words of a document that says something.
const FEWEST_WORDS: usize = 15;

static DAY: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\b(20\d\d-\d\d-\d\d)\b").ok());
static ADDRESS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"https?://[^\s<>()\[\]"'`]+|\b(?:[\w.-]+/)*[\w.-]+\.(?:md|rst|adoc|html?)\b"#).ok());
static UNFILLED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\bTODO\b|\bTBD\b|\blorem ipsum\b|\[insert [^\]]*\]|\bto be written\b|\bcoming soon\b|\buse this section to\b").ok()
});

// That what the page is named for is not done, not there, or not yet.
pattern!(
    NO_CONTRIBUTIONS,
    r"\b(?:do(?:es)? not|don['’]t|cannot|can['’]t|can not|will not|won['’]t|are not|is not|aren['’]t|isn['’]t|no longer|never|not currently|currently not|stopped|refuses? to|declines? to) (?:\w+ ){0,2}?(?:accept(?:ing|s)?|tak(?:e|es|ing)|welcom(?:e|es|ing)|want(?:s|ing)?|merg(?:e|es|ing)|consider(?:ing|s)?|open (?:to|for)|looking for|seeking) (?:any |outside |external |public |code |new |unsolicited |third[- ]party |community |your |more |further ){0,3}(?:contributions?|pull requests?|merge requests?|patches|changes|prs?|contributors?)\s*(?:$|[.,;!:)]|at (?:this|the) (?:time|moment)|right now|currently|any ?more|any longer|from (?:the )?(?:public|outside|others|anyone|external\w*)|to this|here|for now|whatsoever|in this)|\b(?:contributions?|pull requests?|merge requests?|patches|prs) (?:to \w+ \w+ )?(?:are|is|will be) (?:\w+ )?(?:not|never|no longer) (?:\w+ )?(?:accepted|welcome|taken|wanted|considered|merged|possible)\s*(?:$|[.,;!:)]|at|right|currently|any|here|for now|in this)|\bclosed (?:to|for) (?:\w+ ){0,2}?(?:contributions?|contributors|pull requests?)\b|\b(?:contributions?|pull requests?) (?:are|is) (?:closed|refused|rejected|disabled|unwelcome)\b"
);
// What happens to one that is not taken, which is no word on all of them.
pattern!(
    ONE_OF_THEM,
    r"\b(?:if|when|unless|in case|should) (?:\w+ ){0,3}?(?:contribution|pull request|merge request|patch|pr|change)s? (?:(?:is|are|was|were|has been|gets?|be) )?(?:not |never )?(?:been )?(?:closed|refused|rejected|declined|accepted|merged|taken)\b"
);
pattern!(
    NO_THREAT_MODEL,
    r"\b(?:no|without an?|lacks? an?|missing|there is no|there['’]s no|has no|have no|(?:do|does) not (?:yet )?have an?|(?:have|has) not (?:yet )?(?:\w+ )?an?|haven['’]t (?:\w+ )?an?) (?:formal |real |written |current |documented |own )?threat[- ]model\b|\bthreat[- ]model (?:\w+ )?(?:is|has|will|does) (?:still |also )?(?:(?:not|yet) (?:\w+ ){0,2}?(?:yet|there|written|exists?|done|available|finished|made|published|created)|to be|planned|coming|missing|follow|be (?:written|added|done|made|published|created))\b|\b(?:plan|intend|want|hope|need|going|will|should|would like) (?:to )?(?:write|add|create|do|make|publish|prepare|have) (?:an?|the|our|this) (?:\w+ )?threat[- ]model\b|\bthreat[- ]model\W+(?:tbd|todo|none|n/a|soon|later)\b"
);
pattern!(
    NOT_THERE,
    r"\b(?:this|the) (?:page|document|file|section|guide|text) (?:is|will be|has yet to be|needs to be|should be|must be|has to be) (?:\w+ )?(?:an? |still )?(?:stub|placeholder|empty|written|filled|completed|work in progress|added|draft|missing|blank)\b"
);
pattern!(
    CONTRIBUTES,
    r"\b(?:(?:pull|merge) requests?|patch(?:es)?|prs?|fork|branch|sign[- ]?off|(?:run|pass) (?:\w+ )?tests?|(?:cargo|npm|go|make) test)\b"
);

/// What the page of this type says against itself.
fn denial(kind: &str, whole: &str, few: bool) -> Option<(Statement, &'static str)> {
    let of_all = ONE_OF_THEM.as_ref().map_or(whole.into(), |one| one.replace_all(whole, " "));
    if kind == "contributing" && fits(&NO_CONTRIBUTIONS, &of_all) {
        return Some((Statement::Refused, "it says that contributions are not taken"));
    }
    if kind == "threat-model" && fits(&NO_THREAT_MODEL, whole) {
        return Some((Statement::Nothing, "it says that there is no threat model yet"));
    }
    (few && fits(&NOT_THERE, whole)).then_some((Statement::Template, "it says that it is still to be written"))
}

/// The part of a page under headings that fit `heading`, as a document of the type of `fact`. Gives whether it explains something.
pub(super) fn section(text: &str, heading: &str, fact: &mut PolicyFact) -> bool {
    let Ok(wanted) = Regex::new(heading) else { return false };
    let blocks: Vec<Block> = prose::blocks(text).into_iter().filter(|block| wanted.is_match(&block.heading)).collect();
    let whole: String = blocks.iter().flat_map(|block| [block.text.as_str(), "\n"]).collect();
    let words: BTreeSet<String> =
        whole.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).flat_map(words_of).collect();
    let explains = words.len() >= FEWEST_WORDS * 3 / 2
        && denial(fact.kind, &whole, true).is_none()
        && !UNFILLED.as_ref().is_some_and(|unfilled| unfilled.is_match(&whole));
    fact.statement = explains.then_some(Statement::Stated);
    fact.lines = blocks.len() as u64;
    fact.covers = topics::of(fact.kind, &whole);
    explains
}

/// Any document of which it matters only that it says something.
pub(super) fn some_text(_: &str, fact: &mut PolicyFact, _: Date) {
    if fact.lines < 3 {
        fact.problems.push("it says next to nothing".to_owned());
    }
    fact.statement = Some(if fact.problems.is_empty() { Statement::Stated } else { Statement::Nothing });
}

/// A README: what it has sections on.
pub(super) fn readme(text: &str, fact: &mut PolicyFact, today: Date) {
    some_text(text, fact, today);
    let blocks = prose::blocks(text);
    fact.covers = topics::of_readme(blocks.iter().map(|block| (block.heading.as_str(), block.text.as_str())));
    // Text that is above each heading but its title says what it is about.
    let about = blocks.iter().take(MOST_ABOUT).any(|block| block.text.split_whitespace().count() >= FEWEST_ABOUT);
    if about {
        fact.covers.insert(0, "about".to_owned());
    }
}

/// The text of a page with the last heading above each block that says something.
fn with_headings(blocks: &[Block]) -> String {
    let says = |block: &&Block| block.text.split_whitespace().take(3).count() == 3;
    let lines = blocks.iter().map(|block| {
        let heading = block.heading.rsplit(" / ").next().filter(|_| says(&block)).unwrap_or_default();
        format!("{heading}.\n{}\n", block.text)
    });
    lines.collect()
}

/// A document that explains something: what takes fewer words than a paragraph explains nothing, and where a link is all that
/// it is, it explains elsewhere. Whether it explains what its name promises is not seen.
pub(super) fn explanation(text: &str, fact: &mut PolicyFact, _: Date) {
    let blocks = prose::blocks(text);
    let whole: String = blocks.iter().flat_map(|block| [block.text.as_str(), "\n"]).collect();
    let address = ADDRESS.as_ref().and_then(|address| address.find(&whole)).map(|found| found.as_str().to_owned());
    let plain = ADDRESS.as_ref().map_or_else(|| whole.clone(), |address| address.replace_all(&whole, " ").into_owned());
    let words: BTreeSet<String> = plain
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphabetic))
        .flat_map(words_of)
        .take(FEWEST_WORDS * 100)
        .collect();
    let unfilled = UNFILLED.as_ref().is_some_and(|unfilled| unfilled.is_match(&whole));
    let few = words.len() < FEWEST_WORDS * 4;
    // A short page that asks for what contributions are made of says how they are made.
    let brief =
        fact.kind == "contributing" && words.len() * 2 >= FEWEST_WORDS && fits(&CONTRIBUTES, &whole) && !unfilled;
    fact.covers = topics::of(fact.kind, &with_headings(&blocks));
    // A short page with a link and no more than one thing that a guide is made of says where the guide is.
    let leads = fact.kind == "contributing" && few && fact.covers.len() < 2;
    let (statement, problem) = if let Some((statement, problem)) = denial(fact.kind, &whole, few) {
        (statement, Some(problem.to_owned()))
    } else if let Some(address) = address.as_ref().filter(|_| leads) {
        (Statement::Elsewhere, Some(format!("it only points to {address}, which is not read here")))
    } else if brief || words.len() >= FEWEST_WORDS * 2 || words.len() >= FEWEST_WORDS && !unfilled {
        (Statement::Stated, None)
    } else if unfilled {
        (Statement::Template, Some("it is a template that is not filled in".to_owned()))
    } else if let Some(address) = address {
        (Statement::Elsewhere, Some(format!("it only points to {address}, which is not read here")))
    } else {
        (Statement::Nothing, Some("it says next to nothing".to_owned()))
    };
    fact.statement = Some(statement);
    fact.problems.extend(problem);
}

/// The words of what stands between two blanks: scripts that have none between words count by letters.
fn words_of(word: &str) -> Vec<String> {
    let dense =
        |letter: &char| ('\u{2e80}'..='\u{d7ff}').contains(letter) || ('\u{0e00}'..='\u{0eff}').contains(letter);
    if word.chars().filter(dense).count() > 1 {
        return word.chars().filter(dense).map(String::from).collect();
    }
    vec![word.to_lowercase()]
}

// Who was responsible once.
pattern!(
    FORMER,
    r"\b(?:former|formerly|emeritus|emeriti|past|previous|retired|inactive|alumni|alumnus|ex-?maintainers?|stepped down|no longer|left the project|in memoriam|deceased|was|were)\b"
);

/// Who maintains it: at least one name, address or handle.
pub(super) fn people(text: &str, fact: &mut PolicyFact, _: Date) {
    static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"\p{Lu}[\p{L}'’.-]+\s+(?:\p{Lu}[\p{L}'’.-]*\s+)?\p{Lu}[\p{L}'’-]+|(?:^|[\s(\[])@[A-Za-z][A-Za-z0-9-]*|[\w.+-]+@[\w-]+\.[\w.-]+|(?m:^\s*-\s+[a-z0-9][a-z0-9-]*\s*$)").ok()
    });
    let visible = hidden::visible(text);
    // How deep the heading is under which those are who were responsible once.
    let mut former: Option<usize> = None;
    let current = visible.lines().filter(|line| {
        let line = line.trim();
        let marks = line.chars().take_while(|letter| *letter == '#').count();
        let is_heading = marks > 0 || line.ends_with(':') || line.starts_with("**") && line.ends_with("**");
        let depth = if marks > 0 { marks } else { 7 };
        if is_heading && former.is_none_or(|above| depth <= above) {
            former = fits(&FORMER, line).then_some(depth);
        }
        marks == 0 && former.is_none() && !fits(&FORMER, line)
    });
    let body: String = current.flat_map(|line| [line, "\n"]).collect();
    let names = NAME.iter().flat_map(|name| name.find_iter(&body)).any(|found| !is_template_name(found.as_str()));
    if !names {
        fact.problems.push("it names no one".to_owned());
    }
    fact.statement = Some(if names { Statement::Stated } else { Statement::Nothing });
}

/// Is it the name of nobody, as templates have it?
fn is_template_name(found: &str) -> bool {
    let lower = found.trim_matches(|letter: char| letter.is_whitespace() || "([-".contains(letter)).to_lowercase();
    let (name, host) = lower.split_once('@').unwrap_or((&lower, ""));
    ["your ", "first", "full name", "some ", "name ", "another ", "example ", "todo"]
        .iter()
        .any(|start| lower.starts_with(start))
        || lower.ends_with(" name")
        || matches!(lower.as_str(), "john doe" | "jane doe" | "max mustermann" | "jane roe")
        || lower.contains('@') && is_sample(name, host)
}

/// Is it an owner of a template, which names nobody? Source: GitHub, "About code owners", for the names of its own sample.
fn is_sample(name: &str, host: &str) -> bool {
    const NAMES: &[&str] = &[
        "changeme",
        "company",
        "doctocat",
        "example",
        "examples",
        "fixme",
        "global-owner1",
        "global-owner2",
        "handle",
        "js-owner",
        "mycompany",
        "myorg",
        "name",
        "nobody",
        "octo-org",
        "org",
        "org-name",
        "organisation",
        "organization",
        "owner",
        "owners",
        "placeholder",
        "replace-me",
        "replaceme",
        "somebody",
        "someone",
        "team",
        "tbd",
        "todo",
        "user",
        "user1",
        "user2",
        "username",
        "users",
        "xxx",
    ];
    const TEAMS: &[&str] = &["team-name", "team_name", "teamname", "example-team", "some-team", "placeholder"];
    let is_unfilled = |word: &str| {
        NAMES.contains(&word)
            || ["your", "you-", "<", "[", "{", "$", "my-"].iter().any(|start| word.starts_with(start))
            || ["-username", "-handle", "_username"].iter().any(|end| word.ends_with(end))
            || ["example-", "placeholder"].iter().any(|start| word.starts_with(start))
    };
    if !name.is_empty() {
        let on_sample = matches!(host, "example.com" | "example.org" | "example.net");
        return on_sample && (name.starts_with("you") || is_unfilled(&name.to_ascii_lowercase()));
    }
    let (owner, team) = host.split_once('/').unwrap_or((host, ""));
    is_unfilled(owner) || team.starts_with("your") || TEAMS.contains(&team)
}

/// The patterns of a file of code owners, in their order, each with whether it has owners. A line with something else than
/// owners behind its pattern is none.
///
/// Source: GitHub, "About code owners", and GitLab, "Code Owners syntax": a pattern and its owners in each line, an owner being
/// a name with `@` before it or an address; `#` begins a comment; a heading in brackets may name the owners of what follows,
/// and one with `^` before it asks for nobody.
fn owner_rules(text: &str) -> Vec<(&str, bool)> {
    let is_owner = |word: &str| {
        let (name, host) = word.split_once('@').unwrap_or((word, ""));
        let lower = host.to_ascii_lowercase();
        !is_sample(name, &lower)
            && host.chars().next().is_some_and(char::is_alphanumeric)
            && (name.is_empty() || host.contains('.'))
    };
    let (mut by_heading, mut optional) = (false, false);
    let mut rules = Vec::new();
    for line in text.lines().map(|line| line.split('#').next().unwrap_or_default().trim()) {
        if line.trim_start_matches('^').starts_with('[') {
            optional = line.starts_with('^');
            by_heading = line.rsplit(']').next().unwrap_or_default().split_whitespace().any(is_owner);
            continue;
        }
        let mut words = line.split_whitespace();
        let Some(pattern) = words.next() else { continue };
        let owners: Vec<&str> = words.collect();
        if owners.is_empty() {
            rules.push((pattern, by_heading && !optional));
        } else if owners.iter().any(|owner| is_owner(owner)) {
            rules.push((pattern, !optional));
        }
    }
    rules
}

/// Code owners: at least one rule with an owner.
pub(super) fn code_owners(text: &str, fact: &mut PolicyFact, _: Date) {
    let rules = owner_rules(text).iter().filter(|(_, owned)| *owned).count();
    if rules == 0 {
        fact.problems.push("it has no rule with an owner".to_owned());
    }
    fact.statement = Some(if rules == 0 { Statement::Nothing } else { Statement::Stated });
    fact.covers = vec![plimsoll_model::plural(rules, "rule", "rules")];
}

/// Rules of a file of code owners that are looked at.
const MOST_RULES: usize = 1000;

/// How many of `paths` have an owner: of the rules that match one, the last decides. What is no pattern covers nothing.
///
/// Source: gitignore(5), pattern format: one with a slash before its end is meant from the root, any other at any depth.
pub(super) fn owned_files<'a>(text: &str, paths: impl Iterator<Item = &'a str>) -> (usize, usize) {
    let rules = owner_rules(text);
    // The last rules decide, so that these are kept where there are too many.
    let rules = rules.get(rules.len().saturating_sub(MOST_RULES)..).unwrap_or_default();
    let mut set = globset::GlobSetBuilder::new();
    let mut owned_by: Vec<bool> = Vec::new();
    for (pattern, owned) in rules {
        let inner = pattern.trim_end_matches('/');
        let start = if inner.contains('/') { "" } else { "**/" };
        let inner = inner.trim_start_matches('/');
        let files = if inner.is_empty() {
            vec!["**".to_owned()]
        } else if inner.ends_with("/*") || pattern.ends_with("/*") {
            // `docs/*` is the files of the folder and not those below.
            vec![format!("{start}{inner}")]
        } else {
            vec![format!("{start}{inner}"), format!("{start}{inner}/**")]
        };
        for glob in files.iter().filter_map(|file| globset::GlobBuilder::new(file).literal_separator(true).build().ok())
        {
            set.add(glob);
            owned_by.push(*owned);
        }
    }
    let Ok(set) = set.build() else { return (0, paths.count()) };
    let (mut owned, mut all) = (0, 0);
    let mut matching = Vec::new();
    for path in paths {
        all += 1;
        set.matches_into(path, &mut matching);
        owned += usize::from(matching.iter().max().and_then(|last| owned_by.get(*last)) == Some(&true));
    }
    (owned, all)
}

/// A changelog: at least one version or date as a heading or at the start of a line.
pub(super) fn changelog(text: &str, fact: &mut PolicyFact, _: Date) {
    // What is not released yet is an entry where something is said of it.
    let lower = text.to_ascii_lowercase();
    let unreleased = lower.split_once("unreleased").is_some_and(|(_, rest)| {
        rest.lines()
            .skip(1)
            .any(|line| !line.trim_start().starts_with(['#', '[']) && line.contains(char::is_alphabetic))
    });
    let entries = text
        .lines()
        .filter(|line| {
            let line = line.trim_start_matches(['#', '=', '*', '-', '[', ' ', 'v']);
            let mut numbers = line.split(['.', '-', ']', ' ', ')']);
            let first =
                numbers.next().is_some_and(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
            // `name (1.2-3) unstable; urgency=low`, as Debian writes it.
            let debian = line.split_once(" (").is_some_and(|(name, rest)| {
                !name.contains(' ') && rest.starts_with(|digit: char| digit.is_ascii_digit())
            });
            first && numbers.next().is_some_and(|part| part.bytes().next().is_some_and(|byte| byte.is_ascii_digit()))
                || debian
                || unreleased && line.to_ascii_lowercase().starts_with("unreleased")
                || line.to_ascii_lowercase().starts_with("version ")
        })
        .count();
    if entries == 0 {
        let address = ADDRESS.as_ref().and_then(|address| address.find(text)).filter(|_| fact.lines < 6);
        fact.statement = Some(if address.is_some() { Statement::Elsewhere } else { Statement::Nothing });
        fact.problems.push(match address {
            Some(address) => format!("it only points to {}, which is not read here", address.as_str()),
            None => "it lists no version".to_owned(),
        });
    } else {
        fact.statement = Some(Statement::Stated);
    }
}

/// One entry of a folder of changes: any text.
pub(super) fn change(text: &str, fact: &mut PolicyFact, _: Date) {
    let says = text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).count() >= 2;
    if !says {
        fact.problems.push("it says next to nothing".to_owned());
    }
    fact.statement = Some(if says { Statement::Stated } else { Statement::Nothing });
}

/// A support statement: days that it names, the latest of which is the end that can be told.
pub(super) fn support(text: &str, fact: &mut PolicyFact, today: Date) {
    explanation(text, fact, today);
    let found = contacts::addresses(&contacts::plain(text)).into_iter();
    fact.contacts =
        found.filter(|one| one.worth == contacts::Worth::Good).map(|one| one.text).take(MOST_CONTACTS).collect();
    fact.has_scope = text.to_lowercase().contains("version");
    fact.until = latest_day(text);
    fact.expired = fact.until.map(|until| until < today);
}

fn latest_day(text: &str) -> Option<Date> {
    DAY.iter().flat_map(|day| day.find_iter(text)).filter_map(|day| day.as_str().parse().ok()).max()
}

/// A machine-readable end-of-life statement (`OpenEoX` and its like): JSON that names days.
pub(super) fn end_of_life(text: &str, fact: &mut PolicyFact, today: Date) {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(_) => fact.until = latest_day(text),
        Err(error) => fact.problems.push(format!("not JSON: {error}")),
    }
    if fact.until.is_none() && fact.problems.is_empty() {
        fact.problems.push("it names no day".to_owned());
    }
    fact.expired = fact.until.map(|until| until < today);
}
