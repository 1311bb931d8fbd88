//! Contenders: a direct connection, `mirrord proxy`, and the others, each a process that ends with us.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::{Failure, load};

/// Time for one to listen.
const START: Duration = Duration::from_secs(10);

pub(crate) struct Peer {
    pub(crate) name: &'static str,
    pub(crate) address: SocketAddr,
    child: Option<Child>,
    folder: Option<PathBuf>,
}

impl Peer {
    pub(crate) fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // nginx's workers end with their master, if it is asked.
            #[cfg(unix)]
            {
                let pid = rustix::process::Pid::from_child(&child);
                rustix::process::kill_process(pid, rustix::process::Signal::TERM).ok();
            }
            #[cfg(not(unix))]
            child.kill().ok();
            child.wait().ok();
        }
        if let Some(folder) = &self.folder {
            fs::remove_dir_all(folder).ok();
        }
    }
}

/// Everyone who is here, the direct connection first.
pub(crate) fn all(server: SocketAddr) -> Result<Vec<Peer>, Failure> {
    let mut all = vec![
        Peer {
            name: "direct",
            address: server,
            child: None,
            folder: None,
        },
        ours(server)?,
    ];
    if let Some(socat) = named("MIRRORD_BENCH_SOCAT") {
        all.push(with_socat("socat", &socat, server, &[])?);
        all.push(with_socat("socat -b 262144", &socat, server, &["-b", "262144"])?);
    }
    if let Some(nginx) = named("MIRRORD_BENCH_NGINX") {
        all.push(with_nginx("nginx", &nginx, server, "16k")?);
        all.push(with_nginx("nginx 256k", &nginx, server, "256k")?);
    }
    Ok(all)
}

fn named(variable: &str) -> Option<OsString> {
    env::var_os(variable).filter(|value| !value.is_empty())
}

fn ours(server: SocketAddr) -> Result<Peer, Failure> {
    let binary = named("MIRRORD_BIN").ok_or("MIRRORD_BIN names the release binary")?;
    let mut command = Command::new(binary);
    command.args(["proxy", "--listen", "127.0.0.1:0", "--upstream", &server.to_string()]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let output = child.stdout.take().ok_or("it has no output")?;
    let mut lines = BufReader::new(output).lines();
    let address = loop {
        let line = lines.next().ok_or("mirrord proxy ended")??;
        if let Some((_, address)) = line.split_once("http://") {
            break address.parse()?;
        }
    };
    Ok(Peer {
        name: "mirrord proxy",
        address,
        child: Some(child),
        folder: None,
    })
}

fn with_socat(name: &'static str, socat: &OsString, server: SocketAddr, flags: &[&str]) -> Result<Peer, Failure> {
    let address = free()?;
    let mut command = Command::new(socat);
    // By itself it gives the answer half a second once a client has ended its side.
    command.args(["-t", "20"]).args(flags);
    command.arg(format!(
        "TCP4-LISTEN:{},bind=127.0.0.1,reuseaddr,fork,nodelay,backlog=1024",
        address.port()
    ));
    command.arg(format!("TCP4:{server},nodelay"));
    started(name, address, command, None)
}

fn with_nginx(name: &'static str, nginx: &OsString, server: SocketAddr, buffer: &str) -> Result<Peer, Failure> {
    let address = free()?;
    let folder = env::temp_dir().join(format!("mirrord-bench-nginx-{}-{buffer}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let module = named("MIRRORD_BENCH_NGINX_STREAM").map_or(String::new(), |module| {
        format!("load_module {};", Path::new(&module).display())
    });
    let at = folder.display();
    // By itself it ends both sides with the first one, and the answer with them.
    let config = format!(
        "{module} worker_processes auto; daemon off; pid {at}/pid; error_log {at}/error.log;\n\
         events {{ worker_connections 4096; }}\n\
         stream {{ server {{ listen {address} backlog=1024; proxy_pass {server}; proxy_buffer_size {buffer}; tcp_nodelay on; proxy_half_close on; }} }}\n"
    );
    let file = folder.join("nginx.conf");
    fs::write(&file, config)?;
    let mut command = Command::new(nginx);
    command.arg("-p").arg(&folder).arg("-c").arg(&file);
    started(name, address, command, Some(folder))
}

/// A port that was free a moment ago: neither of them says which one it took.
fn free() -> Result<SocketAddr, Failure> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

fn started(
    name: &'static str,
    address: SocketAddr,
    mut command: Command,
    folder: Option<PathBuf>,
) -> Result<Peer, Failure> {
    let child = command.stdin(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let peer = Peer {
        name,
        address,
        child: Some(child),
        folder,
    };
    let began = Instant::now();
    while load::resting(address).is_err() {
        if began.elapsed() > START {
            return Err(format!("{name} does not pass anything on").into());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(peer)
}
