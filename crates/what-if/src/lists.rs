//! Lists of a config whose items decide operations that are events.

/// Paths of the lists. Those of ports that are mapped, of variables and of processes are none: no event names their items.
pub const DECIDING: [&str; 11] = [
    "feature.fs.not_found",
    "feature.fs.read_write",
    "feature.fs.read_only",
    "feature.fs.local",
    "feature.network.outgoing.filter.local",
    "feature.network.outgoing.filter.remote",
    "feature.network.dns.filter.local",
    "feature.network.dns.filter.remote",
    "feature.network.outgoing.unix_streams",
    "feature.network.incoming.ports",
    "feature.network.incoming.ignore_ports",
];
