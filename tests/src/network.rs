//! Another machine: two network namespaces of a test's own with a cable between them, `mirrord ui` in one and a phone in
//! the other. The machine's real addresses are never used.
//!
//! Namespaces take root and iproute2. Where they cannot be had the test says so past the runner's capture of its output;
//! it is never passed over without a word.
//!
//! A namespace is a thread's: a test runs on a thread of its own, and what it starts or connects belongs to the namespace
//! in which its thread is at that moment.

use std::fs::File;
use std::io::Write as _;
use std::os::fd::AsFd as _;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use tokio::process::Command;

use crate::home::Home;

/// The machine's address on the cable.
pub const MACHINE: &str = "10.231.7.1";
/// The phone's.
pub const PHONE: &str = "10.231.7.2";

/// Counts this process's cables.
static LAID: AtomicU32 = AtomicU32::new(0);

/// Two namespaces, a cable, and their end.
pub struct Cable {
    machine: String,
    phone: String,
}

/// Runs iproute2; says whether it did what it was asked for.
pub async fn ip(arguments: &str) -> bool {
    let run = Command::new("ip")
        .args(arguments.split(' '))
        .stderr(Stdio::null())
        .status();
    run.await.is_ok_and(|status| status.success())
}

impl Cable {
    async fn lay() -> Option<Self> {
        let mark = format!("{}-{}", std::process::id(), LAID.fetch_add(1, Ordering::Relaxed));
        let cable = Self {
            machine: format!("mirrord-m{mark}"),
            phone: format!("mirrord-p{mark}"),
        };
        let (machine, phone) = (&cable.machine, &cable.phone);
        for step in [
            format!("netns add {machine}"),
            format!("netns add {phone}"),
            format!("-n {machine} link add cable0 type veth peer name cable1 netns {phone}"),
            format!("-n {machine} addr add {MACHINE}/24 dev cable0"),
            format!("-n {phone} addr add {PHONE}/24 dev cable1"),
            format!("-n {machine} link set lo up"),
            format!("-n {phone} link set lo up"),
            format!("-n {machine} link set cable0 up"),
            format!("-n {phone} link set cable1 up"),
            format!("-n {phone} route add 224.0.0.0/4 dev cable1"),
        ] {
            if !ip(&step).await {
                return None;
            }
        }
        Some(cable)
    }

    /// Gives the machine its address, or takes it away.
    pub async fn address(&self, change: &str) {
        let done = ip(&format!("-n {} addr {change} {MACHINE}/24 dev cable0", self.machine)).await;
        assert!(done, "iproute2 can {change} an address");
    }

    /// From now on this thread is on the machine.
    pub fn to_machine(&self) {
        enter(&self.machine);
    }

    /// From now on this thread is on the phone.
    pub fn to_phone(&self) {
        enter(&self.phone);
    }

    /// A program on the phone.
    #[must_use]
    pub fn on_phone(&self, home: &Home, program: impl AsRef<Path>) -> Command {
        let mut command = home.command("ip");
        command
            .args(["netns", "exec", &self.phone])
            .arg(program.as_ref().as_os_str());
        command
    }
}

/// As `ip netns` keeps it (ip-netns(8)).
fn enter(namespace: &str) {
    let path = Path::new("/run/netns").join(namespace);
    let file = File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    move_into_link_name_space(file.as_fd(), Some(LinkNameSpaceType::Network)).expect("a thread of root may move");
}

impl Drop for Cable {
    fn drop(&mut self) {
        for namespace in [&self.machine, &self.phone] {
            let arguments = ["netns", "del", namespace];
            std::process::Command::new("ip")
                .args(arguments)
                .stderr(Stdio::null())
                .status()
                .ok();
        }
    }
}

/// Runs a test that takes another machine, its thread on the machine of `mirrord ui` at first. Where there can be none, it
/// says so and passes: `name` and what is not tested then.
pub fn with_a_phone<Test: Future<Output = ()>>(name: &str, test: impl FnOnce(Arc<Cable>) -> Test + Send) {
    let run = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime can be made").block_on(async {
            match Cable::lay().await {
                Some(cable) => {
                    // Laid until the test has ended, whatever it does with its own.
                    let cable = Arc::new(cable);
                    cable.to_machine();
                    test(Arc::clone(&cable)).await;
                }
                None => {
                    let says = format!("SKIPPED {name}: no network namespaces here (they take root and iproute2)\n");
                    std::io::stderr().write_all(says.as_bytes()).ok();
                }
            }
        });
    };
    let ended = std::thread::scope(|scope| scope.spawn(run).join());
    if let Err(panic) = ended {
        std::panic::resume_unwind(panic);
    }
}
