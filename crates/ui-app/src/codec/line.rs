//! Event line, borrowed from the text that it came in. Its `type` and the shape of its fields make the event, exactly
//! as in `mirrord-wire`; anything else is [`Event::Unknown`], of which only the text is kept.

mod fields;

use std::borrow::Cow;

use mirrord_wire::{ConnectionUpdate, Direction, Exit, ListenerUpdate, Outcome};

use self::fields::FIELDS;
use super::json::{Json, Raw, quote};
use crate::state::routing::Routing;

/// The event.
#[derive(Debug, Clone, PartialEq)]
pub enum Event<'a> {
    /// A file operation.
    File {
        /// `None` where the operation named an open file.
        path: Option<Cow<'a, str>>,
        /// `open`, `read`, …
        operation: Cow<'a, str>,
    },
    /// A name look-up.
    Dns {
        /// The name.
        host: Cow<'a, str>,
    },
    /// An outgoing connection.
    Connect {
        /// An address without its port, or `<UNIX-PATH> /path`.
        address: Cow<'a, str>,
        /// 0 for a Unix socket.
        port: u16,
        /// `tcp`, `udp`, `unix`.
        protocol: Option<Cow<'a, str>>,
    },
    /// A port subscription.
    Port {
        /// The port.
        port: u16,
        /// `steal`, `mirror`, `listen`.
        mode: Cow<'a, str>,
        /// The HTTP filter.
        filter: Option<Cow<'a, str>>,
        /// The local address.
        address: Option<Cow<'a, str>>,
    },
    /// Environment variables.
    Env {
        /// To be read with [`variables`].
        vars: Raw<'a>,
    },
    /// A process started.
    Started {
        /// The process.
        pid: u32,
        /// Its parent.
        parent_pid: Option<u32>,
        /// Its name.
        process_name: Option<Cow<'a, str>>,
        /// Its command line, to be read with [`words`].
        cmdline: Option<Raw<'a>>,
        /// Its working directory.
        cwd: Option<Cow<'a, str>>,
    },
    /// A process ended.
    Ended {
        /// The process.
        pid: u32,
        /// Its exit code or signal.
        exit: Exit,
    },
    /// News of a connection.
    Update(Box<ConnectionUpdate>),
    /// News of a socket that listens.
    Listener(Box<ListenerUpdate>),
    /// An incoming request.
    Request {
        /// The method.
        method: Cow<'a, str>,
        /// The path with its query.
        path: Cow<'a, str>,
        /// The host that was asked for.
        host: Cow<'a, str>,
    },
    /// An event of a type, or of a shape, that this version does not know.
    Unknown,
}

/// An event line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line<'a> {
    /// The line as it came.
    pub text: &'a str,
    /// The event's number; 0 where it has none.
    pub seq: u64,
    /// Microseconds since the Unix epoch.
    pub ts: u64,
    /// The `type` as it came.
    pub kind: Cow<'a, str>,
    /// The event.
    pub event: Event<'a>,
    /// The process that it is about.
    pub pid: Option<u32>,
    /// Result of the operation.
    pub outcome: Option<Outcome>,
    /// Routing of the event.
    pub routing: Option<Routing>,
    /// The rule that decided.
    pub rule: Option<Cow<'a, str>>,
    /// Marks a text without fields beyond those above.
    pub is_plain: bool,
}

/// Kind of a line.
#[derive(Debug, Clone, PartialEq)]
pub enum StreamLine<'a> {
    /// An event.
    Event(Line<'a>),
    /// Events are missing here; how many.
    Lagged(u64),
    /// Nothing has happened for a while.
    Heartbeat,
}

/// The fields of a line that is being read, each as its own text.
struct Fields<'a> {
    values: [Option<Raw<'a>>; FIELDS.len()],
    /// Fields that no known event has, or that came twice.
    others: usize,
}

impl Default for Fields<'_> {
    fn default() -> Self {
        Self {
            values: [None; FIELDS.len()],
            others: 0,
        }
    }
}

impl<'a> Fields<'a> {
    fn get(&self, name: &str) -> Option<Raw<'a>> {
        self.values[FIELDS.iter().position(|own| *own == name)?]
    }

    fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        self.get(name)?.string()
    }

    fn number<N: TryFrom<u64>>(&self, name: &str) -> Option<N> {
        N::try_from(self.get(name)?.number()?).ok()
    }

    fn integer(&self, name: &str) -> Option<i32> {
        let text = self.get(name)?.text;
        text.parse().ok().filter(|_| !text.starts_with('+'))
    }

    fn is_absent(&self, name: &str) -> bool {
        self.get(name).is_none_or(Raw::is_null)
    }

    fn count(&self) -> usize {
        self.values.iter().flatten().count() + self.others
    }
}

impl<'a> Line<'a> {
    /// Reads a text that is one event line.
    #[must_use]
    pub fn read(text: &'a str) -> Option<Self> {
        match StreamLine::read(text)? {
            StreamLine::Event(line) => Some(line),
            _ => None,
        }
    }
}

impl<'a> StreamLine<'a> {
    /// Reads a text that is one line.
    #[must_use]
    pub fn read(text: &'a str) -> Option<Self> {
        let mut json = Json::new(text);
        let line = Self::take(&mut json)?;
        json.is_at_end().then_some(line)
    }

    /// Reads a line that is a value among others.
    pub fn take(json: &mut Json<'a>) -> Option<Self> {
        let (mut seq, mut ts, mut kind) = (0, 0, None);
        let (mut fields, mut missed) = (Fields::default(), None);
        let text = json.spanned(&mut |json| {
            json.object(&mut |name, json| {
                match name {
                    "seq" => seq = json.number()?,
                    "ts" => ts = json.number()?,
                    "type" => kind = Some(json.string()?),
                    "missed" if missed.is_none() => {
                        missed = Some(json.skip()?);
                        fields.others += 1;
                    }
                    _ => {
                        let value = json.skip()?;
                        match FIELDS.iter().position(|own| *own == name) {
                            Some(place) if fields.values[place].is_none() => fields.values[place] = Some(value),
                            _ => fields.others += 1,
                        }
                    }
                }
                Some(())
            })
        })?;
        let kind = kind?;
        Some(match (kind.as_ref(), missed.and_then(Raw::number)) {
            ("Lagged", Some(missed)) => Self::Lagged(missed),
            ("Heartbeat", _) => Self::Heartbeat,
            _ => Self::Event(line(text, seq, ts, kind, &fields)),
        })
    }
}

fn line<'a>(text: &'a str, seq: u64, ts: u64, kind: Cow<'a, str>, fields: &Fields<'a>) -> Line<'a> {
    let pid = fields.number("pid");
    let known = known(&kind, fields);
    let is_known = known.is_some();
    let (event, used) = known.unwrap_or((Event::Unknown, 0));
    let routing = routing(fields).filter(|_| is_known);
    let rule = fields.text("rule").filter(|_| is_known);
    let outcome = fields
        .get("outcome")
        .filter(|_| is_known)
        .and_then(|raw| raw.word(Outcome::ALL, Outcome::name));
    let is_decided = routing.is_some_and(Routing::is_decided);
    let around = [pid.is_some(), is_decided, rule.is_some(), outcome.is_some()];
    let around = around.into_iter().filter(|is_there| *is_there).count();
    Line {
        text,
        seq,
        ts,
        kind,
        event,
        pid,
        outcome,
        routing,
        rule,
        is_plain: is_known && used + around == fields.count(),
    }
}

/// Decision about the event, or the reason why there is none.
fn routing(fields: &Fields<'_>) -> Option<Routing> {
    let text = |name| fields.get(name).map(|raw| raw.text);
    let depends = text("depends_on").is_some_and(|on| on != "[]");
    Routing::read(text("routing"), text("unhooked"), depends)
}

fn update(fields: &Fields<'_>) -> Option<ConnectionUpdate> {
    let text = |name| fields.text(name).map(Cow::into_owned);
    Some(ConnectionUpdate {
        protocol: text("protocol")?.into(),
        direction: fields
            .get("direction")?
            .word([Direction::Out, Direction::In], Direction::name)?,
        local: text("local")?,
        remote: text("remote")?,
        state: text("state")?.into(),
        bytes_in: fields.number("bytes_in"),
        bytes_out: fields.number("bytes_out"),
        rtt_us: fields.number("rtt_us"),
        duration_us: fields.number("duration_us"),
    })
}

fn listener(fields: &Fields<'_>) -> Option<ListenerUpdate> {
    let text = |name| fields.text(name).map(Cow::into_owned);
    Some(ListenerUpdate {
        protocol: text("protocol")?.into(),
        address: text("address")?,
        port: fields.number("port")?,
        arrivals: fields.number("arrivals"),
        open: fields.number("open"),
        last_ts: fields.number("last_ts"),
        bytes_in: fields.number("bytes_in"),
        bytes_out: fields.number("bytes_out"),
        note: text("note").map(Cow::Owned),
        closed: fields.get("closed").is_some_and(|raw| raw.text == "true"),
        holder: text("holder"),
        holder_pid: fields.number("holder_pid"),
    })
}

/// The event of a known type, and how many fields it has used, its process aside; `None` where the type is unknown or a
/// field is missing or of another shape.
fn known<'a>(kind: &str, fields: &Fields<'a>) -> Option<(Event<'a>, usize)> {
    Some(match kind {
        "FileOp" => {
            let path = if fields.is_absent("path") {
                None
            } else {
                Some(fields.text("path")?)
            };
            let used = 1 + usize::from(path.is_some());
            let operation = fields.text("operation")?;
            (Event::File { path, operation }, used)
        }
        "DnsQuery" => (
            Event::Dns {
                host: fields.text("host")?,
            },
            1,
        ),
        "OutgoingConnection" => {
            let protocol = fields.text("protocol");
            let used = 1 + usize::from(!fields.is_absent("port")) + usize::from(protocol.is_some());
            let port = if fields.is_absent("port") {
                0
            } else {
                fields.number("port")?
            };
            let address = fields.text("address")?;
            (
                Event::Connect {
                    address,
                    port,
                    protocol,
                },
                used,
            )
        }
        "PortSubscription" => {
            let (port, mode, filter) = (fields.number("port")?, fields.text("mode")?, fields.text("filter"));
            let used = 2 + usize::from(filter.is_some());
            let address = fields.text("address");
            let event = Event::Port {
                port,
                mode,
                filter,
                address,
            };
            (event, used)
        }
        "EnvVar" => {
            let vars = fields.get("vars")?;
            variables(vars, &mut |_, _| {})?;
            (Event::Env { vars }, 1)
        }
        "LayerConnected" => {
            let (pid, parent_pid) = (fields.number("pid")?, fields.number("parent_pid"));
            let process_name = fields.text("process_name");
            let cmdline = fields.get("cmdline").filter(|raw| words(*raw, &mut |_| {}).is_some());
            let cwd = fields.text("cwd");
            let used = [
                parent_pid.is_some(),
                process_name.is_some(),
                cmdline.is_some(),
                cwd.is_some(),
            ];
            let event = Event::Started {
                pid,
                parent_pid,
                process_name,
                cmdline,
                cwd,
            };
            (event, used.into_iter().filter(|used| *used).count())
        }
        "LayerDisconnected" => {
            let exit = Exit {
                code: fields.integer("exit_code"),
                signal: fields.text("signal").map(|signal| signal.into_owned().into()),
            };
            let used = usize::from(exit.code.is_some()) + usize::from(exit.signal.is_some());
            let pid = fields.number("pid")?;
            (Event::Ended { pid, exit }, used)
        }
        "ConnectionUpdate" => (Event::Update(Box::new(update(fields)?)), 0),
        "ListenerUpdate" => (Event::Listener(Box::new(listener(fields)?)), 0),
        "IncomingRequest" => {
            let (method, path, host) = (fields.text("method")?, fields.text("path")?, fields.text("host")?);
            (Event::Request { method, path, host }, 3)
        }
        _ => return None,
    })
}

/// Reads the words of a command line.
pub fn words<'a>(cmdline: Raw<'a>, each: &mut dyn FnMut(Cow<'a, str>)) -> Option<()> {
    cmdline.json().array(&mut |json| {
        each(json.string()?);
        Some(())
    })
}

/// The words of a command line; none where there is no command line.
#[must_use]
pub fn arguments(cmdline: Option<Raw<'_>>) -> Vec<String> {
    let mut arguments = Vec::new();
    // What is not an array of texts has been refused before.
    let _ = cmdline.and_then(|raw| words(raw, &mut |word| arguments.push(word.into_owned())));
    arguments
}

/// Reads environment variables: pairs of a name and a value or null, or names alone.
pub fn variables<'a>(vars: Raw<'a>, each: &mut dyn FnMut(Cow<'a, str>, Option<Cow<'a, str>>)) -> Option<()> {
    vars.json().array(&mut |json| {
        let variable = json.skip()?;
        if let Some(name) = variable.string() {
            each(name, None);
            return Some(());
        }
        let (mut parts, mut place) = ([None, None], 0);
        variable.json().array(&mut |json| {
            let part = json.skip()?;
            let is_text = part.string().is_some() || (place == 1 && part.is_null());
            *parts.get_mut(place)? = Some(part).filter(|_| is_text);
            place += 1;
            is_text.then_some(())
        })?;
        let [Some(name), Some(value)] = parts else { return None };
        each(name.string()?, value.string());
        Some(())
    })
}

/// An event line's text with every value of a variable replaced, by `null` where there is nothing in its place; any other text
/// as it is.
#[must_use]
pub fn without_values(text: &str, hidden: Option<&str>) -> String {
    let Some(Event::Env { vars }) = Line::read(text).map(|line| line.event) else {
        return text.to_owned();
    };
    let mut out = text.get(..vars.start).unwrap_or_default().to_owned();
    let mut separator = '[';
    let written = variables(vars, &mut |name, value| {
        out.push(separator);
        separator = ',';
        out.push('[');
        quote(&mut out, &name);
        out.push(',');
        match hidden.filter(|_| value.is_some()) {
            Some(hidden) => quote(&mut out, hidden),
            None => out.push_str("null"),
        }
        out.push(']');
    });
    if written.is_none() || separator == '[' {
        return text.to_owned();
    }
    out.push(']');
    out.push_str(text.get(vars.start + vars.text.len()..).unwrap_or_default());
    out
}

/// For tests: an event of the wire as the line that it is sent as.
#[cfg(test)]
pub(crate) fn sent<R>(line: &mirrord_wire::EventLine, read: impl FnOnce(&Line<'_>) -> R) -> R {
    let text = serde_json::to_string(line).unwrap();
    read(&Line::read(&text).unwrap())
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
