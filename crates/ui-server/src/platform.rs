//! Parts of the operating system that the server asks for; both sides give the same items.

#[cfg_attr(unix, path = "platform/unix.rs")]
#[cfg_attr(windows, path = "platform/windows.rs")]
pub(crate) mod system;
