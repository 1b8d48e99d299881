//! setup.cfg and setup.py: how a package says what it asks for where pyproject.toml does not.
//!
//! Source: setuptools docs, "Configuring setuptools using setup.cfg files".

use std::collections::BTreeMap;

use plimsoll_model::excerpt;

use super::names::{Requirement, is_version, normal};
use crate::{
    ecosystem::locked::{graph::Usage, manifest::Manifest},
    tree_file::SourceFile,
};

/// Sections by name, and their options by name with the lines of each.
type Sections<'a> = BTreeMap<&'a str, BTreeMap<String, Vec<&'a str>>>;

/// Reads setup.cfg; nothing where it configures tools alone.
pub(super) fn configuration(file: &SourceFile) -> Result<Option<Manifest>, String> {
    let text = std::str::from_utf8(&file.bytes).map_err(|_| "it is not UTF-8")?;
    let sections = sections(text);
    let (metadata, options) = (sections.get("metadata"), sections.get("options"));
    if metadata.is_none() && options.is_none() {
        return Ok(None);
    }
    let mut manifest = Manifest::of(file);
    let said = |name: &str| metadata.and_then(|metadata| metadata.get(name)).and_then(|lines| lines.first().copied());
    manifest.name = said("name").map(normal);
    manifest.version = said("version").filter(|version| is_version(version)).map(ToOwned::to_owned);
    manifest.licence = said("license").filter(|text| spdx::Expression::parse(text).is_ok()).map(ToOwned::to_owned);
    let lists = [("install_requires", Usage::Normal), ("setup_requires", Usage::Build), ("tests_require", Usage::Dev)];
    for (name, usage) in lists {
        if let Some(lines) = options.and_then(|options| options.get(name)) {
            add(lines, usage, false, &mut manifest)?;
        }
    }
    for lines in sections.get("options.extras_require").into_iter().flat_map(BTreeMap::values) {
        add(lines, Usage::Normal, true, &mut manifest)?;
    }
    Ok(Some(manifest))
}

fn add(lines: &[&str], usage: Usage, optional: bool, manifest: &mut Manifest) -> Result<(), String> {
    // Several may stand in one line, separated by semicolons, where no marker does.
    for line in lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()) {
        if let Some(files) = line.strip_prefix("file:") {
            manifest.open = Some(format!("what it asks for is in {}", excerpt(files.trim(), 80)));
            continue;
        }
        let one = Requirement::of(line).ok_or_else(|| format!("\"{}\" is no requirement", excerpt(line, 80)))?;
        manifest.wants.push(one.wanted(usage, optional));
    }
    Ok(())
}

/// The sections of a file of `[section]`, `name = value` and indented lines that go on.
fn sections(text: &str) -> Sections<'_> {
    let mut all: Sections<'_> = BTreeMap::new();
    let (mut section, mut option) = ("", String::new());
    for line in text.lines() {
        let plain = line.trim();
        if plain.is_empty() || plain.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = plain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'))
            && !line.starts_with(char::is_whitespace)
        {
            section = name.trim();
            option = String::new();
            all.entry(section).or_default();
        } else if line.starts_with(char::is_whitespace) && !option.is_empty() {
            let lines = all.entry(section).or_default().entry(option.clone()).or_default();
            // A remark stands behind a space.
            lines.push(plain.split(" #").next().unwrap_or(plain).trim());
        } else if let Some((name, value)) = plain.split_once(['=', ':']) {
            option = name.trim().to_ascii_lowercase().replace('-', "_");
            all.entry(section).or_default().insert(option.clone(), vec![value.trim()]);
        }
    }
    all
}

/// Reads setup.py: a program, so what it asks for is not known. Nothing where it says nothing that is not in other files, or is
/// no such program.
pub(super) fn program(file: &SourceFile) -> Option<Manifest> {
    let text = String::from_utf8_lossy(&file.bytes);
    let code: Vec<&str> =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    let says_nothing = |line: &&str| {
        matches!(
            *line,
            "import setuptools"
                | "from setuptools import setup"
                | "setup()"
                | "setuptools.setup()"
                | "#!/usr/bin/env python"
        ) || (line.starts_with("if __name__ ==") && line.ends_with(':'))
            || (line.len() > 5 && line.starts_with("\"\"\"") && line.ends_with("\"\"\""))
    };
    // What could bring a package's tool into force, however it is written.
    let means = ["setup", "distutils", "import_module", "__import__", "exec", "eval"];
    let may_ask = |line: &&str| !line.starts_with("def setup(") && means.iter().any(|word| line.contains(*word));
    if code.iter().all(says_nothing) || !code.iter().any(may_ask) {
        return None;
    }
    let open = Some("what it asks for is said by a program that runs to build it".to_owned());
    Some(Manifest { open, ..Manifest::of(file) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::file;

    fn of(text: &str) -> Result<Option<Manifest>, String> {
        configuration(&file("setup.cfg", text))
    }

    #[test]
    fn setup_cfg_says_what_is_asked_for() {
        let text = "[metadata]\nname = A.b\nversion = 1.0\nlicense = MIT\n[options]\ninstall_requires =\n    x >= 1 # why\n    # remark\n    y; os_name == 'nt'\nsetup-requires = w\n[options.extras_require]\nmore =\n  z\n[tool:pytest]\n";
        let one = of(text).unwrap().unwrap();
        let wants: Vec<_> = one.wants.iter().map(|want| (want.name.as_str(), want.usage, want.optional)).collect();
        assert_eq!(
            wants,
            [
                ("x", Usage::Normal, false),
                ("y", Usage::Normal, true),
                ("w", Usage::Build, false),
                ("z", Usage::Normal, true)
            ]
        );
        assert_eq!(
            (one.name.as_deref(), one.version.as_deref(), one.licence.as_deref()),
            (Some("a-b"), Some("1.0"), Some("MIT"))
        );
        assert!(of("[flake8]\nmax = 3\n").unwrap().is_none());
        assert!(of("[metadata]\nversion = attr: a.v\n").unwrap().unwrap().version.is_none());
        let open = of("[options]\ninstall_requires = file: requirements.txt\n").unwrap().unwrap();
        assert!(open.open.unwrap().contains("requirements.txt"));
        assert!(of("[options]\ninstall_requires =\n  a b\n").unwrap_err().contains("no requirement"));
    }

    #[test]
    fn a_program_says_nothing_that_can_be_read() {
        let is_open = |text: &str| program(&file("setup.py", text)).is_some_and(|one| one.open.is_some());
        for stub in [
            "",
            "from setuptools import setup\n\nsetup()\n",
            "#!/usr/bin/env python\nimport setuptools\nif __name__ == \"__main__\":\n    setuptools.setup()\n",
            "import os\ndef setup(app):\n    pass\n",
            "from x import y\nself.prepare()\n",
        ] {
            assert!(!is_open(stub), "{stub}");
        }
        for real in [
            "from setuptools import setup\nsetup(name='a', install_requires=['x'])\n",
            "from distutils.core import setup\nsetup(\n)\n",
            "from setuptools import setup\nfrom os import x\nsetup()\n",
            "import setuptools; setuptools.setup(install_requires=['x'])\n",
        ] {
            assert!(is_open(real), "{real}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String, more in "(\\[options\\]\n)?[a-z=:\n \\[\\];#]{0,60}") {
            for text in [&text, &more] {
                let _ = (of(text), program(&file("setup.py", text.as_str())));
            }
        }
    }
}
