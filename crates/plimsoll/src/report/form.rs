//! A questionnaire of one's own: questions, and which entries and criteria answer each.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::{
    CriterionResult, Outcome, Report, ReportAnswer, ReportCatalog, ReportCrosswalk, ReportEntry, ReportStep, one_line,
};
use plimsoll_practices::{Practices, hint};
use serde::Deserialize;
use toml::Spanned;

use super::{CodeHost, NO_ADVICE, Sources, entry, whole, with_sources};
use crate::Error;

/// Bytes of a questionnaire.
const LARGEST: usize = 1024 * 1024;
/// Questions of one.
const MOST: usize = 1000;
/// Characters of a question, and of any other text of it.
const LONGEST: usize = 4000;
/// Entries and criteria that answer one question.
const MOST_ANSWERS: usize = 50;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    form: Head,
    #[serde(default)]
    question: Vec<Spanned<QuestionFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Head {
    id: String,
    title: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    asked_by: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct QuestionFile {
    id: String,
    text: String,
    #[serde(default)]
    section: String,
    #[serde(default)]
    answered_by: Vec<Spanned<String>>,
}

/// A questionnaire that was checked.
#[derive(Clone, Debug)]
pub struct Form {
    head: ReportCatalog,
    questions: Vec<Question>,
}

#[derive(Clone, Debug)]
struct Question {
    id: String,
    text: String,
    section: String,
    answered_by: Vec<String>,
}

/// Reads a questionnaire. The error says the line, what is wrong and what would be right; a question that names no entry and no
/// criterion is allowed, as only a person can answer it.
pub fn read_form(text: &str, practices: &Practices) -> Result<Form, (usize, String)> {
    if text.len() > LARGEST {
        return Err((1, format!("larger than {LARGEST} bytes; split it")));
    }
    let line = |at: usize| text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
    let file: File = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(1, |span| line(span.start));
        (at, one_line(error.message().lines().next().unwrap_or_default()))
    })?;
    for (name, value) in [("id", &file.form.id), ("title", &file.form.title)] {
        if value.trim().is_empty() {
            return Err((1, format!("the form has no {name}; write {name} = \"...\" under [form]")));
        }
    }
    for value in [&file.form.id, &file.form.title, &file.form.version, &file.form.asked_by] {
        if value.chars().count() > LONGEST {
            return Err((1, format!("a text under [form] has more than {LONGEST} characters; shorten it")));
        }
    }
    let letters = |text: &str| -> String {
        text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    for one in practices.all_catalogs() {
        let names = [&one.id, &one.title, &one.framework].into_iter().chain(&one.aliases).map(|name| letters(name));
        let names: BTreeSet<String> = names.collect();
        if [&file.form.id, &file.form.title].iter().any(|own| names.contains(&letters(own))) {
            let message = format!(
                "the form has the name of the catalog {}, for which it would be taken: give it an id and a title of its own (`plimsoll \
                 report {}` answers that one)",
                one.id, one.id
            );
            return Err((1, message));
        }
    }
    if file.question.is_empty() {
        return Err((1, "it has no [[question]]; add one with id, text and answered-by".to_owned()));
    }
    if file.question.len() > MOST {
        return Err((1, format!("it has more than {MOST} questions; split it")));
    }
    let entries = practices.all_catalogs().iter();
    let entries = entries.flat_map(|one| one.entries.iter().map(move |entry| format!("{}/{}", one.id, entry.id)));
    let known: BTreeSet<String> = entries.chain(practices.criteria().keys().cloned()).collect();
    let (mut questions, mut seen) = (Vec::new(), BTreeMap::new());
    for row in file.question {
        let at = line(row.span().start);
        let row = row.into_inner();
        let named = one_line(&row.id);
        if row.id.trim() != row.id || named != row.id {
            return Err((at, format!("the id \"{named}\" has blanks around it, or characters that are not shown")));
        }
        if named.is_empty() || row.text.trim().is_empty() {
            return Err((at, "a question needs an id and a text".to_owned()));
        }
        if [&row.id, &row.text, &row.section].iter().any(|text| text.chars().count() > LONGEST) {
            return Err((at, format!("a text of this question has more than {LONGEST} characters; shorten it")));
        }
        if let Some(first) = seen.insert(row.id.clone(), at) {
            return Err((at, format!("question \"{named}\" is in line {first} already; give it another id")));
        }
        if row.answered_by.len() > MOST_ANSWERS {
            return Err((at, format!("question \"{named}\" names more than {MOST_ANSWERS} entries")));
        }
        let mut answered_by: Vec<String> = Vec::new();
        for id in row.answered_by {
            let at = line(id.span().start);
            let id = id.into_inner();
            if !known.contains(&id) {
                let like = hint(&id, known.iter().map(String::as_str));
                let id = one_line(&id);
                return Err((
                    at,
                    format!("\"{id}\" is no entry and no criterion{like}; `plimsoll catalog list` lists them"),
                ));
            }
            if answered_by.contains(&id) {
                return Err((at, format!("question \"{named}\" names \"{}\" twice", one_line(&id))));
            }
            answered_by.push(id);
        }
        questions.push(Question { id: row.id, text: row.text, section: row.section, answered_by });
    }
    let (id, title, version) = (file.form.id, file.form.title, file.form.version);
    Ok(Form { head: ReportCatalog { id, title, version, source: file.form.asked_by }, questions })
}

/// Answers every question of `form` by `evidence`: by evidence where all that the question names is answered by it, by the maker's
/// word where some of it is, else open.
pub fn report_form(
    evidence: &plimsoll_model::Evidence,
    form: &Form,
    practices: &Practices,
    repository: Option<&CodeHost>,
) -> Result<Report, Error> {
    with_sources(evidence, practices, repository, |sources| {
        let entries = form.questions.iter().map(|question| answered(question, sources)).collect();
        let reading = vec![
            "Which evidence answers which question is the reading of whoever wrote the questionnaire's `answered-by`."
                .to_owned(),
            NO_ADVICE.to_owned(),
        ];
        whole(sources, form.head.clone(), entries, Vec::new(), reading)
    })
}

fn answered(question: &Question, sources: &Sources<'_>) -> ReportEntry {
    let parts: Vec<ReportCrosswalk> =
        question.answered_by.iter().filter_map(|id| entry::crosswalk(id, sources)).collect();
    let (mut criteria, mut reasons, mut claimed) = (Vec::new(), Vec::new(), None);
    let mut contradicted = false;
    for id in &question.answered_by {
        let found: Vec<&str> = if let Some(result) = entry::entry_result(id, &sources.answers.catalogs) {
            if let Some(judged) = entry::judged_entry(id, result, sources) {
                reasons.push(format!("{id}: {}", judged.reason));
                contradicted |= judged.contradicted;
            }
            claimed = claimed.or_else(|| result.claimed.clone());
            result.supported_by.iter().map(|support| support.criterion.as_str()).collect()
        } else {
            let Some(one) = entry::criterion(sources, id) else { continue };
            reasons.push(one.reason.clone());
            vec![id.as_str()]
        };
        for one in found.into_iter().filter_map(|id| entry::criterion(sources, id)) {
            if !criteria.iter().any(|other: &&CriterionResult| other.id == one.id) {
                criteria.push(one);
            }
        }
    }
    let answer = match parts.iter().map(|part| part.answer).max() {
        Some(answer) if !contradicted => answer,
        _ => ReportAnswer::Open,
    };
    let outcome = together(&parts);
    let reason = if parts.is_empty() { "only a person can answer it".to_owned() } else { reasons.join("; ") };
    ReportEntry {
        id: question.id.clone(),
        group: question.section.clone(),
        asks: question.text.clone(),
        class: None,
        answer,
        outcome,
        assurance: (answer != ReportAnswer::Open)
            .then(|| parts.iter().filter_map(|part| part.assurance).min())
            .flatten(),
        reason,
        contradicted,
        searched: entry::searched(&criteria, sources),
        // What was read and did not decide it shows nothing.
        places: if outcome == Outcome::Unknown {
            Vec::new()
        } else {
            entry::places(&entry::seen(&criteria, sources), sources)
        },
        claimed,
        to_close: if answer == ReportAnswer::Open { to_close(&parts, &criteria) } else { Vec::new() },
        criteria: criteria.iter().map(|one| entry::shown_criterion(one)).collect(),
        crosswalk: parts,
        shows: BTreeMap::new(),
    }
}

/// What several outcomes are together: met where all are, in part where some are.
fn together(parts: &[ReportCrosswalk]) -> Outcome {
    let count = |outcome: Outcome| parts.iter().filter(|part| part.outcome == outcome).count();
    let (met, none) = (count(Outcome::Met), count(Outcome::NotApplicable));
    match parts.len() {
        0 => Outcome::Unknown,
        all if none == all => Outcome::NotApplicable,
        all if met + none == all => Outcome::Met,
        _ if met + count(Outcome::Partial) > 0 => Outcome::Partial,
        _ if count(Outcome::Unmet) > 0 => Outcome::Unmet,
        _ => Outcome::Unknown,
    }
}

fn to_close(parts: &[ReportCrosswalk], criteria: &[&CriterionResult]) -> Vec<ReportStep> {
    let mut steps: Vec<ReportStep> = criteria.iter().filter_map(|one| entry::step(one)).collect();
    for part in parts.iter().filter(|part| part.answer == ReportAnswer::Open && part.id.contains('/')) {
        if steps.is_empty() {
            steps.push(entry::claim_step(&part.id, &part.title));
        }
    }
    steps
}
