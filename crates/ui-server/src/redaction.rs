//! Redaction as for a device of the mirror, for what leaves this machine otherwise: a record that is passed on, and what is sent
//! to an OpenTelemetry endpoint.

use std::borrow::Cow;

use mirrord_wire::{Counters, SessionInfo};

use crate::mirror::redact::{self, Disclosure, Shown};

/// Reduces the description of a session to what a device is shown.
pub fn info(info: &mut SessionInfo) {
    redact::info(info, Disclosure::default());
}

/// Reduces the names of what was counted to those that a device is shown.
pub fn counters(counters: &mut Counters) {
    redact::counters(counters);
}

/// Returns an event line as a device is shown it.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    match redact::line(text, Disclosure::default()) {
        Shown::AsItIs => Cow::Borrowed(text),
        Shown::Instead(shown) => Cow::Owned(shown),
    }
}
