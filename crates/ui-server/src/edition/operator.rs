//! Operator, parsed from its resource and truncated to our bounds.
//!
//! The names are those of mirrord's own `MirrordOperator`. Everything but `spec` may be missing: an older operator has
//! less, a newer one more, and what cannot be read of a session leaves that one session out, counted.
#![cfg_attr(not(any(feature = "kube", test)), expect(dead_code, reason = "no cluster is asked"))]

use std::time::SystemTime;

use mirrord_wire::License;
use mirrord_wire::api::{LockedPort, OperatorSession};
use serde::Deserialize;
use serde_json::Value;

use crate::limits::{MAX_OPERATOR_FEATURES, MAX_OPERATOR_SESSIONS, MAX_OPERATOR_TEXT_BYTES};

/// An operator.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Operator {
    pub(crate) version: String,
    pub(crate) features: Vec<String>,
    pub(crate) license: Option<License>,
    pub(crate) sessions: Vec<OperatorSession>,
    /// The sessions that it named and that are not in the list.
    pub(crate) more: u64,
}

#[derive(Deserialize)]
struct Resource {
    spec: Spec,
    #[serde(default)]
    status: Option<Status>,
}

#[derive(Deserialize)]
struct Spec {
    operator_version: String,
    #[serde(default)]
    license: Option<License>,
    #[serde(default)]
    supported_features: Option<Vec<Value>>,
}

#[derive(Deserialize)]
struct Status {
    #[serde(default)]
    sessions: Option<Vec<Value>>,
}

/// As the operator writes it.
#[derive(Deserialize)]
struct Session {
    id: Option<String>,
    #[serde(default)]
    duration_secs: u64,
    #[serde(default)]
    user: String,
    #[serde(default)]
    target: String,
    namespace: Option<String>,
    locked_ports: Option<Vec<(u16, String, Option<String>)>>,
}

impl Operator {
    /// Reads the resource; `None` where it is none.
    pub(crate) fn read(json: &[u8]) -> Option<Self> {
        let Resource { spec, status } = serde_json::from_slice(json).ok()?;
        let named = status.and_then(|status| status.sessions).unwrap_or_default();
        let count = named.len();
        let readable = named
            .into_iter()
            .filter_map(|session| serde_json::from_value(session).ok());
        let sessions: Vec<_> = readable.take(MAX_OPERATOR_SESSIONS).map(session).collect();
        let features = spec.supported_features.unwrap_or_default();
        let features = features.iter().filter_map(Value::as_str).map(cut);
        Some(Self {
            version: cut(&spec.operator_version),
            features: features.take(MAX_OPERATOR_FEATURES).collect(),
            license: spec.license.map(license),
            more: (count - sessions.len()) as u64,
            sessions,
        })
    }

    /// The license, and whether it has expired by then.
    pub(crate) fn license_at(&self, now: SystemTime) -> Option<License> {
        let mut license = self.license.clone()?;
        let today = humantime::format_rfc3339_seconds(now).to_string();
        license.expired = match (day(&license.expire_at), day(&today)) {
            // A date in this form is greater than another where it is later.
            (Some(last), Some(today)) => last < today,
            _ => false,
        };
        Some(license)
    }
}

/// The date that a text begins with.
fn day(text: &str) -> Option<&str> {
    let day = text.get(..10)?;
    let is_right = |(place, byte): (usize, u8)| match place {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    day.bytes().enumerate().all(is_right).then_some(day)
}

fn license(license: License) -> License {
    License {
        name: cut(&license.name),
        organization: cut(&license.organization),
        expire_at: cut(&license.expire_at),
        expired: false,
        fingerprint: license.fingerprint.as_deref().map(cut),
        subscription_id: license.subscription_id.as_deref().map(cut),
    }
}

fn session(session: Session) -> OperatorSession {
    let ports = session.locked_ports.unwrap_or_default().into_iter();
    let port = |(port, mode, filter): (u16, String, Option<String>)| LockedPort {
        port,
        mode: cut(&mode),
        filter: filter.as_deref().map(cut),
    };
    OperatorSession {
        id: session.id.as_deref().map(cut),
        user: cut(&session.user),
        target: cut(&session.target),
        namespace: session.namespace.as_deref().map(cut),
        duration_secs: session.duration_secs,
        locked_ports: ports.take(MAX_OPERATOR_FEATURES).map(port).collect(),
    }
}

/// Sanitizes a text of the operator's: without control characters, truncated where it is too long.
pub(super) fn cut(text: &str) -> String {
    let plain = |character: char| if character.is_control() { ' ' } else { character };
    let mut short: String = text.chars().map(plain).take(MAX_OPERATOR_TEXT_BYTES).collect();
    if short.len() > MAX_OPERATOR_TEXT_BYTES {
        short.truncate(short.floor_char_boundary(MAX_OPERATOR_TEXT_BYTES));
    }
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;

    fn read(json: &Value) -> Option<Operator> {
        Operator::read(json.to_string().as_bytes())
    }

    #[test]
    fn an_operator_is_read_and_what_is_beyond_the_bounds_is_counted() {
        let many: Vec<_> = (0..MAX_OPERATOR_SESSIONS + 3)
            .map(|n| json!({"user": "a".repeat(MAX_OPERATOR_TEXT_BYTES * 2), "target": "t", "duration_secs": n}))
            .chain([json!("no session"), json!({"duration_secs": -1})])
            .collect();
        let operator = read(&json!({
            "spec": {"operator_version": "3\n.1", "supported_features": ["A", {"novel": 1}, "B"]},
            "status": {"sessions": many, "novel": {}},
        }))
        .unwrap();
        assert_eq!((operator.version.as_str(), operator.features.len()), ("3 .1", 2));
        assert_eq!((operator.sessions.len(), operator.more), (MAX_OPERATOR_SESSIONS, 5));
        let user = &operator.sessions[0].user;
        assert!(user.len() <= MAX_OPERATOR_TEXT_BYTES + '…'.len_utf8() && user.ends_with('…'));
    }

    #[test]
    fn ports_come_as_the_operator_writes_them() {
        let session = json!({"id": "7", "user": "u", "target": "t", "duration_secs": 1, "namespace": "n",
            "locked_ports": [[80, "steal", null], [81, "mirror", "x: y"]], "sqs": null});
        let operator = read(&json!({"spec": {"operator_version": "3"}, "status": {"sessions": [session]}})).unwrap();
        let ports = &operator.sessions[0].locked_ports;
        assert_eq!((ports[0].port, ports[0].filter.as_deref()), (80, None));
        assert_eq!(
            (ports[1].mode.as_str(), ports[1].filter.as_deref()),
            ("mirror", Some("x: y"))
        );
    }

    #[test]
    fn what_has_no_spec_is_no_operator() {
        for other in [
            json!({}),
            json!({"spec": {}}),
            json!([]),
            json!({"kind": "Status", "status": "Failure"}),
        ] {
            assert_eq!(read(&other), None, "{other}");
        }
        assert_eq!(Operator::read(b"<html>"), None);
    }

    #[test]
    fn a_license_is_good_until_its_day_is_over() {
        // 2026-11-20.
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_197_600);
        for (until, expired) in [
            ("2026-11-20", false),
            ("2026-11-19", true),
            ("2027-01-01T00:00:00Z", false),
            ("2025-01-01T00:00:00Z", true),
            ("never", false),
            ("", false),
            ("2026é11-1", false),
        ] {
            let license = json!({"name": "n", "organization": "o", "expire_at": until});
            let operator = read(&json!({"spec": {"operator_version": "3", "license": license}})).unwrap();
            assert_eq!(operator.license_at(now).unwrap().expired, expired, "{until}");
        }
    }
}
