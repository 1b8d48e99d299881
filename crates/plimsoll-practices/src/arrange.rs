//! From files of catalogs to catalogs that are valid: ids once, criteria known, nothing said to be reached that is not.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::Assurance;

use crate::{
    Catalog, Criterion, Entry, PracticeError, Tier, Tiers,
    catalog::{CatalogFile, EntryFile},
    error::hint,
    source::{Source, at},
};

/// The answer of a maker to whose product an entry does not apply.
const NOT_APPLICABLE: &str = "not-applicable";

/// What a form may want with an answer.
const CLASSES: [&str; 7] = ["E", "C", "CE", "X", "R", "K", "O"];

/// Gives all catalogs in the order of their files. One that extends another has that one's entries, and its own in place of
/// those or after those of the same group. What it extends must extend nothing itself, so that there is no circle.
pub(crate) fn catalogs(
    files: Vec<(Source<'_>, CatalogFile)>,
    criteria: &BTreeMap<String, Criterion>,
    problems: &mut Vec<PracticeError>,
) -> Vec<Catalog> {
    crosswalks(&files, problems);
    let mut seen = BTreeSet::new();
    for (source, file) in &files {
        let id = file.catalog.id.get_ref();
        if !seen.insert(id.clone()) {
            let message = format!("there is another catalog \"{id}\"; give one of them another id, or delete it");
            problems.push(source.error(at(&file.catalog.id), message));
        }
        if id.is_empty()
            || !id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte))
        {
            let message = format!("\"{id}\" is no id of a catalog; write small letters, digits, - and . only");
            problems.push(source.error(at(&file.catalog.id), message));
        }
    }
    let mut plain: Vec<(usize, Catalog)> = Vec::new();
    let mut extending = Vec::new();
    for (number, (source, file)) in files.into_iter().enumerate() {
        match file.catalog.extends.clone() {
            Some(base) => extending.push((number, base, source, file)),
            None => plain.push((number, catalog(&source, file, None, criteria, problems))),
        }
    }
    let names: BTreeSet<String> = extending.iter().map(|(_, _, _, file)| file.catalog.id.get_ref().clone()).collect();
    let mut all = Vec::new();
    for (number, base, source, file) in extending {
        let (place, name) = (at(&base), base.into_inner());
        let found = plain.iter().map(|(_, catalog)| catalog).find(|catalog| catalog.id == name);
        if found.is_none() {
            let message = if names.contains(&name) {
                format!(
                    "it extends \"{name}\", which extends another catalog itself; extend that one, so that there is no circle"
                )
            } else {
                let hint = hint(&name, plain.iter().map(|(_, catalog)| catalog.id.as_str()));
                format!("it extends \"{name}\", and there is no such catalog{hint}")
            };
            problems.push(source.error(place, message));
            continue;
        }
        all.push((number, catalog(&source, file, found, criteria, problems)));
    }
    all.extend(plain);
    all.sort_by_key(|(number, _)| *number);
    all.into_iter().map(|(_, catalog)| catalog).collect()
}

/// Refuses a crosswalk to what is no entry, and a short name that two catalogs have or that is the id of one.
fn crosswalks(files: &[(Source<'_>, CatalogFile)], problems: &mut Vec<PracticeError>) {
    let known: BTreeSet<String> = files
        .iter()
        .flat_map(|(_, file)| {
            let catalog = file.catalog.id.get_ref();
            file.entry.iter().map(move |entry| format!("{catalog}/{}", entry.get_ref().id.get_ref()))
        })
        .collect();
    let mut names: BTreeSet<&str> = files.iter().map(|(_, file)| file.catalog.id.get_ref().as_str()).collect();
    let mut titles: BTreeMap<String, &str> = BTreeMap::new();
    for (source, file) in files {
        // A catalog that looks like another would be taken for it.
        let id = file.catalog.id.get_ref().as_str();
        if let Some(other) = titles.insert(letters(&format!("{} {}", file.catalog.title, file.catalog.version)), id) {
            let message =
                format!("\"{other}\" has the same title and version; say in the title of one what it is instead");
            problems.push(source.error(at(&file.catalog.id), message));
        }
        let of_another = |one: &(Source<'_>, CatalogFile)| {
            one.1.catalog.framework.get_ref() == id && one.1.catalog.id.get_ref() != id
        };
        if files.iter().any(of_another) {
            let message = format!("\"{id}\" is the framework of another catalog; give this one another id");
            problems.push(source.error(at(&file.catalog.id), message));
        }
        for other in file.entry.iter().flat_map(|entry| &entry.get_ref().crosswalk) {
            if !known.contains(other.get_ref()) {
                let hint = hint(other.get_ref(), known.iter().map(String::as_str));
                let message = format!("a crosswalk names \"{}\", which is no entry{hint}", other.get_ref());
                problems.push(source.error(at(other), message));
            }
        }
        for alias in &file.catalog.aliases {
            let is_framework = |one: &&(Source<'_>, CatalogFile)| {
                one.1.catalog.framework.get_ref() == alias.get_ref() && one.1.catalog.id.get_ref() != id
            };
            if files.iter().any(|one| is_framework(&one)) || !names.insert(alias.get_ref()) {
                let message =
                    format!("there is another catalog called \"{}\"; give it another short name", alias.get_ref());
                problems.push(source.error(at(alias), message));
            }
        }
    }
}

/// Letters and digits alone, in small letters.
fn letters(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Puts those first that every label holds: they say so, or a tier, a row or a cap asks for one of their entries.
pub(crate) fn put_asked_first(catalogs: &mut [Catalog], tiers: &Tiers) {
    let demands = tiers.tiers.iter().flat_map(|tier| tier.demands.iter().map(|demand| &demand.id));
    let rows = tiers.rows.iter().flat_map(|row| std::iter::once(&row.decided_by).chain(&row.otherwise));
    let asked: BTreeSet<&str> =
        demands.chain(rows).filter_map(|id| id.split_once('/')).map(|(catalog, _)| catalog).collect();
    for catalog in catalogs.iter_mut() {
        catalog.in_label |= asked.contains(catalog.id.as_str());
    }
    catalogs.sort_by_key(|catalog| !catalog.in_label);
}

/// The ids of two versions of one framework that the tiers ask for; nothing where there is one of each.
pub(crate) fn two_versions(tiers: &[Tier], catalogs: &[Catalog]) -> Option<(String, String)> {
    let mut versions: BTreeMap<&str, &str> = BTreeMap::new();
    for demand in tiers.iter().flat_map(|tier| &tier.demands) {
        let Some((id, _)) = demand.id.split_once('/') else { continue };
        let Some(catalog) = catalogs.iter().find(|catalog| catalog.id == id) else { continue };
        let first = *versions.entry(&catalog.framework).or_insert(&catalog.id);
        if first != catalog.id {
            return Some((first.to_owned(), catalog.id.clone()));
        }
    }
    None
}

fn catalog(
    source: &Source<'_>,
    file: CatalogFile,
    base: Option<&Catalog>,
    criteria: &BTreeMap<String, Criterion>,
    problems: &mut Vec<PracticeError>,
) -> Catalog {
    let id = file.catalog.id.get_ref().clone();
    let mut groups = base.map(|base| base.groups.clone()).unwrap_or_default();
    for group in file.group {
        match groups.iter_mut().find(|other| other.id == group.id) {
            Some(other) => *other = group,
            None => groups.push(group),
        }
    }
    let mut entries: Vec<Entry> = base.map(|base| base.entries.clone()).unwrap_or_default();
    let mut own: BTreeSet<String> = BTreeSet::new();
    for row in file.entry {
        let start = at(&row);
        let entry = entry(source, start, row.into_inner(), criteria, problems);
        if !groups.iter().any(|group| group.id == entry.group) {
            problems.push(source.error(start, format!("{}: there is no group \"{}\"", entry.id, entry.group)));
        }
        if !own.insert(entry.id.clone()) {
            problems.push(source.error(start, format!("{} appears twice", entry.id)));
        }
        if let Some(other) = entries.iter_mut().find(|other| other.id == entry.id) {
            *other = entry;
        } else {
            let after = entries.iter().rposition(|other| base.is_some() && other.group == entry.group);
            entries.insert(after.map_or(entries.len(), |place| place + 1), entry);
        }
    }
    let stated = *file.catalog.entries.get_ref();
    if entries.len() != stated {
        let message =
            format!("{id} has {stated} entries in the standard and {} here; none may be left out", entries.len());
        problems.push(source.error(at(&file.catalog.entries), message));
    }
    if file.catalog.framework.get_ref().trim().is_empty() {
        let message = format!("{id} names no framework; write what its versions have in common, as \"ssdf\"");
        problems.push(source.error(at(&file.catalog.framework), message));
    }
    Catalog {
        id,
        title: file.catalog.title,
        version: file.catalog.version,
        source: file.catalog.source,
        framework: file.catalog.framework.into_inner(),
        in_label: file.catalog.in_label,
        groups,
        entries,
        aliases: file.catalog.aliases.into_iter().map(toml::Spanned::into_inner).collect(),
        published_prefix: file.catalog.published_prefix,
        badge: file.catalog.badge,
        machine_form: file.catalog.machine_form,
        fields: file.field,
    }
}

/// What the maker is asked where the catalog words no question of its own.
fn question(row: &EntryFile) -> String {
    if !row.ask.trim().is_empty() || !row.claimable {
        return row.ask.clone();
    }
    let whether = if row.may_not_apply {
        format!(" Answer \"{NOT_APPLICABLE}\", and say why, where it does not arise.")
    } else {
        String::new()
    };
    format!("Is this so: {}?{whether}", row.title)
}

fn entry(
    source: &Source<'_>,
    start: usize,
    row: EntryFile,
    criteria: &BTreeMap<String, Criterion>,
    problems: &mut Vec<PracticeError>,
) -> Entry {
    let id = row.id.get_ref().clone();
    let raised_by = row.strengthened_by.iter().chain(&row.corroborated_by);
    let named = row.supported_by.iter().chain(raised_by).chain(&row.contradicted_by);
    for criterion in named.chain(&row.applies_where) {
        if !criteria.contains_key(criterion) {
            let hint = hint(criterion, criteria.keys().map(String::as_str));
            problems.push(source.error(start, format!("{id} refers to \"{criterion}\", which is no criterion{hint}")));
        }
    }
    let least =
        |ids: &[String]| ids.iter().filter_map(|id| criteria.get(id)).map(|criterion| criterion.assurance).min();
    let declared = row.claimable.then_some(Assurance::Declared);
    // What covers a part meets nothing.
    let supported = least(&row.supported_by).filter(|_| row.uncovered.is_none());
    let strengthened = least(&row.strengthened_by).filter(|_| supported.is_some());
    let corroborated = least(&row.corroborated_by).filter(|_| supported.is_some());
    let reachable = [declared, supported, strengthened, corroborated].into_iter().flatten().max();
    if reachable.is_none() {
        let message = format!("{id} can be decided by no one: no criterion covers all of it and it cannot be claimed");
        problems.push(source.error(start, message));
    }
    if let Some(uncovered) = &row.uncovered {
        if uncovered.get_ref().trim().is_empty() {
            let message = format!("{id}: `uncovered` is empty; say what no criterion covers, or leave it out");
            problems.push(source.error(at(uncovered), message));
        }
        if row.supported_by.is_empty() {
            let message = format!("{id} has no criterion, so that all of it is uncovered; leave `uncovered` out");
            problems.push(source.error(at(uncovered), message));
        }
    }
    if let Some(beyond) = &row.beyond
        && (beyond.get_ref().trim().is_empty() || row.supported_by.is_empty() || row.uncovered.is_some())
    {
        let message = format!("{id}: `beyond` is a clause about an entry that has criteria and no `uncovered`");
        problems.push(source.error(at(beyond), message));
    }
    let reachable = reachable.unwrap_or(Assurance::Declared);
    let reach = *row.reach.get_ref();
    if reach < reachable {
        let message = format!("{id} says its reach is {reach}, and its criteria come to {reachable}");
        problems.push(source.error(at(&row.reach), message));
    }
    if reach > reachable && row.pending.is_none() {
        let message =
            format!("{id} says its reach is {reach}, and its criteria come to {reachable} only; say why in `pending`");
        problems.push(source.error(at(&row.reach), message));
    }
    if row.may_not_apply && !row.claimable {
        problems.push(source.error(start, format!("{id} may not apply, and no one can say so: it cannot be claimed")));
    }
    if !row.applies_where.is_empty() && !row.may_not_apply {
        let message = format!("{id} applies always; leave `applies-where` out, or say may-not-apply = true");
        problems.push(source.error(start, message));
    }
    for (member, criterion) in &row.shows {
        if !criteria.contains_key(criterion) {
            let hint = hint(criterion, criteria.keys().map(String::as_str));
            let message = format!("{id} shows \"{criterion}\" as {member}, which is no criterion{hint}");
            problems.push(source.error(start, message));
        }
    }
    if let Some(class) = row.class.as_deref().filter(|class| !CLASSES.contains(class)) {
        let message = format!("{id} has the class \"{class}\"; it is one of {}", CLASSES.join(", "));
        problems.push(source.error(start, message));
    }
    let ask = question(&row);
    // Who is asked has to hear of the answer where it counts, and not to hear of it where it does not.
    if row.claimable && row.may_not_apply != ask.contains(NOT_APPLICABLE) {
        let message = if row.may_not_apply {
            format!("{id} may not apply; its `ask` has to say when \"{NOT_APPLICABLE}\" is the answer")
        } else {
            format!("{id} asks for \"{NOT_APPLICABLE}\", which counts only with may-not-apply = true")
        };
        problems.push(source.error(start, message));
    }
    Entry {
        id,
        group: row.group,
        title: row.title,
        level: row.level,
        uncovered: row.uncovered.map(toml::Spanned::into_inner),
        beyond: row.beyond.map(toml::Spanned::into_inner),
        reach,
        reachable,
        pending: row.pending,
        claimable: row.claimable,
        may_not_apply: row.may_not_apply,
        applies_where: row.applies_where,
        supported_by: row.supported_by,
        strengthened_by: row.strengthened_by,
        corroborated_by: row.corroborated_by,
        contradicted_by: row.contradicted_by,
        ask,
        class: row.class,
        crosswalk: row.crosswalk.into_iter().map(toml::Spanned::into_inner).collect(),
        shows: row.shows,
    }
}
