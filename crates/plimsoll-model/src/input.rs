//! The inputs of a collection that are not the commit's own, and what of a kind of fact rests on them.

/// An input that evidence names, or files that are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum InputId {
    /// Who is trusted.
    Trust,
    /// The roots, builders and registry keys that are built in.
    AttestationTrust,
    /// The advisory data.
    Advisories,
    /// A copy of the registry's index.
    RegistryIndex,
    /// Earlier evidence.
    Previous,
    /// Which locked crates have their source on the machine.
    CrateSources,
    /// The version of cargo.
    Resolver,
    /// Countersignatures.
    Countersignatures,
    /// Who is trusted to countersign.
    CountersignatureTrust,
    /// Files of the release, and attestations of them.
    Files,
}

/// One input.
#[derive(Debug)]
pub struct InputRow {
    /// Which.
    pub id: InputId,
    /// Its name in evidence; none where evidence names no such input but the files themselves.
    pub name: Option<&'static str>,
    /// What it is, for a person.
    pub what: &'static str,
    /// How an auditor gives it.
    pub cure: &'static str,
}

const fn row(id: InputId, name: &'static str, what: &'static str, cure: &'static str) -> InputRow {
    InputRow { id, name: Some(name), what, cure }
}

/// Every input that is not the commit's own.
pub const INPUTS: &[InputRow] = &[
    row(InputId::Trust, "trust", "the trust policy", "--their-trust, or the keys as they were given then"),
    row(
        InputId::AttestationTrust,
        "attestation-trust",
        "the built-in roots, builders and registry keys",
        "the version of plimsoll that collected",
    ),
    row(InputId::Advisories, "advisories", "the advisory data", "--their-advisories"),
    row(InputId::RegistryIndex, "registry-index", "the registry's index", "--their-index"),
    row(InputId::Previous, "previous", "the earlier evidence", "--their-previous"),
    row(
        InputId::CrateSources,
        "crate-sources",
        "what is downloaded of the locked crates",
        "`cargo fetch --locked` in the repository, or a CARGO_HOME without them where there were none",
    ),
    row(
        InputId::Resolver,
        "resolver",
        "the resolver",
        "the version of cargo that resolved then, or a PATH without cargo where there was none",
    ),
    row(InputId::Countersignatures, "countersignatures", "the countersignatures", "--with"),
    row(
        InputId::CountersignatureTrust,
        "countersignature-trust",
        "the trust policy for countersignatures",
        "--their-countersignature-trust",
    ),
    InputRow { id: InputId::Files, name: None, what: "files of the release", cure: "--artifact and --attestation" },
];

impl InputId {
    /// Its row.
    pub fn row(self) -> Option<&'static InputRow> {
        INPUTS.iter().find(|row| row.id == self)
    }

    /// The input of this name in evidence; `files` are those of the release.
    pub fn named(name: &str) -> Option<Self> {
        let is_named = |row: &&InputRow| row.name.unwrap_or("files") == name;
        INPUTS.iter().find(is_named).map(|row| row.id)
    }
}

/// What of a kind rests on an input. Everything else comes out the same without it.
#[derive(Clone, Copy, Debug)]
pub struct Rests {
    /// The input.
    pub on: InputId,
    /// Members of its facts, as in `body/reach`.
    pub members: Members,
    /// Facts that are there with the input and not without it, or the other way round.
    pub alone: Alone,
}

/// Which members of a fact rest on an input.
#[derive(Clone, Copy, Debug)]
pub enum Members {
    /// All.
    Any,
    /// These.
    These(&'static [&'static str]),
}

/// Which facts are there with an input alone.
#[derive(Clone, Copy, Debug)]
pub enum Alone {
    /// All of them may be.
    Any,
    /// None: each is there in any case.
    None,
    /// Those whose body has this as its member `kind`.
    Called(&'static str),
}

impl Rests {
    /// Whether there are facts, and all that they say.
    pub const fn all(on: InputId) -> Self {
        Self { on, members: Members::Any, alone: Alone::Any }
    }

    /// What each fact says; that it is there does not.
    pub const fn words(on: InputId) -> Self {
        Self { on, members: Members::Any, alone: Alone::None }
    }

    /// These members of each fact, and of its report the count, status, reason and limitations.
    pub const fn members(on: InputId, members: &'static [&'static str]) -> Self {
        Self { on, members: Members::These(members), alone: Alone::None }
    }

    /// Facts that call themselves so.
    pub const fn called(on: InputId, name: &'static str) -> Self {
        Self { on, members: Members::These(&[]), alone: Alone::Called(name) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_input_has_one_row_and_is_found_by_its_name() {
        for (number, row) in INPUTS.iter().enumerate() {
            assert!(INPUTS.iter().skip(number + 1).all(|other| other.id != row.id && other.name != row.name));
            assert_eq!(InputId::named(row.name.unwrap_or("files")), Some(row.id));
            assert_eq!(row.id.row().map(|row| row.id), Some(row.id));
        }
        assert_eq!(InputId::named("claims"), None);
        assert_eq!(InputId::named(""), None);
    }
}
