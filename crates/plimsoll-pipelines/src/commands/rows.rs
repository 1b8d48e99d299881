//! The row of the table of tools that a command has.

use super::options::{Matched, option};
use crate::tools::{self, Tool};

pub(super) enum Row {
    Tool(&'static Tool),
    Harmless,
    Tampers,
}

/// The row with the longest beginning that fits, and the places of the words that it took.
pub(super) fn lookup(words: &[String]) -> Option<(Row, Vec<usize>)> {
    let mut best: Option<(usize, Row, Vec<usize>)> = None;
    let mut offer = |row: Row, head: &str| {
        if let Some(used) = begins(words, head)
            && best.as_ref().is_none_or(|(length, _, _)| used.len() > *length)
        {
            best = Some((used.len(), row, used));
        }
    };
    for tool in tools::TOOLS.iter().copied().flatten() {
        for head in tool.run {
            offer(Row::Tool(tool), head);
        }
    }
    for head in tools::HARMLESS {
        offer(Row::Harmless, head);
    }
    for head in tools::TAMPERS {
        offer(Row::Tampers, head);
    }
    best.map(|(_, row, used)| (row, used))
}

/// Do the words begin so? Options of the program may stand between it and its subcommand.
pub(super) fn begins(words: &[String], head: &str) -> Option<Vec<usize>> {
    let mut used = vec![0];
    let mut parts = head.split(' ');
    let program = parts.next()?;
    if words.first().map(String::as_str) != Some(program) {
        return None;
    }
    let between: Vec<&str> = tools::BEFORE_SUBCOMMANDS
        .iter()
        .filter(|(name, _)| *name == program)
        .flat_map(|(_, options)| options.split_whitespace())
        .collect();
    let mut at = 1;
    for part in parts {
        if !part.starts_with('-') {
            while let Some(word) = words.get(at) {
                let toolchain = program == "cargo" && at == 1 && is_toolchain(word);
                if toolchain {
                    used.push(at);
                } else if !word.starts_with('-') {
                    break;
                }
                at += match option(&between, word, words.get(at + 1).map(String::as_str)) {
                    Some(Matched::Value(_, taken)) => taken,
                    _ => 1,
                };
            }
        }
        if words.get(at).map(String::as_str) != Some(part) {
            return None;
        }
        used.push(at);
        at += 1;
    }
    Some(used)
}

fn is_toolchain(word: &str) -> bool {
    word.strip_prefix('+').is_some_and(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c)))
}
