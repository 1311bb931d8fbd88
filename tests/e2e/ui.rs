//! Answers of `mirrord ui`: its API, its WebSocket, and its access control.

use http_body_util::Full;
use hyper::{Request, StatusCode};
use mirrord_tests::home::Home;
use mirrord_tests::program::Program;
use mirrord_tests::ui::{self, Ui};
use mirrord_tests::ws::Ws;
use mirrord_tests::{eventually, within};
use mirrord_wire::{EventLine, MonitorEvent, SessionDetail, SessionStatus, SessionSummary, VersionInfo, WsMessage};
use rustix::process::Signal;

fn reads(path: &'static str) -> impl FnMut(&EventLine) -> Option<u64> {
    move |line| match line.event() {
        MonitorEvent::FileOp { path: Some(own), .. } if own == path => Some(line.seq),
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_comes_lives_and_goes() {
    let (home, ui) = Ui::with_home().await;
    let mut ws = Ws::open(&ui, "/ws").await;
    assert_eq!(
        ws.next().await,
        WsMessage::Sessions(vec![]),
        "the directory need not exist yet"
    );
    let mut shell = Program::shell(&home, "life").await;
    let added = ws.until_added().await;
    assert_eq!(
        (added.info.session_id.as_str(), added.status),
        ("life", SessionStatus::Live)
    );
    shell.run("cat /etc/hostname").await;
    let seq = ws.until_event("life", reads("/etc/hostname")).await;

    let own: VersionInfo = ui.json("/api/version").await;
    assert_eq!(
        (own.version.as_str(), own.protocol_version),
        (env!("CARGO_PKG_VERSION"), 1)
    );
    let sessions: Vec<SessionSummary> = ui.json("/api/sessions").await;
    assert_eq!((sessions.len(), sessions[0].status), (1, SessionStatus::Live));
    assert!(sessions[0].seq >= seq && sessions[0].counts["FileOp"] > 0);
    let detail: SessionDetail = ui.json("/api/sessions/life").await;
    assert!(
        detail
            .state
            .paths
            .items()
            .iter()
            .any(|path| path.name == "/etc/hostname")
    );
    let events: Vec<EventLine> = ui.json("/api/sessions/life/events?type=FileOp&q=hostname").await;
    assert!(events.iter().all(|line| line.event().kind() == "FileOp") && !events.is_empty());

    shell.finish().await;
    ws.until_removed("life").await;
    assert_eq!(ui.json::<Vec<SessionSummary>>("/api/sessions").await, vec![]);
    let kept: Vec<SessionSummary> = ui.json("/api/sessions?ended=true").await;
    assert_eq!(
        (kept.len(), kept[0].status),
        (1, SessionStatus::Ended),
        "what is kept of it stays readable"
    );
    assert!(ui.interrupt().await.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_before_mirrord_ui_started_is_there() {
    let home = Home::new();
    let mut shell = Program::shell(&home, "early").await;
    shell.run("cat /etc/hostname").await;
    let ui = Ui::start(&home).await;
    let ask = async || {
        let events: Vec<EventLine> = ui.json("/api/sessions/early/events").await;
        let numbers: Vec<u64> = events.iter().map(|line| line.seq).collect();
        events.iter().find_map(reads("/etc/hostname")).map(|_| numbers)
    };
    eventually("the session is listed", async || {
        let sessions: Vec<SessionSummary> = ui.json("/api/sessions").await;
        (sessions.len() == 1).then_some(())
    })
    .await;
    let numbers = eventually("its past is read", ask).await;
    assert!(
        numbers.iter().copied().eq(1..=numbers.len() as u64),
        "from the first event on, without a gap: {numbers:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_session_goes_and_its_socket_is_cleared_away() {
    let (home, ui) = Ui::with_home().await;
    let mut ws = Ws::open(&ui, "/ws").await;
    let shell = Program::shell(&home, "killed").await;
    ws.until_added().await;
    ui::signal(&shell.child, Signal::KILL);
    ws.until_removed("killed").await;
    eventually("the stale socket is removed", async || {
        home.sessions_left().is_empty().then_some(())
    })
    .await;
}

/// Browsers try `[::1]` first for `localhost`, and any user may listen there.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_can_stand_at_the_other_loopback_address() {
    let other = |port| std::net::TcpListener::bind((std::net::Ipv6Addr::LOCALHOST, port));
    let Ok(strangers) = other(0) else { return };
    let home = Home::new();
    let port = strangers.local_addr().unwrap().port().to_string();
    let output = within("the end", home.mirrord(["ui", "--no-open", "--port", &port]).output()).await;
    let output = output.unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success() && stderr.contains(&format!("port {port} is in use")),
        "{stderr}"
    );
    assert!(output.stdout.is_empty());
    drop(strangers);
    let ui = Ui::start_with(&home, &["--port", &port]).await;
    assert_eq!(
        other(ui.address.port()).unwrap_err().kind(),
        std::io::ErrorKind::AddrInUse
    );
    // It is the same server: `localhost` leads to it as well.
    let address = format!("[::1]:{port}");
    let health = Request::get("/health").header("host", &address);
    let health = health.body(Full::default()).unwrap();
    let answer = mirrord_tests::http::send(address.parse().unwrap(), health).await;
    assert_eq!(answer.status(), StatusCode::OK);
}
