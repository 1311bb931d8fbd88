//! `demo`: builds, starts `mirrord ui` and a sample program under `mirrord exec`, until Ctrl-C.
//!
//! Each of the two runs in a process group of its own, and this program alone hears the Ctrl-C: it ends the sample
//! first, so that its session leaves in order, then the page's server, and removes the folder that the sample used.
//! Where the system cannot watch a program, the sessions come from the example host of intproxy-ipc.

use std::{
    env, fs,
    io::{self, BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{
    build::{self, Profile},
    page,
    paths::Paths,
    process, sample,
    target_lock::{Target, TargetLock},
};

/// Time between asking a program to end and killing it.
const GRACE: Duration = Duration::from_secs(5);
/// Time-out for the address of `mirrord ui`.
const START_TIMEOUT: Duration = Duration::from_secs(30);
/// The code with which `mirrord exec` ends where it failed before the program started.
const CANNOT_WATCH: i32 = 125;
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// The command; its arguments go to `mirrord ui`.
pub(crate) fn run(paths: &Paths, args: &[String]) -> Result<()> {
    let Signals { is_building, stop } = Signals::catch()?;
    let built = build::build(paths, Profile::Debug)?;
    is_building.store(false, Ordering::Relaxed);
    let folder = Folder::create()?;
    let mut is_watched = cfg!(target_os = "linux");
    let mut program = if is_watched {
        watched_sample(paths, &built.binary, &folder.0)?
    } else {
        example_host(paths, &built.page)?
    };
    if stop.load(Ordering::Relaxed) {
        return Ok(());
    }
    let mut ui = paths.command(&built.binary);
    ui.arg("ui").args(args);
    if !has_display() && !args.iter().any(|arg| arg == "--no-open") {
        ui.arg("--no-open");
    }
    // The browser that it opens is in its group, and stays.
    let mut ui = Running::start("mirrord ui", ui.stdout(Stdio::piped()), Ends::Alone)?;
    show_url(&mut ui, &stop)?;
    let mut program = Running::start("the sample program", program.stdout(Stdio::null()), Ends::WithItsGroup)?;
    eprintln!("demo: watching a sample program; Ctrl-C ends it");
    while !stop.load(Ordering::Relaxed) {
        match program.ended()? {
            Some(status) if status.code() == Some(CANNOT_WATCH) && is_watched => {
                is_watched = false;
                let mut host = example_host(paths, &built.page)?;
                program = Running::start("the example host", host.stdout(Stdio::null()), Ends::WithItsGroup)?;
            }
            Some(status) => bail!("the sample program ended ({status})"),
            None => {}
        }
        match ui.ended()? {
            // Another instance had the page already, and showed ours in it.
            Some(status) if status.success() => {}
            Some(status) => bail!("mirrord ui ended ({status})"),
            None => {}
        }
        thread::sleep(POLL_INTERVAL);
    }
    eprintln!("demo: ending");
    program.end();
    ui.end();
    Ok(())
}

/// Signals of Ctrl-C, of a closing terminal, and of a plain `kill`.
struct Signals {
    /// While set they end us at once: there is nothing to put away, and a build would not notice `stop`.
    is_building: Arc<AtomicBool>,
    /// Set by them.
    stop: Arc<AtomicBool>,
}

impl Signals {
    fn catch() -> Result<Self> {
        use signal_hook::{consts, flag};
        let signals = Self {
            is_building: Arc::new(AtomicBool::new(true)),
            stop: Arc::default(),
        };
        #[cfg(unix)]
        let numbers = [consts::SIGINT, consts::SIGTERM, consts::SIGHUP];
        #[cfg(not(unix))]
        let numbers = [consts::SIGINT, consts::SIGTERM];
        for number in numbers {
            flag::register_conditional_default(number, Arc::clone(&signals.is_building))
                .context("no signal handler")?;
            flag::register(number, Arc::clone(&signals.stop)).context("no signal handler")?;
        }
        Ok(signals)
    }
}

/// `mirrord exec -- orders-service`.
fn watched_sample(paths: &Paths, binary: &Path, folder: &Path) -> Result<Command> {
    // A name of its own, since that is what the page shows.
    let program = folder.join("orders-service");
    fs::copy(env::current_exe()?, &program).context("cannot copy the sample program")?;
    let mut command = paths.command(binary);
    command
        .args(["exec", "--target", "deployment/orders", "--"])
        .arg(program)
        .arg(sample::COMMAND)
        .arg(folder);
    Ok(command)
}

/// The example host, which makes a session's events up.
fn example_host(paths: &Paths, page: &Path) -> Result<Command> {
    eprintln!("demo: this system cannot watch a program, so a host that makes events up takes its place");
    let held = TargetLock::take(paths, Target::Native)?;
    let mut cargo = held.cargo(paths);
    cargo
        .args(["build", "--package", "mirrord-intproxy-ipc", "--example", "host"])
        .env(page::VARIABLE, page);
    process::run(&mut cargo)?;
    let name = format!("host{}", env::consts::EXE_SUFFIX);
    let copy = paths.root.join("target").join("debug").join("examples").join(&name);
    build::copy_into_place(&held.folder().join("debug").join("examples").join(&name), &copy)?;
    Ok(paths.command(copy))
}

fn has_display() -> bool {
    let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    if is_set("CI") {
        return false;
    }
    cfg!(any(windows, target_os = "macos")) || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

/// Passes on what `mirrord ui` prints, and waits for its first line, which is the URL.
fn show_url(ui: &mut Running, stop: &AtomicBool) -> Result<()> {
    let output = ui.child.stdout.take().context("mirrord ui has no output")?;
    let (said, heard) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(io::Result::ok) {
            // Nobody listens to our output any more: then there is nobody to tell.
            let _ = writeln!(io::stdout(), "{line}").and_then(|()| io::stdout().flush());
            let _ = said.send(());
        }
    });
    let started = Instant::now();
    while !stop.load(Ordering::Relaxed) {
        match heard.recv_timeout(POLL_INTERVAL) {
            Ok(()) => return Ok(()),
            Err(mpsc::RecvTimeoutError::Disconnected) => bail!("mirrord ui did not start"),
            Err(mpsc::RecvTimeoutError::Timeout) if started.elapsed() > START_TIMEOUT => {
                bail!(
                    "mirrord ui did not say where it is within {}",
                    process::seconds(START_TIMEOUT)
                );
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {}
        }
    }
    Ok(())
}

/// Set when a program has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ends {
    Alone,
    WithItsGroup,
}

/// A program that is ended when this is dropped.
#[derive(Debug)]
struct Running {
    child: Child,
    ends: Ends,
    status: Option<ExitStatus>,
}

impl Running {
    fn start(name: &str, command: &mut Command, ends: Ends) -> Result<Self> {
        // A group that is not the terminal's own hears no Ctrl-C, and must not read from the terminal.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let child = command
            .stdin(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        Ok(Self {
            child,
            ends,
            status: None,
        })
    }

    fn ended(&mut self) -> Result<Option<ExitStatus>> {
        if self.status.is_none() {
            self.status = self.child.try_wait()?;
        }
        Ok(self.status)
    }

    /// Asks the program to end, and kills it once it had its time; then what it started.
    fn end(&mut self) {
        if self.status.is_some() && self.ends == Ends::Alone {
            // Waited for long ago, as a `mirrord ui` that found another one: its number may be a stranger's by now.
            return;
        }
        let started = Instant::now();
        signal("TERM", &self.child.id().to_string());
        while matches!(self.ended(), Ok(None)) && started.elapsed() < GRACE {
            thread::sleep(Duration::from_millis(10));
        }
        if self.ends == Ends::WithItsGroup {
            signal("KILL", &format!("-{}", self.child.id()));
        }
        // On Windows, where there are no signals, this is what ends it.
        let _ = self.child.kill();
        self.status = self.child.wait().ok();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.status.is_none() {
            self.end();
        }
    }
}

/// Sends a signal with the shell's own `kill`, which every Unix has.
fn signal(name: &str, to: &str) {
    if cfg!(unix) {
        let mut shell = Command::new("sh");
        shell.args(["-c", "kill -s \"$1\" -- \"$2\"", "sh", name, to]);
        // It fails where nothing is left to signal, as it should be.
        let _ = shell
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }
}

/// A folder for the sample's files, removed when this is dropped.
#[derive(Debug)]
struct Folder(PathBuf);

impl Folder {
    fn create() -> Result<Self> {
        let path = env::temp_dir().join(format!("mirrord-demo-{}", std::process::id()));
        fs::create_dir(&path).with_context(|| format!("cannot create {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("demo: cannot remove {}: {error}", self.0.display());
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn ending_a_program_ends_what_it_started() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 600 & echo $!; wait"]).stdout(Stdio::piped());
        let mut group = Running::start("a shell", &mut command, Ends::WithItsGroup).unwrap();
        let mut line = String::new();
        BufReader::new(group.child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        drop(group);
        let is_alive = || {
            Command::new("kill")
                .args(["-0", line.trim()])
                .stderr(Stdio::null())
                .status()
                .unwrap()
                .success()
        };
        let deadline = Instant::now() + GRACE;
        while is_alive() {
            assert!(Instant::now() < deadline, "the child of the group is alive");
            thread::yield_now();
        }
    }

    #[test]
    fn the_folder_is_gone_with_its_owner() {
        let folder = Folder::create().unwrap();
        let path = folder.0.clone();
        fs::write(path.join("file"), "").unwrap();
        drop(folder);
        assert!(!path.exists());
    }
}
