//! The mirror: what the desktop is told of it and tells it, and what a device on the network is told of itself.
//!
//! No type here carries a password hash, a cookie or a device's secret. The one password that is ever sent is the random
//! one that the program made itself, and to the desktop alone.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::settings::MirrorSettings;
use crate::lenient;

/// Which of the two listeners a request came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListenerKind {
    /// The one on the loopback address, for who sits at the machine.
    Desktop,
    /// The one on the network.
    #[default]
    Mirror,
}

/// What a device may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads sessions and events, redacted, and changes nothing.
    #[default]
    Viewer,
    /// May end sessions as well.
    Controller,
}

/// Something that a page may offer or has to hide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Sessions and their events.
    Read,
    /// Ending a session's program.
    EndSessions,
    /// Dismissing an ended session.
    DismissSessions,
    /// The values of environment variables, credentials in command lines, the config as it is.
    SeeSecrets,
    /// The order, the pins and the selection that mirrors follow.
    ArrangeSidebar,
    /// The mirror's settings, pairing, devices and log.
    ManageMirror,
}

/// What `GET /api/me` answers: who asks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Me {
    /// The listener that was asked.
    #[serde(deserialize_with = "lenient::or_default")]
    pub listener: ListenerKind,
    /// What may be done. What is not listed is refused by the server.
    #[serde(deserialize_with = "lenient::known")]
    pub may: Vec<Right>,
    /// The name of the machine whose sessions these are, without a domain; absent where it has none of use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The device; absent on the desktop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<Device>,
}

/// How the mirror is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MirrorState {
    /// Turned off.
    #[default]
    Off,
    /// It can be reached.
    On,
    /// It cannot be reached now, for a reason that may pass, and tries again by itself.
    Waiting,
    /// It cannot start, for a reason that somebody has to do something about.
    Failed,
}

/// Whom an address is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// This machine.
    #[default]
    Local,
    /// Whoever shares a network with it.
    Network,
}

/// An address of the mirror.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MirrorUrl {
    /// What to open.
    #[serde(deserialize_with = "lenient::or_default")]
    pub url: String,
    /// Who can open it.
    #[serde(deserialize_with = "lenient::or_default")]
    pub reach: Reach,
    /// The network interface; absent for a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interface: Option<String>,
}

/// A network interface's address, for choosing where to listen.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Interface {
    /// Its name, such as `wlan0`.
    #[serde(deserialize_with = "lenient::or_default")]
    pub name: String,
    /// One of its addresses.
    #[serde(deserialize_with = "lenient::or_default")]
    pub address: String,
}

/// Where the mirror's encryption comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TlsMode {
    /// Plain HTTP.
    #[default]
    Off,
    /// A certificate and a key of the user's own.
    Own,
    /// A private authority, made on this machine.
    Private,
}

/// Where the mirror's user name and password come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialsSource {
    /// The settings.
    Settings,
    /// `MIRRORD_UI_USERNAME` and `MIRRORD_UI_PASSWORD`.
    Environment,
    /// Made for this run.
    #[default]
    Random,
}

/// What to sign in with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MirrorCredentials {
    /// The user name.
    #[serde(deserialize_with = "lenient::or_default")]
    pub username: String,
    /// Where they come from.
    #[serde(deserialize_with = "lenient::or_default")]
    pub source: CredentialsSource,
    /// The password; only a random one is ever told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

/// The private authority, for who is to trust it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Authority {
    /// SHA-256 over the certificate: pairs of hexadecimal digits with colons between them.
    #[serde(deserialize_with = "lenient::or_default")]
    pub fingerprint: String,
    /// The path of the certificate, on either listener.
    #[serde(deserialize_with = "lenient::or_default")]
    pub certificate: String,
}

/// What `GET /api/mirror` answers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MirrorStatus {
    /// How it is doing.
    #[serde(deserialize_with = "lenient::or_default")]
    pub state: MirrorState,
    /// Why it is not on, in words that help.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Where it is, while it is on.
    #[serde(deserialize_with = "lenient::list")]
    pub urls: Vec<MirrorUrl>,
    /// What to sign in with.
    #[serde(deserialize_with = "lenient::object")]
    pub credentials: MirrorCredentials,
    /// The private authority, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<Authority>,
    /// Its settings.
    #[serde(deserialize_with = "lenient::object")]
    pub settings: MirrorSettings,
    /// The machine's addresses, to choose one from.
    #[serde(deserialize_with = "lenient::list")]
    pub interfaces: Vec<Interface>,
    /// The devices with a WebSocket open now.
    #[serde(deserialize_with = "lenient::list")]
    pub connected: Vec<Device>,
    /// The tickets that were made last, the newest last; a few, and none of them is told itself.
    #[serde(deserialize_with = "lenient::list", skip_serializing_if = "Vec::is_empty")]
    pub tickets: Vec<Ticket>,
    /// Something that went wrong beside it: settings that cannot be read, a log that cannot be written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}

/// What has become of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketState {
    /// It lets a device in.
    #[default]
    Open,
    /// It has let one in.
    Used,
    /// It is too old, or too many newer ones were made, or the mirror was off meanwhile.
    Over,
}

/// A ticket, by its number.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Ticket {
    /// Counts the tickets of this run from 1.
    #[serde(deserialize_with = "lenient::or_default")]
    pub number: u64,
    /// What has become of it.
    #[serde(deserialize_with = "lenient::or_default")]
    pub state: TicketState,
    /// The id of the device that it let in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
}

/// How a device came to be signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignedInBy {
    /// User name and password.
    #[default]
    Password,
    /// A ticket.
    Pairing,
}

/// A device that is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Device {
    /// Its name for the API: hexadecimal, and no secret.
    #[serde(deserialize_with = "lenient::or_default")]
    pub id: String,
    /// Its name for people.
    #[serde(deserialize_with = "lenient::or_default")]
    pub name: String,
    /// The address that it was last seen at.
    #[serde(deserialize_with = "lenient::or_default")]
    pub address: String,
    /// What it may do.
    #[serde(deserialize_with = "lenient::or_default")]
    pub role: Role,
    /// How it signed in.
    #[serde(deserialize_with = "lenient::or_default")]
    pub by: SignedInBy,
    /// When, RFC 3339.
    #[serde(deserialize_with = "lenient::or_default")]
    pub signed_in_at: String,
    /// When it last asked for something, RFC 3339.
    #[serde(deserialize_with = "lenient::or_default")]
    pub last_seen_at: String,
    /// When it has to sign in anew, RFC 3339.
    #[serde(deserialize_with = "lenient::or_default")]
    pub expires_at: String,
    /// Its WebSockets that are open.
    #[serde(deserialize_with = "lenient::or_default")]
    pub sockets: usize,
}

/// The body of `PATCH /api/mirror/devices/:id`: what is absent stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeviceChange {
    /// Another name, of 1 to 64 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Another role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
}

/// What `POST /api/mirror/pair` answers.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Pairing {
    /// What the phone opens; the ticket is in its fragment.
    #[serde(deserialize_with = "lenient::or_default")]
    pub url: String,
    /// The same for every address that the network can reach.
    #[serde(deserialize_with = "lenient::or_default")]
    pub urls: Vec<String>,
    /// `url` as a QR code: an SVG document.
    #[serde(deserialize_with = "lenient::or_default")]
    pub svg: String,
    /// When the ticket is worth nothing any more, RFC 3339.
    #[serde(deserialize_with = "lenient::or_default")]
    pub expires_at: String,
    /// Its number, by which [`MirrorStatus::tickets`] tells what has become of it.
    #[serde(deserialize_with = "lenient::or_default")]
    pub number: u64,
}

impl std::fmt::Debug for Pairing {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The addresses have the ticket in them.
        formatter
            .debug_struct("Pairing")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// The body of `POST /mirror/sign-in`.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The user name.
    pub username: String,
    /// The password.
    pub password: String,
}

/// The body of `POST /mirror/pair`.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redeem {
    /// The ticket, as it stood in the fragment.
    pub ticket: String,
}

/// What the desktop's list of sessions looks like, for mirrors to follow.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Sidebar {
    /// Goes up by one with every change; 0 where there was none yet. Ignored in what is sent to the server.
    #[serde(deserialize_with = "lenient::or_default")]
    pub version: u64,
    /// Session ids in their order.
    #[serde(deserialize_with = "lenient::or_default")]
    pub order: Vec<String>,
    /// The ids of pinned sessions.
    #[serde(deserialize_with = "lenient::or_default")]
    pub pinned: Vec<String>,
    /// The id of the session that is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selected: Option<String>,
    /// Whatever else the page wants its mirrors to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub view: Option<Value>,
}

/// What happened at the mirror.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditKind {
    /// It began to listen.
    #[default]
    Started,
    /// It stopped listening.
    Stopped,
    /// It could not start, or had to stop.
    Failed,
    /// A device signed in with the password.
    SignedIn,
    /// A wrong user name or password.
    SignInFailed,
    /// Too many wrong ones: told to wait.
    Throttled,
    /// A ticket was made on the desktop.
    TicketMade,
    /// A device signed in with a ticket.
    Paired,
    /// A ticket that is used up, too old, or was never made.
    PairingFailed,
    /// A device signed out.
    SignedOut,
    /// A device was revoked on the desktop.
    Revoked,
    /// A device's name or role was changed on the desktop.
    DeviceChanged,
    /// A device asked for what its role does not allow.
    Refused,
    /// A device ended a session.
    EndedSession,
    /// The settings were changed on the desktop.
    SettingsChanged,
}

/// One line of the mirror's log.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditEntry {
    /// When, RFC 3339.
    #[serde(deserialize_with = "lenient::or_default")]
    pub at: String,
    /// What.
    #[serde(deserialize_with = "lenient::or_default")]
    pub kind: AuditKind,
    /// The address that it came from; absent for what was done on the desktop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The id of the device that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// In words; never a secret. What a client sent of it is escaped and cut.
    #[serde(deserialize_with = "lenient::or_default")]
    pub detail: String,
}
