//! Sending to an OpenTelemetry endpoint: `GET /api/otlp`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Answer to `GET /api/otlp`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct OtlpInfo {
    /// Something is sent; every other field is empty where not.
    pub enabled: bool,
    /// URL of the endpoint, which holds no secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// `http/protobuf` or `grpc`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<String>,
    /// Redaction of what is sent: as for a device of the mirror.
    pub redacted: bool,
    /// Log records, one for each event.
    pub logs: OtlpCounts,
    /// Data points of metrics.
    pub metrics: OtlpCounts,
    /// The last failure, whatever has been sent since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error: Option<OtlpError>,
}

/// Counts of what is sent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct OtlpCounts {
    /// Accepted by the endpoint.
    pub sent: u64,
    /// Waiting to be sent, or on the way for the first time.
    pub queued: u64,
    /// In a request that has failed and is sent again.
    pub retrying: u64,
    /// Given up; the sum of `dropped_by`.
    pub dropped: u64,
    /// By reason: `queue_full`, `rejected`, `retries_exhausted`, `shutdown`, `unreadable`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub dropped_by: BTreeMap<String, u64>,
}

/// Failure to send.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct OtlpError {
    /// In words of our own: nothing that the endpoint sent.
    pub text: String,
    /// Its time, microseconds since the Unix epoch.
    pub ts: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_in_the_documentation_is_read_and_written_as_it_stands() {
        let text = include_str!("../../../../docs/otel.md");
        let sample = text.split("```json\n").nth(1).and_then(|rest| rest.split("```").next());
        let sample: serde_json::Value = serde_json::from_str(sample.unwrap()).unwrap();
        let info: OtlpInfo = serde_json::from_value(sample.clone()).unwrap();
        assert!(info.enabled && info.redacted);
        assert_eq!(info.logs.dropped, info.logs.dropped_by.values().sum::<u64>());
        assert_eq!(serde_json::to_value(&info).unwrap(), sample);
    }
}
