//! Relay of one connection: each of its two directions ends by itself, so that a half-closed connection goes on, and the
//! idle time counts both.
//!
//! A reset on one side becomes a reset on the other; an end becomes an end. Where a receiver fails, what it sent before
//! is still delivered.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until};

use crate::flow::{Broken, Flow};
#[cfg(target_os = "linux")]
use crate::pipe::Pipes;

/// Result of a relayed connection.
#[derive(Debug)]
pub(crate) struct Relayed {
    pub(crate) end: End,
    pub(crate) sent: u64,
    pub(crate) received: u64,
}

/// End of a relayed connection.
#[derive(Debug)]
pub(crate) enum End {
    /// Both sides ended in order.
    Closed,
    /// One side failed; both were reset.
    Reset(io::Error),
    /// No byte passed for the idle time-out.
    Idle,
}

/// Configuration of all relays of a proxy.
#[derive(Debug, Clone, Default)]
pub(crate) struct RelayConfig {
    /// `None` for no limit.
    pub(crate) idle_timeout: Option<Duration>,
    #[cfg(target_os = "linux")]
    pub(crate) pipes: Arc<Pipes>,
}

/// Forwards bytes both ways until both sides have ended, one has failed, or both were idle for too long.
pub(crate) async fn relay(client: &mut TcpStream, upstream: &mut TcpStream, config: &RelayConfig) -> Relayed {
    let relayed = forward(client, upstream, config).await;
    if let End::Reset(_) = relayed.end {
        // Dropping them sends RST, as the failed side did.
        client.set_zero_linger().ok();
        upstream.set_zero_linger().ok();
    }
    relayed
}

async fn forward(client: &mut TcpStream, upstream: &mut TcpStream, config: &RelayConfig) -> Relayed {
    let (client_reader, client_writer) = client.split();
    let (upstream_reader, upstream_writer) = upstream.split();
    #[cfg(target_os = "linux")]
    let flow = |from, to| Flow::new(from, to, &config.pipes);
    #[cfg(not(target_os = "linux"))]
    let flow = Flow::new;
    let mut there = Direction::new(flow(client_reader, upstream_writer));
    let mut back = Direction::new(flow(upstream_reader, client_writer));
    let mut moved = 0;
    let mut last = Instant::now();
    let mut idle = pin!(config.idle_timeout.map(|time| sleep_until(last + time)));
    let end = std::future::poll_fn(|cx| {
        // The answer goes first: what a server says before it hangs up must not be lost to the request that it refuses.
        for direction in [&mut back, &mut there] {
            if let Err(error) = direction.poll(cx) {
                return Poll::Ready(End::Reset(error));
            }
        }
        match (&back.state, &there.state) {
            (DirectionState::Flowing, _) | (_, DirectionState::Flowing) => {}
            // Both are through. What one of them could not write is a reset, once all was read that can be.
            _ => return Poll::Ready(back.failure().or(there.failure()).map_or(End::Closed, End::Reset)),
        }
        let (Some(mut idle), Some(time)) = (idle.as_mut().as_pin_mut(), config.idle_timeout) else {
            return Poll::Pending;
        };
        let now_moved = there.flow.bytes + back.flow.bytes;
        if now_moved != moved {
            (moved, last) = (now_moved, Instant::now());
        }
        // The timer is set anew only when it goes off: a busy connection has other things to do.
        while idle.as_mut().poll(cx).is_ready() {
            if last + time <= Instant::now() {
                return Poll::Ready(End::Idle);
            }
            idle.as_mut().reset(last + time);
        }
        Poll::Pending
    })
    .await;
    Relayed {
        end,
        sent: there.flow.bytes,
        received: back.flow.bytes,
    }
}

struct Direction<'a> {
    flow: Flow<'a>,
    state: DirectionState,
}

enum DirectionState {
    Flowing,
    Over,
    /// The receiver failed; the other direction reads what it left.
    Failed(io::Error),
}

impl<'a> Direction<'a> {
    fn new(flow: Flow<'a>) -> Self {
        Self {
            flow,
            state: DirectionState::Flowing,
        }
    }

    /// Fails where the sender failed: then nothing more can come of the connection.
    fn poll(&mut self, cx: &mut std::task::Context<'_>) -> Result<(), io::Error> {
        if !matches!(self.state, DirectionState::Flowing) {
            return Ok(());
        }
        match self.flow.poll(cx) {
            Poll::Pending => {}
            Poll::Ready(Ok(())) => self.state = DirectionState::Over,
            Poll::Ready(Err(Broken::Writing(error))) => self.state = DirectionState::Failed(error),
            Poll::Ready(Err(Broken::Reading(error))) => return Err(error),
        }
        Ok(())
    }

    fn failure(&mut self) -> Option<io::Error> {
        match std::mem::replace(&mut self.state, DirectionState::Over) {
            DirectionState::Failed(error) => Some(error),
            _ => None,
        }
    }
}
