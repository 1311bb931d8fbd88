//! What `mirrord ui` answers: its API, its WebSocket, and who may ask.

use http_body_util::Full;
use hyper::{Method, Request, StatusCode};
use mirrord_tests::eventually;
use mirrord_tests::home::Home;
use mirrord_tests::program::Program;
use mirrord_tests::ui::{self, Ui};
use mirrord_tests::ws::Ws;
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
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let mut ws = Ws::open(&ui, "/ws").await;
    assert_eq!(
        ws.next().await,
        WsMessage::Sessions(vec![]),
        "the directory need not exist yet"
    );
    let mut shell = Program::shell(&home, "life").await;
    let added = ws
        .until(|message| {
            if let WsMessage::SessionAdded(session) = message {
                Some(session)
            } else {
                None
            }
        })
        .await;
    assert_eq!(
        (added.info.session_id.as_str(), added.status),
        ("life", SessionStatus::Live)
    );
    shell.run("cat /etc/hostname").await;
    let seq = ws.until_event("life", reads("/etc/hostname")).await;

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
    ws.until(|message| {
        (message
            == WsMessage::SessionRemoved {
                session_id: "life".to_owned(),
            })
        .then_some(())
    })
    .await;
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
async fn one_sessions_socket_and_gathered_events() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let mut one = Program::shell(&home, "one").await;
    let mut other = Program::shell(&home, "other").await;
    eventually("both are listed", async || {
        (ui.json::<Vec<SessionSummary>>("/api/sessions").await.len() == 2).then_some(())
    })
    .await;
    let mut ws = Ws::open(&ui, "/ws/one?batch=1").await;
    let WsMessage::Sessions(sessions) = ws.next().await else {
        panic!("the snapshot comes first")
    };
    assert_eq!(sessions.len(), 1);
    let mut next = sessions[0].seq + 1;
    other.run("cat /etc/shadow").await;
    one.run("cat /etc/hostname").await;
    ws.until(|message| match message {
        WsMessage::Events { session_id, data } => {
            assert_eq!(session_id, "one");
            for line in &data {
                assert_eq!(line.seq, next, "snapshot and deltas have no gap and no overlap");
                next += 1;
            }
            data.iter().find_map(reads("/etc/hostname"))
        }
        WsMessage::Event { .. } => panic!("one by one, though gathered was asked for"),
        WsMessage::Lagged { .. } => panic!("lagged"),
        _ => None,
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_session_goes_and_its_socket_is_cleared_away() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let mut ws = Ws::open(&ui, "/ws").await;
    let shell = Program::shell(&home, "killed").await;
    ws.until(|message| matches!(message, WsMessage::SessionAdded(_)).then_some(()))
        .await;
    ui::signal(&shell.child, Signal::KILL);
    ws.until(|message| {
        (message
            == WsMessage::SessionRemoved {
                session_id: "killed".to_owned(),
            })
        .then_some(())
    })
    .await;
    eventually("the stale socket is removed", async || {
        home.sessions_left().is_empty().then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_in_the_directory_are_left_alone() {
    let home = Home::new();
    let dir = home.sessions_dir();
    std::fs::create_dir_all(dir.join("folder.sock")).unwrap();
    std::fs::write(dir.join("file.sock"), "a stranger's").unwrap();
    std::os::unix::fs::symlink("/dev/null", dir.join("link.sock")).unwrap();
    std::fs::write(dir.join(".hidden.sock"), "").unwrap();
    let ui = Ui::start(&home).await;
    let mut ws = Ws::open(&ui, "/ws").await;
    let _shell = Program::shell(&home, "real").await;
    ws.until(|message| match message {
        WsMessage::SessionAdded(session) if session.info.session_id == "real" => Some(()),
        _ => None,
    })
    .await;
    assert_eq!(std::fs::read_to_string(dir.join("file.sock")).unwrap(), "a stranger's");
    assert!(dir.join("folder.sock").is_dir() && dir.join("link.sock").is_symlink());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_becomes_a_cookie_and_leaves_the_address() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let get = |path: String, cookie: Option<&str>| {
        let request = Request::get(path).header("host", ui.address.to_string());
        let request = cookie
            .into_iter()
            .fold(request, |request, cookie| request.header("cookie", cookie));
        request.body(Full::default()).unwrap()
    };
    let exchange = ui.send(get(format!("/?token={}", ui.token), None)).await;
    assert_eq!(
        (exchange.status(), exchange.headers()["location"].as_bytes()),
        (StatusCode::SEE_OTHER, b"/".as_slice())
    );
    let cookie = exchange.headers()["set-cookie"].to_str().unwrap().to_owned();
    for part in [
        &format!("mirrord_ui_{}=", ui.address.port()),
        "HttpOnly",
        "SameSite=Strict",
        "Path=/",
    ] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let pair = cookie.split(';').next().unwrap();
    assert_eq!(
        ui.send(get("/api/sessions".to_owned(), Some(pair))).await.status(),
        StatusCode::OK
    );
    assert_eq!(
        ui.send(get("/api/sessions".to_owned(), None)).await.status(),
        StatusCode::UNAUTHORIZED
    );
    let wrong = format!("/?token={}", "0".repeat(ui.token.len()));
    assert!(!ui.send(get(wrong, None)).await.headers().contains_key("set-cookie"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_gets_in() {
    let home = Home::new();
    let ui = Ui::start(&home).await;
    let version = || ui.request(Method::GET, "/api/version");
    let own: VersionInfo = ui.json("/api/version").await;
    assert_eq!(
        (own.version.as_str(), own.protocol_version),
        (env!("CARGO_PKG_VERSION"), 1)
    );

    let mut foreign_host = version();
    foreign_host
        .headers_mut()
        .insert("host", format!("evil.example:{}", ui.address.port()).parse().unwrap());
    let answer = ui.send(foreign_host).await;
    assert!(answer.status().is_client_error(), "{}", answer.status());
    for name in [
        "content-security-policy",
        "x-content-type-options",
        "referrer-policy",
        "x-frame-options",
    ] {
        assert!(answer.headers().contains_key(name), "an error has {name} as well");
    }
    let mut wrong_token = version();
    wrong_token
        .headers_mut()
        .insert("authorization", "Bearer 0000".parse().unwrap());
    assert_eq!(ui.send(wrong_token).await.status(), StatusCode::UNAUTHORIZED);

    let origin = format!("http://{}", ui.address);
    for (origin, token) in [
        (Some("http://evil.example"), Some(ui.token.as_str())),
        (Some("null"), Some(ui.token.as_str())),
        (Some(origin.as_str()), None),
        (Some(origin.as_str()), Some("0000")),
    ] {
        assert!(
            Ws::attempt(&ui, "/ws", origin, token).await.is_err(),
            "{origin:?} {token:?}"
        );
    }
    assert!(
        Ws::attempt(&ui, &format!("/ws?token={}", ui.token), Some(&origin), None)
            .await
            .is_ok()
    );
}
