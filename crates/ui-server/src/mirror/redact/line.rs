//! Event lines for devices: each field of a type by its own rule, everything else left out and counted.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::{Disclosure, command_line, values};

/// The type in the place of one that this version does not know: its name may be anything.
pub(super) const UNKNOWN: &str = "Unknown";

/// Redacted form of a line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    /// As it came.
    AsItIs,
    /// This in its place.
    Instead(String),
}

/// The rule of a field.
#[derive(Clone, Copy)]
enum Rule {
    /// A whole number, not negative.
    Number,
    /// `true` or `false`.
    Flag,
    Text(fn(&str) -> values::Shown<'_>),
    /// Words of a command line.
    Command,
    /// Names of variables, or pairs of a name and a value.
    Variables,
}

/// The fields of a line, as the texts that they came as.
struct Fields<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

/// A text that borrows where nothing in it is escaped.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// A variable: a name, or a pair with its value.
#[derive(Deserialize)]
#[serde(untagged)]
enum Variable {
    Pair(String, serde::de::IgnoredAny),
    Name(String),
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Fields<'de>;
            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("an event line")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
                let mut fields = Vec::with_capacity(8);
                while let Some((Text(name), value)) = map.next_entry()? {
                    fields.push((name, value));
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(All)
    }
}

/// Returns true for a type that this version knows.
pub(super) fn is_known(kind: &str) -> bool {
    matches!(
        kind,
        "FileOp"
            | "DnsQuery"
            | "OutgoingConnection"
            | "ConnectionUpdate"
            | "ListenerUpdate"
            | "PortSubscription"
            | "EnvVar"
            | "LayerConnected"
            | "LayerDisconnected"
            | "IncomingRequest"
            | "Incomplete"
    )
}

/// Returns the rule of a field; `None` for one that its type does not have.
fn rule(kind: &str, name: &str) -> Option<Rule> {
    Some(match (kind, name) {
        (_, "pid" | "parent_pid" | "port") => Rule::Number,
        (_, "routing") => Rule::Text(values::word),
        (UNKNOWN, _) => return None,
        (_, "rule") => Rule::Text(values::rule),
        (_, "outcome") | ("ConnectionUpdate", "protocol" | "direction") => Rule::Text(values::word),
        ("ConnectionUpdate", "local" | "remote") => Rule::Text(values::address),
        ("ConnectionUpdate", "bytes_in" | "bytes_out" | "rtt_us" | "duration_us")
        | ("LayerDisconnected", "exit_code") => Rule::Number,
        ("ListenerUpdate", "protocol") => Rule::Text(values::word),
        ("ListenerUpdate", "note") | ("ConnectionUpdate", "state") => Rule::Text(values::socket_word),
        ("ListenerUpdate" | "PortSubscription", "address") => Rule::Text(values::local_address),
        ("ListenerUpdate", "arrivals" | "open" | "last_ts" | "bytes_in" | "bytes_out") => Rule::Number,
        ("ListenerUpdate", "closed") | ("OutgoingConnection", "sendto") => Rule::Flag,
        ("ListenerUpdate", "holder_pid") => Rule::Number,
        ("LayerDisconnected", "signal") => Rule::Text(values::signal),
        ("LayerConnected", "cwd") => Rule::Text(values::path),
        ("FileOp", "path" | "root") => Rule::Text(values::path),
        ("FileOp", "operation") | ("PortSubscription", "mode") | ("OutgoingConnection", "protocol") => {
            Rule::Text(values::word)
        }
        ("DnsQuery", "host") => Rule::Text(values::host),
        ("OutgoingConnection", "address") => Rule::Text(values::address),
        ("PortSubscription", "filter") => Rule::Text(values::filter),
        ("EnvVar", "vars") => Rule::Variables,
        ("LayerConnected", "process_name") | ("ListenerUpdate", "holder") => Rule::Text(values::process),
        ("LayerConnected", "cmdline") => Rule::Command,
        ("Incomplete", "reason") => Rule::Text(values::word),
        ("IncomingRequest", "id") => Rule::Number,
        ("IncomingRequest", "method") => Rule::Text(values::method),
        ("IncomingRequest", "path") => Rule::Text(values::target),
        ("IncomingRequest", "host") => Rule::Text(values::authority),
        ("IncomingRequest", "http_version") => Rule::Text(values::version),
        _ => return None,
    })
}

/// Returns an event line as a device is shown it.
pub(crate) fn line(text: &str, disclosure: Disclosure) -> Shown {
    match written(text, disclosure) {
        Some(written) if written == text => Shown::AsItIs,
        Some(written) => Shown::Instead(written),
        // What cannot be read is not shown; its place in the order stays.
        None => Shown::Instead(format!(r#"{{"seq":{},"ts":0,"type":"Unreadable"}}"#, seq_of(text))),
    }
}

/// Rewrites a line, each field by its rule; `None` for one that is no event.
fn written(text: &str, disclosure: Disclosure) -> Option<String> {
    let Fields(fields) = serde_json::from_str(text).ok()?;
    let find = |wanted: &str| {
        fields
            .iter()
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.get())
    };
    let (seq, ts) = (
        find("seq")?.parse::<u64>().ok()?,
        find("ts").map_or(Some(0), |ts| ts.parse::<u64>().ok())?,
    );
    let Text(kind) = serde_json::from_str(find("type")?).ok()?;
    let kind = if is_known(&kind) { kind.as_ref() } else { UNKNOWN };
    let process_name = find("process_name").and_then(|value| serde_json::from_str(value).ok());
    let process_name = process_name.map_or_else(Cow::default, |Text(name)| name);
    let mut out = String::with_capacity(text.len());
    write!(out, r#"{{"seq":{seq},"ts":{ts},"type":"{kind}""#).ok()?;
    let mut hidden = 0_u32;
    for (name, value) in &fields {
        if matches!(name.as_ref(), "seq" | "ts" | "type") {
            continue;
        }
        match rule(kind, name).and_then(|rule| shown(rule, value.get(), &process_name, disclosure)) {
            Some(value) => write!(out, r#","{name}":{value}"#).ok()?,
            None => hidden += 1,
        }
    }
    if hidden > 0 {
        write!(out, r#","hidden":{hidden}"#).ok()?;
    }
    out.push('}');
    Some(out)
}

/// Returns a field's value as JSON; `None` where it has not the shape that its rule is for.
fn shown<'a>(rule: Rule, value: &'a str, process_name: &str, disclosure: Disclosure) -> Option<Cow<'a, str>> {
    if value == "null" {
        return Some(Cow::Borrowed(value));
    }
    let json = match rule {
        Rule::Number => return value.parse::<u64>().is_ok().then_some(Cow::Borrowed(value)),
        Rule::Flag => return matches!(value, "true" | "false").then_some(Cow::Borrowed(value)),
        Rule::Text(rule) => {
            let Text(text) = serde_json::from_str(value).ok()?;
            let shown = rule(&text);
            if shown == text {
                return Some(Cow::Borrowed(value));
            }
            serde_json::to_string(shown.as_ref())
        }
        Rule::Command => {
            let given: Vec<String> = serde_json::from_str(value).ok()?;
            let mut words = given.clone();
            command_line(&mut words, process_name, disclosure);
            if words == given {
                return Some(Cow::Borrowed(value));
            }
            serde_json::to_string(&words)
        }
        Rule::Variables => {
            let given: Vec<Variable> = serde_json::from_str(value).ok()?;
            let names = given.iter().map(|variable| match variable {
                Variable::Pair(name, _) => serde_json::json!([values::variable(name), null]),
                Variable::Name(name) => serde_json::json!(values::variable(name)),
            });
            serde_json::to_string(&names.collect::<Vec<_>>())
        }
    };
    json.ok().map(Cow::Owned)
}

fn seq_of(text: &str) -> u64 {
    #[derive(Deserialize)]
    struct Seq {
        seq: u64,
    }
    serde_json::from_str::<Seq>(text).map_or(0, |line| line.seq)
}
