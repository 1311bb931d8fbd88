//! Ports that a program listens on.

use std::net::SocketAddr;

use super::connect::{is_debugger, without_ipv6};
use super::decision::{Decision, Routing, Trace};
use crate::rule::Rule;
use crate::settings::{IncomingMode, Settings, Target};

const PORTS: &str = "feature.network.incoming.ports";
const IGNORE_PORTS: &str = "feature.network.incoming.ignore_ports";
const MODE: &str = "feature.network.incoming.mode";

fn mapped(pairs: &[(u16, u16)], port: u16) -> Option<u16> {
    pairs.iter().find(|(from, _)| *from == port).map(|(_, to)| *to)
}

pub(super) fn decide(settings: &Settings, address: SocketAddr, trace: &mut impl Trace) -> Decision {
    if let Some(decision) = without_ipv6(settings, address) {
        return decision;
    }
    if let Some(rule) = bypassed_bind(settings, address) {
        return Decision::new(Routing::Local, rule);
    }
    let real = real_address(settings, address);
    let decided = |routing, rule| Decision {
        bound_to: (real != address).then(|| real.to_string()),
        ..Decision::new(routing, rule)
    };
    if let Some(rule) = ignored(settings, address, trace) {
        return decided(Routing::Local, rule);
    }
    let incoming = &settings.incoming;
    let port = mapped(&incoming.port_mapping, address.port()).unwrap_or(address.port());
    let is_filtered = incoming
        .http_filter_ports
        .as_ref()
        .is_none_or(|ports| ports.contains(&port));
    let index = incoming.ports.iter().flatten().position(|listed| *listed == port);
    Decision {
        mode: Some(incoming.mode.name()),
        port: Some(port),
        filter: incoming.http_filter.clone().filter(|_| is_filtered),
        ..decided(
            Routing::Remote,
            index.map_or(Rule::Key(MODE), |index| Rule::Item(PORTS, index)),
        )
    }
}

/// Sockets that are left alone when they are bound.
fn bypassed_bind(settings: &Settings, address: SocketAddr) -> Option<Rule> {
    let incoming = &settings.incoming;
    let port = address.port();
    let remote = mapped(&incoming.port_mapping, port).unwrap_or(port);
    if incoming.ignore_localhost && address.ip().is_loopback() {
        return Some(Rule::Key("feature.network.incoming.ignore_localhost"));
    }
    if port == 0 {
        return Some(Rule::Fixed("default: port 0"));
    }
    if incoming.ports.as_ref().is_some_and(|ports| !ports.contains(&remote)) {
        return Some(Rule::NoMatch(PORTS));
    }
    is_debugger(settings, address).then_some(Rule::Fixed("default: debugger port"))
}

/// Sockets that are bound by mirrord, and not subscribed.
fn ignored(settings: &Settings, address: SocketAddr, trace: &mut impl Trace) -> Option<Rule> {
    let incoming = &settings.incoming;
    let index = incoming.ignore_ports.iter().position(|port| *port == address.port());
    if let Some(index) = index {
        return Some(Rule::Item(IGNORE_PORTS, index));
    }
    if !incoming.ignore_ports.is_empty() {
        trace.passed(
            || Rule::Key(IGNORE_PORTS),
            || format!("it does not have {}", address.port()),
        );
    }
    if incoming.mode == IncomingMode::Off {
        return Some(Rule::Key(MODE));
    }
    match settings.target {
        Target::Path(_) => None,
        Target::None | Target::Targetless => Some(Rule::Key("target")),
    }
}

/// Returns the address that mirrord really binds.
pub(super) fn real_address(settings: &Settings, address: SocketAddr) -> SocketAddr {
    match mapped(&settings.incoming.listen_ports, address.port()) {
        Some(port) => SocketAddr::new(address.ip(), port),
        None => address,
    }
}

/// Decides `bind(2)` of a UDP socket: its address is remembered, and no more.
pub(super) fn decide_udp(settings: &Settings, address: SocketAddr) -> Decision {
    let managed = || Decision::new(Routing::Managed, Rule::Fixed("default: bind of a UDP socket"));
    without_ipv6(settings, address).unwrap_or_else(managed)
}
