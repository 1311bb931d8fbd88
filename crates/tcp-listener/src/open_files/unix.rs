//! The process's limit on open files, raised as far as the user may: each session holds one, each connection another.

use std::io;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Limit that is enough for every followed session, every connection, and what else a process has open.
const WANTED: u64 = 8_192;

/// Raises the soft limit to the hard one, or to 8,192, and returns it. The usual soft limit of 1,024 is enough for some 500
/// sessions. Called once, by the program: the limit is the process's, not a server's.
///
/// # Errors
/// The system refuses.
pub fn raise_open_files_limit() -> io::Result<u64> {
    let limit = getrlimit(Resource::Nofile);
    let current = limit.current.unwrap_or(u64::MAX);
    let raised = limit.maximum.unwrap_or(WANTED).min(WANTED);
    if current >= raised {
        return Ok(current);
    }
    setrlimit(
        Resource::Nofile,
        Rlimit {
            current: Some(raised),
            maximum: limit.maximum,
        },
    )?;
    Ok(raised)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_limit_only_goes_up() {
        let first = super::raise_open_files_limit().unwrap();
        assert_eq!(super::raise_open_files_limit().unwrap(), first);
    }
}
