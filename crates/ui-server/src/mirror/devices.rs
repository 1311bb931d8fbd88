//! The devices that are signed in: kept by the digest of their secret, bounded, revocable.
//!
//! This file decides and remembers; it reads no file and sends nothing. Revoking a device cancels its token, and
//! everything that runs for the device is under that token. Times are the caller's, of a [`SteadyClock`]: expiry is
//! judged at each question, and an expired device is forgotten only a day later.
//!
//! [`SteadyClock`]: super::steady_clock::SteadyClock

use std::net::IpAddr;

use mirrord_wire::mirror::{Device, DeviceChange, Role, SignedInBy};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use super::steady_clock::Reading;
use crate::clock;
use crate::connections::household;
use crate::secret::{Digest, random_hex};

/// Devices that are kept; at the bound one that has expired goes, or the one that was seen longest ago.
pub(crate) const MAX_DEVICES: usize = 64;
/// Devices of one address (of one /64, in IPv6); at the bound a new one takes the place of one of that address.
pub(crate) const MAX_DEVICES_OF_ONE_ADDRESS: usize = 16;
/// Time for which an expired device is kept, in case the clock was wrong. It is refused meanwhile.
const FORGET_AFTER_MICROS: u64 = 24 * 3_600 * 1_000_000;
/// Time for which a device stays signed in.
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
    /// The name that its browser had at the sign-in; another name is the desktop's.
    #[serde(default)]
    agent: String,
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

/// State of a device that is not saved.
#[derive(Debug, Clone, Default)]
struct Live {
    revoked: CancellationToken,
    sockets: usize,
    /// The monotonic time at which it was first seen to have expired.
    expired_since: Option<u64>,
}

/// A device that was recognised, for as long as a request takes.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) id: String,
    pub(crate) role: Role,
    pub(crate) revoked: CancellationToken,
}

/// All devices, in the order in which they signed in, with how much of them is written down.
#[derive(Debug, Default)]
pub(crate) struct Devices {
    all: Vec<Kept>,
    /// Goes up with each change that a restart must not undo.
    revision: u64,
    /// The revision that the file has.
    saved: u64,
    /// The newest revision that took something away from a device.
    lowered: u64,
}

/// Reason for a change that was not made.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NotChanged {
    Unknown,
    Name,
}

impl Devices {
    /// Loads saved devices, as far as they are valid.
    pub(crate) fn from_kept(mut kept: Vec<Kept>) -> Self {
        kept.retain(|device| is_id(&device.id) && is_name(&device.name));
        kept.truncate(MAX_DEVICES);
        Self {
            all: kept,
            ..Self::default()
        }
    }

    /// Returns the devices to be saved.
    pub(crate) fn to_kept(&self) -> Vec<Kept> {
        self.all.clone()
    }

    /// Returns the revision, for [`Self::mark_saved`].
    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    /// Notes that the file has a revision.
    pub(crate) fn mark_saved(&mut self, revision: u64) {
        self.saved = self.saved.max(revision);
    }

    /// Returns true while a change is not written down.
    pub(crate) fn is_unsaved(&self) -> bool {
        self.saved < self.revision
    }

    /// Returns true while a revocation or a lesser role is not written down: the file gives more than it should.
    pub(crate) fn is_unsaved_less(&self) -> bool {
        self.saved < self.lowered
    }

    fn changed(&mut self, lowers: bool) {
        self.revision += 1;
        if lowers {
            self.lowered = self.revision;
        }
    }

    /// Signs one in; returns its secret, which is nowhere else, who it is, and the devices that had to make room.
    pub(crate) fn sign_in(
        &mut self,
        address: IpAddr,
        user_agent: Option<&str>,
        by: SignedInBy,
        now: u64,
    ) -> Result<(String, Known, Vec<Device>), getrandom::Error> {
        let secret = random_hex::<SECRET_BYTES>()?;
        let name = name_of(user_agent.unwrap_or_default());
        let device = Kept {
            id: random_hex::<ID_BYTES>()?,
            agent: name.clone(),
            name,
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
        let gone = self.make_room(&device, now);
        self.all.push(device);
        self.changed(false);
        Ok((secret, known, gone))
    }

    /// Lets go of devices until another one fits: one of its own address first, so that no address can sign the others out.
    fn make_room(&mut self, new: &Kept, now: u64) -> Vec<Device> {
        let mut gone = Vec::new();
        while self.of_address(new.address) >= MAX_DEVICES_OF_ONE_ADDRESS || self.all.len() >= MAX_DEVICES {
            let Some(id) = self.least_wanted(new, now) else { break };
            gone.extend(self.remove(&id));
        }
        gone
    }

    fn of_address(&self, address: IpAddr) -> usize {
        let own = household(address);
        self.all
            .iter()
            .filter(|device| household(device.address) == own)
            .count()
    }

    /// Returns the device that makes room for another one: an expired one; else one of the newcomer's address, where that
    /// has its share; else one of the address that has most. Of these, one of the newcomer's kind of browser before one
    /// that the desktop has named or granted something, and the one that was seen longest ago.
    fn least_wanted(&self, new: &Kept, now: u64) -> Option<String> {
        let full = self.of_address(new.address) >= MAX_DEVICES_OF_ONE_ADDRESS;
        let expired = |device: &&Kept| now >= device.expires;
        let least = if full {
            let own = household(new.address);
            let of_own = self.all.iter().filter(|device| household(device.address) == own);
            of_own.min_by_key(|device| (now < device.expires, device.rank(new)))
        } else if let Some(expired) = self.all.iter().find(expired) {
            Some(expired)
        } else {
            let most = |device: &&Kept| std::cmp::Reverse(self.of_address(device.address));
            self.all.iter().min_by_key(|device| (most(device), device.rank(new)))
        };
        least.map(|device| device.id.clone())
    }

    /// Closes what runs for devices that have expired, and forgets those that were expired for a day; returns true if
    /// there was any. Expired means refused and not gone: the clock may have been wrong.
    pub(crate) fn forget_expired(&mut self, now: Reading) -> bool {
        let (before, mut news) = (self.all.len(), false);
        self.all.retain_mut(|device| {
            if now.wall < device.expires {
                device.live.expired_since = None;
                return true;
            }
            let since = *device.live.expired_since.get_or_insert_with(|| {
                news = true;
                std::mem::take(&mut device.live.revoked).cancel();
                now.steady
            });
            now.steady.saturating_sub(since) < FORGET_AFTER_MICROS
        });
        if self.all.len() < before {
            self.changed(false);
            news = true;
        }
        news
    }

    /// Whose secret this is. Every device is compared, in constant time each.
    pub(crate) fn recognise(&mut self, secret: &str, address: IpAddr, now: u64) -> Option<Known> {
        if secret.len() != 2 * SECRET_BYTES {
            return None;
        }
        let digest = Digest::of(secret);
        let mut found = None;
        for device in &mut self.all {
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
        self.all.iter().find(|device| device.id == id).map(Kept::told)
    }

    /// All, the one seen last first.
    pub(crate) fn list(&self) -> Vec<Device> {
        let mut devices: Vec<_> = self.all.iter().collect();
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
            .all
            .iter_mut()
            .find(|device| device.id == id)
            .ok_or(NotChanged::Unknown)?;
        if let Some(name) = name {
            name.clone_into(&mut device.name);
        }
        let lowers = change.role.is_some_and(|role| role < device.role);
        device.role = change.role.unwrap_or(device.role);
        let device = device.told();
        self.changed(lowers);
        Ok(device)
    }

    /// Revokes one: everything that runs for it ends.
    pub(crate) fn remove(&mut self, id: &str) -> Option<Device> {
        let place = self.all.iter().position(|device| device.id == id)?;
        let device = self.all.remove(place);
        device.live.revoked.cancel();
        self.changed(true);
        Some(device.told())
    }

    /// Revokes all; says how many there were.
    pub(crate) fn clear(&mut self) -> usize {
        self.all.iter().for_each(|device| device.live.revoked.cancel());
        self.changed(true);
        std::mem::take(&mut self.all).len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// A WebSocket of a device opened, or closed.
    pub(crate) fn count_socket(&mut self, id: &str, opened: bool) {
        if let Some(device) = self.all.iter_mut().find(|device| device.id == id) {
            let sockets = device.live.sockets;
            device.live.sockets = if opened { sockets + 1 } else { sockets.saturating_sub(1) };
        }
    }
}

impl Kept {
    /// Returns how much is lost with it, for a newcomer: the least goes first.
    fn rank(&self, new: &Self) -> (bool, bool, u64) {
        let is_marked = self.role != Role::Viewer || (self.name != self.agent && !self.agent.is_empty());
        (is_marked, self.agent != new.agent, self.last_seen)
    }

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
mod tests;
