//! Sessions in either dialect: read, followed and served.

use std::os::unix::fs::{chown, symlink};
use std::os::unix::net::UnixListener;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::UnixStream;

use crate::support::host::{Host, Scripted, read_head};
use crate::support::{Home, seqs};

const INFO: &[u8] = include_bytes!("../fixtures/released-3.250/python.info.http");
const EVENTS: &[u8] = include_bytes!("../fixtures/released-3.250/python.events.http");

#[tokio::test(flavor = "multi_thread")]
async fn unknown_types_and_fields_pass_to_the_letter() {
    let home = Home::new().await;
    let mut client = home.websocket("/ws").await;
    let host = Host::start(&home.sessions, "new");
    let lines = [
        r#"{"seq":1,"ts":5,"type":"DnsQuery","host":"db","weight":1.50,"z":[1e3],"a":{}}"#,
        r#"{ "ts" : 6, "type":"Teleported", "seq":2, "to":"\u0041\/" }"#,
    ];
    lines.iter().for_each(|line| host.emit_line(line));
    for line in lines {
        let text = loop {
            let text = client.text().await.unwrap();
            if text.starts_with(r#"{"type":"event""#) {
                break text;
            }
        };
        assert_eq!(text, format!(r#"{{"type":"event","session_id":"new","data":{line}}}"#));
    }
    let answer = home.ask(Method::GET, "/api/sessions/new/events").await;
    assert_eq!(answer.body, format!("[{}]", lines.join(",")));
    let detail = home.get("/api/sessions/new").await;
    assert_eq!(
        detail["state"]["counters"]["by_type"],
        json!({"DnsQuery": 1, "Teleported": 1})
    );
    assert_eq!(detail["processes"][0]["process_name"], "shop");
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_and_listeners_are_one_list_and_what_is_not_known_is_absent() {
    let home = Home::new().await;
    let host = Host::start(&home.sessions, "new");
    for line in [
        r#"{"seq":1,"ts":5000,"type":"ConnectionUpdate","protocol":"tcp","direction":"out","local":"10.0.0.1:4000","remote":"10.0.0.2:80","state":"syn_sent","pid":7,"outcome":"pending","duration_us":100}"#,
        r#"{"seq":2,"ts":6000,"type":"ConnectionUpdate","protocol":"tcp","direction":"out","local":"10.0.0.1:4000","remote":"10.0.0.2:80","state":"closed","pid":7,"bytes_in":3,"bytes_out":4,"outcome":"connected"}"#,
        r#"{"seq":3,"ts":7000,"type":"ListenerUpdate","protocol":"tcp","address":"*","port":80,"note":"other_network","pid":8}"#,
        r#"{"seq":4,"ts":8000,"type":"ListenerUpdate","protocol":"tcp","address":"127.0.0.1","port":81,"arrivals":3,"open":0,"bytes_in":30,"bytes_out":0,"pid":7}"#,
    ] {
        host.emit_line(line);
    }
    home.until_seq("new", 4).await;
    let answer = home.get("/api/sessions/new/connections").await;
    assert_eq!(
        answer,
        json!({
            "connections": [{"pid": 7, "protocol": "tcp", "direction": "out", "local": "10.0.0.1:4000", "remote": "10.0.0.2:80",
                "state": "closed", "outcome": "connected", "bytes_in": 3, "bytes_out": 4, "opened_ts": 4900, "closed_ts": 6000}],
            "listeners": [
                {"pid": 8, "protocol": "tcp", "address": "*", "port": 80, "note": "other_network"},
                {"pid": 7, "protocol": "tcp", "address": "127.0.0.1", "port": 81, "arrivals": 3, "open": 0, "bytes_in": 30, "bytes_out": 0},
            ],
            "more": 0,
        })
    );
    let listed = home.get("/api/sessions").await;
    assert_eq!(
        (&listed[0]["traffic"]["bytes_in"], &listed[0]["traffic"]["bytes_out"]),
        (&json!(33), &json!(4))
    );
    let missing = home.ask(Method::GET, "/api/sessions/other/connections").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answers_of_a_session_are_counted_as_its_events_come() {
    let home = Home::new().await;
    let host = Host::start(&home.sessions, "new");
    for line in [
        r#"{"seq":1,"ts":1000,"type":"LayerConnected","pid":7,"process_name":"shop","cmdline":["shop","--db","db"]}"#,
        r#"{"seq":2,"ts":2000,"type":"FileOp","path":"/srv/shop.toml","operation":"open","pid":7,"outcome":"not_found"}"#,
        r#"{"seq":3,"ts":3000,"type":"FileOp","path":"/etc/shop/shop.toml","operation":"open","pid":7,"outcome":"ok"}"#,
        r#"{"seq":6,"ts":4000,"type":"DnsQuery","host":"db","pid":7}"#,
        r#"{"seq":7,"ts":5000,"type":"LayerDisconnected","pid":7,"signal":"SIGSEGV"}"#,
    ] {
        host.emit_line(line);
    }
    home.until_seq("new", 7).await;
    let summary = home.get("/api/sessions/new/summary").await;
    assert_eq!(
        (&summary["seq"], &summary["missed"]),
        (&json!(7), &json!(2)),
        "{summary}"
    );
    assert_eq!(
        summary["failed"],
        json!({"files": 0, "network": 1, "ports": 0, "processes": 1})
    );
    let kinds: Vec<_> = summary["worth_a_look"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| &found["kind"])
        .collect();
    assert_eq!(kinds, ["died", "nothing_followed"]);
    let places = &summary["searches"][0]["places"];
    assert_eq!((&places[0]["not_found"], &places[1]["found"]), (&json!(1), &json!(1)));
}

/// Replays the released mirrord's bytes in portions, so that they end anywhere; the stream then stays open.
async fn replay(mut stream: UnixStream, portion: usize) {
    let Ok(head) = read_head(&mut stream).await else { return };
    if head.starts_with("GET /info ") {
        stream.write_all(INFO).await.ok();
        return;
    }
    if head.starts_with("GET /state ") {
        stream
            .write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            .await
            .ok();
        return;
    }
    // It knows neither the query nor what is accepted, and has one stream for everybody.
    assert!(head.starts_with("GET /events"), "{head}");
    for piece in EVENTS.chunks(portion) {
        stream.write_all(piece).await.ok();
        tokio::task::yield_now().await;
    }
    std::future::pending::<()>().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_released_mirrord_is_read_however_its_bytes_are_divided() {
    let events = EVENTS.windows(6).filter(|window| window == b"data: ").count() as u64;
    let home = Home::new().await;
    let portions = [3, 17, 1_000, usize::MAX >> 1];
    let _hosts: Vec<_> = portions
        .iter()
        .map(|portion| {
            let portion = *portion;
            Scripted::start(&home.sessions, &format!("r{portion}"), move |stream| {
                replay(stream, portion)
            })
        })
        .collect();
    for portion in portions {
        let id = format!("r{portion}");
        let session = home.until_seq(&id, events).await;
        assert_eq!((&session["status"], session.get("missed")), (&"live".into(), None));
        assert_eq!(session["mirrord_version"], "3.250.0");
        assert_eq!(session["counts"]["LayerConnected"], 1);
        let summary = home.get(&format!("/api/sessions/{id}/summary")).await;
        assert_eq!(summary["failed"], json!({"ports": 0}), "what is not known is absent");
        assert_eq!(
            (&summary["searches"], &summary["worth_a_look"]),
            (&json!([]), &json!([]))
        );
        let kept = home
            .get(&format!("/api/sessions/{id}/events?type=OutgoingConnection,DnsQuery"))
            .await;
        let kinds: Vec<_> = kept
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line["type"].as_str().unwrap())
            .collect();
        assert_eq!(kinds, ["DnsQuery", "OutgoingConnection", "DnsQuery"], "{kept}");
        assert_eq!(
            (&kept[1]["address"], &kept[1]["port"]),
            (&"127.0.0.1".into(), &61337.into())
        );
        let all = home.get(&format!("/api/sessions/{id}/events")).await;
        assert_eq!(seqs(&all), (1..=events).collect::<Vec<_>>());
        for line in all.as_array().unwrap() {
            assert!(line["ts"].as_u64().unwrap() > 1_600_000_000_000_000);
        }
        assert!(
            session["processes"].as_array().unwrap().is_empty(),
            "its process has ended"
        );
    }
    let kill = home.ask(Method::POST, "/api/sessions/r17/kill").await;
    assert_eq!(kill.status, StatusCode::NOT_IMPLEMENTED);
    assert!(kill.json()["error"].as_str().unwrap().contains("3.250.0"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_breaks_off_is_taken_up_where_it_was() {
    let (home, host) = Home::with_session("one").await;
    let mut emitted = 0;
    for round in 0..4 {
        (0..500).for_each(|_| host.emit());
        emitted += 500;
        if round % 2 == 0 {
            home.until_seq("one", emitted).await;
        }
        host.break_streams();
        (0..500).for_each(|_| host.emit());
        emitted += 500;
        home.until_seq("one", emitted).await;
    }
    assert!(host.opened().len() > 2, "the streams did break: {:?}", host.opened());
    let events = home.get("/api/sessions/one/events?limit=100000").await;
    assert_eq!(seqs(&events), (1..=emitted).collect::<Vec<_>>());
    let session = home.session("one").await.unwrap();
    assert_eq!(
        (&session["missed"], &session["counts"]["FileOp"]),
        (&0.into(), &emitted.into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_events_are_counted_once_and_told() {
    let (home, host) = Home::with_session("one").await;
    let mut client = home.websocket("/ws/one?batch=1").await;
    client.message_of("sessions").await;
    host.emit_line(r#"{"seq":1,"ts":1,"type":"DnsQuery","host":"a"}"#);
    host.emit_line(r#"{"type":"Lagged","missed":8}"#);
    host.emit_line(r#"{"seq":10,"ts":1,"type":"DnsQuery","host":"b"}"#);
    let session = home.until_seq("one", 10).await;
    assert_eq!(session["missed"], 8);
    let lagged = client.message_of("lagged").await;
    assert_eq!(lagged, json!({"type": "lagged", "session_id": "one", "missed": 8}));
    assert_eq!(client.message_of("events").await["data"][0]["seq"], 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_can_be_asked_for_in_parts() {
    let (home, host) = Home::with_session("one").await;
    (0..300).for_each(|_| host.emit());
    host.emit_line(r#"{"seq":301,"ts":1,"type":"DnsQuery","host":"Db.Example"}"#);
    home.until_seq("one", 301).await;
    let events = "/api/sessions/one/events";
    let answer = home.ask(Method::GET, &format!("{events}?since=10&limit=3")).await;
    assert_eq!(seqs(&answer.json()), [11, 12, 13]);
    assert_eq!(answer.headers["mirrord-next-since"], "13");
    let answer = home.ask(Method::GET, &format!("{events}?since=298")).await;
    assert!(!answer.headers.contains_key("mirrord-next-since"));
    assert_eq!(home.get(&format!("{events}?q=db.ex")).await[0]["seq"], 301);
    assert_eq!(
        home.get(&format!("{events}?q=host")).await,
        json!([]),
        "the names of fields do not count"
    );
    assert_eq!(
        home.get(&format!("{events}?q=/f/3&type=FileOp&limit=2")).await[1]["seq"],
        10
    );
    for wrong in ["since=-1", "since=x", "limit=0", "limit=100001"] {
        let answer = home.ask(Method::GET, &format!("{events}?{wrong}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
    }
    let ndjson = [("accept", "application/x-ndjson")];
    let answer = home
        .ask_with(Method::GET, &format!("{events}?since=299"), &ndjson)
        .await;
    assert_eq!(answer.headers["content-type"], "application/x-ndjson");
    let lines: Vec<Value> = answer
        .body
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_is_forwarded_and_told_as_the_session_tells_it() {
    let home = Home::new().await;
    let _can = Host::start(&home.sessions, "can");
    let _cannot = Host::with(&home.sessions, "cannot", "501 Not Implemented", "2026-11-20T18:00:00Z");
    home.until("can", "live").await;
    home.until("cannot", "live").await;
    for (id, status) in [("can", 202), ("cannot", 501), ("nobody", 404), ("..%2fx", 404)] {
        let answer = home.ask(Method::POST, &format!("/api/sessions/{id}/kill")).await;
        assert_eq!(answer.status.as_u16(), status, "{id}: {answer:?}");
        answer.json();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_session_says_to_its_end_goes_no_further() {
    let home = Home::new().await;
    let _odd = Host::with(&home.sessions, "odd", "418 I am hunter2", "2026-11-20T18:00:00Z");
    home.until("odd", "live").await;
    let answer = home.ask(Method::POST, "/api/sessions/odd/kill").await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY, "{answer:?}");
    let told = answer.json().to_string();
    assert!(
        told.contains("refused to end") && !told.contains("hunter2") && !told.contains("by the session"),
        "{told}"
    );
}

/// A program that listens there could end on the request, and could put words into the server's answer.
#[tokio::test(flavor = "multi_thread")]
async fn an_end_is_not_forwarded_to_a_socket_that_discovery_refuses() {
    let home = Home::new().await;
    let outside = home.sessions.with_file_name("outside.sock");
    let mut strangers = vec![UnixListener::bind(&outside).unwrap()];
    symlink(&outside, home.sessions.join("link.sock")).unwrap();
    let mut refused = vec!["link", "swapped"];
    let theirs = home.sessions.with_file_name("theirs.sock");
    let stranger = UnixListener::bind(&theirs).unwrap();
    // Only root can give a socket away.
    if chown(&theirs, Some(65534), None).is_ok() {
        std::fs::rename(&theirs, home.sessions.join("theirs.sock")).unwrap();
        strangers.push(stranger);
        refused.push("theirs");
    }
    // Its stream is open, so that it is a live session by all but its file.
    let _host = Host::start(&home.sessions, "swapped");
    home.until("swapped", "live").await;
    std::fs::remove_file(home.sessions.join("swapped.sock")).unwrap();
    symlink(&outside, home.sessions.join("swapped.sock")).unwrap();
    for id in refused {
        if id != "swapped" {
            home.until(id, "unresponsive").await;
        }
        let answer = home.ask(Method::POST, &format!("/api/sessions/{id}/kill")).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{id}: {answer:?}");
    }
    for stranger in strangers {
        stranger.set_nonblocking(true).unwrap();
        let connected = stranger.accept().map_err(|error| error.kind());
        assert_eq!(connected.unwrap_err(), std::io::ErrorKind::WouldBlock);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_session_stays_until_it_is_dismissed() {
    let (home, host) = Home::with_session("one").await;
    host.emit();
    home.until_seq("one", 1).await;
    assert_eq!(
        home.status(Method::DELETE, "/api/sessions/one").await,
        StatusCode::CONFLICT
    );
    let mut client = home.websocket("/ws").await;
    drop(host);
    home.until("one", "ended").await;
    assert_eq!(home.get("/api/sessions/one/events").await.as_array().unwrap().len(), 1);
    let kill = home.ask(Method::POST, "/api/sessions/one/kill").await;
    assert_eq!(kill.status, StatusCode::CONFLICT);
    assert_eq!(
        home.status(Method::DELETE, "/api/sessions/one").await,
        StatusCode::NO_CONTENT
    );
    assert_eq!(client.message_of("session_dismissed").await["session_id"], "one");
    for target in ["/api/sessions/one", "/api/sessions/one/events"] {
        assert_eq!(
            home.status(Method::GET, target).await,
            StatusCode::NOT_FOUND,
            "{target}"
        );
    }
    assert_eq!(
        home.status(Method::DELETE, "/api/sessions/one").await,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_odd_field_of_info_costs_itself_alone_and_an_unknown_one_is_passed_on() {
    let home = Home::new().await;
    let _host = Scripted::answering(&home.sessions, "odd", |target| {
        let info = r#"{"session_id":"odd","protocol_version":1,"target":7,"started_at":"s","processes":[1,{"pid":7,"process_name":"p"}],"later":{"code":3},"seq":99,"status":"ended"}"#;
        if target == "/info" {
            info.to_owned()
        } else {
            "{}".to_owned()
        }
    });
    let session = home.until("odd", "live").await;
    assert_eq!(
        session["notes"],
        json!([
            "`target` in /info is of an unexpected type and was not read",
            "`processes` in /info is of an unexpected type and was not read",
        ])
    );
    assert_eq!((&session["later"], &session["seq"]), (&json!({"code": 3}), &0.into()));
    assert_eq!(session["processes"], json!([{"pid": 7, "process_name": "p"}]));
}

#[tokio::test(flavor = "multi_thread")]
async fn long_answers_are_compressed_where_the_client_takes_that() {
    let (home, host) = Home::with_session("one").await;
    (0..2_000).for_each(|_| host.emit());
    home.until_seq("one", 2_000).await;
    let ask = async |coding: &str, tag: &str| {
        let headers = [("accept-encoding", coding), ("if-none-match", tag)];
        home.ask_with(Method::GET, "/api/sessions/one/events", &headers).await
    };
    let plain = ask("identity", "\"\"").await;
    let packed = ask("br;q=1.0, gzip;q=0.8", "\"\"").await;
    assert_eq!(packed.headers["content-encoding"], "gzip");
    assert!(plain.headers.get("content-encoding").is_none() && plain.body.len() > 100_000);
    assert!(
        packed.body.len() * 8 < plain.body.len(),
        "{} of {}",
        packed.body.len(),
        plain.body.len()
    );
    let mut unpacked = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&packed.body[..]), &mut unpacked).unwrap();
    assert_eq!(unpacked, plain.body);
    let (plain_tag, tag) = (&plain.headers["etag"], packed.headers["etag"].to_str().unwrap());
    assert_ne!(plain_tag, tag);
    let known = ask("gzip", tag).await;
    assert_eq!((known.status, known.body.len()), (StatusCode::NOT_MODIFIED, 0));
    assert_eq!(ask("gzip", plain_tag.to_str().unwrap()).await.status, StatusCode::OK);
    for answer in [&plain, &packed, &known] {
        let vary = answer.headers.get_all("vary").iter();
        assert!(
            vary.map(|value| value.to_str().unwrap())
                .any(|value| value.contains("accept-encoding"))
        );
    }
    let short = home.ask(Method::GET, "/api/version").await;
    assert!(short.headers.get("content-encoding").is_none());
}
