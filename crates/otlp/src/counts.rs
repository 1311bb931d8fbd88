//! Counts of what was sent and dropped, and the last error, for readers; warnings, once a kind.

use std::collections::{BTreeMap, BTreeSet};
use std::mem::{Discriminant, discriminant};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use mirrord_wire::api::{OtlpCounts, OtlpError, OtlpInfo};

use crate::error::SendError;

/// Kind of what is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    Logs,
    Metrics,
}

impl Signal {
    /// Last part of its path over HTTP.
    pub(crate) fn http_path(self) -> &'static str {
        match self {
            Self::Logs => "/v1/logs",
            Self::Metrics => "/v1/metrics",
        }
    }

    /// Its path over gRPC.
    pub(crate) fn grpc_path(self) -> &'static str {
        match self {
            Self::Logs => "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
            Self::Metrics => "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
        }
    }
}

/// Reason for which something was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Dropped {
    /// There was no room for it: the endpoint is too slow, or away.
    QueueFull,
    /// The endpoint refused it.
    Rejected,
    /// The endpoint could not be reached for [`MAX_RETRY_TIME`](crate::limits::MAX_RETRY_TIME).
    RetriesExhausted,
    /// It was still waiting when the sender had to end.
    Shutdown,
    /// It is no event line.
    Unreadable,
}

impl Dropped {
    fn name(self) -> &'static str {
        match self {
            Self::QueueFull => "queue_full",
            Self::Rejected => "rejected",
            Self::RetriesExhausted => "retries_exhausted",
            Self::Shutdown => "shutdown",
            Self::Unreadable => "unreadable",
        }
    }

    /// Explanation of it in a warning.
    fn text(self) -> &'static str {
        match self {
            Self::QueueFull => "the endpoint takes events more slowly than they come, or not at all",
            Self::Rejected => "the endpoint refuses what it is sent",
            Self::RetriesExhausted => "the endpoint could not be reached for minutes",
            Self::Shutdown => "the endpoint did not take what was left at the end",
            Self::Unreadable => "lines of a session could not be read",
        }
    }
}

#[derive(Debug, Default)]
struct Tally {
    sent: u64,
    /// In the request that is being sent.
    in_flight: u64,
    /// That request has failed before.
    is_retrying: bool,
    dropped: BTreeMap<Dropped, u64>,
}

#[derive(Debug, Default)]
struct Inner {
    logs: Tally,
    metrics: Tally,
    last_error: Option<(SendError, u64)>,
    warned_errors: Vec<Discriminant<SendError>>,
    warned_drops: BTreeSet<Dropped>,
}

/// Counts of an exporter.
#[derive(Debug, Default)]
pub(crate) struct Counts(Mutex<Inner>);

impl Inner {
    fn tally(&mut self, signal: Signal) -> &mut Tally {
        match signal {
            Signal::Logs => &mut self.logs,
            Signal::Metrics => &mut self.metrics,
        }
    }
}

impl Counts {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request is about to be sent.
    pub(crate) fn begin(&self, signal: Signal, items: u64) {
        let mut inner = self.lock();
        let tally = inner.tally(signal);
        (tally.in_flight, tally.is_retrying) = (items, false);
    }

    /// The request was accepted, but for some of its items.
    pub(crate) fn accepted(&self, signal: Signal, rejected: u64) {
        let rejected = {
            let mut inner = self.lock();
            let tally = inner.tally(signal);
            let items = std::mem::take(&mut tally.in_flight);
            let rejected = rejected.min(items);
            tally.sent += items - rejected;
            tally.is_retrying = false;
            rejected
        };
        self.dropped(signal, Dropped::Rejected, rejected);
    }

    /// The request is given up.
    pub(crate) fn give_up(&self, signal: Signal, reason: Dropped) {
        let items = {
            let mut inner = self.lock();
            let tally = inner.tally(signal);
            tally.is_retrying = false;
            std::mem::take(&mut tally.in_flight)
        };
        self.dropped(signal, reason, items);
    }

    /// An attempt failed.
    pub(crate) fn failed(&self, signal: Signal, error: SendError) {
        let mut inner = self.lock();
        inner.tally(signal).is_retrying = true;
        inner.last_error = Some((error, now_micros()));
        let kind = discriminant(&error);
        if !inner.warned_errors.contains(&kind) {
            inner.warned_errors.push(kind);
            drop(inner);
            tracing::warn!(%error, "OpenTelemetry");
        }
    }

    /// Items were dropped that are in no request.
    pub(crate) fn dropped(&self, signal: Signal, reason: Dropped, items: u64) {
        if items == 0 {
            return;
        }
        let mut inner = self.lock();
        let own = inner.tally(signal).dropped.entry(reason).or_default();
        *own = own.saturating_add(items);
        if inner.warned_drops.insert(reason) {
            drop(inner);
            tracing::warn!(
                items,
                reason = reason.text(),
                "OpenTelemetry: dropped, and counted from here on"
            );
        }
    }

    /// Fills in the counts of an answer.
    pub(crate) fn fill(&self, info: &mut OtlpInfo) {
        let inner = self.lock();
        info.logs = inner.logs.counts();
        info.metrics = inner.metrics.counts();
        info.last_error = inner.last_error.map(|(error, ts)| OtlpError {
            text: error.to_string(),
            ts,
        });
    }
}

impl Tally {
    fn counts(&self) -> OtlpCounts {
        let by_reason = self
            .dropped
            .iter()
            .map(|(reason, items)| (reason.name().to_owned(), *items));
        OtlpCounts {
            sent: self.sent,
            queued: if self.is_retrying { 0 } else { self.in_flight },
            retrying: if self.is_retrying { self.in_flight } else { 0 },
            dropped: self.dropped.values().sum(),
            dropped_by: by_reason.collect(),
        }
    }
}

/// Returns the time, microseconds since the Unix epoch.
pub(crate) fn now_micros() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}
