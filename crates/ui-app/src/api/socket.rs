//! Client of the server's API: owner of the one WebSocket, which it opens, reads and reopens with backoff for as long
//! as the page is open, and of the requests beside it.
//!
//! Every attempt begins with `GET /api/version`, since a refused WebSocket gives no reason: 401 means signed out, and
//! the next attempt waits for the reader. Everything that arrives goes to one sink as an [`ApiEvent`]; no store is
//! known here.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::{LocalStorage, StoredValue};
use leptos::task::spawn_local;
use mirrord_wire::{SessionDetail, VersionInfo, WsMessage};
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, WebSocket};

use super::credentials::Credentials;
use super::rest::{self, Abort, EventQuery, Lasting, Refused};
use crate::browser::{is_hidden, now_ms, save, sleep, tell_parent, window};
use crate::codec::message::Message;
use crate::state::connection::{Backoff, Connection, Obstacle};
use crate::state::mirror::is_turned_out;

/// Time-out for a socket's opening and first message. An open socket has none.
const OPEN_MS: u32 = 15_000;
/// After so long without a message the server is asked whether it is still there.
const SILENCE_MS: u32 = 20_000;
/// The longest wait of all: until the reader asks, or a day has passed.
const LONG_MS: u32 = 86_400_000;

/// The close code for "try again later" (IANA's WebSocket registry).
const TRY_AGAIN_LATER: u16 = 1013;

/// Message to the parent page when there is no valid token: `docs/ide.md`.
const SIGNED_OUT: &str = "mirrord-ui:signed-out";

/// Status and body of a response; `None` without a response.
pub(crate) type Answer = Option<(u16, String)>;

/// Handle of the client, shared by contexts and event handlers.
pub(crate) type ApiHandle = StoredValue<Api, LocalStorage>;

/// Everything that the client reports.
pub(crate) enum ApiEvent<'a> {
    Connection(Connection),
    /// Reason why the page is not live though the server answers; `None` once it is.
    Obstacle(Option<Obstacle>),
    Version(VersionInfo),
    /// Response of `/api/me`.
    Me(Answer),
    /// Message of the WebSocket.
    Message(Message<'a>),
    /// Message that could not be read.
    Unreadable,
    /// First message of a new WebSocket, the snapshot, was delivered.
    Synced,
}

/// Receiver of what the client reports.
type Sink = Rc<dyn Fn(ApiEvent<'_>)>;

/// Client of the server's API.
#[derive(Clone)]
pub(crate) struct Api {
    sink: Sink,
    connection: Rc<Cell<Connection>>,
    obstacle: Rc<Cell<Option<Obstacle>>>,
    credentials: Rc<RefCell<Credentials>>,
    wake: Rc<RefCell<Option<js_sys::Function>>>,
    /// Marks that the server closed the last WebSocket to make room for another one.
    is_displaced: Rc<Cell<bool>>,
}

/// Credentials from the page's address.
#[derive(Debug, Default)]
pub(crate) struct Entry {
    /// An IDE's `#token=…`.
    pub(crate) token: Option<String>,
    /// The one-time code of `?code=…`.
    pub(crate) code: Option<String>,
}

impl Api {
    /// Creates a client that reports to `sink`.
    pub(crate) fn new(token: Option<String>, sink: impl Fn(ApiEvent<'_>) + 'static) -> Self {
        Self {
            sink: Rc::new(sink),
            connection: Rc::new(Cell::new(Connection::Connecting)),
            obstacle: Rc::default(),
            credentials: Rc::new(RefCell::new(Credentials::load(token))),
            wake: Rc::default(),
            is_displaced: Rc::default(),
        }
    }

    /// Exchanges the one-time code, if any, connects, and stays connected.
    pub(crate) fn start(&self, code: Option<String>) {
        let own = self.clone();
        spawn_local(async move {
            if let Some(code) = code {
                own.exchange(&code).await;
            }
            own.run().await;
        });
    }

    fn emit(&self, event: ApiEvent<'_>) {
        (self.sink)(event);
    }

    fn set_obstacle(&self, obstacle: Option<Obstacle>) {
        self.obstacle.set(obstacle);
        self.emit(ApiEvent::Obstacle(obstacle));
    }

    fn set_connection(&self, connection: Connection) {
        self.connection.set(connection);
        self.emit(ApiEvent::Connection(connection));
    }

    /// A code that is worth nothing any more, as after the back button, leaves what is stored as it is.
    async fn exchange(&self, code: &str) {
        match rest::sign_in(code).await {
            Ok(key) => self.credentials.borrow_mut().set_page_key(key),
            Err(obstacle) => self.set_obstacle(obstacle),
        }
    }

    /// Another tab may have signed in, after the server was started again: then its page key is this page's.
    pub(crate) fn storage_changed(&self) {
        if self.credentials.borrow_mut().reload() {
            self.retry();
        }
    }

    /// The page can be seen again: it need not wait for a place among the WebSockets any longer.
    pub(crate) fn shown(&self) {
        if self.is_displaced.get() {
            self.retry();
        }
    }

    fn credentials(&self) -> Credentials {
        self.credentials.borrow().clone()
    }

    /// Ends the wait for the next try.
    pub(crate) fn retry(&self) {
        if let Some(wake) = self.wake.borrow_mut().take() {
            drop(wake.call0(&JsValue::NULL));
        }
    }

    /// Takes another token, from the page around this one.
    pub(crate) fn sign_in(&self, token: &str) {
        self.credentials.borrow_mut().set_token(token);
        self.retry();
    }

    /// Asks for the version and the edition again: a license may have come, or ended.
    pub(crate) fn ask_version(&self) {
        let own = self.clone();
        spawn_local(async move {
            if let Ok(version) = rest::version(&own.credentials()).await {
                own.emit(ApiEvent::Version(version));
            }
        });
    }

    /// Asks who this is, and what may be done.
    pub(crate) fn ask_me(&self) {
        let own = self.clone();
        self.ask("GET", "/api/me".to_owned(), None, move |answer| {
            own.emit(ApiEvent::Me(answer));
        });
    }

    async fn run(&self) {
        let mut backoff = Backoff::default();
        let mut asked_at_once = false;
        let mut failures = 0;
        loop {
            let credentials = self.credentials();
            match rest::version(&credentials).await {
                Ok(version) => {
                    self.emit(ApiEvent::Version(version));
                    self.ask_me();
                    let turned_out = self.hold(&mut backoff).await;
                    failures = self.look_for_obstacle(failures).await;
                    // A device that was revoked is told so: whether that is it, the next answer says. Once, not for ever.
                    if turned_out && !std::mem::replace(&mut asked_at_once, true) {
                        continue;
                    }
                    asked_at_once = false;
                }
                // Another tab has signed in meanwhile, when nobody waited yet to be told.
                Err(Refused::SignedOut) if self.credentials() != credentials => continue,
                Err(Refused::SignedOut) => {
                    self.ask_me();
                    self.look_for_foreign_origin().await;
                    self.set_connection(Connection::SignedOut);
                    // A frame that was reloaded has lost its token; the page around it has it.
                    tell_parent(SIGNED_OUT);
                    self.wait(LONG_MS).await;
                    backoff.reset();
                    self.set_connection(Connection::Connecting);
                    continue;
                }
                Err(_) => {}
            }
            let mut ms = backoff.failed(now_ms(), js_sys::Math::random());
            if self.is_displaced.get() && is_hidden() {
                // Where there are more pages than places, those that are seen have them.
                ms = LONG_MS;
            }
            self.set_connection(Connection::Retrying {
                at_ms: now_ms() + u64::from(ms),
            });
            self.wait(ms).await;
        }
    }

    /// Looks why the WebSocket did not open, where the server answers otherwise. Gives how many in a row did not.
    async fn look_for_obstacle(&self, failures: u32) -> u32 {
        if self.connection.get() == Connection::Live {
            return 0;
        }
        let failures = failures.saturating_add(1);
        if failures >= Obstacle::MIN_FAILURES {
            let is_foreign = self.is_foreign_origin().await;
            self.set_obstacle(Obstacle::of(failures, is_foreign));
        }
        failures
    }

    /// Reports that the server attributes the page to another origin; `None` without an answer.
    async fn is_foreign_origin(&self) -> Option<bool> {
        let answer = rest::ask("POST", "/api/origin", &self.credentials(), None).await;
        answer.map(|(status, text)| status == 403 && text.contains("Origin"))
    }

    /// Checks whether a page without credentials could have obtained any: a sign-in is refused for its origin as well.
    async fn look_for_foreign_origin(&self) {
        let obstacle = match self.is_foreign_origin().await {
            Some(true) => Some(Obstacle::Origin),
            _ => self.obstacle.get().filter(|own| *own == Obstacle::Cookies),
        };
        self.set_obstacle(obstacle);
    }

    async fn wait(&self, ms: u32) {
        let wake = Rc::clone(&self.wake);
        sleep(ms, move |resolve| *wake.borrow_mut() = Some(resolve)).await;
    }

    /// Opens a socket and stays until it is closed. Whether the server has turned the page out.
    async fn hold(&self, backoff: &mut Backoff) -> bool {
        self.set_connection(Connection::Syncing);
        let Some(socket) = self.open() else {
            return false;
        };
        let turned_out = Rc::new(Cell::new(false));
        let closed = Rc::new(Cell::new(false));
        let over: Rc<RefCell<Option<js_sys::Function>>> = Rc::default();

        let api = self.clone();
        let live_since: Rc<Cell<Option<u64>>> = Rc::default();
        let since = Rc::clone(&live_since);
        let heard = Rc::new(Cell::new(0));
        let heard_now = Rc::clone(&heard);
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            heard_now.set(now_ms());
            api.message(&event);
            if since.get().is_none() {
                since.set(Some(now_ms()));
                api.emit(ApiEvent::Synced);
            }
        });
        self.is_displaced.set(false);
        let (flag, end, turned) = (Rc::clone(&closed), Rc::clone(&over), Rc::clone(&turned_out));
        let displaced = Rc::clone(&self.is_displaced);
        let on_close = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            flag.set(true);
            let code = js_sys::Reflect::get(&event, &JsValue::from_str("code")).ok();
            let code = code.and_then(|code| code.as_f64()).map(|code| code as u16);
            turned.set(code.is_some_and(is_turned_out));
            displaced.set(code == Some(TRY_AGAIN_LATER));
            if let Some(end) = end.borrow_mut().take() {
                drop(end.call0(&JsValue::NULL));
            }
        });
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));

        let mut ms = OPEN_MS;
        while !closed.get() {
            let end = Rc::clone(&over);
            sleep(ms, move |resolve| *end.borrow_mut() = Some(resolve)).await;
            if live_since.get().is_none() {
                break;
            }
            // A network that is gone closes no socket. In silence the server is asked whether it is there.
            let is_silent = !closed.get() && now_ms() >= heard.get() + u64::from(SILENCE_MS);
            let credentials = self.credentials();
            if is_silent && rest::version(&credentials).await.is_err() {
                break;
            }
            ms = SILENCE_MS;
        }
        if let Some(since) = live_since.get() {
            backoff.connected(since);
        }
        socket.set_onmessage(None);
        socket.set_onclose(None);
        drop(socket.close());
        turned_out.get()
    }

    fn open(&self) -> Option<WebSocket> {
        let url = self.url();
        let opened = match self.credentials().subprotocols() {
            None => WebSocket::new(&url),
            Some(names) => {
                let names: js_sys::Array = names.iter().map(|name| JsValue::from_str(name)).collect();
                WebSocket::new_with_str_sequence(&url, &names)
            }
        };
        opened.ok()
    }

    fn url(&self) -> String {
        let location = window().location();
        let scheme = if location.protocol().is_ok_and(|scheme| scheme == "https:") {
            "wss"
        } else {
            "ws"
        };
        let host = location.host().unwrap_or_default();
        let mut url = [scheme, "://", &host, "/ws?batch=1&ended=true"].concat();
        if let Some(token) = self.credentials.borrow().token() {
            url.push_str("&token=");
            url.push_str(token);
        }
        url
    }

    fn message(&self, event: &MessageEvent) {
        let text = event.data().as_string();
        let Some(message) = text.as_deref().and_then(Message::read) else {
            return self.emit(ApiEvent::Unreadable);
        };
        let is_list = matches!(message, Message::Other(WsMessage::Sessions(_)));
        self.emit(ApiEvent::Message(message));
        if is_list {
            self.set_connection(Connection::Live);
            self.set_obstacle(None);
        }
    }

    /// Fetches `/api/sessions/:id`; calls `done` with the body, or with `None` without a successful response.
    pub(crate) fn session(&self, id: String, done: impl FnOnce(Option<String>) + 'static) {
        // A session id has no character that would need an escape.
        self.ask("GET", ["/api/sessions/", &id].concat(), None, |answer| {
            done(answer.and_then(|(status, text)| (status == 200).then_some(text)));
        });
    }

    /// Sends a request; calls `done` with the answer.
    pub(crate) fn ask(
        &self,
        method: &'static str,
        path: String,
        body: Option<String>,
        done: impl FnOnce(Answer) + 'static,
    ) {
        self.ask_erased(method, path, body, Box::new(done));
    }

    /// Requests a path; calls `done` with the answer, unless the request is given up by its handle. It ends by itself after
    /// [`rest::ANSWER_MS`].
    pub(crate) fn ask_abortable(&self, path: String, done: impl FnOnce(Answer) + 'static) -> Option<Abort> {
        let abort = Abort::new()?;
        let (credentials, signal) = (self.credentials(), abort.signal());
        let late = Abort::clone(&abort);
        spawn_local(async move {
            sleep(rest::ANSWER_MS, drop).await;
            late.abort();
        });
        spawn_local(async move { done(rest::get_until(&path, &credentials, &signal).await) });
        Some(abort)
    }

    /// [`Self::ask`] without its type parameter: each instantiation would have a request's future of its own.
    fn ask_erased(&self, method: &'static str, path: String, body: Option<String>, done: Box<dyn FnOnce(Answer)>) {
        let credentials = self.credentials();
        spawn_local(async move { done(rest::ask(method, &path, &credentials, body.as_deref()).await) });
    }

    /// Has the browser save a file of the server's under a name. A plain link would go without the page key.
    pub(crate) fn download(&self, path: String, name: &'static str) {
        self.ask("GET", path, None, move |answer| {
            if let Some((200, text)) = answer {
                drop(save(name, &text));
            }
        });
    }

    /// Sends the bytes of a file.
    pub(crate) async fn send_file(&self, path: &str, file: &web_sys::File) -> Answer {
        rest::send_file(path, &self.credentials(), file).await
    }

    /// Sends a `PUT` whose answer is not needed.
    pub(crate) fn tell(&self, path: &'static str, body: String, lasting: Lasting) {
        let credentials = self.credentials();
        spawn_local(async move { rest::tell(path, &credentials, &body, lasting).await });
    }

    /// Reads a session's events as bytes, a buffer an answer.
    pub(crate) async fn event_bytes(
        &self,
        id: &str,
        query: EventQuery,
        take: &mut dyn FnMut(js_sys::ArrayBuffer),
    ) -> Result<(), Refused> {
        let credentials = self.credentials();
        let mut next = Some(query.since);
        while let Some(since) = next {
            let (bytes, more) = rest::event_bytes(id, EventQuery { since, ..query }, &credentials).await?;
            take(bytes);
            next = more;
        }
        Ok(())
    }

    /// Reads a session's events, at most as many in each request as the query says: [`rest::events`].
    pub(crate) async fn history(
        &self,
        id: &str,
        query: EventQuery,
        take: &mut dyn FnMut(Option<&str>),
        go_on: &dyn Fn() -> bool,
    ) -> Result<(), Refused> {
        let credentials = self.credentials();
        let mut next = Some(query.since);
        while let Some(since) = next {
            next = rest::events(id, EventQuery { since, ..query }, &credentials, take, go_on).await?;
        }
        Ok(())
    }

    /// Reads a session as it was right after an event: [`rest::detail_at`].
    pub(crate) async fn detail_at(&self, id: &str, at: u64) -> Result<SessionDetail, String> {
        rest::detail_at(id, at, &self.credentials()).await
    }
}
