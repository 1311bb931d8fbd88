//! Accepting a connection, again and again where the system refuses one: for want of file descriptors or memory, as a rule.
//!
//! A listener that is open works again as soon as something else was closed, so there is no number of failures after which
//! it is given up. The first failure in a row is reported, the others are not.

use std::io;
use std::time::Duration;

use tokio::time::sleep;

/// The wait after a connection could not be accepted.
const RETRY_DELAY: Duration = Duration::from_millis(100);

/// Calls `accept` until it gives a connection. Safe to drop at any await, as `accept` is.
pub(crate) async fn accept_with_retry<T, F>(mut accept: impl FnMut() -> F, report: impl FnOnce(&io::Error)) -> T
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
    async fn an_hour_without_a_descriptor_ends_nothing_and_is_reported_once() {
        let (began, mut reports) = (Instant::now(), 0);
        let hour = Duration::from_secs(3_600);
        let accept = || {
            std::future::ready(match began.elapsed() < hour {
                true => Err(rustix::io::Errno::MFILE.into()),
                false => Ok("a connection"),
            })
        };
        assert_eq!(accept_with_retry(accept, |_| reports += 1).await, "a connection");
        assert_eq!(reports, 1);
        assert!(began.elapsed() < hour + 2 * RETRY_DELAY, "{:?}", began.elapsed());
    }
}
