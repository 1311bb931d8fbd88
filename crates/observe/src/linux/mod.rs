//! The Linux side: see the crate's documentation for how its parts work together.

mod address;
mod connections;
mod datagrams;
mod discovery;
mod dns;
mod dns_capture;
mod event_builder;
mod event_worker;
mod filter;
mod initial_signals;
mod install;
mod interpreter;
mod limits;
mod memory;
mod observer;
mod overdue;
mod passthrough;
mod paths;
mod pending_signals;
mod process;
mod process_tree;
mod processes;
mod procfs;
mod queue;
mod relay;
mod resolver_sockets;
mod roots;
mod sockets;
mod spawn;
mod starter;
mod sys;
mod syscall_reader;
mod syscalls;
mod tracee;
mod watchdog;
mod watchdog_supervisor;
mod witness;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

pub use self::limits::raise_limits;
pub use self::process_tree::ProcessTree;
pub use self::relay::SignalRelay;
pub use self::tracee::{Tracee, replace_process, start};
pub use self::watchdog::watchdog_main;

/// Returns whether no process is left that has the filter.
fn tree_is_gone(listener: &sys::Listener) -> bool {
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    let mut polled = [PollFd::new(listener, PollFlags::empty())];
    poll(&mut polled, Some(&now)).is_ok() && polled[0].revents().contains(PollFlags::HUP)
}
