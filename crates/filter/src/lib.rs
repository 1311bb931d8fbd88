//! The filter language of the page, the REST API and the command line: one parser, one meaning.
//!
//! A filter is words, which must all match, in any order, in any column and in any case; `"phrases"`; `/patterns/` in the
//! syntax of the `regex` crate; `field:value` ([`Field`] has the fields); each of them negated by a `-` before it; `OR`
//! between alternatives, and parentheses. `docs/FILTERS.md` is the guide for users.
//!
//! Every text parses in bounded time and memory ([`limits`]), and so does every match: globs and patterns do not backtrack.
//! The crate knows no event type of ours but by name: a row is anything that implements [`Fields`].
//!
//! ```
//! use mirrord_filter::{JsonRow, Scope, parse};
//!
//! let filter = parse("type:file -path:*.so hosts")?;
//! let event = serde_json::json!({"type": "FileOp", "path": "/etc/hosts", "operation": "open"});
//! assert!(filter.matches(&JsonRow::new(&event, Some("node")), &Scope::default()));
//!
//! let error = parse("prot:80").unwrap_err();
//! assert_eq!((error.span(), error.hint()), (0..5, "did you mean `port:`?".to_owned()));
//! # Ok::<(), mirrord_filter::FilterError>(())
//! ```

mod ast;
pub mod calendar;
mod complete;
mod error;
mod explain;
mod field;
mod find;
mod json;
mod lenient;
pub mod limits;
mod line_filter;
mod literal;
mod marks;
mod matching;
mod narrow;
mod number;
mod parser;
mod text;
mod time;
mod values;
mod write;

pub use ast::{Expr, Filter, Name, Term};
pub use complete::{Completion, complete};
pub use error::{ErrorKind, FilterError};
pub use explain::{Explanation, Relation, Statement};
pub use field::{Field, FieldKind};
pub use find::contains;
pub use json::JsonRow;
pub use lenient::parse_leniently;
pub use line_filter::LineFilter;
pub use matching::Fields;
pub use number::Span;
pub use parser::parse;
pub use text::{Glob, Needle, Pattern, TextTest};
pub use time::{Scope, TimeTest, Unit, When};
pub use write::quoted;
