//! The announcement by multicast DNS, as another machine on the network asks for it: a small query (RFC 6762) and what is
//! answered, and that nothing listens where no announcement was asked for.

use std::net::Ipv4Addr;
use std::sync::Arc;

use hyper::Method;
use mirrord_tests::home::Home;
use mirrord_tests::mirror::Mirror;
use mirrord_tests::network::{Cable, MACHINE, PHONE, with_a_phone};
use mirrord_tests::ui::Ui;
use mirrord_tests::{DEADLINE, eventually};
use mirrord_wire::mirror::MirrorStatus;
use serde_json::json;
use tokio::net::UdpSocket;
use tokio::time::timeout;

const GROUP: Ipv4Addr = Ipv4Addr::new(224, 0, 0, 251);
const PORT: u16 = 5353;
const SERVICE: &str = "_http._tcp.local";
/// The types of the records that are looked at (RFC 1035, RFC 2782).
const A: u16 = 1;
const PTR: u16 = 12;
const TXT: u16 = 16;
const SRV: u16 = 33;

/// A record of an answer: its name, its type, and its data as it makes sense for the type.
#[derive(Debug)]
struct Record {
    name: String,
    kind: u16,
    says: String,
}

/// Reads a message (RFC 1035, section 4), as far as it is one.
struct Reader<'a> {
    message: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let read = self.message.get(self.at..self.at + N)?.try_into().ok()?;
        self.at += N;
        Some(read)
    }

    fn number(&mut self) -> Option<u16> {
        self.bytes().map(u16::from_be_bytes)
    }

    /// A name; each pointer leads further back, so that it comes to an end.
    fn name(&mut self) -> Option<String> {
        let mut labels = Vec::new();
        let (mut at, mut first) = (self.at, None);
        loop {
            let length = usize::from(*self.message.get(at)?);
            if length >= 0xc0 {
                let to = (length & 0x3f) << 8 | usize::from(*self.message.get(at + 1)?);
                first.get_or_insert(at + 2);
                at = (to < at).then_some(to)?;
            } else if length == 0 {
                self.at = first.unwrap_or(at + 1);
                return Some(labels.join("."));
            } else {
                let label = self.message.get(at + 1..=at + length)?;
                labels.push(String::from_utf8_lossy(label).into_owned());
                at += 1 + length;
            }
        }
    }

    fn record(&mut self) -> Option<Record> {
        let (name, kind) = (self.name()?, self.number()?);
        let _class_and_life = self.bytes::<6>()?;
        let length = usize::from(self.number()?);
        let end = self.at + length;
        let says = match kind {
            PTR => self.name()?,
            A => Ipv4Addr::from(self.bytes::<4>()?).to_string(),
            SRV => {
                let _priority_and_weight = self.bytes::<4>()?;
                let port = self.number()?;
                format!("{} {port}", self.name()?)
            }
            _ => format!("{:?}", self.message.get(self.at..end)?),
        };
        self.at = end;
        Some(Record { name, kind, says })
    }
}

/// The records of an answer; `None` where it is no answer.
fn records(message: &[u8]) -> Option<Vec<Record>> {
    let mut reader = Reader { message, at: 2 };
    let is_answer = reader.number()? & 0x8000 != 0;
    let (questions, counts) = (reader.number()?, [reader.number()?, reader.number()?, reader.number()?]);
    for _ in 0..questions {
        reader.name()?;
        reader.bytes::<4>()?;
    }
    let count: u16 = counts.into_iter().sum();
    (0..if is_answer { count } else { 0 })
        .map(|_| reader.record())
        .collect()
}

fn query() -> Vec<u8> {
    let mut message = vec![0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    for label in SERVICE.split('.') {
        message.push(u8::try_from(label.len()).unwrap());
        message.extend_from_slice(label.as_bytes());
    }
    message.extend_from_slice(&[0, 0, 12, 0, 1]);
    message
}

/// Asks until there is an answer with this service in it; gives the whole of it, as bytes too.
async fn ask(socket: &UdpSocket) -> (Vec<u8>, Vec<Record>) {
    let is_it = |records: &Vec<Record>| records.iter().any(|own| own.kind == PTR && own.name == SERVICE);
    let mut message = vec![0; 9_000];
    loop {
        socket.send_to(&query(), (GROUP, PORT)).await.unwrap();
        let heard = async {
            loop {
                let (length, from) = socket.recv_from(&mut message).await.unwrap();
                let found = records(&message[..length]).filter(is_it);
                if let Some(found) = found.filter(|_| from.ip().to_string() == MACHINE) {
                    return (message[..length].to_vec(), found);
                }
            }
        };
        // A query may be lost, and an answer may be held back as said already.
        if let Ok(heard) = timeout(DEADLINE / 30, heard).await {
            return heard;
        }
    }
}

/// True if anything in the machine's namespace listens for multicast DNS.
fn listens(ui: &Ui) -> bool {
    let pid = ui.child.id().unwrap();
    ["udp", "udp6"].into_iter().any(|kind| {
        let sockets = std::fs::read_to_string(format!("/proc/{pid}/net/{kind}")).unwrap();
        sockets.contains(&format!(":{PORT:04X} "))
    })
}

async fn start(home: &Home, more: &[&str]) -> Mirror {
    let at = format!("{MACHINE}:0");
    let arguments = [&["--port", "0", "--mirror", &at], more].concat();
    Mirror::of(Ui::start_with(home, &arguments).await).await
}

#[test]
fn the_mirror_is_announced_by_name_and_port_and_by_no_secret() {
    with_a_phone("the announcement by multicast DNS", announced);
}

async fn announced(cable: Arc<Cable>) {
    let home = Home::new();
    let mirror = start(&home, &["--mirror-mdns"]).await;
    let ticket = mirror.ticket().await;
    cable.to_phone();
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, PORT)).await.unwrap();
    socket.join_multicast_v4(GROUP, PHONE.parse().unwrap()).unwrap();
    cable.to_machine();
    let (message, records) = mirrord_tests::within("an answer to the query", ask(&socket)).await;
    let one = |kind: u16| {
        let found = records.iter().find(|own| own.kind == kind);
        found.unwrap_or_else(|| panic!("{kind}: {records:?}"))
    };
    let instance = &one(PTR).says;
    assert!(
        instance.starts_with("mirrord on ") && instance.ends_with(&format!(".{SERVICE}")),
        "{instance}"
    );
    let server = one(SRV);
    assert_eq!(&server.name, instance);
    let (host, port) = server.says.split_once(' ').unwrap();
    assert_eq!(port, mirror.address.port().to_string());
    assert!(host.ends_with(".local"), "{host}");
    let address = one(A);
    assert_eq!((address.name.as_str(), address.says.as_str()), (host, MACHINE));
    let text = records.iter().find(|own| own.kind == TXT);
    assert!(
        text.is_none_or(|text| matches!(text.says.as_str(), "[]" | "[0]")),
        "it says nothing more: {text:?}"
    );
    let message = String::from_utf8_lossy(&message);
    for secret in [&mirror.password, &mirror.ui.token, &ticket] {
        assert!(secret.len() > 8 && !message.contains(secret.as_str()));
    }
    assert!(listens(&mirror.ui));
    mirror
        .manage::<MirrorStatus>(Method::PUT, "/api/mirror/settings", &json!({"mdns": false}))
        .await;
    eventually("it is announced no more", async || (!listens(&mirror.ui)).then_some(())).await;
}

#[test]
fn nothing_is_announced_that_nobody_asked_for() {
    with_a_phone("that multicast DNS is off by default", |_| async {
        let home = Home::new();
        let mirror = start(&home, &[]).await;
        assert!(
            !listens(&mirror.ui),
            "the mirror is on, and nothing listens for queries"
        );
    });
}
