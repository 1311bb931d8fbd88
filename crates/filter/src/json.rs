//! Rows made of event lines: what `q=` of the REST API and the command line match.
//!
//! A word is looked for in every value of the event, at any depth, and in what a reader sees made of several of them: a
//! destination, a request, a command line. Names of fields, `seq` and `ts` are not looked at.

use mirrord_wire::session::destination;
use serde_json::Value;

use crate::field::Field;
use crate::matching::Fields;

/// Test of a process (the second) for a descent from another (the first), or for being it.
type InTree<'a> = &'a dyn Fn(u32, u32) -> bool;

/// An event line as JSON, with what its session knows of its process.
#[derive(Clone, Copy)]
pub struct JsonRow<'a> {
    event: &'a Value,
    process: Option<&'a str>,
    in_tree: Option<InTree<'a>>,
}

impl<'a> JsonRow<'a> {
    /// A row; `process` is the name of the event's process.
    #[must_use]
    pub fn new(event: &'a Value, process: Option<&'a str>) -> Self {
        Self {
            event,
            process,
            in_tree: None,
        }
    }

    /// Adds the test that `tree:` needs.
    #[must_use]
    pub fn with_tree(self, in_tree: InTree<'a>) -> Self {
        Self {
            in_tree: Some(in_tree),
            ..self
        }
    }

    /// The number of the event's process.
    #[must_use]
    pub fn pid_of(event: &Value) -> Option<u32> {
        event["pid"].as_u64().and_then(|pid| u32::try_from(pid).ok())
    }

    fn text(&self, name: &str) -> Option<&'a str> {
        self.event[name].as_str()
    }

    /// The far end of a connection, as a reader sees it.
    fn destination(&self) -> Option<String> {
        let port = self.event["port"].as_u64().and_then(|port| u16::try_from(port).ok());
        match self.text("address") {
            Some(address) => Some(destination(address, port?)),
            None => self.text("remote").map(str::to_owned),
        }
    }

    /// The thing that the event is about: a destination, a request, a command line, a path, a host.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        if let Some(destination) = self.destination() {
            return Some(destination);
        }
        if let (Some(method), Some(path)) = (self.text("method"), self.text("path")) {
            return Some([method, " ", path].concat());
        }
        if let Some(arguments) = self.event["cmdline"].as_array() {
            let arguments: Vec<_> = arguments.iter().filter_map(Value::as_str).collect();
            return Some(arguments.join(" "));
        }
        let names = ["path", "host", "process_name"];
        names.into_iter().find_map(|name| self.text(name)).map(str::to_owned)
    }

    /// The word for an event whose decision depends on facts that are not known.
    fn depends(&self) -> Option<String> {
        let facts = self.event["depends_on"].as_array()?;
        (!facts.is_empty()).then(|| "depends".to_owned())
    }

    fn columns(&self, field: Field) -> Vec<Option<String>> {
        let own = |name: &str| self.text(name).map(str::to_owned);
        match field {
            Field::Type => vec![own("type")],
            Field::Op => vec![own("operation")],
            Field::Path => vec![own("path")],
            Field::Host => vec![own("host"), own("address"), own("remote")],
            Field::Address => vec![own("address"), self.destination()],
            Field::Name => vec![self.name()],
            Field::Process => vec![self.process.map(str::to_owned), own("process_name")],
            Field::Outcome => vec![own("outcome")],
            Field::Routing => vec![own("routing").or_else(|| own("unhooked")).or_else(|| self.depends())],
            Field::Rule => vec![own("rule")],
            Field::Direction => vec![own("direction")],
            Field::Port | Field::Pid | Field::Tree | Field::Size | Field::Time => Vec::new(),
        }
    }

    fn has_any_text(&self, test: &mut dyn FnMut(&str) -> bool) -> bool {
        let Value::Object(fields) = self.event else {
            return false;
        };
        let is_told = |name: &str| !matches!(name, "seq" | "ts");
        fields
            .iter()
            .any(|(name, value)| is_told(name) && value_has(value, test))
            || self.process.is_some_and(&mut *test)
            || self.name().is_some_and(|name| test(&name))
    }
}

/// Tests the texts and the numbers of a value, at any depth (which `serde_json` bounds).
fn value_has(value: &Value, test: &mut dyn FnMut(&str) -> bool) -> bool {
    match value {
        Value::String(own) => test(own),
        Value::Number(own) => test(&own.to_string()),
        Value::Array(items) => items.iter().any(|item| value_has(item, test)),
        Value::Object(fields) => fields.values().any(|value| value_has(value, test)),
        Value::Null | Value::Bool(_) => false,
    }
}

/// The port of `IP:PORT`.
fn port_of(address: &str) -> Option<u64> {
    address.rsplit_once(':')?.1.parse().ok()
}

impl Fields for JsonRow<'_> {
    fn ts(&self) -> u64 {
        self.event["ts"].as_u64().unwrap_or(0)
    }

    fn has_text(&self, field: Option<Field>, test: &mut dyn FnMut(&str) -> bool) -> bool {
        match field {
            None => self.has_any_text(test),
            Some(field) => self.columns(field).into_iter().flatten().any(|text| test(&text)),
        }
    }

    fn has_number(&self, field: Field, test: &mut dyn FnMut(u64) -> bool) -> bool {
        let own = |name: &str| self.event[name].as_u64();
        let numbers = match field {
            Field::Pid => [own("pid"), None],
            // Whose port a connection update is about: the one that was gone to, or that was reached.
            Field::Port => {
                let address = match self.text("direction") {
                    Some("in") => self.text("local"),
                    _ => self.text("remote"),
                };
                // A Unix socket has none, and says 0.
                [own("port").filter(|port| *port != 0), address.and_then(port_of)]
            }
            Field::Size => {
                let (read, written) = (own("bytes_in"), own("bytes_out"));
                let sum = read.unwrap_or(0).saturating_add(written.unwrap_or(0));
                [read.or(written).map(|_| sum), None]
            }
            _ => [None, None],
        };
        numbers.into_iter().flatten().any(test)
    }

    fn is_in_tree(&self, root: u32) -> bool {
        JsonRow::pid_of(self.event).is_some_and(|pid| match self.in_tree {
            Some(in_tree) => in_tree(root, pid),
            None => pid == root,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::parser::parse;
    use crate::time::Scope;

    fn fits(filter: &str, event: &Value) -> bool {
        let row = JsonRow::new(event, Some("node"));
        parse(filter).unwrap().matches(&row, &Scope::default())
    }

    #[test]
    fn a_unix_socket_has_no_port() {
        let unix = json!({"type": "OutgoingConnection", "address": "/run/x.sock", "port": 0, "protocol": "unix"});
        assert!(!fits("port:0", &unix) && !fits("port:<1024", &unix) && !fits("port:*", &unix));
        assert!(fits("-port:*", &unix) && fits("unix", &unix));
    }

    #[test]
    fn every_column_is_searched_and_each_field_has_its_own() {
        let file = json!({"seq": 41, "ts": 1, "type": "FileOp", "path": "/etc/Hosts", "operation": "open", "pid": 4711, "outcome": "ok"});
        for yes in [
            "hosts",
            "HOSTS open",
            "open hosts node 4711 fileop ok",
            "path:hosts op:open process:node pid:4711 outcome:ok type:file",
            "path:*/hosts",
            "path:=/etc/Hosts",
            "path:/s$/",
            "/^open$/",
            "pid:4000..5000",
            "-dns",
            "dns OR hosts",
            "name:hosts",
            "pid:1,4711",
            "outcome:*",
            "tree:4711",
            "op:o*",
        ] {
            assert!(fits(yes, &file), "{yes}");
        }
        for no in [
            "41",
            "seq",
            "path",
            "host:hosts",
            "op:ope",
            "path:=/etc/hosts",
            "path:*.json",
            "port:*",
            "-hosts",
            "outcome:denied",
            "hosts dns",
            "rule:*",
            "direction:in",
            "size:>0",
        ] {
            assert!(!fits(no, &file), "{no}");
        }
    }

    #[test]
    fn a_destination_a_request_and_a_command_are_found_as_they_are_shown() {
        let out = json!({"type": "OutgoingConnection", "address": "::1", "port": 5432});
        assert!(fits("[::1]:5432 port:5432 address:::1 host:::1", &out));
        assert!(!fits("port:543", &out) && fits("543", &out));
        let request = json!({"type": "IncomingRequest", "method": "GET", "path": "/x?y=*", "host": "h"});
        assert!(fits("\"GET /x\" type:request host:=h path:\"y=*\"", &request));
        let start = json!({"type": "LayerConnected", "pid": 1, "cmdline": ["node", "server.js"]});
        assert!(fits("\"node server.js\" type:start type:process", &start));
        let update = json!({"type": "ConnectionUpdate", "remote": "10.0.0.1:80", "local": "10.0.0.2:8080", "direction": "in",
            "bytes_in": 5, "bytes_out": 7});
        assert!(fits("port:8080 size:12 dir:in 10.0.0.1 type:connect", &update) && !fits("port:80", &update));
        assert!(!fits("a", &json!(["a"])));
    }
}
