//! Reads a policy and everything that it names.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use io::Read as _;
use plimsoll_model::sha256_hex;

use super::{Entry, Group, Party, PolicyFile, Role, TrustPolicy, pins::PinKind, window::window};
use crate::{
    TrustError,
    attestation::{KnownBuilder, KnownIdentity, LARGEST_KEYS, PublicKey, SourceName},
    forges,
    openpgp::LARGEST_KEY_FILE,
    ssh::{AllowedSigners, LARGEST_FILE, RevokedKeys},
    x509::X509Trust,
};

/// Bytes of the policy itself.
const LARGEST_POLICY: usize = 4 * 1024 * 1024;
/// Files of one folder of keys.
const MOST_FILES: usize = 10_000;
/// Endings of key files in a folder.
const KEY_ENDINGS: &[&str] = &["asc", "gpg", "pgp", "key", REVOCATION];
/// The ending of revocations as gpg writes them.
const REVOCATION: &str = "rev";

impl TrustPolicy {
    /// Reads a policy and every file that it names. Refuses what cannot be understood, naming file and cause: a policy that
    /// is read in part would trust fewer or others than was written.
    pub fn load(path: &Path) -> Result<Self, TrustError> {
        let refuse = |reason: String| TrustError::file(path, reason);
        let bytes = read(path, LARGEST_POLICY)?;
        let text = std::str::from_utf8(&bytes)
            .map_err(|_| refuse(something_else(&bytes).unwrap_or_else(|| "not UTF-8".to_owned())))?;
        let not_read = |error: &_| something_else(&bytes).unwrap_or_else(|| not_a_policy(text, error));
        let file: PolicyFile = toml::from_str(text).map_err(|error| refuse(not_read(&error)))?;
        if file.schema != 1 {
            return Err(refuse(format!("schema {} is not known; this version reads schema 1", file.schema)));
        }
        file.ask_for_confirmation(text).map_err(refuse)?;
        doubled("openpgp", &file.openpgp).map_err(refuse)?;
        doubled("ssh", &file.ssh).map_err(refuse)?;
        doubled("x509", &file.x509).map_err(refuse)?;
        doubled("sigstore", &file.sigstore).map_err(refuse)?;
        doubled("key", &file.key).map_err(refuse)?;
        let folder = path.parent().unwrap_or_else(|| Path::new(""));
        let mut policy = Self::new();
        policy.files.push(("policy".to_owned(), sha256_hex(&bytes)));
        policy.base = file.history.map(|history| commit_id(&history.from)).transpose().map_err(refuse)?;
        for party in file.party {
            let known = Party { name: party.name, independent: party.independent };
            if policy.parties.insert(party.id.clone(), known).is_some() {
                return Err(refuse(format!("the party \"{}\" appears twice", party.id)));
            }
        }
        let named = |id: &Option<String>| match id {
            Some(id) if !policy.parties.contains_key(id) => {
                Err(refuse(format!("no [[party]] has the id \"{}\"", plimsoll_model::one_line(id))))
            }
            _ => Ok(()),
        };
        file.openpgp.iter().try_for_each(|entry| named(&entry.party))?;
        file.ssh.iter().try_for_each(|entry| named(&entry.party))?;
        file.x509.iter().try_for_each(|entry| named(&entry.party))?;
        file.sigstore.iter().try_for_each(|entry| named(&entry.party))?;
        file.key.iter().try_for_each(|entry| named(&entry.party))?;
        if !file.known_builders {
            policy.attestations.forget_known_builders();
        }
        if let Some(path) = file.npm_keys.map(|path| folder.join(path)) {
            let bytes = read(&path, LARGEST_KEYS)?;
            policy.keep("npm-keys", None, &bytes);
            policy.attestations.replace_npm_keys(&bytes).map_err(|reason| TrustError::file(&path, reason))?;
        }
        for text in &file.repositories {
            let shown = plimsoll_model::one_line(text);
            let name = SourceName::read(text).ok_or_else(|| refuse(format!("\"{shown}\" names no repository")))?;
            policy.attestations.add_repository(name);
        }
        for one in file.key {
            let window = window(one.valid_after.as_ref(), one.valid_before.as_ref()).map_err(refuse)?;
            let pins = PinKind::PublicKey.read_all(&one.fingerprints).map_err(refuse)?;
            let mut found = BTreeSet::new();
            for path in &one.files {
                let path = folder.join(path);
                found.extend(policy.add_public_keys_in(&path, one.party.as_deref(), window, pins.as_ref())?);
            }
            all_found("key", pins, &found).map_err(refuse)?;
        }
        for one in file.builder {
            let mut keys = Vec::new();
            for path in &one.keys {
                keys.extend(policy.read_public_keys(&folder.join(path))?);
            }
            let builder = KnownBuilder::new(one, keys.clone()).map_err(refuse)?;
            policy.attestations.add_builder(builder, keys).map_err(refuse)?;
        }
        for id in &file.forge {
            policy.add_forge(id).map_err(refuse)?;
        }
        for one in file.openpgp {
            let (after, before) = window(one.valid_after.as_ref(), one.valid_before.as_ref()).map_err(refuse)?;
            let (role, party, addresses) = (one.role, one.party, one.addresses);
            let at = policy.entry(Entry { role, party, after, before, addresses, ..Entry::default() });
            let pins = PinKind::OpenPgp.read_all(&one.fingerprints).map_err(refuse)?;
            policy.keyring.pin(at, pins.as_ref());
            for keys in &one.keys {
                policy.add_keys(&folder.join(keys), at)?;
            }
            let found = policy.keyring.keys().map(|key| key.fingerprint.clone()).collect();
            all_found("openpgp", pins, &found).map_err(refuse)?;
        }
        for one in file.ssh {
            let (after, before) = window(one.valid_after.as_ref(), one.valid_before.as_ref()).map_err(refuse)?;
            let at = policy.entry(Entry { role: one.role, party: one.party, after, before, ..Entry::default() });
            let pins = PinKind::Ssh.read_all(&one.fingerprints).map_err(refuse)?;
            let mut found = BTreeSet::new();
            for signers in &one.allowed_signers {
                found.extend(policy.add_signers(&folder.join(signers), at, pins.as_ref())?);
            }
            all_found("ssh", pins, &found).map_err(refuse)?;
            for list in &one.revoked {
                policy.add_revoked(&folder.join(list))?;
            }
        }
        for one in file.x509 {
            let (identities, addresses) = (one.identities, one.addresses);
            let entry = Entry { role: one.role, party: one.party, identities, addresses, ..Entry::default() };
            let at = policy.entry(entry);
            let roots = one.roots.iter().map(|root| folder.join(root)).collect::<Vec<_>>();
            policy.add_roots(&roots, at)?;
        }
        for one in file.sigstore {
            if one.issuer.is_empty() || one.identities.is_empty() {
                return Err(refuse(
                    "[[sigstore]] needs an issuer and identities: anybody can get a certificate".to_owned(),
                ));
            }
            let read = |name: &String| {
                SourceName::read(name).ok_or_else(|| {
                    refuse(format!("[[sigstore]] run-of: \"{}\" names no repository", plimsoll_model::one_line(name)))
                })
            };
            let entry = Entry {
                role: one.role,
                party: one.party,
                issuer: Some(one.issuer),
                identities: one.identities,
                run_of: one.run_of.iter().map(read).collect::<Result<_, _>>()?,
                ..Entry::default()
            };
            let identity = KnownIdentity {
                root: None,
                issuer: entry.issuer.clone().unwrap_or_default(),
                identities: entry.identities.clone(),
                run_of: entry.run_of.clone(),
                party: entry.party.clone(),
            };
            let at = policy.entry(entry);
            policy.add_sigstore(one.trusted_root.map(|root| folder.join(root)).as_deref(), at, identity)?;
        }
        policy.finish()?;
        Ok(policy)
    }

    /// Asks that every revocation is of a key that is here, once all keys were given. A revocation of a key that is not given is
    /// a mistake that leaves another key good.
    pub fn finish(&self) -> Result<(), TrustError> {
        let Some(first) = self.keyring.revocations_of_nothing().into_iter().next() else { return Ok(()) };
        let path = self.revocations.last().cloned().unwrap_or_default();
        let first = plimsoll_model::one_line(&first);
        Err(TrustError::file(
            path,
            format!("it revokes {first}, which none of the given key files holds; give the key as well"),
        ))
    }

    /// Trusts the certificates of a key file or of a folder of them as those of people. A key of a forge that is known by
    /// its fingerprint counts as the forge's.
    pub fn trust_keyring(&mut self, path: &Path) -> Result<(), TrustError> {
        let at = self.entry(Entry::default());
        self.add_keys(path, at)
    }

    /// Trusts the signers of an `allowed_signers` file.
    pub fn trust_allowed_signers(&mut self, path: &Path) -> Result<(), TrustError> {
        let at = self.entry(Entry::default());
        self.add_signers(path, at, None).map(drop)
    }

    fn entry(&mut self, entry: Entry) -> usize {
        self.entries.push(entry);
        self.entries.len() - 1
    }

    fn keep(&mut self, what: &str, entry: Option<usize>, bytes: &[u8]) {
        let what = entry.map_or_else(|| what.to_owned(), |entry| format!("{what} {entry}"));
        self.files.push((what, sha256_hex(bytes)));
    }

    fn add_keys(&mut self, path: &Path, entry: usize) -> Result<(), TrustError> {
        if !path.is_dir() {
            let bytes = read(path, LARGEST_KEY_FILE)?;
            self.keep("openpgp", Some(entry), &bytes);
            let forge = self.forge_entry(entry);
            self.keyring.pin_alike(forge, entry);
            let before = self.keyring.revocations_of_nothing().len();
            self.keyring.add(&bytes, entry, forge).map_err(|reason| TrustError::file(path, reason))?;
            if self.keyring.revocations_of_nothing().len() > before {
                self.revocations.push(path.to_owned());
            }
            return Ok(());
        }
        let files = listing(path)?;
        if files.is_empty() {
            let keybox = path.join("pubring.kbx").is_file();
            let cure =
                if keybox { "; it is gpg's own folder: export the keys (gpg --armor --export NAME)" } else { "" };
            return Err(TrustError::file(path, format!("no key file in it ({}){cure}", KEY_ENDINGS.join(", "))));
        }
        // One file of a folder that holds no key takes nothing from the others; it is told.
        let mut first = None;
        let before = self.gaps.len();
        for file in &files {
            if let Err(error) = self.add_keys(file, entry) {
                // A revocation that is passed over leaves a key good.
                if looks_like_revocation(file) || begins_as_keys(file) {
                    return Err(error);
                }
                self.gaps.push(error.to_string());
                first.get_or_insert(error);
            }
        }
        match first {
            Some(error) if self.gaps.len() - before == files.len() => Err(error),
            _ => Ok(()),
        }
    }

    /// Uses the built-in keys of forges to report whose buttons made a commit; those that the policy names count as it says.
    pub fn report_forges(&mut self) {
        for (_, certificates) in forges::with_certificates() {
            // What is built in is read by a test.
            let _ = self.report(certificates);
        }
    }

    /// The same for these keys of a forge.
    pub(super) fn report(&mut self, certificates: &[u8]) -> Result<(), String> {
        let entry = self.entry(Entry { role: Role::Forge, ..Entry::default() });
        self.reported.get_or_insert_default().add(certificates, entry, entry).map(drop)
    }

    /// Trusts the built-in keys of a forge as a forge's.
    fn add_forge(&mut self, id: &str) -> Result<(), String> {
        let found = forges::with_certificates().find(|(forge, _)| forge.id.as_deref() == Some(id));
        let Some((_, certificates)) = found else {
            let known: Vec<&str> = forges::with_certificates().filter_map(|(forge, _)| forge.id.as_deref()).collect();
            let id = plimsoll_model::one_line(id);
            return Err(format!(
                "no keys of the forge \"{id}\" are built in (there are: {}); give them with [[openpgp]] or [[ssh]] and role = \"forge\"",
                known.join(", ")
            ));
        };
        if self.files.iter().any(|(what, _)| *what == format!("forge {id}")) {
            return Err(format!("the forge \"{id}\" is named twice"));
        }
        self.keep(&format!("forge {id}"), None, certificates);
        let at = self.entry(Entry { role: Role::Forge, ..Entry::default() });
        self.keyring.add(certificates, at, at).map(drop)
    }

    /// The entry that a forge's well-known key gets where it comes with those of people.
    fn forge_entry(&mut self, like: usize) -> usize {
        let Some(entry) = self.entries.get(like) else { return like };
        let (party, after, before) = (entry.party.clone(), entry.after, entry.before);
        self.entry(Entry { role: Role::Forge, party, after, before, ..Entry::default() })
    }

    /// Gives the fingerprints of the keys in the file. With `pins` these alone count.
    fn add_signers(&mut self, path: &Path, entry: usize, pins: Option<&Pins>) -> Result<Pins, TrustError> {
        let refuse = |reason: String| TrustError::file(path, reason);
        let bytes = read(path, LARGEST_FILE)?;
        self.keep("ssh", Some(entry), &bytes);
        let what = || crate::unfit::described(&bytes).map(|what| format!(": {what}")).unwrap_or_default();
        let text = std::str::from_utf8(&bytes).map_err(|_| refuse(format!("not UTF-8{}", what())))?;
        let mut signers = AllowedSigners::read(text, entry).map_err(|reason| match what() {
            what if what.is_empty() => refuse(reason),
            what => refuse(format!("not a list of allowed signers{what}")),
        })?;
        if signers.is_empty() {
            return Err(TrustError::file(path, "no signer in it"));
        }
        let found = signers.fingerprints();
        if let Some(pins) = pins {
            signers.keep(pins);
        }
        self.allowed.extend(signers);
        Ok(found)
    }

    fn add_revoked(&mut self, path: &Path) -> Result<(), TrustError> {
        let bytes = read(path, LARGEST_FILE)?;
        self.keep("revoked", None, &bytes);
        self.revoked.extend(RevokedKeys::read(&bytes).map_err(|reason| TrustError::file(path, reason))?);
        Ok(())
    }

    fn add_roots(&mut self, paths: &[PathBuf], entry: usize) -> Result<(), TrustError> {
        let mut trust = X509Trust::new();
        let mut all = Vec::new();
        for path in paths {
            let bytes = read(path, LARGEST_FILE)?;
            self.keep("x509", Some(entry), &bytes);
            trust.add_roots(&bytes).map_err(|reason| TrustError::file(path, reason))?;
            all.extend_from_slice(sha256_hex(&bytes).as_bytes());
        }
        self.group(sha256_hex(&all), trust, entry);
        Ok(())
    }

    /// Trusts the holders of the public keys of a file, for attestations and signatures over files.
    pub fn add_public_keys(&mut self, path: &Path, party: Option<&str>) -> Result<(), TrustError> {
        self.add_public_keys_in(path, party, (None, None), None).map(drop)
    }

    /// The same, from a moment on and until another; gives the fingerprints in the file. With `pins` these alone count.
    fn add_public_keys_in(
        &mut self,
        path: &Path,
        party: Option<&str>,
        window: (Option<i64>, Option<i64>),
        pins: Option<&Pins>,
    ) -> Result<Pins, TrustError> {
        let bytes = read(path, LARGEST_KEYS)?;
        self.keep("key", None, &bytes);
        let added = self.attestations.add_keys_in(&bytes, party, window, pins);
        added.map_err(|reason| TrustError::file(path, reason))
    }

    /// Takes a trusted root in the place of those that are built in.
    pub fn replace_trusted_root(&mut self, path: &Path) -> Result<(), TrustError> {
        let bytes = read(path, LARGEST_FILE)?;
        self.keep("trusted-root", None, &bytes);
        self.attestations.replace_roots(&bytes).map_err(|reason| TrustError::file(path, reason))
    }

    fn read_public_keys(&mut self, path: &Path) -> Result<Vec<PublicKey>, TrustError> {
        let bytes = read(path, LARGEST_KEYS)?;
        self.keep("builder", None, &bytes);
        PublicKey::read_all(&bytes).map_err(|reason| TrustError::file(path, reason))
    }

    fn add_sigstore(
        &mut self,
        path: Option<&Path>,
        entry: usize,
        mut identity: KnownIdentity,
    ) -> Result<(), TrustError> {
        let mut trust = X509Trust::new();
        let (shown, bytes, added) = match path {
            Some(path) => {
                let bytes = read(path, LARGEST_FILE)?;
                let added = trust.add_sigstore(&bytes);
                (path, bytes, added)
            }
            None => (Path::new("the embedded trusted root"), b"public good".to_vec(), trust.add_sigstore_public_good()),
        };
        added.map_err(|reason| TrustError::file(shown, reason))?;
        if path.is_some() {
            let root = self.attestations.add_root(&bytes, false);
            identity.root = Some(root.map_err(|reason| TrustError::file(shown, reason))?);
        }
        self.attestations.add_identity(identity);
        self.keep("sigstore", Some(entry), &bytes);
        self.group(sha256_hex(&bytes), trust, entry);
        Ok(())
    }

    fn group(&mut self, digest: String, trust: X509Trust, entry: usize) {
        match self.groups.iter_mut().find(|group| group.digest == digest) {
            Some(group) => group.entries.push(entry),
            None => self.groups.push(Group { digest, trust, entries: vec![entry] }),
        }
    }
}

/// Fingerprints.
type Pins = BTreeSet<String>;

/// Refuses a pin that no file of the entry holds: what was meant to count does not.
fn all_found(table: &str, pins: Option<Pins>, found: &Pins) -> Result<(), String> {
    match pins.into_iter().flatten().find(|pin| !found.contains(pin)) {
        Some(pin) => Err(format!("[[{table}]]: none of its files holds a key with the fingerprint {pin}")),
        None => Ok(()),
    }
}

/// Refuses an entry that says the same as another: one of them was meant to say something else.
fn doubled<T: PartialEq>(table: &str, entries: &[T]) -> Result<(), String> {
    for (number, one) in entries.iter().enumerate() {
        if let Some(other) = entries.iter().take(number).position(|other| other == one) {
            return Err(format!("[[{table}]] number {} says the same as number {}", number + 1, other + 1));
        }
    }
    Ok(())
}

/// The full id of a commit.
fn commit_id(text: &str) -> Result<String, String> {
    let is_id = matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let refused = || {
        let shown = plimsoll_model::excerpt(&plimsoll_model::one_line(text), 100);
        format!("[history] from = \"{shown}\" is not the full id of a commit (git rev-parse COMMIT)")
    };
    is_id.then(|| text.to_ascii_lowercase()).ok_or_else(refused)
}

/// What a file is that was given in the place of a policy, where it is something that people give by mistake.
fn something_else(bytes: &[u8]) -> Option<String> {
    let is_policy = bytes.split(|byte| *byte == b'\n').any(|line| line.trim_ascii_start().starts_with(b"schema"));
    let what = crate::unfit::described(bytes).filter(|_| !is_policy && !bytes.trim_ascii().is_empty())?;
    Some(format!("not a trust policy: {what}"))
}

/// What is wrong with the text of a policy, and in which line.
pub(super) fn not_a_policy(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start));
    let line = before.map(|before| format!(", line {}", before.matches('\n').count() + 1)).unwrap_or_default();
    format!("not a trust policy{line}: {}", plimsoll_model::one_line(error.message()))
}

/// Does it begin as armored keys or revocations do?
fn begins_as_keys(file: &Path) -> bool {
    if !file.is_file() {
        return false;
    }
    let mut start = Vec::new();
    let read = fs::File::open(file).and_then(|file| file.take(4096).read_to_end(&mut start));
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start).trim_ascii_start();
    let begins = |with: &[u8]| text.starts_with(with);
    read.is_ok()
        && (begins(b"-----BEGIN PGP PUBLIC KEY")
            || begins(b":-----BEGIN PGP PUBLIC KEY")
            || begins(b"This is a revocation certificate")
            || crate::openpgp::begins_with_revocation(&start))
}

/// Is it named like a revocation, or does it hold one?
fn looks_like_revocation(file: &Path) -> bool {
    let is_named = file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(REVOCATION));
    let holds = |bytes: Vec<u8>| memchr::memmem::find(&bytes, b"revocation certificate").is_some();
    is_named || read(file, 1024 * 1024).is_ok_and(holds)
}

fn listing(folder: &Path) -> Result<Vec<PathBuf>, TrustError> {
    let unreadable = |error: io::Error| TrustError::file(folder, error.to_string());
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        if !path.is_file() {
            continue;
        }
        if KEY_ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending)) {
            files.push(path);
        } else if begins_as_keys(&path) {
            let endings = KEY_ENDINGS.join(", ");
            return Err(TrustError::file(
                path,
                format!(
                    "it begins as an OpenPGP key or revocation, and its ending is none of {endings}; rename it or take it out of the folder"
                ),
            ));
        }
        if files.len() > MOST_FILES {
            return Err(TrustError::file(folder, format!("more than {MOST_FILES} key files")));
        }
    }
    // The order of a folder is that of the file system, and nobody's.
    files.sort();
    Ok(files)
}

fn read(path: &Path, limit: usize) -> Result<Vec<u8>, TrustError> {
    // Asked before it is opened: opening a pipe waits for somebody to write.
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return Err(TrustError::file(path, "not a regular file".to_owned()));
    }
    let bytes = fs::File::open(path)
        .and_then(|file| plimsoll_model::read_bounded(file, limit as u64))
        .map_err(|error| TrustError::file(path, error.to_string()))?;
    bytes.ok_or_else(|| TrustError::file(path, format!("larger than {limit} bytes")))
}
