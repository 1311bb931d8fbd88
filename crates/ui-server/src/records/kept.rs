//! Record of what the store keeps of a session, made in memory: its lines are bounded, and so is it.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use mirrord_record::RecordError;

use super::session_record::{End, SessionRecord, header};
use crate::store::ring::Place;
use crate::store::{Key, Store};

/// Writes the record of what is kept of a session now; `None` where there is no such session. Blocks for as long as 16 MiB of
/// lines take.
///
/// # Errors
/// Never, but for a bug: memory takes everything.
pub(crate) fn record(store: &Store, key: Key, with_values: bool) -> Result<Option<Vec<u8>>, RecordError> {
    let Some(info) = store.record_header_info(key) else {
        return Ok(None);
    };
    let out = Buffer::default();
    let header = header(info, with_values);
    let path = PathBuf::from("the record");
    let mut record = SessionRecord::new(Box::new(out.clone()), false, path, &header)?;
    // Of a session that goes on: no more than what was there.
    let newest = store.lock().get(key).map_or(0, |session| session.ring.end().seq);
    let mut place = Place::default();
    let mut end = End::Stopped;
    while let Some(part) = store.record_part(key, place) {
        part.items.iter().try_for_each(|line| record.write(line))?;
        place = part.place;
        if let Some(ended_ts) = part.ended_ts {
            let exit = part.exit;
            end = End::Session { ended_ts, exit };
        }
        if !part.has_more || place.seq >= newest {
            break;
        }
    }
    record.finish(&end)?;
    Ok(Some(out.take()))
}

/// Memory that a record is written to.
#[derive(Debug, Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut own = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        own.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
