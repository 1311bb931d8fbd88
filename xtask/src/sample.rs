//! The program that `demo` watches: a small shop that keeps reading its settings, looking up names, listening,
//! connecting and starting children, so that there is always something to see.
//!
//! It is this program under another name, so it needs nothing on the machine. It reaches only itself: its
//! connections go to its own ports, and its names end in `.test`, which exists nowhere (RFC 2606).

use std::{
    fs,
    io::{self, Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, ToSocketAddrs as _},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use anyhow::{Context, Result};

/// The hidden command that runs it.
pub(crate) const COMMAND: &str = "serve-orders";

/// The pause between two things that it does.
const PACE: Duration = Duration::from_millis(150);
/// The pause between two name look-ups: each may take seconds where no name server answers.
const LOOK_UP_PACE: Duration = Duration::from_secs(2);
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(2);

const NAMES: [&str; 3] = ["payments.shop.test", "postgres.shop.test", "redis.shop.test"];
const SYSTEM_FILES: [&str; 3] = ["/etc/hosts", "/etc/resolv.conf", "/etc/os-release"];

/// Runs until it is ended, with its files in the folder that the argument names.
pub(crate) fn run(args: &[String]) -> Result<()> {
    let folder = Path::new(args.first().context("serve-orders needs a folder")?);
    let settings = folder.join("settings.json");
    fs::write(&settings, "{\"currency\":\"EUR\",\"retries\":3}\n").context("cannot write the settings")?;
    let orders = listen().context("cannot listen")?;
    let payments = listen().context("cannot listen")?;
    thread::spawn(look_up_names);
    for order in 1_u64.. {
        step(fs::read_to_string(&settings));
        step(fs::metadata(folder.join("settings.local.json")));
        thread::sleep(PACE);
        step(save(folder, order));
        thread::sleep(PACE);
        step(ask(orders, &format!("GET /orders/{order}")));
        step(ask(payments, &format!("POST /charge/{order}")));
        thread::sleep(PACE);
        step(
            SYSTEM_FILES
                .get(order as usize % SYSTEM_FILES.len())
                .map(fs::read_to_string)
                .transpose(),
        );
        if order % 5 == 0 {
            step(run_child(folder));
        }
        thread::sleep(PACE);
    }
    Ok(())
}

/// A sample goes on whatever fails: a missing file is something to see, too.
fn step<T>(result: io::Result<T>) {
    drop(result);
}

/// Writes an order the careful way: aside, and renamed; an older one is archived away.
fn save(folder: &Path, order: u64) -> io::Result<()> {
    let aside = folder.join("order.tmp");
    fs::write(&aside, format!("{{\"order\":{order}}}\n"))?;
    fs::rename(&aside, folder.join(format!("order-{order}.json")))?;
    if let Some(old) = order.checked_sub(10) {
        // There is none in the first rounds.
        let _ = fs::remove_file(folder.join(format!("order-{old}.json")));
    }
    Ok(())
}

/// Opens a port that answers every line with `ok`.
fn listen() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            step(answer(connection));
        }
    });
    Ok(address)
}

fn answer(mut connection: TcpStream) -> io::Result<()> {
    connection.set_read_timeout(Some(CONNECTION_TIMEOUT))?;
    let mut request = [0; 256];
    let length = connection.read(&mut request)?;
    connection.write_all(if length > 0 { b"ok\n" } else { b"" })
}

fn ask(address: SocketAddr, request: &str) -> io::Result<String> {
    let mut connection = TcpStream::connect_timeout(&address, CONNECTION_TIMEOUT)?;
    connection.set_read_timeout(Some(CONNECTION_TIMEOUT))?;
    writeln!(connection, "{request}")?;
    let mut reply = String::new();
    connection.read_to_string(&mut reply)?;
    Ok(reply)
}

fn look_up_names() {
    for name in NAMES.iter().cycle() {
        step((*name, 443).to_socket_addrs());
        thread::sleep(LOOK_UP_PACE);
    }
}

/// Counts the orders with a shell, as programs do.
fn run_child(folder: &Path) -> io::Result<()> {
    let mut child = Command::new("sh");
    child
        .args(["-c", "ls | wc -l"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    child.status().map(drop)
}
