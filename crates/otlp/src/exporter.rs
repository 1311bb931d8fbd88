//! Exporter: a handle that lines and snapshots are given to, and the task that sends them.
//!
//! Logs and metrics have a connection each, so that records that wait hold up no counts. Of metrics only the newest set waits: its
//! numbers go on from those before. Everything that can fail fails in [`Exporter::new`]. Whatever a request waits for, be it an
//! answer or the next attempt, it waits no longer than [`Shared::end`].

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use mirrord_wire::SessionInfo;
use mirrord_wire::api::OtlpInfo;
use prost::Message as _;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until};
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
    /// Time at which what still waits is dropped; set by [`Exporter::close`], before `closed`.
    ends_at: OnceLock<Instant>,
    /// Cancelled where what waits is to be dropped at once.
    cut: CancellationToken,
}

/// Reason for which no other attempt is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum GiveUp {
    RetriesExhausted,
    /// The endpoint asks to wait for longer than the end lasts.
    AskedPastEnd(Duration),
    /// The time at the end is over, or will be before it.
    Over,
}

/// Outcome of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Delivery {
    /// It was sent, refused, or given up: the next one's turn.
    Done,
    /// There is no time left, for it or for another one.
    Over,
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
            ends_at: OnceLock::new(),
            cut: CancellationToken::new(),
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

    /// Ends the exporter: nothing more is taken, and the task sends what waits, within [`limits::SHUTDOWN_TIMEOUT`] of the first
    /// call.
    pub fn close(&self) {
        let Shared {
            settings,
            ends_at,
            closed,
            ..
        } = &*self.shared;
        ends_at.get_or_init(|| Instant::now() + settings.timing.shutdown_timeout);
        closed.cancel();
    }

    /// Closes the exporter and waits for its task. With `hurry` it ends at once: what waits, and the request that is under way,
    /// is dropped and counted.
    pub async fn finish(&self, mut task: JoinHandle<()>, hurry: &CancellationToken) {
        self.close();
        tokio::select! {
            _ = &mut task => return,
            () = hurry.cancelled() => self.shared.cut.cancel(),
        }
        task.await.ok();
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
            if self.is_over() {
                let left = batch.len() as u64;
                return self.counts.dropped(Signal::Logs, Dropped::Shutdown, left);
            }
            let request = logs_request(&batch, &self.settings);
            drop(batch);
            self.counts
                .dropped(Signal::Logs, Dropped::Unreadable, request.unreadable);
            if request.records > 0 {
                self.counts.begin(Signal::Logs, request.records);
                if self.deliver(Signal::Logs, &mut line, request.body).await == Delivery::Over {
                    return;
                }
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
            let body = request.encode_to_vec().into();
            if self.deliver(Signal::Metrics, &mut line, body).await == Delivery::Over {
                return;
            }
        }
    }

    /// Sends a request until it is accepted, refused, or given up.
    async fn deliver(&self, signal: Signal, line: &mut Line, body: Bytes) -> Delivery {
        let timing = &self.settings.timing;
        let give_up_at = Instant::now() + timing.max_retry_time;
        let mut backoff = Backoff::new(timing.first_retry_delay);
        loop {
            let was_failing = line.is_failing;
            let (error, asked) = match self.attempt(line, body.clone()).await {
                Ok(Accepted { rejected }) => {
                    self.counts.accepted(signal, rejected);
                    return Delivery::Done;
                }
                Err(Failure::Refused(error)) => {
                    self.counts.failed(signal, error);
                    self.counts.give_up(signal, Dropped::Rejected);
                    return Delivery::Done;
                }
                Err(Failure::Retryable { error, after }) => (error, after),
            };
            // An attempt that the end cut short says less than the one before it.
            if !(was_failing && self.is_over()) {
                self.counts.failed(signal, error);
            }
            match self.pause(&mut backoff, asked, give_up_at).await {
                Ok(()) => {}
                Err(GiveUp::RetriesExhausted) => {
                    self.counts.give_up(signal, Dropped::RetriesExhausted);
                    return Delivery::Done;
                }
                Err(GiveUp::AskedPastEnd(asked)) => {
                    self.counts.failed(signal, SendError::AsksToWait(asked));
                    return Delivery::Over;
                }
                Err(GiveUp::Over) => return Delivery::Over,
            }
        }
    }

    /// Waits before the next attempt, right after one that failed; `asked` is what its answer asks for. Once the exporter is
    /// closed pauses are short, one that has begun is over at once, and what was asked for counts all the same.
    async fn pause(&self, backoff: &mut Backoff, asked: Option<Duration>, give_up_at: Instant) -> Result<(), GiveUp> {
        let failed_at = Instant::now();
        let mut next = failed_at;
        if self.closed.is_cancelled() {
            backoff.shorten(self.settings.timing.first_retry_delay);
            next += backoff.delay(None);
        } else {
            let until = failed_at + backoff.delay(asked);
            if until > give_up_at {
                return Err(GiveUp::RetriesExhausted);
            }
            tokio::select! {
                () = sleep_until(until) => return Ok(()),
                () = self.closed.cancelled() => {}
            }
        }
        if let Some(asked) = asked {
            // A time that cannot be counted to is past the end as well.
            let allowed = failed_at.checked_add(asked).filter(|allowed| *allowed < self.ends_at());
            next = next.max(allowed.ok_or(GiveUp::AskedPastEnd(asked))?);
        }
        if next >= self.ends_at() {
            return Err(GiveUp::Over);
        }
        tokio::select! {
            biased;
            () = self.cut.cancelled() => Err(GiveUp::Over),
            () = sleep_until(next) => Ok(()),
        }
    }

    async fn attempt(&self, line: &mut Line, body: Bytes) -> Result<Accepted, Failure> {
        let begun = Instant::now();
        let result = tokio::select! {
            result = line.send(body) => Some(result),
            () = sleep(self.settings.timing.request_timeout) => None,
            () = self.end() => None,
        };
        let result = result.unwrap_or_else(|| {
            line.disconnect();
            Err(Failure::Retryable {
                error: SendError::Timeout(begun.elapsed()),
                after: None,
            })
        });
        line.is_failing = matches!(result, Err(Failure::Retryable { .. }));
        result
    }

    /// Time at which the end is over; that of now, before [`Exporter::close`].
    fn ends_at(&self) -> Instant {
        self.ends_at.get().copied().unwrap_or_else(Instant::now)
    }

    /// Waits until the exporter is closed and its time at the end is over.
    async fn end(&self) {
        self.closed.cancelled().await;
        tokio::select! {
            () = self.cut.cancelled() => {}
            () = sleep_until(self.ends_at()) => {}
        }
    }

    fn is_over(&self) -> bool {
        self.closed.is_cancelled() && (self.cut.is_cancelled() || self.ends_at() <= Instant::now())
    }
}

impl ExportTask {
    /// Sends until the exporter is closed, and what waits then within [`limits::SHUTDOWN_TIMEOUT`].
    pub async fn run(self) {
        let Self { shared, connector } = self;
        let line = |signal| Line::new(Arc::clone(&connector), signal);
        tokio::join!(
            shared.send_logs(line(Signal::Logs)),
            shared.send_metrics(line(Signal::Metrics))
        );
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
