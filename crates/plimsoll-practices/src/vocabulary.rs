//! Names for conditions that several expressions share: `known_vulnerability(f)` for what is a line long otherwise.
//!
//! A definition is put in place of its name when practices are loaded, as a tree and not as text, so nothing that is evaluated
//! knows of it and its cost is counted as if it were written out. Definitions may use those above them, so none uses itself.

use std::collections::{BTreeMap, BTreeSet};

use cel::{
    Program,
    common::ast::{Expr, IdedExpr},
};
use serde::Deserialize;
use toml::Spanned;

use crate::{
    PracticeError,
    error::hint,
    source::{Source, at},
    syntax::{DEEPEST, bound_by, each, each_free_name, free},
};

/// Parts of an expression in which every definition is written out.
const MOST_PARTS: usize = 20_000;
/// What calls already, in CEL or in the environment of expressions.
pub(crate) const FUNCTIONS: &[&str] = &[
    "all",
    "bool",
    "bytes",
    "contains",
    "day",
    "days",
    "distinct",
    "double",
    "dyn",
    "endsWith",
    "exists",
    "exists_one",
    "filter",
    "has",
    "int",
    "later",
    "listed",
    "map",
    "number",
    "plural",
    "size",
    "startsWith",
    "string",
    "type",
    "uint",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VocabularyFile {
    #[serde(default)]
    define: Vec<Spanned<DefinitionFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DefinitionFile {
    name: Spanned<String>,
    /// The names of its parts; none where it takes none.
    #[serde(default)]
    of: Vec<String>,
    about: String,
    is: Spanned<String>,
}

/// One name and what it stands for.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The name, followed by its parts: `ships(f)`.
    pub call: String,
    /// What it says, in words.
    pub about: String,
    /// The CEL expression that it stands for.
    pub source: String,
    /// The definitions that it uses itself.
    uses: BTreeSet<String>,
    parameters: Vec<String>,
    body: IdedExpr,
    /// The names in `body` that are no parts of it.
    free: BTreeSet<String>,
    /// The names that loops in `body` bind.
    binds: BTreeSet<String>,
}

/// All definitions by name.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary(BTreeMap<String, Definition>);

impl Vocabulary {
    /// The definition of a name.
    pub fn get(&self, name: &str) -> Option<&Definition> {
        self.0.get(name)
    }

    /// The definitions of these names and of all that those use, in the order of their names.
    pub fn behind(&self, names: &BTreeSet<String>) -> Vec<&Definition> {
        let mut found = BTreeSet::new();
        let mut left: Vec<&String> = names.iter().collect();
        while let Some(name) = left.pop() {
            if found.insert(name.as_str()) {
                left.extend(self.get(name).into_iter().flat_map(|definition| &definition.uses));
            }
        }
        found.into_iter().filter_map(|name| self.get(name)).collect()
    }

    /// Adds the definitions of one file, in their order.
    pub(crate) fn add(
        &mut self,
        source: &Source<'_>,
        file: VocabularyFile,
        kinds: &BTreeSet<String>,
        problems: &mut Vec<PracticeError>,
    ) {
        for row in file.define {
            let start = at(&row);
            let row = row.into_inner();
            let name = row.name.get_ref().clone();
            if let Err(reason) = self.may_be_named(&name, &row.of, kinds) {
                problems.push(source.error(at(&row.name), reason));
                continue;
            }
            if row.about.trim().is_empty() {
                problems.push(source.error(start, format!("{name}: `about` is empty; say what it means in words")));
            }
            match self.definition(&name, row.of, row.about, row.is.get_ref(), kinds) {
                Ok(definition) => {
                    self.0.insert(name, definition);
                }
                Err(reason) => problems.push(source.error(at(&row.is), format!("{name}: {reason}"))),
            }
        }
    }

    fn may_be_named(&self, name: &str, parameters: &[String], kinds: &BTreeSet<String>) -> Result<(), String> {
        let is_name = |name: &str| {
            name.starts_with(|first: char| first.is_ascii_lowercase())
                && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        };
        if let Some(wrong) =
            std::iter::once(name).chain(parameters.iter().map(String::as_str)).find(|one| !is_name(one))
        {
            return Err(format!("\"{wrong}\" is no name; write small letters, digits and _"));
        }
        if FUNCTIONS.contains(&name) || kinds.contains(name) {
            return Err(format!("\"{name}\" has a meaning already"));
        }
        if self.0.contains_key(name) {
            return Err(format!("{name} is defined twice"));
        }
        if let Some(kind) = parameters.iter().find(|one| kinds.contains(*one)) {
            return Err(format!("{name}: its part \"{kind}\" has the name of a kind of evidence"));
        }
        if parameters.iter().collect::<BTreeSet<_>>().len() != parameters.len() {
            return Err(format!("{name} has two parts of one name"));
        }
        Ok(())
    }

    fn definition(
        &self,
        name: &str,
        parameters: Vec<String>,
        about: String,
        source: &str,
        kinds: &BTreeSet<String>,
    ) -> Result<Definition, String> {
        let (body, uses) = self.compile(source)?;
        let mut names = free(&body)?;
        for parameter in &parameters {
            if !names.remove(parameter) {
                return Err(format!("its part \"{parameter}\" is not used"));
            }
        }
        let foreign =
            names.iter().find(|name| !kinds.contains(*name) && !crate::expression::ALWAYS.contains(&name.as_str()));
        if let Some(foreign) = foreign {
            let known = kinds.iter().chain(&parameters).map(String::as_str);
            return Err(format!("\"{foreign}\" is no part of it and no kind of evidence{}", hint(foreign, known)));
        }
        let mut binds = BTreeSet::new();
        bound_inside(&mut body.clone(), &mut binds)?;
        let call = format!("{name}({})", parameters.join(", "));
        Ok(Definition { call, about, source: source.to_owned(), uses, parameters, body, free: names, binds })
    }

    /// Parses an expression and writes out every definition in it. Also gives the names of those.
    pub(crate) fn compile(&self, source: &str) -> Result<(IdedExpr, BTreeSet<String>), String> {
        let program = Program::compile(source)
            .map_err(|error| format!("not a CEL expression: {}", error.to_string().replace('\n', " ")))?;
        let mut expression = program.expression().clone();
        let mut writing = Writing { vocabulary: self, used: BTreeSet::new(), parts: 0, bound: Vec::new() };
        writing.write_out(&mut expression, 0)?;
        Ok((expression, writing.used))
    }
}

/// One pass that puts definitions in place of their names.
struct Writing<'v> {
    vocabulary: &'v Vocabulary,
    used: BTreeSet<String>,
    parts: usize,
    bound: Vec<String>,
}

impl Writing<'_> {
    fn write_out(&mut self, expression: &mut IdedExpr, depth: usize) -> Result<(), String> {
        if depth > DEEPEST {
            return Err(format!("more than {DEEPEST} expressions inside each other"));
        }
        self.parts += 1;
        if self.parts > MOST_PARTS {
            return Err(format!("more than {MOST_PARTS} parts with its definitions written out"));
        }
        let own = bound_by(&expression.expr);
        each(&mut expression.expr, &mut |part| {
            let before = self.bound.len();
            if part.repeated {
                self.bound.extend(own.iter().cloned());
            }
            let done = self.write_out(part.expression, depth + 1);
            self.bound.truncate(before);
            done
        })?;
        let Expr::Call(call) = &expression.expr else { return Ok(()) };
        let name = call.func_name.as_str();
        let Some(definition) = self.vocabulary.get(name).filter(|_| call.target.is_none()) else {
            return is_callable(name).then_some(()).ok_or_else(|| {
                if let Some(definition) = self.vocabulary.get(name) {
                    return format!("\"{name}\" is no member; write {}", definition.call);
                }
                let known = self.vocabulary.0.keys().map(String::as_str).chain(FUNCTIONS.iter().copied());
                format!("there is no function \"{name}\"{}", hint(name, known))
            });
        };
        let written = definition.with(&call.args, &self.bound)?;
        self.used.insert(name.to_owned());
        self.parts = self.parts.saturating_add(count(&mut written.clone(), 0)?);
        if self.parts > MOST_PARTS {
            return Err(format!("more than {MOST_PARTS} parts with its definitions written out"));
        }
        *expression = written;
        Ok(())
    }
}

impl Definition {
    /// What it stands for with these values for its parts, where a loop around it binds `bound`.
    fn with(&self, values: &[IdedExpr], bound: &[String]) -> Result<IdedExpr, String> {
        if values.len() != self.parameters.len() {
            return Err(format!("{} takes {} parts and is given {}", self.call, self.parameters.len(), values.len()));
        }
        if let Some(name) = self.free.iter().find(|name| bound.contains(name)) {
            return Err(format!("{} reads \"{name}\", which a loop around it names otherwise", self.call));
        }
        for value in values {
            if let Some(name) = free(value)?.iter().find(|name| self.binds.contains(*name)) {
                return Err(format!("{} has a loop over \"{name}\" of its own; name yours otherwise", self.call));
            }
        }
        let mut body = self.body.clone();
        each_free_name(&mut body, &mut Vec::new(), &mut |place, _| {
            let Expr::Ident(name) = &place.expr else { return Ok(()) };
            let value = self.parameters.iter().position(|parameter| parameter == name).and_then(|at| values.get(at));
            if let Some(value) = value {
                *place = value.clone();
            }
            Ok(())
        })?;
        Ok(body)
    }
}

/// Is it an operator, which no name is, or one of the functions? A call of another would be an error whenever it is evaluated.
fn is_callable(name: &str) -> bool {
    !name.starts_with(|first: char| first.is_ascii_alphabetic()) || FUNCTIONS.contains(&name)
}

fn bound_inside(expression: &mut IdedExpr, names: &mut BTreeSet<String>) -> Result<(), String> {
    names.extend(bound_by(&expression.expr));
    each(&mut expression.expr, &mut |part| bound_inside(part.expression, names))
}

/// How many parts an expression has. Refuses what is too deep to walk.
fn count(expression: &mut IdedExpr, depth: usize) -> Result<usize, String> {
    if depth > DEEPEST {
        return Err(format!("more than {DEEPEST} expressions inside each other"));
    }
    let mut parts = 1_usize;
    each(&mut expression.expr, &mut |part| {
        parts = parts.saturating_add(count(part.expression, depth + 1)?);
        Ok(())
    })?;
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds() -> BTreeSet<String> {
        ["lockfile", "secret"].into_iter().map(ToOwned::to_owned).collect()
    }

    fn read(text: &str) -> Result<Vocabulary, String> {
        let source = Source { file: "vocabulary/test.toml", text };
        let (mut vocabulary, mut problems) = (Vocabulary::default(), Vec::new());
        vocabulary.add(&source, source.parse().map_err(|error| error.to_string())?, &kinds(), &mut problems);
        match problems.first() {
            None => Ok(vocabulary),
            Some(problem) => Err(problem.to_string()),
        }
    }

    fn defined(rows: &[(&str, &str, &str)]) -> Result<Vocabulary, String> {
        let rows = rows.iter().map(|(name, of, is)| {
            format!("[[define]]\nname = \"{name}\"\nof = [{of}]\nabout = \"words\"\nis = \"{is}\"\n")
        });
        read(&rows.collect::<String>())
    }

    /// An expression without the numbers that the parser gives its parts.
    fn shape(expression: &IdedExpr) -> String {
        let text = format!("{expression:?}");
        text.split("id: ").map(|part| part.trim_start_matches(|first: char| first.is_ascii_digit())).collect()
    }

    #[test]
    fn a_definition_means_what_it_stands_for() {
        let vocabulary = defined(&[
            ("ships", "\"f\"", "f['class'] == 'shipped'"),
            ("known", "\"f\"", "ships(f) && f.kind == 'x'"),
            ("any_secret", "", "secret.exists(s, ships(s))"),
            ("either", "\"a\", \"b\"", "ships(a) || ships(b)"),
            ("older", "\"limit\"", "lockfile.exists(l, l.age > limit)"),
        ])
        .unwrap();
        for (short, long) in [
            ("lockfile.all(l, ships(l))", "lockfile.all(l, l['class'] == 'shipped')"),
            ("lockfile.all(l, !known(l))", "lockfile.all(l, !(l['class'] == 'shipped' && l.kind == 'x'))"),
            ("any_secret()", "secret.exists(s, s['class'] == 'shipped')"),
            ("either(secret[0], lockfile[1])", "secret[0]['class'] == 'shipped' || lockfile[1]['class'] == 'shipped'"),
            ("older(limits.days + 1)", "lockfile.exists(l, l.age > limits.days + 1)"),
            ("ships({'class': f.a})", "{'class': f.a}['class'] == 'shipped'"),
            ("[ships(f)].size()", "[f['class'] == 'shipped'].size()"),
            ("has(f.a) ? ships(f.a) : false", "has(f.a) ? f.a['class'] == 'shipped' : false"),
        ] {
            let (short, used) = vocabulary.compile(short).unwrap();
            assert_eq!(shape(&short), shape(&vocabulary.compile(long).unwrap().0), "{long}");
            assert!(!used.is_empty());
        }
        let behind = |source: &str| {
            let used = vocabulary.compile(source).unwrap().1;
            vocabulary.behind(&used).into_iter().map(|definition| definition.call.clone()).collect::<Vec<_>>()
        };
        assert_eq!(behind("known(f)"), ["known(f)", "ships(f)"]);
        for (source, says) in [
            ("f.ships()", "\"ships\" is no member; write ships(f)"),
            ("ship(f)", "there is no function \"ship\" (did you mean \"ships\"?)"),
            ("f.a.siz() == 1", "there is no function \"siz\" (did you mean \"size\"?)"),
        ] {
            assert_eq!(vocabulary.compile(source).unwrap_err(), says);
        }
    }

    #[test]
    fn a_definition_that_could_be_misread_is_refused() {
        for (rows, says) in [
            (vec![("Ships", "", "true")], "is no name"),
            (vec![("a b", "", "true")], "is no name"),
            (vec![("size", "", "true")], "has a meaning already"),
            (vec![("days", "", "true")], "has a meaning already"),
            (vec![("secret", "", "true")], "has a meaning already"),
            (vec![("one", "\"secret\"", "secret == 1")], "the name of a kind"),
            (vec![("one", "\"f\", \"f\"", "f == 1")], "two parts of one name"),
            (vec![("one", "\"f\"", "true")], "is not used"),
            (vec![("one", "\"f\"", "secret.exists(f, f.a)")], "is not used"),
            (vec![("one", "", "secrets.size() > 0")], "did you mean \"secret\"?"),
            (vec![("one", "", "x > 0")], "no part of it"),
            (vec![("one", "", "(")], "not a CEL expression"),
            (vec![("one", "", "true"), ("one", "", "false")], "defined twice"),
            (vec![("one", "\"f\"", "f == 1"), ("two", "", "one()")], "takes 1 parts and is given 0"),
        ] {
            let message = defined(&rows).unwrap_err();
            assert!(message.contains(says), "{rows:?}: {message}");
            assert!(message.starts_with("practices/vocabulary/test.toml:"), "{message}");
        }
        assert!(read("[[define]]\nname = \"one\"\nabout = \" \"\nis = \"true\"\n").unwrap_err().contains("empty"));
        assert!(read("[[define]]\nname = \"one\"\nis = \"true\"\n").unwrap_err().contains("about"));
    }

    /// A name means the same in a definition and around it, or the expression is refused.
    #[test]
    fn no_name_is_taken_for_another() {
        let vocabulary =
            defined(&[("read", "\"x\"", "lockfile.exists(l, l.a == x)"), ("none", "", "secret.size() == 0")]).unwrap();
        for (source, says) in [
            ("secret.exists(l, read(l))", "has a loop over \"l\" of its own"),
            ("secret.exists(l, read(l.a + 1))", "has a loop over \"l\" of its own"),
            ("lockfile.exists(secret, none())", "which a loop around it names otherwise"),
            ("read(1, 2)", "takes 1 parts and is given 2"),
        ] {
            let message = vocabulary.compile(source).unwrap_err();
            assert!(message.contains(says), "{source}: {message}");
        }
        assert!(vocabulary.compile("secret.exists(s, read(s.a)) && none()").is_ok());
    }

    #[test]
    fn what_grows_by_its_definitions_is_bounded() {
        let mut rows = vec![("d0".to_owned(), "f + f + f + f".to_owned())];
        for level in 1..12 {
            let below = format!("d{}", level - 1);
            rows.push((format!("d{level}"), format!("{below}(f) + {below}(f) + {below}(f) + {below}(f)")));
        }
        let rows: Vec<(&str, &str, &str)> =
            rows.iter().map(|(name, is)| (name.as_str(), "\"f\"", is.as_str())).collect();
        assert!(defined(&rows).unwrap_err().contains("written out"));
        let deep = |depth: usize| {
            let mut rows = vec![("d0".to_owned(), "[f]".to_owned())];
            rows.extend((1..depth).map(|level| (format!("d{level}"), format!("[d{}(f)]", level - 1))));
            let rows: Vec<(&str, &str, &str)> =
                rows.iter().map(|(name, is)| (name.as_str(), "\"f\"", is.as_str())).collect();
            defined(&rows).map(|_| ())
        };
        assert!(deep(100).is_ok());
        assert!(deep(1_000).unwrap_err().contains("inside each other"));
    }
}
