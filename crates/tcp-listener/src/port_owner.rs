//! Owner of a busy port, for an error message: on Linux by `/proc/net/tcp` and the file descriptors of the processes that
//! this user may inspect.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;

/// Bytes read of a table of sockets; the owner of a later one is not found.
const MAX_TABLE_BYTES: u64 = 4 * 1024 * 1024;
/// Processes that are inspected; the owner of a port among others is not found.
const MAX_PROCESSES: usize = 8_192;

/// Returns "port 4096 is in use by nginx (process 812)", as far as it is known.
#[must_use]
pub fn describe_port_owner(address: SocketAddr) -> String {
    let port = address.port();
    match owner(address) {
        Some((pid, _)) if pid == std::process::id() => format!("port {port} is in use by this process itself"),
        Some((pid, name)) => format!("port {port} is in use by {name} (process {pid})"),
        None => format!("port {port} is in use by another program"),
    }
}

fn owner(address: SocketAddr) -> Option<(u32, String)> {
    let inodes: Vec<_> = ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .flat_map(|table| listening(table, address.port()))
        .collect();
    let sockets: Vec<_> = inodes.iter().map(|inode| format!("socket:[{inode}]")).collect();
    let processes = fs::read_dir("/proc").ok()?.flatten().take(MAX_PROCESSES);
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let has = |pid: &u32| {
        let descriptors = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
        let mut links = descriptors.filter_map(|entry| fs::read_link(entry.path()).ok());
        links.any(|link| sockets.iter().any(|socket| link.as_os_str() == socket.as_str()))
    };
    let pid = pids.into_iter().find(has)?;
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    let name = name.trim_end().escape_default().to_string();
    Some((pid, if name.is_empty() { "a program".to_owned() } else { name }))
}

/// Returns the inodes of the sockets that listen on a port: the second field is the address and the port, the fourth the state (0A listens),
/// the tenth the inode (proc_net_tcp, kernel documentation).
fn listening(table: &str, port: u16) -> Vec<u64> {
    let Ok(file) = fs::File::open(table) else {
        return Vec::new();
    };
    let lines = BufReader::new(file.take(MAX_TABLE_BYTES)).lines().map_while(Result::ok);
    lines.filter_map(|line| inode_listening(&line, port)).collect()
}

fn inode_listening(line: &str, port: u16) -> Option<u64> {
    let mut fields = line.split_ascii_whitespace();
    let (_, own) = fields.nth(1)?.rsplit_once(':')?;
    let own = u16::from_str_radix(own, 16).ok()?;
    let state = fields.nth(1)?;
    (own == port && state == "0A").then_some(())?;
    fields.nth(5)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "   0: 0200007F:1000 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 48213 1 0 100 0 0 10 0";

    #[test]
    fn a_table_is_read_by_its_columns() {
        assert_eq!(inode_listening(LINE, 4096), Some(48213));
        assert_eq!(inode_listening(LINE, 4097), None);
        assert_eq!(inode_listening(&LINE.replace(" 0A ", " 01 "), 4096), None);
        for odd in ["", "sl local_address", "0: x 0A", "  0: 0200007F:1000"] {
            assert_eq!(inode_listening(odd, 4096), None, "{odd}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_listening_process_is_found() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        assert!(describe_port_owner(address).ends_with("this process itself"));
        drop(listener);
        assert!(describe_port_owner(address).ends_with("another program"));
    }
}
