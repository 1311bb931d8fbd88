//! Announces the mirror by multicast DNS, where that is asked for: its name and its port, and nothing else.
//!
//! On the addresses that the mirror listens on alone, never on loopback; taken back when it stops.

use std::net::IpAddr;

use mdns_sd::{IfKind, ServiceDaemon, ServiceInfo};

/// Announcement; withdrawn on drop.
pub(super) struct Announcement {
    daemon: ServiceDaemon,
    addresses: Vec<IpAddr>,
}

/// Service record: RFC 6763's name, type, host, addresses and port, and no text.
fn service(local_name: &str, addresses: &[IpAddr], port: u16, tls: bool) -> Result<ServiceInfo, mdns_sd::Error> {
    let kind = if tls { "_https._tcp.local." } else { "_http._tcp.local." };
    let label = local_name.strip_suffix(".local").unwrap_or(local_name);
    let name = format!("mirrord on {label}");
    ServiceInfo::new(kind, &name, &format!("{local_name}."), addresses, port, None)
}

impl Announcement {
    /// Begins; `None` where there is no address that anybody else could reach.
    pub(super) fn begin(local_name: &str, addresses: &[IpAddr], port: u16, tls: bool) -> Result<Option<Self>, String> {
        let addresses: Vec<_> = addresses
            .iter()
            .copied()
            .filter(|address| !address.is_loopback())
            .collect();
        if addresses.is_empty() {
            return Ok(None);
        }
        let failed = |error: mdns_sd::Error| format!("the mirror cannot be announced: {error}");
        let service = service(local_name, &addresses, port, tls).map_err(failed)?;
        let daemon = ServiceDaemon::new().map_err(failed)?;
        let own: Vec<_> = addresses.iter().copied().map(IfKind::Addr).collect();
        let begun = daemon
            .disable_interface(IfKind::All)
            .and_then(|()| daemon.enable_interface(own))
            .and_then(|()| daemon.register(service));
        let announcement = Self { daemon, addresses };
        begun.map_err(failed)?;
        Ok(Some(announcement))
    }

    /// Returns whether it is of these addresses.
    pub(super) fn is_of(&self, addresses: &[IpAddr]) -> bool {
        let others = addresses.iter().filter(|address| !address.is_loopback());
        others.eq(&self.addresses)
    }
}

impl Drop for Announcement {
    fn drop(&mut self) {
        // Its thread says good-bye to the network and ends; where it has ended already there is nothing to do.
        self.daemon.shutdown().ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_a_port_are_told_and_nothing_else() {
        let addresses = ["10.0.0.5".parse().unwrap()];
        let told = service("box.local", &addresses, 4096, true).unwrap();
        assert_eq!(told.get_fullname(), "mirrord on box._https._tcp.local.");
        assert_eq!((told.get_hostname(), told.get_port()), ("box.local.", 4096));
        assert_eq!(told.get_properties().iter().count(), 0);
    }

    #[test]
    fn a_machine_without_a_network_is_not_announced() {
        let loopback = ["127.0.0.2".parse().unwrap(), "::1".parse().unwrap()];
        assert!(Announcement::begin("box.local", &loopback, 1, false).unwrap().is_none());
    }
}
