//! Words that a script computes: what runs for them, and what is known of what comes out.

use super::{Evaluator, redirections};
use crate::{
    shell::{self, words},
    tools::Row,
    tree,
};

/// Packages that one word may come to.
const MOST_PACKAGES: usize = 5000;

impl Evaluator<'_> {
    /// Commands whose output is put into words run as well.
    pub(in super::super) fn check_substitutions(&mut self, raw: &[String]) {
        for word in raw {
            match words::substituted(word) {
                None => self.tamper("a script computes its words".to_owned()),
                Some(inner) => {
                    if !inner.into_iter().all(|command| self.only_says(command)) {
                        self.not_understood("a script computes its words");
                    }
                }
            }
        }
    }

    /// Is it a pipe of programs that say something, and change nothing?
    fn only_says(&self, text: &str) -> bool {
        let Some(commands) = shell::pipe(text) else { return false };
        commands.iter().all(|raw| {
            let Some((words, outputs)) = redirections(raw) else { return false };
            let nowhere = outputs.iter().all(|output| matches!(output.as_str(), "/dev/null" | "&1" | "&2"));
            let words: Vec<String> = words.iter().map(|word| bare(word).to_owned()).collect();
            // What the shell puts in may be a program, or an option.
            let fixed = raw.iter().all(|word| word.starts_with('\'') || !word.contains(['$', '`']));
            nowhere && (self.says(&words) || fixed && (edits_text(&words) || lists_files(&words)))
        })
    }

    fn says(&self, words: &[String]) -> bool {
        let tools = self.tree.tools();
        let Some(program) = words.first() else { return false };
        let asks = words.iter().skip(1).all(|word| matches!(word.as_str(), "--version" | "-version" | "-v" | "-V"));
        (!tools.is_asked_alone(program) || asks)
            && !words.iter().any(|word| tools.is_unless(word))
            && (matches!(tools.row(words), Some((Row::Harmless, _)))
                || matches!(words, [rustup, which, ..] if rustup == "rustup" && which == "which"))
    }

    /// `$(go list ./... | grep -v PATTERN)`: the folders of the packages that are left.
    ///
    /// Source: `go help list`; POSIX, `grep`.
    pub(super) fn packages_listed(&self, program: &str, raw: &str) -> Option<Vec<String>> {
        let text = raw.strip_prefix("$(")?.strip_suffix(')').filter(|_| program == "go")?;
        let commands = shell::pipe(text)?;
        let (list, filters) = commands.split_first()?;
        if !matches!(list.iter().map(String::as_str).collect::<Vec<_>>().as_slice(), ["go", "list", "./..."]) {
            return None;
        }
        let mut left_out = Vec::new();
        for filter in filters {
            let words: Vec<&str> = filter.iter().map(|word| bare(word)).collect();
            let (pattern, extended) = match words.as_slice() {
                ["grep", "-v", pattern] => (*pattern, false),
                ["grep", "-vE" | "-Ev", pattern] | ["grep", "-v", "-E", pattern] | ["grep", "-E", "-v", pattern] => {
                    (*pattern, true)
                }
                _ => return None,
            };
            // In these the two spellings of patterns mean the same.
            let plain = |c: char| c.is_ascii_alphanumeric() || "_/.-^$".contains(c) || extended && "|()".contains(c);
            // Without quotes that keep it the shell puts a value in.
            let kept = filter.last().is_some_and(|word| word.starts_with('\''))
                || pattern.find('$').is_none_or(|at| at + 1 == pattern.len());
            if pattern.is_empty() || !kept || !pattern.chars().all(plain) {
                return None;
            }
            left_out.push(regex::Regex::new(pattern).ok()?);
        }
        let folder = self.folder.as_deref()?;
        let module = self.tree.text(&tree::join(folder, "go.mod")?)?.ok()?;
        let module = module.lines().find_map(|line| line.strip_prefix("module "))?.trim().trim_matches('"').to_owned();
        let folders: std::collections::BTreeSet<String> = self
            .tree
            .sources()
            .iter()
            // The go command asks for this very ending.
            .filter(|path| path.rsplit_once('.').is_some_and(|(_, extension)| extension == "go"))
            .map(|path| path.rsplit_once('/').map_or("", |(folder, _)| folder))
            .filter_map(|path| if folder.is_empty() { Some(path) } else { path.strip_prefix(folder) })
            .filter(|path| folder.is_empty() || path.is_empty() || path.starts_with('/'))
            .map(|path| path.trim_start_matches('/').to_owned())
            .collect();
        let is_left = |path: &String| {
            let name = if path.is_empty() { module.clone() } else { format!("{module}/{path}") };
            !left_out.iter().any(|pattern| pattern.is_match(&name))
        };
        let named = |path: String| if path.is_empty() { ".".to_owned() } else { format!("./{path}") };
        let packages: Vec<String> = folders.into_iter().filter(is_left).map(named).collect();
        (1..=MOST_PACKAGES).contains(&packages.len()).then_some(packages)
    }

    /// Is what is said one line, whatever the tree holds? What has more lines sets more names.
    pub(super) fn is_one_line(&self, text: &str) -> bool {
        let Some(inner) = words::substituted(text) else { return false };
        let by_command = inner.iter().all(|command| {
            let Some(last) = shell::pipe(command).and_then(|commands| commands.last().cloned()) else { return false };
            let words: Vec<&str> = last.iter().map(|word| bare(word)).collect();
            match words.as_slice() {
                ["nproc" | "whoami" | "hostname" | "pwd" | "date"]
                | ["uname", ..]
                | ["basename" | "dirname", _]
                | ["git", "rev-parse", "HEAD"]
                | ["git", "rev-parse", "--short" | "--abbrev-ref", "HEAD"]
                | ["git", "describe", ..]
                | ["go", "version"]
                | ["head" | "tail", "-1" | "-n1"]
                | ["head" | "tail", "-n", "1"]
                | ["wc", "-l" | "-c" | "-w"] => true,
                ["date", format] => format.starts_with('+') && !format.contains("%n"),
                // It ends at the first line that fits, and shows one field of it.
                ["awk", rest @ ..] => {
                    let options = rest.iter().take_while(|word| word.starts_with("-F")).count();
                    rest.get(options).is_some_and(|program| shows_one_field(program))
                }
                ["cat", path] => {
                    let path = self.folder.as_deref().and_then(|folder| tree::join(folder, path));
                    let text = path.and_then(|path| self.tree.text(&path)).and_then(Result::ok);
                    text.is_some_and(|text| text.trim_end().lines().count() == 1)
                }
                _ => false,
            }
        });
        let mut without = text.to_owned();
        for command in inner {
            without = without.replace(&format!("$({command})"), "");
        }
        by_command && without.split('$').skip(1).all(|part| self.is_of_forge(part))
    }

    /// A name behind `$` whose value the forge gives, or one that is known.
    fn is_of_forge(&self, part: &str) -> bool {
        let part = part.strip_prefix('{').unwrap_or(part);
        let name: String = part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let known = self.names.get(&name).and_then(Option::as_deref).is_some_and(|value| !value.contains('\n'));
        let of_forge = ["GITHUB_", "RUNNER_"].iter().any(|start| name.starts_with(start))
            && !matches!(name.as_str(), "GITHUB_HEAD_REF" | "GITHUB_REF_NAME");
        known || of_forge || matches!(name.as_str(), "HOME" | "PWD" | "USER" | "plimsoll_value")
    }
}

/// `/PATTERN/{print $2; exit}`
fn shows_one_field(program: &str) -> bool {
    let Some((before, act)) = program.split_once('{') else { return false };
    let pattern = before.trim();
    let plain = pattern.is_empty()
        || pattern.len() > 2 && pattern.starts_with('/') && pattern.ends_with('/') && pattern.matches('/').count() == 2;
    let field = act.trim().strip_prefix("print $").and_then(|rest| rest.strip_suffix('}'));
    let field = field.and_then(|rest| rest.trim().strip_suffix("exit")).and_then(|rest| rest.trim().strip_suffix(';'));
    plain && field.is_some_and(|number| !number.is_empty() && number.trim().bytes().all(|byte| byte.is_ascii_digit()))
}

fn bare(word: &str) -> &str {
    let inside = |quote: char| word.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inside('\'').or_else(|| inside('"')).unwrap_or(word)
}

/// `find` that only names files, and `xargs` that only has them listed.
fn lists_files(words: &[String]) -> bool {
    let plain: Vec<&str> = words.iter().map(String::as_str).collect();
    match plain.as_slice() {
        ["find", rest @ ..] => rest.iter().filter(|word| word.starts_with('-')).all(|word| {
            matches!(
                *word,
                "-name"
                    | "-iname"
                    | "-type"
                    | "-path"
                    | "-not"
                    | "-print"
                    | "-print0"
                    | "-maxdepth"
                    | "-mindepth"
                    | "-o"
            )
        }),
        ["xargs", "ls" | "cat" | "wc" | "dirname" | "basename", ..]
        | ["xargs", "-0", "ls" | "cat" | "wc" | "dirname" | "basename", ..] => true,
        _ => false,
    }
}

/// `awk` and `sed` that only say something: their programs run no other, and write nothing.
///
/// Source: POSIX, `awk` ("Output Statements", "Input/Output and General Functions") and `sed` ("Editing Commands").
fn edits_text(words: &[String]) -> bool {
    let Some((program, rest)) = words.split_first() else { return false };
    match program.as_str() {
        "awk" => {
            let plain = |word: &String| {
                !["system", "getline", "printf", "|", ">", "@", "close", "include", "load"]
                    .iter()
                    .any(|act| word.contains(act))
            };
            rest.iter().all(|word| plain(word) && (!word.starts_with('-') || word.starts_with("-F")))
        }
        "sed" => {
            let mut scripts = rest.iter().filter(|word| !word.starts_with('-'));
            let options = rest.iter().filter(|word| word.starts_with('-'));
            let plain_options = options.into_iter().all(|word| matches!(word.as_str(), "-n" | "-E" | "-r" | "-e"));
            plain_options
                && rest.iter().filter(|word| *word == "-e").count() <= 1
                && scripts.next().is_some_and(|script| replaces(script))
        }
        _ => false,
    }
}

/// `s/a/b/g`, with flags that neither write nor run anything.
fn replaces(script: &str) -> bool {
    let Some(rest) = script.strip_prefix('s') else { return false };
    let Some(mark) = rest.chars().next().filter(|mark| !mark.is_alphanumeric() && *mark != '\\') else { return false };
    let parts: Vec<&str> = rest.split(mark).collect();
    matches!(parts.as_slice(), ["", _, _, flags] if flags.chars().all(|c| matches!(c, 'g' | 'p' | 'I' | 'i' | '0'..='9')))
}
