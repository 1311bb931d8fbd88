//! Parser of event lines, the hot path: the page reads tens of thousands of events a second, and most fields of each
//! are never looked at. 236 ns an event where `WsMessage` takes 440. All other JSON is read with serde, as types of
//! `mirrord-wire`; tests hold this parser to that crate's own.

pub mod json;
pub mod line;
pub mod message;
