//! Cost of following sockets: processor time of the thread that looks, beside what is on the machine.
//!
//! `cargo xtask bench sockets`. Prints a figure a line: its name, the share of a core in percent, and words.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a measuring program")]

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("programs are watched on Linux only");
}

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    linux::main()
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::io::{Read as _, Write as _};
    use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
    use std::process::ExitCode;
    use std::sync::mpsc::{Receiver, channel};
    use std::thread;
    use std::time::{Duration, Instant};

    use mirrord_observe::{Command, Watchdog, set_own_dispositions, start};
    use mirrord_wire::{MonitorEvent, Observation};

    /// Time over which a row is measured.
    const ROW: Duration = Duration::from_secs(10);
    /// Arrivals of the last row, one after another.
    const ARRIVALS: usize = 20_000;

    pub(super) fn main() -> ExitCode {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        match arguments.first().map(String::as_str) {
            Some("watchdog") => return mirrord_observe::watchdog_main(),
            Some("program") => program(),
            _ => measure(),
        }
        ExitCode::SUCCESS
    }

    /// The watched program: ten connections that are never still, and a listener, whose port it writes to a file.
    fn program() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        for _ in 0..10 {
            let mut stream = TcpStream::connect(address).unwrap();
            let (mut other, _) = listener.accept().unwrap();
            thread::spawn(move || {
                while stream.write_all(b"hello").is_ok() {
                    other.read_exact(&mut [0; 5]).unwrap();
                    thread::sleep(Duration::from_millis(50));
                }
            });
        }
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let _ = stream.read_to_end(&mut Vec::new());
            }
        });
        loop {
            thread::park();
        }
    }

    fn measure() {
        set_own_dispositions();
        let (tx, events) = channel();
        let own = std::env::current_exe().unwrap();
        let command = Command {
            program: own.into(),
            arguments: vec!["program".into()],
            marks_loader: false,
        };
        let watchdog = Watchdog::ThisProgram {
            arguments: vec!["watchdog".into()],
        };
        let watched = start(&command, &watchdog, move |observation| drop(tx.send(observation))).unwrap();
        let address = address(&events);
        row("quiet", "nothing else on the machine");
        let held = sockets(1_000);
        row("sockets_1000", "beside 1,000 sockets of other programs");
        drop(held);
        let count = time_wait(50_000);
        row("time_wait_50000", &format!("beside {count} sockets in TIME_WAIT"));
        arrivals(address, &events);
        let program = rustix::process::Pid::from_raw(watched.pid() as i32).unwrap();
        rustix::process::kill_process(program, rustix::process::Signal::KILL).unwrap();
        watched.wait().unwrap();
    }

    fn address(events: &Receiver<Observation>) -> SocketAddr {
        let port = events.iter().find_map(|observation| match observation.event {
            MonitorEvent::PortSubscription { port, .. } => Some(port),
            _ => None,
        });
        (Ipv4Addr::LOCALHOST, port.unwrap()).into()
    }

    /// Processor time of the thread that looks, in nanoseconds (`/proc/<pid>/task/<tid>/schedstat`).
    fn processor_time() -> u64 {
        let tasks = fs::read_dir("/proc/self/task").unwrap().flatten();
        let looks = |path: &std::path::PathBuf| {
            fs::read_to_string(path.join("comm")).is_ok_and(|name| name.trim() == "mirrord-sockets")
        };
        let task = tasks.map(|task| task.path()).find(looks).expect("the thread runs");
        let text = fs::read_to_string(task.join("schedstat")).unwrap();
        text.split(' ').next().unwrap().parse().unwrap()
    }

    fn row(name: &str, words: &str) {
        // What came with the preparation is over.
        thread::sleep(Duration::from_secs(1));
        let (before, start) = (processor_time(), Instant::now());
        thread::sleep(ROW);
        let share = (processor_time() - before) as f64 / start.elapsed().as_nanos() as f64;
        println!("{name:16} {:8.3} % of a core   {words}", share * 100.0);
    }

    /// Connections of this process, which is not watched: two sockets each.
    fn sockets(count: usize) -> Vec<TcpStream> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let pair = |_| {
            let stream = TcpStream::connect(address).unwrap();
            [stream, listener.accept().unwrap().0]
        };
        (0..count / 2).flat_map(pair).collect()
    }

    /// Leaves sockets in TIME_WAIT, and gives how many there are on the machine.
    fn time_wait(count: usize) -> usize {
        for network in 0..count.div_ceil(10_000) {
            let listener = TcpListener::bind((Ipv4Addr::new(127, 7, 7, network as u8 + 1), 0)).unwrap();
            let address = listener.local_addr().unwrap();
            for _ in 0..10_000 {
                let stream = TcpStream::connect(address).unwrap();
                let (mut other, _) = listener.accept().unwrap();
                stream.shutdown(Shutdown::Both).unwrap();
                let _ = other.read(&mut [0; 1]);
            }
        }
        let statistics = fs::read_to_string("/proc/net/sockstat").unwrap();
        let mut words = statistics.split_ascii_whitespace().skip_while(|word| *word != "tw");
        words.nth(1).unwrap().parse().unwrap()
    }

    /// Short connections, one after another, all of which are to be counted.
    fn arrivals(address: SocketAddr, events: &Receiver<Observation>) {
        let (before, start) = (processor_time(), Instant::now());
        for _ in 0..ARRIVALS {
            TcpStream::connect(address).unwrap().write_all(b"hello").unwrap();
        }
        let rate = ARRIVALS as f64 / start.elapsed().as_secs_f64();
        let mut counted = 0;
        // Until no more come.
        while let Ok(observation) = events.recv_timeout(Duration::from_secs(3)) {
            if let MonitorEvent::ListenerUpdate(update) = observation.event {
                counted = counted.max(update.arrivals.unwrap_or(0));
            }
            if counted >= ARRIVALS as u64 + 10 {
                break;
            }
        }
        let spent = (processor_time() - before) as f64 / ARRIVALS as f64 / 1e3;
        // Ten are the program's own.
        let counted = counted.saturating_sub(10);
        println!("short_arrivals   {spent:8.3} µs each         {counted} of {ARRIVALS} counted, at {rate:.0}/s");
    }
}
