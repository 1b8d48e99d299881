//! The answer to a registry's 401: a bearer token from its token service, or the password itself.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::Value;
use ureq::http::Method;
use url::{Url, form_urlencoded};

use crate::{
    NetError,
    credential::Credential,
    secret::Secret,
    transport::{Answer, Ask, Http, host_of},
};

/// Bytes of a token service's answer.
const LARGEST: u64 = 64 * 1024;

/// Gives the `Authorization` with which a request is asked again that came back as `answer` with 401.
///
/// `scope` is ours and not the one that the registry names, so that it cannot ask for more than this call needs. The token
/// service may stand on another host than the registry (Docker Hub's does); the registry could have asked for the
/// password itself, so that gives nothing away, as long as it is reached by https. Its redirects are not followed.
///
/// Source: distribution, "Token Authentication Specification" and its part on refresh tokens.
pub(crate) fn answer_to(
    http: &Http,
    answer: &Answer,
    registry: &Url,
    credential: &Credential,
    scope: &str,
) -> Result<Secret, NetError> {
    let host = host_of(registry);
    if let Credential::Bearer(token) = credential {
        return bearer(token.reveal(), &host);
    }
    let challenges: Vec<Challenge> = answer
        .headers
        .get_all("www-authenticate")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(challenges)
        .collect();
    let of = |scheme: &str| challenges.iter().find(|challenge| challenge.scheme.eq_ignore_ascii_case(scheme));
    if let Some(challenge) = of("bearer") {
        return token(http, challenge, registry, credential, scope);
    }
    match (of("basic"), credential) {
        (Some(_), Credential::Basic { user, password }) => Ok(basic(user, password)),
        (Some(_), _) => Err(refused(&host, credential)),
        (None, _) => Err(NetError::protocol(&host, "asks for credentials and does not say of which kind")),
    }
}

pub(crate) fn refused(host: &str, credential: &Credential) -> NetError {
    let meaning = match credential {
        Credential::Anonymous => ": it asks for credentials, and none were found; log in with docker login",
        _ => ": it does not take the credentials that were found, or they do not allow this",
    };
    NetError::Status { host: host.to_owned(), doing: "asking for access".into(), status: 401, meaning: meaning.into() }
}

fn basic(user: &str, password: &Secret) -> Secret {
    Secret::new(format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{}", password.reveal()))))
}

fn bearer(token: &str, host: &str) -> Result<Secret, NetError> {
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(NetError::protocol(host, "the token is not one that can be sent"));
    }
    Ok(Secret::new(format!("Bearer {token}")))
}

fn token(
    http: &Http,
    challenge: &Challenge,
    registry: &Url,
    credential: &Credential,
    scope: &str,
) -> Result<Secret, NetError> {
    let host = host_of(registry);
    let realm = challenge.parameter("realm").and_then(|realm| Url::parse(realm).ok());
    let Some(mut realm) = realm.filter(|realm| realm.has_host() && realm.username().is_empty()) else {
        return Err(NetError::protocol(&host, "asks for a token and names no token service"));
    };
    if !http.allows(&realm) || (registry.scheme() == "https" && realm.scheme() != "https") {
        let reason = format!("its token service at {} is not reached by https", host_of(&realm));
        return Err(NetError::protocol(&host, reason));
    }
    let service = challenge.parameter("service").unwrap_or_default();
    let mut form = form_urlencoded::Serializer::new(String::new());
    let mut authorization = None;
    if let Credential::Identity(secret) = credential {
        form.extend_pairs([("grant_type", "refresh_token"), ("client_id", "plimsoll"), ("service", service)]);
        form.extend_pairs([("scope", scope), ("refresh_token", secret.reveal())]);
    } else {
        let mut query = realm.query_pairs_mut();
        if !service.is_empty() {
            query.append_pair("service", service);
        }
        query.append_pair("scope", scope);
    }
    if let Credential::Basic { user, password } = credential {
        authorization = Some(basic(user, password));
    }
    let body = form.finish();
    let mut ask = Ask { follow: false, ..Ask::get(realm, "asking for a token", LARGEST) };
    if matches!(credential, Credential::Identity(_)) {
        ask.method = Method::POST;
        ask.content_type = Some("application/x-www-form-urlencoded");
        ask.body = Some(body.as_bytes());
    }
    let answer = http.send(&ask, authorization.as_ref())?;
    match answer.status {
        200 => {}
        401 | 403 => return Err(refused(&answer.host, credential)),
        status => {
            let doing = "asking for a token".to_owned();
            return Err(NetError::Status { host: answer.host, doing, status, meaning: String::new() });
        }
    }
    let value: Value = serde_json::from_slice(&answer.body)
        .map_err(|_| NetError::protocol(&answer.host, "the token service's answer is not JSON"))?;
    let text = |name: &str| value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    match text("token").or_else(|| text("access_token")) {
        Some(token) => bearer(token, &answer.host),
        None => Err(NetError::protocol(&answer.host, "the token service's answer has no token")),
    }
}

/// One way in which a server lets itself be convinced.
#[derive(Debug, PartialEq, Eq)]
struct Challenge {
    scheme: String,
    parameters: Vec<(String, String)>,
}

impl Challenge {
    fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Source: RFC 9110 section 11.6.1. What is not of that form ends the reading; what came before counts.
fn challenges(text: &str) -> Vec<Challenge> {
    let mut found: Vec<Challenge> = Vec::new();
    let mut rest = text.trim_start_matches([' ', ',', '\t']);
    while !rest.is_empty() {
        let end = rest.find(|c: char| !is_token(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if word.is_empty() {
            break;
        }
        match (after.trim_start().strip_prefix('='), found.last_mut()) {
            (Some(value), Some(challenge)) => {
                let Some((value, after)) = read_value(value.trim_start()) else { break };
                challenge.parameters.push((word.to_owned(), value));
                rest = after;
            }
            (Some(_), None) => break,
            (None, _) => {
                found.push(Challenge { scheme: word.to_owned(), parameters: Vec::new() });
                rest = after;
            }
        }
        rest = rest.trim_start_matches([' ', ',', '\t']);
    }
    found
}

fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

fn read_value(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(|c: char| !is_token(c)).unwrap_or(text.len());
        let (value, after) = text.split_at(end);
        return Some((value.to_owned(), after));
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return quoted.get(at + 1..).map(|after| (value, after)),
            '\\' => value.push(characters.next()?.1),
            other => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(text: &str, expected: &[(&str, &[(&str, &str)])]) {
        let expected: Vec<Challenge> = expected
            .iter()
            .map(|(scheme, parameters)| Challenge {
                scheme: (*scheme).to_owned(),
                parameters: parameters.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect(),
            })
            .collect();
        assert_eq!(challenges(text), expected, "{text}");
    }

    #[test]
    fn challenges_are_read_as_far_as_they_are_ones() {
        check(
            r#"Bearer realm="https://a.example/token",service="r",scope="repository:a:pull,push""#,
            &[(
                "Bearer",
                &[("realm", "https://a.example/token"), ("service", "r"), ("scope", "repository:a:pull,push")],
            )],
        );
        check(
            r#"Basic realm="a \"b\"", Bearer realm=c"#,
            &[("Basic", &[("realm", "a \"b\"")]), ("Bearer", &[("realm", "c")])],
        );
        check("Basic", &[("Basic", &[])]);
        check("", &[]);
        check("=", &[]);
        check("realm=x", &[]);
        check(r#"Bearer realm="open"#, &[("Bearer", &[])]);
        check("Bearer realm=\"a\\", &[("Bearer", &[])]);
        check("Bearer \u{e9}", &[("Bearer", &[])]);
    }

    #[test]
    fn a_token_that_would_break_the_header_is_refused() {
        for token in ["", "a b", "a\r\nX: y", "a\u{e9}", "\0"] {
            assert!(bearer(token, "r.example").is_err(), "{token:?}");
        }
    }

    proptest! {
        #[test]
        fn no_header_breaks_the_reader(text in "[ -~\\PC]{0,80}|(Bearer|Basic)[ a-z=\",\\\\]{0,60}") {
            let _ = challenges(&text);
        }
    }
}
