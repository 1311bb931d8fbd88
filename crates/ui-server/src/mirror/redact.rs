//! What a device on the network is not shown: the values of environment variables, and credentials wherever they stand.
//!
//! Closed by default: a line of a known type is passed as it came only where it has no field that its type does not have;
//! every other line is read, made safe and written again. A credential is told by the name that it has, by what stands
//! before it, or by its own form; what is found becomes [`HIDDEN`]. This file is pure, and its work is done once a line.

use mirrord_wire::event::{MonitorEvent, RawJson};
use mirrord_wire::{EventLine, ProcessInfo, SessionDetail, SessionInfo, SessionSummary};
use serde::Deserialize;
use serde_json::Value;

mod words;

pub(crate) use words::{HIDDEN, command_line, text};

/// What a line is to a device.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// As it came.
    AsItIs,
    /// This in its place.
    Instead(String),
}

/// The fields of the types that can hold no secret, and nothing else.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plain<'a> {
    #[serde(rename = "seq")]
    _seq: u64,
    #[serde(rename = "ts")]
    _ts: u64,
    #[serde(rename = "type", borrow)]
    kind: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    path: Option<std::borrow::Cow<'a, str>>,
    #[serde(rename = "operation", default)]
    _operation: IgnoredText,
    #[serde(rename = "host", default)]
    _host: IgnoredText,
    #[serde(rename = "address", default)]
    _address: IgnoredText,
    #[serde(rename = "protocol", default)]
    _protocol: IgnoredText,
    #[serde(rename = "port", default)]
    _port: Option<u16>,
    #[serde(rename = "pid", default)]
    _pid: Option<u32>,
    #[serde(rename = "routing", default)]
    _routing: IgnoredText,
    #[serde(rename = "rule", default)]
    _rule: IgnoredText,
    #[serde(rename = "root", default)]
    _root: IgnoredText,
}

/// A text that is not kept.
#[derive(Default)]
struct IgnoredText;

impl<'de> Deserialize<'de> for IgnoredText {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl serde::de::Visitor<'_> for Text {
            type Value = IgnoredText;
            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("a text")
            }
            fn visit_str<E>(self, _: &str) -> Result<IgnoredText, E> {
                Ok(IgnoredText)
            }
            fn visit_unit<E>(self) -> Result<IgnoredText, E> {
                Ok(IgnoredText)
            }
        }
        deserializer.deserialize_any(Text)
    }
}

/// An event line for a device.
pub(crate) fn line(text: &str) -> Shown {
    if is_plain(text) {
        return Shown::AsItIs;
    }
    let written = match serde_json::from_str::<EventLine>(text) {
        Ok(mut line) => {
            event(&mut line.observation.event);
            serde_json::to_string(&line).ok()
        }
        Err(_) => None,
    };
    // What cannot be read is not shown; its place in the order stays.
    let unreadable = || format!(r#"{{"seq":{},"ts":0,"type":"Unreadable"}}"#, seq_of(text));
    match written {
        Some(written) if written == text => Shown::AsItIs,
        Some(written) => Shown::Instead(written),
        None => Shown::Instead(unreadable()),
    }
}

fn is_plain(text: &str) -> bool {
    let Ok(plain) = serde_json::from_str::<Plain<'_>>(text) else {
        return false;
    };
    let clean = |path: &str| !words::may_hold_a_secret(path);
    match plain.kind.as_ref() {
        "FileOp" => plain.path.as_deref().is_none_or(clean),
        "DnsQuery" | "OutgoingConnection" | "LayerDisconnected" => plain.path.is_none(),
        _ => false,
    }
}

fn seq_of(text: &str) -> u64 {
    #[derive(Deserialize)]
    struct Seq {
        seq: u64,
    }
    serde_json::from_str::<Seq>(text).map_or(0, |line| line.seq)
}

fn event(event: &mut MonitorEvent) {
    match event {
        MonitorEvent::EnvVar { vars } => vars.iter_mut().for_each(|(_, value)| *value = None),
        MonitorEvent::LayerConnected {
            process_name, cmdline, ..
        } => {
            if let Some(name) = process_name {
                *name = text(name);
            }
            command_line(cmdline);
        }
        MonitorEvent::IncomingRequest { path, host, .. } => {
            *path = text(path);
            *host = text(host);
        }
        MonitorEvent::PortSubscription {
            filter: Some(filter), ..
        } => *filter = words::header(filter),
        MonitorEvent::FileOp { path: Some(path), .. } => *path = text(path),
        MonitorEvent::Unknown { kind, fields } => {
            *kind = text(kind);
            fields.iter_mut().for_each(|(name, value)| unknown(name, value));
        }
        MonitorEvent::DnsQuery { .. }
        | MonitorEvent::OutgoingConnection { .. }
        | MonitorEvent::PortSubscription { .. }
        | MonitorEvent::LayerDisconnected { .. }
        | MonitorEvent::FileOp { path: None, .. }
        | _ => {}
    }
}

/// A field that nobody knows: by its name, and by what is in it.
fn unknown(name: &str, value: &mut RawJson) {
    let mut read: Value = serde_json::from_str(value.get()).unwrap_or(Value::Null);
    json(name, &mut read);
    let written = serde_json::to_string(&read).unwrap_or_else(|_| "null".to_owned());
    if let Ok(written) = serde_json::from_str(&written) {
        *value = written;
    }
}

/// A JSON value under a name, at any depth.
pub(crate) fn json(name: &str, value: &mut Value) {
    if words::is_environment(name) {
        hide_values(value);
        return;
    }
    if words::names_a_secret(name) && !matches!(value, Value::Bool(_) | Value::Null) {
        *value = Value::String(HIDDEN.to_owned());
        return;
    }
    match value {
        Value::String(own) => *own = text(own),
        Value::Array(items) if is_command_line(name, items) => {
            let mut words: Vec<String> = items
                .iter()
                .filter_map(|item| item.as_str().map(str::to_owned))
                .collect();
            command_line(&mut words);
            *items = words.into_iter().map(Value::String).collect();
        }
        Value::Array(items) => items.iter_mut().for_each(|item| json("", item)),
        Value::Object(fields) => fields.iter_mut().for_each(|(name, value)| json(name, value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn is_command_line(name: &str, items: &[Value]) -> bool {
    matches!(name, "cmdline" | "args" | "argv" | "command") && items.iter().all(Value::is_string)
}

/// Hides every value and leaves every name: of an object, of pairs, of `NAME=value`.
fn hide_values(value: &mut Value) {
    match value {
        Value::Object(fields) => fields.values_mut().for_each(hide_values),
        Value::Array(items) if items.len() == 2 && items.iter().all(|item| item.is_string() || item.is_null()) => {
            if let Some(value) = items.get_mut(1) {
                hide_values(value);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(hide_values),
        Value::String(own) => {
            *own = match own.split_once('=') {
                Some((name, _)) if words::is_variable(name) => format!("{name}={HIDDEN}"),
                _ => HIDDEN.to_owned(),
            };
        }
        Value::Number(_) => *value = Value::String(HIDDEN.to_owned()),
        Value::Bool(_) | Value::Null => {}
    }
}

/// What a session says of itself, for a device.
pub(crate) fn info(info: &mut SessionInfo) {
    info.key = None;
    for process in &mut info.processes {
        self::process(process);
    }
    for port in &mut info.port_subscriptions {
        port.filter = port.filter.as_deref().map(words::header);
    }
    if let Some(config) = &mut info.config {
        json("", config);
    }
    for own in [&mut info.target, &mut info.mirrord_version] {
        *own = text(own);
    }
}

fn process(process: &mut ProcessInfo) {
    process.process_name = text(&process.process_name);
    command_line(&mut process.cmdline);
}

/// A session in a list, for a device.
pub(crate) fn summary(summary: &mut SessionSummary) {
    info(&mut summary.info);
    summary.reason = summary.reason.as_deref().map(text);
    summary.socket = None;
}

/// A session with everything, for a device.
pub(crate) fn detail(detail: &mut SessionDetail) {
    summary(&mut detail.summary);
    let state = &mut detail.state;
    state.processes.iter_mut().for_each(|own| process(&mut own.info));
    for port in &mut state.port_subscriptions {
        port.filter = port.filter.as_deref().map(words::header);
    }
    for top in [&mut state.paths, &mut state.hosts, &mut state.outgoing] {
        top.rename(|name| words::may_hold_a_secret(name).then(|| text(name)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instead(text: &str) -> String {
        match line(text) {
            Shown::Instead(written) => written,
            Shown::AsItIs => text.to_owned(),
        }
    }

    #[test]
    fn ordinary_lines_pass_to_the_letter() {
        for plain in [
            r#"{"seq":1,"ts":2,"type":"FileOp","path":"/etc/hosts","operation":"open","pid":7,"routing":"local","rule":"feature.fs"}"#,
            r#"{"seq":1,"ts":2,"type":"FileOp","path":null,"operation":"read"}"#,
            r#"{"seq":1,"ts":2,"type":"DnsQuery","host":"db"}"#,
            r#"{"seq":1,"ts":2,"type":"OutgoingConnection","address":"10.0.0.1","port":6379,"protocol":"tcp"}"#,
            r#"{"seq":1,"ts":2,"type":"LayerDisconnected","pid":7}"#,
            r#"{"seq":1,"ts":2,"type":"PortSubscription","port":8080,"mode":"steal"}"#,
            r#"{"seq":1,"ts":2,"type":"LayerConnected","pid":7,"cmdline":["node","server.js"]}"#,
        ] {
            assert_eq!(line(plain), Shown::AsItIs, "{plain}");
        }
    }

    #[test]
    fn values_of_variables_never_pass() {
        let shown = instead(r#"{"seq":1,"ts":2,"type":"EnvVar","vars":[["DB_PASSWORD","hunter2"],["A","b"]]}"#);
        assert_eq!(
            shown,
            r#"{"seq":1,"ts":2,"type":"EnvVar","vars":[["DB_PASSWORD",null],["A",null]]}"#
        );
    }

    #[test]
    fn a_field_that_its_type_does_not_have_hides_nothing() {
        for sly in [
            r#"{"seq":1,"ts":2,"type":"FileOp","path":"/a","operation":"open","env":{"A":"hunter2"}}"#,
            r#"{"seq":1,"ts":2,"type":"FileOp","path":"/a","operation":"open","password":"hunter2"}"#,
            r#"{"seq":1, "ts":2, "type":"FileOp", "path":"/a", "operation":"open", "token" : "hunter2"}"#,
            r#"{"seq":1,"ts":2,"type":"FileOp","path":7,"operation":"open","api_key":"hunter2"}"#,
            r#"{"seq":1,"ts":2,"type":"EnvVar","vars":{"A":"hunter2"}}"#,
            r#"{"seq":1,"ts":2,"type":"NewThing","vars":[["A","hunter2"]],"n":1}"#,
            r#"{"seq":1,"ts":2,"type":"NewThing","deep":[{"auth":{"clientSecret":"hunter2"}}]}"#,
            r#"{"seq":1,"ts":2,"type":"NewThing","environment":["A=hunter2"]}"#,
            r#"{"seq":1,"ts":2,"type":"NewThing","url":"postgres://u:hunter2@db/x"}"#,
            r#"{"seq":1,"ts":2,"type":"NewThing","args":["psql","--password","hunter2"]}"#,
            r#"{"seq":1,"ts":2,"type":"DnsQuery","host":{"secret":"hunter2"}}"#,
            r#"{"seq":"x","type":"hunter2"}"#,
            r#"{"seq":9,"ts":2,"type":"FileOp","path":"/a","operation":"open","pid":{"password":"hunter2"}}"#,
        ] {
            let shown = instead(sly);
            assert!(!shown.contains("hunter2"), "{sly} -> {shown}");
            assert!(serde_json::from_str::<Value>(&shown).is_ok(), "{shown}");
        }
    }

    #[test]
    fn a_request_and_a_command_line_show_no_credential() {
        for (line, kept) in [
            (
                r#"{"seq":1,"ts":2,"type":"IncomingRequest","method":"GET","path":"/cart?x=1&access_token=hunter2&y=2","host":"h"}"#,
                "/cart?x=1&access_token=***&y=2",
            ),
            (
                r#"{"seq":1,"ts":2,"type":"LayerConnected","pid":7,"cmdline":["psql","postgres://u:hunter2@db/x"]}"#,
                "postgres://***@db/x",
            ),
            (
                r#"{"seq":1,"ts":2,"type":"PortSubscription","port":1,"mode":"steal","filter":"header authorization: hunter2"}"#,
                "header authorization: ***",
            ),
            (
                r#"{"seq":1,"ts":2,"type":"FileOp","path":"/proc/x?token=hunter2","operation":"open"}"#,
                "/proc/x?token=***",
            ),
        ] {
            let shown = instead(line);
            assert!(!shown.contains("hunter2") && shown.contains(kept), "{shown}");
        }
    }

    #[test]
    fn a_config_keeps_its_shape_and_loses_its_values() {
        let mut config = serde_json::json!({
            "feature": {"env": {"include": "DB_*", "override": {"DB_PASSWORD": "hunter2", "PORT": 1}}, "fs": "local"},
            "target": {"path": "deployment/checkout"},
            "operator": {"token": "hunter2"},
            "key": "hunter2",
            "api": true,
        });
        json("", &mut config);
        let text = config.to_string();
        assert!(
            !text.contains("hunter2") && text.contains("DB_PASSWORD") && text.contains("deployment/checkout"),
            "{text}"
        );
        assert_eq!(config["feature"]["env"]["override"]["PORT"], HIDDEN);
        assert_eq!(config["feature"]["fs"], "local");
    }

    #[test]
    fn a_session_with_everything_shows_no_secret() {
        let mut with_secrets: SessionDetail = serde_json::from_value(serde_json::json!({
            "session_id": "a", "key": "hunter2", "reason": "cannot reach http://u:hunter2@h",
            "processes": [{"pid": 1, "process_name": "sh", "cmdline": ["mysql", "-phunter2"]}],
            "port_subscriptions": [{"port": 1, "mode": "steal", "filter": "cookie: hunter2"}],
            "config": {"feature": {"env": {"override": {"A": "hunter2"}}}},
            "state": {
                "processes": [{"pid": 1, "process_name": "sh", "cmdline": ["env", "PGPASSWORD=hunter2", "psql"]}],
                "port_subscriptions": [{"port": 1, "mode": "steal", "filter": "x-api-key: hunter2"}],
                "paths": {"items": [{"name": "/x?password=hunter2", "count": 2}], "more": 0},
            },
        }))
        .unwrap();
        detail(&mut with_secrets);
        let text = serde_json::to_string(&with_secrets).unwrap();
        assert!(!text.contains("hunter2"), "{text}");
        assert!(text.contains("PGPASSWORD=***"), "{text}");
    }
}
