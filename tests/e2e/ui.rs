//! Answers of `mirrord ui`: its API, its WebSocket, and its access control.

use http_body_util::Full;
use hyper::{Method, Request, StatusCode};
use mirrord_tests::home::Home;
use mirrord_tests::program::Program;
use mirrord_tests::ui::{self, Ui};
use mirrord_tests::ws::Ws;
use mirrord_tests::{eventually, within};
use mirrord_wire::{
    EventLine, MonitorEvent, SessionDetail, SessionStatus, SessionSummary, SignedIn, VersionInfo, WsMessage,
};
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
    let (home, ui) = Ui::with_home().await;
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
    let (home, ui) = Ui::with_home().await;
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
async fn the_token_becomes_two_halves_and_leaves_the_address() {
    let (_home, ui) = Ui::with_home().await;
    let ask = async |method: Method, path: &str, headers: &[(&str, &str)]| {
        let request = Request::builder().method(method).uri(path);
        let request = request.header("host", ui.address.to_string());
        let add = |request: hyper::http::request::Builder, (name, value): &(&str, &str)| request.header(*name, *value);
        let request = headers.iter().fold(request, add);
        ui.send(request.body(Full::default()).unwrap()).await
    };
    let exchange = ask(Method::GET, &format!("/?token={}", ui.token), &[]).await;
    assert_eq!(exchange.status(), StatusCode::SEE_OTHER);
    let cookie = exchange.headers()["set-cookie"].to_str().unwrap().to_owned();
    for part in [
        &format!("mirrord_ui_{}=", ui.address.port()),
        "HttpOnly",
        "SameSite=Strict",
        "Path=/",
    ] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let location = exchange.headers()["location"].to_str().unwrap();
    let code = location.strip_prefix("/?code=").unwrap();
    assert!(!location.contains(&ui.token) && !cookie.contains(&ui.token));
    let pair = cookie.split(';').next().unwrap();
    let code = format!("Ticket {code}");
    let json = ("content-type", "application/json");
    let told = ask(
        Method::POST,
        "/api/sign-in",
        &[("cookie", pair), ("authorization", &code), json],
    )
    .await;
    assert_eq!(told.status(), StatusCode::OK);
    let told: SignedIn = serde_json::from_slice(told.body()).unwrap();
    let key = ("mirrord-page-key", told.page_key.as_str());
    for (headers, status) in [
        (&[("cookie", pair), key][..], StatusCode::OK),
        (&[("cookie", pair)], StatusCode::UNAUTHORIZED),
        (&[key], StatusCode::UNAUTHORIZED),
        (&[], StatusCode::UNAUTHORIZED),
    ] {
        let answer = ask(Method::GET, "/api/sessions", headers).await;
        assert_eq!(answer.status(), status, "{headers:?}");
    }
    let wrong = format!("/?token={}", "0".repeat(ui.token.len()));
    assert!(!ask(Method::GET, &wrong, &[]).await.headers().contains_key("set-cookie"));
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
    let mut health = Request::get("/health")
        .header("host", &address)
        .body(Full::default())
        .unwrap();
    health.headers_mut().remove("authorization");
    let answer = mirrord_tests::http::send(address.parse().unwrap(), health).await;
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_gets_in() {
    let (_home, ui) = Ui::with_home().await;
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
