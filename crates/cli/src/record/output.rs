//! Outputs of a recording: a file, an OpenTelemetry endpoint, or both, each with its own redaction.

use std::sync::Arc;

use mirrord_otlp::limits::METRICS_INTERVAL;
use mirrord_otlp::{Exporter, Snapshot, Source};
use mirrord_record::{EndReason, RecordEnd, RecordError, SessionRecorder};
use mirrord_session_client::{EventBatch, StreamItem};
use mirrord_ui_server::redaction;
use mirrord_wire::{EventLine, Exit, SessionInfo, SessionState};
use tokio::time::Instant;

use super::content::Content;

/// Outputs of a recording.
pub(super) struct Outputs {
    pub(super) file: Option<FileOutput>,
    pub(super) otlp: Option<OtlpOutput>,
    /// Number of the newest event.
    pub(super) position: u64,
    /// Events that came.
    pub(super) events: u64,
    /// Events that the session could not send.
    pub(super) missed: u64,
}

/// File that is written.
pub(super) struct FileOutput {
    pub(super) recorder: SessionRecorder,
    pub(super) content: Content,
}

/// Endpoint that is sent to.
pub(super) struct OtlpOutput {
    exporter: Exporter,
    source: Arc<Source>,
    state: SessionState,
    measured_at: Instant,
    measured_total: u64,
}

impl Outputs {
    pub(super) fn new(file: Option<FileOutput>, otlp: Option<OtlpOutput>) -> Self {
        Self {
            file,
            otlp,
            position: 0,
            events: 0,
            missed: 0,
        }
    }

    /// Writes a piece of the stream.
    pub(super) fn write(&mut self, batch: &EventBatch) -> Result<(), RecordError> {
        if let Some(FileOutput { recorder, .. }) = &mut self.file {
            recorder.unreadable(batch.news().unreadable);
        }
        for item in batch.iter() {
            match item {
                StreamItem::Event(line, text) => {
                    if let Some(FileOutput { recorder, content }) = &mut self.file {
                        recorder.event(line.seq, &content.line(line, text))?;
                    }
                    if let Some(otlp) = &mut self.otlp {
                        otlp.push(line, text);
                    }
                    self.events += 1;
                    self.position = line.seq;
                }
                StreamItem::Lagged { to, suppressed } => {
                    let missed = to.saturating_sub(self.position);
                    if let Some(FileOutput { recorder, .. }) = &mut self.file {
                        recorder.gap(to, suppressed.cloned())?;
                    }
                    if let (Some(otlp), Some(counters)) = (&mut self.otlp, suppressed) {
                        otlp.state.counters.add(counters);
                    }
                    self.missed += missed.saturating_sub(suppressed.map_or(0, |counters| counters.total));
                    self.position = to;
                }
            }
        }
        Ok(())
    }

    /// Writes what waits, once a second, and sends counts when it is time for them.
    pub(super) fn tick(&mut self) -> Result<(), RecordError> {
        if let Some(otlp) = self
            .otlp
            .as_mut()
            .filter(|otlp| otlp.measured_at.elapsed() >= METRICS_INTERVAL)
        {
            otlp.measure();
        }
        match &mut self.file {
            Some(FileOutput { recorder, .. }) => recorder.flush(),
            None => Ok(()),
        }
    }

    /// Ends the outputs; what the endpoint has yet to take is its exporter's to send.
    pub(super) fn finish(
        mut self,
        reason: EndReason,
        ended_at: String,
        exit: Option<Exit>,
    ) -> Result<RecordEnd, RecordError> {
        if let Some(otlp) = &mut self.otlp {
            otlp.measure();
            otlp.exporter.close();
        }
        match self.file {
            Some(FileOutput { recorder, .. }) => recorder.finish(reason, ended_at, exit),
            None => {
                let mut end = RecordEnd::new(reason);
                (end.events, end.missed) = (self.events, self.missed);
                Ok(end)
            }
        }
    }
}

impl OtlpOutput {
    pub(super) fn new(exporter: Exporter, mut info: SessionInfo) -> Self {
        if exporter.is_redacted() {
            redaction::info(&mut info);
        }
        let mut state = SessionState::default();
        state.replace_running(info.processes.clone(), Vec::new());
        Self {
            source: exporter.source(&info),
            exporter,
            state,
            measured_at: Instant::now(),
            measured_total: 0,
        }
    }

    fn push(&mut self, line: &EventLine, text: &str) {
        self.state.apply(line);
        if self.exporter.is_redacted() {
            self.exporter.push(&self.source, &redaction::line(text));
        } else {
            self.exporter.push(&self.source, text);
        }
    }

    fn measure(&mut self) {
        let mut counters = self.state.counters.clone();
        if self.exporter.is_redacted() {
            redaction::counters(&mut counters);
        }
        let seconds = self.measured_at.elapsed().as_secs_f64().max(1.0);
        let news = counters.total.saturating_sub(self.measured_total);
        (self.measured_at, self.measured_total) = (Instant::now(), counters.total);
        // A double has every number of events that one session sees in a lifetime.
        #[expect(clippy::cast_precision_loss, reason = "as above")]
        let rate = news as f64 / seconds;
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        let now = u64::try_from(since.unwrap_or_default().as_micros()).unwrap_or(u64::MAX);
        let snapshot = Snapshot::new(Arc::clone(&self.source), &self.state, counters, rate, now);
        self.exporter.measure(vec![snapshot]);
    }
}
