//! Rows of the log as the filter language sees them: the columns that a reader sees, read from the row's text.

use std::collections::BTreeMap;

use mirrord_filter::{Field, Fields};
use mirrord_wire::Outcome;

use super::kind::Kind;
use super::processes::Processes;
use crate::codec::line::{Event, Line};
use crate::state::routing::Routing;

/// Every decision, in the order in which they are offered.
pub const ROUTINGS: [Routing; 8] = Routing::ALL;

/// The word of the wire, which is the address's too.
#[must_use]
pub fn routing_word(routing: Routing) -> &'static str {
    routing.word()
}

/// Knowledge of the log about processes, for filters.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// Names of processes.
    pub names: Option<&'a BTreeMap<u32, String>>,
    /// The processes, with those that started them.
    pub processes: Option<&'a Processes>,
}

impl Known<'_> {
    /// Reports an event of a process or of one of its descendants.
    #[must_use]
    pub fn descends(self, pid: Option<u32>, root: u32) -> bool {
        pid.is_some_and(|pid| match self.processes {
            Some(processes) => processes.descends(pid, root),
            None => pid == root,
        })
    }
}

/// Fields of a row that a filter reads.
#[derive(Debug, Clone, Copy, Default)]
pub struct Subject<'a> {
    /// Kind of the event; `None` for a row that is no event.
    pub kind: Option<Kind>,
    /// The place of its session among those of the log.
    pub source: u8,
    /// Time of the event, microseconds since the epoch.
    pub ts: u64,
    /// Its process.
    pub pid: Option<u32>,
    /// Routing of the event.
    pub routing: Option<Routing>,
    /// Result of the operation.
    pub outcome: Option<Outcome>,
    /// A process that started, where it is one that did not end.
    pub is_start: bool,
    /// The thing that the event is about: a path, a host, a destination, a request, a command.
    pub name: &'a str,
    /// The rest of the row's text.
    pub tail: &'a str,
    /// The event as JSON, where the text does not say all of it.
    pub json: &'a str,
    /// The rule that decided.
    pub rule: Option<&'a str>,
}

impl<'a> Subject<'a> {
    /// The type on the wire.
    fn type_name(&self) -> &'a str {
        match self.kind {
            Some(Kind::Process) if self.is_start => "LayerConnected",
            Some(Kind::Process) => "LayerDisconnected",
            Some(Kind::Update) => "ConnectionUpdate",
            Some(Kind::Listener) => "ListenerUpdate",
            // A type without a kind of its own: the text begins with it.
            Some(Kind::Other) | None => self.name,
            Some(kind) => kind.slug(),
        }
    }

    fn has_kind(&self, kinds: &[Kind]) -> bool {
        self.kind.is_some_and(|kind| kinds.contains(&kind))
    }

    fn path(&self) -> Option<&'a str> {
        match self.kind? {
            Kind::File => Some(self.name),
            Kind::Request => self.name.split_once(' ').map(|(_, path)| path),
            _ => None,
        }
    }

    fn host(&self) -> Option<&'a str> {
        match self.kind? {
            Kind::Dns => Some(self.name),
            Kind::Request => Some(self.tail),
            Kind::Connect | Kind::Update => Some(self.address()),
            _ => None,
        }
    }

    /// The address of a destination, without its port.
    fn address(&self) -> &'a str {
        let address = self.name.rsplit_once(':').map_or(self.name, |(address, _)| address);
        address
            .strip_prefix('[')
            .and_then(|inner| inner.strip_suffix(']'))
            .unwrap_or(address)
    }

    /// The update of a connection, where it is one.
    fn update(&self) -> Option<Box<mirrord_wire::ConnectionUpdate>> {
        match self.has_kind(&[Kind::Update]).then(|| Line::read(self.json))??.event {
            Event::Update(update) => Some(update),
            _ => None,
        }
    }

    /// Bytes that came and that went.
    fn traffic(&self) -> Option<(Option<u64>, Option<u64>)> {
        match self
            .has_kind(&[Kind::Update, Kind::Listener])
            .then(|| Line::read(self.json))??
            .event
        {
            Event::Update(update) => Some((update.bytes_in, update.bytes_out)),
            Event::Listener(update) => Some((update.bytes_in, update.bytes_out)),
            _ => None,
        }
    }
}

/// The port of `IP:PORT`.
fn port_of(address: &str) -> Option<u64> {
    address.rsplit_once(':')?.1.parse().ok()
}

/// A row with what the log knows around it.
pub(super) struct FilterRow<'a> {
    pub(super) row: Subject<'a>,
    pub(super) known: Known<'a>,
}

impl<'a> FilterRow<'a> {
    fn process(&self) -> Option<&'a str> {
        self.known.names?.get(&self.row.pid?).map(String::as_str)
    }

    fn has_any_text(&self, test: &mut dyn FnMut(&str) -> bool) -> bool {
        let row = &self.row;
        let columns = [
            Some(row.name),
            Some(row.tail),
            self.process(),
            row.kind.map(|_| row.type_name()),
            row.outcome.map(Outcome::name),
            row.routing.map(routing_word),
            row.rule,
        ];
        columns.into_iter().flatten().any(&mut *test) || row.pid.is_some_and(|pid| test(&pid.to_string()))
    }

    fn column(&self, field: Field) -> Option<&'a str> {
        let row = &self.row;
        match field {
            Field::Type => row.kind.map(|_| row.type_name()),
            Field::Op => Some(row.tail).filter(|_| row.has_kind(&[Kind::File])),
            Field::Path => row.path(),
            Field::Host => row.host(),
            Field::Name => Some(row.name),
            Field::Process => self.process(),
            Field::Outcome => row.outcome.map(Outcome::name),
            Field::Routing => row.routing.map(routing_word),
            Field::Rule => row.rule,
            _ => None,
        }
    }

    fn port(&self) -> Option<u64> {
        match self.row.kind? {
            Kind::Port => self.row.name.parse().ok(),
            Kind::Connect | Kind::Listener => port_of(self.row.name),
            Kind::Update => {
                let update = self.row.update()?;
                let is_in = update.direction == mirrord_wire::Direction::In;
                port_of(if is_in { &update.local } else { &update.remote })
            }
            _ => None,
        }
    }

    fn direction(&self) -> Option<&'static str> {
        let update = self.row.update()?;
        Some(if update.direction == mirrord_wire::Direction::In {
            "in"
        } else {
            "out"
        })
    }

    fn size(&self) -> Option<u64> {
        let (read, written) = self.row.traffic()?;
        read.or(written)?;
        Some(read.unwrap_or(0).saturating_add(written.unwrap_or(0)))
    }
}

impl Fields for FilterRow<'_> {
    fn ts(&self) -> u64 {
        self.row.ts
    }

    fn has_text(&self, field: Option<Field>, test: &mut dyn FnMut(&str) -> bool) -> bool {
        match field {
            None => self.has_any_text(test),
            Some(Field::Address) if self.row.has_kind(&[Kind::Connect, Kind::Update, Kind::Listener]) => {
                test(self.row.address()) || test(self.row.name)
            }
            Some(Field::Direction) => self.direction().is_some_and(test),
            Some(field) => self.column(field).is_some_and(test),
        }
    }

    fn has_number(&self, field: Field, test: &mut dyn FnMut(u64) -> bool) -> bool {
        let number = match field {
            Field::Pid => self.row.pid.map(u64::from),
            Field::Port => self.port(),
            Field::Size => self.size(),
            _ => None,
        };
        number.is_some_and(test)
    }

    fn is_in_tree(&self, root: u32) -> bool {
        self.known.descends(self.row.pid, root)
    }
}

#[cfg(test)]
mod tests {
    use mirrord_filter::{Scope, parse};

    use super::*;

    fn fits(filter: &str, row: Subject<'_>) -> bool {
        let names = BTreeMap::from([(7, "npm start".to_owned())]);
        let mut processes = Processes::default();
        processes.started(7, None, None, &[], 1);
        processes.started(8, Some(7), None, &[], 1);
        let known = Known {
            names: Some(&names),
            processes: Some(&processes),
        };
        parse(filter)
            .unwrap()
            .matches(&FilterRow { row, known }, &Scope::default())
    }

    #[test]
    fn every_column_is_searched_and_each_field_has_its_own() {
        let file = Subject {
            kind: Some(Kind::File),
            pid: Some(7),
            outcome: Some(Outcome::NotFound),
            routing: Some(Routing::Local),
            name: "/etc/App.json",
            tail: "open",
            rule: Some("fs.local[0]"),
            ..Subject::default()
        };
        for yes in [
            "app OPEN npm",
            "start 7 fileop",
            "not_found local fs.local",
            "path:*.json op:open process:npm pid:7 tree:7",
            "type:file",
            "outcome:not_found routing:local rule:fs",
            "name:=/etc/App.json",
            "-type:dns",
            "/json$/",
        ] {
            assert!(fits(yes, file), "{yes}");
        }
        for no in [
            "dns",
            "op:ope",
            "host:*",
            "port:*",
            "outcome:ok",
            "tree:8",
            "/json.open/",
        ] {
            assert!(!fits(no, file), "{no}");
        }
        let child = Subject { pid: Some(8), ..file };
        assert!(fits("tree:7 tree:8 -process:*", child));
    }

    #[test]
    fn a_destination_a_port_a_request_and_a_process_have_their_columns() {
        let row = |kind, name, tail| Subject {
            kind: Some(kind),
            name,
            tail,
            ..Subject::default()
        };
        let out = row(Kind::Connect, "[::1]:5432", "tcp");
        assert!(fits(
            "port:5432 address:=::1 host:::1 address:=[::1]:5432 tcp type:connect",
            out
        ));
        let listen = row(Kind::Port, "8080", "steal");
        assert!(fits("port:8000..9000 steal type:port", listen) && !fits("port:80", listen));
        let request = row(Kind::Request, "GET /x", "h");
        assert!(fits("path:=/x host:=h \"GET /x\"", request));
        let start = Subject {
            is_start: true,
            ..row(Kind::Process, "node server.js", "")
        };
        assert!(fits("type:start name:=\"node server.js\" -type:end", start));
        assert!(fits("type:end", row(Kind::Process, "ended", "")));
        let json = r#"{"seq":1,"ts":2,"type":"ConnectionUpdate","pid":1,"protocol":"tcp","direction":"in","local":"1.1.1.1:80","remote":"2.2.2.2:999","state":"established","bytes_in":5,"bytes_out":7}"#;
        let update = Subject {
            json,
            ..row(Kind::Update, "2.2.2.2:999", "← 1.1.1.1:80 established")
        };
        assert!(fits("port:80 direction:in size:12 type:connect", update) && !fits("port:999", update));
    }
}
