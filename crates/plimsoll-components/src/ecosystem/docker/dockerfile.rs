//! Dockerfiles: which images a build begins with, and which of them may be in what it makes.

use std::collections::{BTreeMap, BTreeSet};

/// Images and stages that are read.
const MOST: usize = 10_000;

/// An image that a build takes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    /// As it is written.
    pub image: String,
    pub line: usize,
    /// Does nothing of it get into the last stage?
    pub aside: bool,
}

/// Where something of a stage comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
enum From {
    Stage(usize),
    Image(String, usize),
}

#[derive(Debug, Default)]
struct Stage {
    from: Vec<From>,
}

/// Gives the images that a Dockerfile names, each as often as it does. The names of its own stages are none. Fails with what is
/// wrong, as a clause.
///
/// What the last stage begins with, and all that is copied into it from somewhere else, may be in what is made. Which stage is
/// built is the word of whoever builds: without another word it is the last.
///
/// Source: Docker docs, "Dockerfile reference".
pub(super) fn images(bytes: &[u8]) -> Result<Vec<Taken>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (escape, frontend) = directives(text);
    let mut stages: Vec<Stage> = Vec::new();
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let mut count = 0_usize;
    for (line, instruction) in instructions(text, escape)? {
        let mut words = instruction.split_ascii_whitespace();
        let mut word = words.next().unwrap_or_default().to_ascii_lowercase();
        if word == "onbuild" {
            word = words.next().unwrap_or_default().to_ascii_lowercase();
        }
        let mut taken: Vec<String> = Vec::new();
        match word.as_str() {
            "from" => {
                let mut words = words.skip_while(|word| word.starts_with("--"));
                let image = words.next().ok_or_else(|| format!("line {line}: FROM names no image"))?;
                let name = match (words.next(), words.next(), words.next()) {
                    (None, ..) => None,
                    (Some(word), Some(name), None) if word.eq_ignore_ascii_case("as") => {
                        Some(name.to_ascii_lowercase())
                    }
                    _ => return Err(format!("line {line}: FROM is not understood")),
                };
                // A stage has no name yet while it is begun.
                let from = source(image, &names, line);
                names.extend(name.map(|name| (name, stages.len())));
                stages.push(Stage { from: from.into_iter().collect() });
            }
            "copy" => taken.extend(words.take_while(|word| word.starts_with("--")).filter_map(of_copy)),
            "run" => taken.extend(words.take_while(|word| word.starts_with("--")).filter_map(of_mount)),
            _ => {}
        }
        count += 1 + taken.len();
        if count > MOST {
            return Err(format!("it has more than {MOST} instructions"));
        }
        for name in taken {
            let Some(here) = stages.len().checked_sub(1) else { continue };
            let number = name.parse::<usize>().ok().filter(|number| *number < here);
            let from = number.map(From::Stage).or_else(|| source(&name, &names, line));
            if let (Some(stage), Some(from)) = (stages.get_mut(here), from) {
                stage.from.push(from);
            }
        }
    }
    if stages.is_empty() {
        return Err("it has no FROM".to_owned());
    }
    Ok(frontend.into_iter().chain(listed(&stages)).collect())
}

/// The images of the stages, and whether they may be in the last.
fn listed(stages: &[Stage]) -> Vec<Taken> {
    let mut inside = BTreeSet::new();
    let mut queue: Vec<usize> = stages.len().checked_sub(1).into_iter().collect();
    while let Some(number) = queue.pop() {
        if !inside.insert(number) {
            continue;
        }
        let stage = stages.get(number);
        queue.extend(stage.into_iter().flat_map(|stage| &stage.from).filter_map(|from| match from {
            From::Stage(number) => Some(*number),
            From::Image(..) => None,
        }));
    }
    let of_stage = |(number, stage): (usize, &Stage)| {
        let aside = !inside.contains(&number);
        let images = stage.from.iter().filter_map(move |from| match from {
            From::Image(image, line) => Some(Taken { image: image.clone(), line: *line, aside }),
            From::Stage(_) => None,
        });
        images.collect::<Vec<_>>()
    };
    stages.iter().enumerate().flat_map(of_stage).collect()
}

/// What a name stands for; nothing where it is the empty image.
fn source(name: &str, names: &BTreeMap<String, usize>, line: usize) -> Option<From> {
    if let Some(number) = names.get(&name.to_ascii_lowercase()) {
        return Some(From::Stage(*number));
    }
    (name != "scratch").then(|| From::Image(name.to_owned(), line))
}

/// `--from=NAME`.
fn of_copy(flag: &str) -> Option<String> {
    flag.strip_prefix("--from=").map(ToOwned::to_owned)
}

/// `--mount=type=bind,from=NAME,...`.
fn of_mount(flag: &str) -> Option<String> {
    let options = flag.strip_prefix("--mount=")?;
    options.split(',').find_map(|option| option.strip_prefix("from=")).map(ToOwned::to_owned)
}

/// The character that joins lines, and the image that reads the file, as the comments at its very beginning say.
fn directives(text: &str) -> (char, Option<Taken>) {
    let (mut escape, mut frontend) = ('\\', None);
    for (number, line) in text.lines().enumerate() {
        let Some((name, value)) = line.trim().strip_prefix('#').and_then(|line| line.split_once('=')) else { break };
        let value = value.trim();
        match name.trim().to_ascii_lowercase().as_str() {
            "escape" if value == "`" => escape = '`',
            "escape" | "check" => {}
            "syntax" => frontend = Some(Taken { image: value.to_owned(), line: number + 1, aside: true }),
            _ => break,
        }
    }
    (escape, frontend.filter(|taken| !taken.image.is_empty()))
}

/// The instructions, each in one line, with the number of the line where it begins. Comments and what is given to a command word by
/// word are left out.
fn instructions(text: &str, escape: char) -> Result<Vec<(usize, String)>, String> {
    let mut all = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let first = line.trim_start();
        if first.is_empty() || first.starts_with('#') {
            continue;
        }
        let mut instruction = String::new();
        let mut rest = Some(first);
        while let Some(line) = rest {
            match line.trim_end().strip_suffix(escape) {
                // Two of them are one in the text.
                Some(begun) if !begun.ends_with(escape) => instruction.push_str(begun),
                _ => {
                    instruction.push_str(line);
                    break;
                }
            }
            // Comments and empty lines do not end an instruction.
            rest = lines
                .by_ref()
                .map(|(_, line)| line)
                .find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
        }
        for (word, is_indented) in here_documents(&instruction) {
            let is_end = |line: &str| (if is_indented { line.trim_start_matches('\t') } else { line }) == word.as_str();
            if !lines.by_ref().any(|(_, line)| is_end(line)) {
                return Err(format!("line {}: the text that it begins has no end", number + 1));
            }
        }
        all.push((number + 1, instruction));
    }
    Ok(all)
}

/// The words of an instruction, with their quotes; a blank inside of quotes divides none.
fn words(instruction: &str) -> Vec<String> {
    let (mut all, mut word) = (Vec::new(), String::new());
    let mut quote = None;
    let mut characters = instruction.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (None, blank) if blank.is_ascii_whitespace() => {
                if !word.is_empty() {
                    all.push(std::mem::take(&mut word));
                }
                continue;
            }
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            (None | Some('"'), '\\') => {
                word.push(character);
                word.extend(characters.next());
                continue;
            }
            _ => {}
        }
        word.push(character);
    }
    all.extend((!word.is_empty()).then_some(word));
    all
}

/// The words that end the texts which follow an instruction, and whether these are indented.
fn here_documents(instruction: &str) -> Vec<(String, bool)> {
    if !instruction.contains("<<") {
        return Vec::new();
    }
    let words = words(instruction);
    let is_onbuild = words.first().is_some_and(|word| word.eq_ignore_ascii_case("onbuild"));
    let mut words = words.iter().map(String::as_str).skip(usize::from(is_onbuild));
    let first = words.next().unwrap_or_default();
    if !["run", "copy", "add"].iter().any(|name| first.eq_ignore_ascii_case(name)) {
        return Vec::new();
    }
    let of_word = |word: &str| {
        let word = word.trim_start_matches(|one: char| one.is_ascii_digit()).strip_prefix("<<")?;
        let (word, is_indented) = match word.strip_prefix('-') {
            Some(word) => (word, true),
            None => (word, false),
        };
        let end: String = word.chars().filter(|one| !matches!(one, '"' | '\'')).collect();
        // Three of them are text for a shell.
        (!end.is_empty() && !end.contains('<')).then_some((end, is_indented))
    };
    words.filter_map(of_word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The images by line, with `-` before those that are in nothing that is made.
    fn read(text: &str) -> Result<String, String> {
        let told = |taken: Taken| format!("{}{}:{}", if taken.aside { "-" } else { "" }, taken.line, taken.image);
        images(text.as_bytes()).map(|all| all.into_iter().map(told).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn the_images_of_a_build_are_those_that_it_begins_with() {
        for (text, expected) in [
            ("FROM a", "1:a"),
            ("from a:1 as x\n", "1:a:1"),
            ("FROM scratch\nCOPY x /", ""),
            ("ARG A=1\nFROM --platform=$BUILDPLATFORM a:$A", "2:a:$A"),
            // Stages are the file's own, whatever case their names have.
            ("FROM a AS One\nFROM one", "1:a"),
            ("FROM a AS a\nFROM b\n", "-1:a 2:b"),
            ("FROM a AS a\nFROM a\n", "1:a"),
            // What nothing is taken from is in nothing that is made.
            ("FROM a AS x\nFROM b\nCOPY --from=x /f /", "1:a 2:b"),
            ("FROM a AS x\nFROM b\nCOPY --chown=1 --from=0 /f /", "1:a 2:b"),
            ("FROM a AS x\nFROM x AS y\nFROM c AS z\nFROM b\nCOPY --from=y /f /", "1:a -3:c 4:b"),
            ("FROM b\nCOPY --from=c:1 /f /", "1:b 2:c:1"),
            ("FROM b\nCOPY --from=0 /f /", "1:b 2:0"),
            ("FROM a AS x\nFROM b\nRUN --mount=type=bind,from=x,target=/x cp /x/f /", "1:a 2:b"),
            ("FROM b\nRUN --mount=type=cache,target=/x --mount=type=bind,from=c true", "1:b 2:c"),
            ("FROM b\nONBUILD COPY --from=c / /", "1:b 2:c"),
            // An argument of the command is none of the instruction.
            ("FROM b\nCOPY x --from=c", "1:b"),
            ("FROM b\nRUN echo --mount=from=c", "1:b"),
            // Lines that are joined, and those that are not.
            ("FROM \\\n  # comment\n\n  a \\\n AS x\nFROM x", "1:a"),
            ("# escape=`\nFROM `\n a", "2:a"),
            ("#\n# escape=`\nFROM a\\\nb", "3:ab"),
            ("FROM a\nRUN x \\\nFROM b\n", "1:a"),
            ("FROM a\n# FROM b\n", "1:a"),
            ("FROM a\r\nRUN x\r\n", "1:a"),
            // Texts that follow an instruction.
            ("FROM a\nRUN <<E\nFROM b\nE\nFROM c", "-1:a 5:c"),
            ("FROM a\nCOPY <<-\"E\" <<F /\n\tFROM b\n\tE\nFROM b\nF\nFROM c", "-1:a 7:c"),
            ("FROM a\nRUN cat <<<E\nFROM c", "-1:a 3:c"),
            ("FROM a\nENV X=<<E\nFROM c", "-1:a 3:c"),
            ("FROM a\nRUN echo \"x <<E\"\nFROM c", "-1:a 3:c"),
            ("FROM a\nRUN echo 'x\\' <<E\nFROM b\nE\nFROM c", "-1:a 5:c"),
            ("FROM a\nRUN x \\\\\nFROM c", "-1:a 3:c"),
            // Who reads the file runs while it is built.
            ("# syntax=docker/dockerfile:1\nFROM a", "-1:docker/dockerfile:1 2:a"),
            ("# x\n# syntax=docker/dockerfile:1\nFROM a", "3:a"),
            ("\u{feff}# syntax = d\n# escape = \\\nFROM a", "-1:d 3:a"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_dockerfile_is_refused() {
        for (text, reason) in [
            ("", "it has no FROM"),
            ("# FROM a", "it has no FROM"),
            ("RUN x", "it has no FROM"),
            ("{{ x }}", "it has no FROM"),
            ("FROM", "line 1: FROM names no image"),
            ("FROM --platform=x", "line 1: FROM names no image"),
            ("FROM a b", "line 1: FROM is not understood"),
            ("FROM a AS", "line 1: FROM is not understood"),
            ("FROM a AS b c", "line 1: FROM is not understood"),
            ("\nFROM a AS b # c", "line 2: FROM is not understood"),
            ("FROM a\nRUN <<E\nFROM b", "line 2: the text that it begins has no end"),
        ] {
            assert_eq!(read(text), Err(reason.to_owned()), "{text}");
        }
        assert!(images(&[0xff]).is_err());
        assert!(read(&"FROM a\n".repeat(MOST + 1)).is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String, lines in "(FROM |COPY |RUN |--from=|<<|[a-c\\\\\n #=]){0,30}") {
            let _ = images(text.as_bytes());
            let _ = images(lines.as_bytes());
        }
    }
}
