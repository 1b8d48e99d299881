//! An input that was not given is no answer: neither "yes" nor "no".

use plimsoll_practices::Practices;
use plimsoll_testkit::Repo;

use crate::{common::label_json, label::demo};

/// Kinds that are filled by what is given next to the repository, and the flag that gives it.
const GIVEN: &[(&str, &str)] = &[
    ("artifact", "--artifact"),
    ("attestation", "--attestation"),
    ("signature-file", "--artifact"),
    ("checksum-file", "--artifact"),
    ("package-comparison", "--artifact"),
    ("binary-dependencies", "--artifact"),
    ("countersignature", "--with"),
    ("continuity", "--previous"),
    ("tag-signature", "--trust"),
];

#[test]
fn what_was_not_given_is_neither_yes_nor_no() {
    let practices = Practices::embedded(&plimsoll::kind_names()).unwrap_or_else(|problems| panic!("{problems}"));
    let bare = Repo::new().file("README.md", "A program.\n").file("main.c", "int main() { return 0; }\n");
    let mut wrong = Vec::new();
    let mut asked = 0;
    for (name, repo) in [("bare", bare.commit("first")), ("demo", demo().commit("first").tag("v1.2.3"))] {
        let label = label_json(repo.path());
        for found in label["predicate"]["criteria"].as_array().unwrap() {
            let criterion = &practices.criteria()[found["id"].as_str().unwrap()];
            let Some((_, flag)) = GIVEN.iter().find(|(kind, _)| criterion.needs.iter().any(|need| need == kind)) else {
                continue;
            };
            asked += 1;
            if matches!(found["outcome"].as_str(), Some("unmet" | "partial")) {
                wrong.push(format!(
                    "{} over {name}: {} without {flag}: {}",
                    criterion.id, found["outcome"], found["reason"]
                ));
            }
        }
    }
    assert!(asked > 20, "{asked}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
