//! The WebSocket: the upgrade (RFC 6455, section 4.2), and a reader's connection from then on.
//!
//! Reading and writing run beside each other, so that a client that does not read is still found out by its missing
//! pong. Nothing is queued for a client: the next portion is taken from the store when the last one has been written.

use std::sync::Arc;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use http::{HeaderValue, StatusCode, header};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout, timeout_at};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};
use tokio_util::sync::CancellationToken;

use super::answer::{self, Response};
use super::call::Call;
use super::openapi::{FeedQuery, Feeds, SessionPath, UnknownSession};
use crate::access::page_key;
use crate::connections::Connection;
use crate::limits;
use crate::mirror::Mirror;
use crate::store::Store;
use crate::ws_feed::{FeedCursor, Subscription};

/// The read and the write buffer of a connection: a client says nothing, and portions are flushed as they are written.
const BUFFER_BYTES: usize = 16 * 1024;
/// The time that a close frame has to go out.
const CLOSE_TIMEOUT: std::time::Duration = std::time::Duration::from_millis(500);

/// Opens the WebSocket of all sessions.
#[utoipa::path(
    get,
    path = "/ws",
    operation_id = "websocket",
    tag = "websocket",
    params(FeedQuery),
    responses(Feeds)
)]
pub(super) fn all(call: &Call) -> Response {
    upgrade(None, call)
}

/// Opens the WebSocket of one session.
#[utoipa::path(
    get,
    path = "/ws/{id}",
    operation_id = "session_websocket",
    tag = "websocket",
    params(SessionPath, FeedQuery),
    responses(Feeds, UnknownSession)
)]
pub(super) fn one(id: String, call: &Call) -> Response {
    upgrade(Some(id), call)
}

fn upgrade(id: Option<String>, call: &Call) -> Response {
    let (key, on_upgrade) = match handshake(call) {
        Ok(accepted) => accepted,
        Err(response) => return *response,
    };
    let (batch, ended) = match (call.flag("batch"), call.flag("ended")) {
        (Ok(batch), Ok(ended)) => (batch, ended),
        (Err(reason), _) | (_, Err(reason)) => return answer::error(StatusCode::BAD_REQUEST, reason),
    };
    if id
        .as_deref()
        .is_some_and(|id| call.context.store.lock().key(id).is_none())
    {
        return answer::unknown_session();
    }
    let subscription = Subscription {
        session_id: id,
        batch,
        ended,
        audience: call.audience(),
    };
    let busy = call.connection.as_ref().map(|connection| connection.websocket());
    let feed = Feed {
        store: call.context.store.clone(),
        mirror: Arc::clone(&call.context.mirror),
        ends: Ends::of(call),
    };
    let counted = OpenSocket::of(call);
    call.context.tracker.spawn(async move {
        // The place in the table of connections is held for as long as the WebSocket is open.
        let _held = (busy, counted);
        // A device that is revoked in between is not waited for.
        let upgraded = tokio::select! {
            upgraded = on_upgrade => upgraded,
            _ = feed.ends.wait() => return,
        };
        match upgraded {
            Ok(upgraded) => serve(TokioIo::new(upgraded), &feed, subscription).await,
            Err(error) => tracing::debug!(%error, "a WebSocket did not come about"),
        }
    });
    let mut response = Response::default();
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, key);
    // Browsers give up a WebSocket of which they offered subprotocols and none was selected.
    if page_key::subprotocols(&call.headers).any(|name| name == page_key::SUBPROTOCOL) {
        let selected = HeaderValue::from_static(page_key::SUBPROTOCOL);
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, selected);
    }
    response
}

/// Source of a WebSocket's messages, and the reasons for its end.
struct Feed {
    store: Arc<Store>,
    mirror: Arc<Mirror>,
    ends: Ends,
}

/// Reasons to close a WebSocket from our side.
struct Ends {
    /// The server stops, or the listener that the client came through; or another WebSocket needs the place.
    close: CancellationToken,
    connection: Option<Arc<Connection>>,
    /// The device is signed in no more; never, on the desktop.
    revoked: CancellationToken,
}

impl Ends {
    fn of(call: &Call) -> Self {
        let connection = call.connection.clone();
        let device = call.caller.device.as_ref();
        let close = connection.as_ref().map(|connection| connection.close.clone());
        Self {
            close: close.unwrap_or_else(|| call.context.shutdown.clone()),
            connection,
            revoked: device.map_or_else(CancellationToken::new, |device| device.revoked.clone()),
        }
    }

    /// Waits for it, and says why.
    async fn wait(&self) -> (CloseCode, &'static str) {
        tokio::select! {
            biased;
            () = self.revoked.cancelled() => (CloseCode::Policy, "the device is signed in no more"),
            () = self.close.cancelled() => self.closed(),
        }
    }

    fn closed(&self) -> (CloseCode, &'static str) {
        match &self.connection {
            Some(connection) if connection.is_displaced() => {
                (CloseCode::Again, "too many WebSockets: this one was opened first")
            }
            _ => (CloseCode::Away, "the server stops"),
        }
    }
}

/// Open WebSocket of a device; counted until this is dropped.
struct OpenSocket {
    mirror: Arc<Mirror>,
    device: String,
}

impl OpenSocket {
    fn of(call: &Call) -> Option<Self> {
        let device = call.caller.device.as_ref()?.id.clone();
        let mirror = Arc::clone(&call.context.mirror);
        mirror.lock().count_socket(&device, true);
        Some(Self { mirror, device })
    }
}

impl Drop for OpenSocket {
    fn drop(&mut self) {
        self.mirror.lock().count_socket(&self.device, false);
    }
}

/// Checks a handshake: returns the value for `Sec-WebSocket-Accept` and the upgrade.
fn handshake(call: &Call) -> Result<(HeaderValue, OnUpgrade), Box<Response>> {
    let has = |name: &header::HeaderName, token: &str| {
        let values = call
            .headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok());
        values
            .flat_map(|value| value.split(','))
            .any(|own| own.trim().eq_ignore_ascii_case(token))
    };
    if !has(&header::CONNECTION, "upgrade") || !has(&header::UPGRADE, "websocket") {
        let mut response = answer::error(StatusCode::UPGRADE_REQUIRED, "this route is a WebSocket");
        let headers = response.headers_mut();
        headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        return Err(response.into());
    }
    let bad = |reason| answer::error(StatusCode::BAD_REQUEST, reason);
    if !has(&header::SEC_WEBSOCKET_VERSION, "13") {
        let mut response = bad("the WebSocket's version is 13");
        let version = HeaderValue::from_static("13");
        response.headers_mut().insert(header::SEC_WEBSOCKET_VERSION, version);
        return Err(response.into());
    }
    let key = call
        .headers
        .get(header::SEC_WEBSOCKET_KEY)
        .filter(|key| key.len() == 24);
    let accept = key.and_then(|key| HeaderValue::try_from(derive_accept_key(key.as_bytes())).ok());
    match (accept, call.upgrade.clone()) {
        (Some(accept), Some(upgrade)) => Ok((accept, upgrade)),
        _ => Err(bad("the request cannot become a WebSocket").into()),
    }
}

async fn serve<C>(connection: C, feed: &Feed, subscription: Subscription)
where
    C: AsyncRead + AsyncWrite + Unpin,
{
    let config = WebSocketConfig::default()
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(BUFFER_BYTES)
        .max_message_size(Some(limits::MAX_CLIENT_MESSAGE_BYTES))
        .max_frame_size(Some(limits::MAX_CLIENT_MESSAGE_BYTES));
    let socket = WebSocketStream::from_raw_socket(connection, Role::Server, Some(config)).await;
    let (mut sink, stream) = socket.split();
    let close = tokio::select! {
        close = feed.ends.wait() => Some(close),
        close = read(stream) => close,
        result = write(&mut sink, feed, subscription) => {
            if let Err(error) = result {
                tracing::debug!(%error, "a WebSocket ended");
            }
            None
        }
    };
    if let Some((code, reason)) = close {
        let frame = CloseFrame {
            code,
            reason: Utf8Bytes::from_static(reason),
        };
        // Told if it listens; closed either way.
        timeout(CLOSE_TIMEOUT, sink.send(Message::Close(Some(frame))))
            .await
            .ok();
    }
}

/// Reads what the client sends, which is nothing but pongs, to the end; gives the reason where it is ours to close.
async fn read<C>(mut stream: SplitStream<WebSocketStream<C>>) -> Option<(CloseCode, &'static str)>
where
    C: AsyncRead + AsyncWrite + Unpin,
{
    let mut pong_until = Instant::now() + limits::PONG_TIMEOUT;
    let mut messages = 0;
    loop {
        let Ok(message) = timeout_at(pong_until, stream.next()).await else {
            return Some((CloseCode::Policy, "no pong came in time"));
        };
        match message? {
            Ok(Message::Pong(_)) => {
                pong_until = Instant::now() + limits::PONG_TIMEOUT;
                messages = 0;
            }
            Ok(Message::Close(_)) => return None,
            Ok(_) if messages < limits::MAX_CLIENT_MESSAGES => messages += 1,
            Ok(_) => return Some((CloseCode::Policy, "too many messages")),
            Err(Error::Capacity(_)) => return Some((CloseCode::Size, "the message is too long")),
            Err(error) => {
                tracing::debug!(%error, "a WebSocket broke off");
                return None;
            }
        }
    }
}

/// Sends the snapshot and from then on whatever there is, a portion at a time.
async fn write<C>(
    sink: &mut SplitSink<WebSocketStream<C>, Message>,
    feed: &Feed,
    subscription: Subscription,
) -> Result<(), Error>
where
    C: AsyncRead + AsyncWrite + Unpin,
{
    let store = &*feed.store;
    let mut notifications = feed.mirror.notifications(subscription.audience);
    let mut changed = store.subscribe();
    let gather = if subscription.batch {
        limits::BATCH_INTERVAL
    } else {
        std::time::Duration::ZERO
    };
    let mut pings = interval_at(Instant::now() + limits::PING_INTERVAL, limits::PING_INTERVAL);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut reader, snapshot) = FeedCursor::attach(store, subscription);
    sink.feed(Message::Text(snapshot)).await?;
    let mut portion = Vec::new();
    notifications.next_messages(&feed.mirror, &mut portion);
    for message in portion.drain(..) {
        sink.feed(Message::Text(message)).await?;
    }
    sink.flush().await?;
    let mut sent = Instant::now();
    loop {
        tokio::select! {
            _ = pings.tick() => {
                sink.send(Message::Ping(bytes::Bytes::new())).await?;
                continue;
            }
            turned = changed.changed() => if turned.is_err() { return Ok(()) },
        }
        // A lone event goes at once; what follows within the interval goes with its end.
        sleep_until(sent + gather).await;
        changed.borrow_and_update();
        notifications.next_messages(&feed.mirror, &mut portion);
        loop {
            let more = reader.next_messages(store, &mut portion);
            for message in portion.drain(..) {
                sink.feed(Message::Text(message)).await?;
            }
            sink.flush().await?;
            if !more {
                break;
            }
        }
        sent = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt as _, DuplexStream, duplex};

    use super::*;
    use crate::mirror::CliOverrides;
    use crate::store::Bounds;

    /// A served connection; the task ends with it.
    fn served() -> (DuplexStream, tokio::task::JoinHandle<Duration>) {
        served_until(CancellationToken::new())
    }

    fn served_until(revoked: CancellationToken) -> (DuplexStream, tokio::task::JoinHandle<Duration>) {
        let (client, server) = duplex(64);
        let began = Instant::now();
        let task = tokio::spawn(async move {
            let store = Arc::new(Store::new(Bounds::default()));
            let home = tempfile::tempdir().unwrap();
            let ends = Ends {
                close: CancellationToken::new(),
                connection: None,
                revoked,
            };
            let mirror = Arc::new(Mirror::new(home.path(), CliOverrides::default()));
            serve(server, &Feed { store, mirror, ends }, Subscription::default()).await;
            began.elapsed()
        });
        (client, task)
    }

    /// As above, of a device that is revoked by the token.
    fn served_to_a_device() -> (DuplexStream, tokio::task::JoinHandle<Duration>, CancellationToken) {
        let revoked = CancellationToken::new();
        let (client, task) = served_until(revoked.clone());
        (client, task, revoked)
    }

    #[tokio::test(start_paused = true)]
    async fn a_revoked_device_is_told_why_and_cut_off_within_a_second_though_it_reads_nothing() {
        let (client, task, revoked) = served_to_a_device();
        let mut client = WebSocketStream::from_raw_socket(client, Role::Client, None).await;
        client.next().await.unwrap().unwrap();
        revoked.cancel();
        let Some(Ok(Message::Close(Some(frame)))) = client.next().await else {
            panic!("it is told");
        };
        assert_eq!(frame.reason.as_str(), "the device is signed in no more");
        assert_eq!(task.await.unwrap(), Duration::ZERO, "at once");

        let (deaf, task, revoked) = served_to_a_device();
        tokio::time::advance(Duration::from_secs(1)).await;
        revoked.cancel();
        let took = task.await.unwrap();
        assert!(took <= Duration::from_secs(2), "{took:?}");
        drop(deaf);
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_answers_pings_stays_and_one_that_falls_silent_goes() {
        let (client, task) = served();
        let mut client = WebSocketStream::from_raw_socket(client, Role::Client, None).await;
        let mut pings = 0;
        // Reading answers the pings.
        while pings < 10 {
            pings += u32::from(matches!(client.next().await, Some(Ok(Message::Ping(_)))));
        }
        client.flush().await.unwrap();
        assert!(!task.is_finished());
        let (mut silent, since) = (client.into_inner(), Instant::now());
        let mut rest = Vec::new();
        silent.read_to_end(&mut rest).await.unwrap();
        assert!(since.elapsed() >= limits::PONG_TIMEOUT, "{:?}", since.elapsed());
        assert!(task.await.unwrap() <= 10 * limits::PING_INTERVAL + limits::PONG_TIMEOUT + CLOSE_TIMEOUT);
        assert!(String::from_utf8_lossy(&rest).ends_with("no pong came in time"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_never_reads_goes_as_well() {
        let (client, task) = served();
        let took = task.await.unwrap();
        assert!(took <= limits::PONG_TIMEOUT + CLOSE_TIMEOUT, "{took:?}");
        drop(client);
    }
}
