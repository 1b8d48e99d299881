//! Runs `docker-credential-NAME get`, bounded in time and output.

use std::{
    io::Write,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::credential::{Credential, credential};

/// Bytes of an answer.
const LARGEST: u64 = 64 * 1024;
/// A helper may ask a person to unlock a store.
const LONGEST: Duration = Duration::from_secs(60);

/// Gives what the helper `name` knows about `server`; none where it says that it knows nothing.
///
/// Refused: names that could be a path. What a helper writes is never shown, since it may hold the secret.
///
/// Source: docker-credential-helpers, "Development": the server on standard input, JSON or a message on standard output.
pub(crate) fn ask(name: &str, server: &str, left: Duration) -> Result<Option<Credential>, String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if name.is_empty() || name.len() > 64 || name.starts_with('.') || !name.bytes().all(plain) {
        return Err("the name of the credential helper is not one: letters, digits, - _ . are".into());
    }
    let program = format!("docker-credential-{name}");
    let mut child = Command::new(&program)
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("the credential helper {program} cannot be started: {error}"))?;
    let answer = talk(&mut child, server, left.min(LONGEST));
    if answer.is_err() {
        // It may have ended by itself meanwhile.
        let _ = child.kill();
        let _ = child.wait();
    }
    let (succeeded, bytes) = answer.map_err(|reason| format!("the credential helper {program} {reason}"))?;
    if !succeeded {
        let said = String::from_utf8_lossy(&bytes);
        // The helpers of docker say this where a registry is unknown to them; it is no failure.
        return if said.contains("credentials not found") {
            Ok(None)
        } else {
            Err(format!("the credential helper {program} failed; run it by hand to see why"))
        };
    }
    let wrong = || format!("the credential helper {program} did not answer with Username and Secret");
    let answer: Value = serde_json::from_slice(&bytes).map_err(|_| wrong())?;
    let text = |name: &str| answer.get(name).and_then(Value::as_str);
    match (text("Username"), text("Secret")) {
        (Some(""), Some("")) => Ok(None),
        (Some(user), Some(secret)) => Ok(Some(credential(user, secret))),
        _ => Err(wrong()),
    }
}

/// Did it succeed, and what did it write?
fn talk(child: &mut Child, server: &str, time: Duration) -> Result<(bool, Vec<u8>), String> {
    let until = Instant::now() + time;
    if let Some(mut input) = child.stdin.take() {
        // A server's name fits into any pipe, so this does not wait. A helper that does not read it is not our failure.
        let _ = input.write_all(server.as_bytes());
    }
    let Some(output) = child.stdout.take() else { return Err("has no output".into()) };
    let (sender, receiver) = mpsc::channel();
    // A reader of its own, because reading a pipe cannot be given an end.
    thread::spawn(move || {
        let read = plimsoll_model::read_bounded(output, LARGEST);
        // Nobody listens any more where the time was over.
        let _ = sender.send(read);
    });
    let slow = || format!("did not answer within {} seconds", time.as_secs());
    let bytes = receiver.recv_timeout(time).map_err(|_| slow())?.map_err(|error| format!("cannot be read: {error}"))?;
    let bytes = bytes.ok_or_else(|| format!("wrote more than {LARGEST} bytes"))?;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok((status.success(), bytes)),
            Ok(None) if Instant::now() < until => thread::sleep(Duration::from_millis(5)),
            Ok(None) => return Err(slow()),
            Err(error) => return Err(format!("cannot be waited for: {error}")),
        }
    }
}
