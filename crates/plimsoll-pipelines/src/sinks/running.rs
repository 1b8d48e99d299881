//! Commands that run a text: of their own words, or what they read.

use crate::scripts::{Command, SUBSTITUTED};

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
    "busybox",
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

/// Programs behind whose names those of interpreters are mere words.
const INSTALLERS: &[&str] = &[
    "apk", "apt", "apt-get", "brew", "chmod", "chown", "chsh", "cp", "dnf", "echo", "grep", "install", "ln", "ls",
    "mv", "pacman", "pip", "pip3", "printf", "rm", "test", "type", "which", "yum",
];

/// An option behind which code is.
fn takes_code(word: &str) -> bool {
    matches!(word, "-c" | "-e" | "-E" | "-r" | "-Command" | "-command" | "/c" | "/C" | "--eval" | "--command" | "--run")
        || (word.starts_with('-') && !word.starts_with("--") && word.ends_with('c') && word.len() <= 6)
}

/// Programs whose code is that of a shell.
const SHELLS: &[&str] =
    &["ash", "bash", "cmd", "dash", "fish", "ksh", "powershell", "pwsh", "sh", "ssh", "su", "zsh", "iex"];

/// What a command runs.
#[derive(Debug, Default, PartialEq)]
pub(in super::super) struct Ran<'c> {
    /// Words that are code.
    pub(in super::super) code: Vec<&'c str>,
    /// It reads more of it from the command before.
    pub(in super::super) input: bool,
    /// The code is that of a shell.
    pub(in super::super) shell: bool,
}

impl Ran<'_> {
    /// Is a part of the code what another command prints?
    pub(in super::super) fn substitutes(&self) -> bool {
        self.code.iter().any(|word| word.contains(SUBSTITUTED)) || self.code.last() == Some(&"<")
    }
}

/// Files among the words behind an interpreter; a here document is none.
fn names_file(words: &[String]) -> bool {
    let mut before = "";
    words.iter().any(|word| {
        let value = matches!(before, "-o" | "-O" | "+o" | "<" | ">");
        before = word;
        !value && !word.starts_with(['-', '<', '>', '&']) && !word.ends_with('\n')
    })
}

/// Does a command run the text of its own words, or what is piped into it?
pub(in super::super) fn evaluates(command: &Command) -> bool {
    ran(command).is_some()
}

/// What it runs of its own words, or of what is piped into it; nothing where it runs no text.
pub(in super::super) fn ran(command: &Command) -> Option<Ran<'_>> {
    let (program, words) = command.program();
    let whole = |input: bool| Ran { code: words.iter().map(String::as_str).collect(), input, shell: true };
    let redirected = words.iter().any(|word| word == "<");
    match program.as_str() {
        "eval" | "iex" | "invoke-expression" | "bash_env" => return Some(whole(words.is_empty())),
        "source" | "." => return Some(whole(words.iter().any(|word| word == "/dev/stdin"))),
        "trap" | "watch" if !words.is_empty() => return Some(whole(false)),
        "parallel" => return Some(whole(!redirected)),
        _ => {}
    }
    let first = command.words.len() - words.len().min(command.words.len());
    let (mut wrapped, mut fed) = (false, false);
    for (at, name, words) in command.tails() {
        let code = words.iter().position(|word| takes_code(word));
        let own = words.iter().any(|word| word == "<" || word.ends_with('\n'));
        if INTERPRETERS.contains(&name.as_str()) && (wrapped || at + 1 == first) {
            let shell = SHELLS.contains(&name.as_str());
            let all: Vec<&str> = words.iter().map(String::as_str).collect();
            if matches!(name.as_str(), "ssh" | "su" | "cmd" | "iex" | "invoke-expression") {
                return Some(Ran { code: all, input: !own, shell });
            }
            if let Some(code) = code {
                // What is behind it is handed over as it is; for PowerShell all of it is code.
                let most = if matches!(name.as_str(), "pwsh" | "powershell") { usize::MAX } else { 1 };
                let code: Vec<&str> = words.iter().skip(code + 1).take(most).map(String::as_str).collect();
                let replaced = fed && code.iter().any(|word| word.contains("{}") || word.contains('%'));
                return Some(Ran { code, input: replaced, shell });
            }
            if !names_file(words) || words.iter().any(|word| matches!(word.as_str(), "-" | "-s" | "/dev/stdin")) {
                let code = words.iter().skip_while(|word| *word != "<" && !word.ends_with('\n'));
                return Some(Ran { code: code.map(String::as_str).collect(), input: !own, shell });
            }
        }
        // These take a text themselves.
        let takes = match name.as_str() {
            "flock" | "script" | "runuser" | "nix-shell" => code.is_some(),
            "env" => words.iter().any(|word| word == "-S" || word.starts_with("--split-string")),
            "eval" => wrapped,
            _ => false,
        };
        if takes && (wrapped || at <= first) {
            return Some(Ran { code: words.iter().map(String::as_str).collect(), input: false, shell: true });
        }
        if INSTALLERS.contains(&name.as_str()) {
            return None;
        }
        wrapped |= WRAPPERS.contains(&name.as_str());
        fed |= matches!(name.as_str(), "xargs" | "parallel" | "find");
    }
    None
}
