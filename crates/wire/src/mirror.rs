//! Web mirror of `mirrord ui`: signing in, devices, settings, status and the desktop's sidebar.
//!
//! No type here carries a password hash, a cookie or a device's secret. The one password that is ever sent is the random
//! one that the program made itself, and to the desktop alone.

mod settings;
mod status;

pub use settings::{MirrorSettings, MirrorSettingsChange};
pub use status::*;
