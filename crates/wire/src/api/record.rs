//! Records behind sessions, and their timelines: `GET /api/sessions/:id/timeline`.

use serde::{Deserialize, Serialize};

/// Record that a session comes from, in its summary. While it is read these grow.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct RecordInfo {
    /// Name of the file, without its folder. Not sent to a device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Number of events.
    pub events: u64,
    /// Time of the first one, microseconds since the Unix epoch; 0 without events.
    pub first_ts: u64,
    /// Time of the latest one.
    pub last_ts: u64,
    /// Number of the first event; 0 without events.
    pub first_seq: u64,
    /// Number of the last event.
    pub last_seq: u64,
    /// Nothing is known to be missing: it was neither cut nor damaged.
    pub is_whole: bool,
    /// It is being read. Absent once it was.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub loading: bool,
}

/// Answer of `GET /api/sessions/:id/timeline`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct Timeline {
    /// Time of the first event, microseconds since the Unix epoch; 0 without events.
    pub first_ts: u64,
    /// Time of the latest event.
    pub last_ts: u64,
    /// Parts of the time between them, at most 400 of equal width, the first one first.
    pub buckets: Vec<TimelineBucket>,
}

impl Timeline {
    /// The most buckets.
    pub const MAX_BUCKETS: usize = 400;
}

/// Part of the time of a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct TimelineBucket {
    /// Its start, microseconds since the Unix epoch.
    pub ts: u64,
    /// Number of the newest event at its end.
    pub seq: u64,
    /// Events in it.
    pub events: u64,
    /// Events of them that failed: not found, denied, or not connected.
    pub failed: u64,
}
