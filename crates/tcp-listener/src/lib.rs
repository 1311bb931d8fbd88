//! Listening on TCP, for every listener of this workspace: the machine's addresses, the owner of a busy port, and accepting
//! that goes on after an error.
//!
//! It knows no protocol and no sessions, and ends no process.

mod accept;
mod addresses;
#[cfg_attr(unix, path = "open_files/unix.rs")]
#[cfg_attr(windows, path = "open_files/windows.rs")]
mod open_files;
mod port_owner;

pub use accept::accept;
pub use addresses::{ReachableAddress, interfaces, reachable_addresses};
pub use open_files::raise_open_files_limit;
pub use port_owner::describe_port_owner;
