//! The WebSocket: the upgrade (RFC 6455, section 4.2), and a reader's connection from then on.
//!
//! Reading and writing run beside each other, so that a client that does not read is still found out by its missing
//! pong. Nothing is queued for a client: the next portion is taken from the store when the last one has been written.

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use http::{HeaderValue, StatusCode, header};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout, timeout_at};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};
use tokio_util::sync::CancellationToken;

use super::answer::{self, Response};
use super::{Call, sessions};
use crate::hub::{Reader, Subscription};
use crate::limits;
use crate::store::Store;

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// The read and the write buffer of a connection: a client says nothing, and portions are flushed as they are written.
const BUFFER_BYTES: usize = 16 * 1024;
/// The time that a close frame has to go out.
const CLOSE_TIMEOUT: std::time::Duration = std::time::Duration::from_millis(500);

/// `GET /ws` and `GET /ws/:id`.
pub(super) fn upgrade(id: Option<String>, call: &Call) -> Response {
    let (key, on_upgrade) = match handshake(call) {
        Ok(accepted) => accepted,
        Err(response) => return *response,
    };
    let (batch, ended) = match (sessions::flag(call, "batch"), sessions::flag(call, "ended")) {
        (Ok(batch), Ok(ended)) => (batch, ended),
        (Err(reason), _) | (_, Err(reason)) => return answer::error(StatusCode::BAD_REQUEST, reason),
    };
    if id
        .as_deref()
        .is_some_and(|id| call.context.store.lock().key(id).is_none())
    {
        return sessions::unknown();
    }
    let subscription = Subscription {
        session_id: id,
        batch,
        ended,
    };
    let busy = call.connection.as_ref().map(|connection| connection.busy());
    let (store, shutdown) = (call.context.store.clone(), call.context.shutdown.clone());
    call.context.tracker.spawn(async move {
        // The place in the table of connections is held for as long as the WebSocket is open.
        let _busy = busy;
        match on_upgrade.await {
            Ok(upgraded) => serve(upgraded, &store, subscription, &shutdown).await,
            Err(error) => tracing::debug!(%error, "a WebSocket did not come about"),
        }
    });
    let mut response = Response::default();
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, key);
    response
}

/// What the client offers, checked: the value for `Sec-WebSocket-Accept` and the way to the connection.
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

async fn serve(upgraded: Upgraded, store: &Store, subscription: Subscription, shutdown: &CancellationToken) {
    let config = WebSocketConfig::default()
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(BUFFER_BYTES)
        .max_message_size(Some(limits::MAX_CLIENT_MESSAGE_BYTES))
        .max_frame_size(Some(limits::MAX_CLIENT_MESSAGE_BYTES));
    let socket = Socket::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await;
    let (mut sink, stream) = socket.split();
    let close = tokio::select! {
        () = shutdown.cancelled() => Some((CloseCode::Away, "the server stops")),
        close = read(stream) => close,
        result = write(&mut sink, store, subscription) => {
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
async fn read(mut stream: SplitStream<Socket>) -> Option<(CloseCode, &'static str)> {
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
async fn write(sink: &mut SplitSink<Socket, Message>, store: &Store, subscription: Subscription) -> Result<(), Error> {
    let mut changed = store.subscribe();
    let gather = if subscription.batch {
        limits::BATCH_INTERVAL
    } else {
        std::time::Duration::ZERO
    };
    let mut pings = interval_at(Instant::now() + limits::PING_INTERVAL, limits::PING_INTERVAL);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut reader, snapshot) = Reader::attach(store, subscription);
    sink.send(Message::Text(snapshot)).await?;
    let mut sent = Instant::now();
    let mut portion = Vec::new();
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
        loop {
            let more = reader.pull(store, &mut portion);
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
