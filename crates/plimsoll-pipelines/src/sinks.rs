//! Where a text is run: inputs of actions that take code, and commands that run what they are given.

use super::scripts::Command;

mod running;

pub(super) use running::{Ran, evaluates, ran};

/// Actions, and those of their inputs that a shell or an interpreter runs.
///
/// Source: the definition of each action.
const CODE: &[(&str, &[&str])] = &[
    ("actions-rs/cargo", &["args", "command"]),
    ("actions/github-script", &["script"]),
    ("addnab/docker-run-action", &["run", "options"]),
    ("amadevus/pwsh-script", &["script"]),
    ("appleboy/ssh-action", &["script", "envs_format"]),
    ("azure/cli", &["inlinescript"]),
    ("azure/powershell", &["inlinescript"]),
    ("bahmutov/npm-install", &["install-command"]),
    ("borales/actions-yarn", &["cmd"]),
    ("cardinalby/js-eval-action", &["expression"]),
    ("coactions/setup-xvfb", &["run"]),
    ("cross-platform-actions/action", &["run"]),
    ("cypress-io/github-action", &["build", "command", "install-command", "start", "wait-on"]),
    ("d3rhase/ssh-command-action", &["command"]),
    ("devcontainers/ci", &["runcmd"]),
    ("easingthemes/ssh-deploy", &["args", "script_after", "script_before"]),
    ("fifsky/ssh-action", &["command"]),
    ("gabrielbb/xvfb-action", &["run"]),
    ("garygrossgarten/github-action-ssh", &["command"]),
    ("google-github-actions/ssh-compute", &["command", "script"]),
    ("goreleaser/goreleaser-action", &["args"]),
    ("gradle/actions/setup-gradle", &["arguments"]),
    ("gradle/gradle-build-action", &["arguments"]),
    ("jannekem/run-python-script-action", &["script"]),
    ("matheusvanzan/sshpass-action", &["run"]),
    ("nick-fields/retry", &["command", "new_command_on_retry", "on_retry_command"]),
    ("nick-invision/retry", &["command", "new_command_on_retry", "on_retry_command"]),
    ("pguyot/arm-runner-action", &["commands"]),
    ("reactivecircus/android-emulator-runner", &["pre-emulator-launch-script", "script"]),
    ("uraimo/run-on-arch-action", &["install", "run", "setup"]),
    ("vmactions/freebsd-vm", &["prepare", "run"]),
    ("vmactions/netbsd-vm", &["prepare", "run"]),
    ("vmactions/omnios-vm", &["prepare", "run"]),
    ("vmactions/openbsd-vm", &["prepare", "run"]),
    ("vmactions/solaris-vm", &["prepare", "run"]),
    ("wandalen/wretry.action", &["attempt_command", "command", "post_command", "pre_command"]),
    ("workflow/nix-shell-action", &["script"]),
];

/// Parts of the names of inputs that code is given by.
const CODE_WORDS: &[&str] =
    &["script", "command", "cmd", "run", "exec", "eval", "shell", "code", "args", "arguments", "entrypoint"];

/// What an action does with an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Input {
    /// It runs it.
    Code,
    /// Its name says that it may.
    Perhaps,
    /// It is data.
    Data,
}

/// What `action` does with the input of this name.
pub(super) fn input(action: &str, name: &str) -> Input {
    let (action, name) = (action.to_ascii_lowercase(), name.to_ascii_lowercase());
    let known = CODE.iter().find(|(known, _)| *known == action);
    match known {
        // An expression in place of the whole table may give anything.
        Some((_, inputs)) if name.is_empty() || inputs.contains(&name.as_str()) => Input::Code,
        None if name.split(['-', '_', '.']).any(|part| CODE_WORDS.iter().any(|word| part.contains(word))) => {
            Input::Perhaps
        }
        Some(_) | None => Input::Data,
    }
}

/// Commands by which a script gets other source than the event's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fetch {
    /// It fetches what its words name.
    Named,
    /// It fetches a change, whatever its words are.
    Change,
    /// It only looks.
    No,
    /// It is not known what it does with its words.
    Unknown,
}

/// What git does with source.
const GIT: &[&str] = &[
    "am",
    "apply",
    "archive",
    "checkout",
    "cherry-pick",
    "clone",
    "fetch",
    "fetch-pack",
    "merge",
    "pull",
    "read-tree",
    "rebase",
    "remote",
    "reset",
    "restore",
    "submodule",
    "switch",
    "worktree",
];
const GIT_LOOKS: &[&str] = &[
    "add",
    "blame",
    "branch",
    "cat-file",
    "commit",
    "config",
    "describe",
    "diff",
    "diff-tree",
    "for-each-ref",
    "log",
    "ls-files",
    "ls-remote",
    "ls-tree",
    "merge-base",
    "name-rev",
    "notes",
    "push",
    "rev-list",
    "rev-parse",
    "shortlog",
    "show",
    "show-ref",
    "status",
    "symbolic-ref",
    "tag",
    "var",
    "version",
];
/// Programs that only look, print or decide.
const LOOKS: &[&str] = &[
    "",
    "[",
    "[[",
    "awk",
    "basename",
    "break",
    "case",
    "cat",
    "cd",
    "continue",
    "cut",
    "date",
    "declare",
    "dirname",
    "done",
    "echo",
    "esac",
    "exit",
    "export",
    "false",
    "fi",
    "for",
    "gawk",
    "grep",
    "egrep",
    "head",
    "in",
    "jq",
    "local",
    "ls",
    "mkdir",
    "printf",
    "pwd",
    "read",
    "return",
    "rm",
    "sed",
    "set",
    "shift",
    "sleep",
    "sort",
    "tail",
    "tee",
    "test",
    "tr",
    "true",
    "uniq",
    "unset",
    "wc",
    "write-host",
    "write-output",
    "yq",
    "touch",
    "sha256sum",
    "select",
    "break",
];
/// Parts of addresses under which a forge gives source.
const ARCHIVES: &[&str] = &[
    "/archive/",
    "/raw/",
    "/tarball",
    "/zipball",
    "codeload.",
    "raw.githubusercontent",
    ".patch",
    ".diff",
    ".tar",
    ".tgz",
    ".zip",
    "/contents/",
];

/// What a command does with the source that its words name.
pub(super) fn fetches(command: &Command) -> Fetch {
    let starts = |name: &str, verbs: &[&str]| {
        command.calls(name).any(|words| {
            let plain: Vec<&str> = words.iter().map(String::as_str).filter(|word| !word.starts_with('-')).collect();
            plain.starts_with(verbs)
        })
    };
    if let Some(verb) = command.git() {
        return if GIT.contains(&verb) {
            Fetch::Named
        } else if GIT_LOOKS.contains(&verb) {
            Fetch::No
        } else {
            Fetch::Unknown
        };
    }
    if starts("gh", &["pr", "checkout"])
        || starts("gh", &["pr", "co"])
        || starts("glab", &["mr", "checkout"])
        || starts("hub", &["pr", "checkout"])
    {
        return Fetch::Change;
    }
    if starts("gh", &["repo", "clone"]) || starts("gh", &["repo", "sync"]) || starts("hub", &["checkout"]) {
        return Fetch::Named;
    }
    let (program, _) = command.program();
    if downloads(command) {
        return if ARCHIVES.iter().any(|part| command.mentions(part)) { Fetch::Named } else { Fetch::No };
    }
    if LOOKS.contains(&program.as_str()) || !command.assignments().is_empty() && program.is_empty() {
        return Fetch::No;
    }
    Fetch::Unknown
}

/// Does it get something from an address?
pub(super) fn downloads(command: &Command) -> bool {
    matches!(command.program().0.as_str(), "curl" | "wget" | "aria2c" | "http" | "iwr" | "invoke-webrequest" | "gh")
}

/// Does a program in another language than a shell's start others, or run a text?
pub(super) fn starts_programs(text: &str) -> bool {
    ["exec", "spawn", "eval", "system(", "popen", "subprocess", "function(", "compile(", "invoke-expression", "iex"]
        .iter()
        .any(|word| text.to_ascii_lowercase().contains(word))
}

/// Does it put what another command gives into files that are then built or run?
pub(super) fn unpacks(command: &Command) -> bool {
    let (program, _) = command.program();
    matches!(program.as_str(), "tar" | "bsdtar" | "unzip" | "7z" | "patch" | "cpio")
        || matches!(command.git(), Some("apply" | "am"))
}

/// Does it show a change as a patch?
pub(super) fn shows_change(command: &Command) -> bool {
    let diff = |name| {
        command.calls(name).any(|words| words.iter().filter(|word| !word.starts_with('-')).take(2).eq(["pr", "diff"]))
    };
    diff("gh") || diff("hub")
}

/// Does it get the artifacts of another run?
pub(super) fn gets_artifacts(command: &Command) -> bool {
    command.calls("gh").any(|words| words.iter().filter(|word| !word.starts_with('-')).take(2).eq(["run", "download"]))
        || (command.mentions("/artifacts") && matches!(command.program().0.as_str(), "curl" | "wget" | "gh"))
}

/// Does it run what lies in the folder, or may it?
pub(super) fn runs_files(command: &Command) -> Fetch {
    const BUILDS: &[&str] = &[
        "bundle", "bun", "cargo", "cmake", "composer", "deno", "docker", "dotnet", "go", "gradle", "java", "just",
        "make", "maven", "mvn", "ninja", "node", "npm", "npx", "perl", "php", "pip", "pip3", "pnpm", "pytest",
        "python", "python3", "rake", "ruby", "bash", "sh", "source", ".", "yarn", "zsh", "pwsh", "chmod",
    ];
    let (program, _) = command.program();
    let text = command.program_text();
    let path = text.contains('/') && !text.starts_with("/usr/") && !text.starts_with("/bin/");
    if path || BUILDS.contains(&program.as_str()) {
        return Fetch::Named;
    }
    let looks = LOOKS.contains(&program.as_str())
        || matches!(
            program.as_str(),
            "gh" | "unzip" | "tar" | "mv" | "cp" | "curl" | "wget" | "find" | "7z" | "git" | "if" | "codecov"
        );
    if looks || (!command.assignments().is_empty() && program.is_empty()) { Fetch::No } else { Fetch::Unknown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripts;

    #[test]
    fn inputs_that_are_code_are_known_by_the_action() {
        for (action, name, expected) in [
            ("actions/github-script", "script", Input::Code),
            ("Actions/GitHub-Script", "Script", Input::Code),
            ("actions/github-script", "github-token", Input::Data),
            ("actions/github-script", "", Input::Code),
            ("azure/CLI", "inlineScript", Input::Code),
            ("nick-fields/retry", "command", Input::Code),
            ("nick-fields/retry", "max_attempts", Input::Data),
            ("somebody/else", "inline-script", Input::Perhaps),
            ("somebody/else", "run", Input::Perhaps),
            ("somebody/else", "preCommand", Input::Perhaps),
            ("somebody/else", "title", Input::Data),
            ("somebody/else", "body", Input::Data),
            ("somebody/else", "token", Input::Data),
        ] {
            assert_eq!(input(action, name), expected, "{action} {name}");
        }
        let mut names: Vec<&str> = CODE.iter().map(|(name, _)| *name).collect();
        let before = names.clone();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names, before);
        assert!(CODE.iter().all(|(name, inputs)| {
            let lower = |text: &str| text.to_ascii_lowercase() == text;
            lower(name) && inputs.iter().all(|one| lower(one))
        }));
    }

    #[test]
    fn commands_that_run_their_words_are_known() {
        for (script, expected) in [
            ("eval \"$T\"", true),
            ("bash -c \"$T\"", true),
            ("sh -ec \"$T\"", true),
            ("bash", true),
            ("bash -s", true),
            ("sudo python3 -c x", true),
            ("node -e x", true),
            ("pwsh -Command x", true),
            ("source x", true),
            ("bash <<E\n$T\nE", true),
            ("python3 - <<E\n$T\nE", true),
            ("timeout 5 bash -c \"$T\"", true),
            ("find . -exec sh -c \"$T\" {} +", true),
            ("docker run --rm x sh -c \"$T\"", true),
            ("flock x -c \"$T\"", true),
            ("nice -n 5 stdbuf -o L bash", true),
            ("apt-get install zsh", false),
            ("bash x.sh \"$T\"", false),
            ("python x.py \"$T\"", false),
            ("echo \"$T\"", false),
            ("gh pr comment --body \"$T\"", false),
        ] {
            assert_eq!(scripts::read(script).commands.iter().any(evaluates), expected, "{script}");
        }
    }

    #[test]
    fn commands_that_get_source_are_known() {
        for (script, expected) in [
            ("git fetch origin x", Fetch::Named),
            ("git -C . checkout x", Fetch::Named),
            ("git remote update", Fetch::Named),
            ("git log x", Fetch::No),
            ("git push origin x", Fetch::No),
            ("git frobnicate x", Fetch::Unknown),
            ("gh pr checkout 5", Fetch::Change),
            ("gh repo clone x", Fetch::Named),
            ("gh pr comment 5", Fetch::No),
            ("gh api repos/x/statuses/y", Fetch::No),
            ("gh api repos/x/tarball/y", Fetch::Named),
            ("curl -L https://github.com/x/y/archive/z.tar.gz", Fetch::Named),
            ("curl https://api.github.com/repos/x/statuses/y", Fetch::No),
            ("echo x", Fetch::No),
            ("X=$SHA", Fetch::No),
            ("./ci/checkout.sh x", Fetch::Unknown),
        ] {
            assert_eq!(fetches(&scripts::read(script).commands[0]), expected, "{script}");
        }
    }
}
