//! Sockets as the kernel lists them, and the words and numbers that are made of them.

use std::net::SocketAddr;

/// State of a TCP socket, by its number in the kernel (`net/tcp_states.h`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TcpState(pub(crate) u8);

impl TcpState {
    pub(crate) const SYN_SENT: Self = Self(2);
    pub(crate) const SYN_RECV: Self = Self(3);
    pub(crate) const FIN_WAIT2: Self = Self(5);
    pub(crate) const LISTEN: Self = Self(10);
    pub(crate) const NEW_SYN_RECV: Self = Self(12);

    /// The kernel's word for it.
    pub(crate) fn word(self) -> &'static str {
        const WORDS: [&str; 13] = [
            "unknown",
            "established",
            "syn_sent",
            "syn_recv",
            "fin_wait1",
            "fin_wait2",
            "time_wait",
            "closed",
            "close_wait",
            "last_ack",
            "listen",
            "closing",
            "syn_recv",
        ];
        WORDS.get(usize::from(self.0)).copied().unwrap_or("unknown")
    }

    /// Returns whether the other end has sent its last byte, which the kernel counts as one more.
    fn has_received_fin(self) -> bool {
        matches!(self.0, 6..=9 | 11)
    }

    /// Returns whether the handshake is over.
    fn was_established(self) -> bool {
        !matches!(self, Self::SYN_SENT | Self::SYN_RECV | Self::NEW_SYN_RECV) && self.0 != 7
    }
}

/// Numbers of `tcp_info` (`tcp(7)`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Bytes {
    /// Bytes received, and one for a FIN.
    pub(crate) received: u64,
    /// Bytes acknowledged by the other end, one for a SYN and one for a FIN.
    pub(crate) acked: u64,
    /// Bytes sent, each once.
    pub(crate) sent: u64,
    pub(crate) rtt_us: u32,
}

/// A TCP socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TcpSocket {
    /// Number that no other socket of this boot has (`SO_COOKIE`, `socket(7)`).
    pub(crate) cookie: u64,
    /// 0 where no process has it open.
    pub(crate) inode: u64,
    pub(crate) state: TcpState,
    pub(crate) local: SocketAddr,
    pub(crate) remote: SocketAddr,
    pub(crate) is_v6: bool,
    pub(crate) only_v6: bool,
    pub(crate) bytes: Option<Bytes>,
}

impl TcpSocket {
    /// Bytes of the program's own that came in and that went out and were acknowledged. A FIN counts as a byte in the
    /// kernel's numbers; that one arrived is certain in some states only, so that after a reset it is one less.
    pub(crate) fn payload(&self) -> Option<(u64, u64)> {
        let bytes = self.bytes?;
        let fin = u64::from(self.state.has_received_fin());
        Some((bytes.received.saturating_sub(fin), bytes.sent.min(bytes.acked)))
    }

    /// Returns whether the handshake was completed, for a socket that may be closed: a SYN that was answered is counted.
    pub(crate) fn was_established(&self) -> bool {
        self.state.was_established() || self.bytes.is_some_and(|bytes| bytes.acked > 0 || bytes.received > 0)
    }
}

/// A UDP socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UdpSocket {
    pub(crate) inode: u64,
    pub(crate) port: u16,
    pub(crate) is_connected: bool,
}

/// A Unix stream socket with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnixSocket {
    pub(crate) inode: u64,
    pub(crate) listens: bool,
    /// A path in the file system, or a name without one.
    pub(crate) name: (bool, Vec<u8>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fin_and_a_syn_are_no_bytes_of_the_program() {
        let socket = |state, received, acked, sent| TcpSocket {
            cookie: 1,
            inode: 1,
            state: TcpState(state),
            local: "10.0.0.1:80".parse().unwrap(),
            remote: "10.0.0.2:80".parse().unwrap(),
            is_v6: false,
            only_v6: false,
            bytes: Some(Bytes {
                received,
                acked,
                sent,
                rtt_us: 1,
            }),
        };
        assert_eq!(socket(7, 6, 7, 5).payload(), Some((5, 5)));
        assert_eq!(socket(1, 5, 6, 5).payload(), Some((5, 5)));
        assert_eq!(socket(1, 5, 3, 50).payload(), Some((5, 3)), "in flight");
        assert!(!socket(7, 0, 0, 0).was_established() && socket(7, 0, 1, 0).was_established());
    }
}
