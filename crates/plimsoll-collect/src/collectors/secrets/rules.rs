//! The kinds: a fixed beginning, and a check that proves the rest.

use super::formats::{
    age_secret, aws_pair, azure_account_key, base64_key_file, checked_base62, discord, fixed, google_service_account,
    openai, openssh_key, parts, pem_key, pgp_key, putty, pypi, telegram, webhook,
};

/// One kind.
pub(super) struct Rule {
    pub(super) kind: &'static str,
    /// How each of them begins.
    pub(super) prefix: &'static str,
    /// May it not stand within a longer word?
    pub(super) whole_word: bool,
    /// A key in armor or in a file of its own, which carries words of whoever wrote it: these do not make it an example.
    pub(super) block: bool,
    pub(super) proof: &'static str,
    /// Gives the length of a secret that begins with the first byte.
    pub(super) check: fn(&[u8]) -> Option<usize>,
}

const fn rule(
    kind: &'static str,
    prefix: &'static str,
    proof: &'static str,
    check: fn(&[u8]) -> Option<usize>,
) -> Rule {
    Rule { kind, prefix, whole_word: true, block: false, proof, check }
}

const fn anywhere(
    kind: &'static str,
    prefix: &'static str,
    proof: &'static str,
    check: fn(&[u8]) -> Option<usize>,
) -> Rule {
    Rule { kind, prefix, whole_word: false, block: false, proof, check }
}

const fn block(kind: &'static str, prefix: &'static str, check: fn(&[u8]) -> Option<usize>) -> Rule {
    Rule { kind, prefix, whole_word: false, block: true, proof: "structure", check }
}

/// All kinds. No prefix and no value of theirs stands in this file in a form that the checks take.
pub(super) const RULES: &[Rule] = &[
    block("rsa-private-key", "-----BEGIN RSA PRIVATE KEY-----", |text| pem_key(text, "RSA PRIVATE KEY")),
    block("ec-private-key", "-----BEGIN EC PRIVATE KEY-----", |text| pem_key(text, "EC PRIVATE KEY")),
    block("dsa-private-key", "-----BEGIN DSA PRIVATE KEY-----", |text| pem_key(text, "DSA PRIVATE KEY")),
    block("pkcs8-private-key", "-----BEGIN PRIVATE KEY-----", |text| pem_key(text, "PRIVATE KEY")),
    block("openssh-private-key", "-----BEGIN OPENSSH PRIVATE KEY-----", openssh_key),
    block("pgp-private-key", "-----BEGIN PGP PRIVATE KEY BLOCK-----", pgp_key),
    block("putty-private-key", "PuTTY-User-Key-File-", putty),
    block("minisign-secret-key", "untrusted comment: ", base64_key_file),
    rule("age-secret-key", "AGE-SECRET-KEY-1", "checksum", age_secret),
    rule("github-token", "ghp_", "checksum", |text| checked_base62(text, 4, 36)),
    rule("github-oauth-token", "gho_", "checksum", |text| checked_base62(text, 4, 36)),
    rule("github-user-token", "ghu_", "checksum", |text| checked_base62(text, 4, 36)),
    rule("github-server-token", "ghs_", "checksum", |text| checked_base62(text, 4, 36)),
    rule("github-refresh-token", "ghr_", "checksum", |text| checked_base62(text, 4, 36)),
    rule("github-fine-grained-token", "github_pat_", "structure", |text| {
        fixed(text, 11, 82, |byte| byte.is_ascii_alphanumeric() || byte == b'_')
    }),
    rule("npm-token", "npm_", "checksum", |text| checked_base62(text, 4, 36)),
    rule("pypi-token", "pypi-", "structure", pypi),
    rule("crates-io-token", "cio", "structure", |text| fixed(text, 3, 32, |byte| byte.is_ascii_alphanumeric())),
    rule("gitlab-token", "glpat-", "structure", |text| {
        fixed(text, 6, 20, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    }),
    rule("aws-access-key", "AKIA", "structure", aws_pair),
    rule("aws-temporary-key", "ASIA", "structure", aws_pair),
    rule("google-api-key", "AIza", "structure", |text| {
        fixed(text, 4, 35, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    }),
    block("google-service-account", "\"private_key_id\"", google_service_account),
    rule("slack-bot-token", "xoxb-", "structure", |text| parts(text, 5, b'-', &[(10, 13), (10, 13), (24, 24)])),
    rule("slack-user-token", "xoxp-", "structure", |text| {
        parts(text, 5, b'-', &[(10, 13), (10, 13), (10, 13), (32, 32)])
    }),
    anywhere("slack-webhook", "https://hooks.slack.com/services/", "structure", webhook),
    rule("stripe-live-key", "sk_live_", "structure", |text| fixed(text, 8, 24, |byte| byte.is_ascii_alphanumeric())),
    rule("stripe-restricted-key", "rk_live_", "structure", |text| {
        fixed(text, 8, 24, |byte| byte.is_ascii_alphanumeric())
    }),
    anywhere("telegram-bot-token", ":AA", "structure", telegram),
    rule("discord-bot-token", "M", "structure", discord),
    rule("sendgrid-key", "SG.", "structure", |text| parts(text, 3, b'.', &[(22, 22), (43, 43)])),
    anywhere("azure-storage-key", "AccountKey=", "structure", azure_account_key),
    rule("digitalocean-token", "dop_v1_", "structure", |text| fixed(text, 7, 64, |byte| byte.is_ascii_hexdigit())),
    rule("hugging-face-token", "hf_", "structure", |text| fixed(text, 3, 34, |byte| byte.is_ascii_alphabetic())),
    rule("openai-key", "sk-", "structure", openai),
    rule("shopify-token", "shpat_", "structure", |text| fixed(text, 6, 32, |byte| byte.is_ascii_hexdigit())),
    rule("docker-hub-token", "dckr_pat_", "structure", |text| {
        fixed(text, 9, 27, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    }),
    rule("databricks-token", "dapi", "structure", |text| fixed(text, 4, 32, |byte| byte.is_ascii_hexdigit())),
    rule("linear-key", "lin_api_", "structure", |text| fixed(text, 8, 40, |byte| byte.is_ascii_alphanumeric())),
];
