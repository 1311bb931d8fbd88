//! Record of a session: a file of NDJSON with a header, the session's event lines and control lines, and a closing line.
//!
//! [`RecordWriter`] writes it as the session goes; [`RecordReader`] reads it back, line by line in constant memory, also where
//! it was cut or damaged. A [`RecordIndex`] lets a reader begin at any event. A name that ends in `.zst` is compressed: a frame for the
//! header, then one for each flush or 4 MiB, so that a cut record opens. `docs/records.md` describes the format. Deliberately absent: sockets, and the decision what to leave out
//! of an event, but for values of variables.
//!
//! ```
//! use mirrord_record::{RecordEnd, RecordHeader, RecordItem, RecordReader, RecordWriter};
//! use mirrord_wire::SessionInfo;
//!
//! # fn run() -> Result<(), Box<dyn std::error::Error>> {
//! # let directory = tempfile::tempdir()?;
//! let path = directory.path().join("run.ndjson.zst");
//! let mut writer = RecordWriter::create(&path, &RecordHeader::new(SessionInfo::default()))?;
//! writer.event(r#"{"seq":1,"ts":5,"type":"DnsQuery","host":"db"}"#)?;
//! writer.finish(RecordEnd::default())?;
//!
//! let mut reader = RecordReader::open(&path)?;
//! while let Some(item) = reader.next_item()? {
//!     if let RecordItem::Event(event, _) = item {
//!         assert_eq!(event.seq, 1);
//!     }
//! }
//! assert!(!reader.is_cut());
//! # Ok(())
//! # }
//! # run().unwrap();
//! ```

pub mod compare;
pub mod limits;

mod error;
mod frames;
mod identity;
mod index;
mod kind;
mod line_source;
mod new_file;
mod reader;
mod recorder;
mod writer;

pub use error::RecordError;
pub use index::RecordIndex;
pub use mirrord_wire::record::{EndReason, FORMAT, RecordEnd, RecordHeader};
pub use reader::{RecordItem, RecordReader};
pub use recorder::{SessionRecorder, line_without_values};
pub use writer::{PreparedRecord, RecordWriter};
