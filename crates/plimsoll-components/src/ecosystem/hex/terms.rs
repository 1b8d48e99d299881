//! The terms that lockfiles of Elixir and Erlang are written in: constants alone, and nothing that would have to be run.
//!
//! Source: Elixir, "Syntax reference"; Erlang Reference Manual, "Data Types" and `file:consult/1`.

/// A constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Term {
    Atom(String),
    Text(String),
    Number(String),
    List(Vec<Self>),
    Tuple(Vec<Self>),
    /// `%{...}` with keys that are texts or atoms.
    Map(Vec<(String, Self)>),
}

/// Brackets in brackets. Real ones have five.
const DEEPEST: usize = 16;
/// Terms of one file.
const MOST: usize = 4_000_000;

/// In which language.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    Elixir,
    Erlang,
}

struct Cursor<'a> {
    language: Language,
    text: &'a str,
    at: usize,
    left: usize,
}

type Read<T> = Result<T, String>;

/// Reads one term of Elixir.
pub(super) fn elixir(text: &str) -> Read<Term> {
    let mut cursor = Cursor { language: Language::Elixir, text, at: 0, left: MOST };
    let term = cursor.term(0)?;
    cursor.space();
    if cursor.rest().is_empty() { Ok(term) } else { Err(cursor.unknown()) }
}

/// Reads terms of Erlang, each ended by a full stop.
pub(super) fn erlang(text: &str) -> Read<Vec<Term>> {
    let mut cursor = Cursor { language: Language::Erlang, text, at: 0, left: MOST };
    let mut all = Vec::new();
    loop {
        cursor.space();
        if cursor.rest().is_empty() {
            return Ok(all);
        }
        all.push(cursor.term(0)?);
        cursor.space();
        cursor.expect(".")?;
    }
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn eat(&mut self, sign: &str) -> bool {
        let found = self.rest().starts_with(sign);
        self.at += if found { sign.len() } else { 0 };
        found
    }

    fn expect(&mut self, sign: &str) -> Read<()> {
        if self.eat(sign) { Ok(()) } else { Err(self.unknown()) }
    }

    /// That what follows is no constant.
    fn unknown(&self) -> String {
        let line = self.text.get(..self.at).unwrap_or_default().matches('\n').count() + 1;
        let shown = plimsoll_model::excerpt(self.rest().lines().next().unwrap_or_default(), 20);
        if shown.is_empty() {
            return format!("it ends in line {line} before it is whole");
        }
        format!("line {line} is no plain list of constants: \"{shown}\"")
    }

    fn space(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches([' ', '\t', '\n', '\r']);
            self.at += rest.len() - trimmed.len();
            let is_comment = self.language == Language::Erlang && trimmed.starts_with('%');
            if !is_comment {
                return;
            }
            self.at += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    fn term(&mut self, depth: usize) -> Read<Term> {
        if depth > DEEPEST {
            return Err(format!("it has more than {DEEPEST} brackets in each other"));
        }
        self.left = self.left.checked_sub(1).ok_or_else(|| format!("it has more than {MOST} terms"))?;
        self.space();
        let is_elixir = self.language == Language::Elixir;
        if self.eat("[") {
            return Ok(Term::List(self.list("]", depth)?));
        }
        if self.eat("{") {
            return Ok(Term::Tuple(self.list("}", depth)?));
        }
        if is_elixir && self.eat("%{") {
            return self.map(depth);
        }
        if !is_elixir && self.eat("#{") {
            return self.pairs(depth);
        }
        if !is_elixir && self.eat("<<") {
            self.space();
            let text = self.quoted('"')?;
            self.space();
            let _ = self.eat("/utf8");
            self.space();
            self.expect(">>")?;
            return Ok(Term::Text(text));
        }
        match self.rest().chars().next() {
            Some('"') => Ok(Term::Text(self.quoted('"')?)),
            Some('\'') if !is_elixir => Ok(Term::Atom(self.quoted('\'')?)),
            Some(':') if is_elixir => {
                self.expect(":")?;
                let is_quoted = self.rest().starts_with('"');
                Ok(Term::Atom(if is_quoted { self.quoted('"')? } else { self.word()?.to_owned() }))
            }
            Some(first) if first.is_ascii_digit() || (first == '-' && !is_elixir) => self.number(),
            Some(first) if first.is_ascii_lowercase() => {
                let start = self.at;
                let word = self.word()?;
                if is_elixir && !matches!(word, "true" | "false" | "nil") {
                    self.at = start;
                    return Err(self.unknown());
                }
                Ok(Term::Atom(word.to_owned()))
            }
            _ => Err(self.unknown()),
        }
    }

    /// What stands between brackets. A pair of Elixir's `name: value` is a tuple of two.
    fn list(&mut self, end: &str, depth: usize) -> Read<Vec<Term>> {
        let mut all = Vec::new();
        loop {
            self.space();
            if self.eat(end) {
                return Ok(all);
            }
            let key = if self.language == Language::Elixir && end == "]" { self.key()? } else { None };
            let term = self.term(depth + 1)?;
            all.push(match key {
                Some(key) => Term::Tuple(vec![Term::Atom(key), term]),
                None => term,
            });
            self.space();
            if !self.eat(",") {
                self.expect(end)?;
                return Ok(all);
            }
        }
    }

    /// A number, with a fraction where the language is Erlang.
    fn number(&mut self) -> Read<Term> {
        let digits = |text: &str| text.find(|one: char| !one.is_ascii_digit()).unwrap_or(text.len());
        let rest = self.rest();
        let mut end = usize::from(rest.starts_with('-'));
        let whole = digits(rest.get(end..).unwrap_or_default());
        if whole == 0 {
            return Err(self.unknown());
        }
        end += whole;
        // A full stop before anything else ends a term.
        let fraction = rest.get(end..).and_then(|rest| rest.strip_prefix('.')).map_or(0, digits);
        if fraction > 0 && self.language == Language::Erlang {
            end += 1 + fraction;
        }
        self.at += end;
        Ok(Term::Number(rest.get(..end).unwrap_or_default().to_owned()))
    }

    /// What stands in a map of Erlang, as pairs.
    fn pairs(&mut self, depth: usize) -> Read<Term> {
        let mut all = Vec::new();
        loop {
            self.space();
            if self.eat("}") {
                return Ok(Term::List(all));
            }
            let key = self.term(depth + 1)?;
            self.space();
            self.expect("=>")?;
            all.push(Term::Tuple(vec![key, self.term(depth + 1)?]));
            self.space();
            if !self.eat(",") {
                self.expect("}")?;
                return Ok(Term::List(all));
            }
        }
    }

    fn map(&mut self, depth: usize) -> Read<Term> {
        let mut all = Vec::new();
        loop {
            self.space();
            if self.eat("}") {
                return Ok(Term::Map(all));
            }
            let key = if let Some(key) = self.key()? {
                key
            } else {
                let (Term::Text(key) | Term::Atom(key)) = self.term(depth + 1)? else { return Err(self.unknown()) };
                self.space();
                self.expect("=>")?;
                key
            };
            all.push((key, self.term(depth + 1)?));
            self.space();
            if !self.eat(",") {
                self.expect("}")?;
                return Ok(Term::Map(all));
            }
        }
    }

    /// A `name:` or `"name":`, where one follows.
    fn key(&mut self) -> Read<Option<String>> {
        let start = self.at;
        let rest = self.rest();
        let key = if rest.starts_with('"') {
            self.quoted('"')?
        } else if rest.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') {
            self.word()?.to_owned()
        } else {
            return Ok(None);
        };
        // An atom begins with what ends a key.
        let follows = self.rest().strip_prefix(':').is_some_and(|rest| rest.starts_with([' ', '\t', '\n', '\r']));
        if follows && self.eat(":") {
            return Ok(Some(key));
        }
        self.at = start;
        Ok(None)
    }

    fn word(&mut self) -> Read<&'a str> {
        let rest = self.rest();
        let is_part = |one: char| one.is_ascii_alphanumeric() || matches!(one, '_' | '@' | '?' | '!');
        let end = rest.find(|one: char| !is_part(one)).unwrap_or(rest.len());
        if end == 0 {
            return Err(self.unknown());
        }
        self.at += end;
        Ok(rest.get(..end).unwrap_or_default())
    }

    /// A text between two of these marks.
    fn quoted(&mut self, mark: char) -> Read<String> {
        let start = self.at;
        let mut value = String::new();
        let mut characters = self.rest().char_indices().skip(1);
        while let Some((at, character)) = characters.next() {
            match character {
                '\\' => match characters.next() {
                    Some((_, escaped @ ('"' | '\'' | '\\' | '#'))) => value.push(escaped),
                    Some((_, 'n')) => value.push('\n'),
                    Some((_, 't')) => value.push('\t'),
                    Some((_, other))
                        if self.language == Language::Erlang && !other.is_ascii_alphanumeric() && other != '^' =>
                    {
                        value.push(other);
                    }
                    _ => return Err(self.unknown()),
                },
                // What is computed.
                '#' if self.language == Language::Elixir
                    && self.rest().get(at + 1..).is_some_and(|rest| rest.starts_with('{')) =>
                {
                    return Err(self.unknown());
                }
                _ if character == mark => {
                    self.at = start + at + mark.len_utf8();
                    return Ok(value);
                }
                _ => value.push(character),
            }
        }
        self.at = self.text.len();
        Err(self.unknown())
    }
}

impl Term {
    pub fn atom(&self) -> Option<&str> {
        if let Self::Atom(atom) = self { Some(atom) } else { None }
    }

    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub fn list(&self) -> Option<&[Self]> {
        if let Self::List(list) = self { Some(list) } else { None }
    }

    pub fn tuple(&self) -> Option<&[Self]> {
        if let Self::Tuple(tuple) = self { Some(tuple) } else { None }
    }

    /// The value of a name in a list of pairs.
    pub fn value(&self, name: &str) -> Option<&Self> {
        self.list()?.iter().find_map(|pair| match pair.tuple()? {
            [key, value] if key.atom() == Some(name) => Some(value),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(term: &Term) -> String {
        let all = |terms: &[Term]| terms.iter().map(shown).collect::<Vec<_>>().join(" ");
        match term {
            Term::Atom(atom) => format!(":{atom}"),
            Term::Text(text) => format!("{text:?}"),
            Term::Number(number) => number.clone(),
            Term::List(terms) => format!("[{}]", all(terms)),
            Term::Tuple(terms) => format!("({})", all(terms)),
            Term::Map(pairs) => {
                pairs.iter().map(|(key, term)| format!("{key}={}", shown(term))).collect::<Vec<_>>().join(" ")
            }
        }
    }

    #[test]
    fn constants_are_read_and_nothing_else() {
        for (text, expected) in [
            ("%{}", ""),
            ("%{\n  \"a\": {:hex, :a, \"1.0\"},\n}\n", "a=(:hex :a \"1.0\")"),
            ("%{\"a\" => [b: true, c: [1, :\"d-e\"], \"f g\": nil]}", "a=[(:b :true) (:c [1 :d-e]) (:f g :nil)]"),
            ("%{a: \"\\\"\\\\\\#{}\"}", "a=\"\\\"\\\\#{}\""),
            ("[{:a, \"~> 1.0\", [hex: :a]}]", "[(:a \"~> 1.0\" [(:hex :a)])]"),
        ] {
            assert_eq!(elixir(text).map(|term| shown(&term)).as_deref(), Ok(expected), "{text}");
        }
        for text in [
            "",
            "%{",
            "%{\"a\"}",
            "%{\"a\": }",
            "%{\"a\": 1} 2",
            "%{\"a\": System.halt()}",
            "%{\"a\": f(1)}",
            "%{\"a\": \"#{b}\"}",
            "%{\"a\": 'b'}",
            "%{\"a\": ~s(b)}",
            "%{\"a\": 1 + 1}",
            "%{\"a\": -1}",
            "%{\"a\": 1.5}",
            "%{\"a\": @b}",
            "%{\"a\": %B{}}",
            "%{\"a\": <<1>>}",
            "%{\"a\": \"b\" <> \"c\"}",
            "%{\"a\": \"\\x41\"}",
            "# a\n%{}",
            "%{a | b: 1}",
            "%{\"a\": fn -> 1 end}",
            "%{\"a\": \"b}",
            "%{1 => 2}",
            "%{\"a\":1}",
            "<<<<<<< HEAD\n%{}",
            "%{:a: 1}",
        ] {
            assert!(elixir(text).is_err(), "{text} {:?}", elixir(text));
        }
        let of = |text: &str| erlang(text).map(|terms| terms.iter().map(shown).collect::<Vec<_>>());
        assert_eq!(
            of("% a\n{\"1.2.0\",\n[{<<\"a\">>,{pkg,<<\"b\"/utf8>>,'c d'},0}]}.\n[]."),
            Ok(vec!["(\"1.2.0\" [(\"a\" (:pkg \"b\" :c d) 0)])".to_owned(), "[]".to_owned()])
        );
        for text in [
            "{",
            "{a}",
            "{a, B}.",
            "{a, fun() -> 1 end}.",
            "{a, <<1>>}.",
            "{a, os:cmd(\"x\")}.",
            "%",
            "{a, ?M}.",
            "[a|b].",
        ] {
            assert!(of(text).is_err() || text == "%", "{text} {:?}", of(text));
        }
    }

    #[test]
    fn brackets_and_terms_have_bounds() {
        assert!(elixir(&"[".repeat(100_000)).unwrap_err().contains("brackets in each other"));
        assert!(elixir(&format!("{}{}", "[".repeat(DEEPEST), "]".repeat(DEEPEST))).is_ok());
        assert!(elixir("%{\n\n\"a\": b}").unwrap_err().contains("line 3"));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String, code in "([%{}\\[\\]<>,:\"'.=\\\\# \n]|a|1|é){0,40}") {
            let _ = (elixir(&text), erlang(&text), elixir(&code), erlang(&code));
            let _ = (elixir(&format!("%{{\"{code}\": {text}}}")), erlang(&format!("{{<<\"{text}\">>, {code}}}.")));
        }
    }
}
