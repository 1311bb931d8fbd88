//! Resources of a listener beside its socket: the TLS configuration, renewed with the machine's addresses, and the
//! announcement by multicast DNS.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use mirrord_tcp_listener::interfaces;
use mirrord_wire::mirror::{Authority, MirrorState, TlsMode};
use tokio::time::Instant;
use tokio_rustls::rustls::ServerConfig;

use super::mdns::Announcement;
use super::settings::Settings;
use super::state::ListenerStatus;
use super::{Mirror, tls};

/// Resources of one listener.
#[derive(Default)]
pub(super) struct ListenerResources {
    server: Option<Arc<ServerConfig>>,
    authority: Option<tls::PrivateAuthority>,
    /// Time at which the certificate was made, and its addresses.
    made: Option<Instant>,
    addresses: Vec<IpAddr>,
    warning: Option<String>,
    announcement: Option<Announcement>,
}

impl ListenerResources {
    /// Loads the certificate of the settings, or has the private authority make one.
    ///
    /// # Errors
    /// There is none that can be used.
    pub(super) fn load(mirror: &Mirror, settings: &Settings) -> Result<Self, String> {
        let mut resources = Self::default();
        match (settings.tls, &settings.certificate, &settings.key) {
            (TlsMode::Off, ..) => {}
            (TlsMode::Own, Some(certificate), Some(key)) => resources.server = Some(tls::own(certificate, key)?),
            (TlsMode::Own, ..) => return Err("a certificate of your own needs two files".to_owned()),
            (TlsMode::Private, ..) => {
                resources.authority = Some(tls::PrivateAuthority::load_or_make(&mirror.folder)?);
                resources.renew(mirror, settings);
                if resources.server.is_none() {
                    return Err(resources.warning.unwrap_or_default());
                }
            }
        }
        Ok(resources)
    }

    /// Returns the TLS configuration; `None` without TLS.
    pub(super) fn server(&self) -> Option<Arc<ServerConfig>> {
        self.server.clone()
    }

    /// Returns the status of a listener that has them.
    pub(super) fn status(&self, generation: u64, bound: SocketAddr) -> ListenerStatus {
        let authority = |authority: &tls::PrivateAuthority| {
            let public = Authority {
                fingerprint: authority.fingerprint(),
                certificate: "/mirror/authority.pem".to_owned(),
            };
            (public, authority.pem().to_owned())
        };
        ListenerStatus {
            generation,
            state: MirrorState::On,
            reason: None,
            bound: Some(bound),
            tls: self.server.is_some(),
            authority: self.authority.as_ref().map(authority),
            warning: self.warning.clone(),
        }
    }

    /// Announces the mirror where the settings ask for it, and again where the addresses have changed.
    pub(super) fn announce(
        &mut self,
        mirror: &Mirror,
        settings: &Settings,
        bound: SocketAddr,
        own: &[(String, IpAddr)],
    ) {
        let Some(local_name) = mirror.local_name.as_deref().filter(|_| settings.mdns) else {
            return;
        };
        let is_listening = |address: &IpAddr| bound.ip().is_unspecified() || *address == bound.ip();
        let addresses: Vec<_> = own.iter().map(|(_, address)| *address).filter(is_listening).collect();
        if self.announcement.as_ref().is_some_and(|now| now.is_of(&addresses)) {
            return;
        }
        self.announcement = None;
        match Announcement::begin(local_name, &addresses, bound.port(), self.server.is_some()) {
            Ok(announcement) => self.announcement = announcement,
            Err(reason) => self.warning = Some(reason),
        }
    }

    /// Makes a new certificate where the machine's addresses have changed, or the old one is old.
    pub(super) fn renew(&mut self, mirror: &Mirror, settings: &Settings) {
        let Some(authority) = &self.authority else { return };
        let mut addresses: Vec<_> = interfaces().into_iter().map(|(_, address)| address).collect();
        if !settings.address.is_unspecified() {
            addresses.push(settings.address);
        }
        addresses.sort_unstable();
        addresses.dedup();
        let is_young = self.made.is_some_and(|made| made.elapsed() < tls::RENEW_AFTER);
        if is_young && addresses == self.addresses {
            return;
        }
        // A name or address that the authority may not certify would make the whole certificate invalid.
        let (vouched, other): (Vec<_>, Vec<_>) =
            addresses.iter().copied().partition(|address| tls::is_private(*address));
        let names = mirror.names(settings);
        let (names, other_names): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| name.ends_with(".local"));
        let named = other.iter().map(IpAddr::to_string).chain(other_names);
        let named: Vec<_> = named.filter(|name| name != "::1").collect();
        self.warning = (!named.is_empty()).then(|| {
            format!(
                "the private authority cannot vouch for {}: use a certificate of your own there",
                named.join(", ")
            )
        });
        match authority.server(&vouched, &names) {
            Ok(server) => {
                self.server = Some(server);
                (self.made, self.addresses) = (Some(Instant::now()), addresses);
            }
            Err(reason) => self.warning = Some(reason),
        }
    }
}
