//! A `mirrord ui` of its own, in a temporary home, and what the system says of its process.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

use crate::Failure;

/// Longer than anything takes; what meets it has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// A temporary home with a sessions directory.
pub(crate) struct Folder {
    folder: tempfile::TempDir,
    sessions: PathBuf,
}

impl Folder {
    pub(crate) fn new() -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        let sessions = folder.path().join("sessions");
        Ok(Self { folder, sessions })
    }

    pub(crate) fn sessions(&self) -> &Path {
        &self.sessions
    }
}

/// The server; it ends with this.
pub(crate) struct Server {
    folder: Folder,
    child: Child,
    pid: u32,
    address: String,
    token: String,
}

impl Server {
    pub(crate) async fn start() -> Result<Self, Failure> {
        Self::start_in(Folder::new()?).await
    }

    /// Starts it, and waits until it has said where it is.
    pub(crate) async fn start_in(folder: Folder) -> Result<Self, Failure> {
        let binary = std::env::var_os("MIRRORD_BIN").ok_or("MIRRORD_BIN names the program to measure")?;
        let mut child = Command::new(binary)
            .args(["ui", "--no-open", "--sessions-dir"])
            .arg(&folder.sessions)
            .env("HOME", folder.folder.path())
            .env_remove("KUBECONFIG")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let pid = child.id().ok_or("it ended at once")?;
        let mut lines = BufReader::new(child.stdout.take().ok_or("it has no output")?).lines();
        let url = async {
            while let Some(line) = lines.next_line().await? {
                if let Some((_, url)) = line.split_once("http://") {
                    return Ok(url.to_owned());
                }
            }
            Err::<String, Failure>("it said no address".into())
        };
        let url = timeout(PATIENCE, url).await??;
        let (address, token) = url.split_once("/?token=").ok_or("its address has no token")?;
        Ok(Self {
            address: address.to_owned(),
            token: token.trim().to_owned(),
            folder,
            child,
            pid,
        })
    }

    pub(crate) fn sessions(&self) -> &Path {
        self.folder.sessions()
    }

    pub(crate) fn websocket(&self) -> String {
        format!("ws://{}/ws?batch=1&token={}", self.address, self.token)
    }

    /// Closes what it has open, so that readers come to their end.
    pub(crate) fn stop(&self) {
        let pid = i32::try_from(self.pid).ok().and_then(rustix::process::Pid::from_raw);
        if let Some(pid) = pid {
            // It may have ended by itself.
            rustix::process::kill_process(pid, rustix::process::Signal::TERM).ok();
        }
    }

    pub(crate) async fn get(&self, target: &str) -> Result<String, Failure> {
        let mut stream = TcpStream::connect(&self.address).await?;
        let (address, token) = (&self.address, &self.token);
        let request = format!(
            "GET {target} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        timeout(PATIENCE, stream.read_to_end(&mut answer)).await??;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        if !answer.starts_with("HTTP/1.1 200 ") {
            return Err(format!("{target}: {}", answer.lines().next().unwrap_or_default()).into());
        }
        Ok(answer)
    }

    /// Waits until so many sessions are listed as live.
    pub(crate) async fn until_live(&self, count: usize) -> Result<(), Failure> {
        let deadline = Instant::now() + PATIENCE;
        while self.get("/api/sessions").await?.matches(r#""status":"live""#).count() < count {
            if Instant::now() > deadline {
                return Err("the sessions are not listed".into());
            }
            sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }

    /// Events that never reached the server.
    pub(crate) async fn lost_by_sessions(&self) -> Result<u64, Failure> {
        let listed = self.get("/api/sessions").await?;
        let numbers = listed.split(r#""missed":"#).skip(1);
        let number = |text: &str| text.split(|at: char| !at.is_ascii_digit()).next()?.parse::<u64>().ok();
        Ok(numbers.filter_map(number).sum())
    }

    /// Resident memory, in MiB.
    pub(crate) fn memory(&self) -> Result<f64, Failure> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib: f64 = line
            .and_then(|line| line.split_whitespace().next())
            .ok_or("no VmRSS")?
            .parse()?;
        Ok(kib / 1024.0)
    }

    /// Processor time so far, in seconds: what the scheduler says of each thread, to the nanosecond. The clock ticks of
    /// `stat` miss what is shorter than a tick.
    pub(crate) fn processor_time(&self) -> Result<f64, Failure> {
        let mut nanos = 0;
        for task in std::fs::read_dir(format!("/proc/{}/task", self.pid))? {
            let stat = std::fs::read_to_string(task?.path().join("schedstat"))?;
            nanos += stat.split(' ').next().unwrap_or_default().parse::<u64>()?;
        }
        Ok(nanos as f64 / 1e9)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Killed with its handle; here only so that the handle is used.
        self.child.start_kill().ok();
    }
}
