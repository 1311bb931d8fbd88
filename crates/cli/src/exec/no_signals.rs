//! Numbers of signals where the system has none: nothing is ever sent there.

/// The number that asks a program to end.
pub(super) const SIGTERM: i32 = 15;
/// The number that lets a stopped program go on.
pub(super) const SIGCONT: i32 = 18;
/// The number that ends a program whether it wants to or not.
pub(super) const SIGKILL: i32 = 9;
