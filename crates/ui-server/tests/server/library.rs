//! Real sessions: the library that hosts embed on one side, the server on the other.

use std::path::Path;
use std::sync::Arc;

use http::{Method, StatusCode};
use mirrord_intproxy_ipc::{MonitorTx, Session, SessionListener};
use mirrord_wire::session::Policy;
use mirrord_wire::{MonitorEvent, SessionId, SessionInfo};
use tokio::sync::Notify;

use crate::support::Home;

/// An id that no other run has: on Windows, pipes are one name space for the whole system.
fn unique(name: &str) -> SessionId {
    SessionId::new(format!("{name}-{}", std::process::id())).unwrap()
}

fn start(sessions: &Path, id: &SessionId, killed: Option<Arc<Notify>>) -> (MonitorTx, Session) {
    let listener = SessionListener::bind(sessions, id).unwrap();
    let info = SessionInfo {
        protocol_version: mirrord_wire::PROTOCOL_VERSION,
        target: "deployment/orders".to_owned(),
        started_at: "2026-11-20T18:00:00Z".to_owned(),
        ..SessionInfo::default()
    };
    let mut session = Session::builder(info);
    if let Some(killed) = killed {
        session = session.on_kill(move || killed.notify_one());
    }
    session.start(listener).unwrap()
}

fn open(number: u64) -> MonitorEvent {
    MonitorEvent::FileOp {
        path: Some(format!("/f/{}", number % 10)),
        operation: "open".into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_from_before_the_server_to_the_last_event_is_there() {
    let sessions = tempfile::tempdir().unwrap();
    let directory = sessions.path().join("sessions");
    let id = unique("early");
    let (tx, session) = start(&directory, &id, None);
    tx.emit(MonitorEvent::LayerConnected {
        pid: 7,
        parent_pid: None,
        process_name: Some("shop".to_owned()),
        cmdline: vec![],
        cwd: None,
    });
    (2..=500).for_each(|number| tx.emit(open(number)));
    let home = Home::on(&directory).await;
    let before = home.until_seq(id.as_str(), 500).await;
    assert_eq!(
        (&before["counts"]["FileOp"], &before["missed"]),
        (&499.into(), &0.into())
    );
    assert_eq!(before["processes"][0]["process_name"], "shop");
    (501..=2_500).for_each(|number| tx.emit(open(number)));
    session.shutdown().await;
    let after = home.until(id.as_str(), "ended").await;
    assert_eq!((&after["seq"], &after["missed"]), (&2_500.into(), &0.into()));
    let detail = home.get(&format!("/api/sessions/{id}")).await;
    assert_eq!(detail["state"]["counters"]["by_operation"]["open"], 2_499);
    assert_eq!(detail["state"]["paths"]["items"].as_array().unwrap().len(), 10);
    let process = &detail["state"]["processes"][0];
    assert!(process["ended_ts"].is_u64(), "it ended with the session: {process}");
    assert_eq!(
        detail["processes"][0]["process_name"], "shop",
        "and is what the session was"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_session_withholds_is_counted_and_not_missed() {
    let home = Home::new().await;
    let id = unique("busy");
    let listener = SessionListener::bind(&home.sessions, &id).unwrap();
    let info = SessionInfo {
        protocol_version: mirrord_wire::PROTOCOL_VERSION,
        ..SessionInfo::default()
    };
    let (tx, session) = Session::builder(info)
        .policy(Policy::Deduplicated)
        .start(listener)
        .unwrap();
    home.until(id.as_str(), "live").await;
    let mut client = home.websocket(&format!("/ws/{id}?batch=1")).await;
    client.message_of("sessions").await;
    (1..=5_000).for_each(|number| tx.emit(open(number)));
    let busy = home.until_seq(id.as_str(), 5_000).await;
    assert_eq!(
        (&busy["counts"]["FileOp"], &busy["missed"], &busy["suppressed"]),
        (&5_000.into(), &0.into(), &4_990.into())
    );
    let (mut events, mut withheld) = (0, 0);
    while events + withheld < 5_000 {
        let message = client.message().await;
        match message["type"].as_str().unwrap() {
            "events" => events += message["data"].as_array().unwrap().len(),
            "lagged" => {
                assert_eq!(message["missed"], message["suppressed"]);
                withheld += usize::try_from(message["suppressed"].as_u64().unwrap()).unwrap();
            }
            _ => {}
        }
    }
    assert_eq!((events, withheld), (10, 4_990));
    session.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_is_told_to_end_its_program() {
    let home = Home::new().await;
    let killed = Arc::new(Notify::new());
    let (id, deaf) = (unique("told"), unique("deaf"));
    let (_tx, _session) = start(&home.sessions, &id, Some(Arc::clone(&killed)));
    let (_deaf_tx, _deaf) = start(&home.sessions, &deaf, None);
    for id in [&id, &deaf] {
        home.until(id.as_str(), "live").await;
    }
    let answer = home.ask(Method::POST, &format!("/api/sessions/{id}/kill")).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED, "{answer:?}");
    tokio::time::timeout(crate::support::PATIENCE, killed.notified())
        .await
        .unwrap();
    let answer = home.ask(Method::POST, &format!("/api/sessions/{deaf}/kill")).await;
    assert_eq!(answer.status, StatusCode::NOT_IMPLEMENTED, "{answer:?}");
}
