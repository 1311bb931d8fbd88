//! Equipment for tests of the whole: a temporary home, the real binary in it, and the clients that a user would have.
//!
//! Only the public surface is used: the command line, the sockets, the HTTP API and the page. Nothing in here sleeps for
//! a guess: [`eventually`] asks again until a deadline.

#![expect(clippy::missing_panics_doc, reason = "a harness panics where a test fails")]

pub mod browser;
pub mod cluster;
pub mod home;
pub mod host;
pub mod http;
pub mod mirror;
pub mod namespace;
pub mod network;
pub mod program;
pub mod released;
pub mod schema;
pub mod service;
pub mod ui;
pub mod ws;

use std::future::Future;
use std::time::{Duration, Instant};

/// Time-out of every wait in a test: long, because a pass never waits for it.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// Asks again until there is an answer.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    let started = Instant::now();
    let mut again = tokio::time::interval(Duration::from_millis(10));
    loop {
        again.tick().await;
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(
            started.elapsed() < DEADLINE,
            "within {DEADLINE:?} it did not happen that {what}"
        );
    }
}

/// Waits for something that ends by itself.
pub async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(DEADLINE, future)
        .await
        .unwrap_or_else(|_| panic!("{what} took longer than {DEADLINE:?}"))
}
