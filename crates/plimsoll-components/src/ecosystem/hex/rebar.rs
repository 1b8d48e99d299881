//! rebar.lock and rebar.config.
//!
//! Source: Rebar3, "Dependencies" and `rebar_config`, `rebar_fetch`.

use std::collections::BTreeMap;

use plimsoll_model::excerpt;

use super::{Asked, Entry, Locked, Place, is_name, terms, terms::Term};
use crate::{
    ecosystem::address,
    hash::{Algorithm, Hash},
};

/// Why one was not understood.
#[derive(Clone)]
pub(super) enum Wrong {
    Future(String),
    Malformed(String),
}

impl From<String> for Wrong {
    fn from(reason: String) -> Self {
        Self::Malformed(reason)
    }
}

/// Reads a lockfile.
pub(super) fn lock(bytes: &[u8]) -> Result<Locked, Wrong> {
    let malformed = |reason: &str| Wrong::Malformed(reason.to_owned());
    let text = std::str::from_utf8(bytes).map_err(|_| malformed("it is not UTF-8"))?;
    let terms = terms::erlang(text)?;
    let mut all = Locked::default();
    // The first format had no number.
    let (list, more) = match terms.as_slice() {
        [] => (&[][..], None),
        [first, rest @ ..] => match (first.list(), first.tuple()) {
            (Some(list), _) => (list, None),
            (None, Some([version, list])) => {
                let version = version.text().ok_or_else(|| malformed("it says no version of its format"))?;
                version.clone_into(&mut all.version);
                if version.split('.').next() != Some("1") {
                    return Err(Wrong::Future(excerpt(version, 20)));
                }
                (list.list().ok_or_else(|| malformed("it has no list of packages"))?, rest.first())
            }
            _ => return Err(malformed("it has no list of packages")),
        },
    };
    let hashes: BTreeMap<&str, &Term> = more
        .and_then(|more| more.value("pkg_hash_ext")?.list())
        .into_iter()
        .flatten()
        .filter_map(|pair| match pair.tuple()? {
            [name, digest] => Some((name.text()?, digest)),
            _ => None,
        })
        .collect();
    for term in list {
        let name = term.tuple().and_then(|parts| parts.first()?.text());
        match entry(term, &hashes) {
            Ok(entry) => all.entries.push(entry),
            Err(reason) => {
                all.faults.push(format!("the package \"{}\" {reason}", excerpt(name.unwrap_or_default(), 80)));
            }
        }
    }
    Ok(all)
}

/// `{<<"APP">>, SOURCE, LEVEL}`, or what is wrong with it as what follows its name in a sentence.
fn entry(term: &Term, hashes: &BTreeMap<&str, &Term>) -> Result<Entry, String> {
    let Some([app, source, level]) = term.tuple() else { return Err("is not as the format has it".to_owned()) };
    let app = app.text().filter(|app| is_name(app)).ok_or("has no valid name")?;
    let parts = source.tuple().ok_or("comes from a source of an unknown kind")?;
    let Term::Number(level) = level else { return Err("has no level".to_owned()) };
    let text = |at: usize| parts.get(at).and_then(Term::text);
    let mut entry = Entry { app: app.to_owned(), direct: level == "0", ..Entry::default() };
    match parts.first().and_then(Term::atom) {
        Some("pkg") => {
            text(1).filter(|name| is_name(name)).ok_or("has no valid name")?.clone_into(&mut entry.name);
            let version = text(2).filter(|version| address::is_plain(version)).ok_or("has no valid version")?;
            version.clone_into(&mut entry.version);
            entry.place = Place::Hex(None);
            // The last of the five that some versions write here.
            let digest = hashes.get(app).copied().or_else(|| parts.get(4));
            if let Some(digest) = digest {
                let digest = digest.text().and_then(|digest| Hash::of_hex(Algorithm::Sha256, digest));
                entry.hash = Some(digest.ok_or("has a digest that is none")?);
            }
        }
        Some("git" | "git_subdir") => {
            let url = text(1).and_then(address::repository).ok_or("comes from git without an address")?;
            let pinned = parts.get(2).and_then(Term::tuple).and_then(|pair| match pair {
                [kind, revision] if kind.atom() == Some("ref") => revision.text(),
                _ => None,
            });
            let revision = pinned.filter(|revision| address::is_revision(revision)).map(str::to_ascii_lowercase);
            app.clone_into(&mut entry.name);
            entry.version = revision.clone().unwrap_or_default();
            entry.place = Place::Git { url, revision };
        }
        _ => return Err("comes from a source of an unknown kind".to_owned()),
    }
    Ok(entry)
}

/// What a rebar.config asks for.
#[derive(Clone, Debug, Default)]
pub(super) struct Config {
    pub asked: Vec<Asked>,
    /// Names that are asked for in profiles alone, which are not locked.
    pub in_profiles: Vec<String>,
    /// Does it build with plugins, which are not locked?
    pub plugins: bool,
    pub open: Option<String>,
}

/// Reads one.
pub(super) fn config(bytes: &[u8]) -> Result<Config, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8")?;
    let terms = Term::List(terms::erlang(text)?);
    let mut all = Config::default();
    for name in ["plugins", "project_plugins"] {
        all.plugins |= terms.value(name).is_some_and(|list| list.list() != Some(&[]));
    }
    if terms.value("overrides").is_some() {
        all.open = Some("what rebar.config overrides is not compared".to_owned());
    }
    for term in
        terms.value("deps").map(|list| list.list().ok_or("its deps are no list")).transpose()?.unwrap_or_default()
    {
        match asked(term) {
            Some(asked) => all.asked.push(asked),
            None => all.open = Some("what rebar.config asks for is not understood".to_owned()),
        }
    }
    for profile in terms.value("profiles").and_then(Term::list).unwrap_or_default() {
        let Some([_, settings]) = profile.tuple() else { continue };
        let deps = settings.value("deps").and_then(Term::list).unwrap_or_default();
        all.in_profiles.extend(deps.iter().filter_map(asked).map(|asked| asked.name));
        all.plugins |= settings.value("plugins").is_some();
    }
    Ok(all)
}

/// `APP`, `{APP, VERSION}`, `{APP, SOURCE}` or `{APP, VERSION, SOURCE}`.
fn asked(term: &Term) -> Option<Asked> {
    if let Some(app) = term.atom() {
        return is_name(app).then(|| Asked { name: app.to_owned(), version: None, git: None });
    }
    let [app, rest @ ..] = term.tuple()? else { return None };
    let name = app.atom().filter(|app| is_name(app))?.to_owned();
    let version = rest.iter().find_map(Term::text).map(ToOwned::to_owned);
    let source = rest.iter().find_map(Term::tuple);
    let git = match source.map(|source| (source.first().and_then(Term::atom), source)) {
        None | Some((Some("pkg"), _)) => None,
        Some((Some("git" | "git_subdir"), source)) => {
            let pinned = source.get(2).and_then(Term::tuple).and_then(|pair| match pair {
                [kind, revision] if kind.atom() == Some("ref") => revision.text(),
                _ => None,
            });
            Some((source.get(1)?.text()?.to_owned(), pinned.map(str::to_ascii_lowercase)))
        }
        Some(_) => return None,
    };
    (rest.len() <= 2).then_some(Asked { name, version, git })
}
