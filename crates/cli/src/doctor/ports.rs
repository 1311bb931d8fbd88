//! Checks of the ports that mirrord takes where none is asked for, and of who has them.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::path::Path;

use mirrord_tcp_listener::describe_port_owner;
use mirrord_ui_server::instance;

use super::check::Check;
use crate::ui::DEFAULT_PORT;

/// Port of `mirrord ui --mirror` and `mirrord proxy`.
const MIRROR_PORT: u16 = 4096;

pub(super) fn ui_port(sessions_dir: &Path) -> Check {
    let running = instance::find(sessions_dir).ok().flatten();
    ui_port_at(DEFAULT_PORT, running.map(|running| running.port()))
}

fn ui_port_at(port: u16, own: Option<u16>) -> Check {
    let name = "ui-port";
    if own == Some(port) {
        return Check::ok(name, format!("{port} is that of the `mirrord ui` that runs"));
    }
    match busy(port, [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]) {
        None => Check::ok(name, format!("{port} is free")),
        Some(owner) => Check::warn(
            name,
            owner,
            "`mirrord ui` takes a free port and prints it, beside a released `mirrord ui` as well; --port chooses one",
        ),
    }
}

pub(super) fn mirror_port() -> Check {
    mirror_port_at(MIRROR_PORT)
}

fn mirror_port_at(port: u16) -> Check {
    let name = "mirror-port";
    match busy(port, [Ipv4Addr::UNSPECIFIED.into()]) {
        None => Check::ok(name, format!("{port} is free")),
        Some(owner) => Check::warn(
            name,
            owner,
            "only the mirror and `mirrord proxy` take it: `mirrord ui --mirror ADDR:PORT`, `mirrord proxy --listen ADDR:PORT`",
        ),
    }
}

/// Returns who has a port, where one of the addresses cannot be listened on for that reason.
fn busy<const N: usize>(port: u16, addresses: [IpAddr; N]) -> Option<String> {
    let mut addresses = addresses.into_iter().map(|address| SocketAddr::new(address, port));
    let is_busy =
        |address: &SocketAddr| TcpListener::bind(address).is_err_and(|error| error.kind() == ErrorKind::AddrInUse);
    addresses.find(is_busy).map(describe_port_owner)
}

#[cfg(test)]
mod tests {
    use super::super::check::Status;
    use super::*;

    #[test]
    fn a_busy_port_is_named_with_its_owner_and_our_own_is_none() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let check = ui_port_at(port, None);
        assert_eq!(check.status, Status::Warn);
        assert!(check.found.contains(&format!("port {port} is in use by")), "{check:?}");
        assert_eq!(ui_port_at(port, Some(port)).status, Status::Ok);
        assert_eq!(mirror_port_at(port).status, Status::Warn);
        drop(listener);
        assert_eq!(ui_port_at(port, None).status, Status::Ok);
    }
}
