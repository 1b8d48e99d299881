//! What several forms of the label read out of it in the same way.

use jiff::civil::Date;
use plimsoll_model::{
    Assurance, CriterionResult, EntryResult, Input, InputId, Missing, Rung, Sign, SourceRung, SourceView, Statement,
};

use crate::{row::Shown, words};

/// A label with the questions that its readers ask.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) statement: &'a Statement,
    /// The day on which it is read, where that is known.
    on: Option<Date>,
}

/// The plain name where there is one.
pub(crate) fn plain<'a>(plain: Option<&'a str>, name: &'a str) -> &'a str {
    plain.filter(|plain| !plain.trim().is_empty()).unwrap_or(name)
}

/// `Checked (Verified)`; the one name where there is one only, or both are the same.
pub(crate) fn names(plain: Option<&str>, name: &str) -> String {
    let (plain, name) = (words::clean(self::plain(plain, name)), words::clean(name));
    if plain == name || name.is_empty() { plain } else { format!("{plain} ({name})") }
}

/// The advisory data behind the label.
struct AdvisoryData {
    source: String,
    date: Option<Date>,
    /// Days from the data's date to the moment of the label; negative when the data is newer.
    age: Option<i32>,
    /// How many advisories it holds, where that is told of data that was given.
    count: Option<u64>,
    /// How many it lacks that the program has built in.
    lacks: u64,
}

impl AdvisoryData {
    /// `embedded snapshot of 20 Nov 2026, 3 days old`.
    fn sentence(&self) -> String {
        let mut text = self.source.clone();
        if let Some(date) = self.date {
            text = format!("{text} of {}", words::day(date));
        }
        text = match self.age {
            Some(age) if age > 0 => {
                format!("{text}, {} old", plimsoll_model::plural(age.unsigned_abs(), "day", "days"))
            }
            Some(0) => format!("{text}, of the same day"),
            Some(_) => format!("{text}, newer than this label"),
            None => format!("{text}, without a date"),
        };
        let many = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        if let Some(count) = self.count {
            text = format!("{text}, {}", plimsoll_model::plural(many(count), "advisory", "advisories"));
        }
        if self.lacks > 0 {
            text = format!("{text}; lacks {} that Plimsoll has built in, so that it proves nothing", many(self.lacks));
        }
        text
    }
}

impl<'a> View<'a> {
    pub(crate) fn new(statement: &'a Statement) -> Self {
        Self { statement, on: None }
    }

    /// The same as it is read on a day: a label that has ended by then says so.
    pub(crate) fn on(self, on: Option<Date>) -> Self {
        Self { on, ..self }
    }

    pub(crate) fn body(self) -> &'a plimsoll_model::LabelBody {
        &self.statement.predicate
    }

    /// The product's name, or words that say that it has none.
    pub(crate) fn name(self) -> String {
        let name = words::clean(&self.body().product.name);
        if name.is_empty() { "Software without a name".to_owned() } else { name }
    }

    /// `version 2.4.1 · Linux, Windows`; each part only where there is one.
    pub(crate) fn version_line(self) -> String {
        let product = &self.body().product;
        let version = words::clean(&product.version);
        let version = if version.is_empty() { "no version stated".to_owned() } else { format!("version {version}") };
        let platforms = words::clean(&product.platforms);
        if platforms.is_empty() { version } else { format!("{version} · {platforms}") }
    }

    /// What the source shows, where the maker has not spoken.
    pub(crate) fn source(self) -> Option<&'a SourceView> {
        self.body().source_view.as_ref()
    }

    /// How far the evidence alone carries, in a sentence. A label says it only where that is further than its tier.
    pub(crate) fn source_sentence(self) -> Option<String> {
        let line = self.body().source_line.as_ref()?;
        if self.source().is_none() && line.level <= self.body().tier.level {
            return None;
        }
        let above: Vec<&SourceRung> = line.rungs.iter().filter(|rung| rung.level > line.level).collect();
        let whole = match line.level {
            0 => None,
            1 => Some("all that tier 1 asks of it".to_owned()),
            level => Some(format!("all that tiers 1 to {level} ask of it")),
        };
        let part = |rung: &&SourceRung| format!("{} of {} for tier {}", rung.met, rung.asked, rung.level);
        Some(match (whole, above.as_slice()) {
            (None, []) => return None,
            (Some(whole), []) => format!("The source shows {whole}."),
            (Some(whole), [next, ..]) => format!("The source shows {whole}, and {}.", part(next)),
            (None, [first, rest @ ..]) => {
                let second = rest.first().map(|rung| format!(", and {}", part(rung))).unwrap_or_default();
                let things = plimsoll_model::plural(first.asked, "thing", "things");
                let of = format!("{} of {things} that tier {} asks of it", first.met, first.level);
                format!("The source shows {of}{second}.")
            }
        })
    }

    /// `Tier 2 of 4`.
    pub(crate) fn tier(self) -> String {
        let tier = &self.body().tier;
        format!("Tier {} of {}", tier.level, tier.highest)
    }

    /// `Checked (Verified)`: in plain words first, where there are any.
    pub(crate) fn tier_name(self) -> String {
        let tier = &self.body().tier;
        names(tier.plain.as_deref(), &tier.name)
    }

    /// The tier's name in plain words, where there are any.
    pub(crate) fn tier_plain(self) -> String {
        let tier = &self.body().tier;
        words::clean(plain(tier.plain.as_deref(), &tier.name))
    }

    /// The rows of the face as they are shown.
    pub(crate) fn rows(self) -> impl Iterator<Item = Shown<'a>> {
        self.body().face.iter().map(Shown::of)
    }

    /// How many of the answers rest on the maker's word alone, in a sentence. Below the second tier the tier says that itself.
    pub(crate) fn word_sentence(self) -> Option<String> {
        if self.body().tier.level < 2 {
            return None;
        }
        let said = self.rows().filter(|row| row.known == Some(Assurance::Declared)).count();
        let all = self.rows().filter(|row| row.sign != Sign::Unknown).count();
        let rest = if said == 1 { "rests" } else { "rest" };
        (said > 0).then(|| format!("{said} of {all} answers {rest} on the maker\u{2019}s word."))
    }

    /// Has it ended on the day on which it is read? Not known, and so not said, where no day is given.
    pub(crate) fn ended(self) -> bool {
        self.on.is_some_and(|day| day > words::utc_day(self.body().expires))
    }

    /// The tier in a consumer's words. Below the first tier the name belongs to it: "Unrated: not enough is known."
    pub(crate) fn tier_sentence(self) -> String {
        let tier = &self.body().tier;
        if tier.level > 0 {
            return words::sentence(&tier.sentence);
        }
        let mut sentence = words::clean(&tier.sentence);
        let mut letters = sentence.chars();
        if let (Some(first), Some(second)) = (letters.next(), letters.next())
            && !second.is_uppercase()
        {
            sentence = first.to_lowercase().chain(sentence.chars().skip(1)).collect();
        }
        words::sentence(&format!("{}: {sentence}", self.tier_plain()))
    }

    pub(crate) fn checked(self) -> String {
        words::day(words::utc_day(self.body().as_of))
    }

    pub(crate) fn good_until(self) -> String {
        words::day(words::utc_day(self.body().expires))
    }

    /// Where to report a problem, and what says so where the maker's claims do not; or empty.
    pub(crate) fn contact(self) -> String {
        let product = &self.body().product;
        let contact = words::clean(&product.contact);
        match product.contact_from.as_deref().map(words::clean) {
            Some(file) if !contact.is_empty() && !file.is_empty() => format!("{contact} (from {file})"),
            _ => contact,
        }
    }

    /// `good until 23 Nov 2026`, or that it has ended.
    pub(crate) fn lasts(self) -> String {
        format!("{} {}", if self.ended() { "ended on" } else { "good until" }, self.good_until())
    }

    /// The commit's object id, or empty.
    pub(crate) fn commit(self) -> String {
        let commit = self.statement.subject.iter().find_map(|subject| subject.digest.get("gitCommit"));
        words::clean(commit.map_or("", String::as_str))
    }

    /// `commit 0123456789ab`, or that files were examined which are in no commit; empty where neither is known.
    pub(crate) fn examined(self) -> String {
        let commit = self.commit_short();
        match (self.body().worktree, commit.is_empty()) {
            (true, _) => "working copy, in no commit".to_owned(),
            (false, true) => String::new(),
            (false, false) => format!("commit {commit}"),
        }
    }

    /// That it rests on other practices than those that are built in, and whose they are; nothing where it does not.
    pub(crate) fn other_practices(self) -> Option<String> {
        let whose = words::clean(self.body().practices_of.as_deref()?);
        let whose = whose.trim();
        if whose.is_empty() {
            return Some("Judged by changed practices, not by those of Plimsoll".to_owned());
        }
        Some(format!("Judged by practices of {}, not by those of Plimsoll", words::shorten(whose, 60)))
    }

    /// The same as the end of a title, in brackets; empty where it does not.
    pub(crate) fn by_other_practices(self) -> String {
        self.other_practices().map(|line| format!(" ({line})")).unwrap_or_default()
    }

    /// The first twelve digits of the commit, or empty.
    pub(crate) fn commit_short(self) -> String {
        self.commit().chars().take(12).collect()
    }

    /// The tier after the one that was reached.
    pub(crate) fn next(self) -> Option<&'a Rung> {
        let level = self.body().tier.level;
        self.body().ladder.iter().filter(|rung| rung.level > level).min_by_key(|rung| rung.level)
    }

    /// What the next tier misses: first what can be done, then what is out of reach.
    pub(crate) fn steps(self) -> Vec<&'a Missing> {
        let missing = self.next().map_or(&[] as &[Missing], |rung| rung.missing.as_slice());
        let (far, near): (Vec<_>, Vec<_>) = missing.iter().partition(|step| step.out_of_reach);
        near.into_iter().chain(far).collect()
    }

    /// What the advisory data behind the label is: `embedded snapshot of 20 Nov 2026, 3 days old`; each ecosystem has its own where
    /// there are several.
    pub(crate) fn advisory_data(self) -> Option<String> {
        let input = self.body().inputs.get(InputId::Advisories.name())?;
        if input.parts.len() < 2 {
            return Some(self.data_of(input).sentence());
        }
        let of_part =
            |(name, part): (&String, &Input)| format!("{}: {}", words::clean(name), self.data_of(part).sentence());
        Some(input.parts.iter().map(of_part).collect::<Vec<_>>().join("; "))
    }

    fn data_of(self, input: &Input) -> AdvisoryData {
        let age =
            input.date.and_then(|date| words::utc_day(self.body().as_of).since(date).ok()).map(|span| span.get_days());
        let count = input.count.filter(|_| input.lacks.is_some());
        let lacks = input.lacks.unwrap_or_default();
        AdvisoryData { source: words::clean(&input.source), date: input.date, age, count, lacks }
    }

    pub(crate) fn criterion(self, id: &str) -> Option<&'a CriterionResult> {
        self.body().criteria.iter().find(|criterion| criterion.id == id)
    }

    /// Every entry named `id` or `CATALOG/ENTRY`, with the id of its catalog.
    pub(crate) fn entries(self, id: &str) -> Vec<(&'a str, &'a EntryResult)> {
        let catalogs = self.body().catalogs.iter();
        let all = catalogs.flat_map(|catalog| catalog.entries.iter().map(|entry| (catalog.id.as_str(), entry)));
        all.filter(|(catalog, entry)| {
            entry.id == id || id.strip_prefix(catalog).and_then(|rest| rest.strip_prefix('/')) == Some(&entry.id)
        })
        .collect()
    }

    /// What to do about a step: the first of its criteria that has a remedy.
    pub(crate) fn remedy(self, step: &Missing) -> Option<&'a str> {
        let mut remedies =
            step.criteria.iter().filter_map(|id| self.criterion(id)).map(|criterion| criterion.fix.as_str());
        remedies.find(|fix| !fix.trim().is_empty())
    }
}
