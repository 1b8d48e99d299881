//! Reads `plimsoll.toml`: strictly, since a claim that is misspelt must not be dropped in silence.

use std::collections::BTreeMap;

use jiff::{ToSpan as _, civil::Date};
use plimsoll_model::body::Answer;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::{
    days::{day, maybe_day},
    issuer::IssuerTable,
    mistakes::plain,
    shape,
    values::{gives_reason, is_unfilled, says_something, wrong_address},
};
use crate::paths::{PathClass, PathClasses, PathsError};

/// The version of the file's format.
const SCHEMA: u32 = 1;
/// A claim that is not looked at again for longer than this is refused.
const LONGEST_YEARS: i32 = 3;

/// A claims file that does not count.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClaimsError {
    /// Not TOML, or with keys and values that the format does not have.
    #[error("line {line}: {message}")]
    Syntax {
        /// Line, counted from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A value that cannot be meant.
    #[error("{place}: {message}")]
    Value {
        /// Table and key.
        place: String,
        /// What is wrong and what would be right.
        message: String,
    },
    /// Path patterns.
    #[error(transparent)]
    Paths(#[from] PathsError),
}

/// Is the product supported?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SupportStatus {
    /// It gets security updates.
    Supported,
    /// It gets none.
    Unsupported,
    /// It got them once.
    Ended,
}

impl SupportStatus {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Supported => "supported",
            Self::Unsupported => "unsupported",
            Self::Ended => "ended",
        }
    }
}

/// How updates reach the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UpdateMethod {
    /// Without asking.
    Automatic,
    /// The user is told and decides.
    Notice,
    /// The user has to look.
    Manual,
}

impl UpdateMethod {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Notice => "notice",
            Self::Manual => "manual",
        }
    }
}

/// One answer, with the dates that hold for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The catalog's id.
    pub catalog: String,
    /// The entry's id, or that of a practice.
    pub entry: String,
    /// The line of the answer, counted from 1.
    pub line: u64,
    /// The answer.
    pub answer: Answer,
    /// The maker's words.
    pub note: String,
    /// When it was claimed.
    pub date: Date,
    /// The last day on which it counts.
    pub review_by: Date,
}

/// One category of data, with the dates that hold for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataCategory {
    /// `personal`, `location`, `sensitive`, `derived-or-shared`, `protection`.
    pub category: String,
    /// Is it collected?
    pub collects: Option<bool>,
    /// Is it stored?
    pub stores: Option<bool>,
    /// Is it given to others?
    pub shares: Option<bool>,
    /// Is other data derived from it?
    pub derives: Option<bool>,
    /// What for.
    pub why: String,
    /// How it is protected.
    pub protection: String,
    /// How it is deleted.
    pub deletion: String,
    /// When this was claimed.
    pub date: Date,
    /// The last day on which it counts.
    pub review_by: Date,
}

/// The maker's word on an advisory.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Exception {
    /// The advisory's id, or an alias of it.
    pub advisory: String,
    /// The one package that it is about; every package that has the advisory when absent.
    pub package: Option<String>,
    /// The one version that it is about.
    pub version: Option<String>,
    /// The one lockfile that it is about, by its path.
    pub lockfile: Option<String>,
    /// Why it does not matter here.
    pub reason: String,
    /// The person who answers for it.
    pub who: Option<String>,
    /// The last day on which this counts.
    #[serde(deserialize_with = "day")]
    pub until: Date,
}

/// Everything that the file says.
#[derive(Clone, Debug)]
pub struct ClaimsDocument {
    /// When the claims were made.
    pub date: Date,
    /// The last day on which they count.
    pub review_by: Date,
    /// The table `[product]`.
    pub product: ProductTable,
    /// The table `[scope]`.
    pub scope: ScopeTable,
    /// The table `[support]`.
    pub support: SupportTable,
    /// The table `[issuer]`.
    pub issuer: Option<IssuerTable>,
    /// All answers, sorted.
    pub claims: Vec<Claim>,
    /// All categories of data, sorted.
    pub data: Vec<DataCategory>,
    /// All exceptions, in the order of the file.
    pub exceptions: Vec<Exception>,
    paths: PathsTable,
}

impl ClaimsDocument {
    /// The stated path rules, with what the table `[paths]` says beside them.
    pub fn path_classes(&self) -> Result<PathClasses, ClaimsError> {
        Ok(PathClasses::declared(&[
            (PathClass::Test, self.paths.test.clone()),
            (PathClass::Example, self.paths.example.clone()),
            (PathClass::Fixture, self.paths.fixture.clone()),
            (PathClass::Vendored, self.paths.vendored.clone()),
        ])?)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct File {
    schema: u32,
    #[serde(deserialize_with = "day")]
    date: Date,
    #[serde(deserialize_with = "day")]
    review_by: Date,
    product: ProductTable,
    #[serde(default)]
    scope: ScopeTable,
    #[serde(default)]
    support: SupportTable,
    issuer: Option<IssuerTable>,
    #[serde(default)]
    claims: BTreeMap<String, BTreeMap<String, Spanned<AnswerOrTable>>>,
    #[serde(default)]
    data: BTreeMap<Category, DataTable>,
    #[serde(default)]
    exception: Vec<Exception>,
    #[serde(default)]
    paths: PathsTable,
}

/// `[product]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ProductTable {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Who makes the claims.
    pub claimant: Option<String>,
    /// How to reach them: an address of a page, `mailto:` or an e-mail address.
    pub contact: Option<String>,
    /// Address of the page with more.
    pub url: Option<String>,
    /// Platforms it runs on.
    #[serde(default)]
    pub platforms: Vec<String>,
    /// How it is delivered.
    pub delivery: Option<String>,
    /// Does it have user accounts?
    pub accounts: Option<bool>,
}

/// `[scope]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ScopeTable {
    /// What the label speaks of.
    #[serde(default)]
    pub inside: Vec<String>,
    /// What it does not speak of.
    #[serde(default)]
    pub outside: Vec<String>,
    /// Package URLs and other identifiers.
    #[serde(default)]
    pub identifiers: Vec<String>,
}

/// `[support]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SupportTable {
    /// Is it supported?
    pub status: Option<SupportStatus>,
    /// The last day of security updates.
    #[serde(default, deserialize_with = "maybe_day")]
    pub until: Option<Date>,
    /// How updates reach the user.
    pub update_method: Option<UpdateMethod>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum AnswerOrTable {
    Answer(Answer),
    Table(AnswerTable),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct AnswerTable {
    answer: Answer,
    #[serde(default)]
    note: String,
    #[serde(default, deserialize_with = "maybe_day")]
    date: Option<Date>,
    #[serde(default, deserialize_with = "maybe_day")]
    review_by: Option<Date>,
}

#[derive(Clone, Copy, Deserialize, Serialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
enum Category {
    Personal,
    Location,
    Sensitive,
    DerivedOrShared,
    Protection,
}

impl Category {
    fn as_str(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Location => "location",
            Self::Sensitive => "sensitive",
            Self::DerivedOrShared => "derived-or-shared",
            Self::Protection => "protection",
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct DataTable {
    collects: Option<bool>,
    stores: Option<bool>,
    shares: Option<bool>,
    derives: Option<bool>,
    #[serde(default)]
    why: String,
    #[serde(default)]
    protection: String,
    #[serde(default)]
    deletion: String,
    #[serde(default, deserialize_with = "maybe_day")]
    date: Option<Date>,
    #[serde(default, deserialize_with = "maybe_day")]
    review_by: Option<Date>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PathsTable {
    #[serde(default)]
    test: Vec<String>,
    #[serde(default)]
    example: Vec<String>,
    #[serde(default)]
    fixture: Vec<String>,
    #[serde(default)]
    vendored: Vec<String>,
}

/// May a list say that there is nothing? What the label does not speak of may be nothing.
fn is_known_none(place: &str, text: &str) -> bool {
    place == "[scope] outside" && matches!(text.trim().to_lowercase().as_str(), "none" | "nothing" | "n/a")
}

/// Reads the text of a claims file.
pub fn parse(text: &str) -> Result<ClaimsDocument, ClaimsError> {
    let line_of = |at: usize| text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
    if let Some((at, message)) = shape::mistake(text) {
        return Err(ClaimsError::Syntax { line: line_of(at), message });
    }
    let file: File = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(span.start));
        let message = plain(error.message(), text.lines().nth(line - 1).unwrap_or_default());
        ClaimsError::Syntax { line, message }
    })?;
    let value =
        |place: &str, message: &str| ClaimsError::Value { place: place.to_owned(), message: message.to_owned() };
    if file.schema != SCHEMA {
        return Err(value(
            "schema",
            &format!("{} is not a version that this plimsoll reads; it reads {SCHEMA}", file.schema),
        ));
    }
    let span = |place: &str, date: Date, review_by: Date| {
        let latest = date.checked_add(LONGEST_YEARS.years()).unwrap_or(Date::MAX);
        if review_by < date {
            Err(value(place, &format!("review-by {review_by} lies before date {date}")))
        } else if review_by > latest {
            Err(value(place, &format!("review-by {review_by} lies more than {LONGEST_YEARS} years after date {date}")))
        } else {
            Ok(())
        }
    };
    span("review-by", file.date, file.review_by)?;
    if let Some((place, message)) = file.issuer.as_ref().and_then(IssuerTable::mistake) {
        return Err(value(place, &message));
    }
    for (place, one) in [("[product] contact", &file.product.contact), ("[product] url", &file.product.url)] {
        let why = one.as_deref().and_then(|one| wrong_address(one, place.ends_with("contact")));
        if let (Some(one), Some(why)) = (one, why) {
            return Err(value(place, &format!("\"{one}\" {why}; write https://..., mailto:... or an e-mail address")));
        }
    }
    let (product, scope) = (&file.product, &file.scope);
    for (place, texts) in [
        ("[product] name", std::slice::from_ref(&product.name)),
        ("[product] version", product.version.as_slice()),
        ("[product] claimant", product.claimant.as_slice()),
        ("[product] delivery", product.delivery.as_slice()),
        ("[product] platforms", &product.platforms),
        ("[scope] inside", &scope.inside),
        ("[scope] outside", &scope.outside),
        ("[scope] identifiers", &scope.identifiers),
    ] {
        // Something that is said with no words would count as said.
        if texts.iter().any(|text| !says_something(text)) {
            return Err(value(
                place,
                "it is empty or holds no letter that is seen; leave it out where there is nothing to say",
            ));
        }
        if let Some(text) = texts.iter().find(|text| is_unfilled(text) && !is_known_none(place, text)) {
            return Err(value(place, &format!("\"{text}\" is a placeholder; write the real one")));
        }
    }
    let mut claims = Vec::new();
    for (catalog, entries) in file.claims {
        for (entry, answer) in entries {
            let line = line_of(answer.span().start);
            let place = format!("line {line}: [claims.\"{catalog}\"] \"{entry}\"");
            let line = u64::try_from(line).unwrap_or(u64::MAX);
            let (answer, note, date, review_by) = match answer.into_inner() {
                AnswerOrTable::Answer(answer) => (answer, String::new(), None, None),
                AnswerOrTable::Table(table) => (table.answer, table.note, table.date, table.review_by),
            };
            let (date, review_by) = (date.unwrap_or(file.date), review_by.unwrap_or(file.review_by));
            span(&place, date, review_by)?;
            if answer == Answer::NotApplicable && (!says_something(&note) || is_unfilled(&note)) {
                return Err(value(&place, "not-applicable needs a note that says why"));
            }
            claims.push(Claim { catalog: catalog.clone(), entry, line, answer, note, date, review_by });
        }
    }
    let mut data = Vec::new();
    for (category, table) in file.data {
        let (date, review_by) = (table.date.unwrap_or(file.date), table.review_by.unwrap_or(file.review_by));
        span(&format!("[data.{}]", category.as_str()), date, review_by)?;
        data.push(DataCategory {
            category: category.as_str().to_owned(),
            collects: table.collects,
            stores: table.stores,
            shares: table.shares,
            derives: table.derives,
            why: table.why.trim().to_owned(),
            protection: table.protection.trim().to_owned(),
            deletion: table.deletion.trim().to_owned(),
            date,
            review_by,
        });
    }
    for (number, exception) in file.exception.iter().enumerate() {
        if !gives_reason(&exception.reason) || !says_something(&exception.advisory) {
            let message = "it needs an advisory, and a reason in words of its own";
            return Err(value(&format!("[[exception]] {}", number + 1), message));
        }
        if exception.who.as_ref().is_some_and(|who| !says_something(who)) {
            let message = "`who` is the person who answers for it: give a name, or leave it out";
            return Err(value(&format!("[[exception]] {}", number + 1), message));
        }
    }
    Ok(ClaimsDocument {
        date: file.date,
        review_by: file.review_by,
        product: file.product,
        scope: file.scope,
        support: file.support,
        issuer: file.issuer,
        claims,
        data,
        exceptions: file.exception,
        paths: file.paths,
    })
}

/// Name and version of the product, as far as a file that has a mistake elsewhere gives them: the lines of the table
/// `[product]` are read by themselves, so that no other line matters.
pub(super) fn named(text: &str) -> Option<(String, Option<String>)> {
    let header = |line: &str| line.split('#').next().unwrap_or_default().trim().replace([' ', '\t'], "");
    let lines = text.lines().skip_while(|line| header(line) != "[product]").skip(1);
    let lines = lines.take_while(|line| !line.trim_start().starts_with('['));
    let get = |key: &str| {
        let found = lines.clone().find_map(|line| {
            let table: toml::Table = line.parse().ok()?;
            Some(table.get(key)?.as_str()?.to_owned())
        });
        found.filter(|text| says_something(text) && !is_unfilled(text))
    };
    Some((get("name")?, get("version")))
}
