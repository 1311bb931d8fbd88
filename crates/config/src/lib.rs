//! mirrord.json: reads it, checks it, and decides which operation would go to the cluster, and by which rule.
//!
//! Decisions are pure functions ([`decide()`]): no file, no environment, no network. [`Config::from_json`] and they need no
//! operating system and build for wasm; the crate feature `load` adds files, TOML, YAML and templates. Nothing in here
//! opens a socket or starts anything.

mod batch;
mod config;
mod context;
mod decide;
mod event;
#[cfg(feature = "load")]
mod load;
mod node;
mod operation;
mod problem;
mod read;
mod rule;
mod schema;
mod settings;

pub use batch::Batch;
pub use config::Config;
pub use context::{Context, Facts, Mount, Names};
pub use decide::decision::{Decision, Fact, Routing, Step, Trace};
pub use decide::{decide, decide_traced, depends_on_mounts};
pub use event::EventFields;
#[cfg(feature = "load")]
pub use load::{Inputs, LoadError, MAX_FILE_BYTES};
pub use node::{MAX_DEPTH, Position};
pub use operation::{FileOperation, Operation, OperationError, OperationFields, Transport, kinds};
pub use problem::{Problem, Problems, Severity};
pub use rule::Rule;
pub use settings::{Origin, ResolvedValue, Variables};
