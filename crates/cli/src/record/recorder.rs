//! Recorder: reads a session's events and writes them to its outputs, flushed once a second.
//!
//! `mirrord exec` records on a thread of its own with a connection to its own session, as any other reader: a slow or full disk
//! costs the record its events, which are counted, and the program nothing.

use std::path::PathBuf;
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result};
use mirrord_record::limits::FLUSH_INTERVAL;
use mirrord_record::{EndReason, PreparedRecord, RecordEnd, RecordHeader, RecordWriter, SessionRecorder};
use mirrord_session_client::SessionClient;
use mirrord_wire::{Exit, SessionInfo};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

use super::content::Content;
use super::output::{FileOutput, Outputs};
use super::program_end::ProgramEnd;
use crate::args::RecordContent;
use crate::diagnostics::diagnostic;
use crate::session::{SessionError, SessionEvents};

/// Wait for what the session keeps, where the recording ends before it has come.
const FIRST_BATCH_TIMEOUT: Duration = Duration::from_secs(1);
/// Time that a recording of `mirrord exec` has for its last events once the program has ended; the shell waits meanwhile.
const FINISH_TIMEOUT: Duration = Duration::from_secs(5);

/// Creates the first line of a record.
pub(super) fn header(info: SessionInfo, content: Content) -> RecordHeader {
    let mut header = RecordHeader::new(content.info(info));
    header.writer = concat!("mirrord ", env!("CARGO_PKG_VERSION")).to_owned();
    header.recorded_at = now();
    header.values = content == Content::Whole;
    header.redacted = content == Content::Redacted;
    header
}

fn now() -> String {
    humantime::format_rfc3339_millis(SystemTime::now()).to_string()
}

/// A session that is being recorded.
pub(super) struct Recording {
    pub(super) events: SessionEvents,
    pub(super) outputs: Outputs,
    pub(super) program: ProgramEnd,
}

impl Recording {
    /// Records until the session ends or the token is cancelled; `exit` gives the end of the program, where it is known
    /// better than by the session's events.
    pub(super) async fn run(
        self,
        stop: &CancellationToken,
        exit: impl Fn() -> Option<Exit>,
    ) -> Result<RecordEnd, SessionError> {
        let Self {
            mut events,
            mut outputs,
            mut program,
        } = self;
        let mut ticks = interval(FLUSH_INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let reason = loop {
            tokio::select! {
                batch = events.next() => match batch? {
                    Some(batch) => {
                        program.read(&batch);
                        outputs.write(&batch)?;
                    }
                    None => break EndReason::Ended,
                },
                _ = ticks.tick() => outputs.tick()?,
                () = stop.cancelled() => break EndReason::Stopped,
            }
        };
        // What the session keeps is asked for before an early Ctrl-C, and comes after it.
        if reason == EndReason::Stopped
            && outputs.position == 0
            && let Ok(batch) = timeout(FIRST_BATCH_TIMEOUT, events.next()).await
            && let Some(batch) = batch?
        {
            program.read(&batch);
            outputs.write(&batch)?;
        }
        let exit = exit().or_else(|| program.into_exit());
        Ok(outputs.finish(reason, now(), exit)?)
    }
}

/// Record that `mirrord exec` is to write.
#[derive(Debug)]
pub(crate) struct RecordPlan {
    path: PathBuf,
    content: Content,
}

impl RecordPlan {
    /// Creates the plan of what the command line asks for.
    pub(crate) fn new(path: PathBuf, content: RecordContent) -> Self {
        let content = content.into();
        Self { path, content }
    }

    /// Makes the file, with its header; it takes its name once the program has started.
    ///
    /// # Errors
    /// The path is no file, is being recorded, or cannot be written to.
    pub(crate) fn create(self, info: SessionInfo) -> Result<CreatedRecord> {
        let record = RecordWriter::prepare(&self.path, &header(info, self.content))?;
        Ok(CreatedRecord { record, plan: self })
    }
}

/// Record that has its header.
pub(crate) struct CreatedRecord {
    record: PreparedRecord,
    plan: RecordPlan,
}

/// Recorder of the session of this process.
pub(crate) struct Recorder {
    path: PathBuf,
    exit: Arc<Mutex<Option<Exit>>>,
    /// Sent to once the program has started; closed where it has not.
    started: mpsc::Sender<()>,
    /// To be cancelled once the session was shut down.
    session_ended: CancellationToken,
    /// Closed once the recording has ended.
    ended: mpsc::Receiver<()>,
}

impl CreatedRecord {
    /// Connects to the session, and records it on a thread of its own from the program's start until it ends.
    ///
    /// # Errors
    /// There is no connection or no thread.
    pub(crate) fn start(self, client: SessionClient, id: String) -> Result<Recorder> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.context("no runtime for the record")?;
        let mut events = SessionEvents::new(client, id, 0);
        runtime.block_on(events.connect())?;
        let session_ended = events.ended();
        let exit: Arc<Mutex<Option<Exit>>> = Arc::default();
        let (sender, ended) = mpsc::channel::<()>();
        let Self { record, plan } = self;
        let path = plan.path.clone();
        let (started, has_started) = mpsc::channel::<()>();
        let known = Arc::clone(&exit);
        let thread = std::thread::Builder::new().name("mirrord-record".to_owned());
        let thread = thread.spawn(move || {
            let _sender = sender;
            if has_started.recv().is_err() {
                // Before the sender: this process ends once that is gone.
                return drop(record);
            }
            let exit = || known.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let never = CancellationToken::new();
            let recorded = record.begin().map_err(SessionError::from).and_then(|writer| {
                let recorder = SessionRecorder::new(writer);
                let content = plan.content;
                let outputs = Outputs::new(Some(FileOutput { recorder, content }), None);
                let recording = Recording {
                    events,
                    outputs,
                    program: ProgramEnd::default(),
                };
                runtime.block_on(recording.run(&never, exit))
            });
            match recorded {
                Ok(end) if end.missed > 0 => diagnostic!("mirrord: the record lacks {} events", end.missed),
                Ok(_) => {}
                Err(error) => diagnostic!("mirrord: the recording has ended, and the program goes on: {error}"),
            }
        });
        thread.context("no thread for the record")?;
        Ok(Recorder {
            path,
            exit,
            started,
            session_ended,
            ended,
        })
    }
}

impl Recorder {
    /// Has the record take its name: the program has started.
    pub(crate) fn program_started(&self) {
        // A recording that has ended has said why.
        self.started.send(()).ok();
    }

    /// Takes in the end of the program, for the closing line.
    pub(crate) fn program_ended(&self, exit: Exit) {
        *self.exit.lock().unwrap_or_else(PoisonError::into_inner) = Some(exit);
    }

    /// Waits for the closing line once the session was shut down, at most [`FINISH_TIMEOUT`]. Where no program has started, the
    /// record is removed, and what has its name stays.
    pub(crate) fn finish(self) {
        let Self {
            path,
            started,
            session_ended,
            ended,
            ..
        } = self;
        drop(started);
        session_ended.cancel();
        if let Err(mpsc::RecvTimeoutError::Timeout) = ended.recv_timeout(FINISH_TIMEOUT) {
            let (path, limit) = (path.display(), FINISH_TIMEOUT.as_secs());
            diagnostic!("mirrord: the record {path} lacks its end: writing it took longer than {limit} s");
        }
    }
}
