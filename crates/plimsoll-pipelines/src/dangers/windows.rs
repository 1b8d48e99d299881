//! Shells of Windows: `cmd` replaces names before it reads the line, and PowerShell runs texts by words of its own.

use super::{Place, Walk};
use crate::{
    model::{Call, Step},
    sinks::{self, Input},
    taint::{Reading, Sort, Taint},
};

/// Is the program of this name the old shell of Windows?
pub(super) fn is_cmd(name: &str) -> bool {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name).to_ascii_lowercase();
    matches!(name.as_str(), "cmd" | "cmd.exe" | "%comspec%")
}

/// Does PowerShell run the step: by its name, or where nothing else is named on Windows?
pub(super) fn is_powershell(place: &Place<'_>, step: &Step) -> bool {
    match step.shell_text.as_deref().and_then(|shell| shell.split_whitespace().next()) {
        Some(name) => matches!(name, "pwsh" | "powershell"),
        None => place.scope.job.runs_on.as_deref().is_some_and(|runner| {
            let runner = runner.to_ascii_lowercase();
            runner.contains("windows") && !runner.contains("${{")
        }),
    }
}

/// A value in place of a command is printed by PowerShell; it is run behind `&` and `.`, and may be by what it is handed to.
pub(super) fn calls_by_value(script: &str) -> bool {
    const RUNS: &[&str] = &["scriptblock", "invokecommand", "invokescript", "expandstring", "iex", "invoke-"];
    const WORDS: &[&str] = &["if", "elseif", "while", "until", "switch", "foreach", "for", "return", "in", "param"];
    let lower = script.to_ascii_lowercase();
    if RUNS.iter().any(|word| lower.contains(word)) {
        return true;
    }
    let named = |rest: &str| rest.trim_start_matches([' ', '\t', '(', '"', '{', '@']).starts_with('$');
    let mut before = '\n';
    let mut word = String::new();
    for (at, c) in lower.char_indices() {
        let rest = lower.get(at + c.len_utf8()..).unwrap_or_default();
        let called = match c {
            '&' => before != '&' && !rest.starts_with('&'),
            '.' => (before.is_whitespace() || ";({|=".contains(before)) && rest.starts_with([' ', '\t', '(', '$']),
            '(' => !word.is_empty() && !WORDS.contains(&word.as_str()),
            _ => false,
        };
        if called && named(rest) {
            return true;
        }
        if c.is_alphanumeric() {
            word.push(c);
        } else {
            word.clear();
        }
        before = c;
    }
    false
}

impl Walk<'_, '_> {
    /// A text in a variable is a part of the script, as one that is put into it.
    pub(super) fn of_cmd(&mut self, place: &Place<'_>, step: &Step, reading: &Reading<'_>, text: &str) {
        let written = step.environment.written();
        for (mark, name) in named_in_cmd(text) {
            // Names are the same in small letters and large ones.
            let same = written.iter().flatten().map(|(own, _)| *own).filter(|own| own.eq_ignore_ascii_case(name));
            let held = std::iter::once(name).chain(same).flat_map(|name| reading.name(name));
            let held: Vec<Taint> = held.filter(|taint| matches!(taint.sort, Sort::Text | Sort::Event)).collect();
            let Some(taint) = held.first() else { continue };
            if mark == '%' && taint.sort == Sort::Text {
                let detail = format!("{} is put into a script of cmd as text, by %{name}%", taint.what);
                self.danger(place, "template-injection", "high", detail);
            } else if mark != '%' {
                self.open(place, &format!("what cmd does with {} in !{name}! is not known", taint.what));
            }
        }
    }

    /// Words of PowerShell that run a text, where the script holds one of a stranger.
    pub(super) fn of_powershell(&mut self, place: &Place<'_>, reading: &Reading<'_>, text: &str) {
        const RUNS: &[&str] = &[
            "start-process",
            "saps ",
            "scriptblock",
            "invokecommand",
            "invokescript",
            "expandstring",
            "process]::start",
            "add-type",
            "-encodedcommand",
            "invoke-item",
            "invoke-command",
            "invoke-wmimethod",
            "invoke-cimmethod",
        ];
        let text = text.to_ascii_lowercase();
        let held = reading.all().iter().find(|taint| taint.sort == Sort::Text);
        if let Some((word, taint)) = RUNS.iter().find(|word| text.contains(**word)).zip(held) {
            self.open(place, &format!("what \"{}\" does with {} is not known", word.trim(), taint.what));
        }
    }

    /// A workflow of another repository is given what it may run.
    pub(super) fn called(&mut self, place: &Place<'_>, call: &Call) {
        let nobody = call.uses.split('@').next().unwrap_or_default();
        for (name, text) in &call.with {
            if sinks::input(nobody, name) == Input::Data && !name.is_empty() {
                continue;
            }
            let taints = self.program.text(place.scope, &place.scope.job.around, text);
            if let Some(taint) = taints.iter().find(|taint| taint.sort == Sort::Text) {
                let what = &taint.what;
                self.open(
                    place,
                    &format!("{nobody} is given {what} as \"{name}\", and what it does with it is not known"),
                );
            }
        }
    }
}

/// The names between two `%` or two `!`, without what is cut out of them.
fn named_in_cmd(text: &str) -> Vec<(char, &str)> {
    let of = |mark: char| {
        text.lines().flat_map(move |line| line.split(mark).skip(1)).filter_map(move |rest| {
            let name = rest.split(':').next().unwrap_or_default().trim_start_matches('~');
            let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.()".contains(c));
            plain.then_some((mark, name))
        })
    };
    of('%').chain(of('!')).collect()
}
