//! Logs of `mirrord ui` and `mirrord exec`: nothing by default, enough with `-vv`, and never a secret.

use std::process::Stdio;

use http_body_util::Full;
use hyper::{Method, Request};
use mirrord_tests::cluster::{Cluster, OPERATOR};
use mirrord_tests::home::Home;
use mirrord_tests::program::Program;
use mirrord_tests::ui::Ui;
use mirrord_tests::ws::Ws;
use mirrord_tests::{eventually, within};
use mirrord_wire::SessionSummary;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixListener;

const SECRET: &str = "hunter2-is-the-value";
const CLUSTER_TOKEN: &str = "cluster-bearer-token";

/// A session that sends unexpected messages, with a secret and a terminal's escape sequence in all of them.
async fn odd_session(home: &Home) {
    std::fs::create_dir_all(home.sessions_dir()).unwrap();
    let listener = UnixListener::bind(home.sessions_dir().join("odd.sock")).unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut stream = BufReader::new(stream);
                let mut request = String::new();
                stream.read_line(&mut request).await.ok();
                let answer = if request.contains("/info") {
                    let info = format!(r#"{{"session_id":"odd","protocol_version":9,"target":"{SECRET}"}}"#);
                    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{info}", info.len())
                } else if request.contains("/events") {
                    format!(
                        "HTTP/1.1 200 OK\r\n\r\n{{\"seq\":1,\"ts\":2,\"type\":\"EnvVar\",\"vars\":[[\"PASSWORD\",\"{SECRET}\"]]}}\n\
                         {{\"seq\":\"{SECRET}\"}}\n\x1b[31m{SECRET}\n"
                    )
                } else {
                    format!("HTTP/1.1 500 {SECRET}\x1b[31m\r\n\r\n{SECRET}")
                };
                stream.write_all(answer.as_bytes()).await.ok();
            });
        }
    });
}

/// Does all that a user does, and gives what was logged, with the token.
async fn log_of(arguments: &[&str], filter: Option<&str>) -> (String, String) {
    let home = Home::new();
    let cluster = Cluster::start(&[(OPERATOR, 500, SECRET)]).await;
    let path = cluster.kubeconfig(home.path(), &format!("    token: {CLUSTER_TOKEN}"));
    odd_session(&home).await;
    let mut command = home.mirrord(["ui", "--no-open", "--port", "0"]);
    command.args(arguments).env("KUBECONFIG", path).env("PASSWORD", SECRET);
    if let Some(filter) = filter {
        command.env("RUST_LOG", filter);
    }
    command.stderr(Stdio::piped());
    let mut ui = Ui::spawn(command).await;
    let mut program = Program::start(&home, "real", &["env", &format!("PASSWORD={SECRET}"), "sh"]).await;
    program.run("cat /etc/hostname").await;
    let odd = eventually("both sessions are there, and the cluster was asked", async || {
        let sessions: Vec<SessionSummary> = ui.json("/api/sessions").await;
        let odd = sessions
            .iter()
            .find(|session| session.info.session_id == "odd" && session.seq > 0);
        let both = sessions.len() == 2 && !cluster.asked().is_empty();
        odd.filter(|_| both).cloned()
    })
    .await;
    assert_eq!(odd.info.target, SECRET, "it reaches who asks for it");
    sign_in_and_out(&ui).await;
    program.finish().await;
    eventually("the program's session is gone", async || {
        (ui.json::<Vec<SessionSummary>>("/api/sessions").await.len() == 1).then_some(())
    })
    .await;
    let mut stderr = ui.child.stderr.take().unwrap();
    let token = ui.token.clone();
    assert!(ui.interrupt().await.success());
    let mut log = String::new();
    within("the log", stderr.read_to_string(&mut log)).await.unwrap();
    (log, token)
}

async fn sign_in_and_out(ui: &Ui) {
    let get = |path: String| {
        let request = Request::get(path).header("host", ui.address.to_string());
        request.body(Full::default()).unwrap()
    };
    ui.send(get(format!("/?token={}", ui.token))).await;
    ui.send(get(format!("/?token={SECRET}"))).await;
    let mut wrong = ui.request(Method::POST, "/api/sessions/odd/kill");
    wrong
        .headers_mut()
        .insert("content-type", "application/json".parse().unwrap());
    ui.send(wrong).await;
    let origin = format!("http://{}", ui.address);
    let ws = format!("/ws?token={}", ui.token);
    drop(Ws::attempt(ui, &ws, &origin, None).await.ok());
    let ws = format!("/ws?token={SECRET}");
    assert!(Ws::attempt(ui, &ws, &origin, None).await.is_err());
}

fn check(log: &str, token: &str) {
    for secret in [SECRET, CLUSTER_TOKEN, token] {
        assert!(!log.contains(secret), "{log}");
    }
    let strange = |character: char| character.is_control() && character != '\n';
    assert!(!log.contains(strange), "{log:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_flag_nothing_is_logged() {
    assert_eq!(log_of(&[], None).await.0, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_detail_there_is_no_secret() {
    let (log, token) = log_of(&["-vv"], None).await;
    for words in [
        "listening",
        "found a socket",
        "a session ended",
        "asked the cluster",
        "to be ended",
    ] {
        assert!(log.contains(words), "`{words}` in {log}");
    }
    check(&log, &token);
    let (less, token) = log_of(&["-v"], Some("off")).await;
    assert!(less.contains("listening") && !less.contains("found a socket"), "{less}");
    check(&less, &token);
}

#[tokio::test(flavor = "multi_thread")]
async fn even_what_others_log_has_no_secret() {
    let (log, token) = log_of(&[], Some("trace")).await;
    assert!(log.contains("listening"), "{log}");
    check(&log, &token);
    let (log, _) = log_of(&[], Some("a=b=c")).await;
    assert!(log.contains("RUST_LOG is not a filter"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn beside_a_program_only_the_flag_counts() {
    for (flags, logs) in [(&[][..], false), (&["-vv"], true)] {
        let home = Home::new();
        let mut exec = home.mirrord(["exec"]);
        exec.args(flags).args(["--", "true"]);
        exec.env("RUST_LOG", "trace").env("PASSWORD", SECRET);
        let output = within("true", exec.output()).await.unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(stderr.contains("published"), logs, "{stderr}");
        assert!(!stderr.contains(SECRET), "{stderr}");
        assert!(stderr.is_empty() || logs, "{stderr}");
    }
}
