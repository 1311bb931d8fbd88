//! The README's first command: `cargo xtask demo`.

use std::path::Path;
use std::process::Stdio;

use http_body_util::Full;
use hyper::{Request, StatusCode};
use mirrord_tests::home::Home;
use mirrord_tests::{eventually, http, ui, within};
use mirrord_wire::SessionSummary;
use rustix::process::Signal;
use tokio::io::{AsyncBufReadExt, BufReader};

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_shows_a_real_program_and_leaves_nothing_behind() {
    let home = Home::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut demo = tokio::process::Command::new(env!("CARGO"))
        .args(["xtask", "demo", "--port", "0"])
        .current_dir(root)
        .env("MIRRORD_SESSIONS_DIR", home.sessions_dir())
        .env("TMPDIR", home.path())
        .env_remove("MIRRORD_SESSION_ID")
        // What is asked is whether it builds here, not whether it builds for this test's own target directory.
        .env_remove("CARGO_TARGET_DIR")
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(demo.stdout.take().unwrap()).lines();
    let url = loop {
        // Longer than any other wait: the first run builds.
        let line = tokio::time::timeout(std::time::Duration::from_secs(600), lines.next_line()).await;
        let line = line
            .expect("the demo starts")
            .unwrap()
            .expect("the demo says where it is");
        if let Some(url) = line.strip_prefix("Session Monitor: ") {
            break url.to_owned();
        }
    };
    let (base, token) = url.split_once("/?token=").unwrap();
    let port: u16 = base.rsplit(':').next().unwrap().parse().unwrap();
    let address = ([127, 0, 0, 1], port).into();
    let sessions = async || {
        let request = Request::get("/api/sessions")
            .header("host", format!("127.0.0.1:{port}"))
            .header("authorization", format!("Bearer {token}"))
            .body(Full::default())
            .unwrap();
        let answer = http::send(address, request).await;
        assert_eq!(answer.status(), StatusCode::OK);
        serde_json::from_slice::<Vec<SessionSummary>>(answer.body()).unwrap()
    };
    let kinds = [
        "FileOp",
        "DnsQuery",
        "OutgoingConnection",
        "PortSubscription",
        "LayerConnected",
    ];
    eventually("the sample shows some of everything", async || {
        let sessions = sessions().await;
        let counts = &sessions.first()?.counts;
        kinds
            .iter()
            .all(|kind| counts.get(*kind).is_some_and(|count| *count > 0))
            .then_some(())
    })
    .await;

    ui::signal(&demo, Signal::INT);
    let status = within("the end of the demo", demo.wait()).await.unwrap();
    assert!(status.success(), "{status}");
    assert!(home.sessions_left().is_empty(), "{:?}", home.sessions_left());
    let left: Vec<_> = std::fs::read_dir(home.path())
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    assert_eq!(left, [".mirrord"], "no temporary file stays");
}
