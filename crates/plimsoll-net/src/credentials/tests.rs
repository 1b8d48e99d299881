use std::{collections::BTreeMap, ffi::OsString};

use base64::prelude::BASE64_STANDARD;
use proptest::prelude::*;
use serde_json::json;

use super::*;

fn image(text: &str) -> ImageReference {
    ImageReference::read(text).unwrap()
}

fn basic(user: &str, password: &str) -> Credential {
    Credential::Basic { user: user.into(), password: Secret::new(password) }
}

#[allow(clippy::unnecessary_wraps, reason = "it stands in for a helper that can fail")]
fn no_helper(_: &str, _: &str) -> Result<Option<Credential>, String> {
    Ok(None)
}

#[test]
fn each_form_of_an_entry() {
    let auth = |text: &str| json!({ "auth": BASE64_STANDARD.encode(text) });
    for (entry, expected) in [
        (auth("me:pass:word"), Some(basic("me", "pass:word"))),
        (auth("me:secret\0\0"), Some(basic("me", "secret"))),
        (json!({ "auth": BASE64_STANDARD.encode("me:a").trim_end_matches('=') }), Some(basic("me", "a"))),
        (auth("<token>:abc"), Some(Credential::Identity(Secret::new("abc")))),
        (json!({ "username": "me", "password": "x" }), Some(basic("me", "x"))),
        (json!({ "auth": "bWU6eA==", "identitytoken": "t" }), Some(Credential::Identity(Secret::new("t")))),
        (json!({ "registrytoken": "t" }), Some(Credential::Bearer(Secret::new("t")))),
        (json!({}), None),
        (json!({ "auth": "" }), None),
        (json!({ "username": "me" }), None),
        (json!(7), None),
    ] {
        let config = json!({ "auths": { "r.example": entry } });
        assert_eq!(in_config(&config, &image("r.example/a"), no_helper), Ok(expected), "{config}");
    }
}

#[test]
fn an_entry_that_cannot_be_read_is_told_without_its_text() {
    for wrong in ["!!hunter2!!", &BASE64_STANDARD.encode("hunter2"), &BASE64_STANDARD.encode(b"\xff\xfe:hunter2")] {
        let config = json!({ "auths": { "r.example": { "auth": wrong } } });
        let reason = in_config(&config, &image("r.example/a"), no_helper).unwrap_err();
        assert!(!reason.contains("hunter2") && !reason.contains(wrong), "{reason}");
    }
}

#[test]
fn a_registry_is_known_by_its_names_alone() {
    let entry = |key: &str| json!({ "auths": { key: { "username": "me", "password": "x" } } });
    for (reference, key, known) in [
        ("r.example/a/b", "r.example", true),
        ("r.example/a/b", "https://r.example", true),
        ("r.example/a/b", "https://r.example/v2/", true),
        ("r.example/a/b", "r.example/a", true),
        ("r.example/a/b", "r.example/a/b", true),
        ("docker.io/a/b", "https://index.docker.io/v1/", true),
        ("docker.io/a/b", "docker.io", true),
        ("r.example/a/b", "r.example/b", false),
        ("r.example/ab/c", "r.example/a", false),
        ("r.example/a", "r.example:5000", false),
        ("r.example:5000/a", "r.example", false),
        ("r.example/a", "sub.r.example", false),
        ("sub.r.example/a", "r.example", false),
        ("r.example/a", "r.example.evil", false),
        ("r.example/a", "", false),
        ("docker.io.evil.example/a", "docker.io", false),
    ] {
        let found = in_config(&entry(key), &image(reference), no_helper).unwrap();
        assert_eq!(found.is_some(), known, "{reference} {key}");
    }
    let both = json!({ "auths": {
        "r.example": { "username": "all", "password": "x" },
        "r.example/a": { "username": "a", "password": "x" },
    } });
    assert_eq!(in_config(&both, &image("r.example/a/b"), no_helper), Ok(Some(basic("a", "x"))));
    assert_eq!(in_config(&both, &image("r.example/c"), no_helper), Ok(Some(basic("all", "x"))));
}

#[test]
fn helpers_come_before_the_file_and_the_own_one_before_the_store() {
    let config = json!({
        "credHelpers": { "r.example": "own" },
        "credsStore": "store",
        "auths": { "s.example": { "username": "file", "password": "x" } },
    });
    let ask = |name: &str, server: &str| match (name, server) {
        ("own", "r.example") => Ok(Some(basic("own", "x"))),
        ("store", "s.example") => Ok(None),
        ("store", DOCKER_HUB) => Ok(Some(basic("hub", "x"))),
        other => Err(format!("{other:?}")),
    };
    assert_eq!(in_config(&config, &image("r.example/a"), ask), Ok(Some(basic("own", "x"))));
    assert_eq!(in_config(&config, &image("s.example/a"), ask), Ok(Some(basic("file", "x"))));
    assert_eq!(in_config(&config, &image("docker.io/a/b"), ask), Ok(Some(basic("hub", "x"))));
    assert!(in_config(&config, &image("t.example/a"), ask).is_err());
}

#[test]
fn the_files_in_their_order() {
    let files = |pairs: &[(&str, &str)]| {
        let set: BTreeMap<&str, &str> = pairs.iter().copied().collect();
        from_environment(|name| set.get(name).map(OsString::from))
            .into_iter()
            .map(|(path, named)| format!("{}{}", path.display(), if named { "!" } else { "" }))
            .collect::<Vec<_>>()
    };
    assert!(files(&[]).is_empty());
    assert_eq!(files(&[("HOME", "h")]), ["h/.docker/config.json", "h/.config/containers/auth.json"]);
    assert_eq!(
        files(&[("HOME", "h"), ("DOCKER_CONFIG", "d"), ("REGISTRY_AUTH_FILE", "f"), ("XDG_RUNTIME_DIR", "x")]),
        ["f!", "d/config.json", "x/containers/auth.json", "h/.config/containers/auth.json"]
    );
}

#[test]
fn a_named_file_that_is_not_there_or_not_json_is_an_error_without_its_text() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("auth.json");
    let find = || find(&image("r.example/a"), &Credentials::File(path.clone()), Duration::from_secs(1));
    assert!(find().is_err());
    fs::write(&path, "{ \"auths\": hunter2").unwrap();
    let error = find().unwrap_err().to_string();
    assert!(error.contains("line 1") && !error.contains("hunter2"), "{error}");
    fs::write(&path, "{}").unwrap();
    assert_eq!(find().unwrap(), Credential::Anonymous);
}

#[test]
fn a_secret_is_not_shown() {
    assert!(!format!("{:?}", basic("me", "hunter2")).contains("hunter2"));
}

proptest! {
    #[test]
    fn no_configuration_breaks_the_reader(text in "\\PC{0,80}", auth in "[A-Za-z0-9+/=]{0,20}") {
        let config = json!({ "auths": { "r.example": { "auth": auth }, text.clone(): text }, "credHelpers": text });
        let _ = in_config(&config, &image("r.example/a"), no_helper);
    }

    #[test]
    fn what_was_encoded_is_read(user in "[^:\\x00-\\x1f<]{1,10}", password in "[^\\x00]{0,10}") {
        let auth = BASE64_STANDARD.encode(format!("{user}:{password}"));
        let config = json!({ "auths": { "r.example": { "auth": auth } } });
        prop_assert_eq!(in_config(&config, &image("r.example/a"), no_helper), Ok(Some(basic(&user, &password))));
    }
}
