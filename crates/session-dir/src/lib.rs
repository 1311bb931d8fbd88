//! Ownership of the sockets in a sessions directory: the record that a session's host keeps beside its socket, and the
//! judgement of a socket that refuses connections.
//!
//! A refused connection proves that a socket is dead only in the kernel that made it, and a directory can be shared
//! between kernels (NFS, virtiofs, FUSE). Invariant: on a file system that another kernel may share, a socket is dead
//! only where its record proves that its host was a process of this kernel and has ended. Deliberately absent:
//! connecting; the callers do that.

#![cfg(unix)]

mod file_system;
mod process;
mod record;
mod verdict;

pub use file_system::FileSystem;
pub use record::{HOSTS_DIR, HostRecord, link_path, read_record, record_path, remove_traces, write_record};
pub use verdict::{Verdict, judge, judge_refused, sweep};
