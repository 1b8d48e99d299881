//! The trust policy as it is written: TOML, checked by shape and not yet by content.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::attestation::BuilderEntry;

/// Who is trusted, and for what. Paths are relative to the folder of the policy.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PolicyFile {
    /// Version of this format: 1.
    pub schema: u32,
    /// People and organisations that keys belong to.
    #[serde(default)]
    pub party: Vec<PartyEntry>,
    /// OpenPGP certificates.
    #[serde(default)]
    pub openpgp: Vec<OpenPgpEntry>,
    /// SSH keys.
    #[serde(default)]
    pub ssh: Vec<SshEntry>,
    /// Authorities for certificates, as smimesign and gpgsm use them.
    #[serde(default)]
    pub x509: Vec<X509Entry>,
    /// Sigstore instances and who of them counts: for commits (gitsign) and for attestations.
    #[serde(default)]
    pub sigstore: Vec<SigstoreEntry>,
    /// Forges whose built-in keys count, always in the role of a forge: `github`.
    #[serde(default)]
    pub forge: Vec<String>,
    /// Public keys by which artifacts, attestations and files of checksums are signed.
    #[serde(default)]
    pub key: Vec<KeyEntry>,
    /// Builders that are believed, before those that are built in.
    #[serde(default)]
    pub builder: Vec<BuilderEntry>,
    /// Do the builders that are built in count? They do by default.
    #[serde(default = "yes")]
    pub known_builders: bool,
    /// npm's registry keys (`keys.json` of Sigstore's TUF repository), where those that are built in have become old.
    pub npm_keys: Option<PathBuf>,
    /// Where the history begins that is asked for.
    pub history: Option<HistoryEntry>,
    /// Repositories that the policy is about: what a builder says that it built counts only for these.
    #[serde(default)]
    pub repositories: Vec<String>,
}

fn yes() -> bool {
    true
}

/// Where the history begins that is asked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct HistoryEntry {
    /// The full id of a commit that the reader has looked at: what it contains is not asked for. Only the reader can say so.
    pub from: String,
}

/// Somebody whom keys belong to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PartyEntry {
    /// The word that other entries use.
    pub id: String,
    /// The name, for people.
    pub name: String,
    /// Does this party count as independent of the maker?
    #[serde(default)]
    pub independent: bool,
}

/// Whose keys an entry names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// People who write or release.
    #[default]
    Person,
    /// A forge, which signs what its own buttons make.
    Forge,
}

/// OpenPGP certificates.
#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OpenPgpEntry {
    /// Key files, armored or binary, or folders of them (`*.asc`, `*.gpg`, `*.pgp`, `*.key`, `*.rev`). Revocations that stand
    /// alone are taken as well.
    pub keys: Vec<PathBuf>,
    /// Full fingerprints: of all that the files hold these keys alone count, so that the files may come from anywhere.
    #[serde(default)]
    pub fingerprints: Vec<String>,
    /// Addresses under which the keys are used beside those of their user ids; patterns (`*`, `?`, `!`).
    #[serde(default)]
    pub addresses: Vec<String>,
    /// Whose they are.
    #[serde(default)]
    pub role: Role,
    /// Id of a party.
    pub party: Option<String>,
    /// False in what is drafted: nothing counts until the reader has compared the key (`plimsoll trust confirm`).
    #[schemars(with = "Option<bool>")]
    pub confirmed: Option<toml::Spanned<bool>>,
    /// The keys count from this day on (UTC).
    #[schemars(with = "Option<String>")]
    pub valid_after: Option<toml::value::Datetime>,
    /// The keys count until this day begins (UTC).
    #[schemars(with = "Option<String>")]
    pub valid_before: Option<toml::value::Datetime>,
}

/// SSH keys by `allowed_signers` files (ssh-keygen(1), section ALLOWED SIGNERS).
#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SshEntry {
    /// The files.
    pub allowed_signers: Vec<PathBuf>,
    /// Full fingerprints: of all that the files hold these keys alone count, so that the files may come from anywhere.
    #[serde(default)]
    pub fingerprints: Vec<String>,
    /// Revocation lists, binary or one public key in a line.
    #[serde(default)]
    pub revoked: Vec<PathBuf>,
    /// Whose they are.
    #[serde(default)]
    pub role: Role,
    /// Id of a party.
    pub party: Option<String>,
    /// False in what is drafted: nothing counts until the reader has compared the key (`plimsoll trust confirm`).
    #[schemars(with = "Option<bool>")]
    pub confirmed: Option<toml::Spanned<bool>>,
    /// The keys count from this day on (UTC).
    #[schemars(with = "Option<String>")]
    pub valid_after: Option<toml::value::Datetime>,
    /// The keys count until this day begins (UTC).
    #[schemars(with = "Option<String>")]
    pub valid_before: Option<toml::value::Datetime>,
}

/// Certificates of authorities.
#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct X509Entry {
    /// Root certificates, PEM or DER.
    pub roots: Vec<PathBuf>,
    /// Patterns (`*`, `?`) of the addresses or names that count; any where there are none.
    #[serde(default)]
    pub identities: Vec<String>,
    /// Addresses under which its holders commit beside those in their certificates; patterns (`*`, `?`, `!`).
    #[serde(default)]
    pub addresses: Vec<String>,
    /// Whose they are.
    #[serde(default)]
    pub role: Role,
    /// Id of a party.
    pub party: Option<String>,
    /// False in what is drafted: nothing counts until the reader has compared the key (`plimsoll trust confirm`).
    #[schemars(with = "Option<bool>")]
    pub confirmed: Option<toml::Spanned<bool>>,
}

/// A Sigstore instance and who of it counts.
#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SigstoreEntry {
    /// A `trusted_root.json`; the public good instance as embedded where there is none.
    pub trusted_root: Option<PathBuf>,
    /// The issuer (OpenID Connect), as the certificate names it.
    pub issuer: String,
    /// Patterns (`*`, `?`) of the identities that count.
    pub identities: Vec<String>,
    /// The repositories whose runs count, where a workflow signs that lies in another one: everyone who calls it has its identity.
    #[serde(default)]
    pub run_of: Vec<String>,
    /// Whose they are.
    #[serde(default)]
    pub role: Role,
    /// Id of a party.
    pub party: Option<String>,
    /// False in what is drafted: nothing counts until the reader has compared the key (`plimsoll trust confirm`).
    #[schemars(with = "Option<bool>")]
    pub confirmed: Option<toml::Spanned<bool>>,
}

/// Public keys that sign without a certificate.
#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct KeyEntry {
    /// Key files: PEM `PUBLIC KEY` (as cosign and openssl write it), OpenSSH's (`ssh-ed25519 ...`), or minisign's.
    pub files: Vec<PathBuf>,
    /// Full fingerprints: of all that the files hold these keys alone count, so that the files may come from anywhere.
    #[serde(default)]
    pub fingerprints: Vec<String>,
    /// Id of a party.
    pub party: Option<String>,
    /// False in what is drafted: nothing counts until the reader has compared the key (`plimsoll trust confirm`).
    #[schemars(with = "Option<bool>")]
    pub confirmed: Option<toml::Spanned<bool>>,
    /// The keys count from this day on (UTC).
    #[schemars(with = "Option<String>")]
    pub valid_after: Option<toml::value::Datetime>,
    /// The keys count until this day begins (UTC).
    #[schemars(with = "Option<String>")]
    pub valid_before: Option<toml::value::Datetime>,
}
