//! Contents of records: the comparison of two, and the pages of one.

use std::path::Path;

use mirrord_record::compare::compare;
use mirrord_record::{RecordItem, RecordReader};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::answer::{MAX_ANSWER_BYTES, ToolError, fit, fit_within};
use super::arguments::{self, DiffRecords, MAX_EVENTS};
use super::context::Context;
use super::events::Page;
use super::record_files::path_of;
use crate::session::{SessionError, ShownEvent};

/// Bytes of the description of a record's session, beside its events.
const MAX_SESSION_BYTES: usize = MAX_ANSWER_BYTES / 8;

/// Records that are read at a time: each takes a thread, and a comparison some memory.
static READING: Semaphore = Semaphore::const_new(2);

/// Answers `diff_records`, as `mirrord diff --json` does, with the lists cut.
pub(super) async fn diff(context: &Context, given: DiffRecords) -> Result<Value, ToolError> {
    let (a, b) = (
        path_of(&context.records, &given.a)?,
        path_of(&context.records, &given.b)?,
    );
    let comparison = blocking(move || {
        let (mut a, mut b) = (RecordReader::open(&a)?, RecordReader::open(&b)?);
        let comparison = compare(&mut a, &mut b)?;
        serde_json::to_value(comparison).map_err(|error| SessionError::Other(error.into()))
    });
    Ok(fit(&comparison.await?, arguments::items(given.limit)))
}

/// Returns a page of a record: its session, and the events after number `since`.
pub(super) async fn page(context: &Context, path: &Path, since: u64) -> Result<Value, ToolError> {
    let (path, with_values) = (path.to_owned(), context.with_values);
    blocking(move || read_page(&path, since, with_values)).await
}

fn read_page(path: &Path, since: u64, with_values: bool) -> Result<Value, SessionError> {
    let mut reader = RecordReader::open(path)?;
    let mut session = reader.header().session.clone();
    if !with_values {
        session.remove_values();
    }
    let mut page = Page::new(usize::try_from(MAX_EVENTS).unwrap_or(usize::MAX), since);
    let mut has_more = false;
    while let Some(item) = reader.next_item()? {
        if let RecordItem::Event(line, text) = item
            && line.seq > since
            && !page.add(&ShownEvent::new(&line, text, with_values))
        {
            has_more = true;
            break;
        }
    }
    let mut answer = page.json(has_more);
    answer["session"] = fit_within(&json!(session), arguments::items(None), MAX_SESSION_BYTES);
    if !has_more {
        answer["end"] = json!(reader.end());
        answer["notes"] = json!(reader.notes());
    }
    Ok(answer)
}

/// Runs what reads files on a thread for blocking work.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SessionError> + Send + 'static,
) -> Result<T, ToolError> {
    let permit = READING.acquire().await;
    let permit = permit.map_err(|error| SessionError::Other(error.into()))?;
    let result = tokio::task::spawn_blocking(move || {
        // Held until the work is done, also after the call was given up.
        let _permit = permit;
        work()
    });
    let result = result.await.map_err(|error| SessionError::Other(error.into()))?;
    Ok(result?)
}

#[cfg(test)]
mod tests {
    use mirrord_record::{RecordEnd, RecordHeader, RecordWriter};
    use mirrord_wire::SessionInfo;

    use super::*;

    #[test]
    fn a_record_is_read_in_pages_without_values() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("run.ndjson");
        let mut writer = RecordWriter::create(&path, &RecordHeader::new(SessionInfo::default())).unwrap();
        for seq in 1..=1_001 {
            let event = format!(r#"{{"seq":{seq},"ts":1,"type":"EnvVar","vars":[["KEY","s3cret"]]}}"#);
            writer.event(&event).unwrap();
        }
        writer.finish(RecordEnd::default()).unwrap();
        let first = read_page(&path, 0, false).unwrap();
        let count = |page: &Value| page["events"].as_array().map(Vec::len);
        assert_eq!((&first["has_more"], first.get("end")), (&json!(true), None));
        assert!(!first.to_string().contains("s3cret"));
        let since = first["next_since"].as_u64().unwrap();
        assert_eq!(count(&first), usize::try_from(since).ok());
        let mut read = since;
        let mut page = first;
        while page["has_more"] == true {
            page = read_page(&path, read, true).unwrap();
            assert!(page.to_string().contains("s3cret"), "where they are wanted");
            read += count(&page).unwrap() as u64;
        }
        assert_eq!(read, 1_001);
        assert!(page["end"].is_object(), "{page}");
    }
}
