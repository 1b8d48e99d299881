//! One request and its answer, bounded in bytes, time and redirects: whole, or its head and a body that is still to be read.

use std::{
    io::{self, Read},
    net::IpAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use ureq::{
    Agent, AsSendBody, Body, Error, Timeout,
    http::{HeaderMap, Method, Request, Response},
    tls::{RootCerts, TlsConfig},
};
use url::{Host, Origin, Url};

use crate::{NetError, Options, secret::Secret};

/// Redirects of one request. Registries use one, to the store that holds their blobs.
const MOST_REDIRECTS: usize = 5;
/// Bytes of an answer that says no; it holds a code of the registry.
const LARGEST_REFUSAL: u64 = 64 * 1024;

/// The connections of one call: when it has to be over, and where plain HTTP is allowed.
pub(crate) struct Http {
    agent: Agent,
    /// For this machine itself, where no proxy can stand between.
    direct: Agent,
    plain: Option<bool>,
    deadline: Instant,
    seconds: u64,
}

/// One request.
pub(crate) struct Ask<'a> {
    pub method: Method,
    pub url: Url,
    pub accept: Option<&'a str>,
    pub content_type: Option<&'a str>,
    pub body: Option<&'a [u8]>,
    /// What is being done, for errors.
    pub doing: &'a str,
    /// Bytes that the answer may have.
    pub bound: u64,
    pub follow: bool,
}

impl<'a> Ask<'a> {
    pub(crate) fn get(url: Url, doing: &'a str, bound: u64) -> Self {
        Self { method: Method::GET, url, accept: None, content_type: None, body: None, doing, bound, follow: true }
    }
}

/// One whole answer.
pub(crate) struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// Who answered, after redirects.
    pub host: String,
    /// Where that was.
    pub origin: Origin,
}

impl Answer {
    /// A header's text, where it appears once and is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let first = values.next()?.to_str().ok()?;
        values.next().is_none().then_some(first.trim())
    }

    /// The media type without its parameters.
    pub(crate) fn media_type(&self) -> Option<&str> {
        self.header("content-type").map(|text| text.split(';').next().unwrap_or_default().trim())
    }
}

impl Http {
    pub(crate) fn new(options: &Options) -> Self {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .build();
        let config = || {
            Agent::config_builder()
                .http_status_as_error(false)
                // Redirects are followed here, where it is decided what goes along.
                .max_redirects(0)
                .max_redirects_will_error(false)
                .timeout_connect(Some(options.connect_timeout))
                .timeout_resolve(Some(options.connect_timeout))
                .max_idle_age(Duration::from_secs(5))
                .user_agent(concat!("plimsoll/", env!("CARGO_PKG_VERSION")))
                .tls_config(tls.clone())
        };
        Self {
            agent: config().build().new_agent(),
            direct: config().proxy(None).build().new_agent(),
            plain: options.plain_http,
            deadline: Instant::now() + options.timeout.min(Duration::from_secs(24 * 60 * 60)),
            seconds: options.timeout.as_secs(),
        }
    }

    /// The scheme with which a registry is asked that is named by its host alone.
    pub(crate) fn scheme(&self, host: &str) -> &'static str {
        let plain = self.plain.unwrap_or_else(|| {
            Url::parse(&format!("http://{host}/")).is_ok_and(|url| is_this_machine(&url) && url.port() != Some(443))
        });
        if plain { "http" } else { "https" }
    }

    /// May `url` be asked at all? Plain HTTP is for this machine itself, or where the user said so.
    pub(crate) fn allows(&self, url: &Url) -> bool {
        let plain = || self.plain == Some(true) || (self.plain.is_none() && is_this_machine(url));
        url.scheme() == "https" || (url.scheme() == "http" && plain())
    }

    /// Gives the answer to `ask`, whatever its status, after redirects.
    ///
    /// `authorization` goes to the origin that `ask` names and to no other one. A redirect from https to http is refused.
    pub(crate) fn send(&self, ask: &Ask<'_>, authorization: Option<&Secret>) -> Result<Answer, NetError> {
        let mut url = ask.url.clone();
        for _ in 0..=MOST_REDIRECTS {
            let authorization = authorization.filter(|_| url.origin() == ask.url.origin());
            let answer = self.once(ask, &url, authorization)?;
            let moved = matches!(answer.status, 301 | 302 | 303 | 307 | 308) && ask.follow;
            let Some(location) = answer.header("location").filter(|_| moved) else { return Ok(answer) };
            let next = url.join(location).map_err(|_| {
                NetError::protocol(&answer.host, format!("{}: redirects to an address that cannot be read", ask.doing))
            })?;
            if !self.allows(&next) || (url.scheme() == "https" && next.scheme() != "https") {
                let reason = format!("{}: redirects to {}, which is not reached by https", ask.doing, host_of(&next));
                return Err(NetError::protocol(&answer.host, reason));
            }
            url = next;
        }
        let reason = format!("{}: more than {MOST_REDIRECTS} redirects", ask.doing);
        Err(NetError::protocol(&host_of(&ask.url), reason))
    }

    /// Gives the head of the answer to a GET with these headers, whatever its status and after redirects, and the body, which
    /// [`Http::broken`] explains where it breaks off. Without a byte for `stall` it does.
    ///
    /// No credentials go along. A redirect to plain HTTP is followed from plain HTTP of the same host alone.
    pub(crate) fn open(
        &self,
        url: &Url,
        headers: &[(&'static str, String)],
        stall: Duration,
        doing: &str,
    ) -> Result<(Answer, Body), NetError> {
        let mut url = url.clone();
        for _ in 0..=MOST_REDIRECTS {
            let host = host_of(&url);
            let mut request = Request::builder().method(Method::GET).uri(url.as_str());
            for (name, value) in headers {
                request = request.header(*name, value);
            }
            let request = request
                .body(())
                .map_err(|_| NetError::protocol(&host, format!("{doing}: the request cannot be written")))?;
            let (parts, body) = self.run(&url, request, &host, doing, Some(stall))?.into_parts();
            let status = parts.status.as_u16();
            let answer = Answer { status, headers: parts.headers, body: Vec::new(), host, origin: url.origin() };
            let moved = matches!(status, 301 | 302 | 303 | 307 | 308);
            let Some(location) = answer.header("location").filter(|_| moved) else { return Ok((answer, body)) };
            let wrong = |reason: String| NetError::protocol(&answer.host, format!("{doing}: redirects to {reason}"));
            let next = url.join(location).map_err(|_| wrong("an address that cannot be read".into()))?;
            let as_before = next.scheme() == "http" && url.scheme() == "http" && next.host() == url.host();
            if next.scheme() != "https" && !as_before {
                return Err(wrong(format!("{}, which is not reached by https", host_of(&next))));
            }
            if has_credentials(&next) {
                return Err(wrong("an address with a name or password in it".into()));
            }
            url = next;
        }
        Err(NetError::protocol(&host_of(&url), format!("{doing}: more than {MOST_REDIRECTS} redirects")))
    }

    /// Waits, where the call's time allows it.
    pub(crate) fn wait(&self, time: Duration, host: &str, doing: &str) -> Result<(), NetError> {
        if self.left() <= time {
            return Err(self.over(host, doing));
        }
        std::thread::sleep(time);
        Ok(())
    }

    /// The time that is left to the call.
    pub(crate) fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    fn once(&self, ask: &Ask<'_>, url: &Url, authorization: Option<&Secret>) -> Result<Answer, NetError> {
        let host = host_of(url);
        let mut request = Request::builder().method(ask.method.clone()).uri(url.as_str());
        for (name, value) in [("accept", ask.accept), ("content-type", ask.content_type)] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        if let Some(secret) = authorization {
            request = request.header("authorization", secret.reveal());
        }
        let unsent = |_| NetError::protocol(&host, format!("{}: the request cannot be written", ask.doing));
        let answer = match ask.body {
            Some(body) => self.run(url, request.body(body).map_err(unsent)?, &host, ask.doing, None)?,
            None => self.run(url, request.body(()).map_err(unsent)?, &host, ask.doing, None)?,
        };
        let (parts, body) = answer.into_parts();
        let status = parts.status.as_u16();
        let refusal = !parts.status.is_success();
        let bound = if refusal { ask.bound.min(LARGEST_REFUSAL) } else { ask.bound };
        let body = if ask.method == Method::HEAD {
            Vec::new()
        } else {
            match self.read(body, bound, &host, ask.doing) {
                // What says no may say it at length; its status is enough.
                Err(NetError::TooLarge { .. }) if refusal => Vec::new(),
                other => other?,
            }
        };
        Ok(Answer { status, headers: parts.headers, body, host, origin: url.origin() })
    }

    fn run(
        &self,
        url: &Url,
        request: Request<impl AsSendBody>,
        host: &str,
        doing: &str,
        stall: Option<Duration>,
    ) -> Result<Response<Body>, NetError> {
        let left = self.left();
        if left.is_zero() {
            return Err(self.over(host, doing));
        }
        let agent = if is_this_machine(url) { &self.direct } else { &self.agent };
        let request = agent.configure_request(request).timeout_global(Some(left)).timeout_per_read(stall).build();
        agent.run(request).map_err(|error| self.failed(&error, host, doing))
    }

    fn read(&self, body: Body, bound: u64, host: &str, doing: &str) -> Result<Vec<u8>, NetError> {
        let too_large = || NetError::TooLarge { host: host.to_owned(), what: format!("the answer to: {doing}"), bound };
        if body.content_length().is_some_and(|length| length > bound) {
            return Err(too_large());
        }
        let mut bytes = Vec::new();
        let mut reader = body.into_reader().take(bound.saturating_add(1));
        reader.read_to_end(&mut bytes).map_err(|error| self.broken(error, host, doing))?;
        if u64::try_from(bytes.len()).is_ok_and(|length| length <= bound) { Ok(bytes) } else { Err(too_large()) }
    }

    /// What it means that a body could not be read on.
    pub(crate) fn broken(&self, error: io::Error, host: &str, doing: &str) -> NetError {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
            Some(inner) => self.failed(inner, host, doing),
            None => self.failed(&Error::Io(error), host, doing),
        }
    }

    fn over(&self, host: &str, doing: &str) -> NetError {
        NetError::Time { host: host.to_owned(), seconds: self.seconds, doing: doing.to_owned() }
    }

    fn failed(&self, error: &Error, host: &str, doing: &str) -> NetError {
        let plain = |text: &str| plimsoll_model::excerpt(text, 200);
        let reason = match error {
            Error::Timeout(Timeout::Connect | Timeout::Resolve) if !self.left().is_zero() => {
                "no connection within the time for connecting".to_owned()
            }
            Error::Timeout(Timeout::PerRead) => format!("no byte came for too long, while {doing}"),
            Error::Timeout(_) => return self.over(host, doing),
            Error::Io(error) if error.kind() == std::io::ErrorKind::TimedOut => return self.over(host, doing),
            Error::Io(error)
                if error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<rustls::Error>) =>
            {
                format!("TLS failed: {}", plain(&error.to_string()))
            }
            Error::Io(error) => format!("the connection failed, while {doing}: {}", plain(&error.to_string())),
            Error::HostNotFound => "no such host".to_owned(),
            Error::ConnectionFailed => "no connection could be made".to_owned(),
            Error::Rustls(error) => format!("TLS failed: {}", plain(&error.to_string())),
            Error::Tls(text) => format!("TLS failed: {}", plain(text)),
            Error::InvalidProxyUrl | Error::ConnectProxyFailed(_) => {
                "the proxy that the environment names does not work".to_owned()
            }
            _ => format!("the answer is not HTTP that can be read, while {doing}"),
        };
        NetError::Connection { host: host.to_owned(), reason }
    }
}

/// Host and port of an address, for errors; nothing else of it is shown, since queries carry signatures.
pub(crate) fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or("?");
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Does the address have a name or a password in it? They would show in lists of processes, logs and errors.
pub(crate) fn has_credentials(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// Is it a loopback address or localhost?
///
/// Source: RFC 6761 section 6.3 (localhost), RFC 1122 section 3.2.1.3 (127/8), RFC 4291 section 2.5.3 (`::1`).
pub(crate) fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        None => false,
    }
}
