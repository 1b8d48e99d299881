//! The kinds: a fixed part, and a check that proves the rest.

use std::collections::BTreeSet;

use super::{
    checksums::{checked_base62, checked_body, gitlab, grafana},
    formats::{
        Span, annotated, around, aws_id, aws_named_secret, azure_account_key, azure_signature, base64_json,
        base64_key_file, bitbucket, circleci, discord, discord_webhook, fixed, github_stateless, is_address_letter,
        is_alphanumeric, is_devops, is_hexadecimal, is_near, mixed, npm_legacy, openai, parts, private_jwk, putty,
        pypi, ranged, slack_workflow, teams_webhook, telegram, webhook, wireguard,
    },
    passwords::{behind_name, in_address, in_basic, in_netrc, uuid},
    phrases,
    prefixed::ROWS,
    rule::{Before, Check, Rule},
    services::SERVICES,
    wallets::age_secret,
};

const CHECKSUM: &str = "checksum";
const STRUCTURE: &str = "structure";

pub(super) const fn rule(kind: &'static str, marker: &'static str, check: fn(&[u8]) -> Option<usize>) -> Rule {
    Rule {
        kind,
        marker,
        before: Before::NoWord,
        block: false,
        judges: false,
        proof: STRUCTURE,
        check: Check::From(check),
    }
}

pub(super) const fn checked(kind: &'static str, marker: &'static str, check: fn(&[u8]) -> Option<usize>) -> Rule {
    Rule { before: Before::Anything, proof: CHECKSUM, ..rule(kind, marker, check) }
}

const fn alone(kind: &'static str, marker: &'static str, check: fn(&[u8]) -> Option<usize>) -> Rule {
    Rule { before: Before::NoValue, ..rule(kind, marker, check) }
}

pub(super) const fn anywhere(kind: &'static str, marker: &'static str, check: fn(&[u8]) -> Option<usize>) -> Rule {
    Rule { before: Before::Anything, ..rule(kind, marker, check) }
}

pub(super) const fn middle(kind: &'static str, marker: &'static str, check: fn(&[u8], usize) -> Option<Span>) -> Rule {
    Rule {
        kind,
        marker,
        before: Before::Anything,
        block: false,
        judges: false,
        proof: STRUCTURE,
        check: Check::Around(check),
    }
}

const fn block(kind: &'static str, marker: &'static str, check: fn(&[u8]) -> Option<usize>) -> Rule {
    Rule { before: Before::Anything, block: true, ..rule(kind, marker, check) }
}

/// A password, of which no structure says that it is one.
const fn password(kind: &'static str, marker: &'static str, check: fn(&[u8], usize) -> Option<Span>) -> Rule {
    Rule { judges: true, ..middle(kind, marker, check) }
}

/// The kind whose id opens nothing without a secret that is elsewhere in the file.
pub(super) const AWS_IDS: &[&str] = &["aws-access-key", "aws-temporary-key"];
/// The kind of a secret that is found by its name alone.
pub(super) const AWS_NAMED: &str = "aws-secret-key";
/// Keys that web pages and phone apps carry by design where they stand in the settings of these.
pub(super) const PUBLIC: &str = "google-api-key";

/// How many kinds there are beside those in armor.
pub(super) fn kinds() -> usize {
    all().map(|rule| rule.kind).chain([phrases::KIND]).collect::<BTreeSet<_>>().len()
}

/// All rules, those with a check of their own first.
pub(super) fn all() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().chain(SERVICES).chain(ROWS)
}

/// The rule with this number in the order of [`all`].
pub(super) fn numbered(number: usize) -> Option<&'static Rule> {
    let beyond = || number.checked_sub(RULES.len());
    let beyond_all = || number.checked_sub(RULES.len() + SERVICES.len());
    RULES.get(number).or_else(|| SERVICES.get(beyond()?)).or_else(|| ROWS.get(beyond_all()?))
}

/// How many rules there are.
pub(super) const COUNT: usize = RULES.len() + SERVICES.len() + ROWS.len();

/// All kinds of tokens and files; keys in armor are in [`super::armor`]. No marker and no value of theirs is in this file in
/// a form that the checks take.
///
/// Sources: the documentation of each issuer on the form of its tokens, 2021 to 2026. A length that grew is a range.
const RULES: &[Rule] = &[
    block("putty-private-key", "PuTTY-User-Key-File-", putty),
    block("minisign-secret-key", "untrusted comment: ", base64_key_file),
    block("wireguard-private-key", "PrivateKey", wireguard),
    Rule { block: true, ..middle("jwk-private-key", "kty", private_jwk) },
    checked("age-secret-key", "AGE-SECRET-KEY-1", age_secret),
    checked("github-token", "ghp_", |text| checked_base62(text, 4, 36)),
    checked("github-oauth-token", "gho_", |text| checked_base62(text, 4, 36)),
    checked("github-user-token", "ghu_", |text| checked_base62(text, 4, 36)),
    checked("github-server-token", "ghs_", |text| checked_base62(text, 4, 36)),
    rule("github-stateless-token", "ghs_", github_stateless),
    checked("github-refresh-token", "ghr_", |text| checked_base62(text, 4, 36).or_else(|| checked_base62(text, 4, 76))),
    rule("github-fine-grained-token", "github_pat_", |text| {
        fixed(text, 11, 82, |byte| byte.is_ascii_alphanumeric() || byte == b'_')
    }),
    checked("npm-token", "npm_", |text| checked_base62(text, 4, 36)),
    checked("vercel-token", "vcp_", |text| checked_body(text, 4)),
    checked("vercel-integration-token", "vci_", |text| checked_body(text, 4)),
    checked("vercel-app-token", "vca_", |text| checked_body(text, 4)),
    checked("vercel-refresh-token", "vcr_", |text| checked_body(text, 4)),
    checked("vercel-key", "vck_", |text| checked_body(text, 4)),
    anywhere("npm-legacy-token", "_authToken=", npm_legacy),
    rule("pypi-token", "pypi-", pypi),
    alone("crates-io-token", "cio", |text| {
        let end = fixed(text, 3, 32, is_alphanumeric)?;
        let body = text.get(3..end)?;
        let mixed = body.iter().any(u8::is_ascii_digit)
            && body.iter().any(u8::is_ascii_lowercase)
            && body.iter().any(u8::is_ascii_uppercase);
        (mixed && ends_value(text, end)).then_some(end)
    }),
    rule("rubygems-token", "rubygems_", |text| fixed(text, 9, 48, is_hexadecimal)),
    alone("nuget-key", "oy2", |text| {
        let end = fixed(text, 3, 43, |byte| byte.is_ascii_lowercase() || matches!(byte, b'2'..=b'7'))?;
        (text.get(3..end)?.iter().any(u8::is_ascii_digit) && ends_value(text, end)).then_some(end)
    }),
    rule("gitlab-token", "glpat-", |text| gitlab(text, 6)),
    rule("gitlab-runner-token", "glrt-", |text| gitlab(text, 5)),
    rule("gitlab-runner-registration-token", "glrtr-", |text| gitlab(text, 6)),
    rule("gitlab-runner-registration-token", "GR1348941", |text| fixed(text, 9, 20, is_address_letter)),
    rule("gitlab-deploy-token", "gldt-", |text| gitlab(text, 5)),
    rule("gitlab-trigger-token", "glptt-", |text| gitlab(text, 6).or_else(|| fixed(text, 6, 40, is_hexadecimal))),
    rule("gitlab-oauth-secret", "gloas-", |text| fixed(text, 6, 64, is_address_letter)),
    rule("gitlab-scim-token", "glsoat-", |text| gitlab(text, 7)),
    rule("gitlab-agent-token", "glagent-", |text| gitlab(text, 8).or_else(|| fixed(text, 8, 50, is_address_letter))),
    rule("aws-access-key", "AKIA", aws_id),
    rule("aws-temporary-key", "ASIA", aws_id),
    middle(AWS_NAMED, "aws_secret_access_key", aws_named_secret),
    middle(AWS_NAMED, "AWS_SECRET_ACCESS_KEY", aws_named_secret),
    middle(AWS_NAMED, "ecretAccessKey", aws_named_secret),
    rule(PUBLIC, "AIza", |text| fixed(text, 4, 35, is_address_letter)),
    rule("google-oauth-secret", "GOCSPX-", |text| fixed(text, 7, 28, is_address_letter)),
    rule("slack-bot-token", "xoxb-", |text| parts(text, 5, b'-', &[(10, 13), (10, 13), (24, 24)])),
    rule("slack-user-token", "xoxp-", |text| parts(text, 5, b'-', &[(10, 13), (10, 13), (10, 13), (32, 32)])),
    rule("slack-app-token", "xapp-1-A", |text| parts(text, 8, b'-', &[(9, 12), (10, 14), (64, 64)])),
    anywhere("slack-webhook", "https://hooks.slack.com/services/", webhook),
    rule("stripe-live-key", "sk_live_", |text| ranged(text, 8, 24, 250, is_alphanumeric)),
    rule("stripe-restricted-key", "rk_live_", |text| ranged(text, 8, 24, 250, is_alphanumeric)),
    rule("stripe-webhook-secret", "whsec_", |text| {
        ranged(text, 6, 32, 80, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
    }),
    middle("telegram-bot-token", ":AA", telegram),
    // A number in base64, by its first digit.
    rule("discord-bot-token", "MT", discord),
    rule("discord-bot-token", "Mj", discord),
    rule("discord-bot-token", "Mz", discord),
    rule("discord-bot-token", "ND", discord),
    rule("discord-bot-token", "NT", discord),
    rule("discord-bot-token", "Nj", discord),
    rule("discord-bot-token", "Nz", discord),
    rule("discord-bot-token", "OD", discord),
    rule("discord-bot-token", "OT", discord),
    rule("sendgrid-key", "SG.", |text| parts(text, 3, b'.', &[(22, 22), (43, 43)])),
    anywhere("azure-storage-key", "AccountKey=", azure_account_key),
    middle("azure-client-secret", "Q~", |text, at| {
        let takes = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'~' | b'.' | b'-');
        at.checked_sub(1).and_then(|before| text.get(before)).filter(|byte| byte.is_ascii_digit())?;
        around(text, at, 2, 4, (31, 34), takes)
    }),
    middle("azure-devops-token", "JQQJ99", |text, at| annotated(text, at).filter(|found| is_devops(text, *found))),
    rule("digitalocean-token", "dop_v1_", |text| fixed(text, 7, 64, is_hexadecimal)),
    rule("digitalocean-oauth-token", "doo_v1_", |text| fixed(text, 7, 64, is_hexadecimal)),
    rule("hugging-face-token", "hf_", |text| fixed(text, 3, 34, |byte| byte.is_ascii_alphabetic())),
    rule("openai-key", "sk-", openai),
    rule("anthropic-key", "sk-ant-", |text| {
        let end = ranged(text, 7, 90, 120, is_address_letter)?;
        (text.get(7..10).is_some_and(|sort| matches!(sort, b"api" | b"adm" | b"oat"))
            && text.get(end - 2..end)? == b"AA")
            .then_some(end)
    }),
    rule("shopify-token", "shpat_", |text| fixed(text, 6, 32, |byte| byte.is_ascii_hexdigit())),
    rule("docker-hub-token", "dckr_pat_", |text| fixed(text, 9, 27, is_address_letter)),
    rule("docker-organization-token", "dckr_oat_", |text| fixed(text, 9, 32, is_address_letter)),
    rule("vault-token", "hvs.", |text| ranged(text, 4, 24, 300, is_address_letter)),
    rule("vault-batch-token", "hvb.", |text| ranged(text, 4, 80, 400, is_address_letter)),
    Rule {
        before: Before::NoValue,
        ..middle("databricks-token", "dapi", |text, at| {
            let end = fixed(text.get(at..)?, 4, 32, is_hexadecimal)?;
            is_near(text, at, 2000, &["databricks"]).then_some(Span { start: at, end: at + end })
        })
    },
    rule("linear-key", "lin_api_", |text| fixed(text, 8, 40, is_alphanumeric)),
    rule("atlassian-token", "ATATT3xFfGF0", |text| {
        let end = ranged(text, 12, 150, 240, |byte| is_address_letter(byte) || byte == b'=')?;
        let tail = text.get(end.checked_sub(9)?..end)?;
        (tail.first() == Some(&b'=') && tail.iter().skip(1).all(u8::is_ascii_hexdigit)).then_some(end)
    }),
    checked("grafana-token", "glsa_", grafana),
    middle("terraform-token", ".atlasv1.", |text, at| around(text, at, 9, 14, (60, 70), is_address_letter)),
    rule("sentry-token", "sntrys_", |text| {
        let end = ranged(text, 7, 60, 500, |byte| is_address_letter(byte) || matches!(byte, b'=' | b'+' | b'/'))?;
        // A table in base64: `{"iat`.
        text.get(7..)?.starts_with(b"eyJpYXQi").then_some(end)
    }),
    rule("sentry-user-token", "sntryu_", |text| fixed(text, 7, 64, is_hexadecimal)),
    rule("postman-key", "PMAK-", |text| parts(text, 5, b'-', &[(24, 24), (34, 34)])),
    rule("pulumi-token", "pul-", |text| fixed(text, 4, 40, is_hexadecimal)),
    rule("netlify-token", "nfp_", |text| fixed(text, 4, 36, is_alphanumeric)),
    rule("supabase-token", "sbp_", |text| fixed(text, 4, 40, is_hexadecimal)),
    rule("sonar-token", "squ_", |text| fixed(text, 4, 40, is_hexadecimal)),
    rule("sonar-project-token", "sqp_", |text| fixed(text, 4, 40, is_hexadecimal)),
    rule("doppler-token", "dp.pt.", |text| ranged(text, 6, 40, 44, is_alphanumeric)),
    rule("new-relic-key", "NRAK-", |text| {
        fixed(text, 5, 27, |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    }),
    rule("airtable-token", "pat", |text| {
        let end = fixed(text, 3, 14, is_alphanumeric)?;
        let rest = fixed(text.get(end..)?.strip_prefix(b".")?, 0, 64, is_hexadecimal)?;
        Some(end + 1 + rest)
    }),
    rule("langsmith-key", "lsv2_pt_", |text| parts(text, 8, b'_', &[(32, 32), (10, 10)])),
    rule("langsmith-key", "lsv2_sk_", |text| parts(text, 8, b'_', &[(32, 32), (10, 10)])),
    rule("pinecone-key", "pcsk_", |text| parts(text, 5, b'_', &[(5, 6), (63, 63)])),
    rule("cockroach-key", "CCDB1_", |text| parts(text, 6, b'_', &[(22, 22), (40, 40)])),
    rule("paddle-key", "pdl_live_apikey_", |text| parts(text, 16, b'_', &[(26, 26), (22, 22), (3, 3)])),
    rule("zuplo-key", "zpka_", |text| parts(text, 5, b'_', &[(32, 32), (8, 8)])),
    rule("docker-swarm-token", "SWMTKN-1-", |text| parts(text, 9, b'-', &[(50, 60), (24, 30)])),
    rule("hubspot-token", "pat-na1-", |text| parts(text, 8, b'-', UUID)),
    rule("hubspot-token", "pat-eu1-", |text| parts(text, 8, b'-', UUID)),
    rule("langfuse-secret-key", "sk-lf-", |text| parts(text, 6, b'-', UUID)),
    rule("wakatime-key", "waka_", |text| parts(text, 5, b'-', UUID)),
    rule("plaid-token", "access-production-", |text| parts(text, 18, b'-', UUID)),
    rule("1password-secret-key", "A3-", |text| {
        let end = parts(text, 3, b'-', &[(6, 6), (6, 11), (5, 6), (5, 5), (5, 5)])?;
        let end = end
            + text
                .get(end..)?
                .strip_prefix(b"-")
                .map_or(0, |rest| fixed(rest, 0, 5, is_upper).map_or(0, |five| five + 1));
        let body = text.get(3..end)?;
        let digits = body.iter().filter(|byte| byte.is_ascii_digit()).count();
        (digits >= 4 && body.iter().all(|byte| *byte == b'-' || is_upper(*byte))).then_some(end)
    }),
    rule("planetscale-token", "pscale_tkn_", |text| ranged(text, 11, 32, 64, is_address_letter)),
    rule("replicate-token", "r8_", |text| fixed(text, 3, 37, is_alphanumeric)),
    rule("buildkite-token", "bkua_", |text| fixed(text, 5, 40, is_hexadecimal)),
    rule("groq-key", "gsk_", |text| fixed(text, 4, 52, is_alphanumeric)),
    rule("openrouter-key", "sk-or-v1-", |text| fixed(text, 9, 64, is_hexadecimal)),
    rule("xai-key", "xai-", |text| fixed(text, 4, 80, is_alphanumeric)),
    rule("perplexity-key", "pplx-", |text| fixed(text, 5, 48, is_alphanumeric)),
    rule("figma-token", "figd_", |text| fixed(text, 5, 40, is_address_letter)),
    rule("notion-token", "ntn_", |text| {
        fixed(text, 4, 46, is_alphanumeric)
            .filter(|_| text.get(4..15).is_some_and(|head| head.iter().all(u8::is_ascii_digit)))
    }),
    middle("notion-token", "secret_", |text, at| {
        let end = at + fixed(text.get(at..)?, 7, 43, is_alphanumeric)?;
        (mixed(text.get(at + 7..end)?) && is_near(text, at, 2000, &["notion"])).then_some(Span { start: at, end })
    }),
    rule("heroku-key", "HRKU-AA", |text| fixed(text, 7, 58, is_address_letter)),
    middle("heroku-key", "HEROKU_API_KEY", |text, at| behind_name(text, at, 14, uuid)),
    rule("fly-token", "fo1_", |text| fixed(text, 4, 43, is_address_letter)),
    rule("fly-token", "fm1r_", |text| ranged(text, 5, 100, 2000, is_base64)),
    rule("fly-token", "fm1a_", |text| ranged(text, 5, 100, 2000, is_base64)),
    rule("fly-token", "fm2_", |text| ranged(text, 4, 100, 2000, is_base64)),
    rule("tailscale-key", "tskey-auth-", |text| parts(text, 11, b'-', &[(8, 20), (20, 64)])),
    rule("tailscale-key", "tskey-api-", |text| parts(text, 10, b'-', &[(8, 20), (20, 64)])),
    rule("tailscale-key", "tskey-client-", |text| parts(text, 13, b'-', &[(8, 20), (20, 64)])),
    rule("tailscale-key", "tskey-scim-", |text| parts(text, 11, b'-', &[(8, 20), (20, 64)])),
    rule("tailscale-key", "tskey-webhook-", |text| parts(text, 14, b'-', &[(8, 20), (20, 64)])),
    rule("brevo-key", "xkeysib-", |text| parts(text, 8, b'-', &[(64, 64), (16, 16)])),
    rule("brevo-key", "xsmtpsib-", |text| parts(text, 9, b'-', &[(64, 64), (16, 16)])),
    rule("circleci-token", "CCIPAT_", circleci),
    rule("circleci-token", "CCIPRJ_", circleci),
    rule("square-oauth-secret", "sq0csp-", |text| fixed(text, 7, 43, is_address_letter)),
    rule("square-token", "sq0atp-", |text| fixed(text, 7, 22, is_address_letter)),
    Rule {
        before: Before::NoValue,
        ..middle("square-token", "EAAA", |text, at| {
            let end = at + fixed(text.get(at..)?, 4, 60, is_address_letter)?;
            (mixed(text.get(at + 4..end)?) && is_near(text, at, 2000, &["square"])).then_some(Span { start: at, end })
        })
    },
    Rule {
        before: Before::NoValue,
        ..middle("twilio-key", "SK", |text, at| {
            let end = at + fixed(text.get(at..)?, 2, 32, is_hexadecimal)?;
            is_near(text, at, 2000, &["twilio"]).then_some(Span { start: at, end })
        })
    },
    middle("twilio-auth-token", "TWILIO_AUTH_TOKEN", |text, at| {
        behind_name(text, at, 17, |text| fixed(text, 0, 32, is_hexadecimal))
    }),
    middle("twilio-auth-token", "twilio_auth_token", |text, at| {
        behind_name(text, at, 17, |text| fixed(text, 0, 32, is_hexadecimal))
    }),
    Rule {
        before: Before::NoValue,
        ..middle("mailgun-key", "key-", |text, at| {
            let end = at + fixed(text.get(at..)?, 4, 32, is_hexadecimal)?;
            is_near(text, at, 2000, &["mailgun"]).then_some(Span { start: at, end })
        })
    },
    middle("mailgun-key", "MAILGUN_API_KEY", |text, at| {
        behind_name(text, at, 15, |text| {
            parts(text, 0, b'-', &[(32, 32), (8, 8), (8, 8)]).filter(|_| ends_value(text, 50))
        })
    }),
    rule("shopify-secret", "shpss_", |text| fixed(text, 6, 32, |byte| byte.is_ascii_hexdigit())),
    rule("shopify-token", "shpca_", |text| fixed(text, 6, 32, |byte| byte.is_ascii_hexdigit())),
    rule("shopify-token", "shppa_", |text| fixed(text, 6, 32, |byte| byte.is_ascii_hexdigit())),
    rule("digitalocean-refresh-token", "dor_v1_", |text| fixed(text, 7, 64, is_hexadecimal)),
    rule("cloudflare-token", "cfut_", |text| fixed(text, 5, 48, is_alphanumeric)),
    rule("cloudflare-token", "cfat_", |text| fixed(text, 5, 48, is_alphanumeric)),
    rule("cloudflare-key", "cfk_", |text| fixed(text, 4, 48, is_alphanumeric)),
    rule("cloudflare-origin-key", "v1.0-", |text| {
        let end = fixed(text, 5, 24, is_hexadecimal)?;
        Some(end + fixed(text.get(end..)?.strip_prefix(b"-")?, 0, 146, is_hexadecimal)? + 1)
    }),
    middle("cloudflare-token", "CLOUDFLARE_API_TOKEN", |text, at| {
        behind_name(text, at, 20, |text| {
            fixed(text, 0, 40, is_address_letter).filter(|end| text.get(..*end).is_some_and(mixed))
        })
    }),
    middle("cloudflare-token", "CF_API_TOKEN", |text, at| {
        behind_name(text, at, 12, |text| {
            fixed(text, 0, 40, is_address_letter).filter(|end| text.get(..*end).is_some_and(mixed))
        })
    }),
    rule("bitbucket-password", "ATBB", bitbucket),
    rule("bitbucket-token", "ATCTT3xFfGN0", |text| {
        let end = ranged(text, 12, 150, 240, |byte| is_address_letter(byte) || byte == b'=')?;
        let tail = text.get(end.checked_sub(9)?..end)?;
        (tail.first() == Some(&b'=') && tail.iter().skip(1).all(u8::is_ascii_hexdigit)).then_some(end)
    }),
    alone("grafana-token", "eyJrIjoi", |text| base64_json(text, 0, &["k", "n", "id"])),
    rule("grafana-cloud-token", "glc_", |text| base64_json(text, 4, &["o", "n", "k"])),
    rule("new-relic-key", "NRII-", |text| fixed(text, 5, 32, is_address_letter)),
    middle("new-relic-license-key", "NRAL", |text, at| {
        around(text, at, 4, 36, (0, 0), |byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
    }),
    rule("slack-browser-token", "xoxc-", |text| parts(text, 5, b'-', &[(9, 13), (9, 13), (9, 13), (64, 64)])),
    rule("slack-configuration-token", "xoxe.xoxp-1-", |text| ranged(text, 12, 120, 200, is_alphanumeric)),
    rule("slack-configuration-token", "xoxe.xoxb-1-", |text| ranged(text, 12, 120, 200, is_alphanumeric)),
    rule("slack-refresh-token", "xoxe-1-", |text| ranged(text, 7, 120, 200, is_alphanumeric)),
    anywhere("slack-webhook", "https://hooks.slack.com/workflows/", |text| slack_workflow(text, 34)),
    anywhere("slack-webhook", "https://hooks.slack.com/triggers/", |text| slack_workflow(text, 33)),
    middle("discord-webhook", "/api/webhooks/", discord_webhook),
    middle("teams-webhook", ".webhook.office.com/webhookb2/", teams_webhook),
    middle("azure-signature", "sig=", azure_signature),
    rule("gitlab-job-token", "glcbt-", |text| {
        let sort = text.get(6..)?.iter().take(6).take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let body = text.get(6 + sort..)?.strip_prefix(b"_")?;
        Some(7 + sort + fixed(body, 0, 20, is_address_letter)?)
    }),
    rule("gitlab-feed-token", "glft-", |text| fixed(text, 5, 20, is_address_letter)),
    rule("gitlab-mail-token", "glimt-", |text| fixed(text, 6, 25, is_address_letter)),
    rule("gitlab-flag-token", "glffct-", |text| fixed(text, 7, 20, is_address_letter)),
    rule("planetscale-password", "pscale_pw_", |text| ranged(text, 10, 32, 64, is_address_letter)),
    rule("dynatrace-token", "dt0c01.", |text| parts(text, 7, b'.', &[(24, 24), (64, 64)])),
    rule("supabase-secret-key", "sb_secret_", |text| ranged(text, 10, 31, 48, is_address_letter)),
    // Passwords come last: a token that is one is named as what it is.
    password("docker-password", "\"auth\"", |text, at| in_basic(text, at, 6)),
    password("docker-password", "\"auth\\\"", |text, at| in_basic(text, at, 7)),
    password("npm-password", "_auth=", |text, at| in_basic(text, at, 5)),
    Rule { before: Before::NoWord, ..password("netrc-password", "machine ", in_netrc) },
    password("password-in-address", "://", in_address),
    password("password-in-address", ":\\/\\/", in_address),
];

/// The groups of a UUID.
pub(super) const UUID: &[(usize, usize)] = &[(8, 8), (4, 4), (4, 4), (4, 4), (12, 12)];

fn is_upper(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// Does no letter or sign of a longer value come at `end`?
fn ends_value(text: &[u8], end: usize) -> bool {
    !text.get(end).is_some_and(|byte| is_address_letter(*byte) || matches!(byte, b'+' | b'/' | b'='))
}
