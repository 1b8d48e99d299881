//! From files to practices that are valid.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::{Assurance, DigestSet, sha256_hex};
use rayon::prelude::*;
use toml::Spanned;

use crate::{
    Catalog, Criterion, Demand, EndRule, Entry, Expression, FaceRowRule, PracticeError, Problems, ProductRules,
    SignRule, SourceRowRule, Tier, Tiers, Vocabulary, arrange,
    catalog::CatalogFile,
    check,
    criterion::{self, CriteriaFile},
    error::hint,
    product, sign,
    source::{LARGEST, Source, at},
    source_view,
    tier::{self, MoreFile, RowFile, TiersFile},
    vocabulary::VocabularyFile,
    whose,
};

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// The built-in files: path under practices/, text.
pub fn embedded_files() -> BTreeMap<String, String> {
    EMBEDDED.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

/// SHA-256 of each file, as [`Practices::digests`] has them.
pub fn digests_of(files: &BTreeMap<String, String>) -> BTreeMap<String, DigestSet> {
    let digest = |text: &str| DigestSet::from([("sha256".to_owned(), sha256_hex(text.as_bytes()))]);
    files.iter().map(|(path, text)| (path.clone(), digest(text))).collect()
}

/// What of the tiers a reader of labels asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierRules {
    /// The lowest tier that rests on the word of others, where one does.
    pub by_others: Option<u8>,
    /// Days for which a label may be relied on.
    pub label_days: i64,
    /// The name of each tier by its level.
    pub names: BTreeMap<u8, String>,
}

/// Days for which a label may be relied on where the tier file says nothing.
pub const LABEL_DAYS: i64 = 90;

/// Gives the rules of the file of tiers alone, unchecked; nothing where no such file can be read. For whoever asks no more:
/// all expressions together take longer than a signature.
pub fn tier_rules(files: &BTreeMap<String, String>) -> Option<TierRules> {
    let sources = sources(files, "tiers/", &mut Vec::new());
    let (sources, more): (Vec<_>, Vec<_>) = sources.into_iter().partition(|source| !tier::only_adds(source));
    let [source] = sources.as_slice() else { return None };
    let file: TiersFile = source.parse().ok()?;
    let mut names = BTreeMap::new();
    let mut rules = TierRules {
        by_others: None,
        label_days: file.limits.get("label_days").copied().unwrap_or(LABEL_DAYS),
        names: BTreeMap::new(),
    };
    let mut asked = |level: u8, at: Assurance| {
        if at >= Assurance::Corroborated {
            rules.by_others = Some(rules.by_others.map_or(level, |lowest| lowest.min(level)));
        }
    };
    for source in more {
        let file: MoreFile = source.parse().ok()?;
        file.more.iter().for_each(|row| asked(row.get_ref().level, row.get_ref().at));
    }
    for row in file.tier {
        let row = row.into_inner();
        row.demands.iter().for_each(|demand| asked(row.level, demand.get_ref().at));
        names.insert(row.level, row.name);
    }
    rules.names = names;
    Some(rules)
}

/// Criteria, catalogs and tiers that were checked together.
#[derive(Debug)]
pub struct Practices {
    vocabulary: Vocabulary,
    criteria: BTreeMap<String, Criterion>,
    catalogs: Vec<Catalog>,
    tiers: Tiers,
    digests: BTreeMap<String, DigestSet>,
    whose: Option<String>,
}

impl Practices {
    /// Loads the built-in files. `kinds` are the names of all kinds that collectors state, as in JSON.
    pub fn embedded(kinds: &[&str]) -> Result<Self, Problems> {
        Self::load(&embedded_files(), kinds)
    }

    /// Loads files by their paths: `vocabulary/*.toml`, `criteria/*.toml`, `catalogs/*.toml`, exactly one `tiers/*.toml` that has tiers, any
    /// number of others that demand more, and `practices.toml`, which says whose they are.
    ///
    /// Everything that is wrong with any of them is reported at once, but for what follows from a wrong vocabulary.
    pub fn load(files: &BTreeMap<String, String>, kinds: &[&str]) -> Result<Self, Problems> {
        let kinds: BTreeSet<String> = kinds.iter().map(|kind| kind.replace('-', "_")).collect();
        let mut problems = Vec::new();
        let mut vocabulary = Vocabulary::default();
        for source in sources(files, "vocabulary/", &mut problems) {
            match source.parse::<VocabularyFile>() {
                Ok(file) => vocabulary.add(&source, file, &kinds, &mut problems),
                Err(problem) => problems.push(problem),
            }
        }
        // Each expression would be wrong for want of a name.
        if !problems.is_empty() {
            problems.sort();
            return Err(Problems(problems));
        }
        let mut criteria = BTreeMap::new();
        for source in sources(files, "criteria/", &mut problems) {
            let file: CriteriaFile = match source.parse() {
                Ok(file) => file,
                Err(problem) => {
                    problems.push(problem);
                    continue;
                }
            };
            // Compiling the expressions is most of the work of a command that reads one label.
            let checked = file.criterion.into_par_iter().map(|row| {
                let (place, mut problems) = (at(&row.get_ref().id), Vec::new());
                let criterion = criterion::check(&source, row, &kinds, &vocabulary, &mut problems);
                (place, criterion, problems)
            });
            for (place, criterion, mut found) in checked.collect::<Vec<_>>() {
                problems.append(&mut found);
                let Some(criterion) = criterion else { continue };
                let id = criterion.id.clone();
                if criteria.insert(id.clone(), criterion).is_some() {
                    problems.push(source.error(place, format!("{id} appears twice")));
                }
            }
        }
        let mut files_of_catalogs = Vec::new();
        for source in sources(files, "catalogs/", &mut problems) {
            match source.parse::<CatalogFile>() {
                Ok(file) => files_of_catalogs.push((source, file)),
                Err(problem) => problems.push(problem),
            }
        }
        let mut catalogs = arrange::catalogs(files_of_catalogs, &criteria, &mut problems);
        let (tier_sources, more): (Vec<_>, Vec<_>) =
            sources(files, "tiers/", &mut problems).into_iter().partition(|source| !tier::only_adds(source));
        let tiers = match tier_sources.as_slice() {
            [source] => match source.parse::<TiersFile>() {
                Ok(file) => {
                    let compile = |text: &str| Expression::compile(text, &kinds, &vocabulary);
                    let is_kind = |kind: &str| kinds.contains(&kind.replace('-', "_"));
                    let mut tiers = tiers(source, file, &criteria, &catalogs, &compile, &is_kind, &mut problems);
                    for source in &more {
                        demand_more(source, &mut tiers.tiers, &criteria, &catalogs, &mut problems);
                    }
                    Some(tiers)
                }
                Err(problem) => {
                    problems.push(problem);
                    None
                }
            },
            several => {
                let message =
                    format!("there has to be exactly one file that has tiers, and there are {}", several.len());
                problems.push(PracticeError { file: "tiers/".to_owned(), line: 1, message });
                None
            }
        };
        let digests = digests_of(files);
        let whose = whose::of(files, &embedded_files(), &mut problems);
        if let Some(tiers) = &tiers {
            arrange::put_asked_first(&mut catalogs, tiers);
        }
        let Some(tiers) = tiers.filter(|_| problems.is_empty()) else {
            problems.sort();
            return Err(Problems(problems));
        };
        let practices = Self { vocabulary, criteria, catalogs, tiers, digests, whose };
        let mut problems = check::consistency(&practices);
        if problems.is_empty() {
            return Ok(practices);
        }
        problems.sort();
        Err(Problems(problems))
    }

    /// The names that expressions share.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// All criteria by id.
    pub fn criteria(&self) -> &BTreeMap<String, Criterion> {
        &self.criteria
    }

    /// Does a criterion read what the maker states, which nothing else could show?
    pub fn is_word_of_maker(&self, criterion: &str) -> bool {
        let words = &self.tiers().source.word_of_maker;
        self.criteria().get(criterion).is_some_and(|one| {
            one.assurance == plimsoll_model::Assurance::Declared && one.needs.iter().any(|kind| words.contains(kind))
        })
    }

    /// The catalogs that every label holds in full, in the order of their files.
    pub fn catalogs(&self) -> &[Catalog] {
        self.catalogs.split_at(self.catalogs.partition_point(|catalog| catalog.in_label)).0
    }

    /// All catalogs: those that every label holds, then those that a label holds when it is asked for them.
    pub fn all_catalogs(&self) -> &[Catalog] {
        &self.catalogs
    }

    /// The catalog `id`.
    pub fn catalog(&self, id: &str) -> Option<&Catalog> {
        self.catalogs.iter().find(|catalog| catalog.id == id)
    }

    /// The catalog that is called `name`: by its id, a short name of it, or its framework where one catalog alone is of that.
    pub fn catalog_called(&self, name: &str) -> Option<&Catalog> {
        let short = || self.catalogs.iter().find(|catalog| catalog.aliases.iter().any(|alias| alias == name));
        let framework = || {
            let mut of = self.catalogs.iter().filter(|catalog| catalog.framework == name);
            of.next().filter(|_| of.next().is_none())
        };
        self.catalog(name).or_else(short).or_else(framework)
    }

    /// Tiers, caps and the face.
    pub fn tiers(&self) -> &Tiers {
        &self.tiers
    }

    /// What of the tiers a reader of labels asks for.
    pub fn tier_rules(&self) -> TierRules {
        let tiers = &self.tiers.tiers;
        let by_others = |tier: &&Tier| tier.demands.iter().any(|demand| demand.at >= Assurance::Corroborated);
        TierRules {
            by_others: tiers.iter().filter(by_others).map(|tier| tier.level).min(),
            label_days: self.tiers.limits.get("label_days").copied().unwrap_or(LABEL_DAYS),
            names: tiers.iter().map(|tier| (tier.level, tier.name.clone())).collect(),
        }
    }

    /// Whose practices they are, where they are not the built-in ones with more added to them: empty where they do not say.
    pub fn whose(&self) -> Option<&str> {
        self.whose.as_deref()
    }

    /// SHA-256 of each file.
    pub fn digests(&self) -> &BTreeMap<String, DigestSet> {
        &self.digests
    }

    /// The entry `CATALOG/ENTRY`.
    pub fn entry(&self, id: &str) -> Option<&Entry> {
        find(&self.catalogs, id)
    }

    /// Every kind that any expression reads, with underscores.
    pub fn reads(&self) -> BTreeSet<String> {
        self.criteria.values().flat_map(Criterion::reads).chain(self.reads_beyond_criteria()).collect()
    }

    /// The same of what is no criterion: rows, ends, what is said of the product.
    pub fn reads_beyond_criteria(&self) -> BTreeSet<String> {
        let signs = self.tiers.rows.iter().filter_map(|row| row.signs.as_ref()).flat_map(SignRule::expressions);
        let rows = self.tiers.rows.iter().map(|row| &row.text).chain(signs);
        let rows = rows.flat_map(|expression| expression.reads().iter().cloned());
        let ends = self.tiers.ends.iter().flat_map(|end| end.days.reads().iter().cloned());
        let view = self.tiers.source.rows.iter().flat_map(SourceRowRule::expressions);
        let product = self.tiers.product.iter().flat_map(ProductRules::expressions);
        let product = product.flat_map(|expression| expression.reads().iter().cloned());
        let view = view.flat_map(|expression| expression.reads().iter().cloned());
        rows.chain(ends).chain(view).chain(product).collect()
    }

    /// Counts, reachability, and what is pending.
    pub fn report(&self) -> crate::Report {
        check::report(self)
    }
}

fn sources<'a>(
    files: &'a BTreeMap<String, String>,
    folder: &str,
    problems: &mut Vec<PracticeError>,
) -> Vec<Source<'a>> {
    let mut found = Vec::new();
    for (file, text) in files.iter().filter(|(file, _)| file.starts_with(folder)) {
        if text.len() > LARGEST {
            problems.push(PracticeError {
                file: file.clone(),
                line: 1,
                message: format!("larger than {LARGEST} bytes"),
            });
        } else {
            found.push(Source { file, text });
        }
    }
    found
}

pub(crate) fn find<'a>(catalogs: &'a [Catalog], id: &str) -> Option<&'a Entry> {
    let (catalog, entry) = id.split_once('/')?;
    catalogs.iter().find(|one| one.id == catalog)?.entries.iter().find(|one| one.id == entry)
}

/// The ids `CATALOG/ENTRY` of all entries.
fn ids(catalogs: &[Catalog]) -> Vec<String> {
    let of = |catalog: &Catalog| catalog.entries.iter().map(|entry| format!("{}/{}", catalog.id, entry.id)).collect();
    catalogs.iter().flat_map(|catalog| -> Vec<String> { of(catalog) }).collect()
}

/// The id of an entry or a criterion.
fn known(
    id: &Spanned<String>,
    source: &Source<'_>,
    entries: &[String],
    criteria: &BTreeMap<String, Criterion>,
    problems: &mut Vec<PracticeError>,
) -> String {
    let name = id.get_ref();
    if !entries.contains(name) && !criteria.contains_key(name) {
        let all = entries.iter().chain(criteria.keys()).map(String::as_str);
        problems.push(source.error(at(id), format!("\"{name}\" is no entry and no criterion{}", hint(name, all))));
    }
    name.clone()
}

fn two_versions(source: &Source<'_>, tiers: &[Tier], catalogs: &[Catalog]) -> Option<PracticeError> {
    let (one, other) = arrange::two_versions(tiers, catalogs)?;
    let at = source.text.find(&format!("\"{other}")).unwrap_or_default();
    let message =
        format!("the tiers ask for \"{one}\" and for \"{other}\", two versions of one framework; ask for one of them");
    Some(source.error(at, message))
}

/// Adds what a file that only demands more asks of tiers.
fn demand_more(
    source: &Source<'_>,
    tiers: &mut [Tier],
    criteria: &BTreeMap<String, Criterion>,
    catalogs: &[Catalog],
    problems: &mut Vec<PracticeError>,
) {
    let file: MoreFile = match source.parse() {
        Ok(file) => file,
        Err(problem) => return problems.push(problem),
    };
    let entries = ids(catalogs);
    for row in file.more {
        let (start, row) = (at(&row), row.into_inner());
        let Some(tier) = tiers.iter_mut().find(|tier| tier.level == row.level && tier.level > 0) else {
            problems.push(source.error(start, format!("there is no tier {} that could ask for more", row.level)));
            continue;
        };
        if row.entries.is_empty() && row.criteria.is_empty() {
            problems.push(source.error(start, "it demands nothing; name entries or criteria"));
        }
        for id in row.entries.iter().chain(&row.criteria) {
            let id = known(id, source, &entries, criteria, problems);
            tier.demands.push(Demand { id, at: row.at, by: row.by });
        }
    }
    problems.extend(two_versions(source, tiers, catalogs));
}

fn tiers(
    source: &Source<'_>,
    file: TiersFile,
    criteria: &BTreeMap<String, Criterion>,
    catalogs: &[Catalog],
    compile: &dyn Fn(&str) -> Result<Expression, String>,
    is_kind: &dyn Fn(&str) -> bool,
    problems: &mut Vec<PracticeError>,
) -> Tiers {
    let entries = ids(catalogs);
    let known =
        |id: &Spanned<String>, problems: &mut Vec<PracticeError>| known(id, source, &entries, criteria, problems);
    let mut tiers = Vec::new();
    for (number, row) in file.tier.into_iter().enumerate() {
        let start = at(&row);
        let row = row.into_inner();
        if usize::from(row.level) != number {
            problems.push(
                source
                    .error(start, format!("tier {} is in place {number}; tiers go up from 0 without a gap", row.level)),
            );
        }
        let mut demands = Vec::new();
        for demand in row.demands {
            let demand = demand.into_inner();
            for id in demand.entries.iter().chain(&demand.criteria) {
                demands.push(Demand { id: known(id, problems), at: demand.at, by: demand.by });
            }
        }
        if row.level > 0 && demands.is_empty() {
            problems.push(source.error(start, format!("tier {} asks nothing", row.level)));
        }
        tiers.push(Tier { level: row.level, name: row.name, plain: row.plain, sentence: row.sentence, demands });
    }
    problems.extend(two_versions(source, &tiers, catalogs));
    if tiers.is_empty() {
        problems.push(source.error(0, "there is no tier"));
    }
    let mut caps = Vec::new();
    for row in file.contradiction {
        let row = row.into_inner();
        caps.extend(row.entries.into_iter().map(|pattern| (pattern, row.cap)));
    }
    if !caps.iter().any(|(pattern, _)| pattern == "*") {
        problems.push(source.error(0, "no cap for every other contradiction; add one with entries = [\"*\"]"));
    }
    let is_criterion = |id: &str| criteria.contains_key(id);
    let mut rows = Vec::new();
    for row in file.row {
        let start = at(&row);
        let RowFile { id, title, entry, criterion, otherwise, needs, also, text, unknown, signs } = row.into_inner();
        let decided_by = match (entry, criterion) {
            (Some(one), None) | (None, Some(one)) => known(&one, problems),
            _ => {
                problems.push(source.error(start, format!("row {id} has to name either an entry or a criterion")));
                continue;
            }
        };
        let otherwise = otherwise.map(|one| known(&one, problems));
        let reads: Vec<String> = needs.iter().chain(&also).cloned().collect();
        let signs = signs.map(|signs| {
            let (start, row) = (at(&signs), format!("row {id}"));
            let mut say = |place: usize, message: String| problems.push(source.error(place, message));
            sign::check(signs.into_inner(), start, &row, &reads, &is_criterion, compile, &mut say)
        });
        match compile(text.get_ref()) {
            Ok(expression) => {
                for kind in expression.reads() {
                    if !reads.iter().any(|need| need.replace('-', "_") == *kind) {
                        problems.push(source.error(at(&text), format!("row {id} reads \"{kind}\" without needing it")));
                    }
                }
                rows.push(FaceRowRule { id, title, decided_by, otherwise, needs, text: expression, unknown, signs });
            }
            Err(reason) => problems.push(source.error(at(&text), format!("row {id}: text: {reason}"))),
        }
    }
    let mut ends = Vec::new();
    for row in file.end {
        let row = row.into_inner();
        let criteria = row.criteria.iter().map(|id| known(id, problems)).collect();
        match compile(row.days.get_ref()) {
            Ok(days) => {
                for kind in days.reads() {
                    if !row.needs.iter().any(|need| need.replace('-', "_") == *kind) {
                        let message = format!("the end \"{}\" reads \"{kind}\" without needing it", row.what);
                        problems.push(source.error(at(&row.days), message));
                    }
                }
                ends.push(EndRule { what: row.what, many: row.many, fix: row.fix, needs: row.needs, criteria, days });
            }
            Err(reason) => problems.push(source.error(at(&row.days), format!("the end \"{}\": {reason}", row.what))),
        }
    }
    let mut say = |place: usize, message: String| problems.push(source.error(place, message));
    let view = source_view::check(file.source, &is_criterion, is_kind, compile, &mut say);
    let product = file.product.and_then(|file| product::check(file, compile, &mut say));
    Tiers { tiers, limits: file.limits, caps, rows, ends, source: view, product }
}
