//! Tests that are run and test nothing: without anything in them, or with claims about constants alone.

use std::sync::LazyLock;

use regex::Regex;

use crate::languages::Syntax;

type Pattern = LazyLock<Option<Regex>>;

/// Lines of a test that are looked at. A longer one has something in it.
const LONGEST: usize = 500;
/// Bytes of these.
const MOST_BYTES: usize = 4000;

// A claim that two constants, or one, are what they are. Texts are empty here.
static OF_CONSTANTS: Pattern = LazyLock::new(|| {
    let constant =
        r"(?:[\d\s.,+*/%<>=!&|-]|\x22\x22|''|\b(?:true|True|TRUE|false|False|FALSE|YES|NO|not|null|None|nil)\b)*";
    Regex::new(&format!(
        r"(?:\b(?:self|this|assert|Assert|Assertions|static|t|chai|std\.testing|try)\s*(?:->|::|\.)?\s*|\$this->|#)*\b(?:assert\w*|expect|EXPECT_\w+|ASSERT_\w+|REQUIRE|CHECK|XCTAssert\w*|QVERIFY|ck_assert\w*|refute|is|equal|ok|isTrue|True|That|AreEqual|Equal)\b\s*!?\s*(?:\({constant}\)|[ \t]+{constant}(?:$|;|\n))(?:\s*\.\s*(?:to|not|be|is|have|toBe|equal|eql|eq|true|toEqual|toStrictEqual|toBeTruthy|toBeTrue|ok|that)\b(?:\({constant}\)|[ \t]+(?:be|eq|equal|be_truthy|true|eql)\b)*{constant})*"
    ))
    .ok()
});
// What shows something that is there, and names for constants. Texts are empty here.
static IDLE: Pattern = LazyLock::new(|| {
    let shown = r"(?:[\w\s,.+*/%<>=!&|-]|\x22\x22|'')*";
    let constant = r"(?:[\d\s.,+*/%<>=!&|_-]|\x22\x22|''|\b(?:true|false|True|False|None|null|nil|undefined)\b)+";
    let print = r"System\.(?:out|err)\.print(?:ln|f)?|fmt\.Print(?:ln|f)?|log\.Print(?:ln|f)?|t\.Logf?|console\.(?:log|info|warn|error|debug)|Console\.Write(?:Line)?|IO\.puts|println|printf|print|puts|NSLog";
    let word = r"(?:let|const|var|val|final|auto|int|long|double|float|boolean|bool|char|string|String)";
    Regex::new(&format!(
        r"\b(?:{print})\s*\({shown}\)|(?:\b{word}\s+)+\w+(?:\s*:\s*\w+)?\s*=\s*{constant}(?:;|\n|$)|\b\w+\s*:=\s*{constant}(?:;|\n|$)|\$\w+\s*=\s*{constant};|\becho\s+(?:\x22\x22|'');|^\s*(?:puts|p|print)\s+(?:\x22\x22|'')\s*$|^\s*\w+(?:\s*:\s*\w+)?\s*=\s*{constant}$"
    ))
    .ok()
});
static NEVER: Pattern = LazyLock::new(|| Regex::new(r"^(?:if|while|for)\b\s*\(?\s*(?:false|0|!true)\s*\)?\s*\{").ok());
static ANNOTATION: Pattern = LazyLock::new(|| Regex::new(r"@\w+(?:\.\w+)*(?:\([^()]*\))?|^\s*\[[^\]]*\]").ok());

/// Is there nothing in the text that a test could fail by?
fn is_blank(text: &str) -> bool {
    // What a text of Python works out is gone with the text.
    let works_out = text.contains("f\"\"") || text.contains("f''");
    let text = IDLE.as_ref().filter(|_| !works_out).map_or(text.into(), |idle| idle.replace_all(text, " "));
    is_bare(&OF_CONSTANTS.as_ref().map_or(text.clone(), |claim| claim.replace_all(&text, " ")))
}

/// A body without what is never reached: behind a `return` of its own, and in blocks whose condition is false. In Go a
/// statement ends with its line.
fn reached(body: &str, by_line: bool) -> String {
    let mut shown = String::with_capacity(body.len());
    let mut rest = body;
    let (mut depth, mut begins) = (0_usize, true);
    while let Some(letter) = rest.chars().next() {
        let behind = rest.strip_prefix("return").filter(|_| begins && depth == 0);
        let ends = |behind: &str| {
            let behind = behind.trim_start_matches([' ', '\t', '\r']);
            behind.is_empty() || behind.starts_with([';', '\n'])
        };
        if behind.is_some_and(ends) {
            return shown;
        }
        let never = NEVER.as_ref().filter(|_| begins).and_then(|never| never.find(rest));
        if let Some(end) = never.and_then(|head| Some(head.end() + end_of_block(rest.get(head.end()..)?)?)) {
            rest = rest.get(end..).unwrap_or_default();
            continue;
        }
        match letter {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        begins = match letter {
            ';' | '{' | '}' => true,
            '\n' => begins || by_line,
            letter => begins && letter.is_whitespace(),
        };
        shown.push(letter);
        rest = rest.get(letter.len_utf8()..).unwrap_or_default();
    }
    shown
}

/// Where the block ends in which the text begins, with its bracket.
fn end_of_block(text: &str) -> Option<usize> {
    let mut depth = 1_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

/// Is there nothing in the body, in tokens of Rust, that a test could fail by?
pub(super) fn is_blank_in_rust(body: &[&str]) -> bool {
    let mut named: Vec<&str> = Vec::new();
    let (mut at, mut depth, mut before) = (0, 0_usize, ";");
    while let Some(token) = body.get(at).copied() {
        let begins = matches!(before, ";" | "{" | "}");
        // What follows is not reached.
        if depth == 0 && begins && token == "return" && body.get(at + 1).is_none_or(|next| *next == ";") {
            return true;
        }
        if begins && body.get(at..).is_some_and(|rest| rest.starts_with(&["if", "false", "{"])) {
            let mut open = 0_usize;
            let length = body.iter().skip(at).position(|token| {
                match *token {
                    "{" => open += 1,
                    "}" => open = open.saturating_sub(1),
                    _ => {}
                }
                open == 0 && *token == "}"
            });
            let Some(length) = length else { return false };
            at += length + 1;
            before = "}";
            continue;
        }
        match token {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        let is_name = token.starts_with(|first: char| first.is_alphabetic() || first == '_');
        if is_name && (before == "let" || before == "mut") && token != "mut" {
            named.push(token);
        } else if !is_idle_in_rust(token) && !named.contains(&token) {
            return false;
        }
        before = token;
        at += 1;
    }
    true
}

fn is_idle_in_rust(token: &str) -> bool {
    const IDLE: &[&str] = &[
        ";",
        "{",
        "}",
        "(",
        ")",
        "return",
        "Ok",
        ",",
        "..",
        "assert",
        "assert_eq",
        "assert_ne",
        "debug_assert",
        "println",
        "print",
        "eprintln",
        "eprint",
        "!",
        "true",
        "false",
        "=",
        "==",
        "+",
        "-",
        "*",
        "<",
        ">",
        "let",
        "mut",
        "_",
        ":",
        "bool",
        "i8",
        "i16",
        "i32",
        "i64",
        "u8",
        "u16",
        "u32",
        "u64",
        "usize",
        "isize",
        "f32",
        "f64",
    ];
    IDLE.contains(&token) || token.starts_with(|first: char| first.is_ascii_digit() || first == '"')
}

/// Is there nothing in the text, not even a claim about constants?
fn is_bare(text: &str) -> bool {
    text.split(|letter: char| letter.is_whitespace() || ";,(){}".contains(letter)).all(|word| {
        matches!(
            word,
            "" | "pass"
                | "..."
                | "return"
                | "None"
                | "\"\"\"\"\"\""
                | "''''''"
                | "\"\""
                | "''"
                | "true"
                | "True"
                | "TRUE"
                | "false"
                | "null"
                | "nil"
                | "undefined"
                | "Unit"
                | "done"
                | "end"
                | "do"
        )
    })
}

/// Has the test that begins in this line nothing in it? `lines` have no comments, and empty texts.
pub(super) fn is_empty(lines: &[&str], number: usize, language: &str, syntax: Syntax) -> bool {
    let line = lines.get(number).copied().unwrap_or_default();
    match (language, syntax) {
        ("Python", _) => in_python(lines, number, is_blank),
        ("Ruby" | "Elixir" | "Crystal" | "Julia" | "Nim", _) => in_indented(lines, number, line),
        (_, Syntax::C | Syntax::Script) => {
            let by_call = matches!(language, "JavaScript" | "TypeScript" | "Vue");
            let body = in_brackets(lines, number, by_call);
            body.is_some_and(|body| is_blank(&reached(&body, language == "Go"))) || ends_empty(line)
        }
        _ => ends_empty(line),
    }
}

/// Has the test of Python that begins in this line nothing in it, not even a claim about constants?
pub(super) fn is_bare_in_python(lines: &[&str], number: usize) -> bool {
    in_python(lines, number, is_bare)
}

/// By its indentation a body of Python is known to the end: what follows the colon, or the lines that are deeper.
fn in_python(lines: &[&str], number: usize, is_nothing: fn(&str) -> bool) -> bool {
    let line = lines.get(number).copied().unwrap_or_default();
    let own = line.rsplit_once("):").or_else(|| line.rsplit_once(':')).map_or("", |(_, after)| after);
    let ends_here = line.trim_end().ends_with(':') || !own.trim().is_empty();
    ends_here && is_nothing(own) && below(lines, number).all(is_nothing)
}

/// A body between `do` and `end`, or the lines that are deeper.
fn in_indented(lines: &[&str], number: usize, line: &str) -> bool {
    let trimmed = line.trim_end();
    let squeezed: String = line.chars().filter(|letter| !letter.is_whitespace()).collect();
    if let Some((_, own)) = trimmed.split_once(" do ").or_else(|| trimmed.split_once('{')) {
        return is_blank(own.trim_end_matches('}'))
            && (own.trim_end().ends_with(['d', '}']) || below(lines, number).all(is_blank));
    }
    let opens =
        squeezed.ends_with("do") || squeezed.ends_with('|') || squeezed.starts_with("def") && !line.contains(';');
    opens && below(lines, number).all(is_blank) || ends_empty(line)
}

/// The lines below that are deeper.
fn below<'a>(lines: &'a [&'a str], number: usize) -> impl Iterator<Item = &'a str> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let start = lines.get(number).map_or(0, |line| indent(line));
    lines
        .iter()
        .skip(number + 1)
        .take_while(move |line| line.trim().is_empty() || indent(line) > start)
        .take(LONGEST)
        .copied()
}

/// The text between the brackets of a test; nothing where none is seen.
fn in_brackets(lines: &[&str], number: usize, by_call: bool) -> Option<String> {
    let mut left = MOST_BYTES;
    let near = lines.get(number..)?.iter().take(LONGEST).take_while(|line| {
        let fits = line.len() <= left;
        left = left.saturating_sub(line.len());
        fits
    });
    let text = near.copied().collect::<Vec<_>>().join("\n");
    let text = if by_call { text.into() } else { ANNOTATION.as_ref()?.replace_all(&text, " ") };
    let (mut depth, mut round) = (0_usize, 0_usize);
    let mut body = None;
    let mut last = [' '; 2];
    for (at, letter) in text.char_indices() {
        match letter {
            // Of a call, what is behind an arrow or the brackets of a function; `({ page }) =>` takes its argument apart.
            '{' if body.is_none() && by_call && last != ['=', '>'] && last[1] != ')' => return None,
            '{' => {
                body = body.or(Some(at + 1));
                depth += 1;
            }
            '}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return text.get(body?..at).map(ToOwned::to_owned);
                }
            }
            ';' if body.is_none() => return None,
            '(' if body.is_none() => round += 1,
            ')' if body.is_none() => {
                round = round.saturating_sub(1);
                if round == 0 && by_call {
                    return None;
                }
            }
            _ => {}
        }
        if !letter.is_whitespace() {
            last = [last[1], letter];
        }
    }
    None
}

fn ends_empty(line: &str) -> bool {
    let squeezed: String = line.chars().filter(|letter| !letter.is_whitespace()).collect();
    squeezed.ends_with("{}")
        || ["{}", "{});", "{})", "{}),", "end"]
            .iter()
            .any(|end| squeezed.ends_with(&format!("=>{end}")) || squeezed.ends_with(&format!("(){end}")))
}

/// `code` of the family of C with the lines that its preprocessor leaves out made empty.
///
/// Source: ISO C, 6.10.1: a group is left out where its condition is 0.
pub(super) fn without_groups_that_are_left_out(code: &str) -> String {
    let mut shown = String::with_capacity(code.len());
    // For each condition that is open: is its group left out?
    let mut open: Vec<bool> = Vec::new();
    for line in code.lines() {
        let mut words = line.trim_start().strip_prefix('#').unwrap_or_default().split_whitespace();
        let is_never = |rest: &[&str]| matches!(rest, ["0" | "false" | "(0)"]) || rest.starts_with(&["0", "&&"]);
        match words.next() {
            Some("if") => open.push(is_never(&words.collect::<Vec<_>>())),
            Some("ifdef" | "ifndef") => open.push(false),
            Some("else" | "elif" | "elifdef" | "elifndef") => {
                if let Some(last) = open.last_mut() {
                    *last = false;
                }
            }
            Some("endif") => {
                open.pop();
            }
            _ if open.contains(&true) => {}
            _ => shown.push_str(line),
        }
        shown.push('\n');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_claims_nothing_is_blank() {
        for text in [
            "",
            " ;",
            "return;",
            "return null;",
            "assert(true);",
            "assert True",
            "assert 1 == 1",
            "self.assertTrue(True)",
            "$this->assertTrue(true);",
            "Assert.True(true);",
            "assertEquals(1, 1);",
            "assertThat(true).is(true)",
            "expect(true).toBe(true);",
            "expect(1 + 1).toBe(2);",
            "expect(true).to be true",
            "expect(true).to eq(true)",
            "EXPECT_TRUE(true);",
            "EXPECT_EQ(1, 1);",
            "assert.equal(1, 1)",
            "done()",
            "console.log('');",
            "System.out.println(\"\");",
            "fmt.Println(\"\")\nt.Log(1)",
            "x := 1\nt.Log(x)",
            "x = 1",
            "print(\"\")",
            "const x = 1;\nconsole.log(x);",
            "int x = 1;",
        ] {
            assert!(is_blank(text), "{text}");
        }
        for text in [
            "f();",
            "assert(f());",
            "assert f() == 1",
            "self.assertTrue(a)",
            "expect(a).toBe(true);",
            "expect(true).toBe(a);",
            "expect(run()).to be true",
            "assert.equal(1, a)",
            "assertEquals(1, a);",
            "EXPECT_EQ(1, a);",
            "await page.goto(\"\")",
            "return a;",
            "done(a)",
            "snapshot",
            "console.log(f());",
            "print(f\"\")",
            "x = f()",
            "x = 1\nassert x == f()",
            "const x = f();",
            "x := f()\nt.Log(x)",
            "printer.print(1)",
        ] {
            assert!(!is_blank(text), "{text}");
        }
    }

    #[test]
    fn what_is_not_reached_is_left_out() {
        for (body, by_line, expected) in [
            ("a();\nreturn;\nassert(f());", false, "a();\n"),
            ("a()\nreturn\nb()", true, "a()\n"),
            ("if false {\n b()\n}\n", true, "\n"),
            ("if (false) { if (a) { b(); } }", false, ""),
            ("if (a)\n  return;\nb();", false, "if (a)\n  return;\nb();"),
            ("if a {\n return\n}\nb()", true, "if a {\n return\n}\nb()"),
            ("return b();", false, "return b();"),
            ("returns();", false, "returns();"),
            ("if (falsey) { b(); }", false, "if (falsey) { b(); }"),
        ] {
            assert_eq!(reached(body, by_line), expected, "{body}");
        }
    }

    #[test]
    fn groups_of_the_preprocessor_are_left_out() {
        for (code, expected) in [
            ("#if 0\na\n#endif\nb\n", "\n\n\nb\n"),
            ("#if 0\na\n#else\nb\n#endif\n", "\n\n\nb\n\n"),
            ("#if 0\n#if 1\na\n#else\nb\n#endif\nc\n#endif\nd", "\n\n\n\n\n\n\n\nd\n"),
            ("# if false\na\n# endif", "\n\n\n"),
            ("#if A\na\n#endif", "\na\n\n"),
            ("#ifdef A\na\n#endif", "\na\n\n"),
            ("#if 1\na\n#endif", "\na\n\n"),
        ] {
            assert_eq!(without_groups_that_are_left_out(code), expected, "{code}");
        }
    }
}
