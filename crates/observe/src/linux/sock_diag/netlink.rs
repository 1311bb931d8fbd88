//! Messages of `sock_diag(7)`: dumps of sockets, filtered by port in the kernel, and notices of sockets that were destroyed.
//!
//! Nothing here needs privileges, and nothing changes in the sockets that are read.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use netlink_packet_core::{NLM_F_DUMP, NLM_F_REQUEST, NetlinkHeader, NetlinkMessage, NetlinkPayload};
use netlink_packet_sock_diag::SockDiagMessage;
use netlink_packet_sock_diag::inet::nlas::Nla;
use netlink_packet_sock_diag::inet::{ExtensionFlags, InetRequest, InetResponse, SocketId, StateFlags};
use netlink_packet_sock_diag::unix::nlas::{Nla as UnixNla, UnixDiagName};
use netlink_packet_sock_diag::unix::{ShowFlags, StateFlags as UnixStates, UnixRequest};
use netlink_sys::{Socket, SocketAddr as NetlinkAddr, protocols::NETLINK_SOCK_DIAG};
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::bpf;
use super::socket::{Bytes, TcpSocket, TcpState, UdpSocket, UnixSocket};

/// Buffer of one read; the kernel fills at most 32 KiB of it.
const BUFFER_BYTES: usize = 64 * 1024;
/// Room for notices that have yet to be read; each takes about 1 KiB of it.
const RECEIVE_BUFFER_BYTES: i32 = 4 * 1024 * 1024;
/// Time for which a dump waits for more of itself.
const DUMP_TIMEOUT: Duration = Duration::from_secs(1);
/// Sockets of one dump that are read; the rest is left out, which a dump reports.
const MAX_DUMPED: usize = 65_536;
/// Ports that are filtered by; beyond it every socket is dumped.
const MAX_FILTER_PORTS: usize = 256;

/// Multicast groups of destroyed TCP sockets, IPv4 and IPv6 (`linux/sock_diag.h`).
const DESTROY_GROUPS: [u32; 2] = [1, 3];
/// Attribute with a filter, and its instructions (`linux/inet_diag.h`).
const REQ_BYTECODE: u16 = 1;
const BC_JMP: u8 = 1;
const BC_S_GE: u8 = 2;
const BC_D_GE: u8 = 4;

/// Ports that are of interest.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Ports {
    pub(super) local: Vec<u16>,
    pub(super) remote: Vec<u16>,
}

impl Ports {
    pub(super) fn is_empty(&self) -> bool {
        self.local.is_empty() && self.remote.is_empty()
    }

    fn fits(&self) -> bool {
        self.local.len() + self.remote.len() <= MAX_FILTER_PORTS
    }

    /// The filter for a dump: sockets with one of these local or one of these remote ports. Of each port three
    /// instructions: not below it, not above it, and then to the end, which accepts.
    fn bytecode(&self) -> Vec<u8> {
        const BLOCK: usize = 20;
        let local = self.local.iter().map(|port| (BC_S_GE, *port));
        let tests: Vec<_> = local.chain(self.remote.iter().map(|port| (BC_D_GE, *port))).collect();
        let mut left = tests.len() * BLOCK;
        let mut code = Vec::with_capacity(left);
        let mut op = |code_of: u8, yes: u8, no: usize| {
            code.extend([code_of, yes]);
            code.extend(u16::try_from(no).unwrap_or(u16::MAX).to_ne_bytes());
        };
        for (at_least, port) in tests {
            // To the next port, and behind the end, which rejects, from the last one.
            let next = if left == BLOCK { BLOCK + 4 } else { BLOCK };
            op(at_least, 8, next);
            op(0, 0, usize::from(port));
            op(at_least + 1, 8, next - 8);
            op(0, 0, usize::from(port));
            op(BC_JMP, 4, left - 16);
            left -= BLOCK;
        }
        code
    }
}

/// A socket for dumps.
pub(super) struct Diag {
    socket: Socket,
    buffer: Vec<u8>,
}

impl Diag {
    pub(super) fn open() -> io::Result<Self> {
        let mut socket = Socket::new(NETLINK_SOCK_DIAG)?;
        socket.bind_auto()?;
        socket.connect(&NetlinkAddr::new(0, 0))?;
        Ok(Self {
            socket,
            buffer: Vec::with_capacity(BUFFER_BYTES),
        })
    }

    /// The TCP sockets with one of these ports, but for those in TIME_WAIT.
    pub(super) fn tcp(&mut self, ports: &Ports, each: &mut dyn FnMut(TcpSocket)) -> io::Result<()> {
        let states = StateFlags::all() - StateFlags::TIME_WAIT - StateFlags::CLOSE;
        self.inet(libc::IPPROTO_TCP, states, Some(ports), &mut |response| {
            tcp_socket(response).into_iter().for_each(&mut *each);
        })
    }

    /// The TCP sockets that listen, whatever their ports.
    pub(super) fn tcp_listeners(&mut self, each: &mut dyn FnMut(TcpSocket)) -> io::Result<()> {
        self.inet(libc::IPPROTO_TCP, StateFlags::LISTEN, None, &mut |response| {
            tcp_socket(response).into_iter().for_each(&mut *each);
        })
    }

    /// The UDP sockets that are bound to one of these ports.
    pub(super) fn udp(&mut self, ports: &Ports, each: &mut dyn FnMut(UdpSocket)) -> io::Result<()> {
        self.inet(libc::IPPROTO_UDP, StateFlags::all(), Some(ports), &mut |response| {
            let id = &response.header.socket_id;
            each(UdpSocket {
                inode: u64::from(response.header.inode),
                port: id.source_port,
                is_connected: id.destination_port != 0,
            });
        })
    }

    fn inet(
        &mut self,
        protocol: i32,
        states: StateFlags,
        ports: Option<&Ports>,
        each: &mut dyn FnMut(&InetResponse),
    ) -> io::Result<()> {
        for (family, id) in [
            (libc::AF_INET, SocketId::new_v4()),
            (libc::AF_INET6, SocketId::new_v6()),
        ] {
            let request = InetRequest {
                family: family as u8,
                protocol: protocol as u8,
                extensions: ExtensionFlags::INFO,
                states: states.clone(),
                socket_id: id,
            };
            let filter = ports
                .filter(|ports| ports.fits())
                .map(Ports::bytecode)
                .unwrap_or_default();
            self.dump(SockDiagMessage::InetRequest(request), &filter, &mut |message| {
                if let SockDiagMessage::InetResponse(response) = message {
                    each(&response);
                }
            })?;
        }
        Ok(())
    }

    /// The Unix stream sockets that have a name: those that listen, and their connections.
    pub(super) fn unix(&mut self, each: &mut dyn FnMut(UnixSocket)) -> io::Result<()> {
        let request = UnixRequest {
            state_flags: UnixStates::LISTEN | UnixStates::ESTABLISHED,
            inode: 0,
            show_flags: ShowFlags::NAME,
            cookie: [0xff; 8],
        };
        self.dump(SockDiagMessage::UnixRequest(request), &[], &mut |message| {
            if let SockDiagMessage::UnixResponse(response) = message {
                let name = response.nlas.iter().find_map(|nla| match nla {
                    UnixNla::Name(UnixDiagName::Pathname(path)) => Some((true, path.as_bytes().to_vec())),
                    UnixNla::Name(UnixDiagName::Abstract(name)) => Some((false, name.to_vec())),
                    _ => None,
                });
                if let Some(name) = name {
                    each(UnixSocket {
                        inode: u64::from(response.header.inode),
                        listens: response.header.state == TcpState::LISTEN.0,
                        name,
                    });
                }
            }
        })
    }

    fn dump(
        &mut self,
        message: SockDiagMessage,
        filter: &[u8],
        each: &mut dyn FnMut(SockDiagMessage),
    ) -> io::Result<()> {
        let mut header = NetlinkHeader::default();
        header.flags = NLM_F_REQUEST | NLM_F_DUMP;
        let mut packet = NetlinkMessage::new(header, NetlinkPayload::from(message));
        packet.finalize();
        let mut bytes = vec![0; packet.buffer_len()];
        packet.serialize(&mut bytes);
        append_attribute(&mut bytes, REQ_BYTECODE, filter);
        self.socket.send(&bytes, 0)?;
        let mut count = 0;
        loop {
            wait(self.socket.as_fd(), DUMP_TIMEOUT)?;
            self.buffer.clear();
            self.socket.recv(&mut self.buffer, libc::MSG_DONTWAIT)?;
            let mut done = None;
            for_each_message(&self.buffer, &mut |payload| match payload {
                NetlinkPayload::InnerMessage(message) => {
                    count += 1;
                    if count <= MAX_DUMPED {
                        each(message);
                    }
                }
                NetlinkPayload::Done(_) => done = Some(Ok(())),
                NetlinkPayload::Error(error) => done = Some(Err(error.to_io())),
                _ => {}
            });
            if let Some(done) = done {
                return done;
            }
        }
    }
}

/// A subscription to TCP sockets that are destroyed: each is announced once, with its last numbers.
pub(super) struct DestroyedSockets {
    socket: Socket,
    /// Ports that alone are received; everything is, where there are none.
    filtered: Mutex<Ports>,
}

impl DestroyedSockets {
    pub(super) fn subscribe() -> io::Result<Self> {
        let mut socket = Socket::new(NETLINK_SOCK_DIAG)?;
        socket.bind_auto()?;
        // As much as the system allows: a notice that finds no room is lost.
        let _ = socket.set_rx_buf_sz(RECEIVE_BUFFER_BYTES);
        for group in DESTROY_GROUPS {
            socket.add_membership(group)?;
        }
        Ok(Self {
            socket,
            filtered: Mutex::default(),
        })
    }

    /// Has the kernel leave out what has none of these ports. Best effort: what is not of interest is ignored anyway.
    pub(super) fn filter(&self, ports: &Ports) {
        let mut filtered = self.filtered.lock().unwrap_or_else(PoisonError::into_inner);
        if *filtered != *ports && ports.local.len() + ports.remote.len() <= bpf::MAX_TESTS {
            filtered.clone_from(ports);
            let _ = bpf::attach(self.socket.as_fd(), &ports.local, &ports.remote);
        }
    }

    /// Has the kernel leave out nothing, unless `remote` is a port that it does not leave out; true where it did leave out some.
    pub(super) fn open(&self, remote: Option<u16>) -> bool {
        let mut filtered = self.filtered.lock().unwrap_or_else(PoisonError::into_inner);
        let is_known = remote.is_some_and(|port| filtered.remote.binary_search(&port).is_ok());
        if is_known || filtered.is_empty() {
            return false;
        }
        *filtered = Ports::default();
        bpf::detach(self.socket.as_fd());
        true
    }

    /// Reads what was announced; true where some was lost, since it came faster than it was read.
    pub(super) fn read(&self, buffer: &mut Vec<u8>, each: &mut dyn FnMut(TcpSocket)) -> bool {
        let mut lost = false;
        for _ in 0..MAX_DUMPED {
            buffer.clear();
            buffer.reserve(BUFFER_BYTES);
            match self.socket.recv(buffer, libc::MSG_DONTWAIT) {
                Ok(_) => for_each_message(buffer, &mut |payload| {
                    if let NetlinkPayload::InnerMessage(SockDiagMessage::InetResponse(response)) = payload {
                        tcp_socket(&response).into_iter().for_each(&mut *each);
                    }
                }),
                Err(error) if error.raw_os_error() == Some(libc::ENOBUFS) => lost = true,
                Err(_) => break,
            }
        }
        lost
    }
}

impl AsFd for DestroyedSockets {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

fn wait(fd: BorrowedFd<'_>, at_most: Duration) -> io::Result<()> {
    let timeout = Timespec::try_from(at_most).map_err(|_| io::ErrorKind::InvalidInput)?;
    match poll(&mut [PollFd::new(&fd, PollFlags::IN)], Some(&timeout)) {
        Ok(0) => Err(io::ErrorKind::TimedOut.into()),
        Ok(_) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn append_attribute(message: &mut Vec<u8>, kind: u16, value: &[u8]) {
    if value.is_empty() {
        return;
    }
    message.extend((value.len() as u16 + 4).to_ne_bytes());
    message.extend(kind.to_ne_bytes());
    message.extend(value);
    message.resize(message.len().next_multiple_of(4), 0);
    let length = message.len() as u32;
    message[..4].copy_from_slice(&length.to_ne_bytes());
}

fn for_each_message(mut bytes: &[u8], each: &mut dyn FnMut(NetlinkPayload<SockDiagMessage>)) {
    while let Some(length) = bytes.first_chunk::<4>() {
        let length = u32::from_ne_bytes(*length) as usize;
        // One that cannot be read does not hide those behind it.
        if let Ok(message) = NetlinkMessage::<SockDiagMessage>::deserialize(bytes) {
            each(message.payload);
        }
        bytes = bytes.get(length.next_multiple_of(4).max(16)..).unwrap_or_default();
    }
}

/// Reads a socket; `None` for what the kernel keeps in place of one that was closed before the other end's.
///
/// That (`struct inet_timewait_sock`, in FIN_WAIT2 for up to a minute) has a cookie of its own and no `tcp_info`: taken for a
/// socket it would be one more connection.
fn tcp_socket(response: &InetResponse) -> Option<TcpSocket> {
    let header = &response.header;
    let id = &header.socket_id;
    let info = response.nlas.iter().find_map(|nla| match nla {
        Nla::TcpInfo(info) => Some(info),
        _ => None,
    });
    if TcpState(header.state) == TcpState::FIN_WAIT2 && info.is_none() {
        return None;
    }
    Some(TcpSocket {
        cookie: u64::from_ne_bytes(id.cookie),
        inode: u64::from(header.inode),
        state: TcpState(header.state),
        local: (id.source_address.to_canonical(), id.source_port).into(),
        is_v6: header.family == libc::AF_INET6 as u8,
        only_v6: response.nlas.iter().any(|nla| matches!(nla, Nla::SkV6Only(true))),
        remote: (id.destination_address.to_canonical(), id.destination_port).into(),
        bytes: info.map(|info| Bytes {
            received: info.bytes_received,
            acked: info.bytes_acked,
            sent: info.bytes_sent.saturating_sub(info.bytes_retrans),
            rtt_us: info.rtt,
        }),
    })
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::net::{TcpListener, TcpStream};
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_dump_has_the_sockets_with_a_port_and_no_others() {
        let wanted = TcpListener::bind("127.0.0.1:0").unwrap();
        let other = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = wanted.local_addr().unwrap().port();
        let client = TcpStream::connect(wanted.local_addr().unwrap()).unwrap();
        let mut diag = Diag::open().unwrap();
        let mut dump = |local: &[u16], remote: &[u16]| {
            let ports = Ports {
                local: local.to_vec(),
                remote: remote.to_vec(),
            };
            let mut found = Vec::new();
            diag.tcp(&ports, &mut |socket| found.push(socket)).unwrap();
            found
        };
        let found = dump(&[1, port], &[]);
        assert!(found.iter().all(|socket| socket.local.port() == port), "{found:?}");
        assert!(found.iter().any(|socket| socket.state == TcpState::LISTEN));
        let found = dump(&[1, 2, 3], &[4, port]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].local, client.local_addr().unwrap());
        assert!(dump(&[1], &[]).is_empty());
        let many: Vec<u16> = (1..=200).chain([other.local_addr().unwrap().port()]).collect();
        assert_eq!(dump(&many, &[]).len(), 1);
    }

    #[test]
    fn what_is_left_of_a_socket_that_was_closed_first_is_none() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let mut client = TcpStream::connect(address).unwrap();
        drop(listener.accept().unwrap());
        assert_eq!(client.read(&mut [0]).unwrap(), 0);
        let mut diag = Diag::open().unwrap();
        let ports = Ports {
            local: vec![address.port()],
            remote: vec![],
        };
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let mut found = Vec::new();
            diag.tcp(&ports, &mut |socket| found.push(socket.state)).unwrap();
            if found == [TcpState::LISTEN] {
                break;
            }
            // The socket itself, until the client's system has acknowledged its end.
            assert!(Instant::now() < deadline, "{found:?}");
            std::thread::yield_now();
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            for_each_message(&bytes, &mut |_| {});
        }

        #[test]
        fn any_answer_of_a_right_length_is_survived(body in proptest::collection::vec(any::<u8>(), 0..400), kind in 0_u16..30) {
            let mut bytes = (body.len() as u32 + 16).to_ne_bytes().to_vec();
            bytes.extend(kind.to_ne_bytes());
            bytes.extend([0; 10]);
            bytes.extend(&body);
            for_each_message(&bytes, &mut |payload| {
                if let NetlinkPayload::InnerMessage(SockDiagMessage::InetResponse(response)) = payload {
                    let _ = tcp_socket(&response);
                }
            });
        }
    }
}
