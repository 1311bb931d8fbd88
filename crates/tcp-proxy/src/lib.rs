//! TCP reverse proxy for any local server (`mirrord proxy`). Bytes are forwarded both ways unchanged, so HTTP, Server-Sent
//! Events and WebSockets pass, whatever they carry.
//!
//! It knows no sessions, adds no sign-in and parses no request; only where the upstream server is unavailable does it check
//! whether a client speaks HTTP, to answer 502. `upstream` connects to the server, `relay` is one connection, `flow` one
//! direction of it. The caller binds the listener, owns the two tokens of the shutdown, and receives [`Notice`]s.

mod bad_gateway;
mod error;
mod flow;
#[cfg(target_os = "linux")]
mod pipe;
mod proxy;
mod relay;
mod upstream;
mod upstream_health;

pub use error::ProxyError;
pub use proxy::{Notice, Proxy, ProxyOptions, ProxyStats, listen};
pub use upstream::Upstream;
