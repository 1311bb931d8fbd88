//! Ports that a session serves: one list for session, server and page, each with entries of its own.

use super::info::PortSubscription;

/// The most ports of a list; more are not listed (the counters stay exact).
pub const MAX_PORTS: usize = 1_000;

/// Entry of a list of ports.
pub trait PortEntry {
    /// The port.
    fn port(&self) -> u16;
}

impl PortEntry for PortSubscription {
    fn port(&self) -> u16 {
        self.port
    }
}

/// Adds a port, at most [`MAX_PORTS`] of them. One that is listed is replaced in its place: by another mode or filter.
pub fn subscribe<P: PortEntry>(ports: &mut Vec<P>, port: P) {
    if let Some(own) = ports.iter_mut().find(|own| own.port() == port.port()) {
        *own = port;
    } else if ports.len() < MAX_PORTS {
        ports.push(port);
    }
}
