//! The grammar of go.mod and go.work: lines of words, alone or in blocks behind a word.
//!
//! Source: Go Modules Reference, "go.mod files", "Lexical elements"; golang.org/x/mod/modfile.

/// One line, with the word of its block in front.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Directive {
    pub verb: String,
    pub words: Vec<String>,
    /// What follows `//` at its end.
    pub comment: String,
}

/// Gives the lines of a file, or what is wrong, as a clause.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Directive>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8")?;
    let mut all = Vec::new();
    let mut block: Option<String> = None;
    for (number, line) in text.lines().enumerate() {
        let wrong = |what: &str| format!("line {}: {what}", number + 1);
        let (mut words, comment) = words(line).map_err(wrong)?;
        if words.is_empty() {
            continue;
        }
        if let Some(verb) = &block {
            if words.len() == 1 && words.first().is_some_and(|word| word == ")") {
                block = None;
            } else if words.iter().any(|word| word == "(" || word == ")") {
                return Err(wrong("a parenthesis in a block"));
            } else {
                all.push(Directive { verb: verb.clone(), words, comment });
            }
            continue;
        }
        let verb = words.remove(0);
        match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["("] => block = Some(verb),
            ["(", ")"] => {}
            some if verb == ")" || some.contains(&"(") || some.contains(&")") => {
                return Err(wrong("a parenthesis where none may be"));
            }
            _ => all.push(Directive { verb, words, comment }),
        }
    }
    if block.is_some() {
        return Err("a block has no end".to_owned());
    }
    Ok(all)
}

/// Splits a line into words and the comment behind them.
fn words(line: &str) -> Result<(Vec<String>, String), &'static str> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while let Some(first) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("//") {
            return Ok((words, comment.trim().to_owned()));
        }
        if rest.starts_with("/*") {
            return Err("comments begin with //");
        }
        if let Some(after) = rest.strip_prefix("=>") {
            words.push("=>".to_owned());
            rest = after.trim_start();
            continue;
        }
        let end = match first {
            '(' | ')' | '[' | ']' | '{' | '}' | ',' => first.len_utf8(),
            '"' | '`' => quoted(rest, first)?,
            _ => ident(rest),
        };
        let (word, after) = rest.split_at_checked(end).ok_or("it is not as the format has it")?;
        let plain = word.strip_prefix(['"', '`']).and_then(|inner| inner.strip_suffix(['"', '`'])).unwrap_or(word);
        words.push(plain.to_owned());
        rest = after.trim_start();
    }
    Ok((words, String::new()))
}

/// Where a text in quotes ends. Names and versions need no escapes, so that one with any is refused.
fn quoted(text: &str, quote: char) -> Result<usize, &'static str> {
    let inner = text.get(1..).unwrap_or_default();
    let end = inner.find(quote).ok_or("a text in quotes has no end")?;
    if quote == '"' && inner.get(..end).is_some_and(|inner| inner.contains('\\')) {
        return Err("a text in quotes has an escape, which is not read");
    }
    Ok(end + 2)
}

/// Where a plain word ends.
fn ident(text: &str) -> usize {
    let ends = |character: char| character.is_whitespace() || "()[]{},".contains(character);
    let end = text.find(ends).unwrap_or(text.len());
    let comment = text.get(..end).and_then(|word| word.find("//")).unwrap_or(end);
    if comment == 0 { end } else { comment }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_blocks_come_to_the_same() {
        let check = |text: &str, expected: &[(&str, &[&str], &str)]| {
            let found = read(text.as_bytes()).unwrap();
            let found: Vec<(&str, Vec<&str>, &str)> = found
                .iter()
                .map(|one| (one.verb.as_str(), one.words.iter().map(String::as_str).collect(), one.comment.as_str()))
                .collect();
            let expected: Vec<(&str, Vec<&str>, &str)> =
                expected.iter().map(|(verb, words, comment)| (*verb, words.to_vec(), *comment)).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("require a.b/c v1.0.0 // indirect", &[("require", &["a.b/c", "v1.0.0"], "indirect")]);
        check("require (\n\ta.b/c v1.0.0\n\t// x\n\n)\n", &[("require", &["a.b/c", "v1.0.0"], "")]);
        check("require ( // why\n)\nrequire()\n\r\n", &[]);
        check("module \"a.b/c\"\nuse `./x y`", &[("module", &["a.b/c"], ""), ("use", &["./x y"], "")]);
        check("replace a => ../b", &[("replace", &["a", "=>", "../b"], "")]);
        check("retract [v1.0.0,v1.1.0]//x", &[("retract", &["[", "v1.0.0", ",", "v1.1.0", "]"], "x")]);
        check("module https://x", &[("module", &["https:"], "x")]);
        for broken in [
            "require (",
            ")",
            "require (\n(\n)",
            "require a (",
            "module \"a",
            "module \"a\\u0041\"",
            "/* a */",
            "module `a",
        ] {
            assert!(read(broken.as_bytes()).is_err(), "{broken}");
        }
        assert!(read(b"module \xff").is_err());
    }
}
