//! What the shell itself carries out: folders, variables, and what is said to later steps.

use super::{Evaluator, How, ONE_WORD, UNKNOWN, short};
use crate::{shell::words, tree};

/// `PATH=$HOME/.cargo/bin:$PATH` and its like: tools that were installed, not ones of the tree.
pub(super) fn is_path_of_home(raw: &str) -> bool {
    let Some((name, value)) = raw.split_once('=') else { return false };
    let value = value.trim_matches('"').replace(['{', '}'], "");
    name == "PATH" && value.contains("$PATH") && value.split(':').all(|part| part == "$PATH" || is_of_home(part))
}

fn is_of_home(path: &str) -> bool {
    let path = path.replace(['{', '}'], "");
    let start = ["$HOME/.", "~/.", "/usr/", "/opt/", "$HOME/go/bin", "$GOPATH/bin", "$HOME/bin"]
        .iter()
        .any(|start| path.starts_with(start));
    start && !path.contains("..") && !path.contains("$(") && !path.contains("work")
}

impl Evaluator<'_> {
    pub(super) fn carried_out_by_the_shell(
        &mut self,
        words: &[String],
        raw: &[String],
        outputs: &[String],
        how: How,
    ) -> bool {
        let plain: Vec<&str> = words.iter().map(String::as_str).collect();
        match plain.as_slice() {
            ["cd", target] => {
                if let Some(place) = raw.get(1).and_then(|raw| self.beside_script(raw)) {
                    self.folder = if how.sure && self.tree.has(&place) { Some(place) } else { None };
                    return true;
                }
                let target = match *target {
                    UNKNOWN
                        if raw.get(1).is_some_and(|word| {
                            word.trim_matches('"').replace(['{', '}'], "") == "$GITHUB_WORKSPACE"
                        }) =>
                    {
                        self.folder = if how.sure { Some(String::new()) } else { None };
                        return true;
                    }
                    other => other,
                };
                let next = self.folder.as_deref().and_then(|folder| tree::join(folder, target));
                let there = next
                    .as_deref()
                    .is_some_and(|path| self.tree.has(path) || self.made.contains(path) || path.is_empty());
                self.folder = if how.sure && there { next } else { None };
                true
            }
            ["cd" | "pushd" | "popd", ..] => {
                self.folder = None;
                true
            }
            ["mkdir", rest @ ..] => {
                for path in rest.iter().filter(|word| !word.starts_with('-')) {
                    let path = self.folder.as_deref().and_then(|folder| tree::join(folder, path));
                    self.made.extend(path.filter(|path| !self.tree.has(path)));
                }
                true
            }
            ["export", rest @ ..] => {
                for (word, raw) in rest.iter().zip(raw.iter().skip(1)) {
                    let (name, value) = match raw.split_once('=') {
                        Some((name, value)) => (name.to_owned(), words::value(value, &self.names)),
                        None => ((*word).to_owned(), self.names.get(*word).cloned().flatten()),
                    };
                    if !words::is_name(&name) || !(self.leaves_alone(&name, value.as_deref()) || is_path_of_home(raw)) {
                        self.not_understood(&format!("a script exports {}", short(&name)));
                    }
                    self.assign(vec![(name, value)], how.sure);
                }
                true
            }
            ["source" | ".", path] => {
                let raw = raw.get(1).map(|raw| raw.trim_matches('"')).unwrap_or_default();
                let environment = (path.ends_with("/bin/activate") || path.ends_with("/Scripts/activate"))
                    && self
                        .folder
                        .as_deref()
                        .and_then(|folder| tree::join(folder, path))
                        .is_some_and(|path| !self.tree.has(&path));
                if !environment
                    && !matches!(raw, "$HOME/.cargo/env" | "~/.cargo/env" | "${HOME}/.cargo/env" | "$CARGO_HOME/env")
                {
                    self.tamper("a script sources another that is not followed".to_owned());
                }
                true
            }
            ["command", "-v" | "-V", ..] => true,
            ["tee", rest @ ..] => {
                // Behind a program that runs it the words as they are written are others.
                let written = if raw.len() == words.len() { raw } else { words };
                let files: Vec<String> = rest
                    .iter()
                    .zip(written.iter().skip(1))
                    .filter(|(word, _)| !word.starts_with('-'))
                    .map(|(_, raw)| raw.clone())
                    .collect();
                let of_later = |raw: &String| {
                    let bare = raw.trim_matches('"').replace(['{', '}'], "");
                    matches!(bare.as_str(), "$GITHUB_ENV" | "$GITHUB_PATH" | "$BASH_ENV")
                };
                if files.iter().any(of_later) {
                    self.tamper("a script writes to the environment of later steps".to_owned());
                }
                self.wrote(&files);
                true
            }
            ["echo" | "printf", ..] => {
                self.said(words, raw, outputs);
                true
            }
            _ => false,
        }
    }

    /// `"$(dirname "$0")/.."`: a place that a script names by its own.
    fn beside_script(&self, raw: &str) -> Option<String> {
        let bare =
            raw.replace('"', "").replace("${BASH_SOURCE[0]}", "$0").replace("$BASH_SOURCE", "$0").replace("${0}", "$0");
        let rest = bare
            .strip_prefix("$(dirname $0)")
            .or_else(|| bare.strip_prefix("$(dirname -- $0)"))
            .or_else(|| bare.strip_prefix("${0%/*}"))?;
        let script = self.names.get("0")?.as_deref()?;
        let folder = script.rsplit_once('/').map(|(folder, _)| folder).unwrap_or_default();
        tree::join(folder, rest.trim_start_matches('/'))
    }

    /// What is said to the files by which later steps get their environment.
    fn said(&mut self, words: &[String], raw: &[String], outputs: &[String]) {
        for output in outputs {
            let bare = output.trim_matches('"').replace(['{', '}'], "");
            let ["echo", said] = words.iter().map(String::as_str).collect::<Vec<_>>()[..] else {
                if matches!(bare.as_str(), "$GITHUB_ENV" | "$GITHUB_PATH" | "$BASH_ENV") {
                    self.tamper("a script writes to the environment of later steps".to_owned());
                }
                continue;
            };
            let text = if said.contains(UNKNOWN) || said.contains(ONE_WORD) {
                raw.get(1).map(|raw| raw.trim_matches('"')).unwrap_or_default()
            } else {
                said
            };
            match bare.as_str() {
                "$GITHUB_ENV" => {
                    let harmless = text.split_once('=').is_some_and(|(name, value)| {
                        let value = (!value.contains('$')).then_some(value);
                        words::is_name(name) && self.leaves_alone(name, value) && !text.contains(['\n', '\\'])
                    }) && self.is_one_line(text);
                    self.given.extend(text.split_once('=').map(|(name, _)| name.to_owned()));
                    if !harmless {
                        self.tamper("a script writes to the environment of later steps".to_owned());
                    }
                }
                "$GITHUB_PATH" if !is_of_home(text) => {
                    self.tamper("a script writes to the path of later steps".to_owned());
                }
                "$BASH_ENV" => self.tamper("a script writes to the environment of later steps".to_owned()),
                _ => {}
            }
        }
    }
}
