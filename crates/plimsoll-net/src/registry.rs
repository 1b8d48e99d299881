//! One repository of a registry: manifests, blobs and lists of referrers, every digest checked.

use std::{cell::RefCell, time::Duration};

use ureq::http::Method;
use url::Url;

use crate::{
    ImageReference, NetError, auth,
    credential::Credential,
    index::{Index, MOST_REFERRERS},
    manifest::{Descriptor, IMAGE_INDEX, SUBJECTS, digest_of, json, shown},
    secret::Secret,
    status,
    transport::{Answer, Ask, Http, host_of},
};

/// Bytes of a manifest or an index.
pub(crate) const LARGEST_MANIFEST: u64 = 4 * 1024 * 1024;
/// Bytes of a blob that holds a statement.
pub(crate) const LARGEST_BLOB: u64 = 32 * 1024 * 1024;
/// Pages of a list of referrers.
const MOST_PAGES: usize = 20;
/// Bytes of an answer whose body does not matter.
const LARGEST_REMARK: u64 = 64 * 1024;
/// Waits for a registry that asks for patience.
const MOST_WAITS: u64 = 3;
/// The longest wait that is granted.
const LONGEST_WAIT: u64 = 20;

/// A manifest as it was served, and what names it.
pub(crate) struct Served {
    pub descriptor: Descriptor,
    pub bytes: Vec<u8>,
}

/// What a registry knows of an image's referrers.
pub(crate) enum Listing {
    /// It keeps the list itself.
    Api(Index),
    /// It does not; a client keeps it under a tag.
    None,
}

pub(crate) struct Registry<'a> {
    http: &'a Http,
    image: &'a ImageReference,
    base: Url,
    credential: Credential,
    scope: String,
    authorization: RefCell<Option<Secret>>,
}

impl<'a> Registry<'a> {
    pub(crate) fn new(
        http: &'a Http,
        image: &'a ImageReference,
        credential: Credential,
        push: bool,
    ) -> Result<Self, NetError> {
        let repository = image.repository();
        let text = format!("{}://{}/v2/{repository}/", http.scheme(image.host()), image.host());
        let base =
            Url::parse(&text).map_err(|_| NetError::target(&image.to_string(), "no address can be made of it"))?;
        let scope = format!("repository:{repository}:{}", if push { "pull,push" } else { "pull" });
        Ok(Self { http, image, base, credential, scope, authorization: RefCell::new(None) })
    }

    pub(crate) fn host(&self) -> String {
        host_of(&self.base)
    }

    pub(crate) fn http(&self) -> &Http {
        self.http
    }

    fn url(&self, path: &str) -> Result<Url, NetError> {
        self.base.join(path).map_err(|_| NetError::protocol(&self.host(), "no address can be made of the reference"))
    }

    /// Sends `ask`; answers a 401 once with what is known, waits where the registry asks for patience, and reads again where
    /// it stumbles.
    fn send(&self, ask: &Ask<'_>) -> Result<Answer, NetError> {
        let home = ask.url.origin() == self.base.origin();
        let mut asked_for_access = false;
        let mut waits = 0;
        loop {
            let authorization = self.authorization.borrow().clone().filter(|_| home);
            let answer = self.http.send(ask, authorization.as_ref())?;
            // A store that was redirected to must not ask for the credentials: its token service would get them.
            let home = answer.origin == self.base.origin();
            let wait = answer.header("retry-after").map(|text| text.parse::<u64>().unwrap_or(u64::MAX));
            match answer.status {
                401 if home && !asked_for_access => {
                    asked_for_access = true;
                    let secret = auth::answer_to(self.http, &answer, &self.base, &self.credential, &self.scope)?;
                    *self.authorization.borrow_mut() = Some(secret);
                }
                401 if home => return Err(auth::refused(&answer.host, &self.credential)),
                429 | 503 if waits < MOST_WAITS && wait.is_none_or(|seconds| seconds <= LONGEST_WAIT) => {
                    waits += 1;
                    self.http.wait(Duration::from_secs(wait.unwrap_or(waits)), &answer.host, ask.doing)?;
                }
                // Reading while another client writes fails at some registries for a moment.
                500 | 502 | 504 if waits < MOST_WAITS && matches!(ask.method, Method::GET | Method::HEAD) => {
                    waits += 1;
                    self.http.wait(Duration::from_millis(50 << waits), &answer.host, ask.doing)?;
                }
                _ => return Ok(answer),
            }
        }
    }

    /// The manifest under a tag or digest; none where there is none. `accept` are the media types that are understood.
    ///
    /// Refused: bytes of another digest than the one asked for or the one in `Docker-Content-Digest`, which is compared
    /// and never believed; a media type that the bytes contradict.
    pub(crate) fn manifest(
        &self,
        reference: &str,
        doing: &str,
        accept: &[&str],
        bound: u64,
    ) -> Result<Option<Served>, NetError> {
        let url = self.url(&format!("manifests/{reference}"))?;
        let accept = accept.join(", ");
        let answer = self.send(&Ask { accept: Some(&accept), ..Ask::get(url, doing, bound) })?;
        if answer.status == 404 {
            return Ok(None);
        }
        status::expect(&answer, doing, &[200])?;
        let actual = digest_of(&answer.body);
        for announced in [Some(reference), answer.header("docker-content-digest")].into_iter().flatten() {
            if announced.starts_with("sha256:") && announced != actual {
                let expected = shown(announced).to_owned();
                let (host, what) = (answer.host.clone(), self.shown(reference));
                return Err(NetError::Digest { host, what, expected, actual });
            }
        }
        let inside = json(&answer.body)
            .map_err(|reason| NetError::protocol(&answer.host, format!("{}: {reason}", self.shown(reference))))?;
        let inside = inside.get("mediaType").and_then(serde_json::Value::as_str);
        let media_type = match (answer.media_type(), inside) {
            (Some(outside), Some(inside)) if outside != inside && SUBJECTS.contains(&outside) => {
                let reason = format!("{}: its media type is another one outside than inside", self.shown(reference));
                return Err(NetError::protocol(&answer.host, reason));
            }
            (_, Some(inside)) => inside.to_owned(),
            (Some(outside), None) => outside.to_owned(),
            (None, None) => String::new(),
        };
        Ok(Some(Served { descriptor: Descriptor::of(&media_type, &answer.body), bytes: answer.body }))
    }

    pub(crate) fn put_manifest(
        &self,
        reference: &str,
        kind: &str,
        bytes: &[u8],
        doing: &str,
    ) -> Result<Answer, NetError> {
        let url = self.url(&format!("manifests/{reference}"))?;
        let mut ask = Ask { follow: false, ..Ask::get(url, doing, LARGEST_REMARK) };
        ask.method = Method::PUT;
        ask.content_type = Some(kind);
        ask.body = Some(bytes);
        let answer = self.send(&ask)?;
        status::expect(&answer, doing, &[201, 200, 202])?;
        Ok(answer)
    }

    /// Gives the bytes of a blob, of the size and digest that the descriptor says.
    pub(crate) fn blob(&self, descriptor: &Descriptor, doing: &str) -> Result<Vec<u8>, NetError> {
        let url = self.url(&format!("blobs/{}", descriptor.digest))?;
        let answer = self.send(&Ask::get(url, doing, descriptor.size.min(LARGEST_BLOB)))?;
        status::expect(&answer, doing, &[200])?;
        self.check(&answer.host, descriptor, &answer.body)?;
        Ok(answer.body)
    }

    pub(crate) fn check(&self, host: &str, descriptor: &Descriptor, bytes: &[u8]) -> Result<(), NetError> {
        let actual = digest_of(bytes);
        if actual != descriptor.digest {
            let what = self.shown(&descriptor.digest);
            return Err(NetError::Digest { host: host.to_owned(), what, expected: descriptor.digest.clone(), actual });
        }
        if descriptor.size != bytes.len() as u64 {
            let (said, has) = (descriptor.size, bytes.len());
            let reason = format!("{} is announced with {said} bytes and has {has}", self.shown(&descriptor.digest));
            return Err(NetError::protocol(host, reason));
        }
        Ok(())
    }

    /// Writes a blob, unless it is there.
    ///
    /// Source: OCI Distribution Specification 1.1, "POST then PUT".
    pub(crate) fn put_blob(&self, bytes: &[u8], doing: &str) -> Result<(), NetError> {
        let digest = digest_of(bytes);
        let mut ask = Ask::get(self.url(&format!("blobs/{digest}"))?, doing, LARGEST_REMARK);
        ask.method = Method::HEAD;
        ask.follow = false;
        // A redirect to the store of the blobs says that it is there; if not, the manifest will be refused.
        if matches!(self.send(&ask)?.status, 200 | 302 | 303 | 307 | 308) {
            return Ok(());
        }
        let mut ask = Ask { follow: false, ..Ask::get(self.url("blobs/uploads/")?, doing, LARGEST_REMARK) };
        ask.method = Method::POST;
        ask.body = Some(&[]);
        let answer = self.send(&ask)?;
        status::expect(&answer, doing, &[202])?;
        let location = answer.header("location").and_then(|text| self.base.join(text).ok());
        let Some(mut location) = location else {
            return Err(NetError::protocol(&answer.host, format!("{doing}: it does not say where to upload to")));
        };
        if !self.http.allows(&location) || (self.base.scheme() == "https" && location.scheme() != "https") {
            let reason = format!("{doing}: uploads go to {}, which is not reached by https", host_of(&location));
            return Err(NetError::protocol(&answer.host, reason));
        }
        location.query_pairs_mut().append_pair("digest", &digest);
        let mut ask = Ask { follow: false, ..Ask::get(location, doing, LARGEST_REMARK) };
        ask.method = Method::PUT;
        ask.content_type = Some("application/octet-stream");
        ask.body = Some(bytes);
        let answer = self.send(&ask)?;
        status::expect(&answer, doing, &[201])
    }

    /// The registry's own list of what refers to `digest`, all its pages.
    ///
    /// A registry without such a list answers 404, or something that is no index.
    ///
    /// Source: OCI Distribution Specification 1.1, "Listing Referrers".
    pub(crate) fn referrers(&self, digest: &str) -> Result<Listing, NetError> {
        let doing = "listing the referrers";
        let mut url = self.url(&format!("referrers/{digest}"))?;
        let mut whole: Option<Index> = None;
        for _ in 0..MOST_PAGES {
            let mut ask = Ask::get(url.clone(), doing, LARGEST_MANIFEST);
            ask.accept = Some(IMAGE_INDEX);
            let answer = self.send(&ask)?;
            let no_list = !is_list(&answer) && matches!(answer.status, 200 | 400 | 404 | 405 | 406 | 501);
            if whole.is_none() && no_list {
                return Ok(Listing::None);
            }
            status::expect(&answer, doing, &[200])?;
            let page = Index::read(&answer.body)
                .map_err(|reason| NetError::protocol(&answer.host, format!("{doing}: {reason}")))?;
            let whole = whole.get_or_insert_with(Index::empty);
            whole.merge(&page);
            if whole.descriptors().count() > MOST_REFERRERS {
                return Err(NetError::protocol(&answer.host, format!("{doing}: more than {MOST_REFERRERS} referrers")));
            }
            if !has_next_page(&answer) {
                return Ok(Listing::Api(whole.clone()));
            }
            let next = next_page(&answer).and_then(|next| url.join(&next).ok());
            url = next.filter(|next| next.origin() == self.base.origin()).ok_or_else(|| {
                NetError::protocol(&answer.host, format!("{doing}: the next page is not at the same registry"))
            })?;
        }
        Err(NetError::protocol(&self.host(), format!("{doing}: more than {MOST_PAGES} pages")))
    }

    fn shown(&self, reference: &str) -> String {
        if reference.starts_with("sha256:") {
            self.image.at(reference)
        } else {
            format!("{}/{}:{reference}", self.image.registry(), self.image.repository())
        }
    }
}

fn is_list(answer: &Answer) -> bool {
    answer.status == 200 && answer.media_type() == Some(IMAGE_INDEX)
}

fn links(answer: &Answer) -> impl Iterator<Item = &[u8]> {
    answer.headers.get_all("link").iter().map(ureq::http::HeaderValue::as_bytes)
}

/// A page that cannot be found is an error, and not the end of the list.
fn has_next_page(answer: &Answer) -> bool {
    links(answer).any(|link| link.to_ascii_lowercase().windows(4).any(|word| word == b"next"))
}

/// Source: RFC 8288, as the distribution specification uses it: `<address>; rel="next"`.
fn next_page(answer: &Answer) -> Option<String> {
    links(answer).find_map(|link| {
        let (address, rest) = std::str::from_utf8(link).ok()?.strip_prefix('<')?.split_once('>')?;
        let next = rest.split([';', ',']).any(|part| matches!(part.trim(), "rel=\"next\"" | "rel=next"));
        next.then(|| address.to_owned())
    })
}
