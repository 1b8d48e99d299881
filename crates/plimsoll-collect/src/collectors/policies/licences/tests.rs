//! Files that hold a licence and nothing else, and files that hold more.

use super::*;
use crate::collectors::policies::start;

fn read_file(text: &str) -> PolicyFact {
    let mut fact = start("licence", "LICENSE", text);
    read(text, &mut fact, jiff::civil::date(2026, 11, 1));
    fact
}

/// The text of a licence with its placeholders filled in.
fn text(id: &str) -> String {
    let text = spdx::license_id(id).unwrap().text();
    text.replace("<year>", "2024").replace("<copyright holders>", "Ada Lovelace").replace("<owner>", "Acme Ltd")
}

fn is_clean(text: &str, ids: &[&str]) {
    let fact = read_file(text);
    assert_eq!((fact.licences.as_slice(), &fact.problems), (ids, &vec![]), "{text}");
    assert!(matches!(fact.statement, Some(Statement::Stated | Statement::Elsewhere)));
}

fn is_doubtful(text: &str, says: &str) {
    let fact = read_file(text);
    assert_eq!(fact.statement, Some(Statement::NotUnderstood), "{text}");
    assert!(fact.problems.iter().any(|problem| problem.contains(says)), "{:?}\n{text}", fact.problems);
}

#[test]
fn each_licence_is_its_own_text() {
    for id in texts::IDS {
        let found = read_file(&text(id));
        assert_eq!((found.licences.as_slice(), &found.problems), ([*id].as_slice(), &vec![]), "{id}");
        // The same in one long line for each paragraph, in capitals.
        let found = read_file(&text(id).to_uppercase());
        assert_eq!(found.licences, [*id], "{id}");
    }
}

#[test]
fn what_any_licence_file_has_is_no_more() {
    let mit = text("MIT");
    for more in [
        "The MIT License (MIT)\n=====================\n",
        "# MIT License\n",
        "Copyright (c) 2009-2014 TJ Holowaychuk <tj@vision-media.ca>\nCopyright © 2015, Jane Roe and contributors\n",
        "Copyright The Acme Authors. All rights reserved.\n",
        "SPDX-License-Identifier: MIT\n\n---\n",
        "This project is licensed under the terms of the MIT license.\n",
        "https://opensource.org/licenses/MIT\n",
        "All rights reserved.\n",
    ] {
        is_clean(&format!("{more}\n{mit}"), &["MIT"]);
        is_clean(&format!("{mit}\n{more}"), &["MIT"]);
    }
    let both = format!("{mit}\n\n-----\n\n{}", text("Apache-2.0"));
    let fact = read_file(&both);
    assert_eq!((fact.licences.len(), fact.problems.len()), (2, 0), "{:?}", fact.problems);
    // Without the part on how to apply it.
    let apache = text("Apache-2.0");
    is_clean(&apache[..apache.find("END OF TERMS").unwrap() + 27], &["Apache-2.0"]);
    let bsd = text("BSD-3-Clause");
    is_clean(&bsd.replace("the copyright holder nor", "Acme Ltd. and Partners nor"), &["BSD-3-Clause"]);
    is_clean(
        &bsd.replace("COPYRIGHT HOLDERS AND CONTRIBUTORS \"AS", "REGENTS AND CONTRIBUTORS \"AS"),
        &["BSD-3-Clause"],
    );
    is_clean(include_str!("../../../../../../LICENSE-MIT"), &["MIT"]);
    is_clean(include_str!("../../../../../../LICENSE-APACHE"), &["Apache-2.0"]);
}

/// Each of these was an open-source licence for a program that only looks for sentences of the licence.
#[test]
fn more_than_the_licence_is_doubtful() {
    let mit = text("MIT");
    for more in [
        "\"Commons Clause\" License Condition v1.0\n\nThe Software is provided to you by the Licensor under the License, as defined\nbelow, subject to the following condition. Without limiting other conditions in the License, the grant of\nrights under the License will not include the right to Sell the Software.\n",
        "The software may not be used for commercial purposes.\n",
        "Non-commercial use only.\n",
        "Versions after 3.0 are proprietary.\n",
        "Later versions of this software are licensed under the Business Source License.\n",
        "The files of this repository have several licenses, some of which are proprietary.\n",
        "Everything under ee/ needs a subscription.\n",
        "The Software shall be used for Good, not Evil.\n",
        "You may not provide the software to third parties as a hosted or managed service.\n",
        "Use by the military is excluded.\n",
        "Companies with more than 10 employees have to buy a licence.\n",
        "Copyright (c) 2024 Acme. Commercial use is prohibited.\n",
        "Copyright (c) 2024 Acme, for personal use\n",
        "(c) 2024 Acme. Not for production.\n",
        "See also https://acme.example/commercial-terms\n",
        "This license does not apply to the folder enterprise.\n",
        "You may use this software in 1 project.\n",
        "Use in one project.\n",
        "Nicht für kommerzielle Zwecke.\n",
        "商業利用は禁止されています。\n",
    ] {
        is_doubtful(&format!("{more}\n{mit}"), "of it");
        is_doubtful(&format!("{mit}\n{more}"), "of it");
        let (first, second) = mit.split_at(mit.find("The above copyright").unwrap());
        is_doubtful(&format!("{first}{more}\n{second}"), "of it");
        is_doubtful(&format!("{}\n{more}", text("Apache-2.0")), "Apache-2.0");
        is_doubtful(&format!("{more}{}", text("GPL-3.0-only")), "GPL-3.0-only");
    }
}

#[test]
fn a_word_more_or_less_is_doubtful() {
    let (mit, bsd) = (text("MIT"), text("BSD-3-Clause"));
    for (written, instead) in [
        ("is hereby granted", "is hereby not granted"),
        ("in the Software without restriction", "in the Software without restriction for non-commercial purposes"),
        ("distribute, sublicense, and/or sell", "distribute and/or sublicense"),
        ("to any person", "to any natural person"),
        ("free of charge", "for a fee"),
        ("THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE", "THE USER, WHO MAY NOT SELL IT, BE LIABLE"),
    ] {
        assert!(mit.contains(written) || written.starts_with("THE"), "{written}");
        is_doubtful(&mit.replace(written, instead), "MIT");
    }
    for (written, instead) in [
        ("are permitted provided", "are not permitted provided"),
        ("source and binary forms", "source forms"),
        ("with or without modification", "without modification"),
        ("the copyright holder nor", "the copyright holder, which must be paid for use, nor"),
    ] {
        assert!(bsd.contains(written), "{written}");
        is_doubtful(&bsd.replace(written, instead), "BSD");
    }
    // Half of a licence.
    is_doubtful(&mit[..mit.len() / 2], "no licence that is recognised");
    is_doubtful(&format!("{}\nmore", mit.replace("THE SOFTWARE IS PROVIDED \"AS IS\"", "")), "most of the text");
}

#[test]
fn other_licences_are_named_by_their_titles() {
    for (title, id) in [
        ("Business Source License 1.1\n\nParameters\n\nLicensor: Acme\n", "BUSL-1.1"),
        ("## Elastic License 2.0\n\nThe licensor grants you\n", "Elastic-2.0"),
        ("                     Server Side Public License\n            VERSION 1\n", "SSPL-1.0"),
    ] {
        assert_eq!(read_file(title).licences, [id]);
    }
    // One that is only spoken of is not the licence.
    let spoken = "Acme licence\n\nYou may use it.\n\nOnce it was under the\nBusiness Source License 1.1.\n";
    assert_eq!((read_file(spoken).licences.len(), read_file(spoken).statement), (0, Some(Statement::NotUnderstood)));
}

const APACHE_NOTICE: &str = "Copyright 2021 The Acme Authors.\n\nLicensed under the Apache License, Version 2.0 (the \"License\");\nyou may not use this file except in compliance with the License.\nYou may obtain a copy of the License at\n\n    http://www.apache.org/licenses/LICENSE-2.0\n\nUnless required by applicable law or agreed to in writing, software\ndistributed under the License is distributed on an \"AS IS\" BASIS,\nWITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.\nSee the License for the specific language governing permissions and\nlimitations under the License.\n";

#[test]
fn a_file_may_only_name_its_licences() {
    for (text, ids) in [
        (
            "This project is dual-licensed under the Unlicense and MIT licenses.\n\nYou may use this code under the terms of either license.\n",
            ["Unlicense", "MIT"].as_slice(),
        ),
        ("MIT OR Apache-2.0", &["Apache-2.0", "MIT"]),
        (APACHE_NOTICE, &["Apache-2.0"]),
        (
            "Licensed under either of\n\n * Apache License, Version 2.0 (LICENSE-APACHE or http://www.apache.org/licenses/LICENSE-2.0)\n * MIT license (LICENSE-MIT or http://opensource.org/licenses/MIT)\n\nat your option.\n",
            &["Apache-2.0", "MIT"],
        ),
    ] {
        let fact = read_file(text);
        assert_eq!((fact.licences.as_slice(), fact.statement), (ids, Some(Statement::Elsewhere)), "{text}");
    }
    is_doubtful(&format!("{APACHE_NOTICE}\nThe folder ee is not.\n"), "no licence that is recognised");
    is_doubtful(&APACHE_NOTICE.replace("may not use", "may use"), "no licence that is recognised");
    for text in [
        "Licensed under the MIT license, except the folder ee.\n\nSee ee/LICENSE.\n",
        "MIT for personal use\n\nAsk us for a commercial license.\n",
        "This project is licensed under the GPL and MIT.\n\nYou may use both.\n",
        "MIT license\nCopyright 2024 Acme, not for commercial use\n",
        "Free for open source\nMIT\n",
    ] {
        is_doubtful(text, "no licence that is recognised");
    }
}

#[test]
fn manifests_that_say_something_else_are_seen() {
    for (path, text, says) in [
        ("package.json", r#"{"license": "UNLICENSED"}"#, "UNLICENSED"),
        ("package.json", r#"{"license": "SEE LICENSE IN terms.pdf"}"#, "terms.pdf"),
        ("package.json", r#"{"license": "SEE LICENSE IN ../../../x"}"#, ""),
        ("package.json", r#"{"license": "BUSL-1.1"}"#, "BUSL-1.1"),
        ("package.json", r#"{"license": "LicenseRef-Acme"}"#, "LicenseRef-Acme"),
        ("package.json", r#"{"license": "MIT AND Elastic-2.0"}"#, "MIT AND Elastic-2.0"),
        ("package.json", r#"{"licenses": [{"type": "Commons-Clause"}, {"type": "LicenseRef-x"}]}"#, "LicenseRef-x"),
        ("composer.json", r#"{"license": "proprietary"}"#, "proprietary"),
        ("Cargo.toml", "[package]\nlicense = \"LicenseRef-Proprietary\"", "Proprietary"),
        ("Cargo.toml", "[workspace.package]\nlicense = \"BUSL-1.1\"", "BUSL-1.1"),
        ("Cargo.toml", "[package]\nlicense-file = \"EULA.txt\"", "eula.txt"),
        ("pyproject.toml", "[project]\nlicense = {text = \"Proprietary\"}", "Proprietary"),
        ("pyproject.toml", "[project]\nlicense = \"MIT AND LicenseRef-x\"", "LicenseRef-x"),
    ] {
        let found = in_manifest(path, text);
        let problem = found.first().map(|fact| fact.problems[0].to_lowercase()).unwrap_or_default();
        assert!(problem.contains(&says.to_lowercase()), "{text}: {problem}");
    }
    for (path, text) in [
        ("package.json", r#"{"license": "MIT"}"#),
        ("package.json", r#"{"license": "(MIT OR Apache-2.0)"}"#),
        ("package.json", r#"{"license": "MIT OR LicenseRef-Commercial"}"#),
        ("package.json", r#"{"license": "SEE LICENSE IN LICENSE"}"#),
        ("package.json", r#"{"licenses": [{"type": "MIT"}]}"#),
        ("package.json", "{"),
        ("package.json", r#"{"name": "x"}"#),
        ("composer.json", r#"{"license": ["MIT", "proprietary"]}"#),
        ("Cargo.toml", "[package]\nlicense = \"Unlicense OR MIT\""),
        ("Cargo.toml", "[package]\nlicense = \"MIT/Apache-2.0\""),
        ("Cargo.toml", "[package]\nlicense = \"Apache-2.0 WITH LLVM-exception\""),
        ("Cargo.toml", "[package]\nlicense.workspace = true"),
        ("pyproject.toml", "[project]\nlicense = {file = \"LICENSE.txt\"}"),
        ("pyproject.toml", "[project]\nlicense = {text = \"BSD\"}"),
    ] {
        assert_eq!(in_manifest(path, text), [], "{text}");
    }
}

#[test]
fn a_long_file_is_not_compared() {
    is_doubtful(&"word ".repeat(MOST_WORDS + 1), "more than");
    is_doubtful(&"word \n".repeat(MOST_WORDS), "no licence");
}
