//! Licences by sentences that stand in no other.

use jiff::civil::Date;

use super::PolicyFact;

/// SPDX id; all of these have to stand in the text; none of those may.
const SIGNS: &[(&str, &[&str], &[&str])] = &[
    (
        "MIT",
        &["permission is hereby granted, free of charge", "the above copyright notice and this permission notice"],
        &["except as contained in this notice"],
    ),
    ("Apache-2.0", &["apache license", "version 2.0, january 2004"], &[]),
    ("BSD-3-Clause", &["redistribution and use in source and binary forms", "neither the name"], &[]),
    (
        "BSD-2-Clause",
        &["redistribution and use in source and binary forms"],
        &["neither the name", "may be used to endorse"],
    ),
    (
        "ISC",
        &["permission to use, copy, modify, and/or distribute this software for any purpose with or without fee"],
        &[],
    ),
    (
        "ISC",
        &["permission to use, copy, modify, and distribute this software for any purpose with or without fee"],
        &[],
    ),
    ("MPL-2.0", &["mozilla public license", "version 2.0"], &["gnu general public license version"]),
    ("AGPL-3.0-only", &["gnu affero general public license", "version 3, 19 november 2007"], &[]),
    (
        "GPL-3.0-only",
        &["gnu general public license", "version 3, 29 june 2007"],
        &[
            "gnu lesser general public license version 3",
            "gnu affero general public license\n version 3",
            "additional permissions listed below",
        ],
    ),
    (
        "LGPL-3.0-only",
        &["gnu lesser general public license", "version 3, 29 june 2007", "additional permissions listed below"],
        &[],
    ),
    ("LGPL-2.1-only", &["gnu lesser general public license", "version 2.1, february 1999"], &[]),
    ("GPL-2.0-only", &["gnu general public license", "version 2, june 1991"], &[]),
    ("Unlicense", &["this is free and unencumbered software released into the public domain"], &[]),
    ("CC0-1.0", &["cc0 1.0 universal"], &[]),
    ("Zlib", &["this software is provided 'as-is'", "altered source versions must be plainly marked"], &[]),
    ("BSL-1.0", &["boost software license - version 1.0"], &[]),
    ("EPL-2.0", &["eclipse public license - v 2.0"], &[]),
    ("BUSL-1.1", &["business source license 1.1"], &[]),
    ("0BSD", &["permission to use, copy, modify, and/or distribute this software for any", "bsd zero clause"], &[]),
];

pub(super) fn read(text: &str, fact: &mut PolicyFact, _: Date) {
    let plain = text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    for (id, all, none) in SIGNS {
        let found = all.iter().all(|sign| plain.contains(sign)) && !none.iter().any(|sign| plain.contains(sign));
        if found && !fact.licences.contains(id) {
            fact.licences.push(id);
        }
    }
    // A file that only names its licences, as many dual-licensed projects have it, says what it says.
    if fact.licences.is_empty() && fact.lines < 2 {
        fact.problems.push("it says next to nothing".to_owned());
    }
}
