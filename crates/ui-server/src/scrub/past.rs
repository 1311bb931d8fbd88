//! Session as it was at an event: its last checkpoint before that, and the events after it from the file.

use std::time::Instant;

use mirrord_record::{RecordError, RecordItem};

use super::Progress;
use crate::limits::MAX_RECORD_READ_TIME;
use crate::store::Session;

/// Items between two looks at the clock.
const CHECK_ITEMS: u32 = 256;

/// Counts the events up to `at` into a session that has those of a checkpoint. Blocks.
///
/// # Errors
/// The file is gone, has changed, cannot be read, or takes longer than [`MAX_RECORD_READ_TIME`].
pub(crate) fn advance(mut session: Session, progress: &Progress, at: u64) -> Result<Session, RecordError> {
    let deadline = Instant::now() + MAX_RECORD_READ_TIME;
    // Beyond the last event the reader may find what ended the pass.
    let last = at.min(progress.info.last_seq);
    if session.newest() < last {
        let mut reader = progress.index.reader_after(session.newest(), deadline)?;
        let mut items = 0_u32;
        while session.newest() < last {
            // A gap counts where it is whole.
            let before = reader.position();
            let Some(item) = reader.next_item()? else { break };
            let position = match &item {
                RecordItem::Event(line, _) => line.seq,
                RecordItem::Lagged { missed, .. } => before.saturating_add(*missed),
            };
            if position > last {
                break;
            }
            session.recount(item, position);
            items += 1;
            if items.is_multiple_of(CHECK_ITEMS) && Instant::now() > deadline {
                return Err(too_slow(progress));
            }
        }
        // What was read is of the file that was indexed only if it has not changed meanwhile.
        progress.index.check()?;
    }
    Ok(session)
}

fn too_slow(progress: &Progress) -> RecordError {
    RecordError::Read {
        path: progress.index.path().to_owned(),
        source: std::io::ErrorKind::TimedOut.into(),
    }
}
