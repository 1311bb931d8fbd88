//! rotel, an OpenTelemetry receiver that is not ours, and what it prints of all that it receives.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::sync::{Arc, Mutex};

use mirrord_tests::{eventually, within};
use rustix::process::Signal;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

/// Times that it is started: another program may take a port before it does.
const ATTEMPTS: usize = 5;

/// A running receiver.
pub(super) struct Rotel {
    child: Child,
    ports: [u16; 2],
    text: Arc<Mutex<String>>,
    reader: JoinHandle<()>,
    _directory: TempDir,
}

/// Log record as it was received.
#[derive(Debug, Default, Clone)]
pub(super) struct Record {
    pub(super) event: String,
    pub(super) severity: String,
    pub(super) body: String,
    pub(super) attributes: BTreeMap<String, String>,
    pub(super) resource: BTreeMap<String, String>,
}

/// All that was received.
#[derive(Debug, Default)]
pub(super) struct Output {
    pub(super) records: Vec<Record>,
    /// Metric, attributes of the point and value, in the order in which they came.
    points: Vec<(String, String, String)>,
}

impl Record {
    pub(super) fn seq(&self) -> u64 {
        let number = self.attributes["mirrord.event.seq"].trim_start_matches("Int(");
        number.trim_end_matches(')').parse().unwrap()
    }
}

impl Output {
    /// Newest value of a metric's point with these attributes.
    pub(super) fn number(&self, metric: &str, attributes: &str) -> Option<u64> {
        let mut newest = self.points.iter().rev();
        let found = newest.find(|(name, own, _)| name == metric && own == attributes)?;
        found.2.parse().ok()
    }
}

impl Rotel {
    pub(super) async fn start() -> Self {
        for _ in 0..ATTEMPTS {
            if let Some(started) = Self::attempt().await {
                return started;
            }
        }
        panic!("rotel does not start");
    }

    async fn attempt() -> Option<Self> {
        let program = std::env::var_os("MIRRORD_TEST_ROTEL")
            .expect("MIRRORD_TEST_ROTEL names rotel's program: `cargo xtask setup` installs it");
        let directory = tempfile::tempdir().unwrap();
        let ports = [free_port().await, free_port().await];
        let mut child = Command::new(program)
            .current_dir(directory.path())
            .args([
                "start",
                "--pid-file",
                "pid",
                "--log-file",
                "log",
                "--exporter",
                "blackhole",
            ])
            .args([
                "--debug-log",
                "logs",
                "--debug-log",
                "metrics",
                "--debug-log-verbosity",
                "detailed",
            ])
            .args(["--otlp-http-endpoint", &format!("127.0.0.1:{}", ports[0])])
            .args(["--otlp-grpc-endpoint", &format!("127.0.0.1:{}", ports[1])])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("rotel starts");
        let text = Arc::new(Mutex::new(String::new()));
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let own = Arc::clone(&text);
        let reader = tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                let mut text = own.lock().unwrap();
                text.push_str(&line);
                text.push('\n');
            }
        });
        let child = Mutex::new(child);
        let ready = eventually("rotel listens, or has ended", async || {
            if child.lock().unwrap().try_wait().unwrap().is_some() {
                return Some(false);
            }
            let mut all = true;
            for port in ports {
                all &= TcpStream::connect(("127.0.0.1", port)).await.is_ok();
            }
            all.then_some(true)
        })
        .await;
        ready.then_some(Self {
            child: child.into_inner().unwrap(),
            ports,
            text,
            reader,
            _directory: directory,
        })
    }

    pub(super) fn url(&self, protocol: &str) -> String {
        let port = self.ports[usize::from(protocol == "grpc")];
        format!("http://127.0.0.1:{port}")
    }

    fn output(&self) -> Output {
        parse(&self.text.lock().unwrap())
    }

    /// Waits until so many records have come.
    pub(super) async fn wait_for(&self, records: usize) {
        eventually("the records have come", async || {
            (self.output().records.len() >= records).then_some(())
        })
        .await;
    }

    /// Ends it, and returns all that it received.
    pub(super) async fn finish(mut self) -> Output {
        mirrord_tests::ui::signal(&self.child, Signal::TERM);
        within("the end of rotel", self.child.wait()).await.unwrap();
        within("its output", &mut self.reader).await.unwrap();
        self.output()
    }
}

async fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().port()
}

/// Reads what rotel prints: the form of the Collector's debug exporter.
fn parse(text: &str) -> Output {
    let mut output = Output::default();
    let mut resource = BTreeMap::new();
    let (mut metric, mut point) = (String::new(), String::new());
    let mut section = "";
    for line in text.lines() {
        if let Some(pair) = line.strip_prefix("     -> ") {
            let (name, value) = pair.split_once(": ").unwrap_or((pair, ""));
            let pair = (name.to_owned(), value.to_owned());
            match section {
                "resource" => drop(resource.insert(pair.0, pair.1)),
                "record" => drop(output.records.last_mut().unwrap().attributes.insert(pair.0, pair.1)),
                "metric" if name == "Name" => metric = pair.1,
                "point" => {
                    point = [
                        point.as_str(),
                        if point.is_empty() { "" } else { ", " },
                        name,
                        ": ",
                        value,
                    ]
                    .concat()
                }
                _ => {}
            }
            continue;
        }
        let (name, value) = line.split_once(": ").unwrap_or((line.trim_end_matches(':'), ""));
        let record = output.records.last_mut();
        match (name, record) {
            ("Resource attributes", _) => {
                resource.clear();
                section = "resource";
            }
            (name, _) if name.starts_with("LogRecord #") => {
                let resource = resource.clone();
                output.records.push(Record {
                    resource,
                    ..Record::default()
                });
                section = "";
            }
            ("EventName", Some(record)) => value.clone_into(&mut record.event),
            ("SeverityText", Some(record)) => value.clone_into(&mut record.severity),
            ("Body", Some(record)) => value.clone_into(&mut record.body),
            ("Attributes", _) => section = "record",
            ("Descriptor", _) => section = "metric",
            (name, _) if name.starts_with("NumberDataPoints #") => {
                point.clear();
                section = "";
            }
            ("Data point attributes", _) => section = "point",
            ("Value", _) => output.points.push((metric.clone(), point.clone(), value.to_owned())),
            _ => {}
        }
    }
    output
}
