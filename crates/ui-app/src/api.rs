//! The only part of the page that talks to the server.

pub(crate) mod credentials;
pub(crate) mod rest;
pub(crate) mod socket;
pub(crate) mod what_if;
