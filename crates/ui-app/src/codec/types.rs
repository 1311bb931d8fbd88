//! The types of `mirrord-wire` that the page is told, read field by field. A field that is missing, or null, keeps its
//! default; one that the page has no use for is passed over.

use std::collections::BTreeMap;

use mirrord_wire::{
    Edition, License, PortSubscription, ProcessInfo, Routing, SessionEnd, SessionInfo, SessionStatus, SessionSummary,
    SignedIn, VersionInfo,
};

use super::json::Json;
use crate::state::filter::{ROUTINGS, routing_word};

/// What can be read from JSON into its place.
pub trait Read {
    /// Reads the value that comes next; `None` where it is of another shape.
    fn read(&mut self, json: &mut Json<'_>) -> Option<()>;
}

/// Reads a whole text.
#[must_use]
pub fn read<T: Read + Default>(text: &str) -> Option<T> {
    let mut json = Json::new(text);
    let mut value = T::default();
    value.read(&mut json)?;
    json.is_at_end().then_some(value)
}

impl Read for String {
    fn read(&mut self, json: &mut Json<'_>) -> Option<()> {
        *self = json.string()?.into_owned();
        Some(())
    }
}

impl Read for bool {
    fn read(&mut self, json: &mut Json<'_>) -> Option<()> {
        *self = json.boolean()?;
        Some(())
    }
}

impl Read for f64 {
    fn read(&mut self, json: &mut Json<'_>) -> Option<()> {
        *self = json.float()?;
        Some(())
    }
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl Read for $number {
            fn read(&mut self, json: &mut Json<'_>) -> Option<()> {
                *self = Self::try_from(json.number()?).ok()?;
                Some(())
            }
        }
    )*};
}

numbers!(u16 u32 u64 usize);

impl<T: Read + Default> Read for Option<T> {
    fn read(&mut self, json: &mut Json<'_>) -> Option<()> {
        *self = None;
        if json.null() {
            Some(())
        } else {
            self.insert(T::default()).read(json)
        }
    }
}

impl<T: Read + Default> Read for Vec<T> {
    fn read(&mut self, json: &mut Json<'_>) -> Option<()> {
        json.array(&mut |json| {
            let mut member = T::default();
            member.read(json)?;
            self.push(member);
            Some(())
        })
    }
}

impl Read for BTreeMap<Routing, u64> {
    fn read(&mut self, json: &mut Json<'_>) -> Option<()> {
        json.object(&mut |name, json| {
            self.insert(
                ROUTINGS.into_iter().find(|one| routing_word(*one) == name)?,
                json.number()?,
            );
            Some(())
        })
    }
}

impl Read for BTreeMap<String, u64> {
    fn read(&mut self, json: &mut Json<'_>) -> Option<()> {
        json.object(&mut |name, json| {
            self.insert(name.to_owned(), json.number()?);
            Some(())
        })
    }
}

/// Reads an object into a struct: its fields by their names, and into `flat` ones whatever it has none for.
macro_rules! read_fields {
    ($type:ty { $($field:ident),* $(,)? } $(flat $flat:ident)?) => {
        impl Read for $type {
            fn read(&mut self, json: &mut Json<'_>) -> Option<()> {
                json.object(&mut |name, json| if json.null() { Some(()) } else { self.read_field(name, json) })
            }
        }

        impl ReadField for $type {
            fn read_field(&mut self, name: &str, json: &mut Json<'_>) -> Option<()> {
                match name {
                    $(stringify!($field) => self.$field.read(json),)*
                    $(_ => self.$flat.read_field(name, json),)?
                    #[allow(unreachable_patterns, reason = "where another struct takes the rest")]
                    _ => json.skip().map(drop),
                }
            }
        }
    };
}

/// A session as the page is told of it: the config stays the text that it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Told {
    /// What the server says.
    pub summary: SessionSummary,
    /// The config as it was understood, as JSON.
    pub config: Option<String>,
}

impl Read for Told {
    fn read(&mut self, json: &mut Json<'_>) -> Option<()> {
        json.object(&mut |name, json| {
            if json.null() {
                return Some(());
            }
            if name == "config" {
                self.config = Some(json.skip()?.text.to_owned());
                return Some(());
            }
            self.summary.read_field(name, json)
        })
    }
}

/// What reads one field of an object.
trait ReadField {
    fn read_field(&mut self, name: &str, json: &mut Json<'_>) -> Option<()>;
}

/// An enum that is a word; a word that this version does not know refuses the value.
macro_rules! read_word {
    ($type:ty { $($word:literal => $variant:ident),* $(,)? }) => {
        impl Read for $type {
            fn read(&mut self, json: &mut Json<'_>) -> Option<()> {
                *self = match json.string()?.as_ref() {
                    $($word => Self::$variant,)*
                    _ => return None,
                };
                Some(())
            }
        }
    };
}

read_word!(SessionStatus { "live" => Live, "unresponsive" => Unresponsive, "ended" => Ended });
read_word!(SessionEnd { "closed" => Closed, "broken" => Broken });
read_word!(Edition { "oss" => Oss, "teams" => Teams, "unknown" => Unknown });
read_fields!(ProcessInfo {
    pid,
    process_name,
    parent_pid,
    cmdline
});
read_fields!(PortSubscription { port, mode, filter });
// Not `config`: `Told` has its text.
read_fields!(SessionInfo {
    session_id,
    protocol_version,
    target,
    started_at,
    mirrord_version,
    is_operator,
    processes,
    port_subscriptions,
    config_path,
    namespace,
    context,
    key,
});
read_fields!(SessionSummary {
    status, reason, ended_at, counts, routing, socket, rate, seq, oldest_seq, missed, withheld, before, process_count, end,
    notes,
} flat info);
read_fields!(License {
    name,
    organization,
    expire_at,
    expired,
    fingerprint,
    subscription_id
});
read_fields!(SignedIn { page_key });
read_fields!(VersionInfo {
    version,
    protocol_version,
    edition,
    reason,
    pending,
    show_env_values,
    operator_version,
    supported_features,
    license,
});

pub mod mirror;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SUMMARY: &str = include_str!("../../../wire/tests/golden/summary.json");
    const VERSION: &str = include_str!("../../../wire/tests/golden/version.json");
    const INFO: &str = include_str!("../../../wire/tests/golden/info.json");

    /// Reads a text as `mirrord-wire` does, without what is left out on purpose.
    fn summary(text: &str) -> Option<SessionSummary> {
        let mut summary: SessionSummary = serde_json::from_str(text).ok()?;
        summary.info.config = None;
        summary.extra.clear();
        Some(summary)
    }

    #[test]
    fn the_goldens_are_read_as_the_wire_reads_them() {
        assert_eq!(read::<SessionSummary>(SUMMARY), summary(SUMMARY));
        assert_eq!(read::<VersionInfo>(VERSION), serde_json::from_str(VERSION).ok());
        assert_eq!(
            read::<SessionSummary>(INFO).map(|summary| summary.info),
            summary(INFO).map(|summary| summary.info)
        );
    }

    /// Every field has a value of its own: a field that is forgotten here keeps its default, and is told.
    #[test]
    fn no_field_is_forgotten() {
        let process = ProcessInfo {
            pid: 1,
            process_name: "a".into(),
            parent_pid: Some(2),
            cmdline: vec!["b".into()],
        };
        let port = PortSubscription {
            port: 3,
            mode: "c".into(),
            filter: Some("d".into()),
        };
        let info = SessionInfo {
            session_id: "e".into(),
            protocol_version: 4,
            target: "f".into(),
            started_at: "g".into(),
            mirrord_version: "h".into(),
            is_operator: true,
            processes: vec![process],
            port_subscriptions: vec![port],
            config_path: Some("i".into()),
            namespace: Some("j".into()),
            context: Some("k".into()),
            key: Some("l".into()),
            config: Some(serde_json::json!({ "left": ["out", 1.5] })),
        };
        let whole = SessionSummary {
            info,
            status: SessionStatus::Ended,
            reason: Some("m".into()),
            ended_at: Some("n".into()),
            counts: [("o".to_owned(), 5)].into(),
            routing: [(Routing::NotFound, 11)].into(),
            socket: Some("p".into()),
            rate: 6.25,
            seq: 7,
            oldest_seq: 8,
            missed: Some(9),
            withheld: 10,
            ..SessionSummary::default()
        };
        let text = serde_json::to_string(&whole).unwrap();
        assert_eq!(read::<SessionSummary>(&text), summary(&text));
        let told: Told = read(&text).unwrap();
        assert_eq!(
            (Some(told.summary), told.config.as_deref()),
            (summary(&text), Some(r#"{"left":["out",1.5]}"#))
        );
        let license = License {
            name: "a".into(),
            organization: "b".into(),
            expire_at: "c".into(),
            expired: true,
            fingerprint: Some("d".into()),
            subscription_id: Some("e".into()),
        };
        let version = VersionInfo {
            version: "f".into(),
            protocol_version: 1,
            edition: Edition::Oss,
            reason: Some("g".into()),
            pending: true,
            show_env_values: true,
            operator_version: Some("h".into()),
            supported_features: vec!["i".into()],
            license: Some(license),
        };
        assert_eq!(
            read::<VersionInfo>(&serde_json::to_string(&version).unwrap()),
            Some(version)
        );
    }

    #[test]
    fn what_is_unknown_is_passed_over_and_what_is_null_keeps_its_default() {
        let text = r#"{"new":[{"a":1}],"target":null,"processes":[{"pid":1,"x":{}}],"rate":1e2,"license":null}"#;
        let read: SessionSummary = read(text).unwrap();
        assert_eq!(
            (read.info.target.as_str(), read.info.processes.len(), read.rate),
            ("", 1, 100.0)
        );
    }

    proptest! {
        #[test]
        fn what_the_wire_takes_is_taken_and_means_the_same(
            place in any::<prop::sample::Index>(), byte in prop::sample::select(b"\"\\{}[],:0e- \x01tn".to_vec()),
        ) {
            let mut bytes = SUMMARY.as_bytes().to_vec();
            let place = place.index(bytes.len());
            bytes[place] = byte;
            let text = String::from_utf8(bytes).unwrap();
            if let Some(theirs) = summary(&text) {
                prop_assert_eq!(read::<SessionSummary>(&text), Some(theirs));
            }
        }
    }
}
