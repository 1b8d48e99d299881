//! Statements, options and the process of its own that some tests need.

use std::{
    collections::BTreeSet,
    process::{Child, Command, Stdio},
    time::Duration,
};

use plimsoll_model::sha256_hex;
use plimsoll_net::{Attached, Attachment, Credentials, Found, NetError, Options, Target, attach, fetch};

pub const KIND: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
pub const PREDICATE: &str = "https://plimsoll.dev/label/v1";

/// A bundle that differs for each number.
pub fn bundle(number: usize) -> Vec<u8> {
    serde_json::json!({
        "mediaType": KIND,
        "dsseEnvelope": { "payload": format!("{number:032}"), "payloadType": "application/vnd.in-toto+json" },
    })
    .to_string()
    .into_bytes()
}

/// Bundle `number`, which speaks of these digests.
pub fn statement(number: usize, subjects: &[&str]) -> Attachment {
    Attachment {
        bytes: bundle(number),
        predicate_type: PREDICATE.into(),
        subjects: subjects.iter().map(|digest| digest.trim_start_matches("sha256:").to_owned()).collect(),
        created: "2026-01-02T03:04:05Z".parse().unwrap(),
    }
}

pub fn options() -> Options {
    Options { credentials: Credentials::Anonymous, timeout: Duration::from_secs(20), ..Options::default() }
}

pub fn put(target: &str, attachment: &Attachment) -> Result<Attached, NetError> {
    attach(&Target::read(target).unwrap(), attachment, &options(), &|_| ())
}

pub fn get(target: &str) -> Result<Found, NetError> {
    fetch(&Target::read(target).unwrap(), &options(), &|_| ())
}

/// The bundles that were found, in no order.
pub fn bundles(found: &Found) -> BTreeSet<Vec<u8>> {
    found.statements.iter().map(|statement| statement.bytes.clone()).collect()
}

pub fn digest_of(bytes: &[u8]) -> String {
    format!("sha256:{}", sha256_hex(bytes))
}

/// Runs `what` in a process of its own that can be killed and has an environment of its own: this very program, of which
/// the test `in_a_process_of_its_own` alone runs.
pub fn start(what: &[&str], environment: &[(&str, &str)]) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "common::in_a_process_of_its_own", "--nocapture", "--test-threads=1"])
        .env("PLIMSOLL_NET_DO", what.join("\n"))
        .envs(environment.iter().copied())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Runs it to its end; gives whether it succeeded, and what it wrote.
pub fn run(what: &[&str], environment: &[(&str, &str)]) -> (bool, String) {
    let output = start(what, environment).wait_with_output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}

#[test]
fn in_a_process_of_its_own() {
    let Ok(what) = std::env::var("PLIMSOLL_NET_DO") else { return };
    let words: Vec<&str> = what.split('\n').collect();
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let timeout = Duration::from_secs(number("PLIMSOLL_NET_SECONDS").unwrap_or(20));
    let plain_http = std::env::var_os("PLIMSOLL_NET_TLS").map(|_| false);
    let options =
        Options { any_subject: true, credentials: Credentials::Environment, timeout, plain_http, ..options() };
    if let Ok(folder) = std::env::var("PLIMSOLL_NET_IN") {
        std::env::set_current_dir(folder).unwrap();
    }
    match words[..] {
        ["target", text] => eprintln!("{:?}", Target::read(text).map_err(|error| error.to_string())),
        ["attach", target, from, to] => {
            for number in from.parse().unwrap()..to.parse().unwrap() {
                let target = Target::read(target).unwrap();
                if let Err(error) = attach(&target, &statement(number, &[]), &options, &|_| ()) {
                    panic!("refused: {error}");
                }
            }
        }
        ["fetch", target] => match fetch(&Target::read(target).unwrap(), &options, &|_| ()) {
            Ok(found) => eprintln!("found {}", found.statements.len()),
            Err(error) => panic!("refused: {error}"),
        },
        _ => panic!("{words:?}"),
    }
}
