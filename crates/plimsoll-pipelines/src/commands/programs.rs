//! Programs by their usual names, and those that only run others.

use super::{Evaluator, short};
use crate::{
    shell::words,
    tool_config,
    tools::{Matched, Tools, option},
    tree,
};

pub(super) enum Unwrapped {
    Same,
    Inner(Vec<String>),
    NotUnderstood,
}

fn is_major(part: &str) -> bool {
    part.strip_prefix('v').is_some_and(|digits| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()))
}

/// `python -m NAME`, and scripts that frameworks put at the top.
fn module(rest: &[String]) -> Unwrapped {
    let mut at = 0;
    while let Some(word) = rest.get(at) {
        match word.as_str() {
            "-m" => {
                let Some(name) = rest.get(at + 1) else { return Unwrapped::NotUnderstood };
                let program = name.replace('_', "-");
                return Unwrapped::Inner(std::iter::once(program).chain(rest.iter().skip(at + 2).cloned()).collect());
            }
            "-X" | "-W" => at += 2,
            "-u" | "-B" | "-s" | "-I" | "-E" | "-b" | "-bb" | "-Werror" => at += 1,
            "--version" | "-V" if rest.len() == 1 => return Unwrapped::Inner(vec!["true".to_owned()]),
            name if matches!(name.rsplit('/').next(), Some("manage.py" | "setup.py" | "runtests.py")) => {
                let name = name.rsplit('/').next().unwrap_or(name).to_owned();
                return Unwrapped::Inner(std::iter::once(name).chain(rest.iter().skip(at + 1).cloned()).collect());
            }
            _ => return Unwrapped::Same,
        }
    }
    Unwrapped::Same
}

/// Options that a table lists, with their values, taken off the front; absent where one is not listed.
fn pass_over(words: &[String], options: &str) -> Option<Vec<String>> {
    let listed: Vec<&str> = options.split_whitespace().collect();
    let mut operands = listed.iter().filter(|option| **option == "*").count();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let next = words.get(at + 1).map(String::as_str);
        if word == "-m" && !listed.contains(&"-m") {
            break;
        }
        if word == "--" && listed.contains(&"--") {
            at += 1;
            break;
        }
        if word.starts_with('-') {
            at += match option(&listed, word, next) {
                Some(Matched::Alone) => 1,
                Some(Matched::Value(_, used)) => used,
                None => return None,
            };
        } else if operands > 0 {
            operands -= 1;
            at += 1;
        } else {
            break;
        }
    }
    Some(words.get(at..).unwrap_or_default().to_vec())
}

/// The place of a program of Composer behind `php`, with settings that say how much memory and time it has.
fn script_of_composer(rest: &[String]) -> Option<usize> {
    let mut at = 0;
    while let Some(word) = rest.get(at) {
        let (setting, taken) = match word.as_str() {
            "-d" => (rest.get(at + 1)?.as_str(), 2),
            word => (word.strip_prefix("-d").unwrap_or_default(), 1),
        };
        if !["memory_limit=", "max_execution_time=", "phar.readonly="].iter().any(|start| setting.starts_with(start)) {
            break;
        }
        at += taken;
    }
    let is_program = |word: &String| {
        word.trim_start_matches("./").strip_prefix("vendor/bin/").is_some_and(|name| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c))
        })
    };
    rest.get(at).is_some_and(is_program).then_some(at)
}

/// `npx NAME@VERSION`: the name, where the rest is a version of the registry and no place.
fn without_version(runner: &str, mut words: Vec<String>) -> Vec<String> {
    const FETCH: &[&str] =
        &["npx", "npm exec", "npm x", "pnpm dlx", "yarn dlx", "bunx", "bun x", "uvx", "uv tool run", "pipx run"];
    if let Some(first) = words.first_mut().filter(|_| FETCH.contains(&runner))
        && let Some((name, version)) = first.rsplit_once('@').filter(|(name, _)| !name.is_empty())
    {
        let number = version.trim_start_matches(['^', '~', 'v', '=']);
        let plain = number.starts_with(|c: char| c.is_ascii_digit())
            && number.chars().all(|c| c.is_ascii_alphanumeric() || ".-+".contains(c));
        if plain || version == "latest" {
            *first = name.to_owned();
        }
    }
    words
}

/// Is there a row of the table that says more of these words than that they run another program?
fn says_more(tools: &Tools, words: &[String], runner: usize) -> bool {
    tools.row(words).is_some_and(|(_, used)| used.len() > runner)
}

impl Evaluator<'_> {
    /// Takes off one program that only runs another.
    pub(super) fn unwrapped(&mut self, words: &[String]) -> Unwrapped {
        let Some(first) = words.first() else { return Unwrapped::Same };
        self.look_at_wrapper(first);
        let program = self.named(first);
        let rest: Vec<String> = words.iter().skip(1).cloned().collect();
        let whole = || std::iter::once(program.clone()).chain(rest.iter().cloned()).collect::<Vec<_>>();
        if program == "env" && rest.iter().any(|word| word.contains('=')) {
            let mut at = 0;
            while let Some((name, value)) = rest.get(at).and_then(|word| word.split_once('=')) {
                if !words::is_name(name) || !self.leaves_alone(name, Some(value)) {
                    self.not_understood(&format!("a script sets {}", short(name)));
                }
                self.given.insert(name.to_owned());
                at += 1;
            }
            return Unwrapped::Inner(rest.get(at..).unwrap_or_default().to_vec());
        }
        if program == "cross-env" || program == "env" {
            let at = rest.iter().take_while(|word| {
                word.split_once('=')
                    .is_some_and(|(name, value)| words::is_name(name) && self.leaves_alone(name, Some(value)))
            });
            let count = at.count();
            if count < rest.len() {
                let named = rest.iter().take(count).filter_map(|word| word.split_once('='));
                self.given.extend(named.map(|(name, _)| name.to_owned()));
                return Unwrapped::Inner(rest.get(count..).unwrap_or_default().to_vec());
            }
            return Unwrapped::Same;
        }
        if program == "php"
            && let Some(at) = script_of_composer(&rest)
        {
            return Unwrapped::Inner(rest.get(at..).unwrap_or_default().to_vec());
        }
        if program == "python" {
            self.look_at_module(&rest);
            return module(&rest);
        }
        if matches!(first.as_str(), "cross" | "mise")
            && let Some(reason) =
                self.folder.as_deref().and_then(|folder| tool_config::reason(self.tree, folder, &[first.as_str()]))
        {
            self.not_understood(&reason);
        }
        if program == "go" && matches!(rest.first().map(String::as_str), Some("run" | "tool")) {
            let name = rest.get(1).map(|path| path.split('@').next().unwrap_or(path));
            // A package of the tree is no tool that is known.
            return match name {
                Some(path)
                    if rest.first().is_some_and(|word| word == "tool")
                        || path
                            .split('/')
                            .next()
                            .is_some_and(|host| host.contains('.') && host.len() > 2 && !host.starts_with('.')) =>
                {
                    let tool = path.rsplit('/').find(|part| !is_major(part)).unwrap_or(path).to_owned();
                    Unwrapped::Inner(std::iter::once(tool).chain(rest.iter().skip(2).cloned()).collect())
                }
                _ => Unwrapped::NotUnderstood,
            };
        }
        let full = whole();
        let tools = self.tree.tools();
        for (runner, options) in &tools.runners {
            let head: Vec<&str> = runner.split(' ').collect();
            if !full.iter().map(String::as_str).take(head.len()).eq(head.iter().copied()) {
                continue;
            }
            let behind = full.get(head.len()..).unwrap_or_default();
            return match pass_over(behind, options) {
                Some(inner) if inner.first().is_some_and(|word| word == "-m") && head.first() != Some(&"sudo") => {
                    self.look_at_module(&inner);
                    module(&inner)
                }
                Some(_) if says_more(tools, &full, head.len()) => Unwrapped::Same,
                Some(inner) => Unwrapped::Inner(without_version(runner, inner)),
                None => Unwrapped::NotUnderstood,
            };
        }
        if program == *first { Unwrapped::Same } else { Unwrapped::Inner(full) }
    }

    /// A script of the tree that is called as a build tool is: does it call that?
    fn look_at_wrapper(&mut self, word: &str) {
        let calls: &[&str] = match word.rsplit('/').next() {
            Some("gradlew") => &["GradleWrapperMain", "gradle-wrapper.jar"],
            Some("mvnw") => &["MavenWrapperMain", "maven-wrapper", "MAVEN_HOME"],
            _ => return,
        };
        let path = self.folder.as_deref().and_then(|folder| tree::join(folder, word));
        let Some(text) = path.and_then(|path| self.tree.text(&path)) else { return };
        let ends = |text: &str| {
            let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
            first.is_some_and(|line| line.starts_with("exit") || line.starts_with("exec true"))
        };
        if !text.is_ok_and(|text| calls.iter().any(|call| text.contains(call)) && !ends(&text)) {
            self.not_understood(&format!("{} of the tree is no wrapper that is known", short(word)));
        }
    }

    /// A module of the tree takes the place of one that is installed.
    fn look_at_module(&mut self, rest: &[String]) {
        let name = rest.iter().position(|word| word == "-m").and_then(|at| rest.get(at + 1));
        let Some((folder, name)) = self.folder.as_deref().zip(name) else { return };
        let first = name.split('.').next().unwrap_or(name);
        let there = [format!("{first}.py"), first.to_owned()]
            .into_iter()
            .find(|path| tree::join(folder, path).is_some_and(|path| self.tree.has(&path)));
        if let Some(path) = there {
            self.not_understood(&format!("{} of the tree takes the place of a module", short(&path)));
        }
    }

    /// A program by its usual name.
    fn named(&self, word: &str) -> String {
        let word = match word.rsplit_once('/') {
            // A package of a scope.
            Some(_) if word.starts_with('@') => word,
            Some((folder, name)) => {
                let there = self
                    .folder
                    .as_deref()
                    .and_then(|folder| tree::join(folder, word))
                    .is_some_and(|path| self.tree.has(&path));
                let known = matches!(
                    folder,
                    "/usr/bin"
                        | "/bin"
                        | "/usr/local/bin"
                        | "vendor/bin"
                        | "./vendor/bin"
                        | "node_modules/.bin"
                        | "./node_modules/.bin"
                        | ".venv/bin"
                        | "venv/bin"
                        | "./venv/bin"
                        | "./.venv/bin"
                        | "bin"
                        | "./bin"
                );
                let own = matches!(name, "gradlew" | "mvnw" | "manage.py");
                if (known && !there) || own { name } else { return word.to_owned() }
            }
            None => word,
        };
        let digits = |start: &str| {
            word.strip_prefix(start).is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '.'))
        };
        if digits("python") {
            "python".to_owned()
        } else if digits("pip") {
            "pip".to_owned()
        } else {
            self.tree.tools().usual_name(word).to_owned()
        }
    }
}
