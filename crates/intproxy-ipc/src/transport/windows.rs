//! A session's named pipes, `\\.\pipe\mirrord-<session id>` and, for a released mirrord, which looks for that name,
//! `\\.\pipe\mirrord-session-<session id>`; and the marker file that names the first. Both serve the same.
//!
//! Invariants: a pipe admits its owner alone from the moment it exists, and no one over the network; its first instance
//! is made as such, so that no other pipe can be taken for it; the marker is written behind the pipe and removed
//! before it. Deliberately absent: a stale pipe, since the system takes a pipe with its last handle; a marker that was
//! left over is replaced by the next session of its name.

use std::fs;
use std::io;
use std::os::windows::io::OwnedHandle;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use interprocess::TryClone;
use interprocess::os::windows::ToWtf16;
use interprocess::os::windows::named_pipe::{PipeListener, PipeListenerOptions, pipe_mode, tokio as named_pipe};
use interprocess::os::windows::security_descriptor::SecurityDescriptor;
use mirrord_wire::SessionId;

use crate::error::BindError;
use crate::limits::CHUNK_BYTES;

mod pipe;

use pipe::Pipe;

/// Everything to the owner, nothing to anybody else, and nothing inherited: a discretionary list in the security
/// descriptor definition language. The owner is the user, or the administrators where the host runs elevated: they are
/// what root is elsewhere.
const OWNER_ALONE: &str = "D:P(A;;GA;;;OW)";

/// The system's error where a pipe of the name is there already.
const ACCESS_DENIED: i32 = 5;
const PIPE_BUSY: i32 = 231;

/// A session's pipes that listen, and are not served yet. Dropping it removes the marker, and the pipes go with it.
#[derive(Debug)]
pub struct SessionListener {
    id: SessionId,
    file: SocketFile,
    pipe: BoundPipe,
    released_pipe: BoundPipe,
}

/// One pipe that listens.
#[derive(Debug)]
struct BoundPipe {
    listener: PipeListener<pipe_mode::Bytes, pipe_mode::Bytes>,
    options: PipeListenerOptions<'static>,
}

impl BoundPipe {
    /// Makes the first instance of a pipe.
    fn bind(name: &str, running: impl Fn() -> BindError) -> Result<Self, BindError> {
        // The system refuses a second first instance; Wine does not.
        if is_served(name) {
            return Err(running());
        }
        let options = options(name).map_err(BindError::io("make", name))?;
        let listener = options.create_duplex().map_err(|error| match error.raw_os_error() {
            Some(ACCESS_DENIED | PIPE_BUSY) => running(),
            _ => BindError::io("make", name)(error),
        })?;
        Ok(Self { listener, options })
    }

    fn into_async(self) -> io::Result<AsyncListener> {
        let handle = OwnedHandle::from(self.listener);
        AsyncListener::from_handle_and_options(handle, self.options)
    }
}

type AsyncListener = named_pipe::PipeListener<pipe_mode::Bytes, pipe_mode::Bytes>;

impl SessionListener {
    /// Makes the sessions directory where it is missing, the pipe of the session, open to its owner alone, and the marker
    /// file in the directory that holds the pipe's name. A marker that was left over by a session that was killed is
    /// replaced.
    ///
    /// # Errors
    /// [`BindError`]: a directory that is a symbolic link or something else; a session of the same id that runs, in
    /// whatever case; an id that is the name of a device. Nothing is left behind.
    pub fn bind(sessions_dir: &Path, id: &SessionId) -> Result<Self, BindError> {
        let directory = sessions_dir.components().collect::<PathBuf>();
        let pipe = format!(r"\\.\pipe\mirrord-{id}");
        let marker = Self::check_path(&directory, id)?;
        open_directory(&directory)?;
        let running = || BindError::AlreadyRunning {
            id: id.clone(),
            path: PathBuf::from(&pipe),
        };
        let released = format!(r"\\.\pipe\mirrord-session-{id}");
        let (own, released) = (BoundPipe::bind(&pipe, running)?, BoundPipe::bind(&released, running)?);
        let file = SocketFile::new(marker.clone(), &pipe).map_err(BindError::io("write", &marker))?;
        Ok(Self {
            id: id.clone(),
            file,
            pipe: own,
            released_pipe: released,
        })
    }

    /// Checks that a session's marker is no device of the system, and returns its path. Nothing on the disk is looked at.
    ///
    /// # Errors
    /// The id begins with the name of a device.
    pub fn check_path(sessions_dir: &Path, id: &SessionId) -> Result<PathBuf, BindError> {
        let marker = sessions_dir.join(format!("{id}.pipe"));
        if is_device(id.as_str()) {
            let device = io::Error::new(io::ErrorKind::InvalidInput, "it begins with the name of a device");
            return Err(BindError::io("write", marker)(device));
        }
        Ok(marker)
    }

    /// The session's id.
    #[must_use]
    pub fn session_id(&self) -> &SessionId {
        &self.id
    }

    /// Path of the marker that names the pipe.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.file.path
    }

    pub(crate) fn into_parts(self) -> io::Result<(Acceptor, SocketFile)> {
        let acceptor = Acceptor {
            listener: self.pipe.into_async()?,
            released: self.released_pipe.into_async()?,
        };
        Ok((acceptor, self.file))
    }
}

/// Reports a name that the system takes for a device's, whatever its extension.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_ascii_uppercase();
    match stem.as_str() {
        "CON" | "PRN" | "AUX" | "NUL" => true,
        stem => matches!(
            stem.as_bytes(),
            [b'C', b'O', b'M', b'0'..=b'9'] | [b'L', b'P', b'T', b'0'..=b'9']
        ),
    }
}

/// Reports a pipe that a process has open. A session that runs takes the question for a client that hangs up.
fn is_served(pipe: &str) -> bool {
    match fs::OpenOptions::new().read(true).write(true).open(pipe) {
        Ok(_) => true,
        Err(error) => error.raw_os_error() == Some(PIPE_BUSY),
    }
}

fn options(pipe: &str) -> io::Result<PipeListenerOptions<'static>> {
    let wide = |text: &str| text.encode_utf16().collect::<Vec<u16>>();
    let descriptor = wide(OWNER_ALONE).to_wtf_16().map_err(io::Error::other)?;
    PipeListenerOptions::new()
        .path(wide(pipe))
        .security_descriptor(Some(SecurityDescriptor::deserialize(&descriptor)?))
        .input_buffer_size_hint(CHUNK_BYTES as u32)
        .output_buffer_size_hint(CHUNK_BYTES as u32)
        .try_clone()
}

/// Sees to it that the directory is one. Who may look into it is left to the profile that it lies in: what is in it is a
/// name, and the pipe itself admits its owner alone.
fn open_directory(path: &Path) -> Result<(), BindError> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(path).map_err(BindError::io("make the directory", path))
        }
        Err(error) => Err(BindError::io("look at", path)(error)),
        Ok(found) if found.is_symlink() => Err(BindError::DirectoryIsLink(path.to_owned())),
        Ok(found) if !found.is_dir() => Err(BindError::NotADirectory(path.to_owned())),
        Ok(_) => Ok(()),
    }
}

/// The marker, which goes with the session.
#[derive(Debug)]
pub(crate) struct SocketFile {
    path: PathBuf,
    pipe: String,
    removed: Mutex<bool>,
}

impl SocketFile {
    fn new(path: PathBuf, pipe: &str) -> io::Result<Self> {
        write_marker(&path, pipe)?;
        Ok(Self {
            path,
            pipe: pipe.to_owned(),
            removed: Mutex::new(false),
        })
    }

    fn removed(&self) -> MutexGuard<'_, bool> {
        self.removed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes the marker again where another program has removed it.
    pub(crate) fn restore(&self) {
        // Held throughout, so that a marker is not written again behind its removal.
        let removed = self.removed();
        let is_gone = || fs::symlink_metadata(&self.path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound);
        if !*removed && is_gone() {
            let _ = write_marker(&self.path, &self.pipe);
        }
    }

    /// Removes the marker. It is ours as long as we have the pipe, since no other session gets the name before.
    pub(crate) fn remove(&self) {
        if !std::mem::replace(&mut *self.removed(), true) {
            // What cannot be removed names a pipe that is gone, and is treated so by whoever finds it.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Writes a marker elsewhere and renames it, so that half a name is never read.
fn write_marker(path: &Path, pipe: &str) -> io::Result<()> {
    let newborn = path.with_extension("new");
    fs::write(&newborn, pipe)?;
    fs::rename(&newborn, path).inspect_err(|_| _ = fs::remove_file(&newborn))
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        self.remove();
    }
}

/// Accepts our own user's connections: the system lets in no other.
#[derive(Debug)]
pub(crate) struct Acceptor {
    listener: AsyncListener,
    /// Listens on the name that a released mirrord looks for.
    released: AsyncListener,
}

impl Acceptor {
    /// Waits for a client of either pipe. Cancel-safe, as both waits are.
    pub(crate) async fn accept(&self) -> io::Result<Pipe> {
        let accepted = tokio::select! {
            accepted = self.listener.accept() => accepted,
            accepted = self.released.accept() => accepted,
        };
        accepted.map(Pipe::new)
    }
}
