//! Everything of the mirror that changes, under one lock that nothing awaits under; and what is written of it.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use mirrord_private_files::{FileError, PrivateFolder};
use mirrord_wire::mirror::{AuditKind, Authority, MirrorState, SignedInBy};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::audit::Audit;
use super::devices::{Devices, Kept, Known};
use super::login_rate_limit::LoginRateLimiter;
use super::pairing::Tickets;
use super::password::Credentials;
use super::settings::Settings;
use super::steady_clock::{Reading, SteadyClock};
use crate::clock;

const DEVICES_FILE: &str = "devices.json";
const DEVICES_VERSION: u32 = 1;
/// The bytes of the file, several times what 64 devices have.
const MAX_DEVICES_BYTES: usize = 256 * 1024;

/// State behind the mirror's lock.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) settings: Settings,
    /// Fault of the file of devices, until it is written.
    pub(crate) devices_trouble: Option<String>,
    /// Reason why the settings could not be read: then the mirror stays off.
    pub(crate) settings_broken: Option<String>,
    pub(crate) credentials: Option<Credentials>,
    pub(crate) devices: Devices,
    pub(crate) tickets: Tickets,
    pub(crate) login_rate_limiter: LoginRateLimiter,
    pub(crate) audit: Audit,
    /// Something changed that the desktop is to be notified of.
    pub(crate) news: bool,
    /// The time by which devices expire.
    pub(crate) clock: SteadyClock,
}

/// Status of the listener.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ListenerStatus {
    /// Number of the settings that it is for.
    pub(crate) generation: u64,
    pub(crate) state: MirrorState,
    pub(crate) reason: Option<String>,
    /// Address that it is bound to.
    pub(crate) bound: Option<SocketAddr>,
    pub(crate) tls: bool,
    pub(crate) authority: Option<(Authority, String)>,
    /// Fault that does not stop it.
    pub(crate) warning: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DevicesFile {
    version: u32,
    devices: Vec<Kept>,
}

/// Reason why a login failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotSignedIn {
    Wrong,
    Wait(Duration),
    /// Internal failure.
    Failed,
}

impl State {
    /// Loads the saved state, as far as it can be used.
    pub(crate) fn load(folder: &PrivateFolder) -> Self {
        let (settings, settings_broken) = match Settings::load(folder) {
            Ok(settings) => (settings, None),
            Err(reason) => (Settings::default(), Some(reason)),
        };
        // Nobody is signed in where the file cannot be used: that is safe, and is said.
        let (devices, devices_trouble) = match load_devices(folder) {
            Ok(devices) => (devices, None),
            Err(reason) => (Devices::default(), Some(reason)),
        };
        Self {
            settings,
            devices_trouble,
            settings_broken,
            credentials: None,
            devices,
            tickets: Tickets::default(),
            login_rate_limiter: LoginRateLimiter::default(),
            audit: Audit::new(folder.clone()),
            news: false,
            clock: SteadyClock::default(),
        }
    }

    /// Takes down what happened.
    pub(crate) fn log(&mut self, kind: AuditKind, address: Option<IpAddr>, device: Option<&str>, detail: &str) {
        let now = Reading {
            wall: clock::now_micros(),
            ..self.clock.now()
        };
        self.audit.add(kind, address, device, detail, now);
        self.news = true;
    }

    /// Begins an attempt to sign in, unless too many were wrong.
    pub(crate) fn begin_attempt(&mut self, address: IpAddr) -> Result<(), NotSignedIn> {
        self.login_rate_limiter.begin(address, Instant::now()).map_err(|wait| {
            self.log(
                AuditKind::Throttled,
                Some(address),
                None,
                "too many wrong attempts: told to wait",
            );
            NotSignedIn::Wait(wait)
        })
    }

    /// An attempt was right.
    pub(crate) fn signed_in(
        &mut self,
        address: IpAddr,
        user_agent: Option<&str>,
        by: SignedInBy,
    ) -> Result<(String, Known), NotSignedIn> {
        self.login_rate_limiter.succeed(address);
        let signed_in = self.devices.sign_in(address, user_agent, by, self.clock.now().wall);
        let (secret, known, gone) = signed_in.map_err(|_| NotSignedIn::Failed)?;
        for device in gone {
            let detail = "signed out, to make room for another device";
            self.log(AuditKind::SignedOut, Some(address), Some(&device.id), detail);
        }
        let kind = match by {
            SignedInBy::Password => AuditKind::SignedIn,
            SignedInBy::Pairing => AuditKind::Paired,
        };
        let name = self
            .devices
            .get(&known.id)
            .map_or_else(String::new, |device| device.name);
        self.log(kind, Some(address), Some(&known.id), &name);
        Ok((secret, known))
    }

    /// A WebSocket of a device opened, or closed.
    pub(crate) fn count_socket(&mut self, device: &str, opened: bool) {
        self.devices.count_socket(device, opened);
        self.news = true;
    }

    /// Returns the devices to be saved.
    pub(crate) fn devices_file(&self) -> Vec<u8> {
        let file = DevicesFile {
            version: DEVICES_VERSION,
            devices: self.devices.to_kept(),
        };
        serde_json::to_vec_pretty(&file).unwrap_or_default()
    }
}

/// Writes the devices. Where that fails and the file gives more than it should (a device that was revoked, a role that
/// was taken back), the file is removed if it is ours: after a crash, devices then sign in again, and no revoked one comes back.
/// `last` says that nothing is tried after this, so that a file with a second name goes as well.
pub(crate) fn save_devices(
    folder: &PrivateFolder,
    text: &[u8],
    gives_too_much: bool,
    last: bool,
) -> Result<(), String> {
    let Err(error) = folder.replace(DEVICES_FILE, text) else {
        return Ok(());
    };
    let is_ours = !matches!(error, FileError::NotOurs { .. });
    if gives_too_much
        && (is_ours || last)
        && let Err(error) = folder.remove(DEVICES_FILE)
    {
        tracing::warn!("the mirror's devices: {error}; a device that was revoked may come back after a restart");
    }
    Err(error.to_string())
}

fn load_devices(folder: &PrivateFolder) -> Result<Devices, String> {
    let Some(bytes) = folder
        .read(DEVICES_FILE, MAX_DEVICES_BYTES)
        .map_err(|error| error.to_string())?
    else {
        return Ok(Devices::default());
    };
    let path = folder.path(DEVICES_FILE);
    let broken = |reason: String| {
        format!(
            "the devices in {} cannot be used, and have to sign in again: {reason}",
            path.display()
        )
    };
    let file: DevicesFile = serde_json::from_slice(&bytes).map_err(|error| broken(error.to_string()))?;
    if file.version != DEVICES_VERSION {
        return Err(broken(format!("they are of version {}", file.version)));
    }
    Ok(Devices::from_kept(file.devices))
}
