//! Listening on TCP, for every listener of this workspace: the machine's addresses, the owner of a busy port, and accepting
//! that goes on after an error.
//!
//! It knows no protocol and no sessions, and ends no process.

mod accept;
mod addresses;
#[cfg(unix)]
mod open_files;
mod port_owner;

pub use accept::accept;
pub use addresses::{ReachableAddress, interfaces, reachable_addresses};
#[cfg(unix)]
pub use open_files::raise_open_files_limit;
pub use port_owner::describe_port_owner;
