//! Commands that run a text: of their own words, or what they read.

use crate::collectors::workflows::scripts::Command;

/// Programs that run a text that they are given by an option, or what they read.
const INTERPRETERS: &[&str] = &[
    "ash",
    "bash",
    "bun",
    "cmd",
    "dash",
    "deno",
    "fish",
    "iex",
    "invoke-expression",
    "ksh",
    "lua",
    "node",
    "osascript",
    "perl",
    "php",
    "powershell",
    "pwsh",
    "python",
    "python2",
    "python3",
    "ruby",
    "sh",
    "ssh",
    "su",
    "zsh",
];

/// Programs that start the program that their words name.
const WRAPPERS: &[&str] = &[
    "chroot",
    "doas",
    "docker",
    "env",
    "find",
    "flock",
    "ionice",
    "kubectl",
    "lxc",
    "nice",
    "nix-shell",
    "nohup",
    "parallel",
    "podman",
    "runuser",
    "script",
    "setsid",
    "stdbuf",
    "strace",
    "su",
    "sudo",
    "time",
    "timeout",
    "unshare",
    "watch",
    "xargs",
    "xvfb-run",
];

/// An option behind which code is.
fn takes_code(word: &str) -> bool {
    matches!(word, "-c" | "-e" | "-E" | "-r" | "-Command" | "-command" | "/c" | "/C" | "--eval" | "--command" | "--run")
        || (word.starts_with('-') && !word.starts_with("--") && word.ends_with('c') && word.len() <= 6)
}

/// Files among the words behind an interpreter; a here document is none.
fn names_file(words: &[String]) -> bool {
    words.iter().any(|word| !word.starts_with(['-', '<', '>', '&']) && !word.ends_with('\n'))
}

/// Does a command run the text of its own words, or what is piped into it?
pub(in super::super) fn evaluates(command: &Command) -> bool {
    let (program, words) = command.program();
    if matches!(program.as_str(), "eval" | "source" | "." | "iex" | "invoke-expression" | "bash_env") {
        return true;
    }
    if matches!(program.as_str(), "trap" | "watch" | "parallel") && !words.is_empty() {
        return true;
    }
    let first = command.words.len() - words.len().min(command.words.len());
    let mut wrapped = false;
    for (at, name, words) in command.tails() {
        let code = words.iter().any(|word| takes_code(word));
        if INTERPRETERS.contains(&name.as_str()) {
            let reads = !names_file(words) || words.iter().any(|word| word == "<") || name == "ssh";
            if code || (reads && (wrapped || at + 1 == first)) {
                return true;
            }
        }
        // These take a text themselves.
        let takes = match name.as_str() {
            "flock" | "script" | "runuser" | "nix-shell" => code,
            "env" => words.iter().any(|word| word == "-S" || word.starts_with("--split-string")),
            "eval" => wrapped,
            _ => false,
        };
        if takes {
            return true;
        }
        wrapped |= WRAPPERS.contains(&name.as_str());
    }
    false
}

/// Does what it runs come from the commands before it?
pub(in super::super) fn reads_input(command: &Command) -> bool {
    let own = command.words.iter().any(|word| word == "<" || word.ends_with('\n'));
    let reads = command.tails().any(|(_, name, words)| {
        let plain = INTERPRETERS.contains(&name.as_str()) && !words.iter().any(|word| takes_code(word));
        matches!(name.as_str(), "xargs" | "parallel") || (plain && !names_file(words))
    });
    evaluates(command) && reads && !own
}
