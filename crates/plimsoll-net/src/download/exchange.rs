//! Requests for a file until all of it is there.

use std::{io::Read as _, io::Write as _, path::Path, time::Duration};

use jiff::Timestamp;
use plimsoll_model::sha256_hex;
use ureq::Body;
use url::Url;

use super::{
    Arrived, DownloadOptions, Downloaded, FileVersion, digests, finish,
    partial::{Partial, State},
};
use crate::{
    Credentials, NetError, Options,
    transport::{Answer, Http},
};

/// Times that a request is repeated: after a connection that broke off when bytes had come, or as the server asks for patience.
const MOST_REPETITIONS: u32 = 5;
/// The longest wait that is granted.
const LONGEST_WAIT: u64 = 20;

/// What an exchange comes to.
enum Step {
    /// All bytes are in the partial file.
    Arrived(Arrived),
    /// The version that is known is still the one.
    Unchanged,
    /// The server does not go on with the bytes that are kept.
    Again(NetError),
    /// It can be repeated after this time.
    Later(NetError, Option<Duration>),
}

/// What is asked of whom.
struct Exchange<'a> {
    http: Http,
    url: &'a Url,
    source: String,
    doing: String,
    partial: Partial,
    options: &'a DownloadOptions,
    progress: &'a dyn Fn(u64, Option<u64>),
}

pub(super) fn download(
    url: &Url,
    into: &Path,
    options: &DownloadOptions,
    progress: &dyn Fn(u64, Option<u64>),
) -> Result<Downloaded, NetError> {
    let http = Http::new(&Options {
        timeout: options.timeout,
        connect_timeout: options.connect_timeout,
        credentials: Credentials::Anonymous,
        ..Options::default()
    });
    let doing = format!("downloading {}", url.path());
    let exchange = Exchange {
        http,
        url,
        source: sha256_hex(url.as_str().as_bytes()),
        doing,
        partial: Partial::of(into),
        options,
        progress,
    };
    let partial = &exchange.partial;
    let (mut from_nothing, mut repetitions) = (false, 0);
    loop {
        match exchange.once()? {
            Step::Unchanged => {
                partial.remove()?;
                return Ok(Downloaded::Unchanged);
            }
            Step::Arrived(arrived) => {
                let resumed = arrived.resumed > 0;
                match finish(partial, into, arrived, options) {
                    Ok(download) => return Ok(Downloaded::Whole(download)),
                    Err(error @ NetError::Digest { .. }) => {
                        partial.remove()?;
                        // The rest may have been of another version than the beginning.
                        if !resumed || from_nothing {
                            return Err(error);
                        }
                        from_nothing = true;
                    }
                    Err(error) => return Err(error),
                }
            }
            Step::Again(error) => {
                partial.remove()?;
                if from_nothing {
                    return Err(error);
                }
                from_nothing = true;
            }
            Step::Later(error, wait) => {
                repetitions += 1;
                let wait = wait.unwrap_or(Duration::from_millis(50 << repetitions));
                if repetitions > MOST_REPETITIONS || exchange.http.left() <= wait {
                    return Err(error);
                }
                exchange.http.wait(wait, url.host_str().unwrap_or_default(), &exchange.doing)?;
            }
        }
    }
}

impl Exchange<'_> {
    fn once(&self) -> Result<Step, NetError> {
        let known = self.options.known.as_ref().filter(|known| known.address == self.source && known.can_be_compared());
        let kept = self.partial.kept(&self.source);
        let mut headers = vec![("accept-encoding", "identity".to_owned())];
        let mut add = |name, value: &Option<String>| headers.extend(value.clone().map(|value| (name, value)));
        if let Some(known) = known {
            add("if-none-match", &known.etag);
            add("if-modified-since", &known.last_modified);
        }
        if let Some((state, size)) = &kept {
            add("range", &Some(format!("bytes={size}-")));
            add("if-range", &state.validator().map(ToOwned::to_owned));
        }
        let (answer, body) = self.http.open(self.url, &headers, self.options.stall, &self.doing)?;
        let wrong = |reason: &str| NetError::protocol(&answer.host, format!("{}: {reason}", self.doing));
        match (answer.status, kept) {
            (304, _) if known.is_some() => Ok(Step::Unchanged),
            (304, _) => Err(wrong("it says that nothing has changed, and was not asked whether")),
            (200, _) => self.whole(&answer, body),
            (206, Some((state, size))) => match rest(&answer, &body, &state, size) {
                Ok(state) => {
                    let file = self.partial.resume(&state, size)?;
                    self.receive(&answer, body, state, file, size)
                }
                Err(reason) => Ok(Step::Again(wrong(&reason))),
            },
            (206, None) => Err(wrong("it answers with a part, and the whole was asked for")),
            (416, Some(_)) => Ok(Step::Again(wrong("it does not go on with what it sent before"))),
            (status, _) => {
                let error = NetError::Status {
                    host: answer.host.clone(),
                    doing: self.doing.clone(),
                    status,
                    meaning: meaning(status).to_owned(),
                };
                let wait = answer.header("retry-after").map(|text| text.parse::<u64>().unwrap_or(u64::MAX));
                let may_wait = wait.is_none_or(|seconds| seconds <= LONGEST_WAIT);
                if matches!(status, 429 | 500 | 502 | 503 | 504) && may_wait {
                    return Ok(Step::Later(error, wait.map(Duration::from_secs)));
                }
                Err(error)
            }
        }
    }

    /// Takes an answer that is the whole file.
    fn whole(&self, answer: &Answer, body: Body) -> Result<Step, NetError> {
        let wrong = |reason: &str| NetError::protocol(&answer.host, format!("{}: {reason}", self.doing));
        is_plain(answer).map_err(|reason| wrong(&reason))?;
        let announced = digests::announced(&answer.headers, false).map_err(|reason| wrong(&reason))?;
        let total = body.content_length();
        if total.is_some_and(|total| total > self.options.largest) {
            return Err(self.too_large(answer));
        }
        let has_end = total.is_some() || answer.header("transfer-encoding").is_some();
        if !has_end && announced.is_empty() && self.options.sha256.is_none() {
            return Err(wrong(
                "it says neither how long the file is nor which digest it has; it cannot be known whether all arrived",
            ));
        }
        let state = State {
            source: self.source.clone(),
            etag: etag(answer).filter(|etag| !etag.starts_with("W/")).map(ToOwned::to_owned),
            last_modified: last_modified(answer).map(ToOwned::to_owned),
            is_exact_date: is_exact_date(answer),
            total,
            announced,
        };
        let file = self.partial.start(&state)?;
        self.receive(answer, body, state, file, 0)
    }

    /// Writes what comes behind the first `size` bytes.
    fn receive(
        &self,
        answer: &Answer,
        body: Body,
        state: State,
        mut file: std::fs::File,
        size: u64,
    ) -> Result<Step, NetError> {
        let host = &answer.host;
        let unwritten =
            |error: std::io::Error| NetError::file(&self.partial.path, format!("cannot be written: {error}"));
        let (mut reader, mut buffer, mut all) = (body.into_reader(), vec![0; 1 << 17], size);
        (self.progress)(all, state.total);
        loop {
            let count = match reader.read(&mut buffer) {
                Ok(count) => count,
                Err(error) => {
                    let error = self.http.broken(error, host, &self.doing);
                    let again = matches!(error, NetError::Connection { .. }) && all > size;
                    return if again { Ok(Step::Later(error, None)) } else { Err(error) };
                }
            };
            let Some(part) = buffer.get(..count).filter(|part| !part.is_empty()) else { break };
            all = all.saturating_add(count as u64);
            if all > self.options.largest {
                self.partial.remove()?;
                return Err(self.too_large(answer));
            }
            file.write_all(part).map_err(unwritten)?;
            (self.progress)(all, state.total);
        }
        file.sync_all().map_err(unwritten)?;
        if state.total.is_some_and(|total| total != all) {
            let reason = format!("{}: {all} bytes came, and it has another number", self.doing);
            return Ok(Step::Again(NetError::protocol(host, reason)));
        }
        Ok(Step::Arrived(Arrived {
            host: host.clone(),
            resumed: size,
            etag: etag(answer).map(ToOwned::to_owned).or_else(|| state.etag.clone()),
            last_modified: last_modified(answer).map(ToOwned::to_owned).or_else(|| state.last_modified.clone()),
            state,
        }))
    }

    fn too_large(&self, answer: &Answer) -> NetError {
        let (host, what) = (answer.host.clone(), format!("the answer to: {}", self.doing));
        NetError::TooLarge { host, what, bound: self.options.largest }
    }
}

impl FileVersion {
    fn can_be_compared(&self) -> bool {
        self.etag.is_some() || self.last_modified.is_some()
    }
}

/// Is the answer the rest of what is kept? Gives what is known of the file then.
fn rest(answer: &Answer, body: &Body, state: &State, size: u64) -> Result<State, String> {
    is_plain(answer)?;
    let range = answer.header("content-range").and_then(content_range);
    let (first, last, total) = range.ok_or("it does not say which part it sends")?;
    // What is gone on with has a total.
    if first != size || Some(total) != state.total || last.checked_add(1) != Some(total) {
        return Err("it sends another part than was asked for".to_owned());
    }
    if body.content_length().is_some_and(|length| length != total - size) {
        return Err("it sends another number of bytes than it says".to_owned());
    }
    let differs = |ours: &Option<String>, theirs: Option<&str>| {
        ours.as_deref().zip(theirs).is_some_and(|(ours, theirs)| ours != theirs)
    };
    if differs(&state.etag, etag(answer)) || differs(&state.last_modified, answer.header("last-modified")) {
        return Err("it sends a part of another version".to_owned());
    }
    let mut state = state.clone();
    state.announced.extend(digests::announced(&answer.headers, true)?);
    state.announced.sort();
    state.announced.dedup();
    Ok(state)
}

/// An encoded body is not the file, and no digest is that of it.
fn is_plain(answer: &Answer) -> Result<(), String> {
    let encoded = answer.headers.get_all("content-encoding").iter().any(|value| value != "identity");
    if encoded { Err("it sends the file encoded, which was not asked for".to_owned()) } else { Ok(()) }
}

/// What the server calls this version, if that is a name.
///
/// Source: RFC 9110 section 8.8.3.
fn etag(answer: &Answer) -> Option<&str> {
    let text = answer.header("etag")?;
    let name = text.strip_prefix("W/").unwrap_or(text).strip_prefix('"')?.strip_suffix('"')?;
    (text.len() <= 1024 && !name.contains('"')).then_some(text)
}

/// The date of the last change, if that is one.
fn last_modified(answer: &Answer) -> Option<&str> {
    answer.header("last-modified").filter(|text| moment(text).is_some())
}

/// Does the date of the last change name exactly these bytes? A second change within its second would have come since.
///
/// Source: RFC 9110 section 8.8.2.2.
fn is_exact_date(answer: &Answer) -> bool {
    let of = |name| answer.header(name).and_then(moment);
    of("last-modified").zip(of("date")).is_some_and(|(changed, now)| changed < now)
}

/// A date of HTTP.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::parse(text).ok().map(|date| date.timestamp())
}

/// First byte, last byte and total of `bytes 5-9/10`.
///
/// Source: RFC 9110 section 14.4.
fn content_range(text: &str) -> Option<(u64, u64, u64)> {
    let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    Some((first.parse().ok()?, last.parse().ok()?, total.parse().ok()?))
}

fn meaning(status: u16) -> &'static str {
    match status {
        401 | 403 => ": it is not there, or not for everyone",
        404 | 410 => ": it is not there",
        407 => ": the proxy asks for credentials",
        429 | 503 => ": the server asks for patience; try again later",
        _ => "",
    }
}
