//! The harness: runs the tests that match, starts hosts, reads their events.

use std::ffi::OsStr;
use std::fmt::Debug;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Output, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use mirrord_wire::{EventLine, MonitorEvent, Outcome};

pub(crate) type Test = (&'static str, fn());

/// Lists the tests of a module, each under its name.
macro_rules! tests {
    ($($name:ident),+ $(,)?) => {
        pub(crate) const TESTS: &[crate::support::Test] = &[$((concat!(module_path!(), "::", stringify!($name)), $name)),+];
    };
}
pub(crate) use tests;

/// Time-out of every wait of a test, for a loaded machine.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

pub(crate) fn run_tests(arguments: &[String]) -> ExitCode {
    let tests: Vec<Test> = [
        super::files::TESTS,
        super::network::TESTS,
        super::outcomes::TESTS,
        super::processes::TESTS,
        super::sockets::TESTS,
        super::faithful::TESTS,
        super::watchdog::TESTS,
    ]
    .concat();
    let filters: Vec<_> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
    let wanted = |name: &str| filters.is_empty() || filters.iter().any(|filter| name.contains(filter.as_str()));
    let mut failed = 0;
    for (name, test) in tests.iter().filter(|(name, _)| wanted(name)) {
        if arguments.iter().any(|argument| argument == "--list") {
            println!("{name}: test");
            continue;
        }
        let start = Instant::now();
        let _timer = HangTimer::over(name);
        let outcome = if catch_unwind(test).is_ok() { "ok" } else { "FAILED" };
        println!("test {name} ... {outcome} ({:.1} s)", start.elapsed().as_secs_f32());
        failed += u8::from(outcome != "ok");
    }
    println!("\n{failed} failed");
    ExitCode::from(u8::from(failed > 0))
}

/// Ends everything when a test hangs: a program that is never let go on is what these tests are about.
struct HangTimer(Sender<()>);

impl HangTimer {
    fn over(test: &'static str) -> Self {
        let (alive, ended) = channel();
        std::thread::spawn(move || {
            if ended.recv_timeout(test_deadline()) == Err(RecvTimeoutError::Timeout) {
                println!("test {test} ... FAILED: it hangs");
                std::process::exit(1);
            }
        });
        Self(alive)
    }
}

impl Drop for HangTimer {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

/// More where more was asked for than what a check runs.
fn test_deadline() -> Duration {
    DEADLINE
        * if std::env::var_os("OBSERVE_KILLS").is_some() {
            100
        } else {
            4
        }
}

/// A directory, a host, and a file with the host's events.
pub(crate) struct Watch {
    pub(crate) directory: tempfile::TempDir,
    command: Command,
}

/// Result of a watched program.
pub(crate) struct Ended {
    pub(crate) output: Output,
    pub(crate) lines: Vec<EventLine>,
    pub(crate) directory: PathBuf,
    _keep: tempfile::TempDir,
}

pub(crate) fn this_program() -> PathBuf {
    std::env::current_exe().unwrap()
}

impl Watch {
    /// Watches a command, in a directory of its own.
    pub(crate) fn new<A: AsRef<OsStr>>(command: impl IntoIterator<Item = A>) -> Self {
        Self::of(this_program(), command)
    }

    /// As `new`, with a host from elsewhere.
    pub(crate) fn of<A: AsRef<OsStr>>(host: PathBuf, command: impl IntoIterator<Item = A>) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let work = directory.path().join("work");
        std::fs::create_dir(&work).unwrap();
        let mut host = Command::new(host);
        host.arg("__host").arg(directory.path().join("events")).args(command);
        host.current_dir(work)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Self {
            directory,
            command: host,
        }
    }

    /// Watches this binary in the role of `actor`.
    pub(crate) fn act(role: &[&str]) -> Self {
        let program = this_program();
        let mut command = vec![program.as_os_str(), OsStr::new("__act")];
        command.extend(role.iter().map(OsStr::new));
        Self::new(command)
    }

    pub(crate) fn change(mut self, change: impl FnOnce(&mut Command)) -> Self {
        change(&mut self.command);
        self
    }

    pub(crate) fn work(&self) -> PathBuf {
        self.directory.path().canonicalize().unwrap().join("work")
    }

    pub(crate) fn start(&mut self) -> Child {
        self.command.spawn().unwrap()
    }

    pub(crate) fn lines(&self) -> Vec<EventLine> {
        let text = std::fs::read_to_string(self.directory.path().join("events")).unwrap_or_default();
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        whole.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    pub(crate) fn run(mut self) -> Ended {
        let output = self.start().wait_with_output().unwrap();
        self.ended(output)
    }

    pub(crate) fn ended(self, output: Output) -> Ended {
        Ended {
            output,
            lines: self.lines(),
            directory: self.work(),
            _keep: self.directory,
        }
    }
}

impl Ended {
    pub(crate) fn events(&self) -> impl Iterator<Item = &MonitorEvent> {
        self.lines.iter().map(EventLine::event)
    }

    /// The file operations on paths below the program's own directory, in order, relative to it.
    pub(crate) fn operations(&self) -> Vec<(String, String)> {
        let own = |event: &MonitorEvent| match event {
            MonitorEvent::FileOp {
                path: Some(path),
                operation,
            } => {
                let rest = Path::new(path).strip_prefix(&self.directory).ok()?;
                Some((operation.to_string(), rest.to_str()?.to_owned()))
            }
            _ => None,
        };
        self.events().filter_map(own).collect()
    }

    /// As `operations`, with the outcome of each.
    pub(crate) fn outcomes(&self) -> Vec<(String, String, Option<Outcome>)> {
        let own = |line: &EventLine| match line.event() {
            MonitorEvent::FileOp {
                path: Some(path),
                operation,
            } => {
                let rest = Path::new(path).strip_prefix(&self.directory).ok()?;
                let outcome = line.observation.outcome;
                Some((operation.to_string(), rest.to_str()?.to_owned(), outcome))
            }
            _ => None,
        };
        self.lines.iter().filter_map(own).collect()
    }

    pub(crate) fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.output.stdout).into_owned()
    }

    pub(crate) fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }

    pub(crate) fn succeeded(self) -> Self {
        assert!(
            self.output.status.success(),
            "{:?}: {}",
            self.output.status,
            self.stderr()
        );
        self
    }
}

/// Waits for a condition.
pub(crate) fn eventually<T>(what: &str, mut condition: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + DEADLINE;
    loop {
        if let Some(value) = condition() {
            return value;
        }
        assert!(Instant::now() < deadline, "never: {what}");
        std::thread::park_timeout(Duration::from_millis(2));
    }
}

#[track_caller]
pub(crate) fn assert_contains<T: PartialEq + Debug>(all: &[T], wanted: &T) {
    assert!(all.contains(wanted), "{wanted:?} is not in {all:#?}");
}

/// The processes whose command line holds this text.
pub(crate) fn processes_with(text: &str) -> Vec<u32> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Ok(pid) = entry.file_name().to_string_lossy().parse() else {
            continue;
        };
        let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        if String::from_utf8_lossy(&line).contains(text) {
            found.push(pid);
        }
    }
    found
}

/// The processes whose working directory lies in this one.
pub(crate) fn processes_in(directory: &str) -> Vec<u32> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Ok(pid) = entry.file_name().to_string_lossy().parse() else {
            continue;
        };
        if std::fs::read_link(entry.path().join("cwd")).is_ok_and(|cwd| cwd.starts_with(directory)) {
            found.push(pid);
        }
    }
    found
}

/// Sends a signal to a process that the test knows to be alive.
#[expect(unsafe_code, reason = "a signal")]
pub(crate) fn signal(pid: u32, signal: i32) {
    // SAFETY: numbers only.
    assert_eq!(unsafe { libc::kill(pid as i32, signal) }, 0);
}

/// Lets a command and all that it starts have no duplicate of another process's descriptor, as Docker's filter does.
#[expect(unsafe_code, reason = "a seccomp filter between fork and exec")]
pub(crate) fn without_duplicates(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    let statement = |code: u32, k: u32, jt: u8, jf: u8| libc::sock_filter {
        code: code as u16,
        jt,
        jf,
        k,
    };
    let filter = [
        statement(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0, 0, 0),
        statement(
            libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K,
            libc::SYS_pidfd_getfd as u32,
            0,
            1,
        ),
        statement(
            libc::BPF_RET | libc::BPF_K,
            libc::SECCOMP_RET_ERRNO | libc::EPERM as u32,
            0,
            0,
        ),
        statement(libc::BPF_RET | libc::BPF_K, libc::SECCOMP_RET_ALLOW, 0, 0),
    ];
    let install = move || {
        let program = libc::sock_fprog {
            len: filter.len() as u16,
            filter: filter.as_ptr().cast_mut(),
        };
        // SAFETY: numbers, and a program that lives through the call.
        let installed = unsafe {
            libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
            libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const program)
        };
        if installed == 0 {
            Ok(())
        } else {
            Err(std::io::Error::last_os_error())
        }
    };
    // SAFETY: system calls alone.
    unsafe { command.pre_exec(install) };
}

/// The state of a process, as the letter in `/proc/<pid>/stat`.
pub(crate) fn state_of(pid: u32) -> Option<char> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit(") ").next()?.chars().next()
}

/// Builds a static program with the compiler that built this one.
pub(crate) fn build_static(directory: &Path, name: &str, source: &str, flags: &[&str]) -> PathBuf {
    let file = directory.join(format!("{name}.rs"));
    let program = directory.join(name);
    std::fs::write(&file, source).unwrap();
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut build = Command::new(compiler);
    build
        .args(["--edition=2024", "-Copt-level=1", "-Ctarget-feature=+crt-static"])
        .args(flags);
    let built = build.arg("-o").arg(&program).arg(&file).output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    program
}

/// The program of that name in `PATH`; prints a note where there is none.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .map(|directory| directory.join(name))
        .find(|file| file.is_file());
    if found.is_none() {
        println!("  (no {name} on this machine: that part is left out)");
    }
    found
}
