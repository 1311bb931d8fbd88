//! Answers of a session's socket to the tools that a user has: `nc -U`, `curl --unix-socket`.

use mirrord_tests::home::Home;
use mirrord_tests::program::{Program, ask};
use mirrord_tests::{eventually, within};
use mirrord_wire::{MonitorEvent, SessionState, StreamLine};
use tokio::io::{AsyncBufReadExt, BufReader};

#[tokio::test(flavor = "multi_thread")]
async fn info_names_the_session_its_target_its_config_and_its_processes() {
    let home = Home::new();
    let config = home.path().join("mirrord.json");
    std::fs::write(&config, "{}").unwrap();
    let _child = home
        .mirrord(["exec", "--target", "deployment/checkout", "-f"])
        .arg(&config)
        .args(["--", "sh", "-c", "read line"])
        .env("MIRRORD_SESSION_ID", "info")
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let socket = home.sessions_dir().join("info.sock");
    eventually("the session's socket appears", async || socket.exists().then_some(())).await;
    let info = eventually("its process is listed", async || {
        let info: mirrord_wire::SessionInfo = serde_json::from_str(&ask(&socket, "/info").await).unwrap();
        (!info.processes.is_empty()).then_some(info)
    })
    .await;
    assert_eq!(
        (info.session_id.as_str(), info.target.as_str()),
        ("info", "deployment/checkout")
    );
    assert_eq!(info.config_path.as_deref(), config.to_str());
    assert_eq!((info.protocol_version, info.is_operator), (1, false));
    assert_eq!(info.processes[0].process_name, "sh");
    assert_eq!(info.processes[0].cmdline, ["sh", "-c", "read line"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nc_shows_event_lines_and_nothing_else() {
    let home = Home::new();
    let mut shell = Program::shell(&home, "nc").await;
    let mut live = mirrord_tests::program::EventReader::open(&shell.socket(), "/events").await;
    shell.run("cat /etc/hostname").await;
    let mut last = 0;
    live.until("the file that was just read", |line| {
        let StreamLine::Event(line) = line else { return None };
        assert!(line.seq > last && line.ts > 1_700_000_000_000_000, "{line:?}");
        last = line.seq;
        matches!(line.event(), MonitorEvent::FileOp { path: Some(path), .. } if path == "/etc/hostname").then_some(())
    })
    .await;
    let state: SessionState = serde_json::from_str(&ask(&shell.socket(), "/state").await).unwrap();
    assert!(state.seq >= last && state.paths.items().iter().any(|path| path.name == "/etc/hostname"));
    assert_eq!((state.oldest_seq, state.dropped), (1, 0));
    assert_eq!(ask(&shell.socket(), "/health").await.trim_end(), r#"{"status":"ok"}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn curl_reads_info_and_server_sent_events() {
    let home = Home::new();
    let mut shell = Program::shell(&home, "curl").await;
    let curl = |arguments: &[&str]| {
        let mut command = home.command("curl");
        command
            .args(["--silent", "--show-error", "--unix-socket"])
            .arg(shell.socket())
            .args(arguments);
        command
    };
    let output = within("curl", curl(&["--include", "http://localhost/info"]).output())
        .await
        .unwrap();
    let answer = String::from_utf8(output.stdout).unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 200 ") && answer.contains("application/json"),
        "{answer}"
    );
    assert!(answer.contains(r#""session_id":"curl""#), "{answer}");
    let output = within("curl", curl(&["--include", "http://localhost/nope"]).output())
        .await
        .unwrap();
    let answer = String::from_utf8(output.stdout).unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 404 ") && answer.contains(r#"{"error":"#),
        "{answer}"
    );

    let mut stream = curl(&[
        "--no-buffer",
        "-H",
        "Accept: text/event-stream",
        "http://localhost/events",
    ])
    .stdout(std::process::Stdio::piped())
    .spawn()
    .unwrap();
    let mut lines = BufReader::new(stream.stdout.take().unwrap()).lines();
    // Live from when it was asked: so the file is read until it is seen.
    let seen = async {
        loop {
            let line = lines.next_line().await.unwrap().expect("the stream goes on");
            if line.starts_with("data: ") && line.contains("/etc/hostname") {
                return;
            }
        }
    };
    let read = async {
        loop {
            shell.run("cat /etc/hostname").await;
        }
    };
    within("an event by curl", async {
        tokio::select! { () = seen => {}, () = read => {} }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_socket_goes_with_its_program() {
    let home = Home::new();
    let shell = Program::shell(&home, "ends").await;
    let mut events = shell.events().await;
    let socket = shell.socket();
    assert!(shell.finish().await.status.success());
    assert!(!socket.exists());
    let mut last = String::new();
    while let Some(line) = events.raw().await {
        last = line;
    }
    assert!(
        last.contains("LayerDisconnected"),
        "a reader gets everything up to the end, not only to {last}"
    );
}
