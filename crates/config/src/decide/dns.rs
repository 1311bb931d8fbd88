//! Name look-ups by `getaddrinfo(3)` and `gethostbyname(3)`.

use std::net::IpAddr;

use super::decision::{Decision, Routing, Trace};
use crate::rule::Rule;
use crate::settings::{Entry, EntryAddress, Settings, Side};

const ENABLED: &str = "feature.network.dns.enabled";

/// Decides the look-up of a node; `None` is none, or a numeric one by its flag.
pub(super) fn decide(settings: &Settings, name: Option<&str>, port: u16, trace: &mut impl Trace) -> Decision {
    let Some(name) = name else {
        return Decision::new(Routing::Local, Rule::Fixed("default: AI_NUMERICHOST"));
    };
    if !settings.dns.enabled {
        return Decision::new(Routing::Local, Rule::Key(ENABLED));
    }
    let Some(filter) = &settings.dns.filter else {
        return Decision::new(Routing::Remote, Rule::Key(ENABLED));
    };
    let (matched, unmatched, path) = match filter.side {
        Side::Local => (Routing::Local, Routing::Remote, "feature.network.dns.filter.local"),
        Side::Remote => (Routing::Remote, Routing::Local, "feature.network.dns.filter.remote"),
    };
    for entry in &filter.entries {
        if matches(entry, name, port) {
            return Decision::new(matched, entry.rule.clone());
        }
        trace.passed(|| entry.rule.clone(), || why(entry, name, port));
    }
    Decision::new(unmatched, Rule::NoMatch(path))
}

fn matches(entry: &Entry, name: &str, port: u16) -> bool {
    let ip = || name.parse::<IpAddr>().ok();
    let address_fits = match &entry.address {
        EntryAddress::Any => true,
        EntryAddress::Name(wanted) => wanted == name,
        EntryAddress::Ip(wanted) => wanted.is_unspecified() || ip() == Some(*wanted),
        EntryAddress::Net(net) => ip().is_some_and(|ip| net.contains(&ip)),
    };
    address_fits && (entry.port == 0 || entry.port == port)
}

fn why(entry: &Entry, name: &str, port: u16) -> String {
    match (&entry.address, entry.port) {
        (_, wanted) if wanted != 0 && port == 0 => {
            format!("it is for the port {wanted}, and the look-up of {name} names none")
        }
        (_, wanted) if wanted != 0 && wanted != port => format!("it is for the port {wanted}, not {port}"),
        (EntryAddress::Name(wanted), _) => format!("`{wanted}` is not `{name}` to the letter"),
        _ => format!("it does not have {name}"),
    }
}
