//! What the words of a command make of a tool.

use super::{ABSENT, Does, Evaluator, How, MAKING, ONE_WORD, UNKNOWN, looked_at, short};
use crate::{
    cargo_config, tool_config,
    tools::{self, Matched, Operands, Row, Tool, Tools, fits_one, option},
    tree,
};

/// The purpose of an analysis of what the product is not written in.
const OTHER_LINT: &str = "other-lint";

/// Options that say where a tool looks, or what it fails for: of two, some tools take the last, and some both.
const ONCE: &[&str] = &[
    "--test-dir",
    "--severity",
    "--scanners",
    "--fail-on",
    "--audit-level",
    "--severity-threshold",
    "--config-file",
    "--rcfile",
    "--start-directory",
    "-s",
    "--scan",
    "--project",
];

/// What the words of a command come to.
pub(super) struct Verdict {
    /// Its purposes, and what it does about each.
    purposes: Vec<(&'static str, Does)>,
    /// The folder that it works in, where that is known.
    pub(super) folder: Option<String>,
    /// The places and things that it names.
    pub(super) operands: Vec<String>,
    /// The tool as the command names it.
    pub(super) shown: String,
}

/// What the arguments make of a tool.
fn judge(to: &Evaluator<'_>, tool: &Tool, shown: &str, arguments: &[&str]) -> Verdict {
    let (listed, void) = (split(&tool.options), split(&tool.void));
    let (passes, needs) = (split(&tool.passes), split(&tool.needs));
    let folders: Vec<String> = tool.folder.split_whitespace().map(|name| format!("{name}=")).collect();
    let folders: Vec<&str> = folders.iter().map(String::as_str).collect();
    let all = |does: Does| {
        let purposes = tool.is.iter().map(|purpose| (*purpose, does.clone())).collect();
        Verdict { purposes, folder: None, operands: Vec::new(), shown: shown.to_owned() }
    };
    let name = tool.name();
    if let [only] = arguments
        && tools::ABOUT.contains(only)
        && !listed.contains(only)
    {
        return all(Does::Nothing);
    }
    let mut folder = to.folder.clone();
    let mut named: Option<String> = None;
    let mut once: Vec<(&str, String)> = Vec::new();
    let mut unclear: Option<String> = None;
    let mut lenient = false;
    let mut needed = needs.is_empty();
    let mut goals: Vec<&'static str> = Vec::new();
    let mut seen_goal = false;
    let mut operands: Vec<String> = Vec::new();
    let mut at = 0;
    let said = |reason: String, unclear: &mut Option<String>| {
        unclear.get_or_insert(reason);
    };
    while let Some(word) = arguments.get(at).copied() {
        let next = arguments.get(at + 1).copied();
        if word == "--" {
            let behind = arguments.get(at + 1..).unwrap_or_default();
            match &tool.behind {
                Some(known) => {
                    let known = split(known);
                    let mut at = 0;
                    while let Some(word) = behind.get(at) {
                        if void.contains(word) || *word == "--help" {
                            return all(Does::Nothing);
                        }
                        if needs.contains(word) {
                            needed = true;
                        }
                        if matches!(*word, "--cap-lints" | "--cap-lints=allow") {
                            lenient = true;
                        }
                        at += match option(&known, word, behind.get(at + 1).copied()) {
                            Some(Matched::Alone) => 1,
                            Some(Matched::Value(value, used)) => {
                                if value == UNKNOWN && used == 1 {
                                    said(format!("an option of \"{shown}\" is not known"), &mut unclear);
                                }
                                used
                            }
                            None => {
                                said(not_known(shown, word), &mut unclear);
                                1
                            }
                        };
                    }
                }
                None if behind.is_empty() => {}
                None => said(not_known(shown, "--"), &mut unclear),
            }
            break;
        }
        let fits = |list: &[&str]| fits_one(list, word, next);
        if tools::VOID.split(' ').any(|one| one == word) && !listed.contains(&word) && !passes.contains(&word)
            || fits(&void)
        {
            return all(Does::Nothing);
        }
        if fits(&passes) {
            lenient = true;
            at += if word.contains('=')
                || !passes.iter().any(|one| one.split_once('=').is_some_and(|(name, _)| name == word))
            {
                1
            } else {
                2
            };
            continue;
        }
        // Of one that is given twice the last counts.
        let valued = needs
            .iter()
            .filter_map(|one| one.split_once('='))
            .any(|(name, _)| word.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('=')));
        needed = if valued { fits(&needs) } else { needed || fits(&needs) };
        if word.starts_with('-') && word != "-" {
            if let Some(Matched::Value(value, used)) = option(&folders, word, next) {
                // Some tools take the last, some both.
                if named.as_ref().is_some_and(|before| *before != value) {
                    said(format!("\"{shown}\" names more than one folder"), &mut unclear);
                }
                folder = folder_named(to.folder.as_deref(), &value);
                named = Some(value);
                at += used;
                continue;
            }
            match option(&listed, word, next) {
                Some(Matched::Alone) => at += 1,
                Some(Matched::Value(value, used)) => {
                    // Without quotes a value that is not known may be more than one word.
                    if value == UNKNOWN {
                        said(format!("the value of {word} is not known"), &mut unclear);
                    }
                    let name = word.split('=').next().unwrap_or(word);
                    let before = once.iter().find(|(given, _)| *given == name);
                    if before.is_some_and(|(_, before)| *before != value) {
                        said(format!("{name} is given more than once"), &mut unclear);
                    }
                    once.extend(ONCE.contains(&name).then_some((name, value)));
                    at += used;
                }
                None => {
                    said(not_known(shown, word), &mut unclear);
                    at += 1;
                }
            }
            continue;
        }
        match &tool.operands {
            Operands::Any if word != UNKNOWN && word != ONE_WORD => operands.push(word.to_owned()),
            Operands::Paths if is_there(to, word) => operands.push(word.to_owned()),
            Operands::Goals(known) => match known.iter().find(|(goal, _)| {
                goal == word
                    || word.strip_prefix(':').and_then(|word| word.rsplit(':').next()) == Some(goal.as_str())
                        && word.matches(':').count() == 1
            }) {
                Some((_, purpose)) => {
                    seen_goal = true;
                    goals.extend((!purpose.is_empty()).then_some(*purpose));
                }
                None => said(not_known(shown, word), &mut unclear),
            },
            _ => said(not_known(shown, word), &mut unclear),
        }
        at += 1;
    }
    // An audit of nothing finds nothing.
    let of_lockfiles = ["cargo", "npm", "pnpm", "yarn", "bun"].iter().any(|program| name.starts_with(program));
    if of_lockfiles && tool.is.contains(&"audit") && tool.manifests.iter().all(|one| to.tree.folders_of(one).is_empty())
    {
        said(format!("there is no {} in the tree for \"{shown}\"", tool.manifests.join(" or ")), &mut unclear);
    }
    if matches!(tool.operands, Operands::Select) && tool.options.is_empty() {
        said(format!("whether \"{shown}\" fails for what it finds is not known"), &mut unclear);
    }
    let place = match &folder {
        Some(folder) if folder.is_empty() => None,
        Some(folder) if to.made.contains(folder) && matches!(name, "ctest" | "meson test" | "cmake") => None,
        Some(folder) if tree::is_whole(to.tree, folder, &tool.manifests) => None,
        Some(folder) => {
            Some(format!("\"{shown}\" runs in {}, which is a part of the source or none of it", short(folder)))
        }
        None => Some(format!("in which folder \"{shown}\" runs is not known")),
    };
    let does = match (lenient || !needed, unclear.or(place)) {
        (true, _) => Does::Passes,
        (false, Some(reason)) => Does::NotKnown(reason),
        (false, None) => Does::Fails,
    };
    // Making something needs no finding to fail for.
    let does = |purpose: &str| match &does {
        Does::Passes if MAKING.contains(&purpose) && !needed => Does::Nothing,
        other => other.clone(),
    };
    let purposes: Vec<&'static str> = match &tool.operands {
        Operands::Goals(_) if seen_goal => goals,
        _ => tool.is.clone(),
    };
    // Steps of a build that are not known may be any.
    let purposes = purposes.into_iter().map(|purpose| (purpose, does(purpose))).collect();
    Verdict { purposes, folder, operands, shown: shown.to_owned() }
}

fn split(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

fn not_known(name: &str, word: &str) -> String {
    if word == UNKNOWN || word == ONE_WORD {
        format!("a word of \"{name}\" is not known")
    } else {
        format!("what {} makes of \"{name}\" is not known", short(word))
    }
}

/// The folder that an option names, or the one of a manifest that it names.
fn folder_named(folder: Option<&str>, value: &str) -> Option<String> {
    let path = tree::join(folder?, value)?;
    let name = path.rsplit('/').next().unwrap_or_default();
    let manifest = matches!(name, "Cargo.toml" | "Cargo.lock" | "pom.xml" | "build.gradle");
    if !manifest {
        return Some(path);
    }
    Some(path.rsplit_once('/').map(|(folder, _)| folder.to_owned()).unwrap_or_default())
}

/// Is it a path of the tree, or a pattern over all of it?
fn is_there(to: &Evaluator<'_>, word: &str) -> bool {
    if matches!(word, "." | "./..." | "./" | "**" | "...") {
        return true;
    }
    let word = word.strip_suffix("/...").unwrap_or(word);
    to.folder
        .as_deref()
        .and_then(|folder| tree::join(folder, word))
        .is_some_and(|path| !path.is_empty() && to.tree.has(&path))
}

/// The words behind `cargo deny`.
fn cargo_deny<'w>(tools: &Tools, words: &'w [String]) -> Option<Vec<&'w str>> {
    let used = tools.begins(words, "cargo deny").or_else(|| tools.begins(words, "cargo-deny"))?;
    Some(words.iter().enumerate().filter(|(at, _)| !used.contains(at)).map(|(_, word)| word.as_str()).collect())
}

fn deny_checks(words: &[&str]) -> Vec<(&'static str, Does)> {
    const OPTIONS: &str = "--all-features --no-default-features --workspace --locked --frozen --offline --features= --target= --log-level= -L= \
        --format= -f= --color= -c= --exclude-dev --hide-inclusion-graph --show-stats -s -D= --deny= --deny-unmatched-skips --disable-fetch -d --audit-compatible-output";
    let listed: Vec<&str> = OPTIONS.split_whitespace().collect();
    let (mut verbs, mut at) = (Vec::new(), 0);
    let (mut lenient, mut unclear) = (false, None);
    while let Some(word) = words.get(at).copied() {
        let next = words.get(at + 1).copied();
        at += 1;
        if matches!(word, "--help" | "-h" | "--version" | "-V" | "help") {
            return Vec::new();
        }
        if matches!(word, "-A" | "-W" | "--allow" | "--warn")
            || word.starts_with("--allow=")
            || word.starts_with("--warn=")
        {
            lenient = true;
            at += usize::from(!word.contains('='));
        } else if word.starts_with('-') {
            match option(&listed, word, next) {
                Some(Matched::Alone) => {}
                Some(Matched::Value(_, used)) => at += used - 1,
                None => unclear = Some(not_known("cargo deny", word)),
            }
        } else {
            verbs.push(word);
        }
    }
    let Some(("check", named)) = verbs.split_first().map(|(first, rest)| (*first, rest)) else {
        let known = verbs.first().is_none_or(|verb| matches!(*verb, "list" | "fetch" | "init"));
        return if known {
            Vec::new()
        } else {
            vec![("dependency-rules", Does::NotKnown(not_known("cargo deny", "it")))]
        };
    };
    if let Some(other) = named
        .iter()
        .find(|name| !matches!(**name, "advisories" | "ban" | "bans" | "license" | "licenses" | "sources" | "all"))
    {
        unclear = Some(not_known("cargo deny check", other));
    }
    let does = match (lenient, unclear) {
        (true, _) => Does::Passes,
        (false, Some(reason)) => Does::NotKnown(reason),
        (false, None) => Does::Fails,
    };
    let mut found = vec![("dependency-rules", does.clone())];
    let unknown = named.iter().any(|name| name.contains(UNKNOWN) || name.contains(ONE_WORD));
    if named.is_empty() || unknown || named.contains(&"all") || named.contains(&"advisories") {
        found.push(("audit", does));
    }
    found
}

impl Evaluator<'_> {
    /// A purpose of a tool for these languages. What looks at none that the product is written in analyses no code of it.
    pub(in super::super) fn of_product(&self, purpose: &'static str, languages: &[&str]) -> &'static str {
        if !looked_at::finds(purpose) || languages.is_empty() {
            return purpose;
        }
        let product = self.tree.languages();
        let fits = product.is_empty() || product.iter().any(|language| languages.contains(language));
        if fits { purpose } else { OTHER_LINT }
    }

    /// What the tree sets for the tool itself may make something else of it.
    fn look_at_settings(&mut self, words: &[String]) {
        let Some(folder) = self.folder.clone() else { return };
        let Some((Row::Tool(tool), _)) = self.tree.tools().row(words) else { return };
        let plain: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut reason = tool_config::reason(self.tree, &folder, &plain);
        if reason.is_none() && tool.manifests.iter().any(|name| name == "package.json") {
            reason = tool_config::packages(self.tree, &folder, &plain);
        }
        if let Some(reason) = reason {
            self.not_understood(&reason);
        }
    }

    pub(in super::super) fn tool(&mut self, words: &[String], shown: &str, how: How) {
        let known = self.tree.tools();
        if self.absent && !words.first().is_some_and(|program| known.fails_without_source(program)) {
            self.not_understood(ABSENT);
        }
        if words.first().is_some_and(|program| program.starts_with("cargo"))
            && let Some(folder) = self.folder.clone()
        {
            let tree = self.tree;
            let reason =
                self.cargo.entry(folder.clone()).or_insert_with(|| cargo_config::reason(tree, &folder)).clone();
            if let Some(reason) = reason {
                self.not_understood(&reason);
            }
        }
        self.look_at_settings(words);
        if self.only_sets(words) {
            return;
        }
        if cargo_deny(known, words).is_some() {
            return self.deny(words, how);
        }
        match known.row(words) {
            Some((Row::Tool(tool), used)) => {
                let arguments: Vec<&str> = words
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| !used.contains(at))
                    .map(|(_, word)| word.as_str())
                    .collect();
                let named: Vec<&str> = used.iter().filter_map(|at| words.get(*at)).map(String::as_str).collect();
                let verdict = judge(self, tool, &named.join(" "), &arguments);
                self.of.clone_from(&tool.of);
                let works = verdict.purposes.iter().any(|(_, does)| *does != Does::Nothing);
                for (purpose, does) in &verdict.purposes {
                    let does = match does {
                        Does::Fails => looked_at::does(self, tool, purpose, &arguments, &verdict),
                        other => other.clone(),
                    };
                    self.record(self.of_product(purpose, &tool.of), &does, how);
                }
                for (option, purpose) in &tool.also {
                    let fits = (0..arguments.len()).any(|at| {
                        arguments
                            .get(at)
                            .is_some_and(|word| fits_one(&[option.as_str()], word, arguments.get(at + 1).copied()))
                    });
                    if fits && works {
                        let does = match verdict.purposes.first() {
                            // Rules are kept only where the tool fails, and for all that it looks at.
                            Some((_, Does::Fails)) if *purpose == "dependency-rules" => {
                                looked_at::does(self, tool, "audit", &arguments, &verdict)
                            }
                            Some((_, does)) if *purpose == "dependency-rules" => does.clone(),
                            _ => looked_at::does(self, tool, purpose, &arguments, &verdict),
                        };
                        self.record(purpose, &does, how);
                    }
                }
                self.of.clear();
            }
            Some((Row::Harmless, used)) => {
                let plain: Vec<&str> = words.iter().map(String::as_str).collect();
                if plain.first() == Some(&"docker") {
                    self.look_at_image(&plain, how);
                }
                if plain.first() == Some(&"cmake")
                    && let Some(path) = plain.iter().position(|word| *word == "-B").and_then(|at| plain.get(at + 1))
                {
                    let path = self.folder.as_deref().and_then(|folder| tree::join(folder, path));
                    self.made.extend(path.filter(|path| !self.tree.has(path)));
                }
                let rest: Vec<&str> = words.iter().skip(used.len()).map(String::as_str).collect();
                let asked = used.len() == 1 && words.first().is_some_and(|program| known.is_asked_alone(program));
                let asks = rest.iter().all(|word| matches!(*word, "--version" | "-version" | "-v" | "-V" | "-vV"));
                let installs =
                    words.iter().take(3).any(|word| matches!(word.as_str(), "install" | "i" | "add" | "get"));
                let of_the_tree = installs
                    && rest.iter().any(|word| {
                        (word.starts_with(['.', '/']) && !word.starts_with(".[") && *word != ".")
                            || word.starts_with("file:")
                            || word.starts_with("git+")
                    })
                    && !words.iter().any(|word| word == "-r" || word == "--requirement");
                let runs = rest.iter().any(|word| known.is_unless(word))
                    || matches!(words.first().map(String::as_str), Some("cmake"))
                        && rest.iter().any(|word| matches!(*word, "-P" | "-E"));
                let behind = rest.iter().skip_while(|word| **word != "--").skip(1);
                let targets = words.first().is_some_and(|word| word == "cmake")
                    && rest.contains(&"--build")
                    && (rest.iter().any(|word| matches!(*word, "--target" | "-t") || word.starts_with("--target="))
                        || behind.clone().any(|word| word.starts_with(|first: char| first.is_alphabetic())));
                // These write down for later commands what the environment says as well.
                let sets = match plain.as_slice() {
                    ["go", "env", rest @ ..] if rest.contains(&"-w") => rest.iter().any(|word| {
                        let named = word.split_once('=');
                        *word != "-w" && named.is_none_or(|(name, value)| !self.leaves_alone(name, Some(value)))
                    }),
                    ["rustup", "default" | "override" | "set", rest @ ..] => {
                        rest.iter().any(|word| word.contains(['/', '\\']))
                    }
                    _ => false,
                };
                if sets {
                    self.tamper(format!("what \"{}\" sets is not known", short(shown)));
                }
                if (asked && !asks) || of_the_tree || runs || targets {
                    self.hint(words, how);
                    self.opaque(shown, how);
                }
            }
            Some((Row::Tampers, _)) => {
                if words.len() == 2 && matches!(words.get(1).map(String::as_str), Some("--version" | "-v" | "-V")) {
                    return;
                }
                self.hint(words, how);
                self.opaque(shown, how);
                self.tamper(format!("what \"{}\" changes is not known", short(shown)));
            }
            None if words.len() == 2
                && matches!(
                    words.get(1).map(String::as_str),
                    Some("--version" | "version" | "-V" | "-vV" | "--help")
                )
                && !words.iter().any(|word| word.contains('/')) => {}
            None => {
                self.hint(words, how);
                self.opaque(shown, how);
            }
        }
    }

    /// cargo-deny: which of its checks run. Without a name all of them do.
    ///
    /// Source: the cargo-deny book, "cargo deny check".
    fn deny(&mut self, words: &[String], how: How) {
        let Some(rest) = cargo_deny(self.tree.tools(), words) else { return };
        for (purpose, does) in deny_checks(&rest) {
            self.record(purpose, &does, how);
        }
    }
}
