//! Event handlers and side effects: they connect the API, the address, the keyboard and the browser's storage with the
//! stores. They render nothing.

pub(crate) mod backlog;
pub(crate) mod keyboard;
pub(crate) mod languages;
pub(crate) mod log;
pub(crate) mod messages;
pub(crate) mod mirror;
pub(crate) mod moment;
pub(crate) mod notifications;
pub(crate) mod otlp;
pub(crate) mod overview;
pub(crate) mod preferences;
pub(crate) mod records;
pub(crate) mod routing;
pub(crate) mod rows;
pub(crate) mod summary;
pub(crate) mod version;
