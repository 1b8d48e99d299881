//! Scripts as commands and words, so that a command is known however it is spelled. Which of them surely run is not
//! asked here: this is for what a script might do.

mod lexer;

use lexer::Words;

/// What a word has in place of the output of another command.
pub(super) const SUBSTITUTED: char = '\u{1}';
/// What a word begins with that is a here document in which a shell replaces nothing.
const LITERAL: char = '\u{2}';
/// What a word has in place of a `$` that its shell leaves alone; one that it starts may not.
const QUOTED: char = '\u{3}';
/// Scripts in words of scripts.
const MOST_NESTED: usize = 3;

/// A script, and the expressions that are put into it before a shell sees it.
#[derive(Debug, Default)]
pub(super) struct Script {
    pub(super) commands: Vec<Command>,
    /// The insides of its `${{ }}`; the words have the variable `__put_N` in the place of number N.
    pub(super) put_in: Vec<String>,
}

/// One command.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Command {
    /// Quotes and backslashes left out; a redirection is a word of its own.
    pub(super) words: Vec<String>,
    /// What it prints goes into the next command.
    pub(super) pipes: bool,
    /// It is the end of several whose output is one.
    pub(super) grouped: bool,
    /// It is a line of a here document, which need not be one.
    pub(super) line: bool,
}

/// Reads a script. What is in substitutions and here documents is listed as commands of their own as well.
pub(super) fn read(script: &str) -> Script {
    let mut put_in = Vec::new();
    let mut text = String::new();
    let mut rest = script;
    while let Some((before, behind)) = rest.split_once("${{") {
        let (inside, behind) = behind.split_once("}}").unwrap_or((behind, ""));
        text.push_str(before);
        text.push_str(&format!("${{__put_{}}}", put_in.len()));
        put_in.push(inside.to_owned());
        rest = behind;
    }
    text.push_str(rest);
    let mut commands = Words::read(&text);
    let mut from = 0;
    for _ in 0..MOST_NESTED {
        let new: Vec<Command> = commands.iter().skip(from).flat_map(Command::inner).collect();
        from = commands.len();
        commands.extend(new);
    }
    Script { commands, put_in }
}

/// Words before a program that leave what it does as it is.
const PREFIXES: &[&str] = &[
    "sudo", "env", "time", "nice", "nohup", "exec", "command", "builtin", "then", "else", "elif", "do", "if", "while",
    "until", "!", "xargs", "timeout",
];

/// Programs of whose words a shell makes commands.
const SHELLS: &[&str] =
    &["ash", "bash", "dash", "eval", "flock", "ksh", "parallel", "script", "sh", "ssh", "su", "trap", "watch", "zsh"];

impl Command {
    fn of(words: Vec<String>) -> Self {
        Self { words, ..Self::default() }
    }

    /// The commands in those of its words that a shell reads again.
    fn inner(&self) -> Vec<Self> {
        let first = self.words.iter().position(|word| SHELLS.contains(&base(word).as_str()));
        let words = first.and_then(|first| self.words.get(first + 1..)).unwrap_or_default();
        let scripts = words.iter().filter(|word| word.contains([QUOTED, LITERAL, ' ', ';', '\n']));
        scripts.flat_map(|word| Words::read(&word.replace(LITERAL, "").replace(QUOTED, "$"))).collect()
    }

    /// The names that it gives values otherwise than by `=`, and the values.
    pub(super) fn bindings(&self) -> Vec<(&str, &str)> {
        let (program, words) = self.program();
        let mut words = words.iter().map(String::as_str);
        match program.as_str() {
            "for" | "select" => {
                let Some(name) = words.next() else { return Vec::new() };
                words.skip_while(|word| *word == "in").map(|word| (name, word)).collect()
            }
            "printf" if words.next() == Some("-v") => {
                let Some(name) = words.next() else { return Vec::new() };
                words.map(|word| (name, word)).collect()
            }
            "read" | "mapfile" | "readarray" => {
                let all: Vec<&str> = words.collect();
                let Some(at) = all.iter().position(|word| *word == "<") else { return Vec::new() };
                let names = all.iter().take(at).filter(|word| !word.starts_with('-'));
                let given = all.get(at + 1..).unwrap_or_default();
                names.flat_map(|name| given.iter().map(|word| (*name, *word))).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Where the program is, behind assignments and prefixes.
    fn start(&self) -> usize {
        let passed = |word: &String| PREFIXES.contains(&word.as_str()) || assigned(word).is_some();
        self.words.iter().position(|word| !passed(word)).unwrap_or(self.words.len())
    }

    /// The program's name without its folder, in lower case, and the words behind it.
    pub(super) fn program(&self) -> (String, &[String]) {
        let start = self.start();
        let name = self.words.get(start).map(|word| base(word)).unwrap_or_default();
        (name, self.words.get(start + 1..).unwrap_or_default())
    }

    /// The program as it is written.
    pub(super) fn program_text(&self) -> &str {
        self.words.get(self.start()).map_or("", String::as_str)
    }

    /// Every place at which a program of this name is called, and the words behind it.
    pub(super) fn calls<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [String]> {
        self.words
            .iter()
            .enumerate()
            .filter(move |(_, word)| base(word) == name)
            .map(|(at, _)| self.words.get(at + 1..).unwrap_or_default())
    }

    /// Every word as the name of a program, and the words behind it.
    pub(super) fn tails(&self) -> impl Iterator<Item = (usize, String, &[String])> {
        let behind = |at: usize| self.words.get(at + 1..).unwrap_or_default();
        self.words.iter().enumerate().map(move |(at, word)| (at, base(word), behind(at)))
    }

    /// What git is asked to do, wherever it is in the command, past its own options.
    pub(super) fn git(&self) -> Option<&str> {
        const WITH_VALUE: &[&str] =
            &["-C", "-c", "--git-dir", "--work-tree", "--namespace", "--exec-path", "--config-env", "--super-prefix"];
        self.calls("git").find_map(|words| {
            let mut words = words.iter();
            while let Some(word) = words.next() {
                if WITH_VALUE.contains(&word.as_str()) {
                    words.next();
                } else if !word.starts_with('-') {
                    return Some(word.as_str());
                }
            }
            None
        })
    }

    /// The names of the variables that it reads.
    pub(super) fn variables(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.words.iter().filter(|word| !word.starts_with(LITERAL)).flat_map(|word| variables(word)).collect();
        names.sort();
        names.dedup();
        names
    }

    /// Does a word of it have this in it?
    pub(super) fn mentions(&self, part: &str) -> bool {
        self.words.iter().any(|word| word.contains(part))
    }

    /// Does it take the output of another command into its words?
    pub(super) fn substitutes(&self) -> bool {
        self.words.iter().any(|word| word.contains(SUBSTITUTED))
    }

    /// The names that it gives values, and the values.
    pub(super) fn assignments(&self) -> Vec<(&str, &str)> {
        let first = self.words.iter().position(|word| {
            !(assigned(word).is_some()
                || matches!(word.as_str(), "export" | "local" | "readonly" | "declare" | "typeset")
                || word.starts_with('-'))
        });
        let words = self.words.get(..first.unwrap_or(self.words.len())).unwrap_or_default();
        words.iter().filter_map(|word| assigned(word)).collect()
    }
}

fn base(word: &str) -> String {
    let name = word.rsplit(['/', '\\']).next().unwrap_or(word).to_ascii_lowercase();
    name.strip_suffix(".exe").map_or(name.clone(), ToOwned::to_owned)
}

fn assigned(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    // PowerShell writes `$NAME = value`; with blanks it is no word of its own.
    let name = name.strip_suffix('+').unwrap_or(name);
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    (plain && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')).then_some((name, value))
}

/// The names of variables that a shell replaces in a text.
pub(super) fn replaced(text: &str) -> Vec<String> {
    if text.starts_with(LITERAL) { Vec::new() } else { after_dollars(text) }
}

/// The names of variables in a text: `$A`, `${A}`, `$env:A`, `%A%`, `process.env.A`.
pub(super) fn variables(text: &str) -> Vec<String> {
    let mut names = after_dollars(text);
    let parts: Vec<&str> = text.split('%').collect();
    let between = parts.get(1..parts.len().saturating_sub(1)).unwrap_or_default();
    names.extend(between.iter().step_by(2).filter(|part| word(part) == **part).map(|part| (*part).to_owned()));
    names.extend(text.split("process.env.").skip(1).map(word));
    names.extend(
        text.split("environ")
            .skip(1)
            .map(|rest| word(rest.trim_start_matches(['[', '(', '.', 'g', 'e', 't', '\'', '"']))),
    );
    names.retain(|name| !name.is_empty());
    names
}

/// The letters, digits and `_` that a text begins with.
fn word(rest: &str) -> String {
    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

fn after_dollars(text: &str) -> Vec<String> {
    // The length of a text is a number.
    let parts = text.split('$').skip(1).filter(|part| !part.starts_with("{#"));
    let parts = parts.map(|part| part.trim_start_matches(['{', '!', '#']));
    let names = parts.map(|part| match part.get(..4) {
        Some(start) if start.eq_ignore_ascii_case("env:") => part.get(4..).unwrap_or_default(),
        _ => part,
    });
    names.map(word).filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(script: &str, expected: &[&str]) {
        let found: Vec<String> = read(script)
            .commands
            .iter()
            .map(|command| command.words.join(" ").replace(SUBSTITUTED, "^").replace(LITERAL, "").replace(QUOTED, "$"))
            .collect();
        assert_eq!(found, expected, "{script}");
    }

    #[test]
    fn a_script_is_read_as_commands() {
        check("a b", &["a b"]);
        check("a  b\nc;d|e&&f", &["a b", "c", "d", "e", "f"]);
        check("a \\\n  b", &["a b"]);
        check("g''i\"t\" \\fetch", &["git fetch"]);
        check("a \"b c\" 'd;e'", &["a b c d;e"]);
        check("a $(b c) d", &["b c", "a ^ d"]);
        check("a \"x$(b \"$(c)\")y\"", &["c", "b ^", "a x^y"]);
        check("a `b c`", &["b c", "a ^"]);
        check("a # b\nc", &["a", "c"]);
        check("a >> $X 2>&1", &["a > > $X 2 > &1"]);
        check("{ a; b; } >> x", &["a", "b", "> > x"]);
        check("a ${X:-b c} d", &["a ${X:-b c} d"]);
        check("cat <<EOF > x\nit's $T\nEOF\nb", &["cat > x it's $T\n", "b", "it's $T"]);
        check("cat <<-'END'\ngit fetch\n\tEND\nb", &["cat git fetch\n", "b", "git fetch"]);
        check("a ${{ x.y || 'z' }} b", &["a ${__put_0} b"]);
        check("a '", &["a "]);
        check("", &[]);
    }

    #[test]
    fn git_is_known_in_every_spelling() {
        for (script, expected) in [
            ("git fetch origin x", Some("fetch")),
            ("git  fetch", Some("fetch")),
            ("git -C . fetch", Some("fetch")),
            ("git -c a=b --no-pager fetch", Some("fetch")),
            ("git --git-dir=x checkout", Some("checkout")),
            ("sudo /usr/bin/git pull", Some("pull")),
            ("X=1 git remote update", Some("remote")),
            ("if git fetch; then", Some("fetch")),
            ("echo $(git log)", Some("log")),
            ("xargs git checkout", Some("checkout")),
            ("git", None),
            ("git --version", None),
            ("gitk fetch", None),
            ("echo 'git fetch'", None),
        ] {
            let found = read(script);
            assert_eq!(found.commands.iter().find_map(Command::git), expected, "{script}");
        }
    }

    #[test]
    fn variables_are_known_in_every_spelling() {
        for (text, expected) in [
            ("$A ${B} ${C:-x} \"$D\"", vec!["A", "B", "C", "D"]),
            ("$env:A ${env:B} $Env:C", vec!["A", "B", "C"]),
            ("%A%", vec!["A"]),
            ("process.env.A", vec!["A"]),
            ("os.environ['A']", vec!["A"]),
            ("A $ 100%", vec![]),
        ] {
            assert_eq!(variables(text), expected, "{text}");
        }
        let script = read("export A=$B C=\"$D\" && E=f g");
        let given: Vec<_> = script.commands.iter().flat_map(Command::assignments).collect();
        assert_eq!(given, [("A", "$B"), ("C", "$D"), ("E", "f")]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(any: String, likely in "[a$(){}'\"`;|&<>#\n =\\\\E]{0,60}") {
            for text in [any, likely] {
                for command in read(&text).commands {
                    let _ = (command.git(), command.variables(), command.assignments(), command.program());
                }
            }
        }
    }
}
