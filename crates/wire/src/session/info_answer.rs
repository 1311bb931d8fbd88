//! Lenient reading of `GET /info`: one field of an unexpected type costs that field, never the session.
//!
//! Another version of mirrord may send more than [`SessionInfo`] has, or one of its fields in another form. What is not
//! known is kept as it came, bounded; what cannot be read keeps its default, with a note that names the field.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::info::SessionInfo;
use crate::lenient::from_value;

/// Bytes of JSON kept of all unknown fields together; those beyond are left out, with a note.
pub const MAX_EXTRA_BYTES: usize = 16 * 1024;

/// Fields that `mirrord ui` adds to a session's description in its own answers; those of a session's `/info` are ignored.
const RESERVED: &[&str] = &[
    "status",
    "reason",
    "ended_at",
    "counts",
    "routing",
    "socket",
    "rate",
    "recent",
    "traffic",
    "seq",
    "oldest_seq",
    "missed",
    "before",
    "suppressed",
    "withheld",
    "process_count",
    "end",
    "notes",
    "record",
    "recording",
    "state",
];

/// An answer to `GET /info`, read as far as it can be.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct InfoAnswer {
    /// The fields that this version knows.
    pub info: SessionInfo,
    /// The others, as they came.
    pub extra: Map<String, Value>,
    /// Faults, each a sentence that names the field and repeats nothing that was sent.
    pub notes: Vec<String>,
}

impl InfoAnswer {
    /// Reads an answer.
    ///
    /// # Errors
    /// It is not a JSON object.
    pub fn read(json: &[u8]) -> Result<Self, serde_json::Error> {
        let mut fields = Fields {
            fields: serde_json::from_slice(json)?,
            notes: Vec::new(),
        };
        let info = SessionInfo {
            session_id: fields.take("session_id"),
            protocol_version: fields.take("protocol_version"),
            target: fields.take("target"),
            started_at: fields.take("started_at"),
            mirrord_version: fields.take("mirrord_version"),
            is_operator: fields.take("is_operator"),
            processes: fields.take_items("processes"),
            port_subscriptions: fields.take_items("port_subscriptions"),
            config_path: fields.take("config_path"),
            namespace: fields.take("namespace"),
            context: fields.take("context"),
            key: fields.take("key"),
            config: fields.take("config"),
            config_source: fields.take("config_source"),
            redirects: fields.take("redirects"),
            name: fields.take("name"),
            cwd: fields.take("cwd"),
            terminal: fields.take("terminal"),
            exit: fields.take("exit"),
        };
        let Fields {
            fields: mut extra,
            mut notes,
        } = fields;
        extra.retain(|name, _| !RESERVED.contains(&name.as_str()));
        let mut room = MAX_EXTRA_BYTES;
        let before = extra.len();
        extra.retain(|name, value| {
            let size = name.len() + value.to_string().len();
            let fits = size <= room;
            room -= if fits { size } else { 0 };
            fits
        });
        if extra.len() < before {
            notes.push(format!(
                "unknown fields of /info beyond {MAX_EXTRA_BYTES} bytes are left out"
            ));
        }
        Ok(Self { info, extra, notes })
    }
}

struct Fields {
    fields: Map<String, Value>,
    notes: Vec<String>,
}

impl Fields {
    fn take<T: DeserializeOwned + Default>(&mut self, name: &str) -> T {
        match self.fields.remove(name) {
            None | Some(Value::Null) => T::default(),
            Some(value) => from_value(value).unwrap_or_else(|_| {
                self.note(name);
                T::default()
            }),
        }
    }

    /// Takes a list; of one with items of another type the others.
    fn take_items<T: DeserializeOwned>(&mut self, name: &str) -> Vec<T> {
        match self.fields.remove(name) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(values)) => {
                let sent = values.len();
                let read: Vec<_> = values.into_iter().filter_map(|value| from_value(value).ok()).collect();
                if read.len() < sent {
                    self.note(name);
                }
                read
            }
            Some(_) => {
                self.note(name);
                Vec::new()
            }
        }
    }

    fn note(&mut self, name: &str) {
        self.notes
            .push(format!("`{name}` in /info is of an unexpected type and was not read"));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_of_another_type_costs_itself_alone_and_is_named() {
        let whole = json!({
            "session_id": "a", "protocol_version": 1, "target": "t", "started_at": "s", "mirrord_version": "v",
            "is_operator": true, "processes": [{"pid": 1, "process_name": "n"}],
            "port_subscriptions": [{"port": 1, "mode": "steal"}], "config_path": "c", "namespace": "n", "context": "x",
            "key": "k", "config": {},
        });
        let Value::Object(whole) = whole else { unreachable!() };
        let read = |fields: &Map<String, Value>| InfoAnswer::read(&serde_json::to_vec(fields).unwrap()).unwrap();
        let right = read(&whole);
        assert_eq!(right.notes, [""; 0]);
        for name in whole.keys().filter(|name| *name != "config") {
            let mut odd = whole.clone();
            odd.insert(name.clone(), json!({"odd": [1.5]}));
            let answer = read(&odd);
            assert_eq!(
                answer.notes,
                [format!("`{name}` in /info is of an unexpected type and was not read")]
            );
            let mut mended = serde_json::to_value(&answer.info).unwrap();
            mended[name] = whole[name].clone();
            assert_eq!(mended, serde_json::to_value(&right.info).unwrap(), "{name}");
        }
        let mut odd = whole.clone();
        odd.insert("processes".into(), json!([7, {"pid": 1, "process_name": "n"}]));
        assert_eq!(read(&odd).info, right.info);
        assert!(InfoAnswer::read(b"[1]").is_err());
    }

    #[test]
    fn unknown_fields_are_kept_within_a_bound_and_none_is_taken_for_ours() {
        let answer = InfoAnswer::read(
            &serde_json::to_vec(&json!({
                "session_id": "a", "later": {"code": 3}, "status": "ended", "counts": 7, "state": {},
                "long": "x".repeat(MAX_EXTRA_BYTES),
            }))
            .unwrap(),
        )
        .unwrap();
        assert_eq!(Value::Object(answer.extra), json!({"later": {"code": 3}}));
        assert_eq!(answer.notes.len(), 1);
    }
}
