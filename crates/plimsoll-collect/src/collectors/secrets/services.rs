//! Kinds that are known by the name of a variable, by the address of a webhook, or by more parts than one.
//!
//! A value without a form of its own is one of these only behind the name that its issuer's documentation gives it.

use super::{
    checksums::checked_base62,
    formats::{Span, begins, fixed, is_address_letter, is_alphanumeric, is_hexadecimal, is_near, mixed, parts, ranged},
    passwords::{behind_name, uuid},
    rule::Rule,
    rules::{UUID, anywhere, checked, middle, rule},
    wallets::{age_plugin, ethereum, extended, import_format, nostr, stellar},
};

/// 32 hexadecimal digits, and letters among them.
fn hexadecimal_32(text: &[u8]) -> Option<usize> {
    fixed(text, 0, 32, is_hexadecimal).filter(|end| has_both(text, *end))
}

fn hexadecimal_40(text: &[u8]) -> Option<usize> {
    fixed(text, 0, 40, is_hexadecimal).filter(|end| has_both(text, *end))
}

fn has_both(text: &[u8], end: usize) -> bool {
    let value = text.get(..end).unwrap_or_default();
    value.iter().any(u8::is_ascii_digit) && value.iter().any(u8::is_ascii_alphabetic)
}

fn mixed_32(text: &[u8]) -> Option<usize> {
    fixed(text, 0, 32, is_address_letter).filter(|end| text.get(..*end).is_some_and(mixed))
}

fn mixed_64(text: &[u8]) -> Option<usize> {
    fixed(text, 0, 64, is_alphanumeric).filter(|end| text.get(..*end).is_some_and(mixed))
}

/// A value behind a name, near the word of its issuer.
fn near(text: &[u8], at: usize, length: Option<usize>, word: &str) -> Option<Span> {
    let end = at + length?;
    is_near(text, at, 2000, &[word]).then_some(Span { start: at, end })
}

/// 32 hexadecimal digits before `-us` and the number of a data centre.
fn mailchimp(text: &[u8], at: usize) -> Option<Span> {
    let start = at.checked_sub(32)?;
    let digits = text.get(at + 3..)?.iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
    let head = text.get(start..at)?;
    let end = at + 3 + digits;
    let whole = begins(text, start) && !text.get(end).is_some_and(u8::is_ascii_alphanumeric);
    (whole && matches!(digits, 1 | 2) && head.iter().all(|byte| is_hexadecimal(*byte)) && has_both(head, 32))
        .then_some(Span { start, end })
}

/// The key and token of an incoming webhook of Google Chat.
fn google_chat(text: &[u8]) -> Option<usize> {
    let rest = text.get(..text.len().min(400))?;
    let end = rest
        .iter()
        .position(|byte| !byte.is_ascii_graphic() || matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'`'))
        .unwrap_or(rest.len());
    let address = rest.get(..end)?;
    let has = |word: &[u8]| memchr::memmem::find(address, word);
    let token = has(b"token=").filter(|_| has(b"/messages?").is_some() && has(b"key=AIza").is_some())?;
    let length = ranged(address, token + 6, 30, 60, |byte| is_address_letter(byte) || matches!(byte, b'%' | b'='))?;
    Some(length)
}

/// `PRIVATE_KEY` in the ways in which languages write names.
const fn private_key(marker: &'static str, check: fn(&[u8], usize) -> Option<Span>) -> Rule {
    middle("ethereum-private-key", marker, check)
}

/// All of them. Sources: the issuers' documentation, 2022 to 2026; of checksums, the functions that they name.
pub(super) const SERVICES: &[Rule] = &[
    checked("netbird-token", "nbp_", |text| checked_base62(text, 4, 36)),
    checked("nostr-private-key", "nsec1", nostr),
    checked("age-plugin-identity", "AGE-PLUGIN-", age_plugin),
    checked("bitcoin-extended-key", "xprv", extended),
    checked("bitcoin-extended-key", "yprv", extended),
    checked("bitcoin-extended-key", "zprv", extended),
    checked("bitcoin-extended-key", "tprv", extended),
    // What the version and 32 bytes come to in base 58.
    checked("bitcoin-private-key", "5H", import_format),
    checked("bitcoin-private-key", "5J", import_format),
    checked("bitcoin-private-key", "5K", import_format),
    checked("bitcoin-private-key", "Kw", import_format),
    checked("bitcoin-private-key", "Kx", import_format),
    checked("bitcoin-private-key", "Ky", import_format),
    checked("bitcoin-private-key", "Kz", import_format),
    checked("bitcoin-private-key", "L1", import_format),
    checked("bitcoin-private-key", "L2", import_format),
    checked("bitcoin-private-key", "L3", import_format),
    checked("bitcoin-private-key", "L4", import_format),
    checked("bitcoin-private-key", "L5", import_format),
    checked("stellar-seed", "SA", stellar),
    checked("stellar-seed", "SB", stellar),
    checked("stellar-seed", "SC", stellar),
    checked("stellar-seed", "SD", stellar),
    private_key("PRIVATE_KEY", |text, at| ethereum(text, at, 11)),
    private_key("private_key", |text, at| ethereum(text, at, 11)),
    private_key("rivateKey", |text, at| ethereum(text, at, 9)),
    private_key("private-key", |text, at| ethereum(text, at, 11)),
    middle("datadog-key", "DD_API_KEY", |text, at| behind_name(text, at, 10, hexadecimal_32)),
    middle("datadog-key", "DATADOG_API_KEY", |text, at| behind_name(text, at, 15, hexadecimal_32)),
    middle("datadog-key", "DD_APP_KEY", |text, at| behind_name(text, at, 10, hexadecimal_40)),
    middle("datadog-key", "DATADOG_APP_KEY", |text, at| behind_name(text, at, 15, hexadecimal_40)),
    middle("consul-token", "CONSUL_HTTP_TOKEN", |text, at| behind_name(text, at, 17, uuid)),
    middle("nomad-token", "NOMAD_TOKEN", |text, at| behind_name(text, at, 11, uuid)),
    middle("snyk-token", "SNYK_TOKEN", |text, at| behind_name(text, at, 10, uuid)),
    middle("codecov-token", "CODECOV_TOKEN", |text, at| behind_name(text, at, 13, uuid)),
    middle("scaleway-secret-key", "SCW_SECRET_KEY", |text, at| behind_name(text, at, 14, uuid)),
    middle("railway-token", "RAILWAY_TOKEN", |text, at| behind_name(text, at, 13, uuid)),
    middle("postmark-token", "POSTMARK_SERVER_TOKEN", |text, at| behind_name(text, at, 21, uuid)),
    middle("postmark-token", "POSTMARK_API_TOKEN", |text, at| behind_name(text, at, 18, uuid)),
    middle("algolia-admin-key", "ALGOLIA_ADMIN_KEY", |text, at| behind_name(text, at, 17, hexadecimal_32)),
    middle("algolia-admin-key", "ALGOLIA_ADMIN_API_KEY", |text, at| behind_name(text, at, 21, hexadecimal_32)),
    middle("rollbar-token", "ROLLBAR_ACCESS_TOKEN", |text, at| behind_name(text, at, 20, hexadecimal_32)),
    middle("gitea-token", "GITEA_TOKEN", |text, at| behind_name(text, at, 11, hexadecimal_40)),
    middle("cloudflare-global-key", "CLOUDFLARE_API_KEY", |text, at| {
        behind_name(text, at, 18, |text| fixed(text, 0, 37, is_hexadecimal).filter(|end| has_both(text, *end)))
    }),
    middle("linode-token", "LINODE_TOKEN", |text, at| {
        behind_name(text, at, 12, |text| fixed(text, 0, 64, is_hexadecimal).filter(|end| has_both(text, *end)))
    }),
    middle("hetzner-token", "HCLOUD_TOKEN", |text, at| behind_name(text, at, 12, mixed_64)),
    middle("fastly-token", "FASTLY_API_TOKEN", |text, at| behind_name(text, at, 16, mixed_32)),
    middle("fastly-token", "FASTLY_API_KEY", |text, at| behind_name(text, at, 14, mixed_32)),
    rule("okta-token", "SSWS 00", |text| {
        fixed(text, 7, 40, is_address_letter).filter(|end| text.get(7..*end).is_some_and(mixed))
    }),
    middle("mailchimp-key", "-us", mailchimp),
    rule("harness-token", "pat.", |text| parts(text, 4, b'.', &[(22, 22), (24, 24), (20, 20)])),
    rule("harness-token", "sat.", |text| parts(text, 4, b'.', &[(22, 22), (24, 24), (20, 20)])),
    rule("stackhawk-key", "hawk.", |text| parts(text, 5, b'.', &[(20, 20), (20, 20)])),
    rule("launchdarkly-key", "sdk-", |text| parts(text, 4, b'-', UUID)),
    middle("launchdarkly-key", "api-", |text, at| {
        near(text, at, text.get(at..).and_then(|text| parts(text, 4, b'-', UUID)), "launchdarkly")
    }),
    rule("resend-key", "re_", |text| {
        parts(text, 3, b'_', &[(8, 8), (24, 24)]).filter(|end| text.get(3..*end).is_some_and(mixed))
    }),
    rule("braintree-token", "access_token$production$", |text| parts(text, 24, b'$', &[(16, 16), (32, 32)])),
    rule("tinybird-token", "p.eyJ1Ijoi", |text| parts(text, 2, b'.', &[(80, 240), (43, 43)])),
    middle("mollie-key", "live_", |text, at| {
        near(text, at, text.get(at..).and_then(|text| fixed(text, 5, 30, is_alphanumeric)), "mollie")
    }),
    middle("gocardless-token", "live_", |text, at| {
        near(text, at, text.get(at..).and_then(|text| fixed(text, 5, 40, is_address_letter)), "gocardless")
    }),
    middle("lob-key", "live_", |text, at| {
        near(text, at, text.get(at..).and_then(|text| fixed(text, 5, 35, is_hexadecimal)), "lob.com")
    }),
    anywhere("zapier-webhook", "https://hooks.zapier.com/hooks/catch/", |text| {
        parts(text, 37, b'/', &[(5, 10), (6, 14)])
            .filter(|end| text.get(37..*end).is_some_and(|value| value.iter().any(u8::is_ascii_digit)))
    }),
    anywhere("google-chat-webhook", "https://chat.googleapis.com/v1/spaces/", google_chat),
    anywhere("feishu-webhook", "https://open.feishu.cn/open-apis/bot/v2/hook/", |text| parts(text, 45, b'-', UUID)),
    anywhere("feishu-webhook", "https://open.larksuite.com/open-apis/bot/v2/hook/", |text| parts(text, 49, b'-', UUID)),
    anywhere("dingtalk-webhook", "https://oapi.dingtalk.com/robot/send?access_token=", |text| {
        fixed(text, 50, 64, is_hexadecimal)
    }),
    anywhere("wecom-webhook", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=", |text| {
        parts(text, 53, b'-', UUID)
    }),
];
