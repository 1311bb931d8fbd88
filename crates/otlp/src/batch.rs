//! Request of a batch of lines: read, converted, gathered by resource, encoded once.

use std::collections::HashMap;

use bytes::Bytes;
use mirrord_wire::{EventLine, StreamLine};
use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::logs::v1::{ResourceLogs, ScopeLogs};
use prost::Message as _;

use crate::convert::record::record;
use crate::convert::{resource, scope};
use crate::counts::now_micros;
use crate::queue::Entry;
use crate::settings::Settings;

/// Encoded request.
#[derive(Debug)]
pub(crate) struct LogsRequest {
    pub(crate) body: Bytes,
    pub(crate) records: u64,
    /// Lines that are none.
    pub(crate) unreadable: u64,
}

/// Creates the request of a batch.
pub(crate) fn logs_request(batch: &[Entry], settings: &Settings) -> LogsRequest {
    let (request, records, unreadable) = gather(batch, settings, now_micros().saturating_mul(1_000));
    LogsRequest {
        body: request.encode_to_vec().into(),
        records,
        unreadable,
    }
}

/// Gathers the lines of a batch by resource; `observed` is the time of now, nanoseconds since the Unix epoch.
pub(crate) fn gather(batch: &[Entry], settings: &Settings, observed: u64) -> (ExportLogsServiceRequest, u64, u64) {
    let mut groups: Vec<ResourceLogs> = Vec::new();
    let mut places: HashMap<(u64, Option<u32>), usize> = HashMap::new();
    let (mut records, mut unreadable) = (0, 0);
    for Entry { source, text } in batch {
        let Some(mut line) = read(text) else {
            unreadable += 1;
            continue;
        };
        if !settings.env_values && line.has_values() {
            line = line.without_values();
        }
        let pid = line.pid();
        let key = (source.number, pid);
        if source.observe(&line) {
            places.remove(&key);
        }
        let place = *places.entry(key).or_insert_with(|| {
            let info = pid.and_then(|pid| source.process(pid));
            let process = pid.map(|pid| (pid, info.as_ref()));
            groups.push(ResourceLogs {
                resource: Some(resource::resource(&source.attributes, process)),
                scope_logs: vec![ScopeLogs {
                    scope: Some(scope(&settings.version)),
                    ..ScopeLogs::default()
                }],
                ..ResourceLogs::default()
            });
            groups.len() - 1
        });
        let logs = groups.get_mut(place).and_then(|group| group.scope_logs.first_mut());
        if let Some(logs) = logs {
            logs.log_records.push(record(&line, observed, settings.env_values));
            records += 1;
        }
    }
    let request = ExportLogsServiceRequest { resource_logs: groups };
    (request, records, unreadable)
}

fn read(text: &str) -> Option<EventLine> {
    match serde_json::from_str(text) {
        Ok(StreamLine::Event(line)) => Some(line),
        _ => None,
    }
}
