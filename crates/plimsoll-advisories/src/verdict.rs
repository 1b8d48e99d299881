//! Is a version affected? The evaluation that the OSV schema prescribes, with a third answer where it cannot be carried out.
//!
//! Source: OSV schema, "Evaluation".

use std::cmp::Ordering;

use plimsoll_versions::{NotComparable, Scheme, Version};

use crate::{
    action,
    ecosystem::{ACTIONS, Ecosystem},
    record::{Affected, Event, Range, RangeKind, Record},
};

/// What an advisory says of one version of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is affected.
    Affected,
    /// It is not.
    NotAffected,
    /// Nobody can tell, with the reason. It is a gap of this package alone.
    Uncomparable(String),
}

impl Verdict {
    /// The worse of two: what is affected by one part of an advisory is affected.
    #[must_use]
    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Affected, _) | (_, Self::Affected) => Self::Affected,
            (Self::Uncomparable(why), _) | (_, Self::Uncomparable(why)) => Self::Uncomparable(why),
            (Self::NotAffected, Self::NotAffected) => Self::NotAffected,
        }
    }
}

impl Record {
    /// Is `version` of the package `name` of `ecosystem` affected? What it says nothing of is not.
    pub fn verdict(&self, ecosystem: &Ecosystem, name: &str, version: &str) -> Verdict {
        let about = self.affected.iter().filter(|affected| affected.is_about(ecosystem, name));
        about.map(|affected| affected.verdict(version)).fold(Verdict::NotAffected, Verdict::or)
    }
}

impl Affected {
    /// Is `version` of its package affected?
    pub fn verdict(&self, version: &str) -> Verdict {
        let scheme = Ecosystem::of(&self.ecosystem).and_then(|ecosystem| ecosystem.scheme);
        Bounds { ranges: &self.ranges, versions: &self.versions }.verdict(&self.ecosystem, scheme, version)
    }
}

/// What decides about a version: ranges and a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds<'a> {
    pub(crate) ranges: &'a [Range],
    pub(crate) versions: &'a [String],
}

impl Bounds<'_> {
    /// Is a version affected, of a package of the ecosystem of this name, whose versions are ordered by `scheme`?
    pub(crate) fn verdict(self, ecosystem: &str, scheme: Option<Scheme>, version: &str) -> Verdict {
        if ecosystem == ACTIONS {
            return action::verdict(self, version);
        }
        self.of_version(ecosystem, scheme, version)
    }

    /// The same of what is a version, and nothing that stands for several.
    pub(crate) fn of_version(self, ecosystem: &str, scheme: Option<Scheme>, version: &str) -> Verdict {
        if self.lists(scheme, version) {
            return Verdict::Affected;
        }
        let mut of_versions = self.ranges.iter().filter(|range| range.kind != RangeKind::Git).peekable();
        if of_versions.peek().is_none() && self.versions.is_empty() {
            let named =
                if self.ranges.is_empty() { "neither versions nor a range of them" } else { "commits and no versions" };
            return Verdict::Uncomparable(format!("the advisory names {named}"));
        }
        let of_range = |range| verdict_of_range(range, ecosystem, scheme, version);
        of_versions.map(of_range).fold(Verdict::NotAffected, Verdict::or)
    }

    /// Is the version in the list, maybe spelled in another way?
    fn lists(self, scheme: Option<Scheme>, version: &str) -> bool {
        if self.versions.iter().any(|listed| listed == version) {
            return true;
        }
        let Some((scheme, own)) = scheme.and_then(|scheme| Some((scheme, scheme.parse(version).ok()?))) else {
            return false;
        };
        self.versions.iter().any(|listed| scheme.parse(listed).is_ok_and(|listed| listed == own))
    }
}

fn verdict_of_range(range: &Range, ecosystem: &str, scheme: Option<Scheme>, version: &str) -> Verdict {
    // Where everything is affected nothing has to be compared.
    if !range.events.is_empty() && range.events.iter().all(|event| *event == Event::Introduced("0".to_owned())) {
        return Verdict::Affected;
    }
    let scheme = match (range.kind, scheme) {
        // The ecosystems' own dialects read what is written as they read it themselves.
        (RangeKind::Semver, Some(scheme @ (Scheme::Npm | Scheme::Go | Scheme::Hex))) => scheme,
        (RangeKind::Semver, _) => Scheme::Semver,
        (_, Some(scheme)) => scheme,
        (_, None) => {
            let ecosystem = plimsoll_model::one_line(ecosystem);
            return Verdict::Uncomparable(format!("how versions of \"{ecosystem}\" are ordered is not known"));
        }
    };
    match is_within(&range.events, scheme, version) {
        Ok(true) => Verdict::Affected,
        Ok(false) => Verdict::NotAffected,
        Err(why) => Verdict::Uncomparable(why),
    }
}

/// A place in the order of versions.
enum Place {
    Before,
    At(Version),
    Behind,
}

impl Place {
    fn of(event: &Event, scheme: Scheme) -> Result<Self, NotComparable> {
        Ok(match event.version() {
            "0" => Self::Before,
            "*" if matches!(event, Event::Limit(_)) => Self::Behind,
            version => Self::At(scheme.parse(version)?),
        })
    }

    fn order(&self) -> u8 {
        match self {
            Self::Before => 0,
            Self::At(_) => 1,
            Self::Behind => 2,
        }
    }

    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            // Both are of one scheme.
            (Self::At(one), Self::At(other)) => one.partial_cmp(other).unwrap_or(Ordering::Equal),
            _ => self.order().cmp(&other.order()),
        }
    }
}

fn is_within(events: &[Event], scheme: Scheme, version: &str) -> Result<bool, String> {
    let unreadable = |error: NotComparable| error.to_string();
    let own = Place::At(scheme.parse(version).map_err(unreadable)?);
    if !events.iter().any(|event| matches!(event, Event::Introduced(_))) {
        return Err("a range of the advisory has no beginning".to_owned());
    }
    let mut placed = Vec::with_capacity(events.len());
    for event in events {
        placed.push((Place::of(event, scheme).map_err(unreadable)?, event));
    }
    let mut limits = placed.iter().filter(|(_, event)| matches!(event, Event::Limit(_))).peekable();
    if limits.peek().is_some() && !limits.any(|(place, _)| own.cmp(place).is_lt()) {
        return Ok(false);
    }
    placed.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut affected = false;
    for at_one in placed.chunk_by(|(one, _), (other, _)| one.cmp(other).is_eq()) {
        let Some((place, _)) = at_one.first() else { break };
        let order = own.cmp(place);
        if order.is_lt() {
            break;
        }
        let has = |is: fn(&Event) -> bool| at_one.iter().any(|(_, event)| is(event));
        let begins = has(|event| matches!(event, Event::Introduced(_)));
        // What was affected last is affected itself.
        let ends = has(|event| matches!(event, Event::Fixed(_)))
            || (order.is_gt() && has(|event| matches!(event, Event::LastAffected(_))));
        // Where one ends and one begins, the end is that of what was before; where nothing was before, it is its own.
        affected = match (begins, ends) {
            (true, true) | (false, false) => affected,
            (begins, _) => begins,
        };
    }
    Ok(affected)
}
