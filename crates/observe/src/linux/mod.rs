//! The Linux side: see the crate's documentation for how its parts work together.

mod address;
mod calls;
mod connections;
mod datagrams;
mod discovery;
mod dns;
mod filter;
mod guardian;
mod inherited;
mod install;
mod interpreter;
mod keeper;
mod limits;
mod members;
mod memory;
mod observer;
mod overdue;
mod paths;
mod pending;
mod process;
mod processes;
mod procfs;
mod queries;
mod queue;
mod relay;
mod resolver_sockets;
mod roots;
mod sockets;
mod spawn;
mod stand_in;
mod sys;
mod syscalls;
mod teller;
mod telling;
mod watched;
mod witness;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

pub use self::guardian::guardian_main;
pub use self::limits::raise_limits;
pub use self::members::Members;
pub use self::relay::SignalRelay;
pub use self::watched::{Watched, replace_process, start};

/// Whether no process is left that has the filter.
fn tree_is_gone(listener: &sys::Listener) -> bool {
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    let mut polled = [PollFd::new(listener, PollFlags::empty())];
    poll(&mut polled, Some(&now)).is_ok() && polled[0].revents().contains(PollFlags::HUP)
}
