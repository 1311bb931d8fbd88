//! Requests to the REST API, each with an end: 20 s for an answer, 60 s for a session's history.

use mirrord_wire::{ApiError, SessionDetail, SignedIn, VersionInfo, from_json};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, File, Headers, ReadableStreamDefaultReader, RequestInit, Response};

use super::credentials::Credentials;
use crate::browser::window;
use crate::state::connection::Obstacle;
use crate::state::line_splitter::LineSplitter;

/// Time-out of an answer, milliseconds.
pub(crate) const ANSWER_MS: u32 = 20_000;
const HISTORY_MS: u32 = 60_000;

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The token is missing or wrong (401, 403).
    SignedOut,
    /// There is no such thing (404).
    NotFound,
    /// Anything else: no connection, too slow, an answer that cannot be read.
    Failed,
}

/// `POST /api/sign-in`: exchanges the one-time code of the page's address for the page key. Fails with the obstacle,
/// where the server reports one.
pub(crate) async fn sign_in(code: &str) -> Result<String, Option<Obstacle>> {
    let headers = Headers::new().map_err(|_| None)?;
    headers.set("accept", "application/json").map_err(|_| None)?;
    let ticket = ["Ticket ", code].concat();
    headers.set("authorization", &ticket).map_err(|_| None)?;
    let answer = request("POST", "/api/sign-in", &headers, None, Lasting::Page, ANSWER_MS);
    let text = text(&answer.await.map_err(|_| None)?).await.map_err(|_| None)?;
    match from_json::<SignedIn>(&text) {
        Ok(answer) if !answer.page_key.is_empty() => Ok(answer.page_key),
        _ => Err(text.contains("no cookie").then_some(Obstacle::Cookies)),
    }
}

/// `GET /api/version`.
pub(crate) async fn version(credentials: &Credentials) -> Result<VersionInfo, Refused> {
    let text = text(&get("/api/version", credentials, None, ANSWER_MS).await?).await?;
    from_json(&text).map_err(failed)
}

/// Events of a session that are requested.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EventQuery {
    /// Number after which they begin.
    pub(crate) since: u64,
    /// Number of the last one; `None` for all that are kept.
    pub(crate) until: Option<u64>,
    /// The most in one answer.
    pub(crate) limit: u64,
}

/// `GET /api/sessions/:id/events` from `since` on, line by line as it comes in; `None` for a line that is not text.
/// Between two portions `go_on` gives false to stop. Gives where to go on, where there is more than one answer's worth.
pub(crate) async fn events(
    id: &str,
    query: EventQuery,
    credentials: &Credentials,
    take: &mut dyn FnMut(Option<&str>),
    go_on: &dyn Fn() -> bool,
) -> Result<Option<u64>, Refused> {
    let (response, next) = answer_with_events(id, query, credentials).await?;
    let body = response.body().ok_or(Refused::Failed)?;
    let reader: ReadableStreamDefaultReader = body.get_reader().dyn_into().map_err(failed)?;
    let mut lines = LineSplitter::default();
    loop {
        let chunk = JsFuture::from(reader.read()).await.map_err(failed)?;
        let field = |name: &str| js_sys::Reflect::get(&chunk, &JsValue::from_str(name)).map_err(failed);
        if field("done")?.is_truthy() {
            return if lines.is_empty() {
                Ok(next)
            } else {
                Err(Refused::Failed)
            };
        }
        let bytes = js_sys::Uint8Array::new(&field("value")?).to_vec();
        lines
            .take(&bytes, |line| take(std::str::from_utf8(line).ok()))
            .map_err(|_| Refused::Failed)?;
        if !go_on() {
            drop(reader.cancel());
            return Ok(None);
        }
    }
}

/// `GET /api/sessions/:id/events`, as the bytes of its lines, and where to go on.
pub(crate) async fn event_bytes(
    id: &str,
    query: EventQuery,
    credentials: &Credentials,
) -> Result<(js_sys::ArrayBuffer, Option<u64>), Refused> {
    let (response, next) = answer_with_events(id, query, credentials).await?;
    let bytes = JsFuture::from(response.array_buffer().map_err(failed)?).await;
    Ok((bytes.map_err(failed)?.dyn_into().map_err(failed)?, next))
}

/// Answer with a session's events, and where to go on, where there is more than one answer's worth.
async fn answer_with_events(
    id: &str,
    query: EventQuery,
    credentials: &Credentials,
) -> Result<(Response, Option<u64>), Refused> {
    let EventQuery { since, until, limit } = query;
    let until = until.map_or_else(String::new, |until| ["&until=", &until.to_string()].concat());
    // A session id has no character that would need an escape.
    let path = [
        "/api/sessions/",
        id,
        "/events?since=",
        &since.to_string(),
        "&limit=",
        &limit.to_string(),
        &until,
    ]
    .concat();
    let response = get(&path, credentials, Some("application/x-ndjson"), HISTORY_MS).await?;
    let next = response.headers().get("mirrord-next-since").ok().flatten();
    let next = next.and_then(|since| since.parse().ok());
    Ok((response, next))
}

/// `GET /api/sessions/:id?at=SEQ`: the session as it was right after an event, or the reason why it is not shown.
pub(crate) async fn detail_at(id: &str, at: u64, credentials: &Credentials) -> Result<SessionDetail, String> {
    let path = ["/api/sessions/", id, "?at=", &at.to_string()].concat();
    let (status, text) = ask("GET", &path, credentials, None).await.unwrap_or_default();
    match status {
        200 => from_json(&text).map_err(|_| String::new()),
        _ => Err(from_json::<ApiError>(&text)
            .map(|answer| answer.error)
            .unwrap_or_default()),
    }
}

async fn get(path: &str, credentials: &Credentials, accept: Option<&str>, ms: u32) -> Result<Response, Refused> {
    let response = send("GET", path, credentials, accept, None, Lasting::Page, ms).await?;
    match response.status() {
        200 => Ok(response),
        401 | 403 => Err(Refused::SignedOut),
        404 => Err(Refused::NotFound),
        _ => Err(Refused::Failed),
    }
}

/// Lifetime of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lasting {
    /// As long as the page.
    Page,
    /// Longer, where the page goes away: the browser sends such a request of at most 64 KiB to its end.
    Beyond,
}

/// A request that changes something and whose answer says nothing that is needed.
pub(crate) async fn tell(path: &str, credentials: &Credentials, body: &str, lasting: Lasting) {
    drop(send("PUT", path, credentials, None, Some(body), lasting, ANSWER_MS).await);
}

/// A request that changes something: the status and the body of its answer; `None` where there is none.
pub(crate) async fn ask(
    method: &str,
    path: &str,
    credentials: &Credentials,
    body: Option<&str>,
) -> Option<(u16, String)> {
    let response = send(method, path, credentials, None, body, Lasting::Page, ANSWER_MS)
        .await
        .ok()?;
    let status = response.status();
    Some((status, text(&response).await.ok()?))
}

/// `POST` of a file's bytes. It has no end but the connection's: a file may be large.
pub(crate) async fn send_file(path: &str, credentials: &Credentials, file: &File) -> Option<(u16, String)> {
    let headers = headers(credentials, None).ok()?;
    headers.set("content-type", "application/octet-stream").ok()?;
    let options = RequestInit::new();
    options.set_method("POST");
    options.set_headers(&headers);
    options.set_body(file);
    let answer = JsFuture::from(window().fetch_with_str_and_init(path, &options))
        .await
        .ok()?;
    let response: Response = answer.dyn_into().ok()?;
    let status = response.status();
    Some((status, text(&response).await.ok()?))
}

/// Handle of a request that can be given up.
#[derive(Clone)]
pub(crate) struct Abort(AbortController);

impl Abort {
    /// A handle; `None` where the browser has none.
    pub(crate) fn new() -> Option<Self> {
        AbortController::new().ok().map(Self)
    }

    /// Gives the request up; it has no answer then.
    pub(crate) fn abort(&self) {
        self.0.abort();
    }

    /// The signal that a request is given.
    pub(crate) fn signal(&self) -> AbortSignal {
        self.0.signal()
    }
}

/// `GET` of a path with a signal that ends it: the status and the body; `None` where there is no answer.
pub(crate) async fn get_until(path: &str, credentials: &Credentials, signal: &AbortSignal) -> Option<(u16, String)> {
    let headers = headers(credentials, None).ok()?;
    let response = fetch("GET", path, &headers, None, Lasting::Page, signal).await.ok()?;
    let status = response.status();
    Some((status, text(&response).await.ok()?))
}

async fn send(
    method: &str,
    path: &str,
    credentials: &Credentials,
    accept: Option<&str>,
    body: Option<&str>,
    lasting: Lasting,
    ms: u32,
) -> Result<Response, Refused> {
    request(method, path, &headers(credentials, accept)?, body, lasting, ms).await
}

fn headers(credentials: &Credentials, accept: Option<&str>) -> Result<Headers, Refused> {
    let headers = Headers::new().map_err(failed)?;
    headers
        .set("accept", accept.unwrap_or("application/json"))
        .map_err(failed)?;
    for (name, value) in credentials.headers() {
        headers.set(name, &value).map_err(failed)?;
    }
    Ok(headers)
}

async fn request(
    method: &str,
    path: &str,
    headers: &Headers,
    body: Option<&str>,
    lasting: Lasting,
    ms: u32,
) -> Result<Response, Refused> {
    let signal = AbortSignal::timeout_with_u32(ms);
    fetch(method, path, headers, body, lasting, &signal).await
}

async fn fetch(
    method: &str,
    path: &str,
    headers: &Headers,
    body: Option<&str>,
    lasting: Lasting,
    signal: &AbortSignal,
) -> Result<Response, Refused> {
    let options = RequestInit::new();
    options.set_method(method);
    if method != "GET" {
        headers.set("content-type", "application/json").map_err(failed)?;
        options.set_body(&JsValue::from_str(body.unwrap_or("{}")));
    }
    options.set_headers(headers);
    options.set_signal(Some(signal));
    if lasting == Lasting::Beyond {
        // The binding has no name for it.
        js_sys::Reflect::set(&options, &"keepalive".into(), &JsValue::TRUE).map_err(failed)?;
    }
    let answer = JsFuture::from(window().fetch_with_str_and_init(path, &options))
        .await
        .map_err(failed)?;
    answer.dyn_into().map_err(failed)
}

async fn text(response: &Response) -> Result<String, Refused> {
    let text = JsFuture::from(response.text().map_err(failed)?).await.map_err(failed)?;
    text.as_string().ok_or(Refused::Failed)
}

/// Discards the browser's error, which its own console shows.
fn failed<E>(_: E) -> Refused {
    Refused::Failed
}
