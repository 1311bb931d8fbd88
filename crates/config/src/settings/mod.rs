//! Settings that decide operations: each value from its environment variable, else from the file, else its default.

mod filter;
mod network;
mod patterns;
mod resolve;
mod resolver;
mod values;
mod verify;

pub(crate) use self::filter::{AddressFilter, Entry, EntryAddress, Protocol, Side};
pub(crate) use self::patterns::FsList;
pub(crate) use self::resolve::resolve;
pub(crate) use self::values::{Env, FsMode, IncomingMode, Settings, Target};
pub use self::values::{Origin, ResolvedValue, Variables};
