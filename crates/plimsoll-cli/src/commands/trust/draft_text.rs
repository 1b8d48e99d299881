//! The text of a drafted policy.
//!
//! What the repository says goes into comments, each on one line with nothing in it that ends a line, and into strings only where every
//! character is one of a few: a hostile name cannot become an entry.

use std::collections::BTreeSet;

use plimsoll_collect::{Owner, Signer, Signers};
use plimsoll_model::{SignatureScheme, excerpt, plural};
use plimsoll_trust::{KeyMaterial, TrustPolicy};

/// Entries of a draft; who wants more starts from `trust signers --format json`.
const MOST_ENTRIES: usize = 500;
/// Addresses of one entry.
const MOST_ADDRESSES: usize = 20;
/// Characters of a text of the repository in a comment.
const LONGEST: usize = 120;
/// Keys that are not at hand and are named.
const MOST_WANTED: usize = 100;

/// What is written.
pub struct Draft {
    /// Names below the folder, and contents.
    pub files: Vec<(String, String)>,
    /// Entries of the policy.
    pub entries: usize,
}

const HEAD: &str = "\
# A drafted trust policy. Nothing in it counts yet.
#
# For each key below: find its fingerprint where its owner publishes it (a home page, a profile, a signed announcement; not this
# repository), compare all of it, and run
#     plimsoll trust confirm THIS-FILE FINGERPRINT
# Remove the entries that you do not trust. Then: plimsoll label REPO --trust THIS-FILE

schema = 1
";

/// Gives the policy and the key files.
pub fn draft(signers: &Signers, policy: &TrustPolicy) -> Draft {
    let mut draft = Draft { files: Vec::new(), entries: 0 };
    let mut text = HEAD.to_owned();
    text.push_str(&forges(signers));
    let (mut wanted, mut odd, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for signer in signers.signers.iter().filter(|one| !matches!(one.owner, Owner::Forge { .. })) {
        if signer.fitting == 0 || draft.entries >= MOST_ENTRIES {
            wanted.push(signer);
            continue;
        }
        let entry = match signer.scheme {
            SignatureScheme::OpenPgp => openpgp(signer, policy, &mut seen),
            SignatureScheme::Ssh => ssh(signer),
            _ => None,
        };
        match entry {
            Some((entry, file)) => {
                text.push('\n');
                text.push_str(&entry);
                draft.files.extend(file);
                draft.entries += 1;
            }
            None => odd.push(signer),
        }
    }
    text.push_str(&not_drafted(&odd, &wanted));
    draft.files.push(("trust.toml".to_owned(), text));
    draft
}

fn forges(signers: &Signers) -> String {
    let through: Vec<(&str, usize)> = signers
        .signers
        .iter()
        .filter_map(|one| match &one.owner {
            Owner::Forge { name: Some(name), .. } if one.fitting > 0 => Some((name.as_str(), one.commits)),
            _ => None,
        })
        .collect();
    let sum: usize = through.iter().map(|(_, commits)| commits).sum();
    if sum == 0 {
        return String::new();
    }
    format!(
        "\n# {} made by GitHub's buttons, checked by its built-in keys. Without the # they count where a second person is seen.\n# forge = [\"github\"]\n",
        plural(sum, "commit was", "commits were")
    )
}

/// An entry and its key file, where there is one that is not there yet.
type Written = (String, Option<(String, String)>);

fn openpgp(signer: &Signer, policy: &TrustPolicy, seen: &mut BTreeSet<String>) -> Option<Written> {
    let (primary, armored) = policy.certificate_of(&signer.key)?;
    if !primary.bytes().all(|byte| byte.is_ascii_hexdigit()) || !seen.insert(primary.clone()) {
        return None;
    }
    let name = format!("keys/{primary}.asc");
    let who = match &signer.owner {
        Owner::Policy { name: Some(name), .. } => name.as_str(),
        _ => "",
    };
    let mut out = about(signer);
    out.push_str(&format!("# the key says that it is of: {}\n", excerpt(who, LONGEST)));
    if signer.key != primary {
        out.push_str(&format!("# it signs with its subkey {}\n", excerpt(&signer.key, LONGEST)));
    }
    out.push_str(&format!("[[openpgp]]\nkeys = [\"{name}\"]\nfingerprints = [\"{primary}\"]\n"));
    let own = who.to_lowercase();
    let others: Vec<String> = addresses(signer).into_iter().filter(|one| !own.contains(&format!("<{one}>"))).collect();
    if !others.is_empty() {
        let list: Vec<String> = others.iter().map(|one| format!("\"{one}\"")).collect();
        out.push_str(&format!("addresses = [{}]\n", list.join(", ")));
    }
    out.push_str("confirmed = false\n");
    Some((out, Some((name, armored))))
}

fn ssh(signer: &Signer) -> Option<Written> {
    let Some(KeyMaterial::Ssh(line)) = &signer.material else { return None };
    let inner = signer.key.strip_prefix("SHA256:")?;
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let principals = addresses(signer);
    if !inner.bytes().all(is_base64) || principals.is_empty() {
        return None;
    }
    let name = format!("keys/ssh-{}.signers", inner.replace('/', "_").replace('+', "-"));
    let mut out = about(signer);
    out.push_str(&format!(
        "[[ssh]]\nallowed-signers = [\"{name}\"]\nfingerprints = [\"{}\"]\nconfirmed = false\n",
        signer.key
    ));
    let file = format!("{} namespaces=\"git\" {line}\n", principals.join(","));
    Some((out, Some((name, file))))
}

/// The addresses that can be written into a file without a doubt of what they mean, the most used first.
fn addresses(signer: &Signer) -> Vec<String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._+-@[]".contains(&byte);
    let mut found: Vec<(&String, &usize)> = signer
        .addresses
        .iter()
        .filter(|(address, _)| address.contains('@') && address.len() <= 254 && address.bytes().all(is_plain))
        .filter(|(address, _)| !address.starts_with("noreply@") && !address.starts_with("no-reply@"))
        .collect();
    found.sort_by_key(|(address, count)| (std::cmp::Reverse(**count), (*address).clone()));
    found.into_iter().take(MOST_ADDRESSES).map(|(address, _)| address.clone()).collect()
}

/// What the key signed, as comments.
fn about(signer: &Signer) -> String {
    let mut parts = Vec::new();
    if signer.commits > 0 {
        parts.push(plural(signer.commits, "commit", "commits"));
    }
    if let Some(last) = signer.tags.last() {
        parts.push(format!("{}, {} among them", plural(signer.tags.len(), "tag", "tags"), excerpt(last, 60)));
    }
    if let (Some(from), Some(to)) = (signer.from, signer.to) {
        parts.push(format!("{from} to {to}"));
    }
    let used: Vec<String> = signer.addresses.keys().take(4).map(|one| excerpt(one, 60)).collect();
    let more = signer.addresses.len().saturating_sub(used.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("# signed {}\n# used by {}{more}\n", parts.join("; "), used.join(", "))
}

/// The keys for which there is no entry, and how to get them.
fn not_drafted(odd: &[&Signer], wanted: &[&Signer]) -> String {
    let mut out = String::new();
    let named = |signer: &Signer| format!("{} {}", signer.scheme.as_str(), excerpt(&signer.key, LONGEST));
    if !odd.is_empty() {
        out.push_str("\n# No entry can be drafted for these; write one by hand (docs/trust-policy.md):\n");
    }
    for signer in odd.iter().take(MOST_WANTED) {
        let why = match (signer.scheme, &signer.material) {
            (SignatureScheme::Gitsign, _) => "by a short-lived certificate: [[sigstore]] with issuer and identities",
            (SignatureScheme::X509, _) => "by a certificate: [[x509]] with the root of its authority",
            (_, Some(KeyMaterial::SshCertificate)) => "by an SSH certificate: trust its authority (cert-authority)",
            (SignatureScheme::OpenPgp, _) => "another subkey of a key above",
            _ => "its address cannot be written as a principal",
        };
        out.push_str(&format!("#   {}: {why}\n{}", named(signer), indented(&about(signer))));
    }
    if !wanted.is_empty() {
        out.push_str(
            "\n# These signed, and their keys are not here. Get each from its owner (an OpenPGP key of a person on GitHub:\n# https://github.com/NAME.gpg), compare the fingerprint, and draft again with --keys FILE:\n",
        );
    }
    for signer in wanted.iter().take(MOST_WANTED) {
        out.push_str(&format!("#   {}\n{}", named(signer), indented(&about(signer))));
    }
    let more = (odd.len().saturating_sub(MOST_WANTED)) + wanted.len().saturating_sub(MOST_WANTED);
    if more > 0 {
        out.push_str(&format!("#   and {more} more: plimsoll trust signers --format json\n"));
    }
    out
}

fn indented(comments: &str) -> String {
    let lines: Vec<&str> = comments.lines().map(|line| line.trim_start_matches("# ")).collect();
    format!("#       {}\n", lines.join("\n#       "))
}
