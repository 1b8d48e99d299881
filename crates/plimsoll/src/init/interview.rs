//! The state of an interview: which question is next, and which replies there are. It knows no terminal and no file.

use std::collections::BTreeMap;

use plimsoll_practices::Practices;

pub use super::questions::Question;
use super::{
    Confirmed, Known,
    draft::{self, Kept},
    questions::sequence,
    replies,
};

/// An interview about what is known.
#[derive(Clone)]
pub struct Interview<'a> {
    known: &'a Known,
    practices: &'a Practices,
    replies: BTreeMap<String, String>,
    /// The digest of each question that has a reply.
    asked: BTreeMap<String, String>,
}

impl<'a> Interview<'a> {
    /// One without replies.
    pub fn new(known: &'a Known, practices: &'a Practices) -> Self {
        Self { known, practices, replies: BTreeMap::new(), asked: BTreeMap::new() }
    }

    /// Goes on with what is kept in the text of a draft. A reply confirms what its question shows: where the source has
    /// changed since, and the question with it, it is asked again. Gives those that were taken, with their questions.
    pub fn resume(&mut self, text: &str) -> Vec<(Question, String)> {
        let kept = draft::read(text);
        let mut taken = Vec::new();
        while let Some(question) = self.following(&kept) {
            let Some(kept) = kept.get(&question.id) else { break };
            if self.reply(&question, &kept.reply).is_ok() {
                taken.push((question, kept.reply.clone()));
            }
        }
        taken
    }

    /// The next question without a reply that `kept` has a good one for.
    fn following(&self, kept: &BTreeMap<String, Kept>) -> Option<Question> {
        let open = sequence(self.known, self.practices, &self.replies).into_iter();
        open.filter(|question| !self.replies.contains_key(&question.id)).find(|question| {
            kept.get(&question.id).is_some_and(|kept| {
                kept.asked == question.digest() && replies::check(question, &kept.reply, self.known).is_ok()
            })
        })
    }

    /// The next question, its number and how many there are as far as that is known.
    pub fn next(&self) -> Option<(usize, usize, Question)> {
        let all = sequence(self.known, self.practices, &self.replies);
        let count = all.len();
        let open = all.into_iter().enumerate().find(|(_, question)| !self.replies.contains_key(&question.id));
        open.map(|(at, question)| (at + 1, count, question))
    }

    /// Takes the reply to a question, or says why it is none. An empty one is the question's default.
    pub fn reply(&mut self, question: &Question, text: &str) -> Result<(), String> {
        let kept = replies::check(question, text, self.known)?;
        self.replies.insert(question.id.clone(), kept);
        self.asked.insert(question.id.clone(), question.digest());
        Ok(())
    }

    /// The text in which the replies are kept until the end.
    pub fn draft(&self) -> String {
        draft::write(self.replies.iter().map(|(id, reply)| {
            let asked = self.asked.get(id).cloned().unwrap_or_default();
            (id.as_str(), Kept { asked, reply: reply.clone() })
        }))
    }

    /// How many replies there are.
    pub fn answered(&self) -> usize {
        self.replies.len()
    }

    /// What they confirm.
    pub fn confirmed(&self) -> Confirmed {
        replies::confirm(self.known, self.practices, &self.replies)
    }
}
