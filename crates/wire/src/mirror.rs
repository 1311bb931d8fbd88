//! Web mirror of `mirrord ui`: signing in, devices, settings, status and the desktop's sidebar.
//!
//! No type here carries a password hash, a cookie or a device's secret. The one password that is ever sent is the random
//! one that the program made itself, and to the desktop alone.

mod audit;
mod device;
mod me;
mod settings;
mod sidebar;
mod sign_in;
mod status;

pub use audit::{AuditEntry, AuditKind};
pub use device::{Device, DeviceChange, Role, SignedInBy};
pub use me::{ListenerKind, Me, Permission};
pub use settings::{MirrorSettings, MirrorSettingsChange, TlsMode};
pub use sidebar::Sidebar;
pub use sign_in::{Pairing, PairingTicket, Redeem, SignIn, TicketState};
pub use status::{
    Authority, CredentialsSource, Interface, MirrorCredentials, MirrorState, MirrorStatus, MirrorUrl, Reach,
};
