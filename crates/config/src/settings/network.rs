//! The settings of `feature.network`.

use std::ops::RangeInclusive;

use super::filter::{AddressFilter, Entry, Side};
use super::patterns::{Pattern, UnixStreams, compile_fancy};
use super::resolver::{Resolver, texts_of};
use super::values::{Dns, Incoming, IncomingMode, Origin, Outgoing};
use crate::node::{Node, Position, Value};
use crate::problem::Problem;
use crate::rule::Rule;

const NETWORK: &str = "feature.network";
const OUTGOING_LOCAL: &str = "feature.network.outgoing.filter.local";
const OUTGOING_REMOTE: &str = "feature.network.outgoing.filter.remote";
const DNS_LOCAL: &str = "feature.network.dns.filter.local";
const DNS_REMOTE: &str = "feature.network.dns.filter.remote";

/// Default of a key that `false` in place of an object above it turns off.
fn default_of(resolver: &Resolver<'_>, above: &'static str) -> (bool, Origin) {
    match [above, NETWORK].into_iter().find(|path| resolver.is_off(path)) {
        Some(path) => (false, Origin::Because(path)),
        None => (true, Origin::Default),
    }
}

pub(super) fn outgoing(resolver: &mut Resolver<'_>) -> Outgoing {
    let default = default_of(resolver, "feature.network.outgoing");
    let unix = resolver.texts(
        "feature.network.outgoing.unix_streams",
        Some("MIRRORD_OUTGOING_REMOTE_UNIX_STREAMS"),
    );
    Outgoing {
        tcp: resolver.bool(
            "feature.network.outgoing.tcp",
            Some("MIRRORD_TCP_OUTGOING"),
            default.clone(),
        ),
        udp: resolver.bool("feature.network.outgoing.udp", Some("MIRRORD_UDP_OUTGOING"), default),
        ignore_localhost: resolver.bool(
            "feature.network.outgoing.ignore_localhost",
            None,
            (false, Origin::Default),
        ),
        filter: filter(
            resolver,
            OUTGOING_LOCAL,
            OUTGOING_REMOTE,
            Entry::outgoing,
            Problem::error,
        ),
        unix_streams: UnixStreams::new(&unix.unwrap_or_default(), resolver.problems),
    }
}

/// Reads a filter; each wrong entry is a problem, made by `problem`.
fn filter(
    resolver: &mut Resolver<'_>,
    local: &'static str,
    remote: &'static str,
    parse: fn(&str, Rule) -> Result<Entry, String>,
    problem: fn(String, Option<Position>, String) -> Problem,
) -> Option<AddressFilter> {
    let (side, path) = match (resolver.node(local), resolver.node(remote)) {
        (Some(_), _) => (Side::Local, local),
        (None, Some(_)) => (Side::Remote, remote),
        (None, None) => return None,
    };
    let node = resolver.node(path)?;
    let texts = texts_of(path, node);
    if texts.is_empty() && path.contains("outgoing") {
        let problem = Problem::error(
            path,
            Some(node.at),
            "the list is empty: leave the filter out, or name an address",
        );
        let behaviour = "a released mirrord takes the file, and panics when the program starts";
        resolver.problems.push(problem.released(behaviour));
    }
    let mut entries = Vec::with_capacity(texts.len());
    for (index, text) in texts.iter().enumerate() {
        match parse(&text.text, Rule::Item(path, index)) {
            Ok(entry) => entries.push(entry),
            Err(reason) => {
                let message = format!("`{}` is not an address to filter by: {reason}", text.text);
                resolver.problems.push(problem(text.path.clone(), text.at, message));
            }
        }
    }
    resolver.note(path, node.to_json(), Origin::File(node.at));
    Some(AddressFilter { side, entries })
}

/// Reads `feature.network.dns`, with the names of the outgoing filter added (config/src/lib.rs).
pub(super) fn dns(resolver: &mut Resolver<'_>, outgoing: Option<&AddressFilter>) -> Dns {
    const PATH: &str = "feature.network.dns.enabled";
    let default = default_of(resolver, "feature.network.dns");
    let enabled = resolver.bool(PATH, Some("MIRRORD_REMOTE_DNS"), default);
    // A released mirrord does not look at a filter that is ignored.
    let problem = if enabled { Problem::error } else { Problem::warning };
    let mut filter = filter(resolver, DNS_LOCAL, DNS_REMOTE, Entry::dns, problem);
    if let Some(outgoing) = outgoing.filter(|_| enabled) {
        add_names(resolver, &mut filter, outgoing);
    }
    Dns { enabled, filter }
}

fn add_names(resolver: &mut Resolver<'_>, filter: &mut Option<AddressFilter>, outgoing: &AddressFilter) {
    let names: Vec<(String, Rule)> = outgoing
        .entries
        .iter()
        .filter_map(|entry| Some((entry.as_dns_text()?, entry.rule.clone())))
        .collect();
    if names.is_empty() {
        return;
    }
    match filter {
        None if outgoing.side == Side::Local => {
            *filter = Some(AddressFilter {
                side: Side::Local,
                entries: Vec::new(),
            });
        }
        Some(filter) if filter.side == outgoing.side => {}
        Some(filter) => return warn_of_overlap(resolver, filter, &names),
        None => return,
    }
    let Some(filter) = filter else { return };
    for (name, rule) in names {
        let is_there = filter
            .entries
            .iter()
            .any(|entry| entry.as_dns_text().as_ref() == Some(&name));
        if let Some(entry) = Entry::dns(&name, rule).ok().filter(|_| !is_there) {
            filter.entries.push(entry);
        }
    }
}

fn warn_of_overlap(resolver: &mut Resolver<'_>, filter: &AddressFilter, names: &[(String, Rule)]) {
    let both: Vec<&str> = names
        .iter()
        .filter(|(name, _)| {
            filter
                .entries
                .iter()
                .any(|entry| entry.as_dns_text().as_ref() == Some(name))
        })
        .map(|(name, _)| name.as_str())
        .collect();
    if both.is_empty() {
        return;
    }
    let (connected, resolved) = match filter.side {
        Side::Local => ("remotely", "locally"),
        Side::Remote => ("locally", "remotely"),
    };
    let message = format!(
        "{} is connected to {connected} by `outgoing.filter`, and resolved {resolved} by `dns.filter`: the address may \
         mean nothing on the other side",
        both.join(", ")
    );
    let at = resolver.node("feature.network.dns.filter").map(|node| node.at);
    let problem = Problem::warning("feature.network.dns.filter", at, message);
    resolver.problems.push(problem);
}

pub(super) fn incoming(resolver: &mut Resolver<'_>) -> Incoming {
    let mode = incoming_mode(resolver);
    let ports = resolver.ports("feature.network.incoming.ports");
    let ignore_ports = resolver
        .ports("feature.network.incoming.ignore_ports")
        .unwrap_or_default();
    let port_mapping = resolver.port_pairs("feature.network.incoming.port_mapping");
    let listen_ports = resolver.port_pairs("feature.network.incoming.listen_ports");
    let http_filter_ports = http_filter_ports(resolver);
    Incoming {
        mode,
        ports,
        ignore_ports,
        port_mapping,
        listen_ports,
        http_filter_ports,
        http_filter: http_filter(resolver),
        ignore_localhost: resolver.bool(
            "feature.network.incoming.ignore_localhost",
            None,
            (false, Origin::Default),
        ),
    }
}

fn incoming_mode(resolver: &mut Resolver<'_>) -> IncomingMode {
    const PATH: &str = "feature.network.incoming.mode";
    const VARIABLE: &str = "MIRRORD_AGENT_TCP_STEAL_TRAFFIC";
    let variable = resolver.variable(VARIABLE);
    let from_variable = match variable {
        Some("true" | "steal") => Some(IncomingMode::Steal),
        Some("false" | "off") => Some(IncomingMode::Off),
        Some("mirror") => Some(IncomingMode::Mirror),
        Some(text) => {
            resolver.wrong_variable(PATH, VARIABLE, text, "true, false, mirror, steal or off");
            None
        }
        None => None,
    };
    let (mode, origin) = match from_variable {
        Some(mode) => (mode, Origin::Variable(VARIABLE)),
        None => file_incoming_mode(resolver),
    };
    resolver.note(PATH, mode.name(), origin);
    mode
}

fn file_incoming_mode(resolver: &Resolver<'_>) -> (IncomingMode, Origin) {
    if resolver.is_off(NETWORK) {
        return (IncomingMode::Off, Origin::Because(NETWORK));
    }
    let incoming = resolver.node("feature.network.incoming");
    let node = resolver.node("feature.network.incoming.mode").or(incoming);
    match node.map(|node| (&node.value, node.at)) {
        Some((Value::Bool(false), at)) => (IncomingMode::Off, Origin::File(at)),
        Some((Value::Bool(true), at)) => (IncomingMode::Mirror, Origin::File(at)),
        Some((Value::Text(name), at)) => {
            let mode = match name.as_str() {
                "steal" => IncomingMode::Steal,
                "off" => IncomingMode::Off,
                _ => IncomingMode::Mirror,
            };
            (mode, Origin::File(at))
        }
        _ => (IncomingMode::Mirror, Origin::Default),
    }
}

/// Reads the ports to which the HTTP filter is limited; `;` separates in the variable.
fn http_filter_ports(resolver: &mut Resolver<'_>) -> Option<Vec<u16>> {
    const PATH: &str = "feature.network.incoming.http_filter.ports";
    const VARIABLE: &str = "MIRRORD_HTTP_FILTER_PORTS";
    let Some(text) = resolver.variable(VARIABLE) else {
        return resolver.ports(PATH);
    };
    let ports: Result<Vec<u16>, _> = text.split(';').map(str::parse).collect();
    match ports {
        Ok(ports) => {
            resolver.note(PATH, ports.clone(), Origin::Variable(VARIABLE));
            Some(ports)
        }
        Err(_) => {
            resolver.wrong_variable(PATH, VARIABLE, text, "ports, separated by `;`");
            None
        }
    }
}

/// Kinds of HTTP filter, of which one can be set.
pub(super) const HTTP_FILTERS: [&str; 7] = [
    "header_filter",
    "path_filter",
    "method_filter",
    "body_filter",
    "header_filter_jq",
    "all_of",
    "any_of",
];

/// Describes the HTTP filter, and checks its patterns.
fn http_filter(resolver: &mut Resolver<'_>) -> Option<String> {
    const PATH: &str = "feature.network.incoming.http_filter";
    const VARIABLES: [(&str, &str); 2] = [
        ("header_filter", "MIRRORD_HTTP_HEADER_FILTER"),
        ("path_filter", "MIRRORD_HTTP_PATH_FILTER"),
    ];
    let filter = resolver.node(PATH);
    let mut found = None;
    for kind in HTTP_FILTERS {
        let Some(node) = filter.and_then(|filter| filter.at_path(kind)) else {
            continue;
        };
        let path = format!("{PATH}.{kind}");
        check_http_patterns(resolver, &path, kind, node);
        resolver.note(&path, node.to_json(), Origin::File(node.at));
        found = Some(match node.text() {
            Some(text) => format!("{kind}: {text}"),
            None => format!("{kind}: {}", node.to_json()),
        });
    }
    for (kind, variable) in VARIABLES {
        if let Some(text) = resolver.variable(variable) {
            resolver.note(&format!("{PATH}.{kind}"), text, Origin::Variable(variable));
            found = Some(format!("{kind}: {text}"));
        }
    }
    found
}

fn check_http_patterns(resolver: &mut Resolver<'_>, path: &str, kind: &str, node: &Node) {
    let mut check = |path: String, node: Option<&Node>| {
        let Some((node, text)) = node.and_then(|node| Some((node, node.text()?))) else {
            return;
        };
        let pattern = Pattern {
            text: text.to_owned(),
            path,
            at: Some(node.at),
        };
        compile_fancy(&pattern, &format!("(?i){text}"), resolver.problems);
    };
    match kind {
        "header_filter" | "path_filter" => check(path.to_owned(), Some(node)),
        "body_filter" => check(format!("{path}.matches"), node.get("matches")),
        "all_of" | "any_of" => {
            for (index, inner) in node.items().iter().enumerate() {
                for key in ["header", "path", "matches"] {
                    check(format!("{path}[{index}].{key}"), inner.get(key));
                }
            }
        }
        _ => {}
    }
}

/// Reads `MIRRORD_IGNORE_DEBUGGER_PORTS`: ports and ranges, separated by commas. What is neither is ignored there.
pub(super) fn debugger_ports(resolver: &mut Resolver<'_>) -> Vec<RangeInclusive<u16>> {
    const VARIABLE: &str = "MIRRORD_IGNORE_DEBUGGER_PORTS";
    let Some(text) = resolver.variable(VARIABLE) else {
        return Vec::new();
    };
    let ranges = text.split(',').filter_map(|part| {
        let part = part.trim();
        match part.split_once('-') {
            Some((first, last)) => Some(first.trim().parse().ok()?..=last.trim().parse().ok()?),
            None => part.parse().ok().map(|port| port..=port),
        }
    });
    let ranges = ranges.collect();
    resolver.note(VARIABLE, text, Origin::Variable(VARIABLE));
    ranges
}
