//! Converts captured calls into the events of the session.
//!
//! One call is at most one event, but for a rename, which is two: the old path and the new, both `rename`, because an
//! editor that saves by renaming touches the file that the user knows by its new name. Questions for one name are one
//! look-up. Sockets without a port yet are polled until they listen.

use std::borrow::Cow;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mirrord_wire::{DecisionDetail, MonitorEvent, Observation, Outcome};

use super::connect_outcome::ConnectOutcomes;
use super::datagrams::{Datagrams, Pending};
use super::dns::{Lookups, parse_question};
use super::process::Process;
use super::queue::{Call, Datagram, Destination, LocatedPath};
use super::sockets::{datagram_inode, datagram_socket};
use super::{address, paths, procfs};

/// Time for which a socket is polled until it listens.
const LISTEN_TIMEOUT: Duration = Duration::from_secs(1);
/// Sockets that are looked for at a time; one beyond it is not reported. It takes a program that lets the kernel pick
/// its ports in `listen` itself to need one.
const MAX_PENDING_LISTENS: usize = 64;
/// Prefix of a Unix socket's path, as a released mirrord has it.
const UNIX: &str = "<UNIX-PATH> ";

/// State between calls.
pub(crate) struct EventBuilder {
    lookups: Lookups,
    pub(crate) connects: ConnectOutcomes,
    datagrams: Datagrams,
    pending_listens: Vec<PendingListen>,
}

/// The processes that are known to run, for looks at their sockets.
pub(crate) type Alive = HashMap<u32, Arc<Process>>;

struct PendingListen {
    pid: u32,
    tid: u32,
    socket: u64,
    since: Instant,
}

impl EventBuilder {
    pub(crate) fn new(lookups: Lookups, connects: ConnectOutcomes) -> Self {
        Self {
            lookups,
            connects,
            datagrams: Datagrams::default(),
            pending_listens: Vec::new(),
        }
    }

    /// Emits the events of a call; `outcome` is that of its path.
    pub(crate) fn emit(
        &mut self,
        (pid, call): (u32, Call),
        outcome: Option<Outcome>,
        alive: &Alive,
        sink: &mut impl FnMut(Observation),
    ) {
        let event = match call {
            Call::File {
                located,
                operation,
                asked,
                by_loader,
                ..
            } => {
                let needs_write = asked.is_some_and(|asked| asked.question.needs_write());
                let mut observation = file(pid, &located, (operation, needs_write), outcome);
                if by_loader {
                    observation.detail.get_or_insert_default().by_loader = true;
                }
                return sink(observation);
            }
            Call::Connect {
                ip,
                port,
                protocol,
                socket,
                ..
            } => {
                let outcome = self.connects.of_tcp(pid, (ip, port), socket);
                return sink(with_outcome(with_pid(pid, connection(ip, port, protocol)), outcome));
            }
            Call::ConnectDatagram { tid, inode, datagram } => {
                let early = self.datagrams.connected(pid, tid, inode, datagram, Instant::now());
                return emit_if_connected(early, alive, sink);
            }
            Call::Sent { tid, fd, to } => {
                let inode = alive.get(&pid).and_then(|own| datagram_inode(own, tid, fd));
                if self.datagrams.is_first(pid, fd, to.clone(), inode) {
                    sink(datagram_sent(pid, to));
                }
                return;
            }
            Call::ConnectPath { located, socket, .. } => {
                let is_missing = outcome == Some(Outcome::NotFound);
                let outcome = self.connects.of_unix(socket, is_missing);
                return sink(with_outcome(unix_path(pid, &located), outcome));
            }
            Call::ConnectName { name, socket } => {
                let outcome = self.connects.of_unix(socket, false);
                let event = unix_connection(&address::abstract_name(&name));
                return sink(with_outcome(with_pid(pid, event), outcome));
            }
            Call::Listen { bound } => port_subscription(bound.address.port(), Some(bound.text())),
            // Their outcomes are found by `sock_diag`.
            Call::ListenUnix { .. } | Call::Bind { .. } => return,
            Call::ListenLater { tid, socket } => return self.await_listen(pid, tid, socket),
            Call::Query { fd, message } => {
                if let Some(used) = self.datagrams.take_used(pid, fd) {
                    sink(with_pid(pid, udp_connection(used.to)));
                }
                match parse_question(&message) {
                    Some(question) if self.lookups.is_new(pid, &question, Instant::now()) => {
                        MonitorEvent::DnsQuery { host: question.name }
                    }
                    _ => return,
                }
            }
            Call::IoUring => MonitorEvent::incomplete("io_uring", pid),
            Call::SocketsHidden => MonitorEvent::outcomes_unavailable("connections", pid),
        };
        sink(with_pid(pid, event));
    }

    fn await_listen(&mut self, pid: u32, tid: u32, socket: u64) {
        if self.pending_listens.len() < MAX_PENDING_LISTENS {
            let since = Instant::now();
            self.pending_listens.push(PendingListen {
                pid,
                tid,
                socket,
                since,
            });
        }
    }

    /// Emits the ports of those sockets that a program was started with which listen (`LISTEN_FDS`, `sd_listen_fds(3)`).
    pub(crate) fn emit_inherited_ports(pid: u32, inherited: &[u64], sink: &mut impl FnMut(Observation)) {
        let ports = inherited
            .iter()
            .filter_map(|socket| procfs::listening_port(pid, *socket));
        let mut ports: Vec<u16> = ports.collect();
        ports.sort_unstable();
        ports.dedup();
        ports
            .into_iter()
            .for_each(|port| sink(with_pid(pid, port_subscription(port, None))));
    }

    /// Emits the sockets that listen, or are still connected, by now; true while others are pending.
    pub(crate) fn look_at_sockets(&mut self, alive: &Alive, sink: &mut impl FnMut(Observation)) -> bool {
        let due = self.datagrams.take_due(Instant::now());
        due.into_iter()
            .for_each(|pending| emit_if_connected(Some(pending), alive, sink));
        self.pending_listens.retain(|listen| {
            let port = procfs::listening_port(listen.tid, listen.socket);
            if let Some(port) = port {
                sink(with_pid(listen.pid, port_subscription(port, None)));
            }
            port.is_none() && listen.since.elapsed() < LISTEN_TIMEOUT
        });
        !self.pending_listens.is_empty() || self.datagrams.is_waiting()
    }

    pub(crate) fn ended(&mut self, pid: u32) {
        self.pending_listens.retain(|listen| listen.pid != pid);
        self.datagrams.ended(pid);
        self.connects.ended(pid);
    }
}

/// The event of a file operation; with it, whether a permission to write was asked for.
pub(crate) fn file(
    pid: u32,
    located: &LocatedPath,
    (operation, needs_write): (&'static str, bool),
    outcome: Option<Outcome>,
) -> Observation {
    let path = paths::absolute(located.directory.as_deref(), &located.path);
    let detail = DecisionDetail {
        passed: Some(paths::escape(&located.path)).filter(|passed| *passed != path),
        write: is_write(operation, needs_write, located),
        // A released mirrord follows the descriptor, whose side is known to no rule.
        depends_on: if located.has_dirfd && located.directory.is_some() {
            vec!["dirfd".to_owned()]
        } else {
            Vec::new()
        },
        ..DecisionDetail::default()
    };
    let event = MonitorEvent::FileOp {
        path: Some(path),
        operation: Cow::Borrowed(operation),
    };
    let mut observation = with_outcome(with_root(with_pid(pid, event), located), outcome);
    observation.detail = (detail != DecisionDetail::default()).then(|| Box::new(detail));
    observation
}

/// Reports an operation that a released mirrord decides as a write. A quirk of it: `fstatat(2)` of an absolute path with
/// a descriptor is one (`layer/src/file/ops.rs`).
fn is_write(operation: &str, needs_write: bool, located: &LocatedPath) -> bool {
    match operation {
        "write" | "mkdir" | "rmdir" | "unlink" => true,
        "access" => needs_write,
        "stat" => located.has_dirfd && located.directory.is_none(),
        _ => false,
    }
}

fn with_outcome(observation: Observation, outcome: Option<Outcome>) -> Observation {
    Observation { outcome, ..observation }
}

/// Emits a connected datagram socket if it is still connected.
fn emit_if_connected(pending: Option<Pending>, alive: &Alive, sink: &mut impl FnMut(Observation)) {
    let Some(pending) = pending else {
        return;
    };
    let process = alive.get(&pending.pid);
    let now = process.and_then(|process| datagram_socket(process, pending.tid, pending.to.fd));
    if pending.is_still_connected(now.as_ref()) {
        sink(with_pid(pending.pid, udp_connection(pending.to)));
    }
}

fn datagram_sent(pid: u32, to: Destination) -> Observation {
    match to {
        Destination::Internet { ip, port } => Observation {
            detail: Some(Box::new(DecisionDetail {
                sendto: true,
                ..DecisionDetail::default()
            })),
            ..with_pid(pid, connection(ip, port, Some("udp")))
        },
        Destination::Path(located) => unix_path(pid, &located),
        Destination::Name(name) => with_pid(pid, unix_connection(&address::abstract_name(&name))),
    }
}

fn udp_connection(to: Datagram) -> MonitorEvent {
    connection(to.ip, to.port, Some("udp"))
}

fn connection(ip: IpAddr, port: u16, protocol: Option<&'static str>) -> MonitorEvent {
    MonitorEvent::OutgoingConnection {
        address: ip.to_string(),
        port,
        protocol: protocol.map(Cow::Borrowed),
    }
}

/// Adds the root directory that the path starts at.
fn with_root(observation: Observation, located: &LocatedPath) -> Observation {
    Observation {
        root: located.root.as_ref().map(|root| Cow::Owned(root.to_string())),
        ..observation
    }
}

pub(crate) fn with_pid(pid: u32, event: MonitorEvent) -> Observation {
    Observation {
        pid: Some(pid),
        ..event.into()
    }
}

fn unix_path(pid: u32, located: &LocatedPath) -> Observation {
    let path = paths::absolute(located.directory.as_deref(), &located.path);
    with_root(with_pid(pid, unix_connection(&path)), located)
}

fn unix_connection(path: &str) -> MonitorEvent {
    MonitorEvent::OutgoingConnection {
        address: format!("{UNIX}{path}"),
        port: 0,
        protocol: Some(Cow::Borrowed("unix")),
    }
}

fn port_subscription(port: u16, address: Option<String>) -> MonitorEvent {
    MonitorEvent::PortSubscription {
        port,
        mode: Cow::Borrowed("listen"),
        filter: None,
        address,
    }
}
