//! Kinds that are a fixed beginning and letters made by chance: one row each.
//!
//! A row is here where its issuer's beginning is its own and what follows is long enough that nothing else has the form. Facts: the
//! issuers' documentation of 2024 to 2026, and the forms in use by scanners of that time.

use super::{
    letters::Letters,
    rule::{Before, Check, Rule},
};

const fn row(kind: &'static str, marker: &'static str, letters: Letters, least: usize, most: usize) -> Rule {
    Rule {
        kind,
        marker,
        before: Before::NoWord,
        block: false,
        judges: false,
        proof: "structure",
        check: Check::Rest(letters, least, most),
    }
}

/// A key of Microsoft's: its issuer's mark is at one place in the middle.
///
/// Source: Microsoft, "Security utilities", identifiable keys (SEC101), 2021 to 2026.
const fn marked(kind: &'static str, marker: &'static str, head: usize, tail: usize) -> Rule {
    Rule {
        before: Before::Anything,
        check: Check::Within(Letters::Base64, head, tail),
        ..row(kind, marker, Letters::Base64, 0, 0)
    }
}

use Letters::{Address, Any, AnyHex, Base32, Base64, Hex, Lower, Mixed, Upper};

/// All of them, in the order of their kinds.
pub(super) const ROWS: &[Rule] = &[
    row("1password-service-token", "ops_eyJ", Base64, 240, 2000),
    row("adobe-client-secret", "p8e-", Any, 32, 32),
    row("aikido-secret", "AIK_SECRET_", Mixed, 64, 64),
    row("aikido-token", "AIK_CI_", Mixed, 20, 44),
    row("aiven-password", "AVNS_", Address, 16, 24),
    row("apify-token", "apify_api_", Mixed, 34, 38),
    row("artifactory-key", "AKCp", Mixed, 68, 70),
    row("artifactory-token", "cmVmd", Mixed, 59, 59),
    row("astra-token", "AstraCS:", Mixed, 20, 40),
    row("aws-bedrock-key", "ABSK", Base64, 109, 272),
    marked("azure-api-management-key", "APIM", 76, 8),
    marked("azure-batch-key", "+ABa", 76, 8),
    marked("azure-cache-key", "AzCa", 33, 7),
    marked("azure-cosmos-key", "ACDb", 76, 8),
    marked("azure-event-hub-key", "+AEh", 33, 7),
    marked("azure-function-key", "AzFu", 44, 8),
    marked("azure-iot-key", "AIoT", 33, 7),
    marked("azure-registry-key", "+ACR", 42, 6),
    marked("azure-search-key", "AzSe", 42, 6),
    marked("azure-service-bus-key", "+ASb", 33, 7),
    row("azure-shared-access-key", "SharedAccessKey=", Base64, 44, 44),
    marked("azure-storage-key", "+ASt", 76, 8),
    row("bitbucket-server-token", "BBDC-", Base64, 32, 80),
    row("builder-io-private-key", "bpk-", Hex, 32, 32),
    row("buildkite-agent-token", "bkaa_", Address, 75, 75),
    row("buildkite-agent-token", "bkar_", Address, 73, 73),
    row("buildkite-agent-token", "bkct_", Address, 73, 73),
    row("buildkite-package-token", "bkpt_", Address, 199, 199),
    row("buildkite-token", "bkpat_", Address, 54, 54),
    row("cal-key", "cal_live_", Hex, 32, 32),
    row("canva-client-secret", "cnvca", Address, 51, 51),
    row("cerebras-key", "csk-", Lower, 48, 48),
    row("clickhouse-key", "4b1d", Mixed, 38, 38),
    row("clojars-token", "CLOJARS_", Lower, 60, 60),
    row("cloudsmith-key", "csa_", Any, 36, 36),
    row("contentful-token", "CFPAT-", Address, 43, 43),
    row("cursor-key", "key_", Hex, 64, 64),
    row("databento-key", "db-", Mixed, 29, 29),
    row("deno-token", "ddo_", Mixed, 36, 36),
    row("deno-token", "ddp_", Mixed, 36, 36),
    row("devin-key", "apk_user_", Base64, 120, 182),
    row("devin-token", "cog_", Base32, 52, 52),
    row("docker-swarm-key", "SWMKEY-1-", Base64, 40, 50),
    row("doppler-audit-token", "dp.audit.", Mixed, 40, 44),
    row("doppler-cli-token", "dp.ct.", Mixed, 40, 44),
    row("doppler-scim-token", "dp.scim.", Mixed, 40, 44),
    row("doppler-service-account-token", "dp.sa.", Mixed, 40, 44),
    row("doppler-service-token", "dp.st.", Mixed, 40, 44),
    row("dropbox-token", "sl.", Address, 130, 160),
    row("dropbox-token", "sl.u.", Address, 200, 2000),
    row("dub-key", "dub_", Mixed, 24, 24),
    row("duffel-token", "duffel_live_", Address, 43, 43),
    row("duffel-token", "duffel_test_", Address, 43, 43),
    row("e2b-key", "e2b_", Hex, 40, 40),
    row("easypost-key", "EZAK", Mixed, 54, 54),
    row("elastic-cloud-key", "essu_", Base64, 60, 202),
    row("elevenlabs-key", "sk_", Hex, 48, 48),
    row("endorlabs-key", "endr+", Address, 16, 16),
    row("facebook-token", "EAAC", Mixed, 100, 400),
    row("facebook-token", "EAAM", Mixed, 100, 400),
    row("firecrawl-key", "fc-", Hex, 32, 32),
    row("fireworks-key", "fw_", Mixed, 22, 24),
    row("flexport-token", "shltm_", Address, 40, 40),
    row("flutterwave-key", "FLWSECK-", Address, 32, 50),
    row("frameio-token", "fio-u-", Address, 64, 64),
    row("gitlab-workspace-token", "glwt-", Address, 20, 20),
    row("google-oauth-refresh-token", "1//0", Address, 60, 110),
    row("google-oauth-token", "ya29.", Address, 60, 1000),
    row("hashicorp-service-token", "hvr.", Address, 90, 400),
    row("honeycomb-key", "hcaik_", Lower, 58, 58),
    row("hugging-face-organization-token", "api_org_", Mixed, 34, 34),
    row("infracost-token", "ico-", Mixed, 32, 32),
    row("inngest-signing-key", "signkey-prod-", Hex, 64, 64),
    row("instagram-token", "IGQV", Address, 100, 400),
    row("intra42-secret", "s-s4t2af-", Hex, 64, 64),
    row("intra42-secret", "s-s4t2ud-", Hex, 64, 64),
    row("ionic-token", "ion_", Mixed, 42, 42),
    row("jina-key", "jina_", Mixed, 60, 64),
    row("kaggle-token", "KGAT_", Hex, 32, 32),
    row("klaviyo-key", "pk_", Hex, 34, 34),
    row("linear-oauth-token", "lin_oauth_", Hex, 64, 64),
    row("liveblocks-key", "sk_prod_", Address, 60, 70),
    row("llama-cloud-key", "llx-", Mixed, 44, 52),
    row("mailersend-token", "mlsn.", Any, 40, 100),
    row("mapbox-secret-token", "sk.eyJ1Ijoi", Mixed, 40, 200),
    row("mergify-key", "mergify_application_key_", Address, 40, 200),
    row("modal-secret", "as-", Mixed, 22, 22),
    row("mongodb-atlas-secret", "mdb_sa_sk_", Address, 40, 40),
    row("neon-key", "napi_", Mixed, 64, 64),
    row("netlify-cli-token", "nfc_", Mixed, 36, 36),
    row("netlify-oauth-token", "nfo_", Mixed, 36, 36),
    row("netlify-session-token", "nfu_", Mixed, 36, 36),
    row("nvidia-key", "nvapi-", Address, 60, 70),
    row("nylas-key", "nyk_", Mixed, 67, 67),
    row("octopus-deploy-key", "API-", Upper, 25, 34),
    row("onesignal-key", "os_v2_app_", Base32, 103, 103),
    row("onesignal-key", "os_v2_org_", Base32, 103, 103),
    row("onfido-token", "api_live.", Address, 32, 80),
    row("onfido-token", "api_live_ca.", Address, 32, 80),
    row("onfido-token", "api_live_us.", Address, 32, 80),
    row("openshift-token", "sha256~", Address, 43, 43),
    row("packagist-key", "packagist_ack_", Hex, 28, 32),
    row("packagist-secret", "packagist_acs_", Hex, 64, 96),
    row("packagist-token", "packagist_ort_", Hex, 68, 68),
    row("packagist-token", "packagist_out_", Hex, 68, 68),
    row("persona-key", "persona_production_", Address, 32, 80),
    row("pinterest-token", "pina_", Mixed, 60, 200),
    row("planetscale-oauth-token", "pscale_oauth_", Address, 32, 64),
    row("polar-token", "polar_at_", Mixed, 32, 100),
    row("polar-token", "polar_oat_", Mixed, 32, 100),
    row("polar-token", "polar_pat_", Mixed, 32, 100),
    row("portainer-token", "ptr_", Base64, 44, 44),
    row("posthog-key", "phx_", Mixed, 41, 49),
    row("postman-collection-token", "PMAT-", Upper, 26, 26),
    row("prefect-service-token", "pnb_", Mixed, 36, 36),
    row("prefect-token", "pnu_", Mixed, 36, 36),
    row("pubnub-secret-key", "sec-c-", Base64, 48, 56),
    row("ramp-client-secret", "ramp_sec_", Mixed, 48, 48),
    row("readme-token", "rdme_", Lower, 70, 70),
    row("render-key", "rnd_", Mixed, 28, 28),
    row("rootly-key", "rootly_", Hex, 64, 64),
    row("runpod-key", "rpa_", Any, 46, 46),
    row("samsara-token", "samsara_api_", Mixed, 26, 32),
    row("scalingo-token", "tk-us-", Address, 48, 48),
    row("segment-token", "sgp_", Mixed, 64, 64),
    row("sentry-app-token", "sntrya_", Hex, 64, 64),
    row("settlemint-token", "sm_aat_", Mixed, 16, 16),
    row("settlemint-token", "sm_pat_", Mixed, 16, 16),
    row("settlemint-token", "sm_sat_", Mixed, 16, 16),
    row("shippo-token", "shippo_live_", AnyHex, 40, 40),
    row("slack-session", "xoxd-", Base64, 100, 400),
    row("sonar-global-token", "sqa_", Hex, 40, 40),
    row("sourcegraph-token", "sgp_", AnyHex, 40, 40),
    row("sourcegraph-token", "sgp_local_", AnyHex, 40, 40),
    row("statsig-secret", "secret-", Mixed, 43, 45),
    row("stytch-secret", "secret-live-", Address, 34, 60),
    row("sumup-key", "sup_sk_", Mixed, 32, 60),
    row("tavily-key", "tvly-", Address, 32, 45),
    row("together-key", "tgp_v1_", Address, 43, 43),
    row("trello-token", "ATTA", AnyHex, 72, 72),
    row("trigger-dev-key", "tr_prod_", Mixed, 20, 24),
    row("typeform-token", "tfp_", Address, 59, 59),
    row("unkey-root-key", "unkey_", Mixed, 20, 32),
    row("upcloud-token", "ucat_", Mixed, 24, 32),
    row("voyage-key", "pa-", Address, 43, 43),
    row("weights-and-biases-key", "wandb_v1_", Address, 77, 77),
    row("xata-key", "xau_", Mixed, 40, 46),
    row("xendit-key", "xnd_production_", Mixed, 56, 72),
    row("yandex-cloud-key", "AQVN", Address, 35, 38),
    row("yandex-oauth-token", "y0_", Address, 55, 60),
];

#[cfg(test)]
mod tests {
    use super::{super::scan::scan, *};

    /// A value of these letters in which chance shows, of this length.
    fn value(letters: Letters, length: usize) -> String {
        let letters = match letters {
            Hex => "7c1e9b04d8a2f653",
            AnyHex => "7C1e9b04D8a2f653",
            Base32 => "q7mz2xk5vbt4hwp6",
            Lower => "q7m1zx9kv0bthw3p",
            Upper => "Q7M1ZX9KV0BTHW3P",
            Any | Mixed | Address | Base64 => "q7M1zX9Kv0BtHw3P",
        };
        letters.chars().cycle().take(length).collect()
    }

    #[test]
    fn each_row_finds_its_own_and_nothing_shorter_or_longer() {
        let mut checked = 0;
        for rule in ROWS {
            let kinds = |text: &str| scan(text.as_bytes()).iter().map(|hit| hit.kind).collect::<Vec<_>>();
            let (letters, least, most) = match rule.check {
                Check::Rest(letters, least, most) => (letters, least, most),
                Check::Within(letters, head, tail) => {
                    let token = |head: usize, tail: usize| {
                        format!("key = \"{}{}{}\"\n", value(letters, head), rule.marker, value(letters, tail))
                    };
                    assert_eq!(kinds(&token(head, tail)), [rule.kind], "{}", token(head, tail));
                    for other in
                        [token(head - 1, tail), token(head + 1, tail), token(head, tail - 1), token(head, tail + 1)]
                    {
                        assert!(!kinds(&other).contains(&rule.kind), "{other}");
                    }
                    checked += 1;
                    continue;
                }
                Check::From(_) | Check::Around(_) => panic!("{} is no row", rule.kind),
            };
            for length in [least, most] {
                let token = format!("{}{}", rule.marker, value(letters, length));
                assert_eq!(kinds(&format!("key = \"{token}\"\n")), [rule.kind], "{token}");
                // In the middle of a word it is a part of something else.
                assert!(!kinds(&format!("key = \"x{token}\"\n")).contains(&rule.kind), "x{token}");
            }
            for length in [least - 1, most + 1] {
                let token = format!("{}{}", rule.marker, value(letters, length));
                assert!(!kinds(&format!("key = \"{token}\"\n")).contains(&rule.kind), "{token}");
            }
            // Of a digest or a UUID every letter is hexadecimal.
            if !matches!(letters, Hex | AnyHex | Base32) {
                for digest in ["7C1E9B04D8A2F653", "7c1e9b04d8a2f653", "7c1E9b04D8a2F653"] {
                    let digest: String = digest.chars().cycle().take(least).collect();
                    assert!(
                        !kinds(&format!("{}{digest}\n", rule.marker)).contains(&rule.kind),
                        "{}{digest}",
                        rule.marker
                    );
                }
            }
            let word: String = "configurationvaluename".chars().cycle().take(least).collect();
            assert!(!kinds(&format!("{}{word}\n", rule.marker)).contains(&rule.kind), "{word}");
            checked += 1;
        }
        assert_eq!(checked, ROWS.len());
    }

    #[test]
    fn rows_are_in_order() {
        assert!(ROWS.is_sorted_by_key(|rule| (rule.kind, rule.marker)));
    }
}
