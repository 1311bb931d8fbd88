//! `mirrord proxy`: the real binary in front of real servers, and how it says what it does.

use std::net::SocketAddr;
use std::process::{ExitStatus, Stdio};

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Method, Request, StatusCode};
use mirrord_tests::home::Home;
use mirrord_tests::program::Program;
use mirrord_tests::ui::{Ui, interrupt};
use mirrord_tests::ws::Ws;
use mirrord_tests::{eventually, http, within};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Child;

/// A running `mirrord proxy`, listening at an address that plays another machine's.
struct Proxy {
    child: Child,
    address: SocketAddr,
}

impl Proxy {
    async fn start(home: &Home, upstream: &str, flags: &[&str]) -> Self {
        let mut command = home.mirrord(["proxy", "--listen", "127.0.0.2:0", "--upstream", upstream]);
        command.args(flags).stdin(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut next = async || within("where it is", lines.next_line()).await.unwrap().unwrap();
        assert_eq!(next().await, format!("Proxy for {upstream}:"));
        let line = next().await;
        let url = line.trim().strip_prefix("local").unwrap().trim();
        let address = url.strip_prefix("http://").unwrap().parse().unwrap();
        Self { child, address }
    }

    async fn get(&self, path: &str) -> http::Answer {
        let request = Request::get(path).header("host", self.address.to_string());
        http::send(self.address, request.body(Full::<Bytes>::default()).unwrap()).await
    }

    /// Ctrl-C, its end, and what it said on the way.
    async fn interrupt(mut self) -> (ExitStatus, String) {
        interrupt(&self.child);
        self.ended().await
    }

    async fn ended(&mut self) -> (ExitStatus, String) {
        let status = within("the end of mirrord proxy", self.child.wait()).await.unwrap();
        let mut said = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        within("its errors", stderr.read_to_string(&mut said)).await.unwrap();
        (status, said)
    }
}

/// Python's own web server, in a folder with a large file.
async fn web_server(home: &Home, file: &[u8]) -> (Child, String) {
    let folder = home.path().join("site");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("file.bin"), file).unwrap();
    let mut command = home.command("python3");
    command.args(["-u", "-m", "http.server", "0", "--bind", "127.0.0.1"]);
    let mut child = command
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = within("the web server", lines.next_line()).await.unwrap().unwrap();
    let port = line
        .split("port ")
        .nth(1)
        .and_then(|rest| rest.split(' ').next())
        .unwrap();
    (child, format!("127.0.0.1:{port}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_web_server_is_reached_unchanged_until_ctrl_c() {
    let home = Home::new();
    let file: Vec<u8> = (0..3_000_000_u32).map(|number| (number % 251) as u8).collect();
    let (_server, upstream) = web_server(&home, &file).await;
    let proxy = Proxy::start(&home, &upstream, &[]).await;
    let answer = proxy.get("/file.bin").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.body() == &file[..], "{} bytes", answer.body().len());
    assert_eq!(proxy.get("/none").await.status(), StatusCode::NOT_FOUND);
    let (status, said) = proxy.interrupt().await;
    assert!(status.success(), "{status} {said}");
    assert!(said.contains("adds no sign-in"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn server_sent_events_come_one_by_one() {
    let home = Home::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let upstream = listener.local_addr().unwrap().to_string();
    let proxy = Proxy::start(&home, &upstream, &[]).await;
    let mut client = BufReader::new(TcpStream::connect(proxy.address).await.unwrap());
    let request = "GET /events HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\n\r\n";
    client.write_all(request.as_bytes()).await.unwrap();
    let (mut server, _) = within("the connection", listener.accept()).await.unwrap();
    let mut asked = vec![0; request.len()];
    within("the request", server.read_exact(&mut asked)).await.unwrap();
    assert_eq!(asked, request.as_bytes());
    server
        .write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n")
        .await
        .unwrap();
    let mut line = String::new();
    while line != "\r\n" {
        line.clear();
        within("the head", client.read_line(&mut line)).await.unwrap();
    }
    // Each arrives before the next one is sent: nothing waits for more.
    for number in 0..20 {
        let event = format!("data: {number}\n\n");
        server.write_all(event.as_bytes()).await.unwrap();
        let mut arrived = vec![0; event.len()];
        within("an event", client.read_exact(&mut arrived)).await.unwrap();
        assert_eq!(arrived, event.as_bytes());
    }
    // A stream that never ends does not keep the proxy: a second Ctrl-C ends it.
    interrupt(&proxy.child);
    eventually("it listens no more", async || {
        TcpStream::connect(proxy.address).await.is_err().then_some(())
    })
    .await;
    let (status, said) = proxy.interrupt().await;
    // Of the attempts to connect, one may have come before the listener was closed.
    assert!(
        status.success() && said.contains(" cut off at the end"),
        "{status} {said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_page_and_its_websocket_pass_with_the_host_allowed() {
    let home = Home::new();
    let ui = Ui::start_with(&home, &["--port", "0", "--allow-host", "127.0.0.2"]).await;
    let proxy = Proxy::start(&home, &ui.address.to_string(), &[]).await;
    // The same server, by the proxy's address.
    let mut through = Ui {
        child: proxy.child,
        address: proxy.address,
        token: ui.token.clone(),
    };
    let answer = through.send(through.request(Method::GET, "/api/version")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let mut ws = Ws::open(&through, "/ws").await;
    let mut program = Program::shell(&home, "seen").await;
    ws.until_added().await;
    program.run("cat /etc/hostname").await;
    ws.until_event("seen", |line| {
        let text = serde_json::to_string(line).unwrap();
        text.contains("/etc/hostname").then_some(())
    })
    .await;
    program.finish().await;
    drop(ws);
    interrupt(&through.child);
    assert!(within("its end", through.child.wait()).await.unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_is_502_and_told_once() {
    let home = Home::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let upstream = listener.local_addr().unwrap();
    drop(listener);
    let proxy = Proxy::start(&home, &upstream.to_string(), &[]).await;
    for _ in 0..3 {
        let answer = proxy.get("/").await;
        assert_eq!(answer.status(), StatusCode::BAD_GATEWAY);
        assert!(answer.body().starts_with(b"502 Bad Gateway"), "{answer:?}");
    }
    let (status, said) = proxy.interrupt().await;
    assert!(status.success());
    assert_eq!(said.matches("cannot be reached").count(), 1, "{said}");
    assert!(said.contains("3 while the server was away"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_over_the_limit_is_closed_and_counted() {
    let home = Home::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let upstream = listener.local_addr().unwrap().to_string();
    let proxy = Proxy::start(&home, &upstream, &["--max-connections", "1"]).await;
    let first = TcpStream::connect(proxy.address).await.unwrap();
    let (server, _) = within("the connection", listener.accept()).await.unwrap();
    let mut second = TcpStream::connect(proxy.address).await.unwrap();
    let mut nothing = Vec::new();
    let end = within("its end", second.read_to_end(&mut nothing)).await;
    assert_eq!(end.unwrap_or_default(), 0);
    drop((first, server));
    let (_, said) = proxy.interrupt().await;
    assert_eq!(said.matches("all connections are taken").count(), 1, "{said}");
    assert!(said.contains("1 over the limit"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_an_error_that_names_it() {
    let home = Home::new();
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let there = format!("127.0.0.1:{port}");
    for (upstream, listen, words) in [
        ("localhost:1", there.as_str(), format!("port {port} is in use by")),
        (
            "localhost:1",
            "192.0.2.1:0",
            "not an address of this machine".to_owned(),
        ),
        ("http://localhost:1", "127.0.0.1:0", "it is a URL".to_owned()),
        ("localhost", "127.0.0.1:0", "the port is missing".to_owned()),
    ] {
        let mut command = home.mirrord(["proxy", "--upstream", upstream, "--listen", listen]);
        let output = within("an error", command.output()).await.unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(
            !output.status.success() && said.contains(&words),
            "{upstream} {listen}: {said}"
        );
    }
}

/// It would only ever connect to itself.
#[tokio::test(flavor = "multi_thread")]
async fn a_mirror_of_itself_is_refused() {
    let home = Home::new();
    // The port has to be known beforehand: one that was free a moment ago, tried again where it was taken meanwhile.
    eventually("it is refused", async || {
        let free = TcpListener::bind("127.0.0.2:0").await.unwrap().local_addr().unwrap();
        let own = free.to_string();
        let mut command = home.mirrord(["proxy", "--upstream", &own, "--listen", &own]);
        let output = within("an error", command.output()).await.unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        let refused = said.contains("it would connect to itself");
        assert!(refused || said.contains("is in use"), "{said}");
        refused.then_some(())
    })
    .await;
}
