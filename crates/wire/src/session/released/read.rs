//! Events of a released mirrord with all of their fields, as lines of our own protocol.
//!
//! It reports what its layer had done in the cluster and nothing else, so every operation is [`Routing::Remote`]. Fields
//! that our event has no place for are written behind it; a pattern of variables is no variable's name.

use super::{observation, our_type};
use crate::session::event::{EventLine, MonitorEvent, Observation, Routing};
use crate::session::json::RawJson;

/// One event of a released mirrord: an observation, and the fields that ours has no place for.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadEvent {
    /// The event.
    pub observation: Observation,
    /// Fields besides: of a request `id`, `port`, `http_version` and `headers`, of variables the `selectors`.
    pub extra: Vec<(String, RawJson)>,
}

/// Reads one `data:` payload of a released mirrord's event stream.
///
/// ```
/// use mirrord_wire::released;
/// let read = released::read(r#"{"type":"env_var","vars":["DB_*"]}"#).unwrap();
/// let (_, text) = read.line(7, 9).unwrap();
/// assert_eq!(text, r#"{"seq":7,"ts":9,"type":"EnvVar","vars":[],"routing":"remote","selectors":["DB_*"]}"#);
/// ```
///
/// # Errors
/// The text is not a JSON object with a `type`.
pub fn read(json: &str) -> Result<ReadEvent, serde_json::Error> {
    let mut observation = observation(json)?;
    if is_operation(&observation.event) {
        observation.routing = Some(Routing::Remote);
    }
    let mut extra = Vec::new();
    if let MonitorEvent::IncomingRequest { .. } = observation.event {
        extra = request_fields(json)?;
    }
    extra.extend(take_selectors(&mut observation.event));
    Ok(ReadEvent { observation, extra })
}

impl ReadEvent {
    /// Writes the event's line, with its other fields behind.
    ///
    /// # Errors
    /// None that is known: every part of it was JSON before.
    pub fn line(self, seq: u64, ts: u64) -> Result<(EventLine, String), serde_json::Error> {
        let Self { observation, extra } = self;
        let line = EventLine { seq, ts, observation };
        let mut text = serde_json::to_string(&line)?;
        for (name, value) in &extra {
            text.truncate(text.len() - 1);
            text.push(',');
            text.push_str(&serde_json::to_string(name)?);
            text.push(':');
            text.push_str(value.get());
            text.push('}');
        }
        Ok((line, text))
    }
}

/// Reports an operation that the layer had done in the cluster, as opposed to a process of this machine.
fn is_operation(event: &MonitorEvent) -> bool {
    !matches!(
        event,
        MonitorEvent::LayerConnected { .. } | MonitorEvent::LayerDisconnected { .. } | MonitorEvent::Unknown { .. }
    )
}

/// The fields of a request that our event has no place for.
fn request_fields(json: &str) -> Result<Vec<(String, RawJson)>, serde_json::Error> {
    let MonitorEvent::Unknown { kind, fields } = serde_json::from_str::<EventLine>(json)?.observation.event else {
        return Ok(Vec::new());
    };
    if our_type(&kind).is_none() {
        return Ok(Vec::new());
    }
    let kept = ["id", "port", "http_version", "headers"];
    let fields = fields.into_iter();
    Ok(fields.filter(|(name, _)| kept.contains(&name.as_str())).collect())
}

/// Takes the patterns out of the variables: a released mirrord sends what the config selects, `DB_*` for one.
fn take_selectors(event: &mut MonitorEvent) -> Option<(String, RawJson)> {
    let MonitorEvent::EnvVar { vars } = event else {
        return None;
    };
    let is_pattern = |name: &str| name.contains(['*', '?']);
    let patterns: Vec<_> = vars
        .extract_if(.., |(name, _)| is_pattern(name))
        .map(|(name, _)| name)
        .collect();
    if patterns.is_empty() {
        return None;
    }
    let text = serde_json::to_string(&patterns).ok()?;
    Some(("selectors".to_owned(), serde_json::from_str(&text).ok()?))
}
