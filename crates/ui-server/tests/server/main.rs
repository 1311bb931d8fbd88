//! The server from outside: a real listener on a free port, a temporary sessions directory, scripted sessions on real
//! sockets.
//!
//! Where a new test goes: who may ask for what, `access`; how a browser signs in, `sign_in`; what appears and goes, `discovery`;
//! what a session says and how it is read, `sessions`; that with the library that real hosts embed, `library`; what of it is
//! there when it is over at once, `short`; what readers are sent, `websocket`; what is refused for being too much, `bounds`, of
//! a session's answers `peer_bounds`; what the
//! document says, `document`; what its config could do better, `suggestions`; sessions that share a key,
//! `keys`; what a search finds, `filters`, in all sessions `search`; a record at any of its moments, `scrub`, and while it is still written, `growing`; records that are opened and written,
//! `records`, and kept, `history`; the names that a person gives sessions, `names`; what the command line has of a running one, `instance`; the description of the REST API, `openapi`. Those of
//! sockets and links themselves are for Unix; the others run as Windows programs as well, on named pipes.

#![expect(clippy::unwrap_used, reason = "where a test panics is what went wrong")]

mod access;
mod bounds;
#[cfg(unix)]
mod discovery;
mod document;
mod filters;
mod growing;
mod history;
mod instance;
mod keys;
mod library;
mod names;
mod openapi;
mod peer_bounds;
mod records;
mod scrub;
mod search;
#[cfg(unix)]
mod sessions;
#[cfg(unix)]
mod short;
mod sign_in;
mod suggestions;
mod support;
mod websocket;
