//! From what was found to a file that claims what was confirmed, and nothing else.

use std::collections::BTreeMap;

use jiff::civil::Date;
use plimsoll_collect::{
    claims::{ClaimsDocument, parse},
    profile::Field,
};
use plimsoll_model::body::Answer;
use plimsoll_practices::Practices;
use proptest::prelude::*;

use super::*;

const DAY: Date = Date::constant(2026, 11, 1);

fn practices() -> Practices {
    crate::practices(None).unwrap()
}

/// What a repository would say: values of all fields, and three answers.
fn full() -> Known {
    let value = |field: Field, values: &[&str], sure: bool| {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        (field, Suggestion { values, from: "Cargo.toml:1, x".to_owned(), sure })
    };
    let seen = |catalog: &str, entry: &str, answer| SeenAnswer {
        catalog: catalog.to_owned(),
        entry: entry.to_owned(),
        answer,
        seen: "it is so".to_owned(),
        observed: true,
    };
    Known {
        day: DAY,
        suggestions: BTreeMap::from([
            value(Field::Name, &["acme"], true),
            value(Field::Version, &["1.2.3"], true),
            value(Field::Claimant, &["Ada"], false),
            value(Field::Contact, &["sec@acme.dev"], true),
            value(Field::Url, &["https://acme.dev"], true),
            value(Field::Platforms, &["Linux", "macOS"], false),
            value(Field::Delivery, &["download"], false),
            value(Field::Inside, &["the program acme"], false),
            value(Field::Identifiers, &["pkg:cargo/acme@1.2.3"], false),
            value(Field::UpdateMethod, &["manual"], false),
        ]),
        answers: vec![
            seen("cswp-23", "C.4", Answer::Done),
            seen("ssdf-1.1", "PW.8.1", Answer::Done),
            seen("ssdf-1.1", "PW.8.2", Answer::Done),
            seen("ssdf-1.1", "PS.1.1", Answer::Partly),
            seen("ssdf-1.1", "PO.3.1", Answer::Done),
        ],
        unmet: vec![("cswp-23".to_owned(), "C.1".to_owned(), "4 are known".to_owned())],
    }
}

fn empty() -> Known {
    Known { day: DAY, suggestions: BTreeMap::new(), answers: Vec::new(), unmet: Vec::new() }
}

/// Goes through an interview with these replies, Enter for every other question, and gives the file.
fn interviewed(known: &Known, replies: &[(&str, &str)]) -> (Vec<String>, ClaimsDocument, String) {
    let practices = practices();
    let mut interview = Interview::new(known, &practices);
    let mut asked = Vec::new();
    while let Some((number, of, question)) = interview.next() {
        assert!(number <= of && number == asked.len() + 1, "{number} of {of}: {asked:?}");
        let reply = replies.iter().find(|(id, _)| *id == question.id).map_or("", |(_, reply)| reply);
        interview.reply(&question, reply).unwrap_or_else(|why| panic!("{}: {why}", question.id));
        asked.push(question.id);
    }
    let text = claims_file(known, &interview.confirmed(), &practices);
    let file = parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    (asked, file, text)
}

fn answer<'a>(file: &'a ClaimsDocument, entry: &str) -> Option<&'a str> {
    file.claims.iter().find(|claim| claim.entry == entry).map(|claim| claim.answer.as_str())
}

#[test]
fn a_file_that_nobody_was_asked_about_claims_a_sure_name_and_version_alone() {
    let practices = practices();
    let known = full();
    let text = claims_file(&known, &Confirmed::without_asking(&known), &practices);
    let file = parse(&text).unwrap();
    assert_eq!((file.product.name.as_str(), file.product.version.as_deref()), ("acme", Some("1.2.3")));
    assert!(file.product.claimant.is_none() && file.product.contact.is_none() && file.product.platforms.is_empty());
    assert!(file.claims.is_empty() && file.data.is_empty() && file.exceptions.is_empty());
    assert!(file.scope.identifiers.is_empty() && file.support.status.is_none() && file.support.until.is_none());
    let plain = text.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    for line in [
        "# claimant = \"Ada\" # from Cargo.toml:1, x; a guess",
        "# contact = \"sec@acme.dev\" # from Cargo.toml:1, x\n",
        "# \"PW.8.2\" = \"done\" # seen: it is so",
        "# \"PW.8\" = \"\" # one answer for 2 tasks",
        "# until = 2028-11-01 # the last day of security updates that you promise",
    ] {
        assert!(plain.contains(line), "{line}\n{text}");
    }
    // 19 groups, and no table without a question.
    let groups = text.lines().filter(|line| line.contains("one answer for")).count();
    assert_eq!((groups, text.matches("\n[claims.").count()), (19, 2));
    // Without the # each line that was found is a claim.
    let found = |line: &&str| line.starts_with("# ") && (line.contains("# from ") || line.contains("# seen: "));
    let taken: Vec<String> =
        text.lines().map(|line| if found(&line) { line[2..].to_owned() } else { line.to_owned() }).collect();
    let file = parse(&taken.join("\n")).unwrap();
    assert_eq!((file.product.claimant.as_deref(), answer(&file, "PW.8.2")), (Some("Ada"), Some("done")));
    // What is not sure is no claim, and a version without a name neither.
    let mut guessed = known.clone();
    guessed.suggestions.get_mut(&Field::Name).unwrap().sure = false;
    let text = claims_file(&guessed, &Confirmed::without_asking(&guessed), &practices);
    assert!(!text.lines().any(|line| line.starts_with("name") || line.starts_with("version")), "{text}");
    let text = claims_file(&empty(), &Confirmed::default(), &practices);
    assert!(text.parse::<toml::Table>().unwrap().contains_key("product"), "{text}");
}

#[test]
fn an_interview_takes_at_most_twelve_answers_and_answers_every_practice() {
    let replies =
        [("until", "2028-12-31"), ("cswp-23/C.3", "na"), ("cswp-23/C.5", "na: it uses none"), ("data", "none")];
    let (asked, file, text) = interviewed(&full(), &replies);
    assert_eq!(
        asked,
        [
            "product",
            "claimant",
            "contact",
            "facts",
            "until",
            "update-method",
            "cswp-23/C.3",
            "cswp-23/C.5",
            "shown",
            "practices",
            "data"
        ]
    );
    assert_eq!(file.product.claimant.as_deref(), Some("Ada"));
    assert_eq!((file.product.platforms.len(), file.scope.inside.len()), (2, 1));
    assert_eq!(file.support.until, Some(Date::constant(2028, 12, 31)));
    for (entry, expected) in [
        ("C.1", Some("no")),
        ("C.3", Some("not-applicable")),
        ("C.4", Some("done")),
        ("P.5", Some("not-applicable")),
        ("P.1", None),
        ("PW.8", None),
        ("PW.8.2", Some("done")),
        ("PO.3", Some("no")),
        ("PO.3.1", Some("done")),
        ("PO.3.2", None),
        ("PS.1", None),
        ("PS.1.1", Some("partly")),
        ("RV.3", Some("no")),
    ] {
        assert_eq!(answer(&file, entry), expected, "{entry}\n{text}");
    }
    assert!(text.contains("# seen in part; open: it is so"), "{text}");
    assert_eq!(file.data.len(), 4);
    assert!(file.data.iter().all(|one| one.collects == Some(false) && one.shares == Some(false)));
}

#[test]
fn replies_that_are_none_are_refused_and_say_why() {
    let known = full();
    let practices = practices();
    let mut interview = Interview::new(&known, &practices);
    let mut check = |id: &str, reply: &str, says: Option<&str>| {
        while let Some((.., question)) = interview.next().filter(|(.., question)| question.id != id) {
            let reply = if question.default.is_some() {
                ""
            } else if question.id == "data" {
                "yes"
            } else {
                "no"
            };
            interview.reply(&question, reply).unwrap();
        }
        let (.., question) = interview.next().unwrap();
        let outcome = interview.clone().reply(&question, reply);
        match says {
            Some(says) => assert!(outcome.as_ref().is_err_and(|why| why.contains(says)), "{id} {reply}: {outcome:?}"),
            None => assert_eq!(outcome, Ok(()), "{id} {reply}"),
        }
    };
    check("product", "TODO", Some("placeholder"));
    check("product", "acme 2.0.0", None);
    check("claimant", "Your Name", Some("placeholder"));
    check("claimant", "<b>", Some("placeholder"));
    check("contact", "nobody", Some("no address"));
    check("contact", "security@example.com", Some("samples"));
    check("contact", "security@acme.dev", None);
    check("facts", "yes, please", Some("is none of"));
    check("facts", "url, platforms", None);
    check("facts", "no", None);
    check("until", "soon", Some("no day"));
    check("until", "2026-10-31", Some("has passed"));
    check("until", "no", None);
    check("until", "", None);
    check("update-method", "sometimes", Some("automatic, notice, manual"));
    check("update-method", "a", None);
    check("cswp-23/C.3", "", Some("an answer is needed"));
    check("cswp-23/C.3", "yes", Some("done, partly"));
    check("cswp-23/C.3", "p", Some("done, partly"));
    check("cswp-23/C.3", "na", None);
    check("cswp-23/C.3", "na: TODO", Some("needs a note"));
    check("shown", "maybe", Some("yes, ask"));
    check("practices", "done", Some("seen, no, planned, ask"));
    check("data", "", Some("an answer is needed"));
    check("data", "no", None);
    check("data.personal", "collects", Some("what for"));
    check("data.personal", "collects, sells: x", Some("collects, stores"));
    check("data.personal", ": x", Some("what it does"));
    check("data.personal", "collects, stores: to log in", None);
    check("data.personal", "none", None);
}

#[test]
fn asking_one_by_one_takes_the_own_word() {
    let replies = [
        ("facts", "inside"),
        ("cswp-23/C.3", "partly"),
        ("cswp-23/C.5", "done"),
        ("shown", "ask"),
        ("cswp-23/C.1", "partly"),
        ("cswp-23/C.2", "planned"),
        ("cswp-23/S.2", "done: by mail"),
        ("practices", "ask"),
        ("ssdf-1.1/PW.8", "partly"),
        ("ssdf-1.1/PW.6", "na: nothing is compiled"),
        ("ssdf-1.1/PO.1", "done"),
        ("data", "yes"),
        ("data.personal", "collects, stores: to log in"),
        ("data.location", "none"),
        ("data.sensitive", "none"),
        ("data.derived-or-shared", "none"),
    ];
    let (asked, file, _) = interviewed(&full(), &replies);
    assert_eq!(asked.iter().filter(|id| id.starts_with("ssdf-1.1/")).count(), 19);
    assert!(asked.contains(&"inside".to_owned()));
    for (entry, expected) in [
        ("C.1", "partly"),
        ("C.2", "planned"),
        ("PW.8", "partly"),
        ("PW.6", "not-applicable"),
        ("PO.1", "done"),
        ("PO.3.1", "done"),
        ("PO.3", "no"),
        ("P.5", "planned"),
    ] {
        assert_eq!(answer(&file, entry), Some(expected), "{entry}");
    }
    let personal = file.data.iter().find(|one| one.category == "personal").unwrap();
    assert_eq!((personal.collects, personal.shares, personal.why.as_str()), (Some(true), Some(false), "to log in"));
    let (_, file, _) = interviewed(
        &empty(),
        &[
            ("product", "acme"),
            ("cswp-23/C.3", "no"),
            ("cswp-23/C.5", "no"),
            ("practices", "planned"),
            ("data", "later"),
        ],
    );
    assert_eq!(file.claims.iter().filter(|claim| claim.answer == Answer::Planned).count(), 19 + 5);
    assert!(file.data.is_empty() && file.product.claimant.is_none());
}

#[test]
fn a_draft_goes_on_where_it_ended_and_forgets_what_is_no_answer() {
    let known = full();
    let practices = practices();
    let mut first = Interview::new(&known, &practices);
    for reply in ["acme 9.9.9", "Bo", "", "url"] {
        let (.., question) = first.next().unwrap();
        first.reply(&question, reply).unwrap();
    }
    let mut second = Interview::new(&known, &practices);
    let shown = second.resume(&first.draft());
    let shown: Vec<_> = shown.iter().map(|(question, reply)| (question.id.as_str(), reply.as_str())).collect();
    let expected = [("product", "acme 9.9.9"), ("claimant", "Bo"), ("contact", "sec@acme.dev"), ("facts", "url")];
    assert_eq!(shown, expected);
    assert_eq!(second.confirmed(), first.confirmed());
    assert_eq!(second.next().map(|(number, ..)| number), Some(5));
    // One that is no answer today is asked again, and those behind it are kept.
    let draft = first.draft().replace("\"Bo\"", "\"TODO\"");
    let mut third = Interview::new(&known, &practices);
    assert_eq!(third.resume(&draft).len(), 3);
    assert_eq!(third.next().map(|(.., question)| question.id), Some("claimant".to_owned()));
    for text in [
        "",
        "schema = 1\n[replies]\nclaimant = \"Bo\"\n",
        "schema = 2\n[replies]\nclaimant = \"Bo\"\n",
        "schema = 2\n[replies]\nclaimant = { asked = \"\", reply = \"Bo\" }\n",
        "schema = 2\n[replies]\nx = { asked = \"\", reply = \"y\" }\n",
        "[[[",
        "replies = 3",
    ] {
        let mut other = Interview::new(&known, &practices);
        assert_eq!((other.resume(text).len(), other.answered()), (0, 0), "{text}");
    }
}

#[test]
fn a_draft_answers_no_question_that_looks_different_today() {
    let practices = practices();
    let known = full();
    let mut first = Interview::new(&known, &practices);
    while let Some((.., question)) = first.next() {
        let reply = match question.id.as_str() {
            "cswp-23/C.3" | "cswp-23/C.5" | "data" => "no",
            _ => "",
        };
        first.reply(&question, reply).unwrap();
    }
    let draft = first.draft();
    let check = |change: &dyn Fn(&mut Known), expected: &[&str]| {
        let mut later = full();
        change(&mut later);
        let mut second = Interview::new(&later, &practices);
        second.resume(&draft);
        let mut open = Vec::new();
        while let Some((.., question)) = second.next() {
            second.reply(&question, if question.default.is_some() { "" } else { "no" }).unwrap();
            open.push(question.id);
        }
        assert_eq!(open, expected);
    };
    let value = |field: Field, value: &'static str| {
        move |known: &mut Known| known.suggestions.get_mut(&field).unwrap().values = vec![value.to_owned()]
    };
    check(&|_| (), &[]);
    check(&value(Field::Url, "https://evil.example"), &["facts"]);
    check(&value(Field::Platforms, "Linux, macOS"), &["facts"]);
    check(&value(Field::Identifiers, "pkg:cargo/evil@1.2.3"), &["facts"]);
    check(&value(Field::Name, "evil"), &["product"]);
    check(&value(Field::UpdateMethod, "automatic"), &["update-method"]);
    check(&|known| known.suggestions.get_mut(&Field::Contact).unwrap().from = "x".to_owned(), &["contact"]);
    check(&|known| known.answers[0].answer = Answer::Partly, &["shown"]);
    check(&|known| known.answers[0].seen = "otherwise".to_owned(), &["shown"]);
    check(&|known| known.answers[3].answer = Answer::Done, &["practices"]);
    check(&|known| _ = known.answers.pop(), &["practices"]);
}

#[test]
fn every_answer_that_is_written_was_shown() {
    let practices = practices();
    let mut known = full();
    let said = |catalog: &str, entry: &str, answer| SeenAnswer {
        catalog: catalog.to_owned(),
        entry: entry.to_owned(),
        answer,
        seen: ".bestpractices.json:1".to_owned(),
        observed: false,
    };
    known.answers.extend([
        said("cswp-23", "C.2", Answer::Done),
        said("cswp-23", "C.5", Answer::Done),
        said("ssdf-1.1", "PS.2.1", Answer::Done),
        said("ssdf-1.1", "PO.1.1", Answer::Partly),
    ]);
    let find = |id: &str| {
        let mut interview = Interview::new(&known, &practices);
        while let Some((.., question)) = interview.next() {
            if question.id == id {
                return question;
            }
            let reply = if question.default.is_some() { "" } else { "no" };
            let reply = if matches!(question.id.as_str(), "shown" | "practices") { "ask" } else { reply };
            interview.reply(&question, reply).unwrap();
        }
        panic!("{id}")
    };
    // A reason is one that the maker reads or writes.
    let question = find("cswp-23/C.3");
    assert!(question.about.iter().any(|line| line.contains("it has no accounts")), "{question:?}");
    assert!(find("data").about.iter().any(|line| line.contains("no such data is collected, stored or shared")));
    // What another file says is no default, and nothing that the source shows.
    assert_eq!((find("cswp-23/C.5").default, find("cswp-23/C.2").default), (None, None));
    assert_eq!(
        (find("ssdf-1.1/PS.2").default, find("ssdf-1.1/PO.3").default),
        (Some("no".into()), Some("seen".into()))
    );
    assert!(find("shown").about.iter().any(|line| line.starts_with("C.2 no: ")), "{:?}", find("shown"));
    let listed = find("practices").about;
    for (reply, tasks, rest) in [
        ("", vec!["PO.3.1", "PS.1.1", "PW.8.1", "PW.8.2"], "no"),
        ("planned", vec!["PO.3.1", "PS.1.1", "PW.8.1", "PW.8.2"], "planned"),
        ("no", vec![], "no"),
    ] {
        let replies = [("cswp-23/C.3", "na"), ("cswp-23/C.5", "no"), ("data", "later"), ("practices", reply)];
        let (_, file, text) = interviewed(&known, &replies);
        let own = file.claims.iter().filter(|claim| claim.catalog == "ssdf-1.1");
        let (single, groups): (Vec<_>, Vec<_>) = own.partition(|claim| claim.entry.matches('.').count() > 1);
        let mut entries: Vec<&str> = single.iter().map(|claim| claim.entry.as_str()).collect();
        entries.sort_unstable();
        assert_eq!(entries, tasks, "{reply}\n{text}");
        for claim in single {
            let start = format!("{} {}: ", claim.entry, claim.answer.as_str());
            assert!(listed.iter().any(|line| line.starts_with(&start)), "{start}: {listed:?}");
        }
        assert!(groups.iter().all(|claim| claim.answer.as_str() == rest), "{reply}\n{text}");
        assert_eq!(answer(&file, "C.2"), Some("no"));
    }
}

fn hostile() -> impl Strategy<Value = String> {
    "(\n|\r|\"|'|#|=|\\[|\\]|\\\\|\u{1b}|\u{202e}|\u{85}|\u{2028}|\t|claimant = |\\[claims\\.|\"\"\"|[a-z0-9 é]){0,24}"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever files of the repository say, the file claims what was confirmed, stays TOML, and shows nothing that acts.
    #[test]
    fn nothing_breaks_out(texts in proptest::collection::vec(hostile(), 6)) {
        let practices = practices();
        let mut known = full();
        for (suggestion, text) in known.suggestions.values_mut().zip(texts.iter().cycle()) {
            suggestion.values.push(text.clone());
            suggestion.values[0].clone_from(text);
            suggestion.from.clone_from(text);
            suggestion.sure = false;
        }
        for (answer, text) in known.answers.iter_mut().zip(texts.iter().cycle()) {
            answer.seen.clone_from(text);
        }
        known.unmet[0].2.clone_from(&texts[0]);
        let text = claims_file(&known, &Confirmed::without_asking(&known), &practices);
        let mut table: toml::Table = text.parse().unwrap();
        let mut keys: Vec<String> = table.keys().cloned().collect();
        keys.sort();
        prop_assert_eq!(keys, ["claims", "date", "product", "review-by", "schema", "scope", "support"]);
        let claims = table.remove("claims").unwrap();
        for (_, all) in claims.as_table().unwrap() {
            prop_assert!(all.as_table().unwrap().is_empty());
        }
        for name in ["product", "scope", "support"] {
            prop_assert!(table[name].as_table().unwrap().is_empty());
        }
        let acts = |one: char| one != '\n' && one.is_control() || one == '\u{202e}' || one == '\u{2028}';
        let shows = text.contains(acts);
        prop_assert!(!shows);
        // What is confirmed is read back as it is.
        let mut confirmed = Confirmed::default();
        confirmed.values.insert(Field::Name, vec!["acme".to_owned()]);
        confirmed.values.insert(Field::Claimant, vec![texts[1].clone()]);
        confirmed.answer("cswp-23", "C.3", Answer::NotApplicable, &texts[2]);
        let table: toml::Table = claims_file(&known, &confirmed, &practices).parse().unwrap();
        prop_assert_eq!(table["product"]["claimant"].as_str(), Some(texts[1].as_str()));
        let note = table["claims"]["cswp-23"]["C.3"].get("note").and_then(toml::Value::as_str).unwrap_or_default();
        prop_assert_eq!(note, texts[2].as_str());
        prop_assert_eq!(table["product"].as_table().unwrap().len(), 2);
    }

    /// A reply is taken and read back, or refused; a draft gives back what was taken.
    #[test]
    fn a_reply_is_taken_or_refused(reply in hostile()) {
        let known = full();
        let practices = practices();
        let mut interview = Interview::new(&known, &practices);
        while let Some((.., question)) = interview.next() {
            if interview.reply(&question, &reply).is_err() {
                let plain = match question.id.as_str() {
                    "cswp-23/C.3" | "cswp-23/C.5" | "data" => "no",
                    _ => "",
                };
                interview.reply(&question, plain).unwrap();
            }
        }
        let text = claims_file(&known, &interview.confirmed(), &practices);
        prop_assert!(parse(&text).is_ok(), "{}", text);
        let mut again = Interview::new(&known, &practices);
        again.resume(&interview.draft());
        prop_assert_eq!(again.confirmed(), interview.confirmed());
    }
}
