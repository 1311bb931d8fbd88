//! Exporter: a handle that lines and snapshots are given to, and the task that sends them.
//!
//! Logs and metrics have a connection each, so that records that wait hold up no counts. Of metrics only the newest set waits: its
//! numbers go on from those before. Everything that can fail fails in [`Exporter::new`].

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use mirrord_wire::SessionInfo;
use mirrord_wire::api::OtlpInfo;
use prost::Message as _;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::backoff::Backoff;
use crate::batch::logs_request;
use crate::convert::metrics;
use crate::counts::{Counts, Dropped, Signal};
use crate::error::{SendError, SettingsError};
use crate::limits;
use crate::queue::{Entry, Queue};
use crate::settings::Settings;
use crate::snapshot::Snapshot;
use crate::source::Source;
use crate::transport::{Accepted, Connector, Failure, Line};

/// Handle of an exporter.
#[derive(Debug, Clone)]
pub struct Exporter {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    settings: Settings,
    queue: Mutex<Queue>,
    /// A batch is there, or the first line of one.
    news: Notify,
    /// There is room again.
    room: Notify,
    /// Newest set of metrics.
    snapshots: Mutex<Vec<Snapshot>>,
    snapshots_news: Notify,
    counts: Counts,
    sources: AtomicU64,
    closed: CancellationToken,
}

/// Task of an exporter: sends until [`Exporter::close`], and then for [`limits::SHUTDOWN_TIMEOUT`] at most.
#[derive(Debug)]
#[must_use = "nothing is sent before it runs"]
pub struct ExportTask {
    shared: Arc<Shared>,
    connector: Arc<Connector>,
}

impl Exporter {
    /// Creates an exporter and its task.
    ///
    /// # Errors
    /// There are no certificates that the endpoint's could be checked with.
    pub fn new(settings: Settings) -> Result<(Self, ExportTask), SettingsError> {
        let connector = Arc::new(Connector::new(&settings)?);
        let shared = Arc::new(Shared {
            settings,
            queue: Mutex::new(Queue::new(limits::QUEUE_BYTES)),
            news: Notify::new(),
            room: Notify::new(),
            snapshots: Mutex::default(),
            snapshots_news: Notify::new(),
            counts: Counts::default(),
            sources: AtomicU64::new(1),
            closed: CancellationToken::new(),
        });
        let task = ExportTask {
            shared: Arc::clone(&shared),
            connector,
        };
        Ok((Self { shared }, task))
    }

    /// Creates the source of a session. The caller has redacted its description, where that is asked for.
    #[must_use]
    pub fn source(&self, info: &SessionInfo) -> Arc<Source> {
        let number = self.shared.sources.fetch_add(1, Ordering::Relaxed);
        Arc::new(Source::new(number, info, &self.shared.settings))
    }

    /// Queues an event line, redacted by the caller; one that finds no room is dropped and counted. Never blocks.
    pub fn push(&self, source: &Arc<Source>, line: &str) {
        if self.shared.closed.is_cancelled() {
            return self.shared.counts.dropped(Signal::Logs, Dropped::Shutdown, 1);
        }
        let (pushed, is_news) = {
            let mut queue = self.shared.queue();
            let before = (queue.waits_since().is_some(), queue.is_batch());
            let pushed = queue.push(source, line);
            (pushed, before != (queue.waits_since().is_some(), queue.is_batch()))
        };
        if is_news {
            self.shared.news.notify_one();
        }
        if !pushed {
            self.count_missed(1);
        }
    }

    /// Counts events that were dropped before they could be pushed.
    pub fn count_missed(&self, events: u64) {
        self.shared.counts.dropped(Signal::Logs, Dropped::QueueFull, events);
    }

    /// Waits until at least half of the queue is free, for a caller that can hold its lines back. Cancel-safe.
    pub async fn room(&self) {
        loop {
            let news = self.shared.room.notified();
            if self.shared.queue().has_room() {
                return;
            }
            news.await;
        }
    }

    /// Gives the newest counts, which take the place of those that were not sent yet.
    pub fn measure(&self, snapshots: Vec<Snapshot>) {
        *self.shared.snapshots() = snapshots;
        self.shared.snapshots_news.notify_one();
    }

    /// Returns whether values of environment variables are to be sent.
    #[must_use]
    pub fn env_values(&self) -> bool {
        self.shared.settings.env_values
    }

    /// Returns whether the caller is to redact.
    #[must_use]
    pub fn is_redacted(&self) -> bool {
        self.shared.settings.redacted
    }

    /// Returns the counts, for `GET /api/otlp`.
    #[must_use]
    pub fn info(&self) -> OtlpInfo {
        let Settings { endpoint, redacted, .. } = &self.shared.settings;
        let mut info = OtlpInfo {
            enabled: true,
            endpoint: Some(endpoint.to_string()),
            protocol: Some(endpoint.protocol().name().to_owned()),
            redacted: *redacted,
            ..OtlpInfo::default()
        };
        let queued = self.shared.queue().len() as u64;
        self.shared.counts.fill(&mut info);
        info.logs.queued += queued;
        info
    }

    /// Ends the exporter: nothing more is taken, and the task sends what waits.
    pub fn close(&self) {
        self.shared.closed.cancel();
    }
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn snapshots(&self) -> MutexGuard<'_, Vec<Snapshot>> {
        self.snapshots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a batch: a full one, or what has come when its time is over; `None` once closed and empty.
    async fn next_batch(&self) -> Option<Vec<Entry>> {
        loop {
            let news = self.news.notified();
            let waits_since = {
                let mut queue = self.queue();
                let waits_since = queue.waits_since();
                let is_due = |since: Instant| since.elapsed() >= self.settings.timing.batch_interval;
                let is_closed = self.closed.is_cancelled();
                if queue.is_batch() || is_closed || waits_since.is_some_and(is_due) {
                    let batch = queue.take_batch();
                    if queue.has_room() {
                        self.room.notify_waiters();
                    }
                    if !batch.is_empty() || is_closed {
                        return (!batch.is_empty()).then_some(batch);
                    }
                }
                waits_since
            };
            let due = async {
                match waits_since {
                    Some(since) => sleep_until(since + self.settings.timing.batch_interval).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = news => {}
                () = due => {}
                () = self.closed.cancelled() => {}
            }
        }
    }

    async fn send_logs(&self, mut line: Line) {
        while let Some(batch) = self.next_batch().await {
            let request = logs_request(&batch, &self.settings);
            drop(batch);
            self.counts
                .dropped(Signal::Logs, Dropped::Unreadable, request.unreadable);
            if request.records > 0 {
                self.counts.begin(Signal::Logs, request.records);
                self.deliver(Signal::Logs, &mut line, request.body).await;
            }
        }
    }

    async fn send_metrics(&self, mut line: Line) {
        loop {
            let news = self.snapshots_news.notified();
            let snapshots = std::mem::take(&mut *self.snapshots());
            if snapshots.is_empty() {
                if self.closed.is_cancelled() {
                    return;
                }
                tokio::select! {
                    () = news => {}
                    () = self.closed.cancelled() => {}
                }
                continue;
            }
            let (request, points) = metrics::request(&snapshots, &self.settings.version);
            self.counts.begin(Signal::Metrics, points);
            self.deliver(Signal::Metrics, &mut line, request.encode_to_vec().into())
                .await;
        }
    }

    /// Sends a request until it is accepted, refused, or given up.
    async fn deliver(&self, signal: Signal, line: &mut Line, body: Bytes) {
        let timing = &self.settings.timing;
        let begun = Instant::now();
        let mut backoff = Backoff::new(timing.first_retry_delay);
        loop {
            let was_failing = line.is_failing;
            let (error, asked) = match self.attempt(line, body.clone()).await {
                Ok(Accepted { rejected }) => return self.counts.accepted(signal, rejected),
                Err(Failure::Refused(error)) => {
                    self.counts.failed(signal, error);
                    return self.counts.give_up(signal, Dropped::Rejected);
                }
                Err(Failure::Retryable { error, after }) => (error, after),
            };
            self.counts.failed(signal, error);
            // At the end an endpoint that has answered so far has another chance, and one that is away holds up nothing.
            if self.closed.is_cancelled() && was_failing {
                return self.counts.give_up(signal, Dropped::Shutdown);
            }
            let delay = backoff.delay(asked);
            if begun.elapsed() + delay > timing.max_retry_time {
                return self.counts.give_up(signal, Dropped::RetriesExhausted);
            }
            if self.closed.is_cancelled() {
                sleep(delay).await;
                continue;
            }
            tokio::select! {
                () = sleep(delay) => {}
                // One more time, and at once.
                () = self.closed.cancelled() => {}
            }
        }
    }

    async fn attempt(&self, line: &mut Line, body: Bytes) -> Result<Accepted, Failure> {
        let limit = self.settings.timing.request_timeout;
        let result = timeout(limit, line.send(body)).await.unwrap_or_else(|_| {
            line.disconnect();
            Err(Failure::Retryable {
                error: SendError::Timeout,
                after: None,
            })
        });
        line.is_failing = matches!(result, Err(Failure::Retryable { .. }));
        result
    }
}

impl ExportTask {
    /// Sends until the exporter is closed, and what waits then within [`limits::SHUTDOWN_TIMEOUT`].
    pub async fn run(self) {
        let Self { shared, connector } = self;
        let line = |signal| Line::new(Arc::clone(&connector), signal);
        let deadline = async {
            shared.closed.cancelled().await;
            sleep(shared.settings.timing.shutdown_timeout).await;
        };
        let work = async {
            tokio::join!(
                shared.send_logs(line(Signal::Logs)),
                shared.send_metrics(line(Signal::Metrics))
            )
        };
        tokio::select! {
            _ = work => {}
            () = deadline => {}
        }
        shared.closed.cancel();
        for signal in [Signal::Logs, Signal::Metrics] {
            shared.counts.give_up(signal, Dropped::Shutdown);
        }
        let left = shared.queue().clear();
        shared.counts.dropped(Signal::Logs, Dropped::Shutdown, left);
        shared.room.notify_waiters();
    }
}

#[cfg(test)]
mod tests;
