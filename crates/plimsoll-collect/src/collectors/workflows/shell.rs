//! Shell scripts: which commands surely run, and whose failure fails the script.
//!
//! The rules are those of POSIX `set -e`: a failure counts where the command stands for itself or last in its list,
//! and not in a condition, after `!`, before `||`, or in a pipe but for the last program. What is not understood
//! gives its commands as ones whose failure is let pass.

mod parse;
mod tokens;
mod walk;

/// A command of a script.
#[derive(Debug, PartialEq)]
pub(super) struct Found {
    pub(super) words: Vec<String>,
    /// Does it surely run, and does the script fail with it?
    pub(super) strict: bool,
}

/// Which shell reads the script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Shell {
    /// `sh -e`, or bash as it is started where a step names no shell.
    #[default]
    Strict,
    /// `bash -eo pipefail`, as it is started where a step names bash.
    Pipefail,
    /// The last program decides: PowerShell, `cmd`.
    LastDecides,
    /// Nothing is known of it.
    Unknown,
}

impl Shell {
    /// By what a workflow says under `shell`.
    ///
    /// Source: GitHub, "Workflow syntax", on `jobs.<job_id>.steps[*].shell` and exit codes.
    pub(super) fn named(name: &str) -> Self {
        let mut words = name.split_whitespace();
        let program = words.next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
        let options: Vec<&str> = words.filter(|word| *word != "{0}").collect();
        let short = |letter: char| {
            options.iter().any(|word| word.starts_with('-') && !word.starts_with("--") && word.contains(letter))
        };
        match (program, options.is_empty()) {
            ("bash", true) if !name.contains("{0}") => Self::Pipefail,
            ("sh", true) if !name.contains("{0}") => Self::Strict,
            ("pwsh" | "powershell" | "cmd", true) => Self::LastDecides,
            // `-n` only reads, `-c` runs its own words, `+e` lets failures pass.
            ("bash" | "sh", false)
                if short('e') && !short('n') && !short('c') && options.iter().all(|word| !word.starts_with('+')) =>
            {
                if options.contains(&"pipefail") {
                    Self::Pipefail
                } else {
                    Self::Strict
                }
            }
            _ => Self::Unknown,
        }
    }
}

/// The commands of a script in order.
pub(super) fn commands(script: &str, shell: Shell) -> Vec<Found> {
    let (tokens, whole) = tokens::tokens(script);
    let list = (whole && matches!(shell, Shell::Strict | Shell::Pipefail)).then(|| parse::list(&tokens)).flatten();
    if let Some(list) = list {
        return walk::walk(&list, shell == Shell::Pipefail);
    }
    let mut found: Vec<Found> = parse::flat(&tokens).into_iter().map(|words| Found { words, strict: false }).collect();
    // One plain command: it is the last as well.
    if let ([only], Shell::LastDecides, true) = (found.as_mut_slice(), shell, whole) {
        only.strict =
            !tokens.iter().any(tokens::Token::joins) && !only.words.iter().any(|word| word.contains(['{', '}']));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first words of commands, those that are let pass with a question mark.
    fn check(script: &str, expected: &str) {
        let found: Vec<String> = commands(script, Shell::Strict)
            .iter()
            .filter(|one| one.words.first().is_some_and(|word| matches!(word.as_str(), "a" | "b" | "c" | "x" | ":")))
            .map(|one| format!("{}{}", one.words[0], if one.strict { "" } else { "?" }))
            .collect();
        assert_eq!(found.join(" "), expected, "{script}");
    }

    #[test]
    fn plain_commands_fail_the_script() {
        for (script, expected) in [
            ("a", "a"),
            ("a\nb", "a b"),
            ("a; b", "a b"),
            ("a && b", "a b"),
            ("cd x && b\nc", "b c"),
            ("a \\\n --b && \\\n c", "a c"),
            ("a # || true", "a"),
            ("a 'b || true' \"$(c || true)\"", "a"),
            ("a | tee log", "a?"),
            ("set -o pipefail\na | b", "a b"),
            ("set -euxo pipefail\na | b", "a b"),
            ("{ a; b; }", "a b"),
            ("(cd x; a)", "a"),
            ("(cd x && a)", "a"),
            ("for x in 1 2; do a; done", "a"),
            ("a || exit 1", "a"),
            ("a || false", "a"),
            ("a || { echo no; exit 1; }", "a"),
            ("a || (echo no && exit 2)", "a"),
            ("a || exit $?", "a"),
            ("set +e\na\nset -e\nb", "a? b"),
            ("if x; then exit 1; fi\na", "x? a"),
            ("cat <<EOF\nb\nEOF\na", "a"),
            ("a 2>&1", "a"),
            ("a &> log", "a"),
            ("x=$(b; c) a", ""),
            ("[[ -f x || -f y ]]\na", "a"),
            ("x=(b c)\na", "a"),
            ("f() { b; }\na", "b? a"),
            ("case x in\n  one) b ;;\n  two) c ;;\nesac\na", "b? c? a"),
            ("a ${{ matrix.flags }}", "a"),
        ] {
            check(script, expected);
        }
    }

    #[test]
    fn a_failure_that_is_let_pass_does_not_count() {
        for (script, expected) in [
            ("a || true", "a?"),
            ("a || :", "a? :?"),
            ("a || /bin/true", "a?"),
            ("a || (echo failed)", "a?"),
            ("a || { echo failed; }", "a?"),
            ("a || { echo failed; exit 0; }", "a?"),
            ("a || { exit 0; exit 1; }", "a?"),
            ("a || exit 0", "a?"),
            ("a || exit", "a?"),
            ("a || return 0", "a?"),
            ("a || b", "a? b?"),
            ("true || a", "a?"),
            ("a && b || true", "a? b?"),
            ("a && echo ok\nb", "a? b"),
            ("[ -f x ] && a\nb", "a? b"),
            ("! a", "a?"),
            ("if a; then b; fi", "a? b?"),
            ("if ! a; then b; else c; fi", "a? b? c?"),
            ("if false; then a; fi", "a?"),
            ("while a; do b; done", "a? b?"),
            ("until a; do b; done", "a? b?"),
            ("for x in $(y); do a; done", "a?"),
            ("for x in; do a; done", "a?"),
            ("for x in 1; do continue; a; done\nb", "a? b"),
            ("set +e\na\nexit 0", "a?"),
            ("set +e # comment\na\nexit 0", "a?"),
            ("set +ex; a", "a?"),
            ("set +o errexit; a", "a?"),
            ("set -x +e; a", "a?"),
            ("if x; then set +e; fi\na", "x? a?"),
            ("a &", "a?"),
            ("a & b", "a? b"),
            ("exit 0\na", "a?"),
            ("[ -n x ] && exit 0\na", "a?"),
            ("if [ -n x ]; then exit 0; fi\na", "a?"),
            ("exec b\na", "b? a?"),
            ("trap 'exit 0' EXIT\na", "a?"),
            ("a() { true; }\na", "a?"),
            ("set -n\na", "a?"),
            ("a ${{ '|| true' }}", "a?"),
            ("(a", "a?"),
            ("a 'b", "a?"),
            ("a; fi", "a?"),
            ("if ($x) { a }", "a?"),
        ] {
            if script.starts_with("exec") {
                let found = commands(script, Shell::Strict);
                assert!(!found.last().unwrap().strict, "{script}");
            } else {
                check(script, expected);
            }
        }
    }

    #[test]
    fn the_shell_that_reads_it_decides() {
        for (name, expected) in [
            ("bash", Shell::Pipefail),
            ("sh", Shell::Strict),
            ("bash -e {0}", Shell::Strict),
            ("bash --noprofile --norc -eo pipefail {0}", Shell::Pipefail),
            ("pwsh", Shell::LastDecides),
            ("cmd", Shell::LastDecides),
            ("bash {0}", Shell::Unknown),
            ("bash -c true {0}", Shell::Unknown),
            ("bash -ne {0}", Shell::Unknown),
            ("bash -e +e {0}", Shell::Unknown),
            ("python", Shell::Unknown),
            ("true {0}", Shell::Unknown),
        ] {
            assert_eq!(Shell::named(name), expected, "{name}");
        }
        let strict = |script, shell| commands(script, shell).iter().map(|one| one.strict).collect::<Vec<_>>();
        assert_eq!(strict("a", Shell::LastDecides), [true]);
        assert_eq!(strict("a\nb", Shell::LastDecides), [false, false]);
        assert_eq!(strict("if ($x) { a }", Shell::LastDecides), [false, false]);
        assert_eq!(strict("{ a }", Shell::LastDecides), [false]);
        assert_eq!(strict("a", Shell::Unknown), [false]);
        assert_eq!(strict("a | b", Shell::Pipefail), [true, true]);
    }

    #[test]
    fn depth_and_length_are_bounded() {
        for part in
            ["(", "{ ", "if a; then ", "while ", "$(", "\"$(", "! ", "a || ", "a | ", "case x in ", "<<A\n", "f() "]
        {
            let script = part.repeat(50_000);
            let start = std::time::Instant::now();
            assert!(commands(&script, Shell::Strict).iter().all(|one| !one.strict), "{part}");
            assert!(start.elapsed().as_secs() < 5, "{part}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_script_makes_it_panic(script: String, likely in "(if |then |fi|[a-c]|;|&&|\\|\\||\\||\n|\\(|\\)|\\{ |\\}|'|\"|\\$\\(|<<|case x in|esac|do |done|for |! |#| ){0,40}") {
            let _ = commands(&script, Shell::Strict);
            let _ = commands(&likely, Shell::Strict);
        }
    }
}
