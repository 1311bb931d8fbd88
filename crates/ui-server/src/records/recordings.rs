//! Recordings that were asked for in the page: one a session, to a file that stays.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::time::SystemTime;

use mirrord_private_files::PrivateFolder;
use mirrord_wire::api::Recording;
use tokio::sync::Mutex;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::names;
use super::session_record::{self, End, Progress, Recorded, SessionRecord, header};
use super::workers::Workers;
use crate::limits;
use crate::store::Key;

/// Recordings of a server.
#[derive(Debug)]
pub(crate) struct Recordings {
    folder: PrivateFolder,
    workers: Workers,
    /// Those that go on, and those that have ended by themselves. Held while one begins or ends.
    active: Mutex<HashMap<Key, Active>>,
}

#[derive(Debug)]
struct Active {
    stop: CancellationToken,
    begun: Recording,
    task: JoinHandle<Recording>,
}

impl Recordings {
    pub(super) fn new(folder: PrivateFolder, workers: Workers) -> Self {
        Self {
            folder,
            workers,
            active: Mutex::default(),
        }
    }

    /// Begins to record a session, from what is kept of it on; returns the recording that goes on where there is one.
    ///
    /// # Errors
    /// Why it cannot be recorded, with the path of the file.
    pub(crate) async fn begin(&self, key: Key) -> Result<Recording, String> {
        let mut active = self.active.lock().await;
        active.retain(|_, own| !own.task.is_finished());
        if let Some(own) = active.get(&key) {
            return Ok(self.workers.store.recording(key).unwrap_or_else(|| own.begun.clone()));
        }
        let (record, file) = self.create(key).await?;
        let begun = shown(&file, record.progress());
        self.workers.store.set_recording(key, Some(begun.clone()));
        tracing::info!(file, "a session is recorded");
        let stop = self.workers.shutdown.child_token();
        let task = write(self.workers.clone(), key, record, file, stop.clone());
        let own = Active {
            stop,
            begun: begun.clone(),
            task: self.workers.tracker.spawn(task),
        };
        active.insert(key, own);
        Ok(begun)
    }

    /// Ends the recording of a session, with its closing line; returns its end, empty where there was none.
    pub(crate) async fn end(&self, key: Key) -> Recording {
        let mut active = self.active.lock().await;
        let ended = match active.remove(&key) {
            Some(mut own) => {
                own.stop.cancel();
                match timeout(limits::RECORDING_END_TIMEOUT, &mut own.task).await {
                    Ok(Ok(ended)) => ended,
                    Ok(Err(error)) => failed(own.begun, error.to_string()),
                    Err(_) => failed(own.begun, "its last events take long to write".to_owned()),
                }
            }
            None => Recording::default(),
        };
        self.workers.store.set_recording(key, None);
        ended
    }

    async fn create(&self, key: Key) -> Result<(SessionRecord, String), String> {
        let info = self.workers.store.record_header_info(key);
        let info = info.ok_or("the session has not answered yet: it can be recorded once it has")?;
        let folder = self.folder.clone();
        let created = spawn_blocking(move || {
            let label = info.name.as_deref().unwrap_or(&info.session_id);
            let base = names::of_session(label, SystemTime::now());
            let (file, name) = names::create(&folder, &base).map_err(|error| error.to_string())?;
            let path = folder.path(&name);
            let shown = path.to_string_lossy().into_owned();
            let record = SessionRecord::new(Box::new(file), true, path, &header(info, false));
            record.map(|record| (record, shown)).map_err(|error| {
                // Half a header is no record.
                folder.remove(&name).ok();
                error.to_string()
            })
        });
        created.await.map_err(|error| error.to_string())?
    }
}

/// Records a session to its end, and shows how far it is.
async fn write(workers: Workers, key: Key, record: SessionRecord, file: String, stop: CancellationToken) -> Recording {
    let store = &workers.store;
    let report = |progress| {
        store.set_recording(key, Some(shown(&file, progress)));
        ControlFlow::Continue(())
    };
    let Recorded { progress, end } = session_record::record(store, key, record, &stop, report).await;
    let mut ended = shown(&file, progress);
    ended.on = false;
    if let End::Failed(reason) = end {
        tracing::warn!("a recording has ended: {reason}");
        ended.error = Some(reason);
    }
    store.set_recording(key, Some(ended.clone()));
    ended
}

fn shown(file: &str, progress: Progress) -> Recording {
    let Progress { events, missed, bytes } = progress;
    Recording {
        on: true,
        file: file.to_owned(),
        events,
        missed,
        bytes,
        error: None,
    }
}

fn failed(begun: Recording, reason: String) -> Recording {
    Recording {
        on: false,
        error: Some(reason),
        ..begun
    }
}
