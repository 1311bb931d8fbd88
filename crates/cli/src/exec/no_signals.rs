//! Where the system has no signals, there is nothing to pass on; the same names, so that nobody has to ask.

use std::sync::Weak;

use mirrord_observe::Watched;

/// The number that asks a program to end.
pub(super) const SIGTERM: i32 = 15;

/// The number that lets a stopped program go on.
pub(super) const SIGCONT: i32 = 18;
/// The number that ends a program whether it wants to or not.
pub(super) const SIGKILL: i32 = 9;

/// Nothing is held.
pub(super) struct Held;

impl Held {
    pub(super) fn hold() -> Self {
        Self
    }

    pub(super) fn pass_on(self, _program: Weak<Watched>) {}
}
