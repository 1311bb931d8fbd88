//! Accepting a connection, with retries where the system refuses one, mostly for want of file descriptors or memory.
//!
//! A listener that is open works again as soon as something else was closed, so there is no number of failures after which
//! it is given up. The first failure in a row is reported, the others are not.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

/// Delay after a connection could not be accepted.
const RETRY_DELAY: Duration = Duration::from_millis(100);

/// Accepts the next connection; retries where the system refuses one, and calls `report` with the first error. Cancel-safe.
pub async fn accept(listener: &TcpListener, report: impl FnOnce(&io::Error)) -> (TcpStream, SocketAddr) {
    accept_with_retry(|| listener.accept(), report).await
}

async fn accept_with_retry<T, F>(mut accept: impl FnMut() -> F, report: impl FnOnce(&io::Error)) -> T
where
    F: Future<Output = io::Result<T>>,
{
    let mut report = Some(report);
    loop {
        match accept().await {
            Ok(connection) => return connection,
            Err(error) => {
                if let Some(report) = report.take() {
                    report(&error);
                }
                sleep(RETRY_DELAY).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn minutes_without_a_descriptor_end_nothing_and_are_reported_once() {
        let (began, mut reports) = (Instant::now(), 0);
        let outage = Duration::from_secs(300);
        let accept = || {
            std::future::ready(match began.elapsed() < outage {
                true => Err(io::Error::from(io::ErrorKind::Other)),
                false => Ok("a connection"),
            })
        };
        assert_eq!(accept_with_retry(accept, |_| reports += 1).await, "a connection");
        assert_eq!(reports, 1);
        assert!(began.elapsed() < outage + 2 * RETRY_DELAY, "{:?}", began.elapsed());
    }
}
