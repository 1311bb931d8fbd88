//! A clean home of a test's own, and the real binary in it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Once};

use mirrord_wire::SessionId;
use tempfile::TempDir;
use tokio::process::Command;

/// Done before the first program is started.
static INTERRUPTIBLE: Once = Once::new();

/// Has SIGINT end this process, also where it was started with the signal ignored, as by `nohup` or by `&` in a script: a
/// signal that is ignored stays so in every program that is executed, and one with a handler does not.
fn handle_interrupts() {
    let is_ending = Arc::new(AtomicBool::new(true));
    signal_hook::flag::register_conditional_shutdown(signal_hook::consts::SIGINT, 130, is_ending)
        .expect("SIGINT can be handled");
}

/// A temporary home. Nothing of the machine's own sessions is seen from in here.
pub struct Home {
    dir: TempDir,
}

impl Default for Home {
    fn default() -> Self {
        Self::new()
    }
}

impl Home {
    /// Makes one. Its path is short, because a Unix socket's is limited.
    #[must_use]
    pub fn new() -> Self {
        INTERRUPTIBLE.call_once(handle_interrupts);
        let dir = tempfile::Builder::new()
            .prefix("mirrord-")
            .tempdir()
            .expect("a temporary directory can be made");
        Self { dir }
    }

    /// The home itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// The sessions directory of this home.
    #[must_use]
    pub fn sessions_dir(&self) -> PathBuf {
        self.path().join(".mirrord/sessions")
    }

    /// A session's socket.
    #[must_use]
    pub fn socket(&self, id: &SessionId) -> PathBuf {
        self.sessions_dir().join(format!("{id}.sock"))
    }

    /// The file in which the `mirrord ui` of this home says where it is. It stays, empty, when that one has ended.
    #[must_use]
    pub fn ui_lock(&self) -> PathBuf {
        self.sessions_dir().join(".ui.lock")
    }

    /// Names in the sessions directory besides [`Home::ui_lock`]; empty where there is none.
    #[must_use]
    pub fn sessions_left(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.sessions_dir()).into_iter().flatten();
        let paths = entries.flatten().map(|entry| entry.path());
        paths.filter(|path| *path != self.ui_lock()).collect()
    }

    /// The binary under test, with this home and nothing of ours from the environment.
    #[must_use]
    pub fn mirrord<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = self.command(binary());
        command.args(arguments);
        command
    }

    /// Any program, with this home.
    #[must_use]
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env("HOME", self.path()).kill_on_drop(true);
        for name in [
            "MIRRORD_SESSIONS_DIR",
            "MIRRORD_SESSION_ID",
            "DISPLAY",
            "WAYLAND_DISPLAY",
            "RUST_LOG",
            "KUBECONFIG",
            "SSH_CONNECTION",
            "SSH_TTY",
            "WSL_DISTRO_NAME",
        ] {
            command.env_remove(name);
        }
        command
    }
}

/// The binary under test: `MIRRORD_BIN`, or what cargo built beside the tests.
#[must_use]
pub fn binary() -> PathBuf {
    let given = std::env::var_os("MIRRORD_BIN").map(PathBuf::from);
    let beside = || {
        let own = std::env::current_exe().expect("a test knows its own path");
        own.ancestors()
            .nth(2)
            .expect("tests lie in target/<profile>/deps")
            .join("mirrord")
    };
    let binary = given.unwrap_or_else(beside);
    assert!(
        binary.is_file(),
        "{} is not there: run these tests with `cargo xtask test`",
        binary.display()
    );
    binary
}
