//! `mirrord ui` as a library: follows the sessions of this machine and serves them as one REST and WebSocket API with the
//! page.
//!
//! An event's way: [`session_manager`] reads it from its session's socket, [`store`] keeps it, [`ws_feed`] makes it a message for
//! each client, [`routes`] sends it; [`otlp`] sends it to an OpenTelemetry endpoint, where one is named. No step looks back. The caller binds the port and owns the shutdown token.

pub mod error;
pub mod instance;
pub mod limits;
pub mod mirror;
pub mod redaction;
pub mod server;

mod accept;
mod access;
mod assets;
mod clock;
mod connections;
mod dev;
mod edition;
#[cfg(test)]
#[path = "../tests/server/support/eventually.rs"]
mod eventually;
mod loopback;
mod otlp;
mod platform;
mod records;
mod replay;
mod routes;
mod scrub;
mod secret;
mod session_manager;
mod session_names;
mod store;
mod ws_feed;

pub use assets::has_page;
pub use dev::DevServer;
pub use edition::{ClusterSetup, cluster_setup};
pub use error::{Error, InstanceError};
pub use loopback::LoopbackListeners;
pub use platform::system::host_name;
pub use server::{Options, Server};
