//! A session in a released mirrord's dialect: Server-Sent Events without numbers, and no `/state`.

use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::home::Home;

/// A scripted session of a released mirrord. It ends with the test.
pub struct ReleasedHost {
    events: Arc<watch::Sender<Vec<String>>>,
    task: JoinHandle<()>,
}

impl ReleasedHost {
    /// Publishes a session in a home; `info` is its answer to `/info`.
    #[must_use]
    pub fn start(home: &Home, id: &str, info: &serde_json::Value) -> Self {
        std::fs::create_dir_all(home.sessions_dir()).expect("a sessions directory can be made");
        let socket = home.sessions_dir().join(format!("{id}.sock"));
        let listener = UnixListener::bind(socket).expect("a socket can be bound");
        let events = Arc::new(watch::Sender::new(Vec::new()));
        let (info, shared) = (info.to_string(), Arc::clone(&events));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, info.clone(), Arc::clone(&shared)));
            }
        });
        Self { events, task }
    }

    /// Emits an event to the readers there are.
    pub fn tell(&self, event: &serde_json::Value) {
        self.events.send_modify(|events| events.push(event.to_string()));
    }

    /// Returns once so many streams are open.
    pub async fn has_readers(&self, count: usize) {
        crate::eventually("the stream is open", async || {
            (self.events.receiver_count() >= count).then_some(())
        })
        .await;
    }
}

impl Drop for ReleasedHost {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(mut stream: UnixStream, info: String, events: Arc<watch::Sender<Vec<String>>>) {
    let mut head = vec![0; 4096];
    let length = stream.read(&mut head).await.unwrap_or(0);
    let head = String::from_utf8_lossy(&head[..length]).into_owned();
    let answer = match head
        .split(' ')
        .nth(1)
        .map(|path| path.split('?').next().unwrap_or(path))
    {
        Some("/info") => format!("200 OK\r\nContent-Type: application/json\r\n\r\n{info}"),
        Some("/events") => "200 OK\r\nContent-Type: text/event-stream\r\n\r\n".to_owned(),
        _ => "404 Not Found\r\n\r\n".to_owned(),
    };
    stream.write_all(format!("HTTP/1.1 {answer}").as_bytes()).await.ok();
    if !answer.contains("event-stream") {
        return;
    }
    let mut receiver = events.subscribe();
    // The stream ends with its host.
    drop(events);
    let mut sent = receiver.borrow_and_update().len();
    while receiver.changed().await.is_ok() {
        let new: Vec<String> = receiver.borrow_and_update()[sent..].to_vec();
        sent += new.len();
        for event in new {
            if stream.write_all(format!("data: {event}\n\n").as_bytes()).await.is_err() {
                return;
            }
        }
    }
}
