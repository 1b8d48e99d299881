//! composer.json.
//!
//! Source: Composer, "The composer.json schema".

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::content_hash;
use crate::ecosystem::locked::graph::Usage;

/// What a composer.json says.
#[derive(Debug, Default)]
pub(super) struct Asking {
    pub name: Option<String>,
    pub version: Option<String>,
    /// An SPDX expression.
    pub licence: Option<String>,
    /// What it asks for, without what the machine has to have: name, requirement, use.
    pub asked: Vec<(String, String, Usage)>,
    /// Names for which it stands itself.
    pub stands_for: BTreeSet<String>,
    /// The digests that a lockfile written for it has: of what decides, and of the whole file.
    pub content: Option<String>,
    pub whole: String,
    /// Why it is not known what it asks for, in one clause.
    pub open: Option<String>,
}

/// Reads one, or says what is wrong, as a clause.
pub(super) fn read(bytes: &[u8]) -> Result<Asking, String> {
    let value = plimsoll_model::parse_strict(bytes)?;
    let object = value.as_object().ok_or("it is no JSON object")?;
    let text = |name: &str| object.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let mut asked = Vec::new();
    for (section, usage) in [("require", Usage::Normal), ("require-dev", Usage::Dev)] {
        for (name, requirement) in links(object, section)? {
            if !is_platform(&name) {
                asked.push((name, requirement, usage));
            }
        }
    }
    let mut stands_for: BTreeSet<String> = text("name").map(str::to_ascii_lowercase).into_iter().collect();
    for section in ["replace", "provide"] {
        stands_for.extend(links(object, section)?.into_keys());
    }
    let merged = object.get("extra").and_then(|extra| extra.get("merge-plugin")).is_some();
    Ok(Asking {
        name: text("name").filter(|name| is_name(name)).map(str::to_ascii_lowercase),
        version: text("version").filter(|version| is_version(version)).map(ToOwned::to_owned),
        licence: object.get("license").and_then(licence),
        asked,
        stands_for,
        content: content_hash::of(object),
        whole: content_hash::of_bytes(bytes),
        open: merged.then(|| "its merge-plugin takes in what other files ask for".to_owned()),
    })
}

/// Names with requirements, in lower case, since Composer does not tell cases apart.
pub(super) fn links(object: &Map<String, Value>, section: &str) -> Result<BTreeMap<String, String>, String> {
    let list = match object.get(section) {
        None | Some(Value::Null) => return Ok(BTreeMap::new()),
        // PHP writes an object without members like this.
        Some(Value::Array(list)) if list.is_empty() => return Ok(BTreeMap::new()),
        Some(Value::Object(list)) => list,
        Some(_) => return Err(format!("{section} is no list of names with versions")),
    };
    let of_one =
        |(name, requirement): (&String, &Value)| Some((name.to_ascii_lowercase(), requirement.as_str()?.to_owned()));
    list.iter().map(of_one).collect::<Option<_>>().ok_or_else(|| format!("{section} has no version for a name"))
}

/// Is it what the machine has to have, and no package: PHP, its extensions, Composer itself?
///
/// Source: Composer, `PlatformRepository::PLATFORM_PACKAGE_REGEX`; every package has a vendor.
pub(super) fn is_platform(name: &str) -> bool {
    !name.contains('/')
}

/// Could a package have this name: vendor and name?
pub(super) fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        part.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    name.len() <= 256 && name.split_once('/').is_some_and(|(vendor, name)| part(vendor) && part(name))
}

pub(super) fn is_version(version: &str) -> bool {
    !version.is_empty() && version.len() <= 256 && version.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A licence, or several of which one is chosen, as an SPDX expression where it is one.
pub(super) fn licence(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => {
            let all: Vec<&str> = list.iter().map(Value::as_str).collect::<Option<_>>()?;
            let single =
                |one: &&str| if one.contains(' ') && list.len() > 1 { format!("({one})") } else { (*one).to_owned() };
            all.iter().map(single).collect::<Vec<_>>().join(" OR ")
        }
        _ => return None,
    };
    spdx::Expression::parse(&text).is_ok().then_some(text)
}
