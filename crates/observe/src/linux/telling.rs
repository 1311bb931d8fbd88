//! What a call is called: from a record to the events of the session.
//!
//! One call is at most one event, but for a rename, which is two: the old path and the new, both `rename`, because an
//! editor that saves by renaming touches the file that the user knows by its new name. Questions for one name are one
//! look-up. Sockets without a port yet are looked for until they listen.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use mirrord_wire::{MonitorEvent, Observation};

use super::dns::{Lookups, question};
use super::queue::Call;
use super::{address, paths, procfs};

/// How long a socket is looked for.
const LISTENING_STARTS: Duration = Duration::from_secs(1);
/// Sockets that are looked for at a time; one beyond it is not reported. It takes a program that lets the kernel pick
/// its ports in `listen` itself to need one.
const MAX_SOUGHT: usize = 64;
/// How a Unix socket is written, as a released mirrord does.
const UNIX: &str = "<UNIX-PATH> ";

/// What is remembered between calls.
pub(crate) struct Telling {
    lookups: Lookups,
    sought: Vec<Sought>,
}

struct Sought {
    pid: u32,
    socket: u64,
    since: Instant,
}

impl Telling {
    pub(crate) fn new(lookups: Lookups) -> Self {
        Self {
            lookups,
            sought: Vec::new(),
        }
    }

    pub(crate) fn tell(&mut self, pid: u32, call: Call, sink: &mut impl FnMut(Observation)) {
        let event = match call {
            Call::File {
                directory,
                path,
                operation,
            } => MonitorEvent::FileOp {
                path: Some(paths::absolute(directory.as_deref(), &path)),
                operation: Cow::Borrowed(operation),
            },
            Call::Connect { ip, port, protocol } => MonitorEvent::OutgoingConnection {
                address: ip.to_string(),
                port,
                protocol: protocol.map(Cow::Borrowed),
            },
            Call::ConnectPath { directory, path } => unix(&paths::absolute(directory.as_deref(), &path)),
            Call::ConnectName(name) => unix(&address::abstract_name(&name)),
            Call::Listen { port } => listens(port),
            Call::ListenLater { socket } => {
                if self.sought.len() < MAX_SOUGHT {
                    let since = Instant::now();
                    self.sought.push(Sought { pid, socket, since });
                }
                return;
            }
            Call::Query(message) => match question(&message) {
                Some(question) if self.lookups.is_new(pid, &question, Instant::now()) => {
                    MonitorEvent::DnsQuery { host: question.name }
                }
                _ => return,
            },
        };
        sink(by(pid, event));
    }

    /// Tells the sockets that listen by now; true while others are looked for.
    pub(crate) fn look_for_ports(&mut self, sink: &mut impl FnMut(Observation)) -> bool {
        self.sought.retain(|sought| {
            let port = procfs::listening_port(sought.pid, sought.socket);
            if let Some(port) = port {
                sink(by(sought.pid, listens(port)));
            }
            port.is_none() && sought.since.elapsed() < LISTENING_STARTS
        });
        !self.sought.is_empty()
    }

    pub(crate) fn ended(&mut self, pid: u32) {
        self.sought.retain(|sought| sought.pid != pid);
    }
}

fn by(pid: u32, event: MonitorEvent) -> Observation {
    Observation {
        pid: Some(pid),
        ..event.into()
    }
}

fn unix(path: &str) -> MonitorEvent {
    MonitorEvent::OutgoingConnection {
        address: format!("{UNIX}{path}"),
        port: 0,
        protocol: Some(Cow::Borrowed("unix")),
    }
}

fn listens(port: u16) -> MonitorEvent {
    MonitorEvent::PortSubscription {
        port,
        mode: Cow::Borrowed("listen"),
        filter: None,
    }
}
