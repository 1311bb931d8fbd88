//! Exporters against small servers on free ports: what arrives, and what becomes of a failing endpoint. What depends on times is in
//! `end.rs`, without sockets.

mod end;
mod receiver;

use std::time::Duration;

use bytes::Bytes;
use mirrord_wire::{Counters, SessionInfo, SessionState};
use opentelemetry_proto::tonic::collector::logs::v1::{
    ExportLogsPartialSuccess, ExportLogsServiceRequest, ExportLogsServiceResponse,
};
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use self::receiver::{Receiver, Reply};
use super::*;
use crate::endpoint::{Endpoint, Protocol};
use crate::transport::Dial;

const PROTOCOLS: [Protocol; 2] = [Protocol::Http, Protocol::Grpc];

/// Settings for an address, with times that no test waits for but where it says so.
fn settings(address: &str, protocol: Protocol) -> Settings {
    let mut settings = Settings::read(Some(&format!("http://{address}")), Some(protocol), |name| {
        (name == "OTEL_EXPORTER_OTLP_HEADERS").then(|| "authorization=Bearer%20s3cret".to_owned())
    })
    .unwrap();
    settings.timing.batch_interval = Duration::from_millis(1);
    settings.timing.first_retry_delay = Duration::from_millis(1);
    settings.timing.request_timeout = Duration::from_secs(20);
    settings
}

struct Running {
    exporter: Exporter,
    source: Arc<Source>,
    task: JoinHandle<()>,
}

impl Running {
    fn new(settings: Settings) -> Self {
        Self::start(Exporter::new(settings).unwrap())
    }

    /// Starts one that opens its streams by other means than TCP.
    fn dialing(settings: Settings, dial: Dial) -> Self {
        let connector = Connector::with_dial(&settings, dial);
        let (exporter, mut task) = Exporter::new(settings).unwrap();
        task.connector = Arc::new(connector);
        Self::start((exporter, task))
    }

    fn start((exporter, task): (Exporter, ExportTask)) -> Self {
        let info = SessionInfo {
            session_id: "s".to_owned(),
            ..SessionInfo::default()
        };
        Self {
            source: exporter.source(&info),
            exporter,
            task: tokio::spawn(task.run()),
        }
    }

    fn push(&self, seqs: std::ops::RangeInclusive<u64>) {
        for seq in seqs {
            let line = format!(r#"{{"seq":{seq},"ts":1,"type":"DnsQuery","host":"h"}}"#);
            self.exporter.push(&self.source, &line);
        }
    }

    /// Waits for the first failure of an attempt.
    async fn failure(&self) -> String {
        loop {
            if let Some(error) = self.exporter.info().last_error {
                return error.text;
            }
            tokio::task::yield_now().await;
        }
    }

    /// Ends the exporter, which flushes, and returns its counts.
    async fn end(self) -> OtlpInfo {
        self.exporter.close();
        self.task.await.unwrap();
        let info = self.exporter.info();
        assert_eq!((info.logs.queued, info.logs.retrying), (0, 0), "{info:?}");
        info
    }
}

fn records(message: &Bytes) -> usize {
    let request = ExportLogsServiceRequest::decode(message.clone()).unwrap();
    let scopes = request.resource_logs.iter().flat_map(|group| &group.scope_logs);
    scopes.map(|scope| scope.log_records.len()).sum()
}

#[tokio::test]
async fn records_arrive_at_their_path_with_the_headers_by_either_protocol() {
    for protocol in PROTOCOLS {
        let receiver = Receiver::start(protocol, []).await;
        let running = Running::new(settings(&receiver.address(), protocol));
        running.push(1..=5_000);
        let info = running.end().await;
        assert_eq!((info.logs.sent, info.logs.dropped), (5_000, 0), "{info:?}");
        assert_eq!(info.last_error, None);
        let requests = receiver.requests();
        assert_eq!(requests.iter().map(|own| records(&own.message)).sum::<usize>(), 5_000);
        assert_eq!(receiver.connections(), 1, "it is kept");
        for request in requests {
            let path = match protocol {
                Protocol::Http => "/v1/logs",
                Protocol::Grpc => "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
            };
            assert_eq!(request.path, path);
            assert_eq!(request.headers["authorization"], "Bearer s3cret");
            let content = request.headers["content-type"].to_str().unwrap();
            let is_grpc = content == "application/grpc" && request.headers["te"] == "trailers";
            assert!(is_grpc || content == "application/x-protobuf", "{content}");
        }
    }
}

#[tokio::test]
async fn metrics_arrive_and_the_newest_set_alone_waits() {
    for protocol in PROTOCOLS {
        let receiver = Receiver::start(protocol, []).await;
        let running = Running::new(settings(&receiver.address(), protocol));
        let snapshot = |rate| {
            let state = SessionState::default();
            Snapshot::new(Arc::clone(&running.source), &state, Counters::default(), rate, 1)
        };
        running.exporter.measure(vec![snapshot(1.0)]);
        running.exporter.measure(vec![snapshot(2.0), snapshot(3.0)]);
        let info = running.end().await;
        assert!(info.metrics.sent > 0 && info.metrics.dropped == 0, "{info:?}");
        let requests = receiver.requests();
        let last = requests.last().unwrap();
        assert!(last.path.contains("etrics"), "{}", last.path);
        let request = ExportMetricsServiceRequest::decode(last.message.clone()).unwrap();
        assert_eq!(request.resource_metrics.len(), 2);
    }
}

#[tokio::test]
async fn an_endpoint_that_is_busy_or_breaks_off_gets_the_same_records_again() {
    let http = [
        Reply::status(429).header("retry-after", "0"),
        Reply::status(503),
        Reply::status(502),
        Reply::Close,
        Reply::status(504),
    ];
    let grpc = [
        Reply::grpc(14),
        Reply::grpc(4),
        Reply::Close,
        Reply::status(503),
        Reply::grpc(10),
    ];
    for (protocol, replies) in [(Protocol::Http, http), (Protocol::Grpc, grpc)] {
        let receiver = Receiver::start(protocol, replies).await;
        let running = Running::new(settings(&receiver.address(), protocol));
        running.push(1..=10);
        receiver.wait_for(6).await;
        let info = running.end().await;
        assert_eq!((info.logs.sent, info.logs.dropped), (10, 0), "{info:?}");
        assert!(info.last_error.is_some());
        let messages: Vec<_> = receiver.requests().into_iter().map(|own| own.message).collect();
        assert!(messages.iter().all(|message| message == &messages[0]), "the same");
    }
}

#[tokio::test]
async fn what_is_refused_for_good_is_dropped_and_counted_and_the_next_is_sent() {
    let page = Reply::status(200).header("content-type", "text/html").body(b"<html>");
    let long = Reply::status(200)
        .header("content-type", "application/x-protobuf")
        .body(&[0; 100_000]);
    let http = [
        Reply::status(400),
        Reply::status(500),
        Reply::status(302),
        page.clone(),
        long,
    ];
    let grpc = [
        Reply::grpc(3),
        Reply::grpc(8),
        Reply::grpc(16),
        page,
        Reply::status(404),
    ];
    for (protocol, replies) in [(Protocol::Http, http), (Protocol::Grpc, grpc)] {
        let receiver = Receiver::start(protocol, replies).await;
        let running = Running::new(settings(&receiver.address(), protocol));
        for request in 1..=6 {
            running.push(request..=request);
            receiver.wait_for(usize::try_from(request).unwrap()).await;
        }
        let info = running.end().await;
        assert_eq!((info.logs.sent, info.logs.dropped), (1, 5), "{info:?}");
        assert_eq!(info.logs.dropped_by["rejected"], 5);
    }
}

#[tokio::test]
async fn records_that_an_answer_rejects_are_counted() {
    let partial = ExportLogsServiceResponse {
        partial_success: Some(ExportLogsPartialSuccess {
            rejected_log_records: 3,
            error_message: "s3cret".to_owned(),
        }),
    };
    let message = partial.encode_to_vec();
    for protocol in PROTOCOLS {
        let receiver = Receiver::start(protocol, [Reply::message(protocol, &message)]).await;
        let running = Running::new(settings(&receiver.address(), protocol));
        running.push(1..=10);
        let info = running.end().await;
        assert_eq!((info.logs.sent, info.logs.dropped_by["rejected"]), (7, 3), "{info:?}");
    }
}

#[tokio::test]
async fn an_endpoint_that_hangs_holds_up_nobody_and_ends_with_the_time_for_it() {
    for protocol in PROTOCOLS {
        let receiver = Receiver::start(protocol, [Reply::Hang]).await;
        let mut settings = settings(&receiver.address(), protocol);
        settings.timing.shutdown_timeout = Duration::from_millis(50);
        let running = Running::new(settings);
        running.push(1..=10);
        receiver.wait_for(1).await;
        // It is the caller's thread: each of them returns at once, whatever finds no room.
        let long = format!(
            r#"{{"seq":1,"ts":1,"type":"DnsQuery","host":"{}"}}"#,
            "h".repeat(100_000)
        );
        for _ in 0..1_000 {
            running.exporter.push(&running.source, &long);
        }
        let info = running.end().await;
        let (full, shutdown) = (info.logs.dropped_by["queue_full"], info.logs.dropped_by["shutdown"]);
        assert_eq!((info.logs.sent, full + shutdown), (0, 1_010), "{info:?}");
        assert!(full > 800 && shutdown > 100, "{info:?}");
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_given_up_and_tried_again() {
    for protocol in PROTOCOLS {
        let receiver = Receiver::start(protocol, [Reply::Hang]).await;
        let mut settings = settings(&receiver.address(), protocol);
        settings.timing.request_timeout = Duration::from_millis(100);
        let running = Running::new(settings);
        running.push(1..=1);
        receiver.wait_for(2).await;
        let info = running.end().await;
        assert_eq!((info.logs.sent, info.logs.dropped), (1, 0), "{info:?}");
        assert_eq!(receiver.connections(), 2, "the other one may still answer");
        assert!(info.last_error.unwrap().text.contains("did not answer within 1"));
    }
}

#[tokio::test]
async fn an_endpoint_that_is_away_is_given_up_after_a_time_and_said_to_be_away() {
    for protocol in PROTOCOLS {
        let address = {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            listener.local_addr().unwrap().to_string()
        };
        let mut settings = settings(&address, protocol);
        settings.timing.max_retry_time = Duration::from_millis(20);
        let running = Running::new(settings);
        running.push(1..=2);
        while running.exporter.info().logs.dropped == 0 {
            tokio::task::yield_now().await;
        }
        let info = running.end().await;
        assert_eq!(info.logs.dropped_by["retries_exhausted"], 2, "{info:?}");
        assert!(info.last_error.unwrap().text.contains("cannot be reached"));
    }
}

#[tokio::test]
async fn a_name_that_does_not_resolve_is_said_not_to() {
    for protocol in PROTOCOLS {
        // A label that is too long: no name server is asked.
        let running = Running::new(settings(&format!("{}.invalid:4318", "a".repeat(64)), protocol));
        running.push(1..=1);
        assert!(running.failure().await.contains("name does not resolve"));
    }
}

#[tokio::test]
async fn a_server_of_http_1_is_said_to_speak_no_grpc_perhaps() {
    let receiver = Receiver::start(Protocol::Http, []).await;
    let running = Running::new(settings(&receiver.address(), Protocol::Grpc));
    running.push(1..=1);
    let text = running.failure().await;
    assert!(text.contains("may not speak gRPC"), "{text}");
}

#[tokio::test]
async fn a_connection_of_grpc_that_breaks_off_later_is_no_other_protocol() {
    let replies = [Reply::message(Protocol::Grpc, b""), Reply::Close, Reply::Close];
    let receiver = Receiver::start(Protocol::Grpc, replies).await;
    let running = Running::new(settings(&receiver.address(), Protocol::Grpc));
    running.push(1..=1);
    receiver.wait_for(1).await;
    running.push(2..=2);
    receiver.wait_for(4).await;
    let info = running.end().await;
    assert_eq!(info.last_error.unwrap().text, "the connection broke off");
}

#[tokio::test]
async fn an_endpoint_that_speaks_something_else_is_said_to_be_no_receiver() {
    for protocol in PROTOCOLS {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut settings = settings(&listener.local_addr().unwrap().to_string(), protocol);
        settings.timing.max_retry_time = Duration::from_millis(20);
        let server = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                stream.write_all(b"SSH-2.0-OpenSSH_9.6\r\n\0\0\0garbage").await.ok();
            }
        });
        let running = Running::new(settings);
        running.push(1..=2);
        while running.exporter.info().logs.dropped == 0 {
            tokio::task::yield_now().await;
        }
        let info = running.end().await;
        assert_eq!((info.logs.sent, info.logs.dropped), (0, 2), "{info:?}");
        server.abort();
    }
}

#[tokio::test]
async fn room_comes_once_the_endpoint_takes_what_waits() {
    let receiver = Receiver::start(Protocol::Http, []).await;
    let running = Running::new(settings(&receiver.address(), Protocol::Http));
    let long = format!(
        r#"{{"seq":1,"ts":1,"type":"DnsQuery","host":"{}"}}"#,
        "h".repeat(100_000)
    );
    for _ in 0..400 {
        running.exporter.room().await;
        running.exporter.push(&running.source, &long);
    }
    let info = running.end().await;
    assert_eq!((info.logs.sent, info.logs.dropped), (400, 0), "{info:?}");
}

#[tokio::test]
async fn tls_is_trusted_by_the_certificates_that_are_named_alone() {
    for protocol in PROTOCOLS {
        let (receiver, certificate) = Receiver::start_tls(protocol).await;
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), certificate).unwrap();
        let url = format!("https://localhost:{}", receiver.port());
        let mut settings = settings("localhost", protocol);
        settings.endpoint = Endpoint::parse(&url, Some(protocol)).unwrap();
        settings.certificates = Some(file.path().to_owned());
        let running = Running::new(settings.clone());
        running.push(1..=3);
        let info = running.end().await;
        assert_eq!((info.logs.sent, info.logs.dropped), (3, 0), "{info:?}");

        let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        std::fs::write(file.path(), other.cert.pem()).unwrap();
        settings.timing.shutdown_timeout = Duration::ZERO;
        let running = Running::new(settings.clone());
        running.push(1..=3);
        running.failure().await;
        let info = running.end().await;
        assert_eq!((info.logs.sent, info.logs.dropped_by["shutdown"]), (0, 3), "{info:?}");
        assert!(info.last_error.unwrap().text.contains("not trusted"));

        std::fs::write(file.path(), "no certificate").unwrap();
        assert!(Exporter::new(settings).is_err());
    }
}

#[tokio::test]
async fn after_the_end_nothing_is_taken_and_it_is_counted() {
    let receiver = Receiver::start(Protocol::Http, []).await;
    let running = Running::new(settings(&receiver.address(), Protocol::Http));
    running.exporter.close();
    running.push(1..=2);
    let info = running.end().await;
    assert_eq!(info.logs.dropped_by["shutdown"], 2, "{info:?}");
}
