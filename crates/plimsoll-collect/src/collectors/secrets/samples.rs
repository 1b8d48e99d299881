//! Random keys and tokens of every kind. Values are made at run time from a seed: none is in this file.

use base64::{Engine as _, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{
    checksums::{base36, base62, little_endian},
    wallets::made,
};

/// A generator of Marsaglia's: the same values on every machine.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(super) fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| (self.next() >> 24) as u8).collect()
    }

    pub(super) fn letters(&mut self, alphabet: &str, count: usize) -> String {
        let alphabet: Vec<char> = alphabet.chars().collect();
        (0..count).map(|_| alphabet[(self.next() >> 24) as usize % alphabet.len()]).collect()
    }
}

pub(super) const DIGITS: &str = "0123456789";
pub(super) const HEX: &str = "0123456789abcdef";
pub(super) const ALL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
pub(super) const BASE32: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

pub(super) fn sequence(inside: &[u8]) -> Vec<u8> {
    let length = inside.len();
    let mut der = vec![0x30];
    match length {
        0..=0x7f => der.push(length as u8),
        0x80..=0xff => der.extend([0x81, length as u8]),
        _ => der.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    der.extend(inside);
    der
}

pub(super) fn armor(label: &str, key: &[u8], width: usize) -> String {
    let encoded = STANDARD.encode(key);
    let lines: Vec<_> =
        encoded.as_bytes().chunks(width).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    let (begin, end) = (["-----BEGIN ", label, "-----"].concat(), ["-----END ", label, "-----"].concat());
    format!("{begin}\n{}\n{end}\n", lines.join("\n"))
}

/// Keys in armor: kind and text.
pub(super) fn keys(random: &mut Random) -> Vec<(&'static str, String)> {
    let rsa = |random: &mut Random, bits: usize| {
        let length = bits / 8 + 1;
        let mut inside = vec![2, 1, 0, 2];
        inside.extend(if length < 256 {
            vec![0x81, length as u8, 0]
        } else {
            vec![0x82, (length >> 8) as u8, length as u8, 0]
        });
        inside.extend(random.bytes(bits / 8 + bits / 2));
        sequence(&inside)
    };
    let short = |random: &mut Random, head: &[u8], count: usize| sequence(&[head, &random.bytes(count)].concat());
    let mut ssh = b"openssh-key-v1\0\0\0\0\x04none\0\0\0\x04none\0\0\0\0\0\0\0\x01".to_vec();
    ssh.extend(random.bytes(1700));
    let mut pgp = vec![0x95, 3, 0x98, 4];
    pgp.extend(random.bytes(920));
    let ed25519 = [2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    let pkcs8 = rsa(random, 2048);
    let pkcs8 = [
        &[2, 1, 0, 0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1, 5, 0, 4, 0x82][..],
        &[(pkcs8.len() >> 8) as u8, pkcs8.len() as u8],
        &pkcs8,
    ]
    .concat();
    vec![
        ("rsa-private-key", armor("RSA PRIVATE KEY", &rsa(random, 2048), 64)),
        ("rsa-private-key", armor("RSA PRIVATE KEY", &rsa(random, 1024), 76)),
        ("pkcs8-private-key", armor("PRIVATE KEY", &sequence(&pkcs8), 64)),
        ("pkcs8-private-key", armor("PRIVATE KEY", &short(random, &ed25519, 32), 64)),
        ("ec-private-key", armor("EC PRIVATE KEY", &short(random, &[2, 1, 1, 4, 32], 114), 64)),
        ("dsa-private-key", armor("DSA PRIVATE KEY", &short(random, &[2, 1, 0, 2, 0x81, 0x81, 0], 440), 64)),
        ("openssh-private-key", armor("OPENSSH PRIVATE KEY", &ssh, 70)),
        ("pgp-private-key", armor("PGP PRIVATE KEY BLOCK", &pgp, 64)),
    ]
}

/// A part of a token: the same in all of them, or made by chance.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Same(String),
    Chance(String),
}

/// A token of a kind, in its parts.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: &'static str,
    pub(super) parts: Vec<Part>,
    /// Is it a password, which no length and no letters make?
    pub(super) is_password: bool,
}

impl Token {
    pub(super) fn text(&self) -> String {
        self.with(str::to_owned)
    }

    /// The token with its parts of chance changed.
    pub(super) fn with(&self, change: impl Fn(&str) -> String) -> String {
        let part = |part: &Part| match part {
            Part::Same(text) => text.clone(),
            Part::Chance(text) => change(text),
        };
        self.parts.iter().map(part).collect()
    }
}

fn same(text: &str) -> Part {
    Part::Same(text.to_owned())
}

fn guid(random: &mut Random) -> String {
    [8, 4, 4, 4, 12].map(|count| random.letters(HEX, count)).join("-")
}

/// One of each kind of token.
pub(super) fn tokens(random: &mut Random) -> Vec<Token> {
    let mut all: Vec<Token> = Vec::new();
    let mut add = |kind: &'static str, parts: Vec<Part>| all.push(Token { kind, parts, is_password: false });
    for (kind, prefix, count) in [
        ("github-token", "ghp_", 30),
        ("github-oauth-token", "gho_", 30),
        ("github-user-token", "ghu_", 30),
        ("github-server-token", "ghs_", 30),
        ("github-refresh-token", "ghr_", 70),
        ("npm-token", "npm_", 30),
    ] {
        let body = random.letters(ALL, count);
        let sum = base62(crc32fast::hash(body.as_bytes()));
        add(kind, vec![same(prefix), Part::Chance(format!("{body}{sum}"))]);
    }
    for (kind, prefix) in [("vercel-token", "vcp_"), ("vercel-key", "vck_"), ("vercel-refresh-token", "vcr_")] {
        let body = random.letters(ALL, 50);
        let sum = base62(crc32fast::hash(body.as_bytes()));
        add(kind, vec![same(prefix), Part::Chance(format!("{body}{sum}"))]);
    }
    for (kind, head) in [
        ("gitlab-token", format!("glpat-{}.01.0z", random.letters(ALL, 38))),
        ("gitlab-token", format!("glpat-{}.0z", random.letters(ALL, 27))),
        ("gitlab-runner-token", format!("glrt-t1_{}.01.0z", random.letters(ALL, 40))),
    ] {
        add(kind, vec![Part::Chance(format!("{head}{}", base36(crc32fast::hash(head.as_bytes()))))]);
    }
    let head = format!("glsa_{}", random.letters(ALL, 32));
    let sum = little_endian(crc32fast::hash(head.as_bytes()));
    add("grafana-token", vec![Part::Chance(format!("{head}_{sum}"))]);
    let body = random.letters(ALL, 30);
    let sum = base62(crc32fast::hash(body.as_bytes()));
    add("netbird-token", vec![same("nbp_"), Part::Chance(format!("{body}{sum}"))]);
    add("nostr-private-key", vec![Part::Chance(made::bech32("nsec", &random.bytes(32)))]);
    add("age-secret-key", vec![Part::Chance(made::bech32("age-secret-key-", &random.bytes(32)).to_uppercase())]);
    add("age-plugin-identity", vec![Part::Chance(made::bech32("age-plugin-se-", &random.bytes(40)).to_uppercase())]);
    add("bitcoin-private-key", vec![Part::Chance(made::base58(&[&[0x80], &random.bytes(32)[..], &[1]].concat()))]);
    add("bitcoin-private-key", vec![Part::Chance(made::base58(&[&[0x80], &random.bytes(32)[..]].concat()))]);
    let extended = [&[0x04, 0x88, 0xad, 0xe4, 3], &random.bytes(40)[..], &[0], &random.bytes(32)].concat();
    add("bitcoin-extended-key", vec![Part::Chance(made::base58(&extended))]);
    add("stellar-seed", vec![Part::Chance(made::stellar(&random.bytes(32)))]);
    let header = URL_SAFE_NO_PAD.encode("{\"alg\":\"RS256\",\"typ\":\"JWT\"}");
    let jwt = format!("{header}.{}.{}", random.letters(ALL, 180), random.letters(ALL, 342));
    add("github-stateless-token", vec![same("ghs_1234567_"), Part::Chance(jwt)]);
    let pypi = [b"\x02\x01\x08pypi.org\x02\x24".to_vec(), random.bytes(110)].concat();
    add("pypi-token", vec![same("pypi-"), Part::Chance(URL_SAFE_NO_PAD.encode(pypi))]);
    let discord = STANDARD.encode(format!("1{}", random.letters(DIGITS, 17)));
    let tail = format!(".{}.{}", random.letters(ALL, 6), random.letters(ALL, 38));
    add("discord-bot-token", vec![Part::Chance(format!("{discord}{tail}"))]);
    let table = |text: String| STANDARD.encode(text);
    let json = table(format!("{{\"k\":\"{}\",\"n\":\"a\",\"id\":1}}", random.letters(ALL, 32)));
    add("grafana-token", vec![Part::Chance(json)]);
    let json = table(format!("{{\"o\":\"1\",\"n\":\"a\",\"k\":\"{}\",\"m\":{{}}}}", random.letters(ALL, 24)));
    add("grafana-cloud-token", vec![same("glc_"), Part::Chance(json)]);
    for (kind, parts) in FORMS {
        // Random letters of three sorts are nearly always mixed, as the issuers' are; two more make it so.
        let made = parts.iter().enumerate().map(|(number, part)| match part {
            Form::Is(text) => same(text),
            Form::Of(alphabet, count) if *alphabet == ALL && number == 1 && *count > 12 => {
                Part::Chance(format!("{}aB3", random.letters(alphabet, count - 3)))
            }
            Form::Of(alphabet, count) => Part::Chance(random.letters(alphabet, *count)),
            Form::Guid => Part::Chance(guid(random)),
            Form::Base64(count) => Part::Chance(STANDARD.encode(random.bytes(*count))),
        });
        add(kind, made.collect());
    }
    for (kind, before, after) in [
        ("password-in-address", "postgres://app:", "@db.acme-corp.io:5432/main"),
        ("password-in-address", "https://deploy:", "@203.20.113.9/a.git"),
        ("password-in-address", "rediss://:", "@cache.acme-corp.io/0"),
        ("password-in-address", "amqp:\\/\\/mq:", "@mq.acme-corp.io"),
        ("netrc-password", "machine api.acme-corp.io login deploy password ", " "),
        ("netrc-password", "machine api.acme-corp.io\tlogin deploy\tpassword ", "\t"),
    ] {
        let password = format!("{}-q7X", random.letters(ALL, 11));
        all.push(Token { kind, parts: vec![same(before), Part::Chance(password), same(after)], is_password: true });
    }
    for (kind, name) in
        [("docker-password", "\"auth\": \""), ("docker-password", "\"auth\":\""), ("npm-password", "//a.io/:_auth=\"")]
    {
        let pair = STANDARD.encode(format!("deploy:{}-q7X", random.letters(ALL, 11)));
        all.push(Token { kind, parts: vec![same(name), Part::Chance(pair), same("\"")], is_password: true });
    }
    all
}

/// What a token is made of.
enum Form {
    Is(&'static str),
    Of(&'static str, usize),
    Guid,
    Base64(usize),
}
use Form::{Base64, Guid, Is, Of};

const LOWER: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LOWER_BASE32: &str = "abcdefghijklmnopqrstuvwxyz234567";

const FORMS: &[(&str, &[Form])] = &[
    ("npm-legacy-token", &[Is("_authToken="), Guid]),
    ("azure-storage-key", &[Is("AccountKey="), Base64(64)]),
    ("github-fine-grained-token", &[Is("github_pat_"), Of(ALL, 82)]),
    ("crates-io-token", &[Is("cio"), Of(ALL, 32)]),
    ("rubygems-token", &[Is("rubygems_"), Of(HEX, 48)]),
    ("nuget-key", &[Is("oy2"), Of(LOWER_BASE32, 42), Is("7")]),
    ("gitlab-token", &[Is("glpat-"), Of(ALL, 20)]),
    ("gitlab-runner-token", &[Is("glrt-"), Of(ALL, 20)]),
    ("gitlab-runner-token", &[Is("glrt-t1_"), Of(ALL, 20)]),
    ("gitlab-trigger-token", &[Is("glptt-"), Of(HEX, 40)]),
    ("gitlab-deploy-token", &[Is("gldt-"), Of(ALL, 20)]),
    ("gitlab-oauth-secret", &[Is("gloas-"), Of(ALL, 64)]),
    ("gitlab-job-token", &[Is("glcbt-64_"), Of(ALL, 20)]),
    ("gitlab-feed-token", &[Is("glft-"), Of(ALL, 20)]),
    ("gitlab-mail-token", &[Is("glimt-"), Of(ALL, 25)]),
    ("gitlab-flag-token", &[Is("glffct-"), Of(ALL, 20)]),
    ("google-api-key", &[Is("AIza"), Of(ALL, 35)]),
    ("google-oauth-secret", &[Is("GOCSPX-"), Of(ALL, 28)]),
    ("stripe-live-key", &[Is("sk_live_"), Of(ALL, 24)]),
    ("stripe-live-key", &[Is("sk_live_51"), Of(ALL, 97)]),
    ("stripe-restricted-key", &[Is("rk_live_51"), Of(ALL, 97)]),
    ("stripe-webhook-secret", &[Is("whsec_"), Of(ALL, 32)]),
    ("docker-hub-token", &[Is("dckr_pat_"), Of(ALL, 27)]),
    ("docker-organization-token", &[Is("dckr_oat_"), Of(ALL, 32)]),
    ("vault-token", &[Is("hvs."), Of(ALL, 95)]),
    ("vault-batch-token", &[Is("hvb."), Of(ALL, 138)]),
    ("anthropic-key", &[Is("sk-ant-api03-"), Of(ALL, 93), Is("AA")]),
    ("openai-key", &[Is("sk-proj-"), Of(ALL, 74), Is("T3Blbk"), Is("FJ"), Of(ALL, 74)]),
    ("openai-key", &[Is("sk-"), Of(ALL, 20), Is("T3Blbk"), Is("FJ"), Of(ALL, 20)]),
    ("openrouter-key", &[Is("sk-or-v1-"), Of(HEX, 64)]),
    ("xai-key", &[Is("xai-"), Of(ALL, 80)]),
    ("perplexity-key", &[Is("pplx-"), Of(ALL, 48)]),
    ("groq-key", &[Is("gsk_"), Of(ALL, 52)]),
    ("hugging-face-token", &[Is("hf_"), Of(LETTERS, 34)]),
    ("figma-token", &[Is("figd_"), Of(ALL, 40)]),
    ("notion-token", &[Is("ntn_"), Of(DIGITS, 11), Of(ALL, 35)]),
    ("notion-token", &[Is("notion = secret_"), Of(ALL, 43)]),
    ("heroku-key", &[Is("HRKU-AA"), Of(ALL, 58)]),
    ("heroku-key", &[Is("HEROKU_API_KEY="), Guid]),
    ("fly-token", &[Is("fo1_"), Of(ALL, 43)]),
    ("fly-token", &[Is("fm2_"), Of(ALL, 400)]),
    ("tailscale-key", &[Is("tskey-auth-"), Of(ALL, 11), Is("-"), Of(ALL, 32)]),
    ("tailscale-key", &[Is("tskey-api-"), Of(ALL, 11), Is("-"), Of(ALL, 32)]),
    ("tailscale-key", &[Is("tskey-client-"), Of(ALL, 11), Is("-"), Of(ALL, 32)]),
    ("brevo-key", &[Is("xkeysib-"), Of(HEX, 64), Is("-"), Of(ALL, 16)]),
    ("circleci-token", &[Is("CCIPAT_"), Of(ALL, 22), Is("_"), Of(HEX, 40)]),
    ("square-oauth-secret", &[Is("sq0csp-"), Of(ALL, 43)]),
    ("square-token", &[Is("sq0atp-"), Of(ALL, 22)]),
    ("square-token", &[Is("square = EAAA"), Of(ALL, 60)]),
    ("twilio-key", &[Is("twilio = SK"), Of(HEX, 32)]),
    ("twilio-auth-token", &[Is("TWILIO_AUTH_TOKEN="), Of(HEX, 32)]),
    ("mailgun-key", &[Is("mailgun = key-"), Of(HEX, 32)]),
    ("mailgun-key", &[Is("MAILGUN_API_KEY="), Of(HEX, 32), Is("-"), Of(HEX, 8), Is("-"), Of(HEX, 8)]),
    ("digitalocean-token", &[Is("dop_v1_"), Of(HEX, 64)]),
    ("digitalocean-refresh-token", &[Is("dor_v1_"), Of(HEX, 64)]),
    ("cloudflare-token", &[Is("cfut_"), Of(ALL, 40), Of(HEX, 8)]),
    ("cloudflare-origin-key", &[Is("v1.0-"), Of(HEX, 24), Is("-"), Of(HEX, 146)]),
    ("cloudflare-token", &[Is("CLOUDFLARE_API_TOKEN="), Of(ALL, 40)]),
    ("linear-key", &[Is("lin_api_"), Of(ALL, 40)]),
    ("shopify-token", &[Is("shpat_"), Of(HEX, 32)]),
    ("shopify-secret", &[Is("shpss_"), Of(HEX, 32)]),
    ("sentry-user-token", &[Is("sntryu_"), Of(HEX, 64)]),
    ("atlassian-token", &[Is("ATATT3xFfGF0"), Of(ALL, 180), Is("=0A1B2C3D")]),
    ("bitbucket-token", &[Is("ATCTT3xFfGN0"), Of(ALL, 180), Is("=0A1B2C3D")]),
    ("bitbucket-password", &[Is("ATBB"), Of(ALL, 24), Is("0A1B2C3D")]),
    ("pulumi-token", &[Is("pul-"), Of(HEX, 40)]),
    ("netlify-token", &[Is("nfp_"), Of(ALL, 36)]),
    ("sendgrid-key", &[Is("SG."), Of(ALL, 22), Is("."), Of(ALL, 43)]),
    ("slack-bot-token", &[Is("xoxb-"), Of(DIGITS, 12), Is("-"), Of(DIGITS, 12), Is("-"), Of(ALL, 24)]),
    ("slack-app-token", &[Is("xapp-1-A"), Of(UPPER, 10), Is("-"), Of(DIGITS, 13), Is("-"), Of(HEX, 64)]),
    (
        "slack-browser-token",
        &[Is("xoxc-"), Of(DIGITS, 12), Is("-"), Of(DIGITS, 12), Is("-"), Of(DIGITS, 13), Is("-"), Of(HEX, 64)],
    ),
    ("slack-configuration-token", &[Is("xoxe.xoxp-1-"), Of(ALL, 163)]),
    ("slack-refresh-token", &[Is("xoxe-1-"), Of(ALL, 146)]),
    (
        "slack-webhook",
        &[Is("https://hooks.slack.com/services/T"), Of(UPPER, 8), Is("/B"), Of(UPPER, 10), Is("/"), Of(ALL, 24)],
    ),
    ("discord-webhook", &[Is("https://discord.com/api/webhooks/"), Of(DIGITS, 18), Is("/"), Of(ALL, 68)]),
    (
        "teams-webhook",
        &[
            Is("https://acme.webhook.office.com/webhookb2/"),
            Guid,
            Is("@"),
            Guid,
            Is("/IncomingWebhook/"),
            Of(HEX, 32),
            Is("/"),
            Guid,
        ],
    ),
    (
        "azure-signature",
        &[
            Is("https://acme.blob.core.windows.net/a?sv=2024-11-04&se=2030-01-01T00:00:00Z&sr=b&sig="),
            Of(ALL, 43),
            Is("%3D"),
        ],
    ),
    ("telegram-bot-token", &[Is("1"), Of(DIGITS, 9), Is(":AA"), Of(ALL, 33)]),
    ("azure-client-secret", &[Of(ALL, 3), Is("8Q~"), Of(ALL, 34)]),
    ("terraform-token", &[Of(ALL, 14), Is(".atlasv1."), Of(ALL, 64)]),
    ("databricks-token", &[Is("databricks = dapi"), Of(HEX, 32)]),
    ("new-relic-key", &[Is("NRAK-"), Of(UPPER, 27)]),
    ("new-relic-license-key", &[Of(LOWER, 36), Is("NRAL")]),
    ("postman-key", &[Is("PMAK-"), Of(HEX, 24), Is("-"), Of(HEX, 34)]),
    ("langsmith-key", &[Is("lsv2_pt_"), Of(HEX, 32), Is("_"), Of(HEX, 10)]),
    ("pinecone-key", &[Is("pcsk_"), Of(ALL, 6), Is("_"), Of(ALL, 63)]),
    ("cockroach-key", &[Is("CCDB1_"), Of(ALL, 22), Is("_"), Of(ALL, 40)]),
    ("paddle-key", &[Is("pdl_live_apikey_"), Of(LOWER, 26), Is("_"), Of(ALL, 22), Is("_"), Of(ALL, 3)]),
    ("zuplo-key", &[Is("zpka_"), Of(LOWER, 32), Is("_"), Of(HEX, 8)]),
    ("docker-swarm-token", &[Is("SWMTKN-1-"), Of(LOWER, 50), Is("-"), Of(LOWER, 25)]),
    ("hubspot-token", &[Is("pat-na1-"), Guid]),
    ("langfuse-secret-key", &[Is("sk-lf-"), Guid]),
    ("wakatime-key", &[Is("waka_"), Guid]),
    ("plaid-token", &[Is("access-production-"), Guid]),
    ("ethereum-private-key", &[Is("PRIVATE_KEY=0x"), Of(HEX, 64)]),
    ("datadog-key", &[Is("DD_API_KEY="), Of(HEX, 32)]),
    ("consul-token", &[Is("CONSUL_HTTP_TOKEN="), Guid]),
    ("gitea-token", &[Is("GITEA_TOKEN="), Of(HEX, 40)]),
    ("mailchimp-key", &[Of(HEX, 32), Is("-us12")]),
    ("harness-token", &[Is("pat."), Of(ALL, 22), Is("."), Of(HEX, 24), Is("."), Of(ALL, 20)]),
    ("launchdarkly-key", &[Is("sdk-"), Guid]),
    ("feishu-webhook", &[Is("https://open.feishu.cn/open-apis/bot/v2/hook/"), Guid]),
    ("dingtalk-webhook", &[Is("https://oapi.dingtalk.com/robot/send?access_token="), Of(HEX, 64)]),
    ("wecom-webhook", &[Is("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key="), Guid]),
    ("dynatrace-token", &[Is("dt0c01."), Of(UPPER, 24), Is("."), Of(UPPER, 64)]),
];
