//! Languages by the ends of names and the first bytes of files.

/// A language.
#[derive(Debug, PartialEq, Eq)]
pub struct Language {
    /// Its name.
    pub name: &'static str,
    /// Does it keep memory safe unless asked not to? Nothing where sources do not say.
    pub memory_safe: Option<bool>,
    endings: &'static [&'static str],
    /// How its comments and texts are written.
    pub syntax: Syntax,
}

/// How comments and texts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// `//`, `/* */`, texts in `"` and `'`.
    C,
    /// As C, with texts over several lines in backticks.
    Script,
    /// `#`, texts in `"` and `'`.
    Hash,
    /// As `Hash`, with texts over several lines in three quotes.
    Python,
    /// `--`.
    Dash,
    /// `;`.
    Lisp,
    /// Not taken apart.
    Plain,
}

const fn language(
    name: &'static str,
    memory_safe: Option<bool>,
    syntax: Syntax,
    endings: &'static [&'static str],
) -> Language {
    Language { name, memory_safe, endings, syntax }
}

const SAFE: Option<bool> = Some(true);
const NOT_SAFE: Option<bool> = Some(false);

/// The table. Markup, data and prose are no source.
///
/// Source for memory safety: CISA and others, "The Case for Memory Safe Roadmaps" (December 2023), appendix; languages with a
/// garbage collector and no raw pointers in common use are taken as the same.
const LANGUAGES: &[Language] = &[
    language("Rust", SAFE, Syntax::C, &["rs"]),
    language("C", NOT_SAFE, Syntax::C, &["c", "h"]),
    language(
        "C++",
        NOT_SAFE,
        Syntax::C,
        &[
            "cc", "cpp", "cxx", "c++", "C", "cppm", "ixx", "cu", "hpp", "hh", "hxx", "h++", "H", "cuh", "ipp", "tpp",
            "inl",
        ],
    ),
    language("Assembly", NOT_SAFE, Syntax::Plain, &["s", "S", "asm", "nasm"]),
    language("Objective-C", NOT_SAFE, Syntax::C, &["m", "mm"]),
    language("Zig", NOT_SAFE, Syntax::C, &["zig"]),
    language("Pascal", NOT_SAFE, Syntax::C, &["pas", "dpr", "lpr"]),
    language("Fortran", NOT_SAFE, Syntax::Plain, &["f", "f77", "f90", "f95", "f03", "for"]),
    language("D", NOT_SAFE, Syntax::C, &["d"]),
    language("Python", SAFE, Syntax::Python, &["py", "pyw"]),
    language("Cython", None, Syntax::Python, &["pyx", "pxd"]),
    language("Go", SAFE, Syntax::Script, &["go"]),
    language("JavaScript", SAFE, Syntax::Script, &["js", "mjs", "cjs", "jsx"]),
    language("TypeScript", SAFE, Syntax::Script, &["ts", "tsx", "mts", "cts"]),
    language("Vue", SAFE, Syntax::Script, &["vue", "svelte"]),
    language("Java", SAFE, Syntax::C, &["java"]),
    language("Kotlin", SAFE, Syntax::C, &["kt", "kts"]),
    language("Groovy", SAFE, Syntax::C, &["groovy"]),
    language("Scala", SAFE, Syntax::C, &["scala", "sc"]),
    language("C#", SAFE, Syntax::C, &["cs"]),
    language("F#", SAFE, Syntax::C, &["fs", "fsx"]),
    language("Visual Basic", SAFE, Syntax::Plain, &["vb"]),
    language("Swift", SAFE, Syntax::C, &["swift"]),
    language("Dart", SAFE, Syntax::C, &["dart"]),
    language("Ruby", SAFE, Syntax::Hash, &["rb"]),
    language("Crystal", SAFE, Syntax::Hash, &["cr"]),
    language("PHP", SAFE, Syntax::C, &["php"]),
    language("Perl", SAFE, Syntax::Hash, &["pl", "pm", "t"]),
    language("Shell", SAFE, Syntax::Hash, &["sh", "bash", "zsh", "bats"]),
    language("PowerShell", SAFE, Syntax::Hash, &["ps1", "psm1"]),
    language("Haskell", SAFE, Syntax::Dash, &["hs", "lhs"]),
    language("Elm", SAFE, Syntax::Dash, &["elm"]),
    language("Lua", SAFE, Syntax::Dash, &["lua"]),
    language("OCaml", SAFE, Syntax::Plain, &["ml", "mli"]),
    language("Elixir", SAFE, Syntax::Python, &["ex", "exs"]),
    language("Erlang", SAFE, Syntax::Plain, &["erl", "hrl"]),
    language("Clojure", SAFE, Syntax::Lisp, &["clj", "cljs", "cljc"]),
    language("Lisp", None, Syntax::Lisp, &["lisp", "el", "scm", "rkt"]),
    language("R", SAFE, Syntax::Hash, &["r", "R"]),
    language("Julia", None, Syntax::Python, &["jl"]),
    language("MATLAB", SAFE, Syntax::Plain, &["matlab"]),
    language("Ada", None, Syntax::Dash, &["adb", "ads"]),
    language("Nim", None, Syntax::Hash, &["nim"]),
    language("V", None, Syntax::C, &["vsh"]),
    language("Vala", NOT_SAFE, Syntax::C, &["vala"]),
    language("Solidity", None, Syntax::C, &["sol"]),
    language("OpenCL", NOT_SAFE, Syntax::C, &["cl"]),
    language("Included source", None, Syntax::C, &["inc"]),
];

/// The language of this name as the table writes it.
pub fn named(name: &str) -> Option<&'static Language> {
    LANGUAGES.iter().find(|language| language.name == name)
}

/// The language of a file by its name.
pub fn of(name: &str) -> Option<&'static Language> {
    let (stem, ending) = name.rsplit_once('.')?;
    LANGUAGES.iter().find(|language| !stem.is_empty() && language.endings.contains(&ending))
}

/// The name of the language of a file, by the name of the file.
pub fn name_of(name: &str) -> Option<&'static str> {
    of(name).map(|language| language.name)
}

/// The language of a file by what is in it, where its name leaves that open; nothing where it is no source.
pub fn looked_at(language: &'static Language, text: &str) -> Option<&'static Language> {
    let begin = text.trim_start_matches('\u{feff}').trim_start();
    let start = |words: &[&str]| words.iter().any(|word| begin.starts_with(word));
    // Translations of Qt and the like are XML; a video has bytes that no source has.
    if start(&["<?xml", "<!DOCTYPE TS", "<TS "]) || text.bytes().take(8000).any(|byte| byte == 0) {
        return None;
    }
    match language.name {
        "Objective-C"
            if !["#import", "#include", "@interface", "@implementation", "@import", "@class"]
                .iter()
                .any(|word| text.contains(word))
                && start(&["%", "function", "classdef", "clear", "clc"]) =>
        {
            named("MATLAB")
        }
        // A header has one ending in both.
        "C" if is_cpp(text) => named("C++"),
        "Included source" if start(&["<?php"]) => named("PHP"),
        "Included source" if text.contains("#include") || text.contains("#define") => named("C"),
        // Makefiles write dependencies into `.d`.
        "D" if !text.contains(';') => None,
        _ => Some(language),
    }
}

/// Does a header have what C++ has and C has not?
fn is_cpp(text: &str) -> bool {
    const BEGINS: &[&str] = &[
        "namespace ",
        "using namespace ",
        "template <",
        "template<",
        "class ",
        "public:",
        "private:",
        "protected:",
        "public slots:",
    ];
    text.lines().any(|line| {
        let line = line.trim_start();
        BEGINS.iter().any(|begin| line.starts_with(begin)) || line.contains("std::") && !line.starts_with(['/', '*'])
    })
}

/// Was it made by a program, or squeezed into few lines?
pub fn is_generated(name: &str, text: &str) -> bool {
    let head: String =
        text.lines().take(20).collect::<Vec<_>>().join("\n").chars().take(2000).collect::<String>().to_lowercase();
    let marked =
        ["@generated", "do not edit", "automatically generated", "auto-generated", "autogenerated", "generated by"]
            .iter()
            .any(|mark| head.contains(mark));
    let lines = text.bytes().filter(|byte| *byte == b'\n').count() + 1;
    name.contains(".min.") || marked || text.len() > 5000 && text.len() / lines > 400
}

/// Is a folder one of documentation or of tools that help to build?
pub fn is_beside(folder: &str) -> bool {
    const FOLDERS: &[&str] = &[
        "docs",
        "doc",
        "documentation",
        "website",
        "tools",
        "scripts",
        "ci",
        ".github",
        ".gitlab",
        "contrib",
        "xtask",
        "hack",
    ];
    folder.split('/').next().is_some_and(|first| FOLDERS.contains(&first))
}

/// `text` without comments and without what stands in texts, line by line.
pub fn code(text: &str, syntax: Syntax) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    let (line_marks, block): (&[&str], Option<(&str, &str)>) = match syntax {
        Syntax::C | Syntax::Script => (&["//"], Some(("/*", "*/"))),
        Syntax::Hash | Syntax::Python => (&["#"], None),
        Syntax::Dash => (&["--"], Some(("{-", "-}"))),
        Syntax::Lisp => (&[";"], None),
        Syntax::Plain => (&[], None),
    };
    let quotes: &[&str] = match syntax {
        Syntax::C => &["\"\"\"", "\"", "'"],
        Syntax::Script => &["`", "\"", "'"],
        Syntax::Python => &["\"\"\"", "'''", "\"", "'"],
        Syntax::Hash => &["\"", "'"],
        Syntax::Dash | Syntax::Lisp => &["\""],
        Syntax::Plain => &[],
    };
    let keep_lines = |shown: &mut String, gone: &str| shown.extend(gone.chars().filter(|letter| *letter == '\n'));
    while let Some(letter) = rest.chars().next() {
        if let Some((open, close)) = block.filter(|(open, _)| rest.starts_with(open)) {
            let inner = rest.get(open.len()..).unwrap_or_default();
            let end = inner.find(close).map_or(inner.len(), |at| at + close.len());
            keep_lines(&mut shown, inner.get(..end).unwrap_or_default());
            rest = inner.get(end..).unwrap_or_default();
            continue;
        }
        // `$#`, `${#a}` of shells and `#[` of PHP begin no comment.
        let before = shown.chars().next_back();
        let begins = line_marks.iter().any(|mark| rest.starts_with(mark))
            && !(letter == '#' && before.is_some_and(|before| !before.is_whitespace() && before != ';'));
        if begins {
            rest = rest.find('\n').and_then(|at| rest.get(at..)).unwrap_or_default();
            continue;
        }
        // An apostrophe inside of a word or of a lifetime begins no text.
        let quote = quotes
            .iter()
            .find(|quote| rest.starts_with(**quote))
            .filter(|quote| **quote != "'" || !before.is_some_and(char::is_alphanumeric));
        if let Some(quote) = quote {
            let inner = rest.get(quote.len()..).unwrap_or_default();
            let many = quote.len() > 1 || *quote == "`";
            let end = end_of_text(inner, quote, many);
            shown.push_str(quote);
            keep_lines(&mut shown, inner.get(..end).unwrap_or_default());
            shown.push_str(quote);
            rest = inner.get((end + quote.len()).min(inner.len())..).unwrap_or_default();
            continue;
        }
        shown.push(letter);
        rest = rest.get(letter.len_utf8()..).unwrap_or_default();
    }
    shown
}

/// Where a text ends; one that must not go over lines ends with its line.
fn end_of_text(inner: &str, quote: &str, many: bool) -> usize {
    let mut letters = inner.char_indices();
    while let Some((at, letter)) = letters.next() {
        if letter == '\\' {
            letters.next();
        } else if inner.get(at..).is_some_and(|rest| rest.starts_with(quote)) {
            return at;
        } else if letter == '\n' && !many {
            return at.saturating_sub(quote.len());
        }
    }
    inner.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_known_by_name_and_content() {
        assert_eq!(of("a.rs").map(|language| language.name), Some("Rust"));
        for name in ["a.C", "a.c++", "a.cu", "a.inl", "a.S", "a.pas"] {
            assert!(of(name).is_some_and(|language| language.memory_safe == Some(false)), "{name}");
        }
        assert!(of(".rs").is_none() && of("README.md").is_none() && of("rs").is_none());
        let seen = |name: &str, text: &str| looked_at(of(name).unwrap(), text).map(|language| language.name);
        for (name, text, expected) in [
            ("a.ts", "<?xml version=\"1.0\"?><TS>", None),
            ("a.ts", "<!DOCTYPE TS>", None),
            ("a.ts", "G\0\u{1}", None),
            ("a.ts", "let a = 1;", Some("TypeScript")),
            ("a.m", "% a\nfunction b", Some("MATLAB")),
            ("a.m", "#import <A.h>\n@implementation A", Some("Objective-C")),
            ("a.inc", "<?php echo 1;", Some("PHP")),
            ("a.inc", "#include <a.h>", Some("C")),
            ("a.inc", "a", Some("Included source")),
            ("a.h", "#pragma once\nstruct a { int b; };\n", Some("C")),
            (
                "a.h",
                "#ifdef __cplusplus\nextern \"C\" {\n#endif\nint a(void);\n/* std::vector is not used here */\n",
                Some("C"),
            ),
            ("a.h", "#pragma once\n\nclass A : public B {\npublic:\n    A();\n};\n", Some("C++")),
            ("a.h", "#include <string>\nstd::string name();\n", Some("C++")),
            ("a.d", "a.o: a.c a.h", None),
        ] {
            assert_eq!(seen(name, text), expected, "{name} {text}");
        }
        assert!(
            is_generated("a.min.js", "")
                && is_generated("a.js", &"var a=1;".repeat(4000))
                && is_generated("a.go", "// Code generated by x. DO NOT EDIT.\n")
        );
        assert!(!is_generated("a.js", "var a = 1;\n"));
    }

    #[test]
    fn code_is_what_is_neither_comment_nor_text() {
        for (syntax, text, expected) in [
            (Syntax::C, "a // b\n/* c\nd */ e \"f // g\" h", "a \n\n e \"\" h"),
            (Syntax::C, "'\"' a", "'' a"),
            (Syntax::Script, "`a\nb` c 'd' // e", "`\n` c '' "),
            (Syntax::Python, "\"\"\"a\nb\"\"\" c # d\n'''e", "\"\"\"\n\"\"\" c \n''''''"),
            (Syntax::Hash, "a # b\n\"c # d\" ${#e}", "a \n\"\" ${#e}"),
            (Syntax::Hash, "it 'does' do # x", "it '' do "),
            (Syntax::Dash, "a -- b\n{- c -} d", "a \n d"),
            (Syntax::C, "\"never ends\na", "\"\"\na"),
            (Syntax::C, "/* never ends", ""),
            (Syntax::Plain, "a 'b' # c", "a 'b' # c"),
        ] {
            assert_eq!(code(text, syntax), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String) {
            for syntax in [Syntax::C, Syntax::Script, Syntax::Python, Syntax::Hash, Syntax::Dash, Syntax::Lisp, Syntax::Plain] {
                code(&text, syntax);
            }
        }
    }
}
