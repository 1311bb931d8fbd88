//! Outgoing connections and datagrams.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::decision::{Decision, Fact, Routing, Trace};
use crate::context::{Context, Known, is_next};
use crate::operation::Transport;
use crate::rule::Rule;
use crate::settings::{AddressFilter, Entry, EntryAddress, Protocol, Settings, Side};

const OUTGOING_TCP: &str = "feature.network.outgoing.tcp";
const OUTGOING_UDP: &str = "feature.network.outgoing.udp";
const UNIX_STREAMS: &str = "feature.network.outgoing.unix_streams";
const IGNORE_LOCALHOST: &str = "feature.network.outgoing.ignore_localhost";
const IPV6: &str = "feature.network.ipv6";
const PING_MOCK: &str = "experimental.tcp_ping4_mock";

/// Port of the echo service (RFC 862), to which a connection is answered at once.
const PING_PORT: u16 = 7;
/// Port of name servers (RFC 1035).
const DNS_PORT: u16 = 53;
/// Ports that are never taken for a debugger's.
const NEVER_DEBUGGER: [u16; 2] = [50_000, 50_001];

/// Decides an operation on an IPv6 socket where there are none.
pub(super) fn without_ipv6(settings: &Settings, address: SocketAddr) -> Option<Decision> {
    (address.is_ipv6() && !settings.ipv6).then(|| Decision::new(Routing::Error, Rule::Key(IPV6)))
}

/// Reports an address at which a debugger listens.
pub(super) fn is_debugger(settings: &Settings, address: SocketAddr) -> bool {
    let is_localhost = match address.ip() {
        IpAddr::V4(ip) => ip == Ipv4Addr::LOCALHOST,
        IpAddr::V6(ip) => ip == Ipv6Addr::LOCALHOST,
    };
    let port = address.port();
    let is_listed = settings.debugger_ports.iter().any(|ports| ports.contains(&port));
    is_localhost && is_listed && !NEVER_DEBUGGER.contains(&port)
}

pub(super) fn decide(
    settings: &Settings,
    context: &Context,
    transport: Transport,
    address: SocketAddr,
    trace: &mut impl Trace,
) -> Decision {
    if let Some(decision) =
        without_ipv6(settings, address).or_else(|| before_filter(settings, context, transport, address))
    {
        return decision;
    }
    let (is_on, key) = match transport {
        Transport::Tcp => (settings.outgoing.tcp, OUTGOING_TCP),
        Transport::Udp => (settings.outgoing.udp, OUTGOING_UDP),
    };
    if !is_on {
        return connects(Decision::new(Routing::Local, Rule::Key(key)), address);
    }
    trace.passed(|| Rule::Key(key), || "it is on".to_owned());
    filtered(settings, context, transport, address, Rule::Key(key), trace)
}

/// Rules that come before the switches and the filter.
fn before_filter(
    settings: &Settings,
    context: &Context,
    transport: Transport,
    address: SocketAddr,
) -> Option<Decision> {
    let port = address.port();
    let local = |rule, address| Some(connects(Decision::new(Routing::Local, rule), address));
    if port == PING_PORT && settings.tcp_ping4_mock {
        return Some(Decision::new(Routing::Mock, Rule::Key(PING_MOCK)));
    }
    if address.ip().is_loopback() || address.ip().is_unspecified() {
        if settings.outgoing.ignore_localhost {
            return local(Rule::Key(IGNORE_LOCALHOST), address);
        }
        if is_turbo(settings, context) {
            return local(Rule::Key("feature.magic.turbo"), address);
        }
        let own = context.listeners.get(&port).filter(|_| transport == Transport::Tcp);
        if let Some(real) = own {
            return local(Rule::Fixed("default: own listener"), *real);
        }
    }
    if port == 0 {
        return local(Rule::Fixed("default: port 0"), address);
    }
    if is_debugger(settings, address) {
        return local(Rule::Fixed("default: debugger port"), address);
    }
    None
}

/// `feature.magic.turbo`: Next.js processes keep their own connections.
fn is_turbo(settings: &Settings, context: &Context) -> bool {
    settings.magic.turbo && context.facts.args.iter().any(|word| is_next(word))
}

fn connects(decision: Decision, address: SocketAddr) -> Decision {
    Decision {
        connects_to: Some(address.to_string()),
        ..decision
    }
}

pub(super) fn decide_unix(settings: &Settings, name: &str, trace: &mut impl Trace) -> Decision {
    let streams = &settings.outgoing.unix_streams;
    if let Some(index) = streams.find(name) {
        return Decision::new(Routing::Remote, Rule::Item(UNIX_STREAMS, index));
    }
    if streams.count > 0 {
        let why = || format!("none of its {} patterns is found in {name}", streams.count);
        trace.passed(|| Rule::Key(UNIX_STREAMS), why);
    }
    Decision::new(Routing::Local, Rule::Key(UNIX_STREAMS))
}

/// Decides a datagram on a socket that is not connected: only questions to name servers are looked at.
pub(super) fn decide_send_to(
    settings: &Settings,
    context: &Context,
    address: SocketAddr,
    trace: &mut impl Trace,
) -> Decision {
    if let Some(decision) = without_ipv6(settings, address) {
        return decision;
    }
    if address.port() != DNS_PORT {
        let rule = Rule::Fixed("default: sendto without connect");
        return connects(Decision::new(Routing::Local, rule), address);
    }
    let rule = Rule::Fixed("default: sendto port 53");
    filtered(settings, context, Transport::Udp, address, rule, trace)
}

/// Result of a filter.
enum Outcome {
    Match(Rule),
    NoMatch,
    /// Facts that are missing, and the rule where another entry matches in any case.
    Unknown(Vec<Fact>, bool),
}

fn filtered(
    settings: &Settings,
    context: &Context,
    transport: Transport,
    address: SocketAddr,
    without: Rule,
    trace: &mut impl Trace,
) -> Decision {
    let Some(filter) = &settings.outgoing.filter else {
        return Decision::new(Routing::Remote, without);
    };
    let (matched, unmatched, path) = match filter.side {
        Side::Local => (Routing::Local, Routing::Remote, "feature.network.outgoing.filter.local"),
        Side::Remote => (
            Routing::Remote,
            Routing::Local,
            "feature.network.outgoing.filter.remote",
        ),
    };
    let decision = match run(settings, context, filter, transport, address, trace) {
        Outcome::Match(rule) => Decision::new(matched, rule),
        Outcome::NoMatch => Decision::new(unmatched, Rule::NoMatch(path)),
        // Both entries lead to the same side; which of them matches first is not known.
        Outcome::Unknown(_, true) => Decision::new(matched, Rule::Key(path)),
        Outcome::Unknown(facts, false) => return Decision::depends(Some(Rule::Key(path)), facts),
    };
    if decision.routing == Routing::Local {
        return reached_locally(context, decision, address);
    }
    decision
}

/// Resolves the name of an address again, on this machine, where the process has it from a remote look-up.
fn reached_locally(context: &Context, decision: Decision, address: SocketAddr) -> Decision {
    let name = context
        .remote_names
        .get(&address.ip())
        .filter(|_| !address.ip().is_loopback());
    let Some(name) = name else {
        return connects(decision, address);
    };
    match context.resolve_locally(name) {
        Known::Unknown => Decision::depends(decision.rule, vec![Fact::LocalDns(name.clone())]),
        Known::No | Known::Yes([]) => Decision {
            routing: Routing::Error,
            ..decision
        },
        Known::Yes([first, ..]) => connects(decision, SocketAddr::new(*first, address.port())),
    }
}

/// Runs a filter; the first entry that matches decides.
fn run(
    settings: &Settings,
    context: &Context,
    filter: &AddressFilter,
    transport: Transport,
    address: SocketAddr,
    trace: &mut impl Trace,
) -> Outcome {
    let mut missing = Vec::new();
    for entry in &filter.entries {
        if let Some(mismatch) = mismatch(settings, entry, transport, address.port()) {
            trace.passed(|| entry.rule.clone(), || mismatch.why(address.port()));
            continue;
        }
        match matches(settings, context, filter.side, entry, address.ip()) {
            Ok(true) if missing.is_empty() => return Outcome::Match(entry.rule.clone()),
            Ok(true) => return Outcome::Unknown(missing, true),
            Ok(false) => trace.passed(|| entry.rule.clone(), || format!("it does not have {}", address.ip())),
            Err(fact) => missing.push(fact),
        }
    }
    if missing.is_empty() {
        Outcome::NoMatch
    } else {
        Outcome::Unknown(missing, false)
    }
}

/// Entries of a filter whose protocol and port fit.
fn candidates<'a>(
    settings: &'a Settings,
    filter: &'a AddressFilter,
    transport: Transport,
    port: u16,
) -> impl Iterator<Item = &'a Entry> {
    let fits = move |entry: &&Entry| mismatch(settings, entry, transport, port).is_none();
    filter.entries.iter().filter(fits)
}

/// Reason for which an entry is passed over whatever its address.
enum Mismatch {
    Protocol(Protocol),
    /// Entries of a protocol that is off are dropped.
    Off(&'static str),
    Port(u16),
}

fn mismatch(settings: &Settings, entry: &Entry, transport: Transport, port: u16) -> Option<Mismatch> {
    let (protocol, is_on, key) = match transport {
        Transport::Tcp => (Protocol::Tcp, settings.outgoing.tcp, OUTGOING_TCP),
        Transport::Udp => (Protocol::Udp, settings.outgoing.udp, OUTGOING_UDP),
    };
    match entry.protocol {
        Some(wanted) if wanted != protocol => return Some(Mismatch::Protocol(wanted)),
        Some(_) if !is_on => return Some(Mismatch::Off(key)),
        _ => {}
    }
    (entry.port != 0 && entry.port != port).then_some(Mismatch::Port(entry.port))
}

impl Mismatch {
    fn why(&self, port: u16) -> String {
        match self {
            Self::Protocol(Protocol::Tcp) => "it is for TCP alone".to_owned(),
            Self::Protocol(Protocol::Udp) => "it is for UDP alone".to_owned(),
            Self::Off(key) => format!("its protocol is off by {key}"),
            Self::Port(wanted) => format!("it is for the port {wanted}, not {port}"),
        }
    }
}

/// Names of a `remote` filter are resolved remotely, unless remote look-ups are off; those of a `local` one locally.
fn is_resolved_remotely(settings: &Settings, side: Side) -> bool {
    side == Side::Remote && settings.dns.enabled
}

fn matches(settings: &Settings, context: &Context, side: Side, entry: &Entry, ip: IpAddr) -> Result<bool, Fact> {
    match &entry.address {
        EntryAddress::Any => Ok(true),
        EntryAddress::Ip(wanted) => Ok(wanted.is_unspecified() || *wanted == ip),
        EntryAddress::Net(net) => Ok(net.contains(&ip)),
        EntryAddress::Name(name) => {
            let is_remote = is_resolved_remotely(settings, side);
            let known = if is_remote {
                context.resolve_remotely(name)
            } else {
                context.resolve_locally(name)
            };
            match known {
                Known::Yes(addresses) => Ok(addresses.contains(&ip)),
                Known::No => Ok(false),
                Known::Unknown if is_remote => Err(Fact::RemoteDns(name.clone())),
                Known::Unknown => Err(Fact::LocalDns(name.clone())),
            }
        }
    }
}

/// Returns the names that the filter looks up remotely for a connection: up to the entry that matches.
pub(super) fn remote_lookups(
    settings: &Settings,
    context: &Context,
    transport: Transport,
    address: SocketAddr,
) -> Vec<String> {
    let filter = settings.outgoing.filter.as_ref();
    let Some(filter) = filter.filter(|filter| is_resolved_remotely(settings, filter.side)) else {
        return Vec::new();
    };
    let is_on = match transport {
        Transport::Tcp => settings.outgoing.tcp,
        Transport::Udp => settings.outgoing.udp,
    };
    if !is_on || before_filter(settings, context, transport, address).is_some() {
        return Vec::new();
    }
    let mut names = Vec::new();
    for entry in candidates(settings, filter, transport, address.port()) {
        if let EntryAddress::Name(name) = &entry.address {
            names.push(name.clone());
        }
        if matches(settings, context, filter.side, entry, address.ip()) == Ok(true) {
            break;
        }
    }
    names
}
