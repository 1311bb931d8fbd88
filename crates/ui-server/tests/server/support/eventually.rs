//! Conditions with a deadline, for the tests from outside and the unit tests alike.

use std::time::Duration;

use tokio::time::{interval, timeout};

/// Longer than anything takes on a busy machine; a test that meets it has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Between two looks at whether a condition is met; what passes waits for nothing else.
const ASK_INTERVAL: Duration = Duration::from_millis(5);

/// Asks again and again until there is an answer, or fails.
pub(crate) async fn eventually<T>(mut condition: impl AsyncFnMut() -> Option<T>) -> T {
    let asking = async {
        let mut again = interval(ASK_INTERVAL);
        loop {
            again.tick().await;
            if let Some(met) = condition().await {
                return met;
            }
        }
    };
    timeout(PATIENCE, asking).await.expect("the condition is met in time")
}
