//! `rake`: the tasks of a Rakefile that frameworks of tests and linters make, and the one that is run by default.
//!
//! Source: Rake, "Rakefile format"; the task classes of Rake, Minitest, `RSpec` and `RuboCop`.

use crate::commands::{Evaluator, How};

/// What tasks are made by: the beginning of a line, the name without one, and the command that it comes to.
const TASKS: &[(&str, &str, &str)] = &[
    ("Rake::TestTask.new", "test", "minitest"),
    ("Minitest::TestTask.create", "test", "minitest"),
    ("RSpec::Core::RakeTask.new", "spec", "rspec"),
    ("RuboCop::RakeTask.new", "rubocop", "rubocop"),
];
/// Beginnings of lines that change nothing about which tests run and whether a failure counts.
const PLAIN: &[&str] = &[
    "require",
    "begin",
    "end",
    "rescue LoadError",
    "t.libs",
    "t.verbose",
    "t.warning",
    "t.requires",
    "t.options",
    "task.requires",
    "# ",
    "#",
    "Bundler::GemHelper.install_tasks",
    "Bundler.setup",
    "Bundler.require",
];
/// Lines of a Rakefile.
const MOST_LINES: usize = 200;

/// Follows `rake` with names of tasks, or none; false where a word is none.
pub(super) fn rake(to: &mut Evaluator<'_>, words: &[String], how: How) -> bool {
    let named: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
    if named.iter().any(|name| !is_name(name)) {
        return false;
    }
    let Some(Ok(text)) = super::beside(to, "Rakefile") else { return false };
    let Some(commands) = commands(to, &text, &named) else { return false };
    for command in commands {
        to.tool(&[command.to_owned()], &words.join(" "), how);
    }
    true
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The commands that tasks come to; absent where a line of the file is not understood.
fn commands(to: &Evaluator<'_>, text: &str, named: &[&str]) -> Option<Vec<&'static str>> {
    let mut made: Vec<(String, &'static str)> = Vec::new();
    let mut default: Vec<String> = Vec::new();
    if text.lines().count() > MOST_LINES {
        return None;
    }
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some((start, usual, command)) = TASKS.iter().find(|(start, _, _)| line.starts_with(start)) {
            let rest = line.strip_prefix(start)?.trim();
            let rest = rest.split(" do").next().unwrap_or(rest).trim();
            let own = rest.trim_matches(['(', ')']).trim_start_matches(':').trim();
            if !(own.is_empty() || own == "do" || is_name(own)) {
                return None;
            }
            let own = if own.is_empty() || own == "do" { *usual } else { own };
            made.push((own.to_owned(), *command));
        } else if let Some(rest) = line.strip_prefix("task ") {
            let rest = rest.trim();
            let tasks =
                ["default:", ":default =>", "\"default\" =>"].iter().find_map(|start| rest.strip_prefix(start))?;
            let tasks = tasks.trim().trim_start_matches("%i").trim_start_matches("%w");
            if tasks.contains(" do") {
                return None;
            }
            let names = tasks.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|name| !name.is_empty());
            default.extend(names.map(ToOwned::to_owned));
        } else if ["t.pattern", "t.test_files", "t.test_globs", "t.test_prelude"]
            .iter()
            .any(|start| line.starts_with(start))
        {
            if !takes_tests(to, line) {
                return None;
            }
        } else if !PLAIN.iter().any(|start| line.starts_with(start)) {
            return None;
        }
    }
    let wanted: Vec<&str> =
        if named.is_empty() { default.iter().map(String::as_str).collect() } else { named.to_vec() };
    let wanted: Vec<&str> = wanted
        .into_iter()
        .flat_map(|name| if name == "default" { default.iter().map(String::as_str).collect() } else { vec![name] })
        .collect();
    if wanted.is_empty() {
        return None;
    }
    let found = |name: &str| made.iter().find(|(own, _)| own == name).map(|(_, command)| *command);
    wanted.into_iter().map(found).collect()
}

/// Is a folder of the tree what each pattern begins with?
fn takes_tests(to: &Evaluator<'_>, line: &str) -> bool {
    let mut patterns = line.split(['"', '\'']).skip(1).step_by(2).peekable();
    patterns.peek().is_some()
        && patterns.all(|pattern| {
            let folder = pattern.split('*').next().unwrap_or_default().trim_end_matches(|c| c != '/');
            let folder = folder.trim_end_matches('/');
            let usual = ["*_test.rb", "*_spec.rb", "test_*.rb", "*test*.rb"].iter().any(|end| pattern.ends_with(end));
            usual && !folder.is_empty() && to.tree.has(folder)
        })
}
