//! draft
#![allow(dead_code, unused_imports)]
pub(crate) mod audit;
pub(crate) mod devices;
pub(crate) mod pairing;
pub(crate) mod password;
pub(crate) mod port_owner;
pub(crate) mod private_file;
pub mod qr;
pub(crate) mod reach;
pub(crate) mod redact;
pub(crate) mod roles;
pub(crate) mod secret;
pub(crate) mod settings;
pub(crate) mod sidebar;
pub(crate) mod throttle;
pub(crate) mod tls;
