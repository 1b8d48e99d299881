use std::collections::BTreeMap;

use super::{Row, Tools};

fn loaded(extra: &str) -> Result<Tools, Vec<String>> {
    let mut files = Tools::built_in_files();
    files.insert("tools/ours.toml".to_owned(), extra.to_owned());
    Tools::load(&files).map_err(|problems| {
        problems.into_iter().map(|one| format!("{}:{}: {}", one.file, one.line, one.message)).collect()
    })
}

#[test]
fn what_is_built_in_is_right() {
    let tools = Tools::load(&Tools::built_in_files()).unwrap();
    assert!(tools.rows.len() > 100 && tools.actions.len() > 40 && !tools.settings.is_empty());
    assert_eq!(tools.files(), &Tools::built_in_files());
}

#[test]
fn no_file_is_no_row() {
    let none = Tools::load(&BTreeMap::new()).unwrap();
    assert!(none.row(&["cargo".to_owned(), "test".to_owned()]).is_none());
    // Files of other practices are of no concern.
    assert!(Tools::load(&BTreeMap::from([("criteria/a.toml".to_owned(), "no toml".to_owned())])).is_ok());
}

#[test]
fn a_row_more_is_a_tool_more() {
    let words = ["ourcheck".to_owned(), "--strict".to_owned()];
    assert!(Tools::known().row(&words).is_none());
    let tools =
        loaded("[[tool]]\nrun = [\"ourcheck\"]\nis = [\"lint\"]\nof = [\"Go\"]\noptions = \"--strict @linter\"\n")
            .unwrap();
    let Some((Row::Tool(tool), used)) = tools.row(&words) else { panic!() };
    assert_eq!((tool.name(), &tool.is[..], &tool.of[..], used), ("ourcheck", &["lint"][..], &["Go"][..], vec![0]));
    assert!(tool.options.starts_with("--strict --strict --quiet"), "{}", tool.options);
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    for (text, line, says) in [
        ("[[tool]\n", 1, ""),
        ("# a\ntool = 1\n", 2, ""),
        ("unknown = 1\n", 1, "unknown field"),
        ("[[tool]]\nis = [\"test\"]\n", 1, "missing field `run`"),
        ("[[tool]]\nrun = []\nis = [\"test\"]\n", 1, "has to be called"),
        ("[[tool]]\nrun = [\"x\"]\n", 1, "has to have a purpose"),
        ("[[tool]]\nrun = [\"x\"]\nis = [\"tests\"]\n", 3, "\"tests\" is no purpose"),
        ("[[tool]]\nrun = [\"x\"]\nis = [\"test\", \"test\"]\n", 3, "appears twice"),
        ("[[tool]]\nrun = [\"x\"]\nis = [\"test\"]\nof = [\"Gopher\"]\n", 4, "no language"),
        ("[[tool]]\nrun = [\"x\"]\nis = [\"test\"]\nof = [\"Go\", \"Go\"]\n", 4, "appears twice"),
        ("[[tool]]\nrun = [\"\"]\nis = [\"test\"]\n", 2, "no command"),
        ("[[tool]]\nrun = [\"x  y\"]\nis = [\"test\"]\n", 2, "no command"),
        ("[[tool]]\nrun = [\"x \"]\nis = [\"test\"]\n", 2, "no command"),
        ("[[tool]]\nrun = [\"x\", \"x\"]\nis = [\"test\"]\n", 2, "has two rows"),
        ("[[tool]]\nrun = [\"cargo test\"]\nis = [\"test\"]\n", 0, "\"cargo test\" has two rows"),
        ("[[tool]]\nrun = [\"echo\"]\nis = [\"test\"]\n", 0, "\"echo\" has two rows"),
        ("harmless = [\"rm\"]\n", 0, "\"rm\" has two rows"),
        ("[[tool]]\nrun = [\"x\"]\nis = [\"test\"]\noptions = \"\"\n", 4, "options is empty"),
        ("[[tool]]\nrun = [\"x\"]\nis = [\"test\"]\noptions = \"@none\"\n", 4, "called \"none\""),
        ("[[tool]]\nrun = [\"x\"]\nis = [\"test\"]\noperands = \"some\"\n", 4, "operands are"),
        ("[[tool]]\nrun = [\"x\"]\ngoals = \"none\"\n", 3, "no file has goals"),
        ("[[tool]]\nrun = [\"x\"]\ngoals = \"maven\"\noperands = \"any\"\n", 3, "either operands or goals"),
        ("[[tool]]\nrun = [\"x\"]\nis = [\"test\"]\nmanifests = \"a/b\"\n", 4, "no paths"),
        ("[[tool]]\nrun = [\"x\"]\nis = [\"test\"]\nalso = { \"-a\" = \"no\" }\n", 4, "no purpose"),
        ("[words]\nlocks = \"a\"\n", 0, "\"locks\" has two rows"),
        ("[goals.maven]\na = \"test\"\n", 0, "\"maven\" has two rows"),
        ("[goals.x]\na = \"no\"\n", 2, "no purpose"),
        ("[[action]]\nnames = []\n", 1, "has to have a name"),
        ("[[action]]\nnames = [\"a\"]\nis = [\"test\"]\n", 2, "no action"),
        ("[[action]]\nnames = [\"A/b\"]\nis = [\"test\"]\n", 2, "no action"),
        ("[[action]]\nnames = [\"a/b@v1\"]\nis = [\"test\"]\n", 2, "no action"),
        ("[[action]]\nnames = [\"actions/cache\"]\nis = [\"test\"]\n", 0, "has two rows"),
        ("plain-actions = [\"actions/cache\"]\n", 0, "has two rows"),
        ("plain-actions = [\"github/codeql-action/analyze\"]\n", 0, "has two rows"),
        ("[[settings]]\ntools = []\nfiles = [\"a\"]\nwords = \"b\"\n", 1, "have to name the tools"),
        ("[[settings]]\ntools = [\"x\"]\nfiles = [\"a\"]\n", 1, "have to name words"),
        ("[[settings]]\ntools = [\"x\"]\nfiles = [\"../a\"]\nwords = \"b\"\n", 3, "no path"),
        ("[[settings]]\ntools = [\"x\"]\nfiles = [\"a\"]\nempty = \"b\"\n", 4, "go together"),
        ("[[runner]]\nrun = \"sudo\"\n", 0, "\"sudo\" has two rows"),
        ("unless = [\"--git\"]\n", 0, "appears twice"),
        ("[aliases]\ncross = \"x\"\n", 0, "has two rows"),
    ] {
        let problems = loaded(text).err().unwrap_or_default();
        // Of two rows the later file is the one that is named.
        let place = if line == 0 { "tools/".to_owned() } else { format!("tools/ours.toml:{line}: ") };
        assert!(
            problems.iter().any(|one| one.starts_with(&place) && one.contains(says)),
            "{text}: {problems:?} have no {says} in line {line}"
        );
    }
}
