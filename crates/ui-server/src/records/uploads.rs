//! Records that are sent to the server: each goes, as it comes, to a private temporary file.
//!
//! A file is removed with the session that is made of it, when its record is refused or breaks off, when the server ends, and,
//! after a crash, when the next one starts.

use std::fs::File;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::{Buf as _, Bytes};
use http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt as _;
use hyper::body::Body;
use mirrord_private_files::{FileError, PrivateFolder};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, timeout_at};

use super::file::{Reservation, TemporaryFile};
use crate::limits;
use crate::routes::answer::{self, Response};

/// Bytes that are gathered for one write.
const WRITE_BYTES: usize = 256 * 1024;

/// Temporary files of records that were sent.
#[derive(Debug)]
pub(crate) struct Uploads {
    folder: PrivateFolder,
    turns: Semaphore,
    /// Bytes of all files.
    bytes: Arc<AtomicU64>,
    count: AtomicU64,
}

/// Refuses a record, with the way out.
fn refusal(status: StatusCode, reason: impl Into<String>) -> Box<Response> {
    Box::new(answer::error(status, reason))
}

impl Uploads {
    pub(super) fn new(folder: PrivateFolder) -> Self {
        Self {
            folder,
            turns: Semaphore::new(limits::MAX_UPLOADS),
            bytes: Arc::default(),
            count: AtomicU64::new(0),
        }
    }

    /// Removes every file: what an instance that was killed has left, or this one's at its end. Blocks.
    pub(crate) fn clear(&self) {
        let files = match self.folder.files() {
            Ok(files) => files,
            Err(error) => return tracing::warn!(%error, "temporary records are not removed"),
        };
        for file in files {
            if let Err(error) = self.folder.remove(&file.name) {
                tracing::warn!(%error, "a temporary record was not removed");
            }
        }
    }

    /// Receives the body of a request whose length was checked.
    ///
    /// # Errors
    /// The answer: it broke off, came too slowly, there is no room for it, or too many come at the same time.
    pub(crate) async fn receive<B>(&self, headers: &HeaderMap, body: B) -> Result<Arc<TemporaryFile>, Box<Response>>
    where
        B: Body<Data = Bytes> + Unpin,
    {
        let length = headers.get(header::CONTENT_LENGTH);
        // Without one there is no body (RFC 9112, section 6.3).
        let length = length.and_then(|value| value.to_str().ok()?.parse().ok()).unwrap_or(0);
        let Ok(_turn) = self.turns.try_acquire() else {
            let reason = "other records are being sent: send this one again once they are here";
            return Err(Box::new(answer::busy(reason)));
        };
        let Some(reservation) = Reservation::take(&self.bytes, length, limits::MAX_UPLOADS_BYTES) else {
            let reason = "the records that are open have 4 GiB, which is the most: dismiss one of their sessions first";
            return Err(refusal(StatusCode::INSUFFICIENT_STORAGE, reason));
        };
        let (file, temporary) = self.create(reservation).await?;
        write_body(body, file).await?;
        Ok(temporary)
    }

    async fn create(&self, reservation: Reservation) -> Result<(File, Arc<TemporaryFile>), Box<Response>> {
        let folder = self.folder.clone();
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let name = format!("{}-{number}", std::process::id());
        let created = spawn_blocking(move || {
            let file = folder.create_new(&name)?;
            // Of this handle alone: one that was there is left alone.
            let created = file.map(|file| {
                let temporary = TemporaryFile {
                    folder,
                    name,
                    _reservation: reservation,
                };
                (file, Arc::new(temporary))
            });
            Ok::<_, FileError>(created)
        });
        match created.await {
            Ok(Ok(Some(created))) => Ok(created),
            Ok(Err(error)) => Err(refusal(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())),
            Ok(Ok(None)) | Err(_) => Err(refusal(
                StatusCode::INTERNAL_SERVER_ERROR,
                "no temporary file could be made",
            )),
        }
    }
}

/// Writes a body as it comes; at least [`limits::MIN_UPLOAD_BYTES`] have to come in each [`limits::UPLOAD_TIMEOUT`].
async fn write_body<B>(mut body: B, mut file: File) -> Result<(), Box<Response>>
where
    B: Body<Data = Bytes> + Unpin,
{
    let (mut gathered, mut paced) = (Vec::new(), 0);
    let mut deadline = Instant::now() + limits::UPLOAD_TIMEOUT;
    loop {
        let frame = match timeout_at(deadline, body.frame()).await {
            Ok(Some(Ok(frame))) => frame,
            Ok(Some(Err(_))) => return Err(refusal(StatusCode::BAD_REQUEST, "the record broke off")),
            Ok(None) => break,
            Err(_) => return Err(refusal(StatusCode::REQUEST_TIMEOUT, "the record came too slowly")),
        };
        let Ok(data) = frame.into_data() else { continue };
        gathered.extend_from_slice(data.chunk());
        paced += data.len();
        if gathered.len() >= WRITE_BYTES {
            file = write_all(file, std::mem::take(&mut gathered)).await?;
        }
        if paced >= limits::MIN_UPLOAD_BYTES {
            (paced, deadline) = (0, Instant::now() + limits::UPLOAD_TIMEOUT);
        }
    }
    write_all(file, gathered).await.map(drop)
}

/// Writes bytes off the runtime's threads.
async fn write_all(mut file: File, bytes: Vec<u8>) -> Result<File, Box<Response>> {
    let written = spawn_blocking(move || file.write_all(&bytes).map(|()| file));
    match written.await {
        Ok(Ok(file)) => Ok(file),
        Ok(Err(error)) => {
            let reason = format!("the record cannot be kept while it is open: {error}");
            Err(refusal(StatusCode::INSUFFICIENT_STORAGE, reason))
        }
        Err(error) => Err(refusal(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use http_body_util::Full;
    use hyper::body::Frame;

    use super::*;

    /// Body that stops in its midst.
    struct Silent(bool);

    impl Body for Silent {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            if std::mem::replace(&mut self.0, true) {
                return Poll::Pending;
            }
            Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"half")))))
        }
    }

    fn headers(length: u64) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_LENGTH, length.into());
        headers
    }

    fn uploads() -> (tempfile::TempDir, Uploads) {
        let home = tempfile::tempdir().unwrap();
        let uploads = Uploads::new(PrivateFolder::new(home.path().join("uploads")));
        (home, uploads)
    }

    fn files(uploads: &Uploads) -> usize {
        uploads.folder.files().unwrap().len()
    }

    #[tokio::test]
    async fn a_body_becomes_a_private_file_that_goes_with_its_handle() {
        let (_home, uploads) = uploads();
        let body = Bytes::from(vec![7; 3 * WRITE_BYTES + 5]);
        let length = body.len() as u64;
        let file = uploads
            .receive(&headers(length), Full::new(body.clone()))
            .await
            .unwrap();
        assert_eq!(std::fs::read(file.path()).unwrap(), body);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&file.path()), 0o600);
            assert_eq!(mode(file.path().parent().unwrap()), 0o700);
        }
        drop(file);
        assert_eq!((files(&uploads), uploads.bytes.load(Ordering::Relaxed)), (0, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_makes_no_progress_is_given_up_and_leaves_nothing() {
        let (_home, uploads) = uploads();
        let refused = uploads.receive(&headers(100), Silent(false)).await.unwrap_err();
        assert_eq!(refused.status(), StatusCode::REQUEST_TIMEOUT);
        assert_eq!((files(&uploads), uploads.bytes.load(Ordering::Relaxed)), (0, 0));
    }

    #[tokio::test]
    async fn more_than_all_records_may_have_is_refused_before_anything_is_written() {
        let (_home, uploads) = uploads();
        let body = || Full::new(Bytes::from_static(b"x"));
        let most = uploads
            .receive(&headers(limits::MAX_UPLOADS_BYTES), body())
            .await
            .unwrap();
        let refused = uploads.receive(&headers(1), body()).await.unwrap_err();
        assert_eq!(refused.status(), StatusCode::INSUFFICIENT_STORAGE);
        drop(most);
        uploads.receive(&headers(1), body()).await.unwrap();
    }

    #[tokio::test]
    async fn what_a_killed_server_left_is_removed() {
        let (_home, uploads) = uploads();
        uploads.clear();
        uploads.folder.create_new("1-0").unwrap();
        uploads.clear();
        assert_eq!(files(&uploads), 0);
    }
}
