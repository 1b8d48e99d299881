//! The inputs of a collection that are not the commit's own, and what of a kind of fact rests on them.
//!
//! An input is one row of one table. Evidence, audit, help and reference read it there; an input that is a file needs nothing
//! else but the collector that reads it: its flags, its bound and its name and digest in evidence follow from the row.

use std::collections::BTreeMap;

use crate::{Evidence, Input, OrgDefaults, ResultFiles, evidence::LARGEST_EVIDENCE, sha256_hex, to_canonical};

/// Bytes of a VEX document.
const LARGEST_VEX: u64 = 16 * 1024 * 1024;

/// Bytes of a catalogue of exploited vulnerabilities, or of scores, as they are published: more than ten times what they had in 2025.
const LARGEST_LIST: u64 = 64 * 1024 * 1024;

/// Bytes of all result files together, as they are packed.
const LARGEST_RESULTS: u64 = 32 * 1024 * 1024;

/// One input.
#[derive(Debug)]
pub struct InputRow {
    /// Which.
    pub id: InputId,
    /// Its name in evidence, in kebab-case.
    pub name: &'static str,
    /// What it is, for a person, with its article.
    pub what: &'static str,
    /// How it is given.
    pub given: Given,
}

/// How an input is given.
#[derive(Debug)]
pub enum Given {
    /// In a way of its own, or by the program or the machine. This says how an auditor gives it.
    Otherwise(&'static str),
    /// As one file, which a flag names.
    File(FileInput),
}

/// An input that is one file.
#[derive(Debug)]
pub struct FileInput {
    /// The flag without hyphens in front. An audit has the same with `their-` before it, for the file that the maker had.
    pub flag: &'static str,
    /// What stands for the file in help.
    pub value: &'static str,
    /// One line of help.
    pub help: &'static str,
    /// A file of more bytes is refused.
    pub limit: u64,
    /// What else it can be taken from.
    pub taken: Taken,
    /// Gives what evidence says of the file, or refuses it; [`digest_alone`] where any file will do.
    pub pin: Pin,
}

/// From what an input that is a file may be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// From the file alone.
    AsFile,
    /// From the file, or from the repository that holds what is in it.
    OfRepository,
    /// From files with their names: one, or those that lie in a folder.
    OfFolder,
}

/// What evidence says of a file, by its row and its bytes; or what is wrong with it.
pub type Pin = fn(&InputRow, &[u8]) -> Result<Input, String>;

macro_rules! inputs {
    ($($(#[doc = $about:literal])+ $id:ident: $name:literal, $what:literal, $given:expr;)+) => {
        /// An input that evidence names, or files that are given.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum InputId {
            $($(#[doc = $about])+ $id,)+
        }

        /// Every input that is not the commit's own.
        pub const INPUTS: &[&InputRow] = &[$(InputId::$id.row()),+];

        impl InputId {
            /// Its row.
            pub const fn row(self) -> &'static InputRow {
                match self {
                    $(Self::$id => &InputRow { id: Self::$id, name: $name, what: $what, given: $given },)+
                }
            }
        }
    };
}

inputs! {
    /// Who is trusted.
    Trust: "trust", "the trust policy", Given::Otherwise("--their-trust, or the keys as they were given then");

    /// The roots, builders and registry keys that are built in.
    AttestationTrust: "attestation-trust", "the built-in roots, builders and registry keys",
        Given::Otherwise("the version of plimsoll that collected");

    /// The keys of forges that are built in, where a signature rests on them.
    Forges: "forges", "the built-in keys of forges", Given::Otherwise("the version of plimsoll that collected");

    /// What the tools are that pipelines call.
    Tools: "tools", "the tools of pipelines", Given::Otherwise("--practices with the files of tools/ of then");

    /// The advisory data.
    Advisories: "advisories", "the advisory data", Given::Otherwise("--their-advisories");

    /// A copy of the registry's index.
    RegistryIndex: "registry-index", "the registry's index", Given::Otherwise("--their-index");

    /// Earlier evidence.
    Previous: "previous", "the earlier evidence", Given::File(FileInput {
        flag: "previous",
        value: "EVIDENCE",
        help: "Earlier evidence.json of this repository, to detect rewritten history",
        limit: LARGEST_EVIDENCE as u64,
        taken: Taken::AsFile,
        pin: earlier_evidence,
    });

    /// A VEX document.
    Vex: "vex", "the VEX document", Given::File(FileInput {
        flag: "vex",
        value: "FILE",
        help: "OpenVEX, CycloneDX or CSAF VEX (JSON): which vulnerabilities do not matter, and why",
        limit: LARGEST_VEX,
        taken: Taken::AsFile,
        pin: digest_alone,
    });

    /// Vulnerabilities that are known to be exploited.
    Kev: "kev", "the catalogue of known exploited vulnerabilities", Given::File(FileInput {
        flag: "kev",
        value: "FILE",
        help: "Known exploited vulnerabilities as CISA publishes them (JSON or CSV): which findings to fix first",
        limit: LARGEST_LIST,
        taken: Taken::AsFile,
        pin: exploited,
    });

    /// Probabilities of exploitation.
    Epss: "epss", "the EPSS scores", Given::File(FileInput {
        flag: "epss",
        value: "FILE",
        help: "EPSS scores as FIRST publishes them (CSV, also packed by gzip): how probable exploitation is",
        limit: LARGEST_LIST,
        taken: Taken::AsFile,
        pin: scores,
    });

    /// Documents that hold for all repositories of an organisation.
    OrgDefaults: "org-defaults", "the organisation's default documents", Given::File(FileInput {
        flag: "org-defaults",
        value: "REPO",
        help: "A copy of the organisation's repository `.github`: its SECURITY.md and others count where this one has none",
        limit: LARGEST_VEX,
        taken: Taken::OfRepository,
        pin: org_defaults,
    });

    /// Reports of other tools, and settings of the code host.
    Results: "results", "the results of other tools", Given::File(FileInput {
        flag: "results",
        value: "FILE|FOLDER",
        help: "Reports of other tools (SARIF, zizmor, Scorecard, cargo-deny, cargo-vet, osv-scanner, OSCAL) and settings of the code host, with their signatures",
        limit: LARGEST_RESULTS,
        taken: Taken::OfFolder,
        pin: results,
    });

    /// Which locked crates have their source on the machine.
    CrateSources: "crate-sources", "what is downloaded of the locked crates",
        Given::Otherwise("`cargo fetch --locked` in the repository, or a CARGO_HOME without them where there were none");

    /// What the references of the repository are, where every version of every file was looked at.
    References: "references", "the set of references",
        Given::Otherwise("a clone with the branches and tags of then; an audit looks at all versions where the maker did");

    /// The version of cargo.
    Resolver: "resolver", "the resolver",
        Given::Otherwise("the version of cargo that resolved then, or a PATH without cargo where there was none");

    /// Countersignatures.
    Countersignatures: "countersignatures", "the countersignatures", Given::Otherwise("--with");

    /// Who is trusted to countersign.
    CountersignatureTrust: "countersignature-trust", "the trust policy for countersignatures",
        Given::Otherwise("--their-countersignature-trust");

    /// Files of the release, and attestations of them. Evidence names them one by one, and not among its inputs.
    Files: "files", "files of the release", Given::Otherwise("--artifact and --attestation");
}

/// What evidence says of its input `tools` where the tools of pipelines are those that are built in.
pub const BUILT_IN_TOOLS: &str = "built-in tools of pipelines";

impl InputId {
    /// The input of this name; `files` are those of the release.
    pub fn named(name: &str) -> Option<Self> {
        INPUTS.iter().find(|row| row.name == name).map(|row| row.id)
    }

    /// Its name in evidence.
    pub const fn name(self) -> &'static str {
        self.row().name
    }
}

impl InputRow {
    /// Does evidence name it among its inputs?
    pub fn is_in_evidence(&self) -> bool {
        self.id != InputId::Files
    }

    /// What it is, without an article.
    pub fn noun(&self) -> &'static str {
        self.what.strip_prefix("the ").unwrap_or(self.what)
    }

    /// How an auditor gives it.
    pub fn cure(&self) -> String {
        match &self.given {
            Given::Otherwise(cure) => (*cure).to_owned(),
            Given::File(file) => format!("--their-{}", file.flag),
        }
    }

    /// The file that it is, where it is one.
    pub fn file(&self) -> Option<&FileInput> {
        match &self.given {
            Given::Otherwise(_) => None,
            Given::File(file) => Some(file),
        }
    }

    /// Says that it was not given, and how to give it.
    pub fn not_given(&self) -> String {
        let flag = self.file().map_or_else(|| self.cure(), |file| format!("--{}", file.flag));
        format!("no {} was given ({flag})", self.noun())
    }
}

/// Pins any file by its SHA-256.
pub fn digest_alone(row: &InputRow, bytes: &[u8]) -> Result<Input, String> {
    Ok(pinned(row.noun(), sha256_hex(bytes)))
}

/// Pins evidence by its commit, and by the digest of its canonical form. Refuses what is no evidence. No fact of it is read.
fn earlier_evidence(row: &InputRow, bytes: &[u8]) -> Result<Input, String> {
    let evidence = Evidence::from_json(bytes).map_err(|error| error.to_string())?;
    let sha256 = sha256_hex(&to_canonical(&evidence).map_err(|error| error.to_string())?);
    Ok(Input { revision: Some(evidence.subject.commit), ..pinned(row.noun(), sha256) })
}

/// Pins a catalogue of known exploited vulnerabilities by its digest and, where it says it, the day of its release.
///
/// Source: CISA, "Known Exploited Vulnerabilities Catalog", JSON schema and CSV.
fn exploited(row: &InputRow, bytes: &[u8]) -> Result<Input, String> {
    let refused = || format!("not {} (JSON or CSV of CISA)", row.what);
    let bare = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bare.starts_with(b"cveID,") || bare.starts_with(b"\"cveID\",") {
        return Ok(pinned(row.noun(), sha256_hex(bytes)));
    }
    let value: serde_json::Value = serde_json::from_slice(bare).map_err(|_| refused())?;
    let listed = value.get("vulnerabilities").and_then(serde_json::Value::as_array).ok_or_else(refused)?;
    let released = value.get("dateReleased").and_then(serde_json::Value::as_str);
    let date = released.and_then(|text| text.get(..10)?.parse().ok());
    Ok(Input { count: Some(listed.len() as u64), date, ..pinned(row.noun(), sha256_hex(bytes)) })
}

/// Pins scores by their digest. What is packed is not unpacked here; [`Input::date`] is in each score.
///
/// Source: FIRST, "Data and Statistics" of EPSS.
fn scores(row: &InputRow, bytes: &[u8]) -> Result<Input, String> {
    let begins = |with: &[u8]| bytes.starts_with(with);
    if begins(b"\x1f\x8b") || begins(b"#model_version:") || begins(b"cve,epss,percentile") {
        return Ok(pinned(row.noun(), sha256_hex(bytes)));
    }
    Err(format!("not {} (CSV of FIRST, packed by gzip or not)", row.what))
}

/// Pins default documents by their digest, and by the commit that they are from.
fn org_defaults(row: &InputRow, bytes: &[u8]) -> Result<Input, String> {
    let read = OrgDefaults::read(bytes)?;
    let count = Some(read.documents.len() as u64);
    Ok(Input { revision: Some(read.commit), count, ..pinned(row.noun(), sha256_hex(bytes)) })
}

/// Pins files of results by the digest of all of them.
fn results(row: &InputRow, bytes: &[u8]) -> Result<Input, String> {
    let count = Some(ResultFiles::read(bytes)?.files().len() as u64);
    Ok(Input { count, ..pinned(row.noun(), sha256_hex(bytes)) })
}

fn pinned(source: &str, sha256: String) -> Input {
    let digest = BTreeMap::from([("sha256".to_owned(), sha256)]);
    Input { source: source.to_owned(), digest, ..Input::default() }
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
            assert_eq!(InputId::named(row.name), Some(row.id));
            assert_eq!(row.id.row().id, row.id);
            assert_eq!(row.is_in_evidence(), row.name != "files");
        }
        assert_eq!(InputId::named("claims"), None);
        assert_eq!(InputId::named(""), None);
    }

    #[test]
    fn a_file_is_pinned_by_its_digest_and_says_how_it_is_given() {
        let row = InputId::Previous.row();
        assert_eq!(row.not_given(), "no earlier evidence was given (--previous)");
        assert_eq!(row.cure(), "--their-previous");
        let input = digest_alone(row, b"any bytes").unwrap();
        assert_eq!(
            (input.source.as_str(), input.digest["sha256"].as_str()),
            ("earlier evidence", &*sha256_hex(b"any bytes"))
        );
        for row in INPUTS.iter().filter(|row| row.file().is_some()) {
            assert!(row.is_in_evidence() && row.file().is_some_and(|file| file.limit > 0), "{row:?}");
        }
        assert_eq!(
            InputId::Trust.row().not_given(),
            format!("no trust policy was given ({})", InputId::Trust.row().cure())
        );
    }

    #[test]
    fn lists_of_exploitation_are_what_they_are_published_as() {
        let pin = |id: InputId, bytes: &[u8]| (id.row().file().unwrap().pin)(id.row(), bytes);
        let catalogue = br#"{"dateReleased":"2026-08-01T10:00:00Z","vulnerabilities":[{"cveID":"CVE-2026-1"}]}"#;
        let input = pin(InputId::Kev, catalogue).unwrap();
        assert_eq!((input.count, input.date), (Some(1), Some(jiff::civil::date(2026, 8, 1))));
        for (id, bytes) in [
            (InputId::Kev, &b"cveID,vendorProject\n"[..]),
            (InputId::Kev, b"\xef\xbb\xbf\"cveID\",\"vendorProject\"\n"),
            (InputId::Kev, br#"{"vulnerabilities":[]}"#),
            (InputId::Epss, b"\x1f\x8b\x08"),
            (InputId::Epss, b"#model_version:v1,score_date:2026-08-01T00:00:00+0000\ncve,epss,percentile\n"),
            (InputId::Epss, b"cve,epss,percentile\n"),
        ] {
            assert_eq!(pin(id, bytes).unwrap().digest["sha256"], sha256_hex(bytes));
        }
        for (id, bytes) in [
            (InputId::Kev, &b""[..]),
            (InputId::Kev, b"{}"),
            (InputId::Kev, b"[]"),
            (InputId::Kev, br#"{"vulnerabilities":{}}"#),
            (InputId::Kev, b"cve,epss,percentile\n"),
            (InputId::Epss, b""),
            (InputId::Epss, b"PK"),
            (InputId::Epss, b"cveID,vendorProject\n"),
        ] {
            assert!(pin(id, bytes).unwrap_err().starts_with("not the "), "{bytes:?}");
        }
    }

    #[test]
    fn earlier_evidence_is_evidence_and_its_form_does_not_matter() {
        let evidence = r#"{"schemaVersion":"1.0","tool":{"name":"plimsoll","version":"0"},"subject":{"commit":"ab","objectFormat":"sha1","committed":"2026-01-01T00:00:00Z","artifacts":[],"worktree":false},"asOf":"2026-01-02T00:00:00Z","inputs":{},"kinds":{},"facts":[]}"#;
        let pin = |text: &str| earlier_evidence(InputId::Previous.row(), text.as_bytes());
        let input = pin(evidence).unwrap();
        assert_eq!(input.revision.as_deref(), Some("ab"));
        let spaced = evidence.replace(r#","asOf""#, r#" , "asOf""#);
        assert!(spaced != evidence && pin(&spaced).unwrap() == input);
        let (version, twice) = (evidence.replace("1.0", "2.0"), evidence.replace("facts", "asOf"));
        for bad in ["", "{}", "[]", &version, &twice] {
            assert!(pin(bad).is_err(), "{bad}");
        }
    }
}
