//! Phrases in every writing, and what is none.

use super::{
    super::{blocks::Blocks, samples::Random},
    *,
};

fn find(text: &[u8]) -> Vec<Phrase> {
    super::find(text, &Blocks::of(text).phrases)
}

fn count(text: &str) -> usize {
    find(text.as_bytes()).len()
}

#[test]
fn the_list_is_whole_and_in_order() {
    assert_eq!((LIST.words.len(), LIST.words.is_sorted()), (2048, true));
    assert!(LIST.words.iter().enumerate().all(|(number, word)| LIST.number_of(word) == Some(number)));
    assert!(LIST.words.iter().all(|word| (3..=8).contains(&word.len())));
    assert_eq!((LIST.number_of(b"the"), LIST.number_of(b""), LIST.number_of(b"abandonn")), (None, None, None));
    assert_eq!((LIST.number_of(b"Abandon"), LIST.number_of(b"ZOO")), (Some(0), Some(2047)));
}

#[test]
fn phrases_of_every_length_are_found_in_every_writing() {
    for (seed, bytes) in [(1, 16), (2, 20), (3, 24), (4, 28), (5, 32), (6, 16), (7, 32)] {
        let phrase = of_entropy(&Random::of(seed).bytes(bytes));
        let words: Vec<&str> = phrase.split(' ').collect();
        let numbered = |form: fn(usize, &str) -> String, between: &str| {
            let rows: Vec<String> = (1..).zip(&words).map(|(number, word)| form(number, word)).collect();
            rows.join(between)
        };
        let title = |word: &str| format!("{}{}", word[..1].to_uppercase(), &word[1..]);
        for text in [
            phrase.clone(),
            format!("MNEMONIC=\"{phrase}\"\n"),
            format!("mnemonic: {phrase}\n"),
            format!("MNEMONIC={phrase}\nNEXT=1\n"),
            format!("x\n{phrase}\ny\n"),
            format!("\"{{\\\"seed\\\":\\\"{phrase}\\\"}}\""),
            format!("const words = [\"{}\"];", words.join("\", \"")),
            format!("const words = ['{}'];", words.join("',\n  '")),
            words.join(","),
            words.join(", "),
            words.join(",\n    "),
            phrase.to_uppercase(),
            format!("SEED = '{}'\n", phrase.to_uppercase()),
            words.iter().map(|word| title(word)).collect::<Vec<_>>().join(" "),
            phrase.replace(' ', "  "),
            phrase.replace(' ', "\t"),
            phrase.replace(' ', "\n"),
            phrase.replace(' ', "\r\n"),
            format!("the seed:\n\n{}\n\nkeep it\n", phrase.replace(' ', "\n")),
            format!("words = \"\"\"\n{}\n\"\"\"\n", phrase.replace(' ', "\n")),
            format!("seed:\n  - {}\nnext: 1\n", words.join("\n  - ")),
            format!("seed:\n  - \"{}\"\nnext: 1\n", words.join("\"\n  - \"")),
            numbered(|number, word| format!("{number}. {word}"), "\n"),
            numbered(|number, word| format!("{number}. {word}"), " "),
            numbered(|number, word| format!("{number}) {}", word.to_uppercase()), "\n"),
            numbered(|number, word| format!("{number:02}: {word}"), "\r\n"),
            numbered(|number, word| format!("{number} {word}"), "\n"),
            format!("Seed phrase:\n{}\n", numbered(|number, word| format!("  {number}.  {word}"), "\n")),
            format!("{phrase}\nand another line of the words about it\n"),
        ] {
            let found = find(text.as_bytes());
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].value, phrase.as_bytes());
            let first = text.as_bytes()[found[0].start..found[0].end].to_ascii_lowercase();
            assert!(first.starts_with(words[0].as_bytes()) && first.ends_with(words[words.len() - 1].as_bytes()));
        }
    }
}

#[test]
fn a_phrase_is_found_wherever_it_is() {
    let phrase = of_entropy(&Random::of(1).bytes(16));
    for before in 0..120 {
        for fill in ["x", "about ", "\n", "the quick about above ", "- "] {
            let text = format!("{}=\"{phrase}\"", fill.repeat(before));
            assert_eq!(count(&text), 1, "{text}");
            assert_eq!(count(&format!("{text};\n{}", fill.repeat(before))), 1, "{text}");
        }
    }
    // Of two on lines below each other each is found.
    let other = of_entropy(&Random::of(2).bytes(32));
    assert_eq!(count(&format!("\"{phrase}\", \"{other}\"")), 2);
    assert_eq!(count(&format!("a: {phrase}\nb: {other}\nc: {phrase}\n")), 3);
}

#[test]
fn another_word_another_length_and_prose_are_none() {
    let phrase = of_entropy(&Random::of(1).bytes(16));
    let words: Vec<&str> = phrase.split(' ').collect();
    // Of other last words one in sixteen is right.
    let wrong = LIST.words.iter().filter(|last| {
        let last = String::from_utf8_lossy(last);
        count(&format!("\"{} {last}\"", words[..11].join(" "))) == 1
    });
    assert_eq!(wrong.count(), 128);
    let numbers = |first: usize, step: usize| {
        let rows = words.iter().enumerate().map(|(at, word)| format!("{}. {word}", first + at * step));
        rows.collect::<Vec<_>>().join("\n")
    };
    let list = include_str!("../../../../data/bip39/english.txt");
    for text in [
        words[..11].join(" "),
        format!("{phrase} {}", words[0]),
        format!("and so {phrase} it goes"),
        format!("It was so. {phrase} was what they said."),
        format!("{phrase}."),
        format!("x{phrase}"),
        format!("{phrase}s"),
        phrase.replacen(' ', "\n", 3),
        phrase.replacen(' ', ", ", 3),
        phrase.replacen(words[5], &words[5].to_uppercase(), 1),
        phrase.replacen(words[5], &format!("{}{}", words[5][..2].to_uppercase(), &words[5][2..]), 1),
        phrase.replace(' ', "."),
        phrase.replace(' ', "-"),
        phrase.replace(' ', "_"),
        phrase.replace(' ', "/"),
        phrase.replace(' ', " | "),
        phrase.replace(' ', " = 1\n"),
        phrase.replace(' ', ":\n"),
        format!("zebras\n{}\n", phrase.replace(' ', "\n")),
        format!("{}\nzebras\n", phrase.replace(' ', "\n")),
        format!("['zebras', '{}']", words.join("', '")),
        format!("['{}', 'zebras']", words.join("', '")),
        format!("['{}\", '{}']", words[..6].join("', '"), words[6..].join("', '")),
        format!("{}\n13. zebras\n", numbers(1, 1)),
        numbers(2, 1),
        numbers(1, 2),
        numbers(7, 0),
        format!("{} about", ["abandon"; 11].join(" ")),
        format!("{} junk", ["test"; 11].join(" ")),
        "legal winner thank year wave sausage worth useful legal winner thank yellow".to_owned(),
        list.to_owned(),
        list.replace('\n', " "),
        list.replace('\n', "  "),
        list.replace('\n', "\r\n"),
        list.replace('\n', "\", \""),
        list.to_uppercase(),
        list.lines().rev().collect::<Vec<_>>().join("\n"),
        list.lines().zip(1..).map(|(word, number)| format!("{number}. {word}\n")).collect::<Vec<_>>().concat(),
    ] {
        assert_eq!(count(&text), 0, "{}", text.chars().take(200).collect::<String>());
    }
    // Rows of the list in the order of the alphabet, of any length, either way.
    let list: Vec<&str> = list.lines().collect();
    for between in [" ", "\n"] {
        assert!(list.windows(12).all(|row| count(&format!("\"{}\"", row.join(between))) == 0));
        let back = |row: &[&str]| row.iter().rev().copied().collect::<Vec<_>>().join(between);
        assert!(list.windows(12).all(|row| count(&format!("\"{}\"", back(row))) == 0));
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[a-zA-Z0-9.)# ,\"'\n-]{0,300}", bytes: Vec<u8>) {
        let _ = (find(text.as_bytes()), find(&bytes));
    }

    #[test]
    fn words_of_the_list_by_chance_make_no_more_phrases_than_the_checksum_lets_through(
        words in proptest::collection::vec(0..2048_usize, 11),
        form in 0..4_usize,
    ) {
        let between = [" ", "\n", "\", \"", ", "][form];
        let words: Vec<String> =
            words.iter().map(|word| String::from_utf8_lossy(LIST.words[*word]).into_owned()).collect();
        let lasts = (0..2048).filter(|last| {
            let last = String::from_utf8_lossy(LIST.words[*last]);
            count(&format!("\"{}{between}{last}\"", words.join(between))) == 1
        });
        proptest::prop_assert!(lasts.count() <= 128);
    }
}
