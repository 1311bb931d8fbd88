//! The view of the network: names that led to addresses, what came of the connections, and Unix sockets.

use mirrord_tests::host::Host;
use mirrord_wire::{ConnectionUpdate, Direction, MonitorEvent, Observation, Outcome};

use super::scene::Scene;

fn came(host: &Host, event: MonitorEvent, outcome: Option<Outcome>) {
    host.tell(Observation {
        pid: Some(7),
        outcome,
        ..event.into()
    });
}

fn connect(host: &Host, address: &str, port: u16, protocol: &'static str, outcome: Outcome) {
    let connection = MonitorEvent::OutgoingConnection {
        address: address.into(),
        port,
        protocol: Some(protocol.into()),
    };
    came(host, connection, Some(outcome));
}

/// A cache that is reached by its name, a database that refuses, a name that leads nowhere, and a Unix socket.
fn reaches(host: &Host) {
    came(
        host,
        MonitorEvent::DnsQuery {
            host: "redis.internal".into(),
        },
        None,
    );
    connect(host, "10.96.88.2", 6379, "tcp", Outcome::Connected);
    let update = ConnectionUpdate {
        protocol: "tcp".into(),
        direction: Direction::Out,
        local: "10.0.0.1:40000".into(),
        remote: "10.96.88.2:6379".into(),
        state: "closed".into(),
        bytes_in: Some(1_200_000),
        bytes_out: Some(84_000),
        rtt_us: None,
        duration_us: Some(2_500_000),
    };
    came(
        host,
        MonitorEvent::ConnectionUpdate(Box::new(update)),
        Some(Outcome::Connected),
    );
    for _ in 0..3 {
        connect(host, "127.0.0.1", 5439, "tcp", Outcome::Failed);
    }
    connect(host, "10.9.9.9", 443, "tcp", Outcome::Pending);
    connect(host, "<UNIX-PATH> /run/postgres.sock", 0, "unix", Outcome::Failed);
    came(
        host,
        MonitorEvent::DnsQuery {
            host: "nowhere.internal".into(),
        },
        None,
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_leads_to_its_address_and_what_came_of_it() {
    let page = Scene::host("network-answers", "#/s/ID/network").await;
    reaches(&page.session);
    let whole = [
        "likely redis.internal → 10.96.88.2:6379",
        "connected",
        "1.2 MB / 84.0 kB",
        "2.5 s",
    ];
    page.lists("network-destinations", &whole).await;
    page.lists("network-destinations", &["127.0.0.1:5439", "failed", "3"])
        .await;
    page.lists("network-destinations", &["10.9.9.9:443", "no answer yet"])
        .await;
    page.lists("network-names", &["nowhere.internal", "no connection followed"])
        .await;
    page.lists("network-names", &["redis.internal", "10.96.88.2:6379"])
        .await;
    page.lists("network-unix", &["/run/postgres.sock", "failed"]).await;
    page.lists_no("network-destinations", "postgres.sock").await;
    // What failed alone: the server judges, and may take a moment.
    page.shows("network-failed", "failed").await;
    page.click("[data-testid='network-failed']").await;
    page.lists_no("network-destinations", "redis.internal").await;
    page.lists("network-destinations", &["127.0.0.1:5439"]).await;
    page.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_phone_a_destination_has_two_lines() {
    let page = Scene::host("network-phone", "#/s/ID/network").await;
    reaches(&page.session);
    page.resize(360, 800).await;
    page.lists(
        "network-destinations",
        &["redis.internal → 10.96.88.2:6379", "connected", "1.2 MB / 84.0 kB"],
    )
    .await;
    let lines = "new Set([...byTestId('network-destinations').querySelector('tbody tr:not(.spacer, [hidden])').cells].filter(it => it.offsetWidth).map(it => it.offsetTop)).size";
    page.becomes(&format!("{lines} === 2")).await;
    page.fits().await;
    page.resize(1280, 800).await;
    page.becomes(&format!("{lines} === 1")).await;
    page.close().await;
}
