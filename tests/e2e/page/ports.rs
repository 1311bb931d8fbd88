//! The view of ports: who listens, who came, and what is remarkable about it in words.

use mirrord_tests::host::Host;
use mirrord_wire::session::ListenerUpdate;
use mirrord_wire::{MonitorEvent, Observation, Outcome};

use super::scene::Scene;

fn listens(host: &Host, update: ListenerUpdate) {
    host.tell(Observation {
        pid: Some(7),
        ..MonitorEvent::ListenerUpdate(Box::new(update)).into()
    });
}

fn tcp(address: &str, port: u16) -> ListenerUpdate {
    ListenerUpdate {
        protocol: "tcp".into(),
        address: address.into(),
        port,
        ..ListenerUpdate::default()
    }
}

/// A port that others came to, one on loopback, one on IPv6 alone, one that another process has, a Unix socket and a UDP socket.
fn ports(host: &Host) {
    host.tell(MonitorEvent::LayerConnected {
        pid: 7,
        parent_pid: None,
        process_name: Some("shop".into()),
        cmdline: vec!["shop".into()],
        cwd: None,
    });
    let came = ListenerUpdate {
        arrivals: Some(12),
        open: Some(3),
        last_ts: Some(1_795_197_600_000_000),
        bytes_in: Some(2_000),
        bytes_out: Some(90_000),
        ..tcp("0.0.0.0", 8080)
    };
    let nobody = ListenerUpdate {
        arrivals: Some(0),
        open: Some(0),
        ..tcp("127.0.0.1", 9229)
    };
    let only_v6 = ListenerUpdate {
        note: Some("ipv6_only".into()),
        ..tcp("::", 8081)
    };
    let unix = ListenerUpdate {
        protocol: "unix".into(),
        arrivals: Some(1),
        ..tcp("<UNIX-PATH> /run/shop.sock", 0)
    };
    let udp = ListenerUpdate {
        protocol: "udp".into(),
        ..tcp("0.0.0.0", 5353)
    };
    let failed = MonitorEvent::PortSubscription {
        port: 5432,
        mode: "listen".into(),
        filter: None,
        address: Some("*".into()),
    };
    host.tell(Observation {
        pid: Some(7),
        outcome: Some(Outcome::Failed),
        ..failed.into()
    });
    let holder = ListenerUpdate {
        note: Some("bind_failed".into()),
        closed: true,
        holder: Some("postgres".into()),
        holder_pid: Some(812),
        ..tcp("*", 5432)
    };
    for update in [came, nobody, only_v6, unix, udp, holder] {
        listens(host, update);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_listens_who_came_and_what_is_remarkable() {
    let page = Scene::host("ports-answers", "#/s/ID/ports").await;
    ports(&page.session);
    page.lists(
        "ports-listeners",
        &["0.0.0.0:8080", "shop 7", "no connection since", "12", "3"],
    )
    .await;
    page.lists("ports-listeners", &["127.0.0.1:9229", "loopback only", "never"])
        .await;
    page.lists("ports-listeners", &["[::]:8081", "IPv6 only"]).await;
    page.lists(
        "ports-listeners",
        &["*:5432", "could not be listened on · held by postgres 812"],
    )
    .await;
    page.lists("ports-listeners", &["/run/shop.sock", "1"]).await;
    page.lists("ports-listeners", &["0.0.0.0:5353 udp"]).await;
    page.becomes("byTestId('ports-listeners').ariaRowCount === '7'").await;
    page.type_into("[data-testid='view-ports-search']", "9229").await;
    page.lists_no("ports-listeners", "8080").await;
    page.resize(360, 800).await;
    page.lists("ports-listeners", &["127.0.0.1:9229", "loopback only"])
        .await;
    page.fits().await;
    page.click("[data-testid='ports-listeners'] [data-act='show']").await;
    page.becomes("decodeURIComponent(location.hash).endsWith('q=port:9229')")
        .await;
    page.close().await;
}
