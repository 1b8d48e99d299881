//! A registry in memory, on loopback: honest by itself, with the referrers API or without, and a hook that lies.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use serde_json::{Value, json};

use crate::common::digest_of;

pub const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub const INDEX: &str = "application/vnd.oci.image.index.v1+json";

#[derive(Debug, Clone)]
pub struct Asked {
    pub method: String,
    /// Path and query.
    pub path: String,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Asked {
    /// Does it ask so, for a path with these words in it?
    pub fn is(&self, method: &str, words: &str) -> bool {
        self.method == method && self.path.contains(words)
    }
}

pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn new(status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Self {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { status, headers, body: body.into() }
    }
}

pub enum Act {
    Answer(Reply),
    /// Speaks to the connection itself.
    Raw(Box<dyn FnOnce(&mut TcpStream) + Send>),
}

#[derive(Default)]
pub struct State {
    pub api: bool,
    pub page: Option<usize>,
    pub blobs: BTreeMap<String, Vec<u8>>,
    pub manifests: BTreeMap<String, (String, Vec<u8>)>,
    pub tags: BTreeMap<String, String>,
    pub asked: Vec<Asked>,
}

type Hook = dyn Fn(&Asked, &mut State) -> Option<Act> + Send + Sync;

pub struct Fake {
    pub address: String,
    state: Arc<Mutex<State>>,
}

impl Fake {
    pub fn honest(api: bool) -> Self {
        Self::start(api, |_, _| None)
    }

    /// A registry that asks `hook` first.
    pub fn start(api: bool, hook: impl Fn(&Asked, &mut State) -> Option<Act> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let state = Arc::new(Mutex::new(State { api, ..State::default() }));
        let hook: Arc<Hook> = Arc::new(hook);
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (state, hook) = (Arc::clone(&shared), Arc::clone(&hook));
                thread::spawn(move || serve(stream, &state, hook.as_ref()));
            }
        });
        let fake = Self { address, state };
        fake.image("latest", 0);
        fake
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    pub fn reference(&self) -> String {
        format!("{}/app", self.address)
    }

    /// Puts an image there; gives its digest.
    pub fn image(&self, tag: &str, number: usize) -> String {
        let bytes = image(number);
        let digest = digest_of(&bytes);
        let mut state = self.state();
        state.manifests.insert(digest.clone(), (MANIFEST.into(), bytes));
        state.tags.insert(tag.into(), digest.clone());
        digest
    }

    pub fn digest(&self) -> String {
        self.state().tags["latest"].clone()
    }

    /// Manifests that name the image as their subject.
    pub fn referrers(&self) -> Vec<Value> {
        let digest = self.digest();
        referrers(&self.state(), &digest)
    }
}

/// The manifest of an image without layers.
pub fn image(number: usize) -> Vec<u8> {
    let config =
        json!({ "mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest_of(b"{}"), "size": 2 });
    json!({ "schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [], "annotations": { "n": number.to_string() } })
        .to_string()
        .into_bytes()
}

fn referrers(state: &State, subject: &str) -> Vec<Value> {
    let about = |(digest, (kind, bytes)): (&String, &(String, Vec<u8>))| {
        let manifest: Value = serde_json::from_slice(bytes).ok()?;
        (manifest["subject"]["digest"] == subject).then(|| {
            json!({
                "mediaType": kind, "digest": digest, "size": bytes.len(),
                "artifactType": manifest["artifactType"], "annotations": manifest["annotations"],
            })
        })
    };
    state.manifests.iter().filter_map(about).collect()
}

fn serve(mut stream: TcpStream, state: &Mutex<State>, hook: &Hook) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let Some(asked) = read(&mut reader) else { return };
    let act = {
        let mut state = state.lock().unwrap();
        state.asked.push(asked.clone());
        hook(&asked, &mut state).unwrap_or_else(|| Act::Answer(answer(&asked, &mut state)))
    };
    match act {
        Act::Answer(reply) => {
            let mut head = format!("HTTP/1.1 {} x\r\nconnection: close\r\n", reply.status);
            for (name, value) in &reply.headers {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            if !reply.headers.iter().any(|(name, _)| name == "content-length") {
                head.push_str(&format!("content-length: {}\r\n", reply.body.len()));
            }
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(b"\r\n"));
            if asked.method != "HEAD" {
                let _ = stream.write_all(&reply.body);
            }
        }
        Act::Raw(speak) => speak(&mut stream),
    }
}

fn read(reader: &mut impl BufRead) -> Option<Asked> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Asked { method, path, headers, body })
}

static UPLOADS: AtomicUsize = AtomicUsize::new(0);

/// What an honest registry answers.
pub fn answer(asked: &Asked, state: &mut State) -> Reply {
    let (path, query) = asked.path.split_once('?').unwrap_or((&asked.path, ""));
    let Some(rest) = path.strip_prefix("/v2/app/") else { return refuse(404, "NAME_UNKNOWN") };
    let (kind, name) = rest.split_once('/').unwrap_or((rest, ""));
    match (asked.method.as_str(), kind, name) {
        ("GET", "manifests", name) => {
            let digest = state.tags.get(name).map_or(name, String::as_str);
            // As docker-registry: what is of a kind that was not asked for is not there.
            let accepts = |kind: &str| asked.headers.get("accept").is_none_or(|accept| accept.contains(kind));
            match state.manifests.get(digest).filter(|(kind, _)| accepts(kind)) {
                Some((kind, bytes)) => {
                    Reply::new(200, &[("content-type", kind), ("docker-content-digest", digest)], bytes.clone())
                }
                None => refuse(404, "MANIFEST_UNKNOWN"),
            }
        }
        ("PUT", "manifests", name) => put_manifest(asked, name, state),
        ("POST", "blobs", "uploads/") => {
            let number = UPLOADS.fetch_add(1, Ordering::Relaxed);
            Reply::new(202, &[("location", &format!("/v2/app/blobs/uploads/{number}?_state=a%2Fb"))], "")
        }
        ("PUT", "blobs", name) if name.starts_with("uploads/") => {
            let digest = query.rsplit_once("digest=").map(|(_, digest)| digest.replace("%3A", ":"));
            if !query.starts_with("_state=a%2Fb&") || digest.as_deref() != Some(&digest_of(&asked.body)) {
                return refuse(400, "DIGEST_INVALID");
            }
            state.blobs.insert(digest_of(&asked.body), asked.body.clone());
            Reply::new(201, &[], "")
        }
        ("GET" | "HEAD", "blobs", name) => match state.blobs.get(name) {
            Some(bytes) => Reply::new(200, &[], bytes.clone()),
            None => refuse(404, "BLOB_UNKNOWN"),
        },
        ("GET", "referrers", subject) if state.api => {
            let all = referrers(state, subject);
            let size = state.page.unwrap_or(usize::MAX);
            let from: usize = query.strip_prefix("from=").map_or(0, |from| from.parse().unwrap());
            let page: Vec<&Value> = all.iter().skip(from).take(size).collect();
            let body = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": page }).to_string();
            let next = format!("<{path}?from={}>; rel=\"next\"", from.saturating_add(size));
            let more = from.saturating_add(size) < all.len();
            let headers = [("content-type", INDEX), ("link", next.as_str())];
            Reply::new(200, &headers[..=usize::from(more)], body)
        }
        _ => Reply::new(404, &[("content-type", "text/plain")], "404 page not found"),
    }
}

fn put_manifest(asked: &Asked, name: &str, state: &mut State) -> Reply {
    let Ok(manifest) = serde_json::from_slice::<Value>(&asked.body) else { return refuse(400, "MANIFEST_INVALID") };
    let digest = digest_of(&asked.body);
    let list = |name: &str| manifest[name].as_array().cloned().unwrap_or_default();
    let has = |known: &dyn Fn(&str) -> bool, of: &Value| known(of["digest"].as_str().unwrap_or_default());
    let blobs = |digest: &str| state.blobs.contains_key(digest);
    let manifests = |digest: &str| state.manifests.contains_key(digest);
    let whole = list("layers").iter().chain(manifest.get("config")).all(|of| has(&blobs, of))
        && list("manifests").iter().all(|of| has(&manifests, of));
    if !whole {
        return refuse(404, "MANIFEST_BLOB_UNKNOWN");
    }
    if name.starts_with("sha256:") {
        if name != digest {
            return refuse(400, "DIGEST_INVALID");
        }
    } else {
        state.tags.insert(name.into(), digest.clone());
    }
    state.manifests.insert(digest.clone(), (asked.headers["content-type"].clone(), asked.body.clone()));
    let subject = manifest["subject"]["digest"].as_str().unwrap_or_default().to_owned();
    let headers = [("docker-content-digest", digest.as_str()), ("oci-subject", subject.as_str())];
    Reply::new(201, &headers[..=usize::from(state.api && !subject.is_empty())], "")
}

fn refuse(status: u16, code: &str) -> Reply {
    let body = json!({ "errors": [{ "code": code, "message": "words of the registry" }] }).to_string();
    Reply::new(status, &[("content-type", "application/json")], body)
}
