//! Everything of the mirror that changes, under one lock that nothing awaits under; and what is written of it.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use mirrord_wire::mirror::{AuditKind, Authority, MirrorState, SignedInBy};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::audit::Audit;
use super::devices::{Devices, Kept, Known};
use super::pairing::Tickets;
use super::password::Credentials;
use super::private_file::Folder;
use super::settings::Settings;
use super::throttle::Throttle;
use crate::clock;

const DEVICES_FILE: &str = "devices.json";
const DEVICES_VERSION: u32 = 1;
/// The bytes of the file, several times what 64 devices have.
const MAX_DEVICES_BYTES: usize = 256 * 1024;

/// What the lock guards.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) settings: Settings,
    /// What is wrong with a file, until it is written anew.
    pub(crate) troubles: BTreeSet<String>,
    /// Whether the settings could not be read: then the mirror stays off.
    pub(crate) settings_broken: Option<String>,
    pub(crate) credentials: Option<Credentials>,
    pub(crate) devices: Devices,
    pub(crate) tickets: Tickets,
    pub(crate) throttle: Throttle,
    pub(crate) audit: Audit,
    /// Whether something changed that the desktop is to be told of.
    pub(crate) news: bool,
}

/// How the listener is doing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Doing {
    /// The settings that this is about, counted.
    pub(crate) generation: u64,
    pub(crate) state: MirrorState,
    pub(crate) reason: Option<String>,
    /// Where it listens.
    pub(crate) bound: Option<SocketAddr>,
    pub(crate) tls: bool,
    pub(crate) authority: Option<(Authority, String)>,
    /// What is wrong beside it.
    pub(crate) warning: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DevicesFile {
    version: u32,
    devices: Vec<Kept>,
}

/// Why somebody is not signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotSignedIn {
    Wrong,
    Wait(Duration),
    /// Something of ours failed.
    Failed,
}

impl State {
    /// What was written down, as far as it can be used.
    pub(crate) fn load(folder: &Folder) -> Self {
        let (settings, settings_broken) = match Settings::load(folder) {
            Ok(settings) => (settings, None),
            Err(reason) => (Settings::default(), Some(reason)),
        };
        let mut troubles = BTreeSet::new();
        let devices = load_devices(folder).unwrap_or_else(|reason| {
            // Nobody is signed in then: that is safe, and is said.
            troubles.insert(reason);
            Devices::default()
        });
        Self {
            settings,
            troubles,
            settings_broken,
            credentials: None,
            devices,
            tickets: Tickets::default(),
            throttle: Throttle::default(),
            audit: Audit::new(folder.clone()),
            news: false,
        }
    }

    /// Takes down what happened.
    pub(crate) fn log(&mut self, kind: AuditKind, address: Option<IpAddr>, device: Option<&str>, detail: &str) {
        self.audit.add(kind, address, device, detail, clock::now_micros());
        self.news = true;
    }

    /// Begins an attempt to sign in, unless too many were wrong.
    pub(crate) fn begin_attempt(&mut self, address: IpAddr) -> Result<(), NotSignedIn> {
        self.throttle.begin(address, Instant::now()).map_err(|wait| {
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
        self.throttle.right(address);
        let signed_in = self.devices.sign_in(address, user_agent, by, clock::now_micros());
        let (secret, known) = signed_in.map_err(|_| NotSignedIn::Failed)?;
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

    /// What is to be written of the devices.
    pub(crate) fn devices_file(&self) -> Vec<u8> {
        let file = DevicesFile {
            version: DEVICES_VERSION,
            devices: self.devices.to_kept(),
        };
        serde_json::to_vec_pretty(&file).unwrap_or_default()
    }
}

/// Writes the devices down; what it was told, it says.
pub(crate) fn save_devices(folder: &Folder, text: &[u8]) -> Result<(), String> {
    folder.replace(DEVICES_FILE, text).map_err(|error| error.to_string())
}

fn load_devices(folder: &Folder) -> Result<Devices, String> {
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
