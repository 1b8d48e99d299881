//! Every part in base64 of every attestation that is good, damaged in turn: none of them may be verified.

use super::*;

/// Calls `with` for every text in `value` that is base64 of some length, with a change to it.
fn each(value: &Value, with: &mut dyn FnMut(&Value, &str)) {
    let mut places = Vec::new();
    collect(value, String::new(), &mut places);
    for place in places {
        let text = value.pointer(&place).and_then(Value::as_str).unwrap();
        let last = text.trim_end_matches('=').len() - 1;
        for at in [0, last / 4, last / 2, last / 4 * 3, last] {
            let mut changed = text.to_owned();
            let old = text.as_bytes()[at];
            // Another letter of the alphabet, several bits away.
            let new = if old == b'Q' { "w" } else { "Q" };
            changed.replace_range(at..=at, new);
            let mut damaged = value.clone();
            *damaged.pointer_mut(&place).unwrap() = Value::String(changed);
            with(&damaged, &format!("{place} at {at}"));
        }
    }
}

fn collect(value: &Value, place: String, places: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            let packed =
                text.len() >= 8 && base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text).is_ok();
            // What is decoded by nobody is no part in base64 though it reads like one.
            let named = ["/keyid", "/mediaType", "/kind", "/algorithm", "/workflow", "/environment", "/repository"];
            if packed && !named.iter().any(|name| place.ends_with(name)) {
                places.push(place);
            }
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(at, one)| collect(one, format!("{place}/{at}"), places));
        }
        Value::Object(map) => map.iter().for_each(|(name, one)| collect(one, format!("{place}/{name}"), places)),
        _ => {}
    }
}

/// Damages every document of `file` (one, or one in a line) and asks about each.
pub(super) fn none_is_verified(name: &str, file: &[u8], ask: &dyn Fn(&[u8]) -> bool) -> usize {
    assert!(ask(file), "{name}");
    let text = std::str::from_utf8(file).unwrap();
    let lines: Vec<&str> = match serde_json::from_str::<Value>(text) {
        Ok(_) => vec![text],
        Err(_) => text.lines().collect(),
    };
    let mut count = 0;
    for (number, line) in lines.iter().enumerate() {
        let value: Value = serde_json::from_str(line).unwrap();
        each(&value, &mut |damaged, place| {
            let mut all: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
            all[number] = damaged.to_string();
            assert!(!ask(all.join("\n").as_bytes()), "{name}: damaged {place} and still verified");
            count += 1;
        });
    }
    count
}

#[test]
fn no_shared_attestation_is_verified_when_a_part_of_it_is_damaged() {
    let Some((folder, cases)) = cases() else { return };
    let mut count = 0;
    for case in cases.iter().filter(|case| case["expect"] == "pass") {
        let file = std::fs::read(folder.join(case["path"].as_str().unwrap())).unwrap();
        let trust = case_trust(&folder, case).unwrap();
        let question = case_question_of(case, &file);
        count += none_is_verified(case["case"].as_str().unwrap(), &file, &|file| {
            trust.answer(file, &question).is_verified()
        });
    }
    assert!(count > 500, "{count}");
}
