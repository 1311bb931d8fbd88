//! The one owner of the WebSocket: open, snapshot, deltas, and again after a break, for as long as the page lives.
//!
//! Every try begins with `GET /api/version`, since a WebSocket that is refused does not say why: 401 means signed out, and
//! then nothing is tried until the reader asks. It does not know what is shown, and drops no message: one that cannot be
//! read is counted.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;
use web_sys::{MessageEvent, WebSocket};

use super::credentials::Credentials;
use super::rest::{self, Lasting, Refused};
use crate::browser::{is_hidden, now_ms, save, sleep, tell_parent, window};
use crate::codec::line::StreamLine;
use crate::model::Model;
use crate::state::connection::{Backoff, Connection, Obstacle};
use crate::state::log::{Load, ring};
use crate::state::mirror::is_turned_out;
use crate::state::route::Route;
use crate::state::sessions::Session;

/// How long a socket may take to open and to send its first message. A socket that stands has no end of its own.
const OPEN_MS: u32 = 15_000;
/// After so long without a message the server is asked whether it is still there.
const SILENCE_MS: u32 = 20_000;
/// The longest wait of all: until the reader asks, or a day has passed.
const LONG_MS: u32 = 86_400_000;

/// The close code for "try again later" (IANA's WebSocket registry).
const TRY_AGAIN_LATER: u16 = 1013;

/// What the page around this one is told when there is no token, or one that does not work: `docs/ide.md`.
const SIGNED_OUT: &str = "mirrord-ui:signed-out";

/// A handle to the connection, for whoever may ask it to try again or to fetch.
#[derive(Clone)]
pub(crate) struct Api {
    model: Model,
    credentials: Rc<RefCell<Credentials>>,
    wake: Rc<RefCell<Option<js_sys::Function>>>,
    /// Whether the server closed the last WebSocket to make room for another one.
    is_displaced: Rc<Cell<bool>>,
}

/// What the page's address had to sign in with.
#[derive(Debug, Default)]
pub(crate) struct Entry {
    /// An IDE's `#token=…`.
    pub(crate) token: Option<String>,
    /// The one-time code of `?code=…`.
    pub(crate) code: Option<String>,
}

impl Api {
    /// Signs in with what the page's address had, connects, and stays connected.
    pub(crate) fn start(model: Model, entry: Entry) -> Self {
        let api = Self {
            model,
            credentials: Rc::new(RefCell::new(Credentials::load(entry.token))),
            wake: Rc::default(),
            is_displaced: Rc::default(),
        };
        let own = api.clone();
        spawn_local(async move {
            if let Some(code) = entry.code {
                own.exchange(&code).await;
            }
            own.run().await;
        });
        api
    }

    /// A code that is worth nothing any more, as after the back button, leaves what is stored as it is.
    async fn exchange(&self, code: &str) {
        match rest::sign_in(code).await {
            Ok(key) => self.credentials.borrow_mut().set_page_key(key),
            Err(obstacle) => self.model.obstacle.set(obstacle),
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
        let (model, credentials) = (self.model, self.credentials());
        spawn_local(async move {
            if let Ok(version) = rest::version(&credentials).await
                && model.version.with_untracked(|before| *before != version)
            {
                model.version.set(version);
            }
        });
    }

    /// Asks who this is, and what may be done.
    pub(crate) fn ask_me(&self) {
        let model = self.model;
        self.ask("GET", "/api/me".to_owned(), None, move |answer| {
            model.mirror.told_who(answer)
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
                    self.model.version.set(version);
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
                    self.model.connection.set(Connection::SignedOut);
                    // A frame that was reloaded has lost its token; the page around it has it.
                    tell_parent(SIGNED_OUT);
                    self.wait(LONG_MS).await;
                    backoff.reset();
                    self.model.connection.set(Connection::Connecting);
                    continue;
                }
                Err(_) => {}
            }
            let mut ms = backoff.failed(now_ms(), js_sys::Math::random());
            if self.is_displaced.get() && is_hidden() {
                // Where there are more pages than places, those that are seen have them.
                ms = LONG_MS;
            }
            self.model.connection.set(Connection::Retrying {
                at_ms: now_ms() + u64::from(ms),
            });
            self.wait(ms).await;
        }
    }

    /// Looks why the WebSocket did not open, where the server answers otherwise. Gives how many in a row did not.
    async fn look_for_obstacle(&self, failures: u32) -> u32 {
        if self.model.connection.get_untracked() == Connection::Live {
            return 0;
        }
        let failures = failures.saturating_add(1);
        if failures >= Obstacle::MIN_FAILURES {
            let is_foreign = self.is_foreign_origin().await;
            self.model.obstacle.set(Obstacle::of(failures, is_foreign));
        }
        failures
    }

    /// Whether the server takes the page for one of another origin; `None` where it does not answer.
    async fn is_foreign_origin(&self) -> Option<bool> {
        let answer = rest::ask("POST", "/api/origin", &self.credentials(), None).await;
        answer.map(|(status, text)| status == 403 && text.contains("Origin"))
    }

    /// Looks whether a page without credentials could not have got any: a sign-in is refused for its origin as well.
    async fn look_for_foreign_origin(&self) {
        let is_foreign = self.is_foreign_origin().await == Some(true);
        self.model.obstacle.update(|obstacle| match is_foreign {
            true => *obstacle = Some(Obstacle::Origin),
            false => *obstacle = obstacle.filter(|own| *own == Obstacle::Cookies),
        });
    }

    async fn wait(&self, ms: u32) {
        let wake = Rc::clone(&self.wake);
        sleep(ms, move |resolve| *wake.borrow_mut() = Some(resolve)).await;
    }

    /// Opens a socket and stays until it is closed. Whether the server has turned the page out.
    async fn hold(&self, backoff: &mut Backoff) -> bool {
        self.model.connection.set(Connection::Syncing);
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
                api.synced();
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
        let is_read = event.data().as_string().is_some_and(|text| self.model.receive(&text));
        if !is_read {
            self.model.unreadable.update(|count| *count += 1);
        }
    }

    /// The snapshot is here: what the page missed is fetched. From now on a device is told when it may do something else;
    /// what changed between its question and this, it was not told.
    fn synced(&self) {
        if !self.model.mirror.is_desktop() {
            self.ask_me();
        }
        self.fetch();
    }

    /// Asks for all that is known of a session; `done` is told the answer, or that there is none.
    pub(crate) fn session(&self, id: String, done: impl FnOnce(Option<String>) + 'static) {
        let credentials = self.credentials();
        spawn_local(async move { done(rest::session(&id, &credentials).await.ok()) });
    }

    /// Asks for a change; `done` is told the answer's status and body, or that there is none.
    pub(crate) fn ask(
        &self,
        method: &'static str,
        path: String,
        body: Option<String>,
        done: impl FnOnce(Option<(u16, String)>) + 'static,
    ) {
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

    /// Tells something that needs no answer.
    pub(crate) fn tell(&self, path: &'static str, body: String, lasting: Lasting) {
        let credentials = self.credentials();
        spawn_local(async move { rest::tell(path, &credentials, &body, lasting).await });
    }

    /// Fetches what the log has not got yet, of each of its sessions. Meanwhile what arrives waits.
    pub(crate) fn fetch(&self) {
        let ids = self.model.route.with_untracked(Route::sessions);
        if !ids.is_empty() {
            self.fetch_logs(ids);
        }
    }

    fn fetch_logs(&self, ids: Vec<String>) {
        let (model, credentials) = (self.model, self.credentials());
        // One fetch at a time: an older one that is still under way is given up.
        model.opened.update(|opened| *opened += 1);
        let opened = model.opened.get_untracked();
        let is_open = move || model.opened.get_untracked() == opened;
        // More than the log keeps is not asked for.
        let most = ring::MAX_ROWS / ids.len() as u64;
        let since = |place: u8, id: &str| {
            let newest = model
                .sessions
                .with_untracked(|sessions| sessions.get(id).map_or(0, |session| session.summary.seq));
            let is_numbered_here = |session: &Session| session.summary.info.protocol_version == 0;
            if model
                .sessions
                .with_untracked(|sessions| sessions.get(id).is_some_and(is_numbered_here))
            {
                model.log.update_value(|log| log.renumber(place, newest));
            }
            let last = model.log.with_value(|log| log.last_seq(place));
            last.max(newest.saturating_sub(most))
        };
        model.log.update_value(|log| log.fetch_begins());
        let wanted: Vec<_> = (0_u8..)
            .zip(ids)
            .map(|(place, id)| (place, since(place, &id), id))
            .collect();
        let api = self.clone();
        let is_listed = move |id: &str| model.sessions.with_untracked(|sessions| sessions.is_listed(id));
        spawn_local(async move {
            let go_on = || {
                model.ask_frame();
                is_open()
            };
            let (mut gone, mut failed) = (0, false);
            // Sessions that were not listed as they were asked for, and are not there.
            let mut missing = Vec::new();
            let count = wanted.len();
            for (place, since, id) in wanted {
                let mut take = |text: Option<&str>| match text.and_then(StreamLine::read) {
                    None => model.unreadable.update(|count| *count += 1),
                    Some(StreamLine::Event(line)) if is_open() => {
                        model.log.update_value(|log| log.fetched(place, &line));
                    }
                    Some(_) => {}
                };
                let was_listed = is_listed(&id);
                let mut answer = Ok(Some(since));
                while let Ok(Some(since)) = answer {
                    answer = rest::events(&id, since, ring::MAX_ROWS, &credentials, &mut take, &go_on).await;
                }
                gone += usize::from(answer == Err(Refused::NotFound));
                if answer == Err(Refused::NotFound) && !was_listed {
                    missing.push(id);
                }
                failed |= matches!(answer, Err(Refused::Failed | Refused::SignedOut));
            }
            if is_open() {
                let how = match failed {
                    true => Load::Failed,
                    false if gone == count => Load::Gone,
                    false => Load::Ready,
                };
                model.change_log(|log| log.fetch_ends(how));
                // What was fetched is in the numbers at once.
                model.sessions.notify();
                // One came to be listed while it was asked for, as after a restart of the server.
                if missing.iter().any(|id| is_listed(id)) {
                    api.fetch();
                }
            }
        });
    }
}
