//! Memory of a connection in a proxy: of all its processes, each page divided by the number of those that map it.

use std::fs;
use std::net::TcpStream;

use crate::Failure;
use crate::load;
use crate::peers::Peer;

/// KiB a connection: after one echo, and after a megabyte has passed each way.
pub(crate) fn a_connection(peer: &Peer, count: usize) -> Result<(f64, f64), Failure> {
    let pid = peer.pid().ok_or("it has no process")?;
    let before = of_family(pid)?;
    let mut open: Vec<TcpStream> = (0..count)
        .map(|_| load::resting(peer.address))
        .collect::<Result<_, _>>()?;
    let idle = of_family(pid)?.saturating_sub(before);
    for stream in &mut open {
        for _ in 0..64 {
            load::echo(stream, &[7; 16 * 1024])?;
        }
    }
    let used = of_family(pid)?.saturating_sub(before);
    #[expect(clippy::cast_precision_loss, reason = "some hundred connections")]
    let each = |kib: u64| kib as f64 / count as f64;
    Ok((each(idle), each(used)))
}

/// The proportional set size of a process and of all that it has started, in KiB.
fn of_family(pid: u32) -> Result<u64, Failure> {
    let mut family = vec![pid];
    let mut place = 0;
    let parents: Vec<(u32, u32)> = fs::read_dir("/proc")?
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(|own| Some((own, parent(own)?)))
        .collect();
    while let Some(&elder) = family.get(place) {
        family.extend(
            parents
                .iter()
                .filter(|(_, parent)| *parent == elder)
                .map(|(own, _)| *own),
        );
        place += 1;
    }
    Ok(family.iter().filter_map(|own| proportional(*own)).sum())
}

fn parent(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold anything.
    stat.rsplit_once(')')?.1.split_ascii_whitespace().nth(1)?.parse().ok()
}

fn proportional(pid: u32) -> Option<u64> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = rollup.lines().find(|line| line.starts_with("Pss:"))?;
    line.split_ascii_whitespace().nth(1)?.parse().ok()
}
