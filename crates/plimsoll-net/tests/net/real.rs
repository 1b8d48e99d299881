//! Debian's docker-registry, which lacks the referrers API, on loopback.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use plimsoll_net::{Credentials, NetError, Options, Target, attach, fetch};
use serde_json::json;

use crate::{
    common::{bundle, bundles, digest_of, get, options, put, run, start, statement},
    fake::{MANIFEST, image},
};

struct Registry {
    child: Child,
    address: String,
    folder: tempfile::TempDir,
}

impl Drop for Registry {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts the registry; none where it is not installed, which with CI is a failure.
fn registry(more: impl Fn(&Path) -> String, name: &str) -> Option<Registry> {
    if Command::new("docker-registry").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "docker-registry is not installed: apt-get install docker-registry");
        eprintln!("SKIPPED: docker-registry is not installed (apt-get install docker-registry)");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let config = folder.path().join("config.yml");
    let storage = folder.path().join("storage");
    let text = format!(
        "version: 0.1\nlog: {{ level: error, accesslog: {{ disabled: true }} }}\nstorage: {{ filesystem: {{ rootdirectory: {} }} }}\n{}",
        storage.display(),
        more(folder.path()).replace("ADDRESS", &format!("127.0.0.1:{port}")),
    );
    fs::write(&config, text).unwrap();
    let child = Command::new("docker-registry")
        .arg("serve")
        .arg(&config)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(fs::File::create(folder.path().join("log")).unwrap())
        .spawn()
        .unwrap();
    let mut registry = Registry { child, address: format!("{name}:{port}"), folder };
    let end = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if registry.child.try_wait().unwrap().is_some() || Instant::now() > end {
            let said = fs::read_to_string(registry.folder.path().join("log")).unwrap();
            panic!("docker-registry does not start: {said}");
        }
        thread::sleep(Duration::from_millis(20));
    }
    Some(registry)
}

fn plain(_: &Path) -> String {
    "http: { addr: ADDRESS }\n".into()
}

/// Pushes an image with a client that is not ours; gives its reference and digest.
fn push(registry: &Registry, number: usize, curl: &[&str]) -> (String, String) {
    let base = format!("{}://{}/v2/app", if curl.contains(&"--cacert") { "https" } else { "http" }, registry.address);
    let call = |arguments: &[&str]| {
        let fixed = ["--silent", "--show-error", "--fail", "--include"];
        let output = Command::new("curl").args(fixed).args(curl).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let started = call(&["--request", "POST", "--data", "", &format!("{base}/blobs/uploads/")]);
    let is_location = |line: &&str| line.to_ascii_lowercase().starts_with("location: ");
    let location = started.lines().find(is_location).unwrap()[10..].trim();
    let kind = "content-type: application/octet-stream";
    call(&["--request", "PUT", "--header", kind, "--data", "{}", &format!("{location}&digest={}", digest_of(b"{}"))]);
    let manifest = String::from_utf8(image(number)).unwrap();
    call(&[
        "--request",
        "PUT",
        "--header",
        &format!("content-type: {MANIFEST}"),
        "--data",
        &manifest,
        &format!("{base}/manifests/v{number}"),
    ]);
    (format!("{}/app:v{number}", registry.address), digest_of(manifest.as_bytes()))
}

#[test]
fn attached_and_found() {
    let Some(registry) = registry(plain, "127.0.0.1") else { return };
    let (reference, digest) = push(&registry, 0, &[]);
    assert!(get(&reference).unwrap().statements.is_empty());
    for number in 0..4 {
        let attached = put(&reference, &statement(number, &[&digest])).unwrap();
        assert_eq!(attached.fallback_tag, Some(digest.replace(':', "-")));
        assert!(put(&reference, &statement(number, &[&digest])).unwrap().already);
    }
    let found = get(&reference).unwrap();
    assert_eq!(
        (bundles(&found), found.statements.len(), found.passed_over.len()),
        ((0..4).map(bundle).collect(), 4, 0)
    );
    assert!(get(&format!("{}/app:other", registry.address)).unwrap_err().to_string().contains("there is no"));
    let (other, _) = push(&registry, 1, &[]);
    assert!(get(&other).unwrap().statements.is_empty());
}

#[test]
fn attached_by_many_at_once() {
    let Some(registry) = registry(plain, "127.0.0.1") else { return };
    let (reference, digest) = push(&registry, 0, &[]);
    let reference = Arc::new(reference);
    let clients: Vec<_> = (0..6)
        .map(|number| {
            let (reference, digest) = (Arc::clone(&reference), digest.clone());
            thread::spawn(move || put(&reference, &statement(number, &[&digest])).unwrap())
        })
        .collect();
    for client in clients {
        client.join().unwrap();
    }
    assert_eq!(bundles(&get(&reference).unwrap()), (0..6).map(bundle).collect());
}

#[test]
fn killed_in_the_middle_and_repeated() {
    let Some(registry) = registry(plain, "127.0.0.1") else { return };
    let mut killed = 0;
    for number in 0..16 {
        let (reference, _) = push(&registry, number, &[]);
        run(&["attach", &reference, "0", "1"], &[]);
        let mut child = start(&["attach", &reference, "1", "3"], &[]);
        thread::sleep(Duration::from_millis(4 + 24 * number as u64));
        killed += usize::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        // What was there before is there, and the rest is whole or not there.
        let found = get(&reference).unwrap();
        assert!(found.passed_over.is_empty(), "{:?}", found.passed_over);
        let count = found.statements.len();
        assert!(count >= 1 && bundles(&found) == (0..count).map(bundle).collect(), "{count}");
        let (succeeded, text) = run(&["attach", &reference, "1", "3"], &[]);
        assert!(succeeded, "{text}");
        let found = get(&reference).unwrap();
        assert_eq!((bundles(&found), found.statements.len()), ((0..3).map(bundle).collect(), 3));
    }
    assert!(killed > 3, "{killed}");
}

#[test]
fn a_password_as_the_registry_keeps_it() {
    let more = |folder: &Path| {
        // bcrypt of "open sesame".
        let entry = "me:$2y$05$abcdefghijklmnopqrstuupx2xBUC4954936wVIjyyPHmUBFu0wCW\n";
        fs::write(folder.join("htpasswd"), entry).unwrap();
        format!(
            "http: {{ addr: ADDRESS }}\nauth: {{ htpasswd: {{ realm: here, path: {}/htpasswd }} }}\n",
            folder.display()
        )
    };
    let Some(registry) = registry(more, "127.0.0.1") else { return };
    let (reference, digest) = push(&registry, 0, &["--user", "me:open sesame"]);
    let folder = tempfile::tempdir().unwrap();
    let with = |password: &str| {
        let path = folder.path().join("config.json");
        let auth = BASE64_STANDARD.encode(format!("me:{password}"));
        fs::write(&path, json!({ "auths": { &registry.address: { "auth": auth } } }).to_string()).unwrap();
        Options { credentials: Credentials::File(path), ..options() }
    };
    let target = Target::read(&reference).unwrap();
    let good = with("open sesame");
    attach(&target, &statement(1, &[&digest]), &good, &|_| ()).unwrap();
    assert_eq!(bundles(&fetch(&target, &good, &|_| ()).unwrap()), [bundle(1)].into());
    assert!(fetch(&target, &with("close sesame"), &|_| ()).unwrap_err().to_string().contains("does not take"));
    assert!(get(&reference).unwrap_err().to_string().contains("none were found"));
}

#[test]
fn tls_with_a_certificate_that_holds_and_one_that_does_not() {
    let authority = tempfile::tempdir().unwrap();
    let file = |name: &str| authority.path().join(name).display().to_string();
    let (key, certificate) = (file("key.pem"), file("certificate.pem"));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"])
        .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout", &key, "-out", &certificate])
        .output();
    match made {
        Ok(made) => assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr)),
        Err(_) if std::env::var_os("CI").is_none() => return eprintln!("SKIPPED: openssl is not installed"),
        Err(error) => panic!("openssl is not installed: {error}"),
    }
    let more = |_: &Path| format!("http: {{ addr: ADDRESS, tls: {{ certificate: {certificate}, key: {key} }} }}\n");
    let Some(registry) = registry(more, "localhost") else { return };
    let (reference, digest) = push(&registry, 0, &["--cacert", &certificate]);
    let tls = [("PLIMSOLL_NET_TLS", "1"), ("SSL_CERT_FILE", certificate.as_str()), ("HOME", "")];
    let (succeeded, text) = run(&["attach", &reference, "1", "2"], &tls);
    assert!(succeeded, "{text}");
    let (_, text) = run(&["fetch", &reference], &tls);
    assert!(text.contains("found 1"), "{text}");
    // Nobody vouches for the certificate, or it is for another name.
    let (succeeded, text) = run(&["fetch", &reference], &tls[..1]);
    assert!(!succeeded && text.contains("TLS failed"), "{text}");
    let (succeeded, text) = run(&["fetch", &reference.replace("localhost", "127.0.0.1")], &tls);
    assert!(!succeeded && text.contains("TLS failed"), "{text}");
    // Plain HTTP to a server that speaks TLS.
    let error = put(&reference, &statement(1, &[&digest])).unwrap_err();
    assert!(
        matches!(error, NetError::Status { .. } | NetError::Connection { .. } | NetError::Protocol { .. }),
        "{error}"
    );
}
