//! Data of the mirror's settings: request bodies, the QR code out of the server's drawing, errors by field, the time to
//! live of a ticket. Pure.

use std::cmp::Reverse;

use mirrord_wire::mirror::{Device, MirrorState, MirrorStatus, PairingTicket, TicketState};
use serde_json::{Map, Value};

use super::sorting::sort_by_key;
use crate::format::time::rfc3339;

/// The most characters of a QR code's path that are taken: the largest code has 31,329 modules, ours a tenth of that.
const MAX_PATH: usize = 200_000;

/// Body of a request that changes some of the fields of a type of `wire`.
#[derive(Debug, Clone, Default)]
pub struct Body(Map<String, Value>);

impl Body {
    fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// Sets a text.
    #[must_use]
    pub fn text(self, name: &str, value: &str) -> Self {
        self.with(name, value)
    }

    /// Sets a Boolean.
    #[must_use]
    pub fn flag(self, name: &str, value: bool) -> Self {
        self.with(name, value)
    }

    /// Sets a whole number.
    #[must_use]
    pub fn number(self, name: &str, value: u16) -> Self {
        self.with(name, value)
    }

    /// Sets a list, from a text with commas, semicolons or spaces between its items.
    #[must_use]
    pub fn words(self, name: &str, value: &str) -> Self {
        let words = value.split([',', ' ', ';']).filter(|word| !word.is_empty());
        self.with(name, words.collect::<Vec<_>>())
    }

    /// Serialises the body as JSON.
    #[must_use]
    pub fn end(self) -> String {
        Value::Object(self.0).to_string()
    }
}

/// Setting, or another cause of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// On or off.
    Enabled,
    /// The network.
    Address,
    /// The port.
    Port,
    /// The user name.
    Username,
    /// The password.
    Password,
    /// Encryption, the certificate and the key.
    Tls,
    /// Other names.
    Names,
    /// Automatic start with `mirrord ui`.
    AutoStart,
    /// Announcement by mDNS.
    Mdns,
    /// Whole command lines for devices.
    CommandLines,
    /// Making a ticket.
    Pair,
    /// A device.
    Devices,
}

impl Field {
    /// The name in the body, and in the hooks for tests.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Address => "address",
            Self::Port => "port",
            Self::Username => "username",
            Self::Password => "password",
            Self::Tls => "tls",
            Self::Names => "allowed_hosts",
            Self::AutoStart => "auto_start",
            Self::Mdns => "mdns",
            Self::CommandLines => "command_lines",
            Self::Pair => "pair",
            Self::Devices => "devices",
        }
    }
}

/// Errors by field, at most one each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(Vec<(Field, String)>);

impl Faults {
    /// Says what is wrong with a field, or, with nothing, that it is well.
    pub fn set(&mut self, field: Field, reason: Option<String>) {
        self.0.retain(|(own, _)| *own != field);
        self.0.extend(reason.map(|reason| (field, reason)));
    }

    /// Error of a field.
    #[must_use]
    pub fn of(&self, field: Field) -> &str {
        self.0
            .iter()
            .find(|(own, _)| *own == field)
            .map_or("", |(_, reason)| reason)
    }

    /// Updates the errors from the mirror's status: where it is not on, the reason is shown at the field that it
    /// concerns.
    pub fn take(&mut self, status: &MirrorStatus) {
        const ABOUT: [Field; 3] = [Field::Address, Field::Port, Field::Tls];
        let is_well = matches!(status.state, MirrorState::On | MirrorState::Off);
        let reason = status.reason.as_deref().filter(|_| !is_well).unwrap_or_default();
        let about = if reason.is_empty() {
            None
        } else if reason.contains("port ") {
            Some(Field::Port)
        } else if reason.contains("certificate") || reason.contains("key") {
            Some(Field::Tls)
        } else {
            Some(Field::Address)
        };
        for field in ABOUT {
            self.set(field, (about == Some(field)).then(|| reason.to_owned()));
        }
    }
}

/// The port that was typed.
#[must_use]
pub fn port(typed: &str) -> Option<u16> {
    typed.trim().parse().ok().filter(|port| *port > 0)
}

/// Reports a valid password.
#[must_use]
pub fn is_password(typed: &str) -> bool {
    (8..=256).contains(&typed.chars().count())
}

/// A QR code: its side in units, and the path of its dark modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qr {
    /// The `viewBox`.
    pub frame: String,
    /// Path of the drawing.
    pub path: String,
}

/// Reads the server's drawing. The page's policy allows no image from a text, and what came from elsewhere is never
/// parsed as markup: the two values that matter are taken out, and only if they are what such a drawing has.
#[must_use]
pub fn qr(svg: &str) -> Option<Qr> {
    let frame = attribute(svg, " viewBox=\"").filter(|frame| frame.len() < 40)?;
    let path = attribute(svg, "<path d=\"").or_else(|| {
        let path = svg.split_once("<path")?.1;
        attribute(path, " d=\"")
    })?;
    let is_drawn = |character: char| character.is_ascii_digit() || "MmHhVvLlZz .,-".contains(character);
    let is_sound = !path.is_empty() && path.len() <= MAX_PATH && path.chars().all(is_drawn);
    let is_frame = frame
        .chars()
        .all(|character| character.is_ascii_digit() || " .".contains(character));
    (is_sound && is_frame).then(|| Qr {
        frame: frame.to_owned(),
        path: path.to_owned(),
    })
}

fn attribute<'a>(text: &'a str, opening: &str) -> Option<&'a str> {
    text.split_once(opening)?.1.split_once('"').map(|(value, _)| value)
}

/// The seconds until a time of the wire, rounded up; none where it is past or no time.
#[must_use]
pub fn seconds_left(until: &str, now: u64) -> u64 {
    rfc3339(until).map_or(0, |until| until.saturating_sub(now).div_ceil(1_000_000))
}

/// State of a ticket, and the device that used it. A ticket that the server has not reported yet is open; one that it
/// no longer keeps has expired.
#[must_use]
pub fn fate(tickets: &[PairingTicket], number: u64) -> (TicketState, Option<&str>) {
    match tickets.iter().find(|own| own.number == number) {
        Some(own) => (own.state, own.device.as_deref()),
        None if tickets.iter().any(|own| own.number > number) => (TicketState::Expired, None),
        None => (TicketState::Open, None),
    }
}

/// The devices in an order that holds still while they come and go: the newest first.
#[must_use]
pub fn ids(devices: &[Device]) -> Vec<String> {
    let mut ids: Vec<_> = devices
        .iter()
        .map(|device| (&device.signed_in_at, &device.id))
        .collect();
    sort_by_key(&mut ids, |own| Reverse(*own));
    ids.into_iter().map(|(_, id)| id.clone()).collect()
}

/// The machine's name, out of the host that the page came from.
#[must_use]
pub fn machine(host: &str) -> &str {
    host.strip_suffix(".local").unwrap_or(host)
}

/// Reports a close code of a server that rejects this client, for which another attempt would be refused at once.
#[must_use]
pub fn is_turned_out(code: u16) -> bool {
    code == 1008
}

#[cfg(test)]
#[path = "mirror_tests.rs"]
mod tests;
