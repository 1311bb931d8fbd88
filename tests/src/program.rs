//! A program under `mirrord exec`, from its start to its end.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::OnceLock;

use mirrord_wire::{SessionId, SessionInfo, StreamLine};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::UnixStream;
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::home::Home;
use crate::{eventually, within};

/// A program under `mirrord exec`. It ends with the test.
pub struct Program {
    socket: PathBuf,
    /// Its session.
    pub id: SessionId,
    /// `mirrord exec` itself.
    pub child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

impl Program {
    /// Starts a program under a session of a given name.
    pub async fn start(home: &Home, id: &str, command: &[&str]) -> Self {
        Self::start_with(home, id, &[], command).await
    }

    /// Starts a program with flags for `mirrord exec`.
    pub async fn start_with<S: AsRef<OsStr>>(home: &Home, id: &str, flags: &[&str], command: &[S]) -> Self {
        let mut exec = home.mirrord(["exec"]);
        exec.args(flags).arg("--").args(command);
        Self::spawn(home, id, exec).await
    }

    /// Starts a command that ends in `mirrord exec`, under a session of a given name.
    pub async fn spawn(home: &Home, id: &str, mut exec: Command) -> Self {
        let id = SessionId::new(id).expect("a test names its session rightly");
        let mut child = exec
            .env("MIRRORD_SESSION_ID", id.as_str())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("mirrord exec starts");
        let stdin = child.stdin.take();
        let stdout = BufReader::new(child.stdout.take().expect("its output is piped"));
        let program = Self {
            socket: home.socket(&id),
            id,
            child,
            stdin,
            stdout,
        };
        eventually("the session's socket appears", async || {
            program.socket.exists().then_some(())
        })
        .await;
        program
    }

    /// A shell that runs each line it is given, and reports when it has.
    pub async fn shell(home: &Home, id: &str) -> Self {
        Self::start(home, id, &["sh"]).await
    }

    /// The session's socket.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.socket.clone()
    }

    /// Writes a line to the program.
    pub async fn tell(&mut self, line: &str) {
        let stdin = self.stdin.as_mut().expect("the program's input is still open");
        stdin
            .write_all(format!("{line}\n").as_bytes())
            .await
            .expect("the program reads its input");
    }

    /// Runs a line in a [`Program::shell`] and waits until it is done.
    pub async fn run(&mut self, line: &str) {
        self.tell(&format!("{line}\necho done")).await;
        loop {
            if self.line().await == "done" {
                return;
            }
        }
    }

    /// The next line of the program's output.
    pub async fn line(&mut self) -> String {
        let mut line = String::new();
        within("a line of the program", self.stdout.read_line(&mut line))
            .await
            .expect("its output can be read");
        assert!(!line.is_empty(), "the program's output ended");
        line.trim_end().to_owned()
    }

    /// Closes the program's input and waits for its end.
    pub async fn finish(mut self) -> Finished {
        drop(self.stdin.take());
        let (mut stdout, mut stderr) = (String::new(), String::new());
        let mut errors = self.child.stderr.take().expect("its errors are piped");
        let (_, _, status) = within("the program's end", async {
            tokio::join!(
                self.stdout.read_to_string(&mut stdout),
                errors.read_to_string(&mut stderr),
                self.child.wait()
            )
        })
        .await;
        Finished {
            status: status.expect("it can be waited for"),
            stdout,
            stderr,
        }
    }

    /// Waits for its end alone: what it has left behind may hold its output open.
    pub async fn finish_without_output(mut self) -> ExitStatus {
        let ended = within("the program's end", self.child.wait()).await;
        ended.expect("it can be waited for")
    }

    /// `GET /info` on the session's socket.
    pub async fn info(&self) -> SessionInfo {
        serde_json::from_str(&ask(&self.socket, "/info").await).expect("an info is JSON")
    }

    /// Everything that the session keeps: what `echo 'GET /events?since=0' | nc -U` shows at first.
    pub async fn events(&self) -> EventReader {
        EventReader::open(&self.socket, "/events?since=0").await
    }
}

/// Exit of a program.
#[derive(Debug)]
pub struct Finished {
    /// Its exit status, as `mirrord exec` hands it on.
    pub status: ExitStatus,
    /// The rest of its output.
    pub stdout: String,
    /// Standard error of it and of `mirrord exec`.
    pub stderr: String,
}

/// One request as `nc -U` sends it.
async fn request(socket: &Path, path: &str) -> UnixStream {
    let mut stream = UnixStream::connect(socket)
        .await
        .expect("the session's socket can be reached");
    let sent = stream.write_all(format!("GET {path}\n").as_bytes()).await;
    sent.expect("a request can be sent");
    stream
}

/// The whole bare answer to one request.
pub async fn ask(socket: &Path, path: &str) -> String {
    let mut stream = request(socket, path).await;
    let mut answer = String::new();
    within("an answer", stream.read_to_string(&mut answer))
        .await
        .expect("the answer is text");
    answer
}

/// The lines of `/events`, in the form for `nc`.
pub struct EventReader {
    lines: tokio::io::Lines<BufReader<UnixStream>>,
}

impl EventReader {
    /// Opens `path` on a session's socket.
    pub async fn open(socket: &Path, path: &str) -> Self {
        let stream = request(socket, path).await;
        Self {
            lines: BufReader::new(stream).lines(),
        }
    }

    /// The next line, as it came; `None` at the end.
    pub async fn raw(&mut self) -> Option<String> {
        within("an event", self.lines.next_line()).await.ok().flatten()
    }

    /// Reads on until a line fits.
    pub async fn until<T>(&mut self, what: &str, mut fits: impl FnMut(&StreamLine) -> Option<T>) -> T {
        while let Some(line) = self.raw().await {
            let read = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line}: {error}"));
            if let Some(found) = fits(&read) {
                return found;
            }
        }
        panic!("the stream ended before {what}");
    }
}

/// Path of the Python interpreter itself: a version manager's shim is a shell script with thousands of events of its own.
pub fn python() -> &'static str {
    static PATH: OnceLock<String> = OnceLock::new();
    PATH.get_or_init(|| {
        let ask = ["-c", "import sys; print(sys.executable)"];
        let output = std::process::Command::new("python3")
            .args(ask)
            .output()
            .expect("python3 starts");
        let path = String::from_utf8(output.stdout).expect("a path in UTF-8");
        path.trim().to_owned()
    })
}
