//! Directories and files of the operating system; both sides give the same items.

#[cfg_attr(unix, path = "platform/unix.rs")]
#[cfg_attr(windows, path = "platform/windows.rs")]
pub(crate) mod system;
