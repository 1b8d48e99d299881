//! Credentials: where they go, and where they never go.

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use plimsoll_net::{Credentials, NetError, Options, Target, attach, fetch};
use serde_json::{Value, json};

use crate::{
    common::{options, run, statement},
    fake::{Act, Asked, Fake, Reply},
};

const SECRET: &str = "hunter2-hunter2";
const TOKEN: &str = "a.token-of_ours";

/// Options with a configuration in which `entry` is what is known of the registry.
fn with(folder: &Path, fake: &Fake, entry: &Value) -> Options {
    let path = folder.join("config.json");
    fs::write(&path, json!({ "auths": { &fake.address: entry } }).to_string()).unwrap();
    Options { credentials: Credentials::File(path), any_subject: true, ..options() }
}

fn password() -> Value {
    json!({ "auth": BASE64_STANDARD.encode(format!("me:{SECRET}")) })
}

fn basic() -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("me:{SECRET}")))
}

fn challenge(with: &str) -> Act {
    Act::Answer(Reply::new(401, &[("www-authenticate", with)], r#"{"errors":[{"code":"UNAUTHORIZED"}]}"#))
}

fn header<'a>(asked: &'a Asked, name: &str) -> Option<&'a str> {
    asked.headers.get(name).map(String::as_str)
}

/// A registry that asks for a token, which its own `/token` gives to whom `accepts` says.
fn with_tokens(accepts: fn(&Asked) -> bool) -> Fake {
    Fake::start(true, move |asked, _| {
        if asked.path.starts_with("/token") {
            let token = json!({ "access_token": TOKEN, "expires_in": 60 }).to_string();
            return Some(if accepts(asked) { Act::Answer(Reply::new(200, &[], token)) } else { challenge("Basic") });
        }
        let realm = format!("Bearer realm=\"http://{}/token\",service=\"a service\"", asked.headers["host"]);
        (header(asked, "authorization") != Some(&format!("Bearer {TOKEN}"))).then(|| challenge(&realm))
    })
}

fn ask(fake: &Fake, options: &Options) -> Result<(), NetError> {
    let target = Target::read(&fake.reference()).unwrap();
    attach(&target, &statement(1, &[]), options, &|_| ())?;
    fetch(&target, options, &|_| ()).map(|found| assert_eq!(found.statements.len(), 1))
}

fn refused(fake: &Fake, options: &Options) -> String {
    let error = ask(fake, options).unwrap_err();
    let text = format!("{error} {error:?}");
    for secret in [SECRET, TOKEN, &BASE64_STANDARD.encode(format!("me:{SECRET}"))] {
        assert!(!text.contains(secret), "{text}");
    }
    error.to_string()
}

#[test]
fn a_password_is_sent_where_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let fake = Fake::start(true, |asked, _| {
        (header(asked, "authorization") != Some(&basic())).then(|| challenge("Basic realm=\"here\""))
    });
    ask(&fake, &with(folder.path(), &fake, &password())).unwrap();
    // Not before it is asked for.
    assert_eq!(header(&fake.state().asked[0], "authorization"), None);
    let error = refused(&fake, &with(folder.path(), &fake, &json!({ "username": "me", "password": "other" })));
    assert!(error.contains("does not take the credentials"), "{error}");
    let error = refused(&fake, &options());
    assert!(error.contains("none were found") && error.contains("docker login"), "{error}");
}

#[test]
fn a_token_is_fetched_with_a_password_without_one_and_with_a_refresh_token() {
    let folder = tempfile::tempdir().unwrap();
    let fake = with_tokens(|asked| header(asked, "authorization") == Some(&basic()));
    ask(&fake, &with(folder.path(), &fake, &password())).unwrap();
    let scopes: Vec<String> = fake
        .state()
        .asked
        .iter()
        .filter(|asked| asked.path.starts_with("/token"))
        .map(|asked| asked.path.replace("%3A", ":").replace("%2C", ","))
        .collect();
    // One token for attaching, one for fetching, each for no more than it needs.
    assert_eq!(
        scopes,
        [
            "/token?service=a+service&scope=repository:app:pull,push",
            "/token?service=a+service&scope=repository:app:pull"
        ]
    );
    assert!(refused(&fake, &options()).contains("none were found"));

    let open = with_tokens(|asked| header(asked, "authorization").is_none());
    ask(&open, &Options { any_subject: true, ..options() }).unwrap();

    let refresh = with_tokens(|asked| {
        let body = String::from_utf8_lossy(&asked.body).replace("%3A", ":").replace("%2C", ",");
        let form = "grant_type=refresh_token&client_id=plimsoll&service=a+service&scope=repository:app:pull";
        asked.method == "POST" && body.starts_with(form) && body.ends_with(&format!("&refresh_token={SECRET}"))
    });
    ask(&refresh, &with(folder.path(), &refresh, &json!({ "identitytoken": SECRET }))).unwrap();
    let ready = with_tokens(|_| false);
    ask(&ready, &with(folder.path(), &ready, &json!({ "registrytoken": TOKEN }))).unwrap();
}

#[test]
fn challenges_and_token_services_that_are_none() {
    let folder = tempfile::tempdir().unwrap();
    for (with_what, word) in [
        ("", "does not say of which kind"),
        ("Negotiate", "does not say of which kind"),
        ("Bearer", "names no token service"),
        ("Bearer realm=\"\"", "names no token service"),
        ("Bearer realm=\"/token\"", "names no token service"),
        ("Bearer realm=\"http://user:x@127.0.0.1/token\"", "names no token service"),
        ("Bearer realm=\"http://token.example/token\"", "not reached by https"),
        ("Bearer realm=\"file:///etc/passwd\"", "names no token service"),
        ("Bearer realm=\"ftp://127.0.0.1/\"", "not reached by https"),
    ] {
        let fake = Fake::start(true, move |_, _| Some(challenge(with_what)));
        let error = refused(&fake, &with(folder.path(), &fake, &password()));
        assert!(error.contains(word), "{with_what}: {error}");
        assert!(fake.state().asked.iter().all(|asked| header(asked, "authorization").is_none()));
    }
    for (status, body) in [
        (200, "words".to_owned()),
        (200, "{}".to_owned()),
        (200, json!({ "token": "a\r\nX-Other: b" }).to_string()),
        (200, json!({ "token": "" }).to_string()),
        (500, String::new()),
        (302, String::new()),
    ] {
        let fake = Fake::start(true, move |asked, _| {
            if asked.path.starts_with("/token") {
                return Some(Act::Answer(Reply::new(status, &[("location", "/elsewhere")], body.clone())));
            }
            Some(challenge(&format!("Bearer realm=\"http://{}/token\"", asked.headers["host"])))
        });
        refused(&fake, &with(folder.path(), &fake, &password()));
        assert!(!fake.state().asked.iter().any(|asked| asked.path == "/elsewhere"));
    }
}

#[test]
fn a_registry_that_repeats_what_it_was_sent_does_not_bring_it_into_an_error() {
    let folder = tempfile::tempdir().unwrap();
    for (place, status) in
        [("code", 403), ("digest", 200), ("type", 200), ("json", 200), ("name", 200), ("location", 302), ("subject", 0)]
    {
        let fake = Fake::start(true, move |asked, state| {
            let Some(sent) = header(asked, "authorization") else { return Some(challenge("Basic")) };
            let secret = SECRET;
            let manifest = String::from_utf8(crate::fake::image(0)).unwrap();
            Some(Act::Answer(match place {
                "code" => {
                    let body = json!({ "errors": [{ "code": sent, "message": secret, "detail": secret }] }).to_string();
                    Reply::new(status, &[], body)
                }
                "digest" => Reply::new(status, &[("docker-content-digest", &format!("sha256:{secret}"))], manifest),
                "type" => Reply::new(status, &[("content-type", secret)], "{}"),
                "json" => Reply::new(status, &[], format!("{{\"{secret}\":1,\"{secret}\":2}}")),
                "name" => Reply::new(status, &[], secret),
                "location" => Reply::new(status, &[("location", &format!("http://x.example/{secret}?{secret}"))], ""),
                _ => {
                    let mut reply = crate::fake::answer(asked, state);
                    if asked.is("PUT", "manifests/") {
                        reply.headers.retain(|(name, _)| name != "oci-subject");
                        reply.headers.push(("oci-subject".into(), secret.into()));
                    }
                    reply
                }
            }))
        });
        refused(&fake, &with(folder.path(), &fake, &password()));
    }
}

/// A second host, which only writes down what it is sent, and serves what the first one has.
fn elsewhere(first: &Arc<Mutex<Vec<u8>>>) -> Fake {
    let served = Arc::clone(first);
    Fake::start(true, move |_, _| Some(Act::Answer(Reply::new(200, &[], served.lock().unwrap().clone()))))
}

#[test]
fn a_redirect_to_another_host_goes_without_credentials() {
    let folder = tempfile::tempdir().unwrap();
    let blob = Arc::new(Mutex::new(crate::common::bundle(1)));
    let store = elsewhere(&blob);
    let there = format!("http://{}/blob", store.address);
    let fake = Fake::start(true, move |asked, _| {
        if header(asked, "authorization") != Some(&basic()) {
            return Some(challenge("Basic"));
        }
        asked.is("GET", "blobs/sha256:").then(|| Act::Answer(Reply::new(307, &[("location", &there)], "")))
    });
    ask(&fake, &with(folder.path(), &fake, &password())).unwrap();
    let state = store.state();
    assert_eq!(state.asked.len(), 1);
    assert_eq!(header(&state.asked[0], "authorization"), None);
}

#[test]
fn an_upload_to_another_host_goes_without_credentials() {
    let folder = tempfile::tempdir().unwrap();
    let store = Fake::start(true, |_, _| Some(Act::Answer(Reply::new(201, &[], ""))));
    let there = format!("http://{}/upload", store.address);
    let fake = Fake::start(true, move |asked, _| {
        if header(asked, "authorization") != Some(&basic()) {
            return Some(challenge("Basic"));
        }
        asked.is("POST", "blobs/uploads/").then(|| Act::Answer(Reply::new(202, &[("location", &there)], "")))
    });
    // The manifest is refused, since the blobs went elsewhere; what matters is what went there.
    refused(&fake, &with(folder.path(), &fake, &password()));
    let state = store.state();
    assert_eq!(state.asked.len(), 2);
    assert!(state.asked.iter().all(|asked| header(asked, "authorization").is_none()));
}

#[test]
fn a_store_elsewhere_that_asks_for_credentials_gets_none() {
    let folder = tempfile::tempdir().unwrap();
    for bearer in [true, false] {
        let store = Fake::start(true, move |asked, _| {
            // It names a token service of its own.
            let realm = format!("Bearer realm=\"http://{}/token\"", asked.headers["host"]);
            Some(challenge(if bearer { &realm } else { "Basic realm=\"give\"" }))
        });
        for (method, path, status) in [("GET", "blobs/sha256:", 307), ("POST", "blobs/uploads/", 202)] {
            let there = format!("http://{}/blob", store.address);
            let fake = Fake::start(true, move |asked, _| {
                asked.is(method, path).then(|| Act::Answer(Reply::new(status, &[("location", &there)], "")))
            });
            let error = refused(&fake, &with(folder.path(), &fake, &password()));
            assert!(error.contains("401"), "{error}");
        }
        let state = store.state();
        assert_eq!(state.asked.len(), 2);
        assert!(
            state.asked.iter().all(|asked| asked.path.starts_with("/blob") && header(asked, "authorization").is_none())
        );
    }
}

#[test]
fn plain_http_is_for_this_machine() {
    // To another host there is none, neither at first nor by a redirect or an upload.
    for location in
        ["http://other.example/blob", "http://192.0.2.1/blob", "ftp://127.0.0.1/blob", "http://[", "//other.example/x"]
    {
        let fake = Fake::start(true, move |asked, _| {
            asked.is("GET", "manifests/latest").then(|| Act::Answer(Reply::new(302, &[("location", location)], "")))
        });
        let error = refused(&fake, &options());
        assert!(error.contains("not reached by https") || error.contains("cannot be read"), "{location}: {error}");
        let fake = Fake::start(true, move |asked, _| {
            asked.is("POST", "blobs/uploads/").then(|| Act::Answer(Reply::new(202, &[("location", location)], "")))
        });
        let error = refused(&fake, &Options { any_subject: true, ..options() });
        assert!(error.contains("not reached by https") || error.contains("where to upload to"), "{location}: {error}");
    }
    // TLS is spoken where the user says so: this server does not know it.
    let fake = Fake::honest(true);
    let tls = Options { plain_http: Some(false), timeout: Duration::from_secs(3), ..options() };
    assert!(matches!(ask(&fake, &tls), Err(NetError::Connection { .. } | NetError::Time { .. })));
    assert!(fake.state().asked.is_empty());
}

/// Writes a helper without holding its file open here, where another test may be starting a process.
fn helper(folder: &Path, name: &str, script: &str) {
    let path = folder.join(format!("docker-credential-{name}"));
    let make = format!("cat > '{0}' && chmod +x '{0}'", path.display());
    let mut child = Command::new("sh").args(["-c", &make]).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(format!("#!/bin/sh\n{script}\n").as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
}

#[test]
fn helpers_are_asked_and_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let fake =
        Fake::start(true, |asked, _| (header(asked, "authorization") != Some(&basic())).then(|| challenge("Basic")));
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
    let answer = |user: &str, secret: &str| json!({ "Username": user, "Secret": secret }).to_string();
    helper(
        folder.path(),
        "good",
        &format!("test \"$1\" = get && read -r it; test \"$it\" = {} && echo '{}'", fake.address, answer("me", SECRET)),
    );
    helper(folder.path(), "none", "echo 'credentials not found in native keychain'; exit 1");
    helper(folder.path(), "fails", &format!("echo {SECRET}; echo {SECRET} >&2; exit 3"));
    helper(folder.path(), "words", &format!("echo {SECRET}"));
    helper(folder.path(), "slow", "sleep 30");
    helper(folder.path(), "endless", "yes");
    for (name, word) in [
        ("good", "found 0"),
        ("none", "none were found"),
        ("fails", "run it by hand"),
        ("words", "did not answer with Username and Secret"),
        ("slow", "did not answer within"),
        ("endless", "wrote more than"),
        ("missing", "cannot be started"),
        ("../good", "not one"),
        ("/bin/sh", "not one"),
        (".", "not one"),
        ("a b", "not one"),
    ] {
        fs::write(folder.path().join("config.json"), json!({ "credsStore": name }).to_string()).unwrap();
        let config = folder.path().display().to_string();
        let environment = [
            ("DOCKER_CONFIG", config.as_str()),
            ("PATH", &path),
            ("REGISTRY_AUTH_FILE", ""),
            ("XDG_RUNTIME_DIR", ""),
            ("PLIMSOLL_NET_SECONDS", "3"),
        ];
        let (succeeded, text) = run(&["fetch", &fake.reference()], &environment);
        assert!(text.contains(word) && succeeded == (name == "good"), "{name}: {text}");
        assert!(!text.contains(SECRET), "{name}: {text}");
    }
}

#[test]
fn the_environment_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let fake =
        Fake::start(true, |asked, _| (header(asked, "authorization") != Some(&basic())).then(|| challenge("Basic")));
    let config = json!({ "auths": { format!("http://{}/v2/", fake.address): password() } }).to_string();
    fs::create_dir(folder.path().join("containers")).unwrap();
    for name in ["config.json", "auth", "containers/auth.json"] {
        fs::write(folder.path().join(name), &config).unwrap();
    }
    let there = folder.path().display().to_string();
    let (file, gone) =
        (folder.path().join("auth").display().to_string(), folder.path().join("gone").display().to_string());
    let base = [
        ("HOME", gone.as_str()),
        ("DOCKER_CONFIG", ""),
        ("REGISTRY_AUTH_FILE", ""),
        ("XDG_RUNTIME_DIR", ""),
        ("XDG_CONFIG_HOME", ""),
    ];
    let check = |name: &str, value: &str, word: &str| {
        let (_, text) = run(&["fetch", &fake.reference()], &[base.as_slice(), &[(name, value)]].concat());
        assert!(text.contains(word), "{name}={value}: {text}");
    };
    check("DOCKER_CONFIG", &there, "found 0");
    check("REGISTRY_AUTH_FILE", &file, "found 0");
    check("XDG_RUNTIME_DIR", &there, "found 0");
    check("XDG_CONFIG_HOME", &there, "found 0");
    check("DOCKER_CONFIG", &gone, "none were found");
    check("REGISTRY_AUTH_FILE", &gone, "credentials for");
}

#[test]
fn a_proxy_stands_before_other_hosts_and_not_before_this_machine() {
    let fake = Fake::honest(true);
    let proxy = Fake::start(true, |_, _| Some(Act::Answer(Reply::new(407, &[], ""))));
    let there = format!("http://{}", proxy.address);
    let base = [("HOME", ""), ("NO_PROXY", ""), ("no_proxy", ""), ("PLIMSOLL_NET_SECONDS", "5")];
    for name in ["ALL_PROXY", "HTTPS_PROXY", "https_proxy"] {
        let environment = [base.as_slice(), &[("ALL_PROXY", ""), ("HTTPS_PROXY", ""), (name, &there)]].concat();
        let (succeeded, text) = run(&["fetch", &fake.reference()], &environment);
        assert!(succeeded && proxy.state().asked.is_empty(), "{text}");
        let (succeeded, text) = run(&["fetch", "registry.example/app"], &environment);
        assert!(!succeeded && text.contains("refused: registry.example"), "{text}");
        let asked = std::mem::take(&mut proxy.state().asked);
        assert!(
            asked.iter().all(|asked| asked.is("CONNECT", "registry.example:443")) && !asked.is_empty(),
            "{asked:?}"
        );
    }
}
