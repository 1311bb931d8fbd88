//! The devices that are signed in: kept by the digest of their secret, bounded, revocable.
//!
//! This file decides and remembers; it reads no file and sends nothing. Whoever revokes a device cancels its token, and
//! everything that runs for the device stands under that token. Times are microseconds since the Unix epoch, the caller's.

use std::net::IpAddr;

use mirrord_wire::mirror::{Device, DeviceChange, Role, SignedInBy};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use super::secret::{Digest, random_hex};
use crate::clock;

/// Devices that are kept; at the bound one that has expired goes, or the one that was seen longest ago.
pub(crate) const MAX_DEVICES: usize = 64;
/// How long a device stays signed in.
pub(crate) const LIFETIME_MICROS: u64 = 30 * 24 * 3_600 * 1_000_000;
/// Characters of a device's name.
pub(crate) const MAX_NAME_CHARACTERS: usize = 64;
const SECRET_BYTES: usize = 32;
const ID_BYTES: usize = 8;

/// A device as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kept {
    pub(crate) id: String,
    name: String,
    address: IpAddr,
    role: Role,
    by: SignedInBy,
    signed_in: u64,
    last_seen: u64,
    expires: u64,
    secret: Digest,
    #[serde(skip)]
    live: Live,
}

/// What of a device is not written down.
#[derive(Debug, Clone, Default)]
struct Live {
    revoked: CancellationToken,
    sockets: usize,
}

/// A device that was recognised, for as long as a request takes.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) id: String,
    pub(crate) role: Role,
    pub(crate) revoked: CancellationToken,
}

/// All devices, in the order in which they signed in.
#[derive(Debug, Default)]
pub(crate) struct Devices(Vec<Kept>);

/// What is written of a change that cannot be made.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NotChanged {
    Unknown,
    Name,
}

impl Devices {
    /// What was written down, as far as it is sound.
    pub(crate) fn from_kept(mut kept: Vec<Kept>) -> Self {
        kept.retain(|device| is_id(&device.id) && is_name(&device.name));
        kept.truncate(MAX_DEVICES);
        Self(kept)
    }

    /// What is to be written down.
    pub(crate) fn to_kept(&self) -> Vec<Kept> {
        self.0.clone()
    }

    /// Signs one in; gives its secret, which is nowhere else, and who it is.
    pub(crate) fn sign_in(
        &mut self,
        address: IpAddr,
        user_agent: Option<&str>,
        by: SignedInBy,
        now: u64,
    ) -> Result<(String, Known), getrandom::Error> {
        let secret = random_hex::<SECRET_BYTES>()?;
        let device = Kept {
            id: random_hex::<ID_BYTES>()?,
            name: name_of(user_agent.unwrap_or_default()),
            address: address.to_canonical(),
            // Closed by default: more is granted on the desktop.
            role: Role::Viewer,
            by,
            signed_in: now,
            last_seen: now,
            expires: now.saturating_add(LIFETIME_MICROS),
            secret: Digest::of(&secret),
            live: Live::default(),
        };
        let known = device.known();
        self.make_room(now);
        self.0.push(device);
        Ok((secret, known))
    }

    fn make_room(&mut self, now: u64) {
        self.forget_expired(now);
        while self.0.len() >= MAX_DEVICES {
            let seen_longest_ago = self.0.iter().min_by_key(|device| device.last_seen);
            let Some(id) = seen_longest_ago.map(|device| device.id.clone()) else {
                return;
            };
            self.remove(&id);
        }
    }

    /// Lets the expired go and says whether there were any: their sockets close as those of the revoked.
    pub(crate) fn forget_expired(&mut self, now: u64) -> bool {
        let before = self.0.len();
        self.0.retain(|device| {
            let good = now < device.expires;
            if !good {
                device.live.revoked.cancel();
            }
            good
        });
        self.0.len() < before
    }

    /// Whose secret this is. Every device is compared, in constant time each.
    pub(crate) fn recognise(&mut self, secret: &str, address: IpAddr, now: u64) -> Option<Known> {
        if secret.len() != 2 * SECRET_BYTES {
            return None;
        }
        let digest = Digest::of(secret);
        let mut found = None;
        for device in &mut self.0 {
            if device.secret.is(&digest) && now < device.expires {
                device.last_seen = device.last_seen.max(now);
                device.address = address.to_canonical();
                found = Some(device.known());
            }
        }
        found
    }

    /// The device as it is now, if it is still there.
    pub(crate) fn get(&self, id: &str) -> Option<Device> {
        self.0.iter().find(|device| device.id == id).map(Kept::told)
    }

    /// All, the one seen last first.
    pub(crate) fn list(&self) -> Vec<Device> {
        let mut devices: Vec<_> = self.0.iter().collect();
        devices.sort_by_key(|device| std::cmp::Reverse(device.last_seen));
        devices.into_iter().map(Kept::told).collect()
    }

    /// Changes a name or a role.
    pub(crate) fn change(&mut self, id: &str, change: &DeviceChange) -> Result<Device, NotChanged> {
        let name = change.name.as_deref().map(str::trim);
        if name.is_some_and(|name| !is_name(name)) {
            return Err(NotChanged::Name);
        }
        let device = self
            .0
            .iter_mut()
            .find(|device| device.id == id)
            .ok_or(NotChanged::Unknown)?;
        if let Some(name) = name {
            name.clone_into(&mut device.name);
        }
        if let Some(role) = change.role {
            device.role = role;
        }
        Ok(device.told())
    }

    /// Revokes one: everything that runs for it ends.
    pub(crate) fn remove(&mut self, id: &str) -> Option<Device> {
        let place = self.0.iter().position(|device| device.id == id)?;
        let device = self.0.remove(place);
        device.live.revoked.cancel();
        Some(device.told())
    }

    /// Revokes all; says how many there were.
    pub(crate) fn clear(&mut self) -> usize {
        self.0.iter().for_each(|device| device.live.revoked.cancel());
        std::mem::take(&mut self.0).len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A WebSocket of a device opened, or closed.
    pub(crate) fn count_socket(&mut self, id: &str, opened: bool) {
        if let Some(device) = self.0.iter_mut().find(|device| device.id == id) {
            let sockets = device.live.sockets;
            device.live.sockets = if opened { sockets + 1 } else { sockets.saturating_sub(1) };
        }
    }
}

impl Kept {
    fn known(&self) -> Known {
        Known {
            id: self.id.clone(),
            role: self.role,
            revoked: self.live.revoked.clone(),
        }
    }

    fn told(&self) -> Device {
        Device {
            id: self.id.clone(),
            name: self.name.clone(),
            address: self.address.to_string(),
            role: self.role,
            by: self.by,
            signed_in_at: clock::rfc3339(self.signed_in),
            last_seen_at: clock::rfc3339(self.last_seen),
            expires_at: clock::rfc3339(self.expires),
            sockets: self.live.sockets,
        }
    }
}

fn is_id(text: &str) -> bool {
    text.len() == 2 * ID_BYTES && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_name(text: &str) -> bool {
    let shown = |character: char| !character.is_control() && !is_direction(character);
    (1..=MAX_NAME_CHARACTERS).contains(&text.chars().count()) && text.chars().all(shown)
}

/// Characters that turn the text around them, and so can make one name look like another.
fn is_direction(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A name out of a `User-Agent`, of words of our own alone: nothing that a client sends is shown.
fn name_of(user_agent: &str) -> String {
    let first = |words: &[(&str, &'static str)]| {
        let found = words.iter().find(|(sign, _)| user_agent.contains(sign));
        found.map(|(_, name)| *name)
    };
    let device = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("CrOS", "Chromebook"),
        ("Macintosh", "Mac"),
        ("Windows", "Windows"),
        ("Linux", "Linux"),
    ]);
    // In this order: each of the later ones is in the text of the earlier ones too.
    let program = first(&[
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    match (device, program) {
        (Some(device), Some(program)) => format!("{device}, {program}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => "A device".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 168, 1, last])
    }

    fn sign_in(devices: &mut Devices, now: u64) -> (String, Known) {
        devices.sign_in(address(1), None, SignedInBy::Password, now).unwrap()
    }

    #[test]
    fn a_secret_is_its_devices_until_it_expires() {
        let mut devices = Devices::default();
        let (secret, known) = sign_in(&mut devices, 10);
        assert_eq!((secret.len(), known.role), (64, Role::Viewer));
        let seen = devices.recognise(&secret, address(9), 20).unwrap();
        assert_eq!(seen.id, known.id);
        let told = devices.get(&known.id).unwrap();
        assert_eq!(
            (told.address.as_str(), told.last_seen_at),
            ("192.168.1.9", clock::rfc3339(20))
        );
        for wrong in ["", &secret[1..], &format!("{secret}0"), &"0".repeat(64)] {
            assert!(devices.recognise(wrong, address(1), 20).is_none(), "{wrong}");
        }
        assert!(devices.recognise(&secret, address(1), 10 + LIFETIME_MICROS).is_none());
    }

    #[test]
    fn what_is_written_down_has_no_secret_and_is_enough() {
        let mut devices = Devices::default();
        let (secret, known) = sign_in(&mut devices, 10);
        devices
            .change(
                &known.id,
                &DeviceChange {
                    role: Some(Role::Controller),
                    ..DeviceChange::default()
                },
            )
            .unwrap();
        let text = serde_json::to_string(&devices.to_kept()).unwrap();
        assert!(!text.contains(&secret), "{text}");
        let mut again = Devices::from_kept(serde_json::from_str(&text).unwrap());
        assert_eq!(again.recognise(&secret, address(1), 20).unwrap().role, Role::Controller);
    }

    #[test]
    fn a_revoked_one_is_nobodys_and_what_runs_for_it_ends() {
        let mut devices = Devices::default();
        let (secret, one) = sign_in(&mut devices, 10);
        let (other_secret, other) = sign_in(&mut devices, 10);
        assert_eq!(devices.remove(&one.id).unwrap().id, one.id);
        assert!(one.revoked.is_cancelled() && !other.revoked.is_cancelled());
        assert!(devices.recognise(&secret, address(1), 11).is_none() && devices.remove(&one.id).is_none());
        let again = devices.recognise(&other_secret, address(1), 11).unwrap();
        assert_eq!(devices.clear(), 1);
        assert!(other.revoked.is_cancelled() && again.revoked.is_cancelled());
    }

    #[test]
    fn the_one_seen_longest_ago_makes_room_and_an_expired_one_before_it() {
        let mut devices = Devices::default();
        let all: Vec<_> = (0..MAX_DEVICES as u64)
            .map(|now| sign_in(&mut devices, 100 + now))
            .collect();
        devices.recognise(&all[0].0, address(1), 1_000).unwrap();
        sign_in(&mut devices, 1_001);
        assert!(all[1].1.revoked.is_cancelled() && !all[0].1.revoked.is_cancelled());
        let past_all_but_the_last = 100 + LIFETIME_MICROS + MAX_DEVICES as u64;
        let (_, newest) = sign_in(&mut devices, past_all_but_the_last);
        assert_eq!(devices.list().len(), 2, "the expired are gone");
        assert!(all[5].1.revoked.is_cancelled() && !newest.revoked.is_cancelled());
    }

    #[test]
    fn no_name_is_a_clients_own_words() {
        for (agent, name) in [
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile/15E148 Safari/604.1",
                "iPhone, Safari",
            ),
            (
                "Mozilla/5.0 (Linux; Android 16; Pixel 9) Chrome/140.0 Mobile Safari/537.36",
                "Android, Chrome",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Mac, Firefox",
            ),
            ("curl/8.5", "curl"),
            ("\u{1b}[2J<script>", "A device"),
            ("", "A device"),
        ] {
            assert_eq!(name_of(agent), name, "{agent}");
        }
        let mut devices = Devices::default();
        let (_, known) = sign_in(&mut devices, 1);
        let named = |name: &str| DeviceChange {
            name: Some(name.to_owned()),
            role: None,
        };
        assert_eq!(
            devices.change(&known.id, &named(" Ann's phone ")).unwrap().name,
            "Ann's phone"
        );
        for wrong in ["", "  ", "a\u{1b}[2J", "a\nb", "\u{202e}nn", &"x".repeat(65)] {
            assert_eq!(
                devices.change(&known.id, &named(wrong)),
                Err(NotChanged::Name),
                "{wrong}"
            );
        }
        assert_eq!(devices.change("0", &named("x")), Err(NotChanged::Unknown));
    }
}
