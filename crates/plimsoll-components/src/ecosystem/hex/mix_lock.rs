//! mix.lock.
//!
//! Source: Mix, `Mix.Dep.Lock`; Hex, `Hex.Mix` and `Hex.SCM`; Mix, `Mix.SCM.Git`.

use super::{Entry, Locked, Need, Place, is_name, terms};
use crate::hash::{Algorithm, Hash};
use plimsoll_model::excerpt;

use self::terms::Term;
use crate::ecosystem::address;

/// Reads one.
pub(super) fn read(bytes: &[u8]) -> Result<Locked, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8")?;
    let Term::Map(pairs) = terms::elixir(text)? else { return Err("it is no map".to_owned()) };
    let mut all = Locked::default();
    for (app, term) in &pairs {
        match entry(app, term) {
            Ok(entry) => all.entries.push(entry),
            Err(reason) => all.faults.push(format!("the package \"{}\" {reason}", excerpt(app, 80))),
        }
    }
    Ok(all)
}

/// One, or what is wrong with it as what follows its name in a sentence.
fn entry(app: &str, term: &Term) -> Result<Entry, String> {
    if !is_name(app) {
        return Err("has no valid name".to_owned());
    }
    let parts = term.tuple().ok_or("is not as the format has it")?;
    let (kind, rest) = parts.split_first().ok_or("is not as the format has it")?;
    match kind.atom() {
        Some("hex") => hex(app, rest),
        Some("git") => git(app, rest),
        _ => Err("comes from a source of an unknown kind".to_owned()),
    }
}

/// `{:hex, NAME, VERSION, CHECKSUM OF CONTENTS, MANAGERS, NEEDS, REPOSITORY, CHECKSUM OF ARCHIVE}`, of which the first had the
/// first three.
fn hex(app: &str, parts: &[Term]) -> Result<Entry, String> {
    if parts.len() > 7 {
        return Err("has more parts than are known".to_owned());
    }
    let name = parts.first().and_then(Term::atom).filter(|name| is_name(name)).ok_or("has no valid name")?;
    let version = parts.get(1).and_then(Term::text).filter(|version| address::is_plain(version));
    let version = version.ok_or("has no valid version")?;
    let given = |at: usize| parts.get(at).filter(|term| term.atom() != Some("nil"));
    let hash = match given(6) {
        None => None,
        Some(digest) => {
            let digest = digest.text().and_then(|digest| Hash::of_hex(Algorithm::Sha256, digest));
            Some(digest.ok_or("has a digest that is none")?)
        }
    };
    let repository = match given(5) {
        None => None,
        Some(name) => Some(name.text().filter(|name| address::is_plain(name)).ok_or("has no valid repository")?),
    };
    let needs = match given(4) {
        None => Vec::new(),
        Some(list) => {
            let list = list.list().ok_or("has no list of what it needs")?;
            list.iter().map(need).collect::<Option<_>>().ok_or("needs something that is not understood")?
        }
    };
    Ok(Entry {
        app: app.to_owned(),
        name: name.to_owned(),
        version: version.to_owned(),
        place: Place::Hex(repository.map(ToOwned::to_owned)),
        hash,
        needs: Some(needs),
        direct: false,
    })
}

/// `{APP, REQUIREMENT, [hex: NAME, repo: REPOSITORY, optional: false]}`; the first had no options.
fn need(term: &Term) -> Option<Need> {
    let parts = term.tuple()?;
    let app = parts.first()?.atom().filter(|app| is_name(app))?;
    let optional = parts.iter().skip(1).find_map(|options| options.value("optional")).and_then(Term::atom);
    Some(Need { app: app.to_owned(), optional: optional == Some("true") })
}

/// `{:git, ADDRESS, REVISION, OPTIONS}`.
fn git(app: &str, parts: &[Term]) -> Result<Entry, String> {
    let [url, revision, _] = parts else { return Err("is not as the format has it".to_owned()) };
    let url = url.text().and_then(address::repository).ok_or("comes from git without an address")?;
    let revision = revision.text().filter(|revision| address::is_revision(revision)).map(str::to_ascii_lowercase);
    Ok(Entry {
        app: app.to_owned(),
        name: app.to_owned(),
        version: revision.clone().unwrap_or_default(),
        place: Place::Git { url, revision },
        hash: None,
        needs: None,
        direct: false,
    })
}
